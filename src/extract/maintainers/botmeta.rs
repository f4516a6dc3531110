//! Who maintains which paths of an Ansible repository, from the file that its bot reads?
//!
//! Source of the format: <https://github.com/ansible/ansibullbot/blob/devel/ansibullbot/utils/botmetadata.py>.
//! Keys are the starts of paths, macros included; `team_` macros are teams. Who is only notified owns nothing.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::state;
use crate::extract::tree::{self, Entry, Node, Value};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, Dialect, ExtractorId, Facts, Language, Owner, OwnerForm, Parsed, SourceFile,
    Subject, Team,
};

/// How the macros are called that stand for people who work together.
const TEAM: &str = "team_";

/// The keys of those who are not to be asked.
const IGNORED: &[&str] = &["ignore", "ignored", "ignores"];

/// How deep macros name each other at most: one that names itself would never end.
const DEPTH: usize = 8;

/// The most bytes that the macros of one file may make: a few lines can ask for gigabytes.
const MOST: usize = 1 << 24;

/// Reads BOTMETA.yml.
#[derive(Debug)]
pub(crate) struct Botmeta;

impl Extractor for Botmeta {
    fn info(&self) -> &'static ExtractorInfo {
        &ExtractorInfo {
            id: ExtractorId("maintainers/botmeta"),
            summary: "maintainers of paths and teams of macros, from BOTMETA.yml of Ansible",
            globs: &[".github/BOTMETA.yml"],
            markers: &[],
            languages: &[Language::Data],
            ownership: true,
        }
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let text = String::from_utf8_lossy(file.bytes);
        let (documents, wrong) = tree::yaml(&text);
        if let Some(wrong) = wrong.into_iter().next() {
            facts.problem(wrong.bytes, wrong.message);
            facts.parsed(Parsed::Failed);
            return;
        }
        let Some(document) = documents.first() else {
            return;
        };
        let macros = Macros::new(document);
        macros.tell(facts);
        // Of several keys for one path the last counts, as for the bot.
        let mut keys: BTreeMap<String, Key<'_>> = BTreeMap::new();
        for entry in document.get("files").map_or(&[][..], Node::entries) {
            if let Some((path, key)) = macros.key(entry, facts) {
                keys.insert(path, key);
            }
        }
        tell(&keys, facts);
        facts.parsed(Parsed::Whole);
    }
}

/// What is said of the paths that start in one way.
struct Key<'a> {
    entry: &'a Entry,
    owners: Vec<Owner>,
    ignored: BTreeSet<String>,
}

/// States who owns what starts with each key: its own maintainers, else those of the longest key before it,
/// without those whom it or a shorter key ignores.
fn tell(keys: &BTreeMap<String, Key<'_>>, facts: &mut Facts<'_>) {
    // Keys come in order, so that what an open one starts follows it at once.
    let mut open: Vec<(&str, &Key<'_>)> = Vec::new();
    for (path, key) in keys {
        while open
            .last()
            .is_some_and(|(start, _)| !path.starts_with(start))
        {
            open.pop();
        }
        open.push((path, key));
        if key.owners.is_empty() && key.ignored.is_empty() {
            continue;
        }
        let named = open.iter().rev().find(|(_, key)| !key.owners.is_empty());
        let Some((_, named)) = named else {
            continue;
        };
        let is_ignored = |owner: &Owner| {
            let name = owner.text.to_lowercase();
            open.iter().any(|(_, key)| key.ignored.contains(&name))
        };
        let owners = named.owners.iter().filter(|owner| !is_ignored(owner));
        let what = (Dialect::Botmeta, path.as_str(), None);
        let at = key.entry.key_bytes.clone();
        state(what, owners.cloned().collect(), false, at, facts);
    }
}

/// What `$name` stands for.
struct Macros<'a> {
    entries: BTreeMap<&'a str, &'a Entry>,
    /// What they come to; nothing of one that names what is not there, or itself.
    texts: BTreeMap<&'a str, String>,
    /// How many bytes they may still make.
    left: Cell<usize>,
}

