//! Models and migrations of Django, tables of SQLAlchemy, migrations of Alembic.
//!
//! Sources: <https://docs.djangoproject.com/en/stable/ref/models/options/#table-names>,
//! <https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html>, <https://alembic.sqlalchemy.org/en/latest/ops.html>

use super::Found;
use super::cursor::Cursor;
use crate::extract::sql::How;

pub(super) fn read(cursor: &Cursor<'_>, path: &str, found: &mut Found) {
    let app = app(path);
    let mut is_back = false;
    for at in 0..cursor.len() {
        match cursor.word(at) {
            Some("def") => is_back = matches!(cursor.word(at + 1), Some("downgrade" | "backwards")),
            Some("class") if cursor.is(at + 2, b'(') => class(cursor, at, app, found),
            Some("CreateModel") if cursor.is(at + 1, b'(') => {
                let options = cursor.arguments(at + 1);
                let options = options
                    .iter()
                    .find(|one| one.name.as_deref() == Some("options"));
                let table = options.and_then(|one| cursor.argument(one.at, "db_table"));
                let unmanaged = options.is_some_and(|one| {
                    let all = cursor.arguments(one.at);
                    let managed = all
                        .iter()
                        .find(|one| one.name.as_deref() == Some("managed"));
                    managed.is_some_and(|one| cursor.is_word(one.at, "False"))
                });
                let name = cursor
                    .argument(at + 1, "name")
                    .or_else(|| cursor.nth(at + 1, 0));
                let table = table.or_else(|| Some(format!("{}_{}", app?, name?)));
                if let Some(table) = table.filter(|_| !unmanaged) {
                    found.creates(None, &table, at);
                }
            }
            Some("AlterModelTable") if cursor.is(at + 1, b'(') => {
                if let Some(table) = cursor.argument(at + 1, "table") {
                    found.creates(None, &table, at);
                }
            }
            Some("op") if !is_back && cursor.is(at + 1, b'.') && cursor.is(at + 3, b'(') => {
                operation(cursor, at + 2, found);
            }
            _ => {}
        }
    }
}

/// `op.create_table("orders", …, schema="shop")`
fn operation(cursor: &Cursor<'_>, at: usize, found: &mut Found) {
    let open = at + 1;
    let schema = cursor.argument(open, "schema");
    let first = cursor.nth(open, 0);
    let (how, name) = match cursor.word(at) {
        Some("create_table") => (How::Create, first),
        Some(
            "add_column" | "drop_column" | "alter_column" | "drop_table" | "batch_alter_table",
        ) => (How::Alter, first),
        Some("create_index" | "create_unique_constraint") => (How::Alter, cursor.nth(open, 1)),
        Some("create_foreign_key") => (How::Reference, cursor.nth(open, 2)),
        Some("rename_table") => (How::Create, cursor.nth(open, 1)),
        _ => return,
    };
    if let Some(name) = name {
        found.does(how, schema.as_deref(), &name, at);
    }
}

/// A class that is a model.
fn class(cursor: &Cursor<'_>, at: usize, app: Option<&str>, found: &mut Found) {
    let Some(name) = cursor.word(at + 1) else {
        return;
    };
    let bases = cursor.closing(at + 2);
    let is_model = (at + 2..bases).any(|at| cursor.follows(at, &["models", ".", "Model"]));
    let end = (bases..cursor.len())
        .find(|at| {
            cursor.is_word(*at, "class")
                && !cursor.is_word(at + 1, "Meta")
                && !cursor.is_word(at + 1, "Config")
        })
        .unwrap_or(cursor.len());
    let value = |wanted: &str| {
        (bases..end).find(|at| cursor.is_word(*at, wanted) && cursor.is(at + 1, b'='))
    };
    let table = |wanted: &str| value(wanted).and_then(|at| cursor.text(at + 2));
    if is_model {
        let says = |wanted: &str, value_: &str| {
            value(wanted).is_some_and(|at| cursor.is_word(at + 2, value_))
        };
        if says("abstract", "True") || says("proxy", "True") {
            return;
        }
        let default = || Some(format!("{}_{name}", app?));
        if let Some(table) = table("db_table").or_else(default) {
            found.maps(None, &table, at + 1);
        }
    } else if let Some(table) = table("__tablename__") {
        let arguments = value("__table_args__");
        let schema = arguments.and_then(|at| {
            let brace = (at..at + 64).find(|at| cursor.is(*at, b'{'))?;
            cursor.argument(brace, "schema")
        });
        found.maps(schema.as_deref(), &table, at + 1);
    }
}

/// The label of the application that a file of models or migrations is of: its folder.
fn app(path: &str) -> Option<&str> {
    let segments: Vec<&str> = path.split('/').collect();
    let folders = &segments[..segments.len() - 1];
    let inner = folders
        .iter()
        .position(|folder| matches!(*folder, "migrations" | "models"))
        .unwrap_or(folders.len());
    folders.get(inner.checked_sub(1)?).copied()
}
