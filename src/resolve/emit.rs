//! Pass 12: merges sites into dependencies, and sorts everything by text.

use std::collections::{BTreeMap, BTreeSet};

use super::allowances::Allowances;
use super::links::Links;
use super::sites::Site;
use super::units::Units;
use crate::model::{
    Access, Allowance, Certainty, Component, ComponentId, Context, Contract, Declared, Dependency,
    DependencyKind, Endpoint, Evidence, FileId, Link, LinkEnd, Organisation, Owned, OwnerSetId,
    Workload,
};

/// How many chains a dependency keeps.
const CHAINS: usize = 3;

/// What makes two sites one dependency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    from: ComponentId,
    from_unit: String,
    from_owners: Option<OwnerSetId>,
    to: ComponentId,
    to_unit: String,
    to_owners: Option<OwnerSetId>,
    kind: DependencyKind,
    access: Access,
    symbol: Option<String>,
    context: Context,
    /// The rules that comments beside the sites allow.
    allowed: BTreeSet<String>,
}

/// Sites of one group.
#[derive(Default)]
struct Merged {
    from_path: Option<FileId>,
    to_path: Option<FileId>,
    files: Vec<Option<FileId>>,
    certainty: Option<Certainty>,
    variants: Vec<String>,
    /// Some site holds in every variant.
    always: bool,
    evidence: Vec<Evidence>,
    allowed: BTreeSet<Allowance>,
}

/// Merges the sites, judged by the organisation.
pub(super) fn dependencies(
    sites: Vec<Site>,
    units: &Units,
    organisation: &Organisation,
    allowances: &Allowances,
) -> Vec<Dependency> {
    let mut groups: BTreeMap<Group, Merged> = BTreeMap::new();
    let id = |component: ComponentId| units.components[component.0 as usize].id.clone();
    for site in sites {
        let from_owned = owned(organisation, site.from_file, site.from);
        let to_path = far_file(organisation, from_owned, &site);
        let to_owned = owned(organisation, to_path, site.to);
        let span = site.chain.first().map(|hop| hop.span);
        let allowed: BTreeSet<Allowance> = span
            .into_iter()
            .flat_map(|span| allowances.at(span))
            .cloned()
            .collect();
        let group = Group {
            from_unit: site.from_unit.unwrap_or_else(|| id(site.from)),
            to_unit: site.to_unit.unwrap_or_else(|| id(site.to)),
            from: site.from,
            from_owners: from_owned.set(),
            to: site.to,
            to_owners: to_owned.set(),
            kind: site.kind,
            access: site.access,
            symbol: site.symbol,
            context: site.context,
            allowed: allowed.iter().map(|one| one.rule.clone()).collect(),
        };
        // What stays in one place says nothing; inside one component only another unit, or another owner, does.
        if group.from == group.to
            && group.from_unit == group.to_unit
            && group.from_owners == group.to_owners
        {
            continue;
        }
        let merged = groups.entry(group).or_default();
        merged.from_path = least(merged.from_path, site.from_file);
        merged.to_path = least(merged.to_path, to_path);
        merged.files.push(site.from_file);
        merged.certainty = merged.certainty.max(Some(site.certainty));
        if site.variants.is_empty() {
            merged.always = true;
        }
        merged.variants.extend(site.variants);
        merged.allowed.extend(allowed);
        merged.evidence.push(Evidence { chain: site.chain });
    }
    let mut dependencies: Vec<Dependency> = groups
        .into_iter()
        .map(|(group, mut merged)| {
            merged.files.sort();
            merged.files.dedup();
            merged.evidence.sort();
            merged.evidence.dedup();
            merged.evidence.truncate(CHAINS);
            merged.variants.sort();
            merged.variants.dedup();
            Dependency {
                from: Endpoint {
                    component: group.from,
                    unit: group.from_unit,
                    path: merged.from_path,
                    symbol: None,
                },
                to: Endpoint {
                    component: group.to,
                    unit: group.to_unit,
                    path: merged.to_path,
                    symbol: group.symbol,
                },
                kind: group.kind,
                access: group.access,
                certainty: merged.certainty.unwrap_or(Certainty::Inferred),
                context: group.context,
                variants: if merged.always {
                    Vec::new()
                } else {
                    merged.variants
                },
                declared: Declared::Unjudged,
                count: merged.files.len() as u32,
                evidence: merged.evidence,
                allowed: merged.allowed.into_iter().collect(),
            }
        })
        .collect();
    dependencies.sort_by(|a, b| order(a, units).cmp(&order(b, units)));
    dependencies
}

