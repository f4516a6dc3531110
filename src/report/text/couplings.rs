//! The couplings between teams, the worst first, each with the place of its first site.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::super::names::{fit, pad};
use super::super::position::site;
use super::super::style::{BOLD, DIM, verdict as color};
use crate::analysis::Analysis;
use crate::graph::Verdict;
use crate::model::{Context, Dependency, DependencyKind, TeamId};

struct Row<'a> {
    from: TeamId,
    to: TeamId,
    kind: DependencyKind,
    verdict: Verdict,
    sites: u32,
    top: &'a Dependency,
}

/// Writes the production couplings by kind and pair of teams.
pub(super) fn write(analysis: &Analysis, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(analysis);
    if rows.is_empty() {
        return Ok(());
    }
    let organisation = analysis.graph.organisation();
    writeln!(out)?;
    writeln!(out, "{BOLD}Couplings between teams{BOLD:#}")?;
    for row in rows.iter().take(most) {
        let style = color(row.verdict);
        let id = |team| organisation.team(team).team.id.as_str();
        let pair = format!("{} → {}", fit(id(row.from), 17), fit(id(row.to), 17));
        let place = row
            .top
            .evidence
            .first()
            .and_then(|evidence| evidence.chain.first())
            .map_or_else(String::new, |hop| site(analysis, hop.span));
        writeln!(
            out,
            "  {style}{:<9}{style:#} {:<14} {} {:>4}  {DIM}{}{DIM:#}",
            row.verdict.as_str(),
            row.kind.as_str(),
            pad(&pair, 37),
            row.sites,
            shorten(&place, 29),
        )?;
    }
    if rows.len() > most {
        let hidden = rows.len() - most;
        let worse = rows
            .iter()
            .skip(most)
            .filter(|row| row.verdict == Verdict::Forbidden)
            .count();
        writeln!(
            out,
            "  {DIM}+{hidden} more, {worse} of them forbidden{DIM:#}"
        )?;
    }
    Ok(())
}

fn rows(analysis: &Analysis) -> Vec<Row<'_>> {
    let graph = &analysis.graph;
    let verdicts = analysis.verdicts();
    let mut merged: BTreeMap<(TeamId, TeamId, DependencyKind), Row<'_>> = BTreeMap::new();
    for dependency in graph.dependencies() {
        if dependency.context != Context::Production || dependency.kind == DependencyKind::Reach {
            continue;
        }
        let verdict = verdicts.of(graph, dependency);
        for (from, to) in graph.team_pairs(dependency) {
            let row = merged.entry((from, to, dependency.kind)).or_insert(Row {
                from,
                to,
                kind: dependency.kind,
                verdict,
                sites: 0,
                top: dependency,
            });
            row.sites = row.sites.saturating_add(dependency.count);
            if (verdict, dependency.count) > (row.verdict, row.top.count) {
                row.top = dependency;
            }
            row.verdict = row.verdict.max(verdict);
        }
    }
    let mut rows: Vec<Row<'_>> = merged.into_values().collect();
    rows.sort_by_key(|row| {
        (
            std::cmp::Reverse((row.verdict, row.sites)),
            row.kind,
            row.from,
            row.to,
        )
    });
    rows
}

/// The end of a path tells more than its start.
fn shorten(place: &str, columns: usize) -> String {
    let count = place.chars().count();
    if count <= columns {
        return fit(place, columns.saturating_mul(2));
    }
    let tail: String = place.chars().skip(count - columns + 1).collect();
    format!("…{}", fit(&tail, columns.saturating_mul(2)))
}
