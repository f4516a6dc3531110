//! The Code Quality report of GitLab, which merge requests show beside the changed lines.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::io::{self, Write};

use serde::Serialize;

use super::findings::{home, marks, told};
use super::names::fit;
use super::{FormatInfo, Renderer, notes};
use crate::analysis::Analysis;
use crate::model::Level;

/// The format `gitlab`.
pub(super) struct Gitlab;

static INFO: FormatInfo = FormatInfo {
    id: "gitlab",
    summary: "a Code Quality report of GitLab",
};

/// The columns of a line of a description.
const LINE: usize = 500;

#[derive(Serialize)]
struct Entry {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

impl Renderer for Gitlab {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        let findings = told(analysis);
        let marks = marks(&findings);
        let entries = findings.iter().zip(marks).map(|(finding, mark)| {
            let home = home(analysis, finding);
            let mut description = fit(&finding.message, LINE);
            if let Some((way, _)) = notes::help(finding) {
                description = format!("{description}; {way}");
            }
            Entry {
                description,
                check_name: finding.rule.0,
                fingerprint: mark,
                severity: severity(finding.level),
                location: Location {
                    lines: Lines { begin: home.line() },
                    path: home.path,
                },
            }
        });
        let entries: Vec<Entry> = entries.collect();
        serde_json::to_writer_pretty(&mut *out, &entries)?;
        out.write_all(b"\n")
    }
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Deny => "major",
        Level::Warn => "minor",
        Level::Allow => "info",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::super::testing::{long, nasty, render, shop, standings};
    use super::*;

    fn entries(analysis: &Analysis) -> Vec<Value> {
        let value: Value = serde_json::from_str(&render(&Gitlab, analysis)).unwrap();
        value.as_array().unwrap().clone()
    }

    #[test]
    fn an_entry_has_the_documented_fields_and_no_others() {
        let entries = entries(&shop());
        expect_test::expect![[r#"
            {
              "check_name": "direct-link",
              "description": "team `cart` links the implementation of `catalog-core`, which team `catalog` owns; try: call team `catalog` over the network, by the interface in `catalog-proto`",
              "fingerprint": "398815457f8f68d5:1",
              "location": {
                "lines": {
                  "begin": 1
                },
                "path": "cart-api/src/main.rs"
              },
              "severity": "major"
            }"#]]
        .assert_eq(&serde_json::to_string_pretty(&entries[0]).unwrap());
        assert_eq!(entries.len(), 6);
        assert_eq!(entries[5]["severity"], "minor");
    }

    #[test]
    fn fingerprints_are_unique_even_for_equal_findings() {
        let mut analysis = shop();
        let again = analysis.findings.clone();
        analysis.findings.extend(again);
        let entries = entries(&analysis);
        let marks: BTreeSet<_> = entries
            .iter()
            .map(|entry| entry["fingerprint"].as_str().unwrap())
            .collect();
        assert_eq!((entries.len(), marks.len()), (12, 12));
    }

    #[test]
    fn every_entry_has_a_path_and_a_line_whatever_the_names() {
        for analysis in [nasty(), long(), standings(), Analysis::default()] {
            for entry in entries(&analysis) {
                let text = |key: &str| entry[key].as_str().unwrap().to_owned();
                assert!(!text("description").contains(['\n', '\u{202e}']));
                assert!(text("description").len() < 10_000);
                assert!(!entry["location"]["path"].as_str().unwrap().is_empty());
                assert!(entry["location"]["lines"]["begin"].as_u64().unwrap() > 0);
            }
        }
        assert_eq!(entries(&standings()).len(), 3);
    }
}
