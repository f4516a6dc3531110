//! Schemas and migrations of Ecto, tables of Diesel and SeaORM, models of GORM.
//!
//! Sources: <https://hexdocs.pm/ecto_sql/Ecto.Migration.html>, <https://docs.diesel.rs/2.2.x/diesel/macro.table.html>,
//! <https://www.sea-ql.org/SeaORM/docs/generate-entity/entity-structure/>, <https://gorm.io/docs/conventions.html#TableName>

use super::Found;
use super::cursor::Cursor;
use crate::extract::sql::How;

pub(super) fn elixir(cursor: &Cursor<'_>, found: &mut Found) {
    let mut is_back = false;
    for at in 0..cursor.len() {
        match cursor.word(at) {
            Some("def") => is_back = cursor.is_word(at + 1, "down"),
            Some("schema") => {
                if let Some(name) = cursor.text(at + 1)
                    && cursor.is_word(at + 2, "do")
                {
                    found.maps(None, &name, at);
                }
            }
            Some("table" | "references") if !is_back && cursor.is(at + 1, b'(') => {
                let Some((name, _)) = cursor.name(at + 2) else {
                    continue;
                };
                let schema = cursor.argument(at + 1, "prefix");
                let how = match (cursor.word(at), cursor.word(at.saturating_sub(1))) {
                    (Some("references"), _) => How::Reference,
                    (_, Some("create" | "create_if_not_exists")) => How::Create,
                    (_, Some("alter" | "drop")) => How::Alter,
                    _ => continue,
                };
                found.does(how, schema.as_deref(), &name, at);
            }
            _ => {}
        }
    }
}

pub(super) fn rust(cursor: &Cursor<'_>, found: &mut Found) {
    for at in 0..cursor.len() {
        if cursor.follows(at, &["table", "!", "{"]) {
            // Attributes and uses may stand in front.
            let close = cursor.closing(at + 2);
            let columns = (at + 3..close).find(|at| {
                cursor.is(*at, b'(')
                    && cursor.word(at - 1).is_some()
                    && !cursor.is(at.saturating_sub(2), b'[')
            });
            let Some(columns) = columns else {
                continue;
            };
            let Some(name) = cursor.word(columns - 1) else {
                continue;
            };
            let schema = cursor
                .is(columns - 2, b'.')
                .then(|| cursor.word(columns - 3))
                .flatten();
            found.maps(schema, name, columns - 1);
        } else if cursor.follows(at, &["sea_orm", "("])
            && let Some(name) = cursor.argument(at + 1, "table_name")
        {
            let schema = cursor.argument(at + 1, "schema_name");
            found.maps(schema.as_deref(), &name, at);
        }
    }
}

pub(super) fn golang(cursor: &Cursor<'_>, found: &mut Found) {
    for at in 1..cursor.len() {
        if cursor.follows(at, &["TableName", "(", ")", "string", "{", "return"])
            && cursor.is(at - 1, b')')
            && cursor.is(at + 7, b'}')
            && let Some(name) = cursor.text(at + 6)
        {
            found.maps(None, &name, at);
        }
    }
}
