//! The paths that the command line names, as paths from the root.

use std::path::{Component, Path, PathBuf};

use super::super::error::{Stop, failed, failed_with_help};
use super::super::output::name;

/// A path from the root: a file, or a folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// As the command line has it.
    pub(super) given: String,
    /// `/`-separated; empty for the root itself.
    pub(super) path: String,
}

/// A path from the current folder when it is there, else from the root that the command line names.
pub(super) fn from_here_or_root(root: Option<&Path>, path: &Path) -> PathBuf {
    match root {
        Some(root) if path.symlink_metadata().is_err() => root.join(path),
        _ => path.to_owned(),
    }
}

/// The path from the root, by name where possible: what a symbolic link is called counts, not where it leads.
pub(super) fn below(root: &Path, path: &Path) -> Result<Target, Stop> {
    let given = name(path);
    let full = |path: &Path| {
        std::path::absolute(path)
            .map(|path| normalised(&path))
            .map_err(|error| failed(format!("cannot tell where `{given}` is: {error}")))
    };
    let (base, wanted) = (full(root)?, full(path)?);
    let found = wanted.strip_prefix(&base).map(Path::to_owned).or_else(|_| {
        let base = root.canonicalize().unwrap_or(base);
        let wanted = path.canonicalize().unwrap_or(wanted.clone());
        wanted.strip_prefix(base).map(Path::to_owned)
    });
    let Ok(found) = found else {
        return Err(failed_with_help(
            format!("`{given}` lies outside of `{}`", name(root)),
            "name the repository with `--root DIR`",
        ));
    };
    let segments: Vec<_> = found
        .components()
        .map(|segment| segment.as_os_str().to_string_lossy())
        .collect();
    let path = segments.join("/");
    Ok(Target { given, path })
}

/// Without `.` and `..`, by the names alone.
fn normalised(path: &Path) -> PathBuf {
    let mut normalised = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normalised.pop();
            }
            part => normalised.push(part),
        }
    }
    normalised
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_not_here_is_looked_for_in_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let there = from_here_or_root(Some(root), Path::new("services/no-such-here"));
        let target = below(root, &there).unwrap();
        assert_eq!(target.path, "services/no-such-here");
        let here = Path::new("Cargo.toml");
        assert_eq!(from_here_or_root(Some(root), here), here);
    }

    #[test]
    fn paths_are_taken_from_the_root() {
        let path = |root: &str, path: &str| {
            below(Path::new(root), Path::new(path)).map(|target| target.path)
        };
        assert_eq!(path("/r", "/r/a/./b/../c").unwrap(), "a/c");
        assert_eq!(path("/r", "/r").unwrap(), "");
        assert!(path("/r", "/other").is_err());
    }
}
