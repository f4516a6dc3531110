//! What do the lines of a GitLab CODEOWNERS file say?
//!
//! Source of the format: <https://docs.gitlab.com/user/project/codeowners/reference/>,
//! <https://docs.gitlab.com/user/project/codeowners/advanced/>.

use std::collections::BTreeMap;
use std::ops::Range;

use super::lines::{self, Invalid};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, Dialect, ExtractorId, Facts, Language, Owner, OwnerForm, OwnershipSource,
    Parsed, Selector, SourceFile, Strength, Subject,
};

/// The roles of direct members of a project that can be named.
const ROLES: &[&str] = &["developer", "maintainer", "owner"];

/// Reads CODEOWNERS as GitLab does.
#[derive(Debug)]
pub(crate) struct GitLab;

impl Extractor for GitLab {
    fn info(&self) -> &'static ExtractorInfo {
        &ExtractorInfo {
            id: ExtractorId("codeowners/gitlab"),
            summary: "owners of paths by section, from GitLab CODEOWNERS files",
            globs: &["CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"],
            markers: &[],
            languages: &[Language::Data],
            ownership: true,
        }
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if lines::is_own(file) {
            lines::begin(file, &comments(file.bytes), facts);
        }
        let mut reader = Reader {
            file,
            sections: sections(file.bytes),
            defaults: Vec::new(),
            section: None,
        };
        for (start, line) in lines::lines(file.bytes) {
            reader.line(start, line, facts);
        }
        facts.parsed(Parsed::Whole);
    }
}

/// Reads one line after the other.
struct Reader<'a> {
    file: &'a SourceFile<'a>,
    sections: BTreeMap<String, Section>,
    /// The owners of lines that name none.
    defaults: Vec<Owner>,
    /// The key of the section in which the line stands.
    section: Option<String>,
}

/// What all headers of one name say together.
struct Section {
    /// As the first header spells it.
    name: String,
    /// No header says otherwise.
    optional: bool,
}

impl Reader<'_> {
    fn line(&mut self, start: usize, line: &[u8], facts: &mut Facts<'_>) {
        let indent = line.len() - line.trim_ascii_start().len();
        let start = start + indent;
        let line = &line[indent..][..lines::trimmed_end(&line[indent..])];
        let text = match lines::text(line) {
            Ok(text) => text,
            Err(invalid) => {
                return self.skip(&String::from_utf8_lossy(line), invalid, start, facts);
            }
        };
        if text.is_empty() || text.starts_with('#') {
            return;
        }
        if let Some(header) = header(text) {
            self.defaults = self.owners(text, header.rest, start, facts);
            self.section = Some(header.name.to_lowercase());
            return;
        }
        if text.trim_start_matches('^').starts_with('[') {
            let invalid = Invalid {
                at: 0..text.len(),
                why: "a header of a section without `]`, which GitLab reads as a pattern; close it"
                    .to_owned(),
            };
            return self.skip(text, invalid, start, facts);
        }
        let end = pattern_end(text);
        let pattern = &text[..end];
        let (pattern, cut) = match pattern.strip_prefix('!') {
            Some(pattern) => (pattern, true),
            None => (pattern, false),
        };
        let named = end..text.len();
        let owners = match (cut, text[named.clone()].trim().is_empty()) {
            (true, _) => Vec::new(),
            (false, true) => self.defaults.clone(),
            (false, false) => self.owners(text, named, start, facts),
        };
        let section = self.section.as_ref().and_then(|key| self.sections.get(key));
        let optional = section.is_some_and(|section| section.optional);
        let claim = Claim::Owns {
            source: OwnershipSource::Codeowners,
            what: Selector::Paths {
                pattern: pattern.into(),
                dialect: Dialect::GitLab,
                section: section.map(|section| section.name.as_str().into()),
            },
            owners,
            strength: if optional {
                Strength::Optional
            } else {
                Strength::Required
            },
            cut,
        };
        let at = start..start + text.len();
        facts.push(Subject::File, claim, at).certainty = Certainty::Declared;
    }

    /// The owners in a part of a line; the first word that is none is told.
    fn owners(
        &self,
        line: &str,
        part: Range<usize>,
        start: usize,
        facts: &mut Facts<'_>,
    ) -> Vec<Owner> {
        let mut found: Vec<Owner> = Vec::new();
        let mut malformed = None;
        let mut at = part.start;
        for word in line[part].split_inclusive([' ', '\t']) {
            let text = word.trim_ascii();
            let owners = references(text);
            if owners.is_empty() && !text.is_empty() {
                malformed.get_or_insert(at..at + text.len());
            }
            for owner in owners {
                if !found.contains(&owner) {
                    found.push(owner);
                }
            }
            at += word.len();
        }
        if let Some(at) = malformed {
            let text = line[at.clone()].to_owned();
            let why = match text.starts_with('#') {
                true => {
                    "GitLab knows no comments beside a pattern, and takes who is named in them for owners; give the comment a line of its own"
                }
                false => {
                    "no owner to GitLab; write @user, @group, @group/subgroup, @@role or an e-mail address, separated by spaces"
                }
            };
            let why = why.to_owned();
            self.skip(&text, Invalid { at, why }, start, facts);
        }
        found
    }

    fn skip(&self, text: &str, invalid: Invalid, start: usize, facts: &mut Facts<'_>) {
        lines::skip(self.file, Dialect::GitLab, text, invalid, start, facts);
    }
}

