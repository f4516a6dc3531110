//! Which files does a Go file take in with `//go:embed`?
//!
//! Source: <https://pkg.go.dev/embed>

use std::ops::Range;

use tree_sitter::Node;

use crate::extract::syntax::{self, Nodes};

const DIRECTIVE: &str = "//go:embed";

/// Whether the text has such a directive.
pub(super) fn promised(text: &[u8]) -> bool {
    memchr::memmem::find(text, DIRECTIVE.as_bytes()).is_some()
}

/// The patterns of all directives, in order.
pub(super) fn patterns<'t>(root: Node<'_>, text: &'t [u8]) -> Vec<(&'t str, Range<usize>)> {
    let comments = Nodes::new(root).filter(|node| node.kind() == "comment");
    comments
        .flat_map(|comment| {
            let rest = syntax::text(comment, text).strip_prefix(DIRECTIVE);
            let rest = rest.filter(|rest| rest.starts_with([' ', '\t']));
            let start = comment.start_byte() + DIRECTIVE.len();
            words(rest.unwrap_or_default())
                .into_iter()
                .map(move |(word, at)| (word, start + at..start + at + word.len()))
        })
        .collect()
}

/// Words apart by blanks, or quoted.
fn words(text: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        let quote = trimmed.chars().next().filter(|c| matches!(c, '"' | '`'));
        let (start, length, next) = match quote {
            Some(quote) => {
                let length = trimmed[1..].find(quote).unwrap_or(trimmed.len() - 1);
                (at + 1, length, at + length + 2)
            }
            None => {
                let length = trimmed.find(char::is_whitespace).unwrap_or(trimmed.len());
                (at, length, at + length)
            }
        };
        if length > 0 {
            found.push((&text[start..start + length], start));
        }
        at = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn patterns_are_words_with_or_without_quotes() {
        let found: Vec<&str> = words(" a/*.sql  \"b c\" `d`\te \"open")
            .into_iter()
            .map(|(word, _)| word)
            .collect();
        assert_eq!(found, ["a/*.sql", "b c", "d", "e", "open"]);
        assert!(words("  ").is_empty());
    }
}
