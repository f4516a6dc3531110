//! To which stores does C# code connect: Entity Framework, Aspire's clients, drivers?
//!
//! Sources: <https://learn.microsoft.com/ef/core/providers/>, <https://aspire.dev/integrations/overview/>.

use std::ops::Range;

use super::net::Net;
use super::outline::{Outline, Type, simple};
use super::texts::{Texts, argument, property};
use crate::extract::strings::Constants;
use crate::model::{Access, DependencyKind, Key, Part, Template};

/// Methods that are given the name of a connection of the configuration, with the engine; sorted.
const NAMED: &[(&str, &str)] = &[
    ("AddAzureCosmosClient", "cosmosdb"),
    ("AddAzureNpgsqlDataSource", "postgres"),
    ("AddAzureNpgsqlDbContext", "postgres"),
    ("AddCosmosDbContext", "cosmosdb"),
    ("AddElasticsearchClient", "elasticsearch"),
    ("AddKeyedMongoDBClient", "mongodb"),
    ("AddKeyedNpgsqlDataSource", "postgres"),
    ("AddKeyedRedisClient", "redis"),
    ("AddMilvusClient", "milvus"),
    ("AddMongoDBClient", "mongodb"),
    ("AddMySqlDataSource", "mysql"),
    ("AddMySqlDbContext", "mysql"),
    ("AddNpgsqlDataSource", "postgres"),
    ("AddNpgsqlDbContext", "postgres"),
    ("AddOracleDatabaseDbContext", "oracle"),
    ("AddQdrantClient", "qdrant"),
    ("AddRavenDBClient", "ravendb"),
    ("AddRedisClient", "redis"),
    ("AddRedisClientBuilder", "redis"),
    ("AddRedisDistributedCache", "redis"),
    ("AddRedisOutputCache", "redis"),
    ("AddSqlServerClient", "sqlserver"),
    ("AddSqlServerDbContext", "sqlserver"),
];

/// Methods and types that are given a connection, with the engine; sorted.
const GIVEN: &[(&str, &str)] = &[
    ("AddMarten", "postgres"),
    ("AddStackExchangeRedisCache", "redis"),
    ("CosmosClient", "cosmosdb"),
    ("ElasticClient", "elasticsearch"),
    ("ElasticsearchClient", "elasticsearch"),
    ("MongoClient", "mongodb"),
    ("MySqlConnection", "mysql"),
    ("NpgsqlConnection", "postgres"),
    ("NpgsqlDataSourceBuilder", "postgres"),
    ("OracleConnection", "oracle"),
    ("SqlConnection", "sqlserver"),
    ("UseCosmos", "cosmosdb"),
    ("UseMongoDB", "mongodb"),
    ("UseMySQL", "mysql"),
    ("UseMySql", "mysql"),
    ("UseNpgsql", "postgres"),
    ("UseOracle", "oracle"),
    ("UseSqlServer", "sqlserver"),
];

/// Reads the connections of a file.
pub(super) fn read(outline: &Outline<'_>, texts: &Texts<'_, '_>, net: &mut Net) {
    // Methods that choose how to speak with a connection that is named around them tell none themselves.
    let mut named_until = 0;
    for call in &outline.calls {
        // What only tools make for migrations connects to nothing when the program runs.
        let around = outline.type_around(call.at);
        let is_tool = |kind: &Type<'_>| {
            let mut bases = kind.bases.iter();
            bases.any(|base| base.simple() == "IDesignTimeDbContextFactory")
        };
        if call.at < named_until || around.is_some_and(is_tool) {
            continue;
        }
        let first = || argument(&call.arguments, "connectionString", 0);
        let bytes = outline.bytes(call.at..call.end + 1);
        let name = match call.is_new {
            true => simple(&call.path),
            false => call.name,
        };
        let found = |list: &[(&str, &'static str)]| {
            let at = list.binary_search_by_key(&name, |(name, _)| name).ok()?;
            Some(list[at].1)
        };
        if let Some(engine) = found(NAMED) {
            // One that is given a way to make the connection is a driver's own method.
            let name = argument(&call.arguments, "connectionName", 0);
            let name = name.map(|name| texts.template(name.tokens.clone()));
            let at = match name {
                Some(name) if !name.is_empty() && is_name(&name) => {
                    let mut key = Template::text("connectionstrings:");
                    key.extend(&name);
                    Constants::default().template(&property(key))
                }
                Some(name) if matches!(name.0.first(), Some(Part::Ref(_) | Part::Text(_))) => name,
                _ => unknown(),
            };
            connect(at, engine, bytes, net);
            named_until = call.end;
            continue;
        }
        let engine = match found(GIVEN) {
            Some(engine) => engine,
            None if matches!(call.name, "Connect" | "ConnectAsync")
                && outline.receiver_name(call) == Some("ConnectionMultiplexer") =>
            {
                "redis"
            }
            None if call.name == "Create"
                && outline.receiver_name(call) == Some("NpgsqlDataSource") =>
            {
                "postgres"
            }
            None => continue,
        };
        let is_type = name.starts_with("Use") || name.starts_with("Add");
        if is_type == call.is_new && !matches!(call.name, "Connect" | "ConnectAsync" | "Create") {
            continue;
        }
        // What configures the client may be set inside.
        let inside = outline
            .definitions
            .get("Configuration")
            .into_iter()
            .flatten();
        let is_inside = |at: usize| (call.at..call.end).contains(&at);
        let set = inside
            .filter(|one| one.is_member && is_inside(one.at))
            .find_map(|one| one.value.clone());
        let set = set.or_else(|| {
            let mut calls = outline.calls.iter();
            let connection = calls.find(|one| one.name == "Connection" && is_inside(one.at))?;
            Some(connection.arguments.first()?.tokens.clone())
        });
        let given = set.or_else(|| first().map(|one| one.tokens.clone()));
        // Who makes a connection and hands it on states it.
        let is_made = |tokens: &Range<usize>| {
            let last = tokens.end.checked_sub(1)?;
            let kind = outline.type_of(outline.tokens.word(last)?, last)?;
            let kind = kind.simple();
            Some(kind.ends_with("Connection") || kind.ends_with("DataSource"))
        };
        if given.as_ref().and_then(is_made) == Some(true) {
            continue;
        }
        let at = match given {
            Some(tokens) => texts.template(tokens),
            None => Template::default(),
        };
        let at = match at.0.first() {
            Some(Part::Text(_) | Part::Ref(_)) => at,
            _ => unknown(),
        };
        connect(at, engine, bytes, net);
    }
}

/// Whether a template can be the name of a connection, and is no connection itself.
fn is_name(name: &Template) -> bool {
    name.0.iter().all(|part| match part {
        Part::Text(text) => !text.contains(['=', ':', '/', ' ']),
        Part::Ref(reference) => reference.key.namespace.0 == "slot",
        Part::Hole | Part::Star => false,
    })
}

/// A connection that the file does not tell.
fn unknown() -> Template {
    Key::new("datasource", "default").into()
}

fn connect(at: Template, engine: &'static str, bytes: Range<usize>, net: &mut Net) {
    let key = Key::at("store", at, engine);
    net.uses(key, DependencyKind::DataUse, Access::ReadWrite, bytes);
}
