//! Which distributions each component requires: those of the run, and those from outside.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::model::{Claim, ComponentId, RepoId, Subject, parent};
use crate::resolve::index::place_path;
use crate::resolve::lookups::Run;

/// What components require.
pub(super) struct Requirements<'r> {
    /// Components of the run, also those that requirements require.
    inside: HashMap<ComponentId, BTreeSet<ComponentId>>,
    /// Distributions from outside, by their normalised names.
    outside: HashMap<ComponentId, HashSet<&'r str>>,
    /// The component around each component.
    above: HashMap<ComponentId, ComponentId>,
}

impl<'r> Requirements<'r> {
    pub(super) fn new(run: &Run<'r, '_>) -> Self {
        let index = run.index;
        let component = |file: crate::model::FileId| run.component_of[file.0 as usize];
        let mut offers: HashMap<(RepoId, &str), BTreeSet<ComponentId>> = HashMap::new();
        for fact in index.facts {
            if let (Subject::Here, Claim::Provides { key, .. }) = (&fact.subject, &fact.claim)
                && key.namespace.0 == "pypi"
                && let Some(name) = key.name.as_text()
            {
                let offered = offers.entry((index.repo(fact), name)).or_default();
                offered.insert(component(fact.span.file));
            }
        }
        let mut direct: BTreeMap<ComponentId, BTreeSet<ComponentId>> = BTreeMap::new();
        let mut outside: HashMap<ComponentId, HashSet<&str>> = HashMap::new();
        for fact in index.facts {
            let (Subject::Here, Claim::Requires { key, .. }) = (&fact.subject, &fact.claim) else {
                continue;
            };
            if key.namespace.0 != "pypi" {
                continue;
            }
            let from = component(fact.span.file);
            let repo = index.repo(fact);
            let there = direct.entry(from).or_default();
            if let Some(path) = key.at.as_text().and_then(place_path) {
                there.insert(run.units.enclosing(repo, &path));
            } else if let Some(name) = key.name.as_text() {
                match offers.get(&(repo, name)) {
                    Some(offered) => there.extend(offered),
                    None => {
                        outside.entry(from).or_default().insert(name);
                    }
                }
            }
        }
        let inside = direct
            .keys()
            .map(|from| (*from, closure(*from, &direct)))
            .collect();
        Self {
            inside,
            outside,
            above: above(run),
        }
    }

    /// Whether a component requires another of the run, straight or through others.
    pub(super) fn requires(&self, from: ComponentId, to: ComponentId) -> bool {
        self.inside
            .get(&from)
            .is_some_and(|list| list.contains(&to))
    }

    /// Whether a component, or one around it, requires a distribution from outside.
    pub(super) fn is_outside(&self, from: ComponentId, distribution: &str) -> bool {
        let mut at = Some(from);
        while let Some(component) = at {
            let list = self.outside.get(&component);
            if list.is_some_and(|list| list.contains(distribution)) {
                return true;
            }
            at = self.above.get(&component).copied();
        }
        false
    }
}

fn closure(
    from: ComponentId,
    direct: &BTreeMap<ComponentId, BTreeSet<ComponentId>>,
) -> BTreeSet<ComponentId> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(component) = open.pop() {
        for next in direct.get(&component).into_iter().flatten() {
            if found.insert(*next) {
                open.push(*next);
            }
        }
    }
    found
}

fn above(run: &Run<'_, '_>) -> HashMap<ComponentId, ComponentId> {
    let components = run.units.components.iter().enumerate();
    components
        .filter_map(|(number, component)| {
            let root = component
                .root
                .as_ref()
                .filter(|root| !root.path.is_empty())?;
            let above = run.units.enclosing(root.repo, parent(&root.path));
            Some((ComponentId(number as u32), above))
        })
        .collect()
}
