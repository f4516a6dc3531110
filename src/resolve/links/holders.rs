//! For whom does a requirement hold: for the component around the manifest, or for others that it names or that take it over?
//!
//! A script that several projects apply, a plugin that adds dependencies, a block for all subprojects: said once, held by many.

use std::collections::{HashMap, HashSet};

use super::super::index::Index;
use super::super::packages::{self, Package};
use super::{Pass, is_package};
use crate::model::{
    Claim, ComponentId, ComponentKind, Context, Fact, FileId, Hop, HopKind, Key, RepoId, RepoPath,
    Subject, Template,
};

/// The facts by which subjects take over what is said of a named thing.
pub(super) type Heirs<'a> = HashMap<(RepoId, &'a Key), Vec<&'a Fact>>;

/// Everything that is taken over, by what it is taken over from.
pub(super) fn heirs<'a>(index: &Index<'a>) -> Heirs<'a> {
    let mut heirs: Heirs<'a> = HashMap::new();
    for fact in index.facts {
        if let Claim::Inherits { from, .. } = &fact.claim {
            let list = heirs.entry((index.repo(fact), from)).or_default();
            list.push(fact);
        }
    }
    heirs
}

/// A component for which a requirement holds.
pub(super) struct Holder<'a> {
    pub(super) component: ComponentId,
    /// The file in whose scopes the requirement is read.
    pub(super) file: FileId,
    /// What makes it hold.
    inherits: Option<&'a Fact>,
}

impl Holder<'_> {
    /// The section of the manifest that takes the requirement over.
    pub(super) fn context(&self) -> Context {
        self.inherits
            .map_or(Context::Production, |fact| fact.context)
    }

    pub(super) fn hop(&self) -> Option<Hop> {
        let fact = self.inherits?;
        let Claim::Inherits { from, .. } = &fact.claim else {
            return None;
        };
        Some(Hop {
            span: fact.span,
            what: HopKind::Inherit,
            name: from.to_string(),
        })
    }
}

impl<'a> Pass<'a, '_> {
    /// The components for which a requirement holds.
    pub(super) fn holders(&self, fact: &'a Fact) -> Vec<Holder<'a>> {
        let file = fact.span.file;
        let holder = |component| Holder {
            component,
            file,
            inherits: None,
        };
        match &fact.subject {
            Subject::Here => vec![holder(self.component(fact))],
            Subject::File => Vec::new(),
            Subject::Named(key) if key.namespace.0 == "path" => {
                let folder = key.name.as_text();
                let root = folder.map(|folder| RepoPath::new(self.index.repo(fact), folder));
                let found = root.and_then(|root| self.units.at_root(&root));
                found.map(holder).into_iter().collect()
            }
            Subject::Named(key) if is_package(key.namespace) => match self.package(key, fact) {
                Some(component) => vec![holder(component)],
                None => Vec::new(),
            },
            Subject::Named(key) => self.inheriting(self.index.repo(fact), key),
        }
    }

    fn package(&self, key: &Key, fact: &Fact) -> Option<ComponentId> {
        let (key, _) = self.package_key(&Template::from(key.clone()), fact)?;
        match packages::find(&key, fact.span.file, self.index, self.units) {
            Package::Found(component, _) => Some(component),
            _ => None,
        }
    }

    /// Everybody who takes over what is said of a thing, directly or not; each file once.
    fn inheriting(&self, repo: RepoId, key: &'a Key) -> Vec<Holder<'a>> {
        let mut found = Vec::new();
        let mut seen: HashSet<&Key> = HashSet::from([key]);
        let mut files = HashSet::new();
        let mut open = vec![key];
        while let Some(key) = open.pop() {
            for fact in self.heirs.get(&(repo, key)).into_iter().flatten() {
                match &fact.subject {
                    Subject::Here if files.insert((fact.span.file, fact.context)) => {
                        found.push(Holder {
                            component: self.component(fact),
                            file: fact.span.file,
                            inherits: Some(fact),
                        });
                    }
                    Subject::Named(key) if key.namespace.0 == "path" => {
                        let root = key.name.as_text().map(|path| RepoPath::new(repo, path));
                        let component = root.and_then(|root| self.units.at_root(&root));
                        found.extend(component.map(|component| Holder {
                            component,
                            file: fact.span.file,
                            inherits: Some(fact),
                        }));
                    }
                    Subject::Named(next) if seen.insert(next) => open.push(next),
                    _ => {}
                }
            }
        }
        found
    }

    /// What the kind of a component says of the code that it links.
    pub(super) fn of_component(&self, component: ComponentId) -> Context {
        match self.units.components[component.0 as usize].kind {
            ComponentKind::Test => Context::Test,
            ComponentKind::Orchestrator => Context::Build,
            _ => Context::Production,
        }
    }
}
