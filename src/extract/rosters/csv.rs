//! Who is in which team, by a table with one row for each person?
//!
//! No format says what the columns are called; [`COLUMNS`] has the usual names.
//! The form of the table is RFC 4180, <https://www.rfc-editor.org/rfc/rfc4180>, with `,`, `;` or tabs.

use std::collections::BTreeMap;

use super::{counts, person, team};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, Parsed, Person, SourceFile, Team};

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

/// What a column tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Person,
    Name,
    Email,
    Team,
    Lead,
    Manager,
    Site,
    TimeZone,
    Active,
}

/// What headers are called, in lower case and without anything but letters.
const COLUMNS: &[(Column, &[&str])] = &[
    (
        Column::Person,
        &[
            "person",
            "login",
            "user",
            "username",
            "personid",
            "github",
            "githublogin",
            "employeeid",
            "id",
        ],
    ),
    (Column::Name, &["name", "displayname", "fullname"]),
    (
        Column::Email,
        &["email", "mail", "workemail", "emailaddress"],
    ),
    (
        Column::Team,
        &["team", "teamname", "teams", "squad", "group"],
    ),
    (Column::Lead, &["lead", "islead", "teamlead"]),
    (
        Column::Manager,
        &["manager", "managerid", "manageremail", "reportsto"],
    ),
    (Column::Site, &["site", "location", "office", "city"]),
    (Column::TimeZone, &["timezone", "tz"]),
    (Column::Active, &["active", "status"]),
];

/// What says that somebody leads, or works here.
const YES: &[&str] = &["yes", "y", "true", "1", "x", "lead"];

/// What says that somebody has left.
const GONE: &[&str] = &[
    "no",
    "n",
    "false",
    "0",
    "inactive",
    "left",
    "terminated",
    "suspended",
    "alumni",
    "emeritus",
];

impl Extractor for Csv {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if !counts(file, facts) {
            return;
        }
        facts.parsed(Parsed::Whole);
        let mut reader = ::csv::ReaderBuilder::new()
            .delimiter(delimiter(file.bytes))
            .flexible(true)
            .trim(::csv::Trim::All)
            .from_reader(file.bytes);
        let columns = match reader.byte_headers() {
            Ok(headers) => columns(headers),
            Err(error) => {
                facts.problem(0..0, format!("the header cannot be read: {error}"));
                facts.parsed(Parsed::Failed);
                return;
            }
        };
        let named = |column| columns.contains_key(&column);
        if !named(Column::Team) || !(named(Column::Person) || named(Column::Email)) {
            facts.problem(
                0..0,
                "not read: the header needs a column `team` and a column `login` or `email`",
            );
            facts.parsed(Parsed::Failed);
            return;
        }
        let mut leads: BTreeMap<String, (Vec<String>, usize)> = BTreeMap::new();
        let mut record = ::csv::ByteRecord::new();
        loop {
            let start = reader.position().byte() as usize;
            match reader.read_byte_record(&mut record) {
                Ok(false) => break,
                Ok(true) => row(&record, &columns, start, &mut leads, facts),
                Err(error) => {
                    facts.problem(start..start, format!("the row cannot be read: {error}"));
                    facts.parsed(Parsed::Partly);
                    break;
                }
            }
        }
        for (id, (leads, at)) in leads {
            let found = Team {
                id,
                leads,
                ..Team::default()
            };
            team(facts, found, at..at);
        }
    }
}

/// The sign that stands most often in the first line.
fn delimiter(bytes: &[u8]) -> u8 {
    let first = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |sign: &u8| first.iter().filter(|byte| *byte == sign).count();
    let signs = [b'\t', b';', b','];
    signs.into_iter().max_by_key(count).unwrap_or(b',')
}

/// The first column for each thing that a column may tell.
fn columns(headers: &::csv::ByteRecord) -> BTreeMap<Column, usize> {
    let mut found = BTreeMap::new();
    for (index, header) in headers.iter().enumerate() {
        let header: String = String::from_utf8_lossy(header)
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let column = COLUMNS.iter().find(|(_, names)| names.contains(&&*header));
        if let Some((column, _)) = column {
            found.entry(*column).or_insert(index);
        }
    }
    found
}

/// `leads`: of each team so far its leads, and the row that names it first.
fn row(
    record: &::csv::ByteRecord,
    columns: &BTreeMap<Column, usize>,
    start: usize,
    leads: &mut BTreeMap<String, (Vec<String>, usize)>,
    facts: &mut Facts<'_>,
) {
    let cell = |column: Column| {
        let cell = record.get(*columns.get(&column)?)?;
        let text = String::from_utf8_lossy(cell).trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    let says = |column: Column, words: &[&str]| {
        cell(column).is_some_and(|text| words.contains(&&*text.to_lowercase()))
    };
    let email = cell(Column::Email);
    let Some(id) = cell(Column::Person).or_else(|| email.clone()) else {
        facts.problem(start..start, "a row without a person: left out");
        facts.parsed(Parsed::Partly);
        return;
    };
    let teams: Vec<String> = cell(Column::Team)
        .iter()
        .flat_map(|teams| teams.split([';', '|']))
        .map(|team| team.trim().to_owned())
        .filter(|team| !team.is_empty())
        .collect();
    let leads_them = says(Column::Lead, YES) || cell(Column::Lead).as_ref() == Some(&id);
    for team in &teams {
        let (leads, _) = leads
            .entry(team.clone())
            .or_insert_with(|| (Vec::new(), start));
        if leads_them {
            leads.push(id.clone());
        }
    }
    let found = Person {
        name: cell(Column::Name),
        aliases: email.into_iter().filter(|email| *email != id).collect(),
        active: !says(Column::Active, GONE),
        teams,
        manager: cell(Column::Manager),
        site: cell(Column::Site),
        time_zone: cell(Column::TimeZone),
        id,
        ..Person::default()
    };
    person(facts, found, start..start);
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
    fn a_table_of_something_else_is_a_problem() {
        assert!(read("city,country\nLisbon,PT\n").contains("the header needs a column `team`"));
    }
}
