//! What couples two things: every direct dependency between them, else the shortest way round.

use super::{ComponentGraph, Graph, QueryError, named};
use crate::model::{Dependency, DependencyKind};

/// The couplings between two things, in both directions.
#[derive(Clone, Debug)]
pub struct Between<'a> {
    pub forward: Vec<&'a Dependency>,
    pub backward: Vec<&'a Dependency>,
    /// Only when there is no direct one.
    pub indirect: Option<Indirect<'a>>,
}

/// The shortest way through other components.
#[derive(Clone, Debug)]
pub struct Indirect<'a> {
    /// One dependency for each step; never empty.
    pub steps: Vec<&'a Dependency>,
    /// It leads from the second thing to the first.
    pub backward: bool,
}

/// Every coupling between two teams or components.
///
/// # Errors
/// When nothing has one of the names.
pub fn between<'a>(graph: &'a Graph, a: &str, b: &str) -> Result<Between<'a>, QueryError> {
    let (a, b) = (named(graph, a)?, named(graph, b)?);
    let direct = |from: &super::Named, to: &super::Named| -> Vec<&'a Dependency> {
        graph
            .dependencies()
            .iter()
            .filter(|dependency| {
                dependency.kind != DependencyKind::Reach
                    && from.has(graph, &dependency.from)
                    && to.has(graph, &dependency.to)
            })
            .collect()
    };
    let forward = direct(&a, &b);
    let backward = if a == b { Vec::new() } else { direct(&b, &a) };
    let mut indirect = None;
    if forward.is_empty() && backward.is_empty() {
        let components = ComponentGraph::new(graph, |_| true);
        let (ours, theirs) = (a.components(graph), b.components(graph));
        indirect = [(&ours, &theirs, false), (&theirs, &ours, true)]
            .into_iter()
            .find_map(|(from, to, backward)| {
                let path = components.shortest_path(from, to)?;
                let steps = path
                    .iter()
                    .filter_map(|edge| edge.dependencies.first())
                    .map(|index| &graph.dependencies()[*index])
                    .collect();
                Some(Indirect { steps, backward })
            });
    }
    Ok(Between {
        forward,
        backward,
        indirect,
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Builder, dep};
    use super::*;

    fn graph() -> Graph {
        Builder::new()
            .service("a", "ants")
            .service("b", "bees")
            .service("c", "cats")
            .dep(dep("a", "b", DependencyKind::LinkImpl))
            .dep(dep("b", "c", DependencyKind::LinkImpl))
            .graph()
    }

    #[test]
    fn direct_couplings_are_found_in_both_directions() {
        let graph = graph();
        let found = between(&graph, "bees", "a").unwrap();
        assert_eq!((found.forward.len(), found.backward.len()), (0, 1));
        assert!(found.indirect.is_none());
    }

    #[test]
    fn without_a_direct_coupling_the_way_round_is_shown() {
        let graph = graph();
        let found = between(&graph, "cats", "ants").unwrap();
        let indirect = found.indirect.unwrap();
        assert!(indirect.backward);
        let units: Vec<&str> = indirect
            .steps
            .iter()
            .map(|step| step.to.unit.as_str())
            .collect();
        assert_eq!(units, ["cargo:b", "cargo:c"]);
    }
}
