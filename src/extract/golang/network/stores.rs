//! Connections to stores: databases, caches, search engines, keys of a cluster.

use tree_sitter::Node;

use super::calls::{Call, Callee};
use super::databases::Place::{Argument, Field};
use super::databases::{MONGO, at, of};
use super::facts::{Found, Use};
use super::libraries::within;
use super::texts::{is_unknown, unknown};
use super::types::Type;
use super::value::{Values, pairs};
use crate::extract::syntax;
use crate::model::{Part, Template};

/// States the connection that a call makes.
pub(super) fn call<'t>(values: &Values<'_, 't>, call: &Call<'t>, found: &mut Found) {
    let (engine, at) = match call.callee {
        Callee::Package { path, name } => {
            let known = at(path, |place| match place {
                Argument(function, at) if *function == name => Some(*at),
                _ => None,
            });
            let Some((engine, at)) = known else {
                return;
            };
            match engine.is_empty() {
                true => {
                    let driver = at
                        .checked_sub(1)
                        .and_then(|driver| call.arguments.get(driver));
                    let driver = driver.and_then(|driver| values.literal(*driver));
                    (engine_of(driver.as_deref().unwrap_or_default()), at)
                }
                false => (Some(engine), at),
            }
        }
        // `servers.SetServers(address)` of memcache.ServerList.
        Callee::Method {
            name: "SetServers", ..
        } if values
            .unit
            .imports
            .values()
            .any(|path| of(path, "github.com/bradfitz/gomemcache/memcache")) =>
        {
            (Some("memcached"), 0)
        }
        // `options.Client().ApplyURI(uri)`
        Callee::Method {
            name: "ApplyURI", ..
        } if values.unit.imports.values().any(|path| within(path, MONGO)) => (Some("mongo"), 0),
        _ => return,
    };
    let Some(engine) = engine else {
        return;
    };
    let address = call
        .arguments
        .get(at)
        .map_or_else(unknown, |address| values.of(*address));
    state(address, engine, call.node, found);
}

/// States the connection that settings are for.
pub(super) fn literal<'t>(values: &Values<'_, 't>, node: Node<'t>, found: &mut Found) {
    let ty = node
        .child_by_field_name("type")
        .map(|ty| values.unit.read_type(ty));
    let Some(Type::Imported { path, name, .. }) = ty else {
        return;
    };
    let known = at(path, |place| match place {
        Field(structure, field) if *structure == name => Some(*field),
        _ => None,
    });
    let Some((engine, field)) = known else {
        return;
    };
    let pairs = pairs(node);
    let value = pairs
        .iter()
        .find(|(key, _)| values.unit.text(*key) == field);
    let address = value.map_or_else(unknown, |(_, value)| values.of(*value));
    state(address, engine, node, found);
}

fn state(address: Template, engine: &str, node: Node<'_>, found: &mut Found) {
    let address = match is_unknown(&address) {
        true => unknown(),
        false => url(address),
    };
    found.add(Use::store(address, engine), syntax::bytes(node));
}

/// The engine of a driver of `database/sql`; a file is no store of others.
fn engine_of(driver: &str) -> Option<&'static str> {
    Some(match driver {
        "postgres" | "pgx" | "pq" | "cloudsqlpostgres" | "pgx/v5" | "nrpostgres" => "postgres",
        "mysql" | "nrmysql" => "mysql",
        "sqlserver" | "mssql" | "azuresql" => "mssql",
        "clickhouse" => "clickhouse",
        "sqlite" | "sqlite3" | "libsql" | "duckdb" | "sqlmock" | "txdb" => return None,
        _ => "",
    })
}

/// An address of the MySQL driver, `user:password@tcp(host:3306)/name`, as a URL.
///
/// Source: <https://github.com/go-sql-driver/mysql#dsn-data-source-name>
fn url(address: Template) -> Template {
    let is_mysql = address
        .0
        .iter()
        .any(|part| matches!(part, Part::Text(text) if text.contains("tcp(")));
    if !is_mysql {
        return address;
    }
    let mut plain = Template::default();
    let starts = matches!(address.0.first(), Some(Part::Text(text)) if text.contains("://"));
    if !starts {
        plain.push(Part::Text("mysql://".into()));
    }
    for part in &address.0 {
        plain.push(match part {
            Part::Text(text) => Part::Text(text.replace("tcp(", "").replace(')', "").into()),
            part => part.clone(),
        });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mysql_become_urls() {
        let read = |text: &str| url(Template::parse(text, &["env"]).unwrap()).to_string();
        assert_eq!(
            read("root:${env:PASS}@tcp(${env:HOST|db}:3306)/shop?x=1"),
            "mysql://root:${env:PASS}@${env:HOST|db}:3306/shop?x=1"
        );
        assert_eq!(read("host=db port=5432"), "host=db port=5432");
    }
}
