//! Under which host names the pods of a cluster are reached.

use super::manifest::Reader;
use super::workloads::pair;
use crate::extract::tree::Node;
use crate::model::{Claim, Key, Offer, Part, Template};

/// Reads a service: its host name, and the labels of the pods behind it.
pub(super) fn read(reader: &mut Reader<'_, '_>) {
    let object = reader.object;
    let name = reader.name.clone();
    let subject = reader.named("k8s", "service/", &name);
    let at = reader.at.clone();
    let key = Key::at("host", reader.network(), name);
    let claim = Claim::Provides {
        key,
        how: Offer::Implements,
    };
    reader.say(&subject, claim, at);
    let Some(selector) = object.at(&["spec", "selector"]) else {
        return;
    };
    let mut labels: Vec<Template> = Vec::new();
    for label in selector.entries() {
        let Some(pair) = pair(label, reader) else {
            return;
        };
        labels.push(pair);
    }
    if labels.is_empty() {
        return;
    }
    let mut all = Template::default();
    for (number, label) in labels.iter().enumerate() {
        if number > 0 {
            all.push(Part::Text(",".into()));
        }
        all.extend(label);
    }
    let claim = Claim::Runs {
        what: Key::at("pods", reader.namespace.clone(), all),
        entry: None,
    };
    let bytes = selector.bytes.clone();
    reader.say(&subject, claim, bytes);
    node_ports(object, &subject, reader);
}

/// Ports at which the service is reached from outside of the cluster.
fn node_ports(object: &Node, subject: &Key, reader: &mut Reader<'_, '_>) {
    let ports = object.at(&["spec", "ports"]).map_or(&[][..], Node::items);
    for port in ports {
        let Some(node) = port.get("nodePort") else {
            continue;
        };
        if let Some(port) = reader.template(node) {
            let claim = Claim::Provides {
                key: Key::new("port", port),
                how: Offer::Implements,
            };
            reader.say(subject, claim, node.bytes.clone());
        }
    }
}
