//! What does a `go.work` say: which modules of the tree are built together, and what replaces others?
//!
//! Source: <https://go.dev/ref/mod#go-work-file>

use super::is_vendored;
use super::lines;
use super::module::tell_wrong;
use super::replace::{Replace, only, place};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, ExtractorId, Facts, Key, Language, SourceFile, Subject, Template,
};

/// Reads `go.work`.
#[derive(Debug)]
pub(in crate::extract) struct Workspace;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("golang/workspace"),
    summary: "Go workspaces: modules that are built together",
    globs: &["**/go.work"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Workspace {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if is_vendored(&file.path.path) {
            return;
        }
        let Some(lines) = lines::read(file, facts) else {
            return;
        };
        let mut wrong = lines.wrong;
        let folder = file.path.parent();
        for line in &lines.lines {
            let told = match line.verb {
                "use" => only(line)
                    .map(|word| {
                        let claim = Claim::Binds {
                            key: Key::new("gowork-use", &*word.text),
                            value: Template::text(place(folder, &word.text)),
                        };
                        let fact = facts.push(Subject::Here, claim, line.bytes.clone());
                        fact.certainty = Certainty::Declared;
                    })
                    .ok_or("`use` names one folder"),
                "replace" => Replace::read(line, folder).map(|replace| replace.tell(facts)),
                "go" | "toolchain" | "godebug" => Ok(()),
                _ => Err("no directive of a `go.work`"),
            };
            if let Err(message) = told {
                wrong.push((line.bytes.clone(), message.into()));
            }
        }
        tell_wrong(wrong, facts);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn a_workspace_names_folders_and_replacements() {
        let text = "go 1.22\n\nuse (\n\t./cart\n\t../ledger // shared\n\t.\n)\nreplace example.com/stock => ./stock\nuse\nfor ./x\n";
        expect![[r#"
            ! `use` names one folder (and 1 more)  @ "use"
            here binds gomod-replace:example.com/stock = ${gomod(path:shop/stock)example.com/stock} [declared]  @ "replace example.com/stock => ./stock"
            here binds gowork-use:. = path:shop [declared]  @ "."
            here binds gowork-use:../ledger = path:ledger [declared]  @ "../ledger"
            here binds gowork-use:./cart = path:shop/cart [declared]  @ "./cart"
        "#]].assert_eq(&lines(&Workspace, "shop/go.work", text));
    }
}
