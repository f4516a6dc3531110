//! Which files does a PHP file take in: `require __DIR__ . '/../bootstrap.php'`?
//!
//! Source: <https://www.php.net/manual/en/function.include.php>

use std::ops::Range;

use super::tokens::{Kind, Tokens};
use crate::extract::strings::{Constants, Text};
use crate::model::{Template, join, parent};

/// The deepest nesting of an expression, and the most tokens of one.
const DEPTH: usize = 16;
const LENGTH: usize = 64;

/// A file that is taken in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Include {
    pub(super) path: Template,
    /// Whether the path starts where the code lies; else PHP looks in its include path first.
    pub(super) anchored: bool,
    pub(super) bytes: Range<usize>,
}

/// Reads the expressions that start at tokens; `path` is the file's own.
pub(super) fn includes(
    source: &[u8],
    tokens: &Tokens,
    starts: &[usize],
    path: &str,
) -> Vec<Include> {
    if starts.is_empty() {
        return Vec::new();
    }
    let constants = constants(source, tokens, path);
    let read = |start: &usize| {
        let mut reader = Reader::new(source, tokens, *start, path);
        let text = reader.concatenation(0);
        let end = reader.at.checked_sub(1)?;
        let bytes = tokens.list.get(*start)?.bytes().start..tokens.list.get(end)?.bytes().end;
        let folded = constants.template(&text);
        if let Some(text) = folded.as_text() {
            let anchored = text.strip_prefix(ROOT);
            let path = match anchored {
                Some(path) => join("", path.trim_start_matches('/'))?,
                None => join(parent(reader.path), text)?,
            };
            return Some(Include {
                path: path.into(),
                anchored: anchored.is_some(),
                bytes,
            });
        }
        // A path of which only the file is known is told as unresolved; one of which nothing is known says nothing.
        let known = folded.to_string();
        known.ends_with(".php").then_some(Include {
            path: folded,
            anchored: false,
            bytes,
        })
    };
    starts.iter().filter_map(read).collect()
}

/// What stands in front of a path from the root of the repository, while it is put together.
const ROOT: &str = "\u{0}/";

/// Constants and variables with one text each.
fn constants(source: &[u8], tokens: &Tokens, path: &str) -> Constants {
    let mut constants = Constants::default();
    for (at, token) in tokens.list.iter().enumerate() {
        let kind = |at: usize| tokens.list.get(at).map(|token| token.kind);
        let is_assigned = kind(at + 1) == Some(Kind::Byte(b'='))
            && kind(at + 2) != Some(Kind::Byte(b'='))
            && kind(at.wrapping_sub(1)) != Some(Kind::Scope);
        let text = || text(source, token.bytes());
        match token.kind {
            Kind::Variable | Kind::Name if is_assigned => {
                let mut reader = Reader::new(source, tokens, at + 2, path);
                constants.define(text(), reader.concatenation(0));
            }
            Kind::Name if text().eq_ignore_ascii_case("define") => {
                if let (Some(Kind::Byte(b'(')), Some(name), Some(Kind::Byte(b','))) =
                    (kind(at + 1), tokens.list.get(at + 2), kind(at + 3))
                    && name.kind == Kind::Text
                {
                    let name = unquoted(source, name.bytes());
                    let mut reader = Reader::new(source, tokens, at + 4, path);
                    constants.define(name, reader.concatenation(0));
                }
            }
            _ => {}
        }
    }
    constants
}

struct Reader<'a> {
    source: &'a [u8],
    tokens: &'a Tokens,
    at: usize,
    end: usize,
    path: &'a str,
}

impl<'a> Reader<'a> {
    fn new(source: &'a [u8], tokens: &'a Tokens, at: usize, path: &'a str) -> Self {
        Self {
            source,
            tokens,
            at,
            end: tokens.list.len().min(at + LENGTH),
            path,
        }
    }

    fn kind(&self) -> Option<Kind> {
        let token = self.tokens.list[..self.end].get(self.at)?;
        Some(token.kind)
    }

    fn take(&mut self, kind: Kind) -> bool {
        let is_it = self.kind() == Some(kind);
        self.at += usize::from(is_it);
        is_it
    }

    /// `a . b . c`
    fn concatenation(&mut self, depth: usize) -> Text {
        let mut parts = vec![self.term(depth)];
        while self.take(Kind::Byte(b'.')) {
            parts.push(self.term(depth));
        }
        // What goes on in another way is another text.
        match self.kind() {
            None | Some(Kind::Byte(b';' | b')' | b',' | b']' | b'}' | b'?') | Kind::Html) => {
                Text::Join(parts)
            }
            Some(_) => Text::Unknown,
        }
    }

