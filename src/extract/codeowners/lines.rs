//! What the dialects of CODEOWNERS share: lines, words, comments, and how facts are stated.

use std::ops::Range;

use crate::extract::allowances;
use crate::model::{
    Certainty, Claim, Dialect, Facts, Owner, OwnershipSource, Parsed, Selector, SourceFile,
    Strength, Subject,
};

/// Why a line, or a part of it, is skipped.
pub(super) struct Invalid {
    pub(super) at: Range<usize>,
    pub(super) why: String,
}

/// One valid line of a dialect without sections.
pub(super) struct Rule<'a> {
    /// As written, with its escapes.
    pub(super) pattern: &'a str,
    pub(super) owners: Vec<Owner>,
    /// Where the line ends without white space.
    pub(super) end: usize,
}

/// The lines with the offsets at which they start, their ends included.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(move |line| {
            let at = start;
            start += line.len();
            (at, line)
        })
}

/// States what each line says, in a dialect where each stands for itself.
pub(super) fn tell<'a>(
    file: &SourceFile<'a>,
    dialect: Dialect,
    read: impl Fn(&'a [u8]) -> Result<Option<Rule<'a>>, Invalid>,
    facts: &mut Facts<'_>,
) {
    for (start, line) in lines(file.bytes) {
        match read(line) {
            Ok(None) => {}
            Ok(Some(rule)) => {
                let what = Selector::Paths {
                    pattern: rule.pattern.into(),
                    dialect,
                    section: None,
                };
                state(facts, what, rule.owners, start..start + rule.end);
            }
            Err(invalid) => {
                let text = String::from_utf8_lossy(line.trim_ascii());
                skip(file, dialect, &text, invalid, start, facts);
            }
        }
    }
}

/// States what one line says.
pub(super) fn state(facts: &mut Facts<'_>, what: Selector, owners: Vec<Owner>, at: Range<usize>) {
    let claim = Claim::Owns {
        source: OwnershipSource::Codeowners,
        what,
        owners,
        strength: Strength::Required,
        cut: false,
    };
    facts.push(Subject::File, claim, at).certainty = Certainty::Declared;
}

/// States that a text is skipped; `start` is that of the line in the file.
pub(super) fn skip(
    file: &SourceFile<'_>,
    dialect: Dialect,
    text: &str,
    invalid: Invalid,
    start: usize,
    facts: &mut Facts<'_>,
) {
    let what = Selector::Unreadable {
        dialect,
        text: text.into(),
        why: invalid.why.into(),
    };
    let at = start + invalid.at.start..start + invalid.at.end;
    state(facts, what, Vec::new(), at);
    // In a place where several hosts look, another one may read it all.
    if is_own(file) {
        facts.parsed(Parsed::Partly);
    }
}

/// Tells what holds for the file whoever reads it: a byte order mark, comments that allow.
pub(super) fn begin(file: &SourceFile<'_>, comments: &[Range<usize>], facts: &mut Facts<'_>) {
    if file.bom {
        let lines = if file.bytes.contains(&b'\r') {
            "a byte order mark and CRLF line ends"
        } else {
            "a byte order mark"
        };
        facts.problem(
            0..0,
            format!("{lines}: read as if they were not there, save the file without"),
        );
    }
    if allowances::promised(file.bytes) {
        allowances::tell(file.bytes, comments, |_| 0, facts);
    }
}

/// Whether only one host looks in the place of the file.
pub(super) fn is_own(file: &SourceFile<'_>) -> bool {
    file.path.path.starts_with('.')
}

/// Reads one line; `None` for a comment or an empty line.
///
/// `owner` reads an owner, `ways` says how one may be written.
pub(super) fn rule<'a>(
    line: &'a [u8],
    owner: impl Fn(&str) -> Option<Owner>,
    ways: &str,
) -> Result<Option<Rule<'a>>, Invalid> {
    let end = trimmed_end(line);
    let line = text(&line[..end])?;
    let mut tokens = tokens(line);
    let Some(at) = tokens.next() else {
        return Ok(None);
    };
    let pattern = &line[at.clone()];
    if let Some(why) = fault(pattern) {
        let why = why.to_owned();
        return Err(Invalid { at, why });
    }
    let mut owners = Vec::new();
    for at in tokens {
        let text = &line[at.clone()];
        owners.push(owner(text).ok_or_else(|| Invalid {
            at,
            why: format!("`{text}` is no owner; write {ways}, separated by spaces"),
        })?);
    }
    Ok(Some(Rule {
        pattern,
        owners,
        end,
    }))
}

/// The text of a line as far as it is UTF-8.
pub(super) fn text(line: &[u8]) -> Result<&str, Invalid> {
    std::str::from_utf8(line).map_err(|error| Invalid {
        at: error.valid_up_to()..line.len(),
        why: "not UTF-8; save the file as UTF-8".to_owned(),
    })
}

/// The length of a line without its end and white space, keeping a space that is escaped.
pub(super) fn trimmed_end(line: &[u8]) -> usize {
    let end = line.trim_ascii_end().len();
    let backslashes = line[..end]
        .iter()
        .rev()
        .take_while(|byte| **byte == b'\\')
        .count();
    let escapes = backslashes % 2 == 1 && matches!(line.get(end), Some(b' ' | b'\t'));
    end + usize::from(escapes)
}

/// The tokens of a line up to its comment; only the first, the pattern, knows escapes.
pub(super) fn tokens(line: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = line.as_bytes();
    let mut at = 0;
    let mut escapes = true;
    std::iter::from_fn(move || {
        while bytes.get(at).is_some_and(|byte| is_space(*byte)) {
            at += 1;
        }
        let start = at;
        if bytes.get(at).is_none_or(|byte| *byte == b'#') {
            at = bytes.len();
            return None;
        }
        while let Some(byte) = bytes.get(at).filter(|byte| !is_space(**byte)) {
            at += if escapes && *byte == b'\\' { 2 } else { 1 };
        }
        // An escape at the end has no second byte.
        at = at.min(bytes.len());
        escapes = false;
        Some(start..at)
    })
}

/// The comments of the lines that can be read, beside and between what counts.
pub(super) fn comments(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, line) in lines(bytes) {
        if let Ok(text) = std::str::from_utf8(&line[..trimmed_end(line)]) {
            let end = tokens(text).last().map_or(0, |token| token.end);
            if let Some(at) = text[end..].find('#') {
                found.push(start + end + at..start + text.len());
            }
        }
    }
    found
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// What GitHub and Bitbucket do not accept in a pattern, and what to write instead.
pub(super) fn fault(pattern: &str) -> Option<&'static str> {
    if pattern.starts_with('!') {
        return Some("`!` does not negate in CODEOWNERS; write the pattern without owners instead");
    }
    if pattern.starts_with("\\#") {
        return Some(
            "`\\#` is not understood at the start of a pattern; name the folder or use `?`",
        );
    }
    if pattern.trim_start_matches('/').is_empty() {
        return Some("`/` never matches; write `*` for every file");
    }
    let mut escaped = false;
    for c in pattern.chars() {
        if !escaped && matches!(c, '[' | ']') {
            return Some("`[ ]` ranges and sections are not understood; write one line per name");
        }
        escaped = c == '\\' && !escaped;
    }
    escaped.then_some("the pattern ends with a lone `\\`; remove it")
}
