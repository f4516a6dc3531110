//! What does a Go file belong to, import, embed and start?
//!
//! The whole file is parsed only where its header or a marker asks for it.
//! Source: <https://go.dev/ref/spec#Packages>

use std::collections::BTreeMap;
use std::ops::Range;

use tree_sitter::Tree;

use super::head::{Head, Import};
use super::items::Items;
use super::{constraints, embed, header, is_vendored, network};
use crate::extract::syntax::{self, Nodes};
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Claim, Condition, Context, DependencyKind, ExtractorId, Facts, Key, Language, Offer, Parsed,
    SourceFile, Subject, parent,
};

/// Reads Go files.
#[derive(Debug)]
pub(in crate::extract) struct Code;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("golang/code"),
    summary: "Go packages, imports, embedded files and programs",
    globs: &["**/*.go"],
    markers: &[],
    languages: &[Language::Go],
    ownership: false,
};

/// The most imports of one file.
const IMPORTS: usize = 4096;

impl Extractor for Code {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let path = &*file.path.path;
        // The go command leaves out files that start with `_` or `.`.
        if is_vendored(path) || file.path.file_name().starts_with(['_', '.']) {
            return;
        }
        let text = file.bytes;
        let end = header::end(text);
        let allows = allowances::promised(text);
        let mut whole = None;
        let head = match Head::scan(text).filter(|_| !allows) {
            Some(head) => {
                facts.parsed(Parsed::Whole);
                head
            }
            None => {
                let Some(header) = parse(&text[..end], facts) else {
                    return;
                };
                if header.root_node().has_error() || allows {
                    whole = parse(text, facts);
                }
                Head::read(whole.as_ref().unwrap_or(&header), text)
            }
        };
        let Some(package) = &head.package else {
            if !text.trim_ascii().is_empty() && !is_left_out(path) {
                facts.problem(0..0, "no package clause: not understood as Go");
                facts.parsed(Parsed::Partly);
            }
            return;
        };
        if let Some(tree) = whole.as_ref().filter(|_| allows) {
            allow(tree, text, facts);
        }
        let mut when = constraints::of_name(path);
        when.extend(constraints::of_comments(head.comments.iter().copied()));
        let mut sink = Sink {
            context: constraints::context(&when),
            when,
            facts,
        };
        let key = Key::at("gopkg", format!("path:{}", file.path.parent()), "");
        sink.provides(key, package.clone());
        let is_test = path.ends_with("_test.go");
        if text.get(package.clone()) == Some(b"main")
            && !is_test
            && let Some(main) = main_function(text, end)
        {
            // `go build` calls a program like the folder that it lies in.
            let folder = file.path.parent().rsplit('/').next().unwrap_or_default();
            if !folder.is_empty() {
                sink.provides(Key::new("program", folder), main.clone());
            }
            sink.provides(Key::new("trait", "entry-point"), main);
        }
        sink.imports(&head.imports);
        let mut items = Items::new(text);
        for import in &head.imports {
            items.import(import.path, import.alias);
        }
        let uses_items = items.promised(end);
        let embeds =
            head.imports.iter().any(|import| import.path == "embed") && embed::promised(text);
        let imports = head.imports.iter();
        let imports = network::by_name(imports.map(|import| (import.path, import.alias)));
        let is_generated = network::is_generated(&head.comments);
        // What tests call is made up.
        let networks = !is_test && !is_generated && network::promised(text, end, &imports);
        if whole.is_none() && (uses_items || embeds || networks) {
            whole = parse(text, sink.facts);
        }
        let folder = file.path.parent();
        if let Some(tree) = &whole {
            if uses_items {
                for (item, bytes) in items.used(tree.root_node()) {
                    sink.requires(Key::new("item", item), DependencyKind::LinkImpl, 1, bytes);
                }
            }
            if embeds {
                for (pattern, bytes) in embed::patterns(tree.root_node(), text) {
                    let key = Key::at("goembed", format!("path:{folder}"), pattern);
                    sink.requires(key, DependencyKind::LinkSplice, 1, bytes);
                }
            }
            if networks {
                sink.network(network::read(tree, text, folder, imports));
            }
        }
        if is_generated {
            let found = network::read_generated(text, folder, sink.facts);
            sink.network(found);
        }
        if let Some(bytes) = head.error
            && !is_left_out(path)
        {
            sink.facts.problem(bytes, "not understood as Go");
            sink.facts.parsed(Parsed::Partly);
        }
    }
}

