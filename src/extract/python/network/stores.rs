//! Connections to stores: databases, caches, search engines; and the channels of Redis.
//!
//! Sources: <https://redis.readthedocs.io/en/stable/connections.html>, <https://www.psycopg.org/psycopg3/docs/api/>,
//! <https://magicstack.github.io/asyncpg/current/api/>, <https://docs.sqlalchemy.org/en/20/core/engines.html>,
//! <https://pymongo.readthedocs.io/en/stable/api/pymongo/mongo_client.html>, <https://pymysql.readthedocs.io>,
//! <https://docs.datastax.com/en/developer/python-driver/latest/api/cassandra/cluster/>,
//! <https://elasticsearch-py.readthedocs.io/en/stable/api/elasticsearch.html>,
//! <https://docs.djangoproject.com/en/stable/ref/settings/#databases>

use std::cell::RefCell;

use super::clients::of_parts;
use super::texts::Texts;
use super::value::{Call, Value};
use super::{Site, clouds, is_known};
use crate::extract::addresses::hole;
use crate::extract::said::Said;
use crate::model::{DependencyKind, Key, Part, Template};

/// States the store that a call connects to.
pub(super) fn detect(site: &Site<'_>) {
    if let Some((engine, address)) = store(site) {
        state(site, &address, engine);
    }
    amazon(site);
    flask(site);
}

fn state(site: &Site<'_>, address: &Template, engine: &str) {
    let is_memory = match address.0.first() {
        Some(Part::Text(start)) => start.starts_with("sqlite") || start.starts_with("mongomock"),
        _ => false,
    };
    if is_known(address) && !is_memory {
        let key = Key::at("store", address.clone(), engine);
        site.requires(key, DependencyKind::DataUse);
    }
}

