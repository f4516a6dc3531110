//! Templates put together: joined, with defaults, cleaned, compared.

use std::collections::BTreeSet;

use crate::model::{Key, Part, Ref, Template};

/// A piece that nothing tells.
pub(super) fn unknown() -> Template {
    Template(vec![Part::Hole])
}

/// Whether nothing at all is known.
pub(super) fn is_unknown(template: &Template) -> bool {
    template
        .0
        .iter()
        .all(|part| matches!(part, Part::Hole | Part::Star))
}

/// Whether some piece is bound elsewhere.
pub(super) fn refers(template: &Template) -> bool {
    let mut parts = template.0.iter();
    parts.any(|part| matches!(part, Part::Ref(_)))
}

/// One after the other.
pub(super) fn join(parts: impl IntoIterator<Item = Template>) -> Template {
    let mut joined = Template::default();
    for part in parts {
        joined.extend(&part);
    }
    joined
}

/// The first, or the second where the first gives nothing; a default goes behind those that are there.
pub(super) fn or(first: Template, second: Template) -> Template {
    if first.is_empty() || is_unknown(&first) {
        return second;
    }
    if second.is_empty() || is_unknown(&second) || !refers(&first) || first.0.len() != 1 {
        return first;
    }
    let mut first = first;
    if let Some(Part::Ref(reference)) = first.0.first_mut() {
        let default = match reference.default.take() {
            Some(default) => or(default, second),
            None => second,
        };
        reference.default = Some(default);
    }
    first
}

/// What several values come to: one, or one that is bound elsewhere with its default; else nothing certain.
pub(super) fn merge(values: Vec<Template>) -> Template {
    let mut distinct: Vec<Template> = Vec::new();
    for value in values {
        if !value.is_empty() && !is_unknown(&value) && !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    let bare = |template: &Template| match template.0.as_slice() {
        [Part::Ref(reference)] => innermost(reference).is_literal(),
        _ => false,
    };
    match distinct.len() {
        0 => Template::default(),
        1 => distinct.remove(0),
        2 if bare(&distinct[0]) => {
            let second = distinct.remove(1);
            or(distinct.remove(0), second)
        }
        2 if bare(&distinct[1]) => {
            let first = distinct.remove(0);
            or(distinct.remove(0), first)
        }
        _ => unknown(),
    }
}

/// What a chain of defaults ends with; nothing when the last has none.
fn innermost(reference: &Ref) -> Template {
    let mut at = reference;
    loop {
        match &at.default {
            None => return Template::default(),
            Some(default) => match default.0.as_slice() {
                [Part::Ref(inner)] => at = inner,
                // A default is there already: two of them contradict each other.
                _ => return unknown(),
            },
        }
    }
}

/// Puts values in the place of parameters; `value` gives the one of a name.
pub(super) fn replace(
    template: &Template,
    depth: usize,
    value: &dyn Fn(&Key) -> Option<Template>,
) -> Template {
    let mut replaced = Template::default();
    for part in &template.0 {
        match part {
            Part::Ref(reference) if depth > 0 => {
                let default = reference.default.as_ref();
                let default = default.map(|default| replace(default, depth - 1, value));
                let found = match value(&reference.key) {
                    Some(found) => match default {
                        Some(default) => or(found, default),
                        None => found,
                    },
                    None => {
                        let key = Key {
                            namespace: reference.key.namespace,
                            at: replace(&reference.key.at, depth - 1, value),
                            name: replace(&reference.key.name, depth - 1, value),
                        };
                        if is_unknown(&key.name) {
                            default.unwrap_or_else(unknown)
                        } else {
                            Template::reference(key, default)
                        }
                    }
                };
                replaced.extend(&found);
            }
            part => replaced.push(part.clone()),
        }
    }
    replaced
}

/// Notes all names that a template refers to.
pub(super) fn note<'t>(template: &'t Template, depth: usize, names: &mut BTreeSet<&'t Key>) {
    for part in &template.0 {
        if let Part::Ref(reference) = part
            && depth > 0
        {
            names.insert(&reference.key);
            note(&reference.key.at, depth - 1, names);
            note(&reference.key.name, depth - 1, names);
            if let Some(default) = &reference.default {
                note(default, depth - 1, names);
            }
        }
    }
}

/// Whether a template refers to a name, anywhere.
pub(super) fn mentions(template: &Template, depth: usize, wanted: &dyn Fn(&Key) -> bool) -> bool {
    depth > 0
        && template.0.iter().any(|part| match part {
            Part::Ref(reference) => {
                let key = &reference.key;
                wanted(key)
                    || mentions(&key.at, depth - 1, wanted)
                    || mentions(&key.name, depth - 1, wanted)
                    || reference
                        .default
                        .as_ref()
                        .is_some_and(|default| mentions(default, depth - 1, wanted))
            }
            _ => false,
        })
}

/// Whether a text is a URL, or a host with a port.
pub(super) fn is_address(text: &str) -> bool {
    if text.contains(char::is_whitespace) {
        return false;
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        return !rest.is_empty()
            && !scheme.is_empty()
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+');
    }
    let authority = text.split('/').next().unwrap_or_default();
    let Some((host, port)) = authority.rsplit_once(':') else {
        return false;
    };
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    (2..=5).contains(&port.len())
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.bytes().all(is_host)
}