fn parse(text: &[u8], facts: &mut Facts<'_>) -> Option<Tree> {
    syntax::parse("Go", || tree_sitter_go::LANGUAGE.into(), text, facts)
}

/// Whether `./...` leaves a file out by its folder; what lies there need not even be Go.
fn is_left_out(path: &str) -> bool {
    parent(path)
        .split('/')
        .any(|folder| folder == "testdata" || folder.starts_with(['_', '.']))
}

/// States facts of one file, under its conditions.
struct Sink<'a, 'f> {
    when: Vec<Condition>,
    context: Context,
    facts: &'a mut Facts<'f>,
}

impl Sink<'_, '_> {
    fn provides(&mut self, key: Key, bytes: Range<usize>) {
        let fact = self.facts.provides(key, Offer::Implements, bytes);
        fact.context = fact.context.join(self.context);
        fact.when.clone_from(&self.when);
    }

    fn requires(&mut self, key: Key, kind: DependencyKind, count: u32, bytes: Range<usize>) {
        let fact = self.facts.requires(key, kind, count, bytes);
        fact.context = fact.context.join(self.context);
        fact.when.clone_from(&self.when);
    }

    /// States what the network has to do with the file.
    fn network(&mut self, found: network::Found) {
        for (key, bytes) in found.offers {
            self.provides(key, bytes);
        }
        for (one, (count, bytes)) in found.uses {
            let claim = Claim::Requires {
                key: one.key,
                kind: one.kind,
                access: one.access,
                count,
            };
            self.state(claim, bytes);
        }
        for ((key, value), bytes) in found.binds {
            self.state(Claim::Binds { key, value }, bytes);
        }
        for (what, bytes) in found.too_many {
            self.facts
                .problem(bytes, format!("{what}; the rest is not read"));
            self.facts.parsed(Parsed::Partly);
        }
    }

    fn state(&mut self, claim: Claim, bytes: Range<usize>) {
        let fact = self.facts.push(Subject::Here, claim, bytes);
        fact.context = fact.context.join(self.context);
        fact.when.clone_from(&self.when);
    }

