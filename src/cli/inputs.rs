//! What a run reads: its roots, its configuration, its options.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use twopizza::analysis::Analysis;
use twopizza::config::{Config, FILE_NAME, RosterConfig};
use twopizza::gate::{Baseline, CannotJudge, Date, Verdict};
use twopizza::source::{RosterError, RosterFiles, Source, Worktree, top_level};
use twopizza::{Error, Options, WantedRoster};

use super::args::{Global, near_verb};
use super::error::{Stop, failed, failed_with_help};
use super::output;
use super::progress::Bar;

/// Everything that the library needs for a run.
pub(super) struct Inputs {
    pub config: Config,
    pub options: Options,
    pub progress: Bar,
    /// Where paths of the configuration start: its folder, else the first root.
    pub folder: PathBuf,
    /// Path and text of the configuration, when there is a file.
    config_text: Option<(String, String)>,
    trees: Vec<Worktree>,
    rosters: RosterFiles,
}

impl Inputs {
    /// Opens the roots and reads the configuration.
    ///
    /// # Errors
    /// When a root or the configuration cannot be read.
    pub(super) fn open(global: &Global, roots: &[PathBuf]) -> Result<Self, Stop> {
        let roots = existing(roots)?;
        let Configured {
            config,
            text: config_text,
            folder,
        } = configuration(global, &roots)?;
        let trees = roots
            .iter()
            .map(|root| Worktree::open(root).map_err(failed))
            .collect::<Result<_, _>>()?;
        let rosters = rosters(global, &config, &folder, &roots)?;
        let mut options = Options {
            cargo_metadata: !global.no_cargo,
            no_nested_config: global.no_config,
            anonymize: global.anonymize,
            ..Options::default()
        };
        options.bounds.threads = global.threads;
        if let Some(bytes) = config.source.max_file_size {
            options.bounds.file_size = bytes;
        }
        Ok(Self {
            config,
            options,
            progress: Bar::new(global.quiet),
            folder,
            config_text,
            trees,
            rosters,
        })
    }

    /// The roots, as the library takes them.
    pub(super) fn sources(&self) -> Vec<&dyn Source> {
        let trees = self.trees.iter().map(|tree| tree as &dyn Source);
        let rosters = (!self.rosters.is_empty()).then_some(&self.rosters as &dyn Source);
        trees.chain(rosters).collect()
    }

    /// Whether a folder, or all that lies in it, is looked at.
    pub(super) fn covers(&self, folder: &Path) -> bool {
        let Ok(folder) = folder.canonicalize() else {
            return false;
        };
        let mut roots = self.trees.iter().filter_map(Source::folder);
        roots.any(|root| folder.starts_with(root))
    }

    /// The whole analysis.
    ///
    /// # Errors
    /// When the run can tell nothing.
    pub(super) fn analyze(&self) -> Result<Analysis, Stop> {
        let (sources, text) = (self.sources(), self.config_text());
        self.judged(twopizza::analyze(
            &sources,
            &self.config,
            text,
            &self.options,
            &self.progress,
        ))
    }

    /// Tells of an analysis what is new.
    ///
    /// # Errors
    /// When too little is known to judge.
    pub(super) fn judge(
        &self,
        analysis: &mut Analysis,
        baseline: Option<&Baseline>,
        today: Date,
    ) -> Result<Verdict, Stop> {
        let sources = self.sources();
        twopizza::gate(
            analysis,
            &sources,
            &self.config,
            &self.options,
            baseline,
            today,
        )
        .map_err(|error| match error {
            Error::Gate(CannotJudge::Unparsed { .. }) => failed_with_help(
                error,
                "`twopizza analyze --full` shows what could not be parsed",
            ),
            Error::Gate(CannotJudge::NoOwners | CannotJudge::NothingOwned { .. }) => {
                failed_with_help(
                    error,
                    "say who owns what in .github/CODEOWNERS: `/services/cart/ @organisation/team`",
                )
            }
            _ => failed(error),
        })
    }

