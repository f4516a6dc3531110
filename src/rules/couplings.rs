//! What several rules share: couplings across teams merged by identity, and the ways out of them.

use std::collections::{BTreeMap, BTreeSet};

use super::RuleInfo;
use super::words::ids;
use crate::graph::Graph;
use crate::model::{
    Certainty, ComponentId, ComponentKind, Context, Dependency, DependencyKind, Evidence, FileId,
    Finding, Fingerprint, Level, RuleId, Span, Standing, TeamId, toml_string,
};

/// The most chains of evidence that a finding keeps.
pub(super) const MOST_EVIDENCE: usize = 3;

/// Dependencies that are one and the same to a user: equal kind, units and symbol.
#[derive(Clone, Debug)]
pub(super) struct Coupling<'a> {
    pub(super) kind: DependencyKind,
    pub(super) from_unit: &'a str,
    pub(super) to_unit: &'a str,
    pub(super) symbol: &'a str,
    pub(super) from: ComponentId,
    pub(super) to: ComponentId,
    /// A file of the far end, when not the component as a whole is meant.
    pub(super) to_path: Option<FileId>,
    /// The teams whose files couple, and the teams that own the far end.
    pub(super) from_teams: BTreeSet<TeamId>,
    pub(super) to_teams: BTreeSet<TeamId>,
    /// Of the surest dependency.
    pub(super) certainty: Certainty,
    pub(super) sites: u32,
    /// The surest first.
    pub(super) evidence: Vec<Evidence>,
    /// The line that says who owns the far end.
    pub(super) owner: Option<Span>,
    /// Why comments accept it; empty when none does.
    pub(super) reasons: BTreeSet<&'a str>,
}

impl Coupling<'_> {
    /// What the coupling is known by.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        Fingerprint {
            kind: self.kind.as_str().to_owned(),
            from: self.from_unit.to_owned(),
            to: self.to_unit.to_owned(),
            symbol: self.symbol.to_owned(),
            ..Fingerprint::default()
        }
    }

    /// What the far end is called: the component, or the unit where both ends lie in one component or in none.
    pub(super) fn target(&self, graph: &Graph) -> String {
        let component = graph.component(self.to);
        let unit = self.to_unit.split_once(':').map_or("", |(_, name)| name);
        if self.is_of_units(graph) && !unit.is_empty() {
            unit.to_owned()
        } else {
            component.name.clone()
        }
    }

    fn is_of_units(&self, graph: &Graph) -> bool {
        let component = graph.component(self.to);
        (self.from == self.to || component.kind == ComponentKind::Rest)
            && self.to_unit != component.id
    }

    /// The worst level of a finding about it: what is only inferred never denies.
    pub(super) fn at_most(&self) -> Level {
        if self.certainty == Certainty::Inferred {
            Level::Warn
        } else {
            Level::Deny
        }
    }

    /// A finding about it that lacks words.
    pub(super) fn finding(&self, graph: &Graph, info: &RuleInfo) -> Finding {
        Finding {
            from_team: ids(graph, &self.from_teams),
            to_team: ids(graph, &self.to_teams),
            from: Some(self.from),
            to: Some(self.to),
            fingerprint: self.fingerprint(),
            count: self.sites,
            evidence: self.evidence.clone(),
            owner: self.owner,
            standing: standing(&self.reasons),
            ..info.finding()
        }
    }
}

/// How a finding stands whose sites are accepted for these reasons.
pub(super) fn standing(reasons: &BTreeSet<&str>) -> Standing {
    if reasons.is_empty() {
        return Standing::New;
    }
    let reasons: Vec<&str> = reasons.iter().copied().collect();
    Standing::Suppressed {
        reason: reasons.join("; "),
    }
}

