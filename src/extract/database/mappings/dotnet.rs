//! Migrations and entities of Entity Framework.
//!
//! Sources: <https://learn.microsoft.com/en-us/ef/core/managing-schemas/migrations/>, <https://learn.microsoft.com/en-us/ef/core/modeling/entity-types>

use super::Found;
use super::cursor::Cursor;
use crate::extract::sql::How;

pub(super) fn read(cursor: &Cursor<'_>, found: &mut Found) {
    let default = default_schema(cursor);
    let mut at = 0;
    while at < cursor.len() {
        // What takes a migration back.
        if cursor.follows(at, &["void", "Down", "("]) {
            let body = cursor.closing(at + 2) + 1;
            at = cursor.closing(body) + 1;
            continue;
        }
        let open = open_of(cursor, at + 1);
        match (cursor.word(at), open) {
            (Some("CreateTable"), Some(open)) if cursor.is(at.saturating_sub(1), b'.') => {
                if let Some(name) = cursor
                    .argument(open, "name")
                    .or_else(|| cursor.nth(open, 0))
                {
                    let schema = cursor.argument(open, "schema");
                    found.creates(schema.as_deref(), &name, at);
                }
            }
            (Some("ForeignKey" | "AddForeignKey"), Some(open)) => {
                if let Some(name) = cursor.argument(open, "principalTable") {
                    let schema = cursor.argument(open, "principalSchema");
                    found.does(How::Reference, schema.as_deref(), &name, at);
                }
            }
            (
                Some("AddColumn" | "DropColumn" | "AlterColumn" | "RenameColumn" | "CreateIndex"),
                Some(open),
            ) if cursor.is(at.saturating_sub(1), b'.') => {
                if let Some(name) = cursor.argument(open, "table") {
                    let schema = cursor.argument(open, "schema");
                    found.does(How::Alter, schema.as_deref(), &name, at);
                }
            }
            (Some("RenameTable"), Some(open)) => {
                if let Some(name) = cursor.argument(open, "newName") {
                    let schema = cursor.argument(open, "newSchema");
                    found.creates(schema.as_deref(), &name, at);
                }
            }
            (Some("ToTable" | "ToView"), Some(open)) if cursor.is(at.saturating_sub(1), b'.') => {
                if let Some(name) = cursor
                    .nth(open, 0)
                    .or_else(|| cursor.argument(open, "name"))
                {
                    let schema = cursor
                        .nth(open, 1)
                        .or_else(|| cursor.argument(open, "schema"));
                    found.maps(schema.or_else(|| default.clone()).as_deref(), &name, at);
                }
            }
            (Some("Table"), Some(open))
                if cursor.is(at.saturating_sub(1), b'[')
                    || cursor.is(at.saturating_sub(1), b',') =>
            {
                if let Some(name) = cursor.nth(open, 0) {
                    let schema = cursor.argument(open, "Schema");
                    found.maps(schema.as_deref(), &name, at);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// The bracket of a call, behind the types that it is given.
fn open_of(cursor: &Cursor<'_>, at: usize) -> Option<usize> {
    if cursor.is(at, b'(') {
        return Some(at);
    }
    if !cursor.is(at, b'<') {
        return None;
    }
    (at..at + 12)
        .find(|at| cursor.is(*at, b'>') && cursor.is(at + 1, b'('))
        .map(|at| at + 1)
}

/// The schema of tables that name none.
fn default_schema(cursor: &Cursor<'_>) -> Option<String> {
    let at = (0..cursor.len()).find(|at| cursor.follows(*at, &["HasDefaultSchema", "("]))?;
    cursor.nth(at + 1, 0)
}
