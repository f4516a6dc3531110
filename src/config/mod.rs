//! `twopizza.toml`: raw form → checked form.

mod error;
mod file;
mod name;
mod reader;
mod sections;

use std::collections::BTreeMap;

use crate::model::{ComponentKind, Level, Team};

pub use error::{ConfigError, ConfigErrors, ConfigPlace};
pub use name::closest;

/// The name of the file.
pub const FILE_NAME: &str = "twopizza.toml";

/// The checked configuration; every section has defaults that work without a file.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub limits: Limits,
    pub ownership: Ownership,
    pub source: Source,
    /// Levels by rule id.
    pub rules: BTreeMap<String, Level>,
    /// Where each entry of `rules` stands: the list of rules is checked by those who know it.
    pub rule_places: BTreeMap<String, ConfigPlace>,
    pub teams: Vec<Declared<Team>>,
    pub components: Vec<Declared<ComponentConfig>>,
}

/// Something that the configuration declares, with its place: byte range in the file.
#[derive(Clone, Debug, Default)]
pub struct Declared<T> {
    pub value: T,
    pub start: usize,
    pub end: usize,
}

/// `[limits]`
#[derive(Clone, Debug)]
pub struct Limits {
    /// The most direct people of a team.
    pub team_max: usize,
    pub team_min: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            team_max: 7,
            team_min: 3,
        }
    }
}

/// `[ownership]`
#[derive(Clone, Debug, Default)]
pub struct Ownership {
    /// Co-owners that own everything: left out of sets that name others, too.
    pub ignore_owners: Vec<String>,
}

/// `[source]`
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub exclude: Vec<String>,
    /// In bytes.
    pub max_file_size: Option<u64>,
}

/// `[[component]]`
#[derive(Clone, Debug, Default)]
pub struct ComponentConfig {
    /// A glob over component roots.
    pub path: String,
    pub name: Option<String>,
    pub kind: Option<ComponentKind>,
    pub team: Option<String>,
}

impl Config {
    /// The entries of `[rules]` that name none of `known`.
    pub fn check_rules(&self, known: &[&str]) -> Vec<ConfigError> {
        self.rule_places
            .iter()
            .filter(|(rule, _)| !known.contains(&rule.as_str()))
            .map(|(rule, place)| ConfigError {
                place: place.clone(),
                message: match closest(rule, known.iter().copied()) {
                    Some(meant) => format!("unknown rule `{rule}`, did you mean `{meant}`?"),
                    None => format!("unknown rule `{}`", rule.escape_debug()),
                },
            })
            .collect()
    }
}
