//! Connections to databases, by drivers, mappers and query builders.
//!
//! Sources: <https://node-postgres.com/apis/client>, <https://sidorares.github.io/node-mysql2/docs>, <https://mongoosejs.com/docs/connections.html>,
//! <https://www.mongodb.com/docs/drivers/node/current/>, <https://knexjs.org/guide/>, <https://sequelize.org/docs/v6/getting-started/>,
//! <https://typeorm.io/docs/data-source/data-source-options>, <https://www.elastic.co/guide/en/elasticsearch/client/javascript-api/current/client-connecting.html>

use super::Site;
use super::origin::Base;
use super::text::Texts;
use super::value::Value;
use crate::model::{DependencyKind, Key, Part, Template};

/// What a call connects to.
struct Store {
    engine: String,
    address: Template,
}

/// States the store that a call connects to.
pub(super) fn detect(site: &Site<'_>) {
    let Some(store) = store(site) else {
        return;
    };
    let is_known = !matches!(store.address.0.first(), None | Some(Part::Hole));
    let is_memory = ["sqlite", "better-sqlite3", "sqljs"].contains(&&*store.engine)
        || matches!(store.address.0.first(), Some(Part::Text(start)) if start.starts_with("sqlite"));
    if is_known && !is_memory {
        let key = Key::at("store", store.address, store.engine);
        site.requires(key, DependencyKind::DataUse);
    }
}

fn store(site: &Site<'_>) -> Option<Store> {
    let texts = site.texts;
    let path = site.callee.of_package(|_| true)?;
    let Base::Module(module) = &site.callee.base else {
        return None;
    };
    let first = site.call.arguments.first();
    let options = Options {
        texts,
        value: first,
    };
    let of = |engine: &str, address: Option<Template>| {
        Some(Store {
            engine: engine.to_owned(),
            address: address?,
        })
    };
    match (&**module, path.as_slice()) {
        ("pg", ["Pool" | "Client", ..]) if site.call.new => match first {
            Some(_) => of("postgres", options.sql("postgres", &["connectionString"])),
            // Without options the environment tells, as libpq has it.
            None => {
                let host = Key::new("env", "PGHOST");
                let mut address = Template::text("postgres://");
                address.extend(&Template::reference(host, Some("localhost".into())));
                of("postgres", Some(address))
            }
        },
        ("pg" | "pg-promise", ["connect"]) => of("postgres", first.map(|url| texts.text(url))),
        ("postgres" | "@neondatabase/serverless", [] | ["neon"]) => {
            of("postgres", options.sql("postgres", &["connectionString"]))
        }
        ("mysql" | "mysql2" | "mysql2/promise", ["createConnection" | "createPool"]) => {
            of("mysql", options.sql("mysql", &["uri"]))
        }
        ("mssql", ["connect" | "ConnectionPool"]) => of("sqlserver", options.sql("sqlserver", &[])),
        ("oracledb", ["createPool" | "getConnection"]) => of(
            "oracle",
            options
                .text("connectString")
                .or_else(|| options.text("connectionString")),
        ),
        ("mongoose", ["connect" | "createConnection"]) => {
            of("mongodb", first.map(|url| texts.text(url)))
        }
        ("mongodb", ["MongoClient"] | ["MongoClient", "connect"]) => {
            of("mongodb", first.map(|url| texts.text(url)))
        }
        ("@nestjs/mongoose", ["MongooseModule", "forRoot"]) => {
            of("mongodb", first.map(|url| texts.text(url)))
        }
        ("@nestjs/typeorm", ["TypeOrmModule", "forRoot"])
        | ("typeorm", ["DataSource" | "createConnection"])
        | ("@mikro-orm/core", ["MikroORM", "init"]) => {
            let engine = engine(&options.literal("type")?);
            let address = options.sql(&engine, &["url", "clientUrl"]);
            of(&engine, address)
        }
        ("@nestjs/sequelize", ["SequelizeModule", "forRoot"]) => {
            let engine = engine(&options.literal("dialect")?);
            let address = options.sql(&engine, &["uri"]);
            of(&engine, address)
        }
        ("sequelize" | "sequelize-typescript", [] | ["Sequelize"]) if site.call.new => {
            sequelize(site)
        }
        ("knex", [] | ["knex"]) => {
            let engine = engine(&options.literal("client")?);
            let connection = texts.member(first?, "connection")?;
            let inner = Options {
                texts,
                value: Some(&connection),
            };
            of(&engine, inner.sql(&engine, &["connectionString"]))
        }
        ("@prisma/client", ["PrismaClient"]) => {
            let url = options.text("datasourceUrl").or_else(|| {
                let sources = texts.member(first?, "datasources")?;
                let Value::Object(sources) = sources else {
                    return None;
                };
                texts.property(&sources.first()?.1, "url")
            });
            of("", url)
        }
        ("drizzle-orm/node-postgres" | "drizzle-orm/postgres-js", ["drizzle"]) => {
            of("postgres", options.drizzle())
        }
        ("drizzle-orm/mysql2", ["drizzle"]) => of("mysql", options.drizzle()),
        ("@elastic/elasticsearch" | "@opensearch-project/opensearch", ["Client"]) => {
            let engine = match &**module {
                "@elastic/elasticsearch" => "elasticsearch",
                _ => "opensearch",
            };
            of(
                engine,
                options.text("node").or_else(|| options.text("nodes")),
            )
        }
        ("cassandra-driver", ["Client"]) => of("cassandra", options.text("contactPoints")),
        ("memcached", []) | ("memjs", ["Client", "create"]) => {
            of("memcached", first.map(|hosts| texts.text(hosts)))
        }
        ("@clickhouse/client", ["createClient"]) => of(
            "clickhouse",
            options.text("url").or_else(|| options.text("host")),
        ),
        ("neo4j-driver", ["driver"]) => of("neo4j", first.map(|url| texts.text(url))),
        ("@influxdata/influxdb-client", ["InfluxDB"]) => of(
            "influxdb",
            options
                .text("url")
                .or_else(|| first.map(|url| texts.text(url))),
        ),
        ("minio", ["Client"]) => {
            let mut address = Template::text("http://");
            address.extend(&options.text("endPoint")?);
            of("s3", Some(address))
        }
        _ => None,
    }
}

