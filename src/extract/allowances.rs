//! Which comments of a file accept what a rule has against a line: `twopizza: allow <rule> -- reason`?
//!
//! Each becomes `file binds allow:<rule> = reason`, with the bytes where it holds:
//! beside code, its own line; alone on its line, the line below, comments between them left out.

use std::ops::Range;

use memchr::memmem;

use crate::model::{Certainty, Claim, Facts, Key, Parsed, Subject, Template};

/// How such a comment starts.
const MARK: &str = "twopizza: allow";

/// The most of them in one file.
const MOST: usize = 1_000;

/// A comment with its delimiters.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    pub(super) bytes: Range<usize>,
    /// Where the statement ends that starts on the line below; 0 when the line tells.
    pub(super) statement_end: usize,
}

impl Comment {
    /// A comment that holds to the end of a line.
    pub(super) fn new(bytes: Range<usize>) -> Self {
        Self {
            bytes,
            statement_end: 0,
        }
    }
}

/// Whether a file can have one, so that others cost nothing more.
pub(super) fn promised(bytes: &[u8]) -> bool {
    memmem::find(bytes, MARK.as_bytes()).is_some()
}

/// States the allowances among the comments of a file, given in order; gives the bytes where each holds.
pub(super) fn tell(bytes: &[u8], comments: &[Comment], facts: &mut Facts<'_>) -> Vec<Range<usize>> {
    let mut held = Vec::new();
    let reach = reach(bytes, comments);
    for (comment, holds) in comments.iter().zip(reach) {
        let text = String::from_utf8_lossy(&bytes[comment.bytes.clone()]);
        match read(&text) {
            None => {}
            Some(Err(message)) => facts.problem(comment.bytes.clone(), message),
            Some(Ok(_)) if held.len() == MOST => {
                let message = format!("more than {MOST} comments that allow; the rest is not read");
                facts.problem(comment.bytes.clone(), message);
                facts.parsed(Parsed::Partly);
                break;
            }
            Some(Ok((rule, reason))) => {
                let claim = Claim::Binds {
                    key: Key::new("allow", rule),
                    value: Template::text(reason),
                };
                facts.push(Subject::File, claim, holds.clone()).certainty = Certainty::Declared;
                held.push(holds);
            }
        }
    }
    held
}

/// Where each comment holds.
fn reach(bytes: &[u8], comments: &[Comment]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::with_capacity(comments.len());
    // The comment below: where its line starts, and where it holds to; when it is alone there.
    let mut below: Option<(usize, usize)> = None;
    for comment in comments.iter().rev() {
        let Range { start, end } = comment.bytes;
        let line = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |at| at + 1);
        let line_end = line_end(bytes, end);
        let before = bytes[line..start].trim_ascii();
        let alone = before.is_empty() && bytes[end..line_end].trim_ascii().is_empty();
        let next = line_end + 1;
        if !alone {
            let first = start - bytes[line..start].trim_ascii_start().len();
            found.push(first..line_end);
            below = None;
            continue;
        }
        let to = match below {
            Some((at, to)) if at == next => to,
            _ => self::line_end(bytes, next).max(comment.statement_end),
        };
        found.push(start..to);
        below = Some((line, to));
    }
    found.reverse();
    found
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(bytes.len(), |at| from + at)
}

/// Rule and reason of a comment that allows; `None` for any other comment.
fn read(comment: &str) -> Option<Result<(&str, &str), String>> {
    let text = ["//", "/*", "#"]
        .iter()
        .find_map(|open| comment.strip_prefix(open))?;
    let rest = text.trim_start().strip_prefix(MARK)?;
    if rest.starts_with(|c: char| !c.is_whitespace()) {
        return None;
    }
    let rest = rest.split('\n').next().unwrap_or_default().trim();
    let rest = match comment.starts_with("/*") {
        true => rest.strip_suffix("*/").unwrap_or(rest),
        false => rest,
    };
    let (rule, reason) = rest.split_once("--").unwrap_or((rest, ""));
    let (rule, reason) = (rule.trim(), reason.trim());
    Some(if rule.is_empty() {
        Err(format!(
            "this comment names no rule and has no effect: write `{MARK} <rule> -- reason`"
        ))
    } else if rule.contains([' ', '\t', ',']) {
        Err(format!(
            "this comment has no effect: write one comment for each rule, `{MARK} <rule> -- reason`"
        ))
    } else if reason.is_empty() {
        Err(format!(
            "this comment gives no reason and has no effect: write `{MARK} {rule} -- reason`"
        ))
    } else {
        Ok((rule, reason))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text where each `#` comment holds.
    fn held(text: &str) -> Vec<&str> {
        let starts = text.match_indices('#').map(|(at, _)| at);
        let comments: Vec<Comment> = starts
            .map(|at| Comment::new(at..line_end(text.as_bytes(), at)))
            .collect();
        let ranges = reach(text.as_bytes(), &comments);
        ranges.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn beside_code_it_holds_for_its_line_and_alone_for_the_next() {
        assert_eq!(held("a\n  b # x\nc\n"), ["b # x"]);
        assert_eq!(held("a\n # x\nb\r\nc"), ["# x\nb\r"]);
        assert_eq!(held("# x"), ["# x"]);
        assert_eq!(held("# x\n"), ["# x\n"]);
    }

    #[test]
    fn comments_between_it_and_the_line_are_left_out() {
        assert_eq!(held("# x\n# y\na\nb"), ["# x\n# y\na", "# y\na"]);
        assert_eq!(held("# x\n\n# y\na"), ["# x\n", "# y\na"]);
        assert_eq!(held("# x\na # y\nb"), ["# x\na # y", "a # y"]);
    }

    #[test]
    fn rule_and_reason_are_read() {
        for text in [
            "// twopizza: allow direct-link -- until the cart -- speaks gRPC",
            "/* twopizza: allow direct-link -- until the cart -- speaks gRPC */",
            "#twopizza: allow  direct-link--until the cart -- speaks gRPC\r",
        ] {
            let read = read(text).unwrap().unwrap();
            assert_eq!(read, ("direct-link", "until the cart -- speaks gRPC"));
        }
    }

    #[test]
    fn prose_and_documentation_allow_nothing() {
        for text in [
            "// see `twopizza: allow direct-link -- why`",
            "/// twopizza: allow direct-link -- why",
            "//! twopizza: allow direct-link -- why",
            "/** twopizza: allow direct-link -- why */",
            "// twopizza: allows much",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_told() {
        for (text, wrong) in [
            ("// twopizza: allow", "names no rule"),
            ("// twopizza: allow direct-link", "gives no reason"),
            ("/* twopizza: allow direct-link --  */", "gives no reason"),
            ("// twopizza: allow a, b -- c", "one comment for each rule"),
        ] {
            let message = read(text).unwrap().unwrap_err();
            assert!(message.contains(wrong), "{text}: {message}");
        }
    }
}
