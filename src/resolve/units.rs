//! Pass 1: components from what manifests claim, and the component of each file.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use globset::{GlobBuilder, GlobMatcher};

use super::index::Index;
use crate::config::{ComponentConfig, Declared};
use crate::model::{
    Claim, Component, ComponentId, ComponentKind, Fact, FileId, Key, RepoId, RepoPath, Subject,
    parent,
};

/// What makes a path a glob.
const GLOB: [char; 5] = ['*', '?', '[', '{', '\\'];

/// The components of a run while it is resolved.
#[derive(Debug, Default)]
pub(super) struct Units {
    pub(super) components: Vec<Component>,
    roots: HashMap<RepoPath, ComponentId>,
}

impl Units {
    /// Components with code: one per folder that a manifest makes one, and a remainder per repository.
    pub(super) fn new(index: &Index<'_>) -> Self {
        let mut units = Self::default();
        for (number, name) in index.files.repos().iter().enumerate() {
            let root = RepoPath::new(RepoId(number as u16), "");
            // What was given to the run by itself stands behind all repositories and belongs to none.
            if name.is_empty() && number > 0 {
                units.roots.insert(root, ComponentId(0));
                continue;
            }
            let id = units.push(Component {
                id: format!("repository:{name}"),
                name: name.clone(),
                kind: ComponentKind::Rest,
                root: Some(root.clone()),
                declared_in: None,
                aliases: Vec::new(),
                workloads: Vec::new(),
                shared: false,
            });
            units.roots.insert(root, id);
        }
        let names = own_names(index);
        let mut unnamed = Vec::new();
        for fact in index.facts {
            let (Some(folder), Claim::Component { kind, name }) =
                (root_of(fact, index), &fact.claim)
            else {
                continue;
            };
            let claim = Claimed {
                fact,
                folder,
                kind: *kind,
                name: name.as_ref().and_then(|name| name.as_text()),
            };
            match claim.name {
                Some(_) => units.claim(&claim, &names, index),
                None => unnamed.push(claim),
            }
        }
        // Who knows the name of what lies in a folder goes first.
        for claim in unnamed {
            units.claim(&claim, &names, index);
        }
        units
    }

    /// A folder is a component of its own.
    fn claim(
        &mut self,
        claimed: &Claimed<'_>,
        names: &HashMap<(FileId, &str), &Key>,
        index: &Index<'_>,
    ) {
        let Claimed {
            fact,
            folder,
            kind,
            name,
        } = *claimed;
        let root = RepoPath::new(index.repo(fact), folder);
        let name = name.unwrap_or_else(|| {
            folder
                .rsplit('/')
                .next()
                .filter(|name| !name.is_empty())
                .unwrap_or(&index.files.repos()[root.repo.0 as usize])
        });
        let key = names.get(&(fact.span.file, folder)).copied();
        if let Some(id) = self.roots.get(&root).copied() {
            let component = &mut self.components[id.0 as usize];
            if component.kind != ComponentKind::Rest {
                // A second manifest in the same folder: one component with two names.
                // The first that has a name of its own gives the component's.
                if let Some(key) = key.filter(|_| component.aliases.is_empty()) {
                    component.id = format!("{}:{}", key.namespace, key.name);
                    name.clone_into(&mut component.name);
                    component.declared_in = Some(fact.span.file);
                }
                component.aliases.extend(key.cloned());
                return;
            }
        }
        let id = self.push(Component {
            id: key.map_or_else(
                || format!("path:{root}"),
                |key| format!("{}:{}", key.namespace, key.name),
            ),
            name: name.to_owned(),
            kind,
            root: Some(root.clone()),
            declared_in: Some(fact.span.file),
            aliases: key.cloned().into_iter().collect(),
            workloads: Vec::new(),
            shared: false,
        });
        self.roots.insert(root, id);
    }

    /// Adds a component.
    pub(super) fn push(&mut self, component: Component) -> ComponentId {
        self.components.push(component);
        ComponentId(self.components.len() as u32 - 1)
    }

    /// The component whose root is exactly this folder; a remainder does not count.
    pub(super) fn at_root(&self, root: &RepoPath) -> Option<ComponentId> {
        self.roots
            .get(root)
            .copied()
            .filter(|id| self.components[id.0 as usize].kind != ComponentKind::Rest)
    }

    /// The component that encloses a path: the longest root above it.
    pub(super) fn enclosing(&self, repo: RepoId, path: &str) -> ComponentId {
        let mut probe = RepoPath::new(repo, path);
        loop {
            if let Some(id) = self.roots.get(&probe) {
                return *id;
            }
            probe.path = parent(&probe.path).into();
        }
    }

    /// The component of every file.
    pub(super) fn component_of_files(&self, index: &Index<'_>) -> Vec<ComponentId> {
        let mut folders: HashMap<(RepoId, &str), ComponentId> = HashMap::new();
        index
            .files
            .iter()
            .map(|(_, row)| {
                let folder = row.path.parent();
                *folders
                    .entry((row.path.repo, folder))
                    .or_insert_with(|| self.enclosing(row.path.repo, folder))
            })
            .collect()
    }

