//! Pass 10: what each component is: implementation, library or contract; and so, what linking it means.

use std::collections::{BTreeMap, BTreeSet};

use super::capabilities;
use super::contexts::Contexts;
use super::grains;
use super::index::Index;
use super::links::Links;
use super::programs;
use super::purity::{self, Burden, Linked, reaching, users};
use super::sites::Sites;
use super::units::Units;
use crate::model::{
    Claim, ComponentId, ComponentKind, Context, DependencyKind, FileId, FileTable, Hop, HopKind,
    Language, Offer, Part, Subject, Template,
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
    "-protobuf",
    "-protos",
    "-schema",
    "-sdk",
    "-spec",
    "-stubs",
    "-types",
];

/// What a component's own files show.
#[derive(Clone, Debug, Default)]
struct Traits {
    /// A program that is what the package is for: `src/main.rs`, or a program of the package's name.
    program: bool,
    proc_macro: bool,
    /// It serves routes.
    serves: bool,
    /// What makes it an implementation: a program, a store, routes.
    runs: Option<Burden>,
    /// The driver of a store, or the web-server framework, that it brings.
    heavy: Option<Burden>,
    /// Files of program source for production.
    code: u32,
    /// Those of them that a machine made.
    generated: u32,
    /// Files of interface definitions.
    idl: u32,
}

impl Traits {
    /// Whether linking it means linking somebody's implementation.
    fn is_impl(&self) -> bool {
        self.runs.is_some()
    }
}

