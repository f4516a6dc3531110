//! Which component answers under a host name: in a network, in a registry, at a port of the machine, by its own name?

use std::collections::{BTreeMap, HashMap};

use super::hosts::Address;
use super::index::Index;
use super::units::Units;
use crate::model::{
    Certainty, Claim, ComponentId, ComponentKind, Fact, Hop, HopKind, Offer, RepoId, Why,
};

/// A component that answers, with the fact that says so.
pub(super) type Answer = (ComponentId, Option<Hop>, Certainty);

/// Who answers under the same name, each with the fact that says so.
type Offers = Vec<(ComponentId, Option<Hop>)>;

/// Who answers under a host name in one network.
#[derive(Debug)]
struct Host {
    repo: RepoId,
    network: Option<String>,
    component: ComponentId,
    hop: Hop,
}

/// Everything of a run that answers under a name.
#[derive(Debug, Default)]
pub(super) struct Directory {
    /// By host, in lower case.
    hosts: HashMap<String, Vec<Host>>,
    /// By name in lower case, as registries compare names.
    registered: HashMap<(RepoId, String), Offers>,
    /// By the port that is reached from the machine itself.
    ports: HashMap<(RepoId, String), Offers>,
    /// By their own name.
    named: HashMap<(RepoId, String), Offers>,
}

impl Directory {
    /// `bearer` tells who has what a fact says.
    pub(super) fn new(
        index: &Index<'_>,
        units: &Units,
        bearer: impl Fn(&Fact) -> Option<ComponentId>,
    ) -> Self {
        let mut directory = Self::default();
        for fact in index.facts {
            let Claim::Provides { key, how } = &fact.claim else {
                continue;
            };
            let space = key.namespace.0;
            let wanted = matches!(space, "host" | "discovery" | "port");
            let Some(name) = key.name.as_text().filter(|_| wanted) else {
                continue;
            };
            if *how == Offer::Declares {
                continue;
            }
            let repo = index.repo(fact);
            let Some(who) = bearer(fact) else {
                continue;
            };
            let hop = Hop {
                span: fact.span,
                what: HopKind::Provide,
                name: format!("{space} {name}"),
            };
            let offers = match space {
                "host" => {
                    let network = key.at.as_text().map(str::to_owned);
                    let known = directory.hosts.entry(name.to_lowercase()).or_default();
                    known.push(Host {
                        repo,
                        network,
                        component: who,
                        hop,
                    });
                    continue;
                }
                "discovery" => directory.registered.entry((repo, name.to_lowercase())),
                _ => directory.ports.entry((repo, name.to_owned())),
            };
            let offers = offers.or_default();
            if !offers.iter().any(|(other, _)| *other == who) {
                offers.push((who, Some(hop)));
            }
        }
        for (number, component) in units.components.iter().enumerate() {
            let serves = matches!(
                component.kind,
                ComponentKind::Service | ComponentKind::Gateway | ComponentKind::Website
            );
            if let Some(root) = component.root.as_ref().filter(|_| serves) {
                let name = (root.repo, comparable(&component.name));
                let offers = directory.named.entry(name).or_default();
                offers.push((ComponentId(number as u32), None));
            }
        }
        directory
    }

    /// Who answers at an address that is asked from a network of a repository.
    ///
    /// `Ok(None)`: it lies outside of the run.
    pub(super) fn find(
        &self,
        address: &Address,
        repo: RepoId,
        network: Option<&str>,
    ) -> Result<Option<Answer>, Why> {
        let host = &*address.host;
        if address.is_local() {
            let port = address.port.as_deref().ok_or(Why::NotFound)?;
            let offers = self.ports.get(&(repo, port.to_owned()));
            return one(offers.ok_or(Why::NotFound)?, Certainty::Inferred).map(Some);
        }
        if let Some((name, namespace, is_whole)) = cluster_name(host) {
            let place = format!("k8s:{namespace}");
            // Only a name that says the whole way leads into another repository.
            let found = self.hosts(name, |there, at| {
                (there == repo || is_whole) && at == Some(&place)
            });
            match found.is_empty() {
                false => return one(&found, Certainty::Declared).map(Some),
                true if is_whole => return Err(Why::NotFound),
                true => {}
            }
        }
        let host = consul_name(host).unwrap_or(host);
        if network.is_some() {
            let found = self.hosts(host, |there, at| {
                there == repo && at.map(String::as_str) == network
            });
            if !found.is_empty() {
                return one(&found, Certainty::Declared).map(Some);
            }
        }
        // Registries join names wherever their owners run.
        if let Some(found) = self.registered.get(&(repo, host.to_owned())) {
            return one(found, Certainty::Declared).map(Some);
        }
        // Which of the networks is meant is a guess, that only one of them has such a host makes it a good one.
        let found = self.hosts(host, |there, _| there == repo);
        if !found.is_empty() {
            return one(&found, Certainty::Inferred).map(Some);
        }
        if host.contains('.') {
            return Ok(None);
        }
        let found = self.named.get(&(repo, comparable(host)));
        one(found.ok_or(Why::NotFound)?, Certainty::Inferred).map(Some)
    }

