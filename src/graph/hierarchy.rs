//! The picture of the organisation: teams with their sizes, each below its parent.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::drawing::Drawing;
use super::{Graph, Verdict, ViewEdge, ViewNode, people};
use crate::model::{TeamId, TeamKind};

/// What a team of the organisation has beside its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrgFigures {
    /// The id of the team above.
    pub parent: Option<String>,
    /// Direct people; `None` when no roster tells them.
    pub people: Option<usize>,
    /// With the people of included teams and of all teams below.
    pub whole: usize,
    /// Whether it has more direct people than the limit.
    pub oversized: bool,
}

impl OrgFigures {
    /// The size in words: `7 people`, `3 people, 12 in all`; `None` when nothing tells it.
    pub fn size(&self) -> Option<String> {
        let people = |number| match number {
            1 => "1 person".to_owned(),
            _ => format!("{number} people"),
        };
        let direct = self.people.map(people);
        match direct {
            Some(direct) if Some(self.whole) == self.people => Some(direct),
            Some(direct) => Some(format!("{direct}, {} in all", self.whole)),
            None if self.whole > 0 => Some(format!("{} in all", people(self.whole))),
            None => None,
        }
    }
}

/// The group of the edges from a team to those below it.
pub(super) const ABOVE: &str = "above";

/// Every team but owners that are people only; edges lead from a team to those right below it.
pub(super) fn of_organisation(graph: &Graph, team_max: Option<usize>) -> Drawing {
    let organisation = graph.organisation();
    let mut drawing = Drawing::default();
    let mut lost = 0;
    for (index, node) in organisation.teams.iter().enumerate() {
        let team = &node.team;
        if team.kind == TeamKind::People {
            continue;
        }
        let named = team.parent.as_deref();
        let parent = named.and_then(|name| organisation.find_team(name));
        lost += usize::from(named.is_some() && parent.is_none());
        // A team that is said to be above itself is above nothing.
        let parent = parent.filter(|parent| parent.0 as usize != index);
        if let Some(above) = parent {
            let edge = ViewEdge {
                from: organisation.team(above).team.id.clone(),
                to: team.id.clone(),
                kinds: BTreeMap::from([(ABOVE, 1)]),
                verdict: Verdict::Permitted,
                label: String::new(),
            };
            drawing.edges.insert((above.0, index as u32), edge);
        }
        let people = people(node);
        let too_many = team_max.is_some_and(|most| people > Some(most));
        let figures = OrgFigures {
            parent: parent.map(|parent| organisation.team(parent).team.id.clone()),
            people,
            whole: node.whole,
            oversized: too_many && team.kind.is_sized(),
        };
        let view = ViewNode {
            id: team.id.clone(),
            label: team.name.clone().unwrap_or_else(|| team.id.clone()),
            kind: team.kind.as_str(),
            team: None,
            size: people.unwrap_or_default(),
            org: Some(figures),
        };
        drawing.nodes.insert(index as u32, view);
    }
    if lost > 0 {
        drawing.hidden = Some(format!("parents that are no team of this run: {lost}"));
    }
    drawing
}

/// Keeps the focus and the teams with the most people in all, parents before those below; says how many others there were.
pub(super) fn cap(
    drawing: &mut Drawing,
    graph: &Graph,
    most: usize,
    focused: &BTreeSet<u32>,
) -> Option<String> {
    let all = drawing.nodes.len();
    if all <= most {
        return None;
    }
    let organisation = graph.organisation();
    let mut ranked: Vec<u32> = drawing.nodes.keys().copied().collect();
    ranked.sort_by_cached_key(|index| {
        let whole = organisation.team(TeamId(*index)).whole;
        let depth = organisation.ancestors(TeamId(*index)).len();
        (!focused.contains(index), Reverse(whole), depth, *index)
    });
    ranked.truncate(most);
    drawing.keep_only(&ranked.into_iter().collect());
    Some(format!(
        "{} of {all} teams, the smallest ones, are not drawn",
        all - drawing.nodes.len()
    ))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Builder;
    use super::super::{Level, Query, Verdicts, View, view};
    use crate::model::Team;

    fn team(id: &str, parent: Option<&str>, people: usize) -> Team {
        Team {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            members: Some((0..people).map(|n| format!("{id}{n}")).collect()),
            ..Team::default()
        }
    }

    fn show(teams: Vec<Team>, max_nodes: usize, focus: Option<&str>) -> View {
        let graph = teams
            .into_iter()
            .fold(Builder::new(), Builder::team)
            .graph();
        let query = Query {
            level: Level::Org,
            max_nodes,
            focus: focus.map(str::to_owned),
            team_max: Some(7),
            ..Query::default()
        };
        view(&graph, &Verdicts::default(), &query).unwrap()
    }

    fn edges(view: &View) -> Vec<String> {
        let edges = view.edges.iter();
        edges
            .map(|edge| format!("{}>{}", edge.from, edge.to))
            .collect()
    }

    #[test]
    fn teams_stand_below_their_parents_with_their_sizes() {
        let teams = vec![
            team("shop", None, 2),
            team("cart", Some("shop"), 9),
            team("pay", Some("gone"), 3),
        ];
        let view = show(teams, 80, None);
        assert_eq!(edges(&view), ["shop>cart"]);
        let marked: Vec<bool> = view
            .nodes
            .iter()
            .map(|node| node.org.as_ref().unwrap().oversized)
            .collect();
        assert_eq!(marked, [true, false, false]);
        assert_eq!(
            view.dropped.as_deref(),
            Some("parents that are no team of this run: 1")
        );
    }

    #[test]
    fn circles_of_parents_end() {
        let teams = vec![
            team("a", Some("b"), 1),
            team("b", Some("a"), 1),
            team("c", Some("c"), 1),
        ];
        assert_eq!(edges(&show(teams.clone(), 80, None)), ["a>b", "b>a"]);
        assert_eq!(show(teams, 2, Some("a")).nodes.len(), 2);
    }

    #[test]
    fn the_largest_stay_and_the_focus_has_its_neighbours() {
        let teams: Vec<Team> = (0..766)
            .map(|n| team(&format!("t{n:03}"), None, n % 5))
            .collect();
        let view = show(teams, 80, None);
        assert_eq!(view.nodes.len(), 80);
        assert!(view.nodes.iter().all(|node| node.size == 4));
        assert_eq!(
            view.dropped.as_deref(),
            Some("686 of 766 teams, the smallest ones, are not drawn")
        );
        let teams = vec![
            team("shop", None, 2),
            team("cart", Some("shop"), 2),
            team("pay", None, 2),
        ];
        assert_eq!(show(teams, 80, Some("shop")).nodes.len(), 2);
    }
}
