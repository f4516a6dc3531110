//! Which components are no service of their own: infrastructure of the others, or a gateway in front of them?

use std::collections::BTreeSet;

use super::contexts::Contexts;
use super::identity::Subjects;
use super::index::Index;
use super::units::Units;
use crate::model::{Claim, ComponentId, ComponentKind, Context, Fact, Subject, images};

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

/// A component that runs a well-known engine, with the fact that says so.
pub(super) struct Runner<'a> {
    pub(super) component: ComponentId,
    pub(super) engine: &'static str,
    pub(super) fact: &'a Fact,
}

/// The names under which components register are names that they go by.
pub(super) fn registered(
    index: &Index<'_>,
    bearer: impl Fn(&Fact) -> Option<ComponentId>,
    units: &mut Units,
) {
    for fact in index.facts {
        let Claim::Provides { key, .. } = &fact.claim else {
            continue;
        };
        if key.namespace.0 == "discovery"
            && key.is_literal()
            && fact.subject != Subject::File
            && let Some(bearer) = bearer(fact)
        {
            let aliases = &mut units.components[bearer.0 as usize].aliases;
            if !aliases.contains(key) {
                aliases.push(key.clone());
            }
        }
    }
}

/// Gives deployments of well-known images their kind, also where another file names the image, and tells their engines.
pub(super) fn well_known<'a>(
    index: &Index<'a>,
    subjects: &Subjects<'a>,
    configured: &BTreeSet<ComponentId>,
    units: &mut Units,
) -> Vec<Runner<'a>> {
    let mut runners = Vec::new();
    for (key, id, repo) in subjects {
        for fact in index.about(*repo, key) {
            let Claim::Runs { what, .. } = &fact.claim else {
                continue;
            };
            let component = &mut units.components[id.0 as usize];
            let is_open = !configured.contains(id)
                && matches!(
                    component.kind,
                    ComponentKind::Library | ComponentKind::Service
                );
            match what.namespace.0 {
                "image" => {
                    let image = what.name.as_text().and_then(images::known);
                    // What is built here is no image of others, however it is called.
                    if let Some(image) = image.filter(|_| component.root.is_none()) {
                        if is_open {
                            component.kind = image.kind;
                        }
                        runners.extend(image.engine.map(|engine| Runner {
                            component: *id,
                            engine,
                            fact,
                        }));
                    }
                }
                "dockerfile" if is_open => {
                    let kinds = index.about(*repo, what).find_map(|fact| match &fact.claim {
                        Claim::Component { kind, .. } => Some(*kind),
                        _ => None,
                    });
                    if let Some(kind) = kinds {
                        component.kind = kind;
                    }
                }
                _ => {}
            }
        }
    }
    runners
}
