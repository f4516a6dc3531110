//! The manifests from which a manifest takes over properties: its parents, as Maven has them.
//!
//! Source: <https://maven.apache.org/pom.html#inheritance>

use super::index::{Index, place_path};
use crate::model::{Claim, FileId, Key, Subject};

/// The longest chain of parents.
const LONGEST: usize = 32;

/// A manifest and its parents, the nearest first.
pub(super) fn chain<'i>(file: FileId, index: &'i Index<'_>) -> impl Iterator<Item = FileId> + 'i {
    std::iter::successors(Some(file), |file| parent(*file, index)).take(LONGEST)
}

/// The parent that a manifest names: at the place that it tells, if that is the one; else the only one of that name.
fn parent(file: FileId, index: &Index<'_>) -> Option<FileId> {
    let facts = index.facts_of_file(file).iter();
    let key = facts
        .filter_map(|fact| match (&fact.subject, &fact.claim) {
            (Subject::Here, Claim::Inherits { from, .. }) => Some(from),
            _ => None,
        })
        .find(|from| from.namespace.0 == "maven-parent")?;
    let name = key.name.as_text()?;
    let repo = index.files.path(file).repo;
    let beside = key.at.as_text().and_then(place_path);
    let beside = beside.and_then(|path| index.files.find(repo, &path));
    if let Some(beside) = beside.filter(|beside| *beside != file && offers(*beside, name, index)) {
        return Some(beside);
    }
    let mut named = index
        .provides("maven", name)
        .filter(|(fact, ..)| index.repo(fact) == repo && fact.span.file != file)
        .map(|(fact, ..)| fact.span.file);
    let found = named.next()?;
    named.all(|other| other == found).then_some(found)
}

/// Whether a manifest is that of an artifact; its group may be known only later.
fn offers(file: FileId, name: &str, index: &Index<'_>) -> bool {
    let is_named = |key: &Key| match (key.name.as_text(), name.rsplit_once(':')) {
        (Some(text), _) => text == name,
        (None, Some((_, artifact))) => key.name.to_string().ends_with(&format!(":{artifact}")),
        _ => false,
    };
    index
        .offered(file, "maven")
        .is_some_and(|(_, key)| is_named(key))
}
