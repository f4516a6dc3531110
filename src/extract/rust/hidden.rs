//! Which public names does a crate hide from its documentation, and which macros does it export?

use std::collections::HashSet;

use syn::visit::{self, Visit};
use syn::{Attribute, Ident, Item, ItemMacro, UseTree, Visibility};

use super::syntax::Sink;
use crate::model::Key;

/// Tells hidden public items of a crate's root, and exported macros of any file.
pub(super) fn tell(file: &syn::File, sink: &mut Sink<'_, '_>) {
    if sink.path == "src/lib.rs" || sink.path.ends_with("/src/lib.rs") {
        items(&file.items, "", sink);
    }
    Macros { sink }.visit_file(file);
}

fn items(list: &[Item], prefix: &str, sink: &mut Sink<'_, '_>) {
    // A name can stand for several things (a type and a function, one for each platform): shown once, it is shown.
    let shown: HashSet<&Ident> = list
        .iter()
        .filter_map(public)
        .filter(|(attributes, _)| !is_hidden(attributes))
        .flat_map(|(_, names)| names)
        .collect();
    for item in list {
        let Some((attributes, names)) = public(item) else {
            continue;
        };
        if is_hidden(attributes) && !is_deprecated(attributes) {
            for name in names.into_iter().filter(|name| !shown.contains(name)) {
                let key = Key::new("hidden", format!("{prefix}{}", text(name)));
                sink.provides(key, name.span().byte_range());
            }
        }
        if let Item::Mod(module) = item
            && let Some((_, list)) = &module.content
        {
            items(list, &format!("{prefix}{}::", text(&module.ident)), sink);
        }
    }
}

/// The attributes and the names of an item that other crates see.
fn public(item: &Item) -> Option<(&[Attribute], Vec<&Ident>)> {
    let (visibility, attributes, names) = match item {
        Item::Const(item) => (&item.vis, &item.attrs, vec![&item.ident]),
        Item::Enum(item) => (&item.vis, &item.attrs, vec![&item.ident]),
        Item::ExternCrate(item) => {
            let name = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
            (&item.vis, &item.attrs, vec![name])
        }
        Item::Fn(item) => (&item.vis, &item.attrs, vec![&item.sig.ident]),
        Item::Mod(item) => (&item.vis, &item.attrs, vec![&item.ident]),
        Item::Static(item) => (&item.vis, &item.attrs, vec![&item.ident]),
        Item::Struct(item) => (&item.vis, &item.attrs, vec![&item.ident]),
        Item::Trait(item) => (&item.vis, &item.attrs, vec![&item.ident]),
        Item::TraitAlias(item) => (&item.vis, &item.attrs, vec![&item.ident]),
        Item::Type(item) => (&item.vis, &item.attrs, vec![&item.ident]),
        Item::Union(item) => (&item.vis, &item.attrs, vec![&item.ident]),
        Item::Use(item) => (&item.vis, &item.attrs, imported(&item.tree)),
        _ => return None,
    };
    matches!(visibility, Visibility::Public(_)).then_some((attributes, names))
}

/// The names that a `use` tree brings into scope, without those behind `*`.
fn imported(tree: &UseTree) -> Vec<&Ident> {
    let mut names = Vec::new();
    let mut rest = vec![(tree, None)];
    while let Some((tree, module)) = rest.pop() {
        match tree {
            UseTree::Path(path) => rest.push((&path.tree, Some(&path.ident))),
            UseTree::Name(leaf) if leaf.ident == "self" => names.extend(module),
            UseTree::Name(leaf) => names.push(&leaf.ident),
            UseTree::Rename(leaf) => names.push(&leaf.rename),
            UseTree::Glob(_) => {}
            UseTree::Group(group) => {
                rest.extend(group.items.iter().rev().map(|tree| (tree, module)));
            }
        }
    }
    names
}

struct Macros<'s, 'a, 'f> {
    sink: &'s mut Sink<'a, 'f>,
}

impl<'ast> Visit<'ast> for Macros<'_, '_, '_> {
    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        let is_exported = item
            .attrs
            .iter()
            .any(|attribute| attribute.path().is_ident("macro_export"));
        if let Some(name) = &item.ident
            && is_exported
        {
            let bytes = name.span().byte_range();
            self.sink
                .provides(Key::new("macro", text(name)), bytes.clone());
            if is_hidden(&item.attrs) && !is_deprecated(&item.attrs) {
                self.sink.provides(Key::new("hidden", text(name)), bytes);
            }
        }
        visit::visit_item_macro(self, item);
    }
}

/// Whether `#[doc(hidden)]` is among the attributes.
fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let mut hidden = false;
        if attribute.path().is_ident("doc") {
            // Any other form of the attribute hides nothing.
            let _ = attribute.parse_nested_meta(|meta| {
                hidden |= meta.path.is_ident("hidden");
                Ok(())
            });
        }
        hidden
    })
}

/// Whether an item was open once and only waits for its last users.
fn is_deprecated(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("deprecated"))
}

fn text(name: &Ident) -> String {
    let text = name.to_string();
    text.strip_prefix("r#").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::extract::rust::Syntax;
    use crate::extract::testing::lines;

    fn check(path: &str, expected: Expect) {
        let text = r#"
#[doc(hidden)] pub struct A;
#[doc(hidden)] struct Private;
#[doc(hidden)] pub mod b { #[doc(hidden)] pub fn c() {} pub fn open() {} }
pub mod d { #[doc(hidden)] pub use x::{e, self as f, g::{self, *}}; }
#[doc(hidden)] pub(crate) fn inner() {}
#[doc = "hidden"] pub fn shown() {}
#[macro_export] #[doc(hidden)] macro_rules! h { () => {} }
fn i() { #[macro_export] macro_rules! j { () => {} } macro_rules! k { () => {} } }
"#;
        expected.assert_eq(&lines(&Syntax, path, text));
    }

    #[test]
    fn hidden_items_of_the_root_are_told_by_their_path() {
        check(
            "cart/src/lib.rs",
            expect![[r#"
            here provides hidden:A  @ "A"
            here provides hidden:b  @ "b"
            here provides hidden:b::c  @ "c"
            here provides hidden:d::e  @ "e"
            here provides hidden:d::f  @ "f"
            here provides hidden:d::g  @ "g"
            here provides hidden:h  @ "h"
            here provides macro:h  @ "h"
            here provides macro:j  @ "j"
        "#]],
        );
    }

    #[test]
    fn what_is_deprecated_or_shown_under_the_same_name_is_not_told() {
        let text = r#"
#[doc(hidden)] #[deprecated] pub fn old() {}
#[doc(hidden)] #[cfg(unix)] pub fn both() {}
#[cfg(windows)] pub fn both() {}
#[doc(hidden)] #[deprecated] #[macro_export] macro_rules! m { () => {} }
"#;
        let told = lines(&Syntax, "src/lib.rs", text);
        assert!(!told.contains("hidden"), "{told}");
    }

    #[test]
    fn other_files_tell_their_exported_macros() {
        check(
            "cart/src/other.rs",
            expect![[r#"
            here provides hidden:h  @ "h"
            here provides macro:h  @ "h"
            here provides macro:j  @ "j"
        "#]],
        );
    }
}
