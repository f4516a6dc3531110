//! Assignments of `.env` files: `NAME=value` with quotes, `export`, comments, and values of several lines.
//!
//! There is no standard; this is what the readers of Docker Compose, Ruby, Node.js and Python agree upon:
//! <https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax>,
//! <https://github.com/motdotla/dotenv#rules>.

use std::ops::Range;

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) name: String,
    pub(super) value: String,
    /// Single quotes keep `$` as it is.
    pub(super) literal: bool,
    pub(super) bytes: Range<usize>,
}

/// What cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) bytes: Range<usize>,
    pub(super) message: &'static str,
}

/// The assignments of a text, one after the other.
pub(super) fn read(text: &str) -> (Vec<Assignment>, Vec<Wrong>) {
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let line = text[at..end].trim();
        let start = at + (text[at..end].len() - text[at..end].trim_start().len());
        at = end + 1;
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let plain = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, _)) = plain.split_once(['=', ':']) else {
            // `NAME` alone passes on what the shell has.
            if !is_name(plain) {
                wrong.push(Wrong {
                    bytes: start..start + line.len(),
                    message: "no assignment",
                });
            }
            continue;
        };
        let value_at = start + (line.len() - plain.len()) + name.len() + 1;
        let name = name.trim();
        if !is_name(name) {
            wrong.push(Wrong {
                bytes: start..start + line.len(),
                message: "no name of a variable",
            });
            continue;
        }
        let (value, literal, behind) = value(text, value_at, end);
        if let Some(behind) = behind {
            // The line goes on behind the closing quote.
            at = text[behind..]
                .find('\n')
                .map_or(text.len(), |end| behind + end + 1);
        }
        found.push(Assignment {
            name: name.to_owned(),
            value,
            literal,
            bytes: start..behind.unwrap_or(start + line.len()),
        });
    }
    (found, wrong)
}

/// The value that starts at a place, whether it is meant as it stands, and where it ends when it is quoted.
fn value(text: &str, at: usize, line_end: usize) -> (String, bool, Option<usize>) {
    let rest = &text[at..line_end];
    let blank = rest.len() - rest.trim_start().len();
    let inner = at + blank + 1;
    let quote = rest.trim_start().chars().next();
    if let Some(quote @ ('"' | '\'' | '`')) = quote
        && let Some(end) = closing(&text[inner..], quote)
    {
        let value = &text[inner..inner + end];
        let value = if quote == '"' {
            unescaped(value)
        } else {
            value.to_owned()
        };
        return (value, quote != '"', Some(inner + end + 1));
    }
    // A comment needs a blank in front.
    let comment = rest
        .match_indices('#')
        .find(|(at, _)| rest[..*at].ends_with([' ', '\t']) || *at == 0);
    let rest = comment.map_or(rest, |(at, _)| &rest[..at]);
    (rest.trim().to_owned(), false, None)
}

/// Where a quote closes.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// The text between double quotes; `\$` stays for whoever replaces variables.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(c @ ('"' | '\\')) => out.push(c),
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    out
}

fn is_name(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_assignment() {
        let text = "# a comment\nA=1\n export B = two words # why\nC=\"x # \\\"y\\\"\\nz\" # why\nD='$A'\nE=\"one\ntwo\"\nF: yaml\nG=a#b\nH=\n\nI=\"open\nJ\r\nK=1\r\n";
        let (found, wrong) = read(text);
        let shown: Vec<String> = found
            .iter()
            .map(|one| {
                format!(
                    "{}={:?}{}",
                    one.name,
                    one.value,
                    if one.literal { "!" } else { "" }
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "A=\"1\"",
                "B=\"two words\"",
                "C=\"x # \\\"y\\\"\\nz\"",
                "D=\"$A\"!",
                "E=\"one\\ntwo\"",
                "F=\"yaml\"",
                "G=\"a#b\"",
                "H=\"\"",
                "I=\"\\\"open\"",
                "K=\"1\"",
            ]
        );
        assert_eq!(wrong, []);
        assert_eq!(&text[found[4].bytes.clone()], "E=\"one\ntwo\"");
    }

    #[test]
    fn what_is_no_assignment_is_told() {
        let (found, wrong) = read("this is no assignment\n1A=x\n=x\nA=1");
        assert_eq!(found.len(), 1);
        assert_eq!(wrong.len(), 3);
        assert_eq!(wrong[1].bytes, 22..26);
        for piece in ["A=\"\n", "A='", "=", "\u{1F600}=x\n", "A=\\"] {
            read(&piece.repeat(2000));
        }
    }
}