    /// States each path once, at its first place.
    fn imports(&mut self, imports: &[Import<'_>]) {
        let mut places: BTreeMap<&str, (u32, &Range<usize>)> = BTreeMap::new();
        for import in imports {
            if places.len() >= IMPORTS && !places.contains_key(import.path) {
                let message = format!("more than {IMPORTS} imports; the rest is not read");
                self.facts.problem(import.bytes.clone(), message);
                self.facts.parsed(Parsed::Partly);
                break;
            }
            places.entry(import.path).or_insert((0, &import.bytes)).0 += 1;
        }
        for (path, (count, bytes)) in places {
            let key = Key::new("gopkg", path);
            self.requires(key, DependencyKind::LinkImpl, count, bytes.clone());
        }
    }
}

/// The name of the function with which a program starts: it stands at the start of a line, as the formatter has it.
fn main_function(text: &[u8], end: usize) -> Option<Range<usize>> {
    const START: &[u8] = b"func main(";
    let found = memchr::memmem::find_iter(&text[end..], START)
        .map(|at| end + at)
        .find(|at| *at == 0 || matches!(text[at - 1], b'\n' | b';'))?;
    Some(found + 5..found + 9)
}

/// States what comments allow: beside an import, or above it.
fn allow(tree: &Tree, text: &[u8], facts: &mut Facts<'_>) {
    let mut comments = Vec::new();
    let mut imports = Vec::new();
    for node in Nodes::new(tree.root_node()) {
        match node.kind() {
            "comment" => comments.push(syntax::bytes(node)),
            "import_declaration" => imports.push(syntax::bytes(node)),
            _ => {}
        }
    }
    let statement_end = |end: usize| {
        let next = imports.iter().find(|import| import.start >= end);
        let below = |import: &&Range<usize>| {
            text[end..import.start]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count()
                == 1
        };
        next.filter(below).map_or(0, |import| import.end)
    };
    allowances::tell(text, &comments, statement_end, facts);
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Code, path, text));
    }

    #[test]
    fn every_form_of_import_is_stated_once() {
        check(
            "cart/cart.go",
            "// Package cart sells.\npackage cart\n\nimport \"fmt\"\nimport (\n\t\"example.com/shop/ledger\" // the books\n\tl `example.com/shop/ledger`\n\t_ \"github.com/lib/pq\"\n\t. \"example.com/shop/money\"\n)\n\n// #include <x.h>\nimport \"C\"\n\nfunc f() { import_ := \"no/import\" }\n",
            expect![[r#"
                here provides gopkg(path:cart)  @ "cart"
                here requires gopkg:C [link.impl]  @ "\"C\""
                here requires gopkg:example.com/shop/ledger [link.impl] ×2  @ "\"example.com/shop/ledger\""
                here requires gopkg:example.com/shop/money [link.impl]  @ ". \"example.com/shop/money\""
                here requires gopkg:fmt [link.impl]  @ "\"fmt\""
                here requires gopkg:github.com/lib/pq [link.impl]  @ "_ \"github.com/lib/pq\""
            "#]],
        );
    }

    #[test]
    fn a_program_has_a_main_function() {
        check(
            "cmd/cart/main.go",
            "package main\n\nfunc main() {}\n",
            expect![[r#"
                here provides gopkg(path:cmd/cart)  @ "main"
                here provides program:cart  @ "main"
                here provides trait:entry-point  @ "main"
            "#]],
        );
        check(
            "cmd/cart/flags.go",
            "package main\n\nfunc maintain() {}\n// func main()\n",
            expect![[r#"
                here provides gopkg(path:cmd/cart)  @ "main"
            "#]],
        );
        check(
            "gen.go",
            "//go:build ignore\n\npackage main\nfunc main() {}\n",
            expect![[r#"
                here provides gopkg(path:) [development] when ignore  @ "main"
                here provides trait:entry-point [development] when ignore  @ "main"
            "#]],
        );
        check(
            "cart/main_test.go",
            "package main\nfunc main() {}\n",
            expect![[r#"
                here provides gopkg(path:cart)  @ "main"
            "#]],
        );
    }

    #[test]
    fn conditions_hold_for_everything_in_the_file() {
        check(
            "cart/disk_linux.go",
            "// Copyright\n\n//go:build cgo && !race\n\npackage cart\n\nimport \"example.com/shop/disk\"\n",
            expect![[r#"
                here provides gopkg(path:cart) when linux, cgo && !race  @ "cart"
                here requires gopkg:example.com/shop/disk [link.impl] when linux, cgo && !race  @ "\"example.com/shop/disk\""
            "#]],
        );
    }

    #[test]
    fn servers_and_stores_are_seen_in_the_body() {
        check(
            "cart/server.go",
            "package cart\n\nimport (\n\t\"net/http\"\n\tdb \"github.com/jackc/pgx/v5/pgxpool\"\n\t\"github.com/labstack/echo/v4\"\n)\n\ntype S struct{ pool *db.Pool }\n// http.ListenAndServe\nvar _ = \"echo.New()\"\nfunc f() { s := &http.Server{}; http.Get(\"x\"); e := echo.New; e() }\n",
            expect![[r#"
                here provides gopkg(path:cart)  @ "cart"
                here requires gopkg:github.com/jackc/pgx/v5/pgxpool [link.impl]  @ "db \"github.com/jackc/pgx/v5/pgxpool\""
                here requires gopkg:github.com/labstack/echo/v4 [link.impl]  @ "\"github.com/labstack/echo/v4\""
                here requires gopkg:net/http [link.impl]  @ "\"net/http\""
                here requires http(x)GET [call.http]  @ "http.Get(\"x\")"
                here requires item:github.com/jackc/pgx/v5/pgxpool.Pool [link.impl]  @ "db.Pool"
                here requires item:github.com/labstack/echo.New [link.impl]  @ "echo.New"
                here requires item:net/http.Server [link.impl]  @ "http.Server"
            "#]],
        );
        check(
            "cart/client.go",
            "package cart\n\nimport \"net/http\"\n\nfunc f() { http.Get(\"http.Server\") }\n",
            expect![[r#"
                here provides gopkg(path:cart)  @ "cart"
                here requires gopkg:net/http [link.impl]  @ "\"net/http\""
                here requires http(http.Server)GET [call.http]  @ "http.Get(\"http.Server\")"
            "#]],
        );
    }

    #[test]
    fn embedded_files_are_patterns() {
        check(
            "cart/assets.go",
            "package cart\n\nimport _ \"embed\"\n\n//go:embed schema.sql \"a b.txt\"\n//go:embed all:dist\nvar s string\n// go:embed none\n//go:embedded none\n",
            expect![[r#"
                here provides gopkg(path:cart)  @ "cart"
                here requires goembed(path:cart)a b.txt [link.splice]  @ "a b.txt"
                here requires goembed(path:cart)all:dist [link.splice]  @ "all:dist"
                here requires goembed(path:cart)schema.sql [link.splice]  @ "schema.sql"
                here requires gopkg:embed [link.impl]  @ "_ \"embed\""
            "#]],
        );
        check(
            "cart/none.go",
            "package cart\n\n//go:embed x\nvar s string\n",
            expect![[r#"
                here provides gopkg(path:cart)  @ "cart"
            "#]],
        );
    }

    #[test]
    fn comments_that_allow_are_told() {
        check(
            "cart/cart.go",
            "package cart\n\n// twopizza: allow direct-link -- soon gone\nimport (\n\t\"example.com/a\"\n\t\"example.com/b\"\n)\n\nimport \"example.com/c\" // twopizza: allow direct-link\n",
            expect![[r#"
                ! this comment gives no reason and has no effect: write `twopizza: allow direct-link -- reason`  @ "// twopizza: allow direct-link"
                file binds allow:direct-link = soon gone [declared]  @ "// twopizza: allow direct-link -- soon gone\nimport (\n\t\"example.com/a\"\n\t\"example.com/b\"\n)"
                here provides gopkg(path:cart)  @ "cart"
                here requires gopkg:example.com/a [link.impl]  @ "\"example.com/a\""
                here requires gopkg:example.com/b [link.impl]  @ "\"example.com/b\""
                here requires gopkg:example.com/c [link.impl]  @ "\"example.com/c\""
            "#]],
        );
    }

    #[test]
    fn what_the_go_command_leaves_out_is_left_out() {
        for path in [
            "cart/_old.go",
            "cart/.hidden.go",
            "vendor/github.com/a/b/b.go",
        ] {
            assert!(
                lines(&Code, path, "package cart\nimport \"a\"").is_empty(),
                "{path}"
            );
        }
        check("cart/empty.go", "", expect![[""]]);
    }

    #[test]
    fn broken_files_are_read_as_far_as_possible() {
        check(
            "a.go",
            "package cart\nimport (\n\"a\"\n\"b\n)\nfunc f() {",
            expect![[r#"
                ! not understood as Go  @ "import (\n\"a\"\n\"b\n)"
                here provides gopkg(path:)  @ "cart"
                here requires gopkg:a [link.impl]  @ "\"a\""
            "#]],
        );
        check(
            "a.go",
            "hello",
            expect![[r#"
            ! no package clause: not understood as Go  @ ""
        "#]],
        );
        check(
            "a.go",
            "package cart\nimport \"a\"\nfunc ( {\nimport \"b\"",
            expect![[r#"
                here provides gopkg(path:)  @ "cart"
                here requires gopkg:a [link.impl]  @ "\"a\""
            "#]],
        );
        let found = facts(&Code, "a.go", b"// caf\xe9\npackage cart\nimport \"a\"");
        assert_eq!(found.facts.len(), 2);
    }

    #[test]
    fn hostile_files_end_quickly() {
        for piece in [
            "import (",
            "import \"a\";",
            "/*",
            "package a;",
            "\"",
            "((",
            "{",
            "//go:embed a\n",
        ] {
            let text = format!("package a\nimport \"embed\"\n{}", piece.repeat(50_000));
            facts(&Code, "a.go", text.as_bytes());
        }
        let text: String = (0..IMPORTS + 10)
            .map(|n| format!("import \"a/{n}\"\n"))
            .collect();
        let found = facts(&Code, "a.go", format!("package a\n{text}").as_bytes());
        assert_eq!((found.facts.len(), found.problems.len()), (IMPORTS + 1, 1));
    }
}
