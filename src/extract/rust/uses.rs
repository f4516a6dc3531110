//! Which crates does a Rust file name, and what of them?
//!
//! It reads tokens, not syntax: so it works on every file, also inside macros, and on files that do not compile.
//! A first path segment need not be a crate; only those count in the end that the package's manifest binds.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ra_ap_rustc_lexer::TokenKind;

use super::imports;
use super::modules;
use super::regions::TestCode;
use super::tokens::{Tokens, readable};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Claim, Context, DependencyKind, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile,
    Subject, parent,
};

/// Reads the names of crates.
#[derive(Debug)]
pub(in crate::extract) struct Uses;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rust/uses"),
    summary: "Names of other crates in Rust code",
    globs: &["**/*.rs"],
    markers: &[],
    language: Language::Rust,
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
        let walk = Walk::new(&file.path.path, &tokens);
        walk.tell_modules(facts);
        walk.tell_entry(facts);
        walk.tell_names(&file.path.path, facts);
    }
}

/// A path's start, in the order of the file.
#[derive(Debug)]
struct Hit<'t> {
    root: &'t str,
    second: &'t str,
    test: bool,
    /// Whether a name in scope would be meant instead of the crate.
    shadowable: bool,
    bytes: Range<usize>,
}

/// Everything of interest in one file.
#[derive(Debug, Default)]
struct Walk<'t> {
    hits: Vec<Hit<'t>>,
    /// Names that mean something else than the crate.
    shadows: BTreeSet<&'t str>,
    /// Modules in other files that tests alone have, without extension.
    test_modules: Vec<(String, Range<usize>)>,
    entry: Option<Range<usize>>,
}

impl<'t> Walk<'t> {
    fn new(path: &str, tokens: &Tokens<'t>) -> Self {
        let mut walk = Self::default();
        let test = TestCode::new(tokens);
        let is_entry_file = is_entry_file(path);
        let mut inline: Vec<(&str, usize)> = Vec::new();
        let mut depth = 0_usize;
        let mut attribute_end = 0;
        let mut at = 0;
        while let Some(kind) = tokens.kind(at) {
            while inline.last().is_some_and(|(_, end)| *end <= at) {
                inline.pop();
            }
            match kind {
                TokenKind::OpenBrace => depth += 1,
                TokenKind::CloseBrace => depth = depth.saturating_sub(1),
                TokenKind::Pound => {
                    let inner = tokens.is(at + 1, TokenKind::Bang);
                    let open = at + 1 + usize::from(inner);
                    if tokens.is(open, TokenKind::OpenBracket) {
                        attribute_end = tokens.mate(open);
                        if inner && is_entry_file && tokens.is_word(open + 1, "no_main") {
                            walk.entry.get_or_insert(tokens.bytes(open + 1));
                        }
                    }
                }
                TokenKind::Ident if tokens.is_word(at, "use") => {
                    if !tokens.is(at + 1, TokenKind::Lt) {
                        at = walk.import(tokens, at + 1, test.holds(at));
                        continue;
                    }
                }
                TokenKind::Ident if tokens.is_word(at, "extern") => {
                    walk.extern_crate(tokens, at, test.holds(at));
                }
                TokenKind::Ident if tokens.is_word(at, "mod") => {
                    let name = tokens.ident(at + 1);
                    if !name.is_empty() {
                        walk.shadows.insert(name);
                        if tokens.is(at + 2, TokenKind::OpenBrace) {
                            inline.push((name, tokens.mate(at + 2)));
                        } else if tokens.is(at + 2, TokenKind::Semi) && test.holds(at) {
                            let inline: Vec<&str> = inline.iter().map(|(name, _)| *name).collect();
                            walk.test_module(path, tokens, at, &inline);
                        }
                    }
                }
                TokenKind::Ident if tokens.is_word(at, "fn") => {
                    let is_main = depth == 0 && tokens.is_word(at + 1, "main");
                    if is_entry_file && is_main && !test.holds(at) {
                        walk.entry.get_or_insert(tokens.bytes(at + 1));
                    }
                }
                TokenKind::Ident | TokenKind::RawIdent => {
                    walk.path(tokens, at, test.holds(at), at < attribute_end);
                }
                _ => {}
            }
            at += 1;
        }
        walk
    }

