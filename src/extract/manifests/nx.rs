//! Who owns which files of an Nx workspace, and which team is a project tagged with?
//!
//! Source: <https://nx.dev/docs/enterprise/owners>; tags such as `team:cart` are habit.

use crate::extract::owned::{Statements, glob, is_sample};
use crate::extract::tree::{Node, Value, document};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, OwnershipSource, Selector, SourceFile, Strength};

/// Reads `owners` of `nx.json` and `project.json`, and tags.
#[derive(Debug)]
pub(in crate::extract) struct Nx;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("manifests/nx"),
    summary: "Owners and tags of the projects of Nx",
    globs: &["**/nx.json", "**/project.json"],
    markers: &["owners", "team:", "owner:"],
    languages: &[Language::Data],
    ownership: true,
};

impl Extractor for Nx {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if is_sample(facts) {
            return;
        }
        let Some(document) = document(file, facts) else {
            return;
        };
        let folder = file.path.parent();
        let mut say = Statements::new(facts, OwnershipSource::Manifest);
        if let Some(owners) = document.get("owners") {
            self::owners(owners, folder, &mut say);
        }
        if file.path.file_name() == "project.json" {
            for tag in document.get("tags").map_or(&[][..], Node::items) {
                let text = tag.text().unwrap_or_default();
                let name = ["team:", "owner:"]
                    .iter()
                    .find_map(|start| text.strip_prefix(start));
                if let Some(name) = name.filter(|name| !name.is_empty()) {
                    let owner = crate::extract::owned::owner(name);
                    let bytes = tag.bytes.clone();
                    say.owns_as(Selector::Subtree, vec![owner], Strength::Contact, bytes);
                }
            }
        }
    }
}

/// Patterns in order, or a map from globs to owners.
fn owners(node: &Node, folder: &str, say: &mut Statements<'_, '_>) {
    for pattern in node.get("patterns").map_or(&[][..], Node::items) {
        let owners = pattern
            .get("owners")
            .map_or_else(Vec::new, |named| say.owners(named));
        if let Some(projects) = pattern.get("projects") {
            let message = "projects are not looked up by their names and tags: name them in their own `project.json`";
            say.wrong(projects.bytes.clone(), message);
        }
        for file in pattern.get("files").map_or(&[][..], Node::items) {
            if let Some(text) = file.text() {
                say.owns(glob(folder, text), owners.clone(), file.bytes.clone());
            }
        }
    }
    for entry in node.entries() {
        if entry.key != "patterns"
            && matches!(entry.value.value, Value::List(_))
            && is_owners(&entry.value)
        {
            let owners = say.owners(&entry.value);
            say.owns(glob(folder, &entry.key), owners, entry.key_bytes.clone());
        }
    }
}

/// Sections of GitLab are lists, too, but of maps.
fn is_owners(node: &Node) -> bool {
    node.items().iter().all(|item| item.text().is_some())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn patterns_of_the_workspace_and_of_a_project() {
        let text = "{\"owners\": {\"format\": \"github\", \"patterns\": [{\"files\": [\".github/**/*\"], \"owners\": [\"@acme/ops\"]}, {\"projects\": [\"cart\"], \"owners\": [\"@acme/cart\"]}], \"sections\": [{}]}}";
        expect![[r#"
            ! projects are not looked up by their names and tags: name them in their own `project.json`  @ "[\"cart\"]"
            file owns glob:.github/**/* by manifest @acme/ops [declared]  @ "\".github/**/*\""
        "#]]
        .assert_eq(&lines(&Nx, "nx.json", text));
        let text = "{\"name\": \"cart\", \"tags\": [\"scope:shop\", \"team:cart\"], \"owners\": {\"**/*\": [\"@acme/cart\"]}}";
        expect![[r#"
            file owns glob:apps/cart/**/* by manifest @acme/cart [declared]  @ "\"**/*\""
            file owns subtree by manifest cart [contact] [declared]  @ "\"team:cart\""
        "#]]
        .assert_eq(&lines(&Nx, "apps/cart/project.json", text));
    }
}
