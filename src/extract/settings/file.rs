//! Which keys of a `config.json` or `config.yaml` hold an address?
//!
//! Keys inside of others are joined by dots, as viper and many others have them; only addresses are told, so that
//! files of other purposes say nothing.

use crate::extract::tree::{self, Node, Value};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::secrets::masked;
use crate::model::{Condition, ExtractorId, Facts, Key, Language, Parsed, SourceFile, Template};

/// Reads files of settings.
#[derive(Debug)]
pub(in crate::extract) struct File;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("settings/file"),
    summary: "Addresses in files of settings",
    globs: &[
        "**/config.json",
        "**/config.yaml",
        "**/config.yml",
        "**/config.*.json",
        "**/config.*.yaml",
        "**/config.*.yml",
        "**/*[-_]config.json",
        "**/*[-_]config.yaml",
        "**/*[-_]config.yml",
    ],
    markers: &[":"],
    languages: &[Language::Data],
    ownership: false,
};

/// The most addresses of one file.
const ADDRESSES: usize = 256;

impl Extractor for File {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let documents = documents(file, facts);
        let variant = variant(file.path.file_name());
        let mut count = 0;
        for document in &documents {
            // A resource of a cluster is no setting of a program.
            if document.get("apiVersion").is_some() && document.get("kind").is_some() {
                continue;
            }
            // Not recursive: documents are nested as deeply as the reader allows.
            let mut open = vec![(String::new(), document)];
            while let Some((key, node)) = open.pop() {
                let below = |name: &str| match key.is_empty() {
                    true => name.to_owned(),
                    false => format!("{key}.{name}"),
                };
                match &node.value {
                    Value::Map(_) => {
                        let parts = if key.is_empty() { None } else { end(node) };
                        for (name, value) in parts.into_iter().flatten() {
                            if count < ADDRESSES {
                                count += 1;
                                let text = Template::text(value.text().unwrap_or_default());
                                let key = Key::new("property", below(name));
                                let fact = facts.binds(key, text, value.bytes.clone());
                                fact.when.extend(variant.clone());
                            }
                        }
                        let entries = node.merged().into_iter().rev();
                        open.extend(entries.map(|entry| (below(&entry.key), &entry.value)));
                    }
                    Value::List(items) => open.extend(items.first().map(|item| (key, item))),
                    Value::Scalar { text, .. } if is_address(text) && !key.is_empty() => {
                        if count == ADDRESSES {
                            let message =
                                format!("more than {ADDRESSES} addresses; the rest is not read");
                            facts.problem(node.bytes.clone(), message);
                            facts.parsed(Parsed::Partly);
                            return;
                        }
                        count += 1;
                        let value = masked(&key, &Template::text(text.as_str()));
                        let fact =
                            facts.binds(Key::new("property", key), value, node.bytes.clone());
                        fact.when.extend(variant.clone());
                    }
                    _ => {}
                }
            }
        }
    }
}

/// The documents of a file; none of a template of such a file, which another program fills.
fn documents(file: &SourceFile<'_>, facts: &mut Facts<'_>) -> Vec<Node> {
    if file.path.path.ends_with(".json") {
        return tree::document(file, facts).into_iter().collect();
    }
    if memchr::memmem::find(file.bytes, b"{{").is_some() {
        return Vec::new();
    }
    tree::documents(file, facts)
}

/// `config.dev.json` holds in one environment.
fn variant(name: &str) -> Option<Condition> {
    let rest = name.strip_prefix("config.")?;
    let (variant, _) = rest.rsplit_once('.')?;
    Some(Condition::Variant(variant.into()))
}

/// Host and port of a thing, each under a name of its own: `{"addr": "stock", "port": 8080}`.
fn end(node: &Node) -> Option<[(&str, &Node); 2]> {
    let find = |names: &[&'static str]| {
        let mut names = names.iter();
        names.find_map(|name| Some((*name, node.get(name)?)))
    };
    let (name, host) = find(&["addr", "address", "host", "hostname"])?;
    let port = find(&["port"])?;
    let is_host = |text: &str| {
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(is_sign)
    };
    let is_port = |text: &str| (2..=5).contains(&text.len()) && text.parse::<u16>().is_ok();
    (host.text().is_some_and(is_host) && port.1.text().is_some_and(is_port))
        .then_some([(name, host), port])
}

/// Whether a text is a URL, or a host with a port.
fn is_address(text: &str) -> bool {
    if text.contains(char::is_whitespace) {
        return false;
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let is_scheme =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b':');
        return !scheme.is_empty() && !rest.is_empty() && scheme.bytes().all(is_scheme);
    }
    // Several brokers are one address.
    let first = text.split([',', '/']).next().unwrap_or_default();
    let Some((host, port)) = first.rsplit_once(':') else {
        return false;
    };
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    (2..=5).contains(&port.len())
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && host.starts_with(|c: char| c.is_ascii_alphabetic())
        && host.bytes().all(is_host)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&File, path, text));
    }

    #[test]
    fn addresses_are_told_by_their_keys() {
        check(
            "cart/config.json",
            r#"{"StockAddress": "stock:8080", "port": "8080", "db": {"url": "postgres://u:p@db/x", "hosts": ["a:80", "b:80"]}, "time": "12:30", "text": "see: http://x"}"#,
            expect![[r#"
                here binds property:StockAddress = stock:8080  @ "\"stock:8080\""
                here binds property:db.hosts = a:80  @ "\"a:80\""
                here binds property:db.url = postgres://u:{}@db/x  @ "\"postgres://u:p@db/x\""
            "#]],
        );
        check(
            "cart/config.dev.yaml",
            "stock:\n  url: http://stock\nkind: x\n",
            expect![[r#"
                here binds property:stock.url = http://stock when dev  @ "http://stock"
            "#]],
        );
    }

    #[test]
    fn host_and_port_beside_each_other_are_an_address() {
        check(
            "shop/service-config.json",
            r#"{"stock": {"timeout": 10, "addr": "stock-service", "port": 9090}, "secret": "secret"}"#,
            expect![[r#"
                here binds property:stock.addr = stock-service  @ "\"stock-service\""
                here binds property:stock.port = 9090  @ "9090"
            "#]],
        );
    }

    #[test]
    fn other_files_say_nothing() {
        check(
            "x/config.yaml",
            "apiVersion: v1\nkind: ConfigMap\ndata:\n  url: http://x\n",
            expect![[""]],
        );
        check(
            "x/config.yaml",
            "url: {{ .Values.url }}\nx: http://y\n",
            expect![[""]],
        );
        check(
            "x/config.json",
            r#"{"host": "top", "port": 80, "a": {"host": "some text", "port": 80}, "b": {"host": "x"}}"#,
            expect![[""]],
        );
        check("x/config.json", "[\"http://x\"]", expect![[""]]);
        check("x/config.json", "", expect![[""]]);
    }

    #[test]
    fn what_is_broken_is_told() {
        let said = lines(&File, "x/config.json", "{\"a\": ");
        assert!(said.starts_with("! "), "{said}");
        let said = lines(&File, "x/config.json", b"{\"a\": \"\xff:80\"}");
        assert!(said.starts_with("! not UTF-8"), "{said}");
    }
}
