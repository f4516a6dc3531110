//! Which paths a Rust file names: `use` trees and paths in code, made absolute; test code is left out.

use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};

/// What one file names.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub paths: Vec<Named>,
    /// Modules that are declared for tests only, in files of their own: absolute.
    pub test_modules: Vec<Vec<String>>,
    /// Traits that the file implements: the last segment.
    pub implements: Vec<String>,
}

/// A path as the compiler sees it: `crate` comes first when it is ours.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub line: usize,
    pub path: Vec<String>,
}

/// Reads the file `file`, a path below `src/`.
pub(crate) fn names(file: &str, text: &str) -> Names {
    let mut reader = Reader {
        tokens: tokens(text),
        modules: modules(file),
        names: Names::default(),
    };
    reader.read();
    reader.names
}

/// The module that a file below `src/` is.
pub(crate) fn modules(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs");
    let path = path.strip_suffix("/mod").unwrap_or(path);
    match path {
        "lib" | "main" => vec!["crate".to_owned()],
        _ => ["crate"]
            .into_iter()
            .chain(path.split('/'))
            .map(str::to_owned)
            .collect(),
    }
}

#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    line: usize,
    word: bool,
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let (mut at, mut line) = (0, 1);
    let mut found = Vec::new();
    for token in tokenize(text, FrontmatterAllowed::No) {
        let end = at + token.len as usize;
        let piece = &text[at..end];
        let kept = match token.kind {
            TokenKind::Whitespace
            | TokenKind::LineComment { .. }
            | TokenKind::BlockComment { .. } => None,
            TokenKind::Ident => Some((piece, true)),
            TokenKind::RawIdent => Some((piece.trim_start_matches("r#"), true)),
            TokenKind::Literal { .. } => Some(("literal", false)),
            _ => Some((piece, false)),
        };
        found.extend(kept.map(|(text, word)| Token { text, line, word }));
        line += piece.matches('\n').count();
        at = end;
    }
    found
}

struct Reader<'a> {
    tokens: Vec<Token<'a>>,
    /// Where the reader stands: absolute.
    modules: Vec<String>,
    names: Names,
}

impl Reader<'_> {
    fn read(&mut self) {
        // Whether each open brace is a module's.
        let mut braces = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            if let Some(end) = self.test_item(at) {
                at = end;
            } else if self.text(at) == "mod" && self.word(at + 1) && self.text(at + 2) == "{" {
                self.modules.push(self.text(at + 1).to_owned());
                braces.push(true);
                at += 3;
            } else if self.text(at) == "{" {
                braces.push(false);
                at += 1;
            } else if self.text(at) == "}" {
                if braces.pop() == Some(true) {
                    self.modules.pop();
                }
                at += 1;
            } else if self.word(at) {
                at = self.path(at, Vec::new());
            } else {
                at += 1;
            }
        }
    }

    /// Reads one path or `use` tree; returns where it ends, always behind `at`.
    fn path(&mut self, mut at: usize, mut path: Vec<String>) -> usize {
        let line = self.tokens[at].line;
        loop {
            let segment = self.text(at).to_owned();
            if segment == "{" {
                return self.group(at + 1, &path);
            }
            if self.text(at + 1) == "for" {
                self.names.implements.push(segment.clone());
            }
            match (segment.as_str(), path.is_empty()) {
                ("self", true) => path.clone_from(&self.modules),
                ("super", true) => path = self.modules[..self.modules.len() - 1].to_vec(),
                ("super", false) => _ = path.pop(),
                ("self", false) => {}
                _ => path.push(segment),
            }
            at += 1;
            let more = self.text(at) == ":" && self.text(at + 1) == ":";
            if !more || !(self.word(at + 2) || matches!(self.text(at + 2), "{" | "*")) {
                break;
            }
            at += 2;
        }
        if path.len() > 1 {
            self.names.paths.push(Named { line, path });
        }
        at
    }

    /// Reads the trees of a group up to its end.
    fn group(&mut self, mut at: usize, path: &[String]) -> usize {
        while at < self.tokens.len() && self.text(at) != "}" {
            at = match self.text(at) {
                "as" => at + 2,
                "*" | "{" => self.path(at, path.to_vec()),
                _ if self.word(at) => self.path(at, path.to_vec()),
                _ => at + 1,
            };
        }
        at + 1
    }

    /// Where an item that `#[cfg(test)]` guards ends.
    fn test_item(&mut self, at: usize) -> Option<usize> {
        if self.text(at) != "#" || self.text(at + 1) != "[" || self.text(at + 2) != "cfg" {
            return None;
        }
        let end = self.closing(at + 1)?;
        let has = |word| self.tokens[at..end].iter().any(|token| token.text == word);
        if !has("test") || has("not") {
            return None;
        }
        let mut next = end;
        while next < self.tokens.len() {
            match self.text(next) {
                "mod" if self.text(next + 2) == ";" => {
                    let mut module = self.modules.clone();
                    module.push(self.text(next + 1).to_owned());
                    self.names.test_modules.push(module);
                    next += 1;
                }
                ";" | "," => return Some(next + 1),
                "{" => return self.closing(next),
                "(" | "[" => next = self.closing(next)?,
                _ => next += 1,
            }
        }
        Some(next)
    }

    /// Behind the bracket that closes the one at `at`.
    fn closing(&self, at: usize) -> Option<usize> {
        let mut depth = 0usize;
        for (index, token) in self.tokens.iter().enumerate().skip(at) {
            match token.text {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                return Some(index + 1);
            }
        }
        None
    }

    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text)
    }

    fn word(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.word)
    }
}

#[test]
fn trees_groups_and_relative_paths_become_absolute() {
    let text = "
        use crate::model::{self, name::{Key, Template as T}, *};
        use super::other;
        mod inner { use super::super::sibling::X; }
        fn f() { std::fs::read(r#\"crate::not::a::path\"#); self::g() } // crate::nor::this
    ";
    let found = names("extract/cargo/mod.rs", text);
    let found: Vec<_> = found
        .paths
        .iter()
        .map(|named| named.path.join("::"))
        .collect();
    let expected = [
        "crate::model",
        "crate::model::name::Key",
        "crate::model::name::Template",
        "crate::model::*",
        "crate::extract::other",
        "crate::extract::sibling::X",
        "std::fs::read",
        "crate::extract::cargo::g",
    ];
    assert_eq!(found, expected);
}

#[test]
fn test_code_is_left_out() {
    let text = "
        #[cfg(test)] mod testing;
        #[cfg(all(test, unix))] mod tests { use crate::source::TextSource; }
        #[cfg(test)] use crate::source::TextSource;
        #[cfg(not(test))] use crate::model::Key;
        impl crate::rules::Rule for DirectLink {}
    ";
    let found = names("rules/direct_link.rs", text);
    let paths: Vec<_> = found
        .paths
        .iter()
        .map(|named| named.path.join("::"))
        .collect();
    assert_eq!(paths, ["crate::model::Key", "crate::rules::Rule"]);
    assert_eq!(
        found.test_modules,
        [["crate", "rules", "direct_link", "testing"]]
    );
    assert_eq!(found.implements, ["Rule"]);
}
