//! What do the values of a Helm chart say?
//!
//! Source: <https://helm.sh/docs/chart_template_guide/values_files/>

use crate::extract::tree::{Node, Value, documents};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, ExtractorId, Facts, Key, Language, Parsed, SourceFile, Subject, Template,
};

/// The most values of one file.
const VALUES: usize = 4096;
/// The deepest nesting of names.
const DEPTH: usize = 24;

/// Reads `values.yaml`.
#[derive(Debug)]
pub(in crate::extract) struct Values;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("kubernetes/values"),
    summary: "Values of Helm charts",
    globs: &["**/values.yaml", "**/values.yml"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Values {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let documents = documents(file, facts);
        let mut count = 0;
        let mut open: Vec<(String, usize, &Node)> = documents
            .iter()
            .map(|document| (String::new(), 0, document))
            .collect();
        while let Some((name, depth, node)) = open.pop() {
            if let Value::Scalar { text, .. } = &node.value {
                count += 1;
                if count > VALUES {
                    facts.problem(
                        node.bytes.clone(),
                        format!("more than {VALUES} values: the rest is not read"),
                    );
                    facts.parsed(Parsed::Partly);
                    return;
                }
                let claim = Claim::Binds {
                    key: Key::new("values", name),
                    value: Template::text(text.as_str()),
                };
                let fact = facts.push(Subject::File, claim, node.bytes.clone());
                fact.certainty = Certainty::Declared;
                continue;
            }
            if depth == DEPTH {
                facts.problem(
                    node.bytes.clone(),
                    format!("values are nested more than {DEPTH} deep: not read"),
                );
                facts.parsed(Parsed::Partly);
                continue;
            }
            for entry in node.entries() {
                let name = match name.as_str() {
                    "" => entry.key.clone(),
                    above => format!("{above}.{}", entry.key),
                };
                open.push((name, depth + 1, &entry.value));
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
    fn values_by_their_path() {
        let text = "cart:\n  name: cartservice\n  port: 7070\nempty: {}\nlist: [a]\n";
        expect![[r#"
            file binds values:cart.name = cartservice [declared]  @ "cartservice"
            file binds values:cart.port = 7070 [declared]  @ "7070"
        "#]]
        .assert_eq(&lines(&Values, "deploy/shop/values.yaml", text));
    }
}
