//! Which team does a `package.yml` of packwerk, or a `package.json`, name as the owner of its package?
//!
//! Source: <https://github.com/rubyatscale/code_ownership/blob/main/README.md>

use super::team;
use crate::extract::owned::{Statements, is_sample, mentions};
use crate::extract::tree::{Node, document, documents};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, OwnershipSource, Selector, SourceFile};

/// Reads `owner` and `metadata.owner`.
#[derive(Debug)]
pub(in crate::extract) struct Packages;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("code-ownership/packages"),
    summary: "Owners that packages of packwerk and npm name",
    globs: &["**/package.yml", "**/package.json"],
    markers: &["owner"],
    languages: &[Language::Data],
    ownership: true,
};

impl Extractor for Packages {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if is_sample(facts) {
            return;
        }
        if file.path.file_name() == "package.json" {
            // `owner` is a common word in a description.
            if mentions(file, "\"metadata\"")
                && let Some(document) = document(file, facts)
            {
                let owner = document.at(&["metadata", "owner"]);
                read(&owner.into_iter().collect::<Vec<_>>(), facts);
            }
            return;
        }
        for document in documents(file, facts) {
            let places: [&[&str]; 2] = [&["owner"], &["metadata", "owner"]];
            let named: Vec<&Node> = places.iter().filter_map(|at| document.at(at)).collect();
            read(&named, facts);
        }
    }
}

/// States the owner; two that differ are a mistake that the tool refuses, too.
fn read(named: &[&Node], facts: &mut Facts<'_>) {
    let mut say = Statements::new(facts, OwnershipSource::Manifest);
    let Some(first) = named.first() else {
        return;
    };
    if let Some(other) = named.iter().find(|node| node.text() != first.text()) {
        say.wrong(
            other.bytes.clone(),
            "names another owner than `owner` does: keep one of the two",
        );
        return;
    }
    if let Some(owner) = say.owner(first) {
        let owner = team(&owner.text);
        say.owns(Selector::Subtree, vec![owner], first.bytes.clone());
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn packages_name_their_owner() {
        let pack = "packs/cart/package.yml";
        expect![[r#"
            file owns subtree by manifest Cart [declared]  @ "Cart"
        "#]]
        .assert_eq(&lines(
            &Packages,
            pack,
            "enforce_privacy: true\nowner: Cart\n",
        ));
        expect![[r#"
            file owns subtree by manifest Cart [declared]  @ "Cart"
        "#]]
        .assert_eq(&lines(&Packages, pack, "metadata:\n  owner: Cart\n"));
        expect![[r#"
            ! names another owner than `owner` does: keep one of the two  @ "Pay"
        "#]]
        .assert_eq(&lines(
            &Packages,
            pack,
            "owner: Cart\nmetadata:\n  owner: Pay\n",
        ));
        expect![[r#"
            file owns subtree by manifest Cart [declared]  @ "\"Cart\""
        "#]]
        .assert_eq(&lines(
            &Packages,
            "web/cart/package.json",
            "{\"name\": \"cart\", \"metadata\": {\"owner\": \"Cart\"}}",
        ));
        let other = "{\"description\": \"the owner\", \"owner\": \"x\"}";
        assert_eq!(lines(&Packages, "web/cart/package.json", other), "");
    }
}
