//! One item of a list with its metadata, and what item functions make of a list.
//!
//! Sources: <https://learn.microsoft.com/visualstudio/msbuild/item-functions>,
//! <https://learn.microsoft.com/visualstudio/msbuild/msbuild-well-known-item-metadata>

use std::collections::{BTreeMap, BTreeSet};

use super::expression::{Scope, rooted};
use super::functions;
use crate::model::parent;

/// An item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// What it is called: mostly a path.
    pub(super) text: String,
    /// What is said of it, by names in small letters.
    pub(super) metadata: BTreeMap<String, String>,
    /// Conditions that nothing decides, of the lists that it comes from.
    pub(super) variants: Vec<String>,
}

impl Entry {
    pub(super) fn new(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }

    /// The items that a text names, between `;`.
    pub(super) fn all(text: &str) -> Vec<Self> {
        let entries = text
            .split(';')
            .map(str::trim)
            .filter(|entry| !entry.is_empty());
        entries
            .map(|entry| Self::new(entry.replace('\\', "/")))
            .collect()
    }

    pub(super) fn set(&mut self, name: &str, value: String) {
        self.metadata.insert(name.to_ascii_lowercase(), value);
    }

    /// Takes over what is said of another item.
    pub(super) fn say(&mut self, other: &Self) {
        let said = other.metadata.iter();
        self.metadata
            .extend(said.map(|(name, value)| (name.clone(), value.clone())));
    }

    /// Metadata by any name; what nobody set is empty. Paths count from the folder of the project.
    pub(super) fn metadata(&self, name: &str, folder: &str) -> Option<String> {
        let name = name.to_ascii_lowercase();
        if let Some(value) = self.metadata.get(&name) {
            return Some(value.clone());
        }
        let file = self.text.rsplit('/').next().unwrap_or(&self.text);
        let dot = file.rfind('.').unwrap_or(file.len());
        Some(match name.as_str() {
            "identity" => self.text.clone(),
            "filename" => file[..dot].to_owned(),
            "extension" => file[dot..].to_owned(),
            "relativedir" => self.text[..self.text.len() - file.len()].to_owned(),
            "fullpath" => format!("/{}", rooted(&self.text, folder)?),
            "rootdir" => "/".to_owned(),
            "directory" => {
                let path = rooted(&self.text, folder)?;
                functions::slashed(parent(&path))[1..].to_owned()
            }
            "modifiedtime" | "createdtime" | "accessedtime" => return None,
            name if name.starts_with("definingproject") => return None,
            _ => String::new(),
        })
    }
}

/// What an item function makes of a list; `None`: it is none that is known, or nothing in the tree tells.
pub(super) fn item_function(
    mut list: Vec<Entry>,
    name: &str,
    arguments: &[String],
    scope: &dyn Scope,
) -> Option<Vec<Entry>> {
    let folder = scope.folder();
    let value = |entry: &Entry, name: &str| entry.metadata(name, folder);
    let is = |entry: &Entry, name: &str, wanted: &str| {
        value(entry, name).is_some_and(|value| value.eq_ignore_ascii_case(wanted))
    };
    match (name.to_ascii_lowercase().as_str(), arguments) {
        ("count", []) => return Some(vec![Entry::new(list.len().to_string())]),
        ("distinct", []) => {
            let mut seen = BTreeSet::new();
            list.retain(|entry| seen.insert(entry.text.to_lowercase()));
        }
        ("distinctwithcase", []) => {
            let mut seen = BTreeSet::new();
            list.retain(|entry| seen.insert(entry.text.clone()));
        }
        ("reverse", []) => list.reverse(),
        ("clearmetadata", []) => list.iter_mut().for_each(|entry| entry.metadata.clear()),
        ("hasmetadata", [name]) => {
            list.retain(|entry| value(entry, name).is_some_and(|value| !value.is_empty()));
        }
        ("withmetadatavalue", [name, wanted]) => list.retain(|entry| is(entry, name, wanted)),
        ("withoutmetadatavalue", [name, wanted]) => {
            list.retain(|entry| !is(entry, name, wanted));
        }
        ("anyhavemetadatavalue", [name, wanted]) => {
            let any = list.iter().any(|entry| is(entry, name, wanted));
            return Some(vec![Entry::new(any.to_string())]);
        }
        ("metadata", [name]) => {
            let mut found = Vec::new();
            for entry in &list {
                for made in Entry::all(&value(entry, name)?) {
                    found.push(Entry {
                        text: made.text,
                        ..entry.clone()
                    });
                }
            }
            list = found;
        }
        ("exists", []) => {
            list.retain(|entry| {
                rooted(&entry.text, folder).is_some_and(|path| scope.exists(&path))
            });
        }
        ("directoryname", []) => {
            for entry in &mut list {
                let path = rooted(&entry.text, folder)?;
                entry.text = format!("/{}", parent(&path));
            }
        }
        ("combine", [path]) => {
            for entry in &mut list {
                entry.text = functions::combined(&[&entry.text, path]);
            }
        }
        ("getpathsofalldirectoriesabove", []) => {
            let mut folders = BTreeSet::new();
            for entry in &list {
                let path = rooted(&entry.text, folder)?;
                let mut above = parent(&path);
                while folders.insert(format!("/{above}")) && !above.is_empty() {
                    above = parent(above);
                }
            }
            list = folders.into_iter().map(Entry::new).collect();
        }
        _ => {
            let arguments: Vec<_> = arguments.iter().cloned().map(Some).collect();
            for entry in &mut list {
                entry.text = functions::of_text(&entry.text, name, &arguments)?;
            }
        }
    }
    Some(list)
}
