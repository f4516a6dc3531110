//! Markdown for a comment on a pull request or the summary of a CI step.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::findings::{Counts, count, home, told, word};
use super::markup::{code, escape, prose};
use super::names::{fit, plural};
use super::{FormatInfo, Renderer, notes};
use crate::analysis::Analysis;
use crate::model::{Finding, Level, Standing};

/// The format `markdown`.
pub(super) struct Markdown;

static INFO: FormatInfo = FormatInfo {
    id: "markdown",
    summary: "a comment for a pull request, or the summary of a CI step",
};

/// GitHub refuses comments of more than 65,536 characters.
const MOST_BYTES: usize = 65_000;

/// What the last lines take, which say what was left out.
const RESERVE: usize = 1_000;

/// The most rows of the table of teams.
const MOST_ROWS: usize = 50;

/// The columns of a name, and of a line.
const NAME: usize = 80;
const LINE: usize = 300;

impl Renderer for Markdown {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        let findings = told(analysis);
        let mut text = summary(&count(analysis), analysis);
        let mut room = Room {
            left: (MOST_BYTES - RESERVE).saturating_sub(text.len()),
        };
        text += &table(&findings, &mut room);
        let mut shown = 0;
        for finding in &findings {
            let details = details(analysis, finding);
            if !room.take(&details) {
                break;
            }
            text += &details;
            shown += 1;
        }
        if shown < findings.len() {
            let more = plural(findings.len() - shown, "more finding");
            let _ = writeln!(text, "\n{more}: `twopizza gate` shows them.");
        }
        out.write_all(text.as_bytes())
    }
}

/// How many bytes may still be written.
struct Room {
    left: usize,
}

impl Room {
    fn take(&mut self, text: &str) -> bool {
        let fits = text.len() <= self.left;
        if fits {
            self.left -= text.len();
        }
        fits
    }
}