    fn term(&mut self, depth: usize) -> Text {
        let Some(token) = self.tokens.list[..self.end].get(self.at) else {
            return Text::Unknown;
        };
        if depth > DEPTH {
            return Text::Unknown;
        }
        self.at += 1;
        match token.kind {
            Kind::Text => Text::Literal(unquoted(self.source, token.bytes())),
            Kind::Variable => Text::Local(text(self.source, token.bytes()).to_owned()),
            Kind::Byte(b'(') => {
                let inner = self.concatenation(depth + 1);
                self.take(Kind::Byte(b')'));
                inner
            }
            Kind::Name => {
                let name = text(self.source, token.bytes()).trim_start_matches('\\');
                if name.eq_ignore_ascii_case("__DIR__") {
                    Text::Literal(format!("{ROOT}{}", parent(self.path)))
                } else if name.eq_ignore_ascii_case("__FILE__") {
                    Text::Literal(format!("{ROOT}{}", self.path))
                } else if name.eq_ignore_ascii_case("dirname") && self.take(Kind::Byte(b'(')) {
                    self.dirname(depth)
                } else if self.take(Kind::Byte(b'(')) {
                    self.skip_arguments();
                    Text::Unknown
                } else {
                    Text::Local(name.to_owned())
                }
            }
            _ => Text::Unknown,
        }
    }

    /// To behind the bracket that closes the one before.
    fn skip_arguments(&mut self) {
        let mut depth = 1usize;
        while let Some(kind) = self.kind().filter(|_| depth > 0) {
            match kind {
                Kind::Byte(b'(') => depth += 1,
                Kind::Byte(b')') => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// `dirname(path, levels)`
    fn dirname(&mut self, depth: usize) -> Text {
        let path = Constants::default().literal(&self.concatenation(depth + 1));
        let mut levels = 1;
        if self.take(Kind::Byte(b','))
            && let Some(token) = self.tokens.list[..self.end].get(self.at)
        {
            levels = text(self.source, token.bytes()).parse().unwrap_or(0);
            self.at += 1;
        }
        let Some(path) = path.as_deref().and_then(|path| path.strip_prefix(ROOT)) else {
            self.take(Kind::Byte(b')'));
            return Text::Unknown;
        };
        if !self.take(Kind::Byte(b')')) || !(1..=DEPTH).contains(&levels) {
            return Text::Unknown;
        }
        match join(path, &"../".repeat(levels)) {
            Some(path) => Text::Literal(format!("{ROOT}{path}")),
            None => Text::Unknown,
        }
    }
}

fn text(source: &[u8], bytes: Range<usize>) -> &str {
    let bytes = source.get(bytes).unwrap_or_default();
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// What a quoted text says; paths have no other escapes than these.
fn unquoted(source: &[u8], bytes: Range<usize>) -> String {
    let inner = bytes.start + 1..bytes.end.saturating_sub(1).max(bytes.start + 1);
    text(source, inner)
        .replace("\\\\", "\\")
        .replace("\\'", "'")
}

#[cfg(test)]
mod tests {
    use super::super::names::Names;
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let tokens = Tokens::new(text.as_bytes(), false);
        let names = Names::new(text.as_bytes(), &tokens);
        includes(
            text.as_bytes(),
            &tokens,
            &names.includes,
            "shop/web/index.php",
        )
        .into_iter()
        .map(|found| format!("{}{}", found.path, if found.anchored { "" } else { " ?" }))
        .collect()
    }

    #[test]
    fn paths_are_put_together_as_php_does() {
        assert_eq!(
            paths(
                "<?php define('ROOT', dirname(__DIR__, 2)); $lib = __DIR__ . '/lib';
require_once __DIR__ . '/../boot.php'; include(dirname(__FILE__) . \"/a.php\");
require ROOT . '/ledger/b.php'; include $lib . '/c.php'; require 'd.php'; $x = require(__DIR__.'/e.php') ?: f();"
            ),
            [
                "shop/boot.php",
                "shop/web/a.php",
                "ledger/b.php",
                "shop/web/lib/c.php",
                "shop/web/d.php ?",
                "shop/web/e.php",
            ]
        );
    }

    #[test]
    fn what_nobody_knows_is_not_guessed() {
        assert_eq!(
            paths(
                "<?php require $file; require f($x) . '/a.php'; require __DIR__ . '/../../../../x.php'; require dirname(__DIR__, 9);"
            ),
            ["{}/a.php ?"]
        );
        let deep = format!("<?php require {}", "(".repeat(10_000));
        assert!(paths(&deep).is_empty());
    }
}
