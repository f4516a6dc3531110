//! Does every rule fire where it must, and stay silent where it must not?

use std::collections::BTreeMap;

use twopizza::gate::EXEMPTION_RULES;
use twopizza::rules::RULES;

use crate::run::{analyze, findings, graph, problems};
use crate::support::{Case, cases, root};

/// Under each rule, what a case shows.
const FIRES: &str = "fires";
const SILENT: &str = "stays-silent";

#[test]
#[cfg_attr(
    not(feature = "rust"),
    ignore = "what is expected is read from syntax trees"
)]
fn every_rule_says_what_it_must_and_nothing_else() {
    // What the gate judges is told by the tests of the gate.
    let ids = RULES.iter().map(|rule| rule.info().id.0);
    for id in ids.filter(|id| !EXEMPTION_RULES.contains(id)) {
        for case in cases(&root().join("fixtures/rules").join(id)) {
            let analysis = analyze(&case.repo());
            let name = format!("{id}/{}", case.name);
            let problems = problems(&analysis);
            assert!(problems.is_empty(), "{name}: {problems:?}");
            let findings = findings(&analysis, id);
            if fires(&case, id) {
                assert!(!findings.is_empty(), "{name}: no finding");
                case.expect("expected.txt", &findings);
            } else {
                assert!(findings.is_empty(), "{name}:\n{findings}");
                // Silence says little: what the rule was silent about does.
                case.expect("expected.txt", &graph(&analysis));
            }
        }
    }
}

#[test]
fn every_rule_has_cases_that_fire_and_more_that_stay_silent() {
    for rule in RULES {
        let id = rule.info().id.0;
        let mut counts: BTreeMap<bool, usize> = BTreeMap::new();
        for case in cases(&root().join("fixtures/rules").join(id)) {
            *counts.entry(fires(&case, id)).or_default() += 1;
        }
        let (fire, silent) = (counts.get(&true), counts.get(&false));
        assert!(fire >= Some(&2), "{id}: {fire:?} cases that fire");
        assert!(silent >= Some(&3), "{id}: {silent:?} cases of silence");
    }
}

/// The folder says it, so that no expected file can.
fn fires(case: &Case, rule: &str) -> bool {
    match case.name.split_once('/') {
        Some((FIRES, _)) => true,
        Some((SILENT, _)) => false,
        _ => panic!(
            "fixtures/rules/{rule}/{}: move it into `{FIRES}/` or `{SILENT}/`",
            case.name
        ),
    }
}
