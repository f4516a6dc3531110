//! Which team owns the service or component that an `opslevel.yml` describes?
//!
//! Source: <https://docs.opslevel.com/docs/opslevel-yml>

use crate::extract::owned::{Statements, is_sample};
use crate::extract::tree::documents;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, OwnershipSource, Selector, SourceFile, Strength};

/// Reads `opslevel.yml`.
#[derive(Debug)]
pub(in crate::extract) struct OpsLevel;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("catalogs/opslevel"),
    summary: "Teams that descriptors of OpsLevel name",
    globs: &["**/opslevel.yml"],
    markers: &[],
    languages: &[Language::Data],
    ownership: true,
};

/// What a file can describe; the repository around a service is the weaker statement.
const PARTS: &[(&str, Strength)] = &[
    ("service", Strength::Required),
    ("component", Strength::Required),
    ("repository", Strength::Optional),
];

impl Extractor for OpsLevel {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if is_sample(facts) {
            return;
        }
        let documents = documents(file, facts);
        let mut say = Statements::new(facts, OwnershipSource::Catalog);
        for document in &documents {
            for (part, strength) in PARTS {
                if let Some(node) = document.at(&[part, "owner"])
                    && let Some(owner) = say.owner(node)
                {
                    let bytes = node.bytes.clone();
                    say.owns_as(Selector::Subtree, vec![owner], *strength, bytes);
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
    fn services_and_repositories() {
        let text = "version: 1\nservice:\n  name: Cart\n  owner: cart_team\nrepository:\n  owner: platform\n";
        expect![[r#"
            file owns subtree by catalog cart_team [declared]  @ "cart_team"
            file owns subtree by catalog platform [optional] [declared]  @ "platform"
        "#]]
        .assert_eq(&lines(&OpsLevel, "opslevel.yml", text));
    }
}
