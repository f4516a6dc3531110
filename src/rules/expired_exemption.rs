//! Is an exemption past its day? The gate judges it, when all findings are known.

use super::{Rule, RuleInfo};
use crate::model::{Clause, Level, RuleId};

/// The rule `expired-exemption`.
pub(super) struct ExpiredExemption;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("expired-exemption"),
    clause: Clause::NoExceptions,
    level: Level::Deny,
    summary: "an exemption has outlived its last day",
    docs: include_str!("../../docs/rules/expired-exemption.md"),
    options: &[],
};

impl Rule for ExpiredExemption {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }
}
