//! Is a person in more than one team?

use super::seats::{Shared, carried, key, names, shared};
use super::{Findings, Rule, RuleInfo, RuleOption};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{Clause, Finding, Fingerprint, Level, RuleId, TeamId};
use std::collections::BTreeSet;

/// The rule `spread-member`.
pub(super) struct SpreadMember;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("spread-member"),
    clause: Clause::TwoPizzas,
    level: Level::Allow,
    summary: "a person is in more than one team",
    docs: include_str!("../../docs/rules/spread-member.md"),
    options: &[RuleOption {
        name: "most",
        default: 1.0,
        summary: "the most work teams that a person may be in",
    }],
};

impl Rule for SpreadMember {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        let most = findings.option("most") as usize;
        for (teams, people) in shared(graph, most.max(1), |_| true) {
            findings.push(finding(graph, &teams, people), Level::Deny);
        }
    }
}

fn finding(graph: &Graph, teams: &BTreeSet<TeamId>, shared: Shared) -> Finding {
    let (first, others) = names(graph, teams);
    let who = match shared.people {
        1 => format!("a person of {first} is"),
        people => format!("{people} people of {first} are"),
    };
    Finding {
        message: format!("{who} also in {others}"),
        from_team: Some(carried(graph, teams)),
        fingerprint: Fingerprint {
            from: key(graph, teams),
            ..Fingerprint::default()
        },
        count: u32::try_from(shared.people).unwrap_or(u32::MAX),
        evidence: shared.evidence,
        help: vec![
            "let each of them be in one team, the one that needs them most".to_owned(),
            "if these teams share their people because they are one team, join them".to_owned(),
            "if one of them only grants access or marks people, say so in twopizza.toml: \
             kind = \"permission\", \"marker\" or \"working-group\" in its [[team]]"
                .to_owned(),
        ],
        ..INFO.finding()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::Builder;
    use crate::model::{Team, TeamKind};

    fn team(id: &str, members: &[&str], kind: TeamKind) -> Team {
        Team {
            id: id.to_owned(),
            kind,
            members: Some(members.iter().map(|text| (*text).to_owned()).collect()),
            ..Team::default()
        }
    }

    fn told(teams: &[Team]) -> Vec<String> {
        let builder = teams.iter().cloned().fold(Builder::new(), Builder::team);
        let findings = check(&SpreadMember, &builder.graph());
        findings.into_iter().map(|one| one.message).collect()
    }

    #[test]
    fn people_are_told_by_the_teams_that_they_share() {
        let work = TeamKind::Work;
        let teams = [
            team("cart", &["ada", "bob", "eve"], work),
            team("ops", &["eve", "dan"], work),
            team("pay", &["@Ada", "bob", "eve"], work),
        ];
        let said = told(&teams);
        assert_eq!(
            said,
            [
                "a person of `cart` is also in `ops` and `pay`",
                "2 people of `cart` are also in `pay`"
            ]
        );
    }

    #[test]
    fn groups_permissions_and_parents_are_no_second_team() {
        let web = Team {
            parent: Some("shop".to_owned()),
            ..team("web", &["ada"], TeamKind::Work)
        };
        let teams = [
            web,
            team("shop", &["ada"], TeamKind::Work),
            team("guild", &["ada"], TeamKind::WorkingGroup),
            team("admins", &["ada"], TeamKind::Permission),
        ];
        assert_eq!(told(&teams), [""; 0]);
    }
}
