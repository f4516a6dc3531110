//! Types as far as one Go file names them.

use std::collections::BTreeMap;

use tree_sitter::Node;

use crate::extract::syntax;

/// The type of a name; pointers and lists count as what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type<'t> {
    /// `string`, and lists of it.
    Text,
    /// A type of this package.
    Local(&'t str),
    /// A type of a package that the file imports.
    Imported {
        path: &'t str,
        name: &'t str,
        pointer: bool,
    },
    Other,
}

/// Names of types whose values stand for an address: clients, connections, routers.
const HANDLES: &[&str] = &[
    "Channel",
    "Client",
    "ClientConn",
    "ClientConnInterface",
    "Conn",
    "Connection",
    "Consumer",
    "DB",
    "Database",
    "Echo",
    "Engine",
    "Group",
    "IRouter",
    "IRoutes",
    "JetStreamContext",
    "Mux",
    "Pool",
    "Producer",
    "Publisher",
    "Reader",
    "Router",
    "RouterGroup",
    "ServeMux",
    "Session",
    "Subscriber",
    "SyncProducer",
    "URL",
    "UniversalClient",
    "Writer",
    "AsyncProducer",
    "App",
    "JetStream",
    "Cmdable",
];

impl Type<'_> {
    /// Whether a value of the type can lead to an address.
    pub(super) fn leads(&self) -> bool {
        match self {
            Self::Text => true,
            Self::Imported { name, .. } => {
                HANDLES.contains(name) || name.ends_with("Client") || name.ends_with("Conn")
            }
            Self::Local(name) => name.ends_with("Client") || name.ends_with("Config"),
            Self::Other => false,
        }
    }
}

/// Reads a type.
pub(super) fn read<'t>(
    node: Node<'t>,
    text: &'t [u8],
    imports: &BTreeMap<&'t str, &'t str>,
) -> Type<'t> {
    let mut node = node;
    let mut pointer = false;
    loop {
        let inner = match node.kind() {
            "pointer_type" => {
                pointer = true;
                node.named_child(0)
            }
            "parenthesized_type" => node.named_child(0),
            "slice_type" | "array_type" => node.child_by_field_name("element"),
            "generic_type" => node.child_by_field_name("type"),
            _ => break,
        };
        match inner {
            Some(inner) => node = inner,
            None => return Type::Other,
        }
    }
    match node.kind() {
        "type_identifier" | "identifier" => match syntax::text(node, text) {
            "string" => Type::Text,
            "any" | "bool" | "byte" | "complex128" | "complex64" | "error" | "float32"
            | "float64" | "int" | "int16" | "int32" | "int64" | "int8" | "rune" | "uint"
            | "uint16" | "uint32" | "uint64" | "uint8" | "uintptr" => Type::Other,
            name => Type::Local(name),
        },
        "qualified_type" => {
            let part = |name| {
                node.child_by_field_name(name)
                    .map_or("", |part| syntax::text(part, text))
            };
            match imports.get(part("package")) {
                Some(path) => Type::Imported {
                    path,
                    name: part("name"),
                    pointer,
                },
                None => Type::Other,
            }
        }
        _ => Type::Other,
    }
}