/// `new Sequelize(url)`, `new Sequelize({ dialect, host })`, `new Sequelize(database, user, password, { dialect, host })`.
fn sequelize(site: &Site<'_>) -> Option<Store> {
    let texts = site.texts;
    let arguments = &site.call.arguments;
    let last = arguments.last()?;
    let options = Options {
        texts,
        value: Some(last),
    };
    let engine = options.literal("dialect").map(|dialect| engine(&dialect));
    let is_object = options.is_object();
    if arguments.len() <= 2 && !(arguments.len() == 1 && is_object) {
        return Some(Store {
            engine: engine.unwrap_or_default(),
            address: texts.text(arguments.first()?),
        });
    }
    let engine = engine?;
    let address = options.sql(&engine, &[])?;
    Some(Store { engine, address })
}

/// Options of a connection.
struct Options<'o> {
    texts: &'o Texts<'o>,
    value: Option<&'o Value>,
}

impl Options<'_> {
    fn text(&self, name: &str) -> Option<Template> {
        self.texts.property(self.value?, name)
    }

    fn literal(&self, name: &str) -> Option<String> {
        Some(self.text(name)?.as_text()?.to_owned())
    }

    fn is_object(&self) -> bool {
        self.value.is_some_and(|value| {
            let base = self.texts.code.near_origin(value).base;
            matches!(base, Base::Value(Value::Object(_)))
        })
    }

    /// A URL, or the address that host, port and database make.
    fn sql(&self, scheme: &str, urls: &[&str]) -> Option<Template> {
        let value = self.value?;
        if !self.is_object() {
            return Some(self.texts.text(value));
        }
        if let Some(url) = urls.iter().find_map(|name| self.text(name)) {
            return Some(url);
        }
        let host = self.text("host").or_else(|| self.text("server"))?;
        let mut address = Template::text(format!("{scheme}://"));
        address.extend(&host);
        if let Some(port) = self.text("port") {
            address.push(Part::Text(":".into()));
            address.extend(&port);
        }
        if let Some(database) = self.text("database") {
            address.push(Part::Text("/".into()));
            address.extend(&database);
        }
        Some(address)
    }

    fn drizzle(&self) -> Option<Template> {
        if !self.is_object() {
            return Some(self.texts.text(self.value?));
        }
        let connection = self.texts.member(self.value?, "connection")?;
        let inner = Options {
            texts: self.texts,
            value: Some(&connection),
        };
        inner.sql("postgres", &["connectionString", "uri"])
    }
}

/// The engine that a dialect or a driver is for.
fn engine(name: &str) -> String {
    match name {
        "pg" | "postgresql" | "cockroachdb" => "postgres",
        "mysql2" | "mariadb" => "mysql",
        "mssql" | "tedious" => "sqlserver",
        "mongo" => "mongodb",
        name => name,
    }
    .to_owned()
}
