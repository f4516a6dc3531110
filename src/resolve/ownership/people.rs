//! Who are the people of a team?

use std::collections::{BTreeMap, BTreeSet};

use super::Input;
use super::teams::fold;
use crate::model::{Claim, Member, Organisation, Person, Span, TeamId};

/// Whom rosters put into a team.
#[derive(Clone, Debug, Default)]
pub(super) struct Roll {
    /// By folded id.
    pub(super) people: BTreeMap<String, Member>,
    /// Whether they are all: leads alone leave the others untold.
    told: bool,
}

/// The people whom the configuration and rosters describe, each as often as it is done.
pub(super) fn described<'a>(input: &Input<'a>) -> impl Iterator<Item = &'a Person> + use<'a> {
    let configured = input.config.people.iter().map(|person| &person.value);
    configured.chain(rostered(input).map(|(person, _)| person))
}

/// Those whom rosters describe, and where.
fn rostered<'a>(input: &Input<'a>) -> impl Iterator<Item = (&'a Person, Span)> + use<'a> {
    input.facts.iter().filter_map(|fact| match &fact.claim {
        Claim::Person(person) => Some((&**person, fact.span)),
        _ => None,
    })
}

/// The direct people of each team, bots and alumni among them.
///
/// `key` folds any name of a person.
pub(super) fn rolls(
    input: &Input<'_>,
    organisation: &Organisation,
    key: &dyn Fn(&str) -> String,
) -> Vec<Roll> {
    let mut rolls: Vec<Roll> = organisation
        .teams
        .iter()
        .map(|node| {
            let team = &node.team;
            let mut roll = Roll {
                told: team.members.is_some(),
                ..Roll::default()
            };
            let members = team.members.iter().flatten();
            let members = members.map(|text| (text, false, node.members_at));
            let leads = team.leads.iter();
            let leads = leads.map(|text| (text, true, node.declared_at));
            for (text, lead, at) in members.chain(leads) {
                seat(&mut roll, key(text), lead, at);
            }
            roll
        })
        .collect();
    let mut teams: BTreeMap<&str, Option<TeamId>> = BTreeMap::new();
    for (person, span) in rostered(input) {
        for team in &person.teams {
            let id = *teams
                .entry(team)
                .or_insert_with(|| organisation.find_team(team));
            if let Some(roll) = id.and_then(|id| rolls.get_mut(id.0 as usize)) {
                roll.told = true;
                seat(roll, key(&person.id), false, Some(span));
            }
        }
    }
    rolls
}

/// Puts a person into a roll; the first place that says so is kept.
fn seat(roll: &mut Roll, id: String, lead: bool, at: Option<Span>) {
    let member = roll.people.entry(id).or_insert_with_key(|id| Member {
        id: id.clone(),
        lead,
        at,
    });
    member.lead |= lead;
    member.at = member.at.or(at);
}

/// Writes down who of the rolls counts, and the people whom rosters describe.
pub(super) fn count(
    input: &Input<'_>,
    organisation: &mut Organisation,
    rolls: Vec<Roll>,
    ancestors: &[Vec<TeamId>],
) {
    let mut people: BTreeMap<String, Person> = BTreeMap::new();
    for person in described(input) {
        people
            .entry(fold(&person.id))
            .and_modify(|known| fill(known, person))
            .or_insert_with(|| person.clone());
    }
    let counts = |key: &String| match people.get(key) {
        Some(person) => person.active && !person.bot && !Person::is_bot_login(key),
        None => !key.is_empty() && !Person::is_bot_login(key),
    };
    let direct: Vec<Option<BTreeMap<String, Member>>> = rolls
        .into_iter()
        .map(|roll| {
            let people = roll.people.into_iter();
            roll.told
                .then(|| people.filter(|(key, _)| counts(key)).collect())
        })
        .collect();
    let ids = |team: usize| direct[team].iter().flat_map(BTreeMap::keys);
    let mut whole: Vec<BTreeSet<&String>> = vec![BTreeSet::new(); direct.len()];
    for (index, above) in ancestors.iter().enumerate() {
        let mut own: BTreeSet<&String> = ids(index).collect();
        for included in included(organisation, TeamId(index as u32)) {
            own.extend(ids(included.0 as usize));
        }
        for above in above {
            whole[above.0 as usize].extend(&own);
        }
        whole[index].extend(own);
    }
    let sizes: Vec<usize> = whole.iter().map(BTreeSet::len).collect();
    for ((node, direct), whole) in organisation.teams.iter_mut().zip(direct).zip(sizes) {
        node.people = direct.map(|people| people.into_values().collect());
        node.whole = whole;
    }
    organisation.people = people.into_values().collect();
}

/// The teams that a team includes, by themselves or through others; a circle ends.
fn included(organisation: &Organisation, team: TeamId) -> BTreeSet<TeamId> {
    let mut found = BTreeSet::new();
    let mut open = vec![team];
    while let Some(at) = open.pop() {
        for name in &organisation.team(at).team.includes {
            if let Some(next) = organisation.find_team(name)
                && found.insert(next)
            {
                open.push(next);
            }
        }
    }
    found
}

/// What one roster leaves out, another may tell; who is gone by one of them is gone.
fn fill(known: &mut Person, other: &Person) {
    let fill = |own: &mut Option<String>, other: &Option<String>| {
        if own.is_none() {
            own.clone_from(other);
        }
    };
    fill(&mut known.name, &other.name);
    fill(&mut known.manager, &other.manager);
    fill(&mut known.site, &other.site);
    fill(&mut known.time_zone, &other.time_zone);
    known.active &= other.active;
    known.bot |= other.bot;
    known.aliases.extend(other.aliases.iter().cloned());
    known.teams.extend(other.teams.iter().cloned());
}

#[cfg(test)]
mod tests {
    use super::super::testing::World;
    use crate::model::{Claim, Person, Team};

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn team(id: &str, members: Option<&[&str]>) -> Team {
        Team {
            id: id.to_owned(),
            members: members.map(texts),
            ..Team::default()
        }
    }

    fn person(id: &str) -> Person {
        Person {
            id: id.to_owned(),
            ..Person::default()
        }
    }

    /// Direct people and the whole of each team.
    fn people(world: &World) -> String {
        let run = world.resolve();
        let teams = run.organisation.teams.iter().map(|node| {
            let people = node.people.as_ref().map(|people| {
                let ids = people.iter().map(|one| match one.lead {
                    true => format!("{}!", one.id),
                    false => one.id.clone(),
                });
                ids.collect::<Vec<_>>().join(" ")
            });
            let people = people.unwrap_or_else(|| "?".to_owned());
            format!("{}: {people} of {}", node.team.id, node.whole)
        });
        teams.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn bots_alumni_and_second_names_do_not_count() {
        let mut world = World::new("", &[]);
        let named = ["@Ada", "ada@acme.example", "old", "deploy[bot]", "helper"];
        world.team(team("cart", Some(&named)));
        for person in [
            Person {
                aliases: texts(&["ADA@acme.example"]),
                ..person("ada")
            },
            Person {
                active: false,
                ..person("Old")
            },
            Person {
                bot: true,
                ..person("helper")
            },
        ] {
            world.claims.push(Claim::Person(Box::new(person)));
        }
        assert_eq!(people(&world), "cart: ada of 1");
    }

    #[test]
    fn membership_may_be_told_by_the_person_and_a_lead_is_one_of_the_people() {
        let mut world = World::new("", &[]);
        world.team(team("cart", None));
        world.team(Team {
            leads: texts(&["eve"]),
            ..team("pay", Some(&["bob"]))
        });
        world.team(team("ops", None));
        world.claims.push(Claim::Person(Box::new(Person {
            teams: texts(&["Cart", "nowhere"]),
            ..person("ada")
        })));
        assert_eq!(
            people(&world),
            "cart: ada of 1; ops: ? of 0; pay: bob eve! of 2"
        );
    }

    #[test]
    fn leads_alone_tell_no_size() {
        let mut world = World::new("a @acme/cart\nb @eve", &["a", "b"]);
        world.team(Team {
            leads: texts(&["eve"]),
            ..team("cart", None)
        });
        assert_eq!(people(&world), "@eve: ? of 0; cart: ? of 0");
        assert!(!world.resolve().crosses("a", "b"), "eve is of the team");
    }

    #[test]
    fn included_teams_and_teams_below_make_the_whole() {
        let mut world = World::new("", &[]);
        world.team(Team {
            includes: texts(&["pay"]),
            ..team("cart", Some(&["ada"]))
        });
        world.team(Team {
            includes: texts(&["cart"]),
            ..team("pay", Some(&["bob"]))
        });
        world.team(team("shop", None));
        world.team(Team {
            parent: Some("shop".to_owned()),
            ..team("web", Some(&["ada", "eve"]))
        });
        assert_eq!(
            people(&world),
            "cart: ada of 2; pay: bob of 2; shop: ? of 2; web: ada eve of 2"
        );
    }
}
