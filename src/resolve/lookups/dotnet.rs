//! .NET: the files of the repository that declare a namespace, by its full name.

use super::{Finder, Found, Lookup, Run, Target, files_in, provided};
use crate::model::{ComponentId, Fact, FileId, Key};
use crate::resolve::index::Index;

pub(super) struct Namespaces;

impl Lookup for Namespaces {
    fn namespaces(&self) -> &'static [&'static str] {
        &["csharpns"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        Box::new(Names {
            index: run.index,
            component_of: run.component_of,
        })
    }
}

struct Names<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
}

impl Finder for Names<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let Some(name) = key.name.as_text() else {
            return Found::Outside(None);
        };
        let offers: Vec<&Fact> = self
            .index
            .provides(key.namespace.0, name)
            .map(|(fact, ..)| fact)
            .collect();
        let files = files_in(offers.iter().copied(), self.index.repo(fact), self.index);
        let offer = offers
            .iter()
            .find(|offer| files.first() == Some(&offer.span.file));
        let (Some(target), Some(offer)) = (Target::files(self.component_of, files), offer) else {
            return Found::Outside(None);
        };
        Found::Here(vec![Target {
            unit: Some(format!("{}:{name}", key.namespace)),
            hops: vec![provided(offer, name)],
            ..target
        }])
    }

    fn unit(&self, file: FileId) -> Option<String> {
        self.index
            .offered(file, "csharpns")
            .and_then(|(_, key)| Some(format!("csharpns:{}", key.name.as_text()?)))
    }
}
