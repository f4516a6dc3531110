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
            return index.package(repo, &format!("path:{folder}"));
        }
        match module.rfind('/') {
            Some(cut) => module = &module[..cut],
            None => return Vec::new(),
        }
    }
}

/// The import path of the package that a file belongs to.
pub(super) fn import_path(offer: &Fact, index: &Index<'_>) -> Option<String> {
    let folder = index.folder(offer);
    let (root, module) = index.module(index.repo(offer), folder)?;
    let below = folder[root.len()..].trim_start_matches('/');
    Some(if below.is_empty() {
        module.to_owned()
    } else {
        format!("{module}/{below}")
    })
}
