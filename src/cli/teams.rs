//! `twopizza teams`: how large each team is, what it owns, how it is coupled, and what that is for each head.

use std::io::{self, Write};

use serde::Serialize;
use twopizza::analysis::Analysis;
use twopizza::graph::TeamFigures;
use twopizza::model::{Organisation, TeamKind};
use twopizza::report::cut;

use super::Outcome;
use super::args::{Global, TeamsArgs, TeamsFormat};
use super::inputs::Inputs;
use super::output::{self, Kind, plain};
use super::table::{Align, columns, csv};

/// The columns for people, which share a line of a terminal.
const HEADER: &[&str] = &[
    "team", "kind", "people", "lines", "owns", "out", "in", "teams", "load", "found",
];

/// The columns of a usual terminal.
const LINE: usize = 80;

/// A name is not cut shorter than this, however wide the figures are.
const SHORTEST: usize = 12;

const KEY: &str = "\
people  direct ones, without bots; ! more than the limit; ? no roster tells them
lines   of communication: pairs of people
owns    components of code
out in  sites of production code: what it uses of others, what others use of it
teams   other teams that it is coupled with
load    components, languages and other teams for each of the people
found   findings that it has to act on";

pub(super) fn run(global: &Global, args: &TeamsArgs) -> Outcome {
    let analysis = Inputs::open(global, &args.paths)?.analyze()?;
    let page = page(&analysis);
    let kind = match args.format {
        TeamsFormat::Text => Kind::Text,
        TeamsFormat::Json | TeamsFormat::Csv => Kind::Data,
    };
    output::write(args.output.as_deref(), kind, |out| match args.format {
        TeamsFormat::Text => text(out, &page),
        TeamsFormat::Json => json(out, &page),
        TeamsFormat::Csv => table(out, &page.teams),
    })
}

#[derive(Serialize)]
struct Page {
    schema_version: u32,
    /// The most people of a team.
    team_max: Option<usize>,
    teams: Vec<Row>,
    /// Owners that are people and no team: they have no figures, and are not named here.
    people_without_team: usize,
}

/// One team; nothing in it names a person.
#[derive(Debug, Default, PartialEq, Serialize)]
struct Row {
    id: String,
    name: Option<String>,
    kind: &'static str,
    parent: Option<String>,
    /// Direct people without bots; nothing when no roster tells them.
    people: Option<usize>,
    /// With the people of included teams and of teams below; nothing when there are none.
    whole: Option<usize>,
    oversized: bool,
    /// How many of the people lead it; nothing when no roster tells of leads.
    leads: Option<usize>,
    /// Pairs of people.
    lines_of_communication: Option<usize>,
    files: usize,
    components: usize,
    deployables: usize,
    languages: Vec<&'static str>,
    /// Sites of production code.
    couplings_out: usize,
    couplings_in: usize,
    foreign_teams: usize,
    load: usize,
    load_per_head: Option<f64>,
    findings: usize,
}

/// The teams, the most troubled first.
fn page(analysis: &Analysis) -> Page {
    let organisation = analysis.graph.organisation();
    let (people, teams): (Vec<TeamFigures>, Vec<TeamFigures>) = analysis
        .teams()
        .into_iter()
        .partition(|one| organisation.team(one.team).team.kind == TeamKind::People);
    Page {
        schema_version: 1,
        team_max: analysis.team_max,
        teams: teams.iter().map(|one| row(organisation, one)).collect(),
        people_without_team: people.len(),
    }
}

fn row(organisation: &Organisation, figures: &TeamFigures) -> Row {
    let team = &organisation.team(figures.team).team;
    Row {
        id: team.id.clone(),
        name: team.name.clone(),
        kind: team.kind.as_str(),
        parent: team.parent.clone(),
        people: figures.people,
        whole: (figures.whole > 0 || figures.people.is_some()).then_some(figures.whole),
        oversized: figures.oversized,
        leads: figures.leads,
        lines_of_communication: figures.lines(),
        files: figures.files,
        components: figures.components.len(),
        deployables: figures.deployables.len(),
        languages: figures.languages.iter().map(|one| one.name()).collect(),
        couplings_out: figures.couplings_out,
        couplings_in: figures.couplings_in,
        foreign_teams: figures.foreign_teams.len(),
        load: figures.load(),
        load_per_head: figures.load_per_head().map(two_digits),
        findings: figures.findings,
    }
}

