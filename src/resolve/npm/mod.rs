//! Which package of the run does a name mean to a manifest: workspaces, folders, ranges, as npm, yarn and pnpm have it.

mod range;

use std::collections::HashMap;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::index::{Index, place_path};
use super::packages::Package;
use super::units::Units;
use crate::model::{Claim, Context, Fact, FileId, FileTable, Key, RepoId, Subject, parent, within};

/// A `package.json`.
#[derive(Clone, Debug)]
pub(super) struct Manifest<'a> {
    pub(super) file: FileId,
    pub(super) repo: RepoId,
    pub(super) folder: &'a str,
    /// Its name with the fact that gives it.
    pub(super) name: Option<(&'a str, &'a Fact)>,
    version: Option<&'a str>,
    /// The folder of the workspace that it is a member of, its root included.
    workspace: Option<&'a str>,
    /// It is copied from outside, or is what tests work on: nobody's package.
    aside: bool,
}

/// Every `package.json` of the run.
#[derive(Debug, Default)]
pub(super) struct Packages<'a> {
    list: Vec<Manifest<'a>>,
    by_folder: HashMap<(RepoId, &'a str), usize>,
    by_name: HashMap<&'a str, Vec<usize>>,
}

/// What a name means to a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Positions of manifests: one is found, several are ambiguous.
    Here(Vec<usize>),
    /// The registry has it.
    Outside,
    /// A place in the tree that has no such package.
    Missing,
}

/// The globs of a workspace: what they take, and what they leave out.
struct Globs {
    taken: GlobSet,
    left: GlobSet,
}

