//! What the configurations of the TypeScript compiler say, each with what it extends, and which of them holds for a folder.
//!
//! Source: <https://www.typescriptlang.org/tsconfig/>

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::files::Files;
use crate::model::{Claim, Fact, FileId, RepoId, Span, Subject, join, parent};
use crate::resolve::index::Index;
use crate::resolve::npm::Meaning;

/// The longest chain of configurations that extend each other.
const DEPTH: usize = 16;

/// Names of the configuration that holds for a folder.
const NAMES: &[&str] = &["tsconfig.json", "jsconfig.json"];

/// What a configuration says, with what it extends.
#[derive(Clone, Debug, Default)]
pub(super) struct Config {
    /// Patterns with their targets, paths from the root of the repository, in the order of the text.
    pub(super) paths: Vec<Alias>,
    /// The folder from which names without dots are looked up.
    pub(super) base: Option<String>,
    /// Folders that are merged into one.
    pub(super) roots: Vec<String>,
    /// Conditions of `exports` that hold beside the usual ones.
    pub(super) conditions: Vec<String>,
    /// Where sources lie.
    pub(super) source: Option<String>,
    /// Where output goes.
    pub(super) outputs: Vec<String>,
}

/// A name that stands for files.
#[derive(Clone, Debug)]
pub(super) struct Alias {
    pub(super) pattern: String,
    pub(super) targets: Vec<String>,
    /// Where it is written.
    pub(super) at: Span,
}

impl Config {
    /// The alias that holds for a name, with what its star stands for: the exact one, else the one with the longest start.
    pub(super) fn alias<'n>(&self, name: &'n str) -> Option<(&Alias, &'n str)> {
        let exact = self.paths.iter().find(|alias| alias.pattern == name);
        if let Some(alias) = exact {
            return Some((alias, ""));
        }
        let fits = self.paths.iter().filter_map(|alias| {
            let (start, end) = alias.pattern.split_once('*')?;
            let rest = name.strip_prefix(start)?.strip_suffix(end)?;
            Some((start.len(), alias, rest))
        });
        let longest = fits.max_by_key(|(start, ..)| *start)?;
        Some((longest.1, longest.2))
    }

    fn says_names(&self) -> bool {
        !self.paths.is_empty() || self.base.is_some()
    }
}

/// The configurations of a run.
pub(super) struct Configs<'r, 'a> {
    index: &'r Index<'a>,
    read: HashMap<FileId, Rc<Config>>,
    folders: HashMap<(RepoId, &'a str), Option<Arc<Config>>>,
}

impl<'r, 'a> Configs<'r, 'a> {
    pub(super) fn new(index: &'r Index<'a>) -> Self {
        Self {
            index,
            read: HashMap::new(),
            folders: HashMap::new(),
        }
    }

    /// The configuration that holds for each folder of the run that has one at or above it.
    pub(super) fn folders(mut self) -> HashMap<(RepoId, &'a str), Arc<Config>> {
        let mut found = HashMap::new();
        let files = self.index.files;
        for (_, row) in files.iter() {
            let (repo, folder) = (row.path.repo, row.path.parent());
            if row.class.language.is_code()
                && !found.contains_key(&(repo, folder))
                && let Some(config) = self.nearest(repo, folder)
            {
                found.insert((repo, folder), config);
            }
        }
        found
    }

    /// The nearest configuration at or above a folder.
    fn nearest(&mut self, repo: RepoId, folder: &'a str) -> Option<Arc<Config>> {
        let mut passed = Vec::new();
        let mut probe = folder;
        let found = loop {
            if let Some(known) = self.folders.get(&(repo, probe)) {
                break known.clone();
            }
            passed.push(probe);
            if let Some(config) = self.in_folder(repo, probe) {
                break Some(Arc::new(config));
            }
            if probe.is_empty() {
                break None;
            }
            probe = parent(probe);
        };
        for folder in passed {
            self.folders.insert((repo, folder), found.clone());
        }
        found
    }

    /// What the configuration in a folder says; one that only lists its parts is what they say.
    fn in_folder(&mut self, repo: RepoId, folder: &str) -> Option<Config> {
        let file = NAMES
            .iter()
            .find_map(|name| self.files(repo).exact(&join(folder, name)?))?;
        let own = self.config(file, folder, 0);
        if own.says_names() {
            return Some((*own).clone());
        }
        let parts = self.facts(file).filter_map(|fact| match &fact.claim {
            Claim::Requires { key, .. } if key.namespace.0 == "tsproject" => key.name.as_text(),
            Claim::Binds { key, value }
                if key.namespace.0 == "tsconfig" && key.name.as_text() == Some("references") =>
            {
                value.as_text()
            }
            _ => None,
        });
        for part in parts.collect::<Vec<_>>() {
            // Another folder's project holds for that folder.
            if let Some(path) = join(folder, part)
                && parent(&path) == folder
                && let Some(part) = self.files(repo).exact(&path).filter(|part| *part != file)
            {
                let part = self.config(part, folder, 0);
                if part.says_names() {
                    return Some((*part).clone());
                }
            }
        }
        Some((*own).clone())
    }

