//! All tokens of a script, with the brackets that belong together: for build scripts of Gradle and sbt.

use std::ops::Range;

use super::tokens::{Dialect, Kind, Lexer, Token};

/// How far a closing bracket looks for the one that opens it.
const NEAR: usize = 64;

/// All tokens of a text, with the brackets that belong together.
pub(super) struct Tokens<'t> {
    text: &'t [u8],
    pub(super) list: Vec<Token>,
    /// The other bracket of each bracket; its own place for what has none.
    mates: Vec<u32>,
    pub(super) comments: Vec<Range<usize>>,
    /// The first thing that is never closed.
    pub(super) problem: Option<(Range<usize>, &'static str)>,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t [u8], dialect: Dialect) -> Self {
        let mut lexer = Lexer::new(text, dialect);
        lexer.comments = Some(Vec::new());
        let mut list = Vec::new();
        let mut mates = Vec::new();
        let mut open: Vec<(u8, usize)> = Vec::new();
        for token in lexer.by_ref() {
            let number = list.len();
            mates.push(number as u32);
            if let Kind::Sign(sign) = token.kind {
                match sign {
                    b'(' | b'[' | b'{' => open.push((sign, number)),
                    b')' | b']' | b'}' => {
                        let opens = match sign {
                            b')' => b'(',
                            b']' => b'[',
                            _ => b'{',
                        };
                        // A bracket that is missing must not take those around it along.
                        let near = open.len().saturating_sub(NEAR);
                        let found = open[near..].iter().rposition(|(sign, _)| *sign == opens);
                        if let Some(found) = found.map(|found| near + found) {
                            let mate = open[found].1;
                            open.truncate(found);
                            mates[mate] = number as u32;
                            mates[number] = mate as u32;
                        }
                    }
                    _ => {}
                }
            }
            list.push(token);
        }
        Self {
            text,
            list,
            mates,
            problem: lexer.problem,
            comments: lexer.comments.unwrap_or_default(),
        }
    }

    /// The other bracket of the bracket at a place; the place itself when there is none.
    pub(super) fn mate(&self, at: usize) -> usize {
        self.mates.get(at).map_or(at, |mate| *mate as usize)
    }

    pub(super) fn is(&self, at: usize, sign: u8) -> bool {
        self.list.get(at).is_some_and(|token| token.is(sign))
    }

    /// The word at a place.
    pub(super) fn word(&self, at: usize) -> Option<&'t str> {
        let token = self.list.get(at)?;
        (token.kind == Kind::Word).then(|| str_of(self.text, *token))
    }

    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.word(at) == Some(word)
    }

    /// The text at a place without its quotes.
    pub(super) fn literal(&self, at: usize) -> Option<&'t str> {
        let token = self.list.get(at)?;
        if token.kind != Kind::Text {
            return None;
        }
        let whole = str_of(self.text, *token);
        let quote = whole.get(..1)?;
        let triple = quote.repeat(3);
        let quotes = match whole.len() >= 6 && whole.starts_with(&triple) {
            true => triple.as_str(),
            false => quote,
        };
        let inner = whole.strip_prefix(quotes)?;
        Some(inner.strip_suffix(quotes).unwrap_or(inner))
    }

    /// The bytes of the token at a place; the end of the text behind the last.
    pub(super) fn bytes(&self, at: usize) -> Range<usize> {
        let end = self.text.len();
        self.list.get(at).map_or(end..end, |token| token.bytes())
    }
}

fn str_of(text: &[u8], token: Token) -> &str {
    text.get(token.bytes())
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_find_each_other_and_missing_ones_harm_little() {
        let tokens = Tokens::new(b"a { ( b } c }", Dialect::Groovy);
        assert_eq!(tokens.mate(1), 4);
        assert_eq!(tokens.mate(2), 2);
        assert_eq!(tokens.mate(6), 6);
        assert_eq!(
            Tokens::new(b"'''a'''", Dialect::Groovy).literal(0),
            Some("a")
        );
        assert_eq!(Tokens::new(b"\"a", Dialect::Groovy).literal(0), Some("a"));
    }

    #[test]
    fn hostile_texts_end_quickly() {
        for piece in ["(", "}", "(]", "{)"] {
            Tokens::new(piece.repeat(50_000).as_bytes(), Dialect::Groovy);
        }
        let text = format!("{}{}", "(".repeat(50_000), "]".repeat(50_000));
        Tokens::new(text.as_bytes(), Dialect::Groovy);
    }
}
