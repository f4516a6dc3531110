//! What does a `composer.json` say: a package, what it requires, where its classes lie?
//!
//! Source: <https://getcomposer.org/doc/04-schema.md>

use std::ops::Range;

use crate::extract::tree::{self, Node, Value};
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{
    Certainty, Claim, ComponentKind, Context, DependencyKind, ExtractorId, Facts, Key, Language,
    Offer, Parsed, Part, SourceFile, Subject, Template, join,
};

/// Reads `composer.json`.
#[derive(Debug)]
pub(in crate::extract) struct Manifest;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("php/composer"),
    summary: "Composer packages, what they require, and where their classes lie",
    globs: &["**/composer.json"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The sections that hold dependencies, with the context of what they name.
const SECTIONS: &[(&str, Context)] = &[
    ("require", Context::Production),
    ("require-dev", Context::Test),
];

/// The sections that tell where classes lie.
const AUTOLOAD: &[(&str, Context)] = &[
    ("autoload", Context::Production),
    ("autoload-dev", Context::Test),
];

impl Extractor for Manifest {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        // A package among the data of a test is nobody's: it often bears the name of a real one.
        let is_test_data = facts.context() == Context::Test;
        let document = match tree::json(text) {
            Ok(Some(document)) => document,
            Ok(None) => return,
            // Test data is broken on purpose.
            Err(_) if is_test_data => return,
            Err(wrong) => {
                facts.problem(wrong.bytes, wrong.message);
                facts.parsed(Parsed::Failed);
                return;
            }
        };
        facts.parsed(Parsed::Whole);
        if is_test_data {
            return;
        }
        let mut reader = Reader {
            folder: file.path.parent(),
            facts,
        };
        if !matches!(document.value, Value::Map(_)) {
            reader.wrong(&document, "a package must be an object");
            return;
        }
        reader.package(&document);
        reader.requirements(&document);
        reader.autoload(&document);
    }
}

struct Reader<'a, 'f> {
    folder: &'a str,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_> {
    fn package(&mut self, document: &Node) {
        let Some(entry) = document.get("name") else {
            return;
        };
        let Some(name) = entry.text() else {
            self.wrong(entry, "the name of a package must be text");
            return;
        };
        let name = name.to_ascii_lowercase();
        let claim = Claim::Component {
            kind: ComponentKind::Library,
            name: Some(name.as_str().into()),
        };
        self.declare(claim, entry.bytes.clone());
        let key = Key::at("composer", format!("path:{}", self.folder), name);
        let fact = self
            .facts
            .provides(key, Offer::Implements, entry.bytes.clone());
        fact.certainty = Certainty::Declared;
        // What is not there to be required is there to be run.
        if let Some(kind) = document.get("type")
            && kind.text() == Some("project")
        {
            let key = Key::new("trait", "entry-point");
            self.facts
                .provides(key, Offer::Implements, kind.bytes.clone());
        }
    }

    fn requirements(&mut self, document: &Node) {
        for (section, context) in SECTIONS {
            let Some(packages) = document.get(section) else {
                continue;
            };
            if !is_map(packages) {
                self.wrong(packages, &format!("`{section}` must be an object"));
                continue;
            }
            for entry in packages.entries() {
                // `php`, `ext-json`, `lib-curl`, `composer-plugin-api`: the platform.
                if !entry.key.contains('/') {
                    continue;
                }
                let name = entry.key.to_ascii_lowercase();
                let claim = Claim::Requires {
                    key: Key::at("composer", "registry:packagist", name),
                    kind: DependencyKind::LinkImpl,
                    access: Default::default(),
                    count: 1,
                };
                let fact = self.declare(claim, entry.key_bytes.clone());
                fact.context = *context;
            }
        }
    }

    /// `"psr-4": {"Acme\\": "src/"}`: each prefix is a rule from names to paths.
    fn autoload(&mut self, document: &Node) {
        for (section, context) in AUTOLOAD {
            let Some(section) = document.get(section) else {
                continue;
            };
            for standard in ["psr-4", "psr-0"] {
                let Some(map) = section.get(standard) else {
                    continue;
                };
                for entry in map.entries() {
                    let folders = match &entry.value.value {
                        Value::List(list) => list.as_slice(),
                        _ => std::slice::from_ref(&entry.value),
                    };
                    for folder in folders {
                        let below = folder.text().and_then(|text| join(self.folder, text));
                        let Some(below) = below else {
                            self.wrong(folder, "not a folder of the repository");
                            continue;
                        };
                        let claim = rule(standard, &entry.key, &below);
                        let fact = self.declare(claim, folder.bytes.clone());
                        fact.context = *context;
                    }
                }
            }
        }
    }

