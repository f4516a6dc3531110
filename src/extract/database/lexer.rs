//! The words, texts and signs of code in many languages, as far as texts with SQL need them.
//!
//! A lexer and no parser: it works on files that do not compile and costs a tenth of a syntax tree.
//! What a language writes that is not known here ends at the end of its line, so that one mistake stays small.

use std::ops::Range;

use crate::model::Language;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a keyword or a number; with `$` and `@` in front where names have it.
    Word,
    Text(Vec<Piece>),
    Sign(u8),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(String),
    /// Code between braces.
    Code(String),
}

/// One token.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) bytes: Range<usize>,
}

/// How pieces of code stand in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holes {
    None,
    /// `{x}`, `{{` is a brace.
    Braces,
    /// `${x}`.
    Dollar,
    /// `$x` and `${x}`.
    DollarName,
    /// `#{x}`.
    Hash,
    /// `$x`, `{$x}`, `${x}`.
    Php,
}

/// The longest text that is kept.
const LONGEST: usize = 256 << 10;

/// Reads a file.
pub(super) struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    language: Language,
    list: Vec<Token>,
    /// Heredocs that start on the next line: token and mark, whether it is taken in, holes.
    pending: Vec<(usize, String, Holes)>,
}

/// The tokens of a text.
pub(super) fn tokens(text: &str, language: Language) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        language,
        list: Vec::with_capacity(text.len() / 8),
        pending: Vec::new(),
    };
    if language == Language::Php {
        lexer.skip_html();
    }
    while lexer.at < lexer.bytes.len() {
        lexer.next();
    }
    lexer.list
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn starts(&self, text: &str) -> bool {
        self.bytes[self.at..].starts_with(text.as_bytes())
    }

    fn is(&self, languages: &[Language]) -> bool {
        languages.contains(&self.language)
    }

    fn next(&mut self) {
        use Language as L;
        let byte = self.bytes[self.at];
        let hashes = self.is(&[L::Python, L::Ruby, L::Elixir, L::Php, L::Shell]);
        match byte {
            b'\n' => {
                self.at += 1;
                self.heredocs();
            }
            _ if byte.is_ascii_whitespace() => self.at += 1,
            b'#' if hashes && !(self.language == L::Php && self.peek(1) == Some(b'[')) => {
                self.line()
            }
            b'/' if self.peek(1) == Some(b'/') && !self.is(&[L::Python, L::Ruby, L::Elixir]) => {
                self.line();
            }
            b'/' if self.peek(1) == Some(b'*') && !self.is(&[L::Python, L::Ruby, L::Elixir]) => {
                let end = memchr::memmem::find(&self.bytes[self.at + 2..], b"*/");
                self.at = end.map_or(self.bytes.len(), |end| self.at + end + 4);
            }
            b'/' if self.is(&[L::JavaScript, L::TypeScript, L::Ruby]) && self.expects_value() => {
                self.pattern();
            }
            b'?' if self.language == L::Php && self.peek(1) == Some(b'>') => self.skip_html(),
            b'"' | b'\'' | b'`' => self.quote(0),
            b'%' if self.language == L::Ruby && self.expects_value() => self.percent(),
            b'<' if self.language == L::Ruby && self.starts("<<") => self.heredoc(2),
            b'<' if self.language == L::Php && self.starts("<<<") => self.heredoc(3),
            b'@' | b'$' if self.language == L::CSharp && self.is_sharp_text() => self.sharp(),
            _ if is_word(byte) => self.word(),
            b'$' | b'@' if self.peek(1).is_some_and(is_word) && self.is(&[L::Php, L::Ruby]) => {
                self.word();
            }
            _ => {
                self.push(Kind::Sign(byte), self.at, self.at + 1);
            }
        }
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        self.at = end.min(self.bytes.len());
        self.list.push(Token {
            kind,
            bytes: start..self.at,
        });
    }

    fn line(&mut self) {
        let end = memchr::memchr(b'\n', &self.bytes[self.at..]);
        self.at = end.map_or(self.bytes.len(), |end| self.at + end);
    }

    /// Goes on behind the next `<?php` or `<?=`.
    fn skip_html(&mut self) {
        let open = memchr::memmem::find(&self.bytes[self.at..], b"<?");
        self.at = open.map_or(self.bytes.len(), |open| self.at + open + 2);
        while self
            .peek(0)
            .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'=')
        {
            self.at += 1;
        }
    }

    /// Whether a value can come next, so that a slash starts a pattern.
    fn expects_value(&self) -> bool {
        match self.list.last() {
            None => true,
            Some(Token {
                kind: Kind::Sign(sign),
                ..
            }) => !b")]}".contains(sign),
            Some(Token {
                kind: Kind::Text(_),
                ..
            }) => false,
            Some(Token { bytes, .. }) => matches!(
                self.text.get(bytes.clone()),
                Some(
                    "return"
                        | "typeof"
                        | "case"
                        | "in"
                        | "of"
                        | "if"
                        | "unless"
                        | "when"
                        | "and"
                        | "or"
                        | "not"
                )
            ),
        }
    }

    fn pattern(&mut self) {
        let mut at = self.at + 1;
        let mut in_class = false;
        while let Some(byte) = self.bytes.get(at) {
            match byte {
                b'\\' => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    self.push(Kind::Text(Vec::new()), self.at, at + 1);
                    return;
                }
                b'\n' => break,
                _ => {}
            }
            at += 1;
        }
        self.push(Kind::Sign(b'/'), self.at, self.at + 1);
    }

    fn word(&mut self) {
        let start = self.at;
        let mut end = start + 1;
        while self.bytes.get(end).is_some_and(|byte| is_word(*byte)) {
            end += 1;
        }
        // What stands right before a quote can change what the text means.
        let next = self.bytes.get(end).copied();
        let prefix = &self.text[start..end];
        let has_prefix = match self.language {
            Language::Python => {
                prefix.len() <= 2 && prefix.chars().all(|c| "rRbBfFuUtT".contains(c))
            }
            Language::Scala => next == Some(b'"'),
            Language::Rust => matches!(prefix, "r" | "b" | "br" | "c" | "cr"),
            _ => false,
        };
        if has_prefix
            && matches!(next, Some(b'"' | b'\''))
            && !(self.language == Language::Rust && next == Some(b'\''))
        {
            self.at = end;
            self.quote(end - start);
            return;
        }
        if has_prefix
            && self.language == Language::Rust
            && next == Some(b'#')
            && self.rust_raw(start, end)
        {
            return;
        }
        self.push(Kind::Word, start, end);
    }

    /// `r#"…"#`
    fn rust_raw(&mut self, start: usize, hashes_at: usize) -> bool {
        let hashes = self.bytes[hashes_at..]
            .iter()
            .take_while(|byte| **byte == b'#')
            .count();
        if self.bytes.get(hashes_at + hashes) != Some(&b'"') {
            return false;
        }
        let body = hashes_at + hashes + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        let end = memchr::memmem::find(&self.bytes[body..], close.as_bytes());
        let end = end.map_or(self.bytes.len(), |end| body + end);
        let literal = Piece::Literal(self.text.get(body..end).unwrap_or_default().to_owned());
        self.push(Kind::Text(vec![literal]), start, end + close.len());
        true
    }

    fn is_sharp_text(&self) -> bool {
        let signs = self.bytes[self.at..]
            .iter()
            .take(8)
            .take_while(|byte| matches!(byte, b'@' | b'$'))
            .count();
        self.peek(signs) == Some(b'"')
    }

    /// `@"…"`, `$"…"`, `$@"…"`, `$$"""…"""`.
    fn sharp(&mut self) {
        let start = self.at;
        let signs = self.bytes[start..]
            .iter()
            .take_while(|byte| matches!(byte, b'@' | b'$'))
            .count();
        let marks = &self.bytes[start..start + signs];
        let verbatim = marks.contains(&b'@');
        let holes = match marks.contains(&b'$') {
            true => Holes::Braces,
            false => Holes::None,
        };
        self.at += signs;
        let quotes = self.run(b'"');
        if quotes >= 3 {
            self.body(
                start,
                self.at + quotes,
                &"\"".repeat(quotes),
                holes,
                false,
                true,
            );
        } else if verbatim {
            self.verbatim(start, holes);
        } else {
            self.body(start, self.at + 1, "\"", holes, true, false);
        }
    }

    /// Text in which a doubled quote is one, and nothing is escaped.
    fn verbatim(&mut self, start: usize, holes: Holes) {
        let mut pieces = Vec::new();
        let mut at = self.at + 1;
        let mut from = at;
        while let Some(byte) = self.bytes.get(at) {
            if *byte == b'"' {
                if self.bytes.get(at + 1) != Some(&b'"') {
                    break;
                }
                pieces.push(Piece::Literal(
                    self.text.get(from..at + 1).unwrap_or_default().to_owned(),
                ));
                at += 2;
                from = at;
            } else if holes == Holes::Braces
                && *byte == b'{'
                && self.bytes.get(at + 1) != Some(&b'{')
            {
                pieces.push(Piece::Literal(
                    self.text.get(from..at).unwrap_or_default().to_owned(),
                ));
                let end = closing(self.bytes, at + 1);
                pieces.push(Piece::Code(
                    self.text.get(at + 1..end).unwrap_or_default().to_owned(),
                ));
                at = end + 1;
                from = at;
            } else {
                at += 1;
            }
        }
        pieces.push(Piece::Literal(
            self.text.get(from..at).unwrap_or_default().to_owned(),
        ));
        self.push(Kind::Text(pieces), start, at + 1);
    }

    fn run(&self, byte: u8) -> usize {
        self.bytes[self.at..]
            .iter()
            .take_while(|other| **other == byte)
            .count()
    }

    /// A text that starts at a quote; `prefix` bytes before it belong to it.
    fn quote(&mut self, prefix: usize) {
        use Language as L;
        let start = self.at - prefix;
        let quote = self.bytes[self.at];
        let marks = self
            .text
            .get(start..self.at)
            .unwrap_or_default()
            .to_ascii_lowercase();
        let run = self.run(quote);
        let has_triple = match quote {
            b'"' => self.is(&[
                L::Python,
                L::Java,
                L::Kotlin,
                L::Scala,
                L::CSharp,
                L::Elixir,
                L::Swift,
                L::Dart,
            ]),
            b'\'' => self.is(&[L::Python, L::Elixir, L::Dart]),
            _ => false,
        };
        let holes = match (self.language, quote) {
            (L::JavaScript | L::TypeScript, b'`') => Holes::Dollar,
            (L::Python, _) if marks.contains('f') => Holes::Braces,
            (L::Kotlin | L::Dart, b'"' | b'\'') => Holes::DollarName,
            (L::Scala, _) if !marks.is_empty() => Holes::DollarName,
            (L::Ruby, b'"' | b'`') | (L::Elixir, _) => Holes::Hash,
            (L::Php, b'"') => Holes::Php,
            _ => Holes::None,
        };
        if has_triple && run >= 3 && run != 6 {
            let quotes = if self.language == L::CSharp { run } else { 3 };
            let close = String::from_utf8(vec![quote; quotes]).unwrap_or_default();
            let escapes = !(marks.contains('r') || self.is(&[L::Kotlin, L::Scala, L::CSharp]));
            self.body(start, self.at + quotes, &close, holes, escapes, true);
            return;
        }
        // A character, or what `'` means else.
        let is_char = quote == b'\''
            && self.is(&[
                L::C,
                L::Cpp,
                L::CSharp,
                L::Go,
                L::Java,
                L::Kotlin,
                L::Rust,
                L::Scala,
                L::Swift,
            ]);
        if is_char {
            self.character();
            return;
        }
        if quote == b'`' && self.is(&[L::Kotlin, L::Scala, L::Java, L::CSharp, L::Rust]) {
            self.push(Kind::Sign(quote), start, self.at + 1);
            return;
        }
        let close = char::from(quote).to_string();
        let multi = quote == b'`' || self.is(&[L::Ruby, L::Php, L::Rust, L::Elixir]);
        let escapes = !(self.language == L::Go && quote == b'`' || marks.contains('r'));
        self.body(start, self.at + 1, &close, holes, escapes, multi);
    }

    fn character(&mut self) {
        let rest = &self.bytes[self.at + 1..self.bytes.len().min(self.at + 14)];
        let skip = usize::from(rest.first() == Some(&b'\\')) + 1;
        let close = rest
            .get(skip..)
            .and_then(|rest| memchr::memchr(b'\'', rest));
        let length = close.map(|close| skip + close).filter(|length| {
            rest.first() == Some(&b'\\')
                || std::str::from_utf8(&rest[..*length]).is_ok_and(|text| text.chars().count() == 1)
        });
        match length {
            Some(length) => self.push(Kind::Sign(b'\''), self.at, self.at + length + 2),
            None => self.push(Kind::Sign(b'\''), self.at, self.at + 1),
        }
    }

    /// Reads a text from `body` to `close`.
    fn body(
        &mut self,
        start: usize,
        body: usize,
        close: &str,
        holes: Holes,
        escapes: bool,
        multi: bool,
    ) {
        let mut pieces = Vec::new();
        let mut literal: Vec<u8> = Vec::new();
        let mut at = body;
        let mut done = false;
        while let Some(byte) = self.bytes.get(at).copied() {
            if self.bytes[at..].starts_with(close.as_bytes()) {
                done = true;
                break;
            }
            if byte == b'\n' && !multi {
                break;
            }
            if byte == b'\\' && escapes {
                match self.bytes.get(at + 1) {
                    Some(b'n' | b't' | b'r') => literal.push(b' '),
                    Some(b'\n') => literal.push(b' '),
                    Some(b'\r') => literal.push(b' '),
                    Some(other) => literal.push(*other),
                    None => {}
                }
                at += 2;
                continue;
            }
            match self.hole(at, holes) {
                Some((code, end)) => {
                    pieces.push(Piece::Literal(text(&mut literal)));
                    pieces.push(Piece::Code(code));
                    at = end;
                }
                None => {
                    literal.push(byte);
                    at += 1;
                }
            }
        }
        if !done && !multi {
            // Nobody closes it on its line: it is no text.
            self.push(Kind::Sign(self.bytes[start]), start, body.max(start + 1));
            return;
        }
        literal.truncate(LONGEST);
        pieces.push(Piece::Literal(text(&mut literal)));
        self.push(Kind::Text(pieces), start, at + close.len());
    }

    /// The code at a place of a text, and where it ends.
    fn hole(&self, at: usize, holes: Holes) -> Option<(String, usize)> {
        let byte = *self.bytes.get(at)?;
        let next = self.bytes.get(at + 1).copied();
        let braced = |open: usize| {
            let end = closing(self.bytes, open);
            let code = self.text.get(open..end).unwrap_or_default();
            Some((code.trim().to_owned(), end + 1))
        };
        let named = |from: usize| {
            let mut end = from;
            while self.bytes.get(end).is_some_and(|byte| is_word(*byte)) {
                end += 1;
            }
            // `$order->id`
            if holes == Holes::Php && self.bytes[end..].starts_with(b"->") {
                end += 2;
                while self.bytes.get(end).is_some_and(|byte| is_word(*byte)) {
                    end += 1;
                }
            }
            (end > from).then(|| (self.text.get(from..end).unwrap_or_default().to_owned(), end))
        };
        match (holes, byte, next) {
            (Holes::Braces, b'{', Some(next)) if next != b'{' => braced(at + 1),
            (Holes::Dollar | Holes::DollarName | Holes::Php, b'$', Some(b'{')) => braced(at + 2),
            (Holes::Hash, b'#', Some(b'{')) => braced(at + 2),
            (Holes::Php, b'{', Some(b'$')) => braced(at + 1),
            (Holes::DollarName, b'$', Some(next)) if next.is_ascii_alphabetic() => named(at + 1),
            (Holes::Php, b'$', Some(next)) if is_word(next) => {
                named(at + 1).map(|(name, end)| (format!("${name}"), end))
            }
            _ => None,
        }
    }

    /// `%q(…)`, `%Q(…)`, `%(…)`.
    fn percent(&mut self) {
        let start = self.at;
        let letter = self.peek(1).filter(|byte| matches!(byte, b'q' | b'Q'));
        let open = self.peek(1 + usize::from(letter.is_some()));
        let close = match open {
            Some(b'(') => ")",
            Some(b'[') => "]",
            Some(b'{') => "}",
            Some(b'|') => "|",
            _ => {
                self.push(Kind::Sign(b'%'), start, start + 1);
                return;
            }
        };
        let holes = match letter {
            Some(b'q') => Holes::None,
            _ => Holes::Hash,
        };
        let body = start + 2 + usize::from(letter.is_some());
        self.balanced(start, body, close, holes);
    }

    /// A text up to the bracket that closes it, with brackets inside.
    fn balanced(&mut self, start: usize, body: usize, close: &str, holes: Holes) {
        let open = match close {
            ")" => b'(',
            "]" => b'[',
            "}" => b'{',
            _ => 0,
        };
        let mut depth = 0;
        let mut end = body;
        while let Some(byte) = self.bytes.get(end) {
            if *byte == open {
                depth += 1;
            } else if close.as_bytes() == [*byte] {
                if depth == 0 {
                    break;
                }
                depth -= 1;
            }
            end += 1;
        }
        let pieces = self.pieces(body, end, holes);
        self.push(Kind::Text(pieces), start, end + 1);
    }

    /// The pieces of a text between two places.
    fn pieces(&self, from: usize, to: usize, holes: Holes) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut literal = Vec::new();
        let mut at = from;
        while at < to {
            match self.hole(at, holes) {
                Some((code, end)) => {
                    pieces.push(Piece::Literal(text(&mut literal)));
                    pieces.push(Piece::Code(code));
                    at = end;
                }
                None => {
                    literal.push(self.bytes[at]);
                    at += 1;
                }
            }
        }
        pieces.push(Piece::Literal(text(&mut literal)));
        pieces
    }

    /// `<<~SQL`, `<<'SQL'`, `<<<SQL`: the text starts on the next line.
    fn heredoc(&mut self, signs: usize) {
        let start = self.at;
        let mut at = start + signs;
        while matches!(self.bytes.get(at), Some(b'~' | b'-' | b' '))
            && (signs == 3 || self.bytes[at] != b' ')
        {
            at += 1;
        }
        let quote = self
            .bytes
            .get(at)
            .copied()
            .filter(|byte| matches!(byte, b'"' | b'\''));
        at += usize::from(quote.is_some());
        let from = at;
        while self.bytes.get(at).is_some_and(|byte| is_word(*byte)) {
            at += 1;
        }
        let mark = self.text.get(from..at).unwrap_or_default();
        let is_mark = mark.starts_with(|c: char| {
            c.is_ascii_uppercase() || c == '_' || (signs == 3 && c.is_alphabetic())
        });
        if !is_mark {
            self.push(Kind::Sign(b'<'), start, start + 1);
            return;
        }
        let holes = match (quote, self.language) {
            (Some(b'\''), _) => Holes::None,
            (_, Language::Php) => Holes::Php,
            _ => Holes::Hash,
        };
        self.pending.push((self.list.len(), mark.to_owned(), holes));
        self.push(
            Kind::Text(Vec::new()),
            start,
            at + usize::from(quote.is_some()),
        );
    }

    /// Reads the heredocs of the line that ended.
    fn heredocs(&mut self) {
        for (token, mark, holes) in std::mem::take(&mut self.pending) {
            let from = self.at;
            let mut at = from;
            let mut end = self.bytes.len();
            while at < self.bytes.len() {
                let line_end = memchr::memchr(b'\n', &self.bytes[at..])
                    .map_or(self.bytes.len(), |end| at + end);
                let line = self.text.get(at..line_end).unwrap_or_default().trim_start();
                let rest = line.strip_prefix(mark.as_str());
                if rest.is_some_and(|rest| {
                    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
                }) {
                    end = at;
                    // Code can go on behind the mark, in PHP.
                    let indent = line_end - at - line.len();
                    at += indent + mark.len();
                    break;
                }
                at = line_end + 1;
            }
            let pieces = self.pieces(from, end, holes);
            self.at = at.min(self.bytes.len());
            if let Some(token) = self.list.get_mut(token) {
                token.kind = Kind::Text(pieces);
            }
        }
    }
}

fn text(bytes: &mut Vec<u8>) -> String {
    let text = String::from_utf8_lossy(bytes).into_owned();
    bytes.clear();
    text
}

/// Where the brace closes that opened before a place; texts inside may hold braces.
fn closing(bytes: &[u8], from: usize) -> usize {
    let mut depth = 0;
    let mut at = from;
    let end = bytes.len().min(from + 4096);
    while at < end {
        match bytes[at] {
            b'{' => depth += 1,
            b'}' if depth == 0 => return at,
            b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    end
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
