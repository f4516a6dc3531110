//! Connections to stores: databases, caches, search engines, keys of a cluster.

use std::borrow::Cow;

use tree_sitter::Node;

use super::calls::{Call, Callee};
use super::facts::{Found, Use};
use super::libraries::{self, within};
use super::texts::{is_unknown, unknown};
use super::types::Type;
use super::value::{Values, pairs};
use crate::extract::syntax;
use crate::model::{Part, Template};

/// Functions that connect: library, function, engine (empty: the driver in front of the address tells), the argument that is the address.
const FUNCTIONS: &[(&str, &str, &str, usize)] = &[
    ("github.com/DATA-DOG/go-txdb", "Register", "", 2),
    ("github.com/XSAM/otelsql", "Open", "", 1),
    (
        "github.com/aerospike/aerospike-client-go",
        "NewClient",
        "aerospike",
        0,
    ),
    (
        "github.com/bradfitz/gomemcache/memcache",
        "New",
        "memcached",
        0,
    ),
    ("github.com/globalsign/mgo", "Dial", "mongo", 0),
    ("github.com/gocql/gocql", "NewCluster", "cassandra", 0),
    ("github.com/gomodule/redigo/redis", "Dial", "redis", 1),
    (
        "github.com/gomodule/redigo/redis",
        "DialContext",
        "redis",
        2,
    ),
    ("github.com/gomodule/redigo/redis", "DialURL", "redis", 0),
    ("github.com/go-redis/redis", "ParseURL", "redis", 0),
    (
        "github.com/influxdata/influxdb-client-go",
        "NewClient",
        "influxdb",
        0,
    ),
    ("github.com/jackc/pgx", "Connect", "postgres", 1),
    ("github.com/jackc/pgx", "ParseConfig", "postgres", 0),
    ("github.com/jackc/pgx/pgxpool", "Connect", "postgres", 1),
    ("github.com/jackc/pgx/pgxpool", "New", "postgres", 1),
    ("github.com/jackc/pgx/pgxpool", "ParseConfig", "postgres", 0),
    ("github.com/jinzhu/gorm", "Open", "", 1),
    ("github.com/jmoiron/sqlx", "Connect", "", 1),
    ("github.com/jmoiron/sqlx", "ConnectContext", "", 2),
    ("github.com/jmoiron/sqlx", "MustConnect", "", 1),
    ("github.com/jmoiron/sqlx", "MustOpen", "", 1),
    ("github.com/jmoiron/sqlx", "Open", "", 1),
    ("github.com/minio/minio-go", "New", "minio", 0),
    (
        "github.com/neo4j/neo4j-go-driver/neo4j",
        "NewDriver",
        "neo4j",
        0,
    ),
    (
        "github.com/neo4j/neo4j-go-driver/neo4j",
        "NewDriverWithContext",
        "neo4j",
        0,
    ),
    ("github.com/olivere/elastic", "SetURL", "elasticsearch", 0),
    ("github.com/redis/go-redis", "ParseURL", "redis", 0),
    ("database/sql", "Open", "", 1),
    (
        "gopkg.in/DataDog/dd-trace-go.v1/contrib/database/sql",
        "Open",
        "",
        1,
    ),
    ("gopkg.in/mgo", "Dial", "mongo", 0),
    ("gopkg.in/mgo.v2", "Dial", "mongo", 0),
    ("gorm.io/driver/clickhouse", "Open", "clickhouse", 0),
    ("gorm.io/driver/mysql", "Open", "mysql", 0),
    ("gorm.io/driver/postgres", "Open", "postgres", 0),
    ("gorm.io/driver/sqlserver", "Open", "mssql", 0),
];

