//! The tokens of one file with their brackets joined: what all detectors of this folder walk over.

use std::ops::Range;

use crate::extract::tokens::{Dialect, Kind, Lexer, Token};

/// The most tokens of one file; a longer one is no source that a person wrote.
const TOKENS: usize = 1 << 20;

/// Tokens, each bracket with the place of the other.
pub(super) struct Source<'t> {
    text: &'t [u8],
    tokens: Vec<Token>,
    mates: Vec<u32>,
    pub(super) dialect: Dialect,
    /// Whether the rest of the file is not read.
    pub(super) cut: bool,
    /// The first thing that is never closed.
    pub(super) problem: Option<(Range<usize>, &'static str)>,
}

impl<'t> Source<'t> {
    pub(super) fn new(text: &'t [u8], dialect: Dialect) -> Self {
        let mut lexer = Lexer::new(text, dialect);
        let tokens: Vec<Token> = lexer.by_ref().take(TOKENS).collect();
        let cut = lexer.next().is_some();
        let mut mates = vec![u32::MAX; tokens.len()];
        let mut open: Vec<(u8, usize)> = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let Kind::Sign(sign) = token.kind else {
                continue;
            };
            let opening = match sign {
                b'(' | b'[' | b'{' => {
                    open.push((sign, at));
                    continue;
                }
                b')' => b'(',
                b']' => b'[',
                b'}' => b'{',
                _ => continue,
            };
            // A bracket that is not closed ends with the one around it.
            let Some(depth) = open.iter().rposition(|(sign, _)| *sign == opening) else {
                continue;
            };
            let (_, start) = open[depth];
            open.truncate(depth);
            mates[start] = at as u32;
            mates[at] = start as u32;
        }
        let problem = lexer.problem;
        Self {
            text,
            tokens,
            mates,
            dialect,
            cut,
            problem,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn is_kotlin(&self) -> bool {
        self.dialect == Dialect::Kotlin
    }

    /// Whether the token is this sign.
    pub(super) fn is(&self, at: usize, sign: u8) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(sign))
    }

    /// Whether the token is any sign of these.
    pub(super) fn is_any(&self, at: usize, signs: &[u8]) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| matches!(token.kind, Kind::Sign(sign) if signs.contains(&sign)))
    }

    /// The word at a place; empty when it is something else.
    pub(super) fn word(&self, at: usize) -> &'t str {
        match self.tokens.get(at) {
            Some(token) if token.kind == Kind::Word => self.slice(*token),
            _ => "",
        }
    }

    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.word(at) == word
    }

    /// Whether a token is the first of its line.
    pub(super) fn is_fresh(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.fresh)
    }

    /// A text as it is written, with its quotes.
    pub(super) fn quoted(&self, at: usize) -> Option<&'t str> {
        let token = self.tokens.get(at)?;
        (token.kind == Kind::Text).then(|| self.slice(*token))
    }

    fn slice(&self, token: Token) -> &'t str {
        self.text
            .get(token.bytes())
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }

    /// The place of the other bracket; the end of the file for one that is not closed.
    pub(super) fn mate(&self, at: usize) -> usize {
        match self.mates.get(at) {
            Some(mate) if *mate != u32::MAX => *mate as usize,
            _ => self.tokens.len(),
        }
    }

    /// What stands between the bracket and its mate.
    pub(super) fn inside(&self, at: usize) -> Range<usize> {
        let mate = self.mate(at);
        at + 1..mate.max(at + 1).min(self.tokens.len().max(at + 1))
    }

    /// The token behind one, behind its mate when it opens a bracket.
    pub(super) fn after(&self, at: usize) -> usize {
        if self.is_any(at, b"([{") {
            return self.mate(at).max(at) + 1;
        }
        at + 1
    }

    /// The bytes of some tokens.
    pub(super) fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        let start = self.tokens.get(tokens.start).map(|token| token.bytes());
        let end = tokens
            .end
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at.min(self.tokens.len() - 1)));
        match (start, end) {
            (Some(start), Some(end)) => start.start..end.bytes().end.max(start.end),
            _ => 0..0,
        }
    }

    /// The parts of some tokens between signs that stand outside of brackets.
    pub(super) fn split(&self, tokens: Range<usize>, sign: u8) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut start = tokens.start;
        let mut at = tokens.start;
        // `<` and `>` of type arguments hold commas, too.
        while at < tokens.end {
            if self.is(at, sign) {
                parts.push(start..at);
                start = at + 1;
                at += 1;
            } else if self.is(at, b'<') && sign == b',' {
                at = self.after_types(at).unwrap_or(at + 1);
            } else {
                at = self.after(at);
            }
        }
        if start < tokens.end {
            parts.push(start..tokens.end);
        }
        parts
    }

    /// Where type arguments end that start at `<`; nothing when it is a comparison.
    pub(super) fn after_types(&self, start: usize) -> Option<usize> {
        let mut depth = 0usize;
        let mut at = start;
        while at < self.len() && at < start + 256 {
            if self.is(at, b'<') {
                depth += 1;
            } else if self.is(at, b'>') && !self.is(at.wrapping_sub(1), b'-') {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            } else if self.word(at).is_empty() && !self.is_any(at, b",.?[]&*@:") {
                return None;
            }
            at += 1;
        }
        None
    }

    /// Words with dots between them: `a.b.C`, and where they end.
    pub(super) fn dotted(&self, start: usize) -> Option<(String, usize)> {
        let first = self.word(start);
        if first.is_empty() {
            return None;
        }
        let mut name = first.to_owned();
        let mut at = start + 1;
        while self.is(at, b'.') && !self.word(at + 1).is_empty() {
            name.push('.');
            name.push_str(self.word(at + 1));
            at += 2;
        }
        Some((name, at))
    }
}
