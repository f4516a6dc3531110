//! Which team or person does an owner's text stand for?

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Input, config_span, people};
use crate::model::{
    Claim, Owner, OwnerForm, Place, Problem, Span, Team, TeamId, TeamKind, TeamNode,
};

/// What one owner stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Identity {
    /// An index into [`Teams::nodes`].
    Team(TeamId),
    /// A handle or an address, folded.
    Person(String),
}

/// The teams that the run knows or has to make up, and how texts fold to them.
pub(super) struct Teams {
    /// In the order of making.
    pub(super) nodes: Vec<TeamNode>,
    /// By id, name, alias and former name, in lower case.
    names: HashMap<String, TeamId>,
    /// By id and alias alone, in lower case.
    aliases: HashMap<String, TeamId>,
    /// Teams that only ownership files name, by organisation (empty: none) and slug, folded.
    strangers: BTreeMap<Handle, TeamId>,
    /// A person's id by each name of the person, folded.
    people: HashMap<String, String>,
    /// How a person is spelled, by folded handle.
    spelled: BTreeMap<String, String>,
}

/// Organisation (empty: not named) and slug, folded.
type Handle = (String, String);

impl Teams {
    /// Folds all teams of the run; a name that two teams claim is a problem and goes to the first id.
    pub(super) fn new(input: &Input<'_>, lists: &[&[Owner]], problems: &mut Vec<Problem>) -> Self {
        let mut teams = Self {
            nodes: declared(input),
            names: HashMap::new(),
            aliases: HashMap::new(),
            strangers: BTreeMap::new(),
            people: names(input),
            spelled: BTreeMap::new(),
        };
        teams.index(problems);
        teams.add_strangers(lists);
        for owner in lists.iter().copied().flatten() {
            if let Identity::Person(key) = teams.identity(owner) {
                let text = owner.text.to_string();
                let known = teams.spelled.entry(key).or_insert_with(|| text.clone());
                // The same spelling whatever the order of the lines.
                if text < *known {
                    *known = text;
                }
            }
        }
        teams
    }

    /// The team or person that an owner stands for.
    pub(super) fn identity(&self, owner: &Owner) -> Identity {
        let team = self.declared(owner).or_else(|| match owner.form {
            OwnerForm::TeamHandle | OwnerForm::Group => self.strangers.get(&handle(owner)).copied(),
            OwnerForm::UserHandle
            | OwnerForm::Email
            | OwnerForm::Login
            | OwnerForm::File
            | OwnerForm::Anyone => None,
        });
        match team {
            Some(team) => Identity::Team(team),
            None => Identity::Person(self.person(&owner.text)),
        }
    }

    /// The folded id of a person, by any name.
    pub(super) fn person(&self, text: &str) -> String {
        let key = fold(text);
        self.people.get(&key).cloned().unwrap_or(key)
    }

    /// The folded ids of the people whom rosters list, as members, leads or by themselves.
    pub(super) fn listed(&self, input: &Input<'_>) -> BTreeSet<String> {
        let members = self.nodes.iter().flat_map(|node| {
            let team = &node.team;
            team.members.iter().flatten().chain(&team.leads)
        });
        members
            .chain(people::described(input).map(|person| &person.id))
            .map(|text| self.person(text))
            .collect()
    }

    /// A made-up node for people who own something together, by their folded ids.
    pub(super) fn group(&mut self, people: &BTreeSet<&String>) -> TeamId {
        let spelled = people
            .iter()
            .map(|key| self.spelled.get(*key).unwrap_or(key).as_str());
        let id = spelled.collect::<Vec<_>>().join(", ");
        let team = Team {
            id,
            kind: TeamKind::People,
            ..Team::default()
        };
        self.add(TeamNode {
            team,
            ..TeamNode::default()
        })
    }

    fn add(&mut self, node: TeamNode) -> TeamId {
        let id = TeamId(self.nodes.len() as u32);
        self.nodes.push(node);
        id
    }

    /// The team of a roster or the configuration that an owner stands for.
    fn declared(&self, owner: &Owner) -> Option<TeamId> {
        match owner.form {
            OwnerForm::TeamHandle | OwnerForm::Group => {
                let full = fold(&owner.text);
                let (org, slug) = handle(owner);
                let forms = [format!("@{full}"), full];
                let found = forms.iter().find_map(|form| self.names.get(form));
                found.or_else(|| {
                    let team = self.names.get(&slug)?;
                    let node = &self.nodes[team.0 as usize];
                    (org.is_empty() || !is_elsewhere(&node.team, &org)).then_some(team)
                })
            }
            OwnerForm::UserHandle | OwnerForm::Email | OwnerForm::Login => {
                self.aliases.get(&owner.text.to_lowercase())
            }
            OwnerForm::File | OwnerForm::Anyone => None,
        }
        .copied()
    }

