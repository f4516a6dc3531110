//! Words, texts and signs of the languages of the JVM: Java, Kotlin, Scala, Groovy.
//!
//! A lexer and no parser: it works on files that do not compile, and reads a whole file in the time in which a grammar reads its head.
//! Sources: <https://docs.oracle.com/javase/specs/jls/se21/html/jls-3.html>, <https://kotlinlang.org/docs/reference/grammar.html>,
//! <https://docs.scala-lang.org/scala3/reference/syntax.html>, <https://groovy-lang.org/syntax.html>.

use std::ops::Range;

/// Whose rules a text follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Groovy,
    Java,
    Kotlin,
    Scala,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a keyword or a number; the bytes of a name in backticks are those between them.
    Word,
    /// A text or a character with its quotes.
    Text,
    /// Anything else, one byte at a time.
    Sign(u8),
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    start: u32,
    end: u32,
    /// Whether it is the first on its line.
    pub(super) fresh: bool,
}

impl Token {
    pub(super) fn bytes(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(super) fn is(self, sign: u8) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

/// The deepest nesting of texts in pieces of texts.
const NESTING: usize = 64;

/// The tokens of a text, one after the other.
pub(super) struct Lexer<'t> {
    text: &'t [u8],
    at: usize,
    dialect: Dialect,
    last: Option<Kind>,
    /// The first thing that is never closed.
    pub(super) problem: Option<(Range<usize>, &'static str)>,
    /// The comments so far, when they are wanted.
    pub(super) comments: Option<Vec<Range<usize>>>,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t [u8], dialect: Dialect) -> Self {
        // A script may start with the line that tells its interpreter.
        let at = match text.starts_with(b"#!") {
            true => memchr::memchr(b'\n', text).unwrap_or(text.len()),
            false => 0,
        };
        Self {
            text,
            at,
            dialect,
            last: None,
            problem: None,
            comments: None,
        }
    }

    /// The first byte that is neither blank nor in a comment, and whether a line ended before it.
    fn skip_blank(&mut self) -> bool {
        let mut fresh = self.last.is_none();
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'\n' => {
                    fresh = true;
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' | 0x0c => self.at += 1,
                b'/' if self.text.get(self.at + 1) == Some(&b'/') => {
                    let rest = &self.text[self.at..];
                    let end = memchr::memchr(b'\n', rest).map_or(self.text.len(), |n| self.at + n);
                    self.comment(end);
                }
                b'/' if self.text.get(self.at + 1) == Some(&b'*') => {
                    let end = self.block_end();
                    fresh |= memchr::memchr(b'\n', &self.text[self.at..end]).is_some();
                    self.comment(end);
                }
                _ => break,
            }
        }
        fresh
    }

    fn comment(&mut self, end: usize) {
        if let Some(comments) = &mut self.comments {
            comments.push(self.at..end);
        }
        self.at = end;
    }

