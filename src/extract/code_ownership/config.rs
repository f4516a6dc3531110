//! What does `config/code_ownership.yml` say: which files need an owner, and where vendored gems lie?
//!
//! Source: <https://github.com/rubyatscale/code_ownership/blob/main/README.md>

use super::root;
use crate::extract::owned::{glob, is_sample};
use crate::extract::tree::{Node, Value, documents};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, ExtractorId, Facts, Key, Language, Parsed, Selector, SourceFile, Subject,
};

/// Reads `config/code_ownership.yml`.
#[derive(Debug)]
pub(in crate::extract) struct Config;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("code-ownership/config"),
    summary: "Which files code_ownership speaks of",
    globs: &["**/config/code_ownership.yml"],
    markers: &[],
    languages: &[Language::Data],
    ownership: true,
};

/// The settings that tell which files are meant, and what a binding is called.
const SETTINGS: &[(&str, &str)] = &[
    ("owned_globs", "owned"),
    ("unowned_globs", "unowned"),
    ("team_file_glob", "teams"),
    ("vendored_gems_path", "gems"),
    ("unbuilt_gems_path", "gems"),
];

impl Extractor for Config {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if is_sample(facts) {
            return;
        }
        let folder = root(&file.path.path, "config/");
        for document in documents(file, facts) {
            for (setting, name) in SETTINGS {
                let Some(node) = document.get(setting) else {
                    continue;
                };
                let values: &[Node] = match &node.value {
                    Value::List(items) => items,
                    Value::Null => &[],
                    _ => std::slice::from_ref(node),
                };
                for value in values {
                    let Some(text) = value.text() else {
                        let message = format!("`{setting}` must be a list of globs");
                        facts.problem(value.bytes.clone(), message);
                        facts.parsed(Parsed::Partly);
                        continue;
                    };
                    if let Selector::Paths { pattern, .. } = glob(folder, text) {
                        let claim = Claim::Binds {
                            key: Key::at("code-ownership", folder, *name),
                            value: pattern.to_string().into(),
                        };
                        let fact = facts.push(Subject::File, claim, value.bytes.clone());
                        fact.certainty = Certainty::Declared;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn globs_are_told_from_the_root_of_the_run() {
        let text = "owned_globs:\n- '{app,lib}/**/*.rb'\nunowned_globs:\nunbuilt_gems_path: gems\n";
        expect![[r#"
            file binds code-ownership(apps/shop)gems = apps/shop/gems [declared]  @ "gems"
            file binds code-ownership(apps/shop)owned = apps/shop/{app,lib}/**/*.rb [declared]  @ "'{app,lib}/**/*.rb'"
        "#]]
        .assert_eq(&lines(&Config, "apps/shop/config/code_ownership.yml", text));
    }
}
