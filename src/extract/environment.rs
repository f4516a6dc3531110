//! What a variable of the environment binds: itself, and the configuration keys that frameworks read from it.
//!
//! Sources: <https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.typesafe-configuration-properties.relaxed-binding.environment-variables>,
//! <https://learn.microsoft.com/dotnet/core/extensions/configuration-providers#environment-variable-configuration-provider>.

use super::command::{Command, Setting};
use super::tree::{self, Node, Value};
use crate::model::secrets::masked;
use crate::model::{Key, Template};

/// First words of variables that Spring's own libraries read.
const SPRING: &[&str] = &["EUREKA_", "MANAGEMENT_", "SERVER_", "SPRING_", "ZUUL_"];

/// The most keys of one JSON text.
const KEYS: usize = 256;

/// Every key that a variable binds, with its value; what must not be told is left out.
pub(super) fn bindings(name: &str, value: &Template) -> Vec<(Key, Template)> {
    let told = masked(name, value);
    let mut bound = vec![(Key::new("env", name), told.clone())];
    if let Some(key) = property(name) {
        bound.push((Key::new("property", key), told));
    }
    let Some(text) = value.as_text() else {
        return bound;
    };
    if name == "SPRING_APPLICATION_JSON"
        && let Ok(Some(document)) = tree::json(text)
    {
        flatten(&document, String::new(), &mut bound);
    }
    let is_options = (name.contains("JAVA") || name.contains("JVM") || name == "CATALINA_OPTS")
        && ["OPTS", "OPTIONS", "ARGS", "OPTION", "PARAMS"]
            .iter()
            .any(|end| name.ends_with(end));
    if is_options && let Some(command) = Command::split(text) {
        for Setting { name, value, .. } in command.settings() {
            let value = masked(name, &Template::text(value));
            bound.push((Key::new("property", name), value));
        }
    }
    bound
}

/// The key of a framework's configuration that a variable means, where its name alone tells.
fn property(name: &str) -> Option<String> {
    if SPRING.iter().any(|prefix| name.starts_with(prefix)) {
        return Some(name.to_lowercase().replace('_', "."));
    }
    if name.contains("__") {
        return Some(name.replace("__", ":"));
    }
    name.contains('.').then(|| name.to_owned())
}

/// The leaves of a JSON text under their dotted names.
fn flatten(node: &Node, name: String, bound: &mut Vec<(Key, Template)>) {
    let mut open = vec![(node, name)];
    while let Some((node, name)) = open.pop() {
        if bound.len() > KEYS {
            return;
        }
        match &node.value {
            Value::Map(entries) => {
                for entry in entries.iter().rev() {
                    let dot = if name.is_empty() { "" } else { "." };
                    open.push((&entry.value, format!("{name}{dot}{}", entry.key)));
                }
            }
            Value::Scalar { text, .. } => {
                let value = masked(&name, &Template::text(text.as_str()));
                bound.push((Key::new("property", name), value));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_bind_keys_of_frameworks() {
        let read = |name: &str, value: &str| {
            let bound = bindings(name, &Template::text(value));
            let shown = bound.iter().map(|(key, value)| format!("{key}={value}"));
            shown.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(read("CART_URL", "http://cart"), "env:CART_URL=http://cart");
        assert_eq!(
            read("SPRING_PROFILES_ACTIVE", "docker"),
            "env:SPRING_PROFILES_ACTIVE=docker property:spring.profiles.active=docker"
        );
        assert_eq!(
            read("Urls__Cart", "http://cart"),
            "env:Urls__Cart=http://cart property:Urls:Cart=http://cart"
        );
        assert_eq!(
            read("JAVA_OPTS", "-Xmx1g -Dcart.url=http://cart"),
            "env:JAVA_OPTS=-Xmx1g -Dcart.url=http://cart property:cart.url=http://cart"
        );
        assert_eq!(
            read(
                "SPRING_APPLICATION_JSON",
                "{\"a\": {\"b\": 1, \"password\": \"x\"}}"
            ),
            "env:SPRING_APPLICATION_JSON={\"a\": {\"b\": 1, \"password\": \"{}\"}} property:spring.application.json={\"a\": {\"b\": 1, \"password\": \"{}\"}} property:a.b=1 property:a.password={}"
        );
    }
}
