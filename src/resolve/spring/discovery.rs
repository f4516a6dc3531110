//! Gateways that lead to every service of a registry: Zuul where nobody gives it a route, Spring Cloud Gateway when it is told so.
//!
//! Sources: <https://cloud.spring.io/spring-cloud-netflix/multi/multi__router_and_filter_zuul.html>,
//! <https://docs.spring.io/spring-cloud-gateway/reference/spring-cloud-gateway-server-webflux/the-discoveryclient-route-definition-locator.html>

use std::collections::{BTreeMap, BTreeSet};

use super::super::contexts::Contexts;
use super::super::fold::Folder;
use super::super::index::Index;
use super::super::places::{Places, Use};
use super::super::sites::{Site, Sites};
use super::super::units::Units;
use crate::model::{
    Access, Certainty, Claim, ComponentId, ComponentKind, Context, DependencyKind, Fact, Hop,
    HopKind, Key, RepoId, Template, Why,
};

/// The setting that makes Spring Cloud Gateway lead to all.
const LOCATOR: &str = "spring.cloud.gateway.discovery.locator.enabled";

/// The setting that names services to which Zuul does not lead.
const IGNORED: &str = "zuul.ignored-services";

/// The services of each repository that register, with what says so.
type Registered = BTreeMap<RepoId, BTreeMap<ComponentId, Hop>>;

/// Resolves the routes of gateways that ask a registry.
pub(in crate::resolve) fn resolve(
    index: &Index<'_>,
    folder: &Folder<'_>,
    units: &Units,
    places: &Places<'_>,
    contexts: &Contexts,
    sites: &mut Sites,
) {
    let gateways: Vec<&Fact> = index.facts.iter().filter(|fact| is_gateway(fact)).collect();
    if gateways.is_empty() {
        return;
    }
    let routed = routed(index, places);
    let registered = registered(index, units, places, contexts);
    for fact in gateways {
        for used in places.uses(fact, contexts, units) {
            if routed.contains(&used.user) {
                continue;
            }
            if let Some(setting) = untold(&used, index, places) {
                let name = "discovery:{}".to_owned();
                sites.unknown(fact, DependencyKind::CallRoute, name, Why::Unbound(setting));
                continue;
            }
            let Some(ignored) = ignored(fact, &used, folder) else {
                continue;
            };
            let behind = registered.get(&places.repo(used.deployment));
            for (to, hop) in behind.into_iter().flatten() {
                let name = hop.name.trim_start_matches("discovery:");
                if *to == used.user || ignored.iter().any(|one| one.eq_ignore_ascii_case(name)) {
                    continue;
                }
                let what = Hop {
                    span: fact.span,
                    what: HopKind::Use,
                    name: "discovery".into(),
                };
                let kind = (DependencyKind::CallRoute, Access::Use);
                sites.sites.push(Site {
                    symbol: Some(format!("ANY /{name}/*")),
                    certainty: Certainty::Inferred,
                    chain: vec![what, hop.clone()],
                    ..Site::stated(fact, kind, (used.user, *to), used.context)
                });
            }
        }
    }
}

fn is_gateway(fact: &Fact) -> bool {
    match &fact.claim {
        Claim::Provides { key, .. } => {
            key.namespace.0 == "trait" && key.name.as_text() == Some("discovery-gateway")
        }
        Claim::Binds { key, value } => {
            key.namespace.0 == "property"
                && key.name.as_text() == Some(LOCATOR)
                && value.as_text() == Some("true")
        }
        _ => false,
    }
}

/// Components to which somebody gives routes.
fn routed(index: &Index<'_>, places: &Places<'_>) -> BTreeSet<ComponentId> {
    let facts = index.facts.iter();
    let routes = facts.filter(
        |fact| matches!(&fact.claim, Claim::Binds { key, .. } if key.namespace.0 == "route"),
    );
    routes
        .flat_map(|fact| places.contexts(fact))
        .map(|deployment| places.user(deployment))
        .collect()
}

/// Services with a name in a registry that they ask.
fn registered(
    index: &Index<'_>,
    units: &Units,
    places: &Places<'_>,
    contexts: &Contexts,
) -> Registered {
    let clients: BTreeSet<ComponentId> = index
        .facts
        .iter()
        .filter(|fact| asks(fact, "discovery-server"))
        .map(|fact| places.component_of_subject(fact))
        .collect();
    let mut registered = Registered::new();
    for fact in index.facts {
        let Claim::Provides { key, .. } = &fact.claim else {
            continue;
        };
        let component = places.component_of_subject(fact);
        let kind = units.components[component.0 as usize].kind;
        let is_service = kind == ComponentKind::Service && clients.contains(&component);
        if key.namespace.0 == "discovery"
            && key.name.as_text().is_some()
            && is_service
            && contexts.fact(fact, kind) == Context::Production
        {
            let of_repo = registered.entry(index.repo(fact)).or_default();
            of_repo.entry(component).or_insert(Hop {
                span: fact.span,
                what: HopKind::Provide,
                name: key.to_string(),
            });
        }
    }
    registered
}

/// Whether a fact says that a program talks to a server of this role.
fn asks(fact: &Fact, role: &str) -> bool {
    matches!(&fact.claim, Claim::Requires { key, .. }
        if key.namespace.0 == "platform" && key.name.as_text() == Some(role))
}

/// What tells the routes of a gateway whose settings a server keeps outside of the run.
fn untold(used: &Use, index: &Index<'_>, places: &Places<'_>) -> Option<String> {
    let mut facts = index.facts.iter();
    let is_client = facts
        .any(|fact| asks(fact, "config-server") && places.component_of_subject(fact) == used.user);
    (is_client && !places.is_served(used.user)).then(|| "property:zuul.routes".to_owned())
}

/// The names to which Zuul does not lead; `None`: it leads to none by itself.
fn ignored(fact: &Fact, used: &Use, folder: &Folder<'_>) -> Option<Vec<String>> {
    let setting = Template::from(Key::new("property", IGNORED));
    let values = folder.fold(&setting, fact.span, used.deployment).ok()?;
    let mut names = Vec::new();
    for value in values {
        if value.template.as_ref_key().is_some() {
            continue;
        }
        let text = value.template.as_text()?;
        let each = text.split(',').map(str::trim);
        names.extend(each.filter(|one| !one.is_empty()).map(str::to_owned));
    }
    let is_pattern = names.iter().any(|name| name.contains('*'));
    (!is_pattern).then_some(names)
}
