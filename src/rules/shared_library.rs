//! Does a team link a library of another team that nobody declared as everybody's?

use std::collections::{BTreeMap, BTreeSet};

use super::couplings::{Coupling, MOST_EVIDENCE, couplings, declare_library, standing};
use super::words::{ids, list, plural, subject};
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{Clause, DependencyKind, Finding, Fingerprint, Level, RuleId, TeamId};

/// The rule `shared-library`.
pub(super) struct SharedLibrary;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("shared-library"),
    clause: Clause::NoBackDoors,
    level: Level::Warn,
    summary: "a team links another team's library that is not declared as shared",
    docs: include_str!("../../docs/rules/shared-library.md"),
    options: &[],
};

impl Rule for SharedLibrary {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        let undeclared = couplings(graph, INFO.id, |dependency| {
            dependency.kind == DependencyKind::LinkLib
                && !graph.component(dependency.to.component).shared
        });
        let mut merged: BTreeMap<(BTreeSet<TeamId>, &str, bool), Vec<Coupling<'_>>> =
            BTreeMap::new();
        for coupling in undeclared {
            merged
                .entry((
                    coupling.from_teams.clone(),
                    coupling.to_unit,
                    coupling.reasons.is_empty(),
                ))
                .or_default()
                .push(coupling);
        }
        for couplings in merged.values() {
            if let Some(finding) = finding(graph, couplings) {
                findings.push(finding, Level::Deny);
            }
        }
    }
}