    fn import(&mut self, tokens: &Tokens<'t>, at: usize, test: bool) -> usize {
        let (imports, next) = imports::read(tokens, at);
        for import in imports {
            self.shadows.extend(import.name);
            if can_be_crate(import.root) {
                self.hits.push(Hit {
                    root: import.root,
                    second: import.second,
                    test,
                    shadowable: false,
                    bytes: import.bytes,
                });
            }
        }
        next
    }

    fn extern_crate(&mut self, tokens: &Tokens<'t>, at: usize, test: bool) {
        let root = tokens.ident(at + 2);
        if !tokens.is_word(at + 1, "crate") || !can_be_crate(root) {
            return;
        }
        if tokens.is_word(at + 3, "as") {
            self.shadows.insert(tokens.ident(at + 4));
        }
        self.hits.push(Hit {
            root,
            second: "",
            test,
            shadowable: false,
            bytes: tokens.bytes(at + 2),
        });
    }

    fn path(&mut self, tokens: &Tokens<'t>, at: usize, test: bool, in_attribute: bool) {
        let (root, second) = (tokens.ident(at), tokens.ident(at + 3));
        if second.is_empty() || !tokens.is_path_separator(at + 1) || !can_be_crate(root) {
            return;
        }
        if tokens.is(at, TokenKind::Ident) && KEYWORDS.contains(&root)
            || in_attribute && TOOLS.contains(&root)
        {
            return;
        }
        let shadowable = match beginning(tokens, at) {
            Beginning::Relative => true,
            Beginning::Global => false,
            Beginning::No => return,
        };
        self.hits.push(Hit {
            root,
            second,
            test,
            shadowable,
            bytes: tokens.bytes(at).start..tokens.bytes(at + 3).end,
        });
    }

    fn test_module(&mut self, path: &str, tokens: &Tokens<'t>, at: usize, inline: &[&str]) {
        let stem = match redirection(tokens, at) {
            Some(relative) => modules::redirected(path, inline, relative)
                .map(|file| file.strip_suffix(".rs").unwrap_or(&file).to_owned()),
            None => Some(modules::stem(path, inline, tokens.ident(at + 1))),
        };
        let bytes = tokens.bytes(at + 1);
        self.test_modules.extend(stem.map(|stem| (stem, bytes)));
    }

    fn tell_modules(&self, facts: &mut Facts<'_>) {
        for (stem, bytes) in &self.test_modules {
            let claim = Claim::Provides {
                key: Key::new("trait", "test-only"),
                how: Offer::Implements,
            };
            let subject = Subject::Named(Key::new("module", stem.as_str()));
            facts.push(subject, claim, bytes.clone());
        }
    }

    fn tell_entry(&self, facts: &mut Facts<'_>) {
        let is_production = !matches!(facts.context(), Context::Test | Context::Development);
        if let Some(bytes) = &self.entry
            && is_production
        {
            let key = Key::new("trait", "entry-point");
            facts.provides(key, Offer::Implements, bytes.clone());
        }
    }

    fn tell_names(&self, path: &str, facts: &mut Facts<'_>) {
        let context = if is_build_script(path) {
            Context::Build
        } else {
            Context::Production
        };
        let mut names: BTreeMap<(&str, &str, Context), (u32, Range<usize>)> = BTreeMap::new();
        for hit in &self.hits {
            if hit.shadowable && self.shadows.contains(hit.root) {
                continue;
            }
            let context = if hit.test { Context::Test } else { context };
            let key = (hit.root, hit.second, context);
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
        for ((root, second, context), (count, bytes)) in names {
            let name = match second {
                "" => root.to_owned(),
                _ => format!("{root}::{second}"),
            };
            let key = Key::new("crate", name);
            let fact = facts.requires(key, DependencyKind::LinkImpl, count, bytes);
            fact.context = fact.context.join(context);
        }
    }
}

/// How a path that could start at a token stands to what is before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beginning {
    Relative,
    /// `::name`
    Global,
    /// It is the middle of a path, a method or a macro's fragment.
    No,
}

