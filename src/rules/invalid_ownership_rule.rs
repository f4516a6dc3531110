//! Is there a line of an ownership file, or a whole file, that does not count?

use super::{Findings, Rule, RuleInfo, lines};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{Clause, Finding, Fingerprint, Level, OwnershipLine, RuleId};

/// The rule `invalid-ownership-rule`.
pub(super) struct InvalidOwnershipRule;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("invalid-ownership-rule"),
    clause: Clause::Ownership,
    level: Level::Warn,
    summary: "a line of an ownership file cannot be read, or its file does not count",
    docs: include_str!("../../docs/rules/invalid-ownership-rule.md"),
    options: &[],
};

impl Rule for InvalidOwnershipRule {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        for line in &graph.organisation().lines {
            if let Some(why) = &line.invalid {
                findings.push(finding(graph, line, why), Level::Deny);
            }
        }
    }
}

fn finding(graph: &Graph, line: &OwnershipLine, why: &str) -> Finding {
    let (why, way) = why.split_once("; ").unwrap_or((why, ""));
    let mut help = Vec::new();
    if !way.is_empty() {
        help.push(way.to_owned());
    }
    if line.pattern.is_empty() {
        let file = &graph.files().path(line.span.file).path;
        help.push(format!("remove `{file}`"));
        return Finding {
            message: format!("`{file}` does not count: {why}"),
            fingerprint: Fingerprint {
                kind: "owner-file".to_owned(),
                symbol: file.to_string(),
                ..Fingerprint::default()
            },
            help,
            ..lines::finding(&INFO, line)
        };
    }
    help.push("remove the line, or begin it with `#`".to_owned());
    Finding {
        message: format!("`{}` is skipped: {why}", line.pattern),
        help,
        ..lines::finding(&INFO, line)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::{Builder, line};

    fn told(given: OwnershipLine) -> Vec<Finding> {
        let graph = Builder::new().service("cart", "cart").line(given).graph();
        check(&InvalidOwnershipRule, &graph)
    }

    fn invalid(pattern: &str, why: &str) -> OwnershipLine {
        OwnershipLine {
            invalid: Some(why.to_owned()),
            ..line(pattern, "")
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_is_told_with_what_to_write() {
        let findings = told(invalid("!x @a", "`!` does not negate; write `x`"));
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "`!x @a` is skipped: `!` does not negate"
        );
        assert_eq!(findings[0].help[0], "write `x`");
        assert_eq!(findings[0].fingerprint.symbol, "!x @a");
    }

    #[test]
    fn so_is_a_file_that_does_not_count() {
        let findings = told(invalid("", "GitHub reads `x` only; move the lines there"));
        assert_eq!(
            findings[0].message,
            "`CODEOWNERS` does not count: GitHub reads `x` only"
        );
        assert_eq!(findings[0].fingerprint.kind, "owner-file");
    }

    #[test]
    fn it_is_silent_for_lines_that_are_read() {
        assert!(told(line("/cart/", "@acme/cart")).is_empty());
    }
}
