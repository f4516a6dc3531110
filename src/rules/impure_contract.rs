//! Does a team link a contract that brings more than a contract?

use super::cause::Cause;
use super::couplings::{Coupling, couplings, declare_library};
use super::words::subject;
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{Clause, DependencyKind, Finding, HopKind, Level, RuleId};

/// The rule `impure-contract`.
pub(super) struct ImpureContract;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("impure-contract"),
    clause: Clause::NoBackDoors,
    level: Level::Warn,
    summary: "a team links another team's contract, which brings an implementation",
    docs: include_str!("../../docs/rules/impure-contract.md"),
    options: &[],
};

impl Rule for ImpureContract {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        let impure = |kind| kind == DependencyKind::LinkContractImpure;
        for coupling in couplings(graph, INFO.id, |dependency| impure(dependency.kind)) {
            findings.push(finding(graph, &coupling), coupling.at_most());
        }
    }
}

fn finding(graph: &Graph, coupling: &Coupling<'_>) -> Finding {
    let (users, one_user) = subject(graph, &coupling.from_teams);
    let (owners, _) = subject(graph, &coupling.to_teams);
    let contract = &coupling.target(graph);
    let verb = if one_user { "links" } else { "link" };
    let cause = Cause::of(coupling);
    let brings = match &cause {
        Some(cause) => format!("brings {}", cause.text()),
        None => "brings an implementation".to_owned(),
    };
    Finding {
        message: format!("{users} {verb} the contract `{contract}` of {owners}, which {brings}"),
        help: help(graph, coupling, cause.as_ref()),
        ..coupling.finding(graph, &INFO)
    }
}

fn help(graph: &Graph, coupling: &Coupling<'_>, cause: Option<&Cause<'_>>) -> Vec<String> {
    let contract = &coupling.target(graph);
    let mut ways = Vec::new();
    match cause {
        Some(cause) if cause.through.is_empty() && cause.burden.what == HopKind::Use => {
            ways.push(format!(
                "make `{}` an optional dependency of `{contract}`, or move what needs it out",
                cause.burden.name
            ));
        }
        Some(cause) => ways.push(match cause.through.first() {
            Some(first) => format!(
                "move what `{contract}` needs of `{first}` to a package that brings nothing else"
            ),
            None => format!("move {} out of `{contract}`", cause.what()),
        }),
        None => {}
    }
    ways.push(format!(
        "publish the interface definition alone, so that each user makes its own side of `{contract}`"
    ));
    if let Some(lines) = declare_library(graph, coupling) {
        ways.push(format!(
            "if `{contract}` is meant for every team as it is, say so in twopizza.toml:\n{lines}"
        ));
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::{Builder, Dep, dep};
    use crate::model::{ComponentKind, Context};

    fn shop() -> Builder {
        Builder::new().service("cart", "cart").component(
            "catalog-api",
            ComponentKind::Library,
            "catalog",
        )
    }

    fn link() -> Dep {
        dep("cart", "catalog-api", DependencyKind::LinkContractImpure)
            .then(HopKind::Provide, "catalog-api")
    }

    fn message(dep: Dep) -> String {
        let findings = check(&ImpureContract, &shop().dep(dep).graph());
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].level, Level::Warn);
        findings[0].message.clone()
    }

    #[test]
    fn it_names_what_the_contract_brings_and_through_what() {
        let start = "team `cart` links the contract `catalog-api` of team `catalog`, which brings ";
        let own = link().then(HopKind::Use, "sqlx");
        assert_eq!(message(own), format!("{start}`sqlx`"));
        let through = link()
            .then(HopKind::Use, "core")
            .then(HopKind::Use, "db")
            .then(HopKind::Provide, "the table `books`");
        assert_eq!(
            message(through),
            format!("{start}the table `books` through `core` → `db`")
        );
        assert_eq!(message(link()), format!("{start}an implementation"));
    }

    #[test]
    fn the_smallest_step_comes_first() {
        let help = |dep: Dep| {
            let findings = check(&ImpureContract, &shop().dep(dep).graph());
            findings[0].help[0].clone()
        };
        assert_eq!(
            help(link().then(HopKind::Use, "sqlx")),
            "make `sqlx` an optional dependency of `catalog-api`, or move what needs it out"
        );
        assert_eq!(
            help(link().then(HopKind::Use, "core").then(HopKind::Use, "sqlx")),
            "move what `catalog-api` needs of `core` to a package that brings nothing else"
        );
    }

    #[test]
    fn it_is_silent_for_pure_contracts_one_team_and_tests() {
        let pure = dep("cart", "catalog-api", DependencyKind::LinkContract);
        let test = link().context(Context::Test);
        let same = link().in_file_of("catalog");
        for dep in [pure, test, same] {
            assert!(check(&ImpureContract, &shop().dep(dep).graph()).is_empty());
        }
    }
}
