//! What is new, and does it pass? Holds findings against exemptions and the baseline; never writes.

mod baseline;
mod compare;
mod exemption;
mod wildcard;

use crate::analysis::Analysis;
use crate::config::Gate;
use crate::model::{Finding, Level, Standing};

pub use baseline::{Baseline, BaselineError, Entry};
pub use compare::{Comparison, Stale, compare};
pub use exemption::{Exempted, RULES as EXEMPTION_RULES, exempt};
pub use jiff::civil::Date;

/// Why the gate can say neither yes nor no.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CannotJudge {
    #[error("no files to look at: nothing can be judged")]
    NoFiles,
    #[error(
        "nothing says who owns what (no CODEOWNERS, no owners in twopizza.toml): nothing can be judged"
    )]
    NoOwners,
    #[error("no file has an owner (of {files}): nothing can be judged")]
    NothingOwned { files: usize },
    #[error(
        "{unparsed} of {read} files could not be parsed in whole, more than the share {floor} \
         that [gate] `unparsed-floor` allows: too little is known to judge"
    )]
    Unparsed {
        unparsed: usize,
        read: usize,
        floor: f64,
    },
}

/// Whether the run saw enough to be judged.
///
/// # Errors
/// When a clean result would say nothing.
pub fn can_judge(analysis: &Analysis, config: &Gate) -> Result<(), CannotJudge> {
    let coverage = &analysis.coverage;
    let files = analysis.graph.files().len_of_repositories();
    if files == 0 {
        return Err(CannotJudge::NoFiles);
    }
    if !analysis.graph.organisation().has_sources {
        return Err(CannotJudge::NoOwners);
    }
    if coverage.owned == 0 {
        return Err(CannotJudge::NothingOwned { files });
    }
    let unparsed = coverage.partly + coverage.failed;
    let floor = config.unparsed_floor;
    if unparsed as f64 > floor * coverage.read as f64 {
        return Err(CannotJudge::Unparsed {
            unparsed,
            read: coverage.read,
            floor,
        });
    }
    Ok(())
}

/// Undoes what an earlier judgement said of the findings; what a comment in the code accepts stays accepted.
pub fn forget(findings: &mut Vec<Finding>) {
    findings.retain(|finding| !EXEMPTION_RULES.contains(&finding.rule.0));
    for finding in findings {
        if !matches!(finding.standing, Standing::Suppressed { .. }) {
            finding.standing = Standing::New;
        }
    }
}

/// What the gate says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Findings that keep the gate shut: new or grown, at the level that fails or above.
    pub failing: usize,
    /// Findings by how they stand, whatever their level.
    pub new: usize,
    pub grown: usize,
    pub known: usize,
    pub exempt: usize,
    pub suppressed: usize,
    /// What the baseline has and nothing needs any more.
    pub stale: Vec<Stale>,
    /// Whether stale entries keep the gate shut, too.
    pub stale_fails: bool,
    /// Entries of the baseline before, and as writing it now would give; `None` without a baseline.
    pub entries: Option<(usize, usize)>,
    /// What somebody should know soon, one a line.
    pub notices: Vec<String>,
}

impl Verdict {
    /// Counts the findings as they stand.
    pub fn new(
        findings: &[Finding],
        comparison: Option<Comparison>,
        notices: Vec<String>,
        config: &Gate,
    ) -> Self {
        let mut verdict = Self {
            notices,
            ..Self::default()
        };
        for finding in findings
            .iter()
            .filter(|finding| finding.level > Level::Allow)
        {
            match finding.standing {
                Standing::New => verdict.new += 1,
                Standing::Grown { .. } => verdict.grown += 1,
                Standing::Known => verdict.known += 1,
                Standing::Exempt { .. } => verdict.exempt += 1,
                Standing::Suppressed { .. } => verdict.suppressed += 1,
            }
            let fails = finding.standing.counts() && finding.level >= config.fail_on;
            verdict.failing += usize::from(fails);
        }
        if let Some(comparison) = comparison {
            verdict.entries = Some((comparison.before, comparison.after));
            if config.stale > Level::Allow {
                verdict.stale = comparison.stale;
                verdict.stale_fails = config.stale == Level::Deny && !verdict.stale.is_empty();
            }
        }
        verdict
    }

    /// Whether the gate opens.
    pub fn passes(&self) -> bool {
        self.failing == 0 && !self.stale_fails
    }

    /// How far the baseline is from what there is: `baseline 214 → 209 (−5)`.
    pub fn delta(&self) -> Option<String> {
        let (before, after) = self.entries?;
        let change = match after.cmp(&before) {
            std::cmp::Ordering::Less => format!("−{}", before - after),
            std::cmp::Ordering::Equal => "±0".to_owned(),
            std::cmp::Ordering::Greater => format!("+{}", after - before),
        };
        Some(format!("baseline {before} → {after} ({change})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Coverage;
    use crate::graph::testing::Builder;

    fn analysis(builder: Builder, coverage: Coverage) -> Analysis {
        Analysis {
            graph: builder.graph(),
            coverage,
            ..Analysis::default()
        }
    }

    #[test]
    fn what_cannot_be_judged_is_told() {
        let owned = |read, partly, failed| Coverage {
            owned: 1,
            read,
            partly,
            failed,
            ..Coverage::default()
        };
        let judge = |analysis: &Analysis| can_judge(analysis, &Gate::default());
        assert_eq!(judge(&Analysis::default()), Err(CannotJudge::NoFiles));
        let shop = || Builder::new().service("cart", "cart");
        let unowned = analysis(shop().without_sources(), owned(1, 0, 0));
        assert_eq!(judge(&unowned), Err(CannotJudge::NoOwners));
        let nothing = analysis(shop(), Coverage::default());
        assert!(matches!(
            judge(&nothing),
            Err(CannotJudge::NothingOwned { .. })
        ));
        assert_eq!(judge(&analysis(shop(), owned(20, 1, 0))), Ok(()));
        let gap = analysis(shop(), owned(20, 1, 1));
        assert!(matches!(
            judge(&gap),
            Err(CannotJudge::Unparsed { unparsed: 2, .. })
        ));
    }

    #[test]
    fn the_delta_has_a_sign() {
        let delta = |before, after| {
            Verdict {
                entries: Some((before, after)),
                ..Verdict::default()
            }
            .delta()
        };
        assert_eq!(delta(214, 209).as_deref(), Some("baseline 214 → 209 (−5)"));
        assert_eq!(delta(2, 2).as_deref(), Some("baseline 2 → 2 (±0)"));
        assert_eq!(delta(0, 3).as_deref(), Some("baseline 0 → 3 (+3)"));
        assert_eq!(Verdict::default().delta(), None);
    }
}
