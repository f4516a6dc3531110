//! Has a team too few people to keep what it owns?

use super::words::plural;
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::{Graph, people};
use crate::model::{
    Clause, Evidence, Finding, Fingerprint, Hop, HopKind, Level, Owned, RuleId, TeamId,
};

/// The rule `undersized-team`.
pub(super) struct UndersizedTeam;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("undersized-team"),
    clause: Clause::TwoPizzas,
    level: Level::Allow,
    summary: "a team that owns something has too few people to keep it",
    docs: include_str!("../../docs/rules/undersized-team.md"),
    options: &[],
};

impl Rule for UndersizedTeam {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, limits: &Limits, findings: &mut Findings<'_>) {
        let files = files(graph);
        for (index, node) in graph.organisation().teams.iter().enumerate() {
            let files = files.get(index).copied().unwrap_or(0);
            let Some(people) = people(node) else {
                continue;
            };
            if people >= limits.team_min || !node.team.kind.is_sized() || files == 0 {
                continue;
            }
            let id = &node.team.id;
            let evidence = node.roster().map(|span| Evidence {
                chain: vec![Hop {
                    span,
                    what: HopKind::Provide,
                    name: id.clone(),
                }],
            });
            let has = match people {
                0 => "nobody".to_owned(),
                1 => "one person".to_owned(),
                _ => format!("{people} people"),
            };
            let finding = Finding {
                message: format!(
                    "team `{id}` has {has} for {}; fewer than {} is too few",
                    plural(files, "file"),
                    limits.team_min
                ),
                from_team: Some(id.clone()),
                fingerprint: Fingerprint {
                    from: id.clone(),
                    ..Fingerprint::default()
                },
                count: 1,
                evidence: evidence.into_iter().collect(),
                help: help(graph, TeamId(index as u32)),
                ..INFO.finding()
            };
            findings.push(finding, Level::Deny);
        }
    }
}

/// How many files each team owns, alone or with others.
fn files(graph: &Graph) -> Vec<usize> {
    let organisation = graph.organisation();
    let mut files = vec![0; organisation.teams.len()];
    for owned in &organisation.files {
        if let Owned::By(set, _) = owned {
            for team in organisation.teams_of(*set) {
                files[team.0 as usize] += 1;
            }
        }
    }
    files
}

fn help(graph: &Graph, team: TeamId) -> Vec<String> {
    let organisation = graph.organisation();
    let mut ways = Vec::new();
    if let Some(parent) = organisation.ancestors(team).first() {
        let parent = &organisation.team(*parent).team.id;
        ways.push(format!("let its parent, team `{parent}`, own what it owns"));
    }
    ways.push("add the people who are missing to the roster, or to the team".to_owned());
    ways.push("join it with the team that it works with most".to_owned());
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

    fn team(id: &str, people: usize, kind: TeamKind) -> Team {
        let mut members: Vec<String> = (0..people).map(|n| format!("person{n}")).collect();
        members.push("deploy-bot".to_owned());
        Team {
            id: id.to_owned(),
            kind,
            members: Some(members),
            ..Team::default()
        }
    }

    #[test]
    fn fewer_than_three_people_are_too_few() {
        let graph = |people| {
            Builder::new()
                .service("api", "cart")
                .team(team("cart", people, TeamKind::Work))
                .graph()
        };
        let told = |people| {
            let findings = check(&UndersizedTeam, &graph(people));
            findings.into_iter().map(|one| one.message).next()
        };
        assert_eq!(
            told(2).as_deref(),
            Some("team `cart` has 2 people for 1 file; fewer than 3 is too few")
        );
        assert_eq!(
            told(0).as_deref(),
            Some("team `cart` has nobody for 1 file; fewer than 3 is too few")
        );
        assert_eq!(told(3), None);
    }

    #[test]
    fn it_is_silent_for_unsized_kinds_unknown_members_and_teams_that_own_nothing() {
        let graph = Builder::new()
            .service("api", "cart")
            .service("web", "search")
            .team(team("cart", 1, TeamKind::Permission))
            .team(team("idle", 1, TeamKind::Work))
            .graph();
        assert!(check(&UndersizedTeam, &graph).is_empty());
    }

    #[test]
    fn it_runs_only_when_the_configuration_asks_for_it() {
        assert_eq!(INFO.level, Level::Allow);
    }
}
