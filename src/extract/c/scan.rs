//! The logical lines of a C or C++ file that can be directives or module declarations, and its comments.
//!
//! No syntax tree is made: an `#include` is understood before there is any syntax, in the first four translation
//! phases (<https://eel.is/c++draft/lex.phases>), and holds wherever it stands, also in code that only expands to
//! something valid. These phases are all that is done here: lines joined by a backslash, comments, raw strings,
//! literals. A byte is looked at once, so that a tree of C++ costs little more than reading it, where a grammar
//! would take fifty times as long and would lose its way in macros.

use std::ops::Range;

/// What a scan found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Lines that start with `#` or with a word that starts a module declaration or a program, without comments.
    pub(super) lines: Vec<Line>,
    /// All comments, in order.
    pub(super) comments: Vec<Range<usize>>,
    /// A comment or raw string that is never closed.
    pub(super) open: Option<Range<usize>>,
}

/// A logical line: comments are a space, and lines that a backslash joins are one.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) text: Vec<u8>,
    /// Where it lies in the file.
    pub(super) bytes: Range<usize>,
}

/// The longest raw-string delimiter, <https://eel.is/c++draft/lex.string>.
const DELIMITER: usize = 16;

/// The longest line that is kept: no directive of interest is longer.
const LINE: usize = 4096;

/// No number is longer.
const NUMBER: usize = 128;

/// What ends a run of bytes that mean nothing here.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut at = 0;
    let ends = b"\"'/\n\\";
    while at < ends.len() {
        stops[ends[at] as usize] = true;
        at += 1;
    }
    stops
};

