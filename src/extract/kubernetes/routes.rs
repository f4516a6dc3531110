//! Under which names of the outside world services are reached through the routes of a cluster.
//!
//! A route is no program: it is nobody's coupling, but a call to its host is a call to the service behind it.
//!
//! Sources: <https://kubernetes.io/docs/concepts/services-networking/ingress/>,
//! <https://gateway-api.sigs.k8s.io/reference/spec/>, <https://istio.io/latest/docs/reference/config/networking/virtual-service/>

use super::manifest::Reader;
use crate::extract::tree::Node;
use crate::model::{Claim, Key, Offer};

/// Reads an ingress or a route.
pub(super) fn read(reader: &mut Reader<'_, '_>, kind: &str) {
    let Some(spec) = reader.object.get("spec") else {
        return;
    };
    let rules = spec.get("rules").map_or(&[][..], Node::items);
    if kind == "Ingress" {
        for rule in rules {
            let hosts: Vec<&Node> = rule.get("host").into_iter().collect();
            let paths = items(rule, &["http", "paths"]);
            let backends = paths.iter().filter_map(|path| path.get("backend"));
            let services = backends.filter_map(|backend| {
                let name = backend.at(&["service", "name"]);
                name.or(backend.get("serviceName"))
            });
            reached(&hosts, services, reader);
        }
        return;
    }
    let hosts: Vec<&Node> = match kind {
        "VirtualService" => items(spec, &["hosts"]).iter().collect(),
        _ => items(spec, &["hostnames"]).iter().collect(),
    };
    let services: Vec<&Node> = match kind {
        "VirtualService" => items(spec, &["http"])
            .iter()
            .flat_map(|rule| items(rule, &["route"]))
            .filter_map(|route| route.at(&["destination", "host"]))
            .collect(),
        _ => rules
            .iter()
            .flat_map(|rule| items(rule, &["backendRefs"]))
            .filter_map(|backend| backend.get("name"))
            .collect(),
    };
    reached(&hosts, services, reader);
}

fn items<'n>(node: &'n Node, keys: &[&str]) -> &'n [Node] {
    node.at(keys).map_or(&[][..], Node::items)
}

/// States that services answer under host names; inside the cluster they do anyway.
fn reached<'n>(
    hosts: &[&Node],
    services: impl IntoIterator<Item = &'n Node>,
    reader: &mut Reader<'_, '_>,
) {
    for service in services {
        let Some(name) = reader.template(service) else {
            continue;
        };
        let text = name.as_text().unwrap_or_default();
        let name = match text.split_once('.') {
            // With its namespace: the service of the name is in the same one nearly always.
            Some((name, _)) => name.into(),
            None => name,
        };
        let subject = reader.named("k8s", "service/", &name);
        for host in hosts {
            let is_public = host
                .text()
                .is_some_and(|host| host.contains('.') && !host.contains('*'));
            if let Some(host_name) = reader.template(host).filter(|_| is_public) {
                let claim = Claim::Provides {
                    key: Key::at("host", "public", host_name),
                    how: Offer::Implements,
                };
                reader.say(&subject, claim, host.bytes.clone());
            }
        }
    }
}