/// One finding for all units of the same teams; it is known by the first of them.
fn finding(graph: &Graph, couplings: &[Coupling<'_>]) -> Option<Finding> {
    let first = couplings.first()?;
    let library = &first.target(graph);
    let (users, one_user) = subject(graph, &first.from_teams);
    let (owners, _) = subject(graph, &first.to_teams);
    let (verb, need) = if one_user {
        ("links", "needs")
    } else {
        ("link", "need")
    };
    let units: BTreeSet<&str> = couplings.iter().map(|one| one.from_unit).collect();
    let mut help = Vec::new();
    if let Some(lines) = declare_library(graph, first) {
        help.push(format!(
            "if `{library}` is meant for every team, say so in twopizza.toml:\n{lines}"
        ));
    }
    help.push(format!(
        "publish `{library}` with versions, so that {users} can upgrade at another time than {owners}"
    ));
    help.push(format!(
        "move what {users} {need} into a component of {users}"
    ));
    if units.len() > 1 {
        let names: Vec<String> = units.iter().map(|unit| format!("`{unit}`")).collect();
        help.push(format!(
            "{} are concerned: {}",
            plural(names.len(), "unit"),
            list(&names)
        ));
    }
    let evidence = couplings.iter().flat_map(|one| &one.evidence);
    let print = |from: &str| Fingerprint {
        kind: first.kind.as_str().to_owned(),
        from: from.to_owned(),
        to: first.to_unit.to_owned(),
        symbol: first.symbol.to_owned(),
        ..Fingerprint::default()
    };
    Some(Finding {
        message: format!(
            "{users} {verb} the library `{library}` of {owners}, which nobody declared as shared"
        ),
        from_team: ids(graph, &first.from_teams),
        to_team: ids(graph, &first.to_teams),
        from: (couplings.len() == 1).then_some(first.from),
        to: Some(first.to),
        fingerprint: print(first.from_unit),
        // The units that link it: a team that moves a unit elsewhere brings no new debt.
        identities: couplings
            .iter()
            .map(|one| (print(one.from_unit), one.sites))
            .collect(),
        count: couplings
            .iter()
            .fold(0, |sum, one| sum.saturating_add(one.sites)),
        evidence: evidence.take(MOST_EVIDENCE).cloned().collect(),
        owner: first.owner,
        standing: standing(
            &couplings
                .iter()
                .flat_map(|one| &one.reasons)
                .copied()
                .collect(),
        ),
        help,
        ..INFO.finding()
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::{Builder, dep};
    use crate::graph::{Verdict, Verdicts};
    use crate::model::{ComponentKind, Context};

    fn shop() -> Builder {
        Builder::new()
            .service("cart-api", "cart")
            .service("cart-worker", "cart")
            .service("search-api", "search")
            .dep(dep("cart-api", "money", DependencyKind::LinkLib))
            .dep(dep("cart-worker", "money", DependencyKind::LinkLib))
    }

    #[test]
    fn one_finding_for_each_team_and_library() {
        let graph = shop()
            .component("money", ComponentKind::Library, "billing")
            .dep(dep("search-api", "money", DependencyKind::LinkLib))
            .graph();
        let findings = check(&SharedLibrary, &graph);
        let told: Vec<_> = findings
            .iter()
            .map(|finding| (finding.from_team.as_deref().unwrap(), finding.count))
            .collect();
        assert_eq!(told, [("cart", 2), ("search", 1)]);
        assert_eq!(findings[0].level, Level::Warn);
        assert_eq!(
            findings[0].message,
            "team `cart` links the library `money` of team `billing`, which nobody declared as shared"
        );
        let prints: BTreeSet<_> = findings.iter().map(|one| &one.fingerprint).collect();
        assert_eq!(prints.len(), 2);
    }

    #[test]
    fn every_merged_dependency_takes_the_verdict() {
        let graph = shop()
            .component("money", ComponentKind::Library, "billing")
            .graph();
        let verdicts = Verdicts::new(&check(&SharedLibrary, &graph));
        for dependency in graph.dependencies() {
            assert_eq!(verdicts.of(&graph, dependency), Verdict::Warned);
        }
    }

    #[test]
    fn people_who_own_together_are_one_owner() {
        let people = crate::model::Team {
            id: "@alice, @bob".to_owned(),
            kind: crate::model::TeamKind::People,
            ..crate::model::Team::default()
        };
        let graph = Builder::new()
            .service("cart-api", "@alice, @bob")
            .service("cart-worker", "@alice, @bob")
            .component("money", ComponentKind::Library, "billing")
            .team(people)
            .dep(dep("cart-api", "money", DependencyKind::LinkLib))
            .dep(dep("cart-worker", "money", DependencyKind::LinkLib))
            .graph();
        let findings = check(&SharedLibrary, &graph);
        assert_eq!(
            findings[0].message,
            "`@alice, @bob` link the library `money` of team `billing`, \
             which nobody declared as shared"
        );
        assert!(
            findings[0].help.contains(
                &"move what `@alice, @bob` need into a component of `@alice, @bob`".to_owned()
            ),
            "{:?}",
            findings[0].help
        );
        assert_eq!(
            findings[0].from_teams().collect::<Vec<_>>(),
            ["@alice, @bob"]
        );
        let verdicts = Verdicts::new(&findings);
        for dependency in graph.dependencies() {
            assert_eq!(verdicts.of(&graph, dependency), Verdict::Warned);
        }
    }

    #[test]
    fn it_is_silent_for_a_declared_library() {
        let graph = shop().shared("money", "billing").graph();
        assert!(check(&SharedLibrary, &graph).is_empty());
    }

    #[test]
    fn it_is_silent_in_one_team_without_owner_and_in_tests() {
        for owners in ["cart", "cart,billing", ""] {
            let graph = shop()
                .component("money", ComponentKind::Library, owners)
                .graph();
            assert!(check(&SharedLibrary, &graph).is_empty(), "{owners}");
        }
        let graph = Builder::new()
            .service("cart-api", "cart")
            .component("money", ComponentKind::Library, "billing")
            .dep(dep("cart-api", "money", DependencyKind::LinkLib).context(Context::Test))
            .graph();
        assert!(check(&SharedLibrary, &graph).is_empty());
    }
}
