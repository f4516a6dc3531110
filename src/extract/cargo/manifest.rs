//! What does a `Cargo.toml` say: a package, its dependencies, a workspace, patches?
//!
//! Source: <https://doc.rust-lang.org/cargo/reference/manifest.html>

use std::collections::BTreeSet;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::dependency::{Dependency, opens_internals};
use crate::extract::tables::{Wrong, is_inherited};
use crate::extract::toml_comments::comments;
use crate::extract::{Extractor, ExtractorInfo, allowances, git, utf8};
use crate::model::{
    Certainty, Claim, ComponentKind, Condition, Context, DependencyKind, ExtractorId, Facts, Key,
    Language, Offer, Parsed, SourceFile, Subject, Template,
};

/// Reads `Cargo.toml`.
#[derive(Debug)]
pub(in crate::extract) struct Manifest;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("cargo/manifest"),
    summary: "Cargo packages, dependencies, workspaces and patches",
    globs: &["**/Cargo.toml"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Manifest {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        if allowances::promised(file.bytes) {
            allowances::tell(file.bytes, &comments(file.bytes), |_| 0, facts);
        }
        let (document, errors) = DeTable::parse_recoverable(text);
        let mut wrong = Wrong::default();
        for error in &errors {
            let message = error.message().replace('\n', "; ");
            wrong.note(error.span().unwrap_or(0..0), message);
        }
        let document = document.get_ref();
        facts.parsed(if errors.is_empty() {
            Parsed::Whole
        } else if document.is_empty() {
            Parsed::Failed
        } else {
            Parsed::Partly
        });
        let mut reader = Reader {
            folder: file.path.parent(),
            facts,
            wrong,
        };
        reader.package(document, text);
        reader.dependencies(document);
        reader.workspace(document);
        reader.patches(document);
        if let Some((bytes, message)) = reader.wrong.summary() {
            reader.facts.problem(bytes, message);
            reader.facts.parsed(Parsed::Partly);
        }
    }
}

/// The sections that hold dependencies, with the context of what they name.
const SECTIONS: &[(&str, Context)] = &[
    ("dependencies", Context::Production),
    ("dev-dependencies", Context::Test),
    ("dev_dependencies", Context::Test),
    ("build-dependencies", Context::Build),
    ("build_dependencies", Context::Build),
];

struct Reader<'a, 'f> {
    folder: &'a str,
    facts: &'a mut Facts<'f>,
    wrong: Wrong,
}

impl Reader<'_, '_> {
    fn package(&mut self, document: &DeTable<'_>, text: &str) {
        // `[project]` is the name of old.
        let section = ["package", "project"]
            .into_iter()
            .find(|section| document.contains_key(*section));
        let Some(package) = section.and_then(|section| self.wrong.table(document, section)) else {
            return;
        };
        let Some(name) = self.wrong.text(package, "name") else {
            let place = section.and_then(|section| document.get(section));
            let place = place.map_or(0..0, |value| value.span());
            self.wrong.note(place, "the package has no name");
            return;
        };
        let span = package.get("name").map_or(0..0, |value| value.span());
        if !is_package_name(name) {
            self.wrong
                .note(span, format!("`{name}` is not the name of a package"));
            return;
        }
        let claim = Claim::Component {
            kind: kind(package, text),
            name: Some(name.into()),
        };
        self.declare(claim, span.clone());
        let place = format!("path:{}", self.folder);
        self.provide(Key::at("cargo", place, name), span.clone());
        self.repository(package, name);
        self.publication(package, name, span);
        self.targets(document, name);
        self.open_features(document);
    }

    fn repository(&mut self, package: &DeTable<'_>, name: &str) {
        let Some(value) = package.get("repository") else {
            return;
        };
        let place = if is_inherited(value) {
            Template::from(Key::new("cargo-workspace", "package.repository"))
        } else if let Some(url) = value.get_ref().as_str().and_then(git::normalise) {
            format!("git:{url}").into()
        } else {
            return;
        };
        self.provide(Key::at("cargo", place, name), value.span());
    }

