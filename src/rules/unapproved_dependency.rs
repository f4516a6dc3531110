//! Does a team depend on a team that it does not list?

use std::collections::{BTreeMap, BTreeSet};

use super::couplings::{Coupling, MOST_EVIDENCE, couplings, standing};
use super::words::{ids, list, plural, subject};
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{
    Certainty, Clause, Dependency, DependencyKind, Finding, Level, RuleId, TeamId, toml_string,
};

/// The rule `unapproved-dependency`.
pub(super) struct UnapprovedDependency;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("unapproved-dependency"),
    clause: Clause::ThroughInterfaces,
    level: Level::Deny,
    summary: "a team depends on a team that is not in its may-depend-on",
    docs: include_str!("../../docs/rules/unapproved-dependency.md"),
    options: &[],
};

impl Rule for UnapprovedDependency {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        let approved = Approved::new(graph);
        if approved.lists.is_empty() {
            return;
        }
        let unapproved = couplings(graph, INFO.id, |dependency| {
            dependency.kind != DependencyKind::Reach
                && !graph.component(dependency.to.component).shared
                && !approved.covers(graph, dependency)
        });
        // What comments accept is a finding of its own beside what nobody accepts.
        let mut pairs: BTreeMap<(BTreeSet<TeamId>, BTreeSet<TeamId>, bool), Vec<Coupling<'_>>> =
            BTreeMap::new();
        for coupling in unapproved {
            pairs
                .entry((
                    coupling.from_teams.clone(),
                    coupling.to_teams.clone(),
                    coupling.reasons.is_empty(),
                ))
                .or_default()
                .push(coupling);
        }
        for couplings in pairs.values() {
            if let Some(finding) = finding(graph, couplings) {
                let sure = |one: &Coupling<'_>| one.certainty > Certainty::Inferred;
                let at_most = if couplings.iter().any(sure) {
                    Level::Deny
                } else {
                    Level::Warn
                };
                findings.push(finding, at_most);
            }
        }
    }
}

/// The teams that each team with a list may depend on: those of the list, those above and those below them.
struct Approved {
    lists: BTreeMap<TeamId, BTreeSet<TeamId>>,
}

impl Approved {
    fn new(graph: &Graph) -> Self {
        let organisation = graph.organisation();
        let all = || (0..organisation.teams.len() as u32).map(TeamId);
        let lists = all().filter_map(|team| {
            let list = organisation.team(team).team.may_depend_on.as_ref()?;
            let named: BTreeSet<TeamId> = list
                .iter()
                .filter_map(|name| organisation.find_team(name))
                .collect();
            let mut kin = named.clone();
            for other in all() {
                let above = organisation.ancestors(other);
                if above.iter().any(|parent| named.contains(parent)) {
                    kin.insert(other);
                }
                if named.contains(&other) {
                    kin.extend(above);
                }
            }
            Some((team, kin))
        });
        Self {
            lists: lists.collect(),
        }
    }

    /// Whether somebody who owns the using end may use somebody who owns the other; who has no list may.
    fn covers(&self, graph: &Graph, dependency: &Dependency) -> bool {
        graph
            .team_pairs(dependency)
            .iter()
            .any(|(from, to)| self.lists.get(from).is_none_or(|list| list.contains(to)))
    }
}

