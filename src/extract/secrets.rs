//! What must never be told: values under names of secrets, and passwords in addresses.

use crate::model::{Part, Template};

/// Words in the name of a secret.
const SECRET: &[&str] = &[
    "apikey",
    "auth",
    "cert",
    "certificate",
    "credential",
    "credentials",
    "key",
    "keyfile",
    "masterauth",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "private",
    "pwd",
    "requirepass",
    "salt",
    "secret",
    "secrets",
    "token",
    "tokens",
];

/// Last words of names that tell where something is, not what it is.
const PLACES: &[&str] = &[
    "addr", "address", "api", "base", "endpoint", "host", "hostname", "hosts", "port", "server",
    "service", "svc", "uri", "url", "urls",
];

/// The value of a name, without what must not be told.
pub(super) fn masked(name: &str, value: &Template) -> Template {
    let mut out = Template::default();
    if is_secret(name) {
        for part in &value.0 {
            match part {
                Part::Ref(reference) => {
                    let mut reference = reference.clone();
                    reference.default = None;
                    out.push(Part::Ref(reference));
                }
                _ if matches!(out.0.last(), Some(Part::Hole)) => {}
                _ => out.push(Part::Hole),
            }
        }
        return out;
    }
    let mut behind_user = false;
    for part in &value.0 {
        match part {
            Part::Text(text) => address(text, behind_user, &mut out),
            Part::Ref(reference) => {
                let mut reference = reference.clone();
                let default = reference.default.as_ref();
                let inner = default.map(|default| masked(name, default));
                reference.default = inner;
                out.push(Part::Ref(reference));
            }
            other => out.push(other.clone()),
        }
        // `amqp://${USER}:secret@host`
        behind_user = !matches!(part, Part::Text(_));
    }
    out
}

/// Whether a name is that of a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let words = words(name);
    let is_place = words.last().is_some_and(|last| PLACES.contains(&&**last));
    !is_place && words.iter().any(|word| SECRET.contains(&&**word))
}

/// The words of `API_KEY`, `apiKey`, `api-key`, `api.key`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        let starts = was_lower && c.is_ascii_uppercase();
        was_lower = c.is_ascii_lowercase();
        let is_between = !c.is_alphanumeric();
        if is_between || starts {
            words.push(String::new());
        }
        if let (false, Some(last)) = (is_between, words.last_mut()) {
            last.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Appends a text without the passwords of its addresses.
fn address(text: &str, behind_user: bool, out: &mut Template) {
    let mut from = 0;
    for hidden in passwords(text, behind_user) {
        if hidden.start < from {
            continue;
        }
        out.push(Part::Text(text[from..hidden.start].into()));
        out.push(Part::Hole);
        from = hidden.end;
    }
    out.push(Part::Text(text[from..].into()));
}

/// Where the passwords of a text are: `://user:PASSWORD@`, `user:PASSWORD@tcp(`, `password=PASSWORD;`.
fn passwords(text: &str, behind_user: bool) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut authority = |start: usize| {
        let end = text[start..]
            .find(['/', '?', '#', ',', ' '])
            .map_or(text.len(), |at| start + at);
        // A password may hold what ends an authority; a port may not.
        let port = text[start..end].rsplit(':').next().unwrap_or_default();
        let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let blank = text[start..].find(' ').map_or(text.len(), |at| start + at);
        let at = text[start..end]
            .rfind('@')
            .or_else(|| text[start..blank].find('@').filter(|_| !is_port));
        if let Some(at) = at.map(|at| start + at)
            && let Some(colon) = text[start..at].find(':').map(|colon| start + colon)
            && colon + 1 < at
        {
            found.push(colon + 1..at);
        }
    };
    for (at, _) in text.match_indices("://").take(64) {
        authority(at + 3);
    }
    if behind_user && text.starts_with(':') || text.contains("@tcp(") || text.contains("@unix(") {
        authority(0);
    }
    let lower = text.to_ascii_lowercase();
    for name in [
        "password=",
        "pwd=",
        "accountkey=",
        "sharedaccesskey=",
        "secret=",
        "token=",
    ] {
        for (at, _) in lower.match_indices(name).take(64) {
            let start = at + name.len();
            let end = text[start..].find([';', '&', ' ', '"', '\'']);
            let end = end.map_or(text.len(), |end| start + end);
            if start < end {
                found.push(start..end);
            }
        }
    }
    found.sort_by_key(|range| (range.start, range.end));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in [
            "DB_PASSWORD",
            "apiKey",
            "JWT_SECRET",
            "x.token",
            "POSTGRES_PASS",
            "KEY",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "KEYCLOAK_URL",
            "TOKEN_SERVICE_ADDR",
            "KEYSPACE",
            "HOST",
            "BYPASS",
            "AUTHOR",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn values_of_secrets_and_passwords_in_addresses_are_hidden() {
        let read = |name: &str, text: &str| {
            let value = Template::parse(text, &["env"]).unwrap();
            masked(name, &value).to_string()
        };
        assert_eq!(read("DB_PASSWORD", "x${env:A|y}z"), "{}${env:A}{}");
        assert_eq!(read("DB_PASSWORD", ""), "");
        for (text, expected) in [
            ("postgres://u:secret@db:5432/x", "postgres://u:{}@db:5432/x"),
            ("postgres://u:se/cret@db/x", "postgres://u:{}@db/x"),
            ("postgres://u@db/x", "postgres://u@db/x"),
            ("http://cart:8080/a@b", "http://cart:8080/a@b"),
            ("amqp://${env:U}:secret@mq", "amqp://${env:U}:{}@mq"),
            ("u:secret@tcp(db:3306)/x", "u:{}@tcp(db:3306)/x"),
            (
                "Server=db;Password=x;Database=y",
                "Server=db;Password={};Database=y",
            ),
            (
                "jdbc:mysql://db/x?password=y&a=b",
                "jdbc:mysql://db/x?password={}&a=b",
            ),
            ("${env:URL|redis://:x@r}", "${env:URL|redis://:{}@r}"),
        ] {
            assert_eq!(read("URL", text), expected, "{text}");
        }
    }
}
