//! Findings with their source lines, by rule and pair of teams.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::super::findings::{Counts, count, told, word};
use super::super::names::{argument, fit, plural, safe};
use super::super::notes;
use super::super::position::site;
use super::super::style::{BOLD, DIM, MARGIN, level as color};
use super::snippet;
use crate::analysis::Analysis;
use crate::model::{Finding, Level, Standing};

/// The team that has to act, and the other.
type Pair<'a> = (Option<&'a str>, Option<&'a str>);

/// The columns of a line that may be long.
const LONG: usize = 240;

/// Writes the first findings of every rule, one for each pair of teams, and counts the others.
pub(super) fn write(analysis: &Analysis, per_rule: usize, out: &mut dyn Write) -> io::Result<()> {
    let told = told(analysis);
    let mut rules: Vec<&str> = Vec::new();
    for finding in &told {
        if !rules.contains(&finding.rule.0) {
            rules.push(finding.rule.0);
        }
    }
    for rule in rules {
        let ours: Vec<&Finding> = told
            .iter()
            .copied()
            .filter(|finding| finding.rule.0 == rule)
            .collect();
        write_rule(analysis, &ours, per_rule, out)?;
    }
    write_counts(&count(analysis), out)
}

fn write_counts(counts: &Counts, out: &mut dyn Write) -> io::Result<()> {
    let accepted: Vec<String> = [
        (counts.known, "known"),
        (counts.exempt, "exempt"),
        (counts.suppressed, "suppressed"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    if counts.errors + counts.warnings + accepted.len() == 0 {
        return Ok(());
    }
    let (errors, warnings) = (
        plural(counts.errors, "error"),
        plural(counts.warnings, "warning"),
    );
    let accepted = match accepted.join(", ") {
        none if none.is_empty() => none,
        some => format!("; accepted: {some}"),
    };
    writeln!(out)?;
    writeln!(out, "{BOLD}{errors}, {warnings}{accepted}{BOLD:#}")
}

fn write_rule(
    analysis: &Analysis,
    findings: &[&Finding],
    most: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    let mut by_pair: BTreeMap<Pair<'_>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let pair = (finding.from_team.as_deref(), finding.to_team.as_deref());
        if !by_pair.contains_key(&pair) {
            pairs.push(pair);
        }
        by_pair.entry(pair).or_default().push(finding);
    }
    let mut shown = 0;
    let mut told = 0;
    for pair in &pairs {
        let members = by_pair.get(pair).map_or(&[][..], Vec::as_slice);
        let (from, to) = match pair {
            (Some(from), Some(to)) => (from, to),
            _ => {
                let room = most.saturating_sub(shown);
                for finding in members.iter().take(room) {
                    write_finding(analysis, finding, out)?;
                    shown += 1;
                    told += 1;
                }
                continue;
            }
        };
        if shown >= most {
            continue;
        }
        for finding in members.iter().take(1) {
            write_finding(analysis, finding, out)?;
            shown += 1;
        }
        told += members.len();
        let more = members.len().saturating_sub(1);
        if more > 0 {
            let first = |ids: &str| argument(ids.split(Finding::AND).next().unwrap_or(ids));
            writeln!(
                out,
                "   {DIM}+{more} more: twopizza why {} {}{DIM:#}",
                first(from),
                first(to)
            )?;
        }
    }
    let untold = findings.len().saturating_sub(told);
    if untold > 0 {
        let rule = findings.first().map_or("", |finding| finding.rule.0);
        writeln!(
            out,
            "\n{DIM}+{untold} more of {rule}; --full shows them{DIM:#}"
        )?;
    }
    Ok(())
}

fn write_finding(analysis: &Analysis, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let style = color(finding.level);
    writeln!(out)?;
    writeln!(
        out,
        "{style}{}[{}]{style:#}{BOLD}: {}{BOLD:#}",
        word(finding.level),
        finding.rule.0,
        fit(&finding.message, LONG)
    )?;
    let gutter = write_source(analysis, finding, out)?;
    let mut note = |text: &str| writeln!(out, "{:gutter$} {MARGIN}={MARGIN:#} {text}", "");
    if let Standing::Grown { before } = finding.standing {
        note(&format!("grown: the baseline has {before} of these"))?;
    }
    for text in [
        notes::way(analysis, finding),
        notes::owner(analysis, finding),
    ]
    .into_iter()
    .flatten()
    {
        note(&text)?;
    }
    note(notes::clause(finding))?;
    let (first, mut more) = notes::help(finding).unwrap_or_default();
    if !first.is_empty() {
        note(&first)?;
        write_block(gutter, &more, out)?;
    }
    // What only warns needs nobody's leave.
    more = notes::exemption(analysis, finding);
    if finding.level == Level::Deny && !more.is_empty() {
        writeln!(
            out,
            "{:gutter$} {MARGIN}={MARGIN:#} or accept it for a while, in twopizza.toml:",
            ""
        )?;
        write_block(gutter, &more, out)?;
    }
    Ok(())
}

/// The first site with its lines, and the first site of every other file; gives the width of the line numbers.
fn write_source(analysis: &Analysis, finding: &Finding, out: &mut dyn Write) -> io::Result<usize> {
    let Some(hop) = finding.evidence.first().and_then(|one| one.chain.first()) else {
        return Ok(1);
    };
    let label = notes::far_end(analysis, finding);
    let lines = snippet::lines(analysis, hop.span, label.as_deref(), finding.level);
    let gutter = lines.gutter;
    let arrow = |arrow: &str| format!("{:gutter$}{MARGIN}{arrow}{MARGIN:#}", "");
    let place = safe(&site(analysis, hop.span));
    let sites = match notes::sites(finding) {
        Some(count) => format!(" {DIM}(1 of {count} sites){DIM:#}"),
        None => String::new(),
    };
    writeln!(out, "{} {place}{sites}", arrow("-->"))?;
    for line in lines.text {
        writeln!(out, "{line}")?;
    }
    let files = finding.evidence.iter().filter_map(|one| one.chain.first());
    let mut seen = BTreeSet::from([hop.span.file]);
    for other in files.filter(|other| seen.insert(other.span.file)) {
        let place = safe(&site(analysis, other.span));
        writeln!(out, "{} {place}", arrow(":::"))?;
    }
    Ok(gutter)
}

/// Lines of configuration, to be copied.
fn write_block(gutter: usize, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    for line in lines {
        writeln!(out, "{:gutter$}   {line}", "")?;
    }
    Ok(())
}
