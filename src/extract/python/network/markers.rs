//! Which files may say something of the network: by the modules that they import, and by their bytes.

use memchr::memmem;

/// Modules whose use in a file makes its expressions worth reading; sorted.
const NETWORK: &[&str] = &[
    "aio_pika",
    "aioboto3",
    "aiobotocore",
    "aiohttp",
    "aiokafka",
    "aiomysql",
    "aiopg",
    "aioredis",
    "asyncpg",
    "azure",
    "boto3",
    "botocore",
    "bottle",
    "cassandra",
    "celery",
    "clickhouse_connect",
    "clickhouse_driver",
    "confluent_kafka",
    "connexion",
    "dapr",
    "databases",
    "decouple",
    "dj_database_url",
    "django",
    "dynaconf",
    "elasticsearch",
    "elasticsearch_dsl",
    "environ",
    "environs",
    "falcon",
    "fastapi",
    "faust",
    "flask",
    "flask_pymongo",
    "flask_redis",
    "flask_restful",
    "flask_restx",
    "flask_sqlalchemy",
    "google",
    "gql",
    "grpc",
    "grpclib",
    "http",
    "httplib2",
    "httpx",
    "influxdb",
    "influxdb_client",
    "kafka",
    "kombu",
    "litestar",
    "locust",
    "minio",
    "mongoengine",
    "motor",
    "mysql",
    "MySQLdb",
    "nats",
    "neo4j",
    "openfeature",
    "opensearchpy",
    "opentelemetry",
    "paho",
    "pika",
    "playhouse",
    "prometheus_client",
    "psycopg",
    "psycopg2",
    "psycopg_pool",
    "pydantic",
    "pydantic_settings",
    "pymemcache",
    "pymongo",
    "pymssql",
    "pymysql",
    "pyodbc",
    "quart",
    "redis",
    "requests",
    "rest_framework",
    "rq",
    "sanic",
    "sqlalchemy",
    "sqlmodel",
    "starlette",
    "suds",
    "thrift",
    "tornado",
    "tortoise",
    "urllib",
    "urllib2",
    "urllib3",
    "websocket",
    "websockets",
    "zeep",
];

/// What a file says in its name that holds the names of topics, hosts and the like.
const NAMES: &[&str] = &[
    "channel", "conf", "constant", "endpoint", "env", "event", "exchange", "host", "queue",
    "setting", "stream", "subject", "topic", "url",
];

/// Whether a module, or a member of one, can call, serve, publish, store or read configuration.
pub(in crate::extract::python) fn is_network(module: &str) -> bool {
    let root = module.split('.').next().unwrap_or(module);
    let is_listed = NETWORK
        .binary_search_by(|known| compare(known, root))
        .is_ok();
    match root {
        _ if !is_listed => root.ends_with("_pb2_grpc") || module.ends_with("_pb2_grpc"),
        "http" => module.starts_with("http.client"),
        "urllib" => module.starts_with("urllib.request"),
        "google" => module.starts_with("google.cloud"),
        "pydantic" => module.contains("Settings"),
        "django" => !module.starts_with("django.utils") && !module.starts_with("django.db.models"),
        _ => true,
    }
}

/// Names in the order of the list: without regard to case.
fn compare(known: &str, name: &str) -> std::cmp::Ordering {
    let lower = |text: &str| text.to_ascii_lowercase();
    lower(known).cmp(&lower(name)).then_with(|| known.cmp(name))
}

/// Whether a module is known to be somebody else's: what it has is no address of this program.
pub(super) fn is_foreign(module: &str) -> bool {
    if module.starts_with('.') {
        return false;
    }
    let root = module.split('.').next().unwrap_or(module);
    NETWORK
        .binary_search_by(|known| compare(known, root))
        .is_ok()
        || STANDARD.binary_search(&root).is_ok()
}

/// Modules of Python's own library that code takes names from; sorted.
const STANDARD: &[&str] = &[
    "abc",
    "argparse",
    "asyncio",
    "base64",
    "collections",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "hashlib",
    "hmac",
    "importlib",
    "inspect",
    "io",
    "itertools",
    "json",
    "logging",
    "math",
    "multiprocessing",
    "os",
    "pathlib",
    "pickle",
    "platform",
    "random",
    "re",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "string",
    "struct",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "traceback",
    "typing",
    "unittest",
    "uuid",
    "warnings",
];

/// Whether the bytes of a file hold something that may name an address, whatever it imports.
pub(in crate::extract::python) fn may_matter(path: &str, text: &str) -> bool {
    let bytes = text.as_bytes();
    let has = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    has("environ") || has("getenv(") || has("://") && has_address(bytes) || is_named(path)
}

/// Whether some text starts with a scheme: `"http://cart"`, not what a comment links.
fn has_address(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, b"://").take(256).any(|at| {
        let mut scheme = bytes[..at].iter().rev().take(16);
        let before = scheme.find(|byte| !byte.is_ascii_alphanumeric() && **byte != b'+');
        matches!(before, Some(b'"' | b'\'' | b'}'))
    })
}

/// Whether the name of a file says that it holds names.
fn is_named(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let is_in_settings = path.contains("settings/") || path.contains("config/");
    is_in_settings || NAMES.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_so_that_they_can_be_searched() {
        assert!(NETWORK.is_sorted_by(|a, b| compare(a, b).is_lt()));
        assert!(STANDARD.is_sorted_by(|a, b| a < b));
        assert!(is_network("requests.get") && is_network("shop_pb2_grpc") && !is_network("json"));
        assert!(is_foreign("os.path") && !is_foreign(".config") && !is_foreign("config"));
    }

    #[test]
    fn addresses_in_texts_matter_and_those_in_comments_do_not() {
        for (text, matters) in [
            ("URL = 'http://cart'", true),
            ("# see https://acme.example/docs\nA = 1", false),
            ("os.environ['X']", true),
        ] {
            assert_eq!(may_matter("cart/a.py", text), matters, "{text}");
        }
        assert!(may_matter("cart/topics.py", "A = 'orders'"));
    }
}
