//! Addresses as code puts them together: defaults, one of two, a path below an address; and which of them lead anywhere.

use crate::model::{Part, Ref, Template};

/// Hosts of documents and schemas, and those that stand for any.
const NO_SERVERS: &[&str] = &[
    "example.com",
    "example.net",
    "example.org",
    "json-schema.org",
    "schema.org",
    "w3.org",
    "xmlns.com",
];

/// What nothing tells.
pub(in crate::extract) fn hole() -> Template {
    Template(vec![Part::Hole])
}

/// A reference takes the default, behind the defaults that it has; what is known needs none; what is unknown stays so.
pub(in crate::extract) fn or(first: Template, second: impl FnOnce() -> Template) -> Template {
    match first.0.as_slice() {
        [] => second(),
        [Part::Ref(reference)] => {
            let default = match &reference.default {
                None => second(),
                Some(default) => or(default.clone(), second),
            };
            // An empty default tells nothing.
            Template::reference(
                reference.key.clone(),
                Some(default).filter(|default| !default.is_empty()),
            )
        }
        _ => first,
    }
}

/// One of two: a name that is bound elsewhere has the other as its default; of two addresses the one that is no machine's own.
pub(in crate::extract) fn either(first: Template, second: Template) -> Template {
    let is_bound =
        |text: &Template| matches!(text.0.as_slice(), [Part::Ref(one)] if one.default.is_none());
    let is_local = |text: &Template| {
        let start = match text.0.first() {
            Some(Part::Text(start)) => start,
            _ => return false,
        };
        start.contains("localhost") || start.contains("127.0.0.1")
    };
    let is_known =
        |text: &Template| !text.is_empty() && !matches!(text.0.first(), Some(Part::Hole));
    match (&first, &second) {
        _ if first == second => first,
        (_, empty) if empty.is_empty() => first,
        (empty, _) if empty.is_empty() => second,
        (name, default) if is_bound(name) && default.is_literal() => or(first, || second),
        (default, name) if is_bound(name) && default.is_literal() => or(second, || first),
        _ if is_local(&first) && is_known(&second) => second,
        _ if is_local(&second) && is_known(&first) => first,
        _ => hole(),
    }
}

/// A path below an address; a whole address stays as it is.
pub(in crate::extract) fn joined(base: &Template, path: &Template) -> Template {
    let is_whole = match path.0.first() {
        Some(Part::Text(start)) => start.contains("://"),
        Some(Part::Ref(_)) => base.is_empty(),
        _ => false,
    };
    if is_whole || base.is_empty() {
        return path.clone();
    }
    if path.is_empty() {
        return base.clone();
    }
    let mut joined = base.clone();
    let mut rest = path.clone();
    if let Some(Part::Text(end)) = joined.0.last_mut()
        && let Some(cut) = end.strip_suffix('/')
        && !cut.ends_with('/')
    {
        *end = cut.into();
    }
    if let Some(Part::Text(start)) = rest.0.first_mut() {
        *start = start.trim_start_matches('/').into();
    }
    joined.push(Part::Text("/".into()));
    joined.extend(&rest);
    joined
}

/// An address without what stands in front of its host.
pub(in crate::extract) fn without_users(address: &Template) -> Template {
    const AUTHORITY: &str = "://";
    let mut plain = Template::default();
    // What stands between `://` and `@` is held back until it is known what it is.
    let mut held: Option<Template> = None;
    for part in &address.0 {
        let Part::Text(text) = part else {
            held.as_mut().unwrap_or(&mut plain).push(tidy(part));
            continue;
        };
        let mut rest: &str = text;
        if held.is_none()
            && let Some(at) = rest.find(AUTHORITY)
        {
            let (scheme, behind) = rest.split_at(at + AUTHORITY.len());
            plain.push(Part::Text(scheme.into()));
            held = Some(Template::default());
            rest = behind;
        }
        let Some(mut user) = held.take() else {
            plain.push(Part::Text(rest.into()));
            continue;
        };
        match rest.find(['/', '@', '?']) {
            Some(end) if rest[end..].starts_with('@') => {
                let behind = rest[end..].trim_start_matches('@');
                plain.push(Part::Text(behind.into()));
            }
            Some(_) => {
                plain.extend(&user);
                plain.push(Part::Text(rest.into()));
            }
            None => {
                user.push(Part::Text(rest.into()));
                held = Some(user);
            }
        }
    }
    if let Some(user) = held {
        plain.extend(&user);
    }
    plain
}

