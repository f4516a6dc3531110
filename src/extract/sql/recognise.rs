//! Is a text in code a statement of SQL, and not a sentence in English?

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::model::{Part, Template};

/// Stands for what nothing tells: a name, or a value.
pub(in crate::extract) const HOLE: &str = "hole__";

/// Verbs, and the words of which one has to follow.
const VERBS: &[(&str, &[&str])] = &[
    ("SELECT", &["FROM"]),
    ("INSERT", &["INTO"]),
    ("UPDATE", &["SET"]),
    ("DELETE", &["FROM"]),
    ("WITH", &["SELECT", "INSERT", "UPDATE", "DELETE"]),
    ("MERGE", &["INTO", "USING"]),
    ("REPLACE", &["INTO"]),
    ("TRUNCATE", &["TABLE"]),
    ("CREATE", &["TABLE", "VIEW", "INDEX"]),
    ("ALTER", &["TABLE"]),
    ("DROP", &["TABLE", "VIEW"]),
    ("COPY", &["FROM", "TO"]),
];

/// The shortest text that can be a statement: `DROP TABLE a`.
const SHORTEST: usize = 12;

/// Whether some text in the bytes of a file starts as a statement does: a quote, or the mark of a heredoc, then a verb.
pub(in crate::extract) fn may_be(bytes: &[u8]) -> bool {
    let Some(verbs) = &*ANY_VERB else {
        return true;
    };
    verbs
        .find_iter(bytes)
        .any(|found| starts(bytes, found.start()..found.end()))
}

/// Finds every verb, in any case; `None` never happens, since the list is short.
static ANY_VERB: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let verbs = VERBS.iter().map(|(verb, _)| verb);
    let builder = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(verbs);
    builder.ok()
});

/// Whether a verb stands where a text starts.
fn starts(bytes: &[u8], verb: Range<usize>) -> bool {
    let next = bytes.get(verb.end);
    let ends = next.is_some_and(|next| next.is_ascii_whitespace() || *next == b'\\');
    let before = &bytes[verb.start.saturating_sub(256)..verb.start];
    let is_blank = |byte: &&u8| byte.is_ascii_whitespace() || **byte == b'(';
    let blank = before.iter().rev().take_while(is_blank).count();
    let (before, between) = before.split_at(before.len() - blank);
    let is_start = match before {
        [.., b'"' | b'\'' | b'`'] | [.., b'\\', b'n' | b't' | b'r'] => true,
        _ => {
            let line = before.rsplit(|byte| *byte == b'\n').next();
            let line = line.unwrap_or_default();
            between.contains(&b'\n') && memchr::memmem::find(line, b"<<").is_some()
        }
    };
    ends && is_start
}

/// The text of a template, with a name for each unknown piece.
pub(in crate::extract) fn plain(template: &Template) -> String {
    let mut text = String::new();
    for part in &template.0 {
        match part {
            Part::Text(piece) => text.push_str(piece),
            Part::Ref(_) | Part::Hole | Part::Star => text.push_str(HOLE),
        }
    }
    text
}

/// The statement that a text is, with a name for each placeholder; `None` when it is none.
pub(in crate::extract) fn statement(text: &str) -> Option<String> {
    let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    if trimmed.len() < SHORTEST {
        return None;
    }
    let first = trimmed.split(|c: char| !c.is_ascii_alphabetic()).next()?;
    let (verb, follow) = VERBS
        .iter()
        .find(|(verb, _)| first.eq_ignore_ascii_case(verb))?;
    let words: Vec<&str> = trimmed
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .collect();
    let wanted = |word: &&&str| {
        follow
            .iter()
            .any(|wanted| word.eq_ignore_ascii_case(wanted))
    };
    let second = words[1..].iter().find(wanted)?;
    let is_upper = |word: &str| word.chars().all(|c| c.is_ascii_uppercase());
    let is_lower = |word: &str| word.chars().all(|c| c.is_ascii_lowercase());
    let code = match (is_upper(first), is_upper(second)) {
        (true, true) => true,
        // `Select one from the list` is a sentence; `select id from users where x = ?` is none.
        _ => {
            let same_case =
                is_lower(first) && is_lower(second) || is_capital(first) && is_capital(second);
            same_case && reads_as_code(verb, follow, &words, trimmed)
        }
    };
    code.then(|| placeholders(trimmed))
}

fn is_capital(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| c.is_ascii_uppercase()) && chars.all(|c| c.is_ascii_lowercase())
}