    fn index(&mut self, problems: &mut Vec<Problem>) {
        let nodes = || (0_u32..).map(TeamId).zip(&self.nodes);
        for (id, node) in nodes() {
            let own = node.team.id.to_lowercase();
            self.names.insert(own.clone(), id);
            self.aliases.insert(own, id);
        }
        for (id, node) in nodes() {
            let team = &node.team;
            for alias in &team.aliases {
                self.aliases.entry(alias.to_lowercase()).or_insert(id);
            }
            for name in team.aliases.iter().chain(&team.previously) {
                let holder = *self.names.entry(name.to_lowercase()).or_insert(id);
                if holder != id {
                    let holder = &self.nodes[holder.0 as usize].team.id;
                    problems.push(Problem {
                        place: node.declared_at.map_or(Place::Run, Place::Span),
                        message: format!(
                            "`{name}` names team `{holder}` already and is not used for `{}`; remove one of the two",
                            team.id
                        ),
                    });
                }
            }
        }
        // A name for people is no handle: what two teams are called names neither.
        let mut shown: BTreeMap<String, BTreeSet<TeamId>> = BTreeMap::new();
        for (id, node) in nodes() {
            let team = &node.team;
            if let Some(name) = &team.name {
                shown.entry(name.to_lowercase()).or_default().insert(id);
            }
            // Who keeps people in a table writes `Cart & Checkout` and means `@acme/cart-checkout`.
            for name in team.name.iter().chain([&team.id]) {
                shown.entry(slug(name)).or_default().insert(id);
            }
        }
        for (name, ids) in shown {
            if let (1, Some(id)) = (ids.len(), ids.first()) {
                self.names.entry(name).or_insert(*id);
            }
        }
    }

    /// Makes up the teams that only owners name: by slug, and by organisation and slug where two have the same.
    fn add_strangers(&mut self, lists: &[&[Owner]]) {
        let mut slugs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for owner in lists.iter().copied().flatten() {
            let is_team = matches!(owner.form, OwnerForm::TeamHandle | OwnerForm::Group);
            if is_team && self.declared(owner).is_none() {
                let (org, slug) = handle(owner);
                slugs.entry(slug).or_default().insert(org);
            }
        }
        for (slug, orgs) in slugs {
            let named = orgs.iter().filter(|org| !org.is_empty()).count();
            let mut shared = None;
            for org in orgs {
                let apart = named > 1 && !org.is_empty();
                let id = match shared {
                    Some(id) if named == 1 => id,
                    _ => self.add(TeamNode {
                        team: Team {
                            id: if apart {
                                format!("{org}/{slug}")
                            } else {
                                slug.clone()
                            },
                            ..Team::default()
                        },
                        ..TeamNode::default()
                    }),
                };
                shared = Some(id);
                if !org.is_empty() {
                    let aliases = &mut self.nodes[id.0 as usize].team.aliases;
                    aliases.push(format!("@{org}/{slug}"));
                }
                self.strangers.insert((org, slug.clone()), id);
            }
        }
    }
}

