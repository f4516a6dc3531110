//! `twopizza.toml`: raw form → checked form.

mod error;
mod exclude;
mod file;
mod gate;
mod name;
mod nested;
mod reader;
mod sections;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::{
    Column, ComponentKind, Level, OwnershipSource, Person, RepoPath, RosterFormat, Team,
};

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
    pub people: Vec<Declared<Person>>,
    pub components: Vec<Declared<ComponentConfig>>,
    pub rosters: Vec<Declared<RosterConfig>>,
    pub gate: Gate,
    pub exemptions: Vec<Declared<Exemption>>,
}

/// Something that the configuration declares, with its place: byte range in the file.
#[derive(Clone, Debug, Default)]
pub struct Declared<T> {
    pub value: T,
    pub start: usize,
    pub end: usize,
    /// The configuration of a sub-folder that says it; `None`: the one of the run.
    pub at: Option<RepoPath>,
}

/// `[limits]`
#[derive(Clone, Debug)]
pub struct Limits {
    /// The most direct people of a team.
    pub team_max: usize,
    pub team_min: usize,
    /// What the entries of `[rules]` set beside the level.
    pub options: RuleOptions,
}

/// Options of rules: by rule id, by name.
pub type RuleOptions = BTreeMap<String, BTreeMap<String, (f64, ConfigPlace)>>;

impl Default for Limits {
    fn default() -> Self {
        let Preset { team_max, team_min } = Preset::default();
        Self {
            team_max,
            team_min,
            options: RuleOptions::new(),
        }
    }
}

/// Sizes that somebody has argued for.
#[derive(Clone, Copy, Debug)]
struct Preset {
    team_max: usize,
    team_min: usize,
}

impl Default for Preset {
    fn default() -> Self {
        Self {
            team_max: 7,
            team_min: 3,
        }
    }
}

/// Where each comes from is told in `docs/configuration.md`.
const PRESETS: &[(Preset, &str)] = &[
    (preset(7, 3), "strict"),
    (preset(10, 3), "amazon"),
    (preset(9, 3), "topologies"),
    (preset(8, 4), "larson"),
];

const fn preset(team_max: usize, team_min: usize) -> Preset {
    Preset { team_max, team_min }
}

/// `[ownership]`
#[derive(Clone, Debug)]
pub struct Ownership {
    /// Co-owners that own everything: left out of sets that name others, too.
    pub ignore_owners: Vec<String>,
    /// The sources that count beside the configuration, the strongest first.
    pub sources: Vec<OwnershipSource>,
    /// Whose reading of CODEOWNERS counts; `None`: what the repository shows.
    pub host: Option<Host>,
}

/// A host of repositories that reads CODEOWNERS in its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    GitHub,
    GitLab,
    /// Forgejo, too.
    Gitea,
    Bitbucket,
}

impl Host {
    /// Every host with its text.
    pub const ALL: &[(Host, &str)] = &[
        (Host::GitHub, "github"),
        (Host::GitLab, "gitlab"),
        (Host::Gitea, "gitea"),
        (Host::Bitbucket, "bitbucket"),
    ];
}

impl Default for Ownership {
    fn default() -> Self {
        let sources = OwnershipSource::ALL[1..].iter().map(|(source, _)| *source);
        Self {
            ignore_owners: Vec::new(),
            sources: sources.collect(),
            host: None,
        }
    }
}

/// `[source]`
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Globs over paths from the root.
    pub exclude: Vec<Declared<String>>,
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

/// `[[roster]]`
#[derive(Clone, Debug, Default)]
pub struct RosterConfig {
    /// A file or a folder, from the folder of the configuration; it may lie outside of the repository.
    pub path: String,
    /// What the content tells, when it is not named.
    pub format: Option<RosterFormat>,
    pub columns: BTreeMap<Column, String>,
}

/// `[gate]`
#[derive(Clone, Debug)]
pub struct Gate {
    /// A path below the folder of the configuration; `None`: [`BASELINE`], which need not exist.
    pub baseline: Option<String>,
    /// Findings below this level never fail: `Warn` or `Deny`.
    pub fail_on: Level,
    /// The share of files that may stay unparsed before nothing can be judged, from 0 to 1.
    pub unparsed_floor: f64,
    /// What entries of the baseline are that nothing needs any more.
    pub stale: Level,
}

/// The name of the baseline when the configuration says nothing.
pub const BASELINE: &str = "twopizza-baseline.jsonl";

impl Default for Gate {
    fn default() -> Self {
        Self {
            baseline: None,
            fail_on: Level::Deny,
            unparsed_floor: 0.05,
            stale: Level::Warn,
        }
    }
}

/// `[[exempt]]`: findings that somebody accepts for a while; a side that is not named is any.
#[derive(Clone, Debug, Default)]
pub struct Exemption {
    pub rule: String,
    /// Of the rule's name.
    pub rule_place: ConfigPlace,
    /// Teams or components of one side, by any of their names; `*` stands for any text.
    pub from: Option<String>,
    pub to: Option<String>,
    pub object: Option<String>,
    pub reason: Option<String>,
    pub owner: Option<String>,
    /// The last day on which it holds.
    pub expires: Option<Date>,
    /// The most sites that it accepts.
    pub max: Option<u64>,
}

impl Config {
    /// The entries of `[rules]` and the rules of `[[exempt]]` that name none of `known`.
    pub fn check_rules(&self, known: &[&str]) -> Vec<ConfigError> {
        let exempt = self.exemptions.iter().map(|entry| &entry.value);
        let exempt = exempt.map(|entry| (&entry.rule, &entry.rule_place));
        self.rule_places
            .iter()
            .chain(exempt)
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

    /// The options of rules that are not among `known`: rule ids with the names of their options.
    pub fn check_options(&self, known: &BTreeMap<&str, Vec<&str>>) -> Vec<ConfigError> {
        let mut unknown = Vec::new();
        for (rule, options) in &self.limits.options {
            // An unknown rule is told as such.
            let Some(known) = known.get(rule.as_str()) else {
                continue;
            };
            for (name, (_, place)) in options {
                if !known.contains(&name.as_str()) {
                    let meant = closest(name, known.iter().copied().chain(["level"]));
                    let meant = meant.map(|meant| format!(", did you mean `{meant}`?"));
                    unknown.push(ConfigError {
                        place: place.clone(),
                        message: format!(
                            "unknown option `{}` of the rule `{rule}`{}",
                            name.escape_debug(),
                            meant.unwrap_or_default()
                        ),
                    });
                }
            }
        }
        unknown
    }
}
