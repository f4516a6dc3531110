//! Which files does a Rust file borrow: `include!`, `include_str!`, `include_bytes!`, `#[path]`?

use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Expr, ExprLit, ItemMod, Lit, Macro, Meta};

use super::modules;
use super::syntax::Sink;
use crate::model::{Context, DependencyKind, Key, Part, Template, join, parent, within};

/// Tells the files that a file borrows from outside of its folder.
pub(super) fn tell(file: &syn::File, sink: &mut Sink<'_, '_>) {
    let mut visitor = Visitor {
        sink,
        inline: Vec::new(),
    };
    visitor.visit_file(file);
}

struct Visitor<'s, 'a, 'f> {
    sink: &'s mut Sink<'a, 'f>,
    /// The inline modules around.
    inline: Vec<String>,
}

impl<'ast> Visit<'ast> for Visitor<'_, '_, '_> {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let name = item.ident.to_string();
        if item.content.is_some() {
            self.inline.push(name.trim_start_matches("r#").to_owned());
            visit::visit_item_mod(self, item);
            self.inline.pop();
            return;
        }
        for attribute in &item.attrs {
            if let Meta::NameValue(meta) = &attribute.meta
                && meta.path.is_ident("path")
                && let Expr::Lit(ExprLit {
                    lit: Lit::Str(value),
                    ..
                }) = &meta.value
            {
                let raw = value.value();
                let inline: Vec<&str> = self.inline.iter().map(String::as_str).collect();
                let file = modules::redirected(self.sink.path, &inline, &raw);
                self.borrow(file, &raw, value.span().byte_range());
            }
        }
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let Some(last) = call.path.segments.last() else {
            return;
        };
        if is_include(&last.ident) {
            let start = last.ident.span().byte_range().start;
            let end = call.delimiter.span().close().byte_range().end;
            self.include(&call.tokens, start..end);
        } else {
            self.tokens(call.tokens.clone());
        }
    }
}

impl Visitor<'_, '_, '_> {
    /// Finds inclusions among the tokens of another macro.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut trees = tokens.into_iter().peekable();
        let mut include: Option<(usize, bool)> = None;
        for tree in trees.by_ref() {
            match (&tree, include) {
                (TokenTree::Ident(name), _) if is_include(name) => {
                    include = Some((name.span().byte_range().start, false));
                }
                (TokenTree::Punct(bang), Some((start, false))) if bang.as_char() == '!' => {
                    include = Some((start, true));
                }
                (TokenTree::Group(group), Some((start, true))) => {
                    self.include(&group.stream(), start..group.span().byte_range().end);
                    include = None;
                }
                (TokenTree::Group(group), _) => {
                    self.tokens(group.stream());
                    include = None;
                }
                _ => include = None,
            }
        }
    }

    fn include(&mut self, argument: &TokenStream, bytes: Range<usize>) {
        let Some(value) = value(argument) else {
            return;
        };
        if let Some(raw) = value.as_text() {
            let file = join(parent(self.sink.path), &raw.replace('\\', "/"));
            let raw = raw.to_owned();
            self.borrow(file, &raw, bytes);
            return;
        }
        let name = match value.0.first() {
            Some(Part::Text(text)) if text.starts_with("..") => {
                let mut name = Template::text(parent(self.sink.path));
                name.push(Part::Text("/".into()));
                name.extend(&value);
                name
            }
            Some(Part::Ref(_)) => value,
            _ => return,
        };
        let end = match name.0.last() {
            Some(Part::Text(text)) => text.to_string(),
            _ => String::new(),
        };
        let (kind, context) = nature(&end);
        self.sink
            .borrows(Key::new("file", name), kind, context, bytes);
    }

    /// `file` is `None` when it lies outside of the repository.
    fn borrow(&mut self, file: Option<String>, raw: &str, bytes: Range<usize>) {
        let (kind, context) = nature(raw);
        let name = match file {
            Some(file) if within(&file, parent(self.sink.path)) => return,
            Some(file) => file,
            None => format!("outside:{raw}"),
        };
        self.sink
            .borrows(Key::new("file", name), kind, context, bytes);
    }
}

fn is_include(name: &proc_macro2::Ident) -> bool {
    ["include", "include_bytes", "include_str"]
        .iter()
        .any(|macro_name| name == macro_name)
}

