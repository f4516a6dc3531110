//! Which discovery, configuration, tracing and administration servers do programs talk to?
//!
//! Their addresses are often those of a developer's machine; where one component alone has the role, it is the one that is meant.

use std::collections::{BTreeMap, BTreeSet};

use super::super::contexts::Contexts;
use super::super::fold::{Context as FoldContext, Folder};
use super::super::hosts::address;
use super::super::index::Index;
use super::super::network::Answer;
use super::super::places::Places;
use super::super::sites::{Site, Sites, variants};
use super::super::units::Units;
use crate::model::{
    Certainty, Claim, ComponentId, Context, Fact, Hop, HopKind, Key, RepoId, Subject, Template, Why,
};

/// Who has each role, repository by repository.
type Holders = BTreeMap<(RepoId, String), BTreeMap<ComponentId, Hop>>;

/// Settings that switch the use of a server off when all of them are `false`.
const SWITCHES: &[(&str, &[&str])] = &[
    ("config-server", &["spring.cloud.config.enabled"]),
    ("discovery-server", &["eureka.client.enabled"]),
    ("discovery-server", &["spring.cloud.discovery.enabled"]),
    (
        "discovery-server",
        &[
            "eureka.client.register-with-eureka",
            "eureka.client.fetch-registry",
        ],
    ),
    ("tracing-server", &["spring.zipkin.enabled"]),
];

/// Resolves the uses of servers by their role.
pub(in crate::resolve) fn resolve(
    index: &Index<'_>,
    folder: &Folder<'_>,
    units: &Units,
    places: &Places<'_>,
    contexts: &Contexts,
    sites: &mut Sites,
) {
    let holders = holders(index, places, contexts, units);
    for fact in index.facts {
        let Claim::Requires {
            key, kind, access, ..
        } = &fact.claim
        else {
            continue;
        };
        let is_use = matches!(
            key.namespace.0,
            "grpc" | "http" | "platform" | "store" | "topic"
        );
        if is_use && fact.subject == Subject::File && places.contexts(fact).is_empty() {
            // Nobody is known to be handed the file.
            sites.unknown(fact, *kind, key.to_string(), Why::NotFound);
            continue;
        }
        let Some(role) = key.name.as_text().filter(|_| key.namespace.0 == "platform") else {
            continue;
        };
        let mut unknown = BTreeSet::new();
        let mut found = false;
        for deployment in places.contexts(fact) {
            let from = places.user(deployment);
            let context = contexts.fact(fact, units.components[from.0 as usize].kind);
            if context == Context::Generated || is_off(role, fact, deployment, folder) {
                found = true;
                continue;
            }
            let Ok(ats) = folder.fold(&key.at, fact.span, deployment) else {
                unknown.insert(Why::TooDeep);
                continue;
            };
            let only = holders
                .get(&(places.repo(deployment), role.to_owned()))
                .filter(|all| all.len() == 1)
                .and_then(|all| all.first_key_value());
            for at in ats {
                let answer = match server(&at.template, deployment, only, places) {
                    Ok(Some((to, hop, certainty))) => (to, hop, certainty.min(at.certainty)),
                    Ok(None) => {
                        found = true;
                        continue;
                    }
                    Err(why) => {
                        unknown.insert(why);
                        continue;
                    }
                };
                let (to, hop, certainty) = answer;
                found = true;
                if to == from {
                    continue;
                }
                let mut chain = vec![Hop {
                    span: fact.span,
                    what: HopKind::Use,
                    name: role.to_owned(),
                }];
                chain.extend(at.hops);
                chain.extend(hop);
                chain.dedup();
                sites.sites.push(Site {
                    from,
                    from_unit: None,
                    from_file: (fact.subject == Subject::Here).then_some(fact.span.file),
                    to,
                    to_unit: None,
                    to_files: Vec::new(),
                    symbol: Some(role.to_owned()),
                    kind: *kind,
                    access: *access,
                    certainty: certainty.min(fact.certainty),
                    context,
                    variants: variants(&fact.when),
                    chain,
                });
            }
        }
        if !found && let Some(why) = unknown.into_iter().next() {
            sites.unknown(fact, *kind, key.to_string(), why);
        }
    }
}

/// The components that say of themselves that they are such a server.
fn holders(index: &Index<'_>, places: &Places<'_>, contexts: &Contexts, units: &Units) -> Holders {
    let mut holders = Holders::new();
    for fact in index.facts {
        let Claim::Provides { key, .. } = &fact.claim else {
            continue;
        };
        let role = key.name.as_text().filter(|_| key.namespace.0 == "trait");
        let Some(role) = role.filter(|role| role.ends_with("-server")) else {
            continue;
        };
        let component = places.component_of_subject(fact);
        let kind = units.components[component.0 as usize].kind;
        if contexts.fact(fact, kind) != Context::Production {
            continue;
        }
        let hop = Hop {
            span: fact.span,
            what: HopKind::Provide,
            name: role.to_owned(),
        };
        let all = holders.entry((index.repo(fact), role.to_owned()));
        all.or_default().entry(component).or_insert(hop);
    }
    holders
}

/// The server at an address; that of a developer's machine tells less than who alone has the role.
fn server(
    at: &Template,
    context: FoldContext,
    only: Option<(&ComponentId, &Hop)>,
    places: &Places<'_>,
) -> Result<Option<Answer>, Why> {
    let guess = |why| match only {
        Some((to, hop)) => Ok(Some((*to, Some(hop.clone()), Certainty::Inferred))),
        None => Err(why),
    };
    match address(at) {
        Ok(address) if address.is_local() && only.is_some() => guess(Why::NotFound),
        Ok(address) => places.host(&address, context).or_else(guess),
        Err(why) => guess(why),
    }
}

/// Whether settings switch it off.
fn is_off(role: &str, fact: &Fact, context: FoldContext, folder: &Folder<'_>) -> bool {
    let is_false = |name: &&str| {
        let setting = Template::from(Key::new("property", *name));
        let values = folder
            .fold(&setting, fact.span, context)
            .unwrap_or_default();
        !values.is_empty()
            && values
                .iter()
                .all(|value| value.template.as_text() == Some("false"))
    };
    let mut switches = SWITCHES.iter().filter(|(of, _)| *of == role);
    switches.any(|(_, names)| names.iter().all(is_false))
}
