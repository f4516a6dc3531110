//! What a file of JavaScript or TypeScript calls, serves, publishes, listens to and stores; and what its names mean for other files.
//!
//! The tree is read once into values ([`value`]); each detector asks where a callee comes from ([`origin`]) and what text its arguments come to ([`text`]).

mod clouds;
mod code;
mod collect;
mod controllers;
mod environment;
mod events;
mod exports;
mod gateways;
mod graphql;
mod grpc;
mod http;
mod invoke;
mod jobs;
mod markers;
mod nest;
mod origin;
mod packages;
mod pages;
mod paths;
mod rabbit;
mod read;
mod redis;
mod requests;
mod rewrites;
mod routers;
mod routes;
mod stores;
mod telemetry;
mod text;
mod url;
mod value;
mod visit;
mod wrappers;

use std::cell::RefCell;
use std::collections::HashSet;

use oxc_ast::ast::Program;

use collect::Collector;
pub(super) use markers::may_matter;
use origin::{Base, Origin};
pub(super) use packages::is_network;
use text::Texts;
use value::Call;

pub(super) use crate::extract::said::Said;
use crate::extract::said::Statement;
use crate::model::{DependencyKind, Key};

/// What is known of a file besides its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct File<'p> {
    pub(super) path: &'p str,
}

/// One call of a file, as the detectors see it.
struct Site<'s> {
    texts: &'s Texts<'s>,
    call: &'s Call,
    /// Where what is called comes from.
    callee: Origin,
    said: &'s RefCell<Said>,
    /// Where calls start whose results are handed to routers.
    mounted: &'s HashSet<usize>,
    /// The file is part of what browsers show: addresses without a host are those of the own site.
    is_browser: bool,
}

impl Site<'_> {
    /// The component uses a name at this call.
    fn requires(&self, key: Key, kind: DependencyKind) {
        self.said.borrow_mut().requires(key, kind, &self.call.bytes);
    }

    /// Likewise, only in components that use a package.
    fn requires_with(&self, key: Key, kind: DependencyKind, package: &str) {
        let mut said = self.said.borrow_mut();
        if let Some(statement) = said.requires(key, kind, &self.call.bytes) {
            statement.with("npm", package);
        }
    }

    /// The component offers a name at this call.
    fn provides(&self, key: Key, refine: impl FnOnce(&mut Statement)) {
        let mut said = self.said.borrow_mut();
        if let Some(statement) = said.provides(key, &self.call.bytes) {
            refine(statement);
        }
    }

    /// A name means a value in the component.
    fn binds(&self, key: Key, value: crate::model::Template) {
        self.said.borrow_mut().binds(key, value, &self.call.bytes);
    }
}

/// Everything that a file says of the network.
pub(super) fn read(program: &Program<'_>, file: File<'_>) -> Said {
    if markers::is_bundle(program.source_text) {
        return Said::of_bundle();
    }
    let collector = Collector::read_program(program);
    let mut code = collector.code;
    exports::name(&mut code);
    let texts = Texts::new(&code, file.path);
    let said = RefCell::new(Said::default());
    let mounted = gateways::mounted(&code);
    let is_browser = is_browser(file.path);
    for call in &code.calls {
        let callee = code.origin(&call.callee);
        // What the file defines itself is asked where it asks others.
        if matches!(callee.base, Base::Value(_)) {
            continue;
        }
        let site = Site {
            texts: &texts,
            call,
            callee,
            said: &said,
            mounted: &mounted,
            is_browser,
        };
        match &site.callee.base {
            Base::Global(_) => {
                http::detect(&site);
                continue;
            }
            Base::Object(_) => {
                events::detect(&site);
                continue;
            }
            _ => {}
        }
        http::detect(&site);
        graphql::detect(&site);
        grpc::detect(&site);
        gateways::detect(&site);
        events::detect(&site);
        clouds::detect(&site);
        redis::detect(&site);
        jobs::detect(&site);
        stores::detect(&site);
        invoke::detect(&site);
        telemetry::detect(&site);
        nest::detect(&site);
    }
    routes::serve(&texts, &said);
    controllers::detect(&texts, &said);
    rewrites::detect(&texts, file.path, &said);
    pages::serve(&code, file.path, &said);
    wrappers::expand(&texts, &said, is_browser);
    exports::bind(&texts, &said);
    let mut said = said.into_inner();
    if collector.cut || code.is_spent() {
        said.cut(&(0..0));
    }
    said
}

/// Whether a file is code of pages: what it asks without a host, it asks its own site.
fn is_browser(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_component = [".tsx", ".jsx", ".vue", ".svelte"]
        .iter()
        .any(|end| name.ends_with(end));
    is_component
        || path.split('/').any(|folder| {
            matches!(
                folder,
                "public" | "static" | "assets" | "components" | "hooks" | "webapp" | "wwwroot"
            )
        })
}

#[cfg(test)]
mod tests {
    use crate::extract::javascript::Imports;
    use crate::extract::testing::lines;

    #[test]
    fn secrets_are_told_nowhere() {
        for (path, text) in [
            (
                "a.js",
                "new (require('mssql').ConnectionPool)('Server=db;User Id=sa;Password=hunter2');",
            ),
            (
                "a.js",
                "const { createProxyMiddleware } = require('http-proxy-middleware');\nexport default createProxyMiddleware('/api', { target: 'http://shop:hunter2@cart' });",
            ),
            (
                "a.js",
                "function get(url) { return fetch(url); }\nget('http://shop:hunter2@cart/items');",
            ),
            (
                "a.js",
                "export const dbPassword = process.env.DB_PASSWORD || 'hunter2';",
            ),
            (
                "database.js",
                "module.exports = { host: 'db', password: 'hunter2', url: process.env.DATABASE_URL };",
            ),
            (
                "a.ts",
                "import { registerAs } from '@nestjs/config';\nexport default registerAs('db', () => ({ host: 'db', password: 'hunter2' }));",
            ),
        ] {
            let told = lines(&Imports, path, text);
            assert!(told.contains("here "), "{text}");
            let told: Vec<&str> = told
                .lines()
                .filter_map(|line| line.split("  @").next())
                .filter(|fact| fact.contains("hunter2"))
                .collect();
            assert!(told.is_empty(), "{told:?}");
        }
    }
}
