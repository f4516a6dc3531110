//! What configurations of proxies state: where requests are led, and that whoever takes the file is a gateway.

use std::ops::Range;

use crate::model::{
    Access, Certainty, Claim, DependencyKind, Facts, Key, Offer, Part, Ref, Subject, Template,
};

/// States routes about whoever has the configuration: the component around it, or what mounts it.
pub(super) struct Routes<'a, 'f> {
    facts: &'a mut Facts<'f>,
}

impl<'a, 'f> Routes<'a, 'f> {
    pub(super) fn new(facts: &'a mut Facts<'f>) -> Self {
        Self { facts }
    }

    /// Requests are led to a server, `http://host:port`.
    pub(super) fn to(&mut self, server: &str, bytes: Range<usize>) {
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
        let claim = Claim::Provides {
            key: Key::new("trait", "gateway"),
            how: Offer::Implements,
        };
        self.say(claim, bytes);
    }

    /// Requests for a path are led to an address; a star stands for the rest of both.
    pub(super) fn leads(&mut self, from: Template, to: Template, bytes: Range<usize>) {
        let claim = Claim::Binds {
            key: Key::new("route", from),
            value: to,
        };
        self.say(claim, bytes);
    }

    fn say(&mut self, claim: Claim, bytes: Range<usize>) {
        self.facts.push(Subject::File, claim, bytes).certainty = Certainty::Declared;
    }
}

/// All that begins with a text.
pub(super) fn starred(prefix: &str) -> Template {
    let mut template = Template::text(prefix);
    template.push(Part::Star);
    template
}

/// All that begins with a text that the environment fills in.
pub(super) fn starred_filled(text: &str) -> Template {
    let mut template = filled(text);
    template.push(Part::Star);
    template
}

/// A text in which `${NAME}`, `${NAME:-default}`, `{$NAME}` and `$NAME` in capitals are of the environment; other variables are not known.
pub(super) fn filled(text: &str) -> Template {
    let mut out = Template::default();
    // Caddy has the sign inside.
    let text = text.replace("{$", "${");
    let mut rest = &*text;
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
        let (name, default) = match name.split_once(':') {
            Some((name, default)) => (name, Some(default.trim_start_matches('-'))),
            None => (name, None),
        };
        let is_environment = !name.is_empty()
            && name
                .chars()
                .all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_');
        out.push(match is_environment {
            true => Part::Ref(Box::new(Ref {
                key: Key::new("env", name),
                default: default.map(Template::text),
            })),
            false => Part::Hole,
        });
        rest = &behind[length..];
    }
    out.push(Part::Text(rest.into()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_the_environment_are_references() {
        let read = |text: &str| filled(text).to_string();
        assert_eq!(read("http://${CART}:80/"), "http://${env:CART}:80/");
        assert_eq!(read("{$CART:cart}:80"), "${env:CART|cart}:80");
        assert_eq!(read("${CART:-cart}:80"), "${env:CART|cart}:80");
        assert_eq!(read("http://$host/"), "http://{}/");
        assert_eq!(read("$"), "{}");
    }
}
