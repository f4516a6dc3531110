//! How stable is a team, and how far does a change in it reach?
//!
//! An edge leads from a team to one on which it depends.

use std::collections::BTreeSet;

use petgraph::Direction;
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// The number of nodes that depend on this one.
pub(super) fn afferent<N>(graph: &DiGraph<N, ()>, node: NodeIndex) -> usize {
    distinct(graph, node, Direction::Incoming)
}

/// The number of nodes on which this one depends.
pub(super) fn efferent<N>(graph: &DiGraph<N, ()>, node: NodeIndex) -> usize {
    distinct(graph, node, Direction::Outgoing)
}

fn distinct<N>(graph: &DiGraph<N, ()>, node: NodeIndex, direction: Direction) -> usize {
    let others = graph.neighbors_directed(node, direction);
    others
        .filter(|other| *other != node)
        .collect::<BTreeSet<_>>()
        .len()
}

/// `Ce / (Ca + Ce)`; `None` for a node without edges.
///
/// Source: R. C. Martin, *OO Design Quality Metrics*, 1994.
pub(super) fn instability<N>(graph: &DiGraph<N, ()>, node: NodeIndex) -> Option<f64> {
    let (afferent, efferent) = (afferent(graph, node), efferent(graph, node));
    let all = afferent + efferent;
    (all > 0).then(|| efferent as f64 / all as f64)
}

/// The edges from a node to a less stable one, against the stable-dependencies principle.
///
/// Source: R. C. Martin, *OO Design Quality Metrics*, 1994.
pub(super) fn against<N>(graph: &DiGraph<N, ()>) -> Vec<(NodeIndex, NodeIndex)> {
    let all: Vec<Option<f64>> = graph
        .node_indices()
        .map(|node| instability(graph, node))
        .collect();
    let edges = graph.edge_indices();
    let mut found: Vec<(NodeIndex, NodeIndex)> = edges
        .filter_map(|edge| graph.edge_endpoints(edge))
        .filter(|(from, to)| match (all[from.index()], all[to.index()]) {
            (Some(from), Some(to)) => from < to,
            _ => false,
        })
        .collect();
    found.sort_unstable();
    found
}

/// The share of the ordered pairs, each node with itself among them, in which the first reaches the second.
///
/// Source: MacCormack, Rusnak, Baldwin, *Exploring the Structure of Complex Software Designs*, Management Science 52(7), 2006.
pub(super) fn propagation_cost<N>(graph: &DiGraph<N, ()>) -> Option<f64> {
    let nodes = graph.node_count();
    if nodes == 0 {
        return None;
    }
    // Sinks come first, so that what a component reaches is known before anything that reaches it.
    let components = tarjan_scc(graph);
    let mut component_of = vec![0; nodes];
    for (index, component) in components.iter().enumerate() {
        for node in component {
            component_of[node.index()] = index;
        }
    }
    let words = components.len().div_ceil(64);
    let mut reached: Vec<Vec<u64>> = Vec::with_capacity(components.len());
    let mut pairs = 0.0;
    for (index, component) in components.iter().enumerate() {
        let mut own = vec![0_u64; words];
        own[index / 64] |= 1 << (index % 64);
        let next: BTreeSet<usize> = component
            .iter()
            .flat_map(|node| graph.neighbors(*node))
            .map(|node| component_of[node.index()])
            .filter(|next| *next != index)
            .collect();
        for next in next {
            for (word, other) in own.iter_mut().zip(&reached[next]) {
                *word |= other;
            }
        }
        let reach: usize = (0..=index)
            .filter(|other| own[other / 64] >> (other % 64) & 1 == 1)
            .map(|other| components[other].len())
            .sum();
        pairs += component.len() as f64 * reach as f64;
        reached.push(own);
    }
    Some(pairs / (nodes as f64 * nodes as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(nodes: usize, edges: &[(u32, u32)]) -> DiGraph<(), ()> {
        let mut graph = DiGraph::from_edges(edges);
        while graph.node_count() < nodes {
            graph.add_node(());
        }
        graph
    }

    #[test]
    fn a_chain_of_three() {
        let chain = graph(3, &[(0, 1), (1, 2)]);
        let all: Vec<_> = chain
            .node_indices()
            .map(|n| instability(&chain, n))
            .collect();
        assert_eq!(all, [Some(1.0), Some(0.5), Some(0.0)]);
        assert_eq!(against(&chain), []);
        assert_eq!(propagation_cost(&chain), Some(6.0 / 9.0));
    }

    #[test]
    fn a_stable_node_that_depends_on_an_unstable_one_is_told() {
        // 0, 1 and 2 need 3, which needs 4; 4 needs 5 and 6.
        let graph = graph(7, &[(0, 3), (1, 3), (2, 3), (3, 4), (4, 5), (4, 6)]);
        let told: Vec<(usize, usize)> = against(&graph)
            .into_iter()
            .map(|(from, to)| (from.index(), to.index()))
            .collect();
        assert_eq!(told, [(3, 4)]);
    }

    #[test]
    fn a_circle_reaches_all_and_an_island_itself() {
        assert_eq!(
            propagation_cost(&graph(3, &[(0, 1), (1, 2), (2, 0)])),
            Some(1.0)
        );
        assert_eq!(propagation_cost(&graph(2, &[])), Some(0.5));
        assert_eq!(propagation_cost(&graph(0, &[])), None);
    }

    #[test]
    fn the_way_through_circles_agrees_with_walking_from_each_node() {
        // A fixed sequence instead of chance, so that a failure comes again.
        let mut state = 1_u32;
        let mut next = |most: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % most
        };
        for _ in 0..50 {
            let edges: Vec<(u32, u32)> = (0..40).map(|_| (next(30), next(30))).collect();
            let graph = graph(30, &edges);
            let walked: usize = graph
                .node_indices()
                .map(|node| {
                    let mut walk = petgraph::visit::Dfs::new(&graph, node);
                    std::iter::from_fn(|| walk.next(&graph)).count()
                })
                .sum();
            assert_eq!(propagation_cost(&graph), Some(walked as f64 / 900.0));
        }
    }
}