/// Scans a file.
pub(super) fn scan(bytes: &[u8]) -> Scan {
    let mut scanner = Scanner {
        bytes,
        at: 0,
        found: Scan::default(),
        line: None,
    };
    scanner.run();
    scanner.found
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    found: Scan,
    /// The line that is being kept, with the offset of its first byte.
    line: Option<(usize, Vec<u8>)>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        self.start_line();
        while self.at < self.bytes.len() {
            let from = self.at;
            let rest = &self.bytes[from..];
            let run = rest.iter().position(|byte| STOPS[usize::from(*byte)]);
            self.at += run.unwrap_or(rest.len());
            self.keep(from..self.at);
            let Some(byte) = self.bytes.get(self.at) else {
                break;
            };
            match byte {
                b'\n' => {
                    self.end_line();
                    self.at += 1;
                    self.start_line();
                }
                b'\\' => self.backslash(),
                b'/' => self.slash(),
                b'"' => self.string(),
                _ => self.character(),
            }
        }
        self.end_line();
    }

    /// At the first byte of a line: keeps the line when it can matter.
    fn start_line(&mut self) {
        loop {
            while matches!(
                self.bytes.get(self.at),
                Some(b' ' | b'\t' | b'\r' | 0x0b | 0x0c)
            ) {
                self.at += 1;
            }
            // A comment before the sign is white space.
            if self.starts_with(b"/*") {
                let line = self.at;
                self.block_comment();
                if self.bytes[line..self.at].contains(&b'\n') {
                    // Directives may still follow it.
                    continue;
                }
            } else {
                break;
            }
        }
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        if is_candidate(rest) {
            self.line = Some((self.at, Vec::new()));
        }
    }

    fn end_line(&mut self) {
        if let Some((start, text)) = self.line.take() {
            self.found.lines.push(Line {
                text,
                bytes: start..self.at,
            });
        }
    }

    fn keep(&mut self, range: Range<usize>) {
        if let Some((_, text)) = &mut self.line {
            let room = LINE.saturating_sub(text.len());
            let end = range.end.min(range.start + room);
            text.extend_from_slice(&self.bytes[range.start..end]);
        }
    }

    fn starts_with(&self, text: &[u8]) -> bool {
        self.bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(text))
    }

    /// A backslash joins its line with the next one, whatever stands on them.
    fn backslash(&mut self) {
        let rest = &self.bytes[self.at + 1..];
        if rest.starts_with(b"\n") {
            self.at += 2;
        } else if rest.starts_with(b"\r\n") {
            self.at += 3;
        } else {
            self.keep(self.at..self.at + 1);
            self.at += 1;
        }
    }

    fn slash(&mut self) {
        if self.starts_with(b"//") && !self.in_header_name() {
            self.line_comment();
        } else if self.starts_with(b"/*") && !self.in_header_name() {
            self.block_comment();
            self.keep_space();
        } else {
            self.keep(self.at..self.at + 1);
            self.at += 1;
        }
    }

    /// `<sys//types.h>` holds no comment.
    fn in_header_name(&self) -> bool {
        let Some((_, text)) = &self.line else {
            return false;
        };
        let Some(open) = memchr::memchr(b'<', text) else {
            return false;
        };
        let word = text[..open].trim_ascii_start();
        let word = word.strip_prefix(b"#").map(<[u8]>::trim_ascii);
        let names = matches!(word, Some(b"include" | b"include_next" | b"import"));
        names && memchr::memchr(b'>', &text[open..]).is_none()
    }

    fn keep_space(&mut self) {
        if let Some((_, text)) = &mut self.line {
            text.push(b' ');
        }
    }

    /// Ends before the line break, unless a backslash joins the next line to the comment.
    fn line_comment(&mut self) {
        let start = self.at;
        let mut from = start;
        loop {
            let Some(end) = memchr::memchr(b'\n', &self.bytes[from..]).map(|at| from + at) else {
                self.at = self.bytes.len();
                break;
            };
            let line = self.bytes[from..end].strip_suffix(b"\r");
            if line.unwrap_or(&self.bytes[from..end]).ends_with(b"\\") {
                from = end + 1;
                continue;
            }
            self.at = end;
            break;
        }
        let end = self.at - usize::from(self.bytes[start..self.at].ends_with(b"\r"));
        self.found.comments.push(start..end);
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let end = memchr::memmem::find(&self.bytes[start + 2..], b"*/");
        self.at = match end {
            Some(end) => start + 2 + end + 2,
            None => {
                self.found.open = Some(start..start + 2);
                self.bytes.len()
            }
        };
        self.found.comments.push(start..self.at);
    }

    fn string(&mut self) {
        if self.is_raw() {
            self.raw_string();
        } else {
            self.literal(b'"');
        }
    }

    /// `1'000'000` is a number, `u'x'` and `'x'` are literals.
    fn character(&mut self) {
        let before = &self.bytes[self.at.saturating_sub(NUMBER)..self.at];
        let word = before
            .iter()
            .rposition(|byte| !is_word(*byte) && *byte != b'\'');
        let word = &before[word.map_or(0, |at| at + 1)..];
        if word.first().is_some_and(u8::is_ascii_digit) {
            self.keep(self.at..self.at + 1);
            self.at += 1;
        } else {
            self.literal(b'\'');
        }
    }

    /// A literal ends with its line at the latest: in comments of `#error don't` and in text that no compiler sees.
    fn literal(&mut self, quote: u8) {
        let start = self.at;
        let mut at = start + 1;
        while let Some(byte) = self.bytes.get(at) {
            match *byte {
                b'\\' if self.bytes[at + 1..].starts_with(b"\r\n") => at += 3,
                b'\\' => at += 2,
                b'\n' => break,
                byte if byte == quote => {
                    at += 1;
                    break;
                }
                _ => at += 1,
            }
        }
        self.at = at.min(self.bytes.len());
        self.keep(start..self.at);
    }

    /// Whether the quote ends the prefix of a raw string: `R`, `u8R`, `uR`, `UR`, `LR`.
    fn is_raw(&self) -> bool {
        let before = &self.bytes[..self.at];
        let Some(rest) = before.strip_suffix(b"R") else {
            return false;
        };
        let start = rest.iter().rposition(|byte| !is_word(*byte));
        let prefix = &rest[start.map_or(0, |at| at + 1)..];
        matches!(prefix, b"" | b"u8" | b"u" | b"U" | b"L")
    }

    fn raw_string(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start + 1..];
        let head = &rest[..rest.len().min(DELIMITER + 1)];
        let Some(open) = memchr::memchr(b'(', head) else {
            return self.literal(b'"');
        };
        if head[..open]
            .iter()
            .any(|byte| matches!(byte, b' ' | b')' | b'\\' | b'"' | b'\n' | b'\t'))
        {
            return self.literal(b'"');
        }
        let mut close = vec![b')'];
        close.extend_from_slice(&head[..open]);
        close.push(b'"');
        self.at = match memchr::memmem::find(&rest[open..], &close) {
            Some(end) => start + 1 + open + end + close.len(),
            None => {
                self.found.open = Some(start..start + 1);
                self.bytes.len()
            }
        };
        self.keep(start..start + 1);
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a line can be a directive, a module declaration or the head of a program.
fn is_candidate(rest: &[u8]) -> bool {
    match rest.first() {
        Some(b'#') => true,
        // `%:` is another spelling of `#`, <https://eel.is/c++draft/lex.digraph>.
        Some(b'%') => rest.starts_with(b"%:"),
        Some(b'i') => starts_word(rest, b"import") || starts_word(rest, b"int"),
        Some(b'e') => starts_word(rest, b"export"),
        Some(b'm') => starts_word(rest, b"module") || starts_word(rest, b"main"),
        Some(b'a') => starts_word(rest, b"auto"),
        _ => false,
    }
}

