//! Who is in which team, by a table with one row for each person?
//!
//! No format says what the columns are called; the configuration may, else [`columns`] has the usual names.
//! The form of the table is RFC 4180, <https://www.rfc-editor.org/rfc/rfc4180>, with `,`, `;` or tabs.

mod chart;
mod columns;
mod rows;

use std::collections::BTreeMap;

use self::columns::{Columns, are_enough, columns, delimiter};
use self::rows::{Names, Row};
use super::{counts, person, team};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{Column, ExtractorId, Facts, Language, Parsed, Person, SourceFile, Team};

/// Reads tables of people.
#[derive(Debug)]
pub(in crate::extract) struct Csv;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rosters/csv"),
    summary: "Teams and people from tables with one row for each person",
    globs: &[".twopizza/rosters/csv/*"],
    markers: &[],
    languages: &[Language::Data],
    ownership: true,
};

impl Extractor for Csv {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if !counts(file, facts) {
            return;
        }
        facts.parsed(Parsed::Whole);
        let mut reader = reader(file.bytes);
        let columns = match header(&mut reader, file) {
            Ok(columns) => columns,
            Err(message) => {
                facts.problem(0..0, message);
                facts.parsed(Parsed::Failed);
                return;
            }
        };
        let rows = rows(&mut reader, file.bytes, &columns, facts);
        let names = Names::new(&rows);
        if columns.contains_key(&Column::Team) {
            teams(&rows, &names, facts);
        } else {
            chart::teams(&rows, &names, facts);
        }
        for row in rows {
            let found = Person {
                manager: row.manager.map(|text| names.id(&text).unwrap_or(text)),
                aliases: row
                    .email
                    .into_iter()
                    .filter(|email| *email != row.id)
                    .collect(),
                name: row.name,
                active: row.active,
                teams: row.teams,
                site: row.site,
                time_zone: row.time_zone,
                id: row.id,
                ..Person::default()
            };
            person(facts, found, row.bytes);
        }
    }
}

/// Whether the first line of a text is the header of a table of people.
pub(super) fn is_table(bytes: &[u8]) -> bool {
    let mut reader = reader(bytes);
    let headers = reader.byte_headers();
    headers.is_ok_and(|headers| {
        columns(headers, &BTreeMap::new()).is_ok_and(|columns| are_enough(&columns))
    })
}

fn reader(bytes: &[u8]) -> ::csv::Reader<&[u8]> {
    ::csv::ReaderBuilder::new()
        .delimiter(delimiter(bytes))
        .flexible(true)
        .trim(::csv::Trim::All)
        .from_reader(bytes)
}

/// The columns of the table.
///
/// # Errors
/// Why they tell nothing of people and teams.
fn header(reader: &mut ::csv::Reader<&[u8]>, file: &SourceFile<'_>) -> Result<Columns, String> {
    let none = BTreeMap::new();
    let given = file.roster.map_or(&none, |roster| &roster.columns);
    let headers = reader
        .byte_headers()
        .map_err(|error| format!("the header cannot be read: {error}"))?;
    let found = columns(headers, given)
        .map_err(|wanted| format!("not read: no column is called `{}`", wanted.escape_debug()))?;
    if are_enough(&found) {
        return Ok(found);
    }
    Err(
        "not read: the header needs a column for the person (`login` or `email`) and one for the \
         `team` or the `manager`; `columns` of [[roster]] says what they are called"
            .to_owned(),
    )
}

