//! The figures of each team: its people, what it owns, how it is coupled, what is found about it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Graph, TeamGraph, lines_of_communication, people};
use crate::model::{
    ComponentId, ComponentKind, Context, Finding, Language, Level, Owned, TeamId, TeamKind,
};

/// What the figures of one team are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TeamFigures {
    pub team: TeamId,
    /// Direct people; `None` when no roster tells them.
    pub people: Option<usize>,
    /// With the people of included teams and of all teams below.
    pub whole: usize,
    /// Whether it has more direct people than the limit, and is of a kind that has a size.
    pub oversized: bool,
    /// How many of the people lead it; `None` when no roster tells the leads of any team.
    pub leads: Option<usize>,
    /// Files that it owns, alone or with others.
    pub files: usize,
    /// Components of code that it owns, alone or with others, and those of them that run by themselves.
    pub components: Vec<ComponentId>,
    pub deployables: Vec<ComponentId>,
    /// The programming languages of its source files, without those that only a few files are in.
    pub languages: Vec<Language>,
    /// Sites of production code that use what others own, and where others use what it owns.
    pub couplings_out: usize,
    pub couplings_in: usize,
    /// The teams that production code couples it with, in either direction.
    pub foreign_teams: BTreeSet<TeamId>,
    /// Findings that nobody accepted, and that it has to act on.
    pub findings: usize,
}

/// A language counts when at least this part of a team's source files is in it: one script makes no second language.
const LEAST_SHARE: f64 = 0.05;

impl TeamFigures {
    /// Pairs of people.
    pub fn lines(&self) -> Option<usize> {
        self.people.map(lines_of_communication)
    }

    /// What the team has to keep in mind: components, languages and other teams.
    ///
    /// A proxy for cognitive load, which cannot be counted
    /// (<https://teamtopologies.com/key-concepts-content/team-cognitive-load>).
    pub fn load(&self) -> usize {
        self.components.len() + self.languages.len() + self.foreign_teams.len()
    }

    /// The load for each of the people; `None` when they are unknown, or nobody.
    pub fn load_per_head(&self) -> Option<f64> {
        per_head(self.load(), self.people)
    }

    /// Whether there is anything to tell beside its name.
    pub fn is_idle(&self) -> bool {
        self.files == 0
            && self.components.is_empty()
            && self.couplings_out + self.couplings_in + self.findings == 0
    }
}

/// A number for each of the people; `None` when they are unknown, or nobody.
pub fn per_head(number: usize, people: Option<usize>) -> Option<f64> {
    let people = people.filter(|people| *people > 0)?;
    Some(number as f64 / people as f64)
}

/// The figures of every team, by [`TeamId`]; `team_max` is the most people of a team.
pub fn figures(graph: &Graph, findings: &[Finding], team_max: Option<usize>) -> Vec<TeamFigures> {
    let organisation = graph.organisation();
    let leads = |team: TeamId| {
        let people = organisation.team(team).people.iter().flatten();
        people.filter(|one| one.lead).count()
    };
    let ids = || (0..organisation.teams.len() as u32).map(TeamId);
    let leads_told = ids().any(|team| leads(team) > 0);
    let mut all: Vec<TeamFigures> = ids()
        .map(|team| {
            let node = organisation.team(team);
            let people = people(node);
            let is_over = people > team_max && team_max.is_some();
            TeamFigures {
                team,
                people,
                whole: node.whole,
                oversized: is_over && node.team.kind.is_sized(),
                leads: (leads_told && people.is_some()).then(|| leads(team)),
                ..TeamFigures::default()
            }
        })
        .collect();
    add_files(graph, &mut all);
    add_components(graph, &mut all);
    add_couplings(graph, &mut all);
    for finding in findings {
        if finding.level == Level::Allow || !finding.standing.counts() {
            continue;
        }
        let teams: BTreeSet<TeamId> = finding
            .from_teams()
            .filter_map(|id| organisation.find_team(id))
            .collect();
        for team in teams {
            all[team.0 as usize].findings += 1;
        }
    }
    all
}

/// Sorts by trouble: findings, too many people, load for each of the people, load, couplings; then by id.
pub fn by_trouble(figures: &mut [TeamFigures]) {
    figures.sort_by(|a, b| {
        let trouble = |one: &TeamFigures| Reverse((one.findings, one.oversized));
        let head = |one: &TeamFigures| one.load_per_head().unwrap_or_default();
        let rest = |one: &TeamFigures| {
            let couplings = one.couplings_out + one.couplings_in;
            (Reverse(one.load()), Reverse(couplings), one.team)
        };
        trouble(a)
            .cmp(&trouble(b))
            .then_with(|| head(b).total_cmp(&head(a)))
            .then_with(|| rest(a).cmp(&rest(b)))
    });
}

/// Whether a component runs by itself, and so has to be run by somebody.
fn is_deployable(kind: ComponentKind) -> bool {
    matches!(
        kind,
        ComponentKind::Service
            | ComponentKind::Job
            | ComponentKind::Orchestrator
            | ComponentKind::Website
            | ComponentKind::Gateway
    )
}

