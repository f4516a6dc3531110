//! What a Go program says of its network: whom it calls, what it serves, which topics and stores it uses, and where their addresses come from.
//!
//! One tree is read once into a [`unit::Unit`]; each file beside this one looks for one kind of thing in it.
//! Tests are not read: what they call is made up.

mod calls;
mod databases;
mod events;
mod facts;
mod flags;
mod http;
mod invoke;
mod kafka;
mod known;
mod libraries;
mod promise;
mod routes;
mod rpc;
mod slots;
mod stores;
mod stubs;
mod telemetry;
mod texts;
mod types;
mod unit;
mod value;
mod viper;
mod wrappers;

use std::collections::BTreeMap;

use tree_sitter::Tree;

pub(super) use facts::Found;
pub(super) use promise::holds as promised;
pub(super) use stubs::is_generated;

use crate::extract::syntax;
use crate::model::Facts;

/// Paths of imports by the names that a file uses for them.
pub(super) fn by_name<'t>(
    imports: impl Iterator<Item = (&'t str, Option<&'t str>)>,
) -> BTreeMap<&'t str, &'t str> {
    imports
        .filter(|(_, alias)| !matches!(alias, Some("_" | ".")))
        .map(|(path, alias)| (alias.unwrap_or_else(|| libraries::name(path)), path))
        .collect()
}

/// Reads a file that a machine made: only what its functions mean.
pub(super) fn read_generated(text: &[u8], folder: &str, facts: &mut Facts<'_>) -> Found {
    let mut found = Found::default();
    for piece in stubs::pieces(text, &mut found) {
        let grammar = || tree_sitter_go::LANGUAGE.into();
        let inside = &text[piece.clone()];
        if let Some(tree) = syntax::parse("Go", grammar, inside, facts) {
            let unit = unit::Unit::new(tree.root_node(), inside, folder, BTreeMap::new());
            stubs::read(&value::Values::new(&unit), text, piece.start, &mut found);
        }
    }
    found
}

/// Reads one file.
pub(super) fn read<'t>(
    tree: &Tree,
    text: &'t [u8],
    folder: &str,
    imports: BTreeMap<&'t str, &'t str>,
) -> Found {
    let imports_one = |concerns: fn(&str) -> bool| imports.values().any(|path| concerns(path));
    let has_events = imports_one(events::concerns);
    let has_stores = imports_one(databases::concerns);
    let has_telemetry = imports_one(telemetry::concerns);
    let root = tree.root_node();
    let unit = unit::Unit::new(root, text, folder, imports);
    let values = value::Values::new(&unit);
    let mut found = Found::default();
    for call in &values.calls {
        http::call(&values, call, &mut found);
        rpc::call(&values, call, &mut found);
        rpc::gateway(&values, call, &mut found);
        routes::call(&values, call, &mut found);
        if has_events {
            invoke::call(&values, call, &mut found);
            invoke::state(&values, call, &mut found);
            events::call(&values, call, &mut found);
        }
        if has_stores {
            stores::call(&values, call, &mut found);
        }
        if has_telemetry {
            telemetry::call(&values, call, &mut found);
        }
    }
    for node in &unit.literals {
        invoke::literal(&values, *node, &mut found);
        if has_events {
            events::literal(&values, *node, &mut found);
        }
        if has_stores {
            stores::literal(&values, *node, &mut found);
        }
        if has_telemetry {
            telemetry::literal(&values, *node, &mut found);
        }
    }
    http::proxies(&values, &mut found);
    telemetry::assigned(&values, &mut found);
    wrappers::unfold(&values, &mut found);
    slots::read(&values, &mut found);
    found
}

#[cfg(test)]
mod tests;
