//! Files of properties, as Java has them: one pair a line, with comments, continued lines and escapes.
//!
//! Source: <https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)>

use std::ops::Range;

/// What stands between the words of a line.
const BLANKS: &[char] = &[' ', '\t', '\u{c}'];

/// A line of a file of properties.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Pair {
        key: String,
        value: String,
        /// The value as it is written, the key where there is none.
        bytes: Range<usize>,
    },
    /// `#---`: what follows is a document of its own, as Spring has it.
    Document,
}

/// The lines of a text.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let start = at + blank(&text[at..]);
        let rest = &text[start..];
        match rest.as_bytes().first() {
            Some(b'#' | b'!') => {
                let end = line_end(rest);
                if rest[1..end].trim_end() == "---" {
                    found.push(Line::Document);
                }
                at = start + end;
            }
            Some(b'\n' | b'\r') | None => at = start + usize::from(!rest.is_empty()),
            Some(_) => {
                let end = start + logical_end(rest);
                found.push(pair(text, start, end));
                at = end;
            }
        }
    }
    found
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start_matches(BLANKS).len()
}

fn line_end(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

/// Where a line ends that may go on behind a backslash.
fn logical_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if bytes.get(at + 1) == Some(&b'\r') && bytes.get(at + 2) == Some(&b'\n') => {
                at += 3;
            }
            b'\\' => at += 2,
            b'\n' | b'\r' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn pair(text: &str, start: usize, end: usize) -> Line {
    let line = &text[start..end];
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() && !matches!(bytes[at], b'=' | b':' | b' ' | b'\t' | 0x0c) {
        at += 1 + usize::from(bytes[at] == b'\\');
    }
    let key_end = floor(line, at.min(bytes.len()));
    let mut value = key_end + blank(&line[key_end..]);
    if line[value..].starts_with(['=', ':']) {
        value += 1;
        value += blank(&line[value..]);
    }
    let written = line[value..].trim_end();
    let bytes = match written.is_empty() {
        true => start..start + key_end,
        false => start + value..start + value + written.len(),
    };
    Line::Pair {
        key: unescaped(&line[..key_end], BLANKS),
        value: unescaped(written, BLANKS),
        bytes,
    }
}

/// The nearest boundary of characters at or before an offset.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A text without its escapes, which literals of Java have, too; these blanks go in front of a line that goes on.
///
/// Source: <https://docs.oracle.com/javase/specs/jls/se21/html/jls-3.html#jls-3.10.7>
pub(super) fn unescaped(text: &str, blanks: &[char]) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(next) = rest.next() {
        if next != '\\' {
            plain.push(next);
            continue;
        }
        match rest.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some('f') => plain.push('\u{c}'),
            Some('u') => {
                let code = rest.as_str().trim_start_matches('u');
                let found = code
                    .get(..4)
                    .and_then(|hex| u32::from_str_radix(hex, 16).ok());
                if let Some(found) = found {
                    plain.extend(char::from_u32(found));
                    rest = code[4..].chars();
                }
            }
            Some('\n') => rest = rest.as_str().trim_start_matches(blanks).chars(),
            Some('\r') => {
                let next = rest.as_str();
                let next = next.strip_prefix('\n').unwrap_or(next);
                rest = next.trim_start_matches(blanks).chars();
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let lines = lines(text).into_iter().map(|line| match line {
            Line::Pair { key, value, bytes } => format!("{key}={value} @{}", &text[bytes]),
            Line::Document => "---".to_owned(),
        });
        lines.collect()
    }

    #[test]
    fn pairs_comments_escapes_and_continued_lines_are_read() {
        assert_eq!(
            read("# c\na=b\n  c.d : e f \n!x\ng h\\=i\nj\\ k = \\u0041\\\n   B\n#---\r\nl=\r\nm"),
            [
                "a=b @b",
                "c.d=e f @e f",
                "g=h=i @h\\=i",
                "j k=AB @\\u0041\\\n   B",
                "---",
                "l= @l",
                "m= @m"
            ]
        );
    }

    #[test]
    fn hostile_texts_end() {
        for piece in ["\\", "=", "\\u", "é=é\\é", "\r", "#", "\\\r\n"] {
            lines(&piece.repeat(10_000));
        }
    }
}
