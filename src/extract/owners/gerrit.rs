//! Who owns what lies in the folder of an OWNERS file of Chromium or Gerrit?
//!
//! Sources of the format:
//! <https://gerrit.googlesource.com/plugins/code-owners/+/HEAD/resources/Documentation/backend-find-owners.md>,
//! <https://chromium.googlesource.com/chromium/src/+/main/docs/code_reviews.md#OWNERS-files>.
//! The files `*_OWNERS`, `OWNERS_*` and `OWNERS.*` own nothing by themselves: others take over who is named in them.

use std::ops::Range;

use super::{Format, format};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, Dialect, ExtractorId, Facts, Language, Owner, OwnerForm, OwnershipSource,
    Parsed, Selector, SourceFile, Strength, Subject,
};

/// Reads OWNERS files of lines.
#[derive(Debug)]
pub(crate) struct Gerrit;

impl Extractor for Gerrit {
    fn info(&self) -> &'static ExtractorInfo {
        &ExtractorInfo {
            id: ExtractorId("owners/gerrit"),
            summary: "owners of folders and of files in them, from Chromium and Gerrit OWNERS files",
            globs: &["**/OWNERS", "**/*_OWNERS", "**/OWNERS.*", "**/OWNERS_*"],
            markers: &[],
            languages: &[Language::Data],
            ownership: true,
        }
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        // Of other encodings only the comments suffer.
        let text = String::from_utf8_lossy(file.bytes);
        if format(&text) != Format::Gerrit {
            return;
        }
        let mut start = 0;
        for line in file.bytes.split_inclusive(|byte| *byte == b'\n') {
            tell(line, start, facts);
            start += line.len();
        }
        facts.parsed(Parsed::Whole);
    }
}

/// What one line says.
#[derive(Debug, PartialEq, Eq)]
enum Said<'a> {
    Nothing,
    NoParent,
    Owner(Owner),
    PerFile(&'a str, Grant),
}

/// What is granted for some of the files.
#[derive(Debug, PartialEq, Eq)]
enum Grant {
    Owners(Vec<Owner>),
    NoParent,
}

/// Whether a line says something in this format.
pub(super) fn is_line(line: &str) -> bool {
    read(line).is_ok_and(|said| said != Said::Nothing)
}

fn tell(line: &[u8], start: usize, facts: &mut Facts<'_>) {
    let indent = line.len() - line.trim_ascii_start().len();
    let text = String::from_utf8_lossy(line.trim_ascii());
    let at = start + indent..start + indent + line.trim_ascii().len();
    match read(&text) {
        Ok(Said::Nothing) => {}
        Ok(Said::NoParent) => state(Selector::Subtree, Vec::new(), true, at, facts),
        Ok(Said::Owner(owner)) => state(Selector::Subtree, vec![owner], false, at, facts),
        Ok(Said::PerFile(globs, grant)) => {
            let what = Selector::Paths {
                pattern: globs.into(),
                dialect: Dialect::Gerrit,
                section: None,
            };
            match grant {
                Grant::Owners(owners) => state(what, owners, false, at, facts),
                Grant::NoParent => state(what, Vec::new(), true, at, facts),
            }
        }
        Err(why) => {
            let what = Selector::Unreadable {
                dialect: Dialect::Gerrit,
                text: (&*text).into(),
                why: why.into(),
            };
            state(what, Vec::new(), false, at, facts);
            facts.parsed(Parsed::Partly);
        }
    }
}

fn state(what: Selector, owners: Vec<Owner>, cut: bool, at: Range<usize>, facts: &mut Facts<'_>) {
    let claim = Claim::Owns {
        source: OwnershipSource::OwnersFile,
        what,
        owners,
        strength: Strength::Required,
        cut,
    };
    facts.push(Subject::File, claim, at).certainty = Certainty::Declared;
}

