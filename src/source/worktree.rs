//! A folder on disk as a source: which files count, and their bytes, without following a link.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use rayon::prelude::*;

use super::walk::{self, TooDeep};
use super::{Bounds, Entry, Listing, Source, git};
use crate::model::{Mode, parent};

/// A working tree: a folder on disk, with or without git.
#[derive(Debug)]
pub struct Worktree {
    name: String,
    root: PathBuf,
    /// Folders that were looked at: whether they are real, with no link on the way from the root.
    folders: RwLock<HashMap<String, bool>>,
}

/// Why a folder cannot be analysed.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("cannot find `{}`: give the folder of a repository", .0.display())]
    NotFound(PathBuf),
    #[error("`{}` is not a folder: give the folder of a repository", .0.display())]
    NotAFolder(PathBuf),
    #[error("cannot open `{}` ({source}): check its permissions", path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl Worktree {
    /// Takes the folder `path` as the root of a repository; nothing is read yet.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => SourceError::NotFound(path.to_owned()),
            _ => SourceError::Io {
                path: path.to_owned(),
                source,
            },
        };
        let root = path.canonicalize().map_err(failed)?;
        if !root.metadata().map_err(failed)?.is_dir() {
            return Err(SourceError::NotAFolder(path.to_owned()));
        }
        fs::read_dir(&root).map_err(failed)?;
        let name = root.file_name().map_or("root".to_owned(), |name| {
            name.to_string_lossy().into_owned()
        });
        Ok(Self {
            name,
            root,
            folders: RwLock::default(),
        })
    }

    /// The absolute path of the root, links resolved.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What git lists; the walk where there is no git, or nothing for git to list.
    fn candidates(&self, bounds: &Bounds) -> Listing {
        // Without `.git` above there is nothing to ask, so git need not be installed.
        if !self
            .root
            .ancestors()
            .any(|folder| folder.join(".git").exists())
        {
            return walk::files(&self.root, false, bounds);
        }
        let (inside, why) = match git::files(&self.root) {
            // An ignored folder of another repository, like a copy below `target`: the rules above would hide it all.
            Ok(listing) if listing.entries.is_empty() && listing.problems.is_empty() => {
                (false, None)
            }
            Ok(listing) => return listing,
            Err(error) => (
                true,
                format!("{error}; the files are listed without git").into(),
            ),
        };
        let mut listing = walk::files(&self.root, inside, bounds);
        listing.problems.extend(why.map(|why| (String::new(), why)));
        listing
    }

    /// What the entry is on disk; `Ok(None)`: not there, which is normal for a tracked file.
    fn check(&self, entry: Entry) -> Result<Option<Entry>, (String, String)> {
        if entry.mode == Mode::Submodule {
            return Ok(Some(entry));
        }
        if !self.is_real(parent(&entry.path)) {
            return Ok(None);
        }
        let metadata = match fs::symlink_metadata(self.root.join(&entry.path)) {
            Ok(metadata) => metadata,
            Err(error) => {
                return match error.kind() {
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
                    kind => Err((entry.path, format!("cannot read: {kind}"))),
                };
            }
        };
        let kind = metadata.file_type();
        let mode = if kind.is_symlink() {
            Mode::Symlink
        } else if kind.is_dir() {
            return Ok(None);
        } else if !kind.is_file() {
            let why = "neither a file nor a folder nor a link: left out".to_owned();
            return Err((entry.path, why));
        } else if entry.mode == Mode::Symlink {
            // Where links are not supported, git writes the target into a file.
            Mode::Symlink
        } else {
            file_mode(&metadata, entry.mode)
        };
        Ok(Some(Entry { mode, ..entry }))
    }

    /// Whether a folder exists and no link stands between the root and it.
    fn is_real(&self, folder: &str) -> bool {
        if folder.is_empty() {
            return true;
        }
        let known = self.folders.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(real) = known.get(folder) {
            return *real;
        }
        drop(known);
        let real = ancestors(folder).all(|folder| {
            fs::symlink_metadata(self.root.join(folder)).is_ok_and(|metadata| metadata.is_dir())
        });
        self.folders
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(folder.to_owned(), real);
        real
    }
}

impl Source for Worktree {
    fn name(&self) -> &str {
        &self.name
    }

    fn folder(&self) -> Option<&Path> {
        Some(&self.root)
    }

    fn list(&self, bounds: &Bounds) -> Listing {
        let Listing {
            entries: mut candidates,
            mut problems,
        } = self.candidates(bounds);
        candidates.sort();
        candidates.dedup_by(|a, b| a.path == b.path);
        let candidates = within_bounds(candidates, bounds, &mut problems);
        let checked: Vec<Result<Option<Entry>, (String, String)>> = candidates
            .into_par_iter()
            .map(|entry| self.check(entry))
            .collect();
        let mut entries = Vec::with_capacity(checked.len());
        for result in checked {
            match result {
                Ok(entry) => entries.extend(entry),
                Err(problem) => problems.push(problem),
            }
        }
        problems.sort();
        problems.dedup();
        Listing { entries, problems }
    }

