//! The tokens of a C# file: words, signs and texts, without comments; also of files that do not compile.
//!
//! Source: <https://learn.microsoft.com/dotnet/csharp/language-reference/language-specification/lexical-structure>

use std::ops::Range;

/// The deepest nesting of interpolated texts.
const DEPTH: usize = 64;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// One character that is no part of anything else.
    Sign(u8),
    /// A literal text, with its quotes; of an interpolated one each piece, the code between them is tokens of its own.
    Text,
    /// `#if`.
    If,
    /// `#elif` and `#else`.
    Else,
    /// `#endif`.
    EndIf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// All tokens in order, and the comments.
#[derive(Debug, Default)]
pub(super) struct Tokens<'t> {
    pub(super) text: &'t str,
    pub(super) list: Vec<Token>,
    pub(super) comments: Vec<Range<usize>>,
}

/// A text with holes that is being read.
#[derive(Clone, Copy)]
struct Interpolated {
    verbatim: bool,
    /// The quotes of a raw text; 0 for others.
    quotes: usize,
    /// How many braces open a hole.
    dollars: usize,
    /// Brackets that are open in the hole.
    open: u32,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut lexer = Lexer {
            bytes: text.as_bytes(),
            at: 0,
            out: Self {
                text,
                list: Vec::with_capacity(text.len() / 6),
                comments: Vec::new(),
            },
            stack: Vec::new(),
        };
        lexer.run();
        lexer.out
    }

    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.list.get(at).map(|token| token.kind)
    }

    pub(super) fn is_sign(&self, at: usize, sign: u8) -> bool {
        self.kind(at) == Some(Kind::Sign(sign))
    }

    /// The word at a place; `@` in front, which makes a name of a keyword, is left out.
    pub(super) fn word(&self, at: usize) -> Option<&'t str> {
        let token = self.list.get(at).filter(|token| token.kind == Kind::Word)?;
        Some(self.source(token).trim_start_matches('@'))
    }

    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.list
            .get(at)
            .is_some_and(|token| token.kind == Kind::Word && self.source(token) == word)
    }

    /// The text of a literal without its quotes; what it escapes stays.
    pub(super) fn literal(&self, at: usize) -> Option<&'t str> {
        let token = self.list.get(at).filter(|token| token.kind == Kind::Text)?;
        Some(
            self.source(token)
                .trim_start_matches(['@', '$'])
                .trim_matches('"'),
        )
    }

    pub(super) fn bytes(&self, at: usize) -> Range<usize> {
        let end = self.text.len();
        self.list
            .get(at)
            .map_or(end..end, |token| token.start as usize..token.end as usize)
    }

    fn source(&self, token: &Token) -> &'t str {
        self.text
            .get(token.start as usize..token.end as usize)
            .unwrap_or_default()
    }
}

