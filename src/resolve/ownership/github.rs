//! GitHub CODEOWNERS: the last matching line of the first file found decides.
//!
//! <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>

use std::collections::BTreeMap;

use super::books::{Book, Line};
use super::patterns::Patterns;
use super::{Input, lines};
use crate::model::{
    Claim, Dialect, FileId, FileTable, Mode, OwnershipLine, OwnershipSource, Place, Problem,
    RepoId, Selector, Span,
};

/// The places of the file; the first found counts.
const PLACES: &[&str] = &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// The CODEOWNERS files of one repository.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The one that GitHub reads.
    pub(super) counted: Option<FileId>,
    /// Those that it does not read, each with why.
    pub(super) ignored: Vec<(FileId, String)>,
}

/// Which of the CODEOWNERS files of a repository counts; a link instead of a file is a problem.
pub(super) fn places(files: &FileTable, repo: RepoId, problems: &mut Vec<Problem>) -> Places {
    let (links, real): (Vec<FileId>, Vec<FileId>) = PLACES
        .iter()
        .filter_map(|place| files.find(repo, place))
        .partition(|file| !matches!(files.row(*file).mode, Mode::File | Mode::Executable));
    let Some((first, others)) = real.split_first() else {
        problems.extend(links.into_iter().map(|file| Problem {
            place: Place::File(file),
            message: "not used: links are not followed; put the rules into the file".to_owned(),
        }));
        return Places::default();
    };
    let why = format!(
        "GitHub reads `{}` only; move the lines there",
        files.path(*first).path
    );
    Places {
        counted: Some(*first),
        ignored: others.iter().map(|file| (*file, why.clone())).collect(),
    }
}

/// The lines of one repository's CODEOWNERS.
struct GitHub<'a> {
    repo: RepoId,
    lines: Vec<Line<'a>>,
    patterns: Patterns,
    /// Lines that cannot be read, and files that do not count.
    invalid: Vec<OwnershipLine>,
}

/// The rules of each repository.
pub(super) fn books<'a>(
    input: &Input<'a>,
    problems: &mut Vec<Problem>,
) -> Vec<Box<dyn Book<'a> + 'a>> {
    let mut books: Vec<GitHub<'a>> = Vec::new();
    let mut book_of: BTreeMap<FileId, usize> = BTreeMap::new();
    for index in 0..input.files.repos().len() {
        let repo = RepoId(u16::try_from(index).unwrap_or(u16::MAX));
        let places = places(input.files, repo, problems);
        let ignored = places.ignored.into_iter().map(|(file, why)| OwnershipLine {
            span: Span {
                file,
                ..Span::default()
            },
            invalid: Some(why),
            ..OwnershipLine::default()
        });
        books.push(GitHub {
            repo,
            lines: Vec::new(),
            patterns: Patterns::default(),
            invalid: ignored.collect(),
        });
        book_of.extend(places.counted.map(|file| (file, index)));
    }
    for fact in input.facts {
        let (Claim::Owns { what, owners, .. }, Some(index)) =
            (&fact.claim, book_of.get(&fact.span.file))
        else {
            continue;
        };
        let span = fact.span;
        match what {
            Selector::Paths {
                pattern,
                dialect: Dialect::GitHub,
                ..
            } => books[*index].lines.push(Line {
                pattern,
                owners,
                span,
            }),
            Selector::Unreadable {
                dialect: Dialect::GitHub,
                text,
                why,
            } => books[*index].invalid.push(OwnershipLine {
                span,
                pattern: text.to_string(),
                invalid: Some(why.to_string()),
                ..OwnershipLine::default()
            }),
            _ => {}
        }
    }
    let boxed = books.into_iter().map(|mut book| {
        book.lines.sort_by_key(|line| line.span);
        book.patterns = Patterns::new(book.lines.iter().map(|line| line.pattern));
        Box::new(book) as Box<dyn Book<'a> + 'a>
    });
    boxed.collect()
}

impl<'a> Book<'a> for GitHub<'a> {
    fn repo(&self) -> RepoId {
        self.repo
    }

    fn source(&self) -> OwnershipSource {
        OwnershipSource::Codeowners
    }

    fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    fn speak(&self, path: &str, said: &mut Vec<u32>) {
        said.extend(self.patterns.last_match(path).map(|line| line as u32));
    }

    fn outcomes(
        &self,
        input: &Input<'_>,
        said: &dyn Fn(FileId) -> Option<u32>,
    ) -> Vec<OwnershipLine> {
        let mut found = lines::outcomes(input, self.repo, &self.lines, &self.patterns, said);
        found.extend(self.invalid.iter().cloned());
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FileRow, RepoPath};

    #[test]
    fn the_first_place_that_has_a_file_counts() {
        let row = |path: &str, mode| FileRow {
            path: RepoPath::new(RepoId(0), path),
            mode,
            ..FileRow::default()
        };
        let counted = |rows: Vec<FileRow>| {
            let files = FileTable::new(vec!["acme".to_owned()], rows);
            let mut problems = Vec::new();
            let places = places(&files, RepoId(0), &mut problems);
            (
                places.counted.map(|file| files.path(file).to_string()),
                places.ignored.len() + problems.len(),
            )
        };
        let some = |text: &str| Some(text.to_owned());
        let (hidden, root, docs) = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS");
        let file = |path| row(path, Mode::File);
        assert_eq!(
            counted(vec![file(docs), file(root), file(hidden)]),
            (some(hidden), 2)
        );
        assert_eq!(counted(vec![file(docs), file(root)]), (some(root), 1));
        assert_eq!(
            counted(vec![file(docs), file("x/CODEOWNERS")]),
            (some(docs), 0)
        );
        assert_eq!(
            counted(vec![row(hidden, Mode::Symlink), file(root)]),
            (some(root), 0)
        );
        assert_eq!(counted(vec![row(root, Mode::Symlink)]), (None, 1));
    }
}
