//! Packages whose items show what a component is: it serves routes, it defines tables.
//!
//! Only of these it is stated what code takes from them; what that shows is said where components are judged.

/// Sorted.
const FRAMEWORKS: &[&str] = &[
    "@apollo/server",
    "@hapi/hapi",
    "@hono/node-server",
    "@koa/router",
    "@mikro-orm/core",
    "@nestjs/common",
    "@nestjs/core",
    "@nestjs/graphql",
    "@nestjs/mongoose",
    "@nestjs/typeorm",
    "@prisma/client",
    "@typegoose/typegoose",
    "apollo-server",
    "drizzle-orm/mysql-core",
    "drizzle-orm/pg-core",
    "drizzle-orm/sqlite-core",
    "elysia",
    "express",
    "fastify",
    "hono",
    "knex",
    "koa",
    "koa-router",
    "mongoose",
    "objection",
    "polka",
    "restify",
    "routing-controllers",
    "sequelize",
    "sequelize-typescript",
    "type-graphql",
    "typeorm",
];

/// Whether what code takes from a package tells what the component is.
pub(super) fn is_framework(package: &str) -> bool {
    FRAMEWORKS.binary_search(&package).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(FRAMEWORKS.is_sorted_by(|a, b| a < b));
        assert!(is_framework("express"));
        assert!(!is_framework("react"));
    }
}