impl<'a> Packages<'a> {
    pub(super) fn new(files: &'a FileTable, facts: &'a [Fact]) -> Self {
        let mut packages = Self::default();
        let mut globs: HashMap<(RepoId, &'a str), Vec<&'a str>> = HashMap::new();
        for fact in facts {
            let row = files.row(fact.span.file);
            let (repo, folder) = (row.path.repo, row.path.parent());
            match (&fact.subject, &fact.claim) {
                (Subject::Here, Claim::Provides { key, .. })
                    if key.namespace.0 == "npm"
                        && key.at.as_text().is_some_and(|at| at.starts_with("path:")) =>
                {
                    let at = packages.manifest(fact.span.file, files);
                    packages.list[at].name = key.name.as_text().map(|name| (name, fact));
                }
                (Subject::Here, Claim::Provides { key, .. })
                    if key.namespace.0 == "trait"
                        && key.name.as_text() == Some("npm-workspace") =>
                {
                    globs.entry((repo, folder)).or_default();
                }
                (Subject::Here, Claim::Requires { key, .. }) if key.namespace.0 == "npm" => {
                    packages.manifest(fact.span.file, files);
                }
                (Subject::File, Claim::Binds { key, value }) => match key.namespace.0 {
                    "npm-workspace" => {
                        globs
                            .entry((repo, folder))
                            .or_default()
                            .extend(value.as_text());
                    }
                    "npmfield" | "npmexport" | "npmimport" => {
                        let at = packages.manifest(fact.span.file, files);
                        if key.name.as_text() == Some("version") {
                            packages.list[at].version = value.as_text();
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        packages.join_workspaces(&globs);
        for (at, manifest) in packages.list.iter().enumerate() {
            if let Some((name, _)) = manifest.name {
                packages.by_name.entry(name).or_default().push(at);
            }
        }
        packages
    }

    /// The position of a manifest; one that is new is added.
    fn manifest(&mut self, file: FileId, files: &'a FileTable) -> usize {
        let row = files.row(file);
        let (repo, folder) = (row.path.repo, row.path.parent());
        let next = self.list.len();
        let at = *self.by_folder.entry((repo, folder)).or_insert(next);
        if at == next {
            self.list.push(Manifest {
                file,
                repo,
                folder,
                name: None,
                version: None,
                workspace: None,
                aside: row.class.vendored
                    || matches!(row.class.context, Context::Test | Context::Generated),
            });
        }
        at
    }

    fn join_workspaces(&mut self, globs: &HashMap<(RepoId, &'a str), Vec<&'a str>>) {
        let globs: HashMap<(RepoId, &'a str), Globs> = globs
            .iter()
            .map(|(root, list)| (*root, Globs::new(list)))
            .collect();
        for manifest in &mut self.list {
            let mut root = manifest.folder;
            loop {
                if let Some(globs) = globs.get(&(manifest.repo, root)) {
                    let below = manifest.folder[root.len()..].trim_start_matches('/');
                    if below.is_empty() || globs.take(below) {
                        manifest.workspace = Some(root);
                        break;
                    }
                }
                if root.is_empty() {
                    break;
                }
                root = parent(root);
            }
        }
    }

    /// The manifest at a position.
    pub(super) fn at(&self, position: usize) -> &Manifest<'a> {
        &self.list[position]
    }

    /// All of them.
    pub(super) fn manifests(&self) -> impl Iterator<Item = &Manifest<'a>> {
        self.list.iter()
    }

    /// The manifest of a folder.
    pub(super) fn in_folder(&self, repo: RepoId, folder: &str) -> Option<usize> {
        // The key's lifetime is that of the table; a shorter one serves for asking.
        let by_folder: &HashMap<(RepoId, &str), usize> = &self.by_folder;
        by_folder.get(&(repo, folder)).copied()
    }

    /// The manifests at and above a folder, nearest first.
    pub(super) fn above<'p>(
        &'p self,
        repo: RepoId,
        folder: &'p str,
    ) -> impl Iterator<Item = usize> + 'p {
        std::iter::successors(Some(folder), |folder| {
            (!folder.is_empty()).then(|| parent(folder))
        })
        .filter_map(move |folder| self.in_folder(repo, folder))
    }

    /// What a package from a place means to a file; the key must be folded.
    pub(super) fn find(&self, key: &Key, repo: RepoId, folder: &str) -> Meaning {
        let (Some(at), Some(name)) = (key.at.as_text(), key.name.as_text()) else {
            return Meaning::Outside;
        };
        if at.starts_with("path:") {
            let place = place_path(at);
            let found = place.and_then(|place| self.in_folder(repo, &place));
            // The folder decides: the name may be the user's own.
            return match found.filter(|at| self.at(*at).name.is_some()) {
                Some(found) => Meaning::Here(vec![found]),
                None => Meaning::Missing,
            };
        }
        if at.starts_with("outside:") {
            return Meaning::Missing;
        }
        let (is_registry, range) = match at.strip_prefix("registry:npm") {
            Some(range) => (true, range.strip_prefix('@')),
            None => (false, None),
        };
        let is_workspace = at.starts_with("workspace:");
        if is_registry || is_workspace {
            match self.nearby(name, repo, folder, range) {
                Meaning::Here(found) => return Meaning::Here(found),
                _ if is_workspace => return Meaning::Missing,
                _ => {}
            }
        }
        let others = self.named(name).filter(|at| {
            let manifest = self.at(*at);
            manifest.repo != repo && !manifest.aside
        });
        here(others.collect())
    }

    /// What a name that no manifest declares means: a member of the same workspace.
    pub(super) fn undeclared(&self, name: &str, repo: RepoId, folder: &str) -> Meaning {
        self.nearby(name, repo, folder, None)
    }

    /// The packages of a name in the workspace of a folder; without a workspace, in the repository.
    fn nearby(&self, name: &str, repo: RepoId, folder: &str, range: Option<&str>) -> Meaning {
        let workspace = self
            .above(repo, folder)
            .find_map(|at| self.at(at).workspace);
        let fits = |at: &usize| {
            let version = self.at(*at).version;
            let decided = range
                .zip(version)
                .and_then(|(range, version)| range::satisfies(range, version));
            decided != Some(false)
        };
        let members = self.named(name).filter(|at| {
            let manifest = self.at(*at);
            manifest.repo == repo
                && match workspace {
                    Some(_) => manifest.workspace == workspace,
                    // What tests work on may use its like.
                    None => !manifest.aside || within(folder, parent(manifest.folder)),
                }
        });
        here(members.filter(fits).collect())
    }

    fn named(&self, name: &str) -> impl Iterator<Item = usize> + '_ {
        let by_name: &HashMap<&str, Vec<usize>> = &self.by_name;
        by_name.get(name).into_iter().flatten().copied()
    }
}

fn here(found: Vec<usize>) -> Meaning {
    if found.is_empty() {
        Meaning::Outside
    } else {
        Meaning::Here(found)
    }
}

impl Globs {
    fn new(globs: &[&str]) -> Self {
        let set = |left: bool| {
            let mut set = GlobSetBuilder::new();
            for glob in globs.iter().filter(|glob| glob.starts_with('!') == left) {
                let glob = glob
                    .trim_start_matches('!')
                    .trim_start_matches("./")
                    .trim_end_matches('/');
                // A glob that cannot be read takes nothing.
                if let Ok(glob) = GlobBuilder::new(glob).literal_separator(true).build() {
                    set.add(glob);
                }
            }
            set.build().unwrap_or_else(|_| GlobSet::empty())
        };
        Self {
            taken: set(false),
            left: set(true),
        }
    }

    fn take(&self, folder: &str) -> bool {
        self.taken.is_match(folder) && !self.left.is_match(folder)
    }
}

/// Finds the component that offers a folded package key to a file.
pub(super) fn find<'a>(key: &Key, file: FileId, index: &Index<'a>, units: &Units) -> Package<'a> {
    let path = index.files.path(file);
    let component = |at: usize| {
        let manifest = index.npm.at(at);
        units.enclosing(manifest.repo, manifest.folder)
    };
    match index.npm.find(key, path.repo, path.parent()) {
        Meaning::Outside => Package::External,
        Meaning::Missing => Package::Missing,
        Meaning::Here(found) => match found.as_slice() {
            [at] => match index.npm.at(*at).name {
                Some((_, fact)) => Package::Found(component(*at), fact),
                None => Package::Missing,
            },
            several => Package::Ambiguous(several.iter().map(|at| component(*at)).collect()),
        },
    }
}
