//! Drops what holds only together with a package that the component does not have.

use std::collections::{HashMap, HashSet};

use super::index::Index;
use super::units::Units;
use crate::model::{
    Claim, ComponentId, Condition, Fact, FileTable, Key, Namespace, Subject, Template, parent,
};

/// A package, wherever it comes from.
type Package<'a> = (Namespace, &'a Template);

/// Drops facts whose `Uses` names a package that neither their component nor one around it requires or provides.
pub(super) fn apply(files: &FileTable, facts: &mut Vec<Fact>) {
    if facts.iter().all(|fact| wanted(fact).next().is_none()) {
        return;
    }
    let holds = judge(files, facts);
    let mut judged = holds.into_iter();
    facts.retain(|_| judged.next().unwrap_or(true));
}

/// Whether each fact holds.
fn judge(files: &FileTable, facts: &[Fact]) -> Vec<bool> {
    let index = Index::new(files, facts);
    let units = Units::new(&index);
    let component_of = units.component_of_files(&index);
    let mut packages: HashMap<ComponentId, HashSet<Package<'_>>> = HashMap::new();
    for fact in facts {
        if fact.subject == Subject::Here
            && let Claim::Requires { key, .. } | Claim::Provides { key, .. } = &fact.claim
        {
            let component = component_of[fact.span.file.0 as usize];
            let list = packages.entry(component).or_default();
            list.insert((key.namespace, &key.name));
        }
    }
    // A package of the root of a workspace is there for all members.
    let has = |fact: &Fact, key: &Key| {
        let mut component = component_of[fact.span.file.0 as usize];
        loop {
            let list = packages.get(&component);
            if list.is_some_and(|list| list.contains(&(key.namespace, &key.name))) {
                return true;
            }
            let Some(root) = &units.components[component.0 as usize].root else {
                return false;
            };
            if root.path.is_empty() {
                return false;
            }
            component = units.enclosing(root.repo, parent(&root.path));
        }
    };
    facts
        .iter()
        .map(|fact| wanted(fact).all(|key| has(fact, key)))
        .collect()
}

/// The packages that a fact holds with.
fn wanted(fact: &Fact) -> impl Iterator<Item = &Key> {
    fact.when.iter().filter_map(|condition| match condition {
        Condition::Uses(key) => Some(key),
        Condition::Variant(_) => None,
    })
}
