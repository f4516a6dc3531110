//! What is inside well-known images: a datastore, a broker, infrastructure, a gateway; told by the name of the image's repository.
//!
//! The name is the last segment of the repository, registry and tag left out, so that `bitnami/redis:7` is `redis`;
//! where the last segment says too little (`mssql/server`), the last two count, before the last one alone.
//! Names are those of <https://hub.docker.com/search?badges=official> and of the projects' own registries.

use super::ComponentKind;

/// What a well-known image holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Image {
    pub kind: ComponentKind,
    /// The protocol that clients speak with it (`postgres`, `kafka`); `None` where there is none of data or messages.
    pub engine: Option<&'static str>,
}

/// Vendors' packages of an image carry these in front of its name.
const PREFIXES: &[&str] = &[
    "cp-",
    "confluent-",
    "docker-",
    "bitnami-",
    "rpi-",
    "arm64v8-",
];

/// The image of this reference (`registry:5000/vendor/name:tag@digest`), when it is well known.
pub fn known(image: &str) -> Option<Image> {
    let repository = repository(image).to_ascii_lowercase();
    let last = repository.rsplit('/').next().unwrap_or_default();
    let two = repository
        .rsplitn(3, '/')
        .take(2)
        .map(str::len)
        .sum::<usize>()
        + 1;
    let two = repository.get(repository.len().saturating_sub(two)..);
    let plain = PREFIXES.iter().find_map(|prefix| last.strip_prefix(prefix));
    let mut names = two.into_iter().chain([last]).chain(plain);
    names.find_map(entry)
}

/// A reference without registry's port, tag and digest.
pub fn repository(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rfind('/').map_or(0, |at| at + 1);
    let end = image[last..].find(':').map_or(image.len(), |at| last + at);
    &image[..end]
}

fn entry(name: &str) -> Option<Image> {
    if let Ok(at) = STORES.binary_search_by(|(known, _)| known.cmp(&name)) {
        return Some(Image {
            kind: ComponentKind::Datastore,
            engine: Some(STORES[at].1),
        });
    }
    if let Ok(at) = BROKERS.binary_search_by(|(known, _)| known.cmp(&name)) {
        return Some(Image {
            kind: ComponentKind::Broker,
            engine: Some(BROKERS[at].1),
        });
    }
    let kind = [
        (GATEWAYS, ComponentKind::Gateway),
        (INFRASTRUCTURE, ComponentKind::Infrastructure),
        (TESTS, ComponentKind::Test),
    ]
    .into_iter()
    .find(|(names, _)| names.binary_search(&name).is_ok())?
    .1;
    Some(Image { kind, engine: None })
}

