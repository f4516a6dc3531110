//! What expressions of Starlark come to, as far as the file shows it: texts, lists, constants, every branch of a choice.
//!
//! Source: <https://bazel.build/rules/language>

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;

use tree_sitter::Node;

use crate::extract::strings::{Constants, Text};
use crate::extract::syntax::{bytes, text};

/// The deepest nesting of an expression that is read.
const DEPTH: usize = 32;

/// The most texts of one expression.
const TEXTS: usize = 8192;

/// The most rounds of a comprehension.
const ROUNDS: usize = 256;

/// The most steps in reading one expression: constants that hold each other twice double.
const STEPS: u32 = 200_000;

/// A text with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) bytes: Range<usize>,
    /// A pattern of `glob`.
    pub(super) is_pattern: bool,
    /// The condition of a choice, or another key of a dictionary.
    pub(super) is_key: bool,
}

/// The constants of a file, and the loop variables around an expression.
#[derive(Clone, Default)]
pub(super) struct Scope<'t> {
    source: &'t [u8],
    constants: HashMap<&'t str, Node<'t>>,
    variables: HashMap<&'t str, String>,
    steps: Cell<u32>,
}

impl<'t> Scope<'t> {
    pub(super) fn new(source: &'t [u8]) -> Self {
        Self {
            source,
            ..Self::default()
        }
    }

    pub(super) fn define(&mut self, name: &'t str, value: Node<'t>) {
        self.constants.insert(name, value);
    }

    /// All texts of an expression.
    pub(super) fn values(&self, node: Node<'t>) -> Vec<Value> {
        self.steps.set(0);
        let mut found = Vec::new();
        self.collect(node, Kind::default(), 0, &mut found);
        found
    }

    /// The one text of an expression.
    pub(super) fn one(&self, node: Node<'t>) -> Option<String> {
        self.steps.set(0);
        self.literal(node)
    }

    fn literal(&self, node: Node<'t>) -> Option<String> {
        Constants::default().literal(&self.expression(node, 0))
    }

    /// Counts a step; whether there were too many.
    fn is_tired(&self) -> bool {
        self.steps.set(self.steps.get() + 1);
        self.steps.get() > STEPS
    }

