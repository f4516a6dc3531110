//! What must never be told: values under names of secrets, and passwords in addresses, options and texts of settings.

use std::ops::Range;

use memchr::memmem;

use super::{Claim, Key, Part, Template};

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

/// Ends of names that mean a secret wherever they stand, in code and in the midst of texts; `PGPASSWORD` is one word.
const ENDS: &[&str] = &[
    "accesskey",
    "accountkey",
    "apikey",
    "credential",
    "credentials",
    "masterauth",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "privatekey",
    "pwd",
    "requirepass",
    "secret",
    "secretkey",
    "secrets",
    "token",
];

/// Namespaces whose names are those of settings.
const SETTINGS: &[&str] = &["configmap", "env", "flag", "property", "values"];

/// Stands for what another file decides, while a template is looked through as one text.
const ELSEWHERE: char = '\u{FFFC}';
const ELSEWHERE_WITH_PASSWORD: &str = "\u{FFFC}:";

/// The most addresses of one text that are looked at; what stands behind is hidden as a whole.
const ADDRESSES: usize = 64;

/// The longest name that is looked at in front of a value.
const NAME: usize = 128;

/// Takes out of a claim what must not be told.
pub(super) fn keep(claim: &mut Claim) {
    match claim {
        // Reasons are prose.
        Claim::Binds { key, .. } if key.namespace.0 == "allow" => {}
        Claim::Binds { key, value } => {
            let name = key.name.as_text().unwrap_or_default();
            let is_hidden = match key.namespace.0 {
                "slot" => is_surely_secret(name),
                _ => {
                    is_setting(key)
                        && is_secret(name.rsplit(['/', '.', ':']).next().unwrap_or(name))
                }
            };
            if is_hidden {
                *value = hidden(value);
            } else {
                clean(value);
            }
        }
        Claim::Provides { key, .. } | Claim::Requires { key, .. } => clean_key(key),
        Claim::Runs { what, entry } => {
            clean_key(what);
            entry.iter_mut().for_each(clean);
        }
        _ => {}
    }
}

fn clean_key(key: &mut Key) {
    clean(&mut key.at);
    clean(&mut key.name);
}

/// Hides what a text tells by itself.
fn clean(template: &mut Template) {
    // Most texts have none of the signs without which nothing is found.
    let may_tell = |part: &Part| match part {
        Part::Text(text) => text.contains([':', '=', ' ']),
        Part::Ref(reference) => reference.default.is_some(),
        Part::Hole | Part::Star => false,
    };
    if !template.0.iter().any(may_tell) {
        return;
    }
    // Hardly any tells something, and then nothing has to be put together again.
    if let [Part::Text(text)] = template.0.as_slice()
        && passwords(text).is_empty()
    {
        return;
    }
    *template = masked("", template);
}

fn is_setting(key: &Key) -> bool {
    SETTINGS.contains(&key.namespace.0)
}

/// The value of a name, without what must not be told.
pub(crate) fn masked(name: &str, value: &Template) -> Template {
    if is_secret(name) {
        return hidden(value);
    }
    let mut whole = String::new();
    for part in &value.0 {
        match part {
            Part::Text(text) => whole.push_str(text),
            _ => whole.push(ELSEWHERE),
        }
    }
    let passwords = passwords(&whole);
    let mut out = Template::default();
    let mut at = 0;
    for part in &value.0 {
        let end = at
            + match part {
                Part::Text(text) => text.len(),
                _ => ELSEWHERE.len_utf8(),
            };
        match part {
            Part::Text(_) => {
                let inside = passwords
                    .iter()
                    .filter(|one| one.start < end && one.end > at);
                let mut from = at;
                for hidden in inside {
                    out.push(Part::Text(whole[from..hidden.start.max(from)].into()));
                    hole(&mut out);
                    from = hidden.end.min(end);
                }
                out.push(Part::Text(whole[from..end].into()));
            }
            Part::Ref(reference) => {
                let mut reference = reference.clone();
                let is_password = passwords.iter().any(|one| one.start <= at && at < one.end);
                let variable = reference.key.name.as_text().unwrap_or_default();
                let is_secret = is_setting(&reference.key) && is_surely_secret(variable);
                reference.default = match &reference.default {
                    Some(_) if is_password || is_secret => None,
                    Some(default) => Some(masked(name, default)),
                    None => None,
                };
                out.push(Part::Ref(reference));
            }
            other => out.push(other.clone()),
        }
        at = end;
    }
    out
}

/// Whether a name is that of a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    let words = words(name);
    let is_place = words.last().is_some_and(|last| PLACES.contains(&&**last));
    let has_word = words.iter().any(|word| SECRET.contains(&&**word));
    !is_place && has_word || is_surely_secret(name)
}

