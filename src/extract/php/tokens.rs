//! The tokens of a PHP file, as far as names need them: <https://www.php.net/manual/en/tokens.php>.
//!
//! Scanning costs a tenth of a syntax tree, and PHP has files by the ten thousand; it also goes on where a file does not parse.

use std::ops::Range;

use memchr::{memchr, memchr2, memmem};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a name, qualified or not: `class`, `Cart`, `Acme\Cart`, `\Acme\Cart`.
    Name,
    /// `$cart`.
    Variable,
    /// A quoted text without variables.
    Text,
    /// A text with variables, or a heredoc.
    Template,
    Number,
    /// `::`
    Scope,
    /// `->` and `?->`
    Member,
    /// `=>`
    Arrow,
    /// `...`
    Ellipsis,
    /// `#[`
    Attribute,
    /// `?>` and all up to the next `<?php`: the end of a statement.
    Html,
    /// Any other byte.
    Byte(u8),
}

/// A token and where it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    start: u32,
    end: u32,
}

/// A scanned file.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) list: Vec<Token>,
    pub(super) comments: Vec<Range<usize>>,
    /// Something that never ends.
    pub(super) problem: Option<(Range<usize>, &'static str)>,
}

impl Token {
    pub(super) fn bytes(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl Tokens {
    /// Scans a file; comments are kept only when they are wanted.
    pub(super) fn new(bytes: &[u8], with_comments: bool) -> Self {
        let mut scanner = Scanner {
            bytes,
            at: 0,
            with_comments,
            found: Self::default(),
        };
        scanner.found.list.reserve(bytes.len() / 6);
        scanner.html(0);
        scanner.found.list.clear();
        while scanner.at < bytes.len() {
            scanner.next();
        }
        scanner.found
    }
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    with_comments: bool,
    found: Tokens,
}

impl Scanner<'_> {
    fn next(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start..];
        match rest[0] {
            b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c => self.at += 1,
            b'/' if rest.starts_with(b"//") => self.line_comment(),
            b'/' if rest.starts_with(b"/*") => self.block_comment(),
            b'#' if rest.starts_with(b"#[") => self.push(Kind::Attribute, start + 2),
            b'#' => self.line_comment(),
            b'?' if rest.starts_with(b"?>") => self.html(2),
            b'?' if rest.starts_with(b"?->") => self.push(Kind::Member, start + 3),
            b'\'' => self.single_quoted(),
            quote @ (b'"' | b'`') => self.double_quoted(quote),
            b'<' if rest.starts_with(b"<<<") => self.heredoc(),
            b'$' => {
                let end = start + 1 + word_len(&rest[1..]);
                let kind = if end == start + 1 {
                    Kind::Byte(b'$')
                } else {
                    Kind::Variable
                };
                self.push(kind, end);
            }
            b'0'..=b'9' => self.push(Kind::Number, start + number_len(rest)),
            b'\\' => match word_len(&rest[1..]) {
                0 => self.push(Kind::Byte(b'\\'), start + 1),
                _ => self.name(),
            },
            byte if is_word(byte) => self.name(),
            b':' if rest.starts_with(b"::") => self.push(Kind::Scope, start + 2),
            b'-' if rest.starts_with(b"->") => self.push(Kind::Member, start + 2),
            b'=' if rest.starts_with(b"=>") => self.push(Kind::Arrow, start + 2),
            b'.' if rest.starts_with(b"...") => self.push(Kind::Ellipsis, start + 3),
            byte => self.push(Kind::Byte(byte), start + 1),
        }
    }

    fn push(&mut self, kind: Kind, end: usize) {
        self.found.list.push(Token {
            kind,
            start: self.at as u32,
            end: end as u32,
        });
        self.at = end;
    }

    /// `Acme\Cart`: segments with single backslashes between them.
    fn name(&mut self) {
        let mut end = self.at + usize::from(self.bytes[self.at] == b'\\');
        loop {
            end += word_len(&self.bytes[end..]);
            if self.bytes.get(end) == Some(&b'\\')
                && self.bytes.get(end + 1).copied().is_some_and(is_word)
            {
                end += 1;
            } else {
                break;
            }
        }
        let is_halt = self.bytes[self.at..end].eq_ignore_ascii_case(b"__halt_compiler");
        self.push(Kind::Name, end);
        if is_halt {
            // What follows is data.
            self.at = self.bytes.len();
        }
    }

    /// Skips what is no PHP; `skip`: the length of the closing tag.
    fn html(&mut self, skip: usize) {
        let mut at = self.at + skip;
        let end = loop {
            let Some(open) = memmem::find(&self.bytes[at..], b"<?") else {
                break self.bytes.len();
            };
            let tag = at + open + 2;
            let rest = &self.bytes[tag..];
            if rest.first() == Some(&b'=') {
                break tag + 1;
            }
            if rest.len() >= 3 && rest[..3].eq_ignore_ascii_case(b"php") {
                break tag + 3;
            }
            if rest.first().is_none_or(u8::is_ascii_whitespace) {
                break tag;
            }
            at = tag;
        };
        self.push(Kind::Html, end);
    }

