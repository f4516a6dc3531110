//! A document of YAML or JSON as a tree with spans: what formats that come in both (OpenAPI, catalogues, manifests) are read from.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle};
use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::utf8;
use crate::model::{Facts, Parsed, SourceFile};

/// The most nodes of one document, those that aliases repeat included: a few lines can name a billion.
const NODES: usize = 1 << 20;

/// The deepest nesting of JSON: its parser recurses.
const DEPTH: usize = 256;

/// A piece of a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) bytes: Range<usize>,
    pub(super) value: Value,
}

/// What a piece holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    /// A scalar; `quoted` tells `"1.0"` from `1.0`.
    Scalar {
        text: String,
        quoted: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_bytes: Range<usize>,
    pub(super) value: Node,
}

/// What could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) bytes: Range<usize>,
    pub(super) message: String,
}

impl Node {
    /// The value of a key: the entry's own, else what a merge key (`<<`) brings.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key: the map's own, else what a merge key (`<<`) brings, the first one first.
    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        let own = self.entries().iter().rfind(|entry| entry.key == key);
        own.or_else(|| {
            let merged = self.entries().iter().filter(|entry| entry.key == "<<");
            merged
                .flat_map(|entry| match &entry.value.value {
                    Value::List(list) => list.as_slice(),
                    _ => std::slice::from_ref(&entry.value),
                })
                .find_map(|node| node.entry(key))
        })
    }

    /// The value behind several keys, each in the value of the one before.
    pub(super) fn at(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The text of the scalar behind a key.
    pub(super) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// The entries of a map in the order of the text, merge keys as they are written; none of anything else.
    pub(super) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The entries of a map with those that merge keys (`<<`) bring, each key once: the map's own first, then the first one that brings it.
    pub(super) fn merged(&self) -> Vec<&Entry> {
        let mut found: Vec<&Entry> = Vec::new();
        let mut known = std::collections::HashSet::new();
        let mut open = vec![self];
        while let Some(node) = open.pop() {
            let entries = node.entries().iter();
            // Of a key that is written twice, the last one counts.
            for entry in entries.rev().filter(|entry| entry.key != "<<") {
                if known.insert(&*entry.key) {
                    found.push(entry);
                }
            }
            let merges = node.entries().iter().filter(|entry| entry.key == "<<");
            let brought: Vec<&Node> = merges
                .flat_map(|entry| match &entry.value.value {
                    Value::List(list) => list.as_slice(),
                    _ => std::slice::from_ref(&entry.value),
                })
                .collect();
            open.extend(brought.into_iter().rev());
        }
        found.sort_by_key(|entry| (entry.key_bytes.start, entry.key_bytes.end));
        found
    }

    /// The elements of a list; none of anything else.
    pub(super) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }
}

/// The documents of a YAML file; what cannot be read is told.
pub(super) fn documents(file: &SourceFile<'_>, facts: &mut Facts<'_>) -> Vec<Node> {
    let Some(text) = utf8::text(file, facts) else {
        return Vec::new();
    };
    let (documents, wrong) = yaml(text);
    facts.parsed(Parsed::Whole);
    for wrong in wrong {
        facts.problem(wrong.bytes, wrong.message);
        facts.parsed(Parsed::Partly);
    }
    documents
}

/// The document of a JSON file, comments allowed; what cannot be read is told.
pub(super) fn document(file: &SourceFile<'_>, facts: &mut Facts<'_>) -> Option<Node> {
    match json(utf8::text(file, facts)?) {
        Ok(node) => {
            facts.parsed(Parsed::Whole);
            node
        }
        Err(wrong) => {
            facts.problem(wrong.bytes, wrong.message);
            facts.parsed(Parsed::Failed);
            None
        }
    }
}

