//! Tokens as readers of mappings look at them: words, literals, arguments of calls.

use super::super::lexer::{Kind, Piece, Token};

/// The tokens of one file.
pub(super) struct Cursor<'t> {
    source: &'t str,
    tokens: &'t [Token],
}

/// An argument of a call.
pub(super) struct Argument<'t> {
    /// `name: x`, `name = x`, `'name' => x`.
    pub(super) name: Option<String>,
    pub(super) at: usize,
    end: usize,
    cursor: &'t Cursor<'t>,
}

impl Argument<'_> {
    /// The value, when it is a literal and nothing else.
    pub(super) fn text(&self) -> Option<String> {
        self.cursor.literal(self.at, self.end)
    }
}

impl<'t> Cursor<'t> {
    pub(super) fn new(source: &'t str, tokens: &'t [Token]) -> Self {
        Self { source, tokens }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn word(&self, at: usize) -> Option<&'t str> {
        let token = self
            .tokens
            .get(at)
            .filter(|token| token.kind == Kind::Word)?;
        self.source.get(token.bytes.clone())
    }

    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.word(at) == Some(word)
    }

    pub(super) fn is(&self, at: usize, sign: u8) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::Sign(sign))
    }

    /// The words and signs from a place on, as `a . b (`; each a word or one sign.
    pub(super) fn follows(&self, at: usize, pieces: &[&str]) -> bool {
        pieces.iter().enumerate().all(|(number, piece)| {
            let sign = piece.as_bytes().first().copied().unwrap_or_default();
            match sign.is_ascii_alphanumeric() || sign == b'_' {
                true => self.is_word(at + number, piece),
                false => self.is(at + number, sign),
            }
        })
    }

    /// A text without unknown pieces.
    pub(super) fn text(&self, at: usize) -> Option<String> {
        let Kind::Text(pieces) = &self.tokens.get(at)?.kind else {
            return None;
        };
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Code(_) => return None,
            }
        }
        (!text.is_empty()).then_some(text)
    }

    /// The literal between two places: a text, or a symbol as `:orders`.
    pub(super) fn literal(&self, at: usize, end: usize) -> Option<String> {
        match end.checked_sub(at)? {
            1 => self.text(at),
            2 if self.is(at, b':') => self.word(at + 1).map(str::to_owned),
            _ => None,
        }
    }

    /// A text or a symbol at a place, and where it ends.
    pub(super) fn name(&self, at: usize) -> Option<(String, usize)> {
        if self.is(at, b':') && !self.is(at + 1, b':') {
            return Some((self.word(at + 1)?.to_owned(), at + 2));
        }
        Some((self.text(at)?, at + 1))
    }

    /// The place of the bracket that closes the one at a place.
    pub(super) fn closing(&self, at: usize) -> usize {
        let mut depth = 0usize;
        for number in at..self.tokens.len() {
            match self.tokens[number].kind {
                Kind::Sign(b'(' | b'[' | b'{') => depth += 1,
                Kind::Sign(b')' | b']' | b'}') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return number;
                    }
                }
                _ => {}
            }
        }
        self.tokens.len()
    }

    /// The arguments between the bracket at a place and the one that closes it.
    pub(super) fn arguments(&'t self, open: usize) -> Vec<Argument<'t>> {
        let close = self.closing(open);
        let mut found = Vec::new();
        let mut at = open + 1;
        while at < close && found.len() < 64 {
            let mut end = at;
            while end < close && !self.is(end, b',') {
                end = match self.tokens[end].kind {
                    Kind::Sign(b'(' | b'[' | b'{') => self.closing(end) + 1,
                    _ => end + 1,
                };
            }
            let end = end.min(close);
            let (name, value) = self.named(at, end);
            found.push(Argument {
                name,
                at: value,
                end,
                cursor: self,
            });
            at = end + 1;
        }
        found
    }

    /// The name of an argument, and where its value starts.
    fn named(&self, at: usize, end: usize) -> (Option<String>, usize) {
        let name = self.word(at).map(str::to_owned).or_else(|| self.text(at));
        let signs = match () {
            () if self.is(at + 1, b'=') && self.is(at + 2, b'>') => 2,
            () if self.is(at + 1, b':') || self.is(at + 1, b'=') && !self.is(at + 2, b'=') => 1,
            () => return (None, at),
        };
        match name {
            Some(name) if at + 1 + signs < end => (Some(name), at + 1 + signs),
            _ => (None, at),
        }
    }

    /// The value of the argument with a name, whatever its case.
    pub(super) fn argument(&'t self, open: usize, name: &str) -> Option<String> {
        self.arguments(open)
            .iter()
            .find(|one| {
                one.name
                    .as_deref()
                    .is_some_and(|own| own.eq_ignore_ascii_case(name))
            })?
            .text()
    }

    /// The value of the nth argument that has no name.
    pub(super) fn nth(&'t self, open: usize, number: usize) -> Option<String> {
        let all = self.arguments(open);
        let mut plain = all.iter().filter(|one| one.name.is_none());
        plain.nth(number)?.text()
    }

    /// The name of the next class that is declared behind a place.
    pub(super) fn class_behind(&self, at: usize) -> Option<&'t str> {
        let end = self.tokens.len().min(at + 400);
        let class = (at..end).find(|at| {
            matches!(
                self.word(*at),
                Some("class" | "interface" | "record" | "object")
            ) && !self.is(at.saturating_sub(1), b'.')
        })?;
        self.word(class + 1)
    }
}
