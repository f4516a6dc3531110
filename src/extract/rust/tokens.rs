//! The tokens of a Rust file with their bytes and matching brackets, whatever state the file is in.

use std::borrow::Cow;
use std::ops::Range;

use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, strip_shebang, tokenize};

/// A token that is neither blank nor comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: u32,
    pub(super) end: u32,
    /// The index of the matching bracket; the token's own index for all else.
    pub(super) mate: u32,
}

/// A file as tokens.
#[derive(Debug)]
pub(super) struct Tokens<'t> {
    pub(super) text: &'t str,
    pub(super) list: Vec<Token>,
    /// What is wrong first, with its place.
    pub(super) problem: Option<(Range<usize>, &'static str)>,
}

/// The text of a file in which each byte that is not UTF-8 is a blank, so that offsets stay true.
///
/// The second value is the place of the first such byte.
pub(super) fn readable(bytes: &[u8]) -> (Cow<'_, str>, Option<usize>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(error) => {
            let mut text = String::with_capacity(bytes.len());
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                text.extend(chunk.invalid().iter().map(|_| ' '));
            }
            (Cow::Owned(text), Some(error.valid_up_to()))
        }
    }
}

impl<'t> Tokens<'t> {
    /// Splits a text into tokens; text beyond 4 GB is not read.
    pub(super) fn new(text: &'t str) -> Self {
        let mut tokens = Self {
            text,
            list: Vec::with_capacity(text.len() / 5),
            problem: None,
        };
        let mut start = strip_shebang(text).unwrap_or(0) as u32;
        for token in tokenize(&text[start as usize..], FrontmatterAllowed::Yes) {
            let Some(end) = start.checked_add(token.len) else {
                break;
            };
            if let Some(message) = broken(token.kind) {
                tokens.note(start..end, message);
            }
            let skip = matches!(
                token.kind,
                TokenKind::Whitespace
                    | TokenKind::LineComment { .. }
                    | TokenKind::BlockComment { .. }
                    | TokenKind::Frontmatter { .. }
            );
            if !skip {
                tokens.list.push(Token {
                    kind: token.kind,
                    start,
                    end,
                    mate: tokens.list.len() as u32,
                });
            }
            start = end;
        }
        tokens.pair();
        tokens
    }

    /// The kind of a token; none beyond the end.
    pub(super) fn kind(&self, at: usize) -> Option<TokenKind> {
        self.list.get(at).map(|token| token.kind)
    }

    /// Whether there is such a token.
    pub(super) fn is(&self, at: usize, kind: TokenKind) -> bool {
        self.kind(at) == Some(kind)
    }

    /// The bytes of a token; empty at the end of the text beyond the last.
    pub(super) fn bytes(&self, at: usize) -> Range<usize> {
        match self.list.get(at) {
            Some(token) => token.start as usize..token.end as usize,
            None => self.text.len()..self.text.len(),
        }
    }

    /// The text of an identifier without `r#`; empty for any other token.
    pub(super) fn ident(&self, at: usize) -> &'t str {
        match self.kind(at) {
            Some(TokenKind::Ident) => &self.text[self.bytes(at)],
            Some(TokenKind::RawIdent) => {
                let text = &self.text[self.bytes(at)];
                text.strip_prefix("r#").unwrap_or(text)
            }
            _ => "",
        }
    }

    /// Whether the token is this keyword or plain identifier (a raw one is none).
    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.is(at, TokenKind::Ident) && &self.text[self.bytes(at)] == word
    }

    /// Whether `::` starts at a token.
    pub(super) fn is_path_separator(&self, at: usize) -> bool {
        self.is(at, TokenKind::Colon)
            && self.is(at + 1, TokenKind::Colon)
            && self.bytes(at).end == self.bytes(at + 1).start
    }

    /// The index of the matching bracket, which is never before an opening one.
    pub(super) fn mate(&self, at: usize) -> usize {
        self.list.get(at).map_or(at, |token| token.mate as usize)
    }

    /// The value of a string literal without escapes.
    pub(super) fn string(&self, at: usize) -> Option<&'t str> {
        let TokenKind::Literal { kind, .. } = self.kind(at)? else {
            return None;
        };
        let text = &self.text[self.bytes(at)];
        match kind {
            LiteralKind::Str { terminated: true } if !text.contains('\\') => {
                text.strip_prefix('"')?.strip_suffix('"')
            }
            LiteralKind::RawStr { n_hashes: Some(_) } => {
                let text = text.strip_prefix('r')?.trim_matches('#');
                text.strip_prefix('"')?.strip_suffix('"')
            }
            _ => None,
        }
    }

    fn note(&mut self, bytes: Range<u32>, message: &'static str) {
        let bytes = bytes.start as usize..bytes.end as usize;
        self.problem.get_or_insert((bytes, message));
    }

    /// Finds matching brackets; an opening one that nothing closes ends with the file.
    fn pair(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        let mut counts = [0_usize; 3];
        for at in 0..self.list.len() {
            let Some((bracket, opens)) = bracket(self.list[at].kind) else {
                continue;
            };
            if opens {
                open.push(at);
                counts[bracket] += 1;
                continue;
            }
            if counts[bracket] == 0 {
                self.unbalanced(at);
                continue;
            }
            while let Some(opener) = open.pop() {
                let (other, _) = bracket_of(self.list[opener].kind);
                counts[other] -= 1;
                self.list[opener].mate = at as u32;
                if other == bracket {
                    self.list[at].mate = opener as u32;
                    break;
                }
                self.unbalanced(opener);
            }
        }
        let last = self.list.len().saturating_sub(1) as u32;
        for opener in open {
            self.list[opener].mate = last;
            self.unbalanced(opener);
        }
    }

    fn unbalanced(&mut self, at: usize) {
        let Token { start, end, .. } = self.list[at];
        self.note(start..end, "a bracket without its counterpart");
    }
}

