//! All facts together → components, owners, dependencies: the passes in order.

mod allowances;
mod backends;
mod calls;
mod capabilities;
mod code;
mod conditions;
mod connections;
mod contexts;
mod contracts;
mod emit;
mod entries;
mod events;
mod exact;
mod fold;
mod go_modules;
mod grains;
mod hosts;
mod identity;
mod imports;
mod index;
mod kinds;
mod links;
mod lookups;
mod makers;
mod msbuild;
mod network;
mod normalise;
mod npm;
mod ownership;
mod packages;
mod parents;
mod places;
mod profiles;
mod programs;
mod purity;
mod reach;
mod roles;
mod routes;
mod scopes;
mod selectors;
#[cfg(test)]
mod service_map;
mod sites;
#[cfg(test)]
mod situations;
mod spaces;
mod spring;
mod started;
mod tables;
#[cfg(test)]
mod traps;
mod units;
mod volumes;

use std::collections::{BTreeSet, HashMap};

use crate::config::Config;
use crate::model::{
    ComponentId, Context, Fact, FileId, FileTable, Place, Problem, Resolved, Subject,
};

/// What resolving needs.
#[derive(Debug)]
pub struct Input<'a> {
    pub files: FileTable,
    /// Sorted by file, as extraction gives them.
    pub facts: Vec<Fact>,
    pub config: &'a Config,
    /// The configuration as a file of the run, when it is one.
    pub config_file: Option<FileId>,
    /// Keep every link as it was found, file by file.
    pub keep_links: bool,
}

