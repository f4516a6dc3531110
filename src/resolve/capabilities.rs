//! What using a package from outside shows of a component.
//!
//! That a package is there shows a capability, which is enough to call a contract impure: its users get the package, too.
//! It is not enough to call a library an implementation: a helper around a driver has no store of its own.
//! That takes an item which defines tables, queries them, or serves routes.

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

/// Items of Rust crates that define tables or query them, sorted.
const QUERIES: &[&str] = &[
    "diesel::delete",
    "diesel::insert_into",
    "diesel::table",
    "diesel::update",
    "mongodb::Collection",
    "rusqlite::params",
    "sea_orm::DeriveEntityModel",
    "sea_orm::entity",
    "sqlx::FromRow",
    "sqlx::migrate",
    "sqlx::query",
    "sqlx::query_as",
    "sqlx::query_as_unchecked",
    "sqlx::query_file",
    "sqlx::query_file_as",
    "sqlx::query_scalar",
    "sqlx::query_unchecked",
];

/// Items of Rust crates that serve routes, sorted.
const SERVES: &[&str] = &[
    "actix_web::App",
    "actix_web::HttpServer",
    "actix_web::delete",
    "actix_web::get",
    "actix_web::post",
    "actix_web::put",
    "axum::Server",
    "axum::routing",
    "axum::serve",
    "dropshot::ApiDescription",
    "dropshot::HttpServerStarter",
    "dropshot::ServerBuilder",
    "dropshot::endpoint",
    "iron::Iron",
    "poem::Server",
    "poem::handler",
    "rocket::build",
    "rocket::get",
    "rocket::launch",
    "rocket::post",
    "rocket::routes",
    "rouille::start_server",
    "salvo::Server",
    "tide::new",
    "tiny_http::Server",
    "warp::serve",
];

/// Whether using this item of a crate means having tables.
pub(super) fn queries(item: &str) -> bool {
    QUERIES.binary_search(&item).is_ok()
}

/// Whether using this item of a crate means serving routes.
pub(super) fn serves(item: &str) -> bool {
    SERVES.binary_search(&item).is_ok()
}

/// Whether using this package means bringing a driver of a store.
pub(super) fn is_store(ecosystem: &str, package: &str) -> bool {
    listed(STORES, ecosystem, package)
}

/// Whether using this package means bringing a web-server framework.
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
        assert!(QUERIES.is_sorted_by(|a, b| a < b));
        assert!(SERVES.is_sorted_by(|a, b| a < b));
        assert!(queries("sqlx::query_as"));
        assert!(!serves("axum::Json"));
        assert!(is_store("cargo", "sqlx"));
        assert!(!is_store("npm", "sqlx"));
        assert!(is_web_server("pypi", "fastapi"));
    }
}
