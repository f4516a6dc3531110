//! A script as its statements: what a migration does, and not what would take it back.

use std::ops::Range;

use super::tokens::{Kind, Tokens};

/// Comments from which on a script undoes, and those from which on it does again.
///
/// Sources: <https://github.com/pressly/goose#sql-migrations>, <https://github.com/amacneil/dbmate#creating-migrations>,
/// <https://github.com/rubenv/sql-migrate#writing-migrations>, <https://docs.liquibase.com/concepts/changelogs/sql-format.html>
const DOWN: &[&str] = &[
    "+goosedown",
    "migrate:down",
    "+migratedown",
    "+micratedown",
    "rollback",
    "@undo",
];
const UP: &[&str] = &[
    "+gooseup",
    "migrate:up",
    "+migrateup",
    "+micrateup",
    "changeset",
];

/// The most statements of one script.
const STATEMENTS: usize = 1 << 16;

/// The statements of a script, without those that take a migration back; and whether there are more of them than are told.
pub(in crate::extract) fn statements(text: &str) -> (Vec<Range<usize>>, bool) {
    let mut found = Vec::new();
    for part in up(text) {
        split(text, part, &mut found);
        if found.len() >= STATEMENTS {
            return (found, true);
        }
    }
    (found, false)
}

/// The parts of a script that do something.
fn up(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = Some(0);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let begin = at;
        at += line.len();
        let Some(comment) = line.trim_start().strip_prefix("--") else {
            continue;
        };
        let said: String = comment
            .chars()
            .take(64)
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect();
        if DOWN.iter().any(|mark| said.starts_with(mark)) {
            // Of one changeset, `rollback` is a line with a statement of its own.
            let only_line = said.starts_with("rollback");
            if let Some(start) = start.take() {
                parts.push(start..begin);
            }
            if only_line {
                start = Some(at);
            }
        } else if start.is_none() && UP.iter().any(|mark| said.starts_with(mark)) {
            start = Some(begin);
        }
    }
    if let Some(start) = start {
        parts.push(start..text.len());
    }
    parts
}

/// Adds the statements of a part, which end at `;`, at a line `GO`, or at what `DELIMITER` says.
fn split(text: &str, part: Range<usize>, found: &mut Vec<Range<usize>>) {
    let Some(source) = text.get(part.clone()) else {
        return;
    };
    let tokens = Tokens::new(source);
    let line_end = |from: usize| {
        memchr::memchr(b'\n', &source.as_bytes()[from..]).map_or(source.len(), |end| from + end)
    };
    let mut first: Option<usize> = None;
    let mut end = 0;
    let mut skip_to = 0;
    let mut push = |from: Option<usize>, to: usize| {
        if let Some(from) = from.filter(|from| *from < to) {
            found.push(part.start + from..part.start + to);
        }
    };
    for (number, token) in tokens.list.iter().enumerate() {
        if token.start < skip_to {
            continue;
        }
        let alone = || {
            let before = source[..token.start]
                .rsplit('\n')
                .next()
                .unwrap_or_default();
            let after = &source[token.end..line_end(token.end)];
            before.trim().is_empty() && after.trim().is_empty()
        };
        let starts_line = || {
            let before = source[..token.start]
                .rsplit('\n')
                .next()
                .unwrap_or_default();
            before.trim().is_empty()
        };
        match token.kind {
            Kind::Sign(b';') => {
                let from = first.take();
                push(from, token.start);
                // What follows are rows of data.
                let is_copy = from.is_some_and(|from| {
                    source[from..token.start]
                        .trim_end()
                        .to_ascii_lowercase()
                        .ends_with("from stdin")
                });
                if is_copy {
                    let close = memchr::memmem::find(&source.as_bytes()[token.end..], b"\n\\.");
                    skip_to = close.map_or(source.len(), |close| token.end + close + 3);
                }
            }
            Kind::Word if tokens.is(number, "GO") && alone() => push(first.take(), token.start),
            Kind::Word if tokens.is(number, "DELIMITER") && starts_line() => {
                push(first.take(), token.start);
                skip_to = line_end(token.end);
            }
            // A command of psql.
            Kind::Sign(b'\\') if first.is_none() => skip_to = line_end(token.end),
            _ => {
                first.get_or_insert(token.start);
                end = token.end;
            }
        }
    }
    push(first, end);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<&str> {
        let (found, _) = statements(text);
        found.into_iter().map(|bytes| &text[bytes]).collect()
    }

    #[test]
    fn statements_end_outside_of_texts_and_comments() {
        assert_eq!(
            read(
                "-- a; b\nCREATE TABLE a (x text DEFAULT ';'); /* ; */ SELECT $f$ ; $f$;\nSELECT 'it''s;'"
            ),
            [
                "CREATE TABLE a (x text DEFAULT ';')",
                "SELECT $f$ ; $f$",
                "SELECT 'it''s;'"
            ]
        );
        assert_eq!(read("CREATE TABLE a (x int)\nGO\nSELECT 1\nGO\n").len(), 2);
        assert_eq!(
            read("COPY a FROM stdin;\n1\tDROP TABLE b;\n\\.\nSELECT 1;"),
            ["COPY a FROM stdin", "SELECT 1"]
        );
        assert_eq!(read("\\connect shop\nSELECT 1;"), ["SELECT 1"]);
        assert!(read("").is_empty());
        assert!(read("-- only a comment").is_empty());
        assert_eq!(read("SELECT 'open"), ["SELECT 'open"]);
    }

    #[test]
    fn what_takes_a_migration_back_is_left_out() {
        assert_eq!(
            read("-- +goose Up\nCREATE TABLE a (x int);\n-- +goose Down\nDROP TABLE a;\n"),
            ["CREATE TABLE a (x int)"]
        );
        assert_eq!(
            read("-- migrate:down\nDROP TABLE a;\n-- migrate:up\nCREATE TABLE a (x int);\n"),
            ["CREATE TABLE a (x int)"]
        );
        assert_eq!(
            read(
                "--changeset ann:1\nCREATE TABLE a (x int);\n--rollback DROP TABLE a;\n--changeset ann:2\nSELECT 1;"
            ),
            ["CREATE TABLE a (x int)", "SELECT 1"]
        );
    }
}
