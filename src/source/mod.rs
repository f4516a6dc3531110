//! Where bytes come from: a working tree or texts of a test. Programs (git, cargo) are started here alone.

mod text;

use std::io;

use crate::model::Mode;

pub use text::TextSource;

/// One repository (root) of a run.
pub trait Source: Sync {
    /// The name of the repository: the folder's.
    fn name(&self) -> &str;

    /// All files that count, and what had to be left out.
    fn list(&self, bounds: &Bounds) -> Listing;

    /// The content of a listed file.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;
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
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            file_size: 4 << 20,
            depth: 64,
            files: 2_000_000,
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
