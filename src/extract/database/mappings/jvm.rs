//! Entities of Jakarta Persistence, Spring Data and MyBatis-Plus.
//!
//! Source: <https://jakarta.ee/specifications/persistence/3.1/jakarta-persistence-spec-3.1#a14530>

use super::cursor::Cursor;
use super::{Found, snake};

pub(super) fn read(cursor: &Cursor<'_>, found: &mut Found) {
    for at in 0..cursor.len() {
        if !cursor.is(at, b'@') {
            continue;
        }
        let open = at + 2;
        match cursor.word(at + 1) {
            Some("Entity") => {
                let has_table = table_of(cursor, at);
                if has_table.is_none()
                    && let Some(class) = cursor.class_behind(at)
                {
                    found.maps(None, &snake(class), at + 1);
                }
            }
            Some("Table" | "SecondaryTable" | "JoinTable" | "CollectionTable")
                if cursor.is(open, b'(') =>
            {
                let name = cursor.argument(open, "name");
                let name = name
                    .or_else(|| cursor.argument(open, "value"))
                    .or_else(|| cursor.nth(open, 0));
                let schema = cursor.argument(open, "schema");
                let schema = schema.or_else(|| cursor.argument(open, "catalog"));
                if let Some(name) = name {
                    found.maps(schema.as_deref(), &name, at + 1);
                }
            }
            Some("TableName") if cursor.is(open, b'(') => {
                let name = cursor
                    .argument(open, "value")
                    .or_else(|| cursor.nth(open, 0));
                if let Some(name) = name {
                    found.maps(None, &name, at + 1);
                }
            }
            _ => {}
        }
    }
}

/// The annotation of the same class that names its table.
fn table_of(cursor: &Cursor<'_>, entity: usize) -> Option<usize> {
    let class = |at: &usize| matches!(cursor.word(*at), Some("class" | "interface" | "record"));
    let end = (entity..cursor.len().min(entity + 400)).find(class)?;
    let start = (entity.saturating_sub(200)..entity)
        .rev()
        .find(|at| cursor.is(*at, b';') || cursor.is(*at, b'}'))
        .unwrap_or(0);
    (start..end).find(|at| {
        cursor.is(*at, b'@')
            && cursor.is_word(at + 1, "Table")
            && cursor.is(at + 2, b'(')
            && cursor.argument(at + 2, "name").is_some()
    })
}
