//! Lines and columns, made from byte offsets when something is printed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{FileId, Span, secrets};

/// Where the lines of a text start.
#[derive(Clone, Debug, Default)]
pub struct LineTable {
    starts: Vec<u32>,
}

/// A place for people: line and column from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// The lines that a span touches, in three parts; what is not UTF-8 is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched<'a> {
    /// The number of the first line, from 1.
    pub line: u32,
    /// From the start of the first line to the span.
    pub before: Cow<'a, str>,
    /// The span, without line ends behind its last text.
    pub inside: Cow<'a, str>,
    /// From the span to the end of its last line.
    pub after: Cow<'a, str>,
}

impl LineTable {
    /// Reads the line starts of a text.
    pub fn new(bytes: &[u8]) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', bytes).map(|at| at as u32 + 1));
        Self { starts }
    }

    /// The line of an offset, from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset) as u32
    }

    /// The bytes of a line (from 1), with its end.
    pub fn range(&self, line: u32) -> (u32, Option<u32>) {
        let index = line.saturating_sub(1) as usize;
        (
            self.starts.get(index).copied().unwrap_or(0),
            self.starts.get(index + 1).copied(),
        )
    }
}

/// The texts of those files that something printable points into.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    files: BTreeMap<FileId, (Vec<u8>, LineTable)>,
    hidden: bool,
}

impl Texts {
    /// Keeps the text of a file; a byte order mark is dropped, as spans do not count it, and passwords are overwritten.
    pub fn insert(&mut self, file: FileId, bytes: Vec<u8>) {
        let bytes = without_passwords(without_bom(&bytes));
        let lines = LineTable::new(&bytes);
        self.files.insert(file, (bytes, lines));
    }

    /// Overwrites all contents; lines, columns and offsets stay what they are.
    pub fn hide(&mut self) {
        self.hidden = true;
        for (bytes, _) in self.files.values_mut() {
            let mut blank = String::with_capacity(bytes.len());
            for chunk in bytes.utf8_chunks() {
                blank.extend(chunk.valid().chars().map(|c| blank_of(c.len_utf8(), c)));
                if !chunk.invalid().is_empty() {
                    blank.push(blank_of(chunk.invalid().len(), char::REPLACEMENT_CHARACTER));
                }
            }
            *bytes = blank.into_bytes();
        }
    }

    /// Whether the contents are hidden, so that a line shows nothing.
    pub fn are_hidden(&self) -> bool {
        self.hidden
    }

    /// Line and column of the start of a span; 1:1 when the text is not there.
    pub fn position(&self, span: Span) -> Position {
        let Some((bytes, lines)) = self.files.get(&span.file) else {
            return Position { line: 1, column: 1 };
        };
        let offset = span.start.min(bytes.len() as u32);
        let line = lines.line(offset);
        let before = &bytes[lines.range(line).0 as usize..offset as usize];
        let column = String::from_utf8_lossy(before).chars().count() as u32 + 1;
        Position { line, column }
    }

    /// The text of the line in which a span starts, without its end.
    pub fn line(&self, span: Span) -> Option<String> {
        let (bytes, lines) = self.files.get(&span.file)?;
        let (start, end) = lines.range(lines.line(span.start.min(bytes.len() as u32)));
        let end = end.map_or(bytes.len(), |end| end as usize);
        let line = &bytes[start as usize..end];
        Some(String::from_utf8_lossy(line).trim_end().to_owned())
    }

    /// The lines that a span touches; `None` when the text is not there.
    pub fn touched(&self, span: Span) -> Option<Touched<'_>> {
        let (bytes, lines) = self.files.get(&span.file)?;
        let start = (span.start as usize).min(bytes.len());
        let end = (span.end as usize).clamp(start, bytes.len());
        let line = lines.line(start as u32);
        let inside = &bytes[start..end];
        let ends = inside.iter().rev();
        let ends = ends
            .take_while(|byte| matches!(byte, b'\n' | b'\r'))
            .count();
        let inside = &inside[..inside.len() - ends];
        let rest = &bytes[start + inside.len()..];
        let after = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        Some(Touched {
            line,
            before: String::from_utf8_lossy(&bytes[lines.range(line).0 as usize..start]),
            inside: String::from_utf8_lossy(inside),
            after: String::from_utf8_lossy(after.strip_suffix(b"\r").unwrap_or(after)),
        })
    }
}