fn beginning(tokens: &Tokens<'_>, at: usize) -> Beginning {
    let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.kind(at));
    match before(1) {
        Some(TokenKind::Dollar) => Beginning::No,
        // `..name::f()` is a range or a base of a struct.
        Some(TokenKind::Dot) if before(2) != Some(TokenKind::Dot) => Beginning::No,
        Some(TokenKind::Colon) if tokens.is_path_separator(at.saturating_sub(2)) => {
            let word = at.checked_sub(3).map_or("", |at| tokens.ident(at));
            match before(3) {
                Some(TokenKind::Ident) if TYPE_KEYWORDS.contains(&word) => Beginning::Global,
                Some(TokenKind::Gt) => match before(4) {
                    Some(TokenKind::Minus | TokenKind::Eq) => Beginning::Global,
                    _ => Beginning::No,
                },
                Some(
                    TokenKind::Ident
                    | TokenKind::RawIdent
                    | TokenKind::CloseParen
                    | TokenKind::CloseBracket
                    | TokenKind::Dollar
                    | TokenKind::Colon,
                ) => {
                    // `name: ::other::Name`
                    if before(3) == Some(TokenKind::Colon) && before(4) != Some(TokenKind::Colon) {
                        Beginning::Global
                    } else {
                        Beginning::No
                    }
                }
                _ => Beginning::Global,
            }
        }
        _ => Beginning::Relative,
    }
}

/// The value of a `#[path = "…"]` among the attributes before a `mod`.
fn redirection<'t>(tokens: &Tokens<'t>, at: usize) -> Option<&'t str> {
    let mut at = at;
    // Visibility stands between.
    while let Some(before) = at.checked_sub(1) {
        if tokens.is(before, TokenKind::CloseBracket) {
            let open = tokens.mate(before);
            if tokens.is_word(open + 1, "path") && tokens.is(open + 2, TokenKind::Eq) {
                return tokens.string(open + 3);
            }
            at = open.checked_sub(1)?;
        } else if tokens.is(before, TokenKind::CloseParen) {
            at = tokens.mate(before);
        } else if tokens.is_word(before, "pub") {
            at = before;
        } else {
            return None;
        }
    }
    None
}

/// Whether the first segment of a path can be a crate that a manifest names.
fn can_be_crate(name: &str) -> bool {
    name.starts_with(|c: char| c == '_' || c.is_lowercase())
        && name != "_"
        && !OWN.contains(&name)
        && !PRIMITIVE.contains(&name)
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

/// What is there without a manifest, and words for places in the own crate.
const OWN: &[&str] = &[
    "alloc",
    "core",
    "crate",
    "proc_macro",
    "self",
    "std",
    "super",
    "test",
];

/// <https://doc.rust-lang.org/reference/types.html>
const PRIMITIVE: &[&str] = &[
    "array", "bool", "char", "f128", "f16", "f32", "f64", "i128", "i16", "i32", "i64", "i8",
    "isize", "never", "pointer", "slice", "str", "u128", "u16", "u32", "u64", "u8", "usize",
];

/// Tools whose names start paths in attributes: <https://doc.rust-lang.org/reference/attributes.html>
const TOOLS: &[&str] = &[
    "clippy",
    "diagnostic",
    "miri",
    "rust_analyzer",
    "rustc",
    "rustdoc",
    "rustfmt",
];

/// Keywords after which a path starts anew.
const TYPE_KEYWORDS: &[&str] = &[
    "as", "await", "break", "const", "dyn", "else", "for", "if", "impl", "in", "let", "match",
    "move", "mut", "ref", "return", "static", "unsafe", "where", "while", "yield",
];

/// <https://doc.rust-lang.org/reference/keywords.html>
const KEYWORDS: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "dyn", "else", "enum", "extern", "false",
    "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref",
    "return", "static", "struct", "trait", "true", "type", "unsafe", "use", "where", "while",
];

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Uses, path, text));
    }

    /// The names alone.
    fn names(text: &str) -> Vec<String> {
        let facts = facts(&Uses, "src/lib.rs", text.as_bytes());
        facts.facts.iter().map(ToString::to_string).collect()
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
        assert_eq!((facts.facts.len(), facts.problems.len()), (1, 1));
        assert_eq!(facts.info.parsed, Parsed::Partly);
    }

    #[test]
    fn names_are_bounded() {
        let text: String = (0..NAMES + 10).map(|n| format!("use a::b{n};")).collect();
        let facts = facts(&Uses, "src/lib.rs", text.as_bytes());
        assert_eq!((facts.facts.len(), facts.problems.len()), (NAMES, 1));
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