    /// The registries that the package goes to.
    fn publication(&mut self, package: &DeTable<'_>, name: &str, span: Range<usize>) {
        let crates_io = Template::text("registry:crates-io");
        let places = match package.get("publish") {
            None => vec![crates_io],
            Some(value) if is_inherited(value) => {
                let key = Key::new("cargo-workspace", "package.publish");
                vec![Template::reference(key, Some(crates_io))]
            }
            Some(value) => registries(value.get_ref()),
        };
        for place in places {
            self.provide(Key::at("cargo", place, name), span.clone());
        }
    }

    fn targets(&mut self, document: &DeTable<'_>, package: &str) {
        if let Some(lib) = self.wrong.table(document, "lib") {
            let span = document.get("lib").map_or(0..0, |lib| lib.span());
            self.provide(Key::new("trait", "library"), span);
            for key in ["proc-macro", "proc_macro"] {
                if self.wrong.truth(lib, key)
                    && let Some(value) = lib.get(key)
                {
                    self.provide(Key::new("trait", "proc-macro"), value.span());
                }
            }
            if let Some(name) = self.wrong.text(lib, "name")
                && name != package.replace('-', "_")
                && let Some(value) = lib.get("name")
            {
                let place = format!("path:{}", self.folder);
                self.provide(Key::at("lib", place, name), value.span());
            }
        }
        for bin in self.wrong.list(document, "bin") {
            let name = bin.get_ref().as_table().and_then(|bin| bin.get("name"));
            let span = name.map_or(bin.span(), |name| name.span());
            if let Some(name) = name.and_then(|name| name.get_ref().as_str()) {
                self.provide(Key::new("program", name), span.clone());
            }
            self.provide(Key::new("trait", "entry-point"), span);
        }
    }

    /// Features with the name of something internal that ordinary features turn on: they are open to everybody.
    fn open_features(&mut self, document: &DeTable<'_>) {
        let Some(table) = self.wrong.table(document, "features") else {
            return;
        };
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = table
            .iter()
            .map(|(name, _)| name.get_ref().as_ref())
            .filter(|name| !opens_internals(name))
            .collect();
        while let Some(name) = open.pop() {
            for feature in self.wrong.list(table, name) {
                if let Some(feature) = feature.get_ref().as_str()
                    && opens_internals(feature)
                    && let Some((key, _)) = table.get_key_value(feature)
                    && seen.insert(feature)
                {
                    open.push(feature);
                    self.provide(Key::new("cargo-open-feature", feature), key.span());
                }
            }
        }
    }

    fn dependencies(&mut self, document: &DeTable<'_>) {
        self.sections(document, None);
        if let Some(targets) = self.wrong.table(document, "target") {
            for (target, value) in targets {
                match value.get_ref().as_table() {
                    Some(table) => self.sections(table, Some(target.get_ref())),
                    None => self.wrong.note(value.span(), "a target must be a table"),
                }
            }
        }
    }

    fn sections(&mut self, table: &DeTable<'_>, target: Option<&str>) {
        for (section, context) in SECTIONS {
            if let Some(entries) = self.wrong.table(table, section) {
                for entry in Dependency::all(entries, self.folder, &mut self.wrong) {
                    self.dependency(&entry, *context, target);
                }
            }
        }
    }

    fn dependency(&mut self, entry: &Dependency<'_>, context: Context, target: Option<&str>) {
        let mut when = Vec::new();
        when.extend(target.map(|target| Condition::Variant(target.into())));
        if entry.optional {
            when.push(Condition::Variant("optional".into()));
        }
        let requires = |key, kind| Claim::Requires {
            key,
            kind,
            access: Default::default(),
            count: 1,
        };
        let binds = Claim::Binds {
            key: Key::new("crate", entry.extern_name()),
            value: entry.target().into(),
        };
        let mut claims = vec![
            (
                requires(entry.target(), DependencyKind::LinkImpl),
                entry.span.clone(),
                Certainty::Declared,
            ),
            (binds, entry.span.clone(), Certainty::Declared),
        ];
        if context != Context::Test {
            let opened = entry
                .features
                .iter()
                .filter(|(name, _)| opens_internals(name));
            claims.extend(opened.map(|(name, span)| {
                let claim = requires(entry.feature(name), DependencyKind::DoorPrivate);
                (claim, span.clone(), Certainty::Inferred)
            }));
        }
        for (claim, span, certainty) in claims {
            let fact = self.facts.push(Subject::Here, claim, span);
            fact.certainty = certainty;
            // The section alone: what the manifest's own path tells joins when resolving.
            fact.context = context;
            fact.when.clone_from(&when);
        }
    }

