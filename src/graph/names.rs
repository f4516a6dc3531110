//! What a person means by a name: a team, a component, a kind of dependency.

use std::collections::BTreeSet;

use super::Graph;
use crate::model::{ComponentId, DependencyKind, Endpoint, TeamId};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    Team(TeamId),
    /// Several when components share a name; never empty.
    Components(BTreeSet<ComponentId>),
}

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    #[error("no team or component is called `{name}`{}", did_you_mean(.near))]
    UnknownName { name: String, near: Option<String> },
    #[error("no kind of dependency is called `{name}`{}", did_you_mean(.near))]
    UnknownKind { name: String, near: Option<String> },
}

/// The thing with this name: a component's id, else a team (id, name, alias), else components (name, alias).
///
/// # Errors
/// When nothing has the name; the error says what comes near.
pub fn named(graph: &Graph, name: &str) -> Result<Named, QueryError> {
    let components = |wanted: &dyn Fn(usize) -> bool| -> BTreeSet<ComponentId> {
        (0..graph.components().len())
            .filter(|index| wanted(*index))
            .map(|index| ComponentId(index as u32))
            .collect()
    };
    let by_id = components(&|index| graph.components()[index].id == name);
    if !by_id.is_empty() {
        return Ok(Named::Components(by_id));
    }
    if let Some(team) = graph.organisation().find_team(name) {
        return Ok(Named::Team(team));
    }
    let by_name = components(&|index| {
        let component = &graph.components()[index];
        component.name.eq_ignore_ascii_case(name)
            || component.other_names().iter().any(|alias| alias == name)
    });
    if !by_name.is_empty() {
        return Ok(Named::Components(by_name));
    }
    let teams = graph.organisation().teams.iter();
    let known = teams.map(|node| node.team.id.as_str()).chain(
        graph
            .components()
            .iter()
            .map(|component| component.name.as_str()),
    );
    Err(QueryError::UnknownName {
        name: name.to_owned(),
        near: nearest(name, known),
    })
}

/// The kinds that groups (`link`) and kinds (`link.impl`) select; no names select all.
///
/// # Errors
/// When a name is neither; the error says what comes near.
pub fn parse_kinds(names: &[String]) -> Result<BTreeSet<DependencyKind>, QueryError> {
    let mut kinds = BTreeSet::new();
    for name in names {
        let before = kinds.len();
        kinds.extend(
            DependencyKind::ALL
                .iter()
                .filter(|(kind, text)| text == name || kind.group() == name)
                .map(|(kind, _)| *kind),
        );
        let known = || DependencyKind::ALL.iter().map(|(_, text)| *text);
        if kinds.len() == before
            && !known().any(|text| text == name)
            && !DependencyKind::GROUPS.contains(&name.as_str())
        {
            return Err(QueryError::UnknownKind {
                name: name.clone(),
                near: nearest(name, known().chain(DependencyKind::GROUPS.iter().copied())),
            });
        }
    }
    if names.is_empty() {
        kinds.extend(DependencyKind::ALL.iter().map(|(kind, _)| *kind));
    }
    kinds.remove(&DependencyKind::Reach);
    Ok(kinds)
}

impl Named {
    /// Whether one end of a dependency belongs to it.
    pub fn has(&self, graph: &Graph, end: &Endpoint) -> bool {
        match self {
            Self::Components(components) => components.contains(&end.component),
            Self::Team(team) => {
                let organisation = graph.organisation();
                let owners = organisation.endpoint(end).set();
                owners.is_some_and(|set| organisation.teams_of(set).contains(team))
            }
        }
    }

    /// The components that it is or owns.
    pub fn components(&self, graph: &Graph) -> BTreeSet<ComponentId> {
        match self {
            Self::Components(components) => components.clone(),
            Self::Team(team) => {
                let organisation = graph.organisation();
                (0..graph.components().len() as u32)
                    .map(ComponentId)
                    .filter(|component| {
                        let owners = organisation.component(*component).set();
                        owners.is_some_and(|set| organisation.teams_of(set).contains(team))
                    })
                    .collect()
            }
        }
    }
}

fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut best: Option<(f64, &str)> = None;
    for candidate in known {
        let score = strsim::jaro_winkler(&name.to_lowercase(), &candidate.to_lowercase());
        if score > 0.8 && best.is_none_or(|(most, _)| score > most) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

fn did_you_mean(near: &Option<String>) -> String {
    near.as_ref()
        .map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Builder;
    use super::*;

    #[test]
    fn a_name_is_a_component_id_then_a_team_then_a_component_name() {
        let graph = Builder::new()
            .service("cart", "cart")
            .service("Ledger", "money")
            .graph();
        assert!(matches!(
            named(&graph, "cargo:cart"),
            Ok(Named::Components(_))
        ));
        assert!(matches!(named(&graph, "cart"), Ok(Named::Team(_))));
        assert!(matches!(named(&graph, "ledger"), Ok(Named::Components(_))));
        let error = named(&graph, "legder").unwrap_err().to_string();
        assert_eq!(
            error,
            "no team or component is called `legder`; did you mean `Ledger`?"
        );
    }

    #[test]
    fn groups_and_kinds_select_and_a_typo_is_an_error() {
        let kinds = |name: &str| parse_kinds(&[name.to_owned()]);
        assert_eq!(kinds("link").unwrap().len(), 5);
        assert_eq!(kinds("call.grpc").unwrap().len(), 1);
        assert_eq!(
            kinds("lnik").unwrap_err().to_string(),
            "no kind of dependency is called `lnik`; did you mean `link`?"
        );
    }
}
