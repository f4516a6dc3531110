//! Which crates does a Rust file name, and what of them? Which modules of its own crate?
//!
//! It reads tokens, not syntax: so it works on every file, also inside macros, and on files that do not compile.
//! A first path segment need not be a crate; only those count in the end that the package's manifest binds.

use std::collections::BTreeMap;
use std::ops::Range;

use super::comments::{comments, import_end};
use super::scan::{Hit, Scan};
use super::tokens::{Tokens, readable};
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Claim, Context, DependencyKind, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile,
    Subject, parent,
};

/// Reads the names of crates.
#[derive(Debug)]
pub(in crate::extract) struct Uses;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rust/uses"),
    summary: "Names of other crates, and of modules of the same one, in Rust code",
    globs: &["**/*.rs"],
    markers: &[],
    languages: &[Language::Rust],
    ownership: false,
};

/// The most distinct names of one file.
const NAMES: usize = 4096;

impl Extractor for Uses {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let (text, invalid) = readable(file.bytes);
        let tokens = Tokens::new(&text);
        facts.parsed(Parsed::Whole);
        if let Some(at) = invalid {
            facts.problem(at..at + 1, "not UTF-8");
            facts.parsed(Parsed::Partly);
        }
        if let Some((bytes, message)) = &tokens.problem {
            facts.problem(bytes.clone(), *message);
            facts.parsed(Parsed::Partly);
        }
        let allowed = if allowances::promised(file.bytes) {
            allowances::tell(
                text.as_bytes(),
                &comments(&tokens),
                |end| import_end(&tokens, end),
                facts,
            )
        } else {
            Vec::new()
        };
        let path = &*file.path.path;
        let scan = Scan::new(path, &tokens);
        test_modules(&scan, facts);
        if is_entry_file(path) {
            entry(&scan, facts);
        }
        let context = if is_build_script(path) {
            Context::Build
        } else {
            Context::Production
        };
        names(scan.crates(), context, &allowed, facts);
        scan.inside.tell(context, &allowed, facts);
    }
}

fn test_modules(scan: &Scan<'_>, facts: &mut Facts<'_>) {
    for (stem, bytes) in &scan.test_modules {
        let claim = Claim::Provides {
            key: Key::new("trait", "test-only"),
            how: Offer::Implements,
        };
        let subject = Subject::Named(Key::new("module", stem.as_str()));
        facts.push(subject, claim, bytes.clone());
    }
}

fn entry(scan: &Scan<'_>, facts: &mut Facts<'_>) {
    let is_program = !matches!(facts.context(), Context::Test | Context::Development);
    if let Some(bytes) = &scan.entry
        && is_program
    {
        let key = Key::new("trait", "entry-point");
        facts.provides(key, Offer::Implements, bytes.clone());
    }
}

/// Root, second segment, context, and the comment that allows it.
type Name<'t> = (&'t str, &'t str, Context, Option<usize>);

/// States each name once; what a comment allows is told apart from what none does.
fn names<'s, 't: 's>(
    hits: impl Iterator<Item = &'s Hit<'t>>,
    context: Context,
    allowed: &[Range<usize>],
    facts: &mut Facts<'_>,
) {
    let mut names: BTreeMap<Name<'_>, (u32, Range<usize>)> = BTreeMap::new();
    for hit in hits {
        let context = if hit.test { Context::Test } else { context };
        let allowance = allowed
            .iter()
            .position(|range| range.contains(&hit.bytes.start));
        let key = (hit.root, hit.second, context, allowance);
        if let Some((count, _)) = names.get_mut(&key) {
            *count = count.saturating_add(1);
        } else if names.len() < NAMES {
            names.insert(key, (1, hit.bytes.clone()));
        } else {
            let message = format!("more than {NAMES} names of crates; the rest is not read");
            facts.problem(hit.bytes.clone(), message);
            facts.parsed(Parsed::Partly);
            break;
        }
    }
    for ((root, second, context, _), (count, bytes)) in names {
        let name = match second {
            "" => root.to_owned(),
            _ => format!("{root}::{second}"),
        };
        let key = Key::new("crate", name);
        let fact = facts.requires(key, DependencyKind::LinkImpl, count, bytes);
        fact.context = fact.context.join(context);
    }
}