    fn workspace(&mut self, document: &DeTable<'_>) {
        let Some(workspace) = self.wrong.table(document, "workspace") else {
            return;
        };
        let span = document.get("workspace").map_or(0..0, |value| value.span());
        self.provide(Key::new("trait", "cargo-workspace"), span);
        if let Some(entries) = self.wrong.table(workspace, "dependencies") {
            for entry in Dependency::all(entries, self.folder, &mut self.wrong) {
                self.bind(
                    Key::new("cargo-workspace", entry.key),
                    entry.place(),
                    entry.span.clone(),
                );
                if let Some(package) = entry.package {
                    let key = Key::new("cargo-workspace-package", entry.key);
                    self.bind(key, package.into(), entry.span);
                }
            }
        }
        let Some(package) = self.wrong.table(workspace, "package") else {
            return;
        };
        if let Some(url) = self.wrong.text(package, "repository")
            && let Some(url) = git::normalise(url)
            && let Some(value) = package.get("repository")
        {
            let key = Key::new("cargo-workspace", "package.repository");
            self.bind(key, format!("git:{url}").into(), value.span());
        }
        if let Some(value) = package.get("publish") {
            let place = registries(value.get_ref()).into_iter().next();
            let key = Key::new("cargo-workspace", "package.publish");
            self.bind(
                key,
                place.unwrap_or_else(|| "unpublished".into()),
                value.span(),
            );
        }
    }

    fn patches(&mut self, document: &DeTable<'_>) {
        let Some(patches) = self.wrong.table(document, "patch") else {
            return;
        };
        for (source, value) in patches {
            let Some(entries) = value.get_ref().as_table() else {
                self.wrong.note(value.span(), "a patch must be a table");
                continue;
            };
            let source = source.get_ref().as_ref();
            let place = if source == "crates-io" {
                Template::default()
            } else if let Some(url) = git::normalise(source) {
                format!("git:{url}").into()
            } else if source.contains('/') {
                format!("git:{source}").into()
            } else {
                format!("registry:{source}").into()
            };
            for entry in Dependency::all(entries, self.folder, &mut self.wrong) {
                let name = entry.package.unwrap_or(entry.key);
                let key = Key::at("cargo-patch", place.clone(), name);
                self.bind(key, entry.origin.place(), entry.span);
            }
        }
    }

    fn provide(&mut self, key: Key, span: Range<usize>) {
        let how = Offer::Implements;
        self.declare(Claim::Provides { key, how }, span);
    }

    fn bind(&mut self, key: Key, value: Template, span: Range<usize>) {
        self.declare(Claim::Binds { key, value }, span);
    }

    fn declare(&mut self, claim: Claim, span: Range<usize>) {
        self.facts.push(Subject::Here, claim, span).certainty = Certainty::Declared;
    }
}

/// The registries that a `publish` value names; none when it forbids publishing.
fn registries(publish: &DeValue<'_>) -> Vec<Template> {
    match publish {
        DeValue::Boolean(false) => Vec::new(),
        DeValue::Array(names) => names
            .iter()
            .filter_map(|name| name.get_ref().as_str())
            .map(|name| format!("registry:{name}").into())
            .collect(),
        _ => vec!["registry:crates-io".into()],
    }
}

/// Letters, digits, `-` and `_`: a template's placeholder is none.
fn is_package_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
}

