//! Does each team have a lead, who leads nothing else?

use std::collections::BTreeSet;

use super::seats::{carried, key, names, shared, work_teams};
use super::{Findings, Rule, RuleInfo, RuleOption};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{Clause, Evidence, Finding, Fingerprint, Hop, HopKind, Level, RuleId, TeamId};

/// The rule `missing-team-lead`.
pub(super) struct MissingTeamLead;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("missing-team-lead"),
    clause: Clause::TwoPizzas,
    level: Level::Allow,
    summary: "a team has no lead, or one who leads other teams, too",
    docs: include_str!("../../docs/rules/missing-team-lead.md"),
    options: &[
        RuleOption {
            name: "most",
            default: 0.0,
            summary: "the most leads of a team; 0 sets no bound",
        },
        RuleOption {
            name: "teams",
            default: 1.0,
            summary: "the most work teams that one person may lead",
        },
    ],
};

impl Rule for MissingTeamLead {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        let leads = |team: TeamId| {
            let people = graph.organisation().team(team).people.iter().flatten();
            people.filter(|one| one.lead).count()
        };
        // Rosters that tell of no lead at all do not say that there is none.
        if work_teams(graph).all(|team| leads(team) == 0) {
            return;
        }
        let (most, teams) = (findings.option("most"), findings.option("teams"));
        for team in work_teams(graph) {
            let people = graph.organisation().team(team).people.as_ref();
            // One person needs no lead.
            let Some(people) = people.map(Vec::len).filter(|people| *people > 1) else {
                continue;
            };
            let leads = leads(team);
            if leads == 0 {
                findings.push(without(graph, team, people), Level::Deny);
            } else if most >= 1.0 && leads > most as usize {
                findings.push(with_many(graph, team, leads, most as usize), Level::Deny);
            }
        }
        for (led, people) in shared(graph, (teams as usize).max(1), |one| one.lead) {
            let (first, others) = names(graph, &led);
            let who = match people.people {
                1 => format!("a lead of {first} also leads"),
                people => format!("{people} leads of {first} also lead"),
            };
            let finding = Finding {
                evidence: people.evidence,
                help: vec![
                    "let each team have a lead of its own, who does nothing else".to_owned(),
                    "if they are one team in fact, join them".to_owned(),
                ],
                ..about(graph, &led, "several", format!("{who} {others}"))
            };
            findings.push(finding, Level::Deny);
        }
    }
}

fn without(graph: &Graph, team: TeamId, people: usize) -> Finding {
    let id = &graph.organisation().team(team).team.id;
    Finding {
        evidence: roster(graph, team),
        help: vec![
            "name somebody whose only job it is to lead the team".to_owned(),
            "if it has one, say so in the roster, or in twopizza.toml: lead = \"…\" in its [[team]]"
                .to_owned(),
            "if it only grants access or marks people, say so in twopizza.toml: \
             kind = \"permission\" or \"marker\" in its [[team]]"
                .to_owned(),
        ],
        ..about(
            graph,
            &BTreeSet::from([team]),
            "none",
            format!("team `{id}` has {people} people and no lead"),
        )
    }
}

fn with_many(graph: &Graph, team: TeamId, leads: usize, most: usize) -> Finding {
    let id = &graph.organisation().team(team).team.id;
    Finding {
        evidence: roster(graph, team),
        help: vec!["let one of them answer for the team".to_owned()],
        ..about(
            graph,
            &BTreeSet::from([team]),
            "many",
            format!("team `{id}` has {leads} leads; more than {most} is too many"),
        )
    }
}

/// A finding about teams; `what` tells the three that the rule can have about the same team apart.
fn about(graph: &Graph, teams: &BTreeSet<TeamId>, what: &str, message: String) -> Finding {
    Finding {
        message,
        from_team: Some(carried(graph, teams)),
        fingerprint: Fingerprint {
            kind: what.to_owned(),
            from: key(graph, teams),
            ..Fingerprint::default()
        },
        count: 1,
        ..INFO.finding()
    }
}

fn roster(graph: &Graph, team: TeamId) -> Vec<Evidence> {
    let node = graph.organisation().team(team);
    let hop = node.roster().map(|span| Hop {
        span,
        what: HopKind::Provide,
        name: node.team.id.clone(),
    });
    hop.map(|hop| Evidence { chain: vec![hop] })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::Builder;
    use crate::model::{Team, TeamKind};

    fn team(id: &str, leads: &[&str], kind: TeamKind) -> Team {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Team {
            id: id.to_owned(),
            kind,
            leads: texts(leads),
            members: Some(texts(&["ada", "bob", "eve"])),
            ..Team::default()
        }
    }

    fn told(teams: &[Team]) -> Vec<String> {
        let builder = teams.iter().cloned().fold(Builder::new(), Builder::team);
        let findings = check(&MissingTeamLead, &builder.graph());
        findings.into_iter().map(|one| one.message).collect()
    }

    #[test]
    fn no_lead_and_a_shared_lead_are_told() {
        let work = TeamKind::Work;
        let teams = [
            team("cart", &["ada"], work),
            team("ops", &[], work),
            team("pay", &["Ada", "bob"], work),
        ];
        assert_eq!(
            told(&teams),
            [
                "team `ops` has 3 people and no lead",
                "a lead of `cart` also leads `pay`"
            ]
        );
    }

    #[test]
    fn rosters_without_leads_and_other_kinds_are_left_alone() {
        assert_eq!(told(&[team("cart", &[], TeamKind::Work)]), [""; 0]);
        let teams = [
            team("cart", &["ada"], TeamKind::Work),
            team("admins", &[], TeamKind::Permission),
            team("guild", &["ada"], TeamKind::WorkingGroup),
        ];
        assert_eq!(told(&teams), [""; 0]);
    }
}
