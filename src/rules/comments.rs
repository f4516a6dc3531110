//! What do comments beside code accept, and which of them accept nothing?

use std::collections::BTreeSet;

use super::{RULES, RuleInfo};
use crate::config::closest;
use crate::graph::Graph;
use crate::model::{Allowance, Finding, Level, Place, Problem, Span, Standing};

/// Accepts a finding all of whose sites have a comment for its rule.
///
/// A finding that keeps fewer sites than it counts is judged where its couplings are told apart.
pub(super) fn accept(graph: &Graph, finding: &mut Finding) {
    if finding.standing != Standing::New
        || finding.evidence.is_empty()
        || finding.count as usize > finding.evidence.len()
    {
        return;
    }
    let mut reasons: BTreeSet<&str> = BTreeSet::new();
    for site in sites(finding) {
        let Some(allowance) = at(graph, site).find(|one| one.rule == finding.rule.0) else {
            return;
        };
        reasons.insert(&allowance.reason);
    }
    finding.standing = super::couplings::standing(&reasons);
}

/// The comments that have no effect: their rule is unknown, or has nothing against what stands there.
///
/// Of a rule that is turned off nobody can tell.
pub fn comments_without_effect(
    graph: &Graph,
    findings: &[Finding],
    level: impl Fn(&RuleInfo) -> Level,
) -> Vec<Problem> {
    let used = used(graph, findings);
    let rules = || RULES.iter().map(|rule| rule.info());
    graph
        .allowances()
        .iter()
        .filter_map(|allowance| {
            let rule = &allowance.rule;
            let message = match rules().find(|info| info.id.0 == rule) {
                Some(info) if level(info) == Level::Allow || used.contains(allowance) => {
                    return None;
                }
                Some(_) => format!(
                    "this comment accepts nothing: `{rule}` has nothing against what stands here"
                ),
                None => match closest(rule, rules().map(|info| info.id.0)) {
                    Some(meant) => format!(
                        "this comment accepts nothing: unknown rule `{rule}`, did you mean `{meant}`?"
                    ),
                    None => format!("this comment accepts nothing: unknown rule `{rule}`"),
                },
            };
            Some(Problem {
                place: Place::Span(allowance.span),
                message,
            })
        })
        .collect()
}

/// The allowances by which some finding is suppressed.
fn used<'a>(graph: &'a Graph, findings: &[Finding]) -> BTreeSet<&'a Allowance> {
    let mut used = BTreeSet::new();
    let mut identities = BTreeSet::new();
    for finding in findings {
        if !matches!(finding.standing, Standing::Suppressed { .. }) {
            continue;
        }
        for site in sites(finding) {
            used.extend(at(graph, site).filter(|one| one.rule == finding.rule.0));
        }
        identities.extend(finding.identities.iter().map(|(print, _)| {
            let units = (print.from.as_str(), print.to.as_str());
            (
                finding.rule.0,
                print.kind.as_str(),
                units,
                print.symbol.as_str(),
            )
        }));
    }
    // A finding keeps few of its sites; the others have the identity of their dependency.
    for dependency in graph.dependencies() {
        let units = (dependency.from.unit.as_str(), dependency.to.unit.as_str());
        let symbol = dependency.to.symbol.as_deref().unwrap_or("");
        let kind = dependency.kind.as_str();
        let is_used =
            |one: &&Allowance| identities.contains(&(one.rule.as_str(), kind, units, symbol));
        for allowance in dependency.allowed.iter().filter(is_used) {
            if let Ok(at) = graph.allowances().binary_search(allowance) {
                used.insert(&graph.allowances()[at]);
            }
        }
    }
    used
}

fn sites(finding: &Finding) -> impl Iterator<Item = Span> {
    let chains = finding.evidence.iter();
    chains.filter_map(|one| one.chain.first().map(|hop| hop.span))
}

fn at(graph: &Graph, site: Span) -> impl Iterator<Item = &Allowance> {
    let list = graph.allowances();
    let start = list.partition_point(|one| one.span.file < site.file);
    let end = list.partition_point(|one| one.span.file <= site.file);
    list[start..end].iter().filter(move |one| one.holds(site))
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;
    use crate::config::Limits;
    use crate::graph::testing::{Builder, Dep, dep};
    use crate::model::{ComponentKind, DependencyKind};

    fn shop() -> Builder {
        Builder::new()
            .service("cart-api", "cart")
            .service("catalog-core", "catalog")
    }

    fn link() -> Dep {
        dep("cart-api", "catalog-core", DependencyKind::LinkImpl)
    }

    fn judged(graph: &Graph) -> Vec<Finding> {
        check(graph, &Limits::default(), |info| info.level)
    }

    fn problems(graph: &Graph, level: Option<Level>) -> Vec<String> {
        let findings = judged(graph);
        let level = |info: &RuleInfo| level.unwrap_or(info.level);
        comments_without_effect(graph, &findings, level)
            .into_iter()
            .map(|problem| problem.message)
            .collect()
    }

    #[test]
    fn an_allowed_coupling_is_suppressed_with_its_reason() {
        let graph = shop().dep(link().allowed("direct-link")).graph();
        let findings = judged(&graph);
        assert_eq!(findings.len(), 1);
        let reason = "a test".to_owned();
        assert_eq!(findings[0].standing, Standing::Suppressed { reason });
        assert!(problems(&graph, None).is_empty());
    }

    #[test]
    fn sites_without_a_comment_stay_a_finding_of_their_own() {
        let graph = shop()
            .dep(link().allowed("direct-link"))
            .dep(link().in_file_of("search"))
            .graph();
        let findings = judged(&graph);
        let told: Vec<_> = findings
            .iter()
            .map(|finding| (finding.standing.counts(), finding.count))
            .collect();
        assert_eq!(told, [(true, 1), (false, 1)]);
        assert_eq!(findings[0].fingerprint, findings[1].fingerprint);
        assert!(problems(&graph, None).is_empty());
    }

    #[test]
    fn a_comment_for_another_rule_changes_nothing_and_is_told() {
        let graph = shop()
            .dep(link().allowed("shared-library"))
            .dep(link().in_file_of("search").allowed("direct-lnk"))
            .graph();
        let findings = judged(&graph);
        assert_eq!(findings.len(), 1);
        assert_eq!(
            (findings[0].standing.counts(), findings[0].count),
            (true, 2)
        );
        assert_eq!(
            problems(&graph, None),
            [
                "this comment accepts nothing: `shared-library` has nothing against what stands here",
                "this comment accepts nothing: unknown rule `direct-lnk`, did you mean `direct-link`?",
            ]
        );
    }

    #[test]
    fn a_rule_that_is_off_leaves_its_comments_alone() {
        let graph = shop().dep(link().allowed("shared-library")).graph();
        assert!(problems(&graph, Some(Level::Allow)).is_empty());
    }

    #[test]
    fn the_units_of_a_team_are_kept_apart_by_acceptance() {
        let graph = shop()
            .service("cart-worker", "cart")
            .component("money", ComponentKind::Library, "billing")
            .dep(dep("cart-api", "money", DependencyKind::LinkLib).allowed("shared-library"))
            .dep(dep("cart-worker", "money", DependencyKind::LinkLib))
            .graph();
        let findings = judged(&graph);
        let told: Vec<_> = findings
            .iter()
            .map(|finding| (finding.fingerprint.from.as_str(), finding.standing.counts()))
            .collect();
        assert_eq!(
            told,
            [("cargo:cart-api", false), ("cargo:cart-worker", true)]
        );
        assert!(problems(&graph, None).is_empty());
    }
}
