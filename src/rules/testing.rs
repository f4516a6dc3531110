//! Runs one rule at its own level over a graph, for tests.

use super::{Findings, Rule};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::Finding;

/// What a rule has against a graph.
pub(super) fn check(rule: &dyn Rule, graph: &Graph) -> Vec<Finding> {
    let mut out = Vec::new();
    let info = rule.info();
    let mut findings = Findings {
        out: &mut out,
        info,
        level: info.level,
        options: None,
    };
    rule.check(graph, &Limits::default(), &mut findings);
    out
}