impl<'a> Macros<'a> {
    fn new(document: &'a Node) -> Self {
        let entries = document.get("macros").map_or(&[][..], Node::entries);
        let entries = entries.iter().map(|entry| (entry.key.as_str(), entry));
        let mut macros = Self {
            entries: entries.collect(),
            texts: BTreeMap::new(),
            left: Cell::new(MOST),
        };
        for _ in 0..DEPTH {
            let open = macros.entries.iter();
            let open = open.filter(|(name, _)| !macros.texts.contains_key(*name));
            let found = open.filter_map(|(name, entry)| {
                let text = macros.expanded(&words(&entry.value).join(" "))?;
                Some((*name, text))
            });
            let found: Vec<_> = found.collect();
            macros.texts.extend(found);
        }
        macros
    }

    /// States the teams; a macro of nobody is none.
    fn tell(&self, facts: &mut Facts<'_>) {
        let teams = self.texts.iter();
        for (name, text) in teams.filter(|(name, text)| name.starts_with(TEAM) && !text.is_empty())
        {
            let team = Team {
                id: (*name).to_owned(),
                members: Some(text.split_whitespace().map(str::to_owned).collect()),
                local: true,
                ..Team::default()
            };
            let at = self.entries[name].key_bytes.clone();
            facts
                .push(Subject::File, Claim::Team(Box::new(team)), at)
                .certainty = Certainty::Declared;
        }
    }

    /// The start of paths that a key means, and what is said of it.
    fn key(&self, entry: &'a Entry, facts: &mut Facts<'_>) -> Option<(String, Key<'a>)> {
        let path = self.expanded(&entry.key);
        let path = path.or_else(|| unusable(&entry.key, entry, facts))?;
        let segments = path
            .split('/')
            .filter(|segment| !matches!(*segment, "" | "."));
        let ignored = IGNORED.iter().filter_map(|key| entry.value.get(key));
        let ignored = ignored.flat_map(words).flat_map(|word| {
            let names = self.expanded(&word);
            let names = names.or_else(|| unusable(&word, entry, facts));
            let names = names.unwrap_or_default().to_lowercase();
            names
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        });
        let ignored = ignored.collect();
        let key = Key {
            entry,
            owners: self.maintainers(entry, facts),
            ignored,
        };
        Some((segments.collect::<Vec<_>>().join("/"), key))
    }

    fn maintainers(&self, entry: &Entry, facts: &mut Facts<'_>) -> Vec<Owner> {
        let maintainers = match &entry.value.value {
            // Older files name the maintainers without a key.
            Value::Scalar { .. } | Value::List(_) => words(&entry.value),
            _ => {
                let maintainers = entry.value.get("maintainers");
                maintainers.map(words).unwrap_or_default()
            }
        };
        let mut owners = Vec::new();
        for word in maintainers {
            let name = word.trim_start_matches('$').trim_matches(['{', '}']);
            let text = self.expanded(&word);
            let text = text.or_else(|| unusable(&word, entry, facts));
            let text = text.unwrap_or_default();
            if word.starts_with('$') && name.starts_with(TEAM) && self.texts.contains_key(name) {
                // A macro of nobody leaves the paths to the shorter keys.
                owners.extend((!text.is_empty()).then(|| owner(name, OwnerForm::Group)));
            } else {
                let names = text.split_whitespace();
                owners.extend(names.map(|name| owner(name, OwnerForm::Login)));
            }
        }
        owners
    }

    /// A text with what its macros stand for; `None` when one of them stands for nothing, or too much was made.
    fn expanded(&self, text: &str) -> Option<String> {
        let mut parts = text.split('$');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let braced = part.strip_prefix('{').and_then(|part| part.split_once('}'));
            let (name, rest) = braced.unwrap_or_else(|| {
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                part.split_at(part.find(|c| !is_name(c)).unwrap_or(part.len()))
            });
            let value = self.texts.get(name)?;
            self.left.set(self.left.get().checked_sub(value.len())?);
            out.push_str(value);
            out.push_str(rest);
        }
        Some(out)
    }
}

/// Tells that a macro of a text stands for nothing.
fn unusable(text: &str, entry: &Entry, facts: &mut Facts<'_>) -> Option<String> {
    let message = format!("`{text}` names a macro that is not there, or itself: not used");
    facts.problem(entry.key_bytes.clone(), message);
    facts.parsed(Parsed::Partly);
    None
}

fn owner(name: &str, form: OwnerForm) -> Owner {
    Owner {
        text: name.trim_start_matches('@').into(),
        form,
    }
}

/// The words of a text, or of a list of texts.
fn words(node: &Node) -> Vec<String> {
    let texts = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let texts = texts.iter().filter_map(Node::text);
    texts
        .flat_map(|text| text.split_whitespace().map(str::to_owned))
        .collect()
}