    fn read(&self, path: &str, bounds: &Bounds) -> io::Result<Vec<u8>> {
        if !is_plain(path) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        if !self.is_real(parent(path)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let path = self.root.join(path);
        // Looked at before it is opened: opening a pipe would wait for a writer, a device may do anything.
        let metadata = fs::symlink_metadata(&path)?;
        if metadata.is_symlink() {
            return Ok(bytes(&fs::read_link(&path)?));
        }
        if !metadata.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        if metadata.len() > bounds.file_size {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut content = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
        // The file may have grown since.
        File::open(&path)?
            .take(bounds.file_size.saturating_add(1))
            .read_to_end(&mut content)?;
        if content.len() as u64 > bounds.file_size {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(content)
    }
}

/// Leaves out what lies outside of the root, too deep, or behind the largest number of files.
fn within_bounds(
    entries: Vec<Entry>,
    bounds: &Bounds,
    problems: &mut Vec<(String, String)>,
) -> Vec<Entry> {
    let mut kept = Listing::default();
    let mut deep = TooDeep::default();
    for entry in entries {
        if !is_plain(&entry.path) {
            let why = "the path leaves the root or its form is unknown: left out".to_owned();
            kept.problems.push((entry.path, why));
        } else if entry.path.split('/').count() > bounds.depth {
            deep.add(&entry.path);
        } else {
            kept.entries.push(entry);
        }
    }
    deep.report(bounds, &mut kept);
    if kept.entries.len() > bounds.files {
        kept.entries.truncate(bounds.files);
        let why = format!(
            "more than {} files: the last ones in the order of paths are left out",
            bounds.files
        );
        kept.problems.push((String::new(), why));
    }
    problems.append(&mut kept.problems);
    kept.entries
}

/// Whether a path consists of plain names alone; a crafted index may hold anything.
fn is_plain(path: &str) -> bool {
    !path.is_empty()
        && path.split('/').all(|segment| {
            let mut components = Path::new(segment).components();
            !segment.eq_ignore_ascii_case(".git")
                && !segment.contains('\0')
                && matches!(components.next(), Some(Component::Normal(name)) if name == segment)
                && components.next().is_none()
        })
}

/// `a/b/c` → `a`, `a/b`, `a/b/c`.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    folder
        .match_indices('/')
        .map(|(at, _)| &folder[..at])
        .chain(Some(folder))
}

#[cfg(unix)]
fn file_mode(metadata: &Metadata, _: Mode) -> Mode {
    use std::os::unix::fs::PermissionsExt;
    // git, too, looks at the owner's bit alone.
    if metadata.permissions().mode() & 0o100 != 0 {
        Mode::Executable
    } else {
        Mode::File
    }
}

#[cfg(not(unix))]
fn file_mode(_: &Metadata, tracked: Mode) -> Mode {
    tracked
}

#[cfg(unix)]
fn bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(not(unix))]
fn bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().replace('\\', "/").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing::Repository;

    fn paths(listing: &Listing) -> Vec<&str> {
        listing.entries.iter().map(|entry| &*entry.path).collect()
    }

    fn list(repository: &Repository) -> Listing {
        Worktree::open(repository.root())
            .unwrap()
            .list(&Bounds::default())
    }

    #[test]
    fn the_root_may_be_a_folder_of_the_repository() {
        let repository =
            Repository::new(&[("a.rs", "top"), ("src/b.rs", "b"), ("src/c/d.rs", "d")]);
        repository.write("src/new.rs", "");
        let worktree = Worktree::open(&repository.root().join("src")).unwrap();
        let bounds = Bounds::default();
        assert_eq!(worktree.name(), "src");
        assert_eq!(paths(&worktree.list(&bounds)), ["b.rs", "c/d.rs", "new.rs"]);
        assert_eq!(worktree.read("c/d.rs", &bounds).unwrap(), b"d");
        for escape in ["../a.rs", "/etc/passwd", "c/../b.rs", ".git/config", ""] {
            let error = worktree.read(escape, &bounds).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{escape}");
        }
    }

    #[test]
    fn a_tracked_file_that_was_deleted_is_not_listed_and_no_problem() {
        let repository = Repository::new(&[("a.rs", ""), ("gone.rs", ""), ("old/gone.rs", "")]);
        fs::remove_file(repository.root().join("gone.rs")).unwrap();
        fs::remove_dir_all(repository.root().join("old")).unwrap();
        let listing = list(&repository);
        assert_eq!((paths(&listing), listing.problems.len()), (vec!["a.rs"], 0));
    }

    #[test]
    fn an_ignored_folder_inside_a_repository_is_walked() {
        let repository = Repository::new(&[(".gitignore", "target/\ntarget/**\n")]);
        repository.write("target/copy/src/a.rs", "");
        repository.write("target/copy/.gitignore", "*.log\n");
        repository.write("target/copy/b.log", "");
        let worktree = Worktree::open(&repository.root().join("target/copy")).unwrap();
        let listing = worktree.list(&Bounds::default());
        assert_eq!(paths(&listing), [".gitignore", "src/a.rs"]);
    }

