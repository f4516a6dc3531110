//! Is there a component that nobody owns?

use super::couplings::plural;
use super::{Findings, Rule, RuleInfo};
use crate::config::Limits;
use crate::graph::Graph;
use crate::model::{
    Clause, Component, ComponentId, ComponentKind, Evidence, Finding, Fingerprint, Hop, HopKind,
    Level, Owned, RuleId, Span,
};

/// The rule `unowned-component`.
pub(super) struct UnownedComponent;

static INFO: RuleInfo = RuleInfo {
    id: RuleId("unowned-component"),
    clause: Clause::Ownership,
    level: Level::Warn,
    summary: "nobody owns more than half of a component's files",
    docs: include_str!("../../docs/rules/unowned-component.md"),
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
            if nobodys.saturating_mul(2) > all {
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
    let share = if nobodys == all {
        format!("none of its {}", plural(all, "file"))
    } else {
        format!(
            "{} of its {}",
            all.saturating_sub(nobodys),
            plural(all, "file")
        )
    };
    let has = if nobodys == all || all.saturating_sub(nobodys) == 1 {
        "has"
    } else {
        "have"
    };
    let declared = component.declared_in.map(|file| Evidence {
        chain: vec![Hop {
            span: Span {
                file,
                start: 0,
                end: 0,
            },
            what: HopKind::Provide,
            name: name.clone(),
        }],
    });
    let mut help = Vec::new();
    if let Some(root) = component.root.as_ref().filter(|root| !root.path.is_empty()) {
        help.push(format!(
            "name the owner in the ownership file: /{}/ @organisation/team",
            root.path
        ));
    }
    help.push("or in twopizza.toml, with a `team` in its [[component]]".to_owned());
    Finding {
        message: format!("nobody owns `{name}`: {share} {has} an owner"),
        from: Some(id),
        fingerprint: Fingerprint {
            from: component.id.clone(),
            ..Fingerprint::default()
        },
        count: 1,
        evidence: declared.into_iter().collect(),
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
            "nobody owns `cart-api`: none of its 1 file has an owner"
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
