//! All facts, findable by what they are about.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::go_modules::Modules;
use super::npm::Packages;
use super::spaces::comparable;
use crate::model::{
    Claim, ComponentKind, Fact, FileId, FileTable, Key, Namespace, Offer, RepoId, Subject,
    Template, join, parent,
};

/// Names that mean something in their file alone: they are never looked up across the run, and there are many.
const READ_BY_FILE: &[&str] = &[
    "rustfile",
    "rustitems",
    "rustmacros",
    "rustname",
    "rustoutside",
    "rustprivate",
];

/// Facts by name and by subject; positions are indices into [`Index::facts`].
pub(super) struct Index<'a> {
    pub(super) files: &'a FileTable,
    pub(super) facts: &'a [Fact],
    binds: HashMap<Namespace, HashMap<&'a str, Vec<usize>>>,
    provides: HashMap<Namespace, HashMap<&'a str, Vec<usize>>>,
    /// Bindings of settings, by their names as they are compared: of files, and of the environment that may set them.
    settings: HashMap<String, Vec<usize>>,
    /// A name that a manifest gives means another thing in another repository.
    named: HashMap<(RepoId, &'a Key), Vec<usize>>,
    /// The facts of each file, which lie together.
    ranges: HashMap<FileId, (usize, usize)>,
    pub(super) go_modules: Modules<'a>,
    /// The folders whose manifests make a workspace.
    workspaces: HashSet<(RepoId, &'a str)>,
    /// The images that somebody builds, sorted.
    images: BTreeMap<RepoId, Vec<&'a Key>>,
    /// The folders that hold Dockerfiles.
    dockerfiles: BTreeMap<RepoId, BTreeSet<&'a str>>,
    /// What `package.json` files say of names.
    pub(super) npm: Packages<'a>,
}

impl<'a> Index<'a> {
    pub(super) fn new(files: &'a FileTable, facts: &'a [Fact]) -> Self {
        let mut index = Self {
            files,
            facts,
            binds: HashMap::new(),
            provides: HashMap::new(),
            settings: HashMap::new(),
            named: HashMap::new(),
            ranges: HashMap::new(),
            go_modules: Modules::default(),
            workspaces: HashSet::new(),
            images: BTreeMap::new(),
            dockerfiles: BTreeMap::new(),
            npm: Packages::new(files, facts),
        };
        for (position, fact) in facts.iter().enumerate() {
            let range = index.ranges.entry(fact.span.file);
            range.or_insert((position, position)).1 = position + 1;
            let repo = index.repo(fact);
            if let Subject::Named(key) = &fact.subject {
                index.named.entry((repo, key)).or_default().push(position);
                if key.namespace.0 == "image" && matches!(fact.claim, Claim::Runs { .. }) {
                    index.images.entry(repo).or_default().push(key);
                }
                if key.namespace.0 == "dockerfile"
                    && key.name.is_empty()
                    && let Claim::Runs { what, .. } = &fact.claim
                    && let Some(folder) = what.name.as_text()
                {
                    index.dockerfiles.entry(repo).or_default().insert(folder);
                }
            }
            match &fact.claim {
                Claim::Binds { key, .. } if !READ_BY_FILE.contains(&key.namespace.0) => {
                    if let Some(name) = key.name.as_text() {
                        let names = index.binds.entry(key.namespace).or_default();
                        names.entry(name).or_default().push(position);
                        let sets = key.namespace.0 == "property"
                            || key.namespace.0 == "env" && fact.subject != Subject::Here;
                        if sets {
                            let settings = index.settings.entry(comparable(name));
                            settings.or_default().push(position);
                        }
                    }
                }
                Claim::Provides { key, .. } => {
                    index.note(repo, fact, key);
                    if let Some(name) = key.name.as_text() {
                        let names = index.provides.entry(key.namespace).or_default();
                        names.entry(name).or_default().push(position);
                    }
                }
                _ => {}
            }
        }
        for images in index.images.values_mut() {
            images.sort();
            images.dedup();
        }
        index.go_modules = Modules::new(&index);
        index
    }

    /// Keeps what is looked up by folder.
    fn note(&mut self, repo: RepoId, fact: &'a Fact, key: &'a Key) {
        let workspace = matches!(
            key.name.as_text(),
            Some("cargo-workspace" | "npm-workspace" | "pub-workspace" | "uv-workspace")
        );
        if key.namespace.0 == "trait" && workspace {
            let folder = self.folder(fact);
            self.workspaces.insert((repo, folder));
        }
    }

    /// The repository of a fact.
    pub(super) fn repo(&self, fact: &Fact) -> RepoId {
        self.files.path(fact.span.file).repo
    }

    /// The folder of the file of a fact.
    pub(super) fn folder(&self, fact: &Fact) -> &'a str {
        self.files.path(fact.span.file).parent()
    }

    /// Bindings of a name: key and value with the fact.
    pub(super) fn binds(
        &self,
        namespace: Namespace,
        name: &str,
    ) -> impl Iterator<Item = (&'a Fact, &'a Key, &'a Template)> {
        let list = self.binds.get(&namespace).and_then(|names| names.get(name));
        list.into_iter()
            .flatten()
            .filter_map(|position| match &self.facts[*position] {
                fact @ Fact {
                    claim: Claim::Binds { key, value },
                    ..
                } => Some((fact, key, value)),
                _ => None,
            })
    }

    /// Bindings of a setting, however it is spelled.
    pub(super) fn settings(
        &self,
        name: &str,
    ) -> impl Iterator<Item = (&'a Fact, &'a Key, &'a Template)> {
        let list = self.settings.get(&comparable(name));
        list.into_iter()
            .flatten()
            .filter_map(|position| match &self.facts[*position] {
                fact @ Fact {
                    claim: Claim::Binds { key, value },
                    ..
                } => Some((fact, key, value)),
                _ => None,
            })
    }

    /// Offers of a name.
    pub(super) fn provides(
        &self,
        namespace: &'static str,
        name: &str,
    ) -> impl Iterator<Item = (&'a Fact, &'a Key, Offer)> {
        let names = self.provides.get(&Namespace(namespace));
        let list = names.and_then(|names| names.get(name));
        list.into_iter()
            .flatten()
            .filter_map(|position| match &self.facts[*position] {
                fact @ Fact {
                    claim: Claim::Provides { key, how },
                    ..
                } => Some((fact, key, *how)),
                _ => None,
            })
    }

    /// Everything said in a repository about a named thing.
    pub(super) fn about<'k>(
        &'k self,
        repo: RepoId,
        key: &'k Key,
    ) -> impl Iterator<Item = &'a Fact> {
        let list = self.named.get(&(repo, key));
        list.into_iter()
            .flatten()
            .map(|position| &self.facts[*position])
    }

    /// Everything that one file says.
    pub(super) fn facts_of_file(&self, file: FileId) -> &'a [Fact] {
        let (start, end) = self.ranges.get(&file).copied().unwrap_or_default();
        &self.facts[start..end]
    }

    /// The first name of a namespace that a file offers, with the fact.
    pub(super) fn offered(&self, file: FileId, namespace: &str) -> Option<(&'a Fact, &'a Key)> {
        self.facts_of_file(file)
            .iter()
            .find_map(|fact| match &fact.claim {
                Claim::Provides { key, .. } if key.namespace.0 == namespace => Some((fact, key)),
                _ => None,
            })
    }

    /// The nearest folder at or above a file's whose manifest says that it is a workspace.
    pub(super) fn workspace(&self, file: FileId) -> Option<&'a str> {
        let path = self.files.path(file);
        ancestors(path.parent()).find(|folder| self.workspaces.contains(&(path.repo, *folder)))
    }

    /// The images that somebody in the repository builds, sorted.
    pub(super) fn images(&self, repo: RepoId) -> &[&'a Key] {
        self.images.get(&repo).map_or(&[], Vec::as_slice)
    }

    /// The folders that hold Dockerfiles, the root left out.
    pub(super) fn dockerfiles(&self, repo: RepoId) -> impl Iterator<Item = &'a str> {
        let folders = self.dockerfiles.get(&repo).into_iter().flatten();
        folders.copied().filter(|folder| !folder.is_empty())
    }

    /// Every thing that some file names as a component, sorted, with its kind and the fact.
    pub(super) fn named_components(
        &self,
    ) -> Vec<(&'a Key, ComponentKind, Option<&'a Template>, &'a Fact)> {
        let mut found: Vec<_> = self
            .facts
            .iter()
            .filter_map(|fact| match (&fact.subject, &fact.claim) {
                // A folder is code, not a thing that somebody deploys.
                (Subject::Named(key), Claim::Component { kind, name })
                    if key.namespace.0 != "path" =>
                {
                    Some((key, *kind, name.as_ref(), fact))
                }
                _ => None,
            })
            .collect();
        found.sort_by_cached_key(|(key, .., fact)| (*key, fact.span));
        found
    }
}

/// A folder and all above it, the root last.
pub(super) fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| parent(folder))
    })
}

/// The path that a place text `path:…` names, normalised.
pub(super) fn place_path(text: &str) -> Option<String> {
    join("", text.strip_prefix("path:")?)
}