    /// Who offers a host in the networks that count.
    fn hosts(&self, host: &str, counts: impl Fn(RepoId, Option<&String>) -> bool) -> Offers {
        let mut found: BTreeMap<ComponentId, Option<Hop>> = BTreeMap::new();
        for host in self.hosts.get(host).into_iter().flatten() {
            if counts(host.repo, host.network.as_ref()) {
                let known = found.entry(host.component);
                known.or_insert_with(|| Some(host.hop.clone()));
            }
        }
        found.into_iter().collect()
    }
}

/// Gives components the names under which they are reached.
pub(super) fn name(
    index: &Index<'_>,
    bearer: impl Fn(&Fact) -> Option<ComponentId>,
    units: &mut Units,
) {
    for fact in index.facts {
        let Claim::Provides { key, how } = &fact.claim else {
            continue;
        };
        let reaches = matches!(key.namespace.0, "host" | "discovery") && *how != Offer::Declares;
        if !reaches || !key.name.is_literal() {
            continue;
        }
        let Some(bearer) = bearer(fact) else {
            continue;
        };
        let component = &mut units.components[bearer.0 as usize];
        let known = component.aliases.iter().any(|alias| alias.name == key.name);
        if component.kind != ComponentKind::Rest && !known {
            component.aliases.push(key.clone());
        }
    }
}

/// The only one that answers.
fn one(offers: &[(ComponentId, Option<Hop>)], certainty: Certainty) -> Result<Answer, Why> {
    match offers {
        [] => Err(Why::NotFound),
        [(component, hop)] => Ok((*component, hop.clone(), certainty)),
        several => Err(Why::Ambiguous(
            several
                .iter()
                .filter_map(|(_, hop)| Some(hop.as_ref()?.name.clone()))
                .collect(),
        )),
    }
}

/// Service, namespace, and whether the name says that it is one of a cluster:
/// `cart.shop`, `cart.shop.svc`, `cart.shop.svc.cluster.local`, `cart-0.cart.shop.svc`.
///
/// Source: <https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/>
fn cluster_name(host: &str) -> Option<(&str, &str, bool)> {
    let labels: Vec<&str> = host.split('.').collect();
    let svc = labels.iter().position(|label| *label == "svc");
    match (svc, labels.as_slice()) {
        (Some(2), [name, namespace, ..]) => Some((name, namespace, true)),
        (Some(3), [_, name, namespace, ..]) => Some((name, namespace, true)),
        (None, [name, namespace]) => Some((name, namespace, false)),
        _ => None,
    }
}

/// The service in `cart.service.consul` and `cart.service.dc1.consul`.
///
/// Source: <https://developer.hashicorp.com/consul/docs/services/discovery/dns-static-lookups>
fn consul_name(host: &str) -> Option<&str> {
    let (name, rest) = host.strip_suffix(".consul")?.split_once('.')?;
    (rest == "service" || rest.starts_with("service.")).then_some(name)
}

/// Names of components and hosts differ in case and in `_`, which no host name may have.
pub(super) fn comparable(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_clusters_and_of_consul() {
        assert_eq!(cluster_name("cart.shop"), Some(("cart", "shop", false)));
        assert_eq!(cluster_name("cart.shop.svc"), Some(("cart", "shop", true)));
        assert_eq!(
            cluster_name("cart-0.cart.shop.svc.cluster.local"),
            Some(("cart", "shop", true))
        );
        assert_eq!(cluster_name("api.example.com"), None);
        assert_eq!(cluster_name("cart"), None);
        assert_eq!(consul_name("cart.service.consul"), Some("cart"));
        assert_eq!(consul_name("cart.service.dc1.consul"), Some("cart"));
        assert_eq!(consul_name("cart.node.consul"), None);
    }
}