    /// Who owns the files, and nothing else: of program source the first line is read.
    ///
    /// # Errors
    /// When the run can tell nothing.
    pub(super) fn ownership(&self) -> Result<Analysis, Stop> {
        let (sources, text) = (self.sources(), self.config_text());
        self.judged(twopizza::ownership(
            &sources,
            &self.config,
            text,
            &self.options,
            &self.progress,
        ))
    }

    /// A run without files has looked at nothing, which must not look like a clean one.
    fn judged(&self, result: Result<Analysis, Error>) -> Result<Analysis, Stop> {
        let analysis = result.map_err(|error| unnamed(self.options.anonymize, error))?;
        if analysis.graph.files().len_of_repositories() == 0 {
            return Err(failed_with_help(
                "no files to look at",
                "name the folder of a repository: `twopizza PATH`",
            ));
        }
        if let Some(disguise) = analysis.graph.disguise() {
            output::hide(disguise);
        }
        Ok(analysis)
    }

    fn config_text(&self) -> Option<(&str, &str)> {
        let (path, text) = self.config_text.as_ref()?;
        Some((path, text))
    }
}

/// The rosters that the configuration and the command line name.
///
/// # Errors
/// When one cannot be read: without it, teams would look smaller than they are.
fn rosters(
    global: &Global,
    config: &Config,
    folder: &Path,
    roots: &[PathBuf],
) -> Result<RosterFiles, Stop> {
    let configured = config.rosters.iter().map(|entry| {
        let RosterConfig {
            path,
            format,
            columns,
        } = entry.value.clone();
        WantedRoster {
            shown: shown(Path::new(&path), roots),
            path: folder.join(path),
            format,
            columns,
        }
    });
    let named = global.rosters.iter().map(|path| WantedRoster {
        shown: shown(path, roots),
        path: path.clone(),
        format: None,
        columns: BTreeMap::new(),
    });
    let wanted: Vec<WantedRoster> = configured.chain(named).collect();
    twopizza::rosters(&wanted).map_err(|error| match error {
        _ if global.anonymize => unnamed(true, error),
        RosterError::Unknown { .. } => failed_with_help(
            error,
            "say which it is in twopizza.toml: `[[roster]]` with `path` and `format`",
        ),
        _ => failed(error),
    })
}

/// The name of a roster in reports, which no machine has in another way: as given, but without the way to the root.
fn shown(path: &Path, roots: &[PathBuf]) -> String {
    let inside = || {
        let full = path.canonicalize().ok()?;
        let inside = roots.iter().find_map(|root| full.strip_prefix(root).ok())?;
        Some(inside.to_path_buf())
    };
    let name = match path.is_absolute() {
        false => Some(path.to_path_buf()),
        true => inside().or_else(|| path.file_name().map(PathBuf::from)),
    };
    let name = output::name(&name.unwrap_or_default()).replace('\\', "/");
    name.trim_start_matches("./").to_owned()
}

