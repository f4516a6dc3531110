//! Hosts in addresses: which part of a URL or `host:port` is the host, when it is known whole.

use crate::model::{Part, Template, Why};

/// Stands for what nothing tells; no address has it.
const UNKNOWN: char = '\u{0}';

/// The text of a template, with a mark for each unknown piece.
pub(super) fn marked(template: &Template) -> String {
    let mut text = String::new();
    for part in &template.0 {
        match part {
            Part::Text(piece) => text.push_str(piece),
            Part::Ref(_) | Part::Hole | Part::Star => text.push(UNKNOWN),
        }
    }
    text
}

/// Whether a text is there and has no unknown piece.
pub(super) fn known(text: &str) -> bool {
    !text.is_empty() && !text.contains(UNKNOWN)
}

/// The host of a URL or `host:port`, when it is known whole; user, password and port need not be.
pub(super) fn host(template: &Template) -> Result<String, Why> {
    let text = marked(template);
    let rest = after_scheme(&text);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = host_of(&rest[..end]);
    if known(host) {
        return Ok(host.to_ascii_lowercase());
    }
    let unbound = template.0.iter().find_map(|part| match part {
        Part::Ref(reference) => Some(reference.key.to_string()),
        _ => None,
    });
    Err(match unbound {
        Some(key) if host.contains(UNKNOWN) => Why::Unbound(key),
        _ => Why::NotFound,
    })
}

/// The host of `user:password@host:port`.
pub(super) fn host_of(authority: &str) -> &str {
    let address = authority.rsplit('@').next().unwrap_or_default();
    match address.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => address.split(':').next().unwrap_or_default(),
    }
}

/// What stands behind `scheme://`; a path or a query may hold such a mark, too.
pub(super) fn after_scheme(text: &str) -> &str {
    match text.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?', '#']) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_from_urls_and_addresses() {
        let read = |text: &str| host(&Template::parse(text, &["env"]).unwrap()).ok();
        assert_eq!(read("http://cart:8080/x").as_deref(), Some("cart"));
        assert_eq!(read("cart:7070").as_deref(), Some("cart"));
        assert_eq!(read("http://u:p@Cart/").as_deref(), Some("cart"));
        assert_eq!(read("http://u:${env:PASS}@cart/").as_deref(), Some("cart"));
        assert_eq!(read("http://cart:${env:PORT}/x").as_deref(), Some("cart"));
        assert_eq!(read("${env:SCHEME}://cart/x").as_deref(), Some("cart"));
        assert_eq!(read("cart/to?url=http://stock").as_deref(), Some("cart"));
        assert_eq!(read("http://[::1]:80/x").as_deref(), Some("::1"));
        assert_eq!(read("http://${env:HOST}/x"), None);
        assert_eq!(read("http://cart-{}/x"), None);
        assert_eq!(read("http://u:p@{}cart/x"), None);
        assert_eq!(read("/x"), None);
        assert_eq!(read(""), None);
    }
}
