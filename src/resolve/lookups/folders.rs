//! Infrastructure as code: a folder or a file that another one takes in by its path.

use super::paths::matching;
use super::{Finder, Found, Lookup, Run, Target};
use crate::model::{ComponentId, Fact, FileId, Key, Why};
use crate::resolve::index::Index;

pub(super) struct Folders;

impl Lookup for Folders {
    fn namespaces(&self) -> &'static [&'static str] {
        &["folder"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        Box::new(Taken {
            index: run.index,
            component_of: run.component_of,
        })
    }
}

struct Taken<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
}

impl Finder for Taken<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let (Some(at), Some(path)) = (key.at.as_text(), key.name.as_text()) else {
            return Found::Unknown(Why::NotFound);
        };
        match at.split_once(':') {
            Some(("git", address)) => return Found::Outside(Some(format!("git:{address}"))),
            Some(("registry", registry)) => {
                return Found::Outside(Some(format!("{registry}:{path}")));
            }
            Some(_) => return Found::Unknown(Why::NotFound),
            None => {}
        }
        let repo = self.index.repo(fact);
        let files = self.index.files;
        // What stands in the folder itself is taken in; folders below are others.
        let direct = |file: &FileId| {
            let found = &*files.path(*file).path;
            found == path || files.path(*file).parent() == path
        };
        let found: Vec<FileId> = matching(self.index, repo, path)
            .into_iter()
            .filter(direct)
            .collect();
        match Target::files(self.component_of, found) {
            Some(target) => Found::Here(vec![target]),
            None => Found::Unknown(Why::NotFound),
        }
    }
}