struct Lexer<'t> {
    bytes: &'t [u8],
    at: usize,
    out: Tokens<'t>,
    stack: Vec<Interpolated>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        let mut line_start = true;
        while let Some(byte) = self.peek(0) {
            let start = self.at;
            match byte {
                b'\n' => {
                    line_start = true;
                    self.at += 1;
                    continue;
                }
                b' ' | b'\t' | b'\r' => {
                    self.at += 1;
                    continue;
                }
                b'#' if line_start && self.stack.is_empty() => self.directive(),
                b'/' if self.peek(1) == Some(b'/') => {
                    self.skip_line();
                    self.out.comments.push(start..self.at);
                }
                b'/' if self.peek(1) == Some(b'*') => {
                    let end = memchr::memmem::find(&self.bytes[start + 2..], b"*/");
                    self.at = end.map_or(self.bytes.len(), |end| start + 2 + end + 2);
                    self.out.comments.push(start..self.at);
                }
                b'"' | b'$' | b'@' if self.is_text() => self.text(),
                b'\'' => self.character(),
                b'0'..=b'9' => self.number(),
                _ if is_word_byte(byte)
                    || byte == b'@' && self.peek(1).is_some_and(is_word_byte) =>
                {
                    self.at += 1;
                    while self.peek(0).is_some_and(is_word_byte) {
                        self.at += 1;
                    }
                    self.push(Kind::Word, start);
                }
                _ => self.sign(byte),
            }
            line_start = false;
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.out.list.push(Token {
            kind,
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(self.at).unwrap_or(u32::MAX),
        });
    }

    fn skip_line(&mut self) {
        let end = memchr::memchr(b'\n', &self.bytes[self.at..]);
        self.at = end.map_or(self.bytes.len(), |end| self.at + end);
    }

    fn directive(&mut self) {
        let start = self.at;
        self.skip_line();
        let line = self.bytes[start + 1..self.at].trim_ascii_start();
        let name = line.split(|byte| !byte.is_ascii_lowercase()).next();
        match name {
            Some(b"if") => self.push(Kind::If, start),
            Some(b"elif" | b"else") => self.push(Kind::Else, start),
            Some(b"endif") => self.push(Kind::EndIf, start),
            _ => {}
        }
    }

    fn sign(&mut self, byte: u8) {
        let start = self.at;
        self.at += 1;
        if let Some(hole) = self.stack.last_mut() {
            match byte {
                b'{' | b'(' | b'[' => hole.open += 1,
                b')' | b']' => hole.open = hole.open.saturating_sub(1),
                b'}' if hole.open > 0 => hole.open -= 1,
                b'}' => {
                    self.at += hole.dollars.saturating_sub(1);
                    self.at = self.at.min(self.bytes.len());
                    self.pieces();
                    return;
                }
                // What stands behind the colon tells how the value is written.
                b':' if hole.open == 0 && self.peek(0) != Some(b':') => {
                    let is_pair = start > 0 && self.bytes[start - 1] == b':';
                    if !is_pair {
                        let stop = |byte: &u8| matches!(byte, b'}' | b'\n' | b'"');
                        let end = self.bytes[self.at..].iter().position(stop);
                        self.at = end.map_or(self.bytes.len(), |end| self.at + end);
                        return;
                    }
                }
                _ => {}
            }
        }
        self.push(Kind::Sign(byte), start);
    }

    fn number(&mut self) {
        while let Some(byte) = self.peek(0) {
            let fraction = byte == b'.' && self.peek(1).is_some_and(|next| next.is_ascii_digit());
            if !is_word_byte(byte) && !fraction {
                break;
            }
            self.at += 1;
        }
    }

    /// `'x'`, `'\''`, `'\u0041'`; anything longer is no character.
    fn character(&mut self) {
        let start = self.at;
        let mut at = start + 1;
        while at < self.bytes.len().min(start + 12) {
            match self.bytes[at] {
                b'\\' => at += 2,
                b'\'' if at > start + 1 => {
                    self.at = at + 1;
                    return;
                }
                b'\n' => break,
                _ => at += 1,
            }
        }
        self.at = start + 1;
    }

    /// Whether signs in front of a quote start a text.
    fn is_text(&self) -> bool {
        let prefix = self.bytes[self.at..]
            .iter()
            .take(16)
            .position(|byte| !matches!(byte, b'$' | b'@'));
        prefix.is_some_and(|len| self.bytes[self.at + len] == b'"')
    }

    fn text(&mut self) {
        let start = self.at;
        let mut verbatim = false;
        let mut dollars = 0;
        while let Some(byte @ (b'$' | b'@')) = self.peek(0) {
            match byte {
                b'$' => dollars += 1,
                _ => verbatim = true,
            }
            self.at += 1;
        }
        let quotes = self.bytes[self.at..]
            .iter()
            .take_while(|byte| **byte == b'"')
            .count();
        let raw = quotes >= 3 && !verbatim;
        self.at += if raw { quotes } else { 1 };
        let kind = Interpolated {
            verbatim,
            quotes: if raw { quotes } else { 0 },
            dollars,
            open: 0,
        };
        if dollars > 0 && self.stack.len() < DEPTH {
            self.stack.push(kind);
            self.piece(kind, start);
        } else {
            self.plain(kind, start);
        }
    }

    /// A text without holes.
    fn plain(&mut self, kind: Interpolated, start: usize) {
        while self.at < self.bytes.len() {
            if self.ends(kind) {
                break;
            }
        }
        self.at = self.at.min(self.bytes.len());
        self.push(Kind::Text, start);
    }

    /// Goes one step on in a text; whether it ended there.
    fn ends(&mut self, kind: Interpolated) -> bool {
        let rest = &self.bytes[self.at..];
        match rest.first() {
            None => true,
            Some(b'"') if kind.quotes > 0 => {
                let run = rest.iter().take_while(|byte| **byte == b'"').count();
                self.at += run;
                run >= kind.quotes
            }
            Some(b'"') if kind.verbatim && rest.get(1) == Some(&b'"') => {
                self.at += 2;
                false
            }
            Some(b'"') => {
                self.at += 1;
                true
            }
            Some(b'\\') if !kind.verbatim && kind.quotes == 0 => {
                self.at += 2;
                false
            }
            Some(b'\n') if !kind.verbatim && kind.quotes == 0 => true,
            Some(_) => {
                self.at += 1;
                false
            }
        }
    }

    /// Goes on in the innermost text with holes, behind one of them.
    fn pieces(&mut self) {
        if let Some(kind) = self.stack.last().copied() {
            self.piece(kind, self.at);
        }
    }

    /// A piece of a text with holes: up to the next hole or the end.
    fn piece(&mut self, kind: Interpolated, start: usize) {
        while self.at < self.bytes.len() {
            if self.bytes[self.at] == b'{' {
                let run = self.bytes[self.at..]
                    .iter()
                    .take_while(|byte| **byte == b'{')
                    .count();
                self.at += run;
                let opens = match kind.quotes {
                    0 => run % 2 == 1,
                    _ => run >= kind.dollars,
                };
                if opens {
                    self.push(Kind::Text, start);
                    return;
                }
                continue;
            }
            if self.ends(kind) {
                break;
            }
        }
        self.at = self.at.min(self.bytes.len());
        self.stack.pop();
        self.push(Kind::Text, start);
        // The text may stand in the hole of another one, where reading goes on as code.
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let tokens = Tokens::new(text);
        let words: Vec<&str> = (0..tokens.list.len())
            .filter_map(|at| tokens.word(at))
            .collect();
        words.join(" ")
    }

    #[test]
    fn comments_and_texts_hold_no_words() {
        for (text, found) in [
            ("a /* b */ c // d\ne", "a c e"),
            ("a \"b \\\" c\" d", "a d"),
            ("a @\"b \"\" \\\" c", "a c"),
            ("a @\"b\n c\" d", "a d"),
            ("a \"\"\"b \"c\" \n d\"\"\" e", "a e"),
            ("a 'b' '\\'' '\\u0041' c", "a c"),
            ("a \"open\nb", "a b"),
            ("#region a\n  #pragma b\nc", "c"),
            ("a 1.5e3f 0xFFu b", "a b"),
            ("@class @a", "class a"),
        ] {
            assert_eq!(words(text), found, "{text}");
        }
    }

    #[test]
    fn holes_of_texts_are_code() {
        for (text, found) in [
            ("$\"a {b} c {d.E(f)} g\" h", "b d E f h"),
            ("$\"{{a}} {b:yyyy-MM} {(c ? d : e)}\" f", "b c d e f"),
            ("$@\"a \"\" {b}\n{c}\" d", "b c d"),
            ("$\"\"\"{a} \"b\" {c}\"\"\" d", "a c d"),
            ("$$\"\"\"{a} {{b}} c\"\"\" d", "b d"),
            ("$\"{global::A.B}{$\"{c}\"}\" d", "global A B c d"),
            ("$\"{a[\"b\"]} {new C { D = 1 }}\" e", "a new C D e"),
        ] {
            assert_eq!(words(text), found, "{text}");
        }
    }

    #[test]
    fn hostile_texts_end() {
        for piece in [
            "$\"{",
            "\"\"\"",
            "$$$\"\"\"{{{",
            "@\"",
            "'",
            "/*",
            "#if\n",
            "{",
            "$",
            "@",
            "\\",
            "}",
        ] {
            Tokens::new(&piece.repeat(50_000));
        }
    }
}
