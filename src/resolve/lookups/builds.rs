//! What CMake files say, put together: which targets there are, what they link, and where they look for headers.
//!
//! It serves two look-ups: names of targets, and names of headers.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::model::{
    Claim, Fact, FileId, Offer, Part, RepoId, Span, Subject, Template, join, parent, within,
};
use crate::resolve::index::Index;

/// The most targets that one target's links are followed to.
const CLOSURE: usize = 4096;

/// A target of a file.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) repo: RepoId,
    /// The file that makes it, or adds to it.
    pub(super) file: FileId,
    pub(super) folder: String,
    /// Where it is made; `None` when the file only adds to it.
    pub(super) made: Option<Span>,
    pub(super) sources: Vec<String>,
    /// Folders for headers; whether users get them, too.
    includes: Vec<(bool, String, Span)>,
    /// Names that it links; whether users link them, too.
    links: Vec<(bool, String)>,
}

impl Target {
    /// Whether its users get a folder for headers.
    pub(super) fn gives(&self, folder: &str) -> bool {
        self.includes
            .iter()
            .any(|(ours, path, _)| *ours && path == folder)
    }
}

/// Folders in which a header is looked for, each with the statement that says so.
pub(super) type Roots = BTreeMap<String, Span>;

/// What a name of the list of libraries means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Linked {
    /// Targets that the name may mean, one of each file.
    Targets(Vec<usize>),
    /// A package as a whole: its folder, and the manifest that names it.
    Package(String, FileId, Span),
    Nothing,
}

/// The folder of a package, its manifest, and the place that names it.
type Package = (String, FileId, Span);

/// All CMake files of a run.
#[derive(Debug, Default)]
pub(super) struct Builds {
    pub(super) targets: Vec<Target>,
    /// Targets and aliases by name.
    by_name: HashMap<(RepoId, String), Vec<usize>>,
    /// The targets of each folder.
    by_folder: HashMap<(RepoId, String), Vec<usize>>,
    /// The folders whose files compile a source that lies elsewhere.
    compiled_in: HashMap<(RepoId, String), BTreeSet<String>>,
    /// What all targets of a folder and below look through.
    directory: HashMap<(RepoId, String), Vec<(String, Span)>>,
    variables: HashMap<(RepoId, String), HashMap<String, String>>,
    projects: HashMap<(RepoId, String), Vec<String>>,
    /// Names under which the targets of a folder and below are exported.
    namespaces: HashMap<(RepoId, String), Vec<String>>,
    /// Packages by name.
    packages: HashMap<(RepoId, String), Vec<Package>>,
    /// The folders of ROS packages.
    ros: HashSet<(RepoId, String)>,
    /// Packages that a ROS package names.
    needed: HashMap<(RepoId, String), Vec<String>>,
    /// Folders with a CMake file.
    folders: HashSet<(RepoId, String)>,
}

impl Builds {
    pub(super) fn new(index: &Index<'_>) -> Self {
        let mut builds = Self::default();
        let ours = |fact: &&Fact| matches!(fact.extractor.0, "cmake/lists" | "ros/package");
        let facts: Vec<&Fact> = index.facts.iter().filter(ours).collect();
        for fact in &facts {
            builds.scope(fact, index);
        }
        let mut numbers: HashMap<(FileId, String), usize> = HashMap::new();
        for fact in &facts {
            builds.target(fact, index, &mut numbers);
        }
        for (number, target) in builds.targets.iter().enumerate() {
            let at = (target.repo, target.folder.clone());
            builds.by_folder.entry(at).or_default().push(number);
            for source in &target.sources {
                if nearest(source, &builds.folders, target.repo) != Some(&target.folder) {
                    let folders = builds.compiled_in.entry((target.repo, source.clone()));
                    folders.or_default().insert(target.folder.clone());
                }
            }
        }
        builds
    }