/// Datastores, each with the engine whose protocol it speaks; sorted.
const STORES: &[(&str, &str)] = &[
    ("aerospike-server", "aerospike"),
    ("arangodb", "arangodb"),
    ("azure-sql-edge", "sqlserver"),
    ("azure-storage/azurite", "azure-storage"),
    ("cassandra", "cassandra"),
    ("chroma", "chroma"),
    ("clickhouse", "clickhouse"),
    ("clickhouse-server", "clickhouse"),
    ("cockroach", "cockroachdb"),
    ("couchbase", "couchbase"),
    ("couchdb", "couchdb"),
    ("couchdb3", "couchdb"),
    ("db2", "db2"),
    ("dgraph", "dgraph"),
    ("dragonfly", "redis"),
    ("druid", "druid"),
    ("dynamodb-local", "dynamodb"),
    ("elasticsearch", "elasticsearch"),
    ("elasticsearch-oss", "elasticsearch"),
    ("etcd", "etcd"),
    ("eventstore", "eventstore"),
    ("eventuate-mysql", "mysql"),
    ("eventuate-mysql8", "mysql"),
    ("fake-gcs-server", "gcs"),
    ("ferretdb", "mongodb"),
    ("foundationdb", "foundationdb"),
    ("hazelcast", "hazelcast"),
    ("hbase", "hbase"),
    ("ignite", "ignite"),
    ("immudb", "immudb"),
    ("influxdb", "influxdb"),
    ("janusgraph", "janusgraph"),
    ("keydb", "redis"),
    ("mariadb", "mysql"),
    ("mariadb-galera", "mysql"),
    ("meilisearch", "meilisearch"),
    ("memcached", "memcached"),
    ("memgraph", "neo4j"),
    ("milvus", "milvus"),
    ("minio", "s3"),
    ("mongo", "mongodb"),
    ("mongodb", "mongodb"),
    ("mongodb-community-server", "mongodb"),
    ("mongodb-sharded", "mongodb"),
    ("mssql", "sqlserver"),
    ("mssql-server", "sqlserver"),
    ("mssql-server-linux", "sqlserver"),
    ("mssql/server", "sqlserver"),
    ("mysql", "mysql"),
    ("mysql-server", "mysql"),
    ("neo4j", "neo4j"),
    ("opensearch", "opensearch"),
    ("opensearchproject/opensearch", "opensearch"),
    ("oracle-free", "oracle"),
    ("oracle-xe", "oracle"),
    ("orientdb", "orientdb"),
    ("percona", "mysql"),
    ("percona-server", "mysql"),
    ("percona-xtradb-cluster", "mysql"),
    ("pgvector", "postgres"),
    ("pinot", "pinot"),
    ("postgis", "postgres"),
    ("postgres", "postgres"),
    ("postgresql", "postgres"),
    ("postgresql-repmgr", "postgres"),
    ("qdrant", "qdrant"),
    ("questdb", "questdb"),
    ("ravendb", "ravendb"),
    ("redis", "redis"),
    ("redis-cluster", "redis"),
    ("redis-sentinel", "redis"),
    ("redis-stack", "redis"),
    ("redis-stack-server", "redis"),
    ("rethinkdb", "rethinkdb"),
    ("riak", "riak"),
    ("scylla", "cassandra"),
    ("scylladb", "cassandra"),
    ("seaweedfs", "s3"),
    ("solr", "solr"),
    ("spanner-emulator", "spanner"),
    ("spilo", "postgres"),
    ("surrealdb", "surrealdb"),
    ("tarantool", "tarantool"),
    ("tidb", "mysql"),
    ("timescaledb", "postgres"),
    ("timescaledb-ha", "postgres"),
    ("trinodb/trino", "trino"),
    ("typesense", "typesense"),
    ("valkey", "redis"),
    ("vitess", "mysql"),
    ("weaviate", "weaviate"),
    ("ydb", "ydb"),
    ("yugabyte", "postgres"),
];

/// Brokers, each with the engine whose protocol it speaks; sorted.
const BROKERS: &[(&str, &str)] = &[
    ("activemq", "jms"),
    ("activemq-artemis", "jms"),
    ("artemis", "jms"),
    ("artemiscloud/activemq-artemis-broker", "jms"),
    ("azure-messaging/servicebus-emulator", "servicebus"),
    ("eclipse-mosquitto", "mqtt"),
    ("elasticmq", "sqs"),
    ("elasticmq-native", "sqs"),
    ("emqx", "mqtt"),
    ("eventhubs-emulator", "kafka"),
    ("eventuate-kafka", "kafka"),
    ("hivemq4", "mqtt"),
    ("kafka", "kafka"),
    ("kafka-native", "kafka"),
    ("lavinmq", "rabbitmq"),
    ("localstack", "aws"),
    ("localstack-pro", "aws"),
    ("mosquitto", "mqtt"),
    ("nats", "nats"),
    ("nats-streaming", "nats"),
    ("nsq", "nsq"),
    ("pubsub-emulator", "pubsub"),
    ("pulsar", "pulsar"),
    ("pulsar-all", "pulsar"),
    ("rabbitmq", "rabbitmq"),
    ("redpanda", "kafka"),
    ("rocketmq", "rocketmq"),
    ("spotify/kafka", "kafka"),
    ("verne", "mqtt"),
    ("vernemq", "mqtt"),
];

/// What passes requests on to others; sorted.
const GATEWAYS: &[&str] = &[
    "apisix",
    "caddy",
    "envoy",
    "haproxy",
    "kong",
    "krakend",
    "nginx",
    "nginx-proxy",
    "nginx-unprivileged",
    "openresty",
    "pgbouncer",
    "pgpool",
    "proxysql",
    "traefik",
    "twemproxy",
    "tyk-gateway",
    "varnish",
];

