//! Where do Apache's httpd and HAProxy lead requests?
//!
//! Sources: <https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxypass>,
//! <https://docs.haproxy.org/2.8/configuration.html#5>

use super::routes::{Routes, starred, starred_filled};
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{ExtractorId, Facts, Language, Parsed, SourceFile};

/// Reads `ProxyPass`, and servers behind HAProxy.
#[derive(Debug)]
pub(in crate::extract) struct Lines;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("proxies/apache"),
    summary: "Routes of Apache's httpd and of HAProxy",
    globs: &[
        "**/*.conf",
        "**/*.conf.template",
        "**/*haproxy*.cfg",
        "**/*.vhost",
    ],
    markers: &["ProxyPass", "backend "],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Lines {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        facts.parsed(Parsed::Whole);
        let is_haproxy = file.path.path.ends_with(".cfg");
        let mut routes = Routes::new(facts);
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let words: Vec<&str> = line.split_whitespace().collect();
            let bytes = |word: &str| {
                let begin = start + line.find(word).unwrap_or_default();
                begin..begin + word.len()
            };
            match words.as_slice() {
                ["server", _, address, ..] if is_haproxy => {
                    routes.to(&format!("http://{address}"), bytes(address));
                }
                ["ProxyPass", path, url, ..] if url.contains("://") => {
                    let url = url.trim_matches('"');
                    let rest = url.find("://").map_or(0, |at| at + 3);
                    let cut = url[rest..].find('/').map_or(url.len(), |at| rest + at);
                    routes.to(&url[..cut], bytes(url));
                    let path = path.trim_matches('"');
                    routes.leads(starred(path), starred_filled(url), bytes(url));
                }
                _ => {}
            }
        }
    }
}
