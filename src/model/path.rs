//! Where something is: repositories of a run, paths in them, byte spans in files.

use std::fmt;

/// A repository (root) of the run, in the order of the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoId(pub u16);

/// A path in one repository: `/`-separated, relative to the root of the run, empty for the root itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath {
    pub repo: RepoId,
    pub path: Box<str>,
}

impl RepoPath {
    /// A path of the repository `repo`.
    pub fn new(repo: RepoId, path: impl Into<Box<str>>) -> Self {
        Self {
            repo,
            path: path.into(),
        }
    }

    /// The last segment.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or("")
    }

    /// The folder, empty at the root.
    pub fn parent(&self) -> &str {
        parent(&self.path)
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.path.is_empty() {
            "."
        } else {
            &self.path
        })
    }
}

/// The folder of a `/`-separated path, empty at the root.
pub fn parent(path: &str) -> &str {
    path.rfind('/').map_or("", |cut| &path[..cut])
}

/// Joins a relative `/`-separated path to a folder and normalises `.` and `..`.
///
/// Returns `None` when the result leaves the root or `relative` is absolute.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    if relative.starts_with('/') {
        return None;
    }
    let mut segments: Vec<&str> = Vec::new();
    for segment in folder.split('/').chain(relative.split('/')) {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            other => segments.push(other),
        }
    }
    Some(segments.join("/"))
}

/// Whether `path` is `folder` or lies below it; every path lies below the empty folder.
pub fn within(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A file of the run: an index into the [`FileTable`](super::FileTable).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in a file; line and column are made when printing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_normalises_and_refuses_to_leave_the_root() {
        assert_eq!(join("a/b", "../c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(join("a", "..").as_deref(), Some(""));
        assert_eq!(join("a", "../../b"), None);
        assert_eq!(join("a", "/etc/passwd"), None);
    }

    #[test]
    fn within_compares_whole_segments() {
        assert!(within("libs/cart/src", "libs/cart"));
        assert!(within("libs/cart", "libs/cart"));
        assert!(!within("libs/cartoon", "libs/cart"));
        assert!(within("anything", ""));
    }
}
