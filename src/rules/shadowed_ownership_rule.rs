//! Is there a line of an ownership file that later lines always override?

use super::{Findings, Rule, RuleInfo, lines};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{Clause, Finding, Level, OwnershipLine, RuleId};

/// The rule `shadowed-ownership-rule`.
pub(super) struct ShadowedOwnershipRule;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("shadowed-ownership-rule"),
    clause: Clause::Ownership,
    level: Level::Warn,
    summary: "later lines override a line of an ownership file for every file",
    docs: include_str!("../../docs/rules/shadowed-ownership-rule.md"),
    options: &[],
};

impl Rule for ShadowedOwnershipRule {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        let all = &graph.organisation().lines;
        for line in all {
            let Some(shadow) = line.shadowed_by else {
                continue;
            };
            if line.decided == 0
                && line.invalid.is_none()
                && let Some(later) = all.iter().find(|other| other.span == shadow)
            {
                findings.push(finding(line, later), Level::Deny);
            }
        }
    }
}

fn finding(line: &OwnershipLine, later: &OwnershipLine) -> Finding {
    let same = lines::owners(line) == lines::owners(later);
    let both = format!(
        "if both are owners, name them on one line: `{}`",
        later.pattern
    );
    let remove = "remove the line: it decides nothing".to_owned();
    let help = if same {
        vec![remove]
    } else if line.pattern == later.pattern {
        vec![both, remove]
    } else {
        let below = format!(
            "move the line below `{}`, if it is meant as the exception",
            later.pattern
        );
        vec![below, remove, both]
    };
    let mut finding = lines::finding(&INFO, line);
    for evidence in &mut finding.evidence {
        evidence.chain.push(lines::hop(later));
    }
    Finding {
        message: format!(
            "the line `{}` decides nothing: the later line `{}` covers it{}",
            line.pattern,
            later.pattern,
            if same { ", with the same owners" } else { "" }
        ),
        help,
        ..finding
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::{Builder, line};

    /// Findings about two lines, of which the second decides what the first matches.
    fn told(first: OwnershipLine, second: OwnershipLine) -> Vec<Finding> {
        let builder = |first| {
            let builder = Builder::new().service("cart", "cart");
            builder.line(first).line(second.clone()).graph()
        };
        let spans = builder(first.clone());
        let later = spans.organisation().lines[1].span;
        let shadowed_by = (first.decided == 0).then_some(later);
        check(
            &ShadowedOwnershipRule,
            &builder(OwnershipLine {
                shadowed_by,
                ..first
            }),
        )
    }

    #[test]
    fn a_line_that_never_decides_is_told_with_the_line_that_does() {
        let first = OwnershipLine {
            matched: 3,
            ..line("/cart/x", "@acme/cart")
        };
        let findings = told(first.clone(), line("/cart/", "@acme/pay"));
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "the line `/cart/x` decides nothing: the later line `/cart/` covers it"
        );
        assert_eq!(
            findings[0].help[0],
            "move the line below `/cart/`, if it is meant as the exception"
        );
        assert_eq!(findings[0].evidence[0].chain.len(), 2);
        let twice = told(first.clone(), line("/cart/x", "@acme/pay"));
        assert_eq!(
            twice[0].help[0],
            "if both are owners, name them on one line: `/cart/x`"
        );
        let same = told(first, line("/cart/", "@acme/cart"));
        assert_eq!(same[0].help, ["remove the line: it decides nothing"]);
    }

    #[test]
    fn it_is_silent_for_lines_that_decide_or_match_nothing() {
        let decides = OwnershipLine {
            matched: 3,
            decided: 1,
            ..line("/cart/", "@a")
        };
        assert!(told(decides, line("/x", "@b")).is_empty());
    }
}
