//! Is there a line of an ownership file that matches no file?

use super::{Findings, Rule, RuleInfo, lines};
use crate::config::{Limits, closest};
use crate::graph::Graph;
use crate::model::{Clause, Finding, Level, OwnershipLine, RepoId, RuleId};

/// The rule `unused-ownership-rule`.
pub(super) struct UnusedOwnershipRule;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("unused-ownership-rule"),
    clause: Clause::Ownership,
    level: Level::Warn,
    summary: "a line of an ownership file matches no file",
    docs: include_str!("../../docs/rules/unused-ownership-rule.md"),
    options: &[],
};

impl Rule for UnusedOwnershipRule {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        for line in &graph.organisation().lines {
            if line.matched == 0 && line.invalid.is_none() && !line.left_out {
                findings.push(finding(graph, line), Level::Deny);
            }
        }
    }
}

fn finding(graph: &Graph, line: &OwnershipLine) -> Finding {
    let pattern = &line.pattern;
    let owners = match lines::owners(line) {
        owners if owners.is_empty() => owners,
        owners => format!(" of {owners}"),
    };
    let mut help = Vec::new();
    // Pseudonyms are all near to each other.
    let near = near(graph, line).filter(|_| graph.disguise().is_none());
    if let Some(near) = near {
        help.push(format!("if `{near}` is meant, write that"));
    }
    help.push("remove the line".to_owned());
    Finding {
        message: format!("the line `{pattern}`{owners} matches no file"),
        help,
        ..lines::finding(&INFO, line)
    }
}

/// The path that a pattern without wildcards is nearest to: its longest part that exists, and what comes near the next.
fn near(graph: &Graph, line: &OwnershipLine) -> Option<String> {
    let pattern = line.pattern.as_str();
    if pattern.contains(['*', '?', '\\']) || !pattern.trim_end_matches('/').contains('/') {
        return None;
    }
    let files = graph.files();
    let repo: RepoId = files.path(line.span.file).repo;
    let mut found = String::new();
    let mut rest = pattern.trim_matches('/').split('/');
    for segment in rest.by_ref() {
        let next = format!("{found}{segment}");
        if files.has_folder(repo, &next) {
            found = format!("{next}/");
            continue;
        }
        let mut beside: Vec<&str> = files
            .iter()
            .filter(|(_, row)| row.path.repo == repo)
            .filter_map(|(_, row)| row.path.path.strip_prefix(found.as_str()))
            .filter_map(|path| path.split('/').next())
            .collect();
        beside.dedup();
        let name = closest(segment, beside)?;
        // A pattern of Gitea has no slash in front, and one of GitLab means another thing with it.
        let front = if pattern.starts_with('/') { "/" } else { "" };
        let mut path = format!("{found}{name}");
        for segment in rest {
            path.push('/');
            path.push_str(segment);
        }
        let is_there = files.has_folder(repo, &path) || files.find(repo, &path).is_some();
        let end = if pattern.ends_with('/') { "/" } else { "" };
        return is_there.then(|| format!("{front}{path}{end}"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::{Builder, line};

    fn told(given: OwnershipLine) -> Vec<Finding> {
        let graph = Builder::new().service("cart", "cart").line(given).graph();
        check(&UnusedOwnershipRule, &graph)
    }

    #[test]
    fn a_line_that_matches_nothing_is_told() {
        let findings = told(line("/gone/", "@acme/cart"));
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "the line `/gone/` of @acme/cart matches no file"
        );
        assert_eq!(findings[0].help, ["remove the line"]);
        assert_eq!(findings[0].fingerprint.symbol, "/gone/");
        assert_eq!(findings[0].fingerprint.to, "@acme/cart");
        assert_eq!(
            told(line("/gone/", ""))[0].message,
            "the line `/gone/` matches no file"
        );
    }

    #[test]
    fn a_near_path_is_named_when_it_is_there() {
        assert_eq!(
            told(line("/crat/src/", "@acme/cart"))[0].help[0],
            "if `/cart/src/` is meant, write that"
        );
        assert_eq!(told(line("/crat/lib/", "@acme/cart"))[0].help.len(), 1);
        assert_eq!(told(line("/cart/src", "@acme/cart"))[0].help.len(), 1);
    }

    #[test]
    fn it_is_silent_for_used_left_out_and_unreadable_lines() {
        let used = OwnershipLine {
            matched: 1,
            ..line("/cart/", "@a")
        };
        let left_out = OwnershipLine {
            left_out: true,
            ..line("/vendor/", "@a")
        };
        let invalid = OwnershipLine {
            invalid: Some(String::new()),
            ..line("!x", "")
        };
        for given in [used, left_out, invalid] {
            assert!(told(given).is_empty());
        }
    }
}
