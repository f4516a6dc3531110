//! One file per rule; a rule sees the graph and never a file.

mod back_door;
mod cause;
mod comments;
mod components;
mod conflicting_ownership;
mod couplings;
mod cyclic_team_dependency;
mod direct_link;
mod drifted_contract;
mod expired_exemption;
mod foreign_data;
mod impure_contract;
mod incomplete_exemption;
mod invalid_ownership_rule;
mod lines;
mod manifest_gaps;
mod misplaced_contract;
mod missing_team_lead;
mod overloaded_team;
mod oversized_team;
mod seats;
mod shadowed_ownership_rule;
mod shared_library;
mod shared_ownership;
mod spread_member;
#[cfg(test)]
mod testing;
mod unapproved_dependency;
mod undersized_team;
mod unknown_owner;
mod unlisted_dependency;
mod unmatched_exemption;
mod unowned_component;
mod unused_dependency;
mod unused_ownership_rule;
mod words;

pub use comments::comments_without_effect;
pub use lines::untold_lines;

use std::collections::BTreeMap;

use crate::config::{ConfigPlace, Limits};
use crate::graph::Graph;
use crate::model::{Clause, Finding, Fingerprint, Level, RuleId};

/// Judges the graph.
pub trait Rule: Sync {
    /// What the rule is.
    fn info(&self) -> &'static RuleInfo;

    /// States what the rule has against the graph; nothing for a rule that the gate judges.
    fn check(&self, _graph: &Graph, _limits: &Limits, _findings: &mut Findings<'_>) {}
}

/// What the command line, the documentation and the formats know of a rule.
#[derive(Debug)]
pub struct RuleInfo {
    pub id: RuleId,
    pub clause: Clause,
    /// The level when the configuration says nothing.
    pub level: Level,
    /// One line for people.
    pub summary: &'static str,
    /// The rule's page.
    pub docs: &'static str,
    /// What `[rules]` can set beside the level.
    pub options: &'static [RuleOption],
}

/// A number that the configuration can set for a rule.
#[derive(Debug)]
pub struct RuleOption {
    pub name: &'static str,
    pub default: f64,
    /// One line for people.
    pub summary: &'static str,
}

impl RuleInfo {
    /// A finding of the rule that says nothing yet.
    fn finding(&self) -> Finding {
        Finding {
            rule: self.id,
            clause: self.clause,
            level: self.level,
            message: String::new(),
            from_team: None,
            to_team: None,
            from: None,
            to: None,
            fingerprint: Fingerprint::default(),
            identities: Vec::new(),
            standing: Default::default(),
            count: 0,
            evidence: Vec::new(),
            owner: None,
            help: Vec::new(),
        }
    }
}

/// The sink of one rule: stamps rule, clause and level.
#[derive(Debug)]
pub struct Findings<'a> {
    out: &'a mut Vec<Finding>,
    info: &'static RuleInfo,
    level: Level,
    /// What the configuration sets for the rule.
    options: Option<&'a BTreeMap<String, (f64, ConfigPlace)>>,
}

impl Findings<'_> {
    /// The value of one of the rule's options: the configuration's, else the default.
    fn option(&self, name: &str) -> f64 {
        let set = self.options.and_then(|options| options.get(name));
        let default = self.info.options.iter().find(|option| option.name == name);
        set.map(|(value, _)| *value)
            .or(default.map(|option| option.default))
            .unwrap_or_default()
    }

    /// States a finding; `at_most` caps the level (what is only inferred never denies).
    ///
    /// Without identities of its parts, the finding is its own.
    pub fn push(&mut self, mut finding: Finding, at_most: Level) {
        finding.rule = self.info.id;
        finding.clause = self.info.clause;
        finding.level = self.level.min(at_most);
        finding.fingerprint.rule = self.info.id.0.to_owned();
        if finding.identities.is_empty() {
            let own = (finding.fingerprint.clone(), finding.count);
            finding.identities.push(own);
        }
        for (identity, _) in &mut finding.identities {
            identity.rule = self.info.id.0.to_owned();
        }
        self.out.push(finding);
    }
}

/// Every rule.
pub const RULES: &[&dyn Rule] = &[
    &direct_link::DirectLink,
    &impure_contract::ImpureContract,
    &shared_library::SharedLibrary,
    &back_door::BackDoor,
    &foreign_data::ForeignData,
    &unused_dependency::UnusedDependency,
    &unlisted_dependency::UnlistedDependency,
    &misplaced_contract::MisplacedContract,
    &drifted_contract::DriftedContract,
    &unapproved_dependency::UnapprovedDependency,
    &oversized_team::OversizedTeam,
    &undersized_team::UndersizedTeam,
    &overloaded_team::OverloadedTeam,
    &missing_team_lead::MissingTeamLead,
    &spread_member::SpreadMember,
    &unowned_component::UnownedComponent,
    &shared_ownership::SharedOwnership,
    &conflicting_ownership::ConflictingOwnership,
    &unknown_owner::UnknownOwner,
    &unused_ownership_rule::UnusedOwnershipRule,
    &shadowed_ownership_rule::ShadowedOwnershipRule,
    &invalid_ownership_rule::InvalidOwnershipRule,
    &cyclic_team_dependency::CyclicTeamDependency,
    &incomplete_exemption::IncompleteExemption,
    &expired_exemption::ExpiredExemption,
    &unmatched_exemption::UnmatchedExemption,
];

/// The rule that tells of ownership lines that do not count.
const INVALID_LINES: RuleId = RuleId("invalid-ownership-rule");

/// Runs every rule whose level is not `allow`, in order.
pub fn check(graph: &Graph, limits: &Limits, level: impl Fn(&RuleInfo) -> Level) -> Vec<Finding> {
    let mut out = Vec::new();
    for rule in RULES {
        let info = rule.info();
        let level = level(info);
        if level > Level::Allow {
            let mut findings = Findings {
                out: &mut out,
                info,
                level,
                options: limits.options.get(info.id.0),
            };
            rule.check(graph, limits, &mut findings);
        }
    }
    out.iter_mut()
        .for_each(|finding| comments::accept(graph, finding));
    sort(&mut out);
    out
}

/// Worst first.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        b.level
            .cmp(&a.level)
            .then_with(|| a.fingerprint.cmp(&b.fingerprint))
            .then_with(|| a.standing.cmp(&b.standing))
            .then_with(|| a.message.cmp(&b.message))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_page_with_the_same_sections() {
        for rule in RULES {
            let info = rule.info();
            assert!(
                info.docs.starts_with(&format!("# {}\n", info.id.0)),
                "{}",
                info.id.0
            );
            for section in [
                "What it does",
                "Why is this bad",
                "Example",
                "How to mend",
                "Options",
            ] {
                assert!(
                    info.docs.contains(&format!("\n## {section}\n")),
                    "{}: {section}",
                    info.id.0
                );
            }
        }
    }

    #[test]
    fn a_rule_at_allow_does_not_run_and_a_level_can_be_lowered() {
        use crate::graph::testing::{Builder, dep};
        use crate::model::DependencyKind;
        let graph = Builder::new()
            .service("a", "ants")
            .service("b", "bees")
            .dep(dep("a", "b", DependencyKind::LinkImpl))
            .graph();
        let at = |level| check(&graph, &Limits::default(), |_| level);
        assert!(at(Level::Allow).is_empty());
        assert_eq!(at(Level::Warn)[0].level, Level::Warn);
        assert_eq!(at(Level::Deny)[0].rule.0, "direct-link");
    }
}
