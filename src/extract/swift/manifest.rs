//! What does a `Package.swift` say: a package, its targets, the packages in other folders and repositories that it uses?
//!
//! A manifest is a program. Read are the calls that make targets and dependencies, wherever they stand, with literal arguments.
//! Source: <https://docs.swift.org/package-manager/PackageDescription/PackageDescription.html>

use std::collections::BTreeMap;
use std::ops::Range;

use tree_sitter::Node;

use super::calls::{Call, literal};
use crate::extract::syntax::{self, Nodes};
use crate::extract::{Extractor, ExtractorInfo, allowances, git};
use crate::model::{
    Certainty, Claim, ComponentKind, Context, DependencyKind, ExtractorId, Facts, Key, Language,
    Offer, SourceFile, Subject, Template, join,
};

/// Reads `Package.swift`.
#[derive(Debug)]
pub(in crate::extract) struct Manifest;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("swift/manifest"),
    summary: "Swift packages, their targets and dependencies",
    globs: &["**/Package.swift", "**/Package@swift-*.swift"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Manifest {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if file.bytes.trim_ascii().is_empty() {
            return;
        }
        let grammar = || tree_sitter_swift::LANGUAGE.into();
        let Some(tree) = syntax::parse("Swift", grammar, file.bytes, facts) else {
            return;
        };
        syntax::tell_errors(&tree, "Swift", facts);
        if allowances::promised(file.bytes) {
            allowances::tell(file.bytes, &syntax::comments(&tree), |_| 0, facts);
        }
        let mut reader = Reader {
            folder: file.path.parent(),
            source: file.bytes,
            packages: Vec::new(),
            used: BTreeMap::new(),
            facts,
        };
        let mut nodes = Nodes::new(tree.root_node());
        while let Some(node) = nodes.next() {
            if let Some(call) = Call::read(node, file.bytes)
                && reader.call(&call, node)
            {
                nodes.skip_below();
            }
        }
        reader.dependencies();
    }
}

/// The calls that make a target, with what its code is for.
const TARGETS: &[(&str, Context)] = &[
    ("executableTarget", Context::Production),
    ("macro", Context::Build),
    ("plugin", Context::Build),
    ("systemLibrary", Context::Production),
    ("target", Context::Production),
    ("testTarget", Context::Test),
];

/// A package that the manifest takes in.
struct Dependency {
    /// What targets call it.
    identity: String,
    place: Template,
    span: Range<usize>,
}

