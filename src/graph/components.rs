//! Which component depends on which: one edge for each ordered pair.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::graph::{DiGraph, NodeIndex};

use super::Graph;
use crate::model::{ComponentId, Dependency, DependencyKind};

/// The components that dependencies join, and the dependencies.
#[derive(Clone, Debug, Default)]
pub struct ComponentGraph {
    graph: DiGraph<ComponentId, ComponentEdge>,
    nodes: BTreeMap<ComponentId, NodeIndex>,
}

/// All that one component has from another, or from another unit of itself.
#[derive(Clone, Debug)]
pub struct ComponentEdge {
    pub from: ComponentId,
    pub to: ComponentId,
    /// Indices into [`Graph::dependencies`], ascending.
    pub dependencies: Vec<usize>,
}

impl ComponentGraph {
    /// The graph over the dependencies that `keep` lets through.
    pub fn new(graph: &Graph, keep: impl Fn(&Dependency) -> bool) -> Self {
        let mut merged: BTreeMap<(ComponentId, ComponentId), Vec<usize>> = BTreeMap::new();
        for (index, dependency) in graph.dependencies().iter().enumerate() {
            if dependency.kind != DependencyKind::Reach && keep(dependency) {
                merged
                    .entry((dependency.from.component, dependency.to.component))
                    .or_default()
                    .push(index);
            }
        }
        let mut built = Self::default();
        for ((from, to), dependencies) in merged {
            let (a, b) = (built.node(from), built.node(to));
            let edge = ComponentEdge {
                from,
                to,
                dependencies,
            };
            built.graph.add_edge(a, b, edge);
        }
        built
    }

    /// All edges, sorted by both components.
    pub fn edges(&self) -> Vec<&ComponentEdge> {
        let mut edges: Vec<&ComponentEdge> = self.graph.edge_weights().collect();
        edges.sort_by_key(|edge| (edge.from, edge.to));
        edges
    }

    /// The fewest edges that lead from one set of components to another; of equals, the first by component.
    pub fn shortest_path(
        &self,
        from: &BTreeSet<ComponentId>,
        to: &BTreeSet<ComponentId>,
    ) -> Option<Vec<&ComponentEdge>> {
        let mut came_by: BTreeMap<ComponentId, Option<&ComponentEdge>> =
            from.iter().map(|start| (*start, None)).collect();
        let mut queue: VecDeque<ComponentId> = from.iter().copied().collect();
        while let Some(at) = queue.pop_front() {
            for edge in self.out(at) {
                if came_by.contains_key(&edge.to) {
                    continue;
                }
                came_by.insert(edge.to, Some(edge));
                if to.contains(&edge.to) {
                    return Some(walk_back(&came_by, edge.to));
                }
                queue.push_back(edge.to);
            }
        }
        None
    }

    fn out(&self, component: ComponentId) -> Vec<&ComponentEdge> {
        let Some(node) = self.nodes.get(&component) else {
            return Vec::new();
        };
        let mut edges: Vec<&ComponentEdge> =
            self.graph.edges(*node).map(|edge| edge.weight()).collect();
        edges.sort_by_key(|edge| edge.to);
        edges
    }

    fn node(&mut self, component: ComponentId) -> NodeIndex {
        *self
            .nodes
            .entry(component)
            .or_insert_with(|| self.graph.add_node(component))
    }
}

fn walk_back<'a>(
    came_by: &BTreeMap<ComponentId, Option<&'a ComponentEdge>>,
    end: ComponentId,
) -> Vec<&'a ComponentEdge> {
    let mut path = Vec::new();
    let mut at = end;
    while let Some(Some(edge)) = came_by.get(&at) {
        path.push(*edge);
        at = edge.from;
    }
    path.reverse();
    path
}
