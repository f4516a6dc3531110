//! Calls in a syntax tree of Swift: what is called, and with which literal arguments.

use std::ops::Range;

use tree_sitter::Node;

use crate::extract::syntax;

/// A call, as `.target(name: "Cart")` and `Package(name: "Shop")` have it.
pub(super) struct Call<'t> {
    /// The last name of what is called.
    pub(super) name: &'t str,
    /// The arguments that have a label, in order.
    arguments: Vec<(&'t str, Node<'t>)>,
}

/// A literal text and its bytes, without the quotes.
pub(super) type Literal<'t> = (&'t str, Range<usize>);

impl<'t> Call<'t> {
    /// The call that a node is, if it is one.
    pub(super) fn read(node: Node<'t>, source: &'t [u8]) -> Option<Self> {
        if node.kind() != "call_expression" {
            return None;
        }
        let callee = node.named_child(0)?;
        let text = syntax::text(callee, source);
        let name = text.rsplit('.').next().unwrap_or(text).trim();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let suffix = children(node).find(|child| child.kind() == "call_suffix")?;
        let list = children(suffix).find(|child| child.kind() == "value_arguments")?;
        let arguments = children(list)
            .filter(|child| child.kind() == "value_argument")
            .filter_map(|argument| {
                let label = argument.child_by_field_name("name")?;
                let value = argument.child_by_field_name("value")?;
                Some((syntax::text(label, source), value))
            })
            .collect();
        is_name.then_some(Self { name, arguments })
    }

    /// The value of an argument.
    pub(super) fn argument(&self, label: &str) -> Option<Node<'t>> {
        let found = self.arguments.iter().find(|(known, _)| *known == label);
        found.map(|(_, value)| *value)
    }

    /// The text of an argument that is a literal.
    pub(super) fn literal(&self, label: &str, source: &'t [u8]) -> Option<Literal<'t>> {
        literal(self.argument(label)?, source)
    }

    /// The elements of an argument that is a list.
    pub(super) fn list(&self, label: &str) -> Vec<Node<'t>> {
        let Some(list) = self.argument(label) else {
            return Vec::new();
        };
        if list.kind() != "array_literal" {
            return Vec::new();
        }
        children(list).filter(Node::is_named).collect()
    }
}

/// The text of a literal in quotes; `None` where something is put into it, or escaped.
pub(super) fn literal<'t>(node: Node<'t>, source: &'t [u8]) -> Option<Literal<'t>> {
    if node.kind() != "line_string_literal" {
        return None;
    }
    let text = syntax::text(node, source);
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let start = node.start_byte() + 1;
    (!inner.contains('\\')).then(|| (inner, start..start + inner.len()))
}

fn children<'t>(node: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    (0..node.child_count()).filter_map(move |index| node.child(index))
}
