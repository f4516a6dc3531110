//! Contracts of the run: which documents describe the same interface, who serves it, and how copies differ.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::contexts::Contexts;
use super::index::{Index, place_path};
use super::units::Units;
use crate::model::{
    Certainty, Claim, Component, ComponentId, ComponentKind, Context, Contract, FileId, Format,
    Hop, HopKind, Interface, Offer, Provider, RepoId, Span, Subject,
};

/// Folder and file names that say what something is, never whose it is.
const GENERIC: &[&str] = &[
    "api",
    "apis",
    "app",
    "apps",
    "asyncapi",
    "base",
    "common",
    "config",
    "contract",
    "contracts",
    "core",
    "definitions",
    "docs",
    "event",
    "events",
    "grpc",
    "idl",
    "index",
    "internal",
    "java",
    "lib",
    "libs",
    "main",
    "model",
    "models",
    "openapi",
    "pkg",
    "proto",
    "protobuf",
    "protobufs",
    "protos",
    "public",
    "resources",
    "rpc",
    "schema",
    "schemas",
    "server",
    "service",
    "services",
    "shared",
    "spec",
    "specs",
    "src",
    "static",
    "swagger",
    "test",
    "types",
    "util",
    "utils",
    "web",
];

/// Word endings that two names of one thing may differ in.
const ENDINGS: &[&str] = &["-api", "-app", "-backend", "-server", "-service", "-svc"];

/// What the run says of its contracts, in the order of the files.
pub(super) fn resolve(
    index: &Index<'_>,
    component_of: &[ComponentId],
    contexts: &Contexts,
    units: &Units,
    served: &BTreeMap<FileId, Provider>,
    links: &BTreeSet<(ComponentId, ComponentId)>,
) -> Vec<Contract> {
    let implementers = implementers(index, component_of);
    let named = Named::new(&units.components);
    let mut contracts: Vec<Contract> = Vec::new();
    let mut documents: Vec<Document<'_>> = Vec::new();
    for fact in index.facts {
        let (Claim::Interface(interface), Subject::Named(_)) = (&fact.claim, &fact.subject) else {
            continue;
        };
        let file = fact.span.file;
        let row = index.files.row(file);
        if contexts.file(file) != Context::Production || row.class.vendored {
            continue;
        }
        let component = component_of[file.0 as usize];
        let provider = implementers
            .get(&(row.path.repo, &*row.path.path))
            .or_else(|| served.get(&file).filter(|_| has_operations(interface)))
            .cloned()
            .or_else(|| serving(interface, &row.path.path, component, &named, units));
        documents.push((contracts.len(), interface));
        contracts.push(Contract {
            at: fact.span,
            document: Some(file),
            component,
            name: name(interface, &row.path.path),
            provider,
            copy_of: None,
            differences: Vec::new(),
        });
    }
    copies(index, units, &documents, &mut contracts);
    contracts.extend(packages(units, links));
    contracts
}

/// The documents that a component says it serves, by path.
fn implementers<'a>(
    index: &'a Index<'_>,
    component_of: &[ComponentId],
) -> HashMap<(RepoId, &'a str), Provider> {
    let mut found = HashMap::new();
    let mut paths: Vec<(RepoId, String, Provider)> = Vec::new();
    for fact in index.facts {
        let Claim::Provides {
            key,
            how: Offer::Implements,
        } = &fact.claim
        else {
            continue;
        };
        if key.namespace.0 != "contract" {
            continue;
        }
        let Some(path) = key.at.as_text().and_then(place_path) else {
            continue;
        };
        let provider = Provider {
            component: component_of[fact.span.file.0 as usize],
            certainty: Certainty::Declared,
            why: vec![Hop {
                span: fact.span,
                what: HopKind::Provide,
                name: path.clone(),
            }],
        };
        paths.push((index.repo(fact), path, provider));
    }
    for (repo, path, provider) in paths {
        if let Some(file) = index.files.find(repo, &path) {
            found
                .entry((repo, &*index.files.path(file).path))
                .or_insert(provider);
        }
    }
    found
}

/// Components by the names that they go by.
struct Named(BTreeMap<(RepoId, String), Vec<ComponentId>>);

impl Named {
    fn new(components: &[Component]) -> Self {
        let mut named: BTreeMap<_, Vec<ComponentId>> = BTreeMap::new();
        for (number, component) in components.iter().enumerate() {
            let Some(root) = component.root.as_ref().filter(|_| may_serve(component)) else {
                continue;
            };
            let names: BTreeSet<String> = [root.file_name(), &component.name]
                .into_iter()
                .map(plain)
                .filter(|name| !is_generic(name))
                .collect();
            for name in names {
                let list = named.entry((root.repo, name)).or_default();
                list.push(ComponentId(number as u32));
            }
        }
        Self(named)
    }