/// Whether a template is worth to be bound: it leads elsewhere, or to an address.
pub(super) fn leads(template: &Template) -> bool {
    if refers(template) {
        return true;
    }
    let mut text = String::new();
    for part in &template.0 {
        text.push_str(match part {
            Part::Text(piece) => piece,
            _ => "x",
        });
    }
    !is_unknown(template) && is_address(&text)
}

/// Whether a name says that its value is an address, a host or a topic.
pub(super) fn names_an_end(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "addr", "broker", "channel", "endpoint", "exchange", "host", "queue", "server", "service",
        "stream", "subject", "topic", "uri", "url",
    ];
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// Whether a text can be the name of a host or a topic.
pub(super) fn is_word(text: &str) -> bool {
    (2..=100).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':' | b'/')
        })
}

/// Whether a text is written as names of environment variables are.
pub(super) fn is_environment_key(text: &str) -> bool {
    text.len() > 2
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether the name of an environment variable says that it holds where something is.
pub(super) fn is_environment_end(text: &str) -> bool {
    const ENDS: &[&str] = &[
        "_ADDR",
        "_ADDRESS",
        "_BASE_URL",
        "_BROKER",
        "_BROKERS",
        "_BUCKET",
        "_DSN",
        "_ENDPOINT",
        "_HOST",
        "_HOSTNAME",
        "_QUEUE",
        "_SERVICE",
        "_TABLE",
        "_TABLE_NAME",
        "_TOPIC",
        "_URI",
        "_URL",
    ];
    is_environment_key(text) && ENDS.iter().any(|end| text.ends_with(end))
}

/// The target of gRPC without the scheme of its resolver: `dns:///cart:7070`, `consul://agent:8500/cart`.
///
/// Source: <https://github.com/grpc/grpc/blob/master/doc/naming.md>
pub(super) fn target(template: Template) -> Template {
    const RESOLVERS: &[&str] = &[
        "consul",
        "direct",
        "discovery",
        "dns",
        "etcd",
        "k8s",
        "kubernetes",
        "nacos",
        "passthrough",
        "static",
        "xds",
    ];
    let Some(Part::Text(first)) = template.0.first() else {
        return template;
    };
    let Some((scheme, rest)) = first.split_once("://") else {
        return match first.strip_prefix("dns:") {
            Some(rest) if !rest.is_empty() || template.0.len() > 1 => {
                let mut plain = Template::text(rest);
                plain.extend(&Template(template.0[1..].to_vec()));
                plain
            }
            _ => template,
        };
    };
    if !RESOLVERS.contains(&scheme) {
        return template;
    }
    // Between the slashes stands who is asked.
    let mut plain = Template::default();
    let mut inside = false;
    let parts = std::iter::once(Part::Text(rest.into())).chain(template.0[1..].iter().cloned());
    for part in parts {
        match part {
            part if inside => plain.push(part),
            Part::Text(text) => {
                if let Some((_, rest)) = text.split_once('/') {
                    inside = true;
                    plain.push(Part::Text(rest.into()));
                }
            }
            _ => {}
        }
    }
    if inside { plain } else { template }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Template {
        Template::parse(text, &["env", "slot"]).unwrap()
    }

    #[test]
    fn defaults_go_behind_defaults() {
        let or = |a: &str, b: &str| or(read(a), read(b)).to_string();
        assert_eq!(or("${env:A}", "x"), "${env:A|x}");
        assert_eq!(or("${env:A|${env:B}}", "x"), "${env:A|${env:B|x}}");
        assert_eq!(or("${env:A|y}", "x"), "${env:A|y}");
        assert_eq!(or("", "x"), "x");
        assert_eq!(or("{}", "x"), "x");
        assert_eq!(or("a", "x"), "a");
        let merge =
            |texts: &[&str]| merge(texts.iter().map(|text| read(text)).collect()).to_string();
        assert_eq!(merge(&["x", "${env:A}", "x"]), "${env:A|x}");
        assert_eq!(merge(&["x", "y"]), "{}");
        assert_eq!(merge(&["", "y", "{}"]), "y");
    }

    #[test]
    fn addresses_are_urls_or_have_a_port() {
        for text in ["http://cart", "cart:7070", "a.b-c:80/x", "amqp://u:p@q"] {
            assert!(is_address(text), "{text}");
        }
        for text in [
            "cart",
            "a b:80",
            ":8080",
            "12:3",
            "key: value",
            "a:b",
            "://x",
            "%s:80",
        ] {
            assert!(!is_address(text), "{text}");
        }
    }

    #[test]
    fn targets_have_no_resolver() {
        let read = |text: &str| target(read(text)).to_string();
        assert_eq!(read("dns:///cart:7070"), "cart:7070");
        assert_eq!(read("dns:cart:7070"), "cart:7070");
        assert_eq!(read("consul://${env:C}/srv-cart"), "srv-cart");
        assert_eq!(read("discovery:///${env:C}"), "${env:C}");
        assert_eq!(read("http://cart"), "http://cart");
        assert_eq!(read("${env:A}"), "${env:A}");
    }
}