/// The documents of a YAML text, as far as it can be read: what stands before an error counts, and so do later documents.
pub(super) fn yaml(text: &str) -> (Vec<Node>, Vec<Wrong>) {
    let options = granit_parser::options! { emit_comments: false };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut build = Build::default();
    let mut wrong = Vec::new();
    loop {
        match parser.next_event() {
            None => break,
            Some(Ok((event, span))) => {
                let bytes = span.byte_range().unwrap_or(0..0);
                let end = matches!(event, Event::StreamEnd);
                build.event(event, bytes);
                if end {
                    break;
                }
                if build.nodes > NODES {
                    wrong.push(Wrong {
                        bytes: 0..0,
                        message: format!("more than {NODES} values: the rest is not read"),
                    });
                    build.close();
                    break;
                }
            }
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
                wrong.push(Wrong {
                    bytes: at..at,
                    message: error.info(),
                });
                build.close();
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    (build.documents, wrong)
}

/// Builds trees from events.
#[derive(Default)]
struct Build {
    documents: Vec<Node>,
    open: Vec<Open>,
    /// The nodes that have an anchor, with their sizes.
    anchors: Vec<(usize, Node, usize)>,
    nodes: usize,
}

/// A list or map that is not complete.
struct Open {
    node: Node,
    /// The key that waits for its value.
    key: Option<(String, Range<usize>)>,
    anchor: usize,
    /// How many nodes there were before it.
    before: usize,
}

impl Build {
    fn event(&mut self, event: Event<'_>, bytes: Range<usize>) {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let quoted = style != ScalarStyle::Plain;
                let value = if !quoted && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
                    Value::Null
                } else {
                    Value::Scalar {
                        text: text.into_owned(),
                        quoted,
                    }
                };
                let before = self.nodes;
                self.push(Node { bytes, value }, anchor, before);
            }
            Event::SequenceStart(_, anchor, _) => self.open(Value::List(Vec::new()), bytes, anchor),
            Event::MappingStart(_, anchor, _) => self.open(Value::Map(Vec::new()), bytes, anchor),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(mut done) = self.open.pop() {
                    done.node.bytes.end = bytes.end.max(done.node.bytes.start);
                    self.push(done.node, done.anchor, done.before);
                }
            }
            Event::Alias(anchor) => {
                let found = self.anchors.iter().rfind(|(id, ..)| *id == anchor);
                if let Some((_, node, size)) = found {
                    // Sizes add up before anything is copied.
                    let (node, size) = (self.nodes + size <= NODES).then(|| node.clone()).map_or(
                        (
                            Node {
                                bytes: bytes.clone(),
                                value: Value::Null,
                            },
                            NODES,
                        ),
                        |node| (Node { bytes, ..node }, *size),
                    );
                    let before = self.nodes;
                    self.nodes += size;
                    self.push(node, 0, before);
                }
            }
            Event::DocumentEnd => self.close(),
            _ => {}
        }
    }

    fn open(&mut self, value: Value, bytes: Range<usize>, anchor: usize) {
        self.open.push(Open {
            node: Node { bytes, value },
            key: None,
            anchor,
            before: self.nodes,
        });
    }

    /// A complete node goes to where it belongs.
    fn push(&mut self, node: Node, anchor: usize, before: usize) {
        self.nodes += 1;
        if anchor != 0 {
            self.anchors
                .push((anchor, node.clone(), self.nodes - before));
        }
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return;
        };
        match &mut open.node.value {
            Value::List(items) => items.push(node),
            Value::Map(entries) => match open.key.take() {
                Some((key, key_bytes)) => entries.push(Entry {
                    key,
                    key_bytes,
                    value: node,
                }),
                None => {
                    let text = node.text().unwrap_or_default().to_owned();
                    open.key = Some((text, node.bytes));
                }
            },
            _ => {}
        }
    }

    /// Completes what an error or the end of a document leaves open.
    fn close(&mut self) {
        while let Some(done) = self.open.pop() {
            self.push(done.node, 0, done.before);
        }
        self.anchors.clear();
    }
}

/// The document of a JSON text, comments and trailing commas allowed; an empty text is no document.
pub(super) fn json(text: &str) -> Result<Option<Node>, Wrong> {
    if let Some(at) = too_deep(text) {
        return Err(Wrong {
            bytes: at..at + 1,
            message: format!("nested deeper than {DEPTH}"),
        });
    }
    match parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()) {
        Ok(parsed) => Ok(parsed.value.map(json_node)),
        Err(error) => {
            let range = error.range();
            Err(Wrong {
                bytes: range.start.min(text.len())..range.end.min(text.len()),
                message: error.kind().to_string(),
            })
        }
    }
}

/// The documents of a text that holds several JSON values one behind the other, as programs print pages of an answer.
///
/// What stands before an error counts.
pub(super) fn json_pages(text: &str) -> (Vec<Node>, Vec<Wrong>) {
    let mut documents = Vec::new();
    let mut wrong = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = start + page_end(&text[start..]);
        match json(&text[start..end]) {
            Ok(document) => documents.extend(document.map(|node| moved(node, start))),
            Err(error) => {
                let bytes = error.bytes.start + start..error.bytes.end + start;
                wrong.push(Wrong { bytes, ..error });
                break;
            }
        }
        start = end;
    }
    (documents, wrong)
}

/// Where the first value of a text ends when it is a list or a map, else the end of the text.
fn page_end(text: &str) -> usize {
    let mut depth = 0usize;
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The same piece, further down in a text; as deep as JSON may be nested.
fn moved(node: Node, by: usize) -> Node {
    let later = |bytes: Range<usize>| bytes.start + by..bytes.end + by;
    let value = match node.value {
        Value::List(items) => Value::List(items.into_iter().map(|item| moved(item, by)).collect()),
        Value::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|entry| Entry {
                    key: entry.key,
                    key_bytes: later(entry.key_bytes),
                    value: moved(entry.value, by),
                })
                .collect(),
        ),
        value => value,
    };
    Node {
        bytes: later(node.bytes),
        value,
    }
}