/// The content with its passwords overwritten; lines, columns and offsets stay what they are.
fn without_passwords(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        let text = chunk.valid();
        let mut from = 0;
        for hidden in secrets::passwords(text) {
            out.extend_from_slice(&text.as_bytes()[from..hidden.start]);
            let blank = text[hidden.clone()].chars();
            let blank: String = blank.map(|c| blank_of(c.len_utf8(), c)).collect();
            out.extend_from_slice(blank.as_bytes());
            from = hidden.end;
        }
        out.extend_from_slice(&text.as_bytes()[from..]);
        out.extend_from_slice(chunk.invalid());
    }
    out
}

/// A sign of as many bytes, and as many UTF-16 code units; what breaks lines or is blank stays.
fn blank_of(bytes: usize, c: char) -> char {
    match bytes {
        _ if matches!(c, '\n' | '\r' | '\t' | ' ') => c,
        1 => '.',
        2 => '·',
        3 => '…',
        _ => '🍕',
    }
}

/// The bytes after a UTF-8 byte order mark.
pub fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_overwritten_where_they_stand() {
        let mut texts = Texts::default();
        let text = b"x\nA=http://u:p\xc3\xa4ss@h z \xff".to_vec();
        texts.insert(FileId(0), text);
        let span = Span {
            file: FileId(0),
            start: 22,
            end: 23,
        };
        assert_eq!(
            texts.line(span).unwrap(),
            "A=http://u:.\u{b7}..@h z \u{fffd}"
        );
        assert_eq!(texts.position(span).column, 20);
    }

    #[test]
    fn columns_count_characters() {
        let mut texts = Texts::default();
        texts.insert(FileId(0), "a\nü = 🍕x\n".into());
        let offset = "a\nü = 🍕".len() as u32;
        let span = Span {
            file: FileId(0),
            start: offset,
            end: offset + 1,
        };
        assert_eq!(texts.position(span), Position { line: 2, column: 6 });
        assert_eq!(texts.line(span).as_deref(), Some("ü = 🍕x"));
    }

    #[test]
    fn a_span_tells_the_lines_that_it_touches() {
        let mut texts = Texts::default();
        texts.insert(FileId(0), b"a\r\nbc d\r\ne\xfff g\r\n".into());
        let touched = |start, end| {
            let file = FileId(0);
            let touched = texts.touched(Span { file, start, end }).unwrap();
            let Touched { line, .. } = touched;
            (
                line,
                format!("{}|{}|{}", touched.before, touched.inside, touched.after),
            )
        };
        assert_eq!(touched(4, 5), (2, "b|c| d".to_owned()));
        assert_eq!(touched(6, 12), (2, "bc |d\r\ne\u{fffd}f| g".to_owned()));
        assert_eq!(touched(6, 9), (2, "bc |d|".to_owned()));
        assert_eq!(touched(400, 3).1, "||");
        assert_eq!(
            texts.touched(Span {
                file: FileId(1),
                start: 0,
                end: 1
            }),
            None
        );
    }

    #[test]
    fn hidden_texts_keep_their_places() {
        let text = b"a\tb = \"\xc3\xbc\xff \xf0\x9f\x8d\x95\"\r\nnext line\n";
        let mut open = Texts::default();
        open.insert(FileId(0), text.to_vec());
        let mut hidden = open.clone();
        hidden.hide();
        for start in 0..text.len() as u32 {
            let span = Span {
                file: FileId(0),
                start,
                end: start + 1,
            };
            assert_eq!(open.position(span), hidden.position(span), "{start}");
        }
        let span = Span::default();
        assert_eq!(hidden.line(span).as_deref(), Some(".\t. . .·. 🍕."));
    }

    #[test]
    fn a_byte_order_mark_counts_neither_as_offset_nor_as_column() {
        let mut texts = Texts::default();
        texts.insert(FileId(0), "\u{feff}abc".into());
        let span = Span {
            file: FileId(0),
            start: 2,
            end: 3,
        };
        assert_eq!(texts.position(span), Position { line: 1, column: 3 });
        assert_eq!(texts.line(span).as_deref(), Some("abc"));
    }
}
