//! Syntax trees by tree-sitter, for every language whose grammar it hosts: bounded, and never thrown away for one error.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::{ControlFlow, Range};

use tree_sitter::{Language, Node, ParseOptions, Parser, Tree, TreeCursor};

use crate::model::{Facts, Parsed};

/// The most work for one file: grammars can be slow on what is not their language.
///
/// It is counted in reports of progress, one for a hundred steps, and not in time: the same file must give the same result
/// on a busy machine. Code of real repositories takes at most one report for 34 bytes.
const REPORTS: usize = 10_000;
const BYTES_FOR_A_REPORT: usize = 8;

thread_local! {
    /// A parser for each grammar: making one costs more than parsing a small file.
    static PARSERS: RefCell<HashMap<&'static str, Parser>> = RefCell::default();
}

/// Parses a text; what is not in the language becomes a problem, and the rest of the tree still counts.
///
/// `name` is the grammar's own; `None` when the text could not be read at all, which is told.
pub(super) fn parse(
    name: &'static str,
    grammar: impl FnOnce() -> Language,
    text: &[u8],
    facts: &mut Facts<'_>,
) -> Option<Tree> {
    let tree = PARSERS.with_borrow_mut(|parsers| {
        let parser = parsers.entry(name).or_insert_with(|| {
            let mut parser = Parser::new();
            // A grammar of another ABI leaves the parser without a language, and parsing gives nothing: told below.
            let _ = parser.set_language(&grammar());
            parser
        });
        let mut left = REPORTS + text.len() / BYTES_FOR_A_REPORT;
        let mut stop = |_: &tree_sitter::ParseState| {
            left = left.saturating_sub(1);
            if left == 0 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let options = ParseOptions::new().progress_callback(&mut stop);
        let mut read = |at: usize, _: tree_sitter::Point| &text[at.min(text.len())..];
        let tree = parser.parse_with_options(&mut read, None, Some(options));
        if tree.is_none() {
            parser.reset();
        }
        tree
    });
    let Some(tree) = tree else {
        facts.problem(0..0, format!("not read as {name}: it takes too long"));
        facts.parsed(Parsed::Failed);
        return None;
    };
    facts.parsed(Parsed::Whole);
    Some(tree)
}

/// Tells where a tree holds something that is not in the language; the first place is shown, all are counted.
///
/// Grammars lag behind their languages: so this is for extractors whose facts would be wrong, not for every error.
pub(super) fn tell_errors(tree: &Tree, name: &str, facts: &mut Facts<'_>) {
    if !tree.root_node().has_error() {
        return;
    }
    let mut errors =
        Nodes::new(tree.root_node()).filter(|node| node.is_error() || node.is_missing());
    if let Some(first) = errors.next() {
        let more = errors.count();
        let more = if more == 0 {
            String::new()
        } else {
            format!("; {more} more in this file")
        };
        facts.problem(bytes(first), format!("not understood as {name}{more}"));
    }
    facts.parsed(Parsed::Partly);
}

/// All comments in order; grammars call them `comment`, `line_comment`, `multiline_comment`.
pub(super) fn comments(tree: &Tree) -> Vec<Range<usize>> {
    let mut nodes = Nodes::new(tree.root_node());
    let mut found = Vec::new();
    while let Some(node) = nodes.next() {
        if node.kind().ends_with("comment") {
            found.push(bytes(node));
            nodes.skip_below();
        }
    }
    found
}

/// The bytes of a node.
pub(super) fn bytes(node: Node<'_>) -> Range<usize> {
    node.byte_range()
}

/// The text of a node; empty when it is no UTF-8.
pub(super) fn text<'t>(node: Node<'_>, source: &'t [u8]) -> &'t str {
    source
        .get(node.byte_range())
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .unwrap_or_default()
}

/// Every node of a tree in the order of the text, without recursion: trees can be deeper than the stack.
pub(super) struct Nodes<'t> {
    cursor: TreeCursor<'t>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Enter,
    Skip,
    Done,
}

impl<'t> Nodes<'t> {
    pub(super) fn new(root: Node<'t>) -> Self {
        Self {
            cursor: root.walk(),
            state: State::Start,
        }
    }

    /// Leaves out what lies below the node that was given last.
    pub(super) fn skip_below(&mut self) {
        if self.state != State::Done {
            self.state = State::Skip;
        }
    }
}

impl<'t> Iterator for Nodes<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        match self.state {
            State::Done => return None,
            State::Start => {
                self.state = State::Enter;
                return Some(self.cursor.node());
            }
            State::Enter => {
                if self.cursor.goto_first_child() {
                    return Some(self.cursor.node());
                }
            }
            State::Skip => self.state = State::Enter,
        }
        loop {
            if self.cursor.goto_next_sibling() {
                return Some(self.cursor.node());
            }
            if !self.cursor.goto_parent() {
                self.state = State::Done;
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Context, ExtractorId, FileFacts, FileId};

    fn parsed(text: &str) -> (Option<Tree>, FileFacts) {
        let mut out = FileFacts::default();
        let mut facts = Facts::new(
            &mut out,
            FileId(0),
            ExtractorId("test"),
            Context::Production,
        );
        let grammar = || tree_sitter_go::LANGUAGE.into();
        let tree = parse("Go", grammar, text.as_bytes(), &mut facts);
        if let Some(tree) = &tree {
            tell_errors(tree, "Go", &mut facts);
        }
        (tree, out)
    }

    #[test]
    fn every_node_is_visited_once_in_the_order_of_the_text() {
        let source = "package a\nimport (\n\"x\"\n\"y\"\n)\n";
        let (tree, out) = parsed(source);
        assert!(out.problems.is_empty());
        let tree = tree.unwrap();
        let mut found = Vec::new();
        let mut nodes = Nodes::new(tree.root_node());
        while let Some(node) = nodes.next() {
            if node.kind() == "import_spec" {
                found.push(text(node, source.as_bytes()));
                nodes.skip_below();
            }
            assert_ne!(node.kind(), "interpreted_string_literal_content");
        }
        assert_eq!(found, ["\"x\"", "\"y\""]);
        assert!(nodes.next().is_none());
    }

    #[test]
    fn errors_are_told_and_the_rest_is_read() {
        let (tree, out) = parsed("package a\nimport \"x\"\nfunc ( {\n");
        let tree = tree.unwrap();
        assert!(Nodes::new(tree.root_node()).any(|node| node.kind() == "import_spec"));
        assert_eq!(out.problems.len(), 1);
        assert_eq!(out.info.parsed, Parsed::Partly);
    }
}