/// How many threads read and extract; the number of cores without a number.
///
/// # Errors
/// When the threads cannot be started.
pub(super) fn set_threads(threads: Option<usize>) -> Result<(), Stop> {
    let Some(threads) = threads else {
        return Ok(());
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()
        .map_err(|error| failed(format!("cannot start {threads} threads: {error}")))
}

/// The root that is meant when none is named: the git top level of the current folder, else that folder.
///
/// # Errors
/// When there is no current folder.
pub(super) fn default_root() -> Result<PathBuf, Stop> {
    let here = std::env::current_dir()
        .map_err(|error| failed(format!("cannot tell the current folder: {error}")))?;
    Ok(top_level(&here).unwrap_or(here))
}

/// What is wrong with a configuration or a roster names teams, which have no pseudonyms yet.
fn unnamed(anonymize: bool, error: impl Display) -> Stop {
    if anonymize {
        return failed_with_help(
            "the configuration or a roster cannot be used",
            "what is wrong with it may name teams or people: run it without `--anonymize` to see it",
        );
    }
    failed(error)
}

/// Verbs whose output is input of something else, or is all about what files say.
///
/// # Errors
/// When names are to be hidden.
pub(super) fn refuse_anonymize(global: &Global, why: &str) -> Result<(), Stop> {
    if global.anonymize {
        return Err(failed_with_help(
            format!("`--anonymize` is not for this verb: {why}"),
            "share `twopizza --anonymize`, or one of the formats of `twopizza analyze`",
        ));
    }
    Ok(())
}

/// The roots in full, each once.
fn existing(roots: &[PathBuf]) -> Result<Vec<PathBuf>, Stop> {
    let mut found = Vec::new();
    for root in roots {
        let full = root
            .canonicalize()
            .map_err(|error| not_there(root, &error))?;
        if !full.is_dir() {
            return Err(failed(format!("not a folder: `{}`", output::name(root))));
        }
        if !found.contains(&full) {
            found.push(full);
        }
    }
    if found.is_empty() {
        found.push(default_root()?);
    }
    Ok(found)
}

fn not_there(root: &Path, error: &io::Error) -> Stop {
    let shown = output::name(root);
    let message = format!("cannot open `{shown}`: {error}");
    match near_verb(&shown) {
        Some(verb) => failed_with_help(message, format!("did you mean the verb `{verb}`?")),
        None => failed(message),
    }
}

/// The configuration of a run.
pub(super) struct Configured {
    pub config: Config,
    /// Its path from the first root, and its text.
    pub text: Option<(String, String)>,
    pub folder: PathBuf,
}

/// The configuration that the command line names, else the one that the roots share, with its path and text.
///
/// # Errors
/// When it cannot be read, or several are found.
pub(super) fn configuration(global: &Global, roots: &[PathBuf]) -> Result<Configured, Stop> {
    let root = roots.first().cloned().unwrap_or_default();
    let none = || Configured {
        config: Config::default(),
        text: None,
        folder: root.clone(),
    };
    if global.no_config {
        return Ok(none());
    }
    let (path, shown) = match &global.config {
        Some(path) => (path.clone(), output::name(path)),
        None => match found(roots)? {
            Some(found) => found,
            None => return Ok(none()),
        },
    };
    let (config, text) =
        Config::read(&path, &shown).map_err(|error| unnamed(global.anonymize, error))?;
    // Not followed if it is a link: the repository does not choose another folder.
    let folder = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_path_buf(),
        None => root.clone(),
    };
    let full = path.canonicalize().unwrap_or(path);
    // By this path the run knows it as one of its files.
    let inside = full.strip_prefix(&root).ok().and_then(Path::to_str);
    let name = match inside {
        Some(inside) if global.config.is_some() => inside.replace('\\', "/"),
        _ => shown,
    };
    Ok(Configured {
        config,
        text: Some((name, text)),
        folder,
    })
}

/// The file that is found above the roots, with its path from the root, which is the same on every machine.
fn found(roots: &[PathBuf]) -> Result<Option<(PathBuf, String)>, Stop> {
    let mut found: Vec<(PathBuf, String)> = Vec::new();
    for root in roots {
        let Some(path) = Config::find(root) else {
            continue;
        };
        if found.iter().all(|(other, _)| *other != path) {
            let shown = from_root(root, &path);
            found.push((path, shown));
        }
    }
    if found.len() > 1 {
        let names: Vec<String> = found.iter().map(|(path, _)| output::name(path)).collect();
        return Err(failed_with_help(
            format!("several configurations: {}", names.join(", ")),
            "name the one that counts with `--config FILE`, or none with `--no-config`",
        ));
    }
    Ok(found.pop())
}

fn from_root(root: &Path, path: &Path) -> String {
    let folder = path.parent().unwrap_or(path);
    let up = root
        .strip_prefix(folder)
        .map_or(0, |below| below.components().count());
    format!("{}{FILE_NAME}", "../".repeat(up))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_is_named_from_the_root() {
        let name = |root, path| from_root(Path::new(root), Path::new(path));
        assert_eq!(name("/r", "/r/twopizza.toml"), "twopizza.toml");
        assert_eq!(name("/r/a/b", "/r/twopizza.toml"), "../../twopizza.toml");
    }
}