/// Engine and address of the store that a call connects to.
fn store(site: &Site<'_>) -> Option<(&'static str, Template)> {
    let name = &*site.callee.name;
    let (texts, call) = (site.texts, site.call);
    let first = || site.argument(0, "");
    if let Some(address) = redis(texts, name, call) {
        return Some(("redis", address));
    }
    let found = match name {
        "psycopg2.connect"
        | "psycopg.connect"
        | "psycopg.Connection.connect"
        | "psycopg.AsyncConnection.connect"
        | "aiopg.connect"
        | "aiopg.create_pool"
        | "psycopg_pool.ConnectionPool"
        | "psycopg_pool.AsyncConnectionPool" => {
            let dsn = site
                .argument(0, "dsn")
                .or_else(|| site.argument(0, "conninfo"));
            (
                "postgres",
                postgres(site, dsn, &["host"], &["dbname", "database"])?,
            )
        }
        "psycopg2.pool.SimpleConnectionPool" | "psycopg2.pool.ThreadedConnectionPool" => {
            let dsn = site.argument(2, "dsn");
            (
                "postgres",
                postgres(site, dsn, &["host"], &["dbname", "database"])?,
            )
        }
        "asyncpg.connect" | "asyncpg.create_pool" => {
            let dsn = site.argument(0, "dsn");
            ("postgres", postgres(site, dsn, &["host"], &["database"])?)
        }
        "pymysql.connect"
        | "pymysql.connections.Connection"
        | "MySQLdb.connect"
        | "mysql.connector.connect"
        | "mysql.connector.pooling.MySQLConnectionPool"
        | "aiomysql.connect"
        | "aiomysql.create_pool" => {
            let host = site
                .argument(0, "host")
                .or_else(|| site.argument(0, "unix_socket"));
            ("mysql", of_host(site, "mysql", host?, &["database", "db"]))
        }
        "pymssql.connect" => {
            let host = site
                .argument(0, "server")
                .or_else(|| site.argument(0, "host"))?;
            ("sqlserver", of_host(site, "sqlserver", host, &["database"]))
        }
        "sqlalchemy.create_engine"
        | "sqlalchemy.engine.create_engine"
        | "sqlalchemy.ext.asyncio.create_async_engine"
        | "sqlmodel.create_engine"
        | "databases.Database" => ("", engine_url(site, site.call.argument(0, "url")?)),
        "tortoise.Tortoise.init" => ("", site.argument(usize::MAX, "db_url")?),
        "peewee.PostgresqlDatabase" | "playhouse.pool.PooledPostgresqlDatabase" => (
            "postgres",
            of_host(
                site,
                "postgres",
                site.argument(usize::MAX, "host")?,
                &["database"],
            ),
        ),
        "peewee.MySQLDatabase" | "playhouse.pool.PooledMySQLDatabase" => (
            "mysql",
            of_host(
                site,
                "mysql",
                site.argument(usize::MAX, "host")?,
                &["database"],
            ),
        ),
        "pymongo.MongoClient"
        | "pymongo.AsyncMongoClient"
        | "pymongo.mongo_client.MongoClient"
        | "motor.motor_asyncio.AsyncIOMotorClient"
        | "motor.motor_tornado.MotorClient" => {
            let host = site
                .argument(0, "host")
                .unwrap_or_else(|| "localhost".into());
            (
                "mongodb",
                with_scheme("mongodb", host, site.argument(1, "port")),
            )
        }
        "mongoengine.connect" => {
            let host = site.argument(usize::MAX, "host")?;
            (
                "mongodb",
                with_scheme("mongodb", host, site.argument(usize::MAX, "port")),
            )
        }
        "elasticsearch.Elasticsearch"
        | "elasticsearch.AsyncElasticsearch"
        | "elasticsearch_dsl.connections.connections.create_connection" => (
            "elasticsearch",
            hosts(site, site.call.argument(0, "hosts")?)?,
        ),
        "opensearchpy.OpenSearch" | "opensearchpy.AsyncOpenSearch" => {
            ("opensearch", hosts(site, site.call.argument(0, "hosts")?)?)
        }
        "cassandra.cluster.Cluster" => {
            let points = site.call.argument(0, "contact_points")?;
            ("cassandra", hosts(site, points)?)
        }
        "neo4j.GraphDatabase.driver" | "neo4j.AsyncGraphDatabase.driver" => {
            ("neo4j", site.argument(0, "uri")?)
        }
        "clickhouse_driver.Client"
        | "clickhouse_driver.dbapi.connect"
        | "clickhouse_connect.get_client" => (
            "clickhouse",
            of_parts(
                "clickhouse",
                site.argument(0, "host")?,
                site.argument(1, "port"),
            ),
        ),
        "influxdb_client.InfluxDBClient" => ("influxdb", site.argument(0, "url")?),
        "influxdb.InfluxDBClient" => (
            "influxdb",
            of_parts("http", site.argument(0, "host")?, site.argument(1, "port")),
        ),
        "minio.Minio" => ("s3", of_parts("http", site.argument(0, "endpoint")?, None)),
        "pymemcache.client.base.Client"
        | "pymemcache.Client"
        | "pymemcache.HashClient"
        | "memcache.Client"
        | "pylibmc.Client"
        | "bmemcached.Client" => {
            let server = site.call.arguments.first()?;
            ("memcached", hosts(site, server)?)
        }
        "pyodbc.connect" => ("", first()?),
        _ => return None,
    };
    Some(found)
}

