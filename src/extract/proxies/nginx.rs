//! Where does nginx lead requests?
//!
//! Sources: <https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass>,
//! <https://nginx.org/en/docs/http/ngx_http_upstream_module.html>; templates as the official image fills them in,
//! <https://hub.docker.com/_/nginx>.

use std::collections::BTreeMap;

use super::directives::{Directive, Word, directives};
use super::routes::{Routes, filled, starred, starred_filled};
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{ExtractorId, Facts, Language, Parsed, SourceFile, Template};

/// Reads configurations of nginx, and templates of them.
#[derive(Debug)]
pub(in crate::extract) struct Nginx;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("proxies/nginx"),
    summary: "Routes of nginx",
    globs: &[
        "**/*.conf",
        "**/*.conf.template",
        "**/*.conf.tmpl",
        "**/*.nginx",
        "**/nginx/**",
    ],
    markers: &["proxy_pass", "grpc_pass", "uwsgi_pass", "fastcgi_pass"],
    languages: &[Language::Data],
    ownership: false,
};

/// Directives that pass a request on, with the scheme where their addresses have none.
const PASSES: &[(&str, &str)] = &[
    ("fastcgi_pass", "fastcgi://"),
    ("grpc_pass", "grpc://"),
    ("proxy_pass", ""),
    ("uwsgi_pass", "uwsgi://"),
];

impl Extractor for Nginx {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        let (directives, wrong) = directives(text);
        facts.parsed(Parsed::Whole);
        if let Some(at) = wrong {
            facts.problem(at..at, "a block of nginx that does not end, or ends twice");
            facts.parsed(Parsed::Partly);
        }
        let mut reader = Reader {
            upstreams: BTreeMap::new(),
            variables: BTreeMap::new(),
            routes: Routes::new(facts),
        };
        reader.collect(&directives);
        let mut open: Vec<(&Directive, Option<Location>)> =
            directives.iter().rev().map(|one| (one, None)).collect();
        while let Some((directive, location)) = open.pop() {
            let location = match directive.name() {
                "location" => Some(Location::of(directive)),
                _ => location,
            };
            if let Some((_, scheme)) = PASSES.iter().find(|(name, _)| *name == directive.name())
                && let Some(address) = directive.argument(0)
            {
                reader.pass(address, scheme, location.as_ref());
            }
            open.extend(
                directive
                    .block
                    .iter()
                    .rev()
                    .map(|one| (one, location.clone())),
            );
        }
    }
}

/// The paths of which a block tells.
#[derive(Clone, Debug)]
enum Location {
    /// All that begin so.
    Prefix(String),
    Exact(String),
    /// Known to a regular expression alone.
    Unknown,
}

impl Location {
    fn of(directive: &Directive) -> Self {
        let words: Vec<&str> = directive.words.iter().map(|word| &*word.text).collect();
        match words.as_slice() {
            [_, "=", path, ..] => Self::Exact((*path).to_owned()),
            [_, "^~", path, ..] => Self::Prefix((*path).to_owned()),
            [_, path] if path.starts_with('/') => Self::Prefix((*path).to_owned()),
            _ => Self::Unknown,
        }
    }
}

struct Reader<'a, 'f> {
    /// Names of groups of servers, with the first address of each.
    upstreams: BTreeMap<String, String>,
    /// Variables that are set once; none where they are set twice.
    variables: BTreeMap<String, Option<String>>,
    routes: Routes<'a, 'f>,
}

impl Reader<'_, '_> {
    /// Keeps groups of servers and variables, wherever they stand.
    fn collect(&mut self, directives: &[Directive]) {
        let mut open: Vec<&Directive> = directives.iter().collect();
        while let Some(directive) = open.pop() {
            open.extend(&directive.block);
            match (
                directive.name(),
                directive.argument(0),
                directive.argument(1),
            ) {
                ("upstream", Some(name), _) => {
                    let mut servers = directive.block.iter();
                    let server = servers.find(|one| one.name() == "server");
                    if let Some(address) = server.and_then(|one| one.argument(0)) {
                        self.upstreams
                            .insert(name.text.clone(), address.text.clone());
                    }
                }
                ("set", Some(name), Some(value)) => {
                    self.variables
                        .entry(name.text.clone())
                        .and_modify(|known| {
                            if known.as_ref() != Some(&value.text) {
                                *known = None;
                            }
                        })
                        .or_insert_with(|| Some(value.text.clone()));
                }
                _ => {}
            }
        }
    }

    /// States where a location leads.
    fn pass(&mut self, address: &Word, scheme: &str, location: Option<&Location>) {
        if address.text.contains("unix:") {
            return;
        }
        let mut text = self.with_variables(&address.text);
        if !text.contains("://") {
            text = format!(
                "{}{text}",
                if scheme.is_empty() { "http://" } else { scheme }
            );
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return;
        };
        let cut = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(cut);
        let authority = self.upstreams.get(authority).map_or(authority, |one| one);
        let server = format!("{scheme}://{authority}");
        let bytes = address.bytes.clone();
        self.routes.to(&server, bytes.clone());
        let (from, to) = match location {
            // With a path of its own the address takes the place of what the location says.
            Some(Location::Prefix(prefix)) if !path.is_empty() => {
                (starred(prefix), starred_filled(&format!("{server}{path}")))
            }
            Some(Location::Prefix(prefix)) => (
                starred(prefix),
                starred_filled(&format!("{server}{prefix}")),
            ),
            Some(Location::Exact(exact)) => {
                let path = if path.is_empty() { exact } else { path };
                (
                    Template::text(exact.as_str()),
                    filled(&format!("{server}{path}")),
                )
            }
            Some(Location::Unknown) | None => return,
        };
        self.routes.leads(from, to, bytes);
    }

    /// A text with the variables that are set once.
    fn with_variables(&self, text: &str) -> String {
        let value = self.variables.get(text).cloned().flatten();
        value.unwrap_or_else(|| text.to_owned())
    }
}
