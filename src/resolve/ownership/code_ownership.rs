//! Of which files does code_ownership speak? First lines count in files of `owned_globs`; folders, packages and globs
//! hold beyond them, as in the CODEOWNERS file that the tool makes; nothing does in `unowned_globs`.
//!
//! Source: <https://github.com/rubyatscale/code_ownership/blob/main/README.md>

use std::cmp::Reverse;
use std::collections::BTreeMap;

use globset::GlobSet;

use super::Input;
use super::globs::Globs;
use crate::model::{Claim, Place, Problem, RepoId, within};

/// The configurations of all repositories, each for the folder above its own.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    scopes: Vec<Scope>,
}

#[derive(Debug)]
struct Scope {
    repo: RepoId,
    folder: String,
    /// `None`: every file.
    owned: Option<GlobSet>,
    unowned: GlobSet,
    /// Where vendored gems lie.
    gems: Option<String>,
}

impl Scopes {
    pub(super) fn new(input: &Input<'_>, problems: &mut Vec<Problem>) -> Self {
        let mut settings: BTreeMap<(RepoId, &str), BTreeMap<&str, Globs>> = BTreeMap::new();
        let mut gems: BTreeMap<(RepoId, &str), &str> = BTreeMap::new();
        for fact in input.facts {
            let Claim::Binds { key, value } = &fact.claim else {
                continue;
            };
            if key.namespace.0 != "code-ownership" {
                continue;
            }
            let texts = (key.at.as_text(), key.name.as_text(), value.as_text());
            let (Some(folder), Some(name), Some(value)) = texts else {
                continue;
            };
            let at = (input.files.path(fact.span.file).repo, folder);
            let globs = settings.entry(at).or_default();
            if name == "gems" {
                gems.insert(at, value);
            } else if let Err(message) = globs.entry(name).or_default().add(value) {
                problems.push(Problem {
                    place: Place::Span(fact.span),
                    message,
                });
            }
        }
        let mut scopes: Vec<Scope> = settings
            .into_iter()
            .map(|((repo, folder), mut globs)| Scope {
                repo,
                folder: folder.to_owned(),
                owned: globs.remove("owned").map(Globs::build),
                unowned: globs.remove("unowned").unwrap_or_default().build(),
                gems: gems.get(&(repo, folder)).map(|path| (*path).to_owned()),
            })
            .collect();
        scopes.sort_by_key(|scope| Reverse(scope.folder.len()));
        Self { scopes }
    }

    /// The configuration that rules a path: of several the nearest one above.
    pub(super) fn above(&self, repo: RepoId, path: &str) -> Option<usize> {
        self.scopes
            .iter()
            .position(|scope| scope.repo == repo && within(path, &scope.folder))
    }

    /// Whether a configuration lets folders, packages and globs own a file: if it does not say that nobody does.
    pub(super) fn allows(&self, scope: usize, path: &str) -> bool {
        !self.scopes[scope].unowned.is_match(path)
    }

    /// Whether a configuration wants an owner for a file, so that its first line is read.
    pub(super) fn wants(&self, scope: usize, path: &str) -> bool {
        let owned = self.scopes[scope].owned.as_ref();
        owned.is_none_or(|owned| owned.is_match(path)) && self.allows(scope, path)
    }

    /// The folder of a vendored gem.
    pub(super) fn gem(&self, repo: RepoId, folder: &str, name: &str) -> Option<String> {
        let scope = self.scopes.iter();
        let mut scope = scope.filter(|scope| scope.repo == repo && scope.folder == folder);
        let gems = scope.next()?.gems.as_ref()?;
        Some(format!("{gems}/{name}"))
    }
}
