//! Where does nginx lead requests?
//!
//! Sources: <https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass>,
//! <https://nginx.org/en/docs/http/ngx_http_upstream_module.html>; templates as the official image fills them in,
//! <https://hub.docker.com/_/nginx>.

use std::collections::BTreeMap;
use std::ops::Range;

use super::directives::{Directive, Word, directives};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Access, Certainty, Claim, DependencyKind, ExtractorId, Facts, Key, Language, Offer, Parsed,
    Part, SourceFile, Subject, Template,
};

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
        let text = match file.text() {
            Ok(text) => text,
            Err(offset) => {
                facts.problem(offset..offset + 1, "not UTF-8");
                facts.parsed(Parsed::Failed);
                return;
            }
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
            facts,
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
    facts: &'a mut Facts<'f>,
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
        let mut whole = filled(&format!("{server}/"));
        whole.push(Part::Star);
        self.say(
            Claim::Requires {
                key: Key::at("http", whole, "ANY"),
                kind: DependencyKind::CallRoute,
                access: Access::Use,
                count: 1,
            },
            bytes.clone(),
        );
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
        let claim = Claim::Binds {
            key: Key::new("route", from),
            value: to,
        };
        self.say(claim, bytes);
        let key = Key::new("trait", "gateway");
        let claim = Claim::Provides {
            key,
            how: Offer::Implements,
        };
        self.say(claim, address.bytes.clone());
    }

    /// A text with the variables that are set once.
    fn with_variables(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.variables {
            if let Some(value) = value
                && text == *name
            {
                text.clone_from(value);
            }
        }
        text
    }

    fn say(&mut self, claim: Claim, bytes: Range<usize>) {
        // Whoever mounts the file says all of it, too.
        self.facts.push(Subject::File, claim, bytes).certainty = Certainty::Declared;
    }
}

fn starred(prefix: &str) -> Template {
    let mut template = Template::text(prefix);
    template.push(Part::Star);
    template
}

fn starred_filled(text: &str) -> Template {
    let mut template = filled(text);
    template.push(Part::Star);
    template
}

/// A text in which `${NAME}` and `$NAME` in capitals are of the environment, other variables are not known.
fn filled(text: &str) -> Template {
    let mut out = Template::default();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push(Part::Text(rest[..at].into()));
        let behind = &rest[at + 1..];
        let (name, length) = match behind.strip_prefix('{') {
            Some(inner) => {
                let end = inner.find('}').unwrap_or(inner.len());
                (&inner[..end], (end + 2).min(behind.len()))
            }
            None => {
                let is_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
                let end = behind.find(|sign| !is_name(sign)).unwrap_or(behind.len());
                (&behind[..end], end)
            }
        };
        let is_environment = !name.is_empty()
            && name
                .chars()
                .all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_');
        match is_environment {
            true => out.extend(&Template::from(Key::new("env", name))),
            false => out.push(Part::Hole),
        }
        rest = &behind[length..];
    }
    out.push(Part::Text(rest.into()));
    out
}
