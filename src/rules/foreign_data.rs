//! Does a team use a table that another team's component creates?

use super::couplings::{Coupling, couplings, published_contract};
use super::words::subject;
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{Clause, DependencyKind, Finding, HopKind, Level, RuleId};

/// The rule `foreign-data`.
pub(super) struct ForeignData;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("foreign-data"),
    clause: Clause::OwnData,
    level: Level::Deny,
    summary: "a team uses a table that another team's component creates",
    docs: include_str!("../../docs/rules/foreign-data.md"),
    options: &[],
};

impl Rule for ForeignData {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        let fires = |kind| verb(kind).is_some();
        for coupling in couplings(graph, INFO.id, |dependency| fires(dependency.kind)) {
            findings.push(finding(graph, &coupling), coupling.at_most());
        }
    }
}

/// What one team does with a table of another, for one and for several.
fn verb(kind: DependencyKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        DependencyKind::DataRead => ("reads", "read"),
        DependencyKind::DataWrite => ("writes", "write"),
        DependencyKind::DataForeignKey => ("ties its tables to", "tie their tables to"),
        DependencyKind::DataDdl => ("defines or changes", "define or change"),
        _ => return None,
    })
}

fn finding(graph: &Graph, coupling: &Coupling<'_>) -> Finding {
    let (users, one_user) = subject(graph, &coupling.from_teams);
    let (owners, one_owner) = subject(graph, &coupling.to_teams);
    let target = &coupling.target(graph);
    let (one, several) = verb(coupling.kind).unwrap_or(("uses", "use"));
    let does = if one_user { one } else { several };
    let owns = if one_owner { "owns" } else { "own" };
    Finding {
        message: format!(
            "{users} {does} the table `{}` of `{target}`, which {owners} {owns}",
            coupling.symbol
        ),
        help: help(graph, coupling, &owners),
        ..coupling.finding(graph, &INFO)
    }
}

fn help(graph: &Graph, coupling: &Coupling<'_>, owners: &str) -> Vec<String> {
    let target = &coupling.target(graph);
    let mut ways = vec![
        match (operation(coupling), published_contract(graph, coupling)) {
            (Some(operation), _) => format!("call `{operation}` of `{target}` instead"),
            (None, Some(contract)) => {
                format!("call {owners} over the network, by the interface in `{contract}`")
            }
            (None, None) => format!("call a service interface that {owners} would have to publish"),
        },
    ];
    if coupling.kind == DependencyKind::DataDdl {
        ways.push(format!(
            "leave the table to {owners}, or keep one of your own with what you need of it"
        ));
    } else {
        ways.push(format!(
            "or keep a copy of what you need, from events that {owners} would have to publish"
        ));
    }
    ways
}

/// The operation that gives what is in the table: told behind the line that creates it.
fn operation<'a>(coupling: &'a Coupling<'_>) -> Option<&'a str> {
    let chain = &coupling.evidence.first()?.chain;
    let table = chain
        .iter()
        .position(|hop| hop.what == HopKind::Provide && hop.name == coupling.symbol)?;
    chain.get(table + 1).map(|hop| hop.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::{Builder, Dep, dep};
    use crate::model::{Certainty, Context};

    fn shop() -> Builder {
        Builder::new()
            .service("billing", "billing")
            .service("ordering", "ordering")
    }

    fn table(kind: DependencyKind) -> Dep {
        dep("billing", "ordering", kind).symbol("shop.orders")
    }

    #[test]
    fn each_kind_of_use_has_its_words() {
        for (kind, does) in [
            (DependencyKind::DataRead, "reads"),
            (DependencyKind::DataWrite, "writes"),
            (DependencyKind::DataForeignKey, "ties its tables to"),
            (DependencyKind::DataDdl, "defines or changes"),
        ] {
            let findings = check(&ForeignData, &shop().dep(table(kind)).graph());
            assert_eq!(findings.len(), 1);
            assert_eq!(
                findings[0].message,
                format!(
                    "team `billing` {does} the table `shop.orders` of `ordering`, which team `ordering` owns"
                )
            );
            assert_eq!(findings[0].level, Level::Deny);
        }
    }

    #[test]
    fn a_guess_warns_and_tests_and_connections_are_silent() {
        let guess = table(DependencyKind::DataRead).certainty(Certainty::Inferred);
        let findings = check(&ForeignData, &shop().dep(guess).graph());
        assert_eq!(findings[0].level, Level::Warn);
        for dep in [
            table(DependencyKind::DataRead).context(Context::Test),
            table(DependencyKind::DataRead).in_file_of("ordering"),
            table(DependencyKind::DataUse),
        ] {
            assert!(check(&ForeignData, &shop().dep(dep).graph()).is_empty());
        }
    }
}
