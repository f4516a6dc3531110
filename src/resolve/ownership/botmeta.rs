//! BOTMETA of Ansible: the longest key with which a path starts decides, be it in the middle of a name.
//!
//! <https://github.com/ansible/ansibullbot/blob/devel/ansibullbot/utils/botmetadata.py>

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Input;
use super::books::{Book, Line};
use crate::model::{Claim, Dialect, OwnershipSource, Problem, RepoId, Selector};

struct Botmeta<'a> {
    repo: RepoId,
    lines: Vec<Line<'a>>,
    /// The line of each key.
    keys: HashMap<&'a str, u32>,
    /// How long keys are.
    lengths: BTreeSet<usize>,
}

/// The file of each repository.
pub(super) fn books<'a>(input: &Input<'a>, _: &mut Vec<Problem>) -> Vec<Box<dyn Book<'a> + 'a>> {
    let mut books: BTreeMap<RepoId, Botmeta<'a>> = BTreeMap::new();
    for fact in input.facts {
        let Claim::Owns {
            what:
                Selector::Paths {
                    pattern,
                    dialect: Dialect::Botmeta,
                    ..
                },
            owners,
            ..
        } = &fact.claim
        else {
            continue;
        };
        let repo = input.files.path(fact.span.file).repo;
        let book = books.entry(repo).or_insert_with(|| Botmeta {
            repo,
            lines: Vec::new(),
            keys: HashMap::new(),
            lengths: BTreeSet::new(),
        });
        book.keys.insert(pattern, book.lines.len() as u32);
        book.lengths.insert(pattern.len());
        book.lines.push(Line {
            pattern,
            owners,
            span: fact.span,
        });
    }
    let books = books.into_values();
    books
        .map(|book| Box::new(book) as Box<dyn Book<'a> + 'a>)
        .collect()
}

impl<'a> Book<'a> for Botmeta<'a> {
    fn repo(&self) -> RepoId {
        self.repo
    }

    fn source(&self) -> OwnershipSource {
        OwnershipSource::Maintainers
    }

    fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    fn is_general(&self, line: u32) -> Option<bool> {
        Some(self.lines[line as usize].pattern.is_empty())
    }

    fn speak(&self, path: &str, said: &mut Vec<u32>) {
        let starts = self
            .lengths
            .iter()
            .rev()
            .filter_map(|length| path.get(..*length));
        said.extend(starts.filter_map(|start| self.keys.get(start)).take(1));
    }
}
