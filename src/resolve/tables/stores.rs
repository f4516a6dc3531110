//! Which store does a folded place mean, and are two stores one?

use crate::model::{ComponentId, Key, Template};
use crate::resolve::fold::{Context as FoldContext, Value};
use crate::resolve::hosts::{Address, known, marked};
use crate::resolve::places::Places;
use crate::resolve::spaces;

/// What is known of the store behind a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Store {
    Place(Place),
    /// A name that means one thing, whoever holds it: a secret, an output, a thing in a manifest.
    Entity(Key, Option<ComponentId>),
    Unknown,
}

/// As much of engine, host and database as is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) engine: Option<String>,
    pub(super) host: Option<Host>,
    pub(super) database: Option<String>,
}

/// Where a server runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Host {
    /// A component of the run.
    Component(ComponentId),
    /// A full name outside of the run.
    Outside(String),
    /// A name that nobody offers: it means one thing in one network at most.
    Network(String, String),
    /// Inside of the program.
    Inside(ComponentId),
}

/// Whether two stores are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sameness {
    Same,
    Unknown,
    Different,
}

/// The store that a folded place names: a connection string, or one thing by its name.
pub(super) fn store(
    value: &Value,
    engine: &str,
    context: FoldContext,
    places: &Places<'_>,
) -> Store {
    if let Some(key) = value.template.as_ref_key() {
        let component = places.entity(key, context).map(|(component, _)| component);
        let names_one_thing = spaces::info(key.namespace).identity || component.is_some();
        return match names_one_thing {
            true => Store::Entity(key.clone(), component),
            false => Store::Unknown,
        };
    }
    let connection = connection(&value.template);
    let engine = connection.engine.as_deref().or(Some(engine));
    let engine = engine.map(usual).filter(|engine| !engine.is_empty());
    if matches!(engine, Some("sqlite" | "h2" | "hsqldb" | "derby")) {
        return Store::Place(Place {
            engine: engine.map(str::to_owned),
            host: Some(Host::Inside(places.user(context))),
            database: connection.database,
        });
    }
    let host = connection.address.and_then(|address| {
        Some(match places.host(&address, context) {
            Ok(Some((component, ..))) => Host::Component(component),
            Ok(None) => Host::Outside(address.host),
            Err(_) if address.is_local() => return None,
            Err(_) => Host::Network(places.network(context)?.to_owned(), address.host),
        })
    });
    match (&host, &connection.database) {
        (None, None) => Store::Unknown,
        _ => Store::Place(Place {
            engine: engine.map(str::to_owned),
            host,
            database: connection.database,
        }),
    }
}

/// Whether two stores are one; what is not known whole is never the same.
pub(super) fn same(a: &Store, b: &Store) -> Sameness {
    let judged = |equal: bool| match equal {
        true => Sameness::Same,
        false => Sameness::Different,
    };
    match (a, b) {
        (Store::Entity(a, _), Store::Entity(b, _)) if a == b => Sameness::Same,
        (Store::Entity(_, Some(a)), Store::Entity(_, Some(b))) if a != b => Sameness::Different,
        (Store::Entity(_, Some(a)), Store::Place(place))
        | (Store::Place(place), Store::Entity(_, Some(a))) => match &place.host {
            Some(Host::Component(b)) if a != b => Sameness::Different,
            Some(Host::Inside(_)) => Sameness::Different,
            _ => Sameness::Unknown,
        },
        (Store::Place(a), Store::Place(b)) => {
            let engine = both(&a.engine, &b.engine).map(|(a, b)| a == b);
            let database = both(&a.database, &b.database).map(|(a, b)| a == b);
            let host = both(&a.host, &b.host).and_then(|(a, b)| one_host(a, b));
            match (engine, host, database) {
                (Some(false), ..) | (_, Some(false), _) | (_, _, Some(false)) => {
                    Sameness::Different
                }
                (_, Some(host), Some(database)) => judged(host && database),
                _ => Sameness::Unknown,
            }
        }
        _ => Sameness::Unknown,
    }
}

fn both<'t, T>(a: &'t Option<T>, b: &'t Option<T>) -> Option<(&'t T, &'t T)> {
    a.as_ref().zip(b.as_ref())
}

/// Whether two hosts are one, when that can be told.
fn one_host(a: &Host, b: &Host) -> Option<bool> {
    match (a, b) {
        (Host::Network(a, _), Host::Network(b, _)) if a != b => None,
        (Host::Network(..), Host::Component(_) | Host::Outside(_))
        | (Host::Component(_) | Host::Outside(_), Host::Network(..)) => None,
        _ => Some(a == b),
    }
}

/// One name for each engine.
pub(super) fn usual(engine: &str) -> &str {
    match engine {
        "postgres" | "pgsql" | "postgresql" | "postgis" | "timescaledb" | "pgvector" => {
            "postgresql"
        }
        "mariadb" | "mysql2" | "percona" | "mysqli" => "mysql",
        "mssql" | "azure-sql-edge" => "sqlserver",
        "sqlite3" | "better-sqlite3" | "file" => "sqlite",
        engine => engine,
    }
}

/// Whether an engine speaks SQL; one that nobody tells may.
pub(super) fn speaks_sql(engine: &str) -> bool {
    !matches!(
        engine,
        "redis"
            | "valkey"
            | "keydb"
            | "memcached"
            | "mongo"
            | "mongodb"
            | "elasticsearch"
            | "opensearch"
            | "solr"
            | "neo4j"
            | "bolt"
            | "influxdb"
            | "etcd"
            | "couchdb"
            | "s3"
            | "minio"
            | "dynamodb"
            | "qdrant"
            | "weaviate"
            | "milvus"
            | "aerospike"
            | "http"
            | "https"
            | "amqp"
            | "kafka"
            | "nats"
            | "rabbitmq"
    )
}

