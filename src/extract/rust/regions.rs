//! Which parts of a Rust file are compiled for tests alone?

use std::ops::Range;

use ra_ap_rustc_lexer::TokenKind;

use super::tokens::Tokens;

/// Ranges of tokens that are test code, in order and apart from each other.
#[derive(Debug, Default)]
pub(super) struct TestCode {
    ranges: Vec<Range<usize>>,
}

/// Last segments of the attributes that make a test, a benchmark or a part of one.
const TEST_ATTRIBUTES: &[&str] = &[
    "bench",
    "gtest",
    "quickcheck",
    "rstest",
    "test",
    "test_case",
    "test_matrix",
    "wasm_bindgen_test",
];

/// How deep predicates are read: `all(any(not(…)))`.
const DEPTH: usize = 16;

impl TestCode {
    /// Finds test code by attributes.
    pub(super) fn new(tokens: &Tokens<'_>) -> Self {
        let mut found = Self::default();
        // Ends of the open brackets, for inner attributes.
        let mut open: Vec<usize> = Vec::new();
        let mut at = 0;
        while at < tokens.list.len() {
            while open.last().is_some_and(|end| *end <= at) {
                open.pop();
            }
            if tokens.mate(at) > at {
                open.push(tokens.mate(at));
            }
            if !tokens.is(at, TokenKind::Pound) {
                at += 1;
                continue;
            }
            if tokens.is(at + 1, TokenKind::Bang) && tokens.is(at + 2, TokenKind::OpenBracket) {
                if is_test(tokens, at + 2) {
                    let end = open.last().copied().unwrap_or(tokens.list.len());
                    found.add(at..end);
                    at = end.max(at + 1);
                } else {
                    at = tokens.mate(at + 2).max(at + 1);
                }
                continue;
            }
            let (attributes, item) = attributes(tokens, at);
            if attributes.iter().any(|open| is_test(tokens, *open)) {
                let end = item_end(tokens, item);
                found.add(at..end);
                at = end.max(at + 1);
                continue;
            }
            for open in attributes {
                if tokens.is_word(open + 1, "cfg_attr") && requires_test(tokens, open + 3, DEPTH) {
                    found.add(open..tokens.mate(open));
                }
            }
            at = item.max(at + 1);
        }
        found
    }

    /// Whether a token is test code.
    pub(super) fn holds(&self, token: usize) -> bool {
        let after = self.ranges.partition_point(|range| range.start <= token);
        after > 0 && token < self.ranges[after - 1].end
    }

    /// Whether the byte at an offset is test code.
    pub(super) fn holds_byte(&self, tokens: &Tokens<'_>, offset: usize) -> bool {
        let after = tokens
            .list
            .partition_point(|token| token.start as usize <= offset);
        after > 0 && self.holds(after - 1)
    }

    fn add(&mut self, range: Range<usize>) {
        self.ranges.push(range);
    }
}

/// The opening brackets of the attributes that start at a token, and the first token after them.
fn attributes(tokens: &Tokens<'_>, mut at: usize) -> (Vec<usize>, usize) {
    let mut list = Vec::new();
    while tokens.is(at, TokenKind::Pound) && tokens.is(at + 1, TokenKind::OpenBracket) {
        list.push(at + 1);
        at = (tokens.mate(at + 1) + 1).max(at + 2);
    }
    (list, at)
}

/// Whether the attribute in the bracket at `open` is for tests alone.
fn is_test(tokens: &Tokens<'_>, open: usize) -> bool {
    let mut at = open + 1;
    if tokens.is_word(at, "unsafe") && tokens.is(at + 1, TokenKind::OpenParen) {
        at += 2;
    }
    if tokens.is_word(at, "cfg") && tokens.is(at + 1, TokenKind::OpenParen) {
        return requires_test(tokens, at + 2, DEPTH);
    }
    while tokens.is_path_separator(at + 1) {
        at += 3;
    }
    TEST_ATTRIBUTES.contains(&tokens.ident(at))
}

/// Whether the predicate that starts at a token holds in tests alone.
fn requires_test(tokens: &Tokens<'_>, at: usize, depth: usize) -> bool {
    if depth == 0 {
        return false;
    }
    if !tokens.is(at + 1, TokenKind::OpenParen) {
        return tokens.is_word(at, "test") && !tokens.is(at + 1, TokenKind::Eq);
    }
    let end = tokens.mate(at + 1);
    let mut parts = Vec::new();
    let mut part = at + 2;
    while part < end {
        parts.push(part);
        while part < end && !tokens.is(part, TokenKind::Comma) {
            part = tokens.mate(part).max(part) + 1;
        }
        part += 1;
    }
    let mut parts = parts
        .into_iter()
        .map(|part| requires_test(tokens, part, depth - 1))
        .peekable();
    match tokens.ident(at) {
        "all" => parts.any(|test| test),
        "any" => parts.peek().is_some() && parts.all(|test| test),
        _ => false,
    }
}

