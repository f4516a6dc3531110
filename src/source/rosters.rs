//! Rosters that the run was given by name: files of no repository, whatever folder they lie in.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Bounds, Entry, Listing, Source};
use crate::model::{GivenRoster, Mode};

/// The largest roster that is read, in bytes: ten thousand teams are a tenth of it.
const MAX_BYTES: u64 = 256 << 20;

/// The most files of one folder of rosters, and how deep they may lie.
const MAX_FILES: usize = 100_000;
const MAX_DEPTH: usize = 8;

/// One file that a roster is read from.
#[derive(Clone, Debug)]
pub struct RosterFile {
    /// The name in reports: as the roster was given, with `/`.
    pub shown: String,
    pub bytes: Vec<u8>,
}

/// Why a roster cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    #[error("cannot read the roster `{shown}`: {source}")]
    Io { shown: String, source: io::Error },
    #[error("the roster `{shown}` is larger than {} MiB", MAX_BYTES >> 20)]
    TooLarge { shown: String },
    #[error("the roster `{shown}` has more than {MAX_FILES} files")]
    TooMany { shown: String },
    #[error("the roster `{shown}` is an empty folder")]
    Empty { shown: String },
    #[error("the roster `{shown}` is in no format that is known")]
    Unknown { shown: String },
}

impl RosterFile {
    /// Reads a file, or all files of a folder and below, sorted; names that start with `.` are left out.
    ///
    /// # Errors
    /// When one of them cannot be read: half a roster makes teams look smaller than they are.
    pub fn read(path: &Path, shown: &str) -> Result<Vec<Self>, RosterError> {
        let mut found = Vec::new();
        let mut open = vec![(path.to_owned(), shown.to_owned(), 0)];
        while let Some((path, name, depth)) = open.pop() {
            let failed = |source| RosterError::Io {
                shown: name.clone(),
                source,
            };
            if fs::metadata(&path).map_err(failed)?.is_dir() {
                if depth < MAX_DEPTH {
                    open.extend(below(&path, &name, depth).map_err(failed)?);
                }
                continue;
            }
            if found.len() == MAX_FILES {
                return Err(RosterError::TooMany {
                    shown: shown.to_owned(),
                });
            }
            let bytes = bytes(&path).map_err(failed)?;
            if bytes.len() as u64 > MAX_BYTES {
                return Err(RosterError::TooLarge { shown: name });
            }
            found.push(Self { shown: name, bytes });
        }
        if found.is_empty() {
            return Err(RosterError::Empty {
                shown: shown.to_owned(),
            });
        }
        found.sort_by(|a, b| a.shown.cmp(&b.shown));
        Ok(found)
    }
}

/// What lies in a folder, with names; links in it are not followed.
fn below(folder: &Path, shown: &str, depth: usize) -> io::Result<Vec<(PathBuf, String, usize)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_link = entry.file_type()?.is_symlink();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else {
            continue;
        };
        if !is_link {
            let shown = format!("{}/{name}", shown.trim_end_matches('/'));
            found.push((entry.path(), shown, depth + 1));
        }
    }
    Ok(found)
}

/// The bytes of a regular file, one more than the bound at most.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    // Asked before opening: opening a named pipe would wait for its writer.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a file"));
    }
    let mut bytes = Vec::new();
    let mut file = File::open(path)?.take(MAX_BYTES + 1);
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The rosters of a run, by the names that reports show.
#[derive(Clone, Debug, Default)]
pub struct RosterFiles {
    files: BTreeMap<String, (Vec<u8>, GivenRoster)>,
}

impl RosterFiles {
    /// Adds a file, under another name if its own is taken; the same file counts once, as it was given first.
    pub fn add(&mut self, file: RosterFile, told: GivenRoster) {
        let mut name = file.shown.clone();
        let mut number = 2;
        while let Some((bytes, _)) = self.files.get(&name) {
            if *bytes == file.bytes {
                return;
            }
            name = format!("{}-{number}", file.shown);
            number += 1;
        }
        self.files.insert(name, (file.bytes, told));
    }

    /// Whether the run was given none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl Source for RosterFiles {
    fn name(&self) -> &str {
        ""
    }

    fn roster(&self, path: &str) -> Option<&GivenRoster> {
        self.files.get(path).map(|(_, told)| told)
    }

    fn list(&self, _: &Bounds) -> Listing {
        let entry = |path: &String| Entry {
            path: path.clone(),
            mode: Mode::File,
        };
        Listing {
            entries: self.files.keys().map(entry).collect(),
            problems: Vec::new(),
        }
    }

    fn read(&self, path: &str, _: &Bounds) -> io::Result<Vec<u8>> {
        let file = self.files.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(file.0.clone())
    }
}
