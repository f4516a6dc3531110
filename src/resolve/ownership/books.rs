//! The sources of ownership of a repository, each with its own rules of how lines combine.

use super::{Input, botmeta, codeowners, descriptors, gerrit, kubernetes, maintainers};
use crate::model::{FileId, Owner, OwnershipLine, OwnershipSource, Problem, RepoId, Span};

/// What one source says about the files of one repository.
///
/// To add a format: a file that makes books of its facts, and a line in [`MAKERS`].
pub(super) trait Book<'a>: Sync {
    fn repo(&self) -> RepoId;

    fn source(&self) -> OwnershipSource;

    /// All lines that can decide anything.
    fn lines(&self) -> &[Line<'a>];

    /// Whether the lines that speak of a path say together who owns it; else each is a voice of its own.
    fn is_joint(&self) -> bool {
        true
    }

    /// Whether a line speaks of every file of the repository; `None`: its pattern, or the place of its file, tells.
    fn is_general(&self, line: u32) -> Option<bool> {
        let _ = line;
        None
    }

    /// Adds the indices of the lines that say who owns a path, the deciding one first; none: silence.
    ///
    /// A line without owners says that nobody does.
    fn speak(&self, path: &str, said: &mut Vec<u32>);

    /// What came of each line, for the rules about lines; nothing where a line has no pattern that could be idle.
    ///
    /// `said` gives for each file of the run the lines that [`Book::speak`] added.
    fn outcomes<'s>(
        &self,
        input: &Input<'_>,
        said: &dyn Fn(FileId) -> &'s [u32],
    ) -> Vec<OwnershipLine> {
        let _ = (input, said);
        Vec::new()
    }
}

/// A line that gives owners to paths.
pub(super) struct Line<'a> {
    /// As written; empty where the place of the file says which paths are meant.
    pub(super) pattern: &'a str,
    pub(super) owners: &'a [Owner],
    pub(super) span: Span,
}

type Maker = for<'a> fn(&Input<'a>, &mut Vec<Problem>) -> Vec<Box<dyn Book<'a> + 'a>>;

/// One entry per format.
const MAKERS: &[Maker] = &[
    botmeta::books,
    codeowners::books,
    descriptors::books,
    gerrit::books,
    kubernetes::books,
    maintainers::books,
];

/// The books that count, the strongest source first.
pub(super) fn all<'a>(
    input: &Input<'a>,
    problems: &mut Vec<Problem>,
) -> Vec<Box<dyn Book<'a> + 'a>> {
    let sources = &input.config.ownership.sources;
    let strength = |source| sources.iter().position(|one| *one == source);
    let mut books: Vec<_> = MAKERS
        .iter()
        .flat_map(|make| make(input, problems))
        .filter(|book| strength(book.source()).is_some())
        .collect();
    books.sort_by_key(|book| strength(book.source()));
    books
}