/// Sorts components by id, and points everything at their new places.
pub(super) fn sort_components(
    components: &mut Vec<Component>,
    workloads: &mut [Workload],
    sites: &mut [Site],
    component_of: &mut [ComponentId],
    links: &mut [Link],
    contracts: &mut [Contract],
    found: &mut Links,
) {
    let mut order: Vec<usize> = (0..components.len()).collect();
    order.sort_by(|a, b| components[*a].id.cmp(&components[*b].id));
    let mut place = vec![ComponentId(0); components.len()];
    for (new, old) in order.iter().enumerate() {
        place[*old] = ComponentId(new as u32);
    }
    let moved = |id: ComponentId| place[id.0 as usize];
    let mut old: Vec<Option<Component>> = components.drain(..).map(Some).collect();
    components.extend(order.iter().filter_map(|from| old[*from].take()));
    for workload in workloads {
        workload.component = moved(workload.component);
    }
    for site in sites {
        site.from = moved(site.from);
        site.to = moved(site.to);
    }
    for id in component_of {
        *id = moved(*id);
    }
    for contract in contracts {
        contract.component = moved(contract.component);
        if let Some(provider) = &mut contract.provider {
            provider.component = moved(provider.component);
        }
    }
    for link in links {
        if let LinkEnd::Component(id) = &mut link.to {
            *id = moved(*id);
        }
    }
    for gap in found.unused.iter_mut().chain(&mut found.unlisted) {
        (gap.from, gap.to) = (moved(gap.from), moved(gap.to));
    }
    found.declared = std::mem::take(&mut found.declared)
        .into_iter()
        .map(|(from, to, context)| (moved(from), moved(to), context))
        .collect();
}

/// Who is judged for one end: the owners of the file, else of the component.
fn owned(organisation: &Organisation, file: Option<FileId>, component: ComponentId) -> Owned {
    match file {
        Some(file) => organisation.file(file),
        None => organisation.component(component),
    }
}

/// The file that stands for the far end.
///
/// A namespace that files of several teams make up belongs to all of them: the file nearest to the user's owners is taken.
fn far_file(organisation: &Organisation, from: Owned, site: &Site) -> Option<FileId> {
    let crosses = |file: &FileId| match (from.set(), organisation.file(*file).set()) {
        (Some(from), Some(to)) => organisation.cross(from, to),
        _ => false,
    };
    site.to_files
        .iter()
        .find(|file| !crosses(file))
        .or(site.to_files.first())
        .copied()
}

fn least(a: Option<FileId>, b: Option<FileId>) -> Option<FileId> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

type Order<'a> = (
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    DependencyKind,
    &'a Option<String>,
    Context,
    Option<FileId>,
    Option<FileId>,
);

/// The place of a dependency in the list: by text first, never by a number that depends on the order of reading.
fn order<'a>(dependency: &'a Dependency, units: &'a Units) -> Order<'a> {
    let id = |component: ComponentId| units.components[component.0 as usize].id.as_str();
    (
        id(dependency.from.component),
        &dependency.from.unit,
        id(dependency.to.component),
        &dependency.to.unit,
        dependency.kind,
        &dependency.to.symbol,
        dependency.context,
        dependency.from.path,
        dependency.to.path,
    )
}
