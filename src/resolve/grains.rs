//! What linking another unit of the same component means: one build unit that several teams own is judged by its folders, packages or namespaces.

use std::collections::{BTreeMap, BTreeSet};

use super::contexts::Contexts;
use super::index::{Index, ancestors};
use super::links::Links;
use super::purity::{self, Burden, Linked, reaching, users};
use super::sites::Site;
use crate::model::{ComponentId, Context, DependencyKind, FileId, HopKind, Language};

/// A unit of a component.
type Grain<'a> = (ComponentId, &'a str);

/// What each component and its files show.
pub(super) struct Shown<'a> {
    /// What shows an implementation, by the file that shows it.
    pub(super) burdens: &'a BTreeMap<FileId, Burden>,
    /// Folders below a component's root that hold a program: what lies in one is part of that program.
    pub(super) program_folders: &'a BTreeMap<(ComponentId, &'a str), Burden>,
    /// Whether linking a component means linking an implementation.
    pub(super) is_impl: &'a [bool],
    /// Components that the configuration declares as shared.
    pub(super) is_shared: &'a dyn Fn(ComponentId) -> bool,
}

/// Decides the kind of every link inside a component, by what its far unit is.
///
/// A unit is an implementation when it, or a unit or component that it links in production, shows one;
/// a contract when all its code is machine-made or interface definitions; else a library.
pub(super) fn resolve(
    index: &Index<'_>,
    component_of: &[ComponentId],
    contexts: &Contexts,
    links: &Links,
    shown: &Shown<'_>,
    sites: &mut [Site],
) {
    let is_inside = |site: &Site| site.kind == DependencyKind::LinkImpl && site.from == site.to;
    if !sites.iter().any(is_inside) {
        return;
    }
    let grain = |file: FileId| -> Grain<'_> {
        let number = file.0 as usize;
        (component_of[number], &links.unit_of[number])
    };
    let mut burdens: BTreeMap<Grain<'_>, Burden> = BTreeMap::new();
    for (file, burden) in shown.burdens {
        burdens
            .entry(grain(*file))
            .or_insert_with(|| burden.clone());
    }
    for (file, row) in index
        .files
        .iter()
        .filter(|_| !shown.program_folders.is_empty())
    {
        let component = component_of[file.0 as usize];
        let is_part =
            row.class.language == Language::Go && contexts.file(file) == Context::Production;
        let program = ancestors(row.path.parent())
            .filter(|_| is_part)
            .find_map(|folder| shown.program_folders.get(&(component, folder)));
        if let Some(program) = program {
            burdens
                .entry(grain(file))
                .or_insert_with(|| program.clone());
        }
    }
    let mut linked: Linked<Grain<'_>> = Linked::new();
    for site in sites.iter() {
        let (Some(file), Some(hop)) = (site.from_file, site.chain.first()) else {
            continue;
        };
        if site.context != Context::Production {
            continue;
        }
        if is_inside(site) {
            for to in site.to_files.iter().map(|file| grain(*file)) {
                let targets = linked.entry(grain(file)).or_default();
                targets.entry(to).or_insert(hop.span);
            }
        } else if site.from != site.to && shown.is_impl[site.to.0 as usize] {
            burdens.entry(grain(file)).or_insert_with(|| Burden {
                span: hop.span,
                what: HopKind::Use,
                name: hop.name.clone(),
            });
        }
    }
    let is_impl = reaching(&users(&linked), burdens.keys().copied().collect());
    let contracts = contracts(index, component_of, contexts, links);
    let mut causes = BTreeMap::new();
    for site in sites.iter_mut().filter(|site| is_inside(site)) {
        let Some(to) = site.to_files.first().map(|file| grain(*file)) else {
            continue;
        };
        site.kind = if contracts.contains(&to) {
            DependencyKind::LinkContract
        } else if (shown.is_shared)(site.to) || !is_impl.contains(&to) {
            DependencyKind::LinkLib
        } else {
            // As people name it: without the kind of name.
            let name = |(_, unit): Grain<'_>| {
                let name = unit.split_once(':').map_or(unit, |(_, name)| name);
                name.to_owned()
            };
            let cause = causes
                .entry(to)
                .or_insert_with(|| purity::cause(to, &linked, name, |at| burdens.get(&at)));
            site.chain.extend(cause.iter().cloned());
            DependencyKind::LinkImpl
        };
    }
}

/// The units whose code is machine-made or interface definitions, all of it.
fn contracts<'a>(
    index: &Index<'_>,
    component_of: &[ComponentId],
    contexts: &Contexts,
    links: &'a Links,
) -> BTreeSet<Grain<'a>> {
    let mut made: BTreeMap<Grain<'a>, bool> = BTreeMap::new();
    for (file, row) in index.files.iter() {
        let is_code = row.class.language.is_code() && !row.class.vendored;
        let by_machine = match contexts.file(file) {
            Context::Generated => true,
            Context::Production if row.class.language == Language::Idl => true,
            Context::Production if is_code => false,
            _ => continue,
        };
        let number = file.0 as usize;
        let grain = (component_of[number], links.unit_of[number].as_str());
        *made.entry(grain).or_insert(true) &= by_machine;
    }
    made.into_iter()
        .filter_map(|(grain, all)| all.then_some(grain))
        .collect()
}
