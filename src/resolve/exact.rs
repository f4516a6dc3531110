//! Pass 9 for names that no other pass knows (volumes, resources, …): place and name must be equal.
//!
//! What is required under such a name and offered by nobody is counted, so that nothing vanishes.

use std::collections::BTreeSet;

use super::contexts::Contexts;
use super::fold::{Context as FoldContext, Folder, Value};
use super::index::Index;
use super::links;
use super::places::{Places, Use};
use super::sites::{Site, Sites};
use super::units::Units;
use crate::model::{
    Certainty, Claim, ComponentId, DependencyKind, Fact, Hop, HopKind, Key, Offer, Template, Why,
};

/// Namespaces of the passes for calls and stores.
const ELSEWHERE: &[&str] = &["grpc", "http", "platform", "rpc", "store", "table", "topic"];

/// A name that is required in one deployment.
#[derive(Clone, Copy)]
struct Asked<'a> {
    fact: &'a Fact,
    key: &'a Key,
    context: FoldContext,
}

/// Who offers a name.
struct Found {
    to: ComponentId,
    key: Key,
    hops: Vec<Hop>,
    certainty: Certainty,
}

/// Resolves requirements in all namespaces that have no pass of their own.
pub(super) fn resolve(
    index: &Index<'_>,
    folder: &Folder<'_>,
    units: &Units,
    places: &Places<'_>,
    contexts: &Contexts,
    sites: &mut Sites,
) {
    for fact in index.facts {
        let Claim::Requires {
            key, kind, access, ..
        } = &fact.claim
        else {
            continue;
        };
        let elsewhere = links::handles(fact, key.namespace) || ELSEWHERE.contains(&key.namespace.0);
        // That something can be reached is no coupling by itself.
        if elsewhere || *kind == DependencyKind::Reach {
            continue;
        }
        let mut unknown = BTreeSet::new();
        let mut known = false;
        for Use {
            deployment,
            user,
            context,
        } in places.uses(fact, contexts, units)
        {
            let asked = Asked {
                fact,
                key,
                context: deployment,
            };
            match asked.find(index, folder, places, units) {
                Ok(found) => {
                    known = true;
                    sites.sites.extend(found.into_iter().map(|found| Site {
                        symbol: Some(found.key.to_string()),
                        certainty: found.certainty.min(fact.certainty),
                        chain: found.hops,
                        ..Site::stated(fact, (*kind, *access), (user, found.to), context)
                    }));
                }
                Err(why) => {
                    unknown.insert(why);
                }
            }
        }
        if !known && let Some(why) = unknown.into_iter().next() {
            sites.unknown(fact, *kind, key.to_string(), why);
        }
    }
}

impl Asked<'_> {
    /// Whoever offers the name.
    fn find(
        &self,
        index: &Index<'_>,
        folder: &Folder<'_>,
        places: &Places<'_>,
        units: &Units,
    ) -> Result<Vec<Found>, Why> {
        let fold = |template: &Template| {
            let values = folder.fold(template, self.fact.span, self.context);
            values.map_err(|_| Why::TooDeep)
        };
        let mut found = Vec::new();
        for at in fold(&self.key.at)? {
            for name in fold(&self.key.name)? {
                found.push(self.offered(&at, &name, index, places, units)?);
            }
        }
        Ok(found)
    }

    /// Who offers one of its values.
    fn offered(
        &self,
        at: &Value,
        name: &Value,
        index: &Index<'_>,
        places: &Places<'_>,
        units: &Units,
    ) -> Result<Found, Why> {
        let Self { fact, key, context } = *self;
        let folded = Key {
            namespace: key.namespace,
            at: at.template.clone(),
            name: name.template.clone(),
        };
        let mut hops = vec![Hop {
            span: fact.span,
            what: HopKind::Use,
            name: folded.to_string(),
        }];
        hops.extend(at.hops.iter().chain(&name.hops).cloned());
        let certainty = at.certainty.min(name.certainty);
        // The name may be that of a thing in a manifest, or refer to one.
        let thing = folded.name.as_ref_key().unwrap_or(&folded);
        if let Some((to, hop)) = places.entity(thing, context) {
            hops.push(hop);
            return Ok(Found {
                to,
                key: folded,
                hops,
                certainty,
            });
        }
        let unbound = [&folded.at, &folded.name].into_iter().find_map(|template| {
            template.0.iter().find_map(|part| match part {
                crate::model::Part::Ref(reference) => Some(reference.key.to_string()),
                _ => None,
            })
        });
        if let Some(key) = unbound {
            return Err(Why::Unbound(key));
        }
        let text = folded.name.as_text().ok_or(Why::NotFound)?;
        let repo = places.repo(context);
        let offers = || {
            index
                .provides(key.namespace.0, text)
                .filter(|(_, offered, how)| offered.at == folded.at && *how != Offer::Declares)
                .map(|(offer, ..)| offer)
        };
        let mut near: Vec<&Fact> = offers().filter(|offer| index.repo(offer) == repo).collect();
        if near.is_empty()
            && folded
                .at
                .as_text()
                .is_none_or(|at| !at.starts_with("path:"))
        {
            near = offers().collect();
        }
        let components: BTreeSet<ComponentId> = near
            .iter()
            .map(|offer| places.component_of_subject(offer))
            .collect();
        let (Some(to), Some(offer)) = (components.first(), near.first()) else {
            return Err(Why::NotFound);
        };
        if components.len() > 1 {
            let ids = components.iter();
            return Err(Why::Ambiguous(
                ids.map(|id| units.components[id.0 as usize].id.clone())
                    .collect(),
            ));
        }
        hops.push(Hop {
            span: offer.span,
            what: HopKind::Provide,
            name: folded.to_string(),
        });
        Ok(Found {
            to: *to,
            key: folded,
            hops,
            certainty,
        })
    }
}