    /// What holds for a folder and below.
    fn scope(&mut self, fact: &Fact, index: &Index<'_>) {
        let repo = index.repo(fact);
        let folder = index.folder(fact).to_owned();
        let at = (repo, folder.clone());
        if fact.extractor.0 == "cmake/lists" {
            self.folders.insert(at.clone());
        }
        if fact.subject != Subject::Here {
            return;
        }
        match &fact.claim {
            Claim::Binds { key, value } if key.namespace.0 == "cmakevar" => {
                if let (Some(name), Some(value)) = (key.name.as_text(), value.as_text()) {
                    let variables = self.variables.entry(at).or_default();
                    variables.insert(name.to_owned(), value.to_owned());
                }
            }
            Claim::Provides { key, .. } => {
                let Some(name) = key.name.as_text() else {
                    return;
                };
                match key.namespace.0 {
                    "cmake" | "ros" => {
                        if key.namespace.0 == "ros" {
                            self.ros.insert(at.clone());
                        }
                        self.projects.entry(at).or_default().push(name.to_owned());
                        let named = self.packages.entry((repo, name.to_owned())).or_default();
                        if named.iter().all(|(known, ..)| *known != folder) {
                            named.push((folder, fact.span.file, fact.span));
                        }
                    }
                    "cmake-namespace" => {
                        self.namespaces.entry(at).or_default().push(name.to_owned());
                    }
                    _ => {}
                }
            }
            Claim::Requires { key, .. } if key.namespace.0 == "ros" => {
                if let Some(name) = key.name.as_text() {
                    self.needed.entry(at).or_default().push(name.to_owned());
                }
            }
            _ => {}
        }
    }

