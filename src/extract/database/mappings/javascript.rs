//! Migrations and models of Knex, Sequelize, TypeORM, Drizzle and Objection.
//!
//! Sources: <https://knexjs.org/guide/schema-builder.html>, <https://sequelize.org/docs/v6/other-topics/query-interface/>,
//! <https://typeorm.io/docs/entity/entities>, <https://orm.drizzle.team/docs/sql-schema-declaration>

use super::Found;
use super::cursor::Cursor;
use crate::extract::sql::How;

pub(super) fn read(cursor: &Cursor<'_>, found: &mut Found) {
    let mut at = 0;
    while at < cursor.len() {
        // What takes a migration back stands at the end, or in a body of its own.
        if cursor.is_word(at, "down")
            && let Some(end) = way_back(cursor, at)
        {
            at = end;
            continue;
        }
        if let Some(word) = cursor.word(at) {
            call(cursor, at, word, found);
        }
        at += 1;
    }
}

/// Where the body of `down` ends.
fn way_back(cursor: &Cursor<'_>, at: usize) -> Option<usize> {
    if cursor.is(at + 1, b'(') {
        // `down(queryRunner: QueryRunner): Promise<void> {`
        let close = cursor.closing(at + 1);
        let body = (close..close + 12).find(|at| cursor.is(*at, b'{'))?;
        return Some(cursor.closing(body) + 1);
    }
    let is_definition = cursor.is(at + 1, b'=') || cursor.is(at + 1, b':');
    is_definition.then(|| {
        let next = (at + 1..cursor.len()).find(|at| {
            cursor.is_word(*at, "up")
                || cursor.is_word(*at, "exports")
                || cursor.is_word(*at, "config")
        });
        next.unwrap_or(cursor.len())
    })
}

fn call(cursor: &Cursor<'_>, at: usize, word: &str, found: &mut Found) {
    let open = at + 1;
    let is_method = cursor.is(at.saturating_sub(1), b'.');
    if word == "tableName" {
        table_name(cursor, at, found);
        return;
    }
    if !cursor.is(open, b'(') {
        return;
    }
    match word {
        "createTable" | "createTableIfNotExists" if is_method => {
            // `new Table({ name })`
            let object = (open + 1..open + 5).find(|at| cursor.is(*at, b'{'));
            let inner = object.filter(|_| cursor.follows(open + 1, &["new", "Table", "("]));
            match (cursor.nth(open, 0), inner) {
                (Some(name), _) => found.creates(None, &name, at),
                (None, Some(object)) => {
                    if let Some(name) = cursor.argument(object, "name") {
                        let schema = cursor.argument(object, "schema");
                        found.creates(schema.as_deref(), &name, at);
                    }
                }
                (None, None) => {}
            }
        }
        "alterTable" | "addColumn" | "removeColumn" | "addIndex" | "dropTable" | "changeColumn"
            if is_method =>
        {
            if let Some(name) = cursor.nth(open, 0) {
                found.does(How::Alter, None, &name, at);
            }
        }
        "inTable" if is_method => {
            if let Some(name) = cursor.nth(open, 0) {
                found.does(How::Reference, None, &name, at);
            }
        }
        "Entity" if cursor.is(at.saturating_sub(1), b'@') => {
            let object = cursor.is(open + 1, b'{').then_some(open + 1);
            let named = |name: &str| object.and_then(|object| cursor.argument(object, name));
            if let Some(name) = cursor.nth(open, 0).or_else(|| named("name")) {
                found.maps(named("schema").as_deref(), &name, at);
            }
        }
        "pgTable" | "mysqlTable" | "sqliteTable" => {
            if let Some(name) = cursor.nth(open, 0) {
                found.maps(None, &name, at);
            }
        }
        _ => {}
    }
}

/// `tableName: 'orders'`, `static get tableName() { return 'orders' }`, `static tableName = 'orders'`.
fn table_name(cursor: &Cursor<'_>, at: usize, found: &mut Found) {
    let is_member = cursor.is_word(at.saturating_sub(1), "static")
        || cursor.is_word(at.saturating_sub(1), "get");
    let value = match () {
        () if cursor.is(at + 1, b':') => at + 2,
        () if is_member && cursor.is(at + 1, b'=') => at + 2,
        () if is_member && cursor.follows(at + 1, &["(", ")", "{", "return"]) => at + 5,
        () => return,
    };
    let ends = !cursor.is(value + 1, b'+');
    if let Some(name) = cursor.text(value).filter(|_| ends) {
        found.maps(None, &name, at);
    }
}
