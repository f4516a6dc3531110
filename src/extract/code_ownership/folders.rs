//! What does a `.codeowner` file say: the team that owns its folder?
//!
//! Source: <https://github.com/rubyatscale/code_ownership/blob/main/README.md>

use super::team;
use crate::extract::owned::Statements;
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{ExtractorId, Facts, Language, OwnershipSource, Parsed, Selector, SourceFile};

/// Reads `.codeowner`.
#[derive(Debug)]
pub(in crate::extract) struct Folders;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("code-ownership/folders"),
    summary: "Folders that code_ownership gives to a team",
    globs: &["**/.codeowner"],
    markers: &[],
    languages: &[Language::Data],
    ownership: true,
};

impl Extractor for Folders {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        facts.parsed(Parsed::Whole);
        let name = text.trim();
        if name.is_empty() {
            return;
        }
        let start = text.len() - text.trim_start().len();
        let bytes = start..start + name.len();
        let mut say = Statements::new(facts, OwnershipSource::TeamFile);
        if name.contains('\n') {
            say.wrong(bytes, "must be the name of one team, on one line");
            return;
        }
        say.owns(Selector::Subtree, vec![team(name)], bytes);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn one_team_a_folder() {
        expect![[r#"
            file owns subtree by team-file Cart Folks [declared]  @ "Cart Folks"
        "#]]
        .assert_eq(&lines(&Folders, "app/cart/.codeowner", "\nCart Folks\r\n"));
        assert_eq!(lines(&Folders, "app/cart/.codeowner", " \n"), "");
        expect![[r#"
            ! must be the name of one team, on one line  @ "A\nB"
        "#]]
        .assert_eq(&lines(&Folders, "app/cart/.codeowner", "A\nB\n"));
    }
}
