//! Who publishes and who listens: topics at brokers, and the pairs that a topic joins.
//!
//! An edge ends at the broker and names the topic; whoever listens to a topic also depends on who publishes it.

use std::collections::{BTreeMap, BTreeSet};

use super::backends::{Backend, Backends};
use super::contexts::Contexts;
use super::fold::{Context as FoldContext, Folder, Value};
use super::index::Index;
use super::places::Places;
use super::sites::{Site, Sites};
use super::units::Units;
use crate::model::{
    Access, Certainty, Claim, ComponentId, Context, DependencyKind, Fact, Hop, HopKind, Key, Offer,
    Part, Subject, Template, Why,
};

/// The most pairs that one topic may join: more say nothing of who needs whom.
const PAIRS: usize = 256;

/// A component at one end of a topic.
struct End<'a> {
    fact: &'a Fact,
    component: ComponentId,
    context: Context,
    certainty: Certainty,
    chain: Vec<Hop>,
}

/// Who publishes and who listens to each topic of each broker.
#[derive(Default)]
struct Topic<'a> {
    publishers: Vec<End<'a>>,
    subscribers: Vec<End<'a>>,
}

/// Resolves the uses of topics.
pub(super) fn resolve<'a>(
    index: &Index<'a>,
    folder: &Folder<'a>,
    places: &Places<'a>,
    contexts: &Contexts,
    brokers: &mut Backends,
    units: &mut Units,
    sites: &mut Sites,
) {
    let mut topics: BTreeMap<(ComponentId, String), Topic<'a>> = BTreeMap::new();
    for fact in index.facts {
        let Claim::Requires {
            key, kind, access, ..
        } = &fact.claim
        else {
            continue;
        };
        if key.namespace.0 != "topic" {
            continue;
        }
        let mut unknown = BTreeSet::new();
        let mut found = false;
        for used in places.uses(fact, contexts, units) {
            let deployment = used.deployment;
            let fold = |template: &Template| folder.fold(template, fact.span, deployment);
            let (Ok(ats), Ok(names)) = (fold(&key.at), fold(&key.name)) else {
                unknown.insert(Why::TooDeep);
                continue;
            };
            for (at, name) in ats
                .iter()
                .flat_map(|at| names.iter().map(move |name| (at, name)))
            {
                let created = created(name, deployment, index, places, units);
                let broker = match created {
                    Ok(Some(broker)) => Ok(broker),
                    Err(why) => Err(why),
                    // A topic at no address is only known by who creates it.
                    Ok(None) if at.template.is_empty() => Err(unbound(name)),
                    Ok(None) if is_capability(fact, at) => Err(unbound(at)),
                    Ok(None) if is_handed_on(name, at) => Err(unbound(name)),
                    Ok(None) => brokers.find(at, deployment, fact, places, units),
                };
                let broker = match broker {
                    Ok(broker) => broker,
                    Err(why) => {
                        unknown.insert(why);
                        continue;
                    }
                };
                found = true;
                let topic = name.template.as_text().filter(|text| !text.is_empty());
                let symbol = (!name.template.is_empty()).then(|| name.template.to_string());
                let mut chain = vec![Hop {
                    span: fact.span,
                    what: HopKind::Use,
                    name: symbol.clone().unwrap_or_default(),
                }];
                chain.extend(name.hops.iter().chain(&at.hops).cloned());
                let certainty = fact.certainty.min(name.certainty).min(broker.certainty);
                if let Some(topic) = topic {
                    let topic = topics.entry((broker.component, topic.to_owned()));
                    let topic = topic.or_default();
                    let list = match kind {
                        DependencyKind::EventPub => &mut topic.publishers,
                        _ => &mut topic.subscribers,
                    };
                    if !list
                        .iter()
                        .any(|known| known.component == used.user && known.fact.span == fact.span)
                    {
                        list.push(End {
                            fact,
                            component: used.user,
                            context: used.context,
                            certainty,
                            chain: chain.clone(),
                        });
                    }
                }
                chain.extend(broker.hop.clone());
                chain.dedup();
                let ends = (used.user, broker.component);
                sites.sites.push(Site {
                    symbol,
                    certainty,
                    chain,
                    ..Site::stated(fact, (*kind, *access), ends, used.context)
                });
            }
        }
        if !found && let Some(why) = unknown.into_iter().next() {
            sites.unknown(fact, *kind, key.to_string(), why);
        }
    }
    for ((_, name), topic) in topics {
        if topic.publishers.len() * topic.subscribers.len() <= PAIRS {
            pairs(&name, &topic, sites);
            continue;
        }
        for end in &topic.subscribers {
            let name = format!("topic:{name}");
            sites.unknown(end.fact, DependencyKind::EventSub, name, Why::TooDeep);
        }
    }
}

