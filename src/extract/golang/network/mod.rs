//! What a Go program says of its network: whom it calls, what it serves, which topics and stores it uses, and where their addresses come from.
//!
//! One tree is read once into a [`unit::Unit`]; each file beside this one looks for one kind of thing in it.
//! Tests are not read: what they call is made up.

mod calls;
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

/// Reads one file; `imports` are paths with the names that the file gives them.
pub(super) fn read<'t>(
    tree: &Tree,
    text: &'t [u8],
    folder: &str,
    imports: impl Iterator<Item = (&'t str, Option<&'t str>)>,
) -> Found {
    let imports: BTreeMap<&str, &str> = imports
        .filter(|(_, alias)| !matches!(alias, Some("_" | ".")))
        .map(|(path, alias)| (alias.unwrap_or_else(|| libraries::name(path)), path))
        .collect();
    let root = tree.root_node();
    let unit = unit::Unit::new(root, text, folder, imports);
    let values = value::Values::new(&unit);
    let mut found = Found::default();
    if stubs::is_generated(root, text) {
        stubs::read(&values, &mut found);
        return found;
    }
    for node in &unit.calls {
        let Some(call) = calls::Call::read(&unit, *node) else {
            continue;
        };
        http::call(&values, &call, &mut found);
        rpc::call(&values, &call, &mut found);
        rpc::gateway(&values, &call, &mut found);
        invoke::call(&values, &call, &mut found);
        events::call(&values, &call, &mut found);
        stores::call(&values, &call, &mut found);
        telemetry::call(&values, &call, &mut found);
        routes::call(&values, &call, &mut found);
    }
    for node in &unit.literals {
        invoke::literal(&values, *node, &mut found);
        events::literal(&values, *node, &mut found);
        stores::literal(&values, *node, &mut found);
        telemetry::literal(&values, *node, &mut found);
    }
    http::proxies(&values, &mut found);
    wrappers::unfold(&values, &mut found);
    slots::read(&values, &mut found);
    found
}

#[cfg(test)]
mod tests;