/// Whether a text in small letters has what sentences do not have.
fn reads_as_code(verb: &str, follow: &[&str], words: &[&str], text: &str) -> bool {
    let has = |signs: &str| text.chars().any(|c| signs.contains(c));
    let bytes = text.as_bytes();
    let calls = || {
        let mut pairs = bytes.windows(2);
        pairs.any(|pair| pair[1] == b'(' && pair[0].is_ascii_alphanumeric())
    };
    let brackets = || text.contains('(') && text.contains(')');
    let next_is = |at: usize| {
        let word = words.get(at);
        word.is_some_and(|word| {
            follow
                .iter()
                .any(|wanted| word.eq_ignore_ascii_case(wanted))
        })
    };
    match verb {
        "SELECT" => has("*=$?@_\"`[") || calls(),
        "WITH" => brackets() && words.iter().any(|word| word.eq_ignore_ascii_case("as")),
        "UPDATE" => has("=$?"),
        "DELETE" => next_is(1) && has("=$?"),
        "INSERT" | "REPLACE" => next_is(1) && brackets(),
        "CREATE" => (1..4).any(next_is) && brackets() && has(",_=\"`["),
        _ => next_is(1) && has("=$?(_\"`["),
    }
}

/// Replaces the placeholders of formats, outside of quotes: `%s`, `%(name)s`, `{}`, `{name}`, `#{name}`, `${name}`.
fn placeholders(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut quote: Option<u8> = None;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let hole = match (quote, byte) {
            (None, b'%') => percent(&bytes[at..]),
            (None, b'{') => braces(&bytes[at..]),
            (None, b'#' | b'$') if bytes.get(at + 1) == Some(&b'{') => {
                braces(&bytes[at + 1..]).map(|length| length + 1)
            }
            _ => None,
        };
        if let Some(length) = hole {
            out.push_str(HOLE);
            at += length;
            continue;
        }
        match quote {
            Some(open) if open == byte => quote = None,
            None if matches!(byte, b'\'' | b'"' | b'`') => quote = Some(byte),
            _ => {}
        }
        let width = text[at..].chars().next().map_or(1, char::len_utf8);
        out.push_str(&text[at..at + width]);
        at += width;
    }
    out
}

/// The length of `%s`, `%d`, `%v`, `%1$s`, `%(name)s` at the start.
fn percent(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    if bytes.get(at) == Some(&b'(') {
        at += memchr::memchr(b')', &bytes[at..bytes.len().min(at + 64)])? + 1;
    } else {
        while bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii_digit() || *byte == b'$')
        {
            at += 1;
        }
    }
    let ends = bytes.get(at).is_some_and(|byte| b"sdvqif".contains(byte))
        && !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
    ends.then_some(at + 1)
}

/// The length of `{…}` at the start.
fn braces(bytes: &[u8]) -> Option<usize> {
    let close = memchr::memchr(b'}', &bytes[..bytes.len().min(128)])?;
    let inner = &bytes[1..close];
    let plain = inner
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_.:,()=[] ->$".contains(byte));
    plain.then_some(close + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_from_sentences() {
        for text in [
            "SELECT id FROM users",
            "\n  select id from users where name = ?",
            "insert into a (x) values (1)",
            "UPDATE a SET x = 1",
            "Select * From dbo.Users",
            "WITH x AS (SELECT 1) DELETE FROM a",
            "CREATE TABLE a (x int)",
            "(SELECT 1 FROM a) UNION (SELECT 2 FROM b)",
            "DROP TABLE a",
        ] {
            assert!(statement(text).is_some(), "{text}");
        }
        for text in [
            "Select one from the list",
            "select a value from the list",
            "Update your profile to set a new name = better",
            "delete from cart",
            "Delete from cart",
            "Create a table with views",
            "SELECT",
            "insert the coin into the slot",
            "with love from us",
            "Drop table reservations",
            "update the docs and set x",
            "select implementation from config by name (inside the namespace)",
            "Create the Duke Activity Status Index (DASI) event",
            "with take care of the list's after update callback",
        ] {
            assert!(statement(text).is_none(), "{text}");
        }
    }

    #[test]
    fn files_without_a_text_that_starts_so_are_not_read() {
        for text in [
            "x = \"SELECT 1\"",
            "x = \"\"\"\n    select 1",
            "x = <<~SQL\n  SELECT 1",
            "x = \"\\n SELECT 1\"",
            "`\n update a",
            "\"(SELECT 1",
        ] {
            assert!(may_be(text.as_bytes()), "{text}");
        }
        for text in [
            "// SELECT 1",
            "select x from y",
            "'select'",
            "to update the",
            "selected",
        ] {
            assert!(!may_be(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn placeholders_become_names() {
        for (text, expected) in [
            ("SELECT %s FROM %1$s_a", "SELECT hole__ FROM hole___a"),
            (
                "SELECT '%s' FROM a WHERE x LIKE '{}'",
                "SELECT '%s' FROM a WHERE x LIKE '{}'",
            ),
            (
                "SELECT x FROM {table} WHERE y = #{id}",
                "SELECT x FROM hole__ WHERE y = hole__",
            ),
            (
                "SELECT x FROM a WHERE y = %(id)s",
                "SELECT x FROM a WHERE y = hole__",
            ),
        ] {
            assert_eq!(placeholders(text), expected);
        }
    }
}
