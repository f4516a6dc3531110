//! Passes 8 and 9 for calls: address → host in the caller's network → component; name → who serves it.

use std::collections::{BTreeSet, HashMap};

use super::contexts::Contexts;
use super::fold::{Context as FoldContext, Folder, Value};
use super::hosts::{address, after_scheme};
use super::index::Index;
use super::places::{Places, Use};
use super::routes::{GATEWAYS, Routes, plain};
use super::sites::{Site, Sites};
use super::units::Units;
use crate::model::{
    Access, Certainty, Claim, ComponentId, DependencyKind, Fact, Hop, HopKind, Key, Namespace,
    Offer, RepoId, Template, Why,
};

/// An address as far as it is known.
enum Address {
    /// Its host, in the caller's network.
    Component(ComponentId, Vec<Hop>, Certainty),
    /// A host outside of the run.
    External,
    Unknown(Why),
}

/// Resolves the calls of the run.
pub(super) fn resolve(
    index: &Index<'_>,
    folder: &Folder<'_>,
    units: &Units,
    places: &Places<'_>,
    contexts: &Contexts,
    sites: &mut Sites,
) {
    let servers = Servers::new(index, folder, places);
    let routes = Routes::new(index, folder, places, contexts, units);
    let known = Known {
        servers: &servers,
        routes: &routes,
        folder,
        places,
    };
    for fact in index.facts {
        let Claim::Requires {
            key, kind, access, ..
        } = &fact.claim
        else {
            continue;
        };
        if !matches!(key.namespace.0, "http" | "grpc" | "rpc") {
            continue;
        }
        let mut unknown = BTreeSet::new();
        let mut found = Vec::new();
        for used in places.uses(fact, contexts, units) {
            let call = Call {
                fact,
                key,
                context: used.deployment,
            };
            match call.targets(&known) {
                Ok(targets) => found.extend(targets.into_iter().map(|target| (target, used))),
                Err(why) => {
                    unknown.extend(why);
                }
            }
        }
        if found.is_empty() {
            if let Some(why) = unknown.into_iter().next() {
                sites.unknown(fact, *kind, key.to_string(), why);
            }
            continue;
        }
        // Whoever asks itself is coupled with nobody.
        found.retain(|(target, used): &(Target, Use)| target.to != used.user);
        for (target, used) in found {
            sites.sites.push(target.site(fact, (*kind, *access), used));
        }
    }
}

/// What calls are resolved with.
struct Known<'k, 'a> {
    servers: &'k Servers,
    routes: &'k Routes<'a>,
    folder: &'k Folder<'a>,
    places: &'k Places<'a>,
}

/// One call in one deployment.
struct Call<'a, 'b> {
    fact: &'a Fact,
    key: &'b Key,
    context: FoldContext,
}

/// Where a call ends.
struct Target {
    to: ComponentId,
    operation: Option<String>,
    certainty: Certainty,
    hops: Vec<Hop>,
}

impl Call<'_, '_> {
    /// Every component that the call can mean in this deployment; no error: outside of the run.
    fn targets(&self, known: &Known<'_, '_>) -> Result<Vec<Target>, Option<Why>> {
        let fold = |template: &Template| {
            let values = known.folder.fold(template, self.fact.span, self.context);
            values.map_err(|_| Some(Why::TooDeep))
        };
        let names = fold(&self.key.name)?;
        let mut targets = Vec::new();
        let mut unknown = None;
        for at in fold(&self.key.at)? {
            let address = self.address(&at, known.places);
            for name in &names {
                match self.join(&at, &address, name, known) {
                    Ok(target) => {
                        let behind = target.as_ref().map(|one| self.behind(one, name, known));
                        targets.extend(target);
                        targets.extend(behind.into_iter().flatten());
                    }
                    Err(why) => unknown = Some(why),
                }
            }
        }
        match unknown {
            Some(why) if targets.is_empty() => Err(Some(why)),
            _ => Ok(targets),
        }
    }

