//! What a C# file says of the network, gathered before it is stated: each thing once, with the number of its places.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::{Access, Claim, DependencyKind, Facts, Key, Offer, Part, Subject, Template};

/// The most statements of one file.
const FACTS: usize = 1024;

/// The most constants of one file.
const SLOTS: usize = 256;

/// Gathers.
#[derive(Default)]
pub(super) struct Net {
    uses: BTreeMap<(Key, DependencyKind), (u32, Range<usize>, Access)>,
    offers: BTreeMap<Key, Range<usize>>,
    bound: BTreeMap<(Key, Template), Range<usize>>,
}

impl Net {
    pub(super) fn uses(
        &mut self,
        key: Key,
        kind: DependencyKind,
        access: Access,
        bytes: Range<usize>,
    ) {
        let entry = self.uses.entry((key, kind));
        entry.or_insert((0, bytes, access)).0 += 1;
    }

    pub(super) fn offers(&mut self, key: Key, bytes: Range<usize>) {
        self.offers.entry(key).or_insert(bytes);
    }

    /// What nothing tells binds nothing.
    pub(super) fn binds(&mut self, key: Key, value: Template, bytes: Range<usize>) {
        let is_known = value.0.iter().any(|part| !matches!(part, Part::Hole));
        if is_known || value.is_empty() {
            self.bound.entry((key, value)).or_insert(bytes);
        }
    }

    /// A call of an address.
    pub(super) fn http(
        &mut self,
        url: Template,
        verb: &str,
        kind: DependencyKind,
        bytes: Range<usize>,
    ) {
        if !is_elsewhere(&url) {
            self.uses(Key::at("http", url, verb), kind, Access::Use, bytes);
        }
    }

    /// A use of a topic.
    pub(super) fn topic(
        &mut self,
        broker: impl Into<Template>,
        name: impl Into<Template>,
        kind: DependencyKind,
        bytes: Range<usize>,
    ) {
        let access = match kind {
            DependencyKind::EventPub => Access::Write,
            _ => Access::Read,
        };
        self.uses(Key::at("topic", broker, name), kind, access, bytes);
    }

    pub(super) fn state(self, facts: &mut Facts<'_>) {
        let count = self.uses.len() + self.offers.len() + self.bound.len();
        let mut slots = 0;
        for ((key, kind), (count, bytes, access)) in self.uses.into_iter().take(FACTS) {
            let claim = Claim::Requires {
                key,
                kind,
                access,
                count,
            };
            facts.push(Subject::Here, claim, bytes);
        }
        for (key, bytes) in self.offers.into_iter().take(FACTS) {
            facts.provides(key, Offer::Implements, bytes);
        }
        for ((key, value), bytes) in self.bound.into_iter().take(FACTS) {
            slots += usize::from(key.namespace.0 == "slot");
            if key.namespace.0 != "slot" || slots <= SLOTS {
                facts.binds(key, value, bytes);
            }
        }
        if count > FACTS || slots > SLOTS {
            let message = format!(
                "more than {FACTS} calls, routes and topics or {SLOTS} constants: the rest is not read"
            );
            facts.problem(0..0, message);
        }
    }
}

/// Addresses of schemas and documentation, which nobody calls.
fn is_elsewhere(url: &Template) -> bool {
    let Some(Part::Text(text)) = url.0.first() else {
        return false;
    };
    let host = text.split("://").nth(1).unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    [
        "example.com",
        "example.org",
        "schemas.microsoft.com",
        "schemas.xmlsoap.org",
        "tempuri.org",
        "www.w3.org",
    ]
    .contains(&host)
}

/// Whether a template is an address with a scheme, or may be one that is bound elsewhere.
pub(super) fn is_address(url: &Template) -> bool {
    match url.0.first() {
        Some(Part::Text(text)) => {
            let scheme = text.split("://").next().unwrap_or_default();
            text.contains("://") && !scheme.contains(['/', '?', '{'])
        }
        Some(Part::Ref(_)) => true,
        _ => false,
    }
}

/// An address without what asks and what marks a place in the answer.
pub(super) fn without_query(url: &Template) -> Template {
    let mut out = Template::default();
    for part in &url.0 {
        if let Part::Text(text) = part
            && let Some(end) = text.find(['?', '#'])
        {
            out.push(Part::Text(text[..end].into()));
            break;
        }
        out.push(part.clone());
    }
    out
}

/// A template without slashes at its end.
pub(super) fn without_slash(template: &Template) -> Template {
    let mut out = template.clone();
    if let Some(Part::Text(text)) = out.0.last_mut() {
        *text = text.trim_end_matches('/').into();
        if text.is_empty() {
            out.0.pop();
        }
    }
    out
}

/// `base/path`, with one slash between.
pub(super) fn joined(base: &Template, path: &Template) -> Template {
    let mut out = without_slash(base);
    let starts = matches!(path.0.first(), Some(Part::Text(text)) if text.starts_with('/'));
    if !starts && !path.is_empty() {
        out.push(Part::Text("/".into()));
    }
    out.extend(path);
    out
}

/// A pattern of a route: what stands in braces is open, `{**rest}` is the rest.
///
/// Source: <https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates>
pub(super) fn pattern(template: &Template) -> Template {
    let mut out = Template::default();
    for part in &template.0 {
        let Part::Text(text) = part else {
            out.push(part.clone());
            continue;
        };
        let mut rest = &**text;
        while let Some(open) = rest.find('{') {
            out.push(Part::Text(rest[..open].into()));
            let mut depth = 0usize;
            let close = rest[open..].find(|sign: char| {
                match sign {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            let Some(close) = close.map(|close| open + close) else {
                rest = "";
                break;
            };
            let is_rest = rest[open..].starts_with("{*");
            out.push(if is_rest { Part::Star } else { Part::Hole });
            rest = &rest[close + 1..];
        }
        out.push(Part::Text(rest.into()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_routes_and_addresses() {
        let read = |text: &str| pattern(&Template::text(text)).to_string();
        assert_eq!(read("/a/{id:int}/b/{**rest}"), "/a/{}/b/*");
        assert_eq!(read("/a/{id:regex(^\\d{{3}}$)}/b"), "/a/{}/b");
        assert_eq!(read("/a/{open"), "/a/");
        let join = |base: &str, path: &str| {
            joined(&Template::text(base), &Template::text(path)).to_string()
        };
        assert_eq!(join("http://a/", "b"), "http://a/b");
        assert_eq!(join("http://a", "/b"), "http://a/b");
        assert_eq!(join("http://a/", ""), "http://a");
        assert!(is_address(&Template::text("https+http://a")));
        assert!(!is_address(&Template::text("api/x?u=http://a")));
    }
}
