//! The component graph and the team graph; petgraph stays inside, one question per file.

mod components;
mod cycles;
mod drawing;
mod figures;
mod hierarchy;
mod metrics;
mod names;
mod paths;
mod people;
mod propose;
mod teams;
#[cfg(test)]
pub(crate) mod testing;
mod verdict;
mod view;

use std::sync::Arc;

use crate::model::{
    Allowance, Component, ComponentId, ComponentKind, Contract, Dependency, DependencyKind,
    Disguise, Endpoint, FileTable, Link, ManifestGap, Organisation, OwnerSetId, Resolved, Target,
    TeamId, Unresolved, Workload,
};

pub use components::{ComponentEdge, ComponentGraph};
pub use cycles::{TeamCycle, team_cycles};
pub use figures::{TeamFigures, by_trouble, figures, per_head};
pub use hierarchy::OrgFigures;
pub use metrics::{Band, Form, Locality, Metrics, OrganisationForm, Setting, Stability, TeamShape};
pub use names::{Named, QueryError, named, parse_kinds};
pub use paths::{Between, Indirect, between};
pub use people::{lines_of_communication, people};
pub use propose::{CoOwner, Proposal, ProposedLibrary, ProposedTeam, propose};
pub use teams::{Tally, TeamEdge, TeamGraph};
pub use verdict::{Verdict, Verdicts};
pub use view::{Legend, Level, Query, View, ViewEdge, ViewNode, view};

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

    /// Whether a dependency couples the teams of its ends.
    ///
    /// A gateway that passes a request on needs nothing of the service behind; the infrastructure that all use is
    /// nobody's design; and that something can be reached says nothing.
    pub fn couples_teams(&self, dependency: &Dependency) -> bool {
        let is_infrastructure =
            |end: &Endpoint| self.component(end.component).kind == ComponentKind::Infrastructure;
        !matches!(
            dependency.kind,
            DependencyKind::CallRoute | DependencyKind::Reach
        ) && !is_infrastructure(&dependency.from)
            && !is_infrastructure(&dependency.to)
    }

    /// What a build tool says that a component builds; empty when none was asked.
    pub fn targets(&self, id: ComponentId) -> &[Target] {
        self.resolved.targets.get(&id).map_or(&[], Vec::as_slice)
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

    /// Packages that manifests declare for production and no code uses.
    pub fn unused(&self) -> &[ManifestGap] {
        &self.resolved.unused
    }

    /// Packages that production code uses and no manifest declares.
    pub fn unlisted(&self) -> &[ManifestGap] {
        &self.resolved.unlisted
    }

    /// Contracts: documents in the order of the files, then packages.
    pub fn contracts(&self) -> &[Contract] {
        &self.resolved.contracts
    }

    /// Every link as it was found; only when the run kept them.
    pub fn links(&self) -> &[Link] {
        &self.resolved.links
    }

    /// What comments accept, sorted by place.
    pub fn allowances(&self) -> &[Allowance] {
        &self.resolved.allowances
    }

    pub fn organisation(&self) -> &Organisation {
        &self.resolved.organisation
    }

    /// What stands here for the names of teams and people, when they are hidden.
    pub fn disguise(&self) -> Option<&Arc<Disguise>> {
        self.resolved.disguise.as_ref()
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

    /// The ids of the teams of an owner set, sorted.
    pub fn set_ids(&self, set: OwnerSetId) -> Vec<&str> {
        let organisation = self.organisation();
        let mut ids: Vec<&str> = organisation
            .teams_of(set)
            .iter()
            .map(|team| organisation.team(*team).team.id.as_str())
            .collect();
        ids.sort_unstable();
        ids
    }

    /// The ids of the teams that are judged for one end of a dependency; empty when nobody owns it.
    pub fn end_ids(&self, end: &Endpoint) -> Vec<&str> {
        self.organisation()
            .endpoint(end)
            .set()
            .map_or_else(Vec::new, |set| self.set_ids(set))
    }

    /// The ids of the teams that own a component; empty when nobody owns it.
    pub fn component_ids(&self, component: ComponentId) -> Vec<&str> {
        self.organisation()
            .component(component)
            .set()
            .map_or_else(Vec::new, |set| self.set_ids(set))
    }
}
