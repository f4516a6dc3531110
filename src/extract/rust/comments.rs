//! The comments of a Rust file, for the few files that allow something in one.

use std::ops::Range;

use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, strip_shebang, tokenize};

use super::tokens::{Token, Tokens};

/// All comments in order.
pub(super) fn comments(tokens: &Tokens<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = strip_shebang(tokens.text).unwrap_or(0);
    for token in tokenize(&tokens.text[start..], FrontmatterAllowed::Yes) {
        let end = start + token.len as usize;
        if let TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } = token.kind {
            found.push(start..end);
        }
        start = end;
    }
    found
}

/// Where the `use` declaration ends that starts on the line below the end of a comment; 0 when none does.
pub(super) fn import_end(tokens: &Tokens<'_>, comment_end: usize) -> usize {
    let before = |token: &Token| (token.start as usize) < comment_end;
    let mut at = tokens.list.partition_point(before);
    let between = tokens.text.get(comment_end..tokens.bytes(at).start);
    if between.is_none_or(|text| text.matches('\n').count() != 1) {
        return 0;
    }
    if tokens.is_word(at, "pub") {
        at += 1;
        if tokens.is(at, TokenKind::OpenParen) {
            at = tokens.mate(at) + 1;
        }
    }
    if !tokens.is_word(at, "use") {
        return 0;
    }
    while let Some(kind) = tokens.kind(at) {
        match kind {
            TokenKind::Semi => return tokens.bytes(at).end,
            // A bracket that is never closed is its own mate.
            _ => at = tokens.mate(at).max(at) + 1,
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(text: &str) -> Vec<&str> {
        let tokens = Tokens::new(text);
        comments(&tokens)
            .into_iter()
            .map(|comment| comment.start..import_end(&tokens, comment.end))
            .filter(|range| range.end > 0)
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn a_declaration_of_several_lines_is_covered_to_its_end() {
        assert_eq!(
            ends("// a\npub(crate) use b::{\n  c,\n  d,\n};\nuse e;"),
            ["// a\npub(crate) use b::{\n  c,\n  d,\n};"]
        );
        assert!(ends("// a\n\nuse b;").is_empty());
        assert!(ends("// a\nfn b() {}\nuse c;").is_empty());
        assert!(ends("// a\nuse b::{").is_empty());
        assert!(ends("// a").is_empty());
    }

    #[test]
    fn what_looks_like_a_comment_in_a_text_is_none() {
        let tokens = Tokens::new("#!/bin/x // a\nlet b = \"// c\"; /* d /* e */ */ 'f' // g");
        let texts: Vec<_> = comments(&tokens)
            .into_iter()
            .map(|comment| &tokens.text[comment])
            .collect();
        assert_eq!(texts, ["/* d /* e */ */", "// g"]);
    }
}
