//! What one row tells of a person, and by which names other rows mean them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::columns::Columns;
use crate::model::Column;

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

/// One person of the table.
pub(super) struct Row {
    pub(super) bytes: Range<usize>,
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) teams: Vec<String>,
    pub(super) manager: Option<String>,
    pub(super) site: Option<String>,
    pub(super) time_zone: Option<String>,
    pub(super) active: bool,
    /// As written: who leads the team, or whether this person does.
    lead: Option<String>,
}

impl Row {
    /// Reads a row; `None` when it names no person.
    pub(super) fn new(
        record: &::csv::ByteRecord,
        columns: &Columns,
        bytes: Range<usize>,
    ) -> Option<Self> {
        let cell = |column: Column| {
            let cell = record.get(*columns.get(&column)?)?;
            let text = String::from_utf8_lossy(cell).trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let email = cell(Column::Email);
        let id = cell(Column::Person).or_else(|| email.clone())?;
        let teams = cell(Column::Team);
        let teams = teams.iter().flat_map(|teams| teams.split([';', '|']));
        let teams = teams.map(|team| team.trim().to_owned());
        let active = cell(Column::Active);
        Some(Self {
            bytes,
            id,
            email,
            name: cell(Column::Name),
            teams: teams.filter(|team| !team.is_empty()).collect(),
            lead: cell(Column::Lead),
            manager: cell(Column::Manager),
            site: cell(Column::Site),
            time_zone: cell(Column::TimeZone),
            active: !active.is_some_and(|text| is_one_of(&text, GONE)),
        })
    }

    /// Who leads the teams of the row, as far as the row tells it.
    pub(super) fn lead(&self, names: &Names) -> Option<String> {
        let text = self.lead.as_ref()?;
        match is_one_of(text, YES) {
            true => Some(self.id.clone()),
            false => names.id(text),
        }
    }
}

fn is_one_of(text: &str, words: &[&str]) -> bool {
    words.contains(&&*text.to_lowercase())
}

/// Who is meant by a text: ids and addresses, and names that only one person has.
pub(super) struct Names(HashMap<String, Option<String>>);

impl Names {
    pub(super) fn new(rows: &[Row]) -> Self {
        let mut names: HashMap<String, Option<String>> = HashMap::new();
        for row in rows {
            for text in [Some(&row.id), row.email.as_ref()].into_iter().flatten() {
                names
                    .entry(fold(text))
                    .or_insert_with(|| Some(row.id.clone()));
            }
        }
        let mut shown: BTreeMap<String, Option<String>> = BTreeMap::new();
        for row in rows {
            if let Some(name) = &row.name {
                let one = shown
                    .entry(fold(name))
                    .or_insert_with(|| Some(row.id.clone()));
                if one.as_ref() != Some(&row.id) {
                    *one = None;
                }
            }
        }
        for (name, id) in shown {
            names.entry(name).or_insert(id);
        }
        Self(names)
    }

    /// The id of the person; `None` for nobody in the table, and for a name that several have.
    pub(super) fn id(&self, text: &str) -> Option<String> {
        self.0.get(&fold(text))?.clone()
    }
}

fn fold(text: &str) -> String {
    text.trim().trim_start_matches('@').to_lowercase()
}

/// The range without line ends and white space around it.
pub(super) fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let piece = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (piece.len() - piece.trim_ascii_start().len());
    let end = range.end.min(text.len());
    let end = end - (piece.len() - piece.trim_ascii_end().len()).min(end - start.min(end));
    start.min(end)..end
}
