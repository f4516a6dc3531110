//! Reads expressions of Elixir that give a text.

use std::collections::HashMap;

use tree_sitter::Node;

use super::syntax::{arguments, call_name, children};
use crate::extract::strings::{Constants, Text};
use crate::extract::syntax::{self, Nodes};
use crate::model::{Key, Part, Template};

/// The deepest nesting of expressions, calls of own functions among them.
const DEPTH: usize = 16;

/// The functions and attributes of one module, by which its texts are read.
pub(super) struct Reader<'t> {
    source: &'t [u8],
    /// Names of parameters and the body, by the function's name; `None`: several clauses, of which none is certain.
    functions: HashMap<&'t str, Option<Function<'t>>>,
    attributes: Constants,
}

#[derive(Clone)]
struct Function<'t> {
    parameters: Vec<&'t str>,
    body: Vec<Node<'t>>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(root: Node<'t>, source: &'t [u8]) -> Self {
        let mut reader = Self {
            source,
            functions: HashMap::new(),
            attributes: Constants::default(),
        };
        for node in Nodes::new(root) {
            match node.kind() {
                "call" => reader.function(node),
                "unary_operator" => reader.attribute(node),
                _ => {}
            }
        }
        reader
    }

    /// What an expression comes to, defaults of the environment taken; tells whether one was.
    pub(super) fn path(&self, node: Node<'t>) -> Option<(String, bool)> {
        let text = self.read(node, &HashMap::new(), 0);
        let mut path = String::new();
        let mut assumed = false;
        flatten(&self.attributes.template(&text), &mut path, &mut assumed)?;
        Some((path, assumed))
    }

    fn function(&mut self, node: Node<'t>) {
        if !matches!(call_name(node, self.source), Some("def" | "defp")) {
            return;
        }
        let Some(head) = arguments(node).into_iter().next() else {
            return;
        };
        let Some(name) = call_name(head, self.source) else {
            return;
        };
        let parameters = arguments(head)
            .into_iter()
            .map(|parameter| syntax::text(parameter, self.source))
            .collect();
        let block = children(node).find(|child| child.kind() == "do_block");
        let body = block.into_iter().flat_map(children).collect();
        self.functions
            .entry(name)
            .and_modify(|known| *known = None)
            .or_insert(Some(Function { parameters, body }));
    }

    /// `@libraries "../libs"`.
    fn attribute(&mut self, node: Node<'t>) {
        let Some(call) = node.child_by_field_name("operand") else {
            return;
        };
        let operator = node.child_by_field_name("operator");
        let is_attribute = operator.is_some_and(|node| syntax::text(node, self.source) == "@");
        if let (true, Some(name), [value]) = (
            is_attribute,
            call_name(call, self.source),
            arguments(call).as_slice(),
        ) {
            let value = self.read(*value, &HashMap::new(), 0);
            self.attributes.define(format!("@{name}"), value);
        }
    }

    fn read(&self, node: Node<'t>, known: &HashMap<&str, Text>, depth: usize) -> Text {
        if depth > DEPTH {
            return Text::Unknown;
        }
        let read = |node: Node<'t>| self.read(node, known, depth + 1);
        match node.kind() {
            "string" => Text::Join(
                children(node)
                    .map(|piece| match piece.kind() {
                        "quoted_content" => {
                            Text::Literal(syntax::text(piece, self.source).to_owned())
                        }
                        "interpolation" => piece.named_child(0).map_or(Text::Unknown, read),
                        _ => Text::Unknown,
                    })
                    .collect(),
            ),
            "identifier" => match syntax::text(node, self.source) {
                "__DIR__" => Text::Literal(".".to_owned()),
                name => known.get(name).cloned().unwrap_or(Text::Unknown),
            },
            "unary_operator" => Text::Local(syntax::text(node, self.source).to_owned()),
            "binary_operator" => {
                let side = |side| node.child_by_field_name(side).map_or(Text::Unknown, read);
                let operator = node.child_by_field_name("operator");
                match operator.map(|node| syntax::text(node, self.source)) {
                    Some("<>") => Text::Join(vec![side("left"), side("right")]),
                    Some("||") => Text::Or(Box::new(side("left")), Box::new(side("right"))),
                    _ => Text::Unknown,
                }
            }
            "call" => self.call(node, known, depth),
            _ => Text::Unknown,
        }
    }

    fn call(&self, node: Node<'t>, known: &HashMap<&str, Text>, depth: usize) -> Text {
        let read = |node: Node<'t>| self.read(node, known, depth + 1);
        let given = arguments(node);
        let Some(target) = node.child_by_field_name("target") else {
            return Text::Unknown;
        };
        match (syntax::text(target, self.source), given.as_slice()) {
            ("Path.join", [list]) if list.kind() == "list" => {
                Text::Path(children(*list).map(read).collect())
            }
            ("Path.join", pieces) => Text::Path(pieces.iter().copied().map(read).collect()),
            ("Path.expand", [path]) => read(*path),
            ("Path.expand", [path, base]) => Text::Path(vec![read(*base), read(*path)]),
            ("System.get_env", [name, rest @ ..]) => {
                let Some(name) = self.attributes.literal(&read(*name)) else {
                    return Text::Unknown;
                };
                let bound = Text::Bound(Key::new("env", name));
                match rest.first() {
                    Some(default) => Text::Or(Box::new(bound), Box::new(read(*default))),
                    None => bound,
                }
            }
            (name, given) => {
                let Some(Some(function)) = self.functions.get(name) else {
                    return Text::Unknown;
                };
                let mut inner: HashMap<&str, Text> = HashMap::new();
                for (parameter, value) in function.parameters.iter().zip(given) {
                    inner.insert(parameter, read(*value));
                }
                self.body(function, inner, depth + 1)
            }
        }
    }

    /// The last expression of a body, in which names may be set before.
    fn body(
        &self,
        function: &Function<'t>,
        mut known: HashMap<&'t str, Text>,
        depth: usize,
    ) -> Text {
        let Some((last, before)) = function.body.split_last() else {
            return Text::Unknown;
        };
        for node in before {
            let operator = node.child_by_field_name("operator");
            let sets = operator.is_some_and(|node| syntax::text(node, self.source) == "=");
            if let (true, Some(name), Some(value)) = (
                sets,
                node.child_by_field_name("left"),
                node.child_by_field_name("right"),
            ) {
                let value = self.read(value, &known, depth);
                known.insert(syntax::text(name, self.source), value);
            }
        }
        self.read(*last, &known, depth)
    }
}

/// The text of a template whose references all have defaults.
fn flatten(template: &Template, text: &mut String, assumed: &mut bool) -> Option<()> {
    for part in &template.0 {
        match part {
            Part::Text(piece) => text.push_str(piece),
            Part::Ref(reference) => {
                *assumed = true;
                flatten(reference.default.as_ref()?, text, assumed)?;
            }
            Part::Hole | Part::Star => return None,
        }
    }
    Some(())
}
