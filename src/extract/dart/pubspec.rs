//! What does a `pubspec.yaml` say: a package, its dependencies, the packages that a workspace has?
//!
//! Sources: <https://dart.dev/tools/pub/pubspec>, <https://dart.dev/tools/pub/dependencies>, <https://dart.dev/tools/pub/workspaces>

use std::ops::Range;

use crate::extract::toml_comments::comments;
use crate::extract::tree::{self, Entry, Node, Value};
use crate::extract::{Extractor, ExtractorInfo, allowances, git, utf8};
use crate::model::{
    Certainty, Claim, ComponentKind, Context, DependencyKind, ExtractorId, Facts, Key, Language,
    Offer, Parsed, SourceFile, Subject, Template, join,
};

/// Reads `pubspec.yaml` and `pubspec_overrides.yaml`.
#[derive(Debug)]
pub(in crate::extract) struct Pubspec;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("dart/pubspec"),
    summary: "Dart packages, their dependencies, and workspaces",
    globs: &["**/pubspec.yaml", "**/pubspec_overrides.yaml"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The sections that hold dependencies, with the context of what they name.
///
/// An override decides where a package comes from while the package itself is worked on, never for its users.
const SECTIONS: &[(&str, Context)] = &[
    ("dependencies", Context::Production),
    ("dev_dependencies", Context::Test),
    ("dependency_overrides", Context::Development),
];

impl Extractor for Pubspec {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        if allowances::promised(file.bytes) {
            // Comments of YAML start as those of TOML do.
            allowances::tell(file.bytes, &comments(file.bytes), |_| 0, facts);
        }
        let (documents, wrong) = tree::yaml(text);
        facts.parsed(Parsed::Whole);
        for wrong in wrong {
            facts.problem(wrong.bytes, wrong.message);
            facts.parsed(Parsed::Partly);
        }
        let Some(document) = documents.first() else {
            return;
        };
        let mut reader = Reader {
            folder: file.path.parent(),
            text,
            facts,
        };
        if file.path.file_name() == "pubspec.yaml" {
            reader.package(document);
        }
        for (section, context) in SECTIONS {
            for entry in entries(document, section) {
                reader.dependency(entry, *context);
            }
        }
    }
}

fn entries<'n>(document: &'n Node, section: &str) -> &'n [Entry] {
    document.get(section).map_or(&[], Node::entries)
}

struct Reader<'a, 'f> {
    folder: &'a str,
    text: &'a str,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_> {
    fn package(&mut self, document: &Node) {
        let Some(node) = document.get("name") else {
            // Without a name it can still be the root of a workspace or of tools.
            self.workspace(document);
            return;
        };
        let span = node.bytes.clone();
        let Some(name) = node.text().filter(|name| is_name(name)) else {
            // A template's placeholder is no name, and such a folder is no package.
            self.facts.problem(span, "not the name of a package");
            self.facts.parsed(Parsed::Partly);
            return;
        };
        let claim = Claim::Component {
            kind: ComponentKind::Library,
            name: Some(name.into()),
        };
        self.declare(claim, span.clone());
        self.provide(
            Key::at("pub", format!("path:{}", self.folder), name),
            span.clone(),
        );
        if let Some(url) = document.get("repository")
            && let Some(address) = url.text().and_then(git::normalise)
        {
            let key = Key::at("pub", format!("git:{address}"), name);
            self.provide(key, url.bytes.clone());
        }
        if document.text_of("publish_to") != Some("none") {
            self.provide(Key::at("pub", "registry:pub.dev", name), span);
        }
        self.workspace(document);
    }

    fn workspace(&mut self, document: &Node) {
        if let Some(members) = document.entry("workspace") {
            let key = Key::new("trait", "pub-workspace");
            self.provide(key, members.key_bytes.clone());
        }
    }

    fn dependency(&mut self, entry: &Entry, context: Context) {
        let name = &*entry.key;
        let Some(place) = self.place(&entry.value, context) else {
            return;
        };
        let claim = Claim::Requires {
            key: Key::at("pub", place, name),
            kind: DependencyKind::LinkImpl,
            access: Default::default(),
            count: 1,
        };
        let written = self.text.get(entry.key_bytes.start..entry.value.bytes.end);
        let length = written.map_or(0, |text| text.trim_end().len());
        let span = entry.key_bytes.start..entry.key_bytes.start + length.max(entry.key_bytes.len());
        let fact = self.facts.push(Subject::Here, claim, span);
        fact.certainty = Certainty::Declared;
        // The section alone: what the manifest's own path tells joins when resolving.
        fact.context = context;
    }

