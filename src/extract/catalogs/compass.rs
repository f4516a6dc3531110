//! Which team owns the component that a `compass.yml` describes? The team has a number, which the configuration has to name.
//!
//! Source: <https://developer.atlassian.com/cloud/compass/config-as-code/structure-and-contents-of-a-compass-yml-file/>

use crate::extract::owned::{Statements, is_sample};
use crate::extract::tree::documents;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    ExtractorId, Facts, Language, Owner, OwnerForm, OwnershipSource, Selector, SourceFile,
};

/// Reads `compass.yml`.
#[derive(Debug)]
pub(in crate::extract) struct Compass;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("catalogs/compass"),
    summary: "Teams that descriptors of Compass name by their numbers",
    globs: &["**/compass.yml", "**/compass.yaml"],
    markers: &["ownerId"],
    languages: &[Language::Data],
    ownership: true,
};

impl Extractor for Compass {
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
            if let Some(node) = document.get("ownerId")
                && let Some(owner) = say.owner(node)
            {
                let owner = Owner {
                    form: OwnerForm::Group,
                    ..owner
                };
                say.owns(Selector::Subtree, vec![owner], node.bytes.clone());
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
    fn a_component_with_its_team() {
        let text = "name: cart\nid: ari:cloud:compass:x:component/1/2\nownerId: 'ari:cloud:identity::team/7c1'\n";
        expect![[r#"
            file owns subtree by catalog ari:cloud:identity::team/7c1 [declared]  @ "'ari:cloud:identity::team/7c1'"
        "#]]
        .assert_eq(&lines(&Compass, "compass.yml", text));
        assert_eq!(lines(&Compass, "compass.yml", "name: cart\nownerId:\n"), "");
    }
}
