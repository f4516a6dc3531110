//! The texts that code puts together, with what constants of the file they hold.

use std::ops::Range;

use super::lexer::{Kind, Piece, Token};
use crate::extract::strings::{Constants, Text};
use crate::model::Language;

/// The longest chain of pieces.
const PIECES: usize = 256;

/// A text of the code.
pub(super) struct Chain {
    pub(super) text: Text,
    pub(super) bytes: Range<usize>,
}

/// Every text of the code, put together, and the constants of the file.
pub(super) fn chains(
    source: &str,
    tokens: &[Token],
    language: Language,
) -> (Vec<Chain>, Constants) {
    let reader = Reader {
        source,
        tokens,
        language,
    };
    let mut chains = Vec::new();
    let mut constants = Constants::default();
    let mut at = 0;
    while at < tokens.len() {
        if !matches!(tokens[at].kind, Kind::Text(_)) {
            at += 1;
            continue;
        }
        let (parts, end) = reader.chain(at);
        let text = Text::Join(parts);
        if let Some(name) = reader.defines(at) {
            constants.define(name, text.clone());
        }
        let last = end.max(at + 1) - 1;
        chains.push(Chain {
            text,
            bytes: tokens[at].bytes.start..tokens[last].bytes.end,
        });
        at = end.max(at + 1);
    }
    (chains, constants)
}

struct Reader<'t> {
    source: &'t str,
    tokens: &'t [Token],
    language: Language,
}

impl<'t> Reader<'t> {
    fn word(&self, at: usize) -> Option<&'t str> {
        let token = self
            .tokens
            .get(at)
            .filter(|token| token.kind == Kind::Word)?;
        self.source.get(token.bytes.clone())
    }

    fn is(&self, at: usize, sign: u8) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::Sign(sign))
    }

    /// A text and what is joined to it, up to where it ends.
    fn chain(&self, at: usize) -> (Vec<Text>, usize) {
        let mut parts = self.text(at);
        let mut at = at + 1;
        while parts.len() < PIECES {
            // `"a" "b"` is one text.
            let side_by_side = matches!(
                self.language,
                Language::Python | Language::Ruby | Language::C | Language::Cpp | Language::Dart
            );
            if side_by_side && self.is_text(at) {
                parts.extend(self.text(at));
                at += 1;
                continue;
            }
            let Some(operand) = self.operator(at) else {
                break;
            };
            let (more, end) = self.operand(operand);
            parts.extend(more);
            at = end;
        }
        (parts, at)
    }

    fn is_text(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| matches!(token.kind, Kind::Text(_)))
    }

    /// Behind the sign that joins texts.
    fn operator(&self, at: usize) -> Option<usize> {
        match self.language {
            Language::Php => self.is(at, b'.').then_some(at + 1),
            Language::Elixir => (self.is(at, b'<') && self.is(at + 1, b'>')).then_some(at + 2),
            _ => (self.is(at, b'+') && !self.is(at + 1, b'=')).then_some(at + 1),
        }
    }

    /// A text, a name, or a call of which nothing is known.
    fn operand(&self, at: usize) -> (Vec<Text>, usize) {
        if self.is_text(at) {
            return (self.text(at), at + 1);
        }
        if self.is(at, b'(') {
            return (vec![Text::Unknown], self.closed(at));
        }
        let mut at = at;
        let mut name = None;
        let mut known = true;
        while let Some(word) = self.word(at) {
            name = Some(word);
            at += 1;
            while self.is(at, b'(') || self.is(at, b'[') {
                known = false;
                at = self.closed(at);
            }
            let joins = match self.language {
                Language::Php => (self.is(at, b':') && self.is(at + 1, b':')
                    || self.is(at, b'-') && self.is(at + 1, b'>'))
                .then_some(2),
                Language::Rust | Language::Cpp | Language::Ruby if self.is(at, b':') => {
                    self.is(at + 1, b':').then_some(2)
                }
                _ => self.is(at, b'.').then_some(1),
            };
            match joins {
                Some(signs) => at += signs,
                None => break,
            }
        }
        let text = match name.filter(|_| known) {
            Some(name) => Text::Local(name.to_owned()),
            None => Text::Unknown,
        };
        (vec![text], at)
    }

    /// Behind the bracket that closes the one at a place.
    fn closed(&self, at: usize) -> usize {
        let mut depth = 0usize;
        for (number, token) in self.tokens.iter().enumerate().skip(at).take(512) {
            match token.kind {
                Kind::Sign(b'(' | b'[') => depth += 1,
                Kind::Sign(b')' | b']') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return number + 1;
                    }
                }
                _ => {}
            }
        }
        at + 1
    }

    fn text(&self, at: usize) -> Vec<Text> {
        let Some(Token {
            kind: Kind::Text(pieces),
            ..
        }) = self.tokens.get(at)
        else {
            return vec![Text::Unknown];
        };
        let read = |piece: &Piece| match piece {
            Piece::Literal(text) => Text::Literal(text.clone()),
            Piece::Code(code) => named(code).map_or(Text::Unknown, Text::Local),
        };
        pieces.iter().map(read).collect()
    }

    /// The name that a text is given: `NAME = "…"`, `NAME := "…"`, `NAME: &str = "…"`, `NAME string = "…"`.
    fn defines(&self, at: usize) -> Option<String> {
        let mut at = at.checked_sub(1)?;
        if !self.is(at, b'=') {
            return None;
        }
        at = at.checked_sub(1)?;
        // `+=` and its kin add to what is there.
        if [b'+', b'.', b'=', b'!', b'<', b'>']
            .iter()
            .any(|sign| self.is(at, *sign))
        {
            return None;
        }
        if self.is(at, b':') {
            at = at.checked_sub(1)?;
        }
        if self.language == Language::Go && self.word(at) == Some("string") {
            at = at.checked_sub(1)?;
        }
        self.word(self.typed(at).unwrap_or(at)).map(str::to_owned)
    }

    /// The name in front of a type that ends at a place: `NAME: &str`.
    fn typed(&self, end: usize) -> Option<usize> {
        let line = self.tokens.get(end)?.bytes.start;
        for at in (end.saturating_sub(8)..end).rev() {
            let token = &self.tokens[at];
            let between = self.source.get(token.bytes.end..line)?;
            if between.contains('\n') {
                return None;
            }
            match token.kind {
                Kind::Sign(b':') => return at.checked_sub(1),
                Kind::Word | Kind::Sign(b'&' | b'\'' | b'<' | b'>' | b'.' | b'[' | b']') => {}
                _ => return None,
            }
        }
        None
    }
}

