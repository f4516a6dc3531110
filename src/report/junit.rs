//! A JUnit report: a suite for each rule, a case for each finding.
//!
//! There is no specification; the attributes are those that Jenkins, GitLab and most others read
//! (<https://github.com/testmoapp/junitxml>). An error is a failed case; a warning fails nothing and is a skipped one.

use std::io::{self, Write};

use super::findings::{home, other_rules, told};
use super::names::{fit, safe};
use super::{FormatInfo, Renderer, notes};
use crate::analysis::Analysis;
use crate::model::{Finding, Level};
use crate::rules::RULES;

/// The format `junit`.
pub(super) struct Junit;

static INFO: FormatInfo = FormatInfo {
    id: "junit",
    summary: "a JUnit report: rules as suites, findings as cases",
};

/// The columns of a name or message.
const LINE: usize = 500;

impl Renderer for Junit {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        let findings = told(analysis);
        let known: Vec<_> = RULES.iter().map(|rule| rule.info()).collect();
        let ids: Vec<&str> = known.iter().map(|info| info.id.0).collect();
        let rules = known.iter().map(|info| (info.id.0, info.summary));
        let other = other_rules(&findings, &ids).into_iter();
        let suites: Vec<Suite<'_>> = rules
            .chain(other.map(|rule| (rule.0, "")))
            .map(|(rule, summary)| Suite::new(rule, summary, &findings))
            .collect();
        let sum = |part: fn(&Suite<'_>) -> usize| suites.iter().map(part).sum::<usize>();
        writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        writeln!(
            out,
            r#"<testsuites name="twopizza" tests="{}" failures="{}" errors="0" skipped="{}">"#,
            sum(|suite| suite.tests()),
            sum(|suite| suite.at(Level::Deny)),
            sum(|suite| suite.at(Level::Warn)),
        )?;
        for suite in &suites {
            suite.write(analysis, out)?;
        }
        writeln!(out, "</testsuites>")
    }
}

/// One rule and its findings.
struct Suite<'a> {
    rule: &'static str,
    summary: &'static str,
    findings: Vec<&'a Finding>,
}

