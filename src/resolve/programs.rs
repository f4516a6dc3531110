//! Which programs are what their component is for, rather than helpers beside a library?

use super::index::Index;
use crate::model::{Claim, Component, Fact, FileId, join, parent};

/// Whether the program that a fact tells makes its component one.
pub(super) fn is_what_it_is_for(fact: &Fact, component: &Component, index: &Index<'_>) -> bool {
    let path = &*index.files.path(fact.span.file).path;
    if path.ends_with(".go") {
        return is_go_program(path, component, index);
    }
    !has_library(component, index) || is_main_program(path, component)
}

/// In Go: a program at the root of the module, or one below `cmd` where the module has no package at its root,
/// or where it is called like the module; <https://go.dev/doc/modules/layout>.
///
/// What lies elsewhere is as often a generator or a script; the folder of such a program may still be judged by itself.
fn is_go_program(path: &str, component: &Component, index: &Index<'_>) -> bool {
    let root = component.root.as_ref();
    let Some(module) = root.and_then(|root| index.go_modules.at(root.repo, &root.path)) else {
        // A folder that somebody made a component.
        return true;
    };
    let below = parent(path).strip_prefix(module.folder).unwrap_or_default();
    match below.trim_start_matches('/') {
        "" => true,
        below => below
            .strip_prefix("cmd/")
            .is_some_and(|name| !module.has_package || name == component.name),
    }
}

/// The folder of a Go program below the root of its component: the packages in it are what the program is made of.
pub(super) fn folder_below<'a>(
    fact: &Fact,
    component: &Component,
    index: &Index<'a>,
) -> Option<&'a str> {
    let folder = index.folder(fact);
    let is_root = component
        .root
        .as_ref()
        .is_some_and(|root| &*root.path == folder);
    let is_go = index.files.path(fact.span.file).path.ends_with(".go");
    (is_go && !is_root).then_some(folder)
}

/// Whether a file offers a name.
fn offers(file: FileId, namespace: &str, name: &str, index: &Index<'_>) -> bool {
    index.facts_of_file(file).iter().any(|fact| {
        matches!(&fact.claim, Claim::Provides { key, .. }
            if key.namespace.0 == namespace && key.name.as_text() == Some(name))
    })
}

/// Whether a package has a library beside its programs.
fn has_library(component: &Component, index: &Index<'_>) -> bool {
    let Some(root) = &component.root else {
        return false;
    };
    // What Python can install can be imported; `[lib]` may put a library anywhere.
    let declared = component.declared_in.is_some_and(|manifest| {
        index.offered(manifest, "pypi").is_some() || offers(manifest, "trait", "library", index)
    });
    let of_dart = format!("lib/{}.dart", component.name);
    declared
        || ["src/lib.rs", &of_dart].iter().any(|library| {
            let path = join(&root.path, library);
            path.is_some_and(|path| index.files.find(root.repo, &path).is_some())
        })
}

/// Whether a program is what its package is for, rather than a helper beside a library.
fn is_main_program(path: &str, component: &Component) -> bool {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let name = match file {
        "main.rs" if !folder.contains("src/bin/") => return true,
        "main.dart" => return true,
        "main.rs" => folder.rsplit('/').next().unwrap_or_default(),
        // `acme/cart/__main__.py` is the program of `acme-cart`.
        "__main__.py" => {
            let own = format!("-{}", component.name.replace(['_', '.'], "-"));
            let package = format!("-{}", folder.replace(['_', '/'], "-"));
            return package.to_lowercase().ends_with(&own.to_lowercase());
        }
        // Programs that a manifest declares, or that a framework runs.
        "pyproject.toml" | "setup.cfg" | "setup.py" | "manage.py" => return true,
        file => file.rsplit_once('.').map_or(file, |(stem, _)| stem),
    };
    name.replace('_', "-") == component.name.replace('_', "-")
}