struct Reader<'a, 'f, 't> {
    folder: &'a str,
    source: &'t [u8],
    packages: Vec<Dependency>,
    /// The packages that targets name, and whether production code is among them.
    used: BTreeMap<String, Context>,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_, '_> {
    /// Reads one call; gives whether all below it is read, too.
    fn call(&mut self, call: &Call<'_>, node: Node<'_>) -> bool {
        match call.name {
            "Package" => {
                self.package(call, node);
                false
            }
            "package" => {
                self.dependency(call, node);
                true
            }
            "library" | "executable" if call.argument("targets").is_some() => {
                if call.name == "library" {
                    self.provide(Key::new("trait", "library"), node.byte_range());
                }
                true
            }
            // A product of a package plugin: the target of it stands elsewhere.
            "plugin" if call.argument("targets").is_some() => true,
            name => {
                let target = TARGETS.iter().find(|(target, _)| *target == name);
                if let Some((_, context)) = target {
                    self.target(call, *context);
                }
                target.is_some()
            }
        }
    }

    fn package(&mut self, call: &Call<'_>, node: Node<'_>) {
        let literal = call.literal("name", self.source);
        let name = literal.as_ref().map(|(name, _)| *name);
        let span = literal.as_ref().map_or(
            node.start_byte()..node.start_byte() + "Package".len(),
            |(_, span)| span.clone(),
        );
        let claim = Claim::Component {
            kind: ComponentKind::Library,
            name: name.map(Template::from),
        };
        self.declare(claim, span.clone());
        let place = format!("path:{}", self.folder);
        let identity = identity(self.folder);
        if let Some(name) = name {
            self.provide(Key::at("swiftpm", place.clone(), name), span.clone());
        }
        if name != Some(identity) {
            self.provide(Key::at("swiftpm", place, identity), span);
        }
    }

    fn dependency(&mut self, call: &Call<'_>, node: Node<'_>) {
        let (identity, place) = if let Some((path, _)) = call.literal("path", self.source) {
            match join(self.folder, path) {
                Some(folder) => (
                    identity(&folder).to_owned(),
                    format!("path:{folder}").into(),
                ),
                None => (identity(path).to_owned(), format!("outside:{path}").into()),
            }
        } else if let Some((url, _)) = call.literal("url", self.source) {
            let name = identity(url.trim_end_matches('/'));
            let address = git::normalise(url).unwrap_or_else(|| url.to_owned());
            let name = name.strip_suffix(".git").unwrap_or(name);
            (name.to_owned(), format!("git:{address}").into())
        } else if let Some((id, _)) = call.literal("id", self.source) {
            (id.to_owned(), Template::text("registry:swift"))
        } else {
            return;
        };
        self.packages.push(Dependency {
            identity,
            place,
            span: node.byte_range(),
        });
    }

    fn target(&mut self, call: &Call<'_>, context: Context) {
        for node in call
            .list("dependencies")
            .into_iter()
            .chain(call.list("plugins"))
        {
            let package = match Call::read(node, self.source) {
                Some(call) => call.literal("package", self.source),
                // By name: a target, or a product of any package.
                None => literal(node, self.source),
            };
            if let Some((package, _)) = package {
                let known = self.used.entry(package.to_lowercase()).or_insert(context);
                *known = (*known).min(context);
            }
        }
        let Some((name, span)) = call.literal("name", self.source) else {
            return;
        };
        let place = match call.argument("path") {
            // By convention: the first of several folders that is there.
            None => Template::default(),
            Some(path) => {
                let folder =
                    literal(path, self.source).and_then(|(path, _)| join(self.folder, path));
                let Some(folder) = folder else {
                    return;
                };
                format!("path:{folder}").into()
            }
        };
        let key = Key::at("swift", place, name);
        let how = Offer::Implements;
        let fact = self
            .facts
            .push(Subject::Here, Claim::Provides { key, how }, span);
        fact.certainty = Certainty::Declared;
        fact.context = context;
    }

    /// States the packages: one that only tests use is for tests.
    fn dependencies(&mut self) {
        for dependency in std::mem::take(&mut self.packages) {
            let context = self
                .used
                .get(&dependency.identity.to_lowercase())
                .copied()
                .unwrap_or_default();
            let claim = Claim::Requires {
                key: Key::at("swiftpm", dependency.place, dependency.identity),
                kind: DependencyKind::LinkImpl,
                access: Default::default(),
                count: 1,
            };
            let fact = self.facts.push(Subject::Here, claim, dependency.span);
            fact.certainty = Certainty::Declared;
            fact.context = context;
        }
    }

    fn provide(&mut self, key: Key, span: Range<usize>) {
        let how = Offer::Implements;
        self.declare(Claim::Provides { key, how }, span);
    }

    fn declare(&mut self, claim: Claim, span: Range<usize>) {
        self.facts.push(Subject::Here, claim, span).certainty = Certainty::Declared;
    }
}