/// One finding for all that one team has from the other; its identities are the units.
fn finding(graph: &Graph, couplings: &[Coupling<'_>]) -> Option<Finding> {
    let first = couplings.first()?;
    let (users, one_user) = subject(graph, &first.from_teams);
    let (owners, _) = subject(graph, &first.to_teams);
    let depends = if one_user { "depends" } else { "depend" };
    let kinds: BTreeSet<&str> = couplings.iter().map(|one| one.kind.as_str()).collect();
    let kinds: Vec<String> = kinds.into_iter().map(|kind| format!("`{kind}`")).collect();
    let sites = couplings
        .iter()
        .fold(0_u32, |sum, one| sum.saturating_add(one.sites));
    let evidence = couplings.iter().filter_map(|one| one.evidence.first());
    let names: BTreeSet<&str> = couplings
        .iter()
        .map(|one| graph.component(one.to).name.as_str())
        .collect();
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let wanted = first
        .to_teams
        .iter()
        .next()
        .map_or("", |team| graph.organisation().team(*team).team.id.as_str());
    let uses = match names.as_slice() {
        [..] if names.len() <= 3 => list(&names),
        _ => format!("{} components", names.len()),
    };
    Some(Finding {
        message: format!(
            "{users} {depends} on {owners} by {} in {}, and may not",
            list(&kinds),
            plural(sites as usize, "file")
        ),
        from_team: ids(graph, &first.from_teams),
        to_team: ids(graph, &first.to_teams),
        from: (couplings.len() == 1).then_some(first.from),
        to: (couplings.len() == 1).then_some(first.to),
        fingerprint: first.fingerprint(),
        identities: couplings
            .iter()
            .map(|one| (one.fingerprint(), one.sites))
            .collect(),
        count: sites,
        evidence: evidence.take(MOST_EVIDENCE).cloned().collect(),
        owner: first.owner,
        standing: standing(
            &couplings
                .iter()
                .flat_map(|one| &one.reasons)
                .copied()
                .collect(),
        ),
        help: vec![
            format!("do without {uses} of {owners}"),
            format!(
                "if {users} may depend on {owners}, say so: add {} to `may-depend-on` in the [[team]]",
                toml_string(wanted)
            ),
        ],
        ..INFO.finding()
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::{Builder, dep};
    use crate::model::{ComponentKind, Context, Team};

    fn cart(may: Option<&[&str]>) -> Team {
        Team {
            id: "cart".to_owned(),
            may_depend_on: may.map(|list| list.iter().map(|id| (*id).to_owned()).collect()),
            ..Team::default()
        }
    }

    fn shop(may: Option<&[&str]>) -> Builder {
        Builder::new()
            .service("cart-api", "cart")
            .service("catalog", "catalog")
            .component("catalog-api", ComponentKind::Contract, "catalog")
            .team(cart(may))
            .dep(dep("cart-api", "catalog", DependencyKind::CallHttp))
            .dep(dep("cart-api", "catalog-api", DependencyKind::LinkContract))
    }

    #[test]
    fn one_finding_for_all_that_a_team_has_from_one_that_it_does_not_list() {
        let findings = check(&UnapprovedDependency, &shop(Some(&["pay"])).graph());
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "team `cart` depends on team `catalog` by `call.http` and `link.contract` in 2 files, and may not"
        );
        assert_eq!(findings[0].level, Level::Deny);
        assert_eq!(findings[0].identities.len(), 2);
        assert!(!format!("{:?}", findings[0].fingerprint).contains("\"catalog\""));
        assert_eq!(
            check(&UnapprovedDependency, &shop(Some(&[])).graph()).len(),
            1
        );
    }

    #[test]
    fn it_is_silent_without_a_list_and_for_what_the_list_has() {
        assert!(check(&UnapprovedDependency, &shop(None).graph()).is_empty());
        assert!(check(&UnapprovedDependency, &shop(Some(&["Catalog"])).graph()).is_empty());
    }

    #[test]
    fn former_names_parents_and_children_count() {
        let catalog = |parent: Option<&str>| Team {
            id: "catalog".to_owned(),
            previously: vec!["books".to_owned()],
            parent: parent.map(str::to_owned),
            ..Team::default()
        };
        let team = |id: &str, parent: Option<&str>| Team {
            id: id.to_owned(),
            parent: parent.map(str::to_owned),
            ..Team::default()
        };
        let silent = |builder: Builder| check(&UnapprovedDependency, &builder.graph()).is_empty();
        assert!(silent(shop(Some(&["books"])).team(catalog(None))));
        let child = shop(Some(&["stock"])).team(team("stock", None));
        assert!(silent(child.team(catalog(Some("stock")))));
        let parent = shop(Some(&["shelf"])).team(catalog(None));
        assert!(silent(parent.team(team("shelf", Some("catalog")))));
    }

    #[test]
    fn it_is_silent_for_shared_libraries_tests_and_co_owners_who_may() {
        let graph = Builder::new()
            .service("cart-api", "cart")
            .service("both", "cart,web")
            .service("pay-api", "pay")
            .shared("money", "pay")
            .team(cart(Some(&[])))
            .dep(dep("cart-api", "money", DependencyKind::LinkLib))
            .dep(dep("cart-api", "pay-api", DependencyKind::Reach))
            .dep(dep("cart-api", "pay-api", DependencyKind::CallHttp).context(Context::Test))
            .dep(dep("both", "pay-api", DependencyKind::CallHttp))
            .graph();
        assert!(check(&UnapprovedDependency, &graph).is_empty());
    }

    #[test]
    fn what_is_only_inferred_warns() {
        let graph = Builder::new()
            .service("cart-api", "cart")
            .service("catalog", "catalog")
            .team(cart(Some(&[])))
            .dep(
                dep("cart-api", "catalog", DependencyKind::CallHttp).certainty(Certainty::Inferred),
            )
            .graph();
        assert_eq!(check(&UnapprovedDependency, &graph)[0].level, Level::Warn);
    }
}
