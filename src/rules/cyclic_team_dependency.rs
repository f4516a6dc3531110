//! Do teams depend on each other in a circle?

use std::collections::BTreeSet;

use super::couplings::MOST_EVIDENCE;
use super::words::{list, plural};
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::{Graph, TeamCycle, TeamEdge, TeamGraph, team_cycles};
use crate::model::{Clause, Finding, Fingerprint, Level, RuleId, TeamId};

/// The rule `cyclic-team-dependency`.
pub(super) struct CyclicTeamDependency;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("cyclic-team-dependency"),
    clause: Clause::Graph,
    level: Level::Warn,
    summary: "teams depend on each other in a circle",
    docs: include_str!("../../docs/rules/cyclic-team-dependency.md"),
    options: &[],
};

/// Members that a message names.
const MOST_NAMES: usize = 4;

impl Rule for CyclicTeamDependency {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        let (teams, cycles) = team_cycles(graph);
        for cycle in &cycles {
            findings.push(finding(graph, &teams, cycle), Level::Deny);
        }
    }
}

fn finding(graph: &Graph, teams: &TeamGraph, cycle: &TeamCycle) -> Finding {
    let id = |team: &TeamId| graph.organisation().team(*team).team.id.as_str();
    let mut members: Vec<&str> = cycle.members.iter().map(id).collect();
    members.sort_unstable();
    let mut names: Vec<String> = members.iter().map(|id| format!("`{id}`")).collect();
    if names.len() > MOST_NAMES {
        let more = names.len() - MOST_NAMES;
        names.truncate(MOST_NAMES);
        names.push(format!("{more} more"));
    }
    let closed = cycle.example.iter().chain(cycle.example.first());
    let circle: Vec<String> = closed.map(|team| format!("`{}`", id(team))).collect();

    let next = cycle.example.iter().cycle().skip(1);
    let edges: Vec<&TeamEdge> = cycle
        .example
        .iter()
        .zip(next)
        .filter_map(|(from, to)| teams.edge(*from, *to))
        .collect();
    let evidence = edges.iter().filter_map(|edge| {
        let dependency = graph.dependencies().get(*edge.dependencies.first()?)?;
        dependency.evidence.first().cloned()
    });
    let cut = edges
        .iter()
        .min_by_key(|edge| (!breaks_clause_3(edge), edge.sites()));
    let mut help: Vec<String> = cut
        .map(|edge| {
            let kinds: BTreeSet<&str> = edge.kinds.keys().map(|kind| kind.as_str()).collect();
            let kinds: Vec<&str> = kinds.into_iter().collect();
            format!(
                "cut `{}` → `{}` first ({} in {})",
                id(&edge.from),
                id(&edge.to),
                kinds.join(", "),
                plural(edge.sites() as usize, "file")
            )
        })
        .into_iter()
        .collect();
    help.push("turn one direction around: publish an event instead of calling back".to_owned());
    help.push("move what both need to a component of one of them, or of a third team".to_owned());
    Finding {
        message: format!(
            "teams {} depend on each other in a circle: {}",
            list(&names),
            circle.join(" → ")
        ),
        from_team: cycle.example.first().map(|team| id(team).to_owned()),
        to_team: cycle.example.get(1).map(|team| id(team).to_owned()),
        fingerprint: Fingerprint {
            from: members.join(" "),
            ..Fingerprint::default()
        },
        count: edges
            .iter()
            .fold(0, |sum, edge| sum.saturating_add(edge.sites())),
        evidence: evidence.take(MOST_EVIDENCE).collect(),
        help,
        ..INFO.finding()
    }
}

/// Couplings that the mandate forbids anyway are the ones to cut.
fn breaks_clause_3(edge: &TeamEdge) -> bool {
    edge.kinds
        .keys()
        .any(|kind| matches!(kind.group(), "link" | "data" | "mem" | "door"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::{Builder, dep};
    use crate::model::{Context, DependencyKind};

    fn two() -> Builder {
        Builder::new()
            .service("a", "ants")
            .service("b", "bees")
            .dep(dep("a", "b", DependencyKind::CallHttp))
    }

    #[test]
    fn two_teams_that_need_each_other_are_told_once() {
        let graph = two().dep(dep("b", "a", DependencyKind::LinkImpl)).graph();
        let findings = check(&CyclicTeamDependency, &graph);
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "teams `ants` and `bees` depend on each other in a circle: `ants` → `bees` → `ants`"
        );
        assert_eq!(
            findings[0].help[0],
            "cut `bees` → `ants` first (link.impl in 1 file)"
        );
        assert_eq!(findings[0].evidence.len(), 2);
        assert_eq!(findings[0].level, Level::Warn);
    }

    #[test]
    fn it_is_silent_without_a_way_back_in_production() {
        assert!(check(&CyclicTeamDependency, &two().graph()).is_empty());
        let test = dep("b", "a", DependencyKind::LinkImpl).context(Context::Test);
        assert!(check(&CyclicTeamDependency, &two().dep(test).graph()).is_empty());
    }

    #[test]
    fn it_is_silent_between_components_of_one_team() {
        let graph = Builder::new()
            .service("a", "ants")
            .service("b", "ants")
            .dep(dep("a", "b", DependencyKind::CallHttp))
            .dep(dep("b", "a", DependencyKind::CallHttp))
            .graph();
        assert!(check(&CyclicTeamDependency, &graph).is_empty());
    }
}
