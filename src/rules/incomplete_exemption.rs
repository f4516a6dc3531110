//! Does an exemption say why, whose and until when? The gate judges it, when all findings are known.

use super::{Rule, RuleInfo};
use crate::model::{Clause, Level, RuleId};

/// The rule `incomplete-exemption`.
pub(super) struct IncompleteExemption;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("incomplete-exemption"),
    clause: Clause::NoExceptions,
    level: Level::Deny,
    summary: "an exemption without reason, owner or last day",
    docs: include_str!("../../docs/rules/incomplete-exemption.md"),
    options: &[],
};

impl Rule for IncompleteExemption {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }
}