    fn declare(&mut self, claim: Claim, bytes: Range<usize>) -> &mut crate::model::Fact {
        let fact = self.facts.push(Subject::Here, claim, bytes);
        fact.certainty = Certainty::Declared;
        fact
    }

    fn wrong(&mut self, node: &Node, message: &str) {
        self.facts.problem(node.bytes.clone(), message);
        self.facts.parsed(Parsed::Partly);
    }
}

/// `phpautoload:Acme\* = src/*`; PSR-0 repeats the prefix in the path.
fn rule(standard: &str, prefix: &str, folder: &str) -> Claim {
    let starred = |text: &str| {
        let mut template = Template::text(text);
        template.push(Part::Star);
        template
    };
    let mut path = folder.to_owned();
    if standard == "psr-0" {
        path = join(&path, &prefix.replace(['\\', '_'], "/")).unwrap_or(path);
    }
    if !path.is_empty() {
        path.push('/');
    }
    Claim::Binds {
        key: Key::new("phpautoload", starred(prefix)),
        value: starred(&path),
    }
}

fn is_map(node: &Node) -> bool {
    // PHP writes an empty object as a list.
    matches!(&node.value, Value::Map(_)) || node.items().is_empty() && node.text().is_none()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Manifest, "packages/cart/composer.json", text));
    }

    #[test]
    fn a_package_with_what_it_requires_and_where_its_classes_lie() {
        check(
            r#"{
    "name": "Acme/cart", "type": "project",
    "require": {"php": ">=8.1", "ext-json": "*", "acme/ledger": "self.version"},
    "require-dev": {"phpunit/phpunit": "^11"},
    "replace": {"acme/old-cart": "*"},
    "autoload": {"psr-4": {"Acme\\Cart\\": ["src/", "lib"], "": "../fallback"}, "psr-0": {"Acme_Old": "old"}},
    "autoload-dev": {"psr-4": {"Acme\\Cart\\Tests\\": "tests/"}}
}"#,
            expect![[r#"
                here binds phpautoload:* = packages/fallback/* [declared]  @ "\"../fallback\""
                here binds phpautoload:Acme\Cart\* = packages/cart/lib/* [declared]  @ "\"lib\""
                here binds phpautoload:Acme\Cart\* = packages/cart/src/* [declared]  @ "\"src/\""
                here binds phpautoload:Acme\Cart\Tests\* = packages/cart/tests/* [declared] [test]  @ "\"tests/\""
                here binds phpautoload:Acme_Old* = packages/cart/old/Acme/Old/* [declared]  @ "\"old\""
                here is library acme/cart [declared]  @ "\"Acme/cart\""
                here provides composer(path:packages/cart)acme/cart [declared]  @ "\"Acme/cart\""
                here provides trait:entry-point  @ "\"project\""
                here requires composer(registry:packagist)acme/ledger [link.impl] [declared]  @ "\"acme/ledger\""
                here requires composer(registry:packagist)phpunit/phpunit [link.impl] [declared] [test]  @ "\"phpunit/phpunit\""
            "#]],
        );
    }

    #[test]
    fn what_is_wrong_is_told_and_the_rest_is_read() {
        check(
            r#"{"name": [1], "require": "acme/a", "require-dev": [], "autoload": {"psr-4": {"A\\": "/abs"}}}"#,
            expect![[r#"
                ! `require` must be an object  @ "\"acme/a\""
                ! not a folder of the repository  @ "\"/abs\""
                ! the name of a package must be text  @ "[1]"
            "#]],
        );
        for (text, parsed) in [
            ("", Parsed::NotRead),
            ("{", Parsed::Failed),
            ("[]", Parsed::Partly),
            ("{}", Parsed::Whole),
        ] {
            let facts = facts(&Manifest, "composer.json", text.as_bytes());
            assert!(facts.facts.is_empty(), "{text}");
            assert_eq!(facts.info.parsed, parsed, "{text}");
        }
    }
}
