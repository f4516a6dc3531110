//! Is there a component that nobody owns?

use super::components::declared;
use super::{Findings, Rule, RuleInfo, RuleOption};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{
    Clause, Component, ComponentId, ComponentKind, Finding, Fingerprint, Level, Owned, RuleId, Span,
};

/// The rule `unowned-component`.
pub(super) struct UnownedComponent;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("unowned-component"),
    clause: Clause::Ownership,
    level: Level::Warn,
    summary: "nobody owns more than half of a component's files",
    docs: include_str!("../../docs/rules/unowned-component.md"),
    options: &[RuleOption {
        name: "share",
        default: 0.5,
        summary: "the part of the source files that must be more than nobody's",
    }],
};

impl Rule for UnownedComponent {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn check(&self, graph: &Graph, _: &Limits, findings: &mut Findings<'_>) {
        let organisation = graph.organisation();
        if !organisation.has_sources {
            return;
        }
        for (index, owner) in organisation.components.iter().enumerate() {
            let Some(component) = graph.components().get(index) else {
                break;
            };
            if !component.kind.is_code()
                || component.kind == ComponentKind::Test
                || matches!(owner.owned, Owned::By(..))
            {
                continue;
            }
            let files = |wanted: &dyn Fn(bool) -> bool| -> u64 {
                let shares = owner.shares.iter();
                shares
                    .filter(|(set, _)| wanted(set.is_some()))
                    .map(|(_, files)| u64::from(*files))
                    .sum()
            };
            let (nobodys, all) = (files(&|owned| !owned), files(&|_| true));
            if nobodys as f64 > findings.option("share") * all as f64 {
                let id = ComponentId(index as u32);
                let shares = (nobodys as usize, all as usize);
                let finding = finding(id, component, owner.owned.line(), shares);
                findings.push(finding, Level::Deny);
            }
        }
    }
}

fn finding(
    id: ComponentId,
    component: &Component,
    line: Option<Span>,
    (nobodys, all): (usize, usize),
) -> Finding {
    let name = &component.name;
    let owned = all.saturating_sub(nobodys);
    let share = match (owned, all) {
        (0, 1) => "its only source file has no owner".to_owned(),
        (0, _) => format!("none of its {all} source files has an owner"),
        (1, _) => format!("one of its {all} source files has an owner"),
        _ => format!("{owned} of its {all} source files have an owner"),
    };
    let mut help = Vec::new();
    if let Some(root) = component.root.as_ref().filter(|root| !root.path.is_empty()) {
        help.push(format!(
            "name the owner in the ownership file: /{}/ @organisation/team",
            root.path
        ));
    }
    help.push("or in twopizza.toml, with a `team` in its [[component]]".to_owned());
    Finding {
        message: format!("nobody owns `{name}`: {share}"),
        from: Some(id),
        fingerprint: Fingerprint {
            from: component.id.clone(),
            ..Fingerprint::default()
        },
        count: 1,
        evidence: declared(component),
        owner: line,
        help,
        ..INFO.finding()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::*;
    use crate::graph::testing::Builder;

    #[test]
    fn a_component_without_owner_is_told() {
        let graph = Builder::new().service("cart-api", "").graph();
        let findings = check(&UnownedComponent, &graph);
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "nobody owns `cart-api`: its only source file has no owner"
        );
        assert_eq!(findings[0].level, Level::Warn);
    }

    #[test]
    fn it_is_silent_for_owned_components_tests_resources_and_remainders() {
        let graph = Builder::new()
            .service("cart-api", "cart")
            .component("tests", ComponentKind::Test, "")
            .component("rest", ComponentKind::Rest, "")
            .component("orders-db", ComponentKind::Datastore, "")
            .graph();
        assert!(check(&UnownedComponent, &graph).is_empty());
    }

    #[test]
    fn it_is_silent_when_the_run_knows_no_ownership_at_all() {
        let graph = Builder::new()
            .service("cart-api", "")
            .without_sources()
            .graph();
        assert!(check(&UnownedComponent, &graph).is_empty());
    }
}
