//! Repositories and scripts in temporary folders, for the tests of this stage.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A temporary folder with a git repository in `repo`, whose given files are tracked.
pub(super) struct Repository {
    folder: TempDir,
    root: PathBuf,
}

impl Repository {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let repository = Self::untracked(files);
        repository.git(&["init", "-q"]);
        repository.git(&["add", "-f", "."]);
        repository
    }

    /// The same without git.
    pub(super) fn untracked(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("repo");
        std::fs::create_dir(&root).unwrap();
        let repository = Self { folder, root };
        for (path, text) in files {
            repository.write(path, text);
        }
        repository
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// A folder beside the repository.
    pub(super) fn outside(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(super) fn git(&self, arguments: &[&str]) {
        let status = Command::new("git")
            .arg("-C")
            .arg(&self.root)
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env_remove("GIT_DIR")
            .env_remove("GIT_INDEX_FILE")
            .status()
            .unwrap();
        assert!(status.success(), "git {arguments:?}");
    }
}

/// An executable shell script.
#[cfg(unix)]
pub(super) fn script(folder: &Path, name: &str, text: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}
