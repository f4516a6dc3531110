//! The lines of `go.mod` and `go.work`: a verb and its arguments, blocks taken apart, with spans.
//!
//! Source: <https://go.dev/ref/mod#go-mod-file-lexical>

use std::borrow::Cow;
use std::ops::Range;

use crate::extract::allowances;
use crate::extract::utf8;
use crate::model::{Facts, Parsed, SourceFile};

/// The most lines of one file.
const LINES: usize = 20_000;

/// One directive, whether it stands alone or in a block.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'t> {
    pub(super) verb: &'t str,
    pub(super) arguments: Vec<Word<'t>>,
    /// What stands behind `//` on the same line.
    pub(super) comment: &'t str,
    /// From the first word of the line to the last.
    pub(super) bytes: Range<usize>,
}

/// One word, without its quotes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) bytes: Range<usize>,
}

/// Everything that a file has.
#[derive(Debug, Default)]
pub(super) struct Lines<'t> {
    pub(super) lines: Vec<Line<'t>>,
    pub(super) comments: Vec<Range<usize>>,
    /// What is not as the format has it, in order.
    pub(super) wrong: Vec<(Range<usize>, String)>,
}

/// Reads a whole file; what keeps it from being read, and what its comments allow, is told.
pub(super) fn read<'t>(file: &SourceFile<'t>, facts: &mut Facts<'_>) -> Option<Lines<'t>> {
    let text = utf8::text(file, facts)?;
    facts.parsed(Parsed::Whole);
    let lines = Lines::new(text);
    if allowances::promised(file.bytes) {
        allowances::tell(file.bytes, &lines.comments, |_| 0, facts);
    }
    Some(lines)
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut found = Self::default();
        // The verb of the block that is open.
        let mut block: Option<(&'t str, Range<usize>)> = None;
        let mut start = 0;
        for raw in text.split_inclusive('\n') {
            let (words, comment) = found.words(text, start..start + raw.len());
            start += raw.len();
            if found.lines.len() >= LINES {
                let message = format!("more than {LINES} lines; the rest is not read");
                found.wrong.push((start..start, message));
                break;
            }
            let (Some(first), Some(last)) = (words.first(), words.last()) else {
                continue;
            };
            let bytes = first.bytes.start..last.bytes.end;
            let closes = words.len() == 1 && first.text == ")";
            let opens = words.len() == 2 && last.text == "(";
            match &block {
                Some(_) if closes => block = None,
                None if opens => block = Some((&text[first.bytes.clone()], first.bytes.clone())),
                Some((verb, _)) => found.lines.push(Line {
                    verb,
                    arguments: words,
                    comment,
                    bytes,
                }),
                None => {
                    let verb = &text[first.bytes.clone()];
                    let arguments = words.into_iter().skip(1).collect();
                    found.lines.push(Line {
                        verb,
                        arguments,
                        comment,
                        bytes,
                    });
                }
            }
        }
        if let Some((_, bytes)) = block {
            found.wrong.push((bytes, "this block is not closed".into()));
        }
        found
    }

    /// The words of one line, and its comment.
    fn words(&mut self, text: &'t str, line: Range<usize>) -> (Vec<Word<'t>>, &'t str) {
        let mut words = Vec::new();
        let mut at = line.start;
        while at < line.end {
            let rest = &text[at..line.end];
            let Some(first) = rest.chars().next() else {
                break;
            };
            if first.is_whitespace() {
                at += first.len_utf8();
            } else if rest.starts_with("//") {
                let comment = rest.trim_end();
                self.comments.push(at..at + comment.len());
                return (words, comment[2..].trim());
            } else if matches!(first, '"' | '`') {
                let word = self.quoted(text, at..line.end, first);
                at = word.bytes.end;
                words.push(word);
            } else {
                let length = word_length(rest);
                let bytes = at..at + length;
                words.push(Word {
                    text: Cow::Borrowed(&text[bytes.clone()]),
                    bytes,
                });
                at += length;
            }
        }
        (words, "")
    }

    /// A quoted word; one that is not closed ends with its line.
    fn quoted(&mut self, text: &'t str, rest: Range<usize>, quote: char) -> Word<'t> {
        let inner = &text[rest.start + 1..rest.end];
        let mut escaped = false;
        let close = inner.find(|c| {
            let ends = c == quote && !escaped;
            escaped = quote == '"' && c == '\\' && !escaped;
            ends
        });
        let end = close.unwrap_or_else(|| {
            let bytes = rest.start..rest.start + 1;
            self.wrong.push((bytes, "this quote is not closed".into()));
            inner.trim_end().len()
        });
        let raw = &inner[..end];
        let text = if quote == '"' && raw.contains('\\') {
            // No module path and hardly a folder has anything to escape but the backslash and the quote.
            Cow::Owned(raw.replace("\\\\", "\\").replace("\\\"", "\""))
        } else {
            Cow::Borrowed(raw)
        };
        Word {
            text,
            bytes: rest.start..rest.start + 1 + end + usize::from(close.is_some()),
        }
    }
}

/// The length of a word that is not quoted: up to blanks, a comment or a mark that is a word of its own.
fn word_length(rest: &str) -> usize {
    const MARKS: [char; 5] = ['(', ')', ',', '[', ']'];
    if rest.starts_with("=>") {
        return 2;
    }
    if rest.starts_with(MARKS) {
        return 1;
    }
    let end = rest.char_indices().find(|(at, c)| {
        c.is_whitespace()
            || MARKS.contains(c)
            || rest[*at..].starts_with("//")
            || rest[*at..].starts_with("=>")
    });
    end.map_or(rest.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let lines = Lines::new(text);
        let mut shown: Vec<String> = lines
            .lines
            .iter()
            .map(|line| {
                let words: Vec<&str> = line.arguments.iter().map(|word| &*word.text).collect();
                format!("{} [{}] {}", line.verb, words.join("|"), line.comment)
            })
            .collect();
        shown.extend(
            lines
                .wrong
                .into_iter()
                .map(|(bytes, message)| format!("! {message}: {}", &text[bytes])),
        );
        shown
    }

    #[test]
    fn blocks_comments_and_quotes_are_taken_apart() {
        assert_eq!(
            shown(
                "// a module\r\nmodule \"example.com/a\" // mine\r\nrequire (\n\tb v1.0.0 // indirect\n\n\t// c\n\t`d` v2\n)\nreplace b => ../b\nretract [v1.0.0, v1.2.0]"
            ),
            [
                "module [example.com/a] mine",
                "require [b|v1.0.0] indirect",
                "require [d|v2] ",
                "replace [b|=>|../b] ",
                "retract [[|v1.0.0|,|v1.2.0|]] ",
            ]
        );
    }

    #[test]
    fn what_is_open_is_told_and_ends_with_its_line() {
        assert_eq!(
            shown("module \"a\nrequire (\nb v1"),
            [
                "module [a] ",
                "require [b|v1] ",
                "! this quote is not closed: \"",
                "! this block is not closed: require",
            ]
        );
        assert_eq!(
            shown("require x//y\n\"\\\\"),
            [
                "require [x] y",
                "\"\\\\ [] ",
                "! this quote is not closed: \""
            ]
        );
    }
}
