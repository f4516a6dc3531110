//! What does a list of owners stand for, and whom does it have in common with another?

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::teams::{Identity, Teams, fold};
use crate::model::{Organisation, Owned, Owner, OwnerSet, OwnerSetId, Span, TeamId, TeamKind};

/// Owner sets, each once by what is written.
pub(super) struct Sets<'a> {
    teams: Teams,
    /// `ownership.ignore-owners`, folded.
    ignored: BTreeSet<String>,
    sets: Vec<OwnerSet>,
    by_text: HashMap<&'a [Owner], OwnerSetId>,
    /// The nodes of people who own something together, by their folded ids.
    groups: BTreeMap<Vec<String>, TeamId>,
}

impl<'a> Sets<'a> {
    pub(super) fn new(teams: Teams, ignored: &[String]) -> Self {
        Self {
            teams,
            ignored: ignored.iter().map(|text| fold(text)).collect(),
            sets: Vec::new(),
            by_text: HashMap::new(),
            groups: BTreeMap::new(),
        }
    }

    /// What a line with these owners decides.
    pub(super) fn owned(&mut self, owners: &'a [Owner], line: Span) -> Owned {
        if owners.is_empty() {
            return Owned::Unowned(line);
        }
        if let Some(set) = self.by_text.get(owners) {
            return Owned::By(*set, line);
        }
        let set = OwnerSetId(self.sets.len() as u32);
        let made = self.make(owners);
        self.sets.push(made);
        self.by_text.insert(owners, set);
        Owned::By(set, line)
    }

    /// The organisation with teams and sets: teams sorted by id, all relations resolved.
    pub(super) fn organisation(self) -> Organisation {
        let mut order: Vec<usize> = (0..self.teams.nodes.len()).collect();
        order.sort_by_key(|index| &self.teams.nodes[*index].team.id);
        let mut place = vec![TeamId(0); order.len()];
        for (at, index) in order.iter().enumerate() {
            place[*index] = TeamId(at as u32);
        }
        let mut organisation = Organisation {
            teams: order
                .iter()
                .map(|index| self.teams.nodes[*index].clone())
                .collect(),
            ..Organisation::default()
        };
        let all = || (0..order.len() as u32).map(TeamId);
        let ancestors: Vec<Vec<TeamId>> = all().map(|id| organisation.ancestors(id)).collect();
        let mut people: Vec<BTreeSet<String>> = vec![BTreeSet::new(); order.len()];
        for (id, above) in all().zip(&ancestors) {
            let team = &organisation.team(id).team;
            let members = team.members.iter().flatten().chain(&team.lead);
            for member in members.map(|text| person_atom(&self.teams.person(text))) {
                for node in above.iter().chain([&id]) {
                    people[node.0 as usize].insert(member.clone());
                }
            }
        }
        let mut sets = self.sets;
        for set in &mut sets {
            for team in &mut set.teams {
                *team = place[team.0 as usize];
            }
            set.teams.sort_unstable();
            let indices = || set.teams.iter().map(|team| team.0 as usize);
            let above: BTreeSet<TeamId> =
                indices().flat_map(|at| &ancestors[at]).copied().collect();
            let members: BTreeSet<String> = indices().flat_map(|at| &people[at]).cloned().collect();
            set.ancestors = above.into_iter().collect();
            set.members = members.into_iter().collect();
        }
        organisation.sets = sets;
        organisation
    }

    fn make(&mut self, owners: &[Owner]) -> OwnerSet {
        let mut counted: BTreeSet<Identity> = owners
            .iter()
            .filter(|owner| !self.is_ignored(owner))
            .map(|owner| self.teams.identity(owner))
            .collect();
        if counted.is_empty() {
            counted = owners
                .iter()
                .map(|owner| self.teams.identity(owner))
                .collect();
        }
        let mut teams: Vec<TeamId> = Vec::new();
        let mut people: BTreeSet<&String> = BTreeSet::new();
        for identity in &counted {
            match identity {
                Identity::Team(team) => teams.push(*team),
                Identity::Person(key) => {
                    people.insert(key);
                }
            }
        }
        let mut atoms: Vec<String> = people.iter().map(|key| person_atom(key)).collect();
        atoms.extend(
            teams
                .iter()
                .map(|team| format!("team:{}", self.teams.nodes[team.0 as usize].team.id)),
        );
        atoms.sort();
        if teams.is_empty() {
            let key: Vec<String> = people.iter().map(|key| (*key).clone()).collect();
            let group = match self.groups.get(&key) {
                Some(group) => *group,
                None => self.teams.group(&people),
            };
            self.groups.insert(key, group);
            teams.push(group);
        }
        OwnerSet {
            written: owners.to_vec(),
            teams,
            atoms,
            ..OwnerSet::default()
        }
    }

    /// Whether the configuration leaves an owner out, by its text or by the id of its team.
    fn is_ignored(&self, owner: &Owner) -> bool {
        self.ignored.contains(&fold(&owner.text))
            || match self.teams.identity(owner) {
                Identity::Team(team) => {
                    let node = &self.teams.nodes[team.0 as usize];
                    node.team.kind != TeamKind::People
                        && self.ignored.contains(&fold(&node.team.id))
                }
                Identity::Person(key) => self.ignored.contains(&key),
            }
    }
}

fn person_atom(key: &str) -> String {
    format!("person:{key}")
}