impl<'a> Suite<'a> {
    fn new(rule: &'static str, summary: &'static str, findings: &[&'a Finding]) -> Self {
        let ours = findings.iter().filter(|finding| finding.rule.0 == rule);
        Self {
            rule,
            summary,
            findings: ours.copied().collect(),
        }
    }

    /// A rule that finds nothing is a case that passes.
    fn tests(&self) -> usize {
        self.findings.len().max(1)
    }

    fn at(&self, level: Level) -> usize {
        let findings = self.findings.iter();
        findings.filter(|finding| finding.level == level).count()
    }

    fn write(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        let rule = self.rule;
        writeln!(
            out,
            r#"  <testsuite name="{rule}" tests="{}" failures="{}" errors="0" skipped="{}">"#,
            self.tests(),
            self.at(Level::Deny),
            self.at(Level::Warn),
        )?;
        if self.findings.is_empty() {
            let summary = escape(self.summary);
            writeln!(
                out,
                r#"    <testcase classname="twopizza.{rule}" name="no finding: {summary}"/>"#
            )?;
        }
        for finding in &self.findings {
            write_case(analysis, finding, out)?;
        }
        writeln!(out, "  </testsuite>")
    }
}

fn write_case(analysis: &Analysis, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let home = home(analysis, finding);
    let rule = finding.rule.0;
    let message = escape(&fit(&finding.message, LINE));
    let (file, line) = (escape(&safe(&home.path)), home.line());
    writeln!(
        out,
        r#"    <testcase classname="twopizza.{rule}" name="{message}" file="{file}" line="{line}">"#
    )?;
    if finding.level == Level::Deny {
        writeln!(out, r#"      <failure type="{rule}" message="{message}">"#)?;
        writeln!(out, "{message}")?;
        writeln!(out, "{file}:{line}")?;
        for note in notes::all(analysis, finding) {
            writeln!(out, "{}", escape(&note))?;
        }
        writeln!(out, "      </failure>")?;
    } else {
        let way = notes::help(finding).map_or_else(String::new, |(way, _)| format!("; {way}"));
        let way = escape(&way);
        writeln!(out, r#"      <skipped message="warning: {message}{way}"/>"#)?;
    }
    writeln!(out, "    </testcase>")
}

/// Text for elements and attributes; what XML 1.0 forbids even as a reference becomes a replacement character.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::testing::{long, nasty, render, shop, standings};
    use super::*;

    /// The listed rules without a finding.
    fn silent(analysis: &Analysis) -> usize {
        let fires = |id| analysis.findings.iter().any(|finding| finding.rule == id);
        RULES.iter().filter(|rule| !fires(rule.info().id)).count()
    }

    #[test]
    fn every_rule_is_a_suite_and_one_without_findings_passes() {
        let shop = shop();
        let text = render(&Junit, &shop);
        let tests = shop.findings.len() + silent(&shop);
        assert!(text.contains(&format!(
            r#"<testsuites name="twopizza" tests="{tests}" failures="3" errors="0" skipped="3">"#
        )));
        let clean = render(&Junit, &Analysis::default());
        assert_eq!(clean.matches("<testcase ").count(), RULES.len());
        assert!(!clean.contains("<failure"));
        assert_eq!(render(&Junit, &standings()).matches("<failure ").count(), 1);
    }

    #[test]
    fn a_finding_of_a_rule_that_is_not_listed_has_its_suite() {
        let mut analysis = shop();
        analysis.findings[0].rule = crate::model::RuleId("of-another-list");
        let text = render(&Junit, &analysis);
        assert!(text.contains(r#"<testsuite name="of-another-list" tests="1" failures="1""#));
        let tests = analysis.findings.len() + silent(&analysis);
        assert!(text.contains(&format!(r#"name="twopizza" tests="{tests}" failures="3""#)));
    }

    #[test]
    fn a_failure_says_what_where_and_how_to_mend() {
        let text = render(&Junit, &shop());
        let start = text.find("    <testcase").unwrap();
        let end = text[start..].find("</testcase>").unwrap();
        expect_test::expect![[r#"
                <testcase classname="twopizza.direct-link" name="team `cart` links the implementation of `catalog-core`, which team `catalog` owns" file="cart-api/src/main.rs" line="1">
                  <failure type="direct-link" message="team `cart` links the implementation of `catalog-core`, which team `catalog` owns">
            team `cart` links the implementation of `catalog-core`, which team `catalog` owns
            cart-api/src/main.rs:1
            owner: catalog (CODEOWNERS:3 `/catalog-core/src/main.rs catalog`)
            clause 3: no direct linking, only calls over the network
            try: call team `catalog` over the network, by the interface in `catalog-proto`
                  </failure>
                "#]]
        .assert_eq(&text[start..start + end]);
    }

    #[test]
    fn characters_that_xml_forbids_are_replaced() {
        assert_eq!(
            escape("<a b=\"'&'\">\u{0}\u{b}\u{ffff}🍕\n"),
            "&lt;a b=&quot;&apos;&amp;&apos;&quot;&gt;\u{fffd}\u{fffd}\u{fffd}🍕&#10;"
        );
    }

    #[test]
    fn any_name_leaves_well_formed_xml() {
        for analysis in [nasty(), long(), standings()] {
            let text = render(&Junit, &analysis);
            assert_well_formed(&text);
            assert!(!text.contains("<script"));
        }
    }

    /// Tags nest, attributes are quoted, and no markup is left in text.
    fn assert_well_formed(text: &str) {
        let mut open: Vec<&str> = Vec::new();
        let body = text.split_once("?>\n").unwrap().1;
        for part in body.split('<').skip(1) {
            let (tag, rest) = part.split_once('>').unwrap();
            assert!(!rest.contains('>'), "{rest}");
            let name = tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap();
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name));
            } else {
                assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
                if !tag.ends_with('/') {
                    open.push(name);
                }
            }
            let entities = part.split('&').skip(1);
            for entity in entities {
                let known = [
                    "amp;", "lt;", "gt;", "quot;", "apos;", "#9;", "#10;", "#13;",
                ];
                assert!(
                    known.iter().any(|known| entity.starts_with(known)),
                    "{entity}"
                );
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }
}
