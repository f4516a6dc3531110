//! The scopes of a workload, nearest first: its own, what it inherits, what it runs, its code.

use std::collections::{HashMap, HashSet};

use super::fold::Context;
use super::index::{Index, place_path};
use super::reach::Reach;
use super::spaces;
use super::spring::Served;
use crate::model::{
    Claim, ComponentId, FileId, Key, Namespace, Part, RepoId, Subject, WorkloadId, join, parent,
};

/// The most files of one folder that are handed to a workload.
const FILES: usize = 256;

/// A scope in which bindings are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scope<'a> {
    /// What is said in a repository about a named thing.
    Named(RepoId, &'a Key),
    /// What is said about a file.
    File(FileId),
    /// What the files of a component say about where they are.
    Component(ComponentId),
}

/// The scope chains of all workloads, and the component of each file.
#[derive(Default)]
pub(super) struct Scopes<'a> {
    component_of: Vec<ComponentId>,
    chains: HashMap<WorkloadId, Vec<Scope<'a>>>,
    reach: Option<&'a Reach>,
    served: Option<&'a Served>,
}

impl<'a> Scopes<'a> {
    /// Scopes without workloads: for what static manifests refer to.
    pub(super) fn new(component_of: Vec<ComponentId>) -> Self {
        Self {
            component_of,
            chains: HashMap::new(),
            reach: None,
            served: None,
        }
    }

    /// Also knows which files each deployment contains.
    pub(super) fn within(mut self, reach: &'a Reach) -> Self {
        self.reach = Some(reach);
        self
    }

    /// Also knows which files configuration servers hand out.
    pub(super) fn served(mut self, served: &'a Served) -> Self {
        self.served = Some(served);
        self
    }

    /// What a component is handed, then what its own files say.
    fn own(&self, component: ComponentId) -> impl Iterator<Item = Scope<'a>> + use<'a> {
        let files = self
            .served
            .map_or(&[][..], |served| served.files(component));
        let files = files.iter().map(|file| Scope::File(*file));
        files.chain([Scope::Component(component)])
    }

    /// Whether code of a file can act in a deployment; where nothing is deployed, everywhere.
    pub(super) fn acts(&self, file: FileId, context: Context) -> bool {
        match (self.reach, context.workload) {
            (Some(reach), Some(workload)) => reach.contains(workload, file),
            _ => true,
        }
    }

    /// Whether a deployment is known to contain a file.
    pub(super) fn contains(&self, file: FileId, context: Context) -> bool {
        match (self.reach, context.workload) {
            (Some(reach), Some(workload)) => reach.contains(workload, file),
            _ => false,
        }
    }

    /// Adds a workload: `subject` as some manifest names it, `component` the code that it runs.
    pub(super) fn add(
        &mut self,
        workload: WorkloadId,
        subject: &'a Key,
        component: ComponentId,
        repo: RepoId,
        index: &Index<'a>,
    ) {
        let mut chain = reached(subject, repo, index, |_| true);
        chain.extend(self.own(component));
        self.chains.insert(workload, chain);
    }

    /// The component that encloses a file.
    pub(super) fn component_of(&self, file: FileId) -> ComponentId {
        self.component_of[file.0 as usize]
    }

    /// The scopes in which the names of a context are looked up, nearest first.
    pub(super) fn chain(&self, context: Context) -> impl Iterator<Item = Scope<'a>> {
        let chain = context
            .workload
            .and_then(|workload| self.chains.get(&workload));
        // A library that a program links: the program's scopes come first.
        chain
            .into_iter()
            .flatten()
            .copied()
            .chain(self.own(context.component))
    }
}

/// The scopes whose requirements hold for a named thing: what it inherits, and the images that it runs.
pub(super) fn taken_over<'a>(key: &'a Key, repo: RepoId, index: &Index<'a>) -> Vec<Scope<'a>> {
    reached(key, repo, index, |what| {
        spaces::info(what.namespace).carrier
    })
}

/// A named thing, then what it inherits (the latest first), then what it runs, each with what it reaches in turn.
fn reached<'a>(
    key: &'a Key,
    repo: RepoId,
    index: &Index<'a>,
    follows: impl Fn(&Key) -> bool,
) -> Vec<Scope<'a>> {
    let mut chain = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![key];
    while let Some(key) = open.pop() {
        for file in files(key, repo, index)
            .into_iter()
            .chain(copied(key, repo, index))
        {
            if seen.insert(Scope::File(file)) {
                chain.push(Scope::File(file));
            }
        }
        if !seen.insert(Scope::Named(repo, key)) {
            continue;
        }
        chain.push(Scope::Named(repo, key));
        let mut inherited = Vec::new();
        let mut next = Vec::new();
        for fact in index.about(repo, key) {
            match &fact.claim {
                Claim::Inherits { from, .. } => inherited.push((fact.span, from)),
                Claim::Runs { what, .. } if follows(what) => next.push(what),
                _ => {}
            }
        }
        // The last one is followed first.
        next.reverse();
        inherited.sort_by_key(|(span, _)| *span);
        next.extend(inherited.into_iter().map(|(_, from)| from));
        open.extend(next);
    }
    chain
}

/// The file that a key names, or those of the folder.
fn files(key: &Key, repo: RepoId, index: &Index<'_>) -> Vec<FileId> {
    let named = |name: &str| place_path(&format!("path:{name}"));
    let Some(path) = key.name.as_text().and_then(named) else {
        return Vec::new();
    };
    match key.namespace.0 {
        "file" | "path" => index.files.find(repo, &path).into_iter().collect(),
        "folder" => index.files.below(repo, &path).take(FILES).collect(),
        _ => Vec::new(),
    }
}

/// The single files that a Dockerfile copies: what a configuration says is about whoever runs the image.
fn copied(key: &Key, repo: RepoId, index: &Index<'_>) -> Vec<FileId> {
    if key.namespace.0 != "dockerfile" {
        return Vec::new();
    }
    let Some(path) = key.at.as_text().and_then(place_path) else {
        return Vec::new();
    };
    let Some(dockerfile) = index.files.find(repo, &path) else {
        return Vec::new();
    };
    let built = index
        .binds(Namespace("docker-context"), &path)
        .filter(|(fact, key, _)| key.at.is_empty() && index.repo(fact) == repo)
        .filter_map(|(.., value)| place_path(value.as_text()?));
    let mut contexts: Vec<String> = built.collect();
    if contexts.is_empty() {
        contexts.push(parent(&path).to_owned());
    }
    let mut found = Vec::new();
    for fact in index.facts_of_file(dockerfile) {
        let Claim::Requires { key, .. } = &fact.claim else {
            continue;
        };
        // Other stages and named contexts hold what others build.
        let [Part::Ref(from), Part::Text(source)] = key.name.0.as_slice() else {
            continue;
        };
        let is_own = fact.subject == Subject::Here && from.key.at.is_empty();
        if key.namespace.0 != "docker-path" || !is_own {
            continue;
        }
        let whole = contexts
            .iter()
            .filter_map(|context| join(context, source.trim_start_matches('/')));
        found.extend(whole.filter_map(|path| index.files.find(repo, &path)));
    }
    found.truncate(FILES);
    found
}
