//! Where does Traefik lead requests, by its dynamic configuration in files?
//!
//! Source: <https://doc.traefik.io/traefik/routing/services/#configuring-http-services>

use super::routes::{Routes, starred, starred_filled};
use crate::extract::tree::{Node, documents};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, SourceFile};

/// Reads dynamic configurations of Traefik.
#[derive(Debug)]
pub(in crate::extract) struct Traefik;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("proxies/traefik"),
    summary: "Routes of Traefik",
    globs: &["**/*.{yaml,yml}"],
    markers: &["loadBalancer:"],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Traefik {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        for document in documents(file, facts) {
            let Some(http) = document.get("http") else {
                continue;
            };
            let mut routes = Routes::new(facts);
            for service in http.get("services").map_or(&[][..], Node::entries) {
                let servers = service.value.at(&["loadBalancer", "servers"]);
                let first = servers.and_then(|servers| servers.items().first());
                let Some(url) = first.and_then(|server| server.get("url")) else {
                    continue;
                };
                let Some(server) = url.text().map(|url| url.trim_end_matches('/')) else {
                    continue;
                };
                routes.to(server, url.bytes.clone());
                for router in http.get("routers").map_or(&[][..], Node::entries) {
                    let is_its = router.value.text_of("service") == Some(&service.key);
                    let rule = router.value.get("rule").filter(|_| is_its);
                    let prefix = rule.and_then(Node::text).and_then(prefix);
                    if let (Some(rule), Some(prefix)) = (rule, prefix) {
                        // What middlewares do to the path is not known here.
                        let is_plain = router.value.get("middlewares").is_none();
                        let to = format!("{server}{prefix}");
                        if is_plain {
                            routes.leads(starred(prefix), starred_filled(&to), rule.bytes.clone());
                        }
                    }
                }
            }
        }
    }
}

/// The path of a rule ``PathPrefix(`/api`)``.
fn prefix(rule: &str) -> Option<&str> {
    let (_, rest) = rule.split_once("PathPrefix(`")?;
    rest.split('`').next()
}
