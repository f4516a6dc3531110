//! Which tables does a script in SQL create, change, read and write?
//!
//! Migrations of Flyway, goose, dbmate, golang-migrate, diesel, sqlx, Prisma and Liquibase are such scripts, and so is `init.sql`;
//! what takes a migration back is not read.

use std::collections::BTreeSet;

use super::sink::Sink;
use crate::extract::sql::{By, Reader, statements};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, Parsed, SourceFile};

/// Reads `.sql` files.
#[derive(Debug)]
pub(in crate::extract) struct Scripts;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("database/scripts"),
    summary: "Tables that SQL scripts and migrations create and use",
    globs: &["**/*.sql", "**/*.ddl", "**/*.pgsql", "**/*.psql"],
    markers: &[],
    languages: &[Language::Sql],
    ownership: false,
};

impl Extractor for Scripts {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let text = String::from_utf8_lossy(file.bytes);
        facts.parsed(Parsed::Whole);
        if takes_back(&file.path.path) {
            return;
        }
        let (statements, more) = statements(&text);
        let mut reader = Reader::default();
        let mut sink = Sink::default();
        let mut temporary: BTreeSet<String> = BTreeSet::new();
        let mut lost = Vec::new();
        let mut written: BTreeSet<String> = BTreeSet::new();
        for bytes in statements {
            let source = &text[bytes.clone()];
            // Rows of data, of which dumps have millions: one tells as much as all.
            if let Some(table) = loaded(source)
                && !written.insert(table)
            {
                continue;
            }
            let statement = reader.read(source);
            temporary.extend(statement.temporary);
            if statement.by == By::Nobody && !is_template(source) {
                lost.push(bytes.clone());
            }
            for object in &statement.objects {
                if !temporary.contains(&object.name) {
                    let place = bytes.start + object.bytes.start..bytes.start + object.bytes.end;
                    sink.object(object, place, false);
                }
            }
        }
        sink.state(facts);
        if let Some(first) = lost.first() {
            facts.parsed(Parsed::Partly);
            let count = lost.len();
            let plural = if count == 1 {
                "statement"
            } else {
                "statements"
            };
            let message = format!("{count} {plural} of which no table could be read");
            facts.problem(first.clone(), message);
        }
        if more {
            facts.parsed(Parsed::Partly);
            facts.problem(0..0, "too many statements: the rest is not read");
        }
    }
}

/// Whether a file takes a migration back: `2_x.down.sql`, `down.sql`, `U1__x.sql` of Flyway.
fn takes_back(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let last = stem.rsplit(['.', '_', '-']).next().unwrap_or_default();
    let is_undo = stem
        .strip_prefix('u')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains("__"));
    matches!(last, "down" | "rollback" | "revert" | "undo")
        || is_undo
        || folders.split('/').any(|folder| {
            matches!(
                folder,
                "down" | "rollback" | "rollbacks" | "revert" | "undo"
            )
        })
}

/// The table of a statement that inserts values.
fn loaded(statement: &str) -> Option<String> {
    let head = statement.get(..7)?;
    if !head.eq_ignore_ascii_case("INSERT ") {
        return None;
    }
    let head: String = statement.chars().take(256).collect();
    let upper = head.to_ascii_uppercase();
    let into = upper.find("INTO")? + 4;
    let table = head.get(into..)?.trim_start();
    let end = table.find(|c: char| c.is_whitespace() || c == '(')?;
    upper.contains("VALUES").then(|| table[..end].to_owned())
}

/// Whether a program makes the statement of a template, as dbt does.
fn is_template(statement: &str) -> bool {
    ["{{", "{%", "<%", "${"]
        .iter()
        .any(|mark| statement.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;
    use expect_test::expect;

    #[test]
    fn a_migration_creates_refers_and_uses() {
        let text = "-- +goose Up\nCREATE TABLE shop.orders (id int, item int REFERENCES items (id));\nCREATE INDEX i ON shop.orders (item);\nCREATE TEMP TABLE t AS SELECT * FROM items;\nINSERT INTO shop.orders SELECT * FROM t;\nINSERT INTO x VALUES (1);\nINSERT INTO x VALUES (2);\nSELECT FROM WHERE;\n-- +goose Down\nDROP TABLE shop.orders;\n";
        expect![[r#"
            ! 1 statement of which no table could be read  @ "SELECT FROM WHERE"
            here provides table:shop.orders [creates]  @ "shop.orders"
            here requires table:items [data.fk]  @ "items"
            here requires table:items [data.read] [read]  @ "items"
            here requires table:shop.orders [data.ddl] [write]  @ "shop.orders"
            here requires table:shop.orders [data.write] [write]  @ "shop.orders"
            here requires table:x [data.write] [write]  @ "x"
        "#]]
        .assert_eq(&lines(&Scripts, "db/1_orders.sql", text));
    }

    #[test]
    fn files_that_take_back_say_nothing() {
        for path in [
            "m/1_x.down.sql",
            "m/2024/down.sql",
            "m/U1__x.sql",
            "m/rollback/1.sql",
        ] {
            assert!(takes_back(path), "{path}");
        }
        for path in [
            "m/1_x.up.sql",
            "m/up.sql",
            "m/V1__undo_x_y.sql",
            "m/users.sql",
            "m/countdown.sql",
        ] {
            assert!(!takes_back(path), "{path}");
        }
    }
}
