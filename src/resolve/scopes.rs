//! The scopes of a workload, nearest first: its own, what it inherits, what it runs, its code.

use std::collections::HashMap;

use super::fold::Context;
use super::index::{Index, place_path};
use crate::model::{Claim, ComponentId, FileId, Key, RepoId, WorkloadId};

/// A scope in which bindings are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scope<'a> {
    /// What is said about a named thing.
    Named(&'a Key),
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
}

impl<'a> Scopes<'a> {
    /// Scopes without workloads: for what static manifests refer to.
    pub(super) fn new(component_of: Vec<ComponentId>) -> Self {
        Self {
            component_of,
            chains: HashMap::new(),
        }
    }

    /// Adds a workload: `subject` as some manifest names it, `component` the code that it runs.
    pub(super) fn add(
        &mut self,
        workload: WorkloadId,
        subjects: &[&'a Key],
        component: ComponentId,
        repo: RepoId,
        index: &Index<'a>,
    ) {
        let mut chain = Vec::new();
        for subject in subjects {
            collect(subject, repo, index, &mut chain);
        }
        chain.push(Scope::Component(component));
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
            .chain([Scope::Component(context.component)])
    }
}

/// Appends a named thing, then what it inherits (the latest first), then what it runs.
fn collect<'a>(key: &'a Key, repo: RepoId, index: &Index<'a>, chain: &mut Vec<Scope<'a>>) {
    let scope = Scope::Named(key);
    if chain.contains(&scope) {
        return;
    }
    chain.push(scope);
    let mut inherited: Vec<_> = index
        .about(key)
        .filter_map(|fact| match &fact.claim {
            Claim::Inherits { from, .. } => Some((fact.span, from)),
            _ => None,
        })
        .collect();
    inherited.sort_by_key(|(span, _)| std::cmp::Reverse(*span));
    for (_, from) in inherited {
        follow(from, repo, index, chain);
    }
    for fact in index.about(key) {
        if let Claim::Runs { what, .. } = &fact.claim {
            follow(what, repo, index, chain);
        }
    }
}

/// Appends the scope that a key names: a file, or a named thing.
fn follow<'a>(key: &'a Key, repo: RepoId, index: &Index<'a>, chain: &mut Vec<Scope<'a>>) {
    if matches!(key.namespace.0, "file" | "path") {
        let path = key.name.as_text().map(|name| format!("path:{name}"));
        if let Some(file) = path
            .and_then(|path| place_path(&path))
            .and_then(|path| index.files.find(repo, &path))
        {
            let scope = Scope::File(file);
            if !chain.contains(&scope) {
                chain.push(scope);
            }
        }
    }
    collect(key, repo, index, chain);
}
