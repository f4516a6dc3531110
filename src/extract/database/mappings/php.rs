//! Migrations and models of Laravel, entities of Doctrine.
//!
//! Sources: <https://laravel.com/docs/migrations>, <https://www.doctrine-project.org/projects/doctrine-orm/en/current/reference/attributes-reference.html#attrref_table>

use super::Found;
use super::cursor::Cursor;
use crate::extract::sql::How;

pub(super) fn read(cursor: &Cursor<'_>, found: &mut Found) {
    let mut is_back = false;
    for at in 0..cursor.len() {
        match cursor.word(at) {
            Some("function") => is_back = cursor.is_word(at + 1, "down"),
            Some("Schema") if !is_back && cursor.is(at + 1, b':') && cursor.is(at + 4, b'(') => {
                let Some(name) = cursor.nth(at + 4, 0) else {
                    continue;
                };
                match cursor.word(at + 3) {
                    Some("create") => found.creates(None, &name, at + 3),
                    Some("table" | "drop" | "dropIfExists") => {
                        found.does(How::Alter, None, &name, at + 3)
                    }
                    _ => {}
                }
            }
            Some("$table")
                if cursor.is_word(at.saturating_sub(1), "protected") && cursor.is(at + 1, b'=') =>
            {
                let ends = cursor.is(at + 3, b';');
                if let Some(name) = cursor.text(at + 2).filter(|_| ends) {
                    found.maps(None, &name, at);
                }
            }
            Some("Table") if cursor.is(at + 1, b'(') && is_attribute(cursor, at) => {
                if let Some(name) = cursor.argument(at + 1, "name") {
                    let schema = cursor.argument(at + 1, "schema");
                    found.maps(schema.as_deref(), &name, at);
                }
            }
            _ => {}
        }
    }
}

/// `#[ORM\Table(`, `#[Table(`
fn is_attribute(cursor: &Cursor<'_>, at: usize) -> bool {
    (at.saturating_sub(4)..at).any(|at| cursor.is(at, b'#') && cursor.is(at + 1, b'['))
}
