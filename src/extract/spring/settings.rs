//! The settings of one file: flat names with values, document by document, with the profiles under which each document holds.
//!
//! Source: <https://docs.spring.io/spring-boot/reference/features/external-config.html>

use std::ops::Range;

use crate::extract::properties::{self, Line};
use crate::extract::tree::{self, Node, Value};
use crate::model::{Facts, Parsed, SourceFile};

/// The most settings of one file.
const SETTINGS: usize = 4096;

/// The deepest nesting of names.
const DEPTH: usize = 32;

/// One name with its value.
#[derive(Debug)]
pub(super) struct Setting {
    /// As it is written, with dots: `spring.cloud.gateway.routes[0].uri`.
    pub(super) name: String,
    pub(super) value: String,
    pub(super) bytes: Range<usize>,
}

/// What holds together.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) settings: Vec<Setting>,
}

impl Document {
    /// The values of a name, which may be a list.
    pub(super) fn all<'d>(&'d self, name: &'d str) -> impl Iterator<Item = &'d Setting> {
        self.settings.iter().filter(move |setting| {
            let bare = setting.name.trim_end_matches(']');
            let bare = bare
                .rsplit_once('[')
                .map_or(&*setting.name, |(bare, _)| bare);
            is(bare, name)
        })
    }

    /// The profiles of which one must be active, as the document says.
    pub(super) fn profiles(&self) -> Option<String> {
        let names = ["spring.config.activate.on-profile", "spring.profiles"];
        let found: Vec<&str> = names
            .iter()
            .flat_map(|name| self.all(name))
            .flat_map(|setting| setting.value.split([',', '|']))
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .collect();
        (!found.is_empty()).then(|| found.join("|"))
    }
}

/// Whether a name is the one that is meant: case, dashes and underscores do not count.
pub(super) fn is(written: &str, name: &str) -> bool {
    plain(written).eq(plain(name))
}

/// What stands behind a name that starts like this, dots and all.
pub(super) fn behind<'n>(written: &'n str, start: &str) -> Option<&'n str> {
    let mut rest = written.char_indices().filter(|(_, c)| !"-_".contains(*c));
    for wanted in plain(start) {
        let (_, found) = rest.next()?;
        if found.to_ascii_lowercase() != wanted {
            return None;
        }
    }
    let at = rest.next().map_or(written.len(), |(at, _)| at);
    Some(&written[at..])
}

fn plain(name: &str) -> impl Iterator<Item = char> {
    name.chars()
        .filter(|c| !"-_".contains(*c))
        .map(|c| c.to_ascii_lowercase())
}

/// The documents of a file; what cannot be read is told.
pub(super) fn documents(file: &SourceFile<'_>, facts: &mut Facts<'_>) -> Vec<Document> {
    let mut count = 0;
    let mut deep = None;
    let documents = match file.path.file_name().ends_with(".properties") {
        true => of_properties(file, facts, &mut count),
        false => tree::documents(file, facts)
            .iter()
            .map(|node| of_yaml(node, &mut count, &mut deep))
            .collect(),
    };
    if count > SETTINGS {
        facts.problem(
            0..0,
            format!("more than {SETTINGS} settings: the rest is not read"),
        );
        facts.parsed(Parsed::Partly);
    }
    if let Some(bytes) = deep {
        facts.problem(bytes, format!("nested deeper than {DEPTH} names: not read"));
        facts.parsed(Parsed::Partly);
    }
    documents
}

fn of_properties(file: &SourceFile<'_>, facts: &mut Facts<'_>, count: &mut usize) -> Vec<Document> {
    // Properties may be in Latin-1: what they name is ASCII, and spans stay right.
    let text: std::borrow::Cow<'_, str> = match file.text() {
        Ok(text) => text.into(),
        Err(_) => file
            .bytes
            .iter()
            .map(|byte| {
                if byte.is_ascii() {
                    char::from(*byte)
                } else {
                    '?'
                }
            })
            .collect::<String>()
            .into(),
    };
    if text.contains('\0') {
        facts.problem(0..0, "not a file of properties");
        facts.parsed(Parsed::Failed);
        return Vec::new();
    }
    facts.parsed(Parsed::Whole);
    let mut documents = vec![Document::default()];
    for line in properties::lines(&text) {
        match (line, documents.last_mut()) {
            (Line::Pair { key, value, bytes }, Some(document)) => {
                *count += 1;
                if *count <= SETTINGS {
                    document.settings.push(Setting {
                        name: key,
                        value,
                        bytes,
                    });
                }
            }
            _ => documents.push(Document::default()),
        }
    }
    documents
}

/// `deep` becomes the first place that nests too deeply.
fn of_yaml(root: &Node, count: &mut usize, deep: &mut Option<Range<usize>>) -> Document {
    let mut document = Document::default();
    // Not recursive, in the order of the text: a piece of work is a node and its name.
    let mut open: Vec<(String, &Node, usize)> = vec![(String::new(), root, 0)];
    while let Some((name, node, depth)) = open.pop() {
        if depth > DEPTH {
            deep.get_or_insert_with(|| node.bytes.clone());
            continue;
        }
        match &node.value {
            Value::Scalar { text, .. } => {
                *count += 1;
                if *count <= SETTINGS && !name.is_empty() {
                    document.settings.push(Setting {
                        name,
                        value: text.clone(),
                        bytes: node.bytes.clone(),
                    });
                }
            }
            Value::List(items) => {
                let items = items.iter().enumerate().rev();
                open.extend(items.map(|(at, item)| (format!("{name}[{at}]"), item, depth + 1)));
            }
            Value::Map(entries) => {
                let entries = entries.iter().rev();
                open.extend(entries.map(|entry| {
                    let inner = match (name.is_empty(), &*entry.key) {
                        // What a merge key brings stands beside the others.
                        (_, "<<") => name.clone(),
                        (true, key) => key.to_owned(),
                        (false, key) => format!("{name}.{key}"),
                    };
                    (inner, &entry.value, depth + 1)
                }));
            }
            Value::Null => {}
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::spring::Config;
    use crate::extract::testing::lines;

    #[test]
    fn settings_that_nest_too_deeply_are_told() {
        let nested: String = (0..40)
            .map(|depth| format!("{}a:\n", " ".repeat(depth)))
            .collect();
        let text = format!("{nested}{}a: http://catalog\n", " ".repeat(40));
        let found = lines(&Config, "a/application.yml", &text);
        assert!(found.contains("nested deeper than"), "{found}");
    }

    #[test]
    fn names_are_compared_as_frameworks_do() {
        assert!(is(
            "spring.cloud.config.searchLocations",
            "spring.cloud.config.search-locations"
        ));
        assert!(is("SPRING.x_y", "spring.x-y"));
        assert!(!is("spring.xy.z", "spring.x-y"));
        assert_eq!(
            behind("zuul.routes.cart.path", "zuul.routes."),
            Some("cart.path")
        );
        assert_eq!(behind("zuul.ignored-services", "zuul.routes."), None);
    }
}