/// Who makes the topic, by infrastructure as code; in the caller's repository first.
fn created(
    name: &Value,
    context: FoldContext,
    index: &Index<'_>,
    places: &Places<'_>,
    units: &Units,
) -> Result<Option<Backend>, Why> {
    if let Some(key) = name.template.as_ref_key()
        && let Some((component, hop)) = places.entity(key, context)
    {
        return Ok(Some(Backend {
            component,
            hop: Some(hop),
            certainty: name.certainty,
        }));
    }
    let Some(text) = name.template.as_text().filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let repo = places.repo(context);
    let offers = || {
        index
            .provides("topic", text)
            .filter(|(.., how)| *how != Offer::Declares)
            .map(|(offer, ..)| offer)
    };
    let mut near: Vec<&Fact> = offers().filter(|offer| index.repo(offer) == repo).collect();
    if near.is_empty() {
        near = offers().collect();
    }
    let components: BTreeSet<ComponentId> = near
        .iter()
        .map(|offer| places.component_of_subject(offer))
        .collect();
    match (components.len(), components.first(), near.first()) {
        (1, Some(component), Some(offer)) => Ok(Some(Backend {
            component: *component,
            hop: Some(Hop {
                span: offer.span,
                what: HopKind::Provide,
                name: format!("topic:{text}"),
            }),
            certainty: Certainty::Declared,
        })),
        (0, ..) => Ok(None),
        _ => Err(Why::Ambiguous(
            components
                .iter()
                .map(|id| units.components[id.0 as usize].id.clone())
                .collect(),
        )),
    }
}

/// Whether a package alone speaks, and no setting says where the broker is: it tells what a program can do, not that it does.
fn is_capability(fact: &Fact, at: &Value) -> bool {
    let is_broker = |key: &Key| key.namespace.0 == "broker";
    fact.certainty == Certainty::Declared && at.template.as_ref_key().is_some_and(is_broker)
}

/// Whether a function hands on a topic that it is given, to a broker that nothing tells: whoever calls it decides.
fn is_handed_on(name: &Value, at: &Value) -> bool {
    let is_broker = |key: &Key| key.namespace.0 == "broker";
    let is_argument = |part: &Part| match part {
        Part::Ref(one) if one.key.namespace.0 == "slot" => {
            let name = one.key.name.as_text().and_then(|name| name.split_once('#'));
            name.is_some_and(|(_, which)| !which.starts_with("return"))
        }
        _ => false,
    };
    at.template.as_ref_key().is_some_and(is_broker)
        && name.template.0.first().is_some_and(is_argument)
}

/// Why a topic whose name or broker is told elsewhere is not known.
fn unbound(value: &Value) -> Why {
    let bound_elsewhere = value.template.0.iter().find_map(|part| match part {
        Part::Ref(reference) => Some(reference.key.to_string()),
        _ => None,
    });
    bound_elsewhere.map_or(Why::NotFound, Why::Unbound)
}

/// Whoever listens depends on whoever publishes.
fn pairs(name: &str, topic: &Topic<'_>, sites: &mut Sites) {
    for subscriber in &topic.subscribers {
        for publisher in &topic.publishers {
            if subscriber.component == publisher.component {
                continue;
            }
            let mut chain = subscriber.chain.clone();
            chain.push(Hop {
                span: publisher.fact.span,
                what: HopKind::Provide,
                name: format!("publishes {name}"),
            });
            let ends = (subscriber.component, publisher.component);
            let context = subscriber.context.join(publisher.context);
            let told_here = publisher.fact.subject == Subject::Here;
            sites.sites.push(Site {
                to_files: told_here
                    .then_some(publisher.fact.span.file)
                    .into_iter()
                    .collect(),
                symbol: Some(name.to_owned()),
                certainty: subscriber.certainty.min(publisher.certainty),
                chain,
                ..Site::stated(
                    subscriber.fact,
                    (DependencyKind::EventSub, Access::Read),
                    ends,
                    context,
                )
            });
        }
    }
}
