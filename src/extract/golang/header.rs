//! Where does the part of a Go file end that can hold imports? A cheap scan, so that only this part is parsed.
//!
//! Source: <https://go.dev/ref/spec#Source_file_organization>

/// The offset behind the last import declaration; what is broken gives a smaller or a larger part, never a wrong import.
pub(super) fn end(text: &[u8]) -> usize {
    let mut scan = Scan { text, at: 0 };
    let mut end = 0;
    loop {
        scan.blank();
        match scan.word() {
            b"package" => {
                scan.blank();
                scan.word();
            }
            b"import" => scan.import(),
            _ => return end,
        }
        end = scan.at;
    }
}

struct Scan<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Scan<'t> {
    /// Skips white space, semicolons and comments.
    fn blank(&mut self) {
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'/' if self.text[self.at..].starts_with(b"//") => self.skip_past(b"\n"),
                b'/' if self.text[self.at..].starts_with(b"/*") => {
                    self.at += 2;
                    self.skip_past(b"*/");
                }
                b';' => self.at += 1,
                byte if byte.is_ascii_whitespace() => self.at += 1,
                _ => return,
            }
        }
    }

    /// The word here; empty when there is none.
    fn word(&mut self) -> &'t [u8] {
        let rest = &self.text[self.at..];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
        let length = rest.iter().take_while(|byte| is_part(byte)).count();
        self.at += length;
        &rest[..length]
    }

    /// What follows the word `import`: one path with or without a name, or several in parentheses.
    fn import(&mut self) {
        self.blank();
        let several = self.text.get(self.at) == Some(&b'(');
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b')' => {
                    self.at += 1;
                    return;
                }
                b'"' | b'`' => {
                    self.quoted(*byte);
                    if !several {
                        return;
                    }
                }
                b'/' if matches!(self.text.get(self.at + 1), Some(b'/' | b'*')) => self.blank(),
                _ => self.at += 1,
            }
        }
    }

    fn quoted(&mut self, quote: u8) {
        self.at += 1;
        // No import path spans lines: an open quote must not swallow the file.
        let rest = &self.text[self.at..];
        let close = memchr::memchr2(quote, b'\n', rest);
        self.at += close.map_or(rest.len(), |at| at + 1);
    }

    fn skip_past(&mut self, mark: &[u8]) {
        let rest = &self.text[self.at..];
        let end = memchr::memmem::find(rest, mark).map_or(rest.len(), |at| at + mark.len());
        self.at += end;
    }
}

#[cfg(test)]
mod tests {
    use super::end;

    #[test]
    fn the_header_ends_behind_the_last_import() {
        for (header, rest) in [
            (
                "// a\n//go:build x\n\npackage cart",
                "\n\nfunc f() {}\nimport \"late\"\n",
            ),
            ("package cart; import \"a\"; import b `b`", ";\nvar x = 1"),
            (
                "/* import \"x\" */ package cart\nimport (\n\t\"a\" // )\n\t_ \"b\" /* ) */\n\t. \"c\"; d \"d\"\n)",
                "\ntype T int",
            ),
            ("package cart\nimport \"a\"\n// b\nimport(\"b\")", "\n// c"),
            ("package imports", "\nfunc importer() {}"),
            ("", "func main() {}"),
            ("", ""),
        ] {
            let text = format!("{header}{rest}");
            assert_eq!(end(text.as_bytes()), header.len(), "{text}");
        }
    }

    #[test]
    fn what_is_open_ends_with_the_file() {
        for text in [
            "package",
            "package a\nimport",
            "import (",
            "import \"",
            "/*",
            "//",
            "import a",
        ] {
            assert!(end(text.as_bytes()) <= text.len(), "{text}");
        }
    }
}
