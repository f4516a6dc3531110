//! What rules about ownership files share: a finding that is about one line.

use super::RuleInfo;
use crate::model::{Evidence, Finding, Fingerprint, Hop, HopKind, OwnershipLine};

/// A finding about a line, known by its pattern and its owners.
pub(super) fn finding(info: &RuleInfo, line: &OwnershipLine) -> Finding {
    Finding {
        fingerprint: Fingerprint {
            kind: "owner-line".to_owned(),
            to: owners(line),
            symbol: line.pattern.clone(),
            ..Fingerprint::default()
        },
        count: 1,
        evidence: vec![Evidence {
            chain: vec![hop(line)],
        }],
        ..info.finding()
    }
}

/// A line as a step of a chain.
pub(super) fn hop(line: &OwnershipLine) -> Hop {
    Hop {
        span: line.span,
        what: HopKind::Use,
        name: line.pattern.clone(),
    }
}

/// The owners as written.
pub(super) fn owners(line: &OwnershipLine) -> String {
    let texts: Vec<&str> = line.owners.iter().map(|owner| &*owner.text).collect();
    texts.join(" ")
}
