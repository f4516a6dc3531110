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
const MOST: usize = 256;

/// The most comments between one and the line for which it holds.
const BETWEEN: usize = 32;

/// Whether a file can have one, so that others cost nothing more.
pub(super) fn promised(bytes: &[u8]) -> bool {
    memmem::find(bytes, MARK.as_bytes()).is_some()
}

/// States the allowances among the comments of a file, given in order; gives the bytes where each holds.
///
/// `statement_end` tells where the statement ends that starts on the line below the end of a comment; 0: with its line.
pub(super) fn tell(
    bytes: &[u8],
    comments: &[Range<usize>],
    statement_end: impl Fn(usize) -> usize,
    facts: &mut Facts<'_>,
) -> Vec<Range<usize>> {
    let mut held = Vec::new();
    let mut seen = 0;
    for (index, comment) in comments.iter().enumerate() {
        let text = String::from_utf8_lossy(&bytes[comment.clone()]);
        let Some(read) = read(&text) else {
            continue;
        };
        seen += 1;
        if seen > MOST {
            let message = format!("more than {MOST} comments that allow; the rest is not read");
            facts.problem(comment.clone(), message);
            facts.parsed(Parsed::Partly);
            break;
        }
        match read {
            Err(message) => facts.problem(comment.clone(), message),
            Ok((rule, reason)) => {
                let claim = Claim::Binds {
                    key: Key::new("allow", rule),
                    value: Template::text(reason),
                };
                let holds = reach(bytes, &comments[index..], &statement_end);
                facts.push(Subject::File, claim, holds.clone()).certainty = Certainty::Declared;
                held.push(holds);
            }
        }
    }
    held
}

/// Where the first of the comments holds.
fn reach(
    bytes: &[u8],
    comments: &[Range<usize>],
    statement_end: impl Fn(usize) -> usize,
) -> Range<usize> {
    let Some(own) = comments.first() else {
        return 0..0;
    };
    if !is_alone(bytes, own) {
        let before = &bytes[line_start(bytes, own.start)..own.start];
        let first = own.start - before.trim_ascii_start().len();
        return first..line_end(bytes, own.end);
    }
    let mut last = own;
    for next in comments.iter().skip(1).take(BETWEEN) {
        let below = line_end(bytes, last.end) + 1;
        if line_start(bytes, next.start) != below || !is_alone(bytes, next) {
            break;
        }
        last = next;
    }
    let below = line_end(bytes, last.end) + 1;
    own.start..line_end(bytes, below).max(statement_end(last.end))
}

/// Whether nothing else stands on the lines of a comment.
fn is_alone(bytes: &[u8], comment: &Range<usize>) -> bool {
    let before = &bytes[line_start(bytes, comment.start)..comment.start];
    let after = &bytes[comment.end..line_end(bytes, comment.end)];
    before.trim_ascii().is_empty() && after.trim_ascii().is_empty()
}

fn line_start(bytes: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1)
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(bytes.len(), |at| from + at)
}

/// Rule and reason of a comment that allows; `None` for any other comment.
fn read(comment: &str) -> Option<Result<(&str, &str), String>> {
    let text = ["//", "/*", "#", "<!--"]
        .iter()
        .find_map(|open| comment.strip_prefix(open))?;
    let rest = text.trim_start().strip_prefix(MARK)?;
    if rest.starts_with(|c: char| !c.is_whitespace()) {
        return None;
    }
    let rest = rest.split('\n').next().unwrap_or_default().trim();
    let close = ["/*", "<!--"]
        .iter()
        .position(|open| comment.starts_with(open));
    let rest = match close {
        Some(which) => rest.strip_suffix(["*/", "-->"][which]).unwrap_or(rest),
        None => rest,
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
        let comments: Vec<_> = starts.map(|at| at..line_end(text.as_bytes(), at)).collect();
        (0..comments.len())
            .map(|index| &text[reach(text.as_bytes(), &comments[index..], |_| 0)])
            .collect()
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
    fn much_of_it_takes_little_time() {
        let start = std::time::Instant::now();
        let many = "/**/".repeat(500_000);
        for text in [
            format!("{many}// {MARK} a -- b"),
            format!("// {MARK} a -- b\n").repeat(100_000),
            format!("/* {MARK} a -- b */").repeat(100_000),
        ] {
            let mut out = crate::model::FileFacts::default();
            let id = crate::model::ExtractorId("test");
            let mut facts = Facts::new(
                &mut out,
                crate::model::FileId(0),
                id,
                crate::model::Context::Production,
            );
            let tokens = text.match_indices("/*").map(|(at, _)| at);
            let comments: Vec<_> = tokens
                .map(|at| at..at + text[at..].find("*/").map_or(2, |len| len + 2))
                .chain(
                    text.match_indices("// ")
                        .map(|(at, _)| at..line_end(text.as_bytes(), at)),
                )
                .collect();
            tell(text.as_bytes(), &comments, |_| 0, &mut facts);
            assert!((1..=MOST).contains(&out.facts.len()));
        }
        assert!(start.elapsed().as_secs() < 20);
    }

    #[test]
    fn rule_and_reason_are_read() {
        for text in [
            "// twopizza: allow direct-link -- until the cart -- speaks gRPC",
            "/* twopizza: allow direct-link -- until the cart -- speaks gRPC */",
            "<!-- twopizza: allow direct-link -- until the cart -- speaks gRPC -->",
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