fn add_files(graph: &Graph, all: &mut [TeamFigures]) {
    let organisation = graph.organisation();
    let mut sources: Vec<BTreeMap<Language, usize>> = vec![BTreeMap::new(); all.len()];
    for (file, row) in graph.files().iter() {
        let Owned::By(set, _) = organisation.file(file) else {
            continue;
        };
        let class = row.class;
        let written = class.language.is_code()
            && class.context != Context::Generated
            && !class.vendored
            && !row.info.generated;
        for team in organisation.teams_of(set) {
            let index = team.0 as usize;
            all[index].files += 1;
            if written {
                *sources[index].entry(class.language).or_default() += 1;
            }
        }
    }
    for (figures, languages) in all.iter_mut().zip(sources) {
        let sum: usize = languages.values().sum();
        let least = sum as f64 * LEAST_SHARE;
        figures.languages = languages
            .into_iter()
            .filter(|(_, files)| *files as f64 >= least)
            .map(|(language, _)| language)
            .collect();
    }
}

fn add_components(graph: &Graph, all: &mut [TeamFigures]) {
    let organisation = graph.organisation();
    for (index, component) in graph.components().iter().enumerate() {
        let id = ComponentId(index as u32);
        let Some(set) = organisation.component(id).set() else {
            continue;
        };
        for team in organisation.teams_of(set) {
            let figures = &mut all[team.0 as usize];
            if component.kind.is_code() {
                figures.components.push(id);
            }
            if is_deployable(component.kind) {
                figures.deployables.push(id);
            }
        }
    }
}

fn add_couplings(graph: &Graph, all: &mut [TeamFigures]) {
    let teams = TeamGraph::new(graph, |one| {
        one.context == Context::Production && graph.couples_teams(one)
    });
    for edge in teams.edges() {
        let sites = edge.sites() as usize;
        let (from, to) = (edge.from, edge.to);
        all[from.0 as usize].couplings_out += sites;
        all[to.0 as usize].couplings_in += sites;
        for (team, other) in [(from, to), (to, from)] {
            if graph.organisation().team(other).team.kind != TeamKind::People {
                all[team.0 as usize].foreign_teams.insert(other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Builder, dep};
    use super::*;
    use crate::model::{DependencyKind, Team};

    fn team(id: &str, people: usize) -> Team {
        Team {
            id: id.to_owned(),
            members: Some((0..people).map(|n| format!("p{n}")).collect()),
            ..Team::default()
        }
    }

    fn shop() -> Vec<TeamFigures> {
        let graph = Builder::new()
            .service("cart-api", "cart")
            .component("money", ComponentKind::Library, "cart")
            .component("db", ComponentKind::Datastore, "cart")
            .service("ledger", "pay")
            .service("web", "@ada, @bob")
            .team(team("cart", 2))
            .team(Team {
                leads: vec!["p0".to_owned()],
                ..team("pay", 9)
            })
            .dep(dep("cart-api", "ledger", DependencyKind::CallHttp))
            .dep(dep("ledger", "money", DependencyKind::LinkLib))
            .dep(dep("ledger", "money", DependencyKind::LinkLib).context(Context::Test))
            .graph();
        figures(&graph, &[], Some(7))
    }

    fn named(all: &[TeamFigures], team: u32) -> &TeamFigures {
        all.iter().find(|one| one.team == TeamId(team)).unwrap()
    }

    #[test]
    fn what_a_team_owns_and_is_coupled_with_is_counted_once() {
        let all = shop();
        let cart = named(&all, 1);
        assert_eq!((cart.components.len(), cart.deployables.len()), (2, 1));
        assert_eq!((cart.couplings_out, cart.couplings_in), (1, 1));
        assert_eq!(cart.foreign_teams.len(), 1);
        assert!(cart.languages.is_empty());
        assert_eq!((cart.load(), cart.load_per_head()), (3, Some(1.5)));
        assert_eq!((cart.leads, cart.lines()), (Some(0), Some(1)));
        let pay = named(&all, 2);
        assert_eq!((pay.leads, pay.lines()), (Some(1), Some(36)));
    }

    #[test]
    fn unknown_sizes_are_no_zeroes() {
        let all = shop();
        let people = named(&all, 0);
        assert_eq!((people.people, people.leads), (None, None));
        assert_eq!((people.lines(), people.load_per_head()), (None, None));
        assert_eq!(per_head(4, Some(0)), None);
    }

    #[test]
    fn the_worst_come_first() {
        let mut all = shop();
        assert!(named(&all, 2).oversized && !named(&all, 1).oversized);
        by_trouble(&mut all);
        let order: Vec<u32> = all.iter().map(|one| one.team.0).collect();
        assert_eq!(order, [2, 1, 0]);
        all[2].findings = 1;
        by_trouble(&mut all);
        assert_eq!(all[0].team, TeamId(0));
    }
}
