//! Of which paths does the statement of a descriptor speak, if it counts at all?

use std::collections::{BTreeMap, BTreeSet, HashSet};

use globset::{Glob, GlobMatcher};

use super::Input;
use super::code_ownership::Scopes;
use super::teams::{self, fold};
use crate::model::{Claim, Dialect, Fact, Owner, OwnerForm, RepoId, Selector, Strength, Template};

/// Which paths are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reach<'a> {
    /// One file.
    File(&'a str),
    /// A folder and what lies below.
    Folder(String),
    /// Paths from the root.
    Glob(&'a str),
}

/// A statement that counts.
pub(super) struct Meant<'a> {
    pub(super) repo: RepoId,
    pub(super) reach: Reach<'a>,
    /// The configuration of code_ownership that bounds it.
    pub(super) scope: Option<usize>,
}

/// What tells whether a statement counts, and where.
pub(super) struct Reaches<'i, 'a> {
    input: &'i Input<'a>,
    scopes: &'i Scopes,
    /// The names of all teams that the configuration and rosters declare.
    teams: HashSet<String>,
    /// Those and the teams that firm statements name.
    spoken_of: HashSet<String>,
    /// The repositories that descriptors in each repository name.
    named: BTreeMap<RepoId, BTreeSet<&'a str>>,
    /// The files that locations of Backstage add.
    added: BTreeMap<RepoId, (HashSet<&'a str>, Vec<GlobMatcher>)>,
}

impl<'i, 'a> Reaches<'i, 'a> {
    pub(super) fn new(input: &'i Input<'a>, scopes: &'i Scopes) -> Self {
        let mut reaches = Self {
            input,
            scopes,
            teams: teams::declared_names(input),
            spoken_of: HashSet::new(),
            named: BTreeMap::new(),
            added: BTreeMap::new(),
        };
        reaches.spoken_of.clone_from(&reaches.teams);
        for fact in input.facts {
            let repo = || input.files.path(fact.span.file).repo;
            match &fact.claim {
                Claim::Owns {
                    what,
                    owners,
                    strength,
                    ..
                } => {
                    if let Some(address) = address(what) {
                        reaches.named.entry(repo()).or_default().insert(address);
                    }
                    if *strength != Strength::Contact {
                        reaches.hear(owners);
                    }
                }
                Claim::Binds { key, .. } if key.namespace.0 == "backstage-target" => {
                    let Some(path) = key.name.as_text() else {
                        continue;
                    };
                    let (paths, globs) = reaches.added.entry(repo()).or_default();
                    paths.insert(path);
                    if path.contains('*')
                        && let Ok(glob) = Glob::new(path)
                    {
                        globs.push(glob.compile_matcher());
                    }
                }
                _ => {}
            }
        }
        reaches
    }

    fn hear(&mut self, owners: &[Owner]) {
        for owner in owners {
            let name = fold(&owner.text);
            if owner.form == OwnerForm::TeamHandle {
                self.spoken_of.extend(slug(&name).map(str::to_owned));
            }
            if matches!(owner.form, OwnerForm::TeamHandle | OwnerForm::Group) {
                self.spoken_of.insert(name);
            }
        }
    }

    /// What a statement speaks of; `Ok(None)` when it does not count here.
    ///
    /// # Errors
    /// With the words for a problem.
    pub(super) fn of(
        &self,
        fact: &Fact,
        what: &'a Selector,
        owners: &[Owner],
    ) -> Result<Option<Meant<'a>>, String> {
        let path = self.input.files.path(fact.span.file);
        let repo = path.repo;
        let mut meant = Meant {
            repo,
            reach: Reach::Folder(path.parent().to_owned()),
            scope: self.scope(fact),
        };
        if !self.counts(fact, meant.scope, owners)? {
            return Ok(None);
        }
        meant.reach = match what {
            Selector::Subtree => meant.reach,
            Selector::File => Reach::File(&path.path),
            Selector::Paths {
                pattern,
                dialect: Dialect::Glob,
                ..
            } => {
                let Some(home) = self.home(repo, what) else {
                    return Ok(None);
                };
                meant.repo = home;
                Reach::Glob(pattern)
            }
            Selector::Name(key) if key.namespace.0 == "folder" => {
                let Some(home) = self.home(repo, what) else {
                    return Ok(None);
                };
                meant.repo = home;
                let folder = key.name.as_text().unwrap_or_default();
                if !self.input.files.has_folder(home, folder) {
                    return Err(format!("no folder `{folder}` here: nobody owns it by this"));
                }
                Reach::Folder(folder.to_owned())
            }
            Selector::Name(key) if key.namespace.0 == "vendored-gem" => {
                let text = |part: &'a Template| part.as_text().unwrap_or_default();
                let (folder, name) = (text(&key.at), text(&key.name));
                let found = self.scopes.gem(repo, folder, name);
                match found.filter(|path| self.input.files.has_folder(repo, path)) {
                    Some(path) => Reach::Folder(path),
                    None => return Err(format!("no vendored gem `{name}` here")),
                }
            }
            _ => return Ok(None),
        };
        Ok(Some(meant))
    }

