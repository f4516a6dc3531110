//! What resolving gives: the input of the graph.

use std::collections::BTreeSet;

use super::{
    Allowance, Component, ComponentId, Context, Dependency, FileTable, Organisation, Unresolved,
    Workload,
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
    pub organisation: Organisation,
    /// What comments accept, sorted by place.
    pub allowances: Vec<Allowance>,
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
