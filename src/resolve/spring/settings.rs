//! Which settings of Spring, Quarkus and Micronaut lead to a store, a broker or a server of the platform?
//!
//! Source: <https://docs.spring.io/spring-boot/appendix/application-properties/index.html>

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::model::{Access, Claim, DependencyKind, Fact, FileTable, Key, Part, Subject, Template};
use crate::resolve::spaces::comparable;

/// What the value of a setting is.
#[derive(Clone, Copy)]
enum Leads {
    /// The address of a store of this engine; empty: the address tells.
    Store(&'static str),
    /// The host of a store: engine, the setting with its port, the port when there is none.
    StoreHost(&'static str, &'static str, &'static str),
    /// The address of a broker.
    Broker(&'static str),
    /// The host of a broker.
    BrokerHost(&'static str, &'static str, &'static str),
    /// A server with this role on the platform.
    Platform(&'static str),
    /// Any other server.
    Server,
}

/// A star stands for one piece of the name.
const SETTINGS: &[(&str, Leads)] = &[
    ("spring.datasource.url", Leads::Store("")),
    ("spring.datasource.jdbc-url", Leads::Store("")),
    ("spring.datasource.*.url", Leads::Store("")),
    ("spring.datasource.*.jdbc-url", Leads::Store("")),
    ("spring.r2dbc.url", Leads::Store("")),
    ("spring.data.mongodb.uri", Leads::Store("mongodb")),
    ("spring.mongodb.uri", Leads::Store("mongodb")),
    (
        "spring.data.mongodb.host",
        Leads::StoreHost("mongodb", "spring.data.mongodb.port", "27017"),
    ),
    ("spring.redis.url", Leads::Store("redis")),
    ("spring.data.redis.url", Leads::Store("redis")),
    (
        "spring.redis.host",
        Leads::StoreHost("redis", "spring.redis.port", "6379"),
    ),
    (
        "spring.data.redis.host",
        Leads::StoreHost("redis", "spring.data.redis.port", "6379"),
    ),
    ("spring.redis.cluster.nodes", Leads::Store("redis")),
    ("spring.data.redis.cluster.nodes", Leads::Store("redis")),
    ("spring.redis.sentinel.nodes", Leads::Store("redis")),
    ("spring.data.redis.sentinel.nodes", Leads::Store("redis")),
    (
        "spring.data.cassandra.contact-points",
        Leads::Store("cassandra"),
    ),
    ("spring.cassandra.contact-points", Leads::Store("cassandra")),
    ("spring.elasticsearch.uris", Leads::Store("elasticsearch")),
    (
        "spring.elasticsearch.rest.uris",
        Leads::Store("elasticsearch"),
    ),
    (
        "spring.data.elasticsearch.cluster-nodes",
        Leads::Store("elasticsearch"),
    ),
    ("spring.neo4j.uri", Leads::Store("neo4j")),
    ("spring.data.neo4j.uri", Leads::Store("neo4j")),
    (
        "spring.couchbase.connection-string",
        Leads::Store("couchbase"),
    ),
    ("spring.influx.url", Leads::Store("influxdb")),
    ("quarkus.datasource.jdbc.url", Leads::Store("")),
    ("quarkus.datasource.reactive.url", Leads::Store("")),
    ("quarkus.datasource.*.jdbc.url", Leads::Store("")),
    ("quarkus.mongodb.connection-string", Leads::Store("mongodb")),
    ("quarkus.redis.hosts", Leads::Store("redis")),
    ("datasources.*.url", Leads::Store("")),
    ("r2dbc.datasources.*.url", Leads::Store("")),
    ("mongodb.uri", Leads::Store("mongodb")),
    ("redis.uri", Leads::Store("redis")),
    ("spring.kafka.bootstrap-servers", Leads::Broker("kafka")),
    (
        "spring.cloud.stream.kafka.binder.brokers",
        Leads::Broker("kafka"),
    ),
    (
        "eventuatelocal.kafka.bootstrap.servers",
        Leads::Broker("kafka"),
    ),
    ("kafka.bootstrap.servers", Leads::Broker("kafka")),
    (
        "mp.messaging.connector.smallrye-kafka.bootstrap.servers",
        Leads::Broker("kafka"),
    ),
    (
        "spring.rabbitmq.host",
        Leads::BrokerHost("rabbitmq", "spring.rabbitmq.port", "5672"),
    ),
    ("spring.rabbitmq.addresses", Leads::Broker("rabbitmq")),
    ("rabbitmq.uri", Leads::Broker("rabbitmq")),
    ("spring.activemq.broker-url", Leads::Broker("jms")),
    ("spring.artemis.broker-url", Leads::Broker("jms")),
    (
        "spring.artemis.host",
        Leads::BrokerHost("jms", "spring.artemis.port", "61616"),
    ),
    ("spring.pulsar.client.service-url", Leads::Broker("pulsar")),
    (
        "eureka.client.service-url.*",
        Leads::Platform("discovery-server"),
    ),
    ("spring.cloud.config.uri", Leads::Platform("config-server")),
    (
        "spring.boot.admin.client.url",
        Leads::Platform("admin-server"),
    ),
    ("spring.boot.admin.url", Leads::Platform("admin-server")),
    ("spring.zipkin.base-url", Leads::Platform("tracing-server")),
    (
        "management.zipkin.tracing.endpoint",
        Leads::Platform("tracing-server"),
    ),
    (
        "management.otlp.tracing.endpoint",
        Leads::Platform("tracing-server"),
    ),
    ("security.oauth2.client.access-token-uri", Leads::Server),
    (
        "security.oauth2.client.user-authorization-uri",
        Leads::Server,
    ),
    ("security.oauth2.resource.user-info-uri", Leads::Server),
    ("security.oauth2.resource.token-info-uri", Leads::Server),
    ("security.oauth2.resource.jwt.key-uri", Leads::Server),
    ("security.oauth2.resource.jwk.key-set-uri", Leads::Server),
    ("spring.oauth2.resource.user-info-uri", Leads::Server),
    (
        "spring.security.oauth2.resourceserver.jwt.jwk-set-uri",
        Leads::Server,
    ),
    (
        "spring.security.oauth2.resourceserver.jwt.issuer-uri",
        Leads::Server,
    ),
    (
        "spring.security.oauth2.resourceserver.opaquetoken.introspection-uri",
        Leads::Server,
    ),
    (
        "spring.security.oauth2.client.provider.*.token-uri",
        Leads::Server,
    ),
    (
        "spring.security.oauth2.client.provider.*.issuer-uri",
        Leads::Server,
    ),
    (
        "spring.security.oauth2.client.provider.*.user-info-uri",
        Leads::Server,
    ),
    (
        "spring.security.oauth2.client.provider.*.jwk-set-uri",
        Leads::Server,
    ),
    (
        "spring.security.oauth2.client.provider.*.authorization-uri",
        Leads::Server,
    ),
];

/// Stores that live inside of the program, or that tests start.
const INSIDE: &[&str] = &[
    "jdbc:h2:",
    "jdbc:hsqldb:",
    "jdbc:derby:",
    "jdbc:sqlite:",
    "jdbc:tc:",
    "r2dbc:h2:",
    "r2dbc:tc:",
];

/// What settings say that lead somewhere: as a setting of a file, or of the environment in its spelling.
pub(super) fn derive(files: &FileTable, facts: &[Fact]) -> Vec<Fact> {
    let mut found = Vec::new();
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    for fact in facts {
        let Claim::Binds { key, value } = &fact.claim else {
            continue;
        };
        let Some(name) = key.name.as_text().filter(|_| key.at.is_empty()) else {
            continue;
        };
        let leads = match (key.namespace.0, &fact.subject) {
            ("property", _) => of_setting(name),
            // What code or a build says of its environment is no setting.
            ("env", Subject::Named(_)) => of_environment(name),
            _ => None,
        };
        let Some((written, leads)) = leads else {
            continue;
        };
        let is_inside = INSIDE
            .iter()
            .any(|start| text_of(value).is_some_and(|text| text.starts_with(start)));
        let path = files.path(fact.span.file);
        // What is handed out to everybody does not say who uses it.
        let is_for_all =
            fact.subject == Subject::File && path.file_name().starts_with("application");
        let Some(claim) = claim(&written, leads, is_for_all).filter(|_| !is_inside) else {
            continue;
        };
        // Once for whoever it is about, however many profiles set it.
        let whom = match &fact.subject {
            Subject::Named(key) => format!("{} {key}", path.repo.0),
            Subject::Here => format!("{} {}", path.repo.0, path.parent()),
            Subject::File => format!("{} {}", path.repo.0, path.path),
        };
        if seen.insert((whom, format!("{claim:?}"))) {
            found.push(Fact {
                claim,
                when: Vec::new(),
                ..fact.clone()
            });
        }
    }
    found
}

fn text_of(value: &Template) -> Option<&str> {
    match value.0.first() {
        Some(Part::Text(text)) => Some(text),
        _ => None,
    }
}

/// The known settings by their first piece, as it is compared.
static BY_START: LazyLock<BTreeMap<String, Vec<Known>>> = LazyLock::new(|| {
    let mut by_start: BTreeMap<String, Vec<Known>> = BTreeMap::new();
    for (known, leads) in SETTINGS {
        let pieces: Vec<String> = known
            .split('.')
            .map(|piece| match piece {
                "*" => piece.to_owned(),
                piece => comparable(piece),
            })
            .collect();
        let known = by_start.entry(pieces[0].clone()).or_default();
        known.push((pieces, *leads));
    }
    by_start
});

/// The pieces of a known setting as they are compared, and what its value is.
type Known = (Vec<String>, Leads);

/// The known settings by their name in the environment.
static BY_VARIABLE: LazyLock<BTreeMap<String, (&str, Leads)>> = LazyLock::new(|| {
    let mut by_variable = BTreeMap::new();
    for (known, leads) in SETTINGS {
        let name = match known.split_once(".*") {
            // The environment does not tell where the pieces of a name end.
            Some(("eureka.client.service-url", "")) => "eurekaclientserviceurldefaultzone".into(),
            Some(_) => continue,
            None => comparable(known),
        };
        by_variable.entry(name).or_insert((*known, *leads));
    }
    by_variable
});

fn of_setting(name: &str) -> Option<(String, Leads)> {
    let bare = match name
        .strip_suffix(']')
        .and_then(|name| name.rsplit_once('['))
    {
        Some((bare, _)) => bare,
        None => name,
    };
    let start = bare.split('.').next().unwrap_or_default();
    let known = BY_START.get(&comparable(start))?;
    let pieces: Vec<String> = bare.split('.').map(comparable).collect();
    let (_, leads) = known.iter().find(|(known, _)| fits(&pieces, known))?;
    Some((name.to_owned(), *leads))
}

fn of_environment(name: &str) -> Option<(String, Leads)> {
    let (known, leads) = BY_VARIABLE.get(&comparable(name))?;
    Some((known.replace('*', "defaultZone"), *leads))
}

/// Whether a name is a known one, piece by piece.
fn fits(pieces: &[String], known: &[String]) -> bool {
    let mut both = pieces.iter().zip(known);
    pieces.len() == known.len() && both.all(|(piece, wanted)| wanted == "*" || piece == wanted)
}

fn property(name: &str, default: Option<&str>) -> Template {
    Template::reference(Key::new("property", name), default.map(Template::from))
}

/// `scheme://${host}:${port|default}`.
fn by_host(scheme: &str, host: &str, port: &str, default: &str) -> Template {
    let mut address = Template::text(format!("{scheme}://"));
    address.extend(&property(host, None));
    address.extend(&":".into());
    address.extend(&property(port, Some(default)));
    address
}

fn claim(name: &str, leads: Leads, is_for_all: bool) -> Option<Claim> {
    let requires = |key, kind, access| Claim::Requires {
        key,
        kind,
        access,
        count: 1,
    };
    let store = |address, engine| {
        let key = Key::at("store", address, engine);
        requires(key, DependencyKind::DataUse, Access::ReadWrite)
    };
    let broker = |engine, value| Claim::Binds {
        key: Key::new("broker", engine),
        value,
    };
    let is_use = !matches!(leads, Leads::Broker(_) | Leads::BrokerHost(..));
    if is_use && is_for_all {
        return None;
    }
    Some(match leads {
        Leads::Store(engine) => store(property(name, None), engine),
        Leads::StoreHost(engine, port, default) => {
            store(by_host(engine, name, port, default), engine)
        }
        Leads::Broker(engine) => broker(engine, property(name, None)),
        Leads::BrokerHost(engine, port, default) => {
            broker(engine, by_host("amqp", name, port, default))
        }
        Leads::Platform(role) => {
            let key = Key::at("platform", property(name, None), role);
            requires(key, DependencyKind::CallHttp, Access::Use)
        }
        Leads::Server => {
            let key = Key::at("http", property(name, None), "ANY");
            requires(key, DependencyKind::CallHttp, Access::Use)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_known_in_each_spelling() {
        assert!(of_setting("spring.data.mongodb.host").is_some());
        assert!(of_setting("spring.datasource.orders.jdbcUrl").is_some());
        assert!(of_setting("eureka.client.serviceUrl.defaultZone").is_some());
        assert!(of_setting("spring.elasticsearch.uris[0]").is_some());
        assert!(of_setting("spring.data.mongodb").is_none());
        assert!(of_environment("SPRING_DATASOURCE_URL").is_some());
        assert!(of_environment("EUREKA_CLIENT_SERVICEURL_DEFAULTZONE").is_some());
        assert!(of_environment("DATASOURCE_URL").is_none());
    }
}