    #[test]
    fn a_folder_without_git_is_walked() {
        let repository =
            Repository::untracked(&[("a/b.rs", ""), (".gitignore", "*.log"), ("x.log", "")]);
        let listing = list(&repository);
        assert_eq!(
            (paths(&listing), listing.problems.len()),
            (vec![".gitignore", "a/b.rs"], 0)
        );
    }

    #[test]
    fn a_broken_repository_is_walked_with_a_problem() {
        let repository = Repository::untracked(&[("a.rs", ""), (".git", "gitdir: nowhere\n")]);
        let listing = list(&repository);
        assert_eq!(paths(&listing), ["a.rs"]);
        assert!(
            listing.problems[0]
                .1
                .ends_with("the files are listed without git"),
            "{:?}",
            listing.problems
        );
    }

    #[test]
    fn bounds_that_bite_are_problems() {
        let repository = Repository::new(&[
            ("a/b/c.rs", ""),
            ("a/d.rs", ""),
            ("x.rs", "12345"),
            ("y.rs", ""),
        ]);
        let bounds = Bounds {
            file_size: 4,
            depth: 2,
            files: 2,
            ..Bounds::default()
        };
        let worktree = Worktree::open(repository.root()).unwrap();
        let listing = worktree.list(&bounds);
        assert_eq!(paths(&listing), ["a/d.rs", "x.rs"]);
        let problems: Vec<&str> = listing.problems.iter().map(|(_, why)| &**why).collect();
        assert_eq!(
            problems,
            [
                "more than 2 files: the last ones in the order of paths are left out",
                "deeper than 2 folders: left out, as 0 more",
            ]
        );
        let error = worktree.read("x.rs", &bounds).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn opening_says_what_is_wrong() {
        let repository = Repository::untracked(&[("file", "")]);
        let open = |name: &str| {
            let error = Worktree::open(&repository.root().join(name)).unwrap_err();
            error
                .to_string()
                .replace(repository.root().to_str().unwrap(), "…")
        };
        assert_eq!(
            open("absent"),
            "cannot find `…/absent`: give the folder of a repository"
        );
        assert_eq!(
            open("file"),
            "`…/file` is not a folder: give the folder of a repository"
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_are_read_as_text_and_never_passed() {
        let repository = Repository::new(&[("a.rs", ""), ("dir/b.rs", "")]);
        repository.write("../outside/b.rs", "secret");
        fs::remove_dir_all(repository.root().join("dir")).unwrap();
        std::os::unix::fs::symlink("../outside", repository.root().join("dir")).unwrap();
        let worktree = Worktree::open(repository.root()).unwrap();
        let bounds = Bounds::default();
        let listing = worktree.list(&bounds);
        assert_eq!(paths(&listing), ["a.rs", "dir"]);
        assert_eq!(listing.entries[1].mode, Mode::Symlink);
        assert_eq!(worktree.read("dir", &bounds).unwrap(), b"../outside");
        let error = worktree.read("dir/b.rs", &bounds).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn pipes_are_left_out_and_never_opened() {
        let repository = Repository::new(&[("a.rs", ""), ("pipe.rs", "")]);
        let pipe = repository.root().join("pipe.rs");
        fs::remove_file(&pipe).unwrap();
        let made = std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap();
        assert!(made.success());
        let worktree = Worktree::open(repository.root()).unwrap();
        let listing = worktree.list(&Bounds::default());
        assert_eq!(paths(&listing), ["a.rs"]);
        assert_eq!(listing.problems[0].0, "pipe.rs");
        assert!(worktree.read("pipe.rs", &Bounds::default()).is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_path_that_is_not_utf8_is_a_problem_with_and_without_git() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let name = OsStr::from_bytes(b"caf\xe9.rs");
        for repository in [
            Repository::new(&[("a.rs", "")]),
            Repository::untracked(&[("a.rs", "")]),
        ] {
            fs::write(repository.root().join(name), "").unwrap();
            let listing = list(&repository);
            assert_eq!(paths(&listing), ["a.rs"]);
            assert_eq!(
                listing.problems,
                [(
                    "caf\u{fffd}.rs".to_owned(),
                    crate::source::NOT_UTF8.to_owned()
                )]
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn unreadable_folders_are_problems_with_and_without_git() {
        use std::os::unix::fs::PermissionsExt;
        for repository in [
            Repository::new(&[("a.rs", "")]),
            Repository::untracked(&[("a.rs", "")]),
        ] {
            repository.write("locked/b.rs", "");
            let folder = repository.root().join("locked");
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
            if fs::read_dir(&folder).is_ok() {
                return; // root reads everything
            }
            let listing = list(&repository);
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
            assert_eq!(paths(&listing), ["a.rs"]);
            assert_eq!(listing.problems[0].0, "locked");
        }
    }
}
