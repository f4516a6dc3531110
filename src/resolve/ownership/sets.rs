//! What does a list of owners stand for, and whom does it have in common with another?

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::teams::{Identity, Teams, fold};
use super::{Input, people};
use crate::model::{
    Organisation, Owned, Owner, OwnerForm, OwnerSet, OwnerSetId, Span, Stranger, TeamId, TeamKind,
};

/// Owner sets, each once by what is written.
pub(super) struct Sets {
    teams: Teams,
    /// `ownership.ignore-owners`, folded.
    ignored: BTreeSet<String>,
    sets: Vec<OwnerSet>,
    by_text: HashMap<Vec<Owner>, OwnerSetId>,
    /// The nodes of people who own something together, by their folded ids.
    groups: BTreeMap<Vec<String>, TeamId>,
}

impl Sets {
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
    pub(super) fn owned(&mut self, owners: &[Owner], line: Span) -> Owned {
        // Whom everybody may stand in for is nobody's in particular.
        if owners.iter().all(|owner| owner.form == OwnerForm::Anyone) {
            return Owned::Unowned(line);
        }
        if let Some(set) = self.by_text.get(owners) {
            return Owned::By(*set, line);
        }
        let set = OwnerSetId(self.sets.len() as u32);
        let made = self.make(owners);
        self.sets.push(made);
        self.by_text.insert(owners.to_vec(), set);
        Owned::By(set, line)
    }

    /// The owners that no roster knows, each at the first line that names it, by place.
    ///
    /// Those that the configuration leaves out of sets are known to it.
    pub(super) fn strangers<'l>(
        &self,
        lines: impl Iterator<Item = (&'l [Owner], Span)>,
        input: &Input<'_>,
    ) -> Vec<Stranger> {
        let known = self.teams.listed(input);
        let mut first: BTreeMap<Identity, Stranger> = BTreeMap::new();
        for (owners, line) in lines {
            for owner in particular(owners).filter(|owner| !self.is_ignored(owner)) {
                let identity = self.teams.identity(owner);
                let is_known = match &identity {
                    Identity::Team(team) => self.teams.nodes[team.0 as usize].known,
                    Identity::Person(key) => known.contains(key),
                };
                if !is_known {
                    let is_team = matches!(identity, Identity::Team(_));
                    first.entry(identity).or_insert_with(|| Stranger {
                        owner: owner.clone(),
                        is_team,
                        line,
                    });
                }
            }
        }
        let mut found: Vec<Stranger> = first.into_values().collect();
        found.sort_by(|a, b| (a.line, &a.owner).cmp(&(b.line, &b.owner)));
        found
    }