/// The address of Redis that a call connects to; the machine itself by default.
pub(super) fn redis(texts: &Texts<'_>, name: &str, call: &Call) -> Option<Template> {
    match name {
        "redis.Redis"
        | "redis.StrictRedis"
        | "redis.client.Redis"
        | "redis.asyncio.Redis"
        | "redis.asyncio.StrictRedis"
        | "aioredis.Redis"
        | "aioredis.StrictRedis"
        | "redis.ConnectionPool"
        | "redis.asyncio.ConnectionPool"
        | "redis.BlockingConnectionPool"
        | "redis.RedisCluster"
        | "redis.cluster.RedisCluster"
        | "redis.asyncio.RedisCluster"
        | "redis.asyncio.cluster.RedisCluster"
        | "redis.sentinel.Sentinel" => {
            // What is taken from a pool is told by the pool.
            if texts
                .argument_value(call, usize::MAX, "connection_pool")
                .is_some()
            {
                return None;
            }
            let host = texts
                .argument(call, 0, "host")
                .or_else(|| texts.argument(call, 0, "url"))
                .or_else(|| texts.argument(call, usize::MAX, "startup_nodes"));
            if host.is_none() && call.keywords.iter().any(|(key, _)| &**key == "**") {
                return None;
            }
            let host = host.unwrap_or_else(|| "localhost".into());
            Some(with_scheme("redis", host, texts.argument(call, 1, "port")))
        }
        "redis.from_url"
        | "redis.Redis.from_url"
        | "redis.StrictRedis.from_url"
        | "redis.asyncio.from_url"
        | "redis.asyncio.Redis.from_url"
        | "aioredis.from_url"
        | "redis.ConnectionPool.from_url"
        | "redis.asyncio.ConnectionPool.from_url"
        | "redis.BlockingConnectionPool.from_url"
        | "redis.asyncio.BlockingConnectionPool.from_url"
        | "redis.RedisCluster.from_url"
        | "aioredis.Redis.from_url" => texts.argument(call, 0, "url"),
        "aioredis.create_redis" | "aioredis.create_redis_pool" | "aioredis.create_pool" => {
            let address = texts.argument_value(call, 0, "address")?;
            Some(pair(texts, "redis", &address))
        }
        _ => None,
    }
}

/// `("host", 6379)`, or a text.
fn pair(texts: &Texts<'_>, scheme: &str, address: &Value) -> Template {
    match texts.each(address).as_slice() {
        [host, port] => of_parts(scheme, texts.text(host), Some(texts.text(port))),
        _ => with_scheme(scheme, texts.text(address), None),
    }
}

/// An address with a scheme: the one that it has, or this.
fn with_scheme(scheme: &str, host: Template, port: Option<Template>) -> Template {
    let has_scheme = host
        .0
        .iter()
        .any(|part| matches!(part, Part::Text(text) if text.contains("://")));
    let is_whole = matches!(host.0.as_slice(), [Part::Ref(_)]) && port.is_none();
    match has_scheme || is_whole || !is_known(&host) {
        true => host,
        false => of_parts(scheme, host, port),
    }
}

/// A connection string, or the address that parts make.
fn postgres(
    site: &Site<'_>,
    dsn: Option<Template>,
    hosts: &[&str],
    databases: &[&str],
) -> Option<Template> {
    if let Some(dsn) = dsn {
        return Some(match dsn.0.first() {
            Some(Part::Text(start)) if start.contains("host=") || start.contains("dbname=") => {
                of_words(&dsn)
            }
            _ => dsn,
        });
    }
    let host = hosts
        .iter()
        .find_map(|name| site.argument(usize::MAX, name))?;
    Some(of_host(site, "postgres", host, databases))
}

/// `host=db dbname=orders user=…`
///
/// Source: <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE>
fn of_words(dsn: &Template) -> Template {
    // The words in order; each is a template of its own.
    let mut words: Vec<Template> = vec![Template::default()];
    for part in &dsn.0 {
        match part {
            Part::Text(text) => {
                for (at, piece) in text.split(char::is_whitespace).enumerate() {
                    if at > 0 {
                        words.push(Template::default());
                    }
                    if let Some(last) = words.last_mut() {
                        last.push(Part::Text(piece.into()));
                    }
                }
            }
            part => {
                if let Some(last) = words.last_mut() {
                    last.push(part.clone());
                }
            }
        }
    }
    let find = |name: &str| {
        words.iter().find_map(|word| {
            let Some(Part::Text(start)) = word.0.first() else {
                return None;
            };
            let rest = start.strip_prefix(name)?.strip_prefix('=')?;
            let mut value = Template::text(rest.trim_matches('\''));
            value.extend(&Template(word.0[1..].to_vec()));
            Some(value)
        })
    };
    let Some(host) = find("host") else {
        return hole();
    };
    let mut whole = of_parts("postgres", host, find("port"));
    if let Some(database) = find("dbname") {
        whole.push(Part::Text("/".into()));
        whole.extend(&database);
    }
    whole
}