/// What a connection string says; user and password are never looked at, but where they name the database.
#[derive(Debug, Default, PartialEq, Eq)]
struct Connection {
    engine: Option<String>,
    address: Option<Address>,
    database: Option<String>,
}

fn connection(template: &Template) -> Connection {
    let text = marked(template);
    let text = text.strip_prefix("jdbc:").unwrap_or(&text);
    let database = |name: &str| known(name).then(|| name.to_lowercase());
    let Some((scheme, rest)) = text.split_once("://") else {
        if let Some(file) = ["sqlite:", "h2:", "hsqldb:", "derby:"]
            .iter()
            .find(|scheme| text.starts_with(**scheme))
        {
            return Connection {
                engine: Some(file.trim_end_matches(':').to_owned()),
                ..Connection::default()
            };
        }
        return match text.find("tcp(") {
            Some(at) => driver(&text[at + 4..]),
            None => keywords(text),
        };
    };
    let scheme = scheme.split(['+', ':']).next().unwrap_or_default();
    let (rest, options) = match rest.find(['?', ';']) {
        Some(end) => (&rest[..end], &rest[end + 1..]),
        None => (rest, ""),
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    // `jdbc:sqlserver://host;databaseName=x`
    let named = options.split([';', '&']).find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        matches!(&*key.trim().to_lowercase(), "databasename" | "database").then(|| value.trim())
    });
    Connection {
        engine: known(scheme).then(|| scheme.to_lowercase()),
        address: Address::of(authority),
        database: database(named.unwrap_or(path)),
    }
}

/// `host:3306)/database?options`, as the driver of MySQL for Go has it: <https://github.com/go-sql-driver/mysql#dsn-data-source-name>
fn driver(text: &str) -> Connection {
    let (authority, rest) = text.split_once(')').unwrap_or((text, ""));
    let path = rest.trim_start_matches('/').split('?').next();
    Connection {
        engine: Some("mysql".to_owned()),
        address: Address::of(authority),
        database: path.filter(|name| known(name)).map(str::to_lowercase),
    }
}

/// `Server=db,1433;Database=x` of ADO.NET, `host=db port=5432 dbname=x` of libpq; without a database, that of the user is meant.
///
/// Sources: <https://learn.microsoft.com/en-us/dotnet/framework/data/adonet/connection-strings>,
/// <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING>
fn keywords(text: &str) -> Connection {
    let separator = match text.contains(';') {
        true => ';',
        false => ' ',
    };
    let mut found = Connection::default();
    let mut user = None;
    for pair in text.split(separator) {
        let Some((key, value)) = pair.split_once('=') else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        match key.trim().to_lowercase().as_str() {
            "host" | "server" | "data source" | "datasource" | "address" | "addr" => {
                let value = value.strip_prefix("tcp:").unwrap_or(value);
                found.address = Address::of(&value.replace(',', ":"));
            }
            "database" | "initial catalog" | "dbname" => {
                found.database = known(value).then(|| value.to_lowercase());
            }
            "username" | "user" => user = Some(value),
            _ => {}
        }
    }
    // Only Postgres has these two names for user and database.
    if found.database.is_none() && found.address.is_some() {
        found.database = user.filter(|user| known(user)).map(str::to_lowercase);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_strings_give_engine_host_and_database_and_no_secret() {
        let read = |text: &str| {
            let found = connection(&Template::parse(text, &["env"]).unwrap());
            let address = found.address.map(|address| address.host);
            [found.engine, address, found.database]
                .map(|piece| piece.unwrap_or_else(|| "-".into()))
                .join(" ")
        };
        for (text, expected) in [
            (
                "postgres://user:secret@db:5432/orders?sslmode=off",
                "postgres db orders",
            ),
            (
                "jdbc:mysql://${env:USER}@db:${env:PORT}/shop",
                "mysql db shop",
            ),
            ("postgres://${env:HOST}/orders", "postgres - orders"),
            ("mysql+pymysql://db/${env:NAME}", "mysql db -"),
            (
                "jdbc:sqlserver://db:1433;databaseName=Shop;user=x",
                "sqlserver db shop",
            ),
            ("u:p@tcp(db:3306)/shop?parseTime=true", "mysql db shop"),
            (
                "Server=tcp:db,1433;Initial Catalog=Shop;Password=x",
                "- db shop",
            ),
            ("host=db user=app password=x", "- db app"),
            ("jdbc:h2:mem:test", "h2 - -"),
            ("orders", "- - -"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_known_of_both_sides_decides() {
        let place = |engine: &str, host: Option<u32>, database: &str| {
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Store::Place(Place {
                engine: text(engine),
                host: host.map(|number| Host::Component(ComponentId(number))),
                database: text(database),
            })
        };
        let one = place("mysql", Some(1), "a");
        assert_eq!(same(&one, &place("", Some(1), "a")), Sameness::Same);
        assert_eq!(same(&one, &place("mysql", None, "a")), Sameness::Unknown);
        assert_eq!(same(&one, &place("mysql", Some(1), "")), Sameness::Unknown);
        assert_eq!(same(&one, &place("mysql", None, "b")), Sameness::Different);
        assert_eq!(
            same(&one, &place("mysql", Some(2), "a")),
            Sameness::Different
        );
        assert_eq!(
            same(&one, &place("postgresql", Some(1), "a")),
            Sameness::Different
        );
        assert_eq!(same(&one, &Store::Unknown), Sameness::Unknown);
    }
}
