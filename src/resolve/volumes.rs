//! Which files of the tree do deployments mount?

use std::collections::BTreeMap;

use super::identity::Subjects;
use super::index::{Index, place_path};
use super::units::Units;
use crate::model::{Claim, ComponentKind, FileId, RepoPath, WorkloadId, within};

/// The files and folders that services mount, file by file.
///
/// What a store or a broker is given fills it, and is no program of it. A folder with components in it is a workplace.
pub(super) fn mounted(
    index: &Index<'_>,
    units: &Units,
    subjects: &Subjects<'_>,
) -> BTreeMap<WorkloadId, Vec<FileId>> {
    let roots: Vec<&RepoPath> = units
        .components
        .iter()
        .filter(|component| component.kind != ComponentKind::Rest)
        .filter_map(|component| component.root.as_ref())
        .collect();
    let mut mounted: BTreeMap<WorkloadId, Vec<FileId>> = BTreeMap::new();
    for (number, (key, component, repo)) in subjects.iter().enumerate() {
        let kind = units.components[component.0 as usize].kind;
        if matches!(kind, ComponentKind::Broker | ComponentKind::Datastore) {
            continue;
        }
        for fact in index.about(*repo, key) {
            let Claim::Binds { key, value } = &fact.claim else {
                continue;
            };
            let path = value.as_text().filter(|_| key.namespace.0 == "volume");
            let Some(path) = path.and_then(place_path) else {
                continue;
            };
            let holds_components = || {
                let mut inside = roots.iter();
                inside.any(|root| root.repo == *repo && within(&root.path, &path))
            };
            if path.is_empty() || holds_components() {
                continue;
            }
            let files = mounted.entry(WorkloadId(number as u32)).or_default();
            files.extend(index.files.find(*repo, &path));
            files.extend(index.files.below(*repo, &path));
        }
    }
    mounted
}
