//! Which store does each component connect to, whatever it does there?

use std::collections::BTreeSet;

use super::backends::Backends;
use super::contexts::Contexts;
use super::fold::Folder;
use super::index::Index;
use super::places::{Places, Use};
use super::sites::{Site, Sites};
use super::units::Units;
use crate::model::{Claim, Hop, HopKind, Why};

/// Resolves connections to stores: `store(address)engine`.
pub(super) fn resolve<'a>(
    index: &Index<'a>,
    folder: &Folder<'a>,
    places: &Places<'a>,
    contexts: &Contexts,
    stores: &mut Backends,
    units: &mut Units,
    sites: &mut Sites,
) {
    for fact in index.facts {
        let Claim::Requires {
            key, kind, access, ..
        } = &fact.claim
        else {
            continue;
        };
        if key.namespace.0 != "store" {
            continue;
        }
        let engine = key.name.as_text().unwrap_or_default();
        let mut unknown = BTreeSet::new();
        let mut found = false;
        for Use {
            deployment,
            user,
            context,
        } in places.uses(fact, contexts, units)
        {
            let Ok(ats) = folder.fold(&key.at, fact.span, deployment) else {
                unknown.insert(Why::TooDeep);
                continue;
            };
            for at in ats {
                match stores.store(&at, engine, deployment, fact, places, units) {
                    Ok(store) => {
                        found = true;
                        let mut chain = vec![Hop {
                            span: fact.span,
                            what: HopKind::Use,
                            name: engine.to_owned(),
                        }];
                        chain.extend(at.hops.iter().cloned().chain(store.hop));
                        chain.dedup();
                        let ends = (user, store.component);
                        sites.sites.push(Site {
                            certainty: store.certainty.min(fact.certainty),
                            chain,
                            ..Site::stated(fact, (*kind, *access), ends, context)
                        });
                    }
                    Err(why) => {
                        unknown.insert(why);
                    }
                }
            }
        }
        if !found && let Some(why) = unknown.into_iter().next() {
            sites.unknown(fact, *kind, key.to_string(), why);
        }
    }
}
