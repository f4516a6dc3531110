//! Which column of a table tells what?

use std::collections::BTreeMap;

use crate::model::Column;

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

/// Where each thing that is told stands in a row.
pub(super) type Columns = BTreeMap<Column, usize>;

/// The sign that stands most often in the first line.
pub(super) fn delimiter(bytes: &[u8]) -> u8 {
    let first = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |sign: &u8| first.iter().filter(|byte| *byte == sign).count();
    let signs = [b'\t', b';', b','];
    signs.into_iter().max_by_key(count).unwrap_or(b',')
}

/// The first column for each thing that a column may tell; `given` goes before the usual names.
///
/// # Errors
/// What a given header is that the table does not have.
pub(super) fn columns(
    headers: &::csv::ByteRecord,
    given: &BTreeMap<Column, String>,
) -> Result<Columns, String> {
    let headers: Vec<String> = headers
        .iter()
        .map(|header| String::from_utf8_lossy(header).trim().to_owned())
        .collect();
    let mut found = Columns::new();
    for (column, wanted) in given {
        let same = |header: &String| header.trim().eq_ignore_ascii_case(wanted.trim());
        match headers.iter().position(same) {
            Some(index) => found.insert(*column, index),
            None => return Err(wanted.clone()),
        };
    }
    for (index, header) in headers.iter().enumerate() {
        let is_given = found
            .iter()
            .any(|(column, at)| *at == index && given.contains_key(column));
        if let Some(column) = usual(header).filter(|_| !is_given) {
            found.entry(column).or_insert(index);
        }
    }
    Ok(found)
}

/// What a header of this name tells.
fn usual(header: &str) -> Option<Column> {
    let header: String = header
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let column = COLUMNS.iter().find(|(_, names)| names.contains(&&*header));
    column.map(|(column, _)| *column)
}

/// Whether the columns tell who is in which team, or who leads whom.
pub(super) fn are_enough(columns: &Columns) -> bool {
    let has = |column| columns.contains_key(&column);
    (has(Column::Person) || has(Column::Email)) && (has(Column::Team) || has(Column::Manager))
}
