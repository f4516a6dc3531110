//! How much of a text a grammar has to read, where what is wanted stands at starts of lines near its top?
//!
//! Grammars read ten to twenty megabytes a second; looking at the start of each line costs almost nothing.

/// The text up to the end of the last line that starts with one of the words, and of the statement that it starts.
///
/// `ends` tells whether a line completes the statement; at most a few lines are looked at for it.
pub(super) fn up_to_last(
    text: &[u8],
    starts: impl Fn(&[u8]) -> bool,
    ends: impl Fn(&[u8]) -> bool,
) -> &[u8] {
    /// The most lines of one statement.
    const LINES: usize = 64;
    let mut last = 0;
    let mut open = 0;
    let mut at = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        let line = line.trim_ascii();
        let is_start = starts(line);
        if is_start || open > 0 {
            last = at;
            open = match (is_start, ends(line)) {
                (_, true) => 0,
                (true, false) => LINES,
                (false, false) => open - 1,
            };
        }
    }
    &text[..last]
}

/// Whether a line starts with a word, and not with a longer one.
pub(super) fn starts_with_word(line: &[u8], word: &str) -> bool {
    line.strip_prefix(word.as_bytes()).is_some_and(|rest| {
        rest.first().is_none_or(|byte| {
            !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'$' | 0x80..)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> &str {
        let header = up_to_last(
            text.as_bytes(),
            |line| starts_with_word(line, "import"),
            |line| line.ends_with(b";"),
        );
        &text[..header.len()]
    }

    #[test]
    fn it_ends_with_the_last_statement() {
        assert_eq!(
            header("// a\nimport 'b'\n  show c;\nclass D {}\n"),
            "// a\nimport 'b'\n  show c;\n"
        );
        assert_eq!(header("imported();\nint import_;\n"), "");
        assert_eq!(header("a\n  import b;"), "a\n  import b;");
        assert_eq!(header("import"), "import");
    }

    #[test]
    fn a_statement_that_never_ends_is_cut() {
        let text = format!("import 'a'\n{}", "x\n".repeat(1000));
        assert!(header(&text).len() < 200);
    }
}
