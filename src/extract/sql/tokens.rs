//! The tokens of SQL in any dialect: words, quoted names, texts, signs; comments are left out.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// A name in double quotes, backticks or square brackets.
    Quoted,
    /// A text, a number, a placeholder.
    Value,
    Sign(u8),
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// All tokens of a text.
pub(super) struct Tokens<'t> {
    pub(super) text: &'t str,
    pub(super) list: Vec<Token>,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut lexer = Lexer {
            bytes: text.as_bytes(),
            at: 0,
        };
        let mut list: Vec<Token> = Vec::new();
        while let Some(token) = lexer.next(list.last()) {
            list.push(token);
        }
        Self { text, list }
    }

    /// The word at a place, in upper case.
    pub(super) fn keyword(&self, at: usize) -> Option<String> {
        let token = self.list.get(at)?;
        (token.kind == Kind::Word).then(|| self.source(at).to_ascii_uppercase())
    }

    pub(super) fn is(&self, at: usize, keyword: &str) -> bool {
        self.list
            .get(at)
            .is_some_and(|token| token.kind == Kind::Word)
            && self.source(at).eq_ignore_ascii_case(keyword)
    }

    pub(super) fn is_sign(&self, at: usize, sign: u8) -> bool {
        self.list
            .get(at)
            .is_some_and(|token| token.kind == Kind::Sign(sign))
    }

    pub(super) fn source(&self, at: usize) -> &'t str {
        self.list
            .get(at)
            .and_then(|token| self.text.get(token.start..token.end))
            .unwrap_or_default()
    }

    /// The name at a place without its quotes, in lower case: databases compare most names so.
    pub(super) fn name(&self, at: usize) -> Option<String> {
        let token = self.list.get(at)?;
        let source = self.source(at);
        match token.kind {
            Kind::Word => Some(source.to_lowercase()),
            Kind::Quoted => {
                let inner = source.get(1..source.len().saturating_sub(1))?;
                Some(inner.to_lowercase())
            }
            _ => None,
        }
    }

    pub(super) fn bytes(&self, from: usize, to: usize) -> Range<usize> {
        match (self.list.get(from), self.list.get(to)) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => self.text.len()..self.text.len(),
        }
    }
}

struct Lexer<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn next(&mut self, last: Option<&Token>) -> Option<Token> {
        self.blank();
        let start = self.at;
        let byte = self.peek(0)?;
        let kind = match byte {
            b'\'' => {
                self.text_end();
                Kind::Value
            }
            b'"' | b'`' => self.quoted(byte),
            b'[' if self.is_bracketed(last) => self.quoted(b']'),
            b'$' if self.dollar() => Kind::Value,
            b'0'..=b'9' => {
                self.while_(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
                Kind::Value
            }
            b'$' | b':' | b'?'
                if self
                    .peek(1)
                    .is_some_and(|next| next.is_ascii_alphanumeric() || next == b'_') =>
            {
                self.at += 1;
                self.while_(is_word);
                Kind::Value
            }
            b'#' | b'@'
                if self
                    .peek(1)
                    .is_some_and(|next| is_word(next) || next == byte) =>
            {
                self.at += 1;
                self.while_(|next| is_word(next) || next == byte);
                Kind::Word
            }
            _ if is_word(byte) => {
                self.while_(is_word);
                Kind::Word
            }
            _ => {
                self.at += 1;
                Kind::Sign(byte)
            }
        };
        Some(Token {
            kind,
            start,
            end: self.at,
        })
    }

    fn while_(&mut self, is: impl Fn(u8) -> bool) {
        while self.peek(0).is_some_and(&is) {
            self.at += 1;
        }
    }

    /// Goes on to what is neither blank nor in a comment.
    fn blank(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'-' if self.peek(1) == Some(b'-') => self.line(),
                // A comment in MySQL, an operator in others.
                b'#' if matches!(self.peek(1), Some(b' ' | b'#' | b'\n') | None) => self.line(),
                b'/' if self.peek(1) == Some(b'*') => {
                    let end = memchr::memmem::find(&self.bytes[self.at + 2..], b"*/");
                    self.at = end.map_or(self.bytes.len(), |end| self.at + 2 + end + 2);
                }
                _ if byte.is_ascii_whitespace() => self.at += 1,
                _ => return,
            }
        }
    }

    fn line(&mut self) {
        let end = memchr::memchr(b'\n', &self.bytes[self.at..]);
        self.at = end.map_or(self.bytes.len(), |end| self.at + end);
    }

    /// Goes behind a text in single quotes.
    fn text_end(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            match (byte, self.peek(1)) {
                (b'\'', Some(b'\'')) => self.at += 2,
                (b'\'', _) => {
                    self.at += 1;
                    return;
                }
                // Standard SQL escapes nothing: then the quote ends the text.
                (b'\\', Some(b'\''))
                    if !matches!(self.peek(2), Some(b',' | b')' | b';' | b'\n') | None) =>
                {
                    self.at += 2;
                }
                (b'\\', Some(b'\\')) => self.at += 2,
                _ => self.at += 1,
            }
        }
    }

    fn quoted(&mut self, close: u8) -> Kind {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            if byte == close {
                if self.peek(0) == Some(close) && close != b']' {
                    self.at += 1;
                    continue;
                }
                return Kind::Quoted;
            }
        }
        Kind::Value
    }

    /// Whether a bracket quotes a name, and is no index of an array.
    fn is_bracketed(&self, last: Option<&Token>) -> bool {
        let is_index = last.is_some_and(|last| {
            last.end == self.at && matches!(last.kind, Kind::Word | Kind::Quoted | Kind::Value)
        });
        let rest = &self.bytes[self.at + 1..];
        let inner = memchr::memchr(b']', &rest[..rest.len().min(130)]).map(|end| &rest[..end]);
        !is_index
            && inner.is_some_and(|inner| {
                inner.first().is_some_and(|first| is_word(*first))
                    && inner
                        .iter()
                        .all(|byte| is_word(*byte) || b" -$".contains(byte))
            })
    }

    /// Goes behind `$tag$ … $tag$`, when that is what comes next.
    fn dollar(&mut self) -> bool {
        let rest = &self.bytes[self.at + 1..];
        let Some(end) = memchr::memchr(b'$', &rest[..rest.len().min(64)]) else {
            return false;
        };
        let tag = &rest[..end];
        if !tag.iter().all(|byte| is_word(*byte)) || tag.first().is_some_and(u8::is_ascii_digit) {
            return false;
        }
        let tag = &self.bytes[self.at..self.at + end + 2];
        let body = self.at + tag.len();
        let close = memchr::memmem::find(&self.bytes[body..], tag);
        self.at = close.map_or(self.bytes.len(), |close| body + close + tag.len());
        true
    }
}

/// Whether a byte is part of a word; letters beyond ASCII are.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