/// Whether a name is that of a secret in whatever file it stands.
fn is_surely_secret(name: &str) -> bool {
    let letters = name.chars().rev().filter(|c| c.is_alphanumeric());
    let letters = letters.flat_map(char::to_lowercase);
    ENDS.iter()
        .any(|end| letters.clone().take(end.len()).eq(end.chars().rev()))
}

/// Nothing but the names of what is put in.
fn hidden(value: &Template) -> Template {
    let mut out = Template::default();
    for part in &value.0 {
        match part {
            Part::Ref(reference) => {
                let mut reference = reference.clone();
                reference.default = None;
                out.push(Part::Ref(reference));
            }
            _ => hole(&mut out),
        }
    }
    out
}

fn hole(out: &mut Template) {
    if !matches!(out.0.last(), Some(Part::Hole)) {
        out.push(Part::Hole);
    }
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

/// Where the secrets of a text are, in order, none in another.
pub(super) fn passwords(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    in_addresses(text, &mut found);
    behind_names(text, &mut found);
    found.sort_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::new();
    for range in found {
        match apart.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// `://user:PASSWORD@`, `user:PASSWORD@tcp(`.
fn in_addresses(text: &str, found: &mut Vec<Range<usize>>) {
    // Most texts are short and have no user.
    let has_user = memchr::memchr(b'@', text.as_bytes()).is_some();
    if !has_user && text.len() < ADDRESSES {
        return;
    }
    let places = |sign: &'static str| {
        let found = memmem::find_iter(text.as_bytes(), sign.as_bytes());
        found.map(move |at| at + sign.len())
    };
    // `${ADDRESS_WITH_USER}:PASSWORD@`
    let users = places(ELSEWHERE_WITH_PASSWORD).map(|at| at - ELSEWHERE_WITH_PASSWORD.len());
    let mut starts: Vec<usize> = places("://").chain(users).collect();
    if has_user && (text.contains("@tcp(") || text.contains("@unix(")) {
        starts.push(0);
    }
    starts.sort_unstable();
    if let Some(start) = starts.get(ADDRESSES) {
        found.push(*start..text.len());
    }
    for start in starts.into_iter().take(ADDRESSES) {
        let until = |ends: &[char]| text[start..].find(ends).map_or(text.len(), |at| start + at);
        let end = until(&['/', '?', '#', ',', ' ']);
        // A password may hold what ends an authority; a port may not.
        let port = text[start..end].rsplit(':').next().unwrap_or_default();
        let is_port =
            !port.is_empty() && port.chars().all(|c| c.is_ascii_digit() || c == ELSEWHERE);
        let blank = until(&[' ']);
        let at = text[start..end]
            .rfind('@')
            .or_else(|| text[start..blank].find('@').filter(|_| !is_port));
        if let Some(at) = at.map(|at| start + at)
            && let Some(colon) = text[start..at].find(':').map(|colon| start + colon)
            && colon + 1 < at
        {
            found.push(colon + 1..at);
        }
    }
}

/// `password=PASSWORD;`, `"password": "PASSWORD"`, `password: PASSWORD`, `--password PASSWORD`.
fn behind_names(text: &str, found: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(sign) = memchr::memchr3(b'=', b':', b'-', &bytes[from..]) {
        let mut sign = from + sign;
        from = sign + 1;
        let is_value = match bytes[sign] {
            b'=' => name_before(text, sign).is_some_and(|(name, _)| is_surely_secret(name)),
            // What follows a colon at once may be a port.
            b':' if bytes.get(from) == Some(&b' ') || ends_quoted(&bytes[..sign]) => {
                name_before(text, sign).is_some_and(|(name, is_quoted)| match is_quoted {
                    true => is_secret(name),
                    false => is_surely_secret(name),
                })
            }
            b':' => false,
            _ if sign > 0 && is_of_name(&bytes[sign - 1]) => false,
            // An option, whose value may stand behind a blank.
            _ => {
                let length = bytes[from..].iter().take_while(|byte| is_of_name(byte));
                from += length.count();
                let name = &text[sign..from];
                sign = from;
                let is_option = bytes.get(sign) == Some(&b' ') && is_surely_secret(name);
                from += usize::from(is_option);
                is_option
            }
        };
        if !is_value {
            continue;
        }
        let start = match bytes[sign] {
            b'=' => from,
            _ => text.len() - text[from..].trim_start_matches(' ').len(),
        };
        let is_line = bytes[sign] == b':' && !ends_quoted(&bytes[..sign]);
        // Maps and lists have names of their own.
        if !text[start..].starts_with(['{', '[', '\r', '\n']) {
            let value = value(&text[start..], is_line);
            // A value may look like an option, and have a value itself.
            from = match bytes.get(start) {
                Some(b'-') => start,
                _ => start + value.end,
            };
            if !value.is_empty() {
                found.push(start + value.start..start + value.end);
            }
        }
    }
}

fn is_of_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn ends_quoted(before: &[u8]) -> bool {
    matches!(before.last(), Some(b'"' | b'\'' | b'\\'))
}

/// The name that ends in front of a sign, and whether it stands in quotes.
fn name_before(text: &str, sign: usize) -> Option<(&str, bool)> {
    let before = &text[..sign];
    let unquoted = before.trim_end_matches(['"', '\'', '\\']);
    let bytes = unquoted.as_bytes().iter().rev().take(NAME);
    let length = bytes.take_while(|byte| is_of_name(byte)).count();
    let name = &unquoted[unquoted.len() - length..];
    (length > 0).then_some((name, unquoted.len() < before.len()))
}

/// The value at the start of a text, without its quotes; `to_line_end` for one that may hold blanks.
fn value(text: &str, to_line_end: bool) -> Range<usize> {
    // Texts in texts have their quotes escaped.
    let start = text.len() - text.trim_start_matches('\\').len();
    let rest = &text[start..];
    if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
        let end = rest[1..].find(quote);
        return start + 1..end.map_or(text.len(), |end| start + 1 + end);
    }
    let end = match to_line_end {
        true => text.find(['\r', '\n']),
        false => text.find(|c: char| matches!(c, ';' | '&' | '"' | '\'') || c.is_whitespace()),
    };
    0..end.unwrap_or(text.len())
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
            "PGPASSWORD",
            "accesskey",
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
            "TOKENIZER",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    fn read(name: &str, text: &str) -> String {
        let value = Template::parse(text, &["env"]).unwrap();
        masked(name, &value).to_string()
    }

    #[test]
    fn values_of_secrets_and_passwords_in_addresses_are_hidden() {
        assert_eq!(read("DB_PASSWORD", "x${env:A|y}z"), "{}${env:A}{}");
        assert_eq!(read("DB_PASSWORD", ""), "");
        for (text, expected) in [
            ("postgres://u:secret@db:5432/x", "postgres://u:{}@db:5432/x"),
            ("postgres://u:se/cret@db/x", "postgres://u:{}@db/x"),
            ("postgres://u@db/x", "postgres://u@db/x"),
            ("http://cart:8080/a@b", "http://cart:8080/a@b"),
            (
                "http://${env:A}:${env:P}/a@b",
                "http://${env:A}:${env:P}/a@b",
            ),
            ("amqp://${env:U}:secret@mq", "amqp://${env:U}:{}@mq"),
            ("${env:A}:secret@mq", "${env:A}:{}@mq"),
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
            (
                "postgres://u:${env:PW|secret}@db",
                "postgres://u:${env:PW}@db",
            ),
            (
                "postgres://u:a${env:X|secret}b@db",
                "postgres://u:{}${env:X}{}@db",
            ),
            ("x ${env:DB_PASSWORD|secret}", "x ${env:DB_PASSWORD}"),
        ] {
            assert_eq!(read("URL", text), expected, "{text}");
        }
    }

    #[test]
    fn secrets_in_the_midst_of_settings_are_hidden() {
        for (text, expected) in [
            (
                "Module required username=\"u\" password=\"se cret\";",
                "Module required username=\"u\" password=\"{}\";",
            ),
            (
                "-Dapi.key=x -Ddb.host=db -DaccessToken=y",
                "-Dapi.key={} -Ddb.host=db -DaccessToken={}",
            ),
            (
                "{\"password\": \"x\", \"auth\": {\"key\": \"y\"}, \"port\": 80}",
                "{\"password\": \"{}\", \"auth\": {\"key\": \"{}\"}, \"port\": 80}",
            ),
            ("psql --password secret -h db", "psql --password {} -h db"),
            ("--password --token secret", "--password {} {}"),
            ("read the x-token twice", "read the x-token twice"),
            ("PGPASSWORD=secret psql", "PGPASSWORD={} psql"),
            ("token: x\nport: 80", "token: {}\nport: 80"),
            ("http://token:80/secrets:x", "http://token:80/secrets:x"),
            ("maxTokens=5", "maxTokens=5"),
        ] {
            let value = Template::text(text);
            assert_eq!(masked("OPTS", &value).to_string(), expected, "{text}");
        }
        let many = format!("{}://u:secret@h", "://".repeat(ADDRESSES));
        assert!(!read("URL", &many).contains("secret"));
        for piece in [
            "password=",
            "\"key\":",
            "--token ",
            "://u:",
            "'",
            "\\",
            "é=",
        ] {
            masked("X", &Template::text(piece.repeat(20_000)));
        }
    }
}
