//! Which teams own the plugin or package that a `kibana.jsonc` describes?
//!
//! Source: <https://github.com/elastic/kibana/blob/main/dev_docs/key_concepts/anatomy_of_a_plugin.mdx>

use crate::extract::owned::{Statements, is_sample};
use crate::extract::tree::{Value, document};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, OwnershipSource, Selector, SourceFile};

/// Reads `kibana.jsonc`, and `kibana.json` of older plugins.
#[derive(Debug)]
pub(in crate::extract) struct Kibana;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("manifests/kibana"),
    summary: "Teams that manifests of Kibana's plugins name",
    globs: &["**/kibana.jsonc", "**/kibana.json"],
    markers: &["owner"],
    languages: &[Language::Data],
    ownership: true,
};

impl Extractor for Kibana {
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
        let Some(node) = document.get("owner") else {
            return;
        };
        let mut say = Statements::new(facts, OwnershipSource::Manifest);
        // An older plugin names its team in `owner.githubTeam`.
        let named = match node.value {
            Value::Map(_) => node.get("githubTeam"),
            _ => Some(node),
        };
        let owners = named.map_or_else(Vec::new, |named| say.owners(named));
        if !owners.is_empty() {
            say.owns(Selector::Subtree, owners, node.bytes.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn one_team_several_and_the_old_form() {
        let check = |text: &str| lines(&Kibana, "plugins/cart/kibana.jsonc", text);
        expect![[r#"
            file owns subtree by manifest @acme/cart [declared]  @ "\"@acme/cart\""
        "#]]
        .assert_eq(&check("{ // cart\n \"owner\": \"@acme/cart\", }"));
        expect![[r#"
            file owns subtree by manifest @acme/cart @acme/pay [declared]  @ "[\"@acme/cart\", \"@acme/pay\"]"
        "#]]
        .assert_eq(&check("{\"owner\": [\"@acme/cart\", \"@acme/pay\"]}"));
        expect![[r#"
            file owns subtree by manifest cart [declared]  @ "{\"name\": \"Cart\", \"githubTeam\": \"cart\"}"
        "#]]
        .assert_eq(&check("{\"owner\": {\"name\": \"Cart\", \"githubTeam\": \"cart\"}}"));
    }
}
