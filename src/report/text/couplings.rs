//! The couplings between teams, the worst first, each with the place of its first site.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::super::names::{fit, pad, safe, width};
use super::super::position::site;
use super::super::style::{BOLD, DIM, verdict as color};
use crate::analysis::Analysis;
use crate::graph::Verdict;
use crate::model::{Context, Dependency, DependencyKind, TeamId};

/// The columns of a line.
const COLUMNS: usize = 100;

/// The columns of a team.
const NAME: usize = 20;

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
    let pair = |row: &Row<'_>| {
        let id = |team| organisation.team(team).team.id.as_str();
        format!("{} → {}", fit(id(row.from), NAME), fit(id(row.to), NAME))
    };
    let shown = || rows.iter().take(most);
    let kinds = shown().map(|row| row.kind.as_str().len()).max();
    let kinds = kinds.unwrap_or_default();
    let pairs = shown().map(|row| width(&pair(row))).max();
    let pairs = pairs.unwrap_or_default();
    let left = COLUMNS.saturating_sub(kinds + pairs + 20);
    for row in shown() {
        let style = color(row.verdict);
        let evidence = row.top.evidence.first();
        let place = evidence
            .and_then(|evidence| evidence.chain.first())
            .map_or_else(String::new, |hop| site(analysis, hop.span));
        writeln!(
            out,
            "  {style}{:<9}{style:#} {:<kinds$} {} {:>4}  {DIM}{}{DIM:#}",
            row.verdict.as_str(),
            row.kind.as_str(),
            pad(&pair(row), pairs),
            row.sites,
            shorten(&place, left),
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
    let place = safe(place);
    let all = width(&place);
    if all <= columns {
        return place;
    }
    let mut over = all + 1 - columns.max(1);
    let tail: String = place
        .chars()
        .skip_while(|c| {
            let skip = over > 0;
            over = over.saturating_sub(width(c.encode_utf8(&mut [0; 4])));
            skip
        })
        .collect();
    // A whole segment can be read, the end of one cannot.
    let whole = tail.find('/').map_or(tail.as_str(), |cut| &tail[cut..]);
    format!("…{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_place_loses_whole_segments_from_its_start() {
        let place = "crates/vault/src/cipher.rs:2:5";
        assert_eq!(shorten(place, 30), place);
        assert_eq!(shorten(place, 29), "…/vault/src/cipher.rs:2:5");
        assert_eq!(shorten(place, 22), "…/src/cipher.rs:2:5");
        assert_eq!(shorten(place, 8), "….rs:2:5");
    }
}
