//! The entries of a text in the LDAP Data Interchange Format.
//!
//! Source: <https://www.rfc-editor.org/rfc/rfc2849>

use std::collections::BTreeMap;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::model::{Facts, Parsed};

/// An entry with its attributes.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) dn: String,
    /// The line of the name.
    pub(super) bytes: Range<usize>,
    /// By name in lower case, without options; what is no text is left out.
    attributes: BTreeMap<String, Vec<String>>,
    /// Whether the server says that it gave the first values of an attribute only.
    cut: bool,
}

impl Record {
    /// The values of an attribute.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.attributes
            .get(name)
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    /// The first value of an attribute that is not empty.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).find(|value| !value.is_empty())
    }

    /// Whether the entry is of one of these classes, which are in lower case.
    pub(super) fn is_any(&self, classes: &[&str]) -> bool {
        self.all("objectclass")
            .any(|class| classes.contains(&&*class.to_lowercase()))
    }

    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }
}

/// A line with those that continue it, and where it begins.
struct Line {
    text: String,
    bytes: Range<usize>,
}

/// All entries; changes of entries, and what cannot be read, are problems.
pub(super) fn records(text: &str, facts: &mut Facts<'_>) -> Vec<Record> {
    let mut records = Vec::new();
    let mut block: Vec<Line> = Vec::new();
    let mut offset = 0;
    for raw in text.split_inclusive('\n') {
        let line = raw.trim_end_matches(['\n', '\r']);
        let bytes = offset..offset + line.len();
        offset += raw.len();
        match (line.strip_prefix(' '), block.last_mut()) {
            (Some(more), Some(last)) => last.text.push_str(more),
            _ if line.trim().is_empty() => records.extend(record(&mut block, facts)),
            _ => block.push(Line {
                text: line.to_owned(),
                bytes,
            }),
        }
    }
    records.extend(record(&mut block, facts));
    records
}

/// The entry that a block of lines is; nothing when there is only a version, or comments.
fn record(block: &mut Vec<Line>, facts: &mut Facts<'_>) -> Option<Record> {
    let mut found: Option<Record> = None;
    for line in block.drain(..) {
        if line.text.starts_with('#') {
            continue;
        }
        let value = match attribute(&line.text) {
            Ok(value) => value,
            Err(why) => {
                partly(line.bytes, why, facts);
                continue;
            }
        };
        let (name, options, value) = value;
        match (&mut found, &*name) {
            (None, "dn") => {
                found = Some(Record {
                    dn: value.unwrap_or_default(),
                    bytes: line.bytes,
                    attributes: BTreeMap::new(),
                    cut: false,
                });
            }
            (None, "version") => {}
            // What `ldapsearch` writes behind the last entry.
            (None, "search" | "result" | "ref") => return None,
            (None, _) => {
                partly(
                    line.bytes,
                    "an entry must begin with `dn:`: left out",
                    facts,
                );
                return None;
            }
            (Some(_), "changetype") if value.as_deref() != Some("add") => {
                partly(
                    line.bytes,
                    "a change of an entry: only entries are read",
                    facts,
                );
                return None;
            }
            (Some(record), _) => {
                record.cut |= options.iter().any(|option| is_cut(option));
                if let Some(value) = value {
                    record.attributes.entry(name).or_default().push(value);
                }
            }
        }
    }
    found
}

/// Whether a range of values is not the last one: `range=0-1499`, where the last one ends with `*`.
fn is_cut(option: &str) -> bool {
    option.starts_with("range=") && !option.ends_with('*')
}

fn partly(bytes: Range<usize>, message: impl Into<String>, facts: &mut Facts<'_>) {
    facts.problem(bytes, message);
    facts.parsed(Parsed::Partly);
}

/// Name and options in lower case, and the value; a value that is no text, or lies elsewhere (`:<`), is none.
fn attribute(line: &str) -> Result<(String, Vec<String>, Option<String>), &'static str> {
    let (head, value) = line.split_once(':').ok_or("a line without `:`: left out")?;
    let head = head.trim().to_lowercase();
    let mut parts = head.split(';').map(str::to_owned);
    let name = parts.next().unwrap_or_default();
    let value = match value.strip_prefix(':') {
        Some(code) => {
            let bytes = STANDARD.decode(code.trim());
            let bytes = bytes.map_err(|_| "a value that is no base64: left out")?;
            String::from_utf8(bytes)
                .ok()
                .map(|text| text.trim().to_owned())
        }
        None if value.starts_with('<') => None,
        None => Some(value.trim().to_owned()),
    };
    Ok((name, parts.collect(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_three_forms() {
        let read = |line| attribute(line).map(|(name, _, value)| (name, value));
        let some = |text: &str| Ok(("cn".to_owned(), Some(text.to_owned())));
        assert_eq!(read("CN: Ada: x"), some("Ada: x"));
        assert_eq!(read("cn;lang-pt:: QWRh"), some("Ada"));
        assert_eq!(read("cn:< file:///x"), Ok(("cn".to_owned(), None)));
        assert_eq!(read("cn:: /w=="), Ok(("cn".to_owned(), None)));
        assert!(read("cn:: !").is_err());
        assert!(read("cn").is_err());
    }
}
