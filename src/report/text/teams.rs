//! The table of teams, the most coupled first.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::super::names::pad;
use super::super::style::{BOLD, DIM};
use crate::analysis::Analysis;
use crate::graph::{TeamGraph, people};
use crate::model::{Context, Level, TeamId, TeamKind};

#[derive(Clone, Copy, Default)]
struct Row {
    components: usize,
    out: usize,
    into: usize,
    findings: usize,
}

/// Writes the teams that own something, are coupled, or have a finding.
pub(super) fn write(analysis: &Analysis, most: usize, out: &mut dyn Write) -> io::Result<()> {
    let organisation = analysis.graph.organisation();
    let mut rows: Vec<(TeamId, Row)> = rows(analysis).into_iter().collect();
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
    rows.sort_by_key(|(team, row)| (std::cmp::Reverse((row.findings, row.out + row.into)), *team));
    writeln!(
        out,
        "{BOLD}{:<34}{:>8}{:>12}{:>8}{:>6}{:>10}{BOLD:#}",
        "Teams", "people", "components", "out", "in", "findings"
    )?;
    for (team, row) in rows.iter().take(most) {
        let node = organisation.team(*team);
        let team = &node.team;
        let people = match people(node) {
            Some(people) => people.to_string(),
            None if team.kind == TeamKind::People => "–".to_owned(),
            None => "?".to_owned(),
        };
        writeln!(
            out,
            "  {}{people:>8}{:>12}{:>8}{:>6}{:>10}",
            pad(&team.id, 32),
            row.components,
            row.out,
            row.into,
            row.findings
        )?;
    }
    if rows.len() > most {
        writeln!(out, "  {DIM}+{} more{DIM:#}", rows.len() - most)?;
    }
    Ok(())
}

/// Couplings are counted in sites of production code.
fn rows(analysis: &Analysis) -> BTreeMap<TeamId, Row> {
    let graph = &analysis.graph;
    let organisation = graph.organisation();
    let mut rows: BTreeMap<TeamId, Row> = BTreeMap::new();
    for (index, owner) in organisation.components.iter().enumerate() {
        let Some(set) = owner.owned.set() else {
            continue;
        };
        let code = graph
            .components()
            .get(index)
            .is_some_and(|one| one.kind.is_code());
        for team in organisation.teams_of(set) {
            rows.entry(*team).or_default().components += usize::from(code);
        }
    }
    let production = |context| context == Context::Production;
    for edge in TeamGraph::new(graph, |one| production(one.context)).edges() {
        let sites = edge.sites() as usize;
        rows.entry(edge.from).or_default().out += sites;
        rows.entry(edge.to).or_default().into += sites;
    }
    for finding in &analysis.findings {
        if finding.level == Level::Allow || !finding.standing.counts() {
            continue;
        }
        for id in finding.from_teams() {
            if let Some(team) = organisation.find_team(id) {
                rows.entry(team).or_default().findings += 1;
            }
        }
    }
    rows
}
