//! What using a package from outside makes of a component: it keeps a store, or serves the web.
//!
//! Presence shows a capability, never an edge.
//! Only packages whose whole purpose it is are listed, so that a library does not become an implementation by accident.

/// Clients of databases and brokers, by ecosystem.
const STORES: &[(&str, &[&str])] = &[
    (
        "cargo",
        &[
            "aws-sdk-dynamodb",
            "cassandra-cpp",
            "clickhouse",
            "diesel",
            "diesel-async",
            "mongodb",
            "mysql",
            "mysql_async",
            "postgres",
            "rusqlite",
            "scylla",
            "sea-orm",
            "sqlx",
            "tiberius",
            "tokio-postgres",
        ],
    ),
    (
        "npm",
        &[
            "@prisma/client",
            "drizzle-orm",
            "knex",
            "mongodb",
            "mongoose",
            "mysql2",
            "pg",
            "prisma",
            "sequelize",
            "typeorm",
        ],
    ),
    (
        "pypi",
        &[
            "asyncpg",
            "django",
            "mongoengine",
            "motor",
            "peewee",
            "psycopg",
            "psycopg2",
            "psycopg2-binary",
            "pymongo",
            "pymysql",
            "sqlalchemy",
            "tortoise-orm",
        ],
    ),
];

/// Web-server frameworks, by ecosystem.
const WEB_SERVERS: &[(&str, &[&str])] = &[
    (
        "cargo",
        &[
            "actix-web",
            "axum",
            "dropshot",
            "gotham",
            "iron",
            "loco-rs",
            "ntex",
            "poem",
            "rocket",
            "rouille",
            "salvo",
            "tide",
            "tiny_http",
            "trillium",
            "warp",
        ],
    ),
    (
        "npm",
        &[
            "@nestjs/core",
            "express",
            "fastify",
            "hapi",
            "koa",
            "restify",
        ],
    ),
    (
        "pypi",
        &[
            "aiohttp",
            "django",
            "fastapi",
            "flask",
            "sanic",
            "starlette",
            "tornado",
        ],
    ),
];

/// Whether using this package means keeping a store.
pub(super) fn is_store(ecosystem: &str, package: &str) -> bool {
    listed(STORES, ecosystem, package)
}

/// Whether using this package means serving the web.
pub(super) fn is_web_server(ecosystem: &str, package: &str) -> bool {
    listed(WEB_SERVERS, ecosystem, package)
}

fn listed(lists: &[(&str, &[&str])], ecosystem: &str, package: &str) -> bool {
    lists
        .iter()
        .any(|(name, packages)| *name == ecosystem && packages.binary_search(&package).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_so_that_they_can_be_searched() {
        for (ecosystem, packages) in STORES.iter().chain(WEB_SERVERS) {
            assert!(packages.is_sorted_by(|a, b| a < b), "{ecosystem}");
        }
        assert!(is_store("cargo", "sqlx"));
        assert!(!is_store("npm", "sqlx"));
        assert!(is_web_server("pypi", "fastapi"));
    }
}
