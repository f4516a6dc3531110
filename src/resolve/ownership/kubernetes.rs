//! OWNERS files of Kubernetes: the approvers of all folders above a path own it together.
//!
//! <https://www.kubernetes.dev/docs/guide/owners/>; filters and `no_parent_owners` as the code has them that reads the files,
//! <https://github.com/kubernetes-sigs/prow/blob/main/pkg/repoowners/repoowners.go>.

use std::collections::BTreeMap;

use regex::Regex;

use super::Input;
use super::books::{Book, Line};
use super::expressions::Allowance;
use super::folders::{Folders, above};
use crate::model::{
    Claim, Dialect, ExtractorId, OwnershipSource, Place, Problem, RepoId, Selector, Strength,
};

/// Who reads these files; other formats state folders, too.
const EXTRACTOR: ExtractorId = ExtractorId("owners/kubernetes");

struct Kubernetes<'a> {
    repo: RepoId,
    lines: Vec<Line<'a>>,
    folders: Folders<Folder>,
}

/// What the OWNERS file of a folder says.
#[derive(Default)]
struct Folder {
    /// Lines, with the expression that a path below the folder must match.
    lines: Vec<(u32, Option<Regex>)>,
    no_parent: bool,
}

/// The OWNERS files of each repository.
pub(super) fn books<'a>(
    input: &Input<'a>,
    problems: &mut Vec<Problem>,
) -> Vec<Box<dyn Book<'a> + 'a>> {
    let mut books: BTreeMap<RepoId, Kubernetes<'a>> = BTreeMap::new();
    let mut allowance = Allowance::default();
    for fact in input.facts {
        let Claim::Owns {
            source: OwnershipSource::OwnersFile,
            what,
            owners,
            strength: Strength::Required,
            cut,
        } = &fact.claim
        else {
            continue;
        };
        let path = input.files.path(fact.span.file);
        let folder = path.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if fact.extractor != EXTRACTOR || is_left_out(folder) {
            continue;
        }
        let expression = match what {
            Selector::Subtree => None,
            Selector::Paths {
                pattern,
                dialect: Dialect::Kubernetes,
                ..
            } => match allowance.go(pattern) {
                // The catch-all holds for the folder itself, too.
                Ok(_) if &**pattern == ".*" => None,
                Ok(expression) => Some(expression),
                Err(why) => {
                    problems.push(Problem {
                        place: Place::Span(fact.span),
                        message: format!("the filter `{pattern}` is not used: {why}"),
                    });
                    continue;
                }
            },
            _ => continue,
        };
        let book = books.entry(path.repo).or_insert_with(|| Kubernetes {
            repo: path.repo,
            lines: Vec::new(),
            folders: Folders::default(),
        });
        let entry = book.folders.entry(folder);
        if *cut {
            entry.no_parent = true;
            continue;
        }
        entry.lines.push((book.lines.len() as u32, expression));
        book.lines.push(Line {
            pattern: "",
            owners,
            span: fact.span,
        });
    }
    let books = books.into_values();
    books
        .map(|book| Box::new(book) as Box<dyn Book<'a> + 'a>)
        .collect()
}

/// Folders whose OWNERS files count nowhere: copies of other repositories.
///
/// The default of `blacklistDirs` in <https://github.com/kubernetes-sigs/prow/blob/main/pkg/plugins/config.go>.
fn is_left_out(folder: &str) -> bool {
    let vendored = folder
        .find("vendor/")
        .map(|at| &folder[at + "vendor/".len()..]);
    folder.ends_with(".git")
        || folder.ends_with("_output")
        || vendored.is_some_and(|below| below.contains('/'))
}

impl<'a> Book<'a> for Kubernetes<'a> {
    fn repo(&self) -> RepoId {
        self.repo
    }

    fn source(&self) -> OwnershipSource {
        OwnershipSource::OwnersFile
    }

    fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    fn speak(&self, path: &str, said: &mut Vec<u32>) {
        for folder in above(path) {
            let Some(entry) = self.folders.get(folder) else {
                continue;
            };
            let below = path[folder.len()..].trim_start_matches('/');
            for (line, expression) in &entry.lines {
                if expression
                    .as_ref()
                    .is_none_or(|expression| expression.is_match(below))
                {
                    said.push(*line);
                }
            }
            // A file that names nobody cannot keep those above away.
            if entry.no_parent && !said.is_empty() {
                return;
            }
        }
    }
}
