//! What the rules about manifests share: a gap across teams as a finding without words.

use std::collections::BTreeSet;

use super::RuleInfo;
use super::words::{ids, subject};
use crate::graph::Graph;
use crate::model::{Evidence, Finding, Fingerprint, Hop, HopKind, ManifestGap};

/// The words of a finding about a gap.
pub(super) struct Words<'a> {
    /// Subject and number of those who declare or use.
    pub(super) users: (String, bool),
    pub(super) owners: String,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
}

/// A finding about a gap, and the words for its message; nothing inside one team.
pub(super) fn finding<'a>(
    graph: &'a Graph,
    info: &RuleInfo,
    gap: &ManifestGap,
) -> Option<(Finding, Words<'a>)> {
    let organisation = graph.organisation();
    let user = organisation.component(gap.from).set()?;
    let target = organisation.component(gap.to);
    let owner = target.set()?;
    if !organisation.cross(user, owner) {
        return None;
    }
    let teams = |set| -> BTreeSet<_> { organisation.teams_of(set).iter().copied().collect() };
    let (users, owners) = (teams(user), teams(owner));
    let (from, to) = (graph.component(gap.from), graph.component(gap.to));
    let words = Words {
        users: subject(graph, &users),
        owners: subject(graph, &owners).0,
        from: &from.name,
        to: &to.name,
    };
    let finding = Finding {
        from_team: ids(graph, &users),
        to_team: ids(graph, &owners),
        from: Some(gap.from),
        to: Some(gap.to),
        fingerprint: Fingerprint {
            kind: "manifest".to_owned(),
            from: from.id.clone(),
            to: to.id.clone(),
            ..Fingerprint::default()
        },
        count: 1,
        evidence: vec![Evidence {
            chain: vec![Hop {
                span: gap.at,
                what: HopKind::Use,
                name: to.name.clone(),
            }],
        }],
        owner: target.line(),
        ..info.finding()
    };
    Some((finding, words))
}
