//! Go packages: an import path is the module's path and the folder below the module.

use super::{Finder, Found, Lookup, Run, Target, files_in, provided};
use crate::model::{ComponentId, Fact, FileId, Key, RepoId, Subject, Why, join};
use crate::resolve::index::Index;

pub(super) struct Go;

impl Lookup for Go {
    fn namespaces(&self) -> &'static [&'static str] {
        &["gopkg"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        Box::new(Packages {
            index: run.index,
            component_of: run.component_of,
        })
    }
}

struct Packages<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
}

impl Finder for Packages<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let Some(import) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        let repo = self.index.repo(fact);
        let offers = find(import, repo, self.index);
        let files = files_in(offers.iter().copied(), repo, self.index);
        let (Some(target), Some(offer)) = (Target::files(self.component_of, files), offers.first())
        else {
            return Found::Outside(Some(format!("go:{import}")));
        };
        Found::Here(vec![Target {
            unit: Some(format!("gopkg:{import}")),
            hops: vec![provided(offer, import)],
            ..target
        }])
    }

    fn unit(&self, file: FileId) -> Option<String> {
        let (offer, _) = self.index.offered(file, "gopkg")?;
        Some(format!("gopkg:{}", import_path(offer, self.index)?))
    }
}

/// The files that make up the package that an import names, in file order.
fn find<'a>(import: &str, repo: RepoId, index: &Index<'a>) -> Vec<&'a Fact> {
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

/// The import path of a package, from the folder of its offer.
fn import_path(offer: &Fact, index: &Index<'_>) -> Option<String> {
    let folder = index.folder(offer);
    let (root, module) = index.module(index.repo(offer), folder)?;
    let below = folder[root.len()..].trim_start_matches('/');
    Some(if below.is_empty() {
        module.to_owned()
    } else {
        format!("{module}/{below}")
    })
}