/// Which bracket a token is, and whether it opens.
pub(super) fn bracket(kind: TokenKind) -> Option<(usize, bool)> {
    match kind {
        TokenKind::OpenParen => Some((0, true)),
        TokenKind::CloseParen => Some((0, false)),
        TokenKind::OpenBrace => Some((1, true)),
        TokenKind::CloseBrace => Some((1, false)),
        TokenKind::OpenBracket => Some((2, true)),
        TokenKind::CloseBracket => Some((2, false)),
        _ => None,
    }
}

fn bracket_of(kind: TokenKind) -> (usize, bool) {
    bracket(kind).expect("only brackets are pushed on the stack")
}

fn broken(kind: TokenKind) -> Option<&'static str> {
    let TokenKind::Literal { kind, .. } = kind else {
        let broken = matches!(
            kind,
            TokenKind::BlockComment {
                terminated: false,
                ..
            }
        );
        return broken.then_some("a comment without end");
    };
    let broken = matches!(
        kind,
        LiteralKind::Char { terminated: false }
            | LiteralKind::Byte { terminated: false }
            | LiteralKind::Str { terminated: false }
            | LiteralKind::ByteStr { terminated: false }
            | LiteralKind::CStr { terminated: false }
            | LiteralKind::RawStr { n_hashes: None }
            | LiteralKind::RawByteStr { n_hashes: None }
            | LiteralKind::RawCStr { n_hashes: None }
    );
    broken.then_some("a literal without end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_find_their_mates_also_in_a_broken_file() {
        let mates = |text| -> Vec<usize> {
            let tokens = Tokens::new(text);
            (0..tokens.list.len()).map(|at| tokens.mate(at)).collect()
        };
        assert_eq!(mates("(a[b])"), [5, 1, 4, 3, 2, 0]);
        assert_eq!(mates("{(}"), [2, 2, 0]);
        assert_eq!(mates("]{"), [0, 1]);
    }

    #[test]
    fn what_is_broken_has_a_place() {
        for (text, place) in [
            ("fn a() {", 7..8),
            ("a)", 1..2),
            ("x \"abc", 2..6),
            ("/* /* */", 0..8),
            ("r#\"a\"", 0..5),
        ] {
            let problem = Tokens::new(text).problem.map(|(place, _)| place);
            assert_eq!(problem, Some(place), "{text}");
        }
        assert_eq!(Tokens::new("fn a() { 'x' }").problem, None);
    }

    #[test]
    fn bytes_that_are_no_text_keep_their_place() {
        let (text, at) = readable(b"// \xe9t\xe9\nuse a::b;");
        assert_eq!((&*text, at), ("//  t \nuse a::b;", Some(3)));
    }

    #[test]
    fn string_literals_have_values() {
        for text in ["\"a/b\"", "r\"a/b\"", "r##\"a/b\"##"] {
            assert_eq!(Tokens::new(text).string(0), Some("a/b"), "{text}");
        }
        assert_eq!(Tokens::new("\"a\\n\"").string(0), None);
        assert_eq!(Tokens::new("b\"a\"").string(0), None);
    }
}