/// The first lines: how it stands.
fn summary(counts: &Counts, analysis: &Analysis) -> String {
    let mut text = format!(
        "### twopizza: {}, {}\n\n",
        plural(counts.errors, "error"),
        plural(counts.warnings, "warning")
    );
    let accepted: Vec<String> = [
        (counts.known, "known from the baseline"),
        (counts.exempt, "exempt"),
        (counts.suppressed, "suppressed beside the code"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    if !accepted.is_empty() {
        let _ = writeln!(text, "Accepted before: {}.\n", accepted.join(", "));
    }
    let coverage = &analysis.coverage;
    let _ = write!(
        text,
        "Looked at {}, {} of them with an owner",
        plural(coverage.files, "file"),
        coverage.owned
    );
    if !analysis.problems.is_empty() {
        let _ = write!(text, "; {}", plural(analysis.problems.len(), "problem"));
    }
    text += ".\n";
    text
}

/// A row for each pair of teams, in the order of their worst findings.
fn table(findings: &[&Finding], room: &mut Room) -> String {
    let mut order: Vec<Pair<'_>> = Vec::new();
    let mut rows: BTreeMap<Pair<'_>, Row> = BTreeMap::new();
    for finding in findings {
        let pair = (finding.from_team.as_deref(), finding.to_team.as_deref());
        if !rows.contains_key(&pair) {
            order.push(pair);
        }
        let row = rows.entry(pair).or_default();
        if finding.level == Level::Deny {
            row.errors += 1;
        } else {
            row.warnings += 1;
        }
        *row.rules.entry(finding.rule.0).or_default() += 1;
    }
    if order.is_empty() {
        return String::new();
    }
    let mut text =
        "\n| team | on | errors | warnings | rules |\n|---|---|---:|---:|---|\n".to_owned();
    let mut told = 0;
    for pair in order.iter().take(MOST_ROWS) {
        let Some(row) = rows.get(pair) else { continue };
        let rules = row.rules.iter().map(|(rule, count)| match count {
            1 => (*rule).to_owned(),
            _ => format!("{rule} ({count})"),
        });
        let rules: Vec<String> = rules.collect();
        let line = format!(
            "| {} | {} | {} | {} | {} |\n",
            team(pair.0),
            team(pair.1),
            row.errors,
            row.warnings,
            rules.join(", ")
        );
        if !room.take(&line) {
            break;
        }
        text += &line;
        told += 1;
    }
    if told < order.len() {
        let _ = writeln!(
            text,
            "\n{} of teams.",
            plural(order.len() - told, "more pair")
        );
    }
    text
}

/// The team that has to act, and the other.
type Pair<'a> = (Option<&'a str>, Option<&'a str>);

#[derive(Default)]
struct Row {
    errors: usize,
    warnings: usize,
    rules: BTreeMap<&'static str, usize>,
}

fn team(ids: Option<&str>) -> String {
    ids.map_or_else(|| "–".to_owned(), |ids| code(&fit(ids, NAME)))
}

/// One finding, folded.
fn details(analysis: &Analysis, finding: &Finding) -> String {
    let mut text = format!(
        "\n<details><summary>{}: {}</summary>\n<ul>\n",
        word(finding.level),
        prose(&fit(&finding.message, LINE))
    );
    let home = home(analysis, finding);
    let place = match home.region {
        Some(region) => format!("{}:{}:{}", home.path, region.line, region.column),
        None => home.path,
    };
    let sites = match notes::sites(finding) {
        Some(count) => format!(" (1 of {count} sites)"),
        None => String::new(),
    };
    let grown = match finding.standing {
        Standing::Grown { before } => format!("; the baseline has {before}"),
        _ => String::new(),
    };
    let rule = finding.rule.0;
    let place = code(&fit(&place, LINE));
    let _ = writeln!(text, "<li>{rule}, at {place}{sites}{grown}</li>");
    let first = [
        notes::way(analysis, finding),
        notes::owner(analysis, finding),
        Some(notes::clause(finding).to_owned()),
    ];
    for note in first.into_iter().flatten() {
        let _ = writeln!(text, "<li>{}</li>", prose(&fit(&note, LINE)));
    }
    if let Some((way, more)) = notes::help(finding) {
        let _ = write!(text, "<li>{}", prose(&way));
        text += &block(&more);
        text += "</li>\n";
    }
    let entry = notes::exemption(analysis, finding);
    if finding.level == Level::Deny && !entry.is_empty() {
        let entry: Vec<String> = entry.iter().map(|line| fit(line, LINE)).collect();
        text += "<li>or accept it for a while, in twopizza.toml:";
        text += &block(&entry);
        text += "</li>\n";
    }
    text + "</ul></details>\n"
}

/// Lines of configuration.
fn block(lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
    format!("<pre>{}</pre>", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{long, nasty, render, shop, standings};
    use super::*;

    #[test]
    fn a_comment_has_a_summary_a_table_and_folded_details() {
        let text = render(&Markdown, &shop());
        let end = text.find("</details>").unwrap();
        expect_test::expect![[r####"
            ### twopizza: 3 errors, 3 warnings

            Looked at 7 files, 6 of them with an owner.

            | team | on | errors | warnings | rules |
            |---|---|---:|---:|---|
            | <code>cart</code> | <code>catalog</code> | 2 | 1 | cyclic-team-dependency, direct-link (2) |
            | <code>catalog</code> | – | 1 | 0 | oversized-team |
            | <code>cart</code> | <code>billing</code> | 0 | 1 | shared-library |
            | – | – | 0 | 1 | unowned-component |

            <details><summary>error: team <code>cart</code> links the implementation of <code>catalog-core</code>, which team <code>catalog</code> owns</summary>
            <ul>
            <li>direct-link, at <code>cart-api/src/main.rs:1:5</code></li>
            <li>owner: catalog (CODEOWNERS:3 <code>/catalog-core/src/main.rs catalog</code>)</li>
            <li>clause 3: no direct linking, only calls over the network</li>
            <li>try: call team <code>catalog</code> over the network, by the interface in <code>catalog-proto</code></li>
            <li>or accept it for a while, in twopizza.toml:<pre>&#91;&#91;exempt&#93;&#93;
            rule = "direct-link"
            from = "cart"
            to = "catalog-core"
            reason = "…"
            owner = "…"
            expires = "YYYY-MM-DD"</pre></li>
            </ul>"####]].assert_eq(&text[..end]);
        assert_eq!(text.matches("<details>").count(), 6);
        assert_eq!(text.matches("</details>").count(), 6);
    }

    #[test]
    fn nothing_in_a_name_is_markup_a_mention_or_a_cell() {
        let text = render(&Markdown, &nasty());
        assert!(!text.contains("<script"));
        assert!(!text.contains(['\u{1b}', '\u{202e}', '`', '@']));
        for line in text.lines().filter(|line| line.starts_with('|')) {
            assert_eq!(line.matches('|').count(), 6, "{line}");
        }
    }

    #[test]
    fn a_comment_is_never_longer_than_a_forge_takes_and_says_what_it_left_out() {
        let mut analysis = long();
        let first = analysis.findings[0].clone();
        for number in 0..400 {
            let mut finding = first.clone();
            finding.from_team = Some(format!("{}{number}", "t|".repeat(100)));
            analysis.findings.push(finding);
        }
        let text = render(&Markdown, &analysis);
        assert!(text.len() <= MOST_BYTES, "{}", text.len());
        assert!(text.contains("more pairs of teams."));
        let shown = text.matches("<details>").count();
        let told = told(&analysis).len();
        assert!(text.ends_with(&format!(
            "{} more findings: `twopizza gate` shows them.\n",
            told - shown
        )));
    }

    #[test]
    fn what_is_accepted_is_counted_alone() {
        let text = render(&Markdown, &standings());
        assert!(text.contains(
            "Accepted before: 1 known from the baseline, 1 exempt, 1 suppressed beside the code."
        ));
        assert!(text.contains("the baseline has 0"));
        assert_eq!(text.matches("<details>").count(), 3);
    }

    #[test]
    fn a_clean_run_has_no_table() {
        let text = render(&Markdown, &Analysis::default());
        assert!(text.starts_with("### twopizza: 0 errors, 0 warnings\n"));
        assert!(!text.contains('|'));
    }
}
