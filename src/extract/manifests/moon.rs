//! Who owns which paths of a project of moon?
//!
//! Source: <https://moonrepo.dev/docs/guides/codeowners>

use crate::extract::owned::{Statements, glob, is_sample};
use crate::extract::tree::{Node, Value, documents};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, Owner, OwnershipSource, SourceFile};

/// Reads `owners` of `moon.yml`.
#[derive(Debug)]
pub(in crate::extract) struct Moon;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("manifests/moon"),
    summary: "Owners of the paths of moon's projects",
    globs: &["**/moon.yml"],
    markers: &["owners"],
    languages: &[Language::Data],
    ownership: true,
};

impl Extractor for Moon {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if is_sample(facts) {
            return;
        }
        let documents = documents(file, facts);
        let mut say = Statements::new(facts, OwnershipSource::Manifest);
        for document in &documents {
            let Some(owners) = document.get("owners") else {
                continue;
            };
            let default = owners.get("defaultOwner");
            let default = default.and_then(|node| say.owner(node));
            let default: Vec<Owner> = default.into_iter().collect();
            let Some(paths) = owners.get("paths") else {
                continue;
            };
            let mut path = |text: &str, owners: Vec<Owner>, bytes: std::ops::Range<usize>| {
                if owners.is_empty() {
                    say.wrong(bytes, "a path without owners needs a `defaultOwner`");
                    return;
                }
                for pattern in patterns(text) {
                    let what = glob(file.path.parent(), &pattern);
                    say.owns(what, owners.clone(), bytes.clone());
                }
            };
            match &paths.value {
                Value::List(items) => {
                    for item in items {
                        let text = item.text().unwrap_or_default();
                        path(text, default.clone(), item.bytes.clone());
                    }
                }
                Value::Map(entries) => {
                    for entry in entries {
                        let own = own(&entry.value);
                        let owners = if own.is_empty() { default.clone() } else { own };
                        path(&entry.key, owners, entry.key_bytes.clone());
                    }
                }
                _ => say.wrong(paths.bytes.clone(), "`paths` must be a list or a map"),
            }
        }
    }
}

fn own(node: &Node) -> Vec<Owner> {
    let texts = node.items().iter().filter_map(Node::text);
    texts.map(crate::extract::owned::owner).collect()
}

/// A path as CODEOWNERS understands it, as globs: without a wildcard it is a file, or a folder with all below.
fn patterns(path: &str) -> Vec<String> {
    match path {
        path if path.ends_with('/') => vec![format!("{path}**")],
        path if path.contains(['*', '?', '{']) => vec![path.to_owned()],
        path => vec![path.to_owned(), format!("{path}/**")],
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn lists_and_maps_of_paths() {
        let text = "owners:\n  defaultOwner: '@acme/web'\n  paths: ['*.{js,ts}', 'docs/']\n";
        expect![[r#"
            file owns glob:apps/web/*.{js,ts} by manifest @acme/web [declared]  @ "'*.{js,ts}'"
            file owns glob:apps/web/docs/** by manifest @acme/web [declared]  @ "'docs/'"
        "#]]
        .assert_eq(&lines(&Moon, "apps/web/moon.yml", text));
        let text = "owners:\n  defaultOwner: '@acme/web'\n  paths:\n    'src': ['@acme/core', '@acme/web']\n    'config/': []\n";
        expect![[r#"
            file owns glob:config/** by manifest @acme/web [declared]  @ "'config/'"
            file owns glob:src by manifest @acme/core @acme/web [declared]  @ "'src'"
            file owns glob:src/** by manifest @acme/core @acme/web [declared]  @ "'src'"
        "#]]
        .assert_eq(&lines(&Moon, "moon.yml", text));
        expect![[r#"
            ! a path without owners needs a `defaultOwner`  @ "a"
        "#]]
        .assert_eq(&lines(&Moon, "moon.yml", "owners:\n  paths: [a]\n"));
    }
}
