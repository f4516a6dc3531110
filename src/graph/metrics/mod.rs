//! What the numbers say: sizes, stability, reach, and how well team borders follow the coupling.
//!
//! Formulas, sources and test vectors stand in `docs/metrics.md`.

mod coupling;
mod form;
mod setting;
mod stability;

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::{DiGraph, NodeIndex};

use super::{Graph, TeamGraph};
use crate::model::{ComponentKind, Context, TeamId};

pub use form::{Form, OrganisationForm, TeamShape};
pub use setting::{Band, Locality, Setting};

/// All figures of a run; couplings are those of production code.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// By team; those that own a component or are coupled.
    pub teams: BTreeMap<TeamId, Stability>,
    /// Ordered pairs of teams in which the stabler one depends on the less stable one.
    pub against_stability: Vec<(TeamId, TeamId)>,
    /// The mean share of the teams that a change in one of them can reach, itself included, from 0 to 1; `None` without teams.
    pub propagation_cost: Option<f64>,
    /// How much more the couplings stay within owners than chance would have it, at most 1; `None` without couplings.
    pub modularity: Option<f64>,
    /// The share of the sites of couplings between owned parts that cross teams, from 0 to 1; `None` without couplings.
    pub cross_team_ratio: Option<f64>,
    pub form: Option<OrganisationForm>,
    /// Pairs of coupled teams of which rosters tell a site or a time zone.
    pub settings: Vec<Setting>,
}

/// How stable a team is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stability {
    /// Teams that depend on it.
    pub afferent: usize,
    /// Teams on which it depends.
    pub efferent: usize,
    /// `efferent / (afferent + efferent)`, from 0 (stable) to 1; `None` for a team that is not coupled.
    pub instability: Option<f64>,
}

impl Metrics {
    /// Computes everything.
    pub fn of(graph: &Graph) -> Self {
        let couplings = TeamGraph::new(graph, |one| {
            one.context == Context::Production && graph.couples_teams(one)
        });
        let teams = team_graph(graph, &couplings);
        let against = stability::against(&teams)
            .into_iter()
            .map(|(from, to)| (teams[from], teams[to]));
        let parts = coupling::Parts::new(graph);
        Self {
            teams: stabilities(&teams),
            against_stability: against.collect(),
            propagation_cost: stability::propagation_cost(&teams),
            modularity: parts.modularity(),
            cross_team_ratio: parts.cross_ratio(),
            form: form::of(graph),
            settings: setting::settings(graph, &couplings),
        }
    }
}

/// The teams that own a component or are coupled, an edge from each to those on which it depends.
fn team_graph(graph: &Graph, couplings: &TeamGraph) -> DiGraph<TeamId, ()> {
    let organisation = graph.organisation();
    let owners = graph.components().iter().zip(&organisation.components);
    let owners = owners.filter(|(component, _)| {
        !matches!(
            component.kind,
            ComponentKind::External | ComponentKind::Rest
        )
    });
    let mut ids: BTreeSet<TeamId> = owners
        .filter_map(|(_, owner)| owner.owned.set())
        .flat_map(|set| organisation.teams_of(set))
        .copied()
        .collect();
    let edges = couplings.edges();
    ids.extend(edges.iter().flat_map(|edge| [edge.from, edge.to]));
    let mut teams = DiGraph::new();
    let nodes: BTreeMap<TeamId, NodeIndex> =
        ids.into_iter().map(|id| (id, teams.add_node(id))).collect();
    for edge in edges {
        teams.add_edge(nodes[&edge.from], nodes[&edge.to], ());
    }
    teams
}

fn stabilities(teams: &DiGraph<TeamId, ()>) -> BTreeMap<TeamId, Stability> {
    let of = |node| Stability {
        afferent: stability::afferent(teams, node),
        efferent: stability::efferent(teams, node),
        instability: stability::instability(teams, node),
    };
    teams
        .node_indices()
        .map(|node| (teams[node], of(node)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Builder, dep};
    use super::*;
    use crate::model::DependencyKind;

    /// The same example in `docs/metrics.md`, computed with networkx.
    #[test]
    fn the_figures_of_a_small_shop() {
        let mut shop = Builder::new()
            .service("cart-api", "cart")
            .service("cart-db", "cart")
            .service("pay-api", "pay")
            .service("mail", "mail")
            .service("idle", "idle");
        for (from, to, sites) in [
            ("cart-api", "cart-db", 6),
            ("cart-api", "pay-api", 2),
            ("pay-api", "mail", 1),
            ("mail", "cart-api", 1),
        ] {
            for _ in 0..sites {
                shop = shop.dep(dep(from, to, DependencyKind::LinkImpl));
            }
        }
        let graph = shop.graph();
        let metrics = Metrics::of(&graph);
        let team = |id: &str| &metrics.teams[&graph.organisation().find_team(id).unwrap()];
        assert_eq!((team("cart").afferent, team("cart").efferent), (1, 1));
        assert_eq!(team("cart").instability, Some(0.5));
        assert_eq!(team("idle").instability, None);
        assert_eq!(metrics.against_stability, []);
        // Three teams reach three each, the fourth itself: 10 of 16.
        assert_eq!(metrics.propagation_cost, Some(0.625));
        assert_eq!(metrics.cross_team_ratio, Some(0.4));
        let modularity = metrics.modularity.unwrap();
        // 6 of 10 inside; 8 out and 7 in of `cart`, 1 and 2 of `pay`, 1 and 1 of `mail`.
        assert!((modularity - 0.01).abs() < 1e-12, "{modularity}");
    }

    #[test]
    fn nothing_gives_no_figures() {
        let metrics = Metrics::of(&Builder::new().graph());
        assert!(metrics.teams.is_empty());
        assert_eq!(metrics.propagation_cost, None);
        assert_eq!(metrics.modularity, None);
        assert_eq!(metrics.cross_team_ratio, None);
    }
}
