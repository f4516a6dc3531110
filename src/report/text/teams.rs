//! The table of teams, the most troubled first.

use std::io::{self, Write};

use super::super::names::pad;
use super::super::style::{BOLD, DIM};
use crate::analysis::Analysis;
use crate::graph::TeamFigures;
use crate::model::TeamKind;

/// Writes the teams that own something, are coupled, or have a finding.
pub(super) fn write(analysis: &Analysis, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let organisation = analysis.graph.organisation();
    let mut rows = analysis.teams();
    rows.retain(|one| !one.is_idle());
    writeln!(out)?;
    if rows.is_empty() {
        return if organisation.has_sources {
            writeln!(out, "No team owns anything here.")
        } else {
            writeln!(
                out,
                "Nothing says who owns what (no CODEOWNERS, no owners in twopizza.toml): no coupling can be judged."
            )
        };
    }
    writeln!(
        out,
        "{BOLD}{:<34}{:>8}{:>12}{:>8}{:>6}{:>10}{BOLD:#}",
        "Teams", "people", "components", "out", "in", "findings"
    )?;
    for row in rows.iter().take(most) {
        let team = &organisation.team(row.team).team;
        writeln!(
            out,
            "  {}{:>8}{:>12}{:>8}{:>6}{:>10}",
            pad(&team.id, 32),
            people(row, team.kind),
            row.components.len(),
            row.couplings_out,
            row.couplings_in,
            row.findings
        )?;
    }
    if rows.len() > most {
        writeln!(
            out,
            "  {DIM}+{} more: twopizza teams{DIM:#}",
            rows.len() - most
        )?;
    }
    Ok(())
}

/// How many there are, with a mark when they are too many; people who own something together have no size.
fn people(row: &TeamFigures, kind: TeamKind) -> String {
    match row.people {
        Some(people) if row.oversized => format!("{people}!"),
        Some(people) => people.to_string(),
        None if kind == TeamKind::People => "–".to_owned(),
        None => "?".to_owned(),
    }
}
