//! Which modules does a Swift file import?
//!
//! Source: <https://docs.swift.org/swift-book/documentation/the-swift-programming-language/declarations/#Import-Declaration>

use tree_sitter::Node;

use crate::extract::header::{starts_with_word, up_to_last};
use crate::extract::mentions::Mentions;
use crate::extract::syntax::{self, Nodes};
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{Context, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile};

/// Reads the imports of Swift files.
#[derive(Debug)]
pub(in crate::extract) struct Uses;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("swift/uses"),
    summary: "Modules that Swift code imports",
    globs: &["**/*.swift"],
    markers: &[],
    languages: &[Language::Swift],
    ownership: false,
};

/// What may stand before `import`, besides attributes.
const ACCESS: &[&str] = &[
    "fileprivate",
    "internal",
    "open",
    "package",
    "private",
    "public",
];

impl Extractor for Uses {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        facts.parsed(Parsed::Whole);
        let grammar = || tree_sitter_swift::LANGUAGE.into();
        if let Err(offset) = file.text() {
            facts.problem(offset..offset + 1, "not UTF-8");
            facts.parsed(Parsed::Partly);
        }
        let mut allowed = Vec::new();
        if allowances::promised(file.bytes)
            && let Some(tree) = syntax::parse("Swift", grammar, file.bytes, facts)
        {
            let comments = syntax::comments(&tree);
            allowed = allowances::tell(file.bytes, &comments, |_| 0, facts);
        }
        let head = up_to_last(file.bytes, is_import, |_| true);
        if !head.is_empty()
            && let Some(tree) = syntax::parse("Swift", grammar, head, facts)
        {
            let mut mentions = Mentions::new("swift", &allowed);
            imports(tree.root_node(), head, &mut mentions);
            mentions.state(facts);
        }
        entry(file, facts);
    }
}

/// Whether a line starts as an import does.
fn is_import(line: &[u8]) -> bool {
    let mut rest = line;
    loop {
        if rest.first() == Some(&b'@') {
            // `@_spi(Testing)`: an attribute with arguments has no blanks in front of them.
            let end = rest.iter().position(u8::is_ascii_whitespace);
            rest = rest[end.unwrap_or(rest.len())..].trim_ascii_start();
        } else if let Some(access) = ACCESS.iter().find(|word| starts_with_word(rest, word)) {
            rest = rest[access.len()..].trim_ascii_start();
        } else {
            return starts_with_word(rest, "import");
        }
    }
}

/// Notes the modules that import declarations name.
fn imports(root: Node<'_>, head: &[u8], mentions: &mut Mentions<'_>) {
    let mut nodes = Nodes::new(root);
    while let Some(node) = nodes.next() {
        if node.kind() != "import_declaration" {
            continue;
        }
        nodes.skip_below();
        let mut cursor = node.walk();
        let mut context = Context::Production;
        for child in node.children(&mut cursor) {
            match child.kind() {
                // Internal names of a module are open to tests alone: the module must be built for them.
                "modifiers" if syntax::text(child, head).contains("@testable") => {
                    context = Context::Test;
                }
                "identifier" => {
                    let name: String = syntax::text(child, head)
                        .chars()
                        .filter(|c| !c.is_whitespace() && *c != '`')
                        .collect();
                    mentions.add_in(name, context, None, child.byte_range());
                }
                _ => {}
            }
        }
    }
}

/// A program: `main.swift`, or a type that is marked as its start.
fn entry(file: &SourceFile<'_>, facts: &mut Facts<'_>) {
    if matches!(facts.context(), Context::Test | Context::Development) {
        return;
    }
    let mut start = (file.path.file_name() == "main.swift").then_some(0..0);
    let mut at = 0;
    if start.is_none() && memchr::memmem::find(file.bytes, b"@main").is_some() {
        for line in file.bytes.split_inclusive(|byte| *byte == b'\n') {
            if starts_with_word(line, "@main") {
                start = Some(at..at + "@main".len());
                break;
            }
            at += line.len();
        }
    }
    if let Some(bytes) = start {
        facts.provides(Key::new("trait", "entry-point"), Offer::Implements, bytes);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Uses, path, text));
    }

    #[test]
    fn every_form_of_import_names_a_module() {
        check(
            "Sources/Cart/Cart.swift",
            "// import Nothing
/* import
import Nor /* nested */ */
import Foundation
@testable import Stock
@_exported import Pricing; import Till
@_spi(Testing) public import Ledger
import struct Money.Amount
import UIKit.UIGestureRecognizerSubclass
#if canImport(Combine)
  import Combine
#else
  import OpenCombine
#endif
@preconcurrency
import Late
let text = \"\"\"
import Text
\"\"\"
struct Cart { let importer: Int }
import Last
",
            expect![[r#"
                here requires swift:Combine [link.impl]  @ "Combine"
                here requires swift:Foundation [link.impl]  @ "Foundation"
                here requires swift:Last [link.impl]  @ "Last"
                here requires swift:Late [link.impl]  @ "Late"
                here requires swift:Ledger [link.impl]  @ "Ledger"
                here requires swift:Money.Amount [link.impl]  @ "Money.Amount"
                here requires swift:OpenCombine [link.impl]  @ "OpenCombine"
                here requires swift:Pricing [link.impl]  @ "Pricing"
                here requires swift:Stock [link.impl] [test]  @ "Stock"
                here requires swift:Till [link.impl]  @ "Till"
                here requires swift:UIKit.UIGestureRecognizerSubclass [link.impl]  @ "UIKit.UIGestureRecognizerSubclass"
            "#]],
        );
    }

    #[test]
    fn programs_are_marked() {
        check(
            "Sources/Till/main.swift",
            "import A\nrun()\n",
            expect![[r#"
                here provides trait:entry-point  @ ""
                here requires swift:A [link.impl]  @ "A"
            "#]],
        );
        check(
            "App/App.swift",
            "import A\n@main\nstruct B: App {}\n",
            expect![[r#"
                here provides trait:entry-point  @ "@main"
                here requires swift:A [link.impl]  @ "A"
            "#]],
        );
        check(
            "App/C.swift",
            "// @main\n@mainActor struct C {}\n",
            expect![[r#""#]],
        );
    }

    #[test]
    fn comments_may_allow() {
        check(
            "A.swift",
            "import B // twopizza: allow direct-link -- soon gone\nimport C\n",
            expect![[r#"
                file binds allow:direct-link = soon gone [declared]  @ "import B // twopizza: allow direct-link -- soon gone"
                here requires swift:B [link.impl]  @ "B"
                here requires swift:C [link.impl]  @ "C"
            "#]],
        );
    }

    #[test]
    fn what_is_broken_is_read_as_far_as_it_goes() {
        check(
            "A.swift",
            "import A\nimport\nstruct { ( \nimport B\n\u{0}import C",
            expect![[r#"
                here requires swift:A [link.impl]  @ "A"
                here requires swift:B [link.impl]  @ "B"
            "#]],
        );
        for piece in ["import ", "@a(", "#if ", "\"\"\"", "/*", "import A.", "{"] {
            lines(&Uses, "A.swift", piece.repeat(3000));
        }
    }
}
