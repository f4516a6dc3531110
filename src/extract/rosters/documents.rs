//! The documents of a roster in YAML or JSON.

use crate::extract::tree::{self, Node, Value};
use crate::extract::utf8;
use crate::model::{Facts, Parsed, SourceFile};

/// Everything that can be read of a file; what cannot is a problem.
pub(super) fn documents(file: &SourceFile<'_>, facts: &mut Facts<'_>) -> Vec<Node> {
    let Some(text) = utf8::text(file, facts) else {
        return Vec::new();
    };
    let is_json = file.path.path.ends_with(".json")
        || (!is_yaml(&file.path.path) && text.trim_start().starts_with(['{', '[']));
    let (documents, wrong) = match is_json {
        true => tree::json_pages(text),
        false => tree::yaml(text),
    };
    facts.parsed(Parsed::Whole);
    for wrong in wrong {
        facts.problem(wrong.bytes, wrong.message);
        facts.parsed(match documents.is_empty() {
            true => Parsed::Failed,
            false => Parsed::Partly,
        });
    }
    documents
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// The texts of a list, or of a single text; what is neither is left out.
pub(super) fn texts(node: Option<&Node>) -> impl Iterator<Item = (&Node, &str)> {
    node.into_iter()
        .flat_map(|node| match node.items() {
            [] => std::slice::from_ref(node),
            items => items,
        })
        .filter_map(|node| Some((node, node.text()?.trim())))
        .filter(|(_, text)| !text.is_empty())
}

/// Whether a node is a list, an empty one included.
pub(super) fn is_list(node: &Node) -> bool {
    matches!(node.value, Value::List(_))
}
