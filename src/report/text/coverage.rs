//! What the run looked at, what it could not judge, and what it could not read.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::super::names::{fit, plural, safe};
use super::super::position::place;
use super::super::style::{BOLD, DIM, WARNING};
use crate::analysis::Analysis;

/// Writes coverage and problems.
pub(super) fn write(analysis: &Analysis, problems: usize, out: &mut dyn Write) -> io::Result<()> {
    let coverage = &analysis.coverage;
    writeln!(out)?;
    writeln!(out, "{BOLD}Looked at{BOLD:#}")?;
    let mut read = format!("{} read, {} parsed", coverage.read, coverage.parsed);
    for (count, how) in [
        (coverage.partly, "in part"),
        (coverage.failed, "not at all"),
    ] {
        if count > 0 {
            let _ = write!(read, ", {count} {how}");
        }
    }
    if coverage.not_followed > 0 {
        let links = plural(coverage.not_followed, "link");
        let _ = write!(read, "; {links} not followed");
    }
    writeln!(out, "  files      {}: {read}", coverage.files)?;
    writeln!(
        out,
        "  owners     {} owned, {} explicitly unowned, {} that no line speaks of",
        coverage.owned, coverage.unowned, coverage.unmatched
    )?;
    let kinds: Vec<String> = coverage
        .by_kind
        .iter()
        .map(|(kind, count)| format!("{kind} {count}"))
        .collect();
    if !kinds.is_empty() {
        wrapped(out, "edges", &kinds)?;
    }
    writeln!(out, "  unresolved {}", plural(coverage.unresolved, "site"))?;
    let cargo = coverage.cargo;
    if cargo.confirmed + cargo.differing > 0 {
        let differing = match cargo.differing {
            0 => String::new(),
            count => format!(", differs on {count}"),
        };
        writeln!(
            out,
            "  cargo      agrees on {} between packages{differing}",
            plural(cargo.confirmed, "link")
        )?;
    }
    let unread: Vec<String> = coverage
        .unread_languages
        .iter()
        .map(|(language, files)| format!("{} {files}", safe(language)))
        .collect();
    if !unread.is_empty() {
        wrapped(out, "not read", &unread)?;
    }
    write_problems(analysis, problems, out)
}

fn wrapped(out: &mut dyn Write, head: &str, items: &[String]) -> io::Result<()> {
    let mut line = format!("  {head:<11}");
    let mut empty = true;
    for item in items {
        if !empty && line.chars().count() + item.chars().count() > 96 {
            writeln!(out, "{line},")?;
            line = " ".repeat(13);
            empty = true;
        }
        if !empty {
            line += ", ";
        }
        line += item;
        empty = false;
    }
    writeln!(out, "{line}")
}

fn write_problems(analysis: &Analysis, most: usize, out: &mut dyn Write) -> io::Result<()> {
    if analysis.problems.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(
        out,
        "{WARNING}{}{WARNING:#}",
        plural(analysis.problems.len(), "problem")
    )?;
    for problem in analysis.problems.iter().take(most) {
        let (path, at) = place(analysis, &problem.place);
        let path = path.map_or_else(|| "the run".to_owned(), |path| safe(&path));
        let at = at.map_or_else(String::new, |at| format!(":{}:{}", at.line, at.column));
        writeln!(out, "  {path}{at}: {}", fit(&problem.message, 160))?;
    }
    let more = analysis.problems.len().saturating_sub(most);
    if more > 0 {
        writeln!(out, "  {DIM}+{more} more{DIM:#}")?;
    }
    Ok(())
}
