//! Which components are no service of their own: infrastructure of the others, or a gateway in front of them?

use std::collections::BTreeSet;

use super::contexts::Contexts;
use super::index::Index;
use super::units::Units;
use crate::model::{Claim, ComponentId, ComponentKind, Context, Fact};

/// Gives components the kind that their code or manifest shows (`trait:infrastructure`, `trait:gateway`).
///
/// What the configuration says of a kind stays.
pub(super) fn resolve(
    index: &Index<'_>,
    component: impl Fn(&Fact) -> ComponentId,
    contexts: &Contexts,
    configured: &BTreeSet<ComponentId>,
    units: &mut Units,
) {
    for fact in index.facts {
        let Claim::Provides { key, .. } = &fact.claim else {
            continue;
        };
        let kind = match (key.namespace.0, key.name.as_text()) {
            ("trait", Some("infrastructure")) => ComponentKind::Infrastructure,
            ("trait", Some("gateway")) => ComponentKind::Gateway,
            _ => continue,
        };
        let id = component(fact);
        let component = &mut units.components[id.0 as usize];
        let is_open = !configured.contains(&id)
            && matches!(
                component.kind,
                ComponentKind::Library | ComponentKind::Service | ComponentKind::Tool
            );
        if is_open && contexts.fact(fact, component.kind) == Context::Production {
            component.kind = kind;
        }
    }
}
