//! Finds the component that a package requirement means.
//!
//! A place (`path:`, `git:`) is exact.
//! A registry name goes to the nearest component that offers it: the same component, workspace, repository, run; a tie is ambiguous.

use super::go_modules::{Module, Place};
use super::index::{Index, place_path};
use super::npm;
use super::units::Units;
use crate::model::{ComponentId, Context, Fact, FileId, Key, Offer, within};

/// What a package requirement means.
#[derive(Clone, Debug)]
pub(super) enum Package<'a> {
    Found(ComponentId, &'a Fact),
    /// A released version of what lies in the same repository: which state of it, the tree does not tell.
    Released(ComponentId, &'a Fact),
    /// Published by somebody outside of the run.
    External,
    Ambiguous(Vec<ComponentId>),
    /// A place in the tree that has no such package.
    Missing,
}

/// Finds the component that offers a folded package key to a file.
pub(super) fn find<'a>(key: &Key, file: FileId, index: &Index<'a>, units: &Units) -> Package<'a> {
    if key.namespace.0 == "npm" {
        return npm::find(key, file, index, units);
    }
    let (Some(at), Some(name)) = (key.at.as_text(), key.name.as_text()) else {
        return Package::External;
    };
    if key.namespace.0 == "gomod" {
        return go_module(at, name, file, index, units);
    }
    let repo = index.files.path(file).repo;
    let own = units.enclosing(repo, index.files.path(file).parent());
    let offers = || {
        index
            .provides(key.namespace.0, name)
            .filter(|(_, _, how)| *how == Offer::Implements)
    };
    if at.starts_with("path:") {
        let wanted = place_path(at);
        let found = offers().find(|(fact, offered, _)| {
            index.repo(fact) == repo
                && match (offered.at.as_text().and_then(place_path), &wanted) {
                    (Some(offered), Some(wanted)) => is_place(key, &offered, wanted),
                    _ => false,
                }
        });
        return match found {
            Some((fact, offered, _)) => {
                let folder = offered.at.as_text().and_then(place_path);
                let folder = folder.unwrap_or_default();
                Package::Found(units.enclosing(repo, &folder), fact)
            }
            None => Package::Missing,
        };
    }
    if at.starts_with("outside:") {
        return Package::Missing;
    }
    // A manifest that asks Cargo's or NuGet's registry or a git server means a released version: never the neighbour in its own tree.
    let released = matches!(key.namespace.0, "cargo" | "dotnet");
    let mut nearest: Option<(u8, Vec<(ComponentId, &'a Fact)>)> = None;
    for (fact, offered, _) in offers() {
        let there = index.repo(fact);
        let same_place = offered.at == key.at || !released;
        // What a test or an example makes up is published by nobody; the projects of one Gradle build need no publishing,
        // and a gemspec says what is published, be it called `sample`: those of tests are not read.
        let context = |file: FileId| index.files.row(file).class.context;
        let made_up = context(fact.span.file) > context(file).max(Context::Build)
            && key.namespace.0 != "gem"
            && !key.namespace.0.starts_with("gradle");
        if !same_place || made_up || (released && there == repo) {
            continue;
        }
        // One file may build several folders.
        let folder = offered.at.as_text().and_then(place_path);
        let folder = folder.as_deref().unwrap_or(index.folder(fact));
        let component = units.enclosing(there, folder);
        let distance = if component == own {
            0
        } else if there != repo {
            3
        } else if index.workspace(fact.span.file) == index.workspace(file) {
            1
        } else {
            2
        };
        match &mut nearest {
            Some((best, list)) if *best == distance => {
                if !list.iter().any(|(other, _)| *other == component) {
                    list.push((component, fact));
                }
            }
            Some((best, _)) if *best < distance => {}
            _ => nearest = Some((distance, vec![(component, fact)])),
        }
    }
    match nearest {
        None => Package::External,
        Some((_, list)) => match list.as_slice() {
            [(component, fact)] => Package::Found(*component, fact),
            several => Package::Ambiguous(several.iter().map(|(id, _)| *id).collect()),
        },
    }
}

/// The component of the Go module that a `go.mod` requires.
fn go_module<'a>(
    at: &str,
    name: &str,
    file: FileId,
    index: &Index<'a>,
    units: &Units,
) -> Package<'a> {
    let asking = index.files.path(file);
    let (repo, modules) = (asking.repo, &index.go_modules);
    let found = |module: &Module<'a>| {
        let component = units.enclosing(module.repo, module.folder);
        (component, module.provider)
    };
    let meaning = modules
        .at(repo, asking.parent())
        .and_then(|module| module.meaning(name));
    // A workspace may say more than the `go.mod` itself.
    let place = match (place_path(at), meaning) {
        (_, Some(meaning)) => meaning.place.clone(),
        (Some(folder), None) => Place::Folder(folder),
        (None, None) => Place::Released,
    };
    match place {
        Place::Folder(folder) => match modules.at(repo, &folder).map(found) {
            Some((component, provider)) => Package::Found(component, provider),
            None => Package::Missing,
        },
        Place::Elsewhere if at.starts_with("outside:") => Package::Missing,
        Place::Elsewhere => Package::External,
        Place::Released => {
            let named = modules.named(name);
            let near: Vec<_> = named.iter().filter(|module| module.repo == repo).collect();
            match (near.as_slice(), named.as_slice()) {
                ([], []) => Package::External,
                ([module], _) => {
                    let (component, provider) = found(module);
                    Package::Released(component, provider)
                }
                ([], [module]) => {
                    let (component, provider) = found(module);
                    Package::Found(component, provider)
                }
                ([], several) => {
                    Package::Ambiguous(several.iter().map(|module| found(module).0).collect())
                }
                (several, _) => {
                    Package::Ambiguous(several.iter().map(|module| found(module).0).collect())
                }
            }
        }
    }
}

/// Whether a package is where a manifest looks for it; Bundler looks up to two folders deeper, for the name.
fn is_place(key: &Key, offered: &str, wanted: &str) -> bool {
    let is_below = || {
        let named = key.namespace.0 == "gem" && !key.name.is_empty();
        let below = offered[wanted.len()..].trim_start_matches('/');
        named && below.split('/').count() <= 2
    };
    offered == wanted || (within(offered, wanted) && is_below())
}
