//! The syntax tree of a Python file; the only file that knows ruff's parser, whose interface is not stable.
//!
//! Grammar: <https://docs.python.org/3/reference/grammar.html>

use std::ops::Range;

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{ModModule, PySourceType, Stmt};
use ruff_python_parser::{Parsed, parse_unchecked_source};
use ruff_text_size::{Ranged, TextRange};

/// How deeply expressions may be nested to be read; CPython itself stops at 200 parentheses.
const EXPRESSIONS: usize = 400;

/// How deeply statements may be nested; CPython stops at 100 levels of indentation.
const STATEMENTS: usize = 100;

/// A parsed file; what is broken is left out.
pub(super) struct Tree {
    /// Always there until the tree goes.
    parsed: Option<Parsed<ModModule>>,
    pub(super) depth: Depth,
}

/// How deeply a file is nested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    Usual,
    /// Expressions must not be walked.
    DeepExpressions,
    /// Nothing must be walked.
    DeepStatements,
}

impl Tree {
    /// Parses a file; `stub` for `.pyi`.
    pub(super) fn new(text: &str, stub: bool) -> Self {
        let kind = match stub {
            true => PySourceType::Stub,
            false => PySourceType::Python,
        };
        let parsed = parse_unchecked_source(text, kind);
        let depth = depth(parsed.tokens().iter().map(|token| token.kind()));
        Self {
            parsed: Some(parsed),
            depth,
        }
    }

    /// The statements of the file.
    pub(super) fn body(&self) -> &[Stmt] {
        self.parsed.as_ref().map_or(&[], |parsed| parsed.suite())
    }

    /// The first syntax error, and how many there are.
    pub(super) fn error(&self) -> Option<(Range<usize>, String, usize)> {
        let errors = self.parsed.as_ref()?.errors();
        let first = errors.first()?;
        Some((bytes(first.location), first.error.to_string(), errors.len()))
    }

    /// All comments in order.
    pub(super) fn comments(&self) -> Vec<Range<usize>> {
        let tokens = self.parsed.iter().flat_map(|parsed| parsed.tokens().iter());
        tokens
            .filter(|token| token.kind() == TokenKind::Comment)
            .map(|token| bytes(token.range()))
            .collect()
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // Freeing a tree goes down its nodes on the stack: one that is too deep for that is left where it is.
        if self.depth != Depth::Usual
            && let Some(parsed) = self.parsed.take()
        {
            std::mem::forget(parsed);
        }
    }
}

/// The bytes of a range.
pub(super) fn bytes(range: TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}

/// The bytes of a node.
pub(super) fn span(node: &impl Ranged) -> Range<usize> {
    bytes(node.range())
}

/// An upper bound of the nesting, from the tokens alone: brackets, and within one bracket what can make a chain.
fn depth(tokens: impl Iterator<Item = TokenKind>) -> Depth {
    let mut open = vec![0usize];
    let mut sum = 0usize;
    let mut blocks = 0usize;
    let mut deep = Depth::Usual;
    for token in tokens {
        match token {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                sum += 1;
                open.push(1);
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                if open.len() > 1 {
                    sum -= open.pop().unwrap_or(0);
                }
                // What follows a bracket can hold it: `a()()`.
                if let Some(last) = open.last_mut() {
                    *last += 1;
                    sum += 1;
                }
            }
            TokenKind::Comma | TokenKind::Newline | TokenKind::Semi => {
                if let Some(last) = open.last_mut() {
                    sum -= *last;
                    *last = usize::from(token == TokenKind::Comma);
                    sum += *last;
                }
            }
            TokenKind::Indent => {
                blocks += 1;
                if blocks > STATEMENTS {
                    return Depth::DeepStatements;
                }
            }
            TokenKind::Dedent => blocks = blocks.saturating_sub(1),
            token if makes_chains(token) => {
                if let Some(last) = open.last_mut() {
                    *last += 1;
                    sum += 1;
                }
            }
            _ => {}
        }
        if sum > EXPRESSIONS {
            deep = Depth::DeepExpressions;
        }
    }
    deep
}

/// Whether a token can put one expression into another without a bracket.
fn makes_chains(token: TokenKind) -> bool {
    token.is_operator()
        || matches!(
            token,
            TokenKind::Dot
                | TokenKind::Colon
                | TokenKind::ColonEqual
                | TokenKind::If
                | TokenKind::Else
                | TokenKind::Lambda
                | TokenKind::Await
                | TokenKind::Yield
                | TokenKind::From
                | TokenKind::Not
                | TokenKind::And
                | TokenKind::Or
                | TokenKind::In
                | TokenKind::Is
                | TokenKind::For
                | TokenKind::FStringStart
                | TokenKind::TStringStart
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nested_too_deeply_is_told_and_freed_without_harm() {
        for (open, close) in [
            ("[", "]"),
            ("(", ")"),
            ("not ", ""),
            ("a.", "b"),
            ("a+", "b"),
            ("lambda: ", "a"),
            ("-", "1"),
            ("f(", ")"),
            ("a if b else ", "c"),
        ] {
            let text = format!("x = {}{}\n", open.repeat(30_000), close.repeat(30_000));
            let tree = Tree::new(&text, false);
            assert_eq!(tree.depth, Depth::DeepExpressions, "{open}");
        }
        let calls = format!("x = a{}\n", "()".repeat(30_000));
        assert_eq!(Tree::new(&calls, false).depth, Depth::DeepExpressions);
        let blocks: String = (0..300)
            .map(|n| format!("{}if a:\n", " ".repeat(n)))
            .collect();
        assert_eq!(Tree::new(&blocks, false).depth, Depth::DeepStatements);
    }

    #[test]
    fn long_tables_are_not_deep() {
        let text = format!("x = [{}]\n", "-1, {'a': (1, 2)}, f(b.c),\n".repeat(5_000));
        assert_eq!(Tree::new(&text, false).depth, Depth::Usual);
    }
}
