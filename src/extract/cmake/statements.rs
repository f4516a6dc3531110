//! The statements of a CMake file: commands with their arguments, in the blocks that hold them.

use std::ops::Range;

use tree_sitter::{Node, Tree};

use crate::extract::syntax::{bytes, text};

/// The deepest nesting of blocks that is read.
const DEPTH: usize = 64;

#[derive(Debug)]
pub(super) enum Statement<'t> {
    Command(Command<'t>),
    /// Each branch with its condition as written; `else` has that of the first branch, with `NOT`.
    If(Vec<(String, Vec<Statement<'t>>)>),
    Foreach(Command<'t>, Vec<Statement<'t>>),
    /// A function or a macro: its name and parameters, and its body.
    Function(Command<'t>, Vec<Statement<'t>>),
    Block(Vec<Statement<'t>>),
}

#[derive(Clone, Debug)]
pub(super) struct Command<'t> {
    /// In lower case: names of commands have no case.
    pub(super) name: String,
    pub(super) arguments: Vec<Argument<'t>>,
    pub(super) bytes: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Argument<'t> {
    pub(super) text: &'t str,
    pub(super) form: Form,
    pub(super) bytes: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Unquoted,
    Quoted,
    /// `[[…]]`: nothing in it is replaced.
    Bracket,
}

/// The statements of a file; `false` when blocks are nested too deeply to read all.
pub(super) fn statements<'t>(tree: &'t Tree, source: &'t [u8]) -> (Vec<Statement<'t>>, bool) {
    let mut reader = Reader {
        source,
        whole: true,
    };
    let statements = reader.body(tree.root_node(), 0);
    (statements, reader.whole)
}

struct Reader<'t> {
    source: &'t [u8],
    whole: bool,
}

impl<'t> Reader<'t> {
    fn body(&mut self, node: Node<'t>, depth: usize) -> Vec<Statement<'t>> {
        if depth > DEPTH {
            self.whole = false;
            return Vec::new();
        }
        let mut cursor = node.walk();
        let children: Vec<Node<'t>> = node.named_children(&mut cursor).collect();
        let statements = children
            .into_iter()
            .filter_map(|child| self.statement(child, depth));
        statements.collect()
    }

    fn statement(&mut self, node: Node<'t>, depth: usize) -> Option<Statement<'t>> {
        Some(match node.kind() {
            "normal_command" => Statement::Command(self.command(node)),
            "if_condition" => Statement::If(self.branches(node, depth)),
            "foreach_loop" => {
                let (head, body) = self.block(node, depth);
                Statement::Foreach(head?, body)
            }
            "function_def" | "macro_def" => {
                let (head, body) = self.block(node, depth);
                Statement::Function(head?, body)
            }
            "while_loop" | "block_def" => Statement::Block(self.block(node, depth).1),
            // What is not understood as a whole still has commands in it.
            "ERROR" => Statement::Block(self.body(node, depth + 1)),
            _ => return None,
        })
    }

    fn block(&mut self, node: Node<'t>, depth: usize) -> (Option<Command<'t>>, Vec<Statement<'t>>) {
        let mut head = None;
        let mut statements = Vec::new();
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor).collect::<Vec<_>>() {
            match child.kind() {
                "body" => statements.extend(self.body(child, depth + 1)),
                kind if kind.ends_with("_command") && head.is_none() => {
                    head = Some(self.command(child));
                }
                _ => {}
            }
        }
        (head, statements)
    }

    fn branches(&mut self, node: Node<'t>, depth: usize) -> Vec<(String, Vec<Statement<'t>>)> {
        let mut branches: Vec<(String, Vec<Statement<'t>>)> = Vec::new();
        let mut first = String::new();
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor).collect::<Vec<_>>() {
            match child.kind() {
                "if_command" | "elseif_command" => {
                    let words = self.command(child).arguments;
                    let words: Vec<&str> = words.iter().map(|word| word.text).collect();
                    let condition = words.join(" ");
                    if branches.is_empty() {
                        first.clone_from(&condition);
                    }
                    branches.push((condition, Vec::new()));
                }
                "else_command" => branches.push((format!("NOT {first}"), Vec::new())),
                "body" => {
                    let statements = self.body(child, depth + 1);
                    if let Some((_, branch)) = branches.last_mut() {
                        branch.extend(statements);
                    }
                }
                _ => {}
            }
        }
        branches
    }

    fn command(&self, node: Node<'t>) -> Command<'t> {
        let mut cursor = node.walk();
        let mut arguments = Vec::new();
        let mut name = "";
        for child in node.named_children(&mut cursor) {
            if child.kind() == "argument_list" {
                let mut cursor = child.walk();
                arguments.extend(
                    child
                        .named_children(&mut cursor)
                        .filter(|node| node.kind() == "argument")
                        .filter_map(|node| self.argument(node)),
                );
            } else if name.is_empty() {
                name = text(child, self.source);
            }
        }
        Command {
            name: name.to_ascii_lowercase(),
            arguments,
            bytes: bytes(node),
        }
    }

    fn argument(&self, node: Node<'t>) -> Option<Argument<'t>> {
        let inner = node.named_child(0)?;
        let written = text(inner, self.source);
        let (form, text) = match inner.kind() {
            "quoted_argument" => {
                let text = written.strip_prefix('"').unwrap_or(written);
                (Form::Quoted, text.strip_suffix('"').unwrap_or(text))
            }
            "bracket_argument" => {
                let content = written.trim_start_matches('[').trim_start_matches('=');
                let content = content.strip_prefix('[').unwrap_or(content);
                let content = content.trim_end_matches(']').trim_end_matches('=');
                (Form::Bracket, content.trim_end_matches(']'))
            }
            _ => (Form::Unquoted, written),
        };
        Some(Argument {
            text,
            form,
            bytes: bytes(node),
        })
    }
}