/// Where brackets outside of strings are nested too deep.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                if depth > DEPTH {
                    return Some(at);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn json_node(value: ast::Value<'_>) -> Node {
    let range = value.range();
    let scalar = |text: &str, quoted| Value::Scalar {
        text: text.to_owned(),
        quoted,
    };
    let value = match value {
        ast::Value::StringLit(text) => scalar(&text.value, true),
        ast::Value::NumberLit(number) => scalar(number.value, false),
        ast::Value::BooleanLit(truth) => scalar(if truth.value { "true" } else { "false" }, false),
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::Array(list) => Value::List(list.elements.into_iter().map(json_node).collect()),
        ast::Value::Object(object) => Value::Map(
            object
                .properties
                .into_iter()
                .map(|property| {
                    let key = property.name.range();
                    Entry {
                        key_bytes: key.start..key.end,
                        key: property.name.into_string(),
                        value: json_node(property.value),
                    }
                })
                .collect(),
        ),
    };
    Node {
        bytes: range.start..range.end,
        value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merge_keys_bring_what_the_map_has_not() {
        let text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 3}\n";
        let (documents, _) = yaml(text);
        let merged = documents[0].get("c").unwrap().merged();
        let mut shown: Vec<String> = merged
            .iter()
            .map(|entry| format!("{}={}", entry.key, entry.value.text().unwrap()))
            .collect();
        shown.sort();
        assert_eq!(shown, ["x=3", "y=1", "z=2"]);
    }

    #[test]
    fn yaml_and_json_give_the_same_tree() {
        let from_yaml = yaml("a:\n  - 1\n  - \"x y\"\nb: {c: true, d: null}\n").0;
        let from_json =
            json("{\"a\": [1, \"x y\"], \"b\": {\"c\": true, \"d\": null,}} // end").unwrap();
        fn plain(node: &Node) -> String {
            match &node.value {
                Value::Null => "null".to_owned(),
                Value::Scalar { text, quoted } => format!("{text}:{quoted}"),
                Value::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
                Value::Map(entries) => entries
                    .iter()
                    .map(|entry| format!("{}={{{}}}", entry.key, plain(&entry.value)))
                    .collect(),
            }
        }
        assert_eq!(plain(&from_yaml[0]), plain(&from_json.unwrap()));
    }

    #[test]
    fn spans_cut_what_they_name() {
        let text = "é: 1\nname: \"cart\" # c\n";
        let (documents, wrong) = yaml(text);
        assert!(wrong.is_empty());
        let entry = documents[0].entry("name").unwrap();
        assert_eq!(&text[entry.key_bytes.clone()], "name");
        assert_eq!(&text[entry.value.bytes.clone()], "\"cart\"");
        let text = "{\"name\": \"cart\"}";
        let node = json(text).unwrap().unwrap();
        assert_eq!(&text[node.get("name").unwrap().bytes.clone()], "\"cart\"");
    }

    #[test]
    fn pages_of_json_are_documents_with_spans_of_the_whole_text() {
        let text = "[{\"a\": \"}\"}]\n{\"b\": 1} ";
        let (documents, wrong) = json_pages(text);
        assert!(wrong.is_empty(), "{wrong:?}");
        let entry = documents[1].entry("b").unwrap();
        assert_eq!(&text[entry.key_bytes.clone()], "\"b\"");
        assert_eq!(&text[entry.value.bytes.clone()], "1");
        let (documents, wrong) = json_pages("{\"a\": 1}\n{\"b\": ");
        assert_eq!((documents.len(), wrong.len()), (1, 1));
    }

    #[test]
    fn aliases_and_merges_are_followed() {
        let text = "base: &b {image: x, env: 1}\nmore: &m {env: 2}\ncart:\n  <<: [*m, *b]\n  port: 80\ncopy: *b\n";
        let (documents, wrong) = yaml(text);
        assert!(wrong.is_empty(), "{wrong:?}");
        let cart = documents[0].get("cart").unwrap();
        assert_eq!(cart.text_of("image"), Some("x"));
        assert_eq!(cart.text_of("env"), Some("2"));
        assert_eq!(cart.text_of("port"), Some("80"));
        assert_eq!(
            documents[0].at(&["copy", "image"]).and_then(Node::text),
            Some("x")
        );
    }

    #[test]
    fn a_broken_document_keeps_what_came_before_and_the_documents_behind() {
        let (documents, wrong) = yaml("a: 1\nb: [1, 2\n---\nc: 3\n");
        assert_eq!(wrong.len(), 1);
        assert_eq!(documents[0].text_of("a"), Some("1"));
        assert_eq!(documents.last().unwrap().text_of("c"), Some("3"));
        assert!(json("{\"a\": ").is_err());
        assert_eq!(json("").unwrap(), None);
    }

    #[test]
    fn what_multiplies_or_nests_without_end_is_cut_and_told() {
        let mut lines = vec!["a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned()];
        for level in 1..10 {
            let names = vec![format!("*a{}", level - 1); 9].join(", ");
            lines.push(format!("a{level}: &a{level} [{names}]\n"));
        }
        let text = lines.concat();
        let (_, wrong) = yaml(&text);
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert!(json(&"[".repeat(100_000)).is_err());
        assert!(!yaml(&"[".repeat(100_000)).1.is_empty());
    }
}
