//! Does an ownership file name somebody whom no roster knows?

use std::collections::BTreeSet;

use super::{Findings, Rule, RuleInfo};
use crate::config::{Limits, closest};
use crate::graph::Graph;
use crate::model::{
    Clause, Evidence, Finding, Fingerprint, Hop, HopKind, Level, OwnerForm, RuleId, Stranger, Team,
    toml_string,
};

/// The rule `unknown-owner`.
pub(super) struct UnknownOwner;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("unknown-owner"),
    clause: Clause::Ownership,
    level: Level::Warn,
    summary: "an ownership file names an owner that no roster knows",
    docs: include_str!("../../docs/rules/unknown-owner.md"),
    options: &[],
};

impl Rule for UnknownOwner {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        let roster = Roster::new(graph);
        if roster.teams.is_empty() {
            return;
        }
        // Pseudonyms are all near to each other.
        let guess = graph.disguise().is_none();
        for stranger in &graph.organisation().strangers {
            if stranger.is_team || roster.would_know(stranger.owner.form) {
                findings.push(finding(&roster, stranger, guess), Level::Deny);
            }
        }
    }
}

/// The teams that the run knows, and their people.
struct Roster<'a> {
    teams: Vec<&'a Team>,
    people: BTreeSet<&'a str>,
    /// Every team tells its members, so that who is in none of them is unknown.
    complete: bool,
}

impl<'a> Roster<'a> {
    fn new(graph: &'a Graph) -> Self {
        let nodes = graph.organisation().teams.iter();
        let teams: Vec<&Team> = nodes
            .filter(|node| node.known && !node.team.local)
            .map(|node| &node.team)
            .collect();
        let people = teams
            .iter()
            .flat_map(|team| team.members.iter().flatten().chain(&team.leads))
            .map(String::as_str)
            .collect();
        Self {
            complete: teams.iter().all(|team| team.members.is_some()),
            teams,
            people,
        }
    }

    /// Whether a person who is in the roster would be found by an owner of this form.
    fn would_know(&self, form: OwnerForm) -> bool {
        let is_address = |text: &&str| text.trim_start_matches('@').contains('@');
        self.complete
            && match form {
                OwnerForm::Email => self.people.iter().any(is_address),
                OwnerForm::UserHandle
                | OwnerForm::TeamHandle
                | OwnerForm::Group
                | OwnerForm::Login
                | OwnerForm::File
                | OwnerForm::Anyone => self.people.iter().any(|text| !is_address(text)),
            }
    }

    /// The id of the team, or the person, that a name may be meant for.
    fn nearest(&self, stranger: &Stranger) -> Option<&'a str> {
        let text = stranger.owner.text.trim_start_matches('@');
        if !stranger.is_team {
            return closest(text, self.people.iter().copied());
        }
        let slug = |text: &'a str| {
            text.rsplit('/')
                .next()
                .unwrap_or(text)
                .trim_start_matches('@')
        };
        let wanted = text.rsplit('/').next().unwrap_or(text);
        let names = |team: &&'a Team| {
            let (team, id) = (*team, team.id.as_str());
            let others = team
                .name
                .iter()
                .chain(&team.aliases)
                .chain(&team.previously);
            let others = others.map(move |name| (slug(name), id));
            std::iter::once((slug(id), id))
                .chain(others)
                .collect::<Vec<_>>()
        };
        let names: Vec<(&str, &str)> = self.teams.iter().flat_map(names).collect();
        let near = closest(wanted, names.iter().map(|(name, _)| *name))?;
        names
            .iter()
            .find(|(name, _)| *name == near)
            .map(|(_, id)| *id)
    }
}

fn finding(roster: &Roster<'_>, stranger: &Stranger, guess: bool) -> Finding {
    let text = &stranger.owner.text;
    let mut help = Vec::new();
    if let Some(near) = roster.nearest(stranger).filter(|_| guess) {
        help.push(if stranger.is_team {
            format!(
                "if team `{near}` is meant, write its handle, or add {} to its `aliases` or `previously`",
                toml_string(text)
            )
        } else {
            // Who is in a roster stays there: the line of the ownership file names nobody else.
            "a roster has nearly the same name: if that is meant, write it as it stands there"
                .to_owned()
        });
    }
    let slug = text
        .rsplit('/')
        .next()
        .unwrap_or(text)
        .trim_start_matches('@');
    help.push(if stranger.is_team {
        format!(
            "if it is a team, add it to the roster, or to twopizza.toml:\n[[team]]\nid = {}",
            toml_string(slug)
        )
    } else {
        "if the person is there, add them to the members of their team".to_owned()
    });
    help.push("name another owner on its lines".to_owned());
    let what = if stranger.is_team { "team" } else { "person" };
    Finding {
        message: format!("no roster knows the owner `{text}`, a {what}"),
        fingerprint: Fingerprint {
            kind: "owner".to_owned(),
            symbol: text.to_string(),
            ..Fingerprint::default()
        },
        count: 1,
        evidence: vec![Evidence {
            chain: vec![Hop {
                span: stranger.line,
                what: HopKind::Use,
                name: text.to_string(),
            }],
        }],
        help,
        ..INFO.finding()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::Builder;
    use crate::model::{Owner, Span};

    fn stranger(text: &str) -> Stranger {
        let owner = Owner::parse(text).unwrap();
        Stranger {
            is_team: owner.form == OwnerForm::TeamHandle,
            owner,
            line: Span::default(),
        }
    }

    fn team(id: &str, members: Option<&[&str]>) -> Team {
        Team {
            id: id.to_owned(),
            aliases: vec!["@acme/basket".to_owned()],
            members: members.map(|list| list.iter().map(|one| (*one).to_owned()).collect()),
            ..Team::default()
        }
    }

    fn told(builder: Builder, texts: &[&str]) -> Vec<Finding> {
        let builder = texts
            .iter()
            .fold(builder, |builder, text| builder.stranger(stranger(text)));
        check(&UnknownOwner, &builder.graph())
    }

    #[test]
    fn a_team_that_no_roster_knows_is_told_with_the_near_one() {
        let findings = told(
            Builder::new().team(team("cart", None)),
            &["@acme/crat", "@acme/baskets", "@acme/pay"],
        );
        let help: Vec<_> = findings.iter().map(|one| one.help[0].as_str()).collect();
        assert_eq!(
            findings[0].message,
            "no roster knows the owner `@acme/crat`, a team"
        );
        assert!(
            help[0].starts_with("if team `cart` is meant"),
            "{}",
            help[0]
        );
        assert!(
            help[1].starts_with("if team `cart` is meant"),
            "{}",
            help[1]
        );
        assert!(help[2].ends_with("[[team]]\nid = \"pay\""), "{}", help[2]);
    }

    #[test]
    fn a_person_is_told_when_every_roster_tells_its_people() {
        let cart = team("cart", Some(&["alice", "bob"]));
        let findings = told(
            Builder::new().team(cart.clone()),
            &["@alcie", "ada@acme.example"],
        );
        assert_eq!(findings.len(), 1, "no roster has addresses");
        assert!(findings[0].help[0].starts_with("a roster has nearly the same name"));
        assert!(findings[0].help.iter().all(|line| !line.contains("alice")));
        let pay = team("pay", None);
        assert!(told(Builder::new().team(cart).team(pay), &["@alcie"]).is_empty());
    }

    #[test]
    fn it_is_silent_without_any_roster() {
        assert!(told(Builder::new().unknown("cart"), &["@acme/cart", "@ada"]).is_empty());
    }
}
