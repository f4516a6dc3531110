//! From which folders the absolute imports of a file are looked up: its search path, as far as the tree tells.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::tree::Tree;
use crate::model::{Certainty, Claim, Fact, FileId, RepoId, Span, Subject, join, parent, within};
use crate::resolve::index::{Index, place_path};

/// Folders below a project in which packages lie by convention; the first is looked at in every folder.
const SOURCES: &[&str] = &[
    "src",
    "src/python",
    "src/py",
    "python",
    "lib",
    "tests/python",
];

/// What lies beside the package of a project and is not installed with it.
///
/// Source: <https://setuptools.pypa.io/en/stable/userguide/package_discovery.html#flat-layout>
const NOT_INSTALLED: &[&str] = &[
    "benchmark",
    "benchmarks",
    "bin",
    "build",
    "changelog",
    "ci",
    "conftest",
    "debian",
    "doc",
    "docs",
    "documentation",
    "dodo",
    "example",
    "examples",
    "exercise",
    "exercises",
    "fabfile",
    "htmlcov",
    "manage",
    "manpages",
    "news",
    "newsfragments",
    "noxfile",
    "pavement",
    "python",
    "scripts",
    "setup",
    "site_scons",
    "src",
    "tasks",
    "test",
    "tests",
    "tools",
    "toxfile",
    "unit_test",
    "unit_tests",
    "util",
    "utils",
];

/// A folder of a search path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Root<'r> {
    pub(super) folder: &'r str,
    pub(super) why: Why,
}

/// Why a folder is on a search path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// A manifest says so.
    Declared,
    /// It lies above the file, or beside it, or is where sources lie.
    Above,
    /// It is the folder of the file, which is a program or a test.
    Beside,
}

/// A folder that the code of a file puts on the search path.
#[derive(Clone, Debug)]
pub(super) struct Hack {
    pub(super) folder: String,
    pub(super) span: Span,
    pub(super) certainty: Certainty,
}