/// Where components show what makes them implementations.
#[derive(Debug, Default)]
struct Burdens<'a> {
    files: BTreeMap<FileId, Burden>,
    /// Folders below a component's root that hold a program.
    program_folders: BTreeMap<(ComponentId, &'a str), Burden>,
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
    let mut burdens = Burdens::default();
    let traits = traits(index, component_of, contexts, units, links, &mut burdens);
    let linked = linked(links, sites);
    // What only unifies features brings the packages of everybody: it makes nothing impure.
    let mut pure_links = linked;
    let puts_together =
        |id: &ComponentId| units.components[id.0 as usize].kind == ComponentKind::Orchestrator;
    pure_links.retain(|from, _| !puts_together(from));
    for links in pure_links.values_mut() {
        links.retain(|to, _| !puts_together(to));
    }
    let users = users(&pure_links);
    let all = |shows: fn(&Traits) -> bool| -> Vec<bool> {
        let having = traits.iter().enumerate().filter(|(_, own)| shows(own));
        let having = having.map(|(number, _)| ComponentId(number as u32));
        let reached = reaching(&users, having.collect());
        let numbers = 0..traits.len() as u32;
        numbers
            .map(|number| reached.contains(&ComponentId(number)))
            .collect()
    };
    let is_impl = all(Traits::is_impl);
    let is_heavy = all(|own| own.heavy.is_some());
    let mut impure = BTreeSet::new();
    for (number, own) in traits.iter().enumerate() {
        let id = ComponentId(number as u32);
        let component = &mut units.components[number];
        if configured.contains(&id) || component.kind != ComponentKind::Library {
            continue;
        }
        let machine_made = own.code == own.generated && own.idl + own.generated > 0;
        let named = is_contract_name(&component.name) && !own.program;
        let pure = !is_impl[number] && !is_heavy[number];
        component.kind = if machine_made || (named && pure) {
            ComponentKind::Contract
        } else if own.program && own.serves {
            ComponentKind::Service
        } else if own.program {
            ComponentKind::Tool
        } else {
            ComponentKind::Library
        };
        if named && !pure && !machine_made {
            impure.insert(id);
        }
    }
    let name = |at: ComponentId| units.components[at.0 as usize].name.clone();
    let burden = |at: ComponentId| {
        let traits = &traits[at.0 as usize];
        traits.runs.as_ref().or(traits.heavy.as_ref())
    };
    let shared = |id: ComponentId| units.components[id.0 as usize].shared;
    let shown = grains::Shown {
        burdens: &burdens.files,
        program_folders: &burdens.program_folders,
        is_impl: &is_impl,
        is_shared: &shared,
    };
    grains::resolve(
        index,
        component_of,
        contexts,
        links,
        &shown,
        &mut sites.sites,
    );
    let impure: BTreeMap<ComponentId, Vec<Hop>> = impure
        .into_iter()
        .map(|id| (id, purity::cause(id, &pure_links, name, burden)))
        .collect();
    let mut causes: BTreeMap<ComponentId, Vec<Hop>> = BTreeMap::new();
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
        } else if let Some(cause) = impure.get(&site.to) {
            site.chain.extend(cause.iter().cloned());
            DependencyKind::LinkContractImpure
        } else if is_impl[site.to.0 as usize] {
            // What links an implementation is told with the way to it.
            if !traits[site.to.0 as usize].is_impl() {
                let runs = |at: ComponentId| traits[at.0 as usize].runs.as_ref();
                let cause = causes
                    .entry(site.to)
                    .or_insert_with(|| purity::cause(site.to, &pure_links, name, runs));
                site.chain.extend(cause.iter().cloned());
            }
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
fn traits<'a>(
    index: &Index<'a>,
    component_of: &[ComponentId],
    contexts: &Contexts,
    units: &Units,
    links: &Links,
    burdens: &mut Burdens<'a>,
) -> Vec<Traits> {
    let mut traits = vec![Traits::default(); units.components.len()];
    count_files(index.files, component_of, contexts, &mut traits);
    for fact in index.facts {
        if fact.subject != Subject::Here {
            continue;
        }
        let id = component_of[fact.span.file.0 as usize];
        let component = &units.components[id.0 as usize];
        let own = &mut traits[id.0 as usize];
        let mut shows = |own: &mut Traits, name: String| {
            let burden = Burden {
                span: fact.span,
                what: HopKind::Provide,
                name,
            };
            let files = &mut burdens.files;
            files
                .entry(fact.span.file)
                .or_insert_with(|| burden.clone());
            own.runs.get_or_insert(burden);
        };
        let production = || contexts.fact(fact, component.kind) == Context::Production;
        match &fact.claim {
            Claim::Provides { key, how } => match (key.namespace.0, key.name.as_text()) {
                ("trait", Some("proc-macro")) => own.proc_macro = true,
                ("trait", Some("entry-point")) if production() => {
                    if let Some(folder) = programs::folder_below(fact, component, index) {
                        let folders = &mut burdens.program_folders;
                        folders.entry((id, folder)).or_insert_with(|| Burden {
                            span: fact.span,
                            what: HopKind::Provide,
                            name: "a program".to_owned(),
                        });
                    }
                    if programs::is_what_it_is_for(fact, component, index) {
                        own.program = true;
                        shows(own, "a program".to_owned());
                    }
                }
                ("table", _) if matches!(how, Offer::Creates | Offer::Maps) && production() => {
                    shows(own, format!("a table: {}", key.name));
                }
                ("http" | "grpc", _) if *how == Offer::Implements && production() => {
                    own.serves = true;
                    shows(own, format!("a route: {}", plain(&key.name)));
                }
                // Only what others are to find registers under a name.
                ("discovery", _) if *how == Offer::Implements && production() => {
                    own.serves = true;
                    shows(own, format!("a name in a registry: {}", plain(&key.name)));
                }
                _ => {}
            },
            Claim::Requires { key, .. } => {
                let space = key.namespace.0;
                if let Some(item) = key.name.as_text() {
                    if capabilities::queries(space, item) && production() {
                        shows(own, format!("queries by `{item}`"));
                    }
                    if capabilities::serves(space, item) && production() {
                        own.serves = true;
                        shows(own, format!("routes by `{item}`"));
                    }
                    if capabilities::starts(space, item) && production() {
                        own.program = true;
                        shows(own, format!("a program by `{item}`"));
                    }
                }
            }
            _ => {}
        }
    }
    for (id, packages) in &links.external {
        let heavy = packages.iter().find(|((ecosystem, name), _)| {
            capabilities::is_store(ecosystem.0, name)
                || capabilities::is_web_server(ecosystem.0, name)
        });
        traits[id.0 as usize].heavy = heavy.map(|((_, name), span)| Burden {
            span: *span,
            what: HopKind::Use,
            name: name.clone(),
        });
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
fn linked(links: &Links, sites: &Sites) -> Linked {
    let mut linked = Linked::new();
    for ((from, to), span) in &links.declared_at {
        linked.entry(*from).or_default().insert(*to, *span);
    }
    for site in &sites.sites {
        if site.kind == DependencyKind::LinkImpl
            && site.context == Context::Production
            && let Some(hop) = site.chain.first()
        {
            let targets = linked.entry(site.from).or_default();
            targets.entry(site.to).or_insert(hop.span);
        }
    }
    linked
}

/// Whether a name says that the package is a contract.
fn is_contract_name(name: &str) -> bool {
    let name = name.replace(['_', '.'], "-").to_lowercase();
    CONTRACT_SUFFIXES
        .iter()
        .any(|suffix| name.ends_with(suffix))
}

/// A name as people read it: what another file decides is its default.
fn plain(name: &Template) -> String {
    let piece = |part: &Part| match part {
        Part::Text(text) => text.to_string(),
        Part::Ref(reference) => match &reference.default {
            Some(default) => default.as_text().unwrap_or("{}").to_owned(),
            None => "{}".to_owned(),
        },
        Part::Hole => "{}".to_owned(),
        Part::Star => "*".to_owned(),
    };
    name.0.iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_name_says_that_a_package_is_a_contract() {
        for name in ["cart-api", "cart_proto", "Cart.Protobuf", "cart-protos"] {
            assert!(is_contract_name(name), "{name}");
        }
        for name in ["cart", "protobuf", "cart-protocol", "cart-api-gateway"] {
            assert!(!is_contract_name(name), "{name}");
        }
    }
}
