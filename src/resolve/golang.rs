//! Go packages: an import path is the module's path and the folder below the module.

use super::index::Index;
use crate::model::{Fact, RepoId, Subject, join};

/// The files that make up the package of an import path, in file order.
pub(super) fn find<'a>(import: &str, repo: RepoId, index: &Index<'a>) -> Vec<&'a Fact> {
    let mut module = import;
    loop {
        // The longest module path wins, as the go command has it.
        for (fact, ..) in index.provides("gomod", module) {
            if index.repo(fact) != repo || fact.subject != Subject::Here {
                continue;
            }
            let below = import[module.len()..].trim_start_matches('/');
            let Some(folder) = join(index.folder(fact), below) else {
                continue;
            };
            let place = format!("path:{folder}");
            return index
                .provides("gopkg", "")
                .filter(|(offer, key, _)| {
                    index.repo(offer) == repo && key.at.as_text() == Some(place.as_str())
                })
                .map(|(offer, ..)| offer)
                .collect();
        }
        match module.rfind('/') {
            Some(cut) => module = &module[..cut],
            None => return Vec::new(),
        }
    }
}

/// The import path of the package that a file belongs to.
pub(super) fn import_path(offer: &Fact, index: &Index<'_>) -> Option<String> {
    let repo = index.repo(offer);
    let folder = index.folder(offer);
    index
        .modules()
        .filter(|(fact, _)| index.repo(fact) == repo)
        .filter(|(fact, _)| crate::model::within(folder, index.folder(fact)))
        .max_by_key(|(fact, _)| index.folder(fact).len())
        .map(|(fact, module)| {
            let below = folder[index.folder(fact).len()..].trim_start_matches('/');
            if below.is_empty() {
                module.to_owned()
            } else {
                format!("{module}/{below}")
            }
        })
}