    /// What targets are made of; variables of other files are known by now.
    fn target(
        &mut self,
        fact: &Fact,
        index: &Index<'_>,
        numbers: &mut HashMap<(FileId, String), usize>,
    ) {
        let repo = index.repo(fact);
        let folder = index.folder(fact);
        if let (Subject::Here, Claim::Binds { key, value }) = (&fact.subject, &fact.claim)
            && key.namespace.0 == "cmake-include"
        {
            for path in self.paths(value, repo, folder) {
                let list = self.directory.entry((repo, folder.to_owned())).or_default();
                list.push((path, fact.span));
            }
        }
        let Subject::Named(subject) = &fact.subject else {
            return;
        };
        if subject.namespace.0 != "cmake-target" {
            return;
        }
        let Some(name) = self.text(&subject.name, repo, folder) else {
            return;
        };
        let next = self.targets.len();
        let number = *numbers
            .entry((fact.span.file, name.clone()))
            .or_insert(next);
        if number == next {
            self.targets.push(Target {
                repo,
                file: fact.span.file,
                folder: folder.to_owned(),
                made: None,
                sources: Vec::new(),
                includes: Vec::new(),
                links: Vec::new(),
            });
        }
        match &fact.claim {
            Claim::Provides { key, how } => {
                let Some(name) = self.text(&key.name, repo, folder) else {
                    return;
                };
                if *how == Offer::Implements {
                    self.targets[number].made = Some(fact.span);
                }
                let named = self.by_name.entry((repo, name)).or_default();
                if !named.contains(&number) {
                    named.push(number);
                }
            }
            Claim::Binds { key, value } => {
                let ours = key.at.as_text() != Some("private");
                match key.namespace.0 {
                    "cmake-source" => {
                        let paths = self.paths(value, repo, folder);
                        self.targets[number].sources.extend(paths);
                    }
                    "cmake-include" => {
                        let paths = self.paths(value, repo, folder).into_iter();
                        let paths = paths.map(|path| (ours, path, fact.span));
                        self.targets[number].includes.extend(paths);
                    }
                    "cmake-link" => {
                        if let Some(names) = self.text(value, repo, folder) {
                            let names = names.split(';').map(|name| (ours, name.to_owned()));
                            self.targets[number].links.extend(names);
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// The text of a template, as the file in a folder sees it.
    pub(super) fn text(&self, template: &Template, repo: RepoId, folder: &str) -> Option<String> {
        let mut text = String::new();
        for part in &template.0 {
            match part {
                Part::Text(piece) => text.push_str(piece),
                Part::Ref(reference) if reference.key.namespace.0 == "cmakevar" => {
                    text.push_str(&self.variable(reference.key.name.as_text()?, repo, folder)?);
                }
                _ => return None,
            }
        }
        Some(text)
    }

    /// Paths from the root of the tree; what is not absolute lies below the folder of its file.
    pub(super) fn paths(&self, template: &Template, repo: RepoId, folder: &str) -> Vec<String> {
        let Some(text) = self.text(template, repo, folder) else {
            return Vec::new();
        };
        let one = |text: &str| match text.strip_prefix("path:") {
            Some(path) => join("", path.trim_start_matches('/')),
            None => join(folder, text),
        };
        text.split(';').filter_map(one).collect()
    }

    fn variable(&self, name: &str, repo: RepoId, folder: &str) -> Option<String> {
        if matches!(name, "CMAKE_SOURCE_DIR" | "CMAKE_PROJECT_NAME") {
            let top = self.top(repo, folder)?;
            return match name {
                "CMAKE_SOURCE_DIR" => Some(format!("path:{top}")),
                _ => self.projects.get(&(repo, top))?.first().cloned(),
            };
        }
        ancestors(folder).find_map(|above| {
            let variables = self.variables.get(&(repo, above.to_owned()))?;
            variables.get(name).cloned()
        })
    }

    /// The folder from which a build starts: that of a ROS package, which is built alone, else the topmost project.
    fn top(&self, repo: RepoId, folder: &str) -> Option<String> {
        let is = |set: &dyn Fn(&(RepoId, String)) -> bool, above: &str| {
            set(&(repo, above.to_owned())).then(|| above.to_owned())
        };
        let package = ancestors(folder).find_map(|above| is(&|at| self.ros.contains(at), above));
        package.or_else(|| {
            let projects = ancestors(folder);
            let mut projects = projects
                .filter_map(|above| is(&|at| self.projects.contains_key(at), above))
                .collect::<Vec<_>>();
            projects.pop()
        })
    }

    /// What a name of the list of libraries means to a file in a folder.
    pub(super) fn linked(&self, name: &str, repo: RepoId) -> Linked {
        if let Some(package) = name.strip_suffix("::") {
            return self.package(package, repo);
        }
        if let Some(targets) = self.made(name, repo) {
            return Linked::Targets(targets);
        }
        let Some((namespace, bare)) = name.rsplit_once("::") else {
            return Linked::Nothing;
        };
        let exported = self.made(bare, repo).unwrap_or_default();
        let exported: Vec<usize> = exported
            .into_iter()
            .filter(|number| self.is_exported_as(&self.targets[*number], namespace))
            .collect();
        if exported.is_empty() {
            self.package(namespace, repo)
        } else {
            Linked::Targets(exported)
        }
    }

    /// The targets or aliases of a name that some file makes.
    fn made(&self, name: &str, repo: RepoId) -> Option<Vec<usize>> {
        let numbers = self.by_name.get(&(repo, name.to_owned()))?;
        let made: Vec<usize> = numbers
            .iter()
            .copied()
            .filter(|number| self.targets[*number].made.is_some())
            .collect();
        (!made.is_empty()).then_some(made)
    }

    fn is_exported_as(&self, target: &Target, namespace: &str) -> bool {
        ancestors(&target.folder).any(|above| {
            let at = (target.repo, above.to_owned());
            let has = |names: &HashMap<(RepoId, String), Vec<String>>| {
                names
                    .get(&at)
                    .is_some_and(|names| names.iter().any(|name| name == namespace))
            };
            has(&self.projects) || has(&self.namespaces)
        })
    }

    fn package(&self, name: &str, repo: RepoId) -> Linked {
        match self
            .packages
            .get(&(repo, name.to_owned()))
            .map(Vec::as_slice)
        {
            Some([(folder, file, span)]) => Linked::Package(folder.clone(), *file, *span),
            _ => Linked::Nothing,
        }
    }

    /// The folder of the one package of a name.
    pub(super) fn package_folder(&self, name: &str, repo: RepoId) -> Option<String> {
        match self.package(name, repo) {
            Linked::Package(folder, ..) => Some(folder),
            _ => None,
        }
    }

    /// The folders whose CMake files decide how a file is compiled, or included.
    pub(super) fn deciding(&self, repo: RepoId, path: &str) -> Vec<String> {
        let mut folders: Vec<String> = Vec::new();
        if let Some(elsewhere) = self.compiled_in.get(&(repo, path.to_owned())) {
            folders.extend(elsewhere.iter().cloned());
        }
        let with_targets = ancestors(parent(path))
            .find(|above| self.by_folder.contains_key(&(repo, (*above).to_owned())));
        folders.extend(with_targets.map(str::to_owned));
        folders
    }

    /// All folders that have targets.
    pub(super) fn with_targets(&self) -> impl Iterator<Item = &(RepoId, String)> {
        self.by_folder.keys()
    }

    /// Where the targets of a folder look themselves, and where through what they link.
    pub(super) fn roots(&self, repo: RepoId, folder: &str) -> (Roots, Roots) {
        let (mut own, mut linked) = (Roots::new(), Roots::new());
        for above in ancestors(folder) {
            let at = (repo, above.to_owned());
            for (path, span) in self.directory.get(&at).into_iter().flatten() {
                own.entry(path.clone()).or_insert(*span);
            }
        }
        let start = self.by_folder.get(&(repo, folder.to_owned()));
        let mut seen: HashSet<usize> = start.into_iter().flatten().copied().collect();
        let mut names: Vec<String> = Vec::new();
        for number in start.into_iter().flatten() {
            let target = &self.targets[*number];
            for (_, path, span) in &target.includes {
                own.entry(path.clone()).or_insert(*span);
            }
            names.extend(target.links.iter().map(|(_, name)| name.clone()));
        }
        for above in ancestors(folder) {
            if let Some(needed) = self.needed.get(&(repo, above.to_owned())) {
                names.extend(needed.iter().map(|name| format!("{name}::")));
                break;
            }
        }
        let mut asked: HashSet<String> = HashSet::new();
        while let Some(name) = names.pop() {
            if asked.len() > CLOSURE || !asked.insert(name.clone()) {
                continue;
            }
            let targets = match self.linked(&name, repo) {
                Linked::Targets(targets) => targets,
                Linked::Package(folder, file, _) => {
                    let span = Span {
                        file,
                        ..Span::default()
                    };
                    // A package without a word about it has its headers where packages have them.
                    let include = join(&folder, "include").unwrap_or_default();
                    linked.entry(include).or_insert(span);
                    self.targets_within(repo, &folder)
                }
                Linked::Nothing => continue,
            };
            for number in targets {
                if !seen.insert(number) {
                    continue;
                }
                let target = &self.targets[number];
                for (_, path, span) in target.includes.iter().filter(|(ours, ..)| *ours) {
                    linked.entry(path.clone()).or_insert(*span);
                }
                let passed_on = target.links.iter().filter(|(ours, _)| *ours);
                names.extend(passed_on.map(|(_, name)| name.clone()));
            }
        }
        (own, linked)
    }

    fn targets_within(&self, repo: RepoId, folder: &str) -> Vec<usize> {
        let numbers = self.by_folder.get(&(repo, folder.to_owned()));
        numbers.into_iter().flatten().copied().collect()
    }

    /// Every folder that some target gives to its users.
    pub(super) fn public_roots(&self) -> impl Iterator<Item = (RepoId, &str)> {
        let of_targets = self.targets.iter().flat_map(|target| {
            let public = target.includes.iter().filter(|(ours, ..)| *ours);
            public.map(|(_, path, _)| (target.repo, path.as_str()))
        });
        let of_folders = self
            .directory
            .iter()
            .flat_map(|((repo, _), list)| list.iter().map(|(path, _)| (*repo, path.as_str())));
        of_targets.chain(of_folders)
    }

    /// Whether a folder is that of a ROS package.
    pub(super) fn ros_package(&self, name: &str, repo: RepoId) -> Option<String> {
        let folder = self.package_folder(name, repo)?;
        self.ros.contains(&(repo, folder.clone())).then_some(folder)
    }
}

/// The nearest folder of the set at or above a path.
fn nearest<'s>(
    path: &str,
    folders: &'s HashSet<(RepoId, String)>,
    repo: RepoId,
) -> Option<&'s String> {
    ancestors(parent(path)).find_map(|above| {
        let found = folders.get(&(repo, above.to_owned()))?;
        debug_assert!(within(path, &found.1), "a folder above");
        Some(&found.1)
    })
}

/// Whether labels of Bazel or Buck start in the folder of a file of this name.
pub(super) fn starts_labels(name: &str) -> bool {
    matches!(
        name,
        "MODULE.bazel" | "REPO.bazel" | "WORKSPACE" | "WORKSPACE.bazel" | ".buckconfig"
    )
}

/// A folder and all above it, the root last.
pub(super) fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| parent(folder))
    })
}
