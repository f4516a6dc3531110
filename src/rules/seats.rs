//! What rules about people share: who sits in several work teams at once.

use std::collections::{BTreeMap, BTreeSet};

use super::words::list;
use crate::graph::Graph;
use crate::model::{Evidence, Finding, Hop, HopKind, Member, Span, TeamId, TeamKind};

/// People who sit in the same teams; no person is named but by the lines of the rosters.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) people: usize,
    /// The lines that say so, for the first few of them.
    pub(super) evidence: Vec<Evidence>,
}

/// More evidence than this adds nothing.
const MOST_EVIDENCE: usize = 3;

/// The most teams that a message names beside the first.
const MOST_NAMES: usize = 4;

/// The teams of kind work; the only ones whose people are meant to work there and nowhere else.
pub(super) fn work_teams(graph: &Graph) -> impl Iterator<Item = TeamId> {
    let teams = graph.organisation().teams.iter().enumerate();
    teams
        .filter(|(_, node)| node.team.kind == TeamKind::Work)
        .map(|(index, _)| TeamId(index as u32))
}

/// The people among `which` who sit in more than `most` work teams, by the set of teams.
///
/// A team and the teams above it count as one: whoever is in `cart` may be listed in its parent, too.
pub(super) fn shared(
    graph: &Graph,
    most: usize,
    which: impl Fn(&Member) -> bool,
) -> BTreeMap<BTreeSet<TeamId>, Shared> {
    let organisation = graph.organisation();
    let mut seats: BTreeMap<&str, Vec<(TeamId, Option<Span>)>> = BTreeMap::new();
    for team in work_teams(graph) {
        let people = organisation.team(team).people.iter().flatten();
        for one in people.filter(|one| which(one)) {
            seats.entry(&one.id).or_default().push((team, one.at));
        }
    }
    let mut found: BTreeMap<BTreeSet<TeamId>, Shared> = BTreeMap::new();
    for (person, mut seats) in seats {
        if seats.len() <= most {
            continue;
        }
        let above: BTreeSet<TeamId> = seats
            .iter()
            .flat_map(|(team, _)| organisation.ancestors(*team))
            .collect();
        seats.retain(|(team, _)| !above.contains(team));
        if seats.len() <= most {
            continue;
        }
        let teams = seats.iter().map(|(team, _)| *team).collect();
        let shared = found.entry(teams).or_default();
        shared.people += 1;
        if shared.evidence.len() < MOST_EVIDENCE {
            let hops = seats.iter().filter_map(|(_, at)| {
                Some(Hop {
                    span: (*at)?,
                    what: HopKind::Provide,
                    name: person.to_owned(),
                })
            });
            let chain: Vec<Hop> = hops.collect();
            shared
                .evidence
                .extend((!chain.is_empty()).then_some(Evidence { chain }));
        }
    }
    found
}

/// The first team, and the others as they stand in a sentence; ids in order.
pub(super) fn names(graph: &Graph, teams: &BTreeSet<TeamId>) -> (String, String) {
    let mut names: Vec<String> = ids(graph, teams)
        .into_iter()
        .map(|id| format!("`{id}`"))
        .collect();
    let first = names.remove(0);
    if names.len() > MOST_NAMES {
        let more = names.len() - MOST_NAMES;
        names.truncate(MOST_NAMES);
        names.push(format!("{more} more"));
    }
    (first, list(&names))
}

/// What a baseline knows the set of teams by.
pub(super) fn key(graph: &Graph, teams: &BTreeSet<TeamId>) -> String {
    ids(graph, teams).join(" ")
}

/// The teams as a finding carries them.
pub(super) fn carried(graph: &Graph, teams: &BTreeSet<TeamId>) -> String {
    ids(graph, teams).join(Finding::AND)
}

fn ids<'a>(graph: &'a Graph, teams: &BTreeSet<TeamId>) -> Vec<&'a str> {
    let organisation = graph.organisation();
    let ids = teams
        .iter()
        .map(|team| organisation.team(*team).team.id.as_str());
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids
}
