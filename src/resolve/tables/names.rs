//! Names of tables: which of them can mean one table, and which are too common to tell anything.

use super::connected::Way;
use super::stores::Store;
use crate::model::Template;

/// Names that tables of unrelated programs have, too.
const COMMON: &[&str] = &[
    "account",
    "accounts",
    "address",
    "addresses",
    "alert",
    "alerts",
    "attachment",
    "attachments",
    "audit",
    "audit_log",
    "audit_logs",
    "categories",
    "category",
    "client",
    "clients",
    "comment",
    "comments",
    "companies",
    "company",
    "config",
    "configs",
    "configuration",
    "configurations",
    "contact",
    "contacts",
    "customer",
    "customers",
    "data",
    "device",
    "devices",
    "document",
    "documents",
    "event",
    "events",
    "file",
    "files",
    "foo",
    "group",
    "groups",
    "history",
    "image",
    "images",
    "inbox",
    "item",
    "items",
    "job",
    "jobs",
    "log",
    "logs",
    "message",
    "messages",
    "metadata",
    "migration",
    "note",
    "notes",
    "notification",
    "notifications",
    "order",
    "orders",
    "organization",
    "organizations",
    "outbox",
    "page",
    "pages",
    "permission",
    "permissions",
    "person",
    "persons",
    "post",
    "posts",
    "product",
    "products",
    "profile",
    "profiles",
    "project",
    "projects",
    "queue",
    "record",
    "records",
    "report",
    "reports",
    "role",
    "roles",
    "schedule",
    "secret",
    "secrets",
    "session",
    "sessions",
    "setting",
    "settings",
    "status",
    "tag",
    "tags",
    "task",
    "tasks",
    "team",
    "teams",
    "tenant",
    "tenants",
    "test",
    "token",
    "tokens",
    "transaction",
    "transactions",
    "user",
    "users",
    "version",
    "versions",
];

/// Schemas that are meant when none is written.
const USUAL: &[&str] = &["public", "dbo"];

/// A name as databases fold unquoted names.
pub(super) fn folded(name: &Template) -> String {
    name.to_string().to_lowercase()
}

/// The name without database and schema.
pub(super) fn bare(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Whether a name tells a schema that is not in every database.
pub(super) fn is_qualified(name: &str) -> bool {
    let schema = name.rsplit_once('.').map(|(schema, _)| schema);
    schema.is_some_and(|schema| !USUAL.contains(&schema))
}

/// Whether unrelated programs have tables of this name, too.
pub(super) fn is_common(name: &str) -> bool {
    COMMON.binary_search(&bare(name)).is_ok()
}

/// Whether two schemas can be one: `None` where one is not told.
pub(super) fn one_schema(a: &Name, b: &Name) -> Option<bool> {
    match (&a.schema, &b.schema) {
        (Some(a), Some(b)) => Some(a == b),
        (None, None) => Some(true),
        _ => None,
    }
}

/// What the parts of a name tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) schema: Option<String>,
    pub(super) database: Option<String>,
}

/// What a name says of where the table is in a store; in MySQL the schema is the database.
pub(super) fn name(text: &str, way: &Way) -> Name {
    let mut parts: Vec<&str> = text.split('.').collect();
    parts.pop();
    let schema = parts.pop().map(str::to_owned);
    let database = parts.pop().map(str::to_owned);
    let is_mysql =
        matches!(&way.store, Store::Place(place) if place.engine.as_deref() == Some("mysql"));
    match is_mysql {
        true => Name {
            schema: None,
            database: schema,
        },
        false => Name {
            schema: schema.filter(|schema| !USUAL.contains(&&**schema)),
            database,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(COMMON.is_sorted());
        assert!(is_common("shop.orders"));
        assert!(!is_common("price_lists"));
    }
}