    /// The only component of a repository that goes by a name.
    fn only(&self, repo: RepoId, name: &str) -> Option<ComponentId> {
        match self.0.get(&(repo, plain(name)))?.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }
}

fn may_serve(component: &Component) -> bool {
    matches!(
        component.kind,
        ComponentKind::Service | ComponentKind::Job | ComponentKind::Tool | ComponentKind::Library
    )
}

/// A name in lower case, its words joined by `-`, without what says only that it runs.
fn plain(name: &str) -> String {
    let name = name.replace(['_', '.', ' '], "-").to_lowercase();
    let ending = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
    ending
        .filter(|stem| !stem.is_empty())
        .unwrap_or(&name)
        .to_owned()
}

fn is_generic(name: &str) -> bool {
    let version = name.strip_prefix('v').unwrap_or(name);
    GENERIC.binary_search(&name).is_ok()
        || version
            .chars()
            .all(|one| one.is_ascii_digit() || one == '-')
        || name.len() < 3
}

/// Who serves what a document describes, when its place or its title names exactly one component.
///
/// A document inside of a component that runs is that component's own, or a copy that it keeps: its place tells nothing more.
fn serving(
    interface: &Interface,
    path: &str,
    component: ComponentId,
    named: &Named,
    units: &Units,
) -> Option<Provider> {
    if !has_operations(interface) {
        return None;
    }
    let around = &units.components[component.0 as usize];
    let inferred = |component| Provider {
        component,
        certainty: Certainty::Inferred,
        why: Vec::new(),
    };
    let repo = around.root.as_ref()?.repo;
    let stem = path.rsplit('/').next()?.split('.').next()?;
    let folders = path.rsplit('/').skip(1);
    let title = interface.title.as_text().unwrap_or_default();
    let names = std::iter::once(stem)
        .chain(folders)
        .chain([title])
        .filter(|name| !is_generic(&plain(name)));
    let candidates: BTreeSet<ComponentId> =
        names.filter_map(|name| named.only(repo, name)).collect();
    if may_serve(around) {
        // Only what is named after the component around it is its own.
        return (candidates.len() == 1 && candidates.contains(&component))
            .then(|| inferred(component));
    }
    let mut candidates = candidates.into_iter();
    let only = candidates.next()?;
    candidates.next().is_none().then(|| inferred(only))
}

/// Whether a contract has something that one calls or listens to, rather than types alone.
fn has_operations(interface: &Interface) -> bool {
    match interface.format {
        Format::Protobuf => interface
            .items
            .iter()
            .any(|item| item.path.starts_with("service ")),
        Format::OpenApi | Format::AsyncApi => operations(interface).next().is_some(),
        _ => false,
    }
}

/// The elements that a document of HTTP or event interfaces is known by.
fn operations(interface: &Interface) -> impl Iterator<Item = &str> {
    interface
        .items
        .iter()
        .map(|item| &*item.path)
        .filter(|path| !path.starts_with("schema ") && !path.starts_with("message "))
}

/// What people call a contract.
fn name(interface: &Interface, path: &str) -> String {
    let title = interface.title.as_text().unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or(path);
    if title.is_empty() {
        file.to_owned()
    } else {
        title.to_owned()
    }
}

/// A document of the list of contracts.
type Document<'a> = (usize, &'a Interface);

/// What documents that describe the same interface have in common.
type Identity = (RepoId, Format, String);

