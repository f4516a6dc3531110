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

/// Where an address leads: a host, and a port when one is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// In lower case.
    pub(super) host: String,
    pub(super) port: Option<String>,
}

impl Address {
    /// Of `user:password@host:port`, when the host is known whole; a dot at its end only says that it is.
    pub(super) fn of(authority: &str) -> Option<Self> {
        let host = host_of(authority);
        let behind = authority.rsplit_once(host)?.1.trim_start_matches(']');
        let port = behind.strip_prefix(':').filter(|port| known(port));
        let host = host.strip_suffix('.').unwrap_or(host);
        known(host).then(|| Self {
            host: host.to_ascii_lowercase(),
            port: port.map(str::to_owned),
        })
    }

    /// Whether the host means the machine itself, whichever that is.
    pub(super) fn is_local(&self) -> bool {
        matches!(
            &*self.host,
            "localhost" | "host.docker.internal" | "::1" | "0.0.0.0"
        ) || self.host.starts_with("127.")
            || self.host.ends_with(".localhost")
    }
}

/// The host of a URL or `host:port`, when it is known whole; user, password and port need not be.
pub(super) fn address(template: &Template) -> Result<Address, Why> {
    let text = marked(template);
    let rest = after_scheme(&text);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = &rest[..end];
    let host = host_of(authority);
    if let Some(address) = Address::of(authority) {
        return Ok(address);
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
        let read = |text: &str| {
            let address = address(&Template::parse(text, &["env"]).unwrap()).ok()?;
            Some(match address.port {
                Some(port) => format!("{}:{port}", address.host),
                None => address.host,
            })
        };
        assert_eq!(read("http://cart:8080/x").as_deref(), Some("cart:8080"));
        assert_eq!(read("cart:7070").as_deref(), Some("cart:7070"));
        assert_eq!(read("http://cart.:80/").as_deref(), Some("cart:80"));
        assert_eq!(read("http://u:p@Cart/").as_deref(), Some("cart"));
        assert_eq!(read("http://u:${env:PASS}@cart/").as_deref(), Some("cart"));
        assert_eq!(read("http://cart:${env:PORT}/x").as_deref(), Some("cart"));
        assert_eq!(read("${env:SCHEME}://cart/x").as_deref(), Some("cart"));
        assert_eq!(read("cart/to?url=http://stock").as_deref(), Some("cart"));
        assert_eq!(read("http://[::1]:80/x").as_deref(), Some("::1:80"));
        assert_eq!(read("http://${env:HOST}/x"), None);
        assert_eq!(read("http://cart-{}/x"), None);
        assert_eq!(read("http://u:p@{}cart/x"), None);
        assert_eq!(read("/x"), None);
        assert_eq!(read(""), None);
    }
}
