//! What rules about ownership files share: a finding that is about one line, and the lines that no finding tells of.

use super::{INVALID_LINES, RuleInfo};
use crate::graph::Graph;
use crate::model::{Evidence, Finding, Fingerprint, Hop, HopKind, OwnershipLine, Place, Problem};

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

/// The lines that do not count, when no finding tells of them: they must not go unsaid.
pub fn untold_lines(graph: &Graph, findings: &[Finding]) -> Vec<Problem> {
    if findings.iter().any(|one| one.rule == INVALID_LINES) {
        return Vec::new();
    }
    let lines = graph.organisation().lines.iter();
    lines
        .filter_map(|line| {
            Some(Problem {
                place: Place::Span(line.span),
                message: format!("not used: {}", line.invalid.as_ref()?),
            })
        })
        .collect()
}
