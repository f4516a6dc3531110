//! Where does the head of a Dart file end: its directives, with comments and annotations between them?
//!
//! Directives stand before all declarations, so that the grammar has to read no more.

/// The words that start a directive.
const DIRECTIVES: &[&str] = &["augment", "export", "import", "library", "part"];

/// The text up to the end of the last directive; a directive that is never closed ends with the text.
pub(super) fn head(text: &[u8]) -> &[u8] {
    let mut scan = Scan { text, at: 0 };
    let mut end = 0;
    loop {
        scan.blank();
        let start = scan.at;
        match scan.peek() {
            Some(b'@') => scan.annotation(),
            Some(_) if DIRECTIVES.contains(&scan.word()) && !scan.is_declaration() => {
                scan.skip_to_semicolon();
                end = scan.at;
            }
            _ => break,
        }
        if scan.at == start {
            break;
        }
    }
    &text[..end]
}

struct Scan<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Scan<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn starts(&self, with: &str) -> bool {
        self.text[self.at.min(self.text.len())..].starts_with(with.as_bytes())
    }

    /// Skips white space, comments, and the line `#!`.
    fn blank(&mut self) {
        loop {
            if self.starts("//") || self.at == 0 && self.starts("#!") {
                let rest = &self.text[self.at..];
                self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            } else if self.starts("/*") {
                self.block();
            } else if self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// Skips a comment in which comments may nest.
    fn block(&mut self) {
        let mut depth = 0usize;
        while self.at < self.text.len() {
            if self.starts("/*") {
                depth += 1;
                self.at += 2;
            } else if self.starts("*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return;
                }
            } else {
                self.at += 1;
            }
        }
    }

    /// The word that comes next; it is not skipped.
    fn word(&self) -> &'t str {
        let rest = &self.text[self.at..];
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
        let end = rest.iter().position(|byte| !is_word(byte));
        std::str::from_utf8(&rest[..end.unwrap_or(rest.len())]).unwrap_or_default()
    }

    /// Whether the word that comes next is a name after all: `part(…)`, `library = 1`, `import x()`.
    fn is_declaration(&self) -> bool {
        let rest = self.text[self.at + self.word().len()..].trim_ascii_start();
        matches!(rest.first(), Some(b'(' | b'=' | b'<' | b'.' | b','))
    }

    /// Skips `@a.b(…)`.
    fn annotation(&mut self) {
        self.at += 1;
        loop {
            self.at += self.word().len();
            match self.peek() {
                Some(b'.') => self.at += 1,
                Some(b'(') => return self.brackets(),
                _ => return,
            }
        }
    }

    fn brackets(&mut self) {
        let mut depth = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b'\'' | b'"' => self.string(byte),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// Goes to the closing quote of a text; one on a single line ends with it at the latest.
    fn string(&mut self, quote: u8) {
        let triple = [quote; 3];
        let long = self.text[self.at..].starts_with(&triple);
        self.at += if long { 3 } else { 1 };
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' => self.at += 1,
                b'\n' if !long => return,
                byte if byte == quote && !long => return,
                byte if byte == quote && self.text[self.at..].starts_with(&triple) => {
                    self.at += 2;
                    return;
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    fn skip_to_semicolon(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b';' => {
                    self.at += 1;
                    return;
                }
                b'\'' | b'"' => self.string(byte),
                b'/' if self.starts("//") || self.starts("/*") => {
                    self.blank();
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.text.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(text: &str) -> &str {
        &text[head(text.as_bytes()).len()..]
    }

    #[test]
    fn it_ends_with_the_last_directive() {
        assert_eq!(
            rest(
                "/* a /* b */\nimport 'c'; */\n@A.b(')', [1])\nlibrary d;\n// e\nimport 'f;'\n  // ;\n  show g;\n\nclass H {}\nimport 'i';"
            ),
            "\n\nclass H {}\nimport 'i';"
        );
        assert_eq!(rest("#!/bin/dart\nimport 'a';"), "");
        assert_eq!(rest("part(1);"), "part(1);");
        assert_eq!(rest("imported();"), "imported();");
        assert_eq!(rest("import 'a"), "");
        for text in [
            "@",
            "@a(",
            "/*",
            "'",
            "é",
            "import '''",
            "@@",
            "//",
            "#!",
            "import \\",
        ] {
            head(text.as_bytes());
        }
    }
}
