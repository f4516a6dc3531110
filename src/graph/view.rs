//! The part of the graph that one picture shows.

use std::collections::{BTreeMap, BTreeSet};

use super::drawing::{Drawing, focus};
use super::hierarchy::{self, OrgFigures};
use super::{Graph, QueryError, Verdict, Verdicts, named, parse_kinds};
use crate::model::{Context, Dependency, DependencyKind, TeamKind};

/// What to show.
#[derive(Clone, Debug)]
pub struct Query {
    pub level: Level,
    /// A team or component: only it and its neighbours.
    pub focus: Option<String>,
    /// How many couplings away from the focus; `None`: one.
    pub depth: Option<usize>,
    /// Groups (`link`) or kinds (`link.impl`); empty: all.
    pub kinds: Vec<String>,
    pub only_violations: bool,
    pub max_nodes: usize,
    /// Tests, builds and development, too.
    pub all_contexts: bool,
    /// Teams with more people are marked at the level of the organisation.
    pub team_max: Option<usize>,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            level: Level::Team,
            focus: None,
            depth: None,
            kinds: Vec::new(),
            only_violations: false,
            max_nodes: 80,
            all_contexts: false,
            team_max: None,
        }
    }
}

/// What a node of the picture is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    #[default]
    Team,
    Component,
    /// A team, too, but below its parent instead of coupled with others.
    Org,
}

/// A picture: nodes and edges sorted, each end of an edge among the nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub title: String,
    pub level: Level,
    pub nodes: Vec<ViewNode>,
    pub edges: Vec<ViewEdge>,
    /// What the query or a bound left out, in one sentence.
    pub dropped: Option<String>,
    pub legend: Vec<Legend>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewNode {
    pub id: String,
    pub label: String,
    pub kind: &'static str,
    /// The owners of a component.
    pub team: Option<String>,
    /// Components of a team, files of a component, people of a team of the organisation.
    pub size: usize,
    /// At the level of the organisation.
    pub org: Option<OrgFigures>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewEdge {
    pub from: String,
    pub to: String,
    /// Sites by kind; never empty.
    pub kinds: BTreeMap<&'static str, u32>,
    pub verdict: Verdict,
    pub label: String,
}

/// One line of the legend; only what the picture shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Legend {
    Verdict(Verdict, &'static str),
    Group(&'static str, &'static str),
    /// More people than this.
    Oversized(usize),
}

impl View {
    /// Whether an edge of the picture begins or ends at a node.
    pub fn has_kin(&self, node: &ViewNode) -> bool {
        let ends = |edge: &ViewEdge| edge.from == node.id || edge.to == node.id;
        self.edges.iter().any(ends)
    }
}

impl ViewNode {
    /// What a team is for, when it does no work together as most do.
    pub fn kind_of_team(&self) -> Option<&'static str> {
        (self.kind != TeamKind::Work.as_str()).then_some(self.kind)
    }

    /// How many people a team of the organisation has, in words.
    pub fn size_of_team(&self) -> Option<String> {
        self.org.as_ref().and_then(OrgFigures::size)
    }

    /// Whether a team of the organisation has too many people.
    pub fn is_oversized(&self) -> bool {
        self.org.as_ref().is_some_and(|org| org.oversized)
    }
}

impl ViewEdge {
    /// The group that the edge is drawn as: the first in the order of the mandate.
    pub fn group(&self) -> &'static str {
        let has = |group: &str| {
            self.kinds
                .keys()
                .any(|kind| kind.split('.').next() == Some(group))
        };
        DependencyKind::GROUPS
            .iter()
            .copied()
            .find(|group| has(group))
            .unwrap_or("")
    }
}

