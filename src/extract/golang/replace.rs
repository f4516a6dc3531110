//! What a `replace` line says: another place for a module, of any or of one version.
//!
//! Source: <https://go.dev/ref/mod#go-mod-file-replace>

use std::ops::Range;

use super::lines::{Line, Word};
use crate::model::{Certainty, Claim, Facts, Key, Subject, Template, join};

/// One replacement.
#[derive(Debug)]
pub(super) struct Replace<'l> {
    pub(super) module: &'l str,
    /// The version that alone is replaced.
    pub(super) version: Option<&'l str>,
    /// The place, as a key of the namespace `gomod`.
    pub(super) by: Key,
    bytes: Range<usize>,
}

impl<'l> Replace<'l> {
    /// Reads the arguments; what is wrong with them otherwise.
    pub(super) fn read(line: &'l Line<'_>, folder: &str) -> Result<Self, &'static str> {
        let words: Vec<&str> = line.arguments.iter().map(|word| &*word.text).collect();
        let (module, version, by): (&str, Option<&str>, &[&str]) = match words.as_slice() {
            [module, "=>", by @ ..] => (module, None, by),
            [module, version, "=>", by @ ..] => (module, Some(version), by),
            _ => return Err("a replacement is `module [version] => place [version]`"),
        };
        let by = match by {
            [path] if is_folder(path) => Key::at("gomod", place(folder, path), module),
            [other, _] => Key::at("gomod", RELEASED, *other),
            _ => return Err("what replaces a module is a folder, or a module and its version"),
        };
        Ok(Self {
            module,
            version,
            by,
            bytes: line.bytes.clone(),
        })
    }

    /// States the replacement.
    pub(super) fn tell(&self, facts: &mut Facts<'_>) {
        let name = match self.version {
            Some(version) => format!("{}@{version}", self.module),
            None => self.module.to_owned(),
        };
        let claim = Claim::Binds {
            key: Key::new("gomod-replace", name),
            value: Template::from(self.by.clone()),
        };
        let fact = facts.push(Subject::Here, claim, self.bytes.clone());
        fact.certainty = Certainty::Declared;
    }
}

/// Where released versions of modules come from.
pub(super) const RELEASED: &str = "registry:go";

/// Whether a word means a folder, as the go command tells it from a module.
pub(super) fn is_folder(word: &str) -> bool {
    matches!(word, "." | "..")
        || ["./", "../", "/", ".\\", "..\\"]
            .iter()
            .any(|start| word.starts_with(start))
        || word.as_bytes().get(1) == Some(&b':')
}

/// `path:` and the folder that a word means, or `outside:` and the word when it leaves the repository.
pub(super) fn place(folder: &str, word: &str) -> String {
    match join(folder, &word.replace('\\', "/")) {
        Some(path) => format!("path:{path}"),
        None => format!("outside:{word}"),
    }
}

/// The one word of a line.
pub(super) fn only<'l, 't>(line: &'l Line<'t>) -> Option<&'l Word<'t>> {
    match line.arguments.as_slice() {
        [word] if !word.text.is_empty() => Some(word),
        _ => None,
    }
}
