//! What do `package.yml` and `packwerk.yml` say: a pack, the packs that it depends on, what it keeps private?
//!
//! Source: <https://github.com/Shopify/packwerk/blob/main/USAGE.md>, <https://github.com/rubyatscale/packwerk-extensions>

use crate::extract::tree::{self, Node, Value};
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{
    Certainty, Claim, ComponentKind, DependencyKind, ExtractorId, Facts, Key, Language, Offer,
    Parsed, Part, Ref, SourceFile, Subject, Template, join,
};

/// Reads `package.yml` and `packwerk.yml`.
#[derive(Debug)]
pub(in crate::extract) struct Packs;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("ruby/packs"),
    summary: "Packs of packwerk, what they depend on and keep private",
    globs: &["**/package.yml", "**/packwerk.yml"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Packs {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        let (documents, wrong) = tree::yaml(text);
        facts.parsed(Parsed::Whole);
        for wrong in wrong {
            facts.problem(wrong.bytes, wrong.message);
            facts.parsed(Parsed::Partly);
        }
        let is_root = file.path.file_name() == "packwerk.yml";
        let folder = file.path.parent();
        if is_root {
            let key = Key::new("packwerk", "root");
            let root = if folder.is_empty() { "." } else { folder };
            let fact = facts.binds(key, root.into(), 0..0);
            fact.certainty = Certainty::Declared;
            return;
        }
        // Comments alone make a pack, too: everything has a default.
        let Some(document) = documents.first() else {
            if text.trim().is_empty() {
                return;
            }
            Reader { folder, facts }.pack();
            return;
        };
        let mut reader = Reader { folder, facts };
        match &document.value {
            Value::Map(_) if is_pack(document) => reader.read(document),
            Value::Map(_) | Value::Null => {}
            _ => {
                reader
                    .facts
                    .problem(document.bytes.clone(), "a pack must be a map");
                reader.facts.parsed(Parsed::Partly);
            }
        }
    }
}

/// Others have a file of this name, too: a pack says something that packwerk knows.
fn is_pack(document: &Node) -> bool {
    document.entries().iter().any(|entry| {
        matches!(
            &*entry.key,
            "dependencies" | "public_path" | "package_todo" | "metadata" | "layer" | "owner"
        ) || entry.key.starts_with("enforce_")
    })
}

struct Reader<'a, 'f> {
    folder: &'a str,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_> {
    fn read(&mut self, document: &Node) {
        self.pack();
        self.dependencies(document);
        self.privacy(document);
    }

    /// The folder is a component; its name is its path, `.` at the root.
    fn pack(&mut self) {
        let name = if self.folder.is_empty() {
            "."
        } else {
            self.folder
        };
        let place = format!("path:{}", self.folder);
        let claims = [
            Claim::Component {
                kind: ComponentKind::Library,
                name: None,
            },
            Claim::Provides {
                key: Key::at("pack", place.as_str(), name),
                how: Offer::Implements,
            },
            // Other packs know it by its place below packwerk's root.
            Claim::Provides {
                key: Key::at("pack", place.as_str(), ""),
                how: Offer::Implements,
            },
        ];
        for claim in claims {
            let fact = self.facts.push(Subject::Here, claim, 0..0);
            fact.certainty = Certainty::Declared;
        }
    }

    fn dependencies(&mut self, document: &Node) {
        let Some(list) = document.get("dependencies") else {
            return;
        };
        if !matches!(list.value, Value::List(_) | Value::Null) {
            self.facts
                .problem(list.bytes.clone(), "`dependencies` must be a list");
            self.facts.parsed(Parsed::Partly);
        }
        for item in list.items() {
            let Some(name) = item.text().and_then(|name| join("", name)) else {
                self.facts
                    .problem(item.bytes.clone(), "not the path of a pack");
                self.facts.parsed(Parsed::Partly);
                continue;
            };
            let mut place = Template::text("path:");
            place.push(Part::Ref(Box::new(Ref {
                key: Key::new("packwerk", "root"),
                default: Some(Template::text(".")),
            })));
            place.push(Part::Text(format!("/{name}").into()));
            let claim = Claim::Requires {
                key: Key::at("pack", place, ""),
                kind: DependencyKind::LinkImpl,
                access: Default::default(),
                count: 1,
            };
            let fact = self.facts.push(Subject::Here, claim, item.bytes.clone());
            fact.certainty = Certainty::Declared;
        }
    }

    /// What lies outside of the public folder is private, once the pack enforces it.
    fn privacy(&mut self, document: &Node) {
        let Some(enforced) = document.entry("enforce_privacy") else {
            return;
        };
        let is_on = match &enforced.value.value {
            Value::Scalar { text, .. } => text == "true" || text == "strict",
            // A list names the constants that are private; the others are not.
            _ => false,
        };
        if !is_on {
            return;
        }
        let public = document.text_of("public_path").unwrap_or("app/public");
        let Some(folder) = join(self.folder, public) else {
            self.facts.problem(
                enforced.value.bytes.clone(),
                "`public_path` leaves the repository",
            );
            return;
        };
        let bytes = enforced.key_bytes.start..enforced.value.bytes.end;
        let fact = self
            .facts
            .binds(Key::new("packpublic", "path"), folder.into(), bytes);
        fact.certainty = Certainty::Declared;
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Packs, path, text));
    }

    #[test]
    fn a_pack_with_dependencies_and_privacy() {
        check(
            "packs/cart/package.yml",
            "enforce_dependencies: strict\nenforce_privacy: true\npublic_path: app/api/\ndependencies:\n- packs/ledger\n- \".\"\n",
            expect![[r#"
                here binds packpublic:path = packs/cart/app/api [declared]  @ "enforce_privacy: true"
                here is library [declared]  @ ""
                here provides pack(path:packs/cart) [declared]  @ ""
                here provides pack(path:packs/cart)packs/cart [declared]  @ ""
                here requires pack(path:${packwerk:root|.}/) [link.impl] [declared]  @ "\".\""
                here requires pack(path:${packwerk:root|.}/packs/ledger) [link.impl] [declared]  @ "packs/ledger"
            "#]],
        );
    }

    #[test]
    fn the_root_and_what_only_has_the_name() {
        check(
            "shop/packwerk.yml",
            "include: ['**/*.rb']\n",
            expect![[r#"
                here binds packwerk:root = shop [declared]  @ ""
            "#]],
        );
        check("x/package.yml", "name: cart\nversion: 1\n", expect![""]);
    }

    #[test]
    fn what_is_wrong_is_told() {
        check(
            "packs/cart/package.yml",
            "dependencies: packs/a\nenforce_privacy: false\n",
            expect![[r#"
                ! `dependencies` must be a list  @ "packs/a"
                here is library [declared]  @ ""
                here provides pack(path:packs/cart) [declared]  @ ""
                here provides pack(path:packs/cart)packs/cart [declared]  @ ""
            "#]],
        );
        assert_eq!(facts(&Packs, "package.yml", b"a: [").problems.len(), 1);
        assert_eq!(facts(&Packs, "package.yml", b"- a").problems.len(), 1);
    }
}
