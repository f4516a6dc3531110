//! States the use of an address, unless it is the own site's or leads nowhere that counts.

use super::Site;
use crate::model::{DependencyKind, Key, Part, Ref, Template};

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

/// States a request to an address.
pub(super) fn state(site: &Site<'_>, url: &Template, verb: &str, kind: DependencyKind) {
    let Some(url) = address(url, site.is_browser) else {
        return;
    };
    if let Some((application, method)) = dapr(&url) {
        let mut url = Template::text("http://");
        url.extend(&application);
        url.push(Part::Text("/".into()));
        url.extend(&method);
        let key = Key::at("http", url, verb);
        site.requires(key, DependencyKind::CallInvoke);
        return;
    }
    site.requires(Key::at("http", url, verb), kind);
}

/// The address as it is stated; `None`: it is one of the own site, or none at all.
pub(super) fn address(url: &Template, is_browser: bool) -> Option<Template> {
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
fn dapr(url: &Template) -> Option<(Template, Template)> {
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

    fn read(text: &str) -> Option<String> {
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
            assert_eq!(read(text).as_deref(), Some(text));
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
            assert_eq!(read(text), None, "{text}");
        }
        for (url, stated) in [
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
            assert_eq!(read(url).as_deref(), Some(stated));
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