/// Rounded, so that a file that somebody keeps changes only when the figure does.
fn two_digits(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn text(out: &mut dyn Write, page: &Page) -> io::Result<()> {
    let rows = &page.teams;
    if rows.is_empty() && page.people_without_team == 0 {
        return writeln!(
            out,
            "no teams: no roster, no ownership file and no configuration names one"
        );
    }
    if !rows.is_empty() {
        let mut align = [Align::Right; 10];
        align[..2].fill(Align::Left);
        let mut cells: Vec<Vec<String>> = vec![HEADER.iter().map(|one| (*one).into()).collect()];
        cells.extend(rows.iter().map(short));
        let room = LINE.saturating_sub(width(&cells)).max(SHORTEST);
        for row in &mut cells {
            row[0] = cut(&row[0], room);
        }
        columns(out, &align, &cells)?;
        writeln!(out, "\n{KEY}")?;
    }
    if page.people_without_team > 0 {
        let gap = if rows.is_empty() { "" } else { "\n" };
        writeln!(
            out,
            "{gap}Owners that are people and no team: {}; `twopizza owners` shows them",
            page.people_without_team,
        )?;
    }
    Ok(())
}

/// The columns that a table takes, without the first of its columns.
fn width(rows: &[Vec<String>]) -> usize {
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    (1..HEADER.len()).map(|column| 2 + widest(column)).sum()
}

fn short(row: &Row) -> Vec<String> {
    let number = |number: Option<usize>| number.map_or("?".to_owned(), |one| one.to_string());
    let mark = if row.oversized { "!" } else { "" };
    vec![
        row.id.clone(),
        match row.kind {
            "working-group" => "group",
            "permission" => "access",
            kind => kind,
        }
        .to_owned(),
        format!("{}{mark}", number(row.people)),
        number(row.lines_of_communication),
        row.components.to_string(),
        row.couplings_out.to_string(),
        row.couplings_in.to_string(),
        row.foreign_teams.to_string(),
        row.load_per_head
            .map_or("?".to_owned(), |load| format!("{load:.1}")),
        row.findings.to_string(),
    ]
}

fn json(out: &mut dyn Write, page: &Page) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, page)?;
    writeln!(out)
}

const CSV_HEADER: &[&str] = &[
    "team",
    "name",
    "kind",
    "parent",
    "people",
    "whole",
    "oversized",
    "leads",
    "lines",
    "files",
    "components",
    "deployables",
    "languages",
    "out",
    "in",
    "foreign_teams",
    "load",
    "load_per_head",
    "findings",
];

fn table(out: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    let header: Vec<String> = CSV_HEADER.iter().map(|title| (*title).to_owned()).collect();
    csv(out, &header)?;
    rows.iter().try_for_each(|row| csv(out, &cells(row)))
}

fn cells(row: &Row) -> Vec<String> {
    let number = |number: Option<usize>| number.map_or(String::new(), |one| one.to_string());
    let text = |text: &Option<String>| plain(text.as_deref().unwrap_or_default());
    vec![
        plain(&row.id),
        text(&row.name),
        row.kind.to_owned(),
        text(&row.parent),
        number(row.people),
        number(row.whole),
        row.oversized.to_string(),
        number(row.leads),
        number(row.lines_of_communication),
        row.files.to_string(),
        row.components.to_string(),
        row.deployables.to_string(),
        row.languages.join(" "),
        row.couplings_out.to_string(),
        row.couplings_in.to_string(),
        row.foreign_teams.to_string(),
        row.load.to_string(),
        row.load_per_head
            .map_or(String::new(), |load| load.to_string()),
        row.findings.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use twopizza::graph::lines_of_communication;

    fn sample() -> Page {
        let row = |id: &str, people: Option<usize>| Row {
            id: id.to_owned(),
            kind: "work",
            people,
            whole: people,
            oversized: people > Some(7),
            lines_of_communication: people.map(lines_of_communication),
            components: 3,
            load: 3,
            load_per_head: people.map(|people| two_digits(3.0 / people as f64)),
            ..Row::default()
        };
        let long = "the-team-with-the-name-that-nobody-can-read-to-its-end";
        Page {
            schema_version: 1,
            team_max: Some(7),
            teams: vec![row("cart", Some(12)), row(long, None)],
            people_without_team: 2,
        }
    }

    fn written(write: fn(&mut dyn Write, &Page) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out, &sample()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_table_fits_a_terminal_and_an_unknown_size_is_not_zero() {
        let text = written(text);
        assert!(text.lines().all(|line| line.chars().count() <= LINE));
        expect![[r#"
            team                      kind  people  lines  owns  out  in  teams  load  found
            cart                      work     12!     66     3    0   0      0   0.2      0
            the-team-with-the-name-…  work       ?      ?     3    0   0      0     ?      0

            people  direct ones, without bots; ! more than the limit; ? no roster tells them
            lines   of communication: pairs of people
            owns    components of code
            out in  sites of production code: what it uses of others, what others use of it
            teams   other teams that it is coupled with
            load    components, languages and other teams for each of the people
            found   findings that it has to act on

            Owners that are people and no team: 2; `twopizza owners` shows them
        "#]]
        .assert_eq(&text);
    }

    #[test]
    fn csv_and_json_tell_all_figures() {
        expect![[r#"
            team,name,kind,parent,people,whole,oversized,leads,lines,files,components,deployables,languages,out,in,foreign_teams,load,load_per_head,findings
            cart,,work,,12,12,true,,66,0,3,0,,0,0,0,3,0.25,0
            the-team-with-the-name-that-nobody-can-read-to-its-end,,work,,,,false,,,0,3,0,,0,0,0,3,,0
        "#]].assert_eq(&written(|out, page| table(out, &page.teams)));
        let json: serde_json::Value = serde_json::from_str(&written(json)).unwrap();
        assert_eq!(json["teams"][1]["people"], serde_json::Value::Null);
        assert_eq!(json["teams"][0]["load_per_head"], 0.25);
        assert_eq!(json["people_without_team"], 2);
    }
}