    /// Where a package comes from; `None` for an override that only names another version.
    fn place(&mut self, source: &Node, context: Context) -> Option<Template> {
        if let Some(path) = source.text_of("path") {
            return Some(match join(self.folder, path) {
                Some(folder) => format!("path:{folder}").into(),
                None => format!("outside:{path}").into(),
            });
        }
        if let Some(git) = source.get("git") {
            let url = git.text().or_else(|| git.text_of("url")).unwrap_or("");
            // A repository on the local disk is none that anybody else has.
            let address = git::normalise(url).unwrap_or_else(|| url.to_owned());
            return Some(format!("git:{address}").into());
        }
        if context == Context::Development {
            return None;
        }
        if let Some(sdk) = source.text_of("sdk") {
            return Some(format!("sdk:{sdk}").into());
        }
        if let Value::List(_) = source.value {
            let message = "a dependency must be a version or a map";
            self.facts.problem(source.bytes.clone(), message);
            self.facts.parsed(Parsed::Partly);
            return None;
        }
        Some("registry:pub.dev".into())
    }

    fn provide(&mut self, key: Key, span: Range<usize>) {
        let how = Offer::Implements;
        self.declare(Claim::Provides { key, how }, span);
    }

    fn declare(&mut self, claim: Claim, span: Range<usize>) {
        self.facts.push(Subject::Here, claim, span).certainty = Certainty::Declared;
    }
}

/// Letters, digits and `_`: <https://dart.dev/tools/pub/pubspec#name>.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Pubspec, path, text));
    }

    #[test]
    fn a_package_and_where_its_dependencies_come_from() {
        check(
            "apps/cart/pubspec.yaml",
            "name: cart
publish_to: none
dependencies:
  flutter: {sdk: flutter}
  pricing:
    path: ../../packages/pricing
  http: ^1.0.0
  any:
  ledger:
    git: {url: 'git@github.com:acme/ledger.git', path: pkg}
  far: {path: ../../../far}
dev_dependencies:
  test: any
dependency_overrides:
  http: 1.1.0
  stock: {path: ../stock}
",
            expect![[r#"
                here is library cart [declared]  @ "cart"
                here provides pub(path:apps/cart)cart [declared]  @ "cart"
                here requires pub(git:github.com/acme/ledger)ledger [link.impl] [declared]  @ "ledger:\n    git: {url: 'git@github.com:acme/ledger.git', path: pkg}"
                here requires pub(outside:../../../far)far [link.impl] [declared]  @ "far: {path: ../../../far}"
                here requires pub(path:apps/stock)stock [link.impl] [declared] [development]  @ "stock: {path: ../stock}"
                here requires pub(path:packages/pricing)pricing [link.impl] [declared]  @ "pricing:\n    path: ../../packages/pricing"
                here requires pub(registry:pub.dev)any [link.impl] [declared]  @ "any"
                here requires pub(registry:pub.dev)http [link.impl] [declared]  @ "http: ^1.0.0"
                here requires pub(registry:pub.dev)test [link.impl] [declared] [test]  @ "test: any"
                here requires pub(sdk:flutter)flutter [link.impl] [declared]  @ "flutter: {sdk: flutter}"
            "#]],
        );
    }

    #[test]
    fn a_workspace_and_overrides_of_one_person() {
        check(
            "pubspec.yaml",
            "name: _\nresolution: workspace\nworkspace:\n  - packages/cart\nrepository: https://github.com/acme/shop\n",
            expect![[r#"
                here is library _ [declared]  @ "_"
                here provides pub(git:github.com/acme/shop)_ [declared]  @ "https://github.com/acme/shop"
                here provides pub(path:)_ [declared]  @ "_"
                here provides pub(registry:pub.dev)_ [declared]  @ "_"
                here provides trait:pub-workspace [declared]  @ "workspace"
            "#]],
        );
        check(
            "cart/pubspec_overrides.yaml",
            "resolution:\ndependency_overrides:\n  stock:\n    path: ../stock # near\n",
            expect![[r#"
                here requires pub(path:stock)stock [link.impl] [declared] [development]  @ "stock:\n    path: ../stock # near"
            "#]],
        );
    }

    #[test]
    fn what_is_no_package_is_told() {
        check(
            "bricks/pubspec.yaml",
            "name: \"{{name.snakeCase()}}\"\ndependencies:\n  a: [1]\n",
            expect![[r#"
                ! a dependency must be a version or a map  @ "[1]"
                ! not the name of a package  @ "\"{{name.snakeCase()}}\""
            "#]],
        );
        check(
            "pubspec.yaml",
            "name: [\n",
            expect![[r#"
            ! not the name of a package  @ "["
            ! unclosed bracket '['  @ ""
        "#]],
        );
        check("pubspec.yaml", "", expect![[r#""#]]);
        check("pubspec.yaml", "- a\n", expect![[r#""#]]);
    }
}
