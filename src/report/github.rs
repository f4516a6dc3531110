//! Annotations of GitHub Actions: workflow commands that the runner reads from a step's output.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use std::io::{self, Write};

use super::findings::{home, told, word};
use super::names::{fit, plural, safe};
use super::{FormatInfo, Renderer, notes};
use crate::analysis::Analysis;
use crate::model::{Finding, Level};

/// The format `github`.
pub(super) struct Github;

static INFO: FormatInfo = FormatInfo {
    id: "github",
    summary: "annotations of GitHub Actions",
};

/// GitHub shows so many errors, and so many warnings, of one step.
const MOST: usize = 10;

/// The columns of an annotation's title.
const TITLE: usize = 120;

/// The columns of a line of an annotation.
const LINE: usize = 1000;

impl Renderer for Github {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        let findings = told(analysis);
        let mut left_out = 0;
        for level in [Level::Deny, Level::Warn] {
            let ours = || findings.iter().filter(|finding| finding.level == level);
            for finding in ours().take(MOST) {
                write_annotation(analysis, finding, out)?;
            }
            left_out += ours().count().saturating_sub(MOST);
        }
        if left_out > 0 {
            let more = plural(left_out, "more finding");
            writeln!(
                out,
                "::notice title=twopizza::{more} without an annotation; the text, markdown and sarif formats have all of them"
            )?;
        }
        Ok(())
    }
}

/// Columns are told for spans in one line, as the runner wants it.
fn write_annotation(analysis: &Analysis, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let home = home(analysis, finding);
    let mut properties = vec![
        format!("file={}", property(&safe(&home.path))),
        format!("line={}", home.line()),
    ];
    if let Some(region) = home.region {
        if region.line == region.end_line {
            properties.push(format!("col={}", region.column));
            properties.push(format!("endColumn={}", region.end_column));
        } else {
            properties.push(format!("endLine={}", region.end_line));
        }
    }
    let title = format!("twopizza {}", finding.rule.0);
    properties.push(format!("title={}", property(&fit(&title, TITLE))));
    let mut lines = vec![finding.message.clone()];
    lines.extend(notes::all(analysis, finding));
    let lines: Vec<String> = lines.iter().map(|line| fit(line, LINE)).collect();
    let (word, properties) = (word(finding.level), properties.join(","));
    writeln!(out, "::{word} {properties}::{}", data(&lines.join("\n")))
}

/// The message of a command, as the runner's own toolkit escapes it
/// (<https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>).
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a command, likewise.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{long, nasty, render, shop, standings};
    use super::*;

    #[test]
    fn an_annotation_has_place_title_and_text() {
        let text = render(&Github, &shop());
        expect_test::expect![[r#"
            ::error file=cart-api/src/main.rs,line=1,col=5,endColumn=17,title=twopizza direct-link::team `cart` links the implementation of `catalog-core`, which team `catalog` owns%0Aowner: catalog (CODEOWNERS:3 `/catalog-core/src/main.rs catalog`)%0Aclause 3: no direct linking, only calls over the network%0Atry: call team `catalog` over the network, by the interface in `catalog-proto`
        "#]]
        .assert_eq(&text.lines().take(1).map(|line| format!("{line}\n")).collect::<String>());
        assert_eq!(text.lines().count(), 6);
    }

    #[test]
    fn escapes_are_those_of_the_runner() {
        assert_eq!(data("a%b\r\n:,::"), "a%25b%0D%0A:,::");
        assert_eq!(property("a%0A:b,c\n"), "a%250A%3Ab%2Cc%0A");
    }

    #[test]
    fn no_name_makes_a_second_command_or_ends_its_property() {
        for analysis in [nasty(), long()] {
            let text = render(&Github, &analysis);
            for line in text.lines() {
                let (head, message) = line[2..].split_once("::").unwrap();
                assert!(head.starts_with("error ") || head.starts_with("warning "));
                let (_, properties) = head.split_once(' ').unwrap();
                for property in properties.split(',') {
                    assert_eq!(property.matches(['=']).count().min(1), 1, "{property}");
                }
                assert!(!line.contains(['\r', '\u{1b}', '\u{202e}']));
                assert!(message.len() < 10_000);
            }
        }
    }

    #[test]
    fn ten_of_each_level_are_annotated_worst_first_and_the_others_counted() {
        let mut analysis = shop();
        let first = analysis.findings[0].clone();
        analysis.findings.splice(0..0, vec![first; 30]);
        let text = render(&Github, &analysis);
        let count = |word: &str| text.lines().filter(|line| line.starts_with(word)).count();
        assert_eq!((count("::error "), count("::warning ")), (10, 3));
        assert!(text.starts_with("::error "));
        assert!(text.contains("::notice title=twopizza::23 more findings without"));
    }

    #[test]
    fn what_is_accepted_is_not_annotated() {
        assert_eq!(render(&Github, &standings()).lines().count(), 3);
    }
}