/// The sections by their names without case.
fn sections(bytes: &[u8]) -> BTreeMap<String, Section> {
    let mut found: BTreeMap<String, Section> = BTreeMap::new();
    for (_, line) in lines::lines(bytes) {
        let Ok(text) = std::str::from_utf8(line.trim_ascii()) else {
            continue;
        };
        if let Some(header) = header(text) {
            let section = found
                .entry(header.name.to_lowercase())
                .or_insert_with(|| Section {
                    name: header.name.to_owned(),
                    optional: true,
                });
            section.optional &= header.optional;
        }
    }
    found
}

/// The header of a section.
struct Header<'a> {
    name: &'a str,
    optional: bool,
    /// Where the default owners stand.
    rest: Range<usize>,
}

/// Reads `[Name]`, `^[Name]`, `[Name][2] @owner`.
fn header(line: &str) -> Option<Header<'_>> {
    let (optional, from) = match line.starts_with('^') {
        true => (true, 1),
        false => (false, 0),
    };
    let name = line[from..].strip_prefix('[')?;
    let length = name.find(']')?;
    let name = &name[..length];
    let mut end = from + length + 2;
    if let Some(count) = line[end..].strip_prefix('[')
        && let Some(length) = count.find(']')
        && count[..length]
            .bytes()
            .all(|byte| byte == b' ' || byte.is_ascii_digit())
    {
        end += length + 2;
    }
    Some(Header {
        name,
        optional,
        rest: end..line.len(),
    })
}

/// Where the pattern of a line ends: at the first space that is not escaped.
fn pattern_end(line: &str) -> usize {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if !escaped && matches!(c, ' ' | '\t') {
            return at;
        }
        escaped = c == '\\' && !escaped;
    }
    line.len()
}