/// The picture that a query asks for.
///
/// # Errors
/// When the query names something that is not there.
pub fn view(graph: &Graph, verdicts: &Verdicts, query: &Query) -> Result<View, QueryError> {
    let kinds = parse_kinds(&query.kinds)?;
    let asked = |kind: DependencyKind| query.kinds.iter().any(|text| text == kind.as_str());
    let keep = |dependency: &Dependency| {
        let is_drawn =
            query.level != Level::Team || graph.couples_teams(dependency) || asked(dependency.kind);
        is_drawn
            && kinds.contains(&dependency.kind)
            && (query.all_contexts || dependency.context == Context::Production)
            && (!query.only_violations || verdicts.of(graph, dependency) > Verdict::Permitted)
    };
    let mut drawing = match query.level {
        Level::Team => Drawing::of_teams(graph, verdicts, keep),
        Level::Component => Drawing::of_components(graph, verdicts, keep),
        Level::Org => hierarchy::of_organisation(graph, query.team_max),
    };
    if query.level != Level::Org && (query.only_violations || !query.kinds.is_empty()) {
        drawing.drop_lonely();
    }
    let mut around = String::new();
    let mut focused = BTreeSet::new();
    if let Some(name) = &query.focus {
        focused = focus(graph, query.level, &named(graph, name)?);
        drawing.keep_near(&focused, query.depth.unwrap_or(1));
        around = format!(" around {name}");
    }
    let (what, ones) = match query.level {
        Level::Team => ("Teams", "teams"),
        Level::Component => ("Components", "components"),
        Level::Org => ("Organisation", "teams"),
    };
    let mut dropped = Vec::new();
    dropped.extend(drawing.hidden.take());
    dropped.extend(match query.level {
        Level::Org => hierarchy::cap(&mut drawing, graph, query.max_nodes, &focused),
        _ => drawing.cap(query.max_nodes, &focused, ones),
    });
    let legend = match query.level {
        Level::Org => mark(drawing.nodes.values(), query.team_max),
        _ => legend(drawing.edges.values()),
    };
    Ok(View {
        title: format!(
            "{what} of {}{around}",
            graph.files().repositories().join(", ")
        ),
        level: query.level,
        legend,
        dropped: (!dropped.is_empty()).then(|| dropped.join("; ")),
        nodes: drawing.nodes.into_values().collect(),
        edges: drawing.edges.into_values().collect(),
    })
}

/// What the mark of a team says, when one has it.
fn mark<'a>(mut nodes: impl Iterator<Item = &'a ViewNode>, most: Option<usize>) -> Vec<Legend> {
    let marked = nodes.any(ViewNode::is_oversized);
    let most = most.filter(|_| marked);
    most.map(Legend::Oversized).into_iter().collect()
}

