//! One file per rule; a rule sees the graph and never a file.

use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{Clause, Finding, Level, RuleId};

/// Judges the graph.
pub trait Rule: Sync {
    /// What the rule is.
    fn info(&self) -> &'static RuleInfo;

    /// States what the rule has against the graph.
    fn check(&self, graph: &Graph, limits: &Limits, findings: &mut Findings<'_>);
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
}

/// The sink of one rule: stamps rule, clause and level.
#[derive(Debug)]
pub struct Findings<'a> {
    out: &'a mut Vec<Finding>,
    info: &'static RuleInfo,
    level: Level,
}

impl Findings<'_> {
    /// States a finding; `at_most` caps the level (what is only inferred never denies).
    pub fn push(&mut self, mut finding: Finding, at_most: Level) {
        finding.rule = self.info.id;
        finding.clause = self.info.clause;
        finding.level = self.level.min(at_most);
        finding.fingerprint.rule = self.info.id.0.to_owned();
        self.out.push(finding);
    }
}

/// Every rule.
pub const RULES: &[&dyn Rule] = &[];

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
            };
            rule.check(graph, limits, &mut findings);
        }
    }
    out.sort_by(|a, b| {
        (b.level, &a.fingerprint, &a.message).cmp(&(a.level, &b.fingerprint, &b.message))
    });
    out
}