/// What watches, configures, identifies, finds and administrates; sorted.
const INFRASTRUCTURE: &[&str] = &[
    "adminer",
    "airflow",
    "akhq",
    "alertmanager",
    "alloy",
    "apicurio-registry",
    "apm-server",
    "aspire-dashboard",
    "authelia",
    "cadvisor",
    "cerebro",
    "cert-manager",
    "certbot",
    "chronograf",
    "cloudflared",
    "config-server",
    "consul",
    "cp-control-center",
    "datadog-agent",
    "dd-agent",
    "debezium",
    "debezium/connect",
    "dex",
    "dozzle",
    "eureka",
    "eureka-server",
    "eventuate-cdc-service",
    "eventuate-tram-cdc-mysql-service",
    "eventuate-zookeeper",
    "filebeat",
    "flagd",
    "flink",
    "fluent-bit",
    "fluentd",
    "grafana",
    "graphite-statsd",
    "hydra",
    "inbucket",
    "jaeger",
    "jaegertracing/all-in-one",
    "jenkins",
    "kafdrop",
    "kafka-connect",
    "kafka-exporter",
    "kafka-manager",
    "kafka-rest",
    "kafka-topics-ui",
    "kafka-ui",
    "kapacitor",
    "keycloak",
    "kibana",
    "kibana-oss",
    "kratos",
    "ksqldb-server",
    "logspout",
    "logstash",
    "logstash-oss",
    "loki",
    "mailcatcher",
    "maildev",
    "mailhog",
    "mailpit",
    "maxwell",
    "metricbeat",
    "mimir",
    "mongo-express",
    "nacos-server",
    "node-exporter",
    "oauth2-proxy",
    "opensearch-dashboards",
    "opentelemetry-collector",
    "opentelemetry-collector-contrib",
    "otel-collector",
    "papercut",
    "pgadmin",
    "pgadmin4",
    "phpmyadmin",
    "portainer",
    "portainer-ce",
    "postgres-exporter",
    "postgres_exporter",
    "prometheus",
    "promtail",
    "pushgateway",
    "redis-commander",
    "redis_exporter",
    "redisinsight",
    "redpanda-console",
    "redpandadata/console",
    "registrator",
    "schema-registry",
    "schema-registry-ui",
    "sentry",
    "seq",
    "skywalking-oap-server",
    "skywalking-ui",
    "smtp4dev",
    "sonarqube",
    "spark",
    "spring-boot-admin",
    "statsd",
    "statsd-exporter",
    "superset",
    "telegraf",
    "tempo",
    "temporalio/auto-setup",
    "temporalio/ui",
    "thanos",
    "unleash-server",
    "uptime-kuma",
    "vault",
    "vector",
    "watchtower",
    "weaveworks/scope",
    "whoami",
    "zipkin",
    "zipkin-slim",
    "zookeeper",
];

/// What makes load, or plays a browser; sorted.
const TESTS: &[&str] = &[
    "grafana/k6",
    "k6",
    "loadimpact/k6",
    "locust",
    "mockserver",
    "selenium-hub",
    "standalone-chrome",
    "standalone-firefox",
    "toxiproxy",
    "wiremock",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_so_that_they_can_be_searched() {
        assert!(STORES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(BROKERS.is_sorted_by(|a, b| a.0 < b.0));
        for names in [GATEWAYS, INFRASTRUCTURE, TESTS] {
            assert!(names.is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn registry_vendor_and_tag_do_not_count() {
        let read = |image: &str| known(image).map(|image| (image.kind.as_str(), image.engine));
        let store = |engine| Some(("datastore", Some(engine)));
        for (image, expected) in [
            ("postgres", store("postgres")),
            ("postgres:16-alpine", store("postgres")),
            ("docker.io/library/postgres@sha256:0a", store("postgres")),
            ("registry:5000/bitnami/postgresql:15", store("postgres")),
            (
                "mcr.microsoft.com/mssql/server:2022-latest",
                store("sqlserver"),
            ),
            ("confluentinc/cp-kafka:7", Some(("broker", Some("kafka")))),
            (
                "confluentinc/cp-schema-registry",
                Some(("infrastructure", None)),
            ),
            (
                "jaegertracing/all-in-one:1.5",
                Some(("infrastructure", None)),
            ),
            ("nginx", Some(("gateway", None))),
            ("acme/all-in-one", None),
            ("acme/server", None),
            ("prom/mysqld-exporter", None),
            ("acme/postgres-backup", None),
            ("acme/cart:postgres", None),
            ("", None),
        ] {
            assert_eq!(read(image), expected, "{image}");
        }
    }
}
