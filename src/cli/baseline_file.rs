//! Where the baseline lies, and what it holds.

use std::io;
use std::path::{Path, PathBuf};

use twopizza::config::BASELINE;
use twopizza::gate::{Baseline, BaselineError};

use super::error::{Stop, failed, failed_with_help};
use super::inputs::Inputs;
use super::output;

/// The file of the baseline.
pub(super) struct BaselineFile {
    path: PathBuf,
    /// For people.
    pub shown: String,
    /// Somebody named it, so that it has to be there.
    named: bool,
    /// It lies above the roots, and so holds more than this run can see.
    pub of_more: bool,
}

impl BaselineFile {
    /// The one that the command line names, else the configuration, else the usual one beside the configuration.
    ///
    /// # Errors
    /// When a link leads the path of the configuration out of its folder.
    pub(super) fn of(inputs: &Inputs, named: Option<&Path>) -> Result<Self, Stop> {
        if let Some(path) = named {
            return Ok(Self {
                path: path.to_owned(),
                shown: output::name(path),
                named: true,
                of_more: false,
            });
        }
        let configured = inputs.config.gate.baseline.as_deref();
        let shown = configured.unwrap_or(BASELINE);
        let path = inputs.folder.join(shown);
        // The repository chose the path; it must not make us read or write elsewhere.
        if leaves(&inputs.folder, &path) {
            return Err(failed(format!(
                "the baseline `{shown}` is a link out of the folder"
            )));
        }
        Ok(Self {
            path,
            shown: output::plain(shown),
            named: configured.is_some(),
            of_more: !inputs.covers(&inputs.folder),
        })
    }

    /// What it holds; nothing when it is not there and nobody named it.
    ///
    /// # Errors
    /// When it cannot be used.
    pub(super) fn read(&self) -> Result<Option<Baseline>, Stop> {
        match self.parsed() {
            Ok(baseline) => Ok(Some(baseline)),
            Err(BaselineError::Missing) if !self.named => Ok(None),
            Err(error) => Err(self.unusable(&error)),
        }
    }

    /// What it holds, or why nobody can tell.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub(super) fn parsed(&self) -> Result<Baseline, BaselineError> {
        Baseline::read(&self.path)
    }

    /// Writes it.
    ///
    /// # Errors
    /// What writing gives.
    pub(super) fn write(&self, baseline: &Baseline) -> Result<(), Stop> {
        baseline
            .write(&self.path)
            .map_err(|error| failed(format!("cannot write {}: {error}", self.shown)))
    }

    /// A part of a repository tells nothing of what the baseline has of the rest.
    ///
    /// # Errors
    /// When the baseline is that of a larger run.
    pub(super) fn whole(&self) -> Result<(), Stop> {
        if self.of_more {
            return Err(failed_with_help(
                format!(
                    "the baseline {} lies above PATH: it is that of a larger run",
                    self.shown
                ),
                "leave out PATH, or name another baseline with `--baseline FILE`",
            ));
        }
        Ok(())
    }

    fn unusable(&self, error: &BaselineError) -> Stop {
        let text = error.to_string();
        let lines: Vec<String> = text
            .lines()
            .map(|line| format!("baseline {}: {line}", self.shown))
            .collect();
        let help = match error {
            BaselineError::Missing => "`twopizza baseline write` writes one, to be committed",
            BaselineError::Conflict { .. } => {
                "keep the lines of both sides, or run `twopizza baseline write` and look at what it changes"
            }
            _ => "`twopizza baseline write` writes it anew; look at what it changes",
        };
        failed_with_help(lines.join("\n"), help)
    }
}

/// Whether a path, with its links followed, is not in the folder; what is not there leads nowhere.
fn leaves(folder: &Path, path: &Path) -> bool {
    let full = |path: &Path| match path.canonicalize() {
        Ok(full) => Some(full),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // A new file in a folder that is there; a link to what is not there is followed by nobody.
            let parent = path.parent()?.canonicalize().ok()?;
            Some(parent.join(path.file_name()?))
        }
        Err(_) => None,
    };
    match (full(folder), full(path)) {
        (Some(folder), Some(path)) => !path.starts_with(folder),
        _ => false,
    }
}