/// The search paths of a run.
pub(super) struct Roots<'r> {
    /// For each folder with modules.
    own: HashMap<(RepoId, &'r str), Vec<Root<'r>>>,
    /// What a file puts on its own path.
    hacks: HashMap<FileId, Vec<Hack>>,
    /// What a `conftest.py` puts on the path of all tests in its folder and below.
    shared_hacks: HashMap<(RepoId, &'r str), Vec<Hack>>,
    /// The folders that offer a top-level name to everybody: those of distributions.
    offered: HashMap<(RepoId, &'r str), Vec<&'r str>>,
    /// The folders that have a whole package of a top-level name, whoever they belong to.
    seen: HashMap<(RepoId, &'r str), Vec<&'r str>>,
    /// The modules that are parts of packages, even where no `__init__.py` says so: they import from them.
    parts: HashSet<FileId>,
    /// Folders that are declared to hold sources.
    declared: BTreeSet<(RepoId, &'r str)>,
}

impl<'r> Roots<'r> {
    pub(super) fn new(tree: &Tree<'r>, index: &Index<'r>) -> Self {
        let mut roots = Self {
            own: HashMap::new(),
            hacks: HashMap::new(),
            shared_hacks: HashMap::new(),
            offered: HashMap::new(),
            seen: HashMap::new(),
            parts: HashSet::new(),
            declared: BTreeSet::new(),
        };
        let mut said = Said::new(index);
        roots.parts = std::mem::take(&mut said.relative);
        roots.note_hacks(&said, index);
        let mut folders: Vec<(RepoId, &str)> = tree.folders().collect();
        folders.sort_unstable();
        let known = |repo: RepoId, folder: &str| {
            let at = folders.binary_search(&(repo, folder)).ok()?;
            Some(folders[at].1)
        };
        let mut installed: BTreeSet<(RepoId, &str)> = BTreeSet::new();
        for (repo, folder) in &said.projects {
            installed.extend(
                layout(*repo, folder, &said, tree)
                    .iter()
                    .filter_map(|root| Some((*repo, known(*repo, root)?))),
            );
        }
        let paths = said
            .declared
            .iter()
            .flat_map(|((repo, _), list)| list.iter().map(move |path| (*repo, path.as_str())));
        roots.declared = paths
            .filter_map(|(repo, path)| Some((repo, known(repo, path)?)))
            .chain(installed.iter().copied())
            .collect();
        let children = folders.iter().copied().chain(tree.modules());
        for (repo, path) in children.filter(|(_, path)| !path.is_empty()) {
            let above = parent(path);
            let name = &path[path.rfind('/').map_or(0, |cut| cut + 1)..];
            if NOT_INSTALLED.binary_search(&name).is_ok() || is_fixture(above) {
                continue;
            }
            if installed.contains(&(repo, above)) {
                let list = roots.offered.entry((repo, name)).or_default();
                list.push(above);
            } else if tree.is_package(repo, path)
                && !tree.is_package(repo, above)
                // What lies in a namespace of a project is no name of its own.
                && sources_above(repo, above, &said).is_none_or(|sources| sources == above)
            {
                roots.seen.entry((repo, name)).or_default().push(above);
            }
        }
        for list in roots.offered.values_mut().chain(roots.seen.values_mut()) {
            list.sort_unstable();
            list.dedup();
        }
        for (repo, folder) in &folders {
            let own = own(*repo, folder, &said, tree, known);
            roots.own.insert((*repo, folder), own);
        }
        roots
    }

    fn note_hacks(&mut self, said: &Said<'r>, index: &Index<'r>) {
        for fact in &said.hacks {
            let Claim::Binds { value, .. } = &fact.claim else {
                continue;
            };
            let Some(folder) = value.as_text().and_then(place_path) else {
                continue;
            };
            let hack = Hack {
                folder,
                span: fact.span,
                certainty: fact.certainty,
            };
            let path = index.files.path(fact.span.file);
            if path.file_name() == "conftest.py" {
                let list = self.shared_hacks.entry((path.repo, path.parent()));
                list.or_default().push(hack.clone());
            }
            self.hacks.entry(fact.span.file).or_default().push(hack);
        }
    }

    /// The folders from which a file in a folder imports, the first that has a name wins.
    pub(super) fn own<'a>(&'a self, repo: RepoId, folder: &'a str) -> &'a [Root<'a>] {
        self.own.get(&(repo, folder)).map_or(&[], Vec::as_slice)
    }

    /// The folders that code puts on the path of a file.
    pub(super) fn hacks<'a>(
        &'a self,
        file: FileId,
        repo: RepoId,
        folder: &'a str,
    ) -> impl Iterator<Item = &'a Hack> {
        let shared = (!self.shared_hacks.is_empty())
            .then(|| ancestors(folder))
            .into_iter()
            .flatten()
            .filter_map(move |above| self.shared_hacks.get(&(repo, above)))
            .flatten()
            .filter(move |hack| hack.span.file != file);
        let own = self.hacks.get(&file).into_iter().flatten();
        own.chain(shared)
    }

    /// Whether a module is part of a package, so that no program starts with it.
    pub(super) fn is_part(&self, file: FileId) -> bool {
        self.parts.contains(&file)
    }

    /// The folders of distributions that offer a top-level name.
    pub(super) fn offered<'a>(&'a self, repo: RepoId, top: &'a str) -> &'a [&'a str] {
        self.offered.get(&(repo, top)).map_or(&[], Vec::as_slice)
    }

    /// The folders that have a whole package of this name.
    pub(super) fn seen<'a>(&'a self, repo: RepoId, top: &'a str) -> &'a [&'a str] {
        self.seen.get(&(repo, top)).map_or(&[], Vec::as_slice)
    }

    /// The folder from which the dotted name of a package starts.
    pub(super) fn start<'f>(&self, tree: &Tree<'_>, repo: RepoId, folder: &'f str) -> &'f str {
        let mut start = folder;
        while !start.is_empty() && tree.is_package(repo, start) {
            start = parent(start);
        }
        // A namespace package above belongs to the name, too, as far as a manifest says where sources start.
        ancestors(start)
            .find(|above| self.declared.contains(&(repo, *above)))
            .unwrap_or(start)
    }
}

/// What manifests and code say of search paths.
struct Said<'r> {
    /// The folders of distributions.
    projects: BTreeSet<(RepoId, &'r str)>,
    /// The folders of sources that a manifest declares, by the folder of the manifest.
    declared: HashMap<(RepoId, &'r str), Vec<String>>,
    hacks: Vec<&'r Fact>,
    /// The modules that import from their own package.
    relative: HashSet<FileId>,
}

impl<'r> Said<'r> {
    fn new(index: &Index<'r>) -> Self {
        let mut said = Self {
            projects: BTreeSet::new(),
            declared: HashMap::new(),
            hacks: Vec::new(),
            relative: HashSet::new(),
        };
        for fact in index.facts {
            let place = (index.repo(fact), index.folder(fact));
            match (&fact.subject, &fact.claim) {
                (Subject::Here, Claim::Provides { key, .. }) if key.namespace.0 == "pypi" => {
                    said.projects.insert(place);
                }
                (Subject::Here, Claim::Binds { key, value })
                    if key.namespace.0 == "python-path" =>
                {
                    if let Some(path) = value.as_text().and_then(place_path) {
                        let list = said.declared.entry(place).or_default();
                        if !list.contains(&path) {
                            list.push(path);
                        }
                    }
                }
                (Subject::Here, Claim::Requires { key, .. })
                    if key.namespace.0 == "pymodule"
                        && key.name.as_text().is_some_and(|name| name.starts_with('.')) =>
                {
                    said.relative.insert(fact.span.file);
                }
                (Subject::File, Claim::Binds { key, .. }) if key.namespace.0 == "python-path" => {
                    said.hacks.push(fact);
                }
                _ => {}
            }
        }
        said
    }
}

/// The folders in which the packages of a project lie.
fn layout(repo: RepoId, folder: &str, said: &Said<'_>, tree: &Tree<'_>) -> Vec<String> {
    let mut found = said
        .declared
        .get(&(repo, folder))
        .cloned()
        .unwrap_or_default();
    let source = join(folder, "src").filter(|source| {
        tree.has(repo, source) && !tree.is_package(repo, source) && !found.contains(source)
    });
    found.extend(source);
    if !found.iter().any(|root| root == folder) {
        found.push(folder.to_owned());
    }
    found
}

/// The search path of the files in a folder.
fn own<'r>(
    repo: RepoId,
    folder: &'r str,
    said: &Said<'r>,
    tree: &Tree<'r>,
    known: impl Fn(RepoId, &str) -> Option<&'r str>,
) -> Vec<Root<'r>> {
    let mut own: Vec<Root<'r>> = Vec::new();
    let mut add = |folder: &'r str, why: Why| {
        if !own.iter().any(|root| root.folder == folder) {
            own.push(Root { folder, why });
        }
    };
    let sources = sources_above(repo, folder, said);
    for above in ancestors(folder) {
        // The inside of a package is on no path; nor is that of a namespace, which has no `__init__.py`.
        let is_package = tree.is_package(repo, above)
            || sources
                .as_deref()
                .is_some_and(|sources| above != sources && within(above, sources));
        let is_project = said.projects.contains(&(repo, above));
        if !is_package && !above.is_empty() || above.is_empty() {
            let why = match () {
                () if is_project => Why::Declared,
                () if above == folder => Why::Beside,
                () => Why::Above,
            };
            add(above, why);
        }
        let declared = said.declared.get(&(repo, above)).into_iter().flatten();
        for path in declared {
            if let Some(path) = known(repo, path) {
                add(path, Why::Declared);
            }
        }
        let sources = match is_project || above.is_empty() {
            true => SOURCES,
            false if is_package => &[],
            false => &SOURCES[..1],
        };
        for source in sources {
            let path = join(above, source).and_then(|path| known(repo, &path));
            if let Some(path) = path.filter(|path| !tree.is_package(repo, path)) {
                add(
                    path,
                    if is_project {
                        Why::Declared
                    } else {
                        Why::Above
                    },
                );
            }
        }
    }
    own
}

/// The folder of sources of a project that a folder lies in: `src`, or what the manifest declares below the project.
fn sources_above(repo: RepoId, folder: &str, said: &Said<'_>) -> Option<String> {
    let project = ancestors(folder).find(|above| said.projects.contains(&(repo, *above)))?;
    let declared = said.declared.get(&(repo, project)).into_iter().flatten();
    declared
        .cloned()
        .chain(join(project, "src"))
        .find(|sources| sources != project && within(folder, sources))
}

/// Whether a folder holds what tests read: nobody else imports from there.
fn is_fixture(folder: &str) -> bool {
    folder.split('/').any(|segment| {
        matches!(
            segment,
            "fixtures" | "__fixtures__" | "testdata" | "test-data" | "test_data"
        )
    })
}

/// A folder and all above it, the root last.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| parent(folder))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(NOT_INSTALLED.is_sorted_by(|a, b| a < b));
    }
}
