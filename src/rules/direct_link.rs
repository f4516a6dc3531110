//! Does a team build another team's implementation into its own code?

use super::cause::Cause;
use super::couplings::{Coupling, couplings, declare_library, published_contract};
use super::words::subject;
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{Clause, DependencyKind, Finding, Level, RuleId};

/// The rule `direct-link`.
pub(super) struct DirectLink;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("direct-link"),
    clause: Clause::NoBackDoors,
    level: Level::Deny,
    summary: "a team links the implementation that another team owns",
    docs: include_str!("../../docs/rules/direct-link.md"),
    options: &[],
};

impl Rule for DirectLink {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        let fires = |kind| matches!(kind, DependencyKind::LinkImpl | DependencyKind::LinkSplice);
        for coupling in couplings(graph, INFO.id, |dependency| fires(dependency.kind)) {
            findings.push(finding(graph, &coupling), coupling.at_most());
        }
    }
}

fn finding(graph: &Graph, coupling: &Coupling<'_>) -> Finding {
    let (users, one_user) = subject(graph, &coupling.from_teams);
    let (owners, one_owner) = subject(graph, &coupling.to_teams);
    let target = &coupling.target(graph);
    let verb = match (coupling.kind, one_user) {
        (DependencyKind::LinkSplice, true) => "includes files of",
        (DependencyKind::LinkSplice, false) => "include files of",
        (_, true) => "links the implementation of",
        (_, false) => "link the implementation of",
    };
    let owns = if one_owner { "owns" } else { "own" };
    // What is an implementation by itself needs no reason; what links one does.
    let cause = Cause::of(coupling).filter(|cause| !cause.through.is_empty());
    let because = cause.map(|cause| format!(" and which brings {}", cause.text()));
    Finding {
        message: format!(
            "{users} {verb} `{target}`, which {owners} {owns}{}",
            because.unwrap_or_default()
        ),
        help: help(graph, coupling, &users, &owners),
        ..coupling.finding(graph, &INFO)
    }
}

fn help(graph: &Graph, coupling: &Coupling<'_>, users: &str, owners: &str) -> Vec<String> {
    let target = &coupling.target(graph);
    let mut ways = vec![match published_contract(graph, coupling) {
        Some(contract) => {
            format!("call {owners} over the network, by the interface in `{contract}`")
        }
        None => format!("call a service interface that {owners} would have to publish"),
    }];
    if let Some(lines) = declare_library(graph, coupling) {
        ways.push(format!(
            "if `{target}` is meant for every team, say so in twopizza.toml:\n{lines}"
        ));
    }
    ways.push(format!(
        "if only {users} should change it, make {users} the owner of `{target}`"
    ));
    ways
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::{Builder, Dep, dep};
    use crate::model::{Certainty, ComponentKind, Context, Team};

    fn shop() -> Builder {
        Builder::new()
            .service("cart-api", "cart")
            .service("catalog-core", "catalog")
    }

    fn link() -> Dep {
        dep("cart-api", "catalog-core", DependencyKind::LinkImpl)
    }

    #[test]
    fn a_link_to_another_teams_implementation_is_denied() {
        let findings = check(&DirectLink, &shop().dep(link()).graph());
        assert_eq!(findings.len(), 1);
        let finding = &findings[0];
        assert_eq!(finding.level, Level::Deny);
        assert_eq!(
            finding.message,
            "team `cart` links the implementation of `catalog-core`, which team `catalog` owns"
        );
        assert_eq!(
            finding.fingerprint.to_string(),
            "direct-link|link.impl|cargo:cart-api|cargo:catalog-core|"
        );
        assert!(finding.owner.is_some());
        assert_eq!(
            finding.help[1],
            "if `catalog-core` is meant for every team, say so in twopizza.toml:\n\
             [[component]]\npath = \"catalog-core\"\nkind = \"library\""
        );
    }

    #[test]
    fn a_contract_of_the_owner_is_the_first_way_out() {
        let graph = shop()
            .component("ads-proto", ComponentKind::Contract, "catalog")
            .component("catalog-proto", ComponentKind::Contract, "catalog")
            .component("catalog-types", ComponentKind::Contract, "cart")
            .dep(link())
            .graph();
        let findings = check(&DirectLink, &graph);
        assert_eq!(
            findings[0].help[0],
            "call team `catalog` over the network, by the interface in `catalog-proto`"
        );
    }

    #[test]
    fn sites_of_several_teams_in_one_unit_are_one_finding() {
        let graph = shop().dep(link()).dep(link().in_file_of("search")).graph();
        let findings = check(&DirectLink, &graph);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].count, 2);
        assert_eq!(findings[0].evidence.len(), 2);
        assert_eq!(
            findings[0].message,
            "teams `cart` and `search` link the implementation of `catalog-core`, \
             which team `catalog` owns"
        );
        assert_eq!(findings[0].from_team.as_deref(), Some("cart + search"));
    }

    #[test]
    fn what_is_only_inferred_warns() {
        let graph = shop().dep(link().certainty(Certainty::Inferred)).graph();
        assert_eq!(check(&DirectLink, &graph)[0].level, Level::Warn);
    }

    #[test]
    fn it_is_silent_in_one_team_and_between_common_owners() {
        for owners in ["catalog", "cart,catalog"] {
            let graph = Builder::new()
                .service("cart-api", owners)
                .service("catalog-core", "catalog")
                .dep(link())
                .graph();
            assert!(check(&DirectLink, &graph).is_empty(), "{owners}");
        }
    }

    #[test]
    fn it_is_silent_between_parent_and_child() {
        let child = Team {
            id: "cart".to_owned(),
            parent: Some("catalog".to_owned()),
            ..Team::default()
        };
        let graph = shop().team(child).dep(link()).graph();
        assert!(check(&DirectLink, &graph).is_empty());
    }

    #[test]
    fn it_is_silent_outside_production() {
        for context in [Context::Test, Context::Build, Context::Development] {
            let graph = shop().dep(link().context(context)).graph();
            assert!(check(&DirectLink, &graph).is_empty(), "{context:?}");
        }
    }

    #[test]
    fn it_is_silent_when_an_owner_is_unknown() {
        let graph = Builder::new()
            .service("cart-api", "cart")
            .service("catalog-core", "")
            .dep(link())
            .graph();
        assert!(check(&DirectLink, &graph).is_empty());
    }

    #[test]
    fn it_is_silent_for_contracts_libraries_and_calls() {
        for kind in [
            DependencyKind::LinkContract,
            DependencyKind::LinkLib,
            DependencyKind::CallHttp,
        ] {
            let graph = shop().dep(dep("cart-api", "catalog-core", kind)).graph();
            assert!(check(&DirectLink, &graph).is_empty(), "{kind:?}");
        }
    }
}
