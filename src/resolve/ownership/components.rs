//! Who owns a component: who owns more than half of its code?

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Input;
use crate::model::{
    ComponentOwner, Context, FileId, FileRow, Organisation, Owned, OwnerSetId, Span,
};

/// The owners of all components, from those of the files.
pub(super) fn owners(input: &Input<'_>, organisation: &Organisation) -> Vec<ComponentOwner> {
    let same = same_sets(organisation);
    let mut files: Vec<Vec<FileId>> = vec![Vec::new(); input.components.len()];
    for (id, row) in input.files.iter() {
        if !row.class.vendored
            && let Some(files) = files.get_mut((input.component_of)(id).0 as usize)
        {
            files.push(id);
        }
    }
    input
        .components
        .iter()
        .zip(files)
        .map(|(component, mut files)| {
            if files
                .iter()
                .any(|file| is_production_source(input.files.row(*file)))
            {
                files.retain(|file| is_production_source(input.files.row(*file)));
            } else if files.is_empty() {
                files.extend(component.declared_in);
            }
            owner(files.iter().map(|file| organisation.file(*file)), &same)
        })
        .collect()
}

fn is_production_source(row: &FileRow) -> bool {
    row.class.context == Context::Production && row.class.language.is_code() && !row.info.generated
}

/// For each set the first one with the same teams and people.
fn same_sets(organisation: &Organisation) -> Vec<OwnerSetId> {
    let mut first = BTreeMap::new();
    (0_u32..)
        .map(OwnerSetId)
        .zip(&organisation.sets)
        .map(|(id, set)| *first.entry((&set.teams, &set.atoms)).or_insert(id))
        .collect()
}

/// Counts files by owner set.
fn owner(files: impl Iterator<Item = Owned>, same: &[OwnerSetId]) -> ComponentOwner {
    let mut lines: BTreeMap<Option<OwnerSetId>, BTreeMap<Option<Span>, u32>> = BTreeMap::new();
    let mut total = 0;
    for owned in files {
        let set = owned.set().map(|set| same[set.0 as usize]);
        *lines
            .entry(set)
            .or_default()
            .entry(owned.line())
            .or_default() += 1;
        total += 1;
    }
    let mut shares: Vec<(Option<OwnerSetId>, u32)> = lines
        .iter()
        .map(|(set, lines)| (*set, lines.values().sum()))
        .collect();
    shares.sort_by_key(|(set, count)| (Reverse(*count), set.is_none(), *set));
    let owned = match shares.first() {
        Some((set, count)) if *count > total / 2 => decided(*set, &lines[set]),
        _ => Owned::Unmatched,
    };
    ComponentOwner { owned, shares }
}

/// What the most frequent of the deciding lines says; of equally frequent ones the first.
fn decided(set: Option<OwnerSetId>, lines: &BTreeMap<Option<Span>, u32>) -> Owned {
    let line = lines
        .iter()
        .filter_map(|(line, count)| Some(((*line)?, *count)))
        .min_by_key(|(line, count)| (Reverse(*count), *line));
    let unmatched = lines.get(&None).copied().unwrap_or(0);
    let explicit = lines.values().sum::<u32>() - unmatched;
    match (set, line) {
        (Some(set), Some((line, _))) => Owned::By(set, line),
        (None, Some((line, _))) if explicit > unmatched => Owned::Unowned(line),
        _ => Owned::Unmatched,
    }
}