/// The rows that name a person.
fn rows(
    reader: &mut ::csv::Reader<&[u8]>,
    text: &[u8],
    columns: &Columns,
    facts: &mut Facts<'_>,
) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut record = ::csv::ByteRecord::new();
    loop {
        let start = offset(reader);
        let more = reader.read_byte_record(&mut record);
        let bytes = rows::trimmed(text, start..offset(reader));
        match more {
            Ok(false) => return rows,
            Ok(true) => {
                if record.iter().any(|cell| std::str::from_utf8(cell).is_err()) {
                    facts.problem(bytes.clone(), "not UTF-8: save the table as UTF-8");
                    facts.parsed(Parsed::Partly);
                }
                match Row::new(&record, columns, bytes.clone()) {
                    Some(row) => rows.push(row),
                    None => {
                        facts.problem(bytes, "a row without a person: left out");
                        facts.parsed(Parsed::Partly);
                    }
                }
            }
            Err(error) => {
                facts.problem(bytes, format!("the row cannot be read: {error}"));
                facts.parsed(Parsed::Partly);
                return rows;
            }
        }
    }
}

fn offset(reader: &::csv::Reader<&[u8]>) -> usize {
    usize::try_from(reader.position().byte()).unwrap_or(usize::MAX)
}

/// The teams that a column names, each at the first row of it, with their leads.
fn teams(rows: &[Row], names: &Names, facts: &mut Facts<'_>) {
    let mut found: BTreeMap<&str, (&Row, Vec<String>)> = BTreeMap::new();
    for row in rows {
        for id in &row.teams {
            let (_, leads) = found.entry(id).or_insert_with(|| (row, Vec::new()));
            let lead = row.lead(names).filter(|lead| !leads.contains(lead));
            leads.extend(lead);
        }
    }
    for (id, (row, leads)) in found {
        let found = Team {
            id: id.to_owned(),
            leads,
            ..Team::default()
        };
        team(facts, found, row.bytes.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    fn read(text: &str) -> String {
        lines(&Csv, ".twopizza/rosters/csv/people.csv", text)
    }

    #[test]
    fn one_row_for_each_person() {
        let told = read(
            "Login;E-Mail;Team;Is Lead;Time zone;Status\nada;ada@acme.example;cart|pay;yes;Europe/Lisbon;active\nbob;;cart;;;left\n",
        );
        assert!(
            told.contains("person ada alias ada@acme.example teams cart, pay zone Europe/Lisbon"),
            "{told}"
        );
        assert!(told.contains("person bob teams cart [inactive]"), "{told}");
        assert!(
            told.contains("file team cart lead ada [declared]"),
            "{told}"
        );
        assert!(told.contains("file team pay lead ada [declared]"), "{told}");
    }

    #[test]
    fn quotes_and_broken_rows() {
        let told = read("team,login\n\"cart, checkout\",ada\n,\n\"open");
        assert!(told.contains("person ada teams cart, checkout"), "{told}");
        assert!(told.contains("a row without a person"), "{told}");
    }

    #[test]
    fn a_chart_without_teams_tells_them_by_the_managers() {
        let told = read(
            "id,name,reports to,status\n1,Ada,,\n2,Bob,Ada,\n3,Eve,2,\n4,Zoe,2,left\n5,Kim,boss@acme.example,\n",
        );
        let teams: Vec<&str> = told
            .lines()
            .filter(|line| line.contains("file team"))
            .collect();
        assert_eq!(
            teams,
            [
                "file team team of 1 name Team of Ada members 2 lead 1 [declared]  @ \"1,Ada,,\"",
                "file team team of 2 name Team of Bob members 3 parent team of 1 lead 2 [declared]  @ \"2,Bob,Ada,\"",
                "file team team of boss@acme.example members 5 lead boss@acme.example [declared]  @ \"5,Kim,boss@acme.example,\"",
            ]
        );
    }

    #[test]
    fn a_lead_may_be_named() {
        let told = read("login,team,lead\nada,cart,ada\nbob,cart,Ada\neve,pay,developer\n");
        assert!(told.contains("team cart lead ada [declared]"), "{told}");
        assert!(told.contains("team pay [declared]"), "{told}");
    }

    #[test]
    fn a_table_of_something_else_is_a_problem() {
        assert!(read("city,country\nLisbon,PT\n").contains("the header needs"));
    }
}