/// Reads one line; what is wrong with it otherwise.
fn read(line: &str) -> Result<Said<'_>, &'static str> {
    let text = line.split('#').next().unwrap_or_default().trim();
    if text.is_empty() {
        return Ok(Said::Nothing);
    }
    if is_no_parent(text) {
        return Ok(Said::NoParent);
    }
    if let Some(rest) = text
        .strip_prefix("per-file")
        .filter(|rest| rest.starts_with([' ', '\t']))
    {
        let (globs, grant) = rest
            .split_once('=')
            .ok_or("`per-file` without `=`; write `per-file *.ext=name@example.org`")?;
        let (globs, grant) = (globs.trim(), grant.trim());
        if globs.is_empty() {
            return Err("`per-file` without a pattern; write `per-file *.ext=name@example.org`");
        }
        if is_no_parent(grant) {
            return Ok(Said::PerFile(globs, Grant::NoParent));
        }
        if let Some(import) = import(grant).filter(|owner| owner.text.starts_with("file:")) {
            return Ok(Said::PerFile(globs, Grant::Owners(vec![import])));
        }
        let owners: Option<Vec<Owner>> = grant.split(',').map(|part| owner(part.trim())).collect();
        let owners = owners.ok_or(
            "`per-file` grants to addresses, `*`, `file:` or `set noparent` only; groups are not known here",
        )?;
        return Ok(Said::PerFile(globs, Grant::Owners(owners)));
    }
    match owner(text).or_else(|| import(text)) {
        Some(owner) => Ok(Said::Owner(owner)),
        None => Err(
            "no line of an OWNERS file; write one e-mail address, `*`, `set noparent`, `per-file …`, `file:` or `include` with a path",
        ),
    }
}

fn is_no_parent(text: &str) -> bool {
    text.split_whitespace().eq(["set", "noparent"])
}

/// `name@example.org`, or `*` for everybody.
fn owner(text: &str) -> Option<Owner> {
    let form = match text.split_once('@') {
        None if text == "*" => OwnerForm::Anyone,
        Some((user, host)) if !user.is_empty() && !host.is_empty() && !host.contains('@') => {
            OwnerForm::Email
        }
        _ => return None,
    };
    let is_word = !text.contains(|c: char| c.is_whitespace() || "<>,".contains(c));
    is_word.then(|| Owner {
        text: text.into(),
        form,
    })
}

/// `file:path`, `file://path`, `include path`, with a project and a branch in front: `file:project:branch:path`.
fn import(text: &str) -> Option<Owner> {
    let (key, path) = match text.strip_prefix("file:") {
        Some(path) => ("file:", path),
        None => {
            let path = text.strip_prefix("include")?;
            ("include ", path.strip_prefix([' ', '\t'])?)
        }
    };
    let parts: Vec<&str> = path.split(':').map(str::trim).collect();
    let is_word = |part: &&str| !part.is_empty() && !part.contains(char::is_whitespace);
    (parts.len() <= 3 && parts.iter().all(is_word)).then(|| Owner {
        text: format!("{key}{}", parts.join(":")).into(),
        form: OwnerForm::File,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> String {
        let texts = |owners: &[Owner]| {
            let texts = owners.iter().map(|owner| &*owner.text);
            texts.collect::<Vec<_>>().join(" ")
        };
        match read(line) {
            Ok(Said::Nothing) => String::new(),
            Ok(Said::NoParent) => "noparent".to_owned(),
            Ok(Said::Owner(owner)) => texts(&[owner]),
            Ok(Said::PerFile(globs, Grant::NoParent)) => format!("{globs}: noparent"),
            Ok(Said::PerFile(globs, Grant::Owners(owners))) => {
                format!("{globs}: {}", texts(&owners))
            }
            Err(_) => "wrong".to_owned(),
        }
    }

    #[test]
    fn lines_are_read() {
        let cases = [
            ("  # comment", ""),
            ("ada@acme.example # lead", "ada@acme.example"),
            ("*", "*"),
            ("set  noparent", "noparent"),
            (
                "per-file *.gn, BUILD*=ada@acme.example , bob@acme.example",
                "*.gn, BUILD*: ada@acme.example bob@acme.example",
            ),
            ("per-file *.h=set noparent", "*.h: noparent"),
            (
                "per-file *.h = file://x/OWNERS # why",
                "*.h: file://x/OWNERS",
            ),
            ("per-file *.h=*", "*.h: *"),
            ("file: //x/OWNERS", "file://x/OWNERS"),
            ("include ../OWNERS", "include ../OWNERS"),
            ("file:shop:main:/OWNERS", "file:shop:main:/OWNERS"),
            ("per-file *.h=include x", "wrong"),
            ("per-file *.h", "wrong"),
            ("group: cart", "wrong"),
            ("Ada <ada@acme.example>", "wrong"),
            ("ada@acme.example, bob@acme.example", "wrong"),
            ("ada", "wrong"),
        ];
        for (line, expected) in cases {
            assert_eq!(said(line), expected, "{line}");
        }
    }
}
