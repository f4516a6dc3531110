//! Where does Envoy lead requests?
//!
//! Source: <https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/cluster.proto>

use std::collections::BTreeMap;

use super::routes::{Routes, filled, starred, starred_filled};
use crate::extract::tree::{Node, documents};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, SourceFile, Template};

/// Reads static configurations of Envoy, and templates of them that stay YAML.
#[derive(Debug)]
pub(in crate::extract) struct Envoy;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("proxies/envoy"),
    summary: "Routes of Envoy",
    globs: &[
        "**/*envoy*.{yaml,yml,json}",
        "**/*envoy*/**/*.{yaml,yml,json}",
    ],
    markers: &["socket_address", "socketAddress"],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Envoy {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let documents = documents(file, facts);
        let mut clusters: BTreeMap<&str, String> = BTreeMap::new();
        let mut passes: Vec<(&Node, &str)> = Vec::new();
        let mut routes = Routes::new(facts);
        // As many nodes as the tree has: its reader bounds them.
        let mut open: Vec<&Node> = documents.iter().collect();
        while let Some(node) = open.pop() {
            open.extend(node.items().iter().rev());
            open.extend(node.entries().iter().rev().map(|entry| &entry.value));
            let name = node.text_of("name");
            let endpoints = node.get("load_assignment").or(node.get("loadAssignment"));
            if let Some((name, address)) =
                name.zip(endpoints.or(node.get("hosts")).and_then(address))
            {
                let (server, bytes) = address;
                routes.to(&server, bytes);
                clusters.insert(name, server);
            }
            let cluster = node.get("route").and_then(|route| route.text_of("cluster"));
            if let Some(cluster) = cluster.filter(|_| node.get("match").is_some()) {
                passes.push((node, cluster));
            }
        }
        for (node, cluster) in passes {
            let Some(server) = clusters.get(cluster) else {
                continue;
            };
            let (Some(matched), Some(route)) = (node.get("match"), node.get("route")) else {
                continue;
            };
            let rewritten = route
                .text_of("prefix_rewrite")
                .or(route.text_of("prefixRewrite"));
            let (from, to) = if let Some(prefix) = matched.text_of("prefix") {
                let to = rewritten.unwrap_or(prefix);
                (starred(prefix), starred_filled(&format!("{server}{to}")))
            } else if let Some(path) = matched.text_of("path") {
                let to = rewritten.unwrap_or(path);
                (Template::text(path), filled(&format!("{server}{to}")))
            } else {
                continue;
            };
            routes.leads(from, to, matched.bytes.clone());
        }
    }
}

/// The first socket address below a node.
fn address(node: &Node) -> Option<(String, std::ops::Range<usize>)> {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let socket = node.get("socket_address").or(node.get("socketAddress"));
        if let Some(socket) = socket {
            let host = socket.get("address")?;
            let port = socket.get("port_value").or(socket.get("portValue"));
            let port = port.and_then(Node::text);
            let server = match port {
                Some(port) => format!("http://{}:{port}", host.text()?),
                None => format!("http://{}", host.text()?),
            };
            return Some((server, host.bytes.clone()));
        }
        open.extend(node.items().iter().rev());
        open.extend(node.entries().iter().rev().map(|entry| &entry.value));
    }
    None
}
