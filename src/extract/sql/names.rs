//! Names of tables as they are compared, and those that mean no table of anybody.

/// Schemas that databases keep for themselves.
const SYSTEM_SCHEMAS: &[&str] = &[
    "information_schema",
    "mysql",
    "performance_schema",
    "pg_catalog",
    "pg_temp",
    "pg_toast",
    "sys",
    "system",
];

/// Tables of databases themselves, and names that stand for no table.
const SYSTEM_TABLES: &[&str] = &[
    "deleted",
    "dual",
    "excluded",
    "inserted",
    "sqlite_master",
    "sqlite_schema",
    "sqlite_sequence",
    "sqlite_stat1",
    "sqlite_temp_master",
    "stdin",
    "stdout",
    "syscolumns",
    "sysindexes",
    "sysobjects",
];

/// The books of migration tools: each program has its own.
const TOOLS: &[&str] = &[
    "__diesel_schema_migrations",
    "__efmigrationshistory",
    "_prisma_migrations",
    "_sqlx_migrations",
    "alembic_version",
    "ar_internal_metadata",
    "databasechangelog",
    "databasechangeloglock",
    "django_migrations",
    "flyway_schema_history",
    "goose_db_version",
    "gorp_migrations",
    "knex_migrations",
    "knex_migrations_lock",
    "migrations",
    "schema_info",
    "schema_migrations",
    "schema_version",
    "sequelizemeta",
];

/// The name of `parts`, or nothing when it is no table that somebody could own.
pub(in crate::extract) fn table(parts: &[String]) -> Option<String> {
    // A server in front of the database says nothing that we could compare.
    let parts = &parts[parts.len().saturating_sub(3)..];
    // A schema that is only known while running says nothing, either.
    let known = parts.iter().rposition(|part| part.contains(super::HOLE));
    let parts = match known {
        Some(hole) if hole + 1 < parts.len() => &parts[hole + 1..],
        _ => parts,
    };
    let (last, before) = parts.split_last()?;
    let is_plain = |part: &String| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_alphanumeric() || "_-$ ".contains(c))
    };
    let is_own = !last.starts_with("pg_")
        && !last.starts_with(['#', '@'])
        && !last.starts_with(|c: char| c.is_ascii_digit())
        && SYSTEM_TABLES.binary_search(&last.as_str()).is_err()
        && !is_of_tool(last)
        && !before
            .iter()
            .any(|schema| SYSTEM_SCHEMAS.binary_search(&schema.as_str()).is_ok());
    let whole = !parts.iter().any(|part| part.contains(super::HOLE));
    // `db..table` leaves the schema out.
    let named: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    (is_own && whole && named.iter().all(|part| is_plain(&(*part).to_owned())))
        .then(|| named.join("."))
}

/// Whether a table is the book of a tool that migrates.
fn is_of_tool(name: &str) -> bool {
    TOOLS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_so_that_they_can_be_searched() {
        assert!(SYSTEM_SCHEMAS.is_sorted());
        assert!(TOOLS.is_sorted());
        let mut tables = SYSTEM_TABLES.to_vec();
        tables.sort_unstable();
        assert_eq!(tables, SYSTEM_TABLES);
    }

    #[test]
    fn what_belongs_to_the_database_or_a_tool_is_no_table() {
        let read = |name: &str| {
            let parts: Vec<String> = name.split('.').map(str::to_owned).collect();
            table(&parts)
        };
        assert_eq!(read("shop.orders").as_deref(), Some("shop.orders"));
        assert_eq!(read("srv.db.dbo.orders").as_deref(), Some("db.dbo.orders"));
        assert_eq!(read("db..orders").as_deref(), Some("db.orders"));
        for name in [
            "pg_class",
            "information_schema.tables",
            "#tmp",
            "alembic_version",
            "1",
        ] {
            assert_eq!(read(name), None, "{name}");
        }
    }
}
