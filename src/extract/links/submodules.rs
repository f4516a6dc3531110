//! Which repositories does a `.gitmodules` take in, and where?
//!
//! Source: <https://git-scm.com/docs/gitmodules>, syntax: <https://git-scm.com/docs/git-config#_syntax>

use std::ops::Range;

use crate::extract::{Extractor, ExtractorInfo, git, utf8};
use crate::model::{
    Certainty, DependencyKind, ExtractorId, Facts, Key, Language, Parsed, SourceFile,
};

/// Reads `.gitmodules`.
#[derive(Debug)]
pub(in crate::extract) struct Submodules;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("git/submodules"),
    summary: "Repositories that git submodules take in",
    globs: &[".gitmodules"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The most submodules of one repository.
const MOST: usize = 4096;

impl Extractor for Submodules {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        facts.parsed(Parsed::Whole);
        let mut at = 0;
        let mut section = Section::default();
        let mut count = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let line = line.trim();
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            if line.starts_with('[') {
                section.state(facts);
                section = Section::default();
                section.is_submodule = line.starts_with("[submodule ");
                if !line.ends_with(']') {
                    facts.problem(start..at, "this section has no end");
                    facts.parsed(Parsed::Partly);
                }
                count += 1;
                if count > MOST {
                    facts.problem(start..at, format!("more than {MOST} submodules"));
                    facts.parsed(Parsed::Partly);
                    return;
                }
            } else if let Some((key, value)) = line.split_once('=') {
                let value = value.trim().trim_matches('"').to_owned();
                match key.trim().to_lowercase().as_str() {
                    "path" => section.path = Some(value),
                    "url" => section.url = Some((value, start..at)),
                    _ => {}
                }
            }
        }
        section.state(facts);
    }
}

#[derive(Default)]
struct Section {
    is_submodule: bool,
    path: Option<String>,
    url: Option<(String, Range<usize>)>,
}

impl Section {
    fn state(&mut self, facts: &mut Facts<'_>) {
        let (true, Some(path), Some((url, bytes))) =
            (self.is_submodule, self.path.take(), self.url.take())
        else {
            return;
        };
        let place = match git::normalise(&url) {
            Some(address) => format!("git:{address}"),
            // Relative to the address of the repository itself, which no file tells.
            None if url.starts_with("./") || url.starts_with("../") => format!("beside:{url}"),
            None => format!("outside:{url}"),
        };
        let key = Key::at("submodule", place, path);
        facts
            .requires(key, DependencyKind::LinkImpl, 1, bytes)
            .certainty = Certainty::Declared;
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn every_section_is_a_repository() {
        let text = "# vendored\n[submodule \"ledger\"]\n\tpath = vendor/ledger\n\turl = git@github.com:acme/ledger.git\n\tbranch = main\n[submodule \"x\"]\n\turl = \"../till.git\"\n\tpath = till\n[core]\n\tpath = a\n\turl = b\n[submodule \"y\"\n\tpath = y\n[submodule \"z\"]\n\tpath = z\n\turl = /srv/z\n";
        expect![[r#"
            ! this section has no end  @ "[submodule \"y\"\n"
            here requires submodule(beside:../till.git)till [link.impl] [declared]  @ "\turl = \"../till.git\"\n"
            here requires submodule(git:github.com/acme/ledger)vendor/ledger [link.impl] [declared]  @ "\turl = git@github.com:acme/ledger.git\n"
            here requires submodule(outside:/srv/z)z [link.impl] [declared]  @ "\turl = /srv/z\n"
        "#]].assert_eq(&lines(&Submodules, ".gitmodules", text));
    }
}
