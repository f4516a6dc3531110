//! What does a text of the source come to, with its escapes and, in Kotlin, the names in it?

use super::{Scope, Value, Values};
use crate::extract::properties::unescaped;
use crate::model::Template;

impl Values<'_, '_> {
    /// A text of the source; in Kotlin it may hold names and expressions.
    pub(super) fn literal(&self, quoted: &str, scope: Scope, depth: usize) -> Value {
        let raw = quoted.starts_with("\"\"\"");
        let body = match raw {
            true => quoted
                .trim_start_matches("\"\"\"")
                .trim_end_matches("\"\"\""),
            false => quoted
                .get(1..quoted.len().saturating_sub(1))
                .unwrap_or_default(),
        };
        if !self.source.is_kotlin() {
            return Value::text(plain(body)).typed("String");
        }
        let mut value = Value::text("").typed("String");
        let mut rest = body;
        while let Some(at) = unquoted_dollar(rest, raw) {
            value.append(vec![kotlin_text(&rest[..at], raw)]);
            let found = &rest[at + 1..];
            let name_len = found
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(found.len());
            if let Some(inside) = found.strip_prefix('{') {
                let end = closing(inside);
                value.append(self.piece(&inside[..end], scope, depth));
                rest = inside.get(end + 1..).unwrap_or_default();
            } else if name_len > 0 {
                let piece = self.named(&found[..name_len], scope, depth + 1);
                value.append(piece.unwrap_or_default().or_hole());
                rest = &found[name_len..];
            } else {
                value.append(vec!["$".into()]);
                rest = found;
            }
        }
        value.append(vec![kotlin_text(rest, raw)]);
        value
    }

    /// `${name}` and `${a.b}` in a text of Kotlin; anything longer is not known.
    fn piece(&self, inside: &str, scope: Scope, depth: usize) -> Vec<Template> {
        let is_name =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
        let inside = inside.trim();
        let inside = inside.strip_prefix("this.").unwrap_or(inside);
        let mut pieces = inside.split('.');
        let first = pieces.next().unwrap_or_default();
        if !is_name(first) {
            return Value::default().or_hole();
        }
        let mut value = match self.named(first, scope, depth + 1) {
            Some(value) => value,
            None if first.starts_with(|c: char| c.is_uppercase()) => match pieces.next() {
                Some(member) if is_name(member) => Value::text(self.slot_of(first, member)),
                _ => Value::default(),
            },
            None => Value::default(),
        };
        for piece in pieces {
            value = match is_name(piece) {
                true => self.member(value, piece),
                false => Value::default(),
            };
        }
        value.or_hole()
    }
}

/// Where a `$` stands that no backslash takes its meaning from.
fn unquoted_dollar(text: &str, raw: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if !raw => at += 2,
            b'$' => return Some(at),
            _ => at += 1,
        }
    }
    None
}

fn kotlin_text(text: &str, raw: bool) -> Template {
    match raw {
        true => text.into(),
        false => plain(text).into(),
    }
}

/// A text without its escapes; a text block of Java may go on in the next line.
fn plain(text: &str) -> String {
    unescaped(text, &[])
}

/// Where the brace closes around a piece of code, at the end when it does not.
fn closing(text: &str) -> usize {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return at,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_texts_are_read() {
        assert_eq!(plain(r#"\u002fa\uu002fb\f\""#), "/a/b\u{c}\"");
        assert_eq!(plain("http://a\\\n  /x\\\r\n/y"), "http://a  /x/y");
    }
}