/// The address of a host with the port and the database of the call.
fn of_host(site: &Site<'_>, scheme: &str, host: Template, databases: &[&str]) -> Template {
    let mut whole = of_parts(scheme, host, site.argument(usize::MAX, "port"));
    let database = databases
        .iter()
        .find_map(|name| site.argument(usize::MAX, name));
    if let Some(database) = database {
        whole.push(Part::Text("/".into()));
        whole.extend(&database);
    }
    whole
}

/// The URL of an engine of SQLAlchemy, however it is made.
fn engine_url(site: &Site<'_>, url: &Value) -> Template {
    let texts = site.texts;
    if let super::origin::Base::Call(made) = texts.code.origin(url).base
        && texts.code.known(&made.callee).is_some_and(|known| {
            known.name.ends_with("URL.create") || known.name.ends_with("engine.url.URL")
        })
    {
        let scheme = texts.argument(&made, 0, "drivername");
        let scheme = scheme.as_ref().and_then(Template::as_text).unwrap_or("sql");
        if let Some(host) = texts.argument(&made, 3, "host") {
            let mut whole = of_parts(scheme, host, texts.argument(&made, 4, "port"));
            if let Some(database) = texts.argument(&made, 5, "database") {
                whole.push(Part::Text("/".into()));
                whole.extend(&database);
            }
            return whole;
        }
        return hole();
    }
    texts.text(url)
}

/// Hosts as a list: texts, `{"host": …, "port": …}`, `(host, port)`.
fn hosts(site: &Site<'_>, value: &Value) -> Option<Template> {
    let texts = site.texts;
    let first = texts.each(value).into_iter().next()?;
    if let Some(host) = texts.entry(&first, "host") {
        let port = texts.entry(&first, "port").map(|port| texts.text(&port));
        return Some(of_parts("http", texts.text(&host), port));
    }
    Some(texts.text(&first))
}

/// Tables and buckets of AWS: the account has them.
fn amazon(site: &Site<'_>) {
    let name = &*site.callee.name;
    let named = |name: &str| site.argument(usize::MAX, name);
    if let Some((service, method)) = clouds::aws(site) {
        let entity = match (&*service, method) {
            ("dynamodb", "Table") => ("dynamodb", site.argument(0, "name")),
            (
                "dynamodb",
                "get_item" | "put_item" | "query" | "scan" | "update_item" | "delete_item",
            ) => ("dynamodb", named("TableName")),
            ("s3", "Bucket") => ("s3", site.argument(0, "name")),
            ("s3", "get_object" | "put_object" | "list_objects_v2" | "delete_object") => {
                ("s3", named("Bucket"))
            }
            ("s3", "upload_file" | "upload_fileobj") => ("s3", site.argument(1, "Bucket")),
            ("s3", "download_file" | "download_fileobj") => ("s3", site.argument(0, "Bucket")),
            _ => return,
        };
        if let (engine, Some(name)) = entity {
            let mut address = Template::text(format!("{engine}://"));
            address.extend(&name);
            state(site, &address, engine);
        }
        return;
    }
    // `boto3.client("s3", endpoint_url="http://minio:9000")`
    if name.ends_with(".client") || name.ends_with(".resource") {
        let is_aws = name.starts_with("boto3.") || name.starts_with("aioboto3.");
        let service = site.argument(0, "service_name");
        let service = service.as_ref().and_then(Template::as_text);
        if let (true, Some(url), Some(engine @ ("s3" | "dynamodb"))) =
            (is_aws, named("endpoint_url"), service)
        {
            state(site, &url, engine);
        }
    }
}

