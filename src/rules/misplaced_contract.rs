//! Is there a contract that does not belong to the team which serves it?

use std::collections::BTreeSet;

use super::components::declared;
use super::words::{ids, subject};
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{
    Certainty, Clause, Contract, Evidence, Finding, Fingerprint, Hop, HopKind, Level, Owned,
    Provider, RuleId,
};

/// The rule `misplaced-contract`.
pub(super) struct MisplacedContract;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("misplaced-contract"),
    clause: Clause::Externalizable,
    level: Level::Warn,
    summary: "a contract is not owned by the team that serves it",
    docs: include_str!("../../docs/rules/misplaced-contract.md"),
    options: &[],
};

impl Rule for MisplacedContract {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        for contract in graph.contracts() {
            // Who keeps a copy is asked by another rule.
            let provider = contract.provider.as_ref();
            if let Some(provider) = provider.filter(|_| contract.copy_of.is_none())
                && let Some(finding) = finding(graph, contract, provider)
            {
                let most = match provider.certainty {
                    Certainty::Inferred => Level::Warn,
                    _ => Level::Deny,
                };
                findings.push(finding, most);
            }
        }
    }
}

fn finding(graph: &Graph, contract: &Contract, provider: &Provider) -> Option<Finding> {
    let organisation = graph.organisation();
    let owned: Owned = match contract.document {
        Some(file) => organisation.file(file),
        None => organisation.component(contract.component),
    };
    let served = organisation.component(provider.component);
    let (owner, server) = (owned.set()?, served.set()?);
    if !organisation.cross(owner, server) {
        return None;
    }
    let teams = |set| -> BTreeSet<_> { organisation.teams_of(set).iter().copied().collect() };
    let (owners, servers) = (teams(owner), teams(server));
    let (who, one) = subject(graph, &owners);
    let (whose, serves) = subject(graph, &servers);
    let service = &graph.component(provider.component).name;
    let name = match contract.document {
        Some(file) => graph.files().display(file),
        None => contract.name.clone(),
    };
    let mut chain = vec![Hop {
        span: contract.at,
        what: HopKind::Use,
        name: contract.name.clone(),
    }];
    chain.extend(provider.why.iter().cloned());
    if provider.why.is_empty() {
        let evidence = declared(graph.component(provider.component));
        chain.extend(evidence.into_iter().flat_map(|one| one.chain));
    }
    Some(Finding {
        message: format!(
            "{who} {} the contract `{name}`, which `{service}` of {whose} {}",
            if one { "owns" } else { "own" },
            if serves { "serves" } else { "serve" },
        ),
        from_team: ids(graph, &servers),
        to_team: ids(graph, &owners),
        from: Some(provider.component),
        to: Some(contract.component),
        fingerprint: Fingerprint {
            kind: "contract".to_owned(),
            from: graph.component(provider.component).id.clone(),
            to: graph.component(contract.component).id.clone(),
            symbol: contract.name.clone(),
            ..Fingerprint::default()
        },
        count: 1,
        evidence: vec![Evidence { chain }],
        owner: owned.line(),
        help: vec![
            format!("make {whose} the owner of `{name}`, who can change what it promises"),
            format!("move it to the code of `{service}`"),
        ],
        ..INFO.finding()
    })
}
