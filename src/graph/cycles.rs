//! Which teams depend on each other in a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::algo::kosaraju_scc;

use super::{Graph, TeamGraph};
use crate::model::{ComponentKind, Context, Dependency, DependencyKind, TeamId};

/// From how many members the shortest circle is looked for: each look may visit all others.
const STARTS: usize = 64;

/// Teams each of which depends on each other one, directly or through others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamCycle {
    /// Sorted.
    pub members: Vec<TeamId>,
    /// One of the shortest circles through the first of them: each depends on the next, the last on the first.
    pub example: Vec<TeamId>,
}

/// Every circle of couplings that bind one team to the pace of another, sorted by first member.
pub fn team_cycles(graph: &Graph) -> (TeamGraph, Vec<TeamCycle>) {
    let teams = TeamGraph::new(graph, |dependency| {
        counts(graph, dependency) && graph.couples_teams(dependency)
    });
    let mut next: BTreeMap<TeamId, Vec<TeamId>> = BTreeMap::new();
    for edge in teams.edges() {
        next.entry(edge.from).or_default().push(edge.to);
    }
    let mut cycles: Vec<TeamCycle> = kosaraju_scc(&teams.graph)
        .into_iter()
        .filter(|nodes| nodes.len() > 1)
        .map(|nodes| {
            let members: BTreeSet<TeamId> = nodes.iter().map(|node| teams.graph[*node]).collect();
            TeamCycle {
                example: shortest(&members, &next),
                members: members.into_iter().collect(),
            }
        })
        .collect();
    cycles.sort_by(|a, b| a.members.cmp(&b.members));
    (teams, cycles)
}

/// Production only; a contract, a library declared for everybody and infrastructure bind nobody to anybody's pace.
fn counts(graph: &Graph, dependency: &Dependency) -> bool {
    let to = graph.component(dependency.to.component);
    dependency.context == Context::Production
        && dependency.kind != DependencyKind::LinkContract
        && !to.shared
        && to.kind != ComponentKind::Infrastructure
}

/// Breadth-first from the first members; of equally short circles the first found.
fn shortest(members: &BTreeSet<TeamId>, next: &BTreeMap<TeamId, Vec<TeamId>>) -> Vec<TeamId> {
    let mut best: Option<Vec<TeamId>> = None;
    for start in members.iter().take(STARTS) {
        let circle = circle_through(*start, members, next);
        if best.as_ref().is_none_or(|best| circle.len() < best.len()) {
            best = Some(circle);
        }
        if best.as_ref().is_some_and(|best| best.len() == 2) {
            break;
        }
    }
    best.unwrap_or_default()
}

fn circle_through(
    start: TeamId,
    members: &BTreeSet<TeamId>,
    next: &BTreeMap<TeamId, Vec<TeamId>>,
) -> Vec<TeamId> {
    let mut came_from: BTreeMap<TeamId, TeamId> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for to in next.get(&at).into_iter().flatten() {
            if *to == start {
                let mut circle = vec![at];
                while let Some(before) = came_from.get(circle.last().unwrap_or(&start)) {
                    circle.push(*before);
                }
                circle.reverse();
                return circle;
            }
            if members.contains(to) && !came_from.contains_key(to) {
                came_from.insert(*to, at);
                queue.push_back(*to);
            }
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Builder, dep};
    use super::*;

    fn ids(graph: &Graph, teams: &[TeamId]) -> Vec<String> {
        teams
            .iter()
            .map(|team| graph.organisation().team(*team).team.id.clone())
            .collect()
    }

    #[test]
    fn a_circle_of_thousands_of_teams_is_found_soon() {
        let teams: Vec<(TeamId, Vec<TeamId>)> = (0..5000)
            .map(|number| (TeamId(number), vec![TeamId((number + 1) % 5000)]))
            .collect();
        let members = teams.iter().map(|(team, _)| *team).collect();
        let start = std::time::Instant::now();
        let circle = shortest(&members, &teams.into_iter().collect());
        assert_eq!(circle.len(), 5000);
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    }

    #[test]
    fn a_circle_is_found_with_its_shortest_example() {
        let graph = Builder::new()
            .service("a", "ants")
            .service("b", "bees")
            .service("c", "cats")
            .service("d", "dogs")
            .dep(dep("a", "b", DependencyKind::LinkImpl))
            .dep(dep("b", "c", DependencyKind::CallHttp))
            .dep(dep("c", "a", DependencyKind::LinkImpl))
            .dep(dep("c", "b", DependencyKind::LinkImpl))
            .dep(dep("a", "d", DependencyKind::LinkImpl))
            .graph();
        let (_, cycles) = team_cycles(&graph);
        assert_eq!(cycles.len(), 1);
        assert_eq!(ids(&graph, &cycles[0].members), ["ants", "bees", "cats"]);
        assert_eq!(ids(&graph, &cycles[0].example), ["bees", "cats"]);
    }

    #[test]
    fn tests_and_contracts_close_no_circle() {
        for back in [
            dep("b", "a", DependencyKind::LinkImpl).context(Context::Test),
            dep("b", "a", DependencyKind::LinkContract),
        ] {
            let graph = Builder::new()
                .service("a", "ants")
                .service("b", "bees")
                .dep(dep("a", "b", DependencyKind::LinkImpl))
                .dep(back)
                .graph();
            assert_eq!(team_cycles(&graph).1, []);
        }
    }
}
