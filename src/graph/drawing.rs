//! Nodes and edges of a picture while it is narrowed down.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ComponentGraph, Graph, Level, Named, TeamGraph, Verdict, Verdicts, ViewEdge, ViewNode,
};
use crate::model::{ComponentId, ComponentKind, Dependency, Finding, TeamId};

/// Nodes and edges by the index of the team or component.
#[derive(Default)]
pub(super) struct Drawing {
    pub(super) nodes: BTreeMap<u32, ViewNode>,
    pub(super) edges: BTreeMap<(u32, u32), ViewEdge>,
    pub(super) hidden: Option<String>,
}

impl Drawing {
    pub(super) fn of_teams(
        graph: &Graph,
        verdicts: &Verdicts,
        keep: impl Fn(&Dependency) -> bool,
    ) -> Self {
        let organisation = graph.organisation();
        let couplings = TeamGraph::new(graph, keep);
        let mut drawing = Self::default();
        let mut owned: BTreeMap<TeamId, usize> = BTreeMap::new();
        for set in organisation.files.iter().filter_map(|file| file.set()) {
            for team in organisation.teams_of(set) {
                owned.entry(*team).or_default();
            }
        }
        for owner in &organisation.components {
            for team in owner
                .owned
                .set()
                .map_or(&[][..], |set| organisation.teams_of(set))
            {
                *owned.entry(*team).or_default() += 1;
            }
        }
        for edge in couplings.edges() {
            owned.entry(edge.from).or_default();
            owned.entry(edge.to).or_default();
            drawing.connect(
                graph,
                verdicts,
                (edge.from.0, edge.to.0),
                &edge.dependencies,
            );
        }
        for (id, size) in owned {
            let team = &organisation.team(id).team;
            let node = ViewNode {
                id: team.id.clone(),
                label: team.name.clone().unwrap_or_else(|| team.id.clone()),
                kind: team.kind.as_str(),
                team: None,
                size,
                org: None,
            };
            drawing.nodes.insert(id.0, node);
        }
        drawing.name_ends();
        drawing
    }

    pub(super) fn of_components(
        graph: &Graph,
        verdicts: &Verdicts,
        keep: impl Fn(&Dependency) -> bool,
    ) -> Self {
        let mut drawing = Self::default();
        let mut hidden: BTreeSet<ComponentId> = BTreeSet::new();
        for edge in ComponentGraph::new(graph, keep).edges() {
            let unseen: Vec<ComponentId> = [edge.from, edge.to]
                .into_iter()
                .filter(|id| is_hidden(graph.component(*id).kind))
                .collect();
            let crosses = |index: &usize| graph.crossing(&graph.dependencies()[*index]).is_some();
            let within = edge.from == edge.to && !edge.dependencies.iter().any(crosses);
            if !unseen.is_empty() {
                hidden.extend(unseen);
            } else if !within {
                let ends = (edge.from.0, edge.to.0);
                drawing.connect(graph, verdicts, ends, &edge.dependencies);
            }
        }
        if !hidden.is_empty() {
            drawing.hidden = Some(format!(
                "coupled components of the kinds infrastructure, external and rest are not drawn: {}",
                hidden.len()
            ));
        }
        for (index, component) in graph.components().iter().enumerate() {
            if is_hidden(component.kind) {
                continue;
            }
            let owners = graph.component_ids(ComponentId(index as u32));
            let shares = graph.organisation().components.get(index);
            let files = shares.map_or(0, |owner| owner.shares.iter().map(|share| share.1).sum());
            let node = ViewNode {
                id: component.id.clone(),
                label: component.name.clone(),
                kind: component.kind.as_str(),
                team: (!owners.is_empty()).then(|| owners.join(Finding::AND)),
                size: files as usize,
                org: None,
            };
            drawing.nodes.insert(index as u32, node);
        }
        drawing.name_ends();
        drawing
    }

