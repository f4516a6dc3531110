//! The words for teams and numbers in messages.

use std::collections::BTreeSet;

use crate::graph::Graph;
use crate::model::{Finding, TeamId, TeamKind};

/// The ids of teams, as findings carry them.
pub(super) fn ids(graph: &Graph, teams: &BTreeSet<TeamId>) -> Option<String> {
    let mut ids: Vec<&str> = teams
        .iter()
        .map(|team| graph.organisation().team(*team).team.id.as_str())
        .collect();
    ids.sort_unstable();
    (!ids.is_empty()).then(|| ids.join(Finding::AND))
}

/// The subject of a sentence, and whether it is one: ``team `a` ``, ``teams `a` and `b` ``, `` `@alice` ``.
pub(super) fn subject(graph: &Graph, teams: &BTreeSet<TeamId>) -> (String, bool) {
    let nodes: Vec<_> = teams
        .iter()
        .map(|team| &graph.organisation().team(*team).team)
        .collect();
    let mut names: Vec<String> = nodes.iter().map(|team| format!("`{}`", team.id)).collect();
    names.sort_unstable();
    let people = nodes.iter().all(|team| team.kind == TeamKind::People);
    let one = names.len() == 1;
    let names = list(&names);
    match (people, one) {
        (true, _) => (names.clone(), one && !names.contains([' ', ','])),
        (false, true) => (format!("team {names}"), true),
        (false, false) => (format!("teams {names}"), false),
    }
}

/// `a, b and c`
pub(super) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

/// `1 site`, `2 sites`
pub(super) fn plural(count: usize, one: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {one}s")
    }
}