    fn collect(&self, node: Node<'t>, kind: Kind, depth: usize, found: &mut Vec<Value>) {
        if depth > DEPTH || found.len() >= TEXTS || self.is_tired() {
            return;
        }
        let each = |node: Node<'t>, kind: Kind, found: &mut Vec<Value>| {
            let mut cursor = node.walk();
            for child in node.named_children(&mut cursor) {
                self.collect(child, kind, depth + 1, found);
            }
        };
        match node.kind() {
            "string" | "concatenated_string" => {
                if let Some(text) = self.literal(node) {
                    found.push(kind.value(text, bytes(node)));
                }
            }
            "identifier" => {
                let name = text(node, self.source);
                if let Some(text) = self.variables.get(name) {
                    found.push(kind.value(text.clone(), bytes(node)));
                } else if let Some(value) = self.constants.get(name) {
                    // Where it is used counts, not where it is defined.
                    let from = found.len();
                    self.collect(*value, kind, depth + 1, found);
                    for value in &mut found[from..] {
                        value.bytes = bytes(node);
                    }
                }
            }
            "binary_operator" => match self.literal(node) {
                Some(text) => found.push(kind.value(text, bytes(node))),
                None => each(node, kind, found),
            },
            "call" => self.call(node, kind, depth, found),
            "pair" => {
                if let Some(key) = node.child_by_field_name("key") {
                    let kind = Kind { key: true, ..kind };
                    self.collect(key, kind, depth + 1, found);
                }
                if let Some(value) = node.child_by_field_name("value") {
                    self.collect(value, kind, depth + 1, found);
                }
            }
            "list_comprehension" | "dictionary_comprehension" | "set_comprehension" => {
                for scope in self.rounds(node) {
                    if let Some(body) = node.child_by_field_name("body") {
                        scope.collect(body, kind, depth + 1, found);
                    }
                }
            }
            "keyword_argument" => {
                if let Some(value) = node.child_by_field_name("value") {
                    self.collect(value, kind, depth + 1, found);
                }
            }
            // `x[0]`, `a == b`, `lambda`: nothing that is known.
            "subscript" | "comparison_operator" | "lambda" | "attribute" | "comment" => {}
            _ => each(node, kind, found),
        }
    }

    fn call(&self, node: Node<'t>, kind: Kind, depth: usize, found: &mut Vec<Value>) {
        if let Some(text) = self.literal(node) {
            found.push(kind.value(text, bytes(node)));
            return;
        }
        let function = node.child_by_field_name("function");
        let name = function.map_or("", |function| text(function, self.source));
        let Some(arguments) = node.child_by_field_name("arguments") else {
            return;
        };
        let is_pattern = matches!(name, "glob" | "native.glob");
        let kind = Kind {
            pattern: kind.pattern || is_pattern,
            ..kind
        };
        let mut cursor = arguments.walk();
        for argument in arguments.named_children(&mut cursor) {
            let named = argument.child_by_field_name("name");
            let named = named.map_or("", |name| text(name, self.source));
            // What a pattern leaves out is no file of the target.
            if !(is_pattern && matches!(named, "exclude" | "exclude_directories")) {
                self.collect(argument, kind, depth + 1, found);
            }
        }
    }

    /// A scope for each round of a comprehension; one with nothing bound when the rounds are not known.
    pub(super) fn rounds(&self, node: Node<'t>) -> Vec<Scope<'t>> {
        let mut cursor = node.walk();
        let clause = node
            .named_children(&mut cursor)
            .find(|child| child.kind() == "for_in_clause");
        let variable = clause.and_then(|clause| clause.child_by_field_name("left"));
        let list = clause.and_then(|clause| clause.child_by_field_name("right"));
        let (Some(variable), Some(list)) = (variable, list) else {
            return vec![self.clone()];
        };
        let values = match variable.kind() {
            "identifier" => {
                let mut found = Vec::new();
                self.collect(list, Kind::default(), 0, &mut found);
                found
            }
            _ => Vec::new(),
        };
        if values.is_empty() {
            return vec![self.clone()];
        }
        let name = text(variable, self.source);
        let rounds = values.into_iter().take(ROUNDS).map(|value| {
            let mut scope = self.clone();
            scope.variables.insert(name, value.text);
            scope
        });
        rounds.collect()
    }

    fn expression(&self, node: Node<'t>, depth: usize) -> Text {
        if depth > DEPTH || self.is_tired() {
            return Text::Unknown;
        }
        let next = |node: Node<'t>| self.expression(node, depth + 1);
        match node.kind() {
            "string" => self.string(node),
            "concatenated_string" | "parenthesized_expression" => {
                let mut cursor = node.walk();
                Text::Join(node.named_children(&mut cursor).map(next).collect())
            }
            "identifier" => {
                let name = text(node, self.source);
                match (self.variables.get(name), self.constants.get(name)) {
                    (Some(text), _) => Text::Literal(text.clone()),
                    (None, Some(value)) => next(*value),
                    (None, None) => Text::Unknown,
                }
            }
            "binary_operator" => {
                let side = |name| node.child_by_field_name(name);
                let operator = side("operator").map_or("", |node| text(node, self.source));
                match (side("left"), operator, side("right")) {
                    (Some(left), "+", Some(right)) => Text::Join(vec![next(left), next(right)]),
                    (Some(left), "%", Some(right)) => self.filled(left, "%s", &[right], depth),
                    _ => Text::Unknown,
                }
            }
            "call" => self.format(node, depth),
            _ => Text::Unknown,
        }
    }

    /// `"{}/x".format(a)`.
    fn format(&self, node: Node<'t>, depth: usize) -> Text {
        let function = node.child_by_field_name("function");
        let object = function.and_then(|function| function.child_by_field_name("object"));
        let method = function.and_then(|function| function.child_by_field_name("attribute"));
        let arguments = node.child_by_field_name("arguments");
        match (object, method, arguments) {
            (Some(object), Some(method), Some(arguments))
                if text(method, self.source) == "format" =>
            {
                let mut cursor = arguments.walk();
                let arguments: Vec<Node<'t>> = arguments.named_children(&mut cursor).collect();
                self.filled(object, "{}", &arguments, depth)
            }
            _ => Text::Unknown,
        }
    }

    /// A text with places that are filled in order.
    fn filled(&self, node: Node<'t>, place: &str, values: &[Node<'t>], depth: usize) -> Text {
        let Text::Literal(pattern) = self.expression(node, depth + 1) else {
            return Text::Unknown;
        };
        let pieces: Vec<&str> = pattern.split(place).collect();
        if pieces.len() != values.len() + 1 || pieces.iter().any(|piece| piece.contains(['{', '%']))
        {
            return Text::Unknown;
        }
        let mut parts = Vec::new();
        for (at, piece) in pieces.into_iter().enumerate() {
            parts.push(Text::Literal(piece.to_owned()));
            if let Some(value) = values.get(at) {
                parts.push(self.expression(*value, depth + 1));
            }
        }
        Text::Join(parts)
    }

    fn string(&self, node: Node<'t>) -> Text {
        let mut cursor = node.walk();
        let content = node
            .named_children(&mut cursor)
            .filter(|child| !matches!(child.kind(), "string_start" | "string_end"));
        let mut whole = String::new();
        for piece in content {
            if piece.kind() == "interpolation" {
                return Text::Unknown;
            }
            // Labels and paths hold no escapes; other texts are not looked at.
            whole.push_str(text(piece, self.source));
        }
        Text::Literal(whole)
    }
}

/// What the texts below a node are.
#[derive(Clone, Copy, Default)]
struct Kind {
    pattern: bool,
    key: bool,
}

impl Kind {
    fn value(self, text: String, bytes: Range<usize>) -> Value {
        Value {
            text,
            bytes,
            is_pattern: self.pattern,
            is_key: self.key,
        }
    }
}
