//! `twopizza.toml`: raw form → checked form.

use std::collections::BTreeMap;

use crate::model::{ComponentKind, Level, Team};

/// The checked configuration; every section has defaults that work without a file.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub limits: Limits,
    pub ownership: Ownership,
    pub source: Source,
    /// Levels by rule id.
    pub rules: BTreeMap<String, Level>,
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
