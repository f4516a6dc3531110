//! What do the lines of a Gitea or Forgejo CODEOWNERS file say?
//!
//! Sources of the format: <https://docs.gitea.com/usage/code-owners>,
//! <https://forgejo.org/docs/latest/user/code-owners/>; lines as `TokenizeCodeOwnersLine` reads them,
//! <https://github.com/go-gitea/gitea/blob/main/models/issues/pull.go>.

use std::ops::Range;

use super::lines::{self, Invalid};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Dialect, ExtractorId, Facts, Language, Owner, OwnerForm, Parsed, Selector, SourceFile,
};

/// Reads CODEOWNERS as Gitea and Forgejo do.
#[derive(Debug)]
pub(crate) struct Gitea;

impl Extractor for Gitea {
    fn info(&self) -> &'static ExtractorInfo {
        &ExtractorInfo {
            id: ExtractorId("codeowners/gitea"),
            summary: "owners of paths, from Gitea and Forgejo CODEOWNERS files",
            globs: &[
                "CODEOWNERS",
                "docs/CODEOWNERS",
                ".gitea/CODEOWNERS",
                ".forgejo/CODEOWNERS",
            ],
            markers: &[],
            languages: &[Language::Data],
            ownership: true,
        }
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if lines::is_own(file) {
            lines::begin(file, &lines::comments(file.bytes), facts);
        }
        for (start, line) in lines::lines(file.bytes) {
            tell(file, start, line, facts);
        }
        facts.parsed(Parsed::Whole);
    }
}

/// States what one line says; what is no owner on it is skipped alone.
fn tell(file: &SourceFile<'_>, start: usize, line: &[u8], facts: &mut Facts<'_>) {
    let mut skip = |text: &str, invalid| {
        lines::skip(file, Dialect::Gitea, text, invalid, start, facts);
    };
    let end = lines::trimmed_end(line);
    let line = match lines::text(&line[..end]) {
        Ok(line) => line,
        Err(invalid) => return skip(&String::from_utf8_lossy(line.trim_ascii()), invalid),
    };
    let mut words = words(line).into_iter();
    let Some((pattern, at)) = words.next() else {
        return;
    };
    let mut owners = Vec::new();
    let mut none = true;
    for (text, at) in words {
        none = false;
        match owner(&text) {
            Some(owner) => owners.push(owner),
            None => {
                let why = "no owner to Gitea; write @user or @org/team".to_owned();
                skip(&text, Invalid { at, why });
            }
        }
    }
    if owners.is_empty() {
        if none {
            let why = "a line of Gitea without owners says nothing; name one, or remove the line";
            let why = why.to_owned();
            skip(line.trim(), Invalid { at, why });
        }
        return;
    }
    let what = Selector::Paths {
        pattern: pattern.into(),
        dialect: Dialect::Gitea,
        section: None,
    };
    lines::state(facts, what, owners, start..start + line.len());
}

/// The words of a line up to its comment, without the backslashes that escape.
fn words(line: &str) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut start = 0;
    let mut chars = line.char_indices();
    let mut end = line.len();
    while let Some((at, c)) = chars.next() {
        if word.is_empty() {
            start = at;
        }
        match c {
            '\\' => word.extend(chars.next().map(|(_, c)| c)),
            '#' => {
                end = at;
                break;
            }
            ' ' | '\t' => {
                if !word.is_empty() {
                    found.push((std::mem::take(&mut word), start..at));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        found.push((word, start..end));
    }
    found
}

/// `@user` or `@org/team`; Gitea does without the `@`, too.
fn owner(text: &str) -> Option<Owner> {
    let name = text.strip_prefix('@').unwrap_or(text);
    if name.contains('@') {
        return Owner::parse(name).filter(|owner| owner.form == OwnerForm::Email);
    }
    Owner::parse(&format!("@{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_taken_away_once() {
        let texts =
            |line| -> Vec<String> { words(line).into_iter().map(|(text, _)| text).collect() };
        assert_eq!(texts(r".*\\.go @ada # x"), [r".*\.go", "@ada"]);
        assert_eq!(texts(r"a\ b\#c @ada#x"), ["a b#c", "@ada"]);
        assert_eq!(
            texts("\t!docs/.*\t@acme/x  bob"),
            ["!docs/.*", "@acme/x", "bob"]
        );
        assert!(texts("  # nothing").is_empty());
        assert_eq!(texts("end\\"), ["end"]);
    }

    #[test]
    fn owners_need_no_at_sign() {
        let text = |text| owner(text).map(|owner| owner.text.to_string());
        assert_eq!(text("ada"), Some("@ada".to_owned()));
        assert_eq!(text("@acme/cart"), Some("@acme/cart".to_owned()));
        assert_eq!(text("@a/b/c"), None);
        assert_eq!(
            text("ada@acme.example"),
            Some("ada@acme.example".to_owned())
        );
    }
}