    /// The output folders and their sources that the configurations in a folder tell.
    pub(super) fn outputs(
        &mut self,
        repo: RepoId,
        folder: &str,
        named: &[FileId],
    ) -> Vec<(String, Option<String>)> {
        let mut found = Vec::new();
        for file in named {
            let config = self.config(*file, folder, 0);
            for output in &config.outputs {
                let pair = (output.clone(), config.source.clone());
                if !found.contains(&pair) && self.index.files.path(*file).repo == repo {
                    found.push(pair);
                }
            }
        }
        found
    }

    /// What a configuration says; `leaf` is the folder of the one that extends it in the end.
    fn config(&mut self, file: FileId, leaf: &str, depth: usize) -> Rc<Config> {
        if let Some(known) = self.read.get(&file) {
            return known.clone();
        }
        let mut config = Config::default();
        if depth > DEPTH {
            return Rc::new(config);
        }
        let path = self.index.files.path(file);
        let (repo, folder) = (path.repo, path.parent());
        for fact in self.facts(file).collect::<Vec<_>>() {
            if let Claim::Inherits { from, .. } = &fact.claim
                && from.namespace.0 == "tsconfig"
                && let Some(name) = from.name.as_text()
                && let Some(base) = self.extended(repo, folder, name)
            {
                let base = self.config(base, leaf, depth + 1);
                inherit(&mut config, &base);
            }
        }
        let place = |text: &str| match text.strip_prefix("${configDir}") {
            Some(below) => join(leaf, below.trim_start_matches('/')),
            None => join(folder, text),
        };
        let mut own = Config::default();
        let mut targets: Vec<(String, String, Span)> = Vec::new();
        for fact in self.facts(file) {
            let Claim::Binds { key, value } = &fact.claim else {
                continue;
            };
            let (Some(name), Some(text)) = (key.name.as_text(), value.as_text()) else {
                continue;
            };
            match (key.namespace.0, name) {
                ("jsalias", _) => targets.push((name.to_owned(), text.to_owned(), fact.span)),
                ("tsconfig", "baseUrl") => own.base = place(text),
                ("tsconfig", "rootDir") => own.source = place(text),
                ("tsconfig", "outDir" | "declarationDir") => own.outputs.extend(place(text)),
                ("tsconfig", "rootDirs") => own.roots.extend(place(text)),
                ("tsconfig", "customConditions") => own.conditions.push(text.to_owned()),
                _ => {}
            }
        }
        inherit(&mut config, &own);
        if !targets.is_empty() {
            // Paths start at the base where there is one, else where they are written.
            let start = config.base.clone().unwrap_or_else(|| folder.to_owned());
            config.paths = aliases(targets, |text| match text.strip_prefix("${configDir}") {
                Some(_) => place(text),
                None => join(&start, text),
            });
        }
        let config = Rc::new(config);
        // What depends on the folder that asks holds there alone.
        if depth == 0 {
            self.read.insert(file, config.clone());
        }
        config
    }

    /// The file that `extends` means: a path, or a file of a package.
    fn extended(&self, repo: RepoId, folder: &str, name: &str) -> Option<FileId> {
        let files = self.files(repo);
        let at = |path: &str| {
            files
                .exact(path)
                .or_else(|| files.exact(&format!("{path}.json")))
        };
        if name.starts_with('.') {
            return at(&join(folder, name)?);
        }
        let (package, below) = super::split_package(name)?;
        let Meaning::Here(found) = self.index.npm.undeclared(package, repo, folder) else {
            return None;
        };
        let [found] = found.as_slice() else {
            return None;
        };
        let package = self.index.npm.at(*found).folder;
        match below {
            "" => at(&join(package, "tsconfig.json")?),
            below => at(&join(package, below)?)
                .or_else(|| at(&join(package, &format!("{below}/tsconfig.json"))?)),
        }
    }

    fn files(&self, repo: RepoId) -> Files<'r> {
        Files {
            table: self.index.files,
            repo,
        }
    }

    fn facts(&self, file: FileId) -> impl Iterator<Item = &'a Fact> + use<'a> {
        let facts = self.index.facts_of_file(file);
        let is_own = |fact: &&Fact| {
            fact.subject == Subject::File || matches!(fact.claim, Claim::Requires { .. })
        };
        facts.iter().filter(is_own)
    }
}

/// What a later configuration says wins over what an earlier one says.
fn inherit(config: &mut Config, later: &Config) {
    if !later.paths.is_empty() {
        config.paths.clone_from(&later.paths);
    }
    if later.base.is_some() {
        config.base.clone_from(&later.base);
    }
    if later.source.is_some() {
        config.source.clone_from(&later.source);
    }
    if !later.roots.is_empty() {
        config.roots.clone_from(&later.roots);
    }
    if !later.conditions.is_empty() {
        config.conditions.clone_from(&later.conditions);
    }
    if !later.outputs.is_empty() {
        config.outputs.clone_from(&later.outputs);
    }
}

/// Patterns with all their targets; a target out of the repository is none.
fn aliases(
    targets: Vec<(String, String, Span)>,
    place: impl Fn(&str) -> Option<String>,
) -> Vec<Alias> {
    let mut aliases: Vec<Alias> = Vec::new();
    for (pattern, target, at) in targets {
        let target = place(&target);
        match aliases.iter_mut().find(|alias| alias.pattern == pattern) {
            Some(alias) => alias.targets.extend(target),
            None => aliases.push(Alias {
                pattern,
                targets: target.into_iter().collect(),
                at,
            }),
        }
    }
    aliases
}
