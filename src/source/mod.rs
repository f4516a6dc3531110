//! Where bytes come from: a working tree or texts of a test. Programs (git, cargo) are started here alone.

mod attributes;
mod cargo;
mod classify;
mod confirm;
mod contents;
mod git;
mod language;
mod loops;
mod program;
mod rosters;
#[cfg(test)]
mod testing;
mod text;
mod walk;
mod worktree;

use std::io;
use std::path::Path;

use crate::model::{GivenRoster, Mode};

pub use attributes::classify_all;
pub use cargo::{CargoDependency, CargoPackage, CargoWorkspace, cargo_workspace};
pub use classify::classify;
pub use confirm::{
    Confirmation, DeclaredLink, Opinion, ask_cargo, cargo_roots, compare, declared_links,
};
pub use contents::{read, read_texts};
pub use git::top_level;
pub use language::language;
pub use loops::link_loops;
pub use rosters::{RosterError, RosterFile, RosterFiles};
pub use text::TextSource;
pub use worktree::{SourceError, Worktree};

/// One repository (root) of a run.
pub trait Source: Sync {
    /// The name of the repository: the folder's; empty for files that belong to none.
    fn name(&self) -> &str;

    /// The folder on disk; `None` when the source is not one.
    fn folder(&self) -> Option<&Path> {
        None
    }

    /// What the run is told of a file that was given to it as a roster.
    fn roster(&self, _path: &str) -> Option<&GivenRoster> {
        None
    }

    /// All files that count, and what had to be left out.
    fn list(&self, bounds: &Bounds) -> Listing;

    /// The content of a listed file, as it is on disk; of a link: the text of its target.
    ///
    /// A file beyond `bounds.file_size` is not read: [`io::ErrorKind::FileTooLarge`].
    fn read(&self, path: &str, bounds: &Bounds) -> io::Result<Vec<u8>>;
}

/// How much of a repository is read; each bound that bites is a problem.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The largest file that is read, in bytes.
    pub file_size: u64,
    /// The deepest path, in segments.
    pub depth: usize,
    /// The most files of one repository.
    pub files: usize,
    /// The threads that read and extract; `None`: as many as cores and cold disks want.
    pub threads: Option<usize>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            file_size: 4 << 20,
            depth: 64,
            files: 2_000_000,
            threads: None,
        }
    }
}

/// The files of a repository.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub entries: Vec<Entry>,
    /// What was left out: a path (empty for the whole run) and why.
    pub problems: Vec<(String, String)>,
}

/// One file of a listing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub path: String,
    pub mode: Mode,
}

/// Why a path is left out that cannot be written in our reports.
const NOT_UTF8: &str = "the path is not UTF-8: left out";

/// Why a nested repository is left out.
const NESTED: &str = "a git repository inside this one: left out, give it as a path of its own";

/// The path below a root with `/` between segments; `None` outside of it or when it is not UTF-8.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let segments: Option<Vec<&str>> = path
        .strip_prefix(root)
        .ok()?
        .iter()
        .map(|segment| segment.to_str())
        .collect();
    Some(segments?.join("/"))
}
