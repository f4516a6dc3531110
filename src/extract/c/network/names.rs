//! Names of C++ as they are written: scopes, the name itself, arguments of a template.

use tree_sitter::Node;

use crate::extract::syntax;

/// The deepest nesting of a name.
const DEPTH: usize = 32;

/// `grpc::Greeter::NewStub`, `std::make_shared<Cart>`.
#[derive(Clone, Debug, Default)]
pub(super) struct Name<'t> {
    pub(super) scope: Vec<&'t str>,
    pub(super) last: &'t str,
    /// The list of the arguments of a template.
    pub(super) arguments: Option<Node<'t>>,
}

impl<'t> Name<'t> {
    /// Reads a name of a function or of a type; nothing where it is none.
    pub(super) fn read(mut node: Node<'t>, text: &'t [u8]) -> Option<Self> {
        let mut name = Self::default();
        for _ in 0..DEPTH {
            match node.kind() {
                "identifier" | "type_identifier" | "field_identifier" | "namespace_identifier" => {
                    name.last = syntax::text(node, text);
                    return Some(name);
                }
                "qualified_identifier" => {
                    if let Some(scope) = node.child_by_field_name("scope") {
                        let scope = scope.child_by_field_name("name").unwrap_or(scope);
                        name.scope.push(syntax::text(scope, text));
                    }
                    node = node.child_by_field_name("name")?;
                }
                "template_function" | "template_type" | "template_method" => {
                    name.arguments = node.child_by_field_name("arguments");
                    node = node.child_by_field_name("name")?;
                }
                "type_descriptor" => node = node.child_by_field_name("type")?,
                "dependent_name" | "dependent_type" => node = node.named_child(0)?,
                _ => return None,
            }
        }
        None
    }

    /// The first argument of the template, when it is a type.
    pub(super) fn first(&self, text: &'t [u8]) -> Option<Self> {
        Self::read(self.arguments?.named_child(0)?, text)
    }

    /// Whether it is a name of the standard library or of a namespace of it.
    pub(super) fn is_of(&self, namespaces: &[&str]) -> bool {
        let first = self.scope.first();
        first.is_some_and(|first| namespaces.contains(first))
    }
}
