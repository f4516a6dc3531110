//! Has a team more people than two pizzas feed?

use super::words::{list, plural};
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::{Graph, lines_of_communication, people};
use crate::model::{
    Clause, ComponentId, Evidence, Finding, Fingerprint, Hop, HopKind, Level, RuleId, TeamId,
};

/// The rule `oversized-team`.
pub(super) struct OversizedTeam;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("oversized-team"),
    clause: Clause::TwoPizzas,
    level: Level::Deny,
    summary: "a team has more people than two pizzas feed",
    docs: include_str!("../../docs/rules/oversized-team.md"),
    options: &[],
};

impl Rule for OversizedTeam {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, limits: &Limits, findings: &mut Findings<'_>) {
        for (index, node) in graph.organisation().teams.iter().enumerate() {
            let Some(people) = people(node) else {
                continue;
            };
            if people <= limits.team_max || !node.team.kind.is_sized() {
                continue;
            }
            let id = &node.team.id;
            let lines = lines_of_communication(people);
            let whole = match node.whole > people {
                true => format!(
                    " ({} with those of included teams and of teams below)",
                    node.whole
                ),
                false => String::new(),
            };
            let evidence = node.roster().map(|span| Evidence {
                chain: vec![Hop {
                    span,
                    what: HopKind::Provide,
                    name: id.clone(),
                }],
            });
            let finding = Finding {
                message: format!(
                    "team `{id}` has {people} people{whole} and so {lines} lines of communication; \
                     two pizzas feed {}",
                    limits.team_max
                ),
                from_team: Some(id.clone()),
                fingerprint: Fingerprint {
                    from: id.clone(),
                    ..Fingerprint::default()
                },
                count: u32::try_from(people).unwrap_or(u32::MAX),
                evidence: evidence.into_iter().collect(),
                help: help(graph, TeamId(index as u32), people, limits.team_max),
                ..INFO.finding()
            };
            findings.push(finding, Level::Deny);
        }
    }
}

fn help(graph: &Graph, team: TeamId, people: usize, most: usize) -> Vec<String> {
    let organisation = graph.organisation();
    let owned: Vec<String> = (0..graph.components().len() as u32)
        .map(ComponentId)
        .filter(|component| {
            let owners = organisation.component(*component).set();
            owners.is_some_and(|set| organisation.teams_of(set).contains(&team))
        })
        .map(|component| format!("`{}`", graph.component(component).name))
        .collect();
    let teams = people.div_ceil(most.max(1));
    let split = format!("split it into {}", plural(teams, "team"));
    let mut ways = vec![match owned.as_slice() {
        [] | [_] => split,
        [..] if owned.len() <= 6 => format!("{split} along what it owns: {}", list(&owned)),
        [..] => format!("{split} along the {} components that it owns", owned.len()),
    }];
    ways.push(
        "if it only grants access or marks people, say so in twopizza.toml: \
         kind = \"permission\" or \"marker\" in its [[team]]"
            .to_owned(),
    );
    ways
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::Builder;
    use crate::model::{Team, TeamKind};

    fn team(people: usize, kind: TeamKind) -> Team {
        let mut members: Vec<String> = (0..people).map(|n| format!("person{n}")).collect();
        members.extend(["Renovate[bot]", "deploy-bot", "ci-robot", "@PERSON0"].map(str::to_owned));
        Team {
            id: "cart".to_owned(),
            kind,
            members: Some(members),
            ..Team::default()
        }
    }

    #[test]
    fn eight_people_are_too_many() {
        let graph = Builder::new()
            .service("api", "cart")
            .service("worker", "cart")
            .team(team(8, TeamKind::Work))
            .graph();
        let findings = check(&OversizedTeam, &graph);
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "team `cart` has 8 people and so 28 lines of communication; two pizzas feed 7"
        );
        assert_eq!(findings[0].level, Level::Deny);
        assert_eq!(
            findings[0].help[0],
            "split it into 2 teams along what it owns: `api` and `worker`"
        );
        assert!(!format!("{:?}", findings[0]).contains("person0"));
    }

    #[test]
    fn bots_and_repeated_people_do_not_count() {
        let graph = Builder::new().team(team(7, TeamKind::Work)).graph();
        assert!(check(&OversizedTeam, &graph).is_empty());
    }

    #[test]
    fn it_is_silent_for_unsized_kinds_and_unknown_members() {
        let unknown = Team {
            id: "search".to_owned(),
            ..Team::default()
        };
        let graph = Builder::new()
            .team(team(20, TeamKind::Permission))
            .team(unknown)
            .graph();
        assert!(check(&OversizedTeam, &graph).is_empty());
    }
}