/// The slug that GitHub makes of the name of a team.
fn slug(name: &str) -> String {
    let letters = name.to_lowercase();
    let words = letters.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// Without `@`, and without case, as GitHub compares handles.
pub(super) fn fold(text: &str) -> String {
    text.trim().trim_start_matches('@').to_lowercase()
}

/// Whether the roster of a team tells its handle, which is one of another organisation than `org`.
fn is_elsewhere(team: &Team, org: &str) -> bool {
    let Some(own) = &team.org else {
        return false;
    };
    let handles = || team.aliases.iter().filter(|alias| alias.starts_with('@'));
    let of = |alias: &String, org: &str| {
        let handle = fold(alias);
        handle.split_once('/').is_some_and(|(of, _)| of == org)
    };
    handles().any(|alias| of(alias, &fold(own))) && !handles().any(|alias| of(alias, org))
}

fn handle(owner: &Owner) -> Handle {
    let text = fold(&owner.text);
    // A name of a group is whole, whatever signs it has.
    let parts = match owner.form {
        OwnerForm::Group => None,
        // The last part names the team: groups of GitLab nest.
        _ => text.rsplit_once('/'),
    };
    match parts {
        Some((org, slug)) => (org.to_owned(), slug.to_owned()),
        None => (String::new(), text),
    }
}

/// The teams of the configuration and of rosters, sorted by id; the configuration goes first, rosters fill in what it leaves out.
///
/// A team of a roster is the configured one that has its handle or, if only one organisation has such a team, its id.
fn declared(input: &Input<'_>) -> Vec<TeamNode> {
    let rosters = || {
        input.facts.iter().filter_map(|fact| match &fact.claim {
            Claim::Team(team) => Some((&**team, fact.span)),
            _ => None,
        })
    };
    let mut orgs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (team, _) in rosters() {
        let orgs = orgs.entry(fold(&team.id)).or_default();
        orgs.extend(team.org.iter().map(|org| fold(org)));
    }
    let mut nodes: BTreeMap<String, TeamNode> = BTreeMap::new();
    let mut handles: HashMap<String, String> = HashMap::new();
    for entry in &input.config.teams {
        let (team, span) = (&entry.value, config_span(input, entry));
        let key = fold(&team.id);
        for alias in team.aliases.iter().filter(|alias| alias.contains('/')) {
            handles.entry(fold(alias)).or_insert_with(|| key.clone());
        }
        nodes
            .entry(key)
            .and_modify(|node| add(node, team, span))
            .or_insert_with(|| node(team, span));
    }
    // An alias that only one folder of files uses says less of a team than a roster does.
    let of_rosters = rosters().filter(|(team, _)| !team.local);
    let aliases = rosters().filter(|(team, _)| team.local);
    for (team, span) in of_rosters.chain(aliases) {
        let slug = fold(&team.id);
        let shared = orgs.get(&slug).is_some_and(|orgs| orgs.len() > 1);
        let org = team.org.as_ref().filter(|_| shared);
        let id = match org {
            Some(org) => format!("{org}/{}", team.id),
            None => team.id.clone(),
        };
        let named = team
            .aliases
            .iter()
            .find_map(|alias| handles.get(&fold(alias)));
        let key = named.cloned().unwrap_or_else(|| fold(&id));
        nodes
            .entry(key)
            .and_modify(|node| add(node, team, Some(span)))
            .or_insert_with(|| {
                let mut node = node(team, Some(span));
                node.team.id = id;
                node
            });
    }
    let mut nodes: Vec<TeamNode> = nodes.into_values().collect();
    nodes.sort_by(|a, b| a.team.id.cmp(&b.team.id));
    nodes
}

/// All names of the teams that the configuration and rosters declare, folded.
pub(super) fn declared_names(input: &Input<'_>) -> HashSet<String> {
    let nodes = declared(input);
    let names = nodes.iter().flat_map(|node| {
        let team = &node.team;
        let others = team.name.iter().chain(&team.aliases);
        others.chain(&team.previously).chain([&team.id])
    });
    names.map(|name| fold(name)).collect()
}

fn node(team: &Team, span: Option<Span>) -> TeamNode {
    TeamNode {
        team: team.clone(),
        declared_at: span,
        members_at: team.members.is_some().then_some(span).flatten(),
        known: true,
        ..TeamNode::default()
    }
}

/// What a further place says of a team that is known.
fn add(node: &mut TeamNode, team: &Team, at: Option<Span>) {
    if node.team.members.is_none() && team.members.is_some() {
        node.members_at = at;
    }
    fill(&mut node.team, team);
}

fn fill(team: &mut Team, other: &Team) {
    let fill = |own: &mut Option<String>, other: &Option<String>| {
        if own.is_none() {
            own.clone_from(other);
        }
    };
    fill(&mut team.org, &other.org);
    fill(&mut team.name, &other.name);
    fill(&mut team.parent, &other.parent);
    fill(&mut team.site, &other.site);
    fill(&mut team.time_zone, &other.time_zone);
    if team.leads.is_empty() {
        team.leads.clone_from(&other.leads);
    }
    if team.includes.is_empty() {
        team.includes.clone_from(&other.includes);
    }
    if team.members.is_none() {
        team.members.clone_from(&other.members);
    }
    if team.may_depend_on.is_none() {
        team.may_depend_on.clone_from(&other.may_depend_on);
    }
    if team.kind == TeamKind::default() {
        team.kind = other.kind;
    }
    team.local &= other.local;
    let add = |own: &mut Vec<String>, other: &[String]| {
        for name in other {
            if !own.contains(name) {
                own.push(name.clone());
            }
        }
    };
    add(&mut team.aliases, &other.aliases);
    add(&mut team.previously, &other.previously);
}

/// The folded id of each person of a roster, by each folded name.
fn names(input: &Input<'_>) -> HashMap<String, String> {
    let mut found = HashMap::new();
    for person in people::described(input) {
        for alias in &person.aliases {
            found.entry(fold(alias)).or_insert_with(|| fold(&person.id));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::World;
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn team(id: &str, aliases: &[&str]) -> Team {
        Team {
            id: id.to_owned(),
            aliases: texts(aliases),
            ..Team::default()
        }
    }

    /// The ids of all teams, made-up ones in brackets.
    fn ids(world: &World) -> String {
        let run = world.resolve();
        let ids = run.organisation.teams.iter().map(|node| match node.known {
            true => node.team.id.clone(),
            false => format!("[{}]", node.team.id),
        });
        ids.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn handles_fold_to_declared_teams() {
        let lines = "a @acme/cart\nb @acme/Pay-Core\nc @other/legacy\nd @acme/search\ne @acme/ops";
        let mut world = World::new(lines, &["a", "b", "c", "d", "e"]);
        world.team(team("cart", &[]));
        world.team(team("payments", &["@acme/pay-core"]));
        world.team(Team {
            previously: texts(&["legacy"]),
            name: Some("Search".to_owned()),
            ..team("find", &[])
        });
        let run = world.resolve();
        assert_eq!(run.owner("a"), "cart by 1");
        assert_eq!(run.owner("b"), "payments by 2");
        assert_eq!(run.owner("c"), "find by 3");
        assert_eq!(run.owner("d"), "find by 4");
        assert_eq!(run.owner("e"), "ops by 5");
        assert_eq!(ids(&world), "cart find [ops] payments");
    }

    #[test]
    fn a_declared_team_that_owns_nothing_is_kept() {
        let mut world = World::new("* @acme/cart", &["a"]);
        world.team(team("idle", &[]));
        assert_eq!(ids(&world), "[cart] idle");
    }

    #[test]
    fn equal_slugs_of_two_organisations_stay_apart() {
        let world = World::new("a @acme/core\nb @zoo/core\nc @ACME/Core\nd @zoo/db", &[]);
        assert_eq!(ids(&world), "[acme/core] [db] [zoo/core]");
    }

    #[test]
    fn a_bare_name_of_the_configuration_is_the_team_of_that_slug() {
        let mut world = World::new("a @acme/core", &[]);
        world.component_team(".", "core");
        assert_eq!(ids(&world), "[core]");
    }

    #[test]
    fn a_user_handle_is_a_team_only_by_alias() {
        let lines = "a @pay-bot\nb pay@acme.example\nc @cart";
        let mut world = World::new(lines, &["a", "b", "c"]);
        world.team(team("payments", &["@Pay-Bot", "pay@acme.example"]));
        world.team(team("cart", &[]));
        let run = world.resolve();
        assert_eq!(run.owner("a"), "payments by 1");
        assert_eq!(run.owner("b"), "payments by 2");
        assert_eq!(run.owner("c"), "@cart by 3");
    }

    #[test]
    fn rosters_fill_in_what_the_configuration_leaves_out() {
        let mut world = World::new("a @acme/cart", &["a"]);
        world.team(team("cart", &[]));
        world.claims.push(Claim::Team(Box::new(Team {
            leads: texts(&["ada"]),
            members: Some(texts(&["ada", "bob"])),
            ..team("Cart", &["basket"])
        })));
        let run = world.resolve();
        let [node] = &run.organisation.teams[..] else {
            panic!("one team");
        };
        assert_eq!(node.team.members, Some(texts(&["ada", "bob"])));
        assert_eq!(node.team.aliases, texts(&["basket"]));
    }

    #[test]
    fn a_roster_knows_better_than_an_alias_of_the_same_name() {
        let mut world = World::new("", &[]);
        for (local, members) in [(true, &["ada"][..]), (false, &["ada", "bob"])] {
            world.claims.push(Claim::Team(Box::new(Team {
                local,
                members: Some(texts(members)),
                ..team("cart", &[])
            })));
        }
        let run = world.resolve();
        assert_eq!(run.organisation.teams[0].whole, 2);
    }

    #[test]
    fn a_team_of_a_table_is_known_by_the_slug_of_its_name() {
        let mut world = World::new("a @acme/cart-checkout\nb @acme/pay", &["a", "b"]);
        for id in ["Cart & Checkout", "Pay!", "pay?"] {
            world.claims.push(Claim::Team(Box::new(team(id, &[]))));
        }
        assert_eq!(ids(&world), "Cart & Checkout Pay! [pay] pay?");
    }

    #[test]
    fn a_name_of_two_teams_is_a_problem() {
        let mut world = World::new("", &[]);
        world.team(team("cart", &["shop"]));
        world.team(team("pay", &["shop"]));
        let run = world.resolve();
        let messages: Vec<&str> = run.problems.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(
            messages,
            ["`shop` names team `cart` already and is not used for `pay`; remove one of the two"]
        );
    }
}
