//! Ruby's expressions as texts: literals, interpolation, `File.join`, `File.expand_path`, `Rails.root.join`.

use tree_sitter::{Node, TreeCursor};

use crate::extract::strings::{Constants, Text};
use crate::extract::syntax::text;
use crate::model::{Key, Part, Template, join, parent};

/// The deepest nesting of an expression.
const DEPTH: usize = 16;

/// What stands in front of a path from the root of the repository, while it is put together.
const ROOT: &str = "\u{0}/";

/// Reads the expressions of one file.
pub(super) struct Strings<'a> {
    pub(super) source: &'a [u8],
    /// The path of the file.
    pub(super) path: &'a str,
}

/// A path that an expression gives.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// From the root of the repository; it may start with a reference to the folder of the application.
    File(Template),
    /// As it is written: looked for where Ruby's load path leads.
    Written(String),
}

impl<'a> Strings<'a> {
    /// The text of an expression.
    pub(super) fn read(&self, node: Node<'_>) -> Text {
        self.expression(node, 0)
    }

    /// The path that an expression gives; `None` when it is not known.
    pub(super) fn place(&self, node: Node<'_>, constants: &Constants) -> Option<Place> {
        let path = constants.template(&self.read(node));
        if let Some(text) = path.as_text() {
            return Some(match text.strip_prefix(ROOT) {
                Some(path) => Place::File(join("", path.trim_start_matches('/'))?.into()),
                None => Place::Written(text.to_owned()),
            });
        }
        // `Rails.root` and what follows it.
        match path.0.as_slice() {
            [Part::Ref(reference), Part::Text(_)] if reference.key == rails_root() => {
                Some(Place::File(path))
            }
            _ => None,
        }
    }

    fn expression(&self, node: Node<'_>, depth: usize) -> Text {
        if depth > DEPTH {
            return Text::Unknown;
        }
        let source = self.source;
        match node.kind() {
            "string" | "bare_string" => Text::Join(self.pieces(node, depth)),
            "identifier" if text(node, source) == "__dir__" => {
                Text::Literal(format!("{ROOT}{}", parent(self.path)))
            }
            "identifier" if text(node, source) == "__FILE__" => {
                Text::Literal(format!("{ROOT}{}", self.path))
            }
            "identifier" | "constant" => Text::Local(text(node, source).to_owned()),
            "binary" => match (
                node.child_by_field_name("left"),
                node.child_by_field_name("right"),
            ) {
                (Some(left), Some(right)) if operator(node, source) == "+" => Text::Join(vec![
                    self.expression(left, depth + 1),
                    self.expression(right, depth + 1),
                ]),
                _ => Text::Unknown,
            },
            "parenthesized_statements" if node.named_child_count() == 1 => node
                .named_child(0)
                .map_or(Text::Unknown, |inner| self.expression(inner, depth + 1)),
            "call" => self.call(node, depth),
            _ => Text::Unknown,
        }
    }

    /// The pieces of a text.
    fn pieces(&self, node: Node<'_>, depth: usize) -> Vec<Text> {
        children(node, &mut node.walk())
            .map(|child| match child.kind() {
                "string_content" => Text::Literal(text(child, self.source).to_owned()),
                "interpolation" => child
                    .named_child(0)
                    .map_or(Text::Unknown, |inner| self.expression(inner, depth + 1)),
                _ => Text::Unknown,
            })
            .collect()
    }

    fn call(&self, node: Node<'_>, depth: usize) -> Text {
        let receiver = node.child_by_field_name("receiver");
        let method = node.child_by_field_name("method");
        let (Some(receiver), Some(method)) = (receiver, method) else {
            return Text::Unknown;
        };
        let arguments = || -> Vec<Text> {
            let Some(list) = node.child_by_field_name("arguments") else {
                return Vec::new();
            };
            children(list, &mut list.walk())
                .map(|argument| self.expression(argument, depth + 1))
                .collect()
        };
        match (text(receiver, self.source), text(method, self.source)) {
            ("File", "join") => Text::Path(arguments()),
            ("File", "expand_path") => match arguments().as_slice() {
                [path] => path.clone(),
                [path, base] => expand(path, base),
                _ => Text::Unknown,
            },
            ("File", "dirname") => match arguments().as_slice() {
                [path] => Text::Path(vec![path.clone(), Text::Literal("..".to_owned())]),
                _ => Text::Unknown,
            },
            ("Rails.root", "join") => {
                let mut parts = vec![Text::Bound(rails_root())];
                for argument in arguments() {
                    parts.push(Text::Literal("/".to_owned()));
                    parts.push(argument);
                }
                Text::Join(parts)
            }
            ("Rails", "root") => Text::Bound(rails_root()),
            (_, "to_s" | "freeze") => self.expression(receiver, depth + 1),
            _ => Text::Unknown,
        }
    }
}

/// The folder of the application that a file belongs to.
fn rails_root() -> Key {
    Key::new("railsroot", "")
}

/// `File.expand_path(path, base)`: an absolute path stays.
fn expand(path: &Text, base: &Text) -> Text {
    let literal = |text: &Text| Constants::default().literal(text);
    match (literal(path), literal(base)) {
        (Some(path), _) if path.starts_with(ROOT) => Text::Literal(path),
        (Some(path), Some(base)) => match base.strip_prefix(ROOT) {
            Some(base) => match join(base.trim_start_matches('/'), &path) {
                Some(path) => Text::Literal(format!("{ROOT}{path}")),
                None => Text::Unknown,
            },
            None => Text::Unknown,
        },
        _ => Text::Unknown,
    }
}

fn operator<'t>(node: Node<'_>, source: &'t [u8]) -> &'t str {
    let operator = node.child_by_field_name("operator");
    operator.map_or("", |operator| text(operator, source))
}

/// The named children of a node, without comments.
pub(super) fn children<'t>(
    node: Node<'t>,
    cursor: &mut TreeCursor<'t>,
) -> impl Iterator<Item = Node<'t>> + use<'t> {
    let found: Vec<Node<'t>> = node
        .named_children(cursor)
        .filter(|child| child.kind() != "comment")
        .collect();
    found.into_iter()
}