/// Extensions of Flask that read the address from the application's settings.
fn flask(site: &Site<'_>) {
    let (setting, engine) = match &*site.callee.name {
        "flask_sqlalchemy.SQLAlchemy" => ("SQLALCHEMY_DATABASE_URI", ""),
        "flask_pymongo.PyMongo" => ("MONGO_URI", "mongodb"),
        "flask_redis.FlaskRedis" => ("REDIS_URL", "redis"),
        _ => return,
    };
    let address = match site.argument(1, "uri").filter(|_| engine == "mongodb") {
        Some(uri) => uri,
        None => Key::new("property", setting).into(),
    };
    state(site, &address, engine);
}

/// The databases and caches of Django's settings.
pub(super) fn django(texts: &Texts<'_>, said: &RefCell<Said>) {
    let state = |address: Template, engine: &str, at: &Value| {
        let bytes = match at {
            Value::Call(call) => call.bytes.clone(),
            _ => texts.code.bytes_of("DATABASES").unwrap_or(0..0),
        };
        let is_local =
            matches!(address.0.first(), Some(Part::Text(start)) if start.starts_with("sqlite"));
        if is_known(&address) && !is_local {
            let key = Key::at("store", address, engine);
            said.borrow_mut()
                .requires(key, DependencyKind::DataUse, &bytes);
        }
    };
    for name in ["DATABASES", "CACHES"] {
        let Some(Value::Dict(databases)) = texts.code.global(name) else {
            continue;
        };
        for (_, one) in databases.iter() {
            let text = |key: &str| texts.entry(one, key).map(|value| texts.text(&value));
            // `dj_database_url.config(default="postgres://…")`, `env.db()`
            if let Value::Call(call) = one {
                if let Some(address) = of_call(texts, call) {
                    state(address, "", one);
                }
                continue;
            }
            let kind = text("ENGINE").or_else(|| text("BACKEND"));
            let Some(kind) = kind.as_ref().and_then(Template::as_text) else {
                continue;
            };
            let engine = match kind {
                kind if kind.contains("postgres") || kind.contains("postgis") => "postgres",
                kind if kind.contains("mysql") => "mysql",
                kind if kind.to_lowercase().contains("redis") => "redis",
                kind if kind.contains("memcache") || kind.contains("Memcache") => "memcached",
                kind if kind.contains("mssql") => "sqlserver",
                kind if kind.contains("oracle") => "oracle",
                _ => continue,
            };
            let address = match text("LOCATION") {
                Some(location) => location,
                None => match text("HOST") {
                    Some(host) => {
                        let mut whole = of_parts(engine, host, text("PORT"));
                        if let Some(database) = text("NAME") {
                            whole.push(Part::Text("/".into()));
                            whole.extend(&database);
                        }
                        whole
                    }
                    None => continue,
                },
            };
            state(address, engine, one);
        }
    }
}

/// The address that a function makes of the environment.
///
/// Source: <https://github.com/jazzband/dj-database-url>
fn of_call(texts: &Texts<'_>, call: &Call) -> Option<Template> {
    let known = texts.code.known(&call.callee)?;
    let url = || Key::new("env", "DATABASE_URL").into();
    let default = texts.argument(call, usize::MAX, "default");
    match &*known.name {
        "dj_database_url.config" => {
            let name = texts.argument(call, 0, "env");
            let bound = name.map_or_else(url, |name| Key::new("env", name).into());
            Some(crate::extract::addresses::or(bound, || {
                default.unwrap_or_default()
            }))
        }
        "dj_database_url.parse" => texts.argument(call, 0, "url"),
        name if name.starts_with("environ.Env()") => {
            let name = texts.argument(call, 0, "var");
            let bound = name.map_or_else(url, |name| Key::new("env", name).into());
            Some(crate::extract::addresses::or(bound, || {
                default.unwrap_or_default()
            }))
        }
        _ => None,
    }
}