    /// To the end of the line, or to a closing tag, which no comment hides.
    fn line_comment(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start..];
        let line = memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let end = memmem::find(&rest[..line], b"?>").unwrap_or(line);
        self.at = start + end;
        self.comment(start);
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start + 2..];
        match memmem::find(rest, b"*/") {
            Some(end) => self.at = start + 2 + end + 2,
            None => self.endless(start, "a comment without end"),
        }
        self.comment(start);
    }

    fn comment(&mut self, start: usize) {
        if self.with_comments {
            self.found.comments.push(start..self.at);
        }
    }

    fn single_quoted(&mut self) {
        match quoted_end(self.bytes, self.at) {
            Some(end) => self.push(Kind::Text, end),
            None => self.endless(self.at, "a text without end"),
        }
    }

    fn double_quoted(&mut self, quote: u8) {
        let start = self.at;
        let mut at = start + 1;
        let mut kind = if quote == b'`' {
            Kind::Template
        } else {
            Kind::Text
        };
        loop {
            match self.bytes.get(at) {
                None => {
                    self.endless(start, "a text without end");
                    return;
                }
                Some(b'\\') => at += 2,
                Some(byte) if *byte == quote => break,
                Some(b'$') => {
                    let next = self.bytes.get(at + 1).copied().unwrap_or(0);
                    if is_word(next) {
                        kind = Kind::Template;
                    } else if next == b'{' {
                        kind = Kind::Template;
                        at = braces_end(self.bytes, at + 1);
                        continue;
                    }
                    at += 1;
                }
                Some(b'{') if self.bytes.get(at + 1) == Some(&b'$') => {
                    kind = Kind::Template;
                    at = braces_end(self.bytes, at);
                }
                Some(_) => at += 1,
            }
        }
        self.push(kind, at + 1);
    }

    /// `<<<EOT`, `<<<"EOT"`, `<<<'EOT'`: ends with the word on a line of its own, indented or not.
    fn heredoc(&mut self) {
        let start = self.at;
        let mut at = start + 3;
        while matches!(self.bytes.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        let quote = matches!(self.bytes.get(at), Some(b'\'' | b'"'));
        at += usize::from(quote);
        let word = at..at + word_len(&self.bytes[at..]);
        let after = word.end + usize::from(quote);
        if word.is_empty() || !matches!(self.bytes.get(after), Some(b'\n' | b'\r')) {
            self.push(Kind::Byte(b'<'), start + 1);
            return;
        }
        let word = &self.bytes[word];
        let mut line = after;
        while let Some(next) = memchr(b'\n', &self.bytes[line..]) {
            line += next + 1;
            let indent = self.bytes[line..]
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t'))
                .count();
            let text = &self.bytes[line + indent..];
            if text.starts_with(word) && !text.get(word.len()).copied().is_some_and(is_word) {
                self.push(Kind::Template, line + indent + word.len());
                return;
            }
        }
        self.endless(start, "a heredoc without end");
    }

    fn endless(&mut self, start: usize, message: &'static str) {
        self.at = self.bytes.len();
        self.found
            .problem
            .get_or_insert((start..self.bytes.len(), message));
    }
}

/// Where a quoted text ends, behind its quote.
fn quoted_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = bytes[start];
    let mut at = start + 1;
    loop {
        at += memchr2(b'\\', quote, bytes.get(at..)?)?;
        if bytes[at] == quote {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Where an expression in braces ends; texts inside may hold braces.
fn braces_end(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0usize;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            b'\'' | b'"' => match quoted_end(bytes, at) {
                Some(end) => {
                    at = end;
                    continue;
                }
                None => return bytes.len(),
            },
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Names may hold any byte that is not ASCII.
fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80
}

fn word_len(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|byte| !is_word(*byte))
        .unwrap_or(bytes.len())
}

/// `12`, `0x1F`, `1_000`, `1.5`, `1e9`; a sign in an exponent starts another number, which matters to nobody.
fn number_len(bytes: &[u8]) -> usize {
    let whole = word_len(bytes);
    match bytes.get(whole..whole + 2) {
        Some([b'.', digit]) if digit.is_ascii_digit() => whole + 1 + word_len(&bytes[whole + 1..]),
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        let tokens = Tokens::new(text.as_bytes(), false);
        let list = tokens.list.iter();
        list.map(|token| &text[token.bytes()]).collect()
    }

    #[test]
    fn names_texts_and_marks_are_told_apart() {
        assert_eq!(
            texts(
                "<html><?php use \\Acme\\Cart as C; $a?->b::c(1.5, 'it\\'s', \"x{$y[\"}\"]}z\"); ?> <b> <?= A::B ?>"
            ),
            [
                "use",
                "\\Acme\\Cart",
                "as",
                "C",
                ";",
                "$a",
                "?->",
                "b",
                "::",
                "c",
                "(",
                "1.5",
                ",",
                "'it\\'s'",
                ",",
                "\"x{$y[\"}\"]}z\"",
                ")",
                ";",
                "?> <b> <?=",
                "A",
                "::",
                "B",
                "?>",
            ]
        );
    }

    #[test]
    fn comments_and_heredocs_hide_what_they_hold() {
        assert_eq!(
            texts(
                "<?php // A ?>x<?php # B\n/* C */ #[D] <<<EOT\n E $f\n  EOT . <<<'X'\nG\nX; 1 << 2"
            ),
            [
                "?>x<?php",
                "#[",
                "D",
                "]",
                "<<<EOT\n E $f\n  EOT",
                ".",
                "<<<'X'\nG\nX",
                ";",
                "1",
                "<",
                "<",
                "2",
            ]
        );
        let text = "<?php // a\nb(); /* c */";
        let tokens = Tokens::new(text.as_bytes(), true);
        let comments: Vec<_> = tokens.comments.into_iter().map(|at| &text[at]).collect();
        assert_eq!(comments, ["// a", "/* c */"]);
    }

    #[test]
    fn what_never_ends_is_told() {
        for text in ["<?php /* a", "<?php 'a\\'", "<?php \"a{$b", "<?php <<<A\nb"] {
            assert!(
                Tokens::new(text.as_bytes(), false).problem.is_some(),
                "{text}"
            );
        }
        assert!(texts("no code").is_empty());
        assert_eq!(
            texts("<?xml a ?><?php a __halt_compiler(); b"),
            ["a", "__halt_compiler"]
        );
    }
}