/// A reference whose default has no user and password; defaults are nested as deeply as texts are read.
fn tidy(part: &Part) -> Part {
    match part {
        Part::Ref(reference) => Part::Ref(Box::new(Ref {
            key: reference.key.clone(),
            default: reference.default.as_ref().map(without_users),
        })),
        part => part.clone(),
    }
}

/// The address as it is stated; `None`: it is one of the own site, or none at all.
pub(in crate::extract) fn address(url: &Template, is_browser: bool) -> Option<Template> {
    let start = match url.0.first()? {
        Part::Text(start) => start.trim_start(),
        Part::Hole | Part::Star if is_browser => return None,
        Part::Ref(one) if is_browser && one.key.namespace.0 == "slot" && one.default.is_none() => {
            return None;
        }
        _ => "",
    };
    if start.starts_with(['/', '.', '?', '#']) && !start.starts_with("//") {
        return None;
    }
    if let Some((scheme, rest)) = start.split_once(':') {
        let is_scheme = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_address = rest.starts_with("//")
            || rest.starts_with(|c: char| c.is_ascii_digit())
            || rest.is_empty();
        if is_scheme && !is_address {
            return None;
        }
        if matches!(scheme, "file" | "data" | "blob" | "about" | "chrome") {
            return None;
        }
    } else if url.is_literal() || !start.is_empty() {
        // A path below a base that is not known, or a word.
        return None;
    }
    let host = start.split_once("//").map_or("", |(_, rest)| {
        rest.split(['/', ':', '?']).next().unwrap_or("")
    });
    let is_no_server = NO_SERVERS.iter().any(|name| {
        host.strip_suffix(name)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    });
    if is_no_server {
        return None;
    }
    Some(plain_path(url))
}

/// The address with holes for what callers put into its path.
fn plain_path(url: &Template) -> Template {
    let mut plain = Template::default();
    let mut is_path = false;
    for part in &url.0 {
        match part {
            Part::Text(text) => {
                let rest = match text.split_once("://") {
                    Some((_, rest)) if plain.is_empty() => rest,
                    _ => text,
                };
                is_path |= rest.contains('/') || rest.contains('?');
                plain.push(part.clone());
            }
            Part::Ref(one) if one.key.namespace.0 == "slot" && (is_path || is_argument(one)) => {
                // What a caller appends to a host is a path.
                let is_host = match plain.0.last() {
                    None => true,
                    Some(Part::Text(end)) => end.ends_with("//") || end.ends_with([':', '@', '.']),
                    Some(_) => false,
                };
                match (is_path, is_host) {
                    (true, _) => plain.push(Part::Hole),
                    (false, true) => plain.push(part.clone()),
                    (false, false) => {
                        is_path = true;
                        plain.push(Part::Text("/".into()));
                        plain.push(Part::Hole);
                    }
                }
            }
            part => plain.push(part.clone()),
        }
    }
    plain
}

/// Whether a name is that of a function's parameter.
fn is_argument(reference: &Ref) -> bool {
    let name = reference.key.name.as_text().unwrap_or_default();
    let at = name.rsplit_once('#').map_or("", |(_, at)| at);
    at.starts_with(|c: char| c.is_ascii_digit())
}