    /// The services to which gateways pass a request on.
    fn behind(&self, target: &Target, verb: &Value, known: &Known<'_, '_>) -> Vec<Target> {
        let mut found: Vec<Target> = Vec::new();
        // A route is no request: what is behind the next gateway is that one's own route.
        let is_route = matches!(&self.fact.claim, Claim::Requires { kind, .. }
            if *kind == DependencyKind::CallRoute);
        if is_route || self.key.namespace.0 != "http" {
            return found;
        }
        let mut at = (target.to, target.operation.clone(), target.hops.clone());
        while found.len() < GATEWAYS {
            let (gateway, operation, hops) = at;
            let path = operation.as_deref().and_then(|one| one.split_once(' '));
            let Some((_, path)) = path else {
                break;
            };
            let Some((address, fact)) = known.routes.behind(gateway, path) else {
                break;
            };
            // The gateway looks its addresses up where it is deployed itself.
            let places = known.places.contexts(fact);
            let values = places.first().and_then(|context| {
                let values = known.folder.fold(&address, fact.span, *context).ok()?;
                Some((values, *context))
            });
            let Some((values, context)) = values else {
                break;
            };
            let [value] = values.as_slice() else {
                break;
            };
            let call = Call { context, ..*self };
            let Address::Component(to, reached, _) = call.address(value, known.places) else {
                break;
            };
            if to == gateway || to == target.to || found.iter().any(|one| one.to == to) {
                break;
            }
            let mut hops = hops;
            hops.push(Hop {
                span: fact.span,
                what: HopKind::Route,
                name: address.to_string(),
            });
            hops.extend(reached);
            let operation = Some(operation_of(&verb.template, &value.template));
            at = (to, operation.clone(), hops.clone());
            found.push(Target {
                to,
                operation,
                certainty: Certainty::Inferred,
                hops,
            });
        }
        found
    }

    /// The component behind an address.
    fn address(&self, at: &Value, places: &Places<'_>) -> Address {
        let address = match address(&at.template) {
            Ok(address) => address,
            Err(why) => {
                return match at
                    .template
                    .as_ref_key()
                    .and_then(|key| places.entity(key, self.context))
                {
                    Some((component, hop)) => {
                        let mut hops = at.hops.clone();
                        hops.push(hop);
                        Address::Component(component, hops, at.certainty)
                    }
                    None => Address::Unknown(why),
                };
            }
        };
        match places.host(&address, self.context) {
            Ok(Some((component, hop, certainty))) => {
                let mut hops = at.hops.clone();
                hops.extend(hop);
                Address::Component(component, hops, at.certainty.min(certainty))
            }
            Ok(None) => Address::External,
            Err(why) => Address::Unknown(why),
        }
    }

    /// Address and name together: where they differ, the address is the callee and the name its contract.
    fn join(
        &self,
        at: &Value,
        address: &Address,
        name: &Value,
        known: &Known<'_, '_>,
    ) -> Result<Option<Target>, Why> {
        let certainty = self.fact.certainty.min(name.certainty);
        if self.key.namespace.0 == "http" {
            let operation = operation_of(&name.template, &at.template);
            return match address {
                Address::Component(to, hops, found) => Ok(Some(Target {
                    to: *to,
                    operation: Some(operation),
                    certainty: certainty.min(*found),
                    hops: hops.clone(),
                })),
                Address::External => Ok(None),
                Address::Unknown(why) => {
                    // Of an address that nobody tells, the operation may be known by one component alone.
                    let repo = known.places.repo(self.context);
                    let only = match why {
                        Why::Unbound(_) => known.routes.only(&operation, repo),
                        _ => None,
                    };
                    let (to, hop) = only.ok_or_else(|| why.clone())?;
                    let mut hops = at.hops.clone();
                    hops.push(hop);
                    Ok(Some(Target {
                        to,
                        operation: Some(operation),
                        certainty: Certainty::Inferred,
                        hops,
                    }))
                }
            };
        }
        let method = name.template.to_string();
        let near = (
            known.places.network(self.context),
            known.places.repo(self.context),
        );
        let served = known.servers.one(self.key.namespace, &method, near);
        match (address, served) {
            (Address::Component(to, hops, found), served) => {
                let mut hops = [name.hops.clone(), hops.clone()].concat();
                let agreed = served.as_ref().is_some_and(|(server, _)| server == to);
                if let (true, Some((_, hop))) = (agreed, served) {
                    hops.push(hop);
                }
                Ok(Some(Target {
                    to: *to,
                    operation: Some(method),
                    certainty: if agreed {
                        certainty
                    } else {
                        certainty.min(*found)
                    },
                    hops,
                }))
            }
            (_, Some((to, hop))) => {
                let mut hops = name.hops.clone();
                hops.push(hop);
                Ok(Some(Target {
                    to,
                    operation: Some(method),
                    certainty: Certainty::Inferred,
                    hops,
                }))
            }
            (Address::External, None) => Ok(None),
            (Address::Unknown(why), None) => Err(why.clone()),
        }
    }
}