/// Whether a path is where Cargo looks for the root of a program.
fn is_entry_file(path: &str) -> bool {
    let folder = parent(path);
    let ends = |path: &str, end: &str| path == end || path.ends_with(&format!("/{end}"));
    ends(path, "src/main.rs")
        || ends(folder, "src/bin")
        || path.ends_with("/main.rs") && ends(parent(folder), "src/bin")
}

/// Whether a path is that of a build script, as far as it tells.
fn is_build_script(path: &str) -> bool {
    let folder = parent(path);
    path.rsplit('/').next() == Some("build.rs") && folder.split('/').all(|segment| segment != "src")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    /// What is said of other crates: `inside.rs` has tests of its own.
    fn is_of_crates(line: &str) -> bool {
        !line.contains(" rust")
    }

    fn check(path: &str, text: &str, expected: Expect) {
        let lines = lines(&Uses, path, text);
        let lines = lines.split_inclusive('\n');
        expected.assert_eq(&lines.filter(|line| is_of_crates(line)).collect::<String>());
    }

    /// The names alone.
    fn names(text: &str) -> Vec<String> {
        let facts = facts(&Uses, "src/lib.rs", text.as_bytes());
        let lines = facts.facts.iter().map(ToString::to_string);
        lines.filter(|line| is_of_crates(line)).collect()
    }

    #[test]
    fn a_comment_that_allows_is_told_and_keeps_its_names_apart() {
        check(
            "src/lib.rs",
            "// twopizza: allow direct-link -- soon gone
use cart::{
    Item,
};
fn f() { cart::Item; cart::Item }
// twopizza: allow direct-link
",
            expect![[r#"
                ! this comment gives no reason and has no effect: write `twopizza: allow direct-link -- reason`  @ "// twopizza: allow direct-link"
                file binds allow:direct-link = soon gone [declared]  @ "// twopizza: allow direct-link -- soon gone\nuse cart::{\n    Item,\n};"
                here requires crate:cart::Item [link.impl]  @ "Item"
                here requires crate:cart::Item [link.impl] ×2  @ "cart::Item"
            "#]],
        );
    }

    #[test]
    fn imports_and_paths_name_crates() {
        check(
            "src/lib.rs",
            "#![allow(clippy::all)]
use cart::{Item, stock::{Level, Shelf}};
pub use ::ledger::*;
extern crate r#gen as generated;
use std::fmt;
use crate::local::{self, helper};
#[serde_with::serde_as]
fn f(a: &::vault::Key, b: Vec<cart::Item>) -> ::ledger::Entry {
    log::info!(\"not_a::crate {}\", money::round::<u8>(1)); // nor::this
    let c = Config { a: 1, ..conf::base() };
    fmt::x(); helper::y(); generated::z(); local::w(); u8::from(1);
    self::k::l(); a.cart::<u8>(); <Vec<u8> as bytes::Buf>::get(x); Cart::new();
    match x { pay::A => ::pay::b(), _ => return ::pay::c() }
}
",
            expect![[r#"
                here requires crate:bytes::Buf [link.impl]  @ "bytes::Buf"
                here requires crate:cart::Item [link.impl] ×2  @ "Item"
                here requires crate:cart::stock [link.impl] ×2  @ "stock"
                here requires crate:conf::base [link.impl]  @ "conf::base"
                here requires crate:gen [link.impl]  @ "r#gen"
                here requires crate:ledger::* [link.impl]  @ "ledger::*"
                here requires crate:ledger::Entry [link.impl]  @ "ledger::Entry"
                here requires crate:log::info [link.impl]  @ "log::info"
                here requires crate:money::round [link.impl]  @ "money::round"
                here requires crate:pay::A [link.impl]  @ "pay::A"
                here requires crate:pay::b [link.impl]  @ "pay::b"
                here requires crate:pay::c [link.impl]  @ "pay::c"
                here requires crate:serde_with::serde_as [link.impl]  @ "serde_with::serde_as"
                here requires crate:vault::Key [link.impl]  @ "vault::Key"
            "#]],
        );
    }

    #[test]
    fn macro_fragments_are_no_crates() {
        assert_eq!(
            names(
                "macro_rules! m { ($x:ident) => { $x::a(); $crate::b::c(); use $crate::d::e; use $x::f; log::g!() } }"
            ),
            ["here requires crate:log::g [link.impl]"]
        );
    }

    #[test]
    fn own_modules_and_aliases_hide_crates_in_paths() {
        assert_eq!(
            names(
                "mod cart; use a::b as ledger; use tokio::sync; fn f() { cart::x(); ledger::y(); sync::z(); ::cart::w() }"
            ),
            [
                "here requires crate:a::b [link.impl]",
                "here requires crate:cart::w [link.impl]",
                "here requires crate:tokio::sync [link.impl]",
            ]
        );
        assert_eq!(
            names("fn f() { cart::x() } #[cfg(test)] mod t { use a::cart; fn g() { cart::y() } }"),
            [
                "here requires crate:a::cart [link.impl] [test]",
                "here requires crate:cart::x [link.impl]",
            ]
        );
    }

    #[test]
    fn test_code_and_build_scripts_have_their_context() {
        check(
            "cart/build.rs",
            "fn main() { prost::compile() }",
            expect![[r#"
                here requires crate:prost::compile [link.impl] [build]  @ "prost::compile"
            "#]],
        );
        check(
            "cart/src/lib.rs",
            "use a::B; #[cfg(test)] mod t { use a::B; use c::D; fn main() {} } #[cfg(test)] pub(crate) mod u; mod v { #[cfg(test)] #[path = \"../w.rs\"] pub mod x; #[test] fn y() { z::z() } } mod not;",
            expect![[r#"
                here requires crate:a::B [link.impl]  @ "a::B"
                here requires crate:a::B [link.impl] [test]  @ "a::B"
                here requires crate:c::D [link.impl] [test]  @ "c::D"
                here requires crate:z::z [link.impl] [test]  @ "z::z"
                module:cart/src/u provides trait:test-only  @ "u"
                module:cart/src/w provides trait:test-only  @ "x"
            "#]],
        );
    }

    #[test]
    fn a_main_function_of_a_program_is_an_entry_point() {
        for (path, text, entry) in [
            ("src/main.rs", "fn main() {}", true),
            (
                "cart/src/bin/x.rs",
                "#[tokio::main] async fn main() {}",
                true,
            ),
            ("cart/src/bin/x/main.rs", "#![no_main]", true),
            ("src/main.rs", "mod a { fn main() {} }", false),
            ("src/lib.rs", "fn main() {}", false),
            ("src/bin/x/util.rs", "fn main() {}", false),
        ] {
            let found = lines(&Uses, path, text).contains("trait:entry-point");
            assert_eq!(found, entry, "{path}: {text}");
        }
    }

    #[test]
    fn broken_files_are_read_as_far_as_possible() {
        check(
            "src/lib.rs",
            "use cart::Item; fn f() { ledger::x(); \"open",
            expect![[r#"
                ! a literal without end  @ "\"open"
                here requires crate:cart::Item [link.impl]  @ "cart::Item"
                here requires crate:ledger::x [link.impl]  @ "ledger::x"
            "#]],
        );
        let facts = facts(&Uses, "src/lib.rs", b"// caf\xe9\nuse cart::Item;");
        assert_eq!((facts.facts.len(), facts.problems.len()), (2, 1));
        assert_eq!(facts.info.parsed, Parsed::Partly);
    }

    #[test]
    fn names_are_bounded() {
        let text: String = (0..NAMES + 10).map(|n| format!("use a::b{n};")).collect();
        let facts = facts(&Uses, "src/lib.rs", text.as_bytes());
        // The list of what is imported is one fact.
        assert_eq!((facts.facts.len(), facts.problems.len()), (NAMES + 1, 2));
    }

    #[test]
    fn hostile_files_end_quickly() {
        for piece in [
            "(",
            "]",
            "#[cfg(test)]",
            "#[a]",
            "use a::{",
            "#[cfg(all(",
            "a::",
            "mod a {",
            "::",
            "$",
            "'",
            "r#",
            "#!",
            "{)",
        ] {
            facts(&Uses, "src/main.rs", piece.repeat(50_000).as_bytes());
        }
        facts(
            &Uses,
            "src/main.rs",
            format!("{}{}", "(".repeat(50_000), "]".repeat(50_000)).as_bytes(),
        );
    }
}