/// What the package is for, as far as its manifest says.
fn kind(package: &DeTable<'_>, text: &str) -> ComponentKind {
    let metadata = package
        .get("metadata")
        .and_then(|metadata| metadata.get_ref().as_table());
    let says = |start: &str| {
        metadata.is_some_and(|table| {
            table
                .iter()
                .any(|(key, _)| key.get_ref().starts_with(start))
        })
    };
    // A package that only unifies features: <https://docs.rs/cargo-hakari>.
    if text.contains("BEGIN HAKARI SECTION") || says("hakari") {
        ComponentKind::Orchestrator
    // Fuzz targets: <https://rust-fuzz.github.io/book/cargo-fuzz/setup.html>.
    } else if says("cargo-fuzz") {
        ComponentKind::Test
    } else {
        ComponentKind::Library
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Manifest, path, text));
    }

    #[test]
    fn a_comment_that_allows_is_told() {
        check(
            "Cargo.toml",
            "[dependencies]\ncart = { path = \"cart\" } # twopizza: allow direct-link -- soon gone\n",
            expect![[r#"
                file binds allow:direct-link = soon gone [declared]  @ "cart = { path = \"cart\" } # twopizza: allow direct-link -- soon gone"
                here binds crate:cart = ${cargo(path:cart)cart} [declared]  @ "cart = { path = \"cart\" }"
                here requires cargo(path:cart)cart [link.impl] [declared]  @ "cart = { path = \"cart\" }"
            "#]],
        );
    }

    #[test]
    fn a_package_goes_by_its_folder_repository_and_registry() {
        check(
            "libs/cart/Cargo.toml",
            "[package]\nname = \"cart-api\"\nrepository = \"https://github.com/acme/shop.git\"\n[lib]\nname = \"cart\"\nproc-macro = true\n[[bin]]\nname = \"cartd\"\n",
            expect![[r#"
                here is library cart-api [declared]  @ "\"cart-api\""
                here provides cargo(git:github.com/acme/shop)cart-api [declared]  @ "\"https://github.com/acme/shop.git\""
                here provides cargo(path:libs/cart)cart-api [declared]  @ "\"cart-api\""
                here provides cargo(registry:crates-io)cart-api [declared]  @ "\"cart-api\""
                here provides lib(path:libs/cart)cart [declared]  @ "\"cart\""
                here provides program:cartd [declared]  @ "\"cartd\""
                here provides trait:entry-point [declared]  @ "\"cartd\""
                here provides trait:library [declared]  @ "[lib]"
                here provides trait:proc-macro [declared]  @ "true"
            "#]],
        );
    }

    #[test]
    fn what_is_not_published_is_not_in_a_registry() {
        check(
            "Cargo.toml",
            "[package]\nname = \"cart\"\npublish = false\nrepository.workspace = true\n",
            expect![[r#"
                here is library cart [declared]  @ "\"cart\""
                here provides cargo(${cargo-workspace:package.repository})cart [declared]  @ "repository"
                here provides cargo(path:)cart [declared]  @ "\"cart\""
            "#]],
        );
        check(
            "Cargo.toml",
            "[package]\nname = \"cart\"\npublish.workspace = true\n",
            expect![[r#"
                here is library cart [declared]  @ "\"cart\""
                here provides cargo(${cargo-workspace:package.publish|registry:crates-io})cart [declared]  @ "\"cart\""
                here provides cargo(path:)cart [declared]  @ "\"cart\""
            "#]],
        );
    }

    #[test]
    fn dependencies_say_where_from_what_for_and_when() {
        check(
            "svc/billing/Cargo.toml",
            r#"
[dependencies]
cart-api = { path = "../../libs/cart", optional = true }
ledger = { git = "git@github.com:acme/ledger.git", package = "acme-ledger", features = ["testing"] }
serde = "1"
vault = { version = "2", registry = "acme" }
away = { path = "../../../away" }
shared.workspace = true
shared.features = ["std"]
[dependencies.long]
version = "1"
[dev-dependencies]
stub = { path = "stub", features = ["testing"] }
[target.'cfg(unix)'.build-dependencies]
codegen = { workspace = true }
"#,
            expect![[r#"
                here binds crate:away = ${cargo(outside:../../../away)away} [declared]  @ "away = { path = \"../../../away\" }"
                here binds crate:cart_api = ${cargo(path:libs/cart)cart-api} [declared] when optional  @ "cart-api = { path = \"../../libs/cart\", optional = true }"
                here binds crate:codegen = ${cargo(${cargo-workspace:codegen})${cargo-workspace-package:codegen|codegen}} [declared] [build] when cfg(unix)  @ "codegen = { workspace = true }"
                here binds crate:ledger = ${cargo(${cargo-patch(git:github.com/acme/ledger)acme-ledger|git:github.com/acme/ledger})acme-ledger} [declared]  @ "ledger = { git = \"git@github.com:acme/ledger.git\", package = \"acme-ledger\", features = [\"testing\"] }"
                here binds crate:long = ${cargo(${cargo-patch:long|registry:crates-io})long} [declared]  @ "long"
                here binds crate:serde = ${cargo(${cargo-patch:serde|registry:crates-io})serde} [declared]  @ "serde = \"1\""
                here binds crate:shared = ${cargo(${cargo-workspace:shared})${cargo-workspace-package:shared|shared}} [declared]  @ "shared.workspace = true\nshared.features = [\"std\"]"
                here binds crate:stub = ${cargo(path:svc/billing/stub)stub} [declared] [test]  @ "stub = { path = \"stub\", features = [\"testing\"] }"
                here binds crate:vault = ${cargo(registry:acme)vault} [declared]  @ "vault = { version = \"2\", registry = \"acme\" }"
                here requires cargo(${cargo-patch(git:github.com/acme/ledger)acme-ledger|git:github.com/acme/ledger})acme-ledger [link.impl] [declared]  @ "ledger = { git = \"git@github.com:acme/ledger.git\", package = \"acme-ledger\", features = [\"testing\"] }"
                here requires cargo(${cargo-patch:long|registry:crates-io})long [link.impl] [declared]  @ "long"
                here requires cargo(${cargo-patch:serde|registry:crates-io})serde [link.impl] [declared]  @ "serde = \"1\""
                here requires cargo(${cargo-workspace:codegen})${cargo-workspace-package:codegen|codegen} [link.impl] [declared] [build] when cfg(unix)  @ "codegen = { workspace = true }"
                here requires cargo(${cargo-workspace:shared})${cargo-workspace-package:shared|shared} [link.impl] [declared]  @ "shared.workspace = true\nshared.features = [\"std\"]"
                here requires cargo(outside:../../../away)away [link.impl] [declared]  @ "away = { path = \"../../../away\" }"
                here requires cargo(path:libs/cart)cart-api [link.impl] [declared] when optional  @ "cart-api = { path = \"../../libs/cart\", optional = true }"
                here requires cargo(path:svc/billing/stub)stub [link.impl] [declared] [test]  @ "stub = { path = \"stub\", features = [\"testing\"] }"
                here requires cargo(registry:acme)vault [link.impl] [declared]  @ "vault = { version = \"2\", registry = \"acme\" }"
                here requires cargo-feature(${cargo-patch(git:github.com/acme/ledger)acme-ledger|git:github.com/acme/ledger})acme-ledger/testing [door.private] [inferred]  @ "\"testing\""
            "#]],
        );
    }

    #[test]
    fn internal_features_that_ordinary_ones_turn_on_are_open() {
        check(
            "Cargo.toml",
            "[package]\nname = \"cart\"\npublish = false\n[features]\ndefault = [\"std\"]\nstd = [\"internal\", \"dep:log\", \"log/testing\"]\ninternal = [\"__raw\"]\n__raw = []\ntesting = [\"unstable\"]\nunstable = []\n",
            expect![[r#"
                here is library cart [declared]  @ "\"cart\""
                here provides cargo(path:)cart [declared]  @ "\"cart\""
                here provides cargo-open-feature:__raw [declared]  @ "__raw"
                here provides cargo-open-feature:internal [declared]  @ "internal"
            "#]],
        );
    }

    #[test]
    fn a_workspace_binds_what_its_members_inherit() {
        check(
            "Cargo.toml",
            r#"
[workspace]
members = ["libs/*"]
[workspace.package]
repository = "https://github.com/acme/shop"
publish = false
[workspace.dependencies]
cart = { path = "libs/cart", package = "cart-api" }
serde = "1"
[patch.crates-io]
serde = { path = "vendor/serde" }
[patch."https://github.com/acme/ledger"]
ledger = { git = "https://github.com/acme/ledger-fork" }
"#,
            expect![[r#"
                here binds cargo-patch(git:github.com/acme/ledger)ledger = git:github.com/acme/ledger-fork [declared]  @ "ledger = { git = \"https://github.com/acme/ledger-fork\" }"
                here binds cargo-patch:serde = path:vendor/serde [declared]  @ "serde = { path = \"vendor/serde\" }"
                here binds cargo-workspace-package:cart = cart-api [declared]  @ "cart = { path = \"libs/cart\", package = \"cart-api\" }"
                here binds cargo-workspace:cart = path:libs/cart [declared]  @ "cart = { path = \"libs/cart\", package = \"cart-api\" }"
                here binds cargo-workspace:package.publish = unpublished [declared]  @ "false"
                here binds cargo-workspace:package.repository = git:github.com/acme/shop [declared]  @ "\"https://github.com/acme/shop\""
                here binds cargo-workspace:serde = ${cargo-patch:serde|registry:crates-io} [declared]  @ "serde = \"1\""
                here provides trait:cargo-workspace [declared]  @ "[workspace]"
            "#]],
        );
    }

    #[test]
    fn a_workspace_hack_puts_others_together() {
        let text = "[package]\nname = \"hack\"\n### BEGIN HAKARI SECTION\n";
        let facts = facts(&Manifest, "hack/Cargo.toml", text.as_bytes());
        assert!(facts.facts[0].to_string().contains("orchestrator"));
    }

    #[test]
    fn fuzz_targets_are_tests() {
        let text = "[package]\nname = \"cart-fuzz\"\n[package.metadata]\ncargo-fuzz = true\n";
        let facts = facts(&Manifest, "cart/fuzz/Cargo.toml", text.as_bytes());
        assert!(facts.facts[0].to_string().starts_with("here is test"));
    }

    #[test]
    fn what_has_the_wrong_shape_is_one_problem_and_the_rest_is_read() {
        check(
            "Cargo.toml",
            "[package]\nname = \"cart\"\npublish = false\n[dependencies]\na = 1\nb = [2]\nc = \"1\"\nd = { path = 3 }\n",
            expect![[r#"
                ! dependency `a` must be a version or a table (and 2 more)  @ "1"
                here binds crate:c = ${cargo(${cargo-patch:c|registry:crates-io})c} [declared]  @ "c = \"1\""
                here binds crate:d = ${cargo({})d} [declared]  @ "d = { path = 3 }"
                here is library cart [declared]  @ "\"cart\""
                here provides cargo(path:)cart [declared]  @ "\"cart\""
                here requires cargo(${cargo-patch:c|registry:crates-io})c [link.impl] [declared]  @ "c = \"1\""
                here requires cargo({})d [link.impl] [declared]  @ "d = { path = 3 }"
            "#]],
        );
        check(
            "Cargo.toml",
            "[package]\nname = \"{{name}}\"\n",
            expect![[r#"
            ! `{{name}}` is not the name of a package  @ "\"{{name}}\""
        "#]],
        );
    }

    #[test]
    fn garbage_is_one_problem() {
        for text in [
            &b"\xff\xfe"[..],
            b"[[[[\n]]]\n===\n",
            &b"{{%%%]]\"\n".repeat(1000),
            "a.".repeat(100_000).as_bytes(),
            "a = [".repeat(100_000).as_bytes(),
        ] {
            let facts = facts(&Manifest, "Cargo.toml", text);
            assert_eq!(facts.problems.len(), 1);
            assert!(facts.info.parsed >= Parsed::Partly);
        }
    }
}
