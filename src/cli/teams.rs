//! `twopizza teams`: how large each team is, what it owns, and how it is coupled.

use std::io::{self, Write};

use serde::Serialize;
use twopizza::analysis::Analysis;
use twopizza::graph::{TeamGraph, people};
use twopizza::model::{ComponentId, ComponentKind, Context, Finding, TeamId, TeamKind, TeamNode};

use super::Outcome;
use super::args::{Global, TeamsArgs, TeamsFormat};
use super::inputs::Inputs;
use super::output::{self, Kind, plain};
use super::table::{Align, columns, csv};

const HEADER: &[&str] = &[
    "team",
    "kind",
    "people",
    "lines",
    "components",
    "out",
    "in",
    "findings",
];

pub(super) fn run(global: &Global, args: &TeamsArgs) -> Outcome {
    let analysis = Inputs::open(global, &args.paths)?.analyze()?;
    let rows = rows(&analysis);
    let kind = match args.format {
        TeamsFormat::Text => Kind::Text,
        TeamsFormat::Json | TeamsFormat::Csv => Kind::Data,
    };
    output::write(args.output.as_deref(), kind, |out| match args.format {
        TeamsFormat::Text => text(out, &rows),
        TeamsFormat::Json => json(out, &rows),
        TeamsFormat::Csv => table(out, &rows),
    })
}

/// One team.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Row {
    id: String,
    name: Option<String>,
    kind: &'static str,
    /// Direct members without bots; nothing when no roster tells them.
    people: Option<usize>,
    /// Pairs of people.
    lines_of_communication: Option<usize>,
    components: usize,
    /// Sites of production code.
    couplings_out: usize,
    couplings_in: usize,
    findings: usize,
}

#[derive(Serialize)]
struct Page<'a> {
    schema_version: u32,
    teams: &'a [Row],
}

/// The teams, those with the most findings first.
fn rows(analysis: &Analysis) -> Vec<Row> {
    let organisation = analysis.graph.organisation();
    let mut rows: Vec<Row> = organisation.teams.iter().map(row).collect();
    let mut count = |team: TeamId, add: &dyn Fn(&mut Row)| {
        if let Some(row) = rows.get_mut(team.0 as usize) {
            add(row);
        }
    };
    for (index, component) in analysis.graph.components().iter().enumerate() {
        let owned = organisation.component(ComponentId(index as u32));
        if let Some(set) = owned.set()
            && !matches!(
                component.kind,
                ComponentKind::External | ComponentKind::Rest
            )
        {
            for team in organisation.teams_of(set) {
                count(*team, &|row| row.components += 1);
            }
        }
    }
    let teams = TeamGraph::new(&analysis.graph, |one| one.context == Context::Production);
    for edge in teams.edges() {
        let sites = edge.sites() as usize;
        count(edge.from, &|row| row.couplings_out += sites);
        count(edge.to, &|row| row.couplings_in += sites);
    }
    for row in &mut rows {
        let findings = analysis.findings.iter();
        row.findings = findings
            .filter(|finding| finding.standing.counts() && concerns(finding, &row.id))
            .count();
    }
    rows.sort_by(|a, b| (b.findings, &a.id).cmp(&(a.findings, &b.id)));
    rows
}

fn row(node: &TeamNode) -> Row {
    let people = people(node);
    Row {
        id: node.team.id.clone(),
        name: node.team.name.clone(),
        kind: node.team.kind.as_str(),
        people,
        lines_of_communication: people.map(lines_of_communication),
        ..Row::default()
    }
}

/// How many pairs so many people make.
fn lines_of_communication(people: usize) -> usize {
    people.saturating_mul(people.saturating_sub(1)) / 2
}

/// Whether the team has to act; a finding about joint owners names all of them.
fn concerns(finding: &Finding, team: &str) -> bool {
    let teams = finding.from_teams();
    teams.into_iter().any(|other| other == team)
}

fn text(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    if rows.is_empty() {
        return writeln!(
            out,
            "no teams: neither an ownership file nor the configuration names one"
        );
    }
    let mut align = [Align::Right; 8];
    align[..2].fill(Align::Left);
    let mut table = vec![HEADER.iter().map(|title| (*title).to_owned()).collect()];
    table.extend(rows.iter().map(|row| cells(row, unknown(row))));
    columns(out, &align, &table)
}

/// What stands where a number is not known; people who own something together have none.
fn unknown(row: &Row) -> &'static str {
    if row.kind == TeamKind::People.as_str() {
        "–"
    } else {
        "?"
    }
}

fn table(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    let header: Vec<String> = HEADER.iter().map(|title| (*title).to_owned()).collect();
    csv(out, &header)?;
    rows.iter().try_for_each(|row| csv(out, &cells(row, "")))
}

fn json(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    let page = Page {
        schema_version: 1,
        teams: rows,
    };
    serde_json::to_writer_pretty(&mut *out, &page)?;
    writeln!(out)
}

fn cells(row: &Row, unknown: &str) -> Vec<String> {
    let number = |number: Option<usize>| match number {
        Some(number) => number.to_string(),
        None => unknown.to_owned(),
    };
    vec![
        plain(&row.id),
        row.kind.to_owned(),
        number(row.people),
        number(row.lines_of_communication),
        row.components.to_string(),
        row.couplings_out.to_string(),
        row.couplings_in.to_string(),
        row.findings.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn sample() -> Vec<Row> {
        let row = |id: &str, people: Option<usize>| Row {
            id: id.to_owned(),
            kind: "work",
            people,
            lines_of_communication: people.map(lines_of_communication),
            ..Row::default()
        };
        vec![row("cart", Some(12)), row("billing", None)]
    }

    fn written(write: fn(&mut dyn Write, &[Row]) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out, &sample()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_unknown_size_is_not_zero() {
        expect![[r#"
            team     kind  people  lines  components  out  in  findings
            cart     work      12     66           0    0   0         0
            billing  work       ?      ?           0    0   0         0
        "#]]
        .assert_eq(&written(text));
        expect![[r#"
            team,kind,people,lines,components,out,in,findings
            cart,work,12,66,0,0,0,0
            billing,work,,,0,0,0,0
        "#]]
        .assert_eq(&written(table));
        assert!(written(json).contains("\"people\": null"));
    }

    #[test]
    fn lines_of_communication_are_pairs() {
        assert_eq!(
            [0, 1, 2, 7, 8].map(lines_of_communication),
            [0, 0, 1, 21, 28]
        );
    }
}
