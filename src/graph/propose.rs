//! What could a configuration say of this organisation that its files do not?

use std::collections::{BTreeMap, BTreeSet};

use super::Graph;
use crate::model::{ComponentId, ComponentKind, Context, DependencyKind, Owned, TeamKind};

/// What is worth writing down; facts, no judgement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The teams that only ownership files name, sorted by id.
    pub teams: Vec<ProposedTeam>,
    /// Owners that stand beside others on more than 90 % of the owned files, sorted.
    pub co_owners: Vec<CoOwner>,
    /// Libraries that three or more other teams link and nobody declared as shared, sorted by folder.
    pub libraries: Vec<ProposedLibrary>,
}

/// A team that no roster knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedTeam {
    pub id: String,
    /// How ownership files write it, as far as that differs.
    pub handles: Vec<String>,
}

/// An owner that says nothing, for it stands everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoOwner {
    /// As written.
    pub owner: String,
    /// The files that it owns together with others.
    pub files: usize,
    /// All files that somebody owns.
    pub of: usize,
}

/// A library that behaves as everybody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedLibrary {
    pub folder: String,
    pub name: String,
    /// The teams that link it without owning it, sorted.
    pub users: Vec<String>,
}

/// From how many other teams on a library looks like everybody's.
const USERS: usize = 3;

/// What the graph suggests.
pub fn propose(graph: &Graph) -> Proposal {
    Proposal {
        teams: teams(graph),
        co_owners: co_owners(graph),
        libraries: libraries(graph),
    }
}

fn teams(graph: &Graph) -> Vec<ProposedTeam> {
    let nodes = graph.organisation().teams.iter();
    nodes
        .filter(|node| !node.known && node.team.kind != TeamKind::People)
        .map(|node| ProposedTeam {
            id: node.team.id.clone(),
            handles: node.team.aliases.clone(),
        })
        .collect()
}

fn co_owners(graph: &Graph) -> Vec<CoOwner> {
    let organisation = graph.organisation();
    let mut by_set = vec![0_usize; organisation.sets.len()];
    let mut owned = 0;
    for owner in &organisation.files {
        if let Owned::By(set, _) = owner {
            by_set[set.0 as usize] += 1;
            owned += 1;
        }
    }
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for (set, count) in organisation.sets.iter().zip(&by_set) {
        let several = set.written.len() > 1;
        let texts: BTreeSet<&str> = set.written.iter().map(|owner| &*owner.text).collect();
        for text in texts.into_iter().filter(|_| several) {
            *files.entry(text).or_default() += count;
        }
    }
    files
        .into_iter()
        .filter(|(_, files)| files.saturating_mul(10) > owned * 9)
        .map(|(owner, files)| CoOwner {
            owner: owner.to_owned(),
            files,
            of: owned,
        })
        .collect()
}

fn libraries(graph: &Graph) -> Vec<ProposedLibrary> {
    let mut users: BTreeMap<ComponentId, BTreeSet<&str>> = BTreeMap::new();
    for dependency in graph.dependencies() {
        if dependency.kind == DependencyKind::LinkLib
            && dependency.context == Context::Production
            && graph.crossing(dependency).is_some()
        {
            let teams = graph.end_ids(&dependency.from);
            users
                .entry(dependency.to.component)
                .or_default()
                .extend(teams);
        }
    }
    let mut found: Vec<ProposedLibrary> = users
        .into_iter()
        .filter(|(_, users)| users.len() >= USERS)
        .filter_map(|(id, users)| {
            let component = graph.component(id);
            let root = component.root.as_ref()?;
            let fits = component.kind == ComponentKind::Library
                && !component.shared
                && !root.path.is_empty();
            fits.then(|| ProposedLibrary {
                folder: root.path.to_string(),
                name: component.name.clone(),
                users: users.into_iter().map(str::to_owned).collect(),
            })
        })
        .collect();
    found.sort_by(|a, b| (&a.folder, &a.name).cmp(&(&b.folder, &b.name)));
    found.dedup_by(|a, b| a.folder == b.folder);
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Builder, dep};
    use super::*;

    fn money(users: &[&str]) -> Proposal {
        let mut shop = Builder::new().component("money", ComponentKind::Library, "billing");
        for team in users {
            let api = format!("{team}-api");
            shop = shop
                .service(&api, team)
                .dep(dep(&api, "money", DependencyKind::LinkLib));
        }
        propose(&shop.graph())
    }

    #[test]
    fn a_library_of_three_other_teams_looks_like_everybodys() {
        let found = money(&["cart", "catalog", "search"]).libraries;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].folder, "money");
        assert_eq!(found[0].users, ["cart", "catalog", "search"]);
    }

    #[test]
    fn two_teams_or_the_owners_themselves_are_not_enough() {
        assert!(money(&["cart", "catalog"]).libraries.is_empty());
        assert!(money(&["cart", "catalog", "billing"]).libraries.is_empty());
    }
}