/// What SwiftPM calls a package: the last piece of its path or address; `.` at the root, whose folder has no name here.
fn identity(path: &str) -> &str {
    match path.rsplit('/').next() {
        None | Some("") => ".",
        Some(name) => name,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Manifest, path, text));
    }

    #[test]
    fn a_package_its_targets_and_what_it_takes_in() {
        check(
            "apps/shop/Package.swift",
            r#"// swift-tools-version:5.9
import PackageDescription

var package = Package(
  name: "Shop",
  products: [
    .library(name: "Cart", targets: ["Cart"]),
    .plugin(name: "Gen", targets: ["Gen"]),
  ],
  dependencies: [
    .package(path: "../../libs/Pricing"),
    .package(path: "../../libs/Fixtures"),
    .package(name: "Ledger", path: "../../../Ledger"),
    .package(url: "https://github.com/acme/swift-money.git", from: "1.0.0"),
  ],
  targets: [
    .target(
      name: "Cart",
      dependencies: [
        "Stock", .target(name: "Till", condition: .when(platforms: [.iOS])),
        .product(name: "Money", package: "swift-money"),
      ],
      plugins: [.plugin(name: "Gen")]
    ),
    .target(name: "Stock", path: "Modules/Stock/Sources"),
    .executableTarget(name: "till-server", dependencies: ["Cart"]),
    .testTarget(name: "CartTests", dependencies: [
      "Cart", .product(name: "Fixtures", package: "Fixtures"),
    ]),
    .macro(name: "Macros"),
    .plugin(name: "Gen", capability: .buildTool()),
    .target(name: name("x")),
  ]
)
package.targets.append(contentsOf: [
  .target(name: "Extra", dependencies: ["Cart"]),
])
package.dependencies += [.package(path: "More")]
"#,
            expect![[r#"
                here is library Shop [declared]  @ "Shop"
                here provides swift(path:apps/shop/Modules/Stock/Sources)Stock [declared]  @ "Stock"
                here provides swift:Cart [declared]  @ "Cart"
                here provides swift:CartTests [declared] [test]  @ "CartTests"
                here provides swift:Extra [declared]  @ "Extra"
                here provides swift:Gen [declared] [build]  @ "Gen"
                here provides swift:Macros [declared] [build]  @ "Macros"
                here provides swift:till-server [declared]  @ "till-server"
                here provides swiftpm(path:apps/shop)Shop [declared]  @ "Shop"
                here provides swiftpm(path:apps/shop)shop [declared]  @ "Shop"
                here provides trait:library [declared]  @ ".library(name: \"Cart\", targets: [\"Cart\"])"
                here requires swiftpm(git:github.com/acme/swift-money)swift-money [link.impl] [declared]  @ ".package(url: \"https://github.com/acme/swift-money.git\", from: \"1.0.0\")"
                here requires swiftpm(outside:../../../Ledger)Ledger [link.impl] [declared]  @ ".package(name: \"Ledger\", path: \"../../../Ledger\")"
                here requires swiftpm(path:apps/shop/More)More [link.impl] [declared]  @ ".package(path: \"More\")"
                here requires swiftpm(path:libs/Fixtures)Fixtures [link.impl] [declared] [test]  @ ".package(path: \"../../libs/Fixtures\")"
                here requires swiftpm(path:libs/Pricing)Pricing [link.impl] [declared]  @ ".package(path: \"../../libs/Pricing\")"
            "#]],
        );
    }

    #[test]
    fn a_package_at_the_root_and_one_without_a_literal_name() {
        check(
            "Package.swift",
            "let package = Package(name: \"Shop\", targets: [.target(name: \"A\", path: \".\")])\n",
            expect![[r#"
                here is library Shop [declared]  @ "Shop"
                here provides swift(path:)A [declared]  @ "A"
                here provides swiftpm(path:). [declared]  @ "Shop"
                here provides swiftpm(path:)Shop [declared]  @ "Shop"
            "#]],
        );
        check(
            "x/Package.swift",
            "let package = Package(name: name)\n",
            expect![[r#"
                here is library [declared]  @ "Package"
                here provides swiftpm(path:x)x [declared]  @ "Package"
            "#]],
        );
    }

    #[test]
    fn what_is_broken_is_told() {
        check(
            "x/Package.swift",
            "let package = Package(name: \"Shop\", targets: [.target(name: \"A\"), .target(name: \"B\"",
            expect![[r#"
                ! not understood as Swift  @ "(name: \"Shop\", targets: [.target(name: \"A\"), .target(name: \"B\""
                here provides swift:A [declared]  @ "A"
            "#]],
        );
        check("x/Package.swift", "", expect![[r#""#]]);
        for piece in [".target(", "Package(name: ", "[", "\"\\(", "{"] {
            lines(&Manifest, "Package.swift", piece.repeat(2000));
        }
    }
}
