//! Where the detectors of one file put what they find: each name once, with the number of its places.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::{
    Access, Claim, DependencyKind, Facts, Key, Offer, Parsed, Part, Subject, Template,
};

/// The most bindings of one file.
const BINDINGS: usize = 256;

/// The most names of one file.
const NAMES: usize = 2048;

/// The longest address; a longer one ends in a hole.
const LONGEST: usize = 1024;

/// Hosts that name a format or an example, and lead nowhere.
const NOWHERE: &[&str] = &[
    "w3.org",
    "example.com",
    "example.org",
    "example.net",
    "xmlsoap.org",
    "json-schema.org",
    "springframework.org",
    "apache.org",
    "java.sun.com",
    "xml.org",
];

/// What one file says.
#[derive(Debug, Default)]
pub(super) struct Sink {
    requires: BTreeMap<(Key, DependencyKind), (Access, u32, Range<usize>)>,
    provides: BTreeMap<Key, Range<usize>>,
    binds: BTreeMap<(Key, Template), Range<usize>>,
    full: Option<Range<usize>>,
}

impl Sink {
    /// A request to an address.
    pub(super) fn http(&mut self, url: Template, verb: &str, bytes: Range<usize>) {
        self.request(url, verb, DependencyKind::CallHttp, bytes);
    }

    /// A request to an address, or a route to it.
    pub(super) fn request(
        &mut self,
        url: Template,
        verb: &str,
        kind: DependencyKind,
        bytes: Range<usize>,
    ) {
        let url = normal(&url);
        if leads_nowhere(&url) {
            return;
        }
        let verb = match verb {
            "" => "ANY",
            verb => verb,
        };
        self.requires(Key::at("http", url, verb), kind, Access::Use, bytes);
    }

    /// A use of a topic or a queue.
    pub(super) fn topic(
        &mut self,
        broker: &'static str,
        name: Template,
        kind: DependencyKind,
        bytes: Range<usize>,
    ) {
        let at = Template::from(Key::new("broker", broker));
        self.requires(Key::at("topic", at, name), kind, Access::Use, bytes);
    }

    /// A connection to a store.
    pub(super) fn store(&mut self, at: Template, engine: &str, bytes: Range<usize>) {
        let key = Key::at("store", at, engine);
        self.requires(key, DependencyKind::DataUse, Access::ReadWrite, bytes);
    }

    pub(super) fn requires(
        &mut self,
        key: Key,
        kind: DependencyKind,
        access: Access,
        bytes: Range<usize>,
    ) {
        if self.requires.len() >= NAMES {
            self.full.get_or_insert(bytes);
            return;
        }
        let entry = self.requires.entry((key, kind));
        entry.or_insert((access, 0, bytes)).1 += 1;
    }

    pub(super) fn provides(&mut self, key: Key, bytes: Range<usize>) {
        if self.provides.len() >= NAMES {
            self.full.get_or_insert(bytes);
            return;
        }
        self.provides.entry(key).or_insert(bytes);
    }

    pub(super) fn binds(&mut self, key: Key, value: Template, bytes: Range<usize>) {
        if self.binds.len() >= BINDINGS {
            self.full.get_or_insert(bytes);
            return;
        }
        // A name that means itself says nothing.
        if value.as_ref_key() != Some(&key) {
            self.binds.entry((key, value)).or_insert(bytes);
        }
    }

    /// Whether something that was found refers to a name of the file's own code.
    pub(super) fn refers_to(&self, place: &str, name: &str) -> bool {
        let uses = self.requires.keys().map(|(key, _)| key);
        uses.flat_map(|key| [&key.at, &key.name])
            .chain(self.binds.keys().map(|(_, value)| value))
            .any(|template| refers_to(template, place, name))
    }

    pub(super) fn state(self, facts: &mut Facts<'_>) {
        for ((key, kind), (access, count, bytes)) in self.requires {
            let claim = Claim::Requires {
                key,
                kind,
                access,
                count,
            };
            facts.push(Subject::Here, claim, bytes);
        }
        for (key, bytes) in self.provides {
            facts.provides(key, Offer::Implements, bytes);
        }
        for ((key, value), bytes) in self.binds {
            facts.binds(key, value, bytes);
        }
        if let Some(bytes) = self.full {
            let message = format!(
                "more than {NAMES} addresses and routes, or {BINDINGS} constants: the rest is not read"
            );
            facts.problem(bytes, message);
            facts.parsed(Parsed::Partly);
        }
    }
}

fn refers_to(template: &Template, place: &str, name: &str) -> bool {
    // Not recursive: defaults nest as deeply as a file likes.
    let mut open = vec![template];
    while let Some(template) = open.pop() {
        for part in &template.0 {
            if let Part::Ref(reference) = part {
                let key = &reference.key;
                if key.namespace.0 == "slot"
                    && key.at.as_text() == Some(place)
                    && key.name.as_text() == Some(name)
                {
                    return true;
                }
                open.extend(&reference.default);
            }
        }
    }
    false
}

/// An address whose variables (`{id}`) are holes, without what stands behind `?`.
pub(super) fn normal(url: &Template) -> Template {
    let mut out = Template::default();
    let mut length = 0;
    // Whether the host is told, so that what comes next is a path.
    let mut in_path = false;
    'parts: for part in &url.0 {
        let Part::Text(text) = part else {
            // What callers put into a path tells nothing of where it leads.
            let is_argument = matches!(part, Part::Ref(reference)
                if reference.key.name.as_text().is_some_and(|name| name.contains('#') && name != "#base"));
            out.push(match in_path && is_argument {
                true => Part::Hole,
                false => part.clone(),
            });
            continue;
        };
        in_path |= text
            .rsplit_once("://")
            .map_or(&**text, |(_, rest)| rest)
            .contains('/');
        let mut rest: &str = text;
        while let Some(at) = rest.find(['{', '?', '#']) {
            out.push(Part::Text(rest[..at].into()));
            if !rest[at..].starts_with('{') {
                break 'parts;
            }
            let Some(end) = rest[at..].find('}') else {
                rest = &rest[at + 1..];
                continue;
            };
            out.push(Part::Hole);
            rest = &rest[at + end + 1..];
        }
        length += rest.len();
        if length > LONGEST {
            // Where the rest leads is not known.
            out.push(Part::Hole);
            break;
        }
        out.push(Part::Text(rest.into()));
    }
    out
}

fn leads_nowhere(url: &Template) -> bool {
    let Some(Part::Text(text)) = url.0.first() else {
        return false;
    };
    let Some((_, rest)) = text.split_once("://") else {
        // Whatever starts like this is read from the class path or the disk.
        return text.starts_with("classpath:") || text.starts_with("file:");
    };
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    NOWHERE
        .iter()
        .any(|known| host == *known || host.ends_with(&format!(".{known}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_variables_and_queries() {
        let read = |text: &str| normal(&text.into()).to_string();
        assert_eq!(read("http://a/x/{id}/y?z={q}"), "http://a/x/{}/y");
        assert_eq!(read("/x/{id:[0-9]+}"), "/x/{}");
        assert_eq!(read("/x/{open"), "/x/open");
        let long = format!("http://a/{{id}}/{}", "x".repeat(LONGEST));
        assert_eq!(read(&long), "http://a/{}{}");
        assert!(leads_nowhere(&"http://www.w3.org/2001".into()));
        assert!(!leads_nowhere(&"http://w3.organic/x".into()));
    }
}