/// Application and method of a call through the sidecar of Dapr.
///
/// Source: <https://docs.dapr.io/reference/api/service_invocation_api/>
pub(in crate::extract) fn dapr(url: &Template) -> Option<(Template, Template)> {
    const MARK: &str = "/v1.0/invoke/";
    const METHOD: &str = "/method/";
    let at = url
        .0
        .iter()
        .position(|part| matches!(part, Part::Text(text) if text.contains(MARK)))?;
    let Part::Text(text) = &url.0[at] else {
        return None;
    };
    let (_, rest) = text.split_once(MARK)?;
    let mut rest = Template::text(rest);
    rest.extend(&Template(url.0[at + 1..].to_vec()));
    let mut application = Template::default();
    let mut method = None;
    for part in rest.0 {
        match (&mut method, part) {
            (Some(method), part) => Template::push(method, part),
            (None, Part::Text(text)) => match text.split_once(METHOD) {
                Some((before, behind)) => {
                    application.push(Part::Text(before.into()));
                    method = Some(Template::text(behind));
                }
                None => application.push(Part::Text(text)),
            },
            (None, part) => application.push(part),
        }
    }
    Some((application, method?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Template {
        Template::parse(text, &["env"]).unwrap()
    }

    #[test]
    fn users_and_passwords_are_left_out_of_addresses() {
        for (whole, plain) in [
            ("postgres://u:p@db:5432/orders", "postgres://db:5432/orders"),
            (
                "mongodb://${env:USER}:${env:PASS}@mongo/x",
                "mongodb://mongo/x",
            ),
            ("postgres://u:p@${env:HOST}/x", "postgres://${env:HOST}/x"),
            ("redis://${env:HOST}:6379", "redis://${env:HOST}:6379"),
            ("http://cart/a@b", "http://cart/a@b"),
            ("${env:URL}", "${env:URL}"),
            ("${env:URL|amqp://u:p@queue}", "${env:URL|amqp://queue}"),
            ("http://cart", "http://cart"),
        ] {
            assert_eq!(without_users(&read(whole)).to_string(), plain);
        }
    }

    #[test]
    fn defaults_go_to_the_innermost_name() {
        let or = |first: &str, second: &str| or(read(first), || read(second)).to_string();
        assert_eq!(or("${env:A}", "a"), "${env:A|a}");
        assert_eq!(or("${env:A|${env:B}}", "b"), "${env:A|${env:B|b}}");
        assert_eq!(or("${env:A}", ""), "${env:A}");
        assert_eq!(or("{}", "a"), "{}");
    }

    #[test]
    fn of_two_addresses_the_one_that_is_elsewhere_counts() {
        let either = |first: &str, second: &str| either(read(first), read(second)).to_string();
        assert_eq!(either("http://cart", "http://localhost:1"), "http://cart");
        assert_eq!(either("cart", "${env:CART}"), "${env:CART|cart}");
        assert_eq!(either("http://a", "http://b"), "{}");
    }

    #[test]
    fn paths_are_joined_with_one_slash() {
        let joined = |base: &str, path: &str| joined(&read(base), &read(path)).to_string();
        assert_eq!(joined("http://cart/", "/items"), "http://cart/items");
        assert_eq!(joined("${env:CART}", "items"), "${env:CART}/items");
        assert_eq!(joined("http://cart", "http://stock"), "http://stock");
        assert_eq!(joined("http://cart", ""), "http://cart");
    }

    fn stated(text: &str) -> Option<String> {
        let url = Template::parse(text, &["env", "slot"]).unwrap();
        address(&url, false).map(|url| url.to_string())
    }

    #[test]
    fn addresses_of_other_sites_are_stated() {
        for text in [
            "http://cart/items",
            "http://${env:CART}:8080/items",
            "${env:CART_URL}/items",
            "{}",
            "cart:8080/items",
            "{}://cart",
        ] {
            assert_eq!(stated(text).as_deref(), Some(text));
        }
        for text in [
            "/api/items",
            "./items",
            "?x=1",
            "items",
            "items/{}",
            "data:text/plain,x",
            "http://www.w3.org/2000/svg",
            "https://example.com/x",
            "mailto:a@b",
        ] {
            assert_eq!(stated(text), None, "{text}");
        }
        for (url, expected) in [
            ("http://cart/${slot(path:a.js)get#0}", "http://cart/{}"),
            ("http://cart${slot(path:a.js)get#0}", "http://cart/{}"),
            ("${env:CART}${slot(path:a.js)get#0}", "${env:CART}/{}"),
            (
                "http://${slot(path:a.js)get#0}/x",
                "http://${slot(path:a.js)get#0}/x",
            ),
            (
                "http://cart:${slot(path:a.js)get#0}",
                "http://cart:${slot(path:a.js)get#0}",
            ),
        ] {
            assert_eq!(stated(url).as_deref(), Some(expected));
        }
    }

    #[test]
    fn calls_through_a_sidecar_name_the_application() {
        let url = Template::parse(
            "http://localhost:${env:DAPR_HTTP_PORT|3500}/v1.0/invoke/cart/method/items/{}",
            &["env"],
        );
        let (application, method) = dapr(&url.unwrap()).unwrap();
        assert_eq!(
            (
                application.to_string().as_str(),
                method.to_string().as_str()
            ),
            ("cart", "items/{}")
        );
    }
}