fn starts_word(rest: &[u8], word: &[u8]) -> bool {
    rest.strip_prefix(word)
        .is_some_and(|rest| rest.first().is_none_or(|byte| !is_word(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        let scan = scan(text.as_bytes());
        let text = |line: &Line| String::from_utf8_lossy(&line.text).into_owned();
        scan.lines.iter().map(text).collect()
    }

    #[test]
    fn directives_are_kept_with_their_literals_and_without_comments() {
        assert_eq!(
            lines(
                "#include \"a.h\" // b\n  # /* x */ include <c//d.h>\r\nint x; #include \"no.h\"\n/* y */ #if 1\n#pragma \\\n once\n%: define X\n"
            ),
            [
                "#include \"a.h\" ",
                "#   include <c//d.h>\r",
                "int x; #include \"no.h\"",
                "#if 1",
                "#pragma  once",
                "%: define X"
            ]
        );
    }

    #[test]
    fn comments_and_strings_of_any_kind_hide_directives() {
        for text in [
            "/*\n#include \"a.h\"\n*/",
            "// x \\\n#include \"a.h\"",
            "x = R\"(\n#include \"a.h\"\n)\";",
            "x = u8R\"--(\n)\"\n#include \"a.h\"\n)--\";",
            "x = \"a\\\n#include \\\"a.h\\\"\\\n\";",
        ] {
            assert!(lines(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_comment_or_string_hides_nothing() {
        for text in [
            "x = \"/*\";\n#include \"a.h\"",
            "x = '\"';\n#include \"a.h\"",
            "x = 1'000;\n#include \"a.h\"",
            "x = 0xFF'FF'FF;\n#include \"a.h\"",
            "FOR\"(\";\n#include \"a.h\"",
            "x = '\\'';\n#include \"a.h\"",
            "it doesn't\n#include \"a.h\"",
            "x = u'/'; y = '/*';\n#include \"a.h\"",
            "x = R\"(/*)\";\n#include \"a.h\"",
        ] {
            assert_eq!(lines(text), ["#include \"a.h\""], "{text}");
        }
    }

    #[test]
    fn open_ends_are_told_and_end_quickly() {
        assert!(scan(b"x /* y\n#include \"a.h\"").open.is_some());
        assert!(scan(b"R\"x(").open.is_some());
        for piece in [
            "\"", "'", "/*", "R\"(", "\\", "\\\n", "#", "# /* */", "/**/", "//\\\n",
        ] {
            scan(piece.repeat(50_000).as_bytes());
        }
    }
}
