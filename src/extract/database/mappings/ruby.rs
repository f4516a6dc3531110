//! Migrations, schemas and models of Active Record.
//!
//! Sources: <https://guides.rubyonrails.org/active_record_migrations.html>, <https://api.rubyonrails.org/classes/ActiveRecord/ModelSchema/ClassMethods.html>

use super::Found;
use super::cursor::Cursor;
use crate::extract::sql::How;

pub(super) fn read(cursor: &Cursor<'_>, found: &mut Found) {
    let mut is_back = false;
    for at in 0..cursor.len() {
        match cursor.word(at) {
            Some("def") => is_back = cursor.is_word(at + 1, "down"),
            Some("self") if cursor.follows(at, &["self", ".", "table_name", "="]) => {
                if let Some((name, _)) = cursor.name(at + 4) {
                    found.maps(None, &name, at);
                }
            }
            Some(word) if !is_back && !cursor.is(at.saturating_sub(1), b'.') => {
                migration(cursor, at, word, found);
            }
            _ => {}
        }
    }
}

fn migration(cursor: &Cursor<'_>, at: usize, word: &str, found: &mut Found) {
    let first = at + 1 + usize::from(cursor.is(at + 1, b'('));
    let Some((name, end)) = cursor.name(first) else {
        return;
    };
    let second = || cursor.is(end, b',').then(|| cursor.name(end + 1)).flatten();
    match word {
        "create_table" | "create_join_table" => found.creates(None, &name, at),
        "change_table"
        | "add_column"
        | "remove_column"
        | "rename_column"
        | "change_column"
        | "add_index"
        | "remove_index"
        | "add_reference"
        | "drop_table"
        | "change_column_default"
        | "change_column_null"
        | "add_timestamps" => found.does(How::Alter, None, &name, at),
        "add_foreign_key" => {
            if let Some((other, _)) = second() {
                found.does(How::Reference, None, &other, at);
            }
        }
        "rename_table" => {
            if let Some((other, _)) = second() {
                found.creates(None, &other, at);
            }
        }
        _ => {}
    }
}
