//! Does a team have more to keep in mind than its people can?

use super::components::declared;
use super::words::{list, plural};
use super::{Findings, Rule, RuleInfo, RuleOption};
use crate::config::Limits;
use crate::graph::{Graph, TeamFigures, figures, per_head};
use crate::model::{Clause, Evidence, Finding, Fingerprint, Hop, HopKind, Level, RuleId};

/// The rule `overloaded-team`.
pub(super) struct OverloadedTeam;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("overloaded-team"),
    clause: Clause::TwoPizzas,
    level: Level::Allow,
    summary: "a team has more to keep in mind than its people can",
    docs: include_str!("../../docs/rules/overloaded-team.md"),
    options: &[
        RuleOption {
            name: "components",
            default: 3.0,
            summary: "the most components for each of the people",
        },
        RuleOption {
            name: "deployables",
            default: 1.0,
            summary: "the most services, jobs and the like for each of the people",
        },
        RuleOption {
            name: "languages",
            default: 1.0,
            summary: "the most programming languages for each of the people",
        },
        RuleOption {
            name: "foreign-teams",
            default: 2.0,
            summary: "the most other teams that it is coupled with for each of the people",
        },
    ],
};

/// The most owned components that stand as evidence.
const MOST_EVIDENCE: usize = 12;

/// One thing that is too much: how much there is, the word for it, and the most for each of the people.
type Excess = (usize, &'static str, f64);

impl Rule for OverloadedTeam {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        for team in figures(graph, &[], None) {
            let kind = graph.organisation().team(team.team).team.kind;
            if !kind.is_sized() {
                continue;
            }
            let excess: Vec<Excess> = [
                (team.components.len(), "component", "components"),
                (team.deployables.len(), "deployable", "deployables"),
                (team.languages.len(), "language", "languages"),
                (team.foreign_teams.len(), "foreign team", "foreign-teams"),
            ]
            .into_iter()
            .map(|(number, word, option)| (number, word, findings.option(option)))
            .filter(|(number, _, most)| {
                per_head(*number, team.people).is_some_and(|each| each > *most)
            })
            .collect();
            if !excess.is_empty() {
                findings.push(finding(graph, &team, &excess), Level::Deny);
            }
        }
    }
}

fn finding(graph: &Graph, team: &TeamFigures, excess: &[Excess]) -> Finding {
    let node = graph.organisation().team(team.team);
    let id = &node.team.id;
    let people = team.people.unwrap_or_default();
    let has = match people {
        1 => "one person".to_owned(),
        _ => format!("{people} people"),
    };
    let parts: Vec<String> = excess
        .iter()
        .map(|(number, word, most)| {
            let each = *number as f64 / people as f64;
            let (each, most) = (decimal(each), decimal(*most));
            format!(
                "{} ({each} each, {most} is the most)",
                plural(*number, word)
            )
        })
        .collect();
    let roster = node.roster().map(|span| Evidence {
        chain: vec![Hop {
            span,
            what: HopKind::Provide,
            name: id.clone(),
        }],
    });
    let owned = team.components.iter().take(MOST_EVIDENCE);
    let owned = owned.flat_map(|component| declared(graph.component(*component)));
    let sum: usize = excess.iter().map(|(number, ..)| number).sum();
    Finding {
        message: format!("team `{id}` has {has} for {}", list(&parts)),
        from_team: Some(id.clone()),
        fingerprint: Fingerprint {
            from: id.clone(),
            ..Fingerprint::default()
        },
        count: u32::try_from(sum).unwrap_or(u32::MAX),
        evidence: owned.chain(roster).collect(),
        help: help(graph, team),
        ..INFO.finding()
    }
}

fn help(graph: &Graph, team: &TeamFigures) -> Vec<String> {
    let names: Vec<String> = team
        .components
        .iter()
        .map(|component| format!("`{}`", graph.component(*component).name))
        .collect();
    let mut ways = Vec::new();
    ways.push(match names.len() {
        0 | 1 => "give a part of what it does to another team".to_owned(),
        2..=6 => format!(
            "give a part of what it owns to another team: {}",
            list(&names)
        ),
        many => format!("give a part of its {many} components to another team"),
    });
    if !team.foreign_teams.is_empty() {
        ways.push("offer one interface to all who need it, instead of one to each".to_owned());
    }
    ways.push("add people, or split the team along what it owns".to_owned());
    ways
}

/// A number with at most one digit behind the point: `3`, `4.5`.
fn decimal(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::Builder;
    use crate::model::{Team, TeamKind};

    fn told(services: usize, people: Option<usize>, kind: TeamKind) -> Vec<String> {
        let team = Team {
            id: "cart".to_owned(),
            kind,
            members: people.map(|people| (0..people).map(|n| format!("p{n}")).collect()),
            ..Team::default()
        };
        let builder = (0..services).fold(Builder::new().team(team), |builder, n| {
            builder.service(&format!("s{n}"), "cart")
        });
        let findings = check(&OverloadedTeam, &builder.graph());
        findings.into_iter().map(|one| one.message).collect()
    }

    #[test]
    fn more_services_than_people_and_more_components_than_three_each() {
        assert_eq!(
            told(7, Some(2), TeamKind::Work),
            [
                "team `cart` has 2 people for 7 components (3.5 each, 3 is the most) \
                 and 7 deployables (3.5 each, 1 is the most)"
            ]
        );
        assert_eq!(
            told(2, Some(1), TeamKind::Work),
            ["team `cart` has one person for 2 deployables (2 each, 1 is the most)"]
        );
    }

    #[test]
    fn enough_people_unknown_people_nobody_and_other_kinds_are_left_alone() {
        assert_eq!(told(3, Some(3), TeamKind::Work), [""; 0]);
        assert_eq!(told(3, None, TeamKind::Work), [""; 0]);
        assert_eq!(told(3, Some(0), TeamKind::Work), [""; 0]);
        assert_eq!(told(3, Some(1), TeamKind::Marker), [""; 0]);
    }
}
