//! The component graph and the team graph; petgraph stays inside, one question per file.

use crate::model::{
    Component, ComponentId, Dependency, FileTable, Organisation, OwnerSetId, Resolved, TeamId,
    Unresolved, Workload,
};

/// Components, dependencies and the organisation: all that rules and reports may ask.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    resolved: Resolved,
}

impl Graph {
    /// The graph of a resolved run.
    pub fn new(resolved: Resolved) -> Self {
        Self { resolved }
    }

    pub fn files(&self) -> &FileTable {
        &self.resolved.files
    }

    pub fn components(&self) -> &[Component] {
        &self.resolved.components
    }

    pub fn component(&self, id: ComponentId) -> &Component {
        &self.resolved.components[id.0 as usize]
    }

    pub fn workloads(&self) -> &[Workload] {
        &self.resolved.workloads
    }

    pub fn dependencies(&self) -> &[Dependency] {
        &self.resolved.dependencies
    }

    pub fn unresolved(&self) -> &[Unresolved] {
        &self.resolved.unresolved
    }

    pub fn organisation(&self) -> &Organisation {
        &self.resolved.organisation
    }

    /// The owner sets of both ends, when both are known and have nobody in common.
    pub fn crossing(&self, dependency: &Dependency) -> Option<(OwnerSetId, OwnerSetId)> {
        let organisation = self.organisation();
        let from = organisation.endpoint(&dependency.from).set()?;
        let to = organisation.endpoint(&dependency.to).set()?;
        organisation.cross(from, to).then_some((from, to))
    }

    /// The pairs of teams that a dependency couples; empty when it stays in one team or an owner is unknown.
    pub fn team_pairs(&self, dependency: &Dependency) -> Vec<(TeamId, TeamId)> {
        let Some((from, to)) = self.crossing(dependency) else {
            return Vec::new();
        };
        let organisation = self.organisation();
        organisation
            .teams_of(from)
            .iter()
            .flat_map(|a| organisation.teams_of(to).iter().map(move |b| (*a, *b)))
            .collect()
    }
}
