//! What a name in code means: one file for each ecosystem whose names take more than an equal text.

mod bazel;
mod builds;
mod c;
mod cmake;
mod dart;
mod docker;
mod dotnet;
mod elixir;
mod folders;
mod git;
mod golang;
mod headers;
mod javascript;
mod jvm;
mod paths;
mod php;
mod proto;
mod python;
mod ruby;
mod rust;
mod swift;

use std::collections::{BTreeSet, HashMap};

use super::fold::Folder;
use super::index::Index;
use super::msbuild::Projects;
use super::units::Units;
use crate::model::{
    Certainty, ComponentId, Context, DependencyKind, Fact, FileId, Hop, HopKind, Key, RepoId, Why,
};

/// Finds what the names of one ecosystem's code mean.
pub(super) trait Lookup: Sync {
    /// The namespaces of the names that it looks up.
    fn namespaces(&self) -> &'static [&'static str];

    /// Prepares the look-ups of a run: what is asked again and again is put in order once.
    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r>;
}

/// Answers for one run; asked in parallel.
pub(super) trait Finder: Sync {
    /// What the name of a requirement means, asked from the file of the fact.
    fn find(&self, fact: &Fact, key: &Key) -> Found;

    /// The canonical name (`gopkg:example.com/shop/cart`) of the unit that a file is part of; `None`: its folder.
    fn unit(&self, _file: FileId) -> Option<String> {
        None
    }
}

/// What a name means.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// Things of the run; each of them is used.
    Here(Vec<Target>),
    /// A package from outside, as its registry calls it (`npm:react`), or the language itself when there is none.
    Outside(Option<String>),
    /// Not known: counted and shown.
    Unknown(Why),
}

/// One thing of the run.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) component: ComponentId,
    /// The files that offer it; empty: the component as a whole.
    pub(super) files: Vec<FileId>,
    /// The canonical name of its unit; `None`: the component, or, inside one component, the folder of the first file.
    pub(super) unit: Option<String>,
    /// What of it, when that is part of the finding's identity.
    pub(super) symbol: Option<String>,
    /// Another kind than the fact tells, such as a splice.
    pub(super) kind: Option<DependencyKind>,
    /// The weakest step of the look-up.
    pub(super) certainty: Certainty,
    /// From the use to what provides it.
    pub(super) hops: Vec<Hop>,
    /// Why reaching it goes around the interface of its package: a back door beside the link.
    pub(super) door: Option<Hop>,
}

impl Target {
    /// A component as a whole.
    pub(super) fn component(component: ComponentId) -> Self {
        Self {
            component,
            files: Vec::new(),
            unit: None,
            symbol: None,
            kind: None,
            certainty: Certainty::Declared,
            hops: Vec::new(),
            door: None,
        }
    }

    /// What files of one component offer; nothing, when there are no files.
    pub(super) fn files(component_of: &[ComponentId], files: Vec<FileId>) -> Option<Self> {
        let component = component_of[files.first()?.0 as usize];
        Some(Self {
            files,
            ..Self::component(component)
        })
    }
}

/// What the look-ups of a run may ask.
pub(super) struct Run<'r, 'a> {
    pub(super) index: &'r Index<'a>,
    /// Static scopes: what manifests refer to.
    pub(super) folder: &'r Folder<'a>,
    pub(super) units: &'r Units,
    pub(super) component_of: &'r [ComponentId],
    /// The links that manifests declare inside the run.
    pub(super) declared: &'r BTreeSet<(ComponentId, ComponentId, Context)>,
    /// .NET projects, as MSBuild sees them.
    pub(super) projects: &'r Projects<'a>,
}

const LOOKUPS: &[&dyn Lookup] = &[
    &bazel::Labels,
    &c::Includes,
    &cmake::Targets,
    &dart::Dart,
    &docker::Docker,
    &dotnet::Namespaces,
    &elixir::Elixir,
    &folders::Folders,
    &git::Git,
    &golang::Go,
    &javascript::Modules,
    &jvm::Jvm,
    &php::Php,
    &proto::Proto,
    &python::Python,
    &ruby::Ruby,
    &rust::Modules,
    &swift::Swift,
];

/// The prepared look-ups of a run.
pub(super) struct Finders<'r> {
    finders: Vec<Box<dyn Finder + 'r>>,
    by_namespace: HashMap<&'static str, usize>,
}

impl<'r> Finders<'r> {
    pub(super) fn new(run: &Run<'r, '_>) -> Self {
        let mut by_namespace = HashMap::new();
        let mut finders = Vec::new();
        for (number, lookup) in LOOKUPS.iter().enumerate() {
            finders.push(lookup.prepare(run));
            for namespace in lookup.namespaces() {
                by_namespace.insert(*namespace, number);
            }
        }
        Self {
            finders,
            by_namespace,
        }
    }

    /// What the name means; `None` when no look-up knows names of its kind.
    pub(super) fn find(&self, fact: &Fact, key: &Key) -> Option<Found> {
        let number = *self.by_namespace.get(key.namespace.0)?;
        Some(self.finders[number].find(fact, key))
    }

    /// The canonical name of the unit of a file.
    pub(super) fn unit(&self, file: FileId) -> Option<String> {
        self.finders.iter().find_map(|finder| finder.unit(file))
    }
}

/// Whether some look-up knows names of this namespace.
pub(super) fn handles(namespace: &str) -> bool {
    LOOKUPS
        .iter()
        .any(|lookup| lookup.namespaces().contains(&namespace))
}

/// The files of offers, each once, in order; those of another repository are left out.
fn files_in<'a>(
    offers: impl IntoIterator<Item = &'a Fact>,
    repo: RepoId,
    index: &Index<'_>,
) -> Vec<FileId> {
    let mut files: Vec<FileId> = offers
        .into_iter()
        .filter(|offer| index.repo(offer) == repo)
        .map(|offer| offer.span.file)
        .collect();
    files.sort();
    files.dedup();
    files
}

/// The last hop of a look-up.
fn provided(offer: &Fact, name: &str) -> Hop {
    Hop {
        span: offer.span,
        what: HopKind::Provide,
        name: name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_namespace_has_one_look_up() {
        let mut seen = BTreeSet::new();
        for namespace in LOOKUPS.iter().flat_map(|lookup| lookup.namespaces()) {
            assert!(seen.insert(namespace), "{namespace}");
        }
    }
}
