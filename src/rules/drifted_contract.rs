//! Does a team keep a copy of another team's contract that has become different?

use std::collections::BTreeSet;

use super::words::{ids, list, subject};
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{
    Clause, Contract, Evidence, FileId, Finding, Fingerprint, Hop, HopKind, Level, RuleId,
};

/// The rule `drifted-contract`.
pub(super) struct DriftedContract;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("drifted-contract"),
    clause: Clause::Externalizable,
    level: Level::Warn,
    summary: "a team keeps a copy of another team's contract that differs from it",
    docs: include_str!("../../docs/rules/drifted-contract.md"),
    options: &[],
};

/// The most differences that a message names.
const NAMED: usize = 3;

impl Rule for DriftedContract {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        let contracts = graph.contracts();
        for copy in contracts.iter().filter(|one| !one.differences.is_empty()) {
            let original = copy.copy_of.and_then(|number| contracts.get(number));
            if let Some(original) = original
                && let Some(finding) = finding(graph, copy, original)
            {
                findings.push(finding, Level::Deny);
            }
        }
    }
}

/// Copies inside one team are that team's own business.
fn finding(graph: &Graph, copy: &Contract, original: &Contract) -> Option<Finding> {
    let organisation = graph.organisation();
    let (kept, origin) = (copy.document?, original.document?);
    let (keeper, owner) = (
        organisation.file(kept).set()?,
        organisation.file(origin).set()?,
    );
    if !organisation.cross(keeper, owner) {
        return None;
    }
    let teams = |set| -> BTreeSet<_> { organisation.teams_of(set).iter().copied().collect() };
    let (keepers, owners) = (teams(keeper), teams(owner));
    let (who, one) = subject(graph, &keepers);
    let (whose, _) = subject(graph, &owners);
    let path = |file: FileId| graph.files().display(file);
    let unit = |contract: &Contract| graph.component(contract.component).id.clone();
    let keep = if one { "keeps" } else { "keep" };
    let differs = differences(&copy.differences);
    let span = |contract: &Contract| contract.at;
    Some(Finding {
        message: format!(
            "{who} {keep} a copy of the contract `{}` of {whose}, which differs in {differs}",
            original.name
        ),
        from_team: ids(graph, &keepers),
        to_team: ids(graph, &owners),
        from: Some(copy.component),
        to: Some(original.component),
        fingerprint: Fingerprint {
            kind: "contract".to_owned(),
            from: unit(copy),
            to: unit(original),
            symbol: format!("{}#{}", original.name, graph.files().path(kept).file_name()),
            ..Fingerprint::default()
        },
        count: 1,
        evidence: vec![Evidence {
            chain: vec![
                Hop {
                    span: span(copy),
                    what: HopKind::Use,
                    name: copy.name.clone(),
                },
                Hop {
                    span: span(original),
                    what: HopKind::Provide,
                    name: format!("{} in {}", original.name, path(origin)),
                },
            ],
        }],
        owner: organisation.file(origin).line(),
        help: vec![
            format!(
                "read `{}` where it is, from the build, instead of keeping a copy",
                path(origin)
            ),
            format!("let {whose} publish the contract as a package with versions"),
            format!(
                "copy `{}` again, and let a check hold the two equal",
                path(origin)
            ),
        ],
        ..INFO.finding()
    })
}

fn differences(all: &[String]) -> String {
    let mut names: Vec<String> = all
        .iter()
        .take(NAMED)
        .map(|name| format!("`{name}`"))
        .collect();
    if all.len() > NAMED {
        names.push(format!("{} more", all.len() - NAMED));
    }
    list(&names)
}
