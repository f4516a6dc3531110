//! Which services stand behind the routes of a cluster's gateways.
//!
//! Sources: <https://kubernetes.io/docs/concepts/services-networking/ingress/>,
//! <https://gateway-api.sigs.k8s.io/reference/spec/>, <https://istio.io/latest/docs/reference/config/networking/virtual-service/>,
//! <https://doc.traefik.io/traefik/routing/providers/kubernetes-crd/>

use super::manifest::Reader;
use crate::extract::tree::Node;
use crate::model::{Access, Claim, ComponentKind, DependencyKind, Key, Part, Template};

/// Reads an ingress or a route.
pub(super) fn read(reader: &mut Reader<'_, '_>, kind: &str) {
    let object = reader.object;
    let Some(spec) = object.get("spec") else {
        return;
    };
    let mut ends: Vec<&Node> = Vec::new();
    match kind {
        "Ingress" => {
            let mut backends = vec![spec.get("defaultBackend"), spec.get("backend")];
            for rule in spec.get("rules").map_or(&[][..], Node::items) {
                let paths = rule.at(&["http", "paths"]).map_or(&[][..], Node::items);
                backends.extend(paths.iter().map(|path| path.get("backend")));
            }
            for backend in backends.into_iter().flatten() {
                ends.extend(find(backend, &[&["service", "name"], &["serviceName"]]));
            }
        }
        "VirtualService" => {
            for protocol in ["http", "tls", "tcp"] {
                for rule in spec.get(protocol).map_or(&[][..], Node::items) {
                    for route in rule.get("route").map_or(&[][..], Node::items) {
                        ends.extend(find(route, &[&["destination", "host"]]));
                    }
                }
            }
        }
        "IngressRoute" => {
            for route in spec.get("routes").map_or(&[][..], Node::items) {
                for service in route.get("services").map_or(&[][..], Node::items) {
                    ends.extend(find(service, &[&["name"]]));
                }
            }
        }
        _ => {
            for rule in spec.get("rules").map_or(&[][..], Node::items) {
                for backend in rule.get("backendRefs").map_or(&[][..], Node::items) {
                    ends.extend(find(backend, &[&["name"]]));
                }
            }
        }
    }
    let name = reader.name.clone();
    let subject = reader.named("k8s", &format!("{}/", kind.to_lowercase()), &name);
    let mut said = false;
    for end in ends {
        let Some(host) = reader.template(end) else {
            continue;
        };
        // Inside the mesh a route changes where its own host leads.
        if host == name && kind == "VirtualService" {
            continue;
        }
        if !said {
            let claim = Claim::Component {
                kind: ComponentKind::Gateway,
                name: Some(name.clone()),
            };
            let at = reader.at.clone();
            reader.say(&subject, claim, at);
            said = true;
        }
        let mut url = Template::text("http://");
        url.extend(&host);
        url.push(Part::Text("/".into()));
        url.push(Part::Star);
        let claim = Claim::Requires {
            key: Key::at("http", url, "ANY"),
            kind: DependencyKind::CallRoute,
            access: Access::Use,
            count: 1,
        };
        reader.say(&subject, claim, end.bytes.clone());
    }
}

/// The first of several ways that leads somewhere.
fn find<'n>(node: &'n Node, ways: &[&[&str]]) -> Option<&'n Node> {
    ways.iter().find_map(|way| node.at(way))
}
