//! Which libraries does a Dart file import, export, or take in as parts?
//!
//! Directives stand before all declarations, so that the grammar reads only the head of a file.
//! Source: <https://dart.dev/language/libraries>, and chapter "Libraries and Scripts" of <https://dart.dev/resources/language/spec>.

use std::ops::Range;

use tree_sitter::Node;

use super::head::head;
use crate::extract::mentions::Mentions;
use crate::extract::syntax::{self, Nodes};
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{Context, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile, parent};

/// Reads the directives of Dart files.
#[derive(Debug)]
pub(in crate::extract) struct Uses;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("dart/uses"),
    summary: "Imports, exports and parts of Dart libraries",
    globs: &["**/*.dart"],
    markers: &[],
    languages: &[Language::Dart],
    ownership: false,
};

impl Extractor for Uses {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        facts.parsed(Parsed::Whole);
        let grammar = || tree_sitter_dart::LANGUAGE.into();
        let mut allowed = Vec::new();
        if allowances::promised(file.bytes)
            && let Some(tree) = syntax::parse("Dart", grammar, file.bytes, facts)
        {
            let comments = syntax::comments(&tree);
            allowed = allowances::tell(file.bytes, &comments, |_| 0, facts);
        }
        let head = head(file.bytes);
        if !head.is_empty()
            && let Some(tree) = syntax::parse("Dart", grammar, head, facts)
        {
            let mut mentions = Mentions::new("dart", &allowed);
            directives(tree.root_node(), head, &mut mentions);
            mentions.state(facts);
            syntax::tell_errors(&tree, "Dart", facts);
        }
        entry(file, facts);
    }
}

/// Notes the libraries that the directives of a file name.
fn directives(root: Node<'_>, head: &[u8], mentions: &mut Mentions<'_>) {
    let mut nodes = Nodes::new(root);
    while let Some(node) = nodes.next() {
        match node.kind() {
            // What a broken directive swallows is looked through, too.
            "source_file"
            | "ERROR"
            | "import_or_export"
            | "library_import"
            | "library_export"
            | "import_specification"
            | "part_directive"
            | "configurable_uri" => {}
            "configuration_uri" => {
                let mut cursor = node.walk();
                for child in node.children(&mut cursor) {
                    if child.kind() == "uri" {
                        mention(child, head, Some("conditional-import"), mentions);
                    }
                }
                nodes.skip_below();
            }
            "uri" => {
                mention(node, head, None, mentions);
                nodes.skip_below();
            }
            _ => nodes.skip_below(),
        }
    }
}

fn mention(
    node: Node<'_>,
    head: &[u8],
    variant: Option<&'static str>,
    mentions: &mut Mentions<'_>,
) {
    if let Some((uri, bytes)) = literal(syntax::text(node, head), node.start_byte()) {
        mentions.add_in(uri, Context::Production, variant, bytes);
    }
}

/// The text between the quotes of a literal; `None` where an escape or a substitution makes it another text.
fn literal(text: &str, start: usize) -> Option<(&str, Range<usize>)> {
    let body = text.strip_prefix('r').unwrap_or(text);
    let quotes = ["'''", "\"\"\"", "'", "\""];
    let quote = quotes.iter().find(|quote| body.starts_with(**quote))?;
    let inner = body.strip_prefix(quote)?.strip_suffix(quote)?;
    let at = start + (text.len() - body.len()) + quote.len();
    let is_plain = !inner.is_empty() && !inner.contains(['\\', '$', '\'', '"', '\n']);
    is_plain.then(|| (inner, at..at + inner.len()))
}