/// The name that a piece of code is: `table`, `self.table`, `Orders.TABLE`.
fn named(code: &str) -> Option<String> {
    let code = code.trim();
    let is_path = !code.is_empty()
        && code
            .chars()
            .all(|c| c.is_alphanumeric() || "_.$:@>-".contains(c));
    let last = code.rsplit(['.', ':', '>']).next()?;
    (is_path && !last.is_empty()).then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::lexer::tokens;
    use super::*;

    fn read(source: &str, language: Language) -> Vec<String> {
        let tokens = tokens(source, language);
        let (chains, constants) = chains(source, &tokens, language);
        chains
            .iter()
            .map(|chain| constants.template(&chain.text).to_string())
            .filter(|text| text.contains("FROM"))
            .collect()
    }

    #[test]
    fn texts_of_each_language_are_put_together() {
        for (language, source, expected) in [
            (
                Language::Go,
                "const table = \"orders\"\nq := `SELECT 'x'\nFROM ` + table + \" WHERE id = $1\" + where(a, b)",
                "SELECT 'x'\nFROM orders WHERE id = $1{}",
            ),
            (
                Language::Java,
                "// \"SELECT FROM comment\"\nstatic final String T = \"orders\"; char c = '\"'; String q = \"SELECT * \" +\n \"FROM \" + Names.T;",
                "SELECT * FROM orders",
            ),
            (
                Language::Java,
                "String q = \"\"\"\n  SELECT \"id\"\n  FROM orders\n\"\"\";",
                "\n  SELECT \"id\"\n  FROM orders\n",
            ),
            (
                Language::Kotlin,
                "const val T: String = \"orders\"\nval q = \"SELECT 1 FROM $T WHERE ${a.b} = 1\"",
                "SELECT 1 FROM orders WHERE {} = 1",
            ),
            (
                Language::Python,
                "T = 'orders'\nq = (f\"SELECT {{}} \"  # why\n  f'FROM {T} ' \"WHERE 1\")",
                "SELECT {{}} FROM orders WHERE 1",
            ),
            (
                Language::Python,
                "q = r\"\"\"SELECT it's\nFROM orders\"\"\" % x",
                "SELECT it's\nFROM orders",
            ),
            (
                Language::TypeScript,
                "const T = 'orders'; const r = /[\"'/]/.test(x); const q = sql`SELECT \\`id\\` ` + `FROM ${T} ${f({a: 1})}`;",
                "SELECT `id` FROM orders {}",
            ),
            (
                Language::JavaScript,
                "<p>Don't</p>\nconst q = 'SELECT 1 FROM orders';",
                "SELECT 1 FROM orders",
            ),
            (
                Language::CSharp,
                "const string T = \"orders\"; var a = '\"'; var q = $@\"SELECT \"\"Id\"\" FROM {T}\nWHERE x = {y(1)}\";",
                "SELECT \"Id\" FROM orders\nWHERE x = {}",
            ),
            (
                Language::CSharp,
                "var q = \"\"\"\n  SELECT \"Id\" FROM ordering.orders\n  \"\"\";",
                "\n  SELECT \"Id\" FROM ordering.orders\n  ",
            ),
            (
                Language::Ruby,
                "T = 'orders'\nx = run(<<~SQL, 1)\n  SELECT 1\n  FROM #{T}\nSQL\ny = 'it'",
                "  SELECT 1\n  FROM orders\n",
            ),
            (
                Language::Php,
                "<p>it's</p><?php $t = 'orders'; # \"\n$q = \"SELECT 1 FROM $t WHERE x = {$a->b}\" . self::X;",
                "SELECT 1 FROM orders WHERE x = {}{}",
            ),
            (
                Language::Php,
                "<?php $q = <<<SQL\n  SELECT 1 FROM orders\n  SQL;\n",
                "  SELECT 1 FROM orders\n",
            ),
            (
                Language::Rust,
                "fn a<'a>(x: &'a str) { let q = r#\"SELECT \"id\" FROM orders\"#; let c = '\"'; }",
                "SELECT \"id\" FROM orders",
            ),
        ] {
            assert_eq!(read(source, language), [expected], "{source}");
        }
    }

    #[test]
    fn what_is_assigned_twice_or_added_to_is_not_known() {
        let source = "t = 'a'\nt = 'b'\nu += 'c'\nq = 'SELECT 1 FROM ' + t + u";
        assert_eq!(read(source, Language::Python), ["SELECT 1 FROM {}{}"]);
    }
}
