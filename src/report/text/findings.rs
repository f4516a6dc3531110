//! Findings with their source lines, by rule and pair of teams.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::super::names::{argument, fit, is_unsafe, plural, safe, width};
use super::super::position::{line_of, site};
use super::super::style::{BOLD, DIM, MARGIN, level as color};
use crate::analysis::Analysis;
use crate::model::{Clause, Finding, Hop, Level};

/// The team that has to act, and the other.
type Pair<'a> = (Option<&'a str>, Option<&'a str>);

/// The columns of a source line.
const COLUMNS: usize = 92;

/// The most lines of a chain.
const MOST_STEPS: usize = 3;

/// Writes the first findings of every rule, one for each pair of teams, and counts the others.
pub(super) fn write(analysis: &Analysis, per_rule: usize, out: &mut dyn Write) -> io::Result<()> {
    let told: Vec<&Finding> = analysis
        .findings
        .iter()
        .filter(|finding| finding.level > Level::Allow)
        .collect();
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
    if told.is_empty() {
        return Ok(());
    }
    let denied = told.iter().filter(|one| one.level == Level::Deny).count();
    writeln!(out)?;
    writeln!(
        out,
        "{BOLD}{}, {}{BOLD:#}",
        plural(denied, "error"),
        plural(told.len() - denied, "warning")
    )
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
    let word = match finding.level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "note",
    };
    writeln!(out)?;
    writeln!(
        out,
        "{style}{word}[{}]{style:#}{BOLD}: {}{BOLD:#}",
        finding.rule.0,
        fit(&finding.message, 240)
    )?;
    let hop = finding.evidence.first().and_then(|one| one.chain.first());
    if let Some(hop) = hop {
        write_source(analysis, finding, hop, out)?;
        let files = finding.evidence.iter().filter_map(|one| one.chain.first());
        let mut seen = BTreeSet::from([hop.span.file]);
        for other in files.filter(|other| seen.insert(other.span.file)) {
            let place = safe(&site(analysis, other.span));
            writeln!(out, "  {MARGIN}:::{MARGIN:#} {place}")?;
        }
        if let Some(way) = way(analysis, finding) {
            note(out, &format!("through: {way}"))?;
        }
    }
    if let Some(line) = finding.owner {
        let who = finding
            .to_team
            .as_ref()
            .map_or_else(|| "nobody".to_owned(), |team| safe(team));
        let said = analysis.texts.line(line).unwrap_or_default();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = if said.is_empty() {
            String::new()
        } else {
            format!(" `{}`", fit(&said, 50))
        };
        let place = safe(&line_of(analysis, line));
        note(out, &format!("owner: {who} ({place}{said})"))?;
    }
    note(out, clause(finding.clause))?;
    if let Some(way) = finding.help.first() {
        let mut lines = way.split('\n');
        note(
            out,
            &format!("try: {}", fit(lines.next().unwrap_or(""), 240)),
        )?;
        for line in lines {
            writeln!(out, "          {}", fit(line, 240))?;
        }
    }
    Ok(())
}

fn write_source(
    analysis: &Analysis,
    finding: &Finding,
    hop: &Hop,
    out: &mut dyn Write,
) -> io::Result<()> {
    let place = safe(&site(analysis, hop.span));
    let sites = match finding.count {
        0 | 1 => String::new(),
        _ => format!(" {DIM}(1 of {} files){DIM:#}", finding.count),
    };
    writeln!(out, "  {MARGIN}-->{MARGIN:#} {place}{sites}")?;
    let Some(line) = analysis.texts.line(hop.span) else {
        return Ok(());
    };
    if hop.span.start >= hop.span.end {
        return Ok(());
    }
    let at = analysis.texts.position(hop.span);
    let before: usize = (at.column as usize).saturating_sub(1);
    let bytes = (hop.span.end - hop.span.start) as usize;
    let (shown, start, length) = excerpt(&line, before, bytes);
    let number = at.line.to_string();
    let style = color(finding.level);
    let gap = " ".repeat(number.len());
    writeln!(out, "{MARGIN}{number} |{MARGIN:#} {shown}")?;
    writeln!(
        out,
        "{gap} {MARGIN}|{MARGIN:#} {}{style}{}{style:#}",
        " ".repeat(start),
        "^".repeat(length)
    )
}

