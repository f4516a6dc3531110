//! Which team depends on which: one edge for each ordered pair of teams that some dependency couples.

use std::collections::BTreeMap;

use petgraph::graph::{DiGraph, NodeIndex};

use super::{Graph, Verdict, Verdicts};
use crate::model::{Context, Dependency, DependencyKind, TeamId};

/// The teams that couplings join, and the couplings.
#[derive(Clone, Debug, Default)]
pub struct TeamGraph {
    pub(super) graph: DiGraph<TeamId, TeamEdge>,
}

/// All that one team has from another.
#[derive(Clone, Debug)]
pub struct TeamEdge {
    pub from: TeamId,
    pub to: TeamId,
    /// Indices into [`Graph::dependencies`], ascending.
    pub dependencies: Vec<usize>,
    pub kinds: BTreeMap<DependencyKind, Tally>,
}

/// Sites of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub sites: u32,
    /// The part of them that is production code.
    pub production: u32,
}

impl TeamGraph {
    /// The graph over the dependencies that `keep` lets through; an end that teams own together counts for each of them.
    pub fn new(graph: &Graph, keep: impl Fn(&Dependency) -> bool) -> Self {
        let mut edges: BTreeMap<(TeamId, TeamId), TeamEdge> = BTreeMap::new();
        for (index, dependency) in graph.dependencies().iter().enumerate() {
            if dependency.kind == DependencyKind::Reach || !keep(dependency) {
                continue;
            }
            for (from, to) in graph.team_pairs(dependency) {
                edges
                    .entry((from, to))
                    .or_insert_with(|| TeamEdge {
                        from,
                        to,
                        dependencies: Vec::new(),
                        kinds: BTreeMap::new(),
                    })
                    .add(index, dependency);
            }
        }
        let mut nodes: BTreeMap<TeamId, NodeIndex> = BTreeMap::new();
        let mut built = DiGraph::new();
        for team in edges.keys().flat_map(|(from, to)| [*from, *to]) {
            nodes.entry(team).or_insert_with(|| built.add_node(team));
        }
        for ((from, to), edge) in edges {
            built.add_edge(nodes[&from], nodes[&to], edge);
        }
        Self { graph: built }
    }

    /// All edges, sorted by the ids of both teams.
    pub fn edges(&self) -> Vec<&TeamEdge> {
        let mut edges: Vec<&TeamEdge> = self.graph.edge_weights().collect();
        edges.sort_by_key(|edge| (edge.from, edge.to));
        edges
    }

    /// The edge from one team to another.
    pub fn edge(&self, from: TeamId, to: TeamId) -> Option<&TeamEdge> {
        self.graph
            .edge_weights()
            .find(|edge| (edge.from, edge.to) == (from, to))
    }
}

impl TeamEdge {
    /// The number of sites of all kinds.
    pub fn sites(&self) -> u32 {
        self.kinds
            .values()
            .fold(0, |sum, tally| sum.saturating_add(tally.sites))
    }

    /// The worst that the rules say of any of its dependencies.
    pub fn verdict(&self, graph: &Graph, verdicts: &Verdicts) -> Verdict {
        self.dependencies
            .iter()
            .map(|index| verdicts.of(graph, &graph.dependencies()[*index]))
            .max()
            .unwrap_or_default()
    }

    fn add(&mut self, index: usize, dependency: &Dependency) {
        if self.dependencies.last() != Some(&index) {
            self.dependencies.push(index);
        }
        let tally = self.kinds.entry(dependency.kind).or_default();
        tally.sites = tally.sites.saturating_add(dependency.count);
        if dependency.context == Context::Production {
            tally.production = tally.production.saturating_add(dependency.count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Builder, dep};
    use super::*;

    #[test]
    fn a_jointly_owned_end_gives_an_edge_for_each_of_its_teams() {
        let graph = Builder::new()
            .service("cart-api", "cart")
            .service("catalog-api", "catalog,search")
            .dep(dep("cart-api", "catalog-api", DependencyKind::LinkImpl))
            .dep(dep("cart-api", "catalog-api", DependencyKind::LinkSplice).context(Context::Test))
            .graph();
        let teams = TeamGraph::new(&graph, |_| true);
        let named: Vec<_> = teams
            .edges()
            .iter()
            .map(|edge| {
                let id = |team| graph.organisation().team(team).team.id.clone();
                (id(edge.from), id(edge.to), edge.sites())
            })
            .collect();
        assert_eq!(
            named,
            [
                ("cart".to_owned(), "catalog".to_owned(), 2),
                ("cart".to_owned(), "search".to_owned(), 2)
            ]
        );
        let splice = teams.edges()[0].kinds[&DependencyKind::LinkSplice];
        assert_eq!(
            splice,
            Tally {
                sites: 1,
                production: 0
            }
        );
    }
}
