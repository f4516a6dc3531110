//! What of a description is its contract: a digest of each element without the words that are for people.

use crate::extract::tree::{Node, Value};
use crate::model::Digest;

/// Keys whose values are for people, wherever they stand.
const WORDS: &[&str] = &[
    "description",
    "example",
    "examples",
    "externalDocs",
    "operationId",
    "summary",
    "tags",
    "title",
];

/// The digest of an element, the same in YAML and in JSON, whatever the order of keys.
pub(super) fn shape(node: &Node) -> String {
    let mut digest = Digest::default();
    add(node, false, &mut digest);
    format!("{:016x}", digest.0)
}

/// `named` tells that the keys of the map are names of the author, so that none is for people.
///
/// Recursion is bounded by the readers of both formats.
fn add(node: &Node, named: bool, digest: &mut Digest) {
    match &node.value {
        Value::Null => digest.text("null"),
        Value::Scalar { text, .. } => digest.text(text),
        Value::List(items) => {
            digest.text("[");
            items.iter().for_each(|item| add(item, false, digest));
            digest.text("]");
        }
        Value::Map(entries) => {
            digest.text("{");
            let mut sorted: Vec<_> = entries
                .iter()
                .filter(|entry| named || !is_for_people(&entry.key))
                .collect();
            sorted.sort_by(|a, b| a.key.cmp(&b.key));
            for entry in sorted {
                digest.text(&entry.key);
                let named = matches!(
                    &*entry.key,
                    "properties" | "patternProperties" | "responses" | "headers" | "schemas"
                );
                add(&entry.value, named, digest);
            }
            digest.text("}");
        }
    }
}

fn is_for_people(key: &str) -> bool {
    WORDS.contains(&key) || key.starts_with("x-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::tree::{json, yaml};

    fn of(text: &str) -> String {
        shape(&yaml(text).0[0])
    }

    #[test]
    fn words_order_and_format_change_nothing() {
        let one = of("type: object\ndescription: A cart.\nproperties: {id: {type: string}}");
        let json = json("{\"properties\":{\"id\":{\"type\":\"string\"}},\"type\":\"object\"}");
        assert_eq!(one, shape(&json.unwrap().unwrap()));
    }

    #[test]
    fn a_property_that_is_called_like_a_word_counts() {
        let with = of("properties: {id: {type: string}, description: {type: string}}");
        let without = of("properties: {id: {type: string}}");
        assert_ne!(with, without);
        assert_ne!(of("a: [1, 2]"), of("a: [2, 1]"));
    }
}