    /// The organisation with teams and sets: teams sorted by id, all relations resolved.
    pub(super) fn organisation(self, input: &Input<'_>) -> Organisation {
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
        let rolls = people::rolls(input, &organisation, &|text| self.teams.person(text));
        let mut people: Vec<BTreeSet<String>> = vec![BTreeSet::new(); order.len()];
        for ((id, above), roll) in all().zip(&ancestors).zip(&rolls) {
            for member in roll.people.keys().map(|key| person_atom(key)) {
                for node in above.iter().chain([&id]) {
                    people[node.0 as usize].insert(member.clone());
                }
            }
        }
        people::count(input, &mut organisation, rolls, &ancestors);
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
        let mut counted: BTreeSet<Identity> = particular(owners)
            .filter(|owner| !self.is_ignored(owner))
            .map(|owner| self.teams.identity(owner))
            .collect();
        if counted.is_empty() {
            counted = particular(owners)
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

/// The owners that are somebody in particular.
fn particular(owners: &[Owner]) -> impl Iterator<Item = &Owner> {
    let owners = owners.iter();
    owners.filter(|owner| owner.form != OwnerForm::Anyone)
}

fn person_atom(key: &str) -> String {
    format!("person:{key}")
}

#[cfg(test)]
mod tests {
    use super::super::testing::World;
    use crate::model::{Claim, Person, Team, TeamKind};

    const PATHS: &[&str] = &["a", "b", "c", "d", "e"];

    fn team(id: &str, parent: Option<&str>, members: &[&str]) -> Team {
        Team {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            members: Some(members.iter().map(|text| (*text).to_owned()).collect()),
            ..Team::default()
        }
    }

    #[test]
    fn sets_cross_when_they_have_no_team_in_common() {
        let lines = "a @acme/cart\nb @acme/pay @acme/cart\nc @acme/pay";
        let run = World::new(lines, PATHS).resolve();
        assert!(run.crosses("a", "c"));
        assert!(!run.crosses("a", "b"));
        assert!(!run.crosses("b", "c"));
        assert!(!run.crosses("a", "a"));
    }

    #[test]
    fn parent_and_child_do_not_cross_but_siblings_do() {
        let mut world = World::new(
            "a @acme/web\nb @acme/cart\nc @acme/basket\nd @acme/pay",
            PATHS,
        );
        world.team(team("web", None, &[]));
        world.team(team("cart", Some("web"), &[]));
        world.team(team("basket", Some("cart"), &[]));
        world.team(team("pay", Some("Web"), &[]));
        let run = world.resolve();
        assert!(!run.crosses("a", "b"));
        assert!(!run.crosses("a", "c"), "grandchild");
        assert!(run.crosses("b", "d"));
        assert!(!run.crosses("d", "a"), "case does not matter");
    }

    #[test]
    fn a_circle_of_parents_ends() {
        let mut world = World::new("a @acme/x\nb @acme/y\nc @acme/z", PATHS);
        world.team(team("x", Some("y"), &[]));
        world.team(team("y", Some("x"), &[]));
        world.team(team("z", Some("z"), &[]));
        let run = world.resolve();
        assert!(!run.crosses("a", "b"));
        assert!(run.crosses("a", "c"));
    }

    #[test]
    fn a_person_meets_the_team_whose_roster_lists_them() {
        let lines = "a @Alice\nb @acme/cart\nc @acme/pay\nd @acme/web\ne @carol @alice";
        let mut world = World::new(lines, PATHS);
        world.team(team("cart", Some("web"), &["alice", "@bob"]));
        world.team(team("pay", None, &["bob"]));
        world.team(team("web", None, &[]));
        let run = world.resolve();
        assert!(!run.crosses("a", "b"));
        assert!(!run.crosses("a", "d"), "alice is below web");
        assert!(!run.crosses("e", "b"));
        assert!(run.crosses("a", "c"));
        assert!(run.crosses("b", "c"), "a common member is no common team");
        assert!(!run.crosses("a", "e"));
    }

    #[test]
    fn a_roster_tells_which_address_is_whose() {
        let mut world = World::new("a ada@acme.example\nb @acme/cart", PATHS);
        world.team(team("cart", None, &["ada"]));
        world.claims.push(Claim::Person(Box::new(Person {
            id: "ada".to_owned(),
            aliases: vec!["ada@acme.example".to_owned()],
            ..Person::default()
        })));
        assert!(!world.resolve().crosses("a", "b"));
    }

    #[test]
    fn people_beside_a_team_count_for_crossing_only() {
        let run = World::new("a @acme/cart @ada\nb @ada\nc @bob", PATHS).resolve();
        assert_eq!(run.owner("a"), "cart by 1");
        assert!(!run.crosses("a", "b"));
        assert!(run.crosses("a", "c"));
    }

    #[test]
    fn people_only_are_one_node_however_they_are_written() {
        let run = World::new("a @bob @Ada\nb @ada @BOB\nc @ada", PATHS).resolve();
        assert_eq!(run.owner("a"), "@Ada, @BOB by 1");
        assert_eq!(run.owner("b"), "@Ada, @BOB by 2");
        let organisation = &run.organisation;
        let node = organisation.team(organisation.teams_of(run.set("a"))[0]);
        assert_eq!(node.team.kind, TeamKind::People);
        assert!(!node.known);
        assert_ne!(run.set("a"), run.set("b"), "each is printed as written");
        assert!(!run.crosses("a", "c"));
    }

    #[test]
    fn ignored_owners_count_only_where_nobody_else_does() {
        let lines = "a @acme/cart @acme/Reviewers\nb @acme/pay @acme/reviewers @lead\nc @acme/reviewers\nd @lead @acme/reviewers";
        let mut world = World::new(lines, PATHS);
        world.config.ownership.ignore_owners =
            vec!["@acme/reviewers".to_owned(), "@Lead".to_owned()];
        let run = world.resolve();
        assert_eq!(run.owner("a"), "cart by 1");
        assert_eq!(run.owner("c"), "reviewers by 3");
        assert_eq!(run.owner("d"), "reviewers by 4");
        assert!(run.crosses("a", "b"));
        let written = &run.organisation.sets[run.set("a").0 as usize].written;
        assert_eq!(written.len(), 2, "printed as written");
    }

    #[test]
    fn a_team_that_no_roster_knows_is_made_up() {
        let mut world = World::new("a @acme/ghost", PATHS);
        world.team(team("cart", None, &["ada"]));
        let run = world.resolve();
        assert_eq!(run.owner("a"), "ghost by 1");
        let known: Vec<bool> = run
            .organisation
            .teams
            .iter()
            .map(|node| node.known)
            .collect();
        assert_eq!(known, [true, false]);
    }
}