/// Settings of connections: library, type, field, engine.
const SETTINGS: &[(&str, &str, &str, &str)] = &[
    (
        "github.com/ClickHouse/clickhouse-go",
        "Options",
        "Addr",
        "clickhouse",
    ),
    (
        "github.com/elastic/go-elasticsearch",
        "Config",
        "Addresses",
        "elasticsearch",
    ),
    ("github.com/go-pg/pg", "Options", "Addr", "postgres"),
    (
        "github.com/go-redis/redis",
        "ClusterOptions",
        "Addrs",
        "redis",
    ),
    (
        "github.com/go-redis/redis",
        "FailoverOptions",
        "SentinelAddrs",
        "redis",
    ),
    ("github.com/go-redis/redis", "Options", "Addr", "redis"),
    (
        "github.com/go-redis/redis",
        "UniversalOptions",
        "Addrs",
        "redis",
    ),
    (
        "github.com/opensearch-project/opensearch-go",
        "Config",
        "Addresses",
        "opensearch",
    ),
    (
        "github.com/redis/go-redis",
        "ClusterOptions",
        "Addrs",
        "redis",
    ),
    (
        "github.com/redis/go-redis",
        "FailoverOptions",
        "SentinelAddrs",
        "redis",
    ),
    ("github.com/redis/go-redis", "Options", "Addr", "redis"),
    (
        "github.com/redis/go-redis",
        "UniversalOptions",
        "Addrs",
        "redis",
    ),
    (
        "github.com/redis/rueidis",
        "ClientOption",
        "InitAddress",
        "redis",
    ),
    (
        "github.com/uptrace/go-clickhouse",
        "Options",
        "Addr",
        "clickhouse",
    ),
    ("go.etcd.io/etcd/client", "Config", "Endpoints", "etcd"),
    ("go.etcd.io/etcd/clientv3", "Config", "Endpoints", "etcd"),
    ("gorm.io/driver/mysql", "Config", "DSN", "mysql"),
    ("gorm.io/driver/postgres", "Config", "DSN", "postgres"),
];

/// Whether a file that imports a package is worth to be read for stores.
pub(super) fn concerns(path: &str) -> bool {
    if libraries::is_standard(path) {
        return path == "database/sql";
    }
    let plain = without_versions(path);
    FUNCTIONS.iter().any(|(library, ..)| plain == *library)
        || SETTINGS.iter().any(|(library, ..)| plain == *library)
        || within(path, "go.mongodb.org/mongo-driver")
}

/// Whether a path is the one of a library, with its version anywhere.
fn of(path: &str, library: &str) -> bool {
    path == library || without_versions(path) == library
}

/// A path without parts such as `v5`.
fn without_versions(path: &str) -> Cow<'_, str> {
    let is_version = |part: &str| {
        let number = part.strip_prefix('v').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !path.split('/').any(is_version) {
        return Cow::Borrowed(path);
    }
    let plain: Vec<&str> = path.split('/').filter(|part| !is_version(part)).collect();
    Cow::Owned(plain.join("/"))
}

/// States the connection that a call makes.
pub(super) fn call<'t>(values: &Values<'_, 't>, call: &Call<'t>, found: &mut Found) {
    let (engine, at) = match call.callee {
        Callee::Package { path, name } => {
            let known = FUNCTIONS
                .iter()
                .find(|(library, function, ..)| *function == name && of(path, library));
            let Some((.., engine, at)) = known else {
                return;
            };
            match engine.is_empty() {
                true => {
                    let driver = at
                        .checked_sub(1)
                        .and_then(|driver| call.arguments.get(driver));
                    let driver = driver.and_then(|driver| values.literal(*driver));
                    (engine_of(driver.as_deref().unwrap_or_default()), *at)
                }
                false => (Some(*engine), *at),
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
        } => (Some("mongo"), 0),
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
    for (library, structure, field, engine) in SETTINGS {
        if *structure != name || !of(path, library) {
            continue;
        }
        let pairs = pairs(node);
        let value = pairs
            .iter()
            .find(|(key, _)| values.unit.text(*key) == *field);
        let address = value.map_or_else(unknown, |(_, value)| values.of(*value));
        state(address, engine, node, found);
    }
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

    #[test]
    fn versions_stand_anywhere_in_a_path() {
        assert!(concerns("github.com/jackc/pgx/v5/pgxpool"));
        assert!(concerns("github.com/redis/go-redis/v9"));
        assert!(concerns("go.etcd.io/etcd/client/v3"));
        assert!(!concerns("github.com/jackc/pgx/v5/pgtype"));
    }
}
