//! The teams of rosters that a run was given by name, as the `[[team]]` tables of a configuration.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use twopizza::graph::Graph;
use twopizza::model::{TeamKind, TeamNode, toml_string};

/// The tables, and how many they are; what the configuration would refuse is left out.
pub(super) fn tables(graph: &Graph) -> (String, usize) {
    let nodes: Vec<&TeamNode> = graph
        .organisation()
        .teams
        .iter()
        .filter(|node| {
            node.declared_at
                .is_some_and(|at| graph.files().is_given(at.file))
        })
        .collect();
    let mut text = String::new();
    // An alias may name one team alone.
    let mut taken: BTreeSet<String> = nodes.iter().map(|node| fold(&node.team.id)).collect();
    for node in &nodes {
        table(node, graph, &mut taken, &mut text);
    }
    (text, nodes.len())
}

fn table(node: &TeamNode, graph: &Graph, taken: &mut BTreeSet<String>, text: &mut String) {
    let team = &node.team;
    let mut line = |key: &str, value: String| {
        let _ = writeln!(text, "{key} = {value}");
    };
    line("\n[[team]]\nid", toml_string(&team.id));
    if let Some(name) = &team.name {
        line("name", toml_string(name));
    }
    if team.kind != TeamKind::default() {
        line("kind", toml_string(team.kind.as_str()));
    }
    let organisation = graph.organisation();
    let id_of = |name: &String| match organisation.find_team(name) {
        Some(found) => organisation.team(found).team.id.clone(),
        None => name.clone(),
    };
    if let Some(parent) = team.parent.as_ref().map(id_of)
        && fold(&parent) != fold(&team.id)
    {
        line("parent", toml_string(&parent));
    }
    if let Some(people) = &node.people {
        let leads = people.iter().filter(|one| one.lead);
        let leads: Vec<&str> = leads.map(|one| one.id.as_str()).collect();
        if !leads.is_empty() {
            line("lead", list(leads));
        }
        line("members", list(people.iter().map(|one| one.id.as_str())));
    }
    let included: BTreeSet<String> = team.includes.iter().map(id_of).collect();
    if !included.is_empty() {
        line("includes", list(included.iter().map(String::as_str)));
    }
    let aliases: Vec<&str> = team
        .aliases
        .iter()
        .filter(|alias| taken.insert(fold(alias)))
        .map(String::as_str)
        .collect();
    if !aliases.is_empty() {
        line("aliases", list(aliases));
    }
    let former: BTreeSet<&str> = team.previously.iter().map(String::as_str).collect();
    if !former.is_empty() {
        line("previously", list(former));
    }
    for (key, value) in [("site", &team.site), ("time-zone", &team.time_zone)] {
        if let Some(value) = value {
            line(key, toml_string(value));
        }
    }
}

fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(toml_string).collect();
    format!("[{}]", texts.join(", "))
}

/// How the configuration compares names.
fn fold(name: &str) -> String {
    name.trim_start_matches('@').to_lowercase()
}
