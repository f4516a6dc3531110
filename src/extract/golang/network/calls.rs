//! A call: whom it means, and what it gives along.

use tree_sitter::Node;

use super::unit::{Unit, arguments};

/// One call.
#[derive(Debug)]
pub(super) struct Call<'t> {
    pub(super) node: Node<'t>,
    pub(super) callee: Callee<'t>,
    pub(super) arguments: Vec<Node<'t>>,
}

/// Whom a call means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Callee<'t> {
    /// `pkg.Name(…)`.
    Package {
        path: &'t str,
        name: &'t str,
    },
    /// `x.name(…)`.
    Method {
        receiver: Node<'t>,
        name: &'t str,
    },
    /// `name(…)`: of this package, or of the language.
    Local(&'t str),
    Other,
}

impl<'t> Call<'t> {
    /// Reads a call.
    pub(super) fn read(unit: &Unit<'t>, node: Node<'t>) -> Option<Self> {
        if node.kind() != "call_expression" {
            return None;
        }
        let mut function = node.child_by_field_name("function")?;
        while matches!(
            function.kind(),
            "parenthesized_expression" | "type_instantiation_expression" | "index_expression"
        ) {
            function = function.named_child(0)?;
        }
        let callee = match function.kind() {
            "identifier" => match unit.variable(unit.text(function), function.start_byte()) {
                Some(_) => Callee::Other,
                None => Callee::Local(unit.text(function)),
            },
            "selector_expression" => {
                let operand = function.child_by_field_name("operand")?;
                let name = unit.text(function.child_by_field_name("field")?);
                match unit.package(operand) {
                    Some(path) => Callee::Package { path, name },
                    None => Callee::Method {
                        receiver: operand,
                        name,
                    },
                }
            }
            _ => Callee::Other,
        };
        Some(Self {
            node,
            callee,
            arguments: arguments(node),
        })
    }

    /// The last name of whom the call means.
    pub(super) fn name(&self) -> &'t str {
        match self.callee {
            Callee::Package { name, .. } | Callee::Method { name, .. } | Callee::Local(name) => {
                name
            }
            Callee::Other => "",
        }
    }

    /// The name of a function of a package, when the call means one of a library.
    pub(super) fn of_package(&self, library: &str) -> Option<&'t str> {
        match self.callee {
            Callee::Package { path, name } if super::libraries::is(path, library) => Some(name),
            _ => None,
        }
    }

    /// The receiver and the name of a method.
    pub(super) fn method(&self) -> Option<(Node<'t>, &'t str)> {
        match self.callee {
            Callee::Method { receiver, name } => Some((receiver, name)),
            _ => None,
        }
    }
}
