//! The files of a folder where git cannot list them: the same ignore rules, read without git.

use std::path::Path;

use ignore::{DirEntry, WalkBuilder};

use super::{Bounds, Entry, Listing, relative};
use crate::model::Mode;

/// Lists the files below `root`, in the order of names; links are listed and never followed.
///
/// `inside`: the folder belongs to a git working tree, so ignore files above it count and repositories below
/// it are strangers. One file more than `bounds.files` is listed when there are more.
pub(super) fn files(root: &Path, inside: bool, bounds: &Bounds) -> Listing {
    let mut listing = Listing::default();
    let mut deep = TooDeep::default();
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .parents(inside)
        .ignore(false)
        .require_git(false)
        .follow_links(false)
        .max_depth(Some(bounds.depth.saturating_add(1)))
        .sort_by_file_name(Ord::cmp)
        .filter_entry(move |entry| {
            entry.depth() == 0 || (entry.file_name() != ".git" && !(inside && is_repository(entry)))
        })
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => {
                if let Some(error) = entry.error() {
                    problem(root, error, &mut listing);
                }
                add(root, &entry, bounds, &mut deep, &mut listing);
            }
            Err(error) => problem(root, &error, &mut listing),
        }
        if listing.entries.len() > bounds.files {
            break;
        }
    }
    deep.report(bounds, &mut listing);
    listing
}

/// How many paths lie too deep, and the first of them.
#[derive(Debug, Default)]
pub(super) struct TooDeep {
    count: usize,
    first: String,
}

impl TooDeep {
    pub(super) fn add(&mut self, path: &str) {
        if self.count == 0 {
            self.first = path.to_owned();
        }
        self.count += 1;
    }

    pub(super) fn report(self, bounds: &Bounds, listing: &mut Listing) {
        if self.count > 0 {
            let why = format!(
                "deeper than {} folders: left out, as {} more",
                bounds.depth,
                self.count - 1
            );
            listing.problems.push((self.first, why));
        }
    }
}

fn is_repository(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir()) && entry.path().join(".git").exists()
}

fn add(root: &Path, entry: &DirEntry, bounds: &Bounds, deep: &mut TooDeep, listing: &mut Listing) {
    let Some(kind) = entry.file_type() else {
        return;
    };
    let Some(path) = relative(root, entry.path()) else {
        let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let problem = (
            path.to_string_lossy().into_owned(),
            super::NOT_UTF8.to_owned(),
        );
        listing.problems.push(problem);
        return;
    };
    if entry.depth() > bounds.depth {
        deep.add(&path);
    } else if kind.is_symlink() || kind.is_file() {
        let mode = if kind.is_file() {
            Mode::File
        } else {
            Mode::Symlink
        };
        listing.entries.push(Entry { path, mode });
    } else if !kind.is_dir() {
        let why = "neither a file nor a folder nor a link: left out".to_owned();
        listing.problems.push((path, why));
    }
}

fn problem(root: &Path, error: &ignore::Error, listing: &mut Listing) {
    match error {
        ignore::Error::Partial(errors) => {
            for error in errors {
                problem(root, error, listing);
            }
        }
        _ => {
            let path = place(error).and_then(|path| relative(root, path));
            let why = format!("cannot read: {}", reason(error));
            listing.problems.push((path.unwrap_or_default(), why));
        }
    }
}

fn place(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            place(err)
        }
        _ => None,
    }
}

/// The message without the absolute path.
fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => reason(err),
        ignore::Error::Io(error) => error.kind().to_string(),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::git;
    use crate::source::testing::Repository;

    fn paths(listing: &Listing) -> Vec<&str> {
        let mut paths: Vec<&str> = listing.entries.iter().map(|entry| &*entry.path).collect();
        paths.sort_unstable();
        paths
    }

    /// A tracked file, untracked ones, and nearly every form of ignoring.
    fn repository() -> Repository {
        let repository = Repository::new(&[
            (".gitignore", "/target\n*.log\n!keep.log\nbuild/\n"),
            ("src/a.rs", ""),
            (".hidden/b.rs", ""),
        ]);
        for path in [
            "src/new.rs",
            "target/debug/x.rs",
            "src/target/kept.rs",
            "noise.log",
            "src/keep.log",
            "src/build/gone.rs",
            "src/deep/.gitignore",
            "src/deep/secret",
            "src/.ignore",
            "excluded.rs",
            "ünï cödé/[x].rs",
        ] {
            repository.write(path, "");
        }
        repository.write("src/deep/.gitignore", "/secret\n");
        repository.write("src/.ignore", "a.rs\n");
        repository.write(".git/info/exclude", "excluded.rs\n");
        repository
    }

    #[test]
    fn the_walk_finds_what_git_lists() {
        let repository = repository();
        repository.write("nested/inner.rs", "");
        repository.git(&["init", "-q", "nested"]);
        repository.git(&["-C", "nested", "add", "."]);
        for folder in ["", "src", "src/deep"] {
            let root = repository.root().join(folder);
            let git = git::files(&root).unwrap();
            let walk = files(&root, true, &Bounds::default());
            assert_eq!(paths(&walk), paths(&git), "in `{folder}`");
            assert!(paths(&git).len() > usize::from(folder.is_empty()));
        }
        assert!(!paths(&git::files(repository.root()).unwrap()).contains(&"nested/inner.rs"));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_listed_and_not_followed() {
        let repository = repository();
        repository.write("../outside/secret.rs", "");
        std::os::unix::fs::symlink("../outside", repository.root().join("out")).unwrap();
        std::os::unix::fs::symlink("src", repository.root().join("loop")).unwrap();
        let walk = files(repository.root(), true, &Bounds::default());
        assert_eq!(paths(&walk), paths(&git::files(repository.root()).unwrap()));
        let links: Vec<&str> = walk
            .entries
            .iter()
            .filter(|entry| entry.mode == Mode::Symlink)
            .map(|entry| &*entry.path)
            .collect();
        assert_eq!(links, ["loop", "out"]);
    }

    #[test]
    fn depth_and_count_are_bounded() {
        let repository =
            Repository::untracked(&[("a/b/c/d.rs", ""), ("a/b/c/e/f.rs", ""), ("a/x.rs", "")]);
        let bounds = Bounds {
            depth: 3,
            ..Bounds::default()
        };
        let walk = files(repository.root(), false, &bounds);
        assert_eq!(paths(&walk), ["a/x.rs"]);
        assert_eq!(
            walk.problems,
            [(
                "a/b/c/d.rs".to_owned(),
                "deeper than 3 folders: left out, as 1 more".to_owned()
            )]
        );
        let bounds = Bounds {
            files: 1,
            ..Bounds::default()
        };
        assert_eq!(files(repository.root(), false, &bounds).entries.len(), 2);
    }
}
