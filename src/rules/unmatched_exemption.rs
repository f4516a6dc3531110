//! Does an exemption accept anything? The gate judges it, when all findings are known.

use super::{Rule, RuleInfo};
use crate::model::{Clause, Level, RuleId};

/// The rule `unmatched-exemption`.
pub(super) struct UnmatchedExemption;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("unmatched-exemption"),
    clause: Clause::NoExceptions,
    level: Level::Warn,
    summary: "an exemption that accepts nothing",
    docs: include_str!("../../docs/rules/unmatched-exemption.md"),
    options: &[],
};

impl Rule for UnmatchedExemption {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }
}