    /// The configuration of code_ownership that rules a statement; a team's own file is outside of every one.
    fn scope(&self, fact: &Fact) -> Option<usize> {
        let is_own = matches!(
            (&fact.claim, fact.extractor.0),
            (
                Claim::Owns {
                    what: Selector::File,
                    ..
                },
                "code-ownership/teams"
            )
        );
        let path = self.input.files.path(fact.span.file);
        match fact.extractor.0.starts_with("code-ownership/") && !is_own {
            true => self.scopes.above(path.repo, &path.path),
            false => None,
        }
    }

    /// Whether a statement is one: what only looks like it needs a team of that name.
    fn counts(&self, fact: &Fact, scope: Option<usize>, owners: &[Owner]) -> Result<bool, String> {
        let path = self.input.files.path(fact.span.file);
        let by_habit = matches!(
            &fact.claim,
            Claim::Owns {
                strength: Strength::Contact,
                ..
            }
        );
        Ok(match fact.extractor.0 {
            _ if by_habit => are_among(owners, &self.spoken_of),
            "catalogs/compass" if !self.are_known(owners) => {
                return Err(
                    "a number is no name: add it to the `aliases` of a `[[team]]`".to_owned(),
                );
            }
            "code-ownership/annotations" | "code-ownership/folders" => {
                scope.is_some() || self.are_known(owners)
            }
            "code-ownership/packages" => {
                let has_packs = self.input.files.find(path.repo, "packwerk.yml").is_some();
                scope.is_some()
                    || self.are_known(owners)
                    || (has_packs && path.file_name() == "package.yml")
            }
            "catalogs/backstage" => {
                is_descriptor(path.file_name())
                    || self.added.get(&path.repo).is_some_and(|(paths, globs)| {
                        let path = &*path.path;
                        paths.contains(path) || globs.iter().any(|glob| glob.is_match(path))
                    })
            }
            _ => true,
        })
    }

    fn are_known(&self, owners: &[Owner]) -> bool {
        are_among(owners, &self.teams)
    }

    /// The repository of the run that a descriptor means: that of the name in the address.
    ///
    /// A checkout may have another name; if descriptors name a single repository, it is their own.
    fn home(&self, repo: RepoId, what: &Selector) -> Option<RepoId> {
        let Some(address) = address(what) else {
            return Some(repo);
        };
        let name = address.rsplit('/').next().unwrap_or(address);
        let repos = self.input.files.repos();
        let same = |index: &usize| repos[*index].eq_ignore_ascii_case(name);
        let own = usize::from(repo.0);
        let found = [own].into_iter().chain(0..repos.len()).find(same);
        let found = found.and_then(|index| u16::try_from(index).ok());
        let is_only = self.named.get(&repo).is_some_and(|named| named.len() == 1);
        found.map(RepoId).or(is_only.then_some(repo))
    }
}

/// The repository that a statement names.
fn address(what: &Selector) -> Option<&str> {
    let place = match what {
        Selector::Name(key) if key.namespace.0 == "folder" => key.at.as_text()?,
        Selector::Paths {
            dialect: Dialect::Glob,
            section,
            ..
        } => section.as_deref()?,
        _ => return None,
    };
    place.strip_prefix("git:")
}

/// Whether all owners have one of the names, folded.
fn are_among(owners: &[Owner], names: &HashSet<String>) -> bool {
    owners.iter().all(|owner| {
        let name = fold(&owner.text);
        names.contains(&name) || slug(&name).is_some_and(|slug| names.contains(slug))
    })
}

/// What stands behind the organisation.
fn slug(name: &str) -> Option<&str> {
    Some(name.split_once('/')?.1)
}

/// Whether a file describes what lies beside it, by its name.
fn is_descriptor(name: &str) -> bool {
    let stem = name
        .strip_suffix(".yaml")
        .or_else(|| name.strip_suffix(".yml"));
    stem.is_some_and(|stem| stem.ends_with("catalog-info"))
}
