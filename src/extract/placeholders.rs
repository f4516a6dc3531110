//! Values with placeholders: `http://${cart.host:cart}:8080` refers to another property and tells its default.
//!
//! Sources: <https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.files.property-placeholders>,
//! <https://quarkus.io/guides/config-reference#property-expressions>

use crate::model::{Key, Part, Ref, Template};

/// The deepest nesting of placeholders in defaults.
const NESTING: usize = 8;

/// What a value means.
pub(super) fn template(value: &str) -> Template {
    read(value, NESTING)
}

fn read(value: &str, depth: usize) -> Template {
    let mut template = Template::default();
    let mut rest = value;
    while let Some(at) = rest.find(['$', '#', '@']) {
        let (text, found) = rest.split_at(at);
        template.push(Part::Text(text.into()));
        if found.starts_with("${")
            && let Some(end) = closing(found)
        {
            template.push(placeholder(&found[2..end], depth));
            rest = &found[end + 1..];
        } else if found.starts_with("#{")
            && let Some(end) = closing(found)
        {
            // An expression that the framework evaluates.
            template.push(Part::Hole);
            rest = &found[end + 1..];
        } else if let Some(end) = filtered(found) {
            template.push(Part::Hole);
            rest = &found[end..];
        } else {
            template.push(Part::Text(found[..1].into()));
            rest = &found[1..];
        }
    }
    template.push(Part::Text(rest.into()));
    template
}

/// Where `@project.version@` ends, which Maven puts in.
fn filtered(text: &str) -> Option<usize> {
    let name = text.strip_prefix('@')?;
    let end = name.find('@')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    (end > 0 && name[..end].chars().all(is_name)).then_some(end + 2)
}

/// Where the brace closes that opens at the second byte.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// What stands between the braces.
fn placeholder(inside: &str, depth: usize) -> Part {
    let (name, default) = match inside.split_once(':') {
        Some((name, default)) => (name.trim(), Some(default.trim_matches('`'))),
        None => (inside.trim(), None),
    };
    if depth == 0 || name.is_empty() || name.contains(['{', '$']) || name.starts_with("random.") {
        return Part::Hole;
    }
    Part::Ref(Box::new(Ref {
        key: Key::new("property", name),
        default: default.map(|default| read(default, depth - 1)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_refer_to_properties_and_keep_their_defaults() {
        let read = |text: &str| template(text).to_string();
        assert_eq!(read("http://x:80/a"), "http://x:80/a");
        assert_eq!(
            read("${CONFIG_URL:http://localhost:8888/}x"),
            "${property:CONFIG_URL|http://localhost:8888/}x"
        );
        assert_eq!(
            read("${a:${b:c}}/${d:}"),
            "${property:a|${property:b|c}}/${property:d|}"
        );
        assert_eq!(read("${X:`http://a:1`}"), "${property:X|http://a:1}");
        assert_eq!(read("#{1 + {2}}/@project.name@/a@b"), "{}/{}/a@b");
        assert_eq!(read("${random.value}:${open"), "{}:${open");
        assert_eq!(read("${}$"), "{}$");
        let deep = format!("{}x{}", "${a:".repeat(5000), "}".repeat(5000));
        assert!(read(&deep).len() < 200);
    }
}