/// The path that an argument makes; `None` when a macro fills it in or the build makes the file.
fn value(argument: &TokenStream) -> Option<Template> {
    let mut value = Template::default();
    let mut trees = argument.clone().into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Literal(literal) => match Lit::new(literal) {
                Lit::Str(text) => value.push(Part::Text(text.value().into())),
                _ => value.push(Part::Hole),
            },
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                value.extend(&self::value(&group.stream())?);
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => {}
            TokenTree::Ident(name) => {
                let bang = trees.next();
                let Some(TokenTree::Punct(bang)) = bang else {
                    return None;
                };
                match (bang.as_char(), trees.next()) {
                    ('!', Some(TokenTree::Group(group))) => {
                        value.extend(&call(&name.to_string(), &group.stream())?);
                    }
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
    (!value.is_empty()).then_some(value)
}

/// The value of a macro call in a path.
fn call(name: &str, argument: &TokenStream) -> Option<Template> {
    match name {
        "concat" => value(argument),
        "env" => match argument.clone().into_iter().next() {
            Some(TokenTree::Literal(literal)) => match Lit::new(literal) {
                Lit::Str(variable) if variable.value() == "OUT_DIR" => None,
                Lit::Str(variable) => Some(Key::new("cargo-env", variable.value()).into()),
                _ => None,
            },
            _ => None,
        },
        _ => Some(Template(vec![Part::Hole])),
    }
}

/// What borrowing a file means: contracts may be shared, prose is for people.
fn nature(path: &str) -> (DependencyKind, Context) {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = name.to_lowercase();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    let is_contract = match extension {
        "proto" | "thrift" | "avsc" | "graphql" | "graphqls" | "smithy" | "wsdl" => true,
        "json" | "yaml" | "yml" => stem.starts_with("openapi"),
        _ => false,
    };
    let is_prose = matches!(extension, "md" | "txt")
        || ["license", "licence", "notice", "readme"]
            .iter()
            .any(|prose| stem.starts_with(prose));
    let kind = if is_contract {
        DependencyKind::LinkContract
    } else {
        DependencyKind::LinkSplice
    };
    let context = if is_prose {
        Context::Development
    } else {
        Context::Production
    };
    (kind, context)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::extract::rust::Syntax;
    use crate::extract::testing::lines;

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Syntax, "cart/src/lib.rs", text));
    }

    #[test]
    fn files_from_outside_the_folder_are_borrowed() {
        check(
            r#"#!/usr/bin/env run
#![doc = include_str!("../README.md")]
include!("../../ledger/src/entry.rs");
const A: &str = std::include_str!("../../api/openapi.yaml");
const B: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../ledger/key.pem"));
fn f() { println!("{}", include_str!("../sql/a.sql")); m! { x => [include_bytes!("../../../etc/b")] } }
#[cfg(test)] mod t { const C: &str = include_str!("../../ledger/t.json"); }
"#,
            expect![[r#"
                here requires file:${cargo-env:CARGO_MANIFEST_DIR}/../ledger/key.pem [link.splice]  @ "include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/../ledger/key.pem\"))"
                here requires file:api/openapi.yaml [link.contract]  @ "include_str!(\"../../api/openapi.yaml\")"
                here requires file:cart/README.md [link.splice] [development]  @ "include_str!(\"../README.md\")"
                here requires file:cart/sql/a.sql [link.splice]  @ "include_str!(\"../sql/a.sql\")"
                here requires file:ledger/src/entry.rs [link.splice]  @ "include!(\"../../ledger/src/entry.rs\")"
                here requires file:ledger/t.json [link.splice] [test]  @ "include_str!(\"../../ledger/t.json\")"
                here requires file:outside:../../../etc/b [link.splice]  @ "include_bytes!(\"../../../etc/b\")"
            "#]],
        );
    }

    #[test]
    fn own_made_and_unknown_files_are_not() {
        check(
            r#"
include!("own.rs");
include_str!("sub/../own.sql");
include!(concat!(env!("OUT_DIR"), "/made.rs"));
macro_rules! m { ($x:expr) => { include_str!($x); include_str!(concat!("../", $x)) } }
fn include() { include(1) }
"#,
            expect![[""]],
        );
    }

    #[test]
    fn modules_from_outside_the_folder_are_borrowed() {
        check(
            r#"
#[path = "../../ledger/src/entry.rs"] mod a;
#[path = "own/b.rs"] mod b;
mod c { #[cfg(test)] #[path = "../../../tests/d.rs"] mod d; #[path = "../e.rs"] mod e; }
#[path = "/abs/f.rs"] mod f;
"#,
            expect![[r#"
                here requires file:ledger/src/entry.rs [link.splice]  @ "\"../../ledger/src/entry.rs\""
                here requires file:outside:/abs/f.rs [link.splice]  @ "\"/abs/f.rs\""
                here requires file:tests/d.rs [link.splice] [test]  @ "\"../../../tests/d.rs\""
            "#]],
        );
    }
}
