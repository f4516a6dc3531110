//! Does a manifest declare another team's package that no code uses?

use super::manifest_gaps::{self, Words};
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{Clause, Finding, Level, RuleId};

/// The rule `unused-dependency`.
pub(super) struct UnusedDependency;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("unused-dependency"),
    clause: Clause::NoBackDoors,
    level: Level::Allow,
    summary: "a manifest declares another team's package, which no code uses",
    docs: include_str!("../../docs/rules/unused-dependency.md"),
    options: &[],
};

impl Rule for UnusedDependency {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        for gap in graph.unused() {
            let Some((finding, words)) = manifest_gaps::finding(graph, &INFO, gap) else {
                continue;
            };
            let Words {
                users: (users, one),
                owners,
                from,
                to,
            } = words;
            let declares = if one { "declares" } else { "declare" };
            let finding = Finding {
                message: format!(
                    "{users} {declares} `{to}` of {owners} a dependency of `{from}`, where no code uses it"
                ),
                help: vec![format!(
                    "take `{to}` out of the manifest: it is built, and its owners are asked, for nothing"
                )],
                ..finding
            };
            findings.push(finding, Level::Deny);
        }
    }
}