    fn connect(
        &mut self,
        graph: &Graph,
        verdicts: &Verdicts,
        ends: (u32, u32),
        dependencies: &[usize],
    ) {
        let mut kinds: BTreeMap<&'static str, u32> = BTreeMap::new();
        let mut verdict = Verdict::Permitted;
        for index in dependencies {
            let dependency = &graph.dependencies()[*index];
            let sites = kinds.entry(dependency.kind.as_str()).or_default();
            *sites = sites.saturating_add(dependency.count);
            verdict = verdict.max(verdicts.of(graph, dependency));
        }
        let counts: Vec<String> = kinds
            .iter()
            .map(|(kind, sites)| format!("{kind} {sites}"))
            .collect();
        let edge = ViewEdge {
            from: String::new(),
            to: String::new(),
            label: counts.join(", "),
            kinds,
            verdict,
        };
        self.edges.insert(ends, edge);
    }

    fn name_ends(&mut self) {
        for ((from, to), edge) in &mut self.edges {
            let id = |index: &u32| self.nodes.get(index).map(|node| node.id.clone());
            edge.from = id(from).unwrap_or_default();
            edge.to = id(to).unwrap_or_default();
        }
    }

    pub(super) fn drop_lonely(&mut self) {
        let coupled: BTreeSet<u32> = self.edges.keys().flat_map(|(a, b)| [*a, *b]).collect();
        self.keep_only(&coupled);
    }

    pub(super) fn keep_near(&mut self, centre: &BTreeSet<u32>, depth: usize) {
        let mut near: BTreeSet<u32> = centre.clone();
        for _ in 0..depth {
            let further: Vec<u32> = self
                .edges
                .keys()
                .filter(|(a, b)| near.contains(a) || near.contains(b))
                .flat_map(|(a, b)| [*a, *b])
                .filter(|node| !near.contains(node))
                .collect();
            if further.is_empty() {
                break;
            }
            near.extend(further);
        }
        self.keep_only(&near);
    }

    /// Keeps the focus and the nodes with the most sites; says how many others there were.
    pub(super) fn cap(
        &mut self,
        most: usize,
        focused: &BTreeSet<u32>,
        ones: &str,
    ) -> Option<String> {
        let all = self.nodes.len();
        if all <= most {
            return None;
        }
        let mut weight: BTreeMap<u32, u64> = self.nodes.keys().map(|node| (*node, 0)).collect();
        for ((from, to), edge) in &self.edges {
            let sites: u64 = edge.kinds.values().map(|sites| u64::from(*sites)).sum();
            *weight.entry(*from).or_default() += sites;
            *weight.entry(*to).or_default() += sites;
        }
        let mut ranked: Vec<u32> = weight.keys().copied().collect();
        ranked.sort_by_key(|node| {
            (
                !focused.contains(node),
                std::cmp::Reverse(weight[node]),
                *node,
            )
        });
        ranked.truncate(most);
        self.keep_only(&ranked.into_iter().collect());
        Some(format!(
            "{} of {all} {ones}, the least coupled ones, are not drawn",
            all - self.nodes.len()
        ))
    }

    pub(super) fn keep_only(&mut self, kept: &BTreeSet<u32>) {
        self.nodes.retain(|node, _| kept.contains(node));
        self.edges
            .retain(|(from, to), _| kept.contains(from) && kept.contains(to));
    }
}

/// The nodes that a name stands for, at the level of the picture.
pub(super) fn focus(graph: &Graph, level: Level, name: &Named) -> BTreeSet<u32> {
    match (level, name) {
        (Level::Team | Level::Org, Named::Team(team)) => BTreeSet::from([team.0]),
        (Level::Team | Level::Org, Named::Components(components)) => {
            let organisation = graph.organisation();
            components
                .iter()
                .filter_map(|component| organisation.component(*component).set())
                .flat_map(|set| organisation.teams_of(set))
                .map(|team| team.0)
                .collect()
        }
        (Level::Component, name) => {
            let components = name.components(graph);
            components
                .into_iter()
                .map(|component| component.0)
                .collect()
        }
    }
}

fn is_hidden(kind: ComponentKind) -> bool {
    matches!(
        kind,
        ComponentKind::Infrastructure | ComponentKind::External | ComponentKind::Rest
    )
}
