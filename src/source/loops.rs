//! Symbolic links that lead back to where they are: never followed, but worth a line.

use std::collections::BTreeMap;

use super::{Bounds, Entry, Source};
use crate::model::{Mode, join, parent, within};

/// The longest way through links that is looked at: the kernel's own bound.
const STEPS: usize = 40;

/// The links of a listing that lead into a folder that holds them, or to themselves through others: path and why.
pub fn link_loops(
    source: &dyn Source,
    entries: &[Entry],
    bounds: &Bounds,
) -> Vec<(String, String)> {
    let links: BTreeMap<&str, String> = entries
        .iter()
        .filter(|entry| entry.mode == Mode::Symlink)
        .filter_map(|entry| {
            let bytes = source.read(&entry.path, bounds).ok()?;
            let target = join(parent(&entry.path), std::str::from_utf8(&bytes).ok()?)?;
            Some((&*entry.path, target))
        })
        .collect();
    links
        .iter()
        .filter(|(link, target)| leads_back(link, target, &links))
        .map(|(link, _)| {
            let why = "a symbolic link that leads back to itself: not followed";
            ((*link).to_owned(), why.to_owned())
        })
        .collect()
}

fn leads_back(link: &str, target: &str, links: &BTreeMap<&str, String>) -> bool {
    let mut at = target;
    for _ in 0..STEPS {
        if within(link, at) {
            return true;
        }
        match links.get(at) {
            Some(next) => at = next,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_are_told_from_links_that_lead_elsewhere() {
        let links = BTreeMap::from([
            ("a/up", "a".to_owned()),
            ("a/self", "a/self".to_owned()),
            ("b/one", "b/two".to_owned()),
            ("b/two", "b/one".to_owned()),
            ("c/fine", "a".to_owned()),
            ("c/gone", "nowhere".to_owned()),
        ]);
        let found: Vec<_> = links
            .iter()
            .filter(|(link, target)| leads_back(link, target, &links))
            .map(|(link, _)| *link)
            .collect();
        assert_eq!(found, ["a/self", "a/up", "b/one", "b/two"]);
    }
}