    /// Where a block comment ends; those of Kotlin and Scala nest.
    fn block_end(&mut self) -> usize {
        let nests = matches!(self.dialect, Dialect::Kotlin | Dialect::Scala);
        let mut depth = 1;
        let mut at = self.at + 2;
        while let Some(next) = memchr::memchr2(b'*', b'/', self.text.get(at..).unwrap_or_default())
        {
            at += next;
            match (self.text[at], self.text.get(at + 1)) {
                (b'*', Some(b'/')) => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return at;
                    }
                }
                (b'/', Some(b'*')) if nests => {
                    depth += 1;
                    at += 2;
                }
                _ => at += 1,
            }
        }
        let message = "a comment without end";
        self.problem.get_or_insert((self.at..self.at + 2, message));
        self.text.len()
    }

    /// Where a text ends that starts at a quote; pieces of code in it may hold texts again.
    fn text_end(&mut self, start: usize) -> usize {
        let mut broken = false;
        let mut open = vec![self.open(start)];
        let mut at = start + open[0].quotes();
        while let Some(byte) = self.text.get(at).copied() {
            let Some(last) = open.last_mut() else {
                break;
            };
            match last {
                Open::Text { quote, triple, raw } => {
                    let (quote, triple, raw) = (*quote, *triple, *raw);
                    if byte == b'\\' && !raw {
                        at += 2;
                    } else if byte == b'\n' && !triple {
                        broken = true;
                        open.pop();
                    } else if byte == quote && !triple {
                        open.pop();
                        at += 1;
                    } else if byte == quote && self.text[at..].starts_with(&[quote; 3]) {
                        // Up to two quotes may stand before the closing ones.
                        let run = self.text[at..].iter().take(5);
                        at += run.take_while(|byte| **byte == quote).count();
                        open.pop();
                    } else if byte == b'$'
                        && self.text.get(at + 1) == Some(&b'{')
                        && self.has_pieces(quote)
                        && open.len() < NESTING
                    {
                        open.push(Open::Code { depth: 0 });
                        at += 2;
                    } else {
                        at += 1;
                    }
                }
                Open::Code { depth } => {
                    at += 1;
                    match byte {
                        b'{' => *depth += 1,
                        b'}' if *depth == 0 => {
                            open.pop();
                        }
                        b'}' => *depth -= 1,
                        b'"' if open.len() < NESTING => {
                            let inner = self.open(at - 1);
                            at += inner.quotes() - 1;
                            open.push(inner);
                        }
                        b'\'' => at = self.char_end(at - 1).unwrap_or(at),
                        _ => {}
                    }
                }
            }
            if open.is_empty() {
                break;
            }
        }
        if broken || !open.is_empty() {
            let message = "a text without end";
            self.problem.get_or_insert((start..start + 1, message));
        }
        at.min(self.text.len())
    }

    fn open(&self, at: usize) -> Open {
        let quote = self.text[at];
        let triple = self.text[at..].starts_with(&[quote; 3]);
        let raw = match self.dialect {
            Dialect::Kotlin | Dialect::Scala => triple,
            Dialect::Groovy | Dialect::Java => false,
        };
        Open::Text { quote, triple, raw }
    }

    /// Whether `${…}` in a text is code.
    fn has_pieces(&self, quote: u8) -> bool {
        quote == b'"' && self.dialect != Dialect::Java
    }

    /// Where a character ends that starts at a quote; `None` when it is another sign.
    fn char_end(&self, start: usize) -> Option<usize> {
        let rest = self.text.get(start + 1..)?;
        if rest.first() == Some(&b'\\') {
            let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
            let close = memchr::memchr(b'\'', line.get(2..)?)?;
            return Some(start + 1 + 2 + close + 1);
        }
        let width = match rest.first()? {
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
        (rest.get(width) == Some(&b'\'')).then_some(start + width + 2)
    }

    /// Where a pattern between slashes ends, as Groovy has them; only where a value can stand.
    fn slashy_end(&self, start: usize) -> Option<usize> {
        let value = match self.last {
            Some(Kind::Sign(sign)) => b"(,=[{:?~!&|;+".contains(&sign),
            Some(_) => false,
            None => true,
        };
        if !value || self.dialect != Dialect::Groovy {
            return None;
        }
        let rest = self.text.get(start + 1..)?;
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        let mut at = 0;
        while at < line.len() {
            match line[at] {
                b'\\' => at += 2,
                b'/' => return Some(start + 1 + at + 1),
                _ => at += 1,
            }
        }
        None
    }
}

/// What is open inside a text.
enum Open {
    Text { quote: u8, triple: bool, raw: bool },
    Code { depth: usize },
}