impl Target {
    fn site(self, fact: &Fact, how: (DependencyKind, Access), used: Use) -> Site {
        let mut chain = vec![Hop {
            span: fact.span,
            what: HopKind::Use,
            name: self.operation.clone().unwrap_or_default(),
        }];
        chain.extend(self.hops);
        chain.dedup();
        Site {
            symbol: self.operation,
            certainty: self.certainty.min(fact.certainty),
            chain,
            ..Site::stated(fact, how, (used.user, self.to), used.context)
        }
    }
}

/// Who serves which remote service, by its name with and without the package.
struct Servers {
    by_name: HashMap<(Namespace, String), Vec<Server>>,
}

/// A component that serves a service.
struct Server {
    /// The name as the fact gives it: with the package, or without.
    service: String,
    component: ComponentId,
    /// Where it is deployed.
    network: Option<String>,
    repo: RepoId,
    hop: Hop,
}

impl Servers {
    fn new(index: &Index<'_>, folder: &Folder<'_>, places: &Places<'_>) -> Self {
        let mut by_name: HashMap<(Namespace, String), Vec<Server>> = HashMap::new();
        for fact in index.facts {
            let Claim::Provides {
                key,
                how: Offer::Implements,
            } = &fact.claim
            else {
                continue;
            };
            if !matches!(key.namespace.0, "grpc" | "rpc") {
                continue;
            }
            // Where several programs share one code, each serves what it contains.
            for deployment in places.contexts(fact) {
                for service in names(fact, key, folder, deployment) {
                    let server = Server {
                        component: places.user(deployment),
                        network: places.network(deployment).map(str::to_owned),
                        repo: places.repo(deployment),
                        hop: Hop {
                            span: fact.span,
                            what: HopKind::Provide,
                            name: service.clone(),
                        },
                        service,
                    };
                    let name = (key.namespace, last(&server.service).to_owned());
                    by_name.entry(name).or_default().push(server);
                }
            }
        }
        Self { by_name }
    }

    /// The one component that serves the service of a method; where several do, the one in the network
    /// or else in the repository of who asks.
    fn one(
        &self,
        namespace: Namespace,
        method: &str,
        (network, repo): (Option<&str>, RepoId),
    ) -> Option<(ComponentId, Hop)> {
        let service = method.split('/').next()?;
        let all = self.by_name.get(&(namespace, last(service).to_owned()))?;
        // Where one side does not tell the package, the rest of the name has to do.
        let fitting: Vec<&Server> = all
            .iter()
            .filter(|server| {
                server.service == service || !service.contains('.') || !server.service.contains('.')
            })
            .collect();
        let beside = |server: &&&Server| network.is_some() && server.network.as_deref() == network;
        let at_home = |server: &&&Server| server.repo == repo;
        only(fitting.iter())
            .or_else(|| only(fitting.iter().filter(beside)))
            .or_else(|| only(fitting.iter().filter(at_home)))
    }
}

/// The component of all of these servers, when it is one.
fn only<'s>(mut servers: impl Iterator<Item = &'s &'s Server>) -> Option<(ComponentId, Hop)> {
    let first = servers.next()?;
    servers
        .all(|other| other.component == first.component)
        .then(|| (first.component, first.hop.clone()))
}

/// The full names of an offered service in one deployment.
fn names(fact: &Fact, key: &Key, folder: &Folder<'_>, deployment: FoldContext) -> BTreeSet<String> {
    if key.name.is_literal() {
        return BTreeSet::from([key.name.to_string()]);
    }
    let values = folder.fold(&key.name, fact.span, deployment);
    let values = values.unwrap_or_default().into_iter();
    values
        .filter_map(|value| value.template.as_text().map(str::to_owned))
        .collect()
}

/// The name of a service without its package.
fn last(service: &str) -> &str {
    service.rsplit('.').next().unwrap_or_default()
}

/// `GET /product/{}`: the verb and the path, what is unknown as `{}`.
fn operation_of(verb: &Template, url: &Template) -> String {
    let url = plain(url);
    let rest = after_scheme(&url);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    let path = path.split(['?', '#']).next().unwrap_or("/");
    format!("{} {path}", plain(verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_verb_and_path() {
        let read =
            |url: &str| operation_of(&"GET".into(), &Template::parse(url, &["env"]).unwrap());
        assert_eq!(read("http://a:1/product/{}?x=1"), "GET /product/{}");
        assert_eq!(read("http://a"), "GET /");
    }
}
