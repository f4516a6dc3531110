//! Which stores does each component connect to, so that tables of which nothing else is said live there?

use std::collections::BTreeMap;

use super::stores::{Host, Place, Store, speaks_sql, store, usual};
use crate::model::{Certainty, Claim, ComponentId, Context, Fact, Hop, HopKind};
use crate::resolve::backends::Backends;
use crate::resolve::contexts::Contexts;
use crate::resolve::fold::Folder;
use crate::resolve::places::{Places, Use};
use crate::resolve::units::Units;

/// A store with the way to it.
#[derive(Clone, Debug)]
pub(super) struct Way {
    pub(super) store: Store,
    pub(super) certainty: Certainty,
    pub(super) hops: Vec<Hop>,
}

/// The stores of components.
pub(super) struct Connected(BTreeMap<ComponentId, Vec<Way>>);

impl Connected {
    /// From everything that connects in production.
    pub(super) fn new<'a>(
        facts: &'a [Fact],
        folder: &Folder<'a>,
        places: &Places<'a>,
        contexts: &Contexts,
        backends: &mut Backends,
        units: &mut Units,
    ) -> Self {
        let mut found: BTreeMap<ComponentId, Vec<Way>> = BTreeMap::new();
        for fact in facts {
            let Claim::Requires { key, .. } = &fact.claim else {
                continue;
            };
            let engine = key.name.as_text().unwrap_or_default();
            if key.namespace.0 != "store" || !speaks_sql(engine) {
                continue;
            }
            for used in places.uses(fact, contexts, units) {
                let Use {
                    deployment,
                    user,
                    context,
                } = used;
                if context != Context::Production {
                    continue;
                }
                for at in folder
                    .fold(&key.at, fact.span, deployment)
                    .unwrap_or_default()
                {
                    let mut store = store(&at, engine, deployment, places);
                    let is_unclear = match &store {
                        Store::Place(place) => {
                            if place
                                .engine
                                .as_deref()
                                .is_some_and(|name| !speaks_sql(name))
                            {
                                continue;
                            }
                            place.host.is_none()
                        }
                        Store::Unknown => true,
                        Store::Entity(..) => false,
                    };
                    // The only server of its engine is the one that is meant.
                    if is_unclear
                        && !engine.is_empty()
                        && let Ok(server) =
                            backends.store(&at, engine, deployment, fact, places, units)
                    {
                        let database = match store {
                            Store::Place(place) => place.database,
                            _ => None,
                        };
                        store = Store::Place(Place {
                            engine: Some(usual(engine).to_owned()),
                            host: Some(Host::Component(server.component)),
                            database,
                        });
                    }
                    let ways = found.entry(user).or_default();
                    if ways.iter().all(|way| way.store != store) {
                        let mut hops = vec![Hop {
                            span: fact.span,
                            what: HopKind::Use,
                            name: engine.to_owned(),
                        }];
                        hops.extend(at.hops);
                        ways.push(Way {
                            store,
                            certainty: fact.certainty.min(at.certainty),
                            hops,
                        });
                    }
                }
            }
        }
        Self(found)
    }

    /// The stores of a component; empty where nothing tells of any.
    pub(super) fn of(&self, component: ComponentId) -> &[Way] {
        self.0
            .get(&component)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }
}