    /// Applies `[[component]]`: kind, name and sharing of the components that a glob matches; a literal folder becomes one.
    ///
    /// Returns the components whose kind it fixes, and the entries that match nothing.
    pub(super) fn configure(
        &mut self,
        entries: &[Declared<ComponentConfig>],
        index: &Index<'_>,
    ) -> (BTreeSet<ComponentId>, Vec<usize>) {
        let mut fixed = BTreeSet::new();
        let mut unmatched = Vec::new();
        for (number, entry) in entries.iter().enumerate() {
            // What a sub-folder declares holds in its repository.
            let ours = |repo| entry.at.as_ref().is_none_or(|at| at.repo == repo);
            let entry = &entry.value;
            let path = entry.path.trim_matches('/');
            let Some(glob) = folder_glob(path) else {
                unmatched.push(number);
                continue;
            };
            let mut matched: Vec<ComponentId> = if path.contains(GLOB) {
                let all = (0..self.components.len() as u32).map(ComponentId);
                all.filter(|id| {
                    let component = &self.components[id.0 as usize];
                    let root = component.root.as_ref();
                    component.kind != ComponentKind::Rest
                        && root.is_some_and(|root| ours(root.repo) && glob.is_match(&*root.path))
                })
                .collect()
            } else {
                index
                    .files
                    .repo_ids()
                    .filter(|repo| ours(*repo))
                    .filter_map(|repo| self.at_root(&RepoPath::new(repo, path)))
                    .collect()
            };
            if matched.is_empty() {
                matched = self.make_folder(path, index, ours);
            }
            if matched.is_empty() {
                unmatched.push(number);
            }
            for id in matched {
                let component = &mut self.components[id.0 as usize];
                if let Some(kind) = entry.kind {
                    component.kind = kind;
                    component.shared = kind == ComponentKind::Library;
                    fixed.insert(id);
                }
                if let Some(name) = &entry.name {
                    component.name.clone_from(name);
                }
            }
        }
        (fixed, unmatched)
    }

    /// Makes a folder that has files a component, in each repository that has it.
    fn make_folder(
        &mut self,
        path: &str,
        index: &Index<'_>,
        ours: impl Fn(RepoId) -> bool,
    ) -> Vec<ComponentId> {
        index
            .files
            .repo_ids()
            .filter(|repo| ours(*repo) && !path.is_empty() && index.files.has_folder(*repo, path))
            .collect::<Vec<_>>()
            .into_iter()
            .map(|repo| self.folder_component(RepoPath::new(repo, path), ComponentKind::Service))
            .collect()
    }

    /// A component for a folder that no manifest makes one.
    pub(super) fn folder_component(&mut self, root: RepoPath, kind: ComponentKind) -> ComponentId {
        let id = self.push(Component {
            id: format!("path:{root}"),
            name: root.file_name().to_owned(),
            kind,
            root: Some(root.clone()),
            declared_in: None,
            aliases: Vec::new(),
            workloads: Vec::new(),
            shared: false,
        });
        self.roots.insert(root, id);
        id
    }

    /// Makes the ids unique: components that share one get `@root`, all of them.
    pub(super) fn unique_ids(&mut self, index: &Index<'_>) {
        let mut same: BTreeMap<&str, usize> = BTreeMap::new();
        for component in &self.components {
            *same.entry(&component.id).or_default() += 1;
        }
        let twice: BTreeSet<String> = same
            .into_iter()
            .filter(|(_, count)| *count > 1)
            .map(|(id, _)| id.to_owned())
            .collect();
        let mut taken: BTreeMap<String, u32> = BTreeMap::new();
        for component in &mut self.components {
            if twice.contains(&component.id) {
                let place = match (&component.root, component.declared_in) {
                    (Some(root), _) => index.files.display_path(root),
                    (None, Some(file)) => index.files.display(file),
                    (None, None) => String::new(),
                };
                let mut id = format!("{}@{place}", component.id);
                let number = taken.entry(id.clone()).or_default();
                *number += 1;
                if *number > 1 {
                    id = format!("{id}-{number}");
                }
                component.id = id;
            }
        }
    }
}

/// A folder that a manifest makes a component.
#[derive(Clone, Copy)]
struct Claimed<'a> {
    fact: &'a Fact,
    folder: &'a str,
    kind: ComponentKind,
    name: Option<&'a str>,
}

/// The folder that a fact is about: that of its file, or one that the file names.
fn root_of<'a>(fact: &'a Fact, index: &Index<'a>) -> Option<&'a str> {
    match &fact.subject {
        Subject::Here => Some(index.folder(fact)),
        Subject::Named(key) if key.namespace.0 == "path" => key.name.as_text(),
        _ => None,
    }
}

/// The name under which each manifest offers what it builds in a folder: the first name with a place in the tree.
fn own_names<'a>(index: &Index<'a>) -> HashMap<(FileId, &'a str), &'a Key> {
    let mut names = HashMap::new();
    for fact in index.facts {
        if let (Some(folder), Claim::Provides { key, .. }) = (root_of(fact, index), &fact.claim)
            && key.at.as_text().is_some_and(|at| at.starts_with("path:"))
            && matches!(
                key.namespace.0,
                "cargo"
                    | "cmake"
                    | "composer"
                    | "dotnet"
                    | "gem"
                    | "gomod"
                    | "gradle"
                    | "hex"
                    | "maven"
                    | "npm"
                    | "pack"
                    | "pub"
                    | "pypi"
                    | "ros"
                    | "sbt"
                    | "swiftpm"
            )
        {
            names.entry((fact.span.file, folder)).or_insert(key);
        }
    }
    names
}

/// A glob over folders, in which `*` does not cross `/`.
fn folder_glob(path: &str) -> Option<GlobMatcher> {
    let glob = GlobBuilder::new(path)
        .literal_separator(true)
        .build()
        .ok()?;
    Some(glob.compile_matcher())
}