/// Finds documents that describe the same interface in several components, and what differs between them.
fn copies(
    index: &Index<'_>,
    units: &Units,
    documents: &[Document<'_>],
    contracts: &mut [Contract],
) {
    let mut same: BTreeMap<Identity, Vec<Document<'_>>> = BTreeMap::new();
    for (number, interface) in documents {
        let path = index.files.path(contracts[*number].at.file);
        for identity in identities(interface, path.file_name()) {
            let group = same
                .entry((path.repo, interface.format, identity))
                .or_default();
            group.push((*number, *interface));
        }
    }
    for group in same.values().filter(|group| group.len() > 1) {
        let original = original(group, contracts, units);
        let (first, interface) = group[original];
        for (number, other) in group {
            let apart = contracts[*number].component != contracts[first].component;
            if *number == first || !apart || !alike(interface, other) {
                continue;
            }
            let copy = &mut contracts[*number];
            copy.copy_of.get_or_insert(first);
            if copy.copy_of == Some(first) && interface.digest != other.digest {
                copy.differences = differences(interface, other);
            }
        }
    }
}

/// What a document is known by: the services that it declares, else its package and file; the title of a description.
fn identities(interface: &Interface, file: &str) -> Vec<String> {
    let title = interface.title.as_text().unwrap_or_default();
    match interface.format {
        Format::Protobuf => {
            // What Google and others publish is everybody's copy.
            let is_foreign = [
                "google.",
                "grpc.",
                "gogoproto",
                "validate",
                "buf.",
                "opentelemetry.",
            ]
            .iter()
            .any(|start| title.starts_with(start));
            if is_foreign {
                return Vec::new();
            }
            let services: Vec<String> = interface
                .items
                .iter()
                .filter_map(|item| item.path.strip_prefix("service "))
                .map(|service| match title {
                    // Without a package a name says little: the file has to be called the same.
                    "" => format!("{service} in {file}"),
                    _ => format!("{title}.{service}"),
                })
                .collect();
            if services.is_empty() && !title.is_empty() {
                vec![format!("{title} in {file}")]
            } else {
                services
            }
        }
        Format::OpenApi | Format::AsyncApi if !title.is_empty() => vec![title.to_lowercase()],
        _ => Vec::new(),
    }
}

/// Whether two documents of one identity describe the same thing: at least half of what the smaller one has is in both.
fn alike(a: &Interface, b: &Interface) -> bool {
    let of = |interface| -> BTreeSet<String> {
        let interface: &Interface = interface;
        match interface.format {
            Format::Protobuf => interface
                .items
                .iter()
                .map(|item| item.path.to_string())
                .collect(),
            _ => operations(interface).map(str::to_owned).collect(),
        }
    };
    let (a, b) = (of(a), of(b));
    let smaller = a.len().min(b.len());
    smaller > 0 && a.intersection(&b).count() * 2 >= smaller
}

/// The one that the others are copies of: whose component says that it serves it, then one in a contract,
/// then in a component that its place names, then of the most equal ones; the first path, when nothing tells.
fn original(group: &[Document<'_>], contracts: &[Contract], units: &Units) -> usize {
    let mut equal: HashMap<u64, usize> = HashMap::new();
    for (_, interface) in group {
        *equal.entry(interface.digest).or_default() += 1;
    }
    let rank = |(number, interface): &Document<'_>| {
        let contract = &contracts[*number];
        let kind = units.components[contract.component.0 as usize].kind;
        let by_provider = match &contract.provider {
            Some(provider) if provider.certainty == Certainty::Declared => 2,
            Some(_) => 1,
            None => 0,
        };
        (
            by_provider == 2,
            kind == ComponentKind::Contract,
            by_provider,
            equal[&interface.digest],
            std::cmp::Reverse(*number),
        )
    };
    let numbered = group.iter().enumerate();
    numbered
        .max_by_key(|(_, one)| rank(one))
        .map_or(0, |(number, _)| number)
}

/// The elements in which two documents differ, by name, sorted.
fn differences(a: &Interface, b: &Interface) -> Vec<String> {
    let shapes = |interface: &'_ Interface| -> BTreeMap<String, String> {
        let items = interface.items.iter();
        items
            .map(|item| (item.path.to_string(), item.shape.to_string()))
            .collect()
    };
    let (a, b) = (shapes(a), shapes(b));
    let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    names
        .into_iter()
        .filter(|name| a.get(*name) != b.get(*name))
        .cloned()
        .collect()
}

/// Contracts that are packages, with the component of the same stem that links them.
fn packages(units: &Units, links: &BTreeSet<(ComponentId, ComponentId)>) -> Vec<Contract> {
    let mut found = Vec::new();
    for (number, contract) in units.components.iter().enumerate() {
        let id = ComponentId(number as u32);
        let (ComponentKind::Contract, Some(manifest)) = (contract.kind, contract.declared_in)
        else {
            continue;
        };
        let name = contract.name.replace(['_', '.'], "-").to_lowercase();
        let Some((stem, _)) = name.rsplit_once('-') else {
            continue;
        };
        let users = links
            .iter()
            .filter(|(_, to)| *to == id)
            .map(|(from, _)| *from);
        let mut serving: Vec<ComponentId> = users
            .filter(|user| {
                let user = &units.components[user.0 as usize];
                may_serve(user) && plain(&user.name) == plain(stem)
            })
            .collect();
        serving.dedup();
        let provider = match serving.as_slice() {
            [one] => Some(Provider {
                component: *one,
                certainty: Certainty::Inferred,
                why: Vec::new(),
            }),
            _ => None,
        };
        found.push(Contract {
            at: Span {
                file: manifest,
                ..Span::default()
            },
            document: None,
            component: id,
            name: contract.name.clone(),
            provider,
            copy_of: None,
            differences: Vec::new(),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_generic_names_is_sorted_so_that_it_can_be_searched() {
        assert!(GENERIC.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn names_are_compared_by_what_they_say() {
        assert_eq!(plain("Cart_Service"), "cart");
        assert_eq!(plain("acme-cart"), "acme-cart");
        assert_eq!(plain("-api"), "-api");
        for name in ["v1", "protos", "2024", "io"] {
            assert!(is_generic(name), "{name}");
        }
        assert!(!is_generic("cart"));
    }
}