/// Resolves all facts of a run; what could not be joined is in the result, what could not be understood a problem.
pub fn resolve(input: Input<'_>) -> (Resolved, Vec<Problem>) {
    let Input {
        mut files,
        mut facts,
        config,
        config_file,
        keep_links,
    } = input;
    let mut problems = Vec::new();
    spring::derive(&files, &mut facts);
    normalise::keys(&files, &mut facts);
    conditions::apply(&files, &mut facts);

    let index = index::Index::new(&files, &facts);
    let contexts = contexts::Contexts::new(&index);
    let mut units = units::Units::new(&index);
    let identity::Deployed {
        workloads,
        subjects,
        sharing,
        entries,
        unknown,
    } = identity::resolve(&index, &mut units);
    let configured = configure(config, config_file, &index, &mut units, &mut problems);
    units.unique_ids(&index);
    let component_of = units.component_of_files(&index);
    let named: HashMap<_, _> = subjects
        .iter()
        .map(|(key, component, repo)| ((*repo, *key), *component))
        .collect();
    let whose = |fact: &Fact| {
        match &fact.subject {
            Subject::Named(key) => named.get(&(index.repo(fact), key)).copied(),
            Subject::Here | Subject::File => None,
        }
        .unwrap_or(component_of[fact.span.file.0 as usize])
    };
    roles::resolve(&index, whose, &contexts, &configured, &mut units);
    // What is named and never deployed registers nowhere.
    let bearer = |fact: &Fact| match &fact.subject {
        Subject::Named(key) => named.get(&(index.repo(fact), key)).copied(),
        Subject::Here | Subject::File => Some(whose(fact)),
    };
    roles::registered(&index, bearer, &mut units);
    let runners = roles::well_known(&index, &subjects, &configured, &mut units);
    let served = spring::Served::new(&index, &component_of, whose);

    let mut sites = sites::Sites {
        outside: keep_links.then(Vec::new),
        unresolved: unknown,
        ..sites::Sites::default()
    };
    let static_scopes = scopes::Scopes::new(component_of.clone());
    let static_folder = fold::Folder::new(&index, &static_scopes);
    let allowances = allowances::Allowances::new(&facts);
    let mut links = links::resolve(
        &index,
        &static_folder,
        &units,
        &component_of,
        &contexts,
        &allowances,
        &mut sites,
    );
    kinds::resolve(
        &index,
        &component_of,
        &contexts,
        &mut units,
        &configured,
        &links,
        &mut sites,
    );
    let mut found_links = sites.take_links();
    let whole: BTreeSet<(ComponentId, ComponentId)> = links
        .declared
        .iter()
        .filter(|(.., context)| *context == Context::Production)
        .map(|(from, to, _)| (*from, *to))
        .chain(sharing)
        .collect();
    let programs = entries::programs(&entries, &index, &component_of);
    let reach = reach::Reach::new(
        &index,
        &units,
        &workloads,
        &reach::Linked {
            component_of: &component_of,
            whole: &whole,
            sites: &sites.sites,
            programs: &programs,
            mounted: &volumes::mounted(&index, &units, &subjects),
        },
    );

    let mut contracts = contracts::resolve(
        &index,
        &component_of,
        &contexts,
        &units,
        &links.served,
        &whole,
    );
    let mut scopes = scopes::Scopes::new(component_of.clone())
        .within(&reach)
        .served(&served);
    for (number, (key, component, repo)) in subjects.iter().enumerate() {
        let workload = crate::model::WorkloadId(number as u32);
        scopes.add(workload, key, *component, *repo, &index);
    }
    let folder = fold::Folder::new(&index, &scopes).with_imports(&links.imports);
    let places = places::Places::new(
        &index,
        &component_of,
        &workloads,
        &subjects,
        &reach,
        &served,
        &units,
    );
    calls::resolve(&index, &folder, &units, &places, &contexts, &mut sites);
    spring::platform(&index, &folder, &units, &places, &contexts, &mut sites);
    spring::discovery(&index, &folder, &units, &places, &contexts, &mut sites);
    network::name(&index, |fact| places.bearer(fact), &mut units);
    let mut backends = backends::Backends::new(&index, &places, &runners);
    events::resolve(
        &index,
        &folder,
        &places,
        &contexts,
        &mut backends,
        &mut units,
        &mut sites,
    );
    connections::resolve(
        &index,
        &folder,
        &places,
        &contexts,
        &mut backends,
        &mut units,
        &mut sites,
    );
    exact::resolve(&index, &folder, &units, &places, &contexts, &mut sites);
    tables::resolve(
        &index,
        &folder,
        &places,
        &contexts,
        &mut backends,
        &mut units,
        &mut sites,
    );

    let sites::Sites {
        mut sites,
        mut unresolved,
        ..
    } = sites;
    let mut component_of = component_of;
    let mut workloads = workloads;
    units.unique_ids(&index);
    emit::sort_components(
        &mut units.components,
        &mut workloads,
        &mut sites,
        &mut component_of,
        &mut found_links,
        &mut contracts,
        &mut links,
    );
    contexts.apply(&mut files);
    let (organisation, found) = ownership::resolve(&ownership::Input {
        files: &files,
        facts: &facts,
        components: &units.components,
        component_of: &|file| component_of[file.0 as usize],
        config,
        config_file,
    });
    problems.extend(found);
    let dependencies = emit::dependencies(sites, &units, &organisation, &allowances);
    unresolved.sort();
    unresolved.dedup();
    let resolved = Resolved {
        files,
        components: units.components,
        workloads,
        dependencies,
        unresolved,
        declared: links.declared,
        unused: links.unused,
        unlisted: links.unlisted,
        organisation,
        allowances: allowances.0,
        links: found_links,
        contracts,
        ..Resolved::default()
    };
    (resolved, problems)
}

/// Applies `[[component]]`; entries that match nothing are problems.
fn configure(
    config: &Config,
    config_file: Option<FileId>,
    index: &index::Index<'_>,
    units: &mut units::Units,
    problems: &mut Vec<Problem>,
) -> BTreeSet<ComponentId> {
    let (configured, unmatched) = units.configure(&config.components, index);
    for number in unmatched {
        let entry = &config.components[number];
        let file = match &entry.at {
            Some(at) => index.files.find(at.repo, &at.path),
            None => config_file,
        };
        problems.push(Problem {
            place: file.map_or(Place::Run, |file| {
                Place::Span(crate::model::Span {
                    file,
                    start: entry.start as u32,
                    end: entry.end as u32,
                })
            }),
            message: format!(
                "`[[component]]` path `{}` matches no component and no folder",
                entry.value.path
            ),
        });
    }
    configured
}