fn legend<'a>(edges: impl Iterator<Item = &'a ViewEdge> + Clone) -> Vec<Legend> {
    let verdicts = [
        (Verdict::Forbidden, "forbidden by the mandate"),
        (Verdict::Warned, "warned"),
        (Verdict::Permitted, "permitted"),
    ];
    let groups = [
        ("link", "links code"),
        ("data", "uses a store"),
        ("mem", "shares memory or a volume"),
        ("door", "goes through a back door"),
        ("call", "calls over the network"),
        ("event", "publishes or subscribes"),
    ];
    let shown = verdicts
        .into_iter()
        .filter(|(verdict, _)| edges.clone().any(|edge| edge.verdict == *verdict))
        .map(|(verdict, text)| Legend::Verdict(verdict, text));
    let drawn = groups
        .into_iter()
        .filter(|(group, _)| edges.clone().any(|edge| edge.group() == *group))
        .map(|(group, text)| Legend::Group(group, text));
    shown.chain(drawn).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Builder, dep};
    use super::*;
    use crate::model::ComponentKind;

    fn graph() -> Graph {
        Builder::new()
            .service("a", "ants")
            .service("a2", "ants")
            .service("b", "bees")
            .service("c", "cats")
            .service("d", "dogs")
            .component("rest", ComponentKind::Rest, "dogs")
            .dep(dep("a", "a2", DependencyKind::LinkImpl))
            .dep(dep("a", "b", DependencyKind::LinkImpl))
            .dep(dep("a", "b", DependencyKind::CallHttp))
            .dep(dep("b", "c", DependencyKind::CallHttp))
            .dep(dep("c", "d", DependencyKind::CallHttp).context(Context::Test))
            .dep(dep("rest", "b", DependencyKind::LinkImpl))
            .graph()
    }

    fn show(query: &Query) -> (Vec<String>, Vec<String>, Option<String>) {
        let view = view(&graph(), &Verdicts::default(), query).unwrap();
        (
            view.nodes.into_iter().map(|node| node.label).collect(),
            view.edges
                .into_iter()
                .map(|edge| format!("{}>{} {}", edge.from, edge.to, edge.label))
                .collect(),
            view.dropped,
        )
    }

    #[test]
    fn teams_are_shown_with_their_production_couplings() {
        let (nodes, edges, dropped) = show(&Query::default());
        assert_eq!(nodes, ["ants", "bees", "cats", "dogs"]);
        assert_eq!(
            edges,
            [
                "ants>bees call.http 1, link.impl 1",
                "bees>cats call.http 1",
                "dogs>bees link.impl 1"
            ]
        );
        assert_eq!(dropped, None);
    }

    #[test]
    fn components_are_shown_with_what_stays_in_the_team() {
        let (nodes, edges, dropped) = show(&Query {
            level: Level::Component,
            ..Query::default()
        });
        assert_eq!(nodes, ["a", "a2", "b", "c", "d"]);
        assert_eq!(edges[0], "cargo:a>cargo:a2 link.impl 1");
        assert!(dropped.unwrap().ends_with("not drawn: 1"));
    }

    #[test]
    fn focus_depth_kinds_and_contexts_narrow_and_widen() {
        let focused = Query {
            focus: Some("cats".to_owned()),
            ..Query::default()
        };
        assert_eq!(show(&focused).0, ["bees", "cats"]);
        let deeper = Query {
            depth: Some(2),
            all_contexts: true,
            ..focused
        };
        assert_eq!(show(&deeper).0, ["ants", "bees", "cats", "dogs"]);
        let calls = Query {
            kinds: vec!["call".to_owned()],
            ..Query::default()
        };
        assert_eq!(show(&calls).0, ["ants", "bees", "cats"]);
    }

    #[test]
    fn what_gateways_pass_on_couples_no_teams_unless_it_is_asked_for() {
        let graph = Builder::new()
            .service("front", "ants")
            .service("cart", "bees")
            .component("registry", ComponentKind::Infrastructure, "cats")
            .dep(dep("front", "cart", DependencyKind::CallRoute))
            .dep(dep("cart", "registry", DependencyKind::CallHttp))
            .graph();
        let edges = |kinds: &[&str]| {
            let query = Query {
                kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
                ..Query::default()
            };
            let view = view(&graph, &Verdicts::default(), &query).unwrap();
            let edge = |edge: ViewEdge| format!("{}>{} {}", edge.from, edge.to, edge.label);
            view.edges.into_iter().map(edge).collect::<Vec<_>>()
        };
        assert!(edges(&[]).is_empty());
        assert!(edges(&["call"]).is_empty());
        assert_eq!(edges(&["call.route"]), ["ants>bees call.route 1"]);
        assert_eq!(edges(&["call.http"]), ["bees>cats call.http 1"]);
    }

    #[test]
    fn above_the_cap_the_least_coupled_go_and_it_is_said() {
        let (nodes, _, dropped) = show(&Query {
            max_nodes: 2,
            ..Query::default()
        });
        assert_eq!(nodes, ["ants", "bees"]);
        assert_eq!(
            dropped.as_deref(),
            Some("2 of 4 teams, the least coupled ones, are not drawn")
        );
    }
}
