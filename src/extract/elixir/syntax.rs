//! Pieces of a syntax tree of Elixir that several readers look at.

use std::ops::Range;

use tree_sitter::Node;

use crate::extract::syntax;

/// The named children of a node, in order.
pub(super) fn children<'t>(node: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    (0..node.named_child_count())
        .filter_map(move |index| node.named_child(u32::try_from(index).ok()?))
}

/// The name of a call without a dot in front: `defmodule`, `alias`, `use`.
pub(super) fn call_name<'t>(node: Node<'_>, source: &'t [u8]) -> Option<&'t str> {
    if node.kind() != "call" {
        return None;
    }
    let target = node.child_by_field_name("target")?;
    (target.kind() == "identifier").then(|| syntax::text(target, source))
}

/// The arguments of a call.
pub(super) fn arguments<'t>(call: Node<'t>) -> Vec<Node<'t>> {
    let list = children(call).find(|child| child.kind() == "arguments");
    list.into_iter().flat_map(children).collect()
}

/// The value behind a key of keywords, `as: Name`.
pub(super) fn keyword<'t>(keywords: Node<'t>, key: &str, source: &[u8]) -> Option<Node<'t>> {
    if keywords.kind() != "keywords" {
        return None;
    }
    children(keywords)
        .filter(|child| child.kind() == "pair")
        .find(|pair| {
            let known = pair.child_by_field_name("key");
            known.is_some_and(|known| key_text(known, source) == key)
        })?
        .child_by_field_name("value")
}

/// The text of a key without its colon.
pub(super) fn key_text<'t>(key: Node<'_>, source: &'t [u8]) -> &'t str {
    let text = syntax::text(key, source).trim_end();
    text.strip_suffix(':').unwrap_or(text)
}

/// The name of an atom, `:cart`, and its bytes without the colon.
pub(super) fn atom<'t>(node: Node<'_>, source: &'t [u8]) -> Option<(&'t str, Range<usize>)> {
    if node.kind() != "atom" {
        return None;
    }
    let name = syntax::text(node, source).strip_prefix(':')?;
    Some((name, node.start_byte() + 1..node.end_byte()))
}