/// The lines after the site that make the first chain, each once; `twopizza why` tells what they say.
fn way(analysis: &Analysis, finding: &Finding) -> Option<String> {
    let chain = &finding.evidence.first()?.chain;
    let mut lines: Vec<String> = Vec::new();
    for hop in chain.iter().skip(1) {
        let line = safe(&line_of(analysis, hop.span));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.len() > MOST_STEPS {
        let more = lines.len() - MOST_STEPS;
        lines.truncate(MOST_STEPS);
        lines.push(format!("{more} more"));
    }
    (!lines.is_empty()).then(|| lines.join(" → "))
}

/// The part of a line around a span, made safe, with the columns where the span starts and how wide it is.
fn excerpt(line: &str, before: usize, bytes: usize) -> (String, usize, usize) {
    let indent = line.chars().take_while(|c| c.is_whitespace()).count();
    let skip = indent.min(before);
    let skip = if before - skip > COLUMNS / 2 {
        before - COLUMNS / 4
    } else {
        skip
    };
    let cell = |c: char| match c {
        '\t' => " ".to_owned(),
        c if is_unsafe(c) => safe(&c.to_string()),
        c => c.to_string(),
    };
    let head: String = line
        .chars()
        .skip(skip)
        .take(before - skip)
        .map(cell)
        .collect();
    let mut marked = String::new();
    let mut left = bytes;
    for c in line.chars().skip(before).take(COLUMNS) {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(c.len_utf8());
        marked.push_str(&cell(c));
    }
    let whole: String = line
        .chars()
        .skip(skip)
        .take(COLUMNS + 1)
        .map(cell)
        .collect();
    let start = width(&head).min(COLUMNS - 1);
    let end = start + width(&marked).max(1);
    let shown = fit(&whole, COLUMNS);
    (shown, start, end.min(COLUMNS).saturating_sub(start).max(1))
}

fn note(out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "   {MARGIN}={MARGIN:#} {text}")
}

/// The mandate in a line.
fn clause(clause: Clause) -> &'static str {
    match clause {
        Clause::Interfaces => "clause 1: every team exposes its data and functions by interfaces",
        Clause::ThroughInterfaces => "clause 2: teams talk through these interfaces",
        Clause::NoBackDoors => "clause 3: no direct linking, only calls over the network",
        Clause::Externalizable => "clause 5: every interface could be opened to the world",
        Clause::TwoPizzas => "two pizzas: a team is small enough to be fed by them",
        Clause::Ownership => "ownership: what nobody owns, nobody can keep to the mandate",
        Clause::Graph => "autonomy: a team can move without waiting for a circle of others",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_stands_under_its_span_whatever_the_line_holds() {
        let marked = |line: &str, wanted: &str| {
            let at = line.find(wanted).unwrap();
            let (shown, start, length) = excerpt(line, line[..at].chars().count(), wanted.len());
            assert!(width(&shown) <= COLUMNS, "{shown}");
            (shown, start, length)
        };
        let (shown, start, length) = marked("\t\tuse cart::Item;", "cart");
        assert_eq!((shown.as_str(), start, length), ("use cart::Item;", 4, 4));
        let (_, start, length) = marked("let a = \"🍕🍕\", cart;", "cart");
        assert_eq!((start, length), (16, 4));
        let (_, start, _) = marked("let a = \"\u{202e}\", cart;", "cart");
        assert_eq!(start, 20);
        let long = format!("{}cart{}", "x".repeat(5000), "y".repeat(5000));
        let (shown, start, length) = marked(&long, "cart");
        assert_eq!((&shown[start..start + length], length), ("cart", 4));
        let wide = "\u{202e}".repeat(300);
        let (_, start, length) = excerpt(&wide, 299, 3);
        assert!(start + length <= COLUMNS, "{start} {length}");
        assert_eq!(excerpt("", 0, 0).2, 1);
    }
}
