//! Does code use another team's package that its manifest does not declare?

use super::manifest_gaps::{self, Words};
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{Clause, Finding, Level, RuleId};

/// The rule `unlisted-dependency`.
pub(super) struct UnlistedDependency;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("unlisted-dependency"),
    clause: Clause::NoBackDoors,
    level: Level::Allow,
    summary: "code uses another team's package, which no manifest declares",
    docs: include_str!("../../docs/rules/unlisted-dependency.md"),
    options: &[],
};

impl Rule for UnlistedDependency {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        for gap in graph.unlisted() {
            let Some((finding, words)) = manifest_gaps::finding(graph, &INFO, gap) else {
                continue;
            };
            let Words {
                users: (users, one),
                owners,
                from,
                to,
            } = words;
            let uses = if one { "uses" } else { "use" };
            let finding = Finding {
                message: format!(
                    "{users} {uses} `{to}` of {owners} in `{from}`, whose manifest does not declare it"
                ),
                help: vec![format!(
                    "declare `{to}` in the manifest of `{from}`, or do without it"
                )],
                ..finding
            };
            findings.push(finding, Level::Deny);
        }
    }
}