/// The first token after the item, field, arm or statement that starts at a token.
fn item_end(tokens: &Tokens<'_>, start: usize) -> usize {
    let mut word = start;
    if tokens.is_word(word, "pub") {
        word += 1;
        if tokens.is(word, TokenKind::OpenParen) {
            word = tokens.mate(word) + 1;
        }
    }
    let starts = |words: &[&str]| words.iter().any(|name| tokens.is_word(word, name));
    let to_semicolon = starts(&["let", "static", "type", "use"])
        || (starts(&["const"]) && !starts_function(tokens, word));
    let is_item = to_semicolon
        || starts(&[
            "async", "auto", "const", "default", "enum", "extern", "fn", "impl", "macro", "mod",
            "safe", "struct", "trait", "unsafe",
        ]);
    let mut angles = 0_usize;
    let mut at = start;
    while let Some(kind) = tokens.kind(at) {
        match kind {
            TokenKind::Semi => return at + 1,
            TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket => return at,
            // `Matrix<{ N }>` is a part of a type.
            TokenKind::OpenBrace
                if !to_semicolon && !tokens.is(at.wrapping_sub(1), TokenKind::Lt) =>
            {
                return tokens.mate(at).max(at) + 1;
            }
            TokenKind::Lt => angles += 1,
            TokenKind::Gt => angles = angles.saturating_sub(1),
            TokenKind::Comma if !is_item && angles == 0 => return at + 1,
            _ => {}
        }
        at = tokens.mate(at).max(at) + 1;
    }
    at
}

/// Whether `const` at a token starts a function.
fn starts_function(tokens: &Tokens<'_>, at: usize) -> bool {
    ["async", "extern", "fn", "unsafe"]
        .iter()
        .any(|word| tokens.is_word(at + 1, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text in which test code is replaced by dots, one for each token.
    fn production(text: &str) -> String {
        let tokens = Tokens::new(text);
        let test = TestCode::new(&tokens);
        (0..tokens.list.len())
            .map(|at| match test.holds(at) {
                true => ".",
                false => &text[tokens.bytes(at)],
            })
            .collect::<Vec<_>>()
            .join("")
    }

    #[test]
    fn items_under_test_attributes_are_test_code() {
        for item in [
            "#[cfg(test)] mod t { a }",
            "#[cfg(test)] mod t;",
            "#[allow(x)] #[cfg(all(test, unix))] pub(crate) fn f<A, B>(a: [A; 2]) -> B { a }",
            "#[test] #[ignore] fn f() {}",
            "#[tokio::test(flavor = \"x\")] async fn f() {}",
            "#[cfg(test)] use a::{b, c};",
            "#[cfg(test)] const A: B = B { c: 1 };",
            "#[cfg(test)] impl M<{ N }> for X {}",
            "#[cfg(any(test, all(test, unix)))] struct A(B, C);",
            "#[rstest::rstest] fn f() {}",
        ] {
            let left = production(&format!("{item} X"));
            assert!(
                left.ends_with(".X") && !left.contains("X;"),
                "{item}: {left}"
            );
            assert_eq!(left.trim_start_matches('.'), "X", "{item}");
        }
    }

    #[test]
    fn what_is_also_built_without_tests_is_not() {
        for item in [
            "#[cfg(any(test, feature = \"t\"))] mod t { a }",
            "#[cfg(not(test))] mod t;",
            "#[cfg(feature = \"test\")] mod t;",
            "#[cfg_attr(test, derive(A))] struct S;",
            "#[testing] fn f() {}",
        ] {
            assert!(
                production(item).contains(|c| c == 't' || c == 'S'),
                "{item}"
            );
        }
    }

    #[test]
    fn fields_arms_and_statements_end_where_they_end() {
        assert_eq!(
            production("struct S { #[cfg(test)] a: M<K, V>, b: C }"),
            "structS{................b:C}"
        );
        assert_eq!(production("{ #[cfg(test)] x() }"), "{..........}");
        assert!(production("#[cfg(test)] let a = if b { c } else { d }; e").ends_with(".e"));
    }

    #[test]
    fn an_inner_attribute_holds_to_the_end_of_its_block() {
        assert_eq!(
            production("mod a { #![cfg(test)] b } c"),
            "moda{.........}c"
        );
        assert!(production("#![cfg(test)] a b").chars().all(|c| c == '.'));
        assert_eq!(production("#![no_std] a"), "#![no_std]a");
    }

    #[test]
    fn broken_files_end_somewhere() {
        for text in [
            "#",
            "#[",
            "#[cfg(",
            "#[cfg(test)]",
            "#[test",
            "#![cfg(test)",
            "{#[test]}",
            "#[::",
        ] {
            production(text);
            production(&text.repeat(100));
        }
    }
}