/// The users, groups, roles and addresses in a word: none where it is malformed.
fn references(word: &str) -> Vec<Owner> {
    let mut found = Vec::new();
    let owner = |text: &str, form| Owner {
        text: text.into(),
        form,
    };
    let word = word.trim_start_matches(|c: char| !is_word(c) && c != '@');
    if let Some(role) = word.strip_prefix("@@") {
        let singular = role.to_lowercase();
        let singular = singular.strip_suffix('s').unwrap_or(&singular);
        if ROLES.contains(&singular) {
            found.push(owner(word, OwnerForm::Anyone));
        }
    } else if word.starts_with('@') {
        for part in word.split_inclusive(|c: char| !is_word(c) && !"@/.-".contains(c)) {
            let Some(name) = part.strip_prefix('@') else {
                continue;
            };
            let length = name
                .find(|c: char| !is_word(c) && !"/.-".contains(c))
                .unwrap_or(name.len());
            let name = name[..length].trim_end_matches(['.', '/']);
            if name.starts_with(is_word) && !name.contains("//") {
                let form = match name.contains('/') {
                    true => OwnerForm::TeamHandle,
                    false => OwnerForm::UserHandle,
                };
                found.push(owner(&format!("@{name}"), form));
            }
        }
    } else if let Some((user, host)) = word.split_once('@') {
        let host = host.trim_end_matches(|c: char| !is_word(c));
        if !user.is_empty() && !host.is_empty() && !host.contains('@') {
            found.push(owner(&format!("{user}@{host}"), OwnerForm::Email));
        }
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The comments: whole lines only.
fn comments(bytes: &[u8]) -> Vec<Range<usize>> {
    let found = lines::lines(bytes).filter_map(|(start, line)| {
        let indent = line.len() - line.trim_ascii_start().len();
        let text = line.trim_ascii();
        let is_comment = text.starts_with(b"#") && std::str::from_utf8(text).is_ok();
        is_comment.then(|| start + indent..start + indent + text.len())
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::{Context, FileFacts, FileId, Mode, RepoId, RepoPath};

    fn check(text: &str, expected: Expect) {
        let mut out = FileFacts::default();
        let mut facts = Facts::new(&mut out, FileId(0), GitLab.info().id, Context::Production);
        let path = RepoPath::new(RepoId(0), ".gitlab/CODEOWNERS");
        let file = SourceFile {
            path: &path,
            bytes: text.as_bytes(),
            mode: Mode::File,
            bom: false,
            roster: None,
        };
        GitLab.extract(&file, &mut facts);
        let mut told = String::new();
        for fact in &out.facts {
            writeln!(told, "{}", fact.claim).unwrap();
        }
        expected.assert_eq(&told);
    }

    #[test]
    fn sections_give_their_owners_to_lines_without() {
        check(
            "* @acme/core\n\n[Docs][2] @acme/docs\n*.md\nREADME.md @ada\n^[CI] @acme/ci\n.gitlab-ci.yml\n",
            expect![[r#"
                owns gitlab:* @acme/core
                owns gitlab:*.md in [Docs] @acme/docs
                owns gitlab:README.md in [Docs] @ada
                owns gitlab:.gitlab-ci.yml in [CI] @acme/ci [optional]
            "#]],
        );
    }

    #[test]
    fn a_section_is_optional_when_all_its_headers_say_so() {
        check(
            "^[Docs]\na @ada\n[DOCS] @bob\nb\n^[CI]\nc @eve\n",
            expect![[r#"
                owns gitlab:a in [Docs] @ada
                owns gitlab:b in [Docs] @bob
                owns gitlab:c in [CI] @eve [optional]
            "#]],
        );
    }

    #[test]
    fn exclusions_and_escapes_are_kept() {
        check(
            "!/vendor/\n\\#x @ada\nmy\\ docs/ @bob\n",
            expect![[r#"
            owns gitlab:/vendor/ nobody [cut]
            owns gitlab:\#x @ada
            owns gitlab:my\ docs/ @bob
        "#]],
        );
    }

    #[test]
    fn what_is_no_owner_is_told_and_the_rest_counts() {
        check(
            "a @ada bob\nb @ada # ask @eve\n[Broken @x\nc @@maintainer @@Owners @@king\nd @a/b/c @x, (@y) z@acme.example.\ne\n",
            expect![[r#"
                owns by an unreadable line `bob`: no owner to GitLab; write @user, @group, @group/subgroup, @@role or an e-mail address, separated by spaces
                owns gitlab:a @ada
                owns by an unreadable line `#`: GitLab knows no comments beside a pattern, and takes who is named in them for owners; give the comment a line of its own
                owns gitlab:b @ada @eve
                owns by an unreadable line `[Broken @x`: a header of a section without `]`, which GitLab reads as a pattern; close it
                owns by an unreadable line `@@king`: no owner to GitLab; write @user, @group, @group/subgroup, @@role or an e-mail address, separated by spaces
                owns gitlab:c @@maintainer @@Owners
                owns gitlab:d @a/b/c @x @y z@acme.example
                owns gitlab:e nobody
            "#]],
        );
    }
}