/// A program: `bin/` holds commands, `web/` pages, `lib/main.dart` an app; another entry is written `lib/main_staging.dart`.
fn entry(file: &SourceFile<'_>, facts: &mut Facts<'_>) {
    let folder = parent(&file.path.path);
    let (folder, name) = (
        folder.rsplit('/').next().unwrap_or_default(),
        file.path.file_name(),
    );
    let is_place = match folder {
        "bin" | "web" => true,
        "lib" => name == "main.dart" || name.starts_with("main_"),
        _ => false,
    };
    let is_program = !matches!(facts.context(), Context::Test | Context::Development);
    if !is_place || !is_program {
        return;
    }
    // A function of the library itself stands at the start of its line.
    let mut at = 0;
    for line in file.bytes.split_inclusive(|byte| *byte == b'\n') {
        let starts = ["void main(", "main(", "Future<void> main(", "Future main("];
        if let Some(start) = starts
            .iter()
            .find(|start| line.starts_with(start.as_bytes()))
        {
            let key = Key::new("trait", "entry-point");
            facts.provides(key, Offer::Implements, at..at + start.len() - 1);
            return;
        }
        at += line.len();
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
    fn every_directive_names_a_library() {
        check(
            "lib/cart.dart",
            "// import 'not.dart';
/* import 'nor.dart'; */
@TestOn('vm')
library cart;

import 'dart:async';
import 'package:pricing/pricing.dart' as pricing show Price, Tax hide Cent;
import \"package:stock/stock.dart\" deferred as stock;
import 'src/io_stub.dart'
    if (dart.library.io) 'src/io_vm.dart'
    if (dart.library.js_interop == 'true') 'src/io_web.dart';
import 'src/io_stub.dart';
export 'src/item.dart' show Item;
export r'src/raw.dart';
part 'cart.g.dart';

const text = '''
import 'text.dart';
''';
class Cart {}
",
            expect![[r#"
                here requires dart:cart.g.dart [link.impl]  @ "cart.g.dart"
                here requires dart:dart:async [link.impl]  @ "dart:async"
                here requires dart:package:pricing/pricing.dart [link.impl]  @ "package:pricing/pricing.dart"
                here requires dart:package:stock/stock.dart [link.impl]  @ "package:stock/stock.dart"
                here requires dart:src/io_stub.dart [link.impl] ×2  @ "src/io_stub.dart"
                here requires dart:src/io_vm.dart [link.impl] when conditional-import  @ "src/io_vm.dart"
                here requires dart:src/io_web.dart [link.impl] when conditional-import  @ "src/io_web.dart"
                here requires dart:src/item.dart [link.impl]  @ "src/item.dart"
                here requires dart:src/raw.dart [link.impl]  @ "src/raw.dart"
            "#]],
        );
        check(
            "lib/src/a.dart",
            "part of '../cart.dart';\nclass A {}\n",
            expect![[r#""#]],
        );
        check(
            "lib/src/b.dart",
            "library;\nimport 'a.dart';",
            expect![[r#"
                here requires dart:a.dart [link.impl]  @ "a.dart"
            "#]],
        );
    }

    #[test]
    fn programs_lie_where_the_tools_look_for_them() {
        check(
            "lib/main.dart",
            "import 'a.dart';\nvoid main() {}\n",
            expect![[r#"
                here provides trait:entry-point  @ "void main"
                here requires dart:a.dart [link.impl]  @ "a.dart"
            "#]],
        );
        check(
            "bin/run.dart",
            "Future<void> main(List<String> a) async {}\n",
            expect![[r#"
            here provides trait:entry-point  @ "Future<void> main"
        "#]],
        );
        check("lib/src/main.dart", "void main() {}\n", expect![[r#""#]]);
        check("lib/cart.dart", "void main() {}\n", expect![[r#""#]]);
    }

    #[test]
    fn comments_may_allow() {
        check(
            "lib/a.dart",
            "// twopizza: allow direct-link -- soon gone\nimport 'package:b/b.dart';\nimport 'package:c/c.dart';\n",
            expect![[r#"
                file binds allow:direct-link = soon gone [declared]  @ "// twopizza: allow direct-link -- soon gone\nimport 'package:b/b.dart';"
                here requires dart:package:b/b.dart [link.impl]  @ "package:b/b.dart"
                here requires dart:package:c/c.dart [link.impl]  @ "package:c/c.dart"
            "#]],
        );
    }

    #[test]
    fn what_is_broken_is_told_and_the_rest_is_read() {
        check(
            "lib/a.dart",
            "import 'a.dart';\nimport ;\nimport 'b$c.dart';\nimport 'd.dart'\nclass X {}\nimport 'e.dart';",
            expect![[r#"
                ! not understood as Dart; 3 more in this file  @ ";"
                here requires dart:a.dart [link.impl]  @ "a.dart"
            "#]],
        );
        for piece in [
            "import '",
            "import 'a' if (",
            "/*",
            "'''",
            "@a(",
            "export r\"",
            "part of ",
        ] {
            lines(&Uses, "lib/a.dart", piece.repeat(5000));
        }
    }
}