/// The couplings across teams in production code that `wanted` selects, sorted by identity.
///
/// What comments accept for `rule` is a coupling of its own beside the one that nobody accepts.
pub(super) fn couplings<'a>(
    graph: &'a Graph,
    rule: RuleId,
    wanted: impl Fn(&Dependency) -> bool,
) -> Vec<Coupling<'a>> {
    let mut groups: BTreeMap<_, Vec<&Dependency>> = BTreeMap::new();
    for dependency in graph.dependencies() {
        if dependency.context == Context::Production
            && wanted(dependency)
            && graph.crossing(dependency).is_some()
        {
            let symbol = dependency.to.symbol.as_deref().unwrap_or("");
            let units = (&*dependency.from.unit, &*dependency.to.unit);
            let accepted = dependency.allowed.iter().any(|one| one.rule == rule.0);
            groups
                .entry((dependency.kind, units, symbol, accepted))
                .or_default()
                .push(dependency);
        }
    }
    groups
        .into_iter()
        .filter_map(|((kind, (from_unit, to_unit), symbol, _), mut members)| {
            members.sort_by_key(|dependency| std::cmp::Reverse(dependency.certainty));
            let surest = *members.first()?;
            let pairs = members.iter().flat_map(|member| graph.team_pairs(member));
            let (from_teams, to_teams) = pairs.unzip();
            let allowed = members.iter().flat_map(|member| &member.allowed);
            let evidence = members.iter().flat_map(|member| &member.evidence);
            Some(Coupling {
                kind,
                from_unit,
                to_unit,
                symbol,
                from: surest.from.component,
                to: surest.to.component,
                to_path: surest.to.path,
                from_teams,
                to_teams,
                certainty: surest.certainty,
                sites: members
                    .iter()
                    .fold(0, |sum, member| sum.saturating_add(member.count)),
                evidence: evidence.take(MOST_EVIDENCE).cloned().collect(),
                owner: graph.organisation().endpoint(&surest.to).line(),
                reasons: allowed
                    .filter(|one| one.rule == rule.0)
                    .map(|one| one.reason.as_str())
                    .collect(),
            })
        })
        .collect()
}

/// A contract that the owners of a component publish: one that `from` links already, else the one whose name is nearest.
pub(super) fn published_contract<'a>(graph: &'a Graph, coupling: &Coupling<'_>) -> Option<&'a str> {
    let organisation = graph.organisation();
    let linked: BTreeSet<ComponentId> = graph
        .dependencies()
        .iter()
        .filter(|dependency| dependency.from.component == coupling.from)
        .map(|dependency| dependency.to.component)
        .collect();
    let target = &coupling.target(graph);
    graph
        .components()
        .iter()
        .enumerate()
        .filter(|(index, component)| {
            let owners = organisation.component(ComponentId(*index as u32)).set();
            component.kind == ComponentKind::Contract
                && (linked.contains(&ComponentId(*index as u32))
                    || speaks_for(&component.name, target))
                && owners.is_some_and(|set| {
                    let teams = organisation.teams_of(set);
                    teams.iter().any(|team| coupling.to_teams.contains(team))
                })
        })
        .max_by_key(|(index, component)| {
            let name = &component.name;
            (
                linked.contains(&ComponentId(*index as u32)),
                common_start(name, target),
                std::cmp::Reverse(*index),
            )
        })
        .map(|(_, component)| component.name.as_str())
}

/// Whether a contract is named after a component: `shop-cart-api` after `shop-cart` and `shop-cart-core`.
fn speaks_for(contract: &str, component: &str) -> bool {
    let stem = contract
        .rsplit_once(['-', '_'])
        .map_or("", |(stem, _)| stem);
    !stem.is_empty()
        && component
            .strip_prefix(stem)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

fn common_start(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}

/// The lines of configuration that declare the far end a library for everybody: the component, or the folder of a unit.
pub(super) fn declare_library(graph: &Graph, coupling: &Coupling<'_>) -> Option<String> {
    let file = coupling.to_path.filter(|_| coupling.is_of_units(graph));
    let path = match file {
        Some(file) => graph.files().path(file).parent(),
        None => &graph.component(coupling.to).root.as_ref()?.path,
    };
    if path.is_empty() {
        return None;
    }
    Some(format!(
        "[[component]]\npath = {}\nkind = \"library\"",
        toml_string(path)
    ))
}
