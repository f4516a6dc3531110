//! What resolving gives: the input of the graph.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    Allowance, Component, ComponentId, Context, Contract, Dependency, DependencyKind, Disguise,
    FileId, FileTable, Organisation, RepoPath, Span, Unresolved, Workload,
};

/// Components, their dependencies and their owners, as far as all facts together tell.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    pub files: FileTable,
    /// Sorted by id; indexed by [`ComponentId`](super::ComponentId).
    pub components: Vec<Component>,
    pub workloads: Vec<Workload>,
    /// Merged and sorted.
    pub dependencies: Vec<Dependency>,
    pub unresolved: Vec<Unresolved>,
    /// Links between components as manifests declare them, used or not.
    pub declared: BTreeSet<(ComponentId, ComponentId, Context)>,
    /// Packages that manifests declare for production and no code uses.
    pub unused: Vec<ManifestGap>,
    /// Packages that production code uses and no manifest declares.
    pub unlisted: Vec<ManifestGap>,
    /// Contracts, documents in the order of the files, then packages.
    pub contracts: Vec<Contract>,
    pub organisation: Organisation,
    /// What comments accept, sorted by place.
    pub allowances: Vec<Allowance>,
    /// Every link as it was found, sorted; only when they are asked for.
    pub links: Vec<Link>,
    /// What a build tool says that a component builds: for readers, never for verdicts, since no tool is there for a commit.
    pub targets: BTreeMap<ComponentId, Vec<Target>>,
    /// What stands here for names, when all of this was made anonymous.
    pub disguise: Option<Arc<Disguise>>,
}

/// Where manifest and code of a component disagree about another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ManifestGap {
    pub from: ComponentId,
    pub to: ComponentId,
    /// The declaration, or the first use.
    pub at: Span,
}

/// One link as it was found, before links are merged into dependencies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    pub at: Span,
    pub to: LinkEnd,
    pub kind: DependencyKind,
    pub context: Context,
    /// The name that is used there.
    pub name: String,
}

/// The far end of a [`Link`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkEnd {
    /// The files that offer the name.
    Files(Vec<FileId>),
    /// A component as a whole.
    Component(ComponentId),
    /// What lies outside of the run, as its registry calls it (`npm:react`).
    Outside(String),
}

/// One thing that a package builds: its name and its kinds (`lib`, `bin`, `proc-macro`, …).
pub type Target = (String, Vec<String>);

impl Resolved {
    /// Gives each component the targets of the package in its root.
    pub fn set_targets(&mut self, by_folder: &BTreeMap<RepoPath, Vec<Target>>) {
        let components = self.components.iter().enumerate();
        self.targets = components
            .filter_map(|(index, component)| {
                let targets = by_folder.get(component.root.as_ref()?)?;
                Some((ComponentId(index as u32), targets.clone()))
            })
            .collect();
    }
}

/// How far cargo's own reading of manifests confirms ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CargoCoverage {
    /// Workspaces that cargo answered for.
    pub workspaces: usize,
    pub packages: usize,
    /// Path dependencies that both see, by section.
    pub confirmed: usize,
    /// Those that one of the two sees alone.
    pub differing: usize,
}
