//! Do the borders of teams follow the coupling?

use std::collections::BTreeMap;

use super::super::Graph;
use crate::model::{ComponentId, Context, OwnerSetId, TeamId};

/// The owned parts of components, and the sites of the couplings between them.
///
/// A part is what one set of owners has of a component: mostly the whole of it.
pub(super) struct Parts {
    /// By ordered pair of parts: sites, and how many of them cross teams.
    edges: BTreeMap<(usize, usize), (u64, u64)>,
    /// The community of each part: those who own it.
    communities: Vec<usize>,
}

impl Parts {
    /// The parts at both ends of the couplings of production code whose owners are known.
    pub(super) fn new(graph: &Graph) -> Self {
        let organisation = graph.organisation();
        let mut parts: BTreeMap<(ComponentId, &[TeamId]), usize> = BTreeMap::new();
        let mut owners: BTreeMap<&[TeamId], usize> = BTreeMap::new();
        let mut communities = Vec::new();
        let mut part = |component: ComponentId, set: OwnerSetId| {
            let teams = organisation.teams_of(set);
            let fresh = owners.len();
            let community = *owners.entry(teams).or_insert(fresh);
            *parts.entry((component, teams)).or_insert_with(|| {
                communities.push(community);
                communities.len() - 1
            })
        };
        let mut edges: BTreeMap<(usize, usize), (u64, u64)> = BTreeMap::new();
        for dependency in graph.dependencies() {
            if !graph.couples_teams(dependency) || dependency.context != Context::Production {
                continue;
            }
            let owner = |end| organisation.endpoint(end).set();
            let (Some(from), Some(to)) = (owner(&dependency.from), owner(&dependency.to)) else {
                continue;
            };
            let crosses = organisation.cross(from, to);
            let pair = (
                part(dependency.from.component, from),
                part(dependency.to.component, to),
            );
            let (sites, crossing) = edges.entry(pair).or_default();
            *sites += u64::from(dependency.count);
            *crossing += u64::from(dependency.count) * u64::from(crosses);
        }
        Self { edges, communities }
    }

    /// The share of the sites that cross teams.
    pub(super) fn cross_ratio(&self) -> Option<f64> {
        let sum = |of: fn(&(u64, u64)) -> u64| self.edges.values().map(of).sum::<u64>();
        let all = sum(|(sites, _)| *sites);
        (all > 0).then(|| sum(|(_, crossing)| *crossing) as f64 / all as f64)
    }

    /// The directed modularity of the parts with their owners as communities.
    pub(super) fn modularity(&self) -> Option<f64> {
        let edges = self.edges.iter();
        let edges: Vec<(usize, usize, f64)> = edges
            .map(|((from, to), (sites, _))| (*from, *to, *sites as f64))
            .collect();
        modularity(&edges, &self.communities)
    }
}

/// `Q = Σ_c (L_c/m − K_c^out · K_c^in / m²)` over the communities: the weight inside, less what chance would put there.
///
/// `community` says of each node where it belongs, `edges` are (from, to, weight). `None` without weight.
/// Source: Leicht, Newman, *Community Structure in Directed Networks*, Physical Review Letters 100, 2008.
fn modularity(edges: &[(usize, usize, f64)], community: &[usize]) -> Option<f64> {
    let total: f64 = edges.iter().map(|(_, _, weight)| weight).sum();
    if total <= 0.0 {
        return None;
    }
    let mut sums: BTreeMap<usize, (f64, f64, f64)> = BTreeMap::new();
    for (from, to, weight) in edges {
        let (from, to) = (community[*from], community[*to]);
        sums.entry(from).or_default().1 += weight;
        sums.entry(to).or_default().2 += weight;
        if from == to {
            sums.entry(from).or_default().0 += weight;
        }
    }
    let terms = sums
        .values()
        .map(|(inside, out, into)| inside / total - (out / total) * (into / total));
    Some(terms.sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_community_is_no_better_than_chance() {
        let edges = [(0, 1, 1.0), (1, 2, 2.0)];
        assert_eq!(modularity(&edges, &[0, 0, 0]), Some(0.0));
        assert_eq!(modularity(&[], &[]), None);
    }

    /// networkx 3.4: `modularity(G, [{0, 1, 2}, {3, 4, 5}], weight="weight")` of this graph.
    #[test]
    fn two_triangles_and_a_bridge() {
        let edges = [
            (0, 1, 2.0),
            (1, 2, 1.0),
            (2, 0, 1.0),
            (3, 4, 3.0),
            (4, 5, 1.0),
            (5, 3, 1.0),
            (2, 3, 1.0),
        ];
        let found = modularity(&edges, &[0, 0, 0, 1, 1, 1]).unwrap();
        // Inside 4 and 5 of 10; out 5 and 5, in 4 and 6: 0.9 - 0.2 - 0.3.
        assert!((found - 0.4).abs() < 1e-12, "{found}");
    }
}
