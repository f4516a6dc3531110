//! Ruby: the file that defines a constant, as Ruby's scopes and Zeitwerk find it, and the files that code loads.

mod applications;
mod constants;
mod features;
mod paths;

use std::collections::HashMap;

use self::applications::Applications;
use self::constants::Constants;
use self::features::Features;
use super::{Finder, Found, Lookup, Run, Target, provided};
use crate::model::{
    Claim, ComponentId, DependencyKind, Fact, FileId, Hop, HopKind, Key, Part, Why, within,
};
use crate::resolve::index::Index;

pub(super) struct Ruby;

impl Lookup for Ruby {
    fn namespaces(&self) -> &'static [&'static str] {
        &["rbconst", "rbfile", "rbrequire"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        let private = run.index.facts.iter().filter_map(|fact| match &fact.claim {
            Claim::Binds { key, value } if key.namespace.0 == "packpublic" => {
                let component = run.component_of[fact.span.file.0 as usize];
                Some((component, (value.as_text()?, fact)))
            }
            _ => None,
        });
        let features = Features::new(run);
        Box::new(Names {
            index: run.index,
            component_of: run.component_of,
            roots: roots(run),
            applications: Applications::new(run),
            constants: Constants::new(run, &features),
            features,
            private: private.collect(),
        })
    }
}

/// The folder of each component.
fn roots<'r>(run: &Run<'r, '_>) -> Vec<&'r str> {
    let components = run.units.components.iter();
    components
        .map(|component| component.root.as_ref().map_or("", |root| &*root.path))
        .collect()
}

struct Names<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    /// By component.
    roots: Vec<&'r str>,
    applications: Applications,
    constants: Constants<'r, 'a>,
    features: Features<'r>,
    /// The public folder of each pack that keeps the rest private.
    private: HashMap<ComponentId, (&'a str, &'a Fact)>,
}

impl Names<'_, '_> {
    fn component(&self, file: FileId) -> ComponentId {
        self.component_of[file.0 as usize]
    }

    fn constant(&self, fact: &Fact, key: &Key) -> Found {
        let (Some(nesting), Some(name)) = (key.at.as_text(), key.name.as_text()) else {
            return Found::Outside(None);
        };
        let from = fact.span.file;
        match self.constants.find(from, nesting, name, &self.applications) {
            constants::Meaning::Defined(offer) => {
                self.found(from, vec![offer.span.file], |target| Target {
                    door: self.door(offer.span.file, name),
                    hops: vec![provided(offer, name)],
                    ..target
                })
            }
            constants::Meaning::Several(files) => {
                let paths = files.iter().map(|file| self.index.files.display(*file));
                Found::Unknown(Why::Ambiguous(paths.collect()))
            }
            constants::Meaning::Here => Found::Outside(None),
            constants::Meaning::Elsewhere => {
                let name = name.trim_start_matches("::");
                Found::Outside((!paths::is_core(name)).then(|| format!("ruby:{name}")))
            }
        }
    }

    /// A file by its path, with or without ending.
    fn file(&self, fact: &Fact, key: &Key) -> Found {
        let from = fact.span.file;
        let path = match key.name.0.as_slice() {
            [Part::Text(path)] => path.to_string(),
            [Part::Ref(root), Part::Text(rest)] if root.key.namespace.0 == "railsroot" => {
                let root = self.roots[self.component(from).0 as usize];
                format!("{root}{rest}").trim_start_matches('/').to_owned()
            }
            _ => return Found::Unknown(Why::NotFound),
        };
        let repo = self.index.repo(fact);
        let file = [format!("{path}.rb"), path.clone()]
            .iter()
            .find_map(|path| self.index.files.find(repo, path));
        let Some(file) = file else {
            return Found::Unknown(Why::NotFound);
        };
        let is_foreign = self.component(file) != self.component(from);
        self.found(from, vec![file], |target| Target {
            kind: is_foreign.then_some(DependencyKind::LinkSplice),
            symbol: is_foreign.then(|| format!("file:{}", self.index.files.path(file).path)),
            ..target
        })
    }

    /// A file that the load path leads to.
    fn feature(&self, fact: &Fact, key: &Key) -> Found {
        let Some(name) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        let from = fact.span.file;
        let files = self
            .features
            .find(from, name, &self.roots, &self.applications);
        match files.as_slice() {
            [] => {
                let name = name.trim_end_matches(".rb");
                Found::Outside((!paths::is_library(name)).then(|| format!("ruby:{name}")))
            }
            [file] => self.found(from, vec![*file], |target| target),
            files => {
                let paths = files.iter().map(|file| self.index.files.display(*file));
                Found::Unknown(Why::Ambiguous(paths.collect()))
            }
        }
    }

    fn found(&self, from: FileId, files: Vec<FileId>, with: impl Fn(Target) -> Target) -> Found {
        if files == [from] {
            return Found::Outside(None);
        }
        match Target::files(self.component_of, files) {
            Some(target) => Found::Here(vec![with(target)]),
            None => Found::Outside(None),
        }
    }

    /// What a pack keeps private: all that lies outside of its public folder and does not say that it is public.
    fn door(&self, file: FileId, name: &str) -> Option<Hop> {
        let (public, fact) = self.private.get(&self.component(file))?;
        let says_public = self
            .index
            .offered(file, "trait")
            .is_some_and(|(_, key)| key.name.as_text() == Some("pack-public"));
        if says_public || within(&self.index.files.path(file).path, public) {
            return None;
        }
        Some(Hop {
            span: fact.span,
            what: HopKind::Provide,
            name: format!("`{name}` is private"),
        })
    }
}

impl Finder for Names<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        match key.namespace.0 {
            "rbfile" => self.file(fact, key),
            "rbrequire" => self.feature(fact, key),
            _ => self.constant(fact, key),
        }
    }
}
