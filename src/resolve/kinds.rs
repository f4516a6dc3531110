//! Pass 10: what each component is: implementation, library or contract; and so, what linking it means.

use std::collections::{BTreeMap, BTreeSet};

use super::capabilities;
use super::contexts::Contexts;
use super::index::Index;
use super::links::Links;
use super::sites::Sites;
use super::units::Units;
use crate::model::{
    Claim, ComponentId, ComponentKind, Context, DependencyKind, FileTable, Language, Offer, Subject,
};

/// Name endings of packages that exist to be linked by others.
const CONTRACT_SUFFIXES: &[&str] = &[
    "-api",
    "-client",
    "-contract",
    "-contracts",
    "-events",
    "-interfaces",
    "-model-api",
    "-proto",
    "-schema",
    "-sdk",
    "-spec",
    "-stubs",
    "-types",
];

/// What a component's own files show.
#[derive(Clone, Copy, Debug, Default)]
struct Traits {
    entry_point: bool,
    proc_macro: bool,
    store: bool,
    web_server: bool,
    route: bool,
    /// Files of program source for production.
    code: u32,
    /// Those of them that a machine made.
    generated: u32,
    /// Files of interface definitions.
    idl: u32,
}

/// Decides the kind of every component, and of every link by the kind of what it links.
pub(super) fn resolve(
    index: &Index<'_>,
    component_of: &[ComponentId],
    contexts: &Contexts,
    units: &mut Units,
    configured: &BTreeSet<ComponentId>,
    links: &Links,
    sites: &mut Sites,
) {
    let traits = traits(index, component_of, contexts, units, links);
    let linked = linked(links, sites);
    let closure = |start: ComponentId| closure(start, &linked);
    let is_impl: Vec<bool> = (0..units.components.len() as u32)
        .map(|id| {
            closure(ComponentId(id)).iter().any(|id| {
                let own = &traits[id.0 as usize];
                own.entry_point || own.store || own.web_server || own.route
            })
        })
        .collect();
    let mut impure = BTreeSet::new();
    for (number, own) in traits.iter().enumerate() {
        let id = ComponentId(number as u32);
        let component = &mut units.components[number];
        if configured.contains(&id) || component.kind != ComponentKind::Library {
            continue;
        }
        let machine_made = own.code == own.generated && own.idl + own.generated > 0;
        let named = is_contract_name(&component.name);
        component.kind = if machine_made || (named && !is_impl[number]) {
            ComponentKind::Contract
        } else if own.web_server && own.entry_point {
            ComponentKind::Service
        } else if own.entry_point {
            ComponentKind::Tool
        } else {
            ComponentKind::Library
        };
        if named && is_impl[number] && !own.entry_point {
            impure.insert(id);
        }
    }
    for site in &mut sites.sites {
        if site.kind != DependencyKind::LinkImpl || site.from == site.to {
            continue;
        }
        let target = &units.components[site.to.0 as usize];
        site.kind = if target.kind == ComponentKind::Contract {
            DependencyKind::LinkContract
        } else if target.shared || traits[site.to.0 as usize].proc_macro {
            // A procedural macro runs in the compiler: nothing of it is linked.
            DependencyKind::LinkLib
        } else if impure.contains(&site.to) {
            DependencyKind::LinkContractImpure
        } else if is_impl[site.to.0 as usize] {
            DependencyKind::LinkImpl
        } else {
            DependencyKind::LinkLib
        };
        if target.kind == ComponentKind::Orchestrator {
            site.context = site.context.join(Context::Build);
        }
    }
}

/// What each component's own files and packages show.
fn traits(
    index: &Index<'_>,
    component_of: &[ComponentId],
    contexts: &Contexts,
    units: &Units,
    links: &Links,
) -> Vec<Traits> {
    let mut traits = vec![Traits::default(); units.components.len()];
    count_files(index.files, component_of, contexts, &mut traits);
    for fact in index.facts {
        let Claim::Provides { key, how } = &fact.claim else {
            continue;
        };
        if fact.subject != Subject::Here {
            continue;
        }
        let id = component_of[fact.span.file.0 as usize];
        let own = &mut traits[id.0 as usize];
        match (key.namespace.0, key.name.as_text()) {
            ("trait", Some("proc-macro")) => own.proc_macro = true,
            _ if contexts.fact(fact, units.components[id.0 as usize].kind)
                != Context::Production => {}
            ("trait", Some("entry-point")) => own.entry_point = true,
            ("table", _) if matches!(how, Offer::Creates | Offer::Maps) => own.store = true,
            ("http" | "grpc", _) if *how == Offer::Implements => own.route = true,
            _ => {}
        }
    }
    for (id, packages) in &links.external {
        let component = &units.components[id.0 as usize];
        let ecosystem = component.id.split(':').next().unwrap_or_default();
        let own = &mut traits[id.0 as usize];
        own.store |= packages
            .iter()
            .any(|name| capabilities::is_store(ecosystem, name));
        own.web_server |= packages
            .iter()
            .any(|name| capabilities::is_web_server(ecosystem, name));
    }
    traits
}

fn count_files(
    files: &FileTable,
    component_of: &[ComponentId],
    contexts: &Contexts,
    traits: &mut [Traits],
) {
    for (file, row) in files.iter() {
        let own = &mut traits[component_of[file.0 as usize].0 as usize];
        if row.class.language == Language::Idl {
            own.idl += 1;
        }
        if row.class.language.is_code() && !row.class.vendored {
            match contexts.file(file) {
                Context::Production => own.code += 1,
                Context::Generated => {
                    own.code += 1;
                    own.generated += 1;
                }
                _ => {}
            }
        }
    }
}

/// Production links inside the run, from declarations and uses.
fn linked(links: &Links, sites: &Sites) -> BTreeMap<ComponentId, BTreeSet<ComponentId>> {
    let mut linked: BTreeMap<ComponentId, BTreeSet<ComponentId>> = BTreeMap::new();
    for (from, to, context) in &links.declared {
        if *context == Context::Production {
            linked.entry(*from).or_default().insert(*to);
        }
    }
    for site in &sites.sites {
        if site.kind == DependencyKind::LinkImpl && site.context == Context::Production {
            linked.entry(site.from).or_default().insert(site.to);
        }
    }
    linked
}

/// A component and everything that it links, directly or not.
fn closure(
    start: ComponentId,
    linked: &BTreeMap<ComponentId, BTreeSet<ComponentId>>,
) -> BTreeSet<ComponentId> {
    let mut seen = BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        for next in linked.get(&at).into_iter().flatten() {
            if seen.insert(*next) {
                open.push(*next);
            }
        }
    }
    seen
}

/// Whether a name says that the package is a contract.
fn is_contract_name(name: &str) -> bool {
    let name = name.replace(['_', '.'], "-").to_lowercase();
    CONTRACT_SUFFIXES
        .iter()
        .any(|suffix| name.ends_with(suffix))
}