impl Open {
    /// How many quotes open it.
    fn quotes(&self) -> usize {
        match self {
            Self::Text { triple: true, .. } => 3,
            _ => 1,
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let fresh = self.skip_blank();
        let start = self.at;
        let byte = *self.text.get(start)?;
        let (kind, bytes) = match byte {
            b'"' => (Kind::Text, start..self.text_end(start)),
            b'\'' if self.dialect == Dialect::Groovy => (Kind::Text, start..self.text_end(start)),
            b'\'' => match self.char_end(start) {
                Some(end) => (Kind::Text, start..end),
                None => (Kind::Sign(byte), start..start + 1),
            },
            b'/' => match self.slashy_end(start) {
                Some(end) => (Kind::Text, start..end),
                None => (Kind::Sign(byte), start..start + 1),
            },
            b'`' if matches!(self.dialect, Dialect::Kotlin | Dialect::Scala) => {
                let rest = &self.text[start + 1..];
                match memchr::memchr2(b'`', b'\n', rest) {
                    Some(end) if rest[end] == b'`' => (Kind::Word, start + 1..start + 1 + end),
                    _ => (Kind::Sign(byte), start..start + 1),
                }
            }
            byte if is_word(byte) => {
                let rest = &self.text[start..];
                let end = rest.iter().position(|byte| !is_word(*byte));
                (Kind::Word, start..start + end.unwrap_or(rest.len()))
            }
            byte => (Kind::Sign(byte), start..start + 1),
        };
        let quoted = byte == b'`' && kind == Kind::Word;
        self.at = bytes.end.max(start + 1) + usize::from(quoted);
        self.last = Some(kind);
        let clip = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Some(Token {
            kind,
            start: clip(bytes.start),
            end: clip(bytes.end.max(bytes.start)),
            fresh,
        })
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexed(text: &str, dialect: Dialect) -> Vec<&str> {
        let lexer = Lexer::new(text.as_bytes(), dialect);
        lexer.map(|token| &text[token.bytes()]).collect()
    }

    #[test]
    fn comments_and_texts_hide_what_they_hold() {
        assert_eq!(
            lexed(
                "a /* \" */ \"b // \\\" c\" // d\n'\\'' 'e' \"\"\"\n f \"g\" \"\"\" h",
                Dialect::Java
            ),
            [
                "a",
                "\"b // \\\" c\"",
                "'\\''",
                "'e'",
                "\"\"\"\n f \"g\" \"\"\"",
                "h"
            ]
        );
        assert_eq!(lexed("/* a /* b */ c */ d", Dialect::Kotlin), ["d"]);
        assert_eq!(lexed("/* a /* b */ c", Dialect::Java), ["c"]);
    }

    #[test]
    fn pieces_of_texts_may_hold_texts() {
        let text = "\"a ${b(\"c }\") { \"d\" }} e\" f";
        assert_eq!(
            lexed(text, Dialect::Kotlin),
            ["\"a ${b(\"c }\") { \"d\" }} e\"", "f"]
        );
        assert_eq!(lexed("\"\"\"a\\\"\"\" b", Dialect::Kotlin).len(), 2);
    }

    #[test]
    fn quotes_mean_different_things() {
        assert_eq!(lexed("'a b' c", Dialect::Groovy), ["'a b'", "c"]);
        assert_eq!(lexed("'a b", Dialect::Scala), ["'", "a", "b"]);
        assert_eq!(lexed("`a b`.c", Dialect::Kotlin), ["a b", ".", "c"]);
        assert_eq!(
            lexed("a =~ /b\"c/; d / e / f", Dialect::Groovy),
            ["a", "=", "~", "/b\"c/", ";", "d", "/", "e", "/", "f"]
        );
    }

    #[test]
    fn hostile_texts_end_quickly() {
        for piece in ["\"${", "/*", "(", "}", "'", "`", "\\", "\"\"\"", "/", "é"] {
            for dialect in [
                Dialect::Groovy,
                Dialect::Java,
                Dialect::Kotlin,
                Dialect::Scala,
            ] {
                Lexer::new(piece.repeat(30_000).as_bytes(), dialect).count();
            }
        }
    }
}
