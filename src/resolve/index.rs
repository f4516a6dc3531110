//! All facts, findable by what they are about.

use std::collections::HashMap;

use crate::model::{
    Claim, ComponentKind, Fact, FileId, FileTable, Key, Namespace, Offer, RepoId, Subject,
    Template, join,
};

/// Facts by name and by subject; positions are indices into [`Index::facts`].
pub(super) struct Index<'a> {
    pub(super) files: &'a FileTable,
    pub(super) facts: &'a [Fact],
    binds: HashMap<Namespace, HashMap<&'a str, Vec<usize>>>,
    provides: HashMap<Namespace, HashMap<&'a str, Vec<usize>>>,
    named: HashMap<&'a Key, Vec<usize>>,
    /// The facts of each file, which lie together.
    ranges: HashMap<FileId, (usize, usize)>,
    modules: Vec<usize>,
}

impl<'a> Index<'a> {
    pub(super) fn new(files: &'a FileTable, facts: &'a [Fact]) -> Self {
        let mut index = Self {
            files,
            facts,
            binds: HashMap::new(),
            provides: HashMap::new(),
            named: HashMap::new(),
            ranges: HashMap::new(),
            modules: Vec::new(),
        };
        for (position, fact) in facts.iter().enumerate() {
            let range = index.ranges.entry(fact.span.file);
            range.or_insert((position, position)).1 = position + 1;
            if let Subject::Named(key) = &fact.subject {
                index.named.entry(key).or_default().push(position);
            }
            match &fact.claim {
                Claim::Binds { key, .. } => {
                    if let Some(name) = key.name.as_text() {
                        let names = index.binds.entry(key.namespace).or_default();
                        names.entry(name).or_default().push(position);
                    }
                }
                Claim::Provides { key, .. } => {
                    if key.namespace.0 == "gomod" {
                        index.modules.push(position);
                    }
                    if let Some(name) = key.name.as_text() {
                        let names = index.provides.entry(key.namespace).or_default();
                        names.entry(name).or_default().push(position);
                    }
                }
                _ => {}
            }
        }
        index
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

    /// Everything said about a named thing.
    pub(super) fn about(&self, key: &Key) -> impl Iterator<Item = &'a Fact> {
        let list = self.named.get(key);
        list.into_iter()
            .flatten()
            .map(|position| &self.facts[*position])
    }

    /// Everything that one file says.
    pub(super) fn facts_of_file(&self, file: FileId) -> &'a [Fact] {
        let (start, end) = self.ranges.get(&file).copied().unwrap_or_default();
        &self.facts[start..end]
    }

    /// The Go modules of the run.
    pub(super) fn modules(&self) -> impl Iterator<Item = (&'a Fact, &'a str)> {
        self.modules.iter().filter_map(|position| {
            let fact = &self.facts[*position];
            match &fact.claim {
                Claim::Provides { key, .. } => Some((fact, key.name.as_text()?)),
                _ => None,
            }
        })
    }

    /// Every thing that some file names as a component, sorted, with its kind and the fact.
    pub(super) fn named_components(
        &self,
    ) -> Vec<(&'a Key, ComponentKind, Option<&'a Template>, &'a Fact)> {
        let mut found: Vec<_> = self
            .facts
            .iter()
            .filter_map(|fact| match (&fact.subject, &fact.claim) {
                (Subject::Named(key), Claim::Component { kind, name }) => {
                    Some((key, *kind, name.as_ref(), fact))
                }
                _ => None,
            })
            .collect();
        found.sort_by(|a, b| (a.0, a.3.span).cmp(&(b.0, b.3.span)));
        found
    }
}

/// The path that a place text `path:…` names, normalised.
pub(super) fn place_path(text: &str) -> Option<String> {
    join("", text.strip_prefix("path:")?)
}
