//! What git knows of a working tree: its root and its files.
//!
//! The configuration of the analysed repository can name programs that git runs (file system monitor, hooks,
//! pagers, helpers); each call switches them off, and only commands that need neither filters nor diffs are used.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::program::{self, Output, ProgramError};
use super::{Entry, Listing};
use crate::model::Mode;

/// Generous: a cold disk and a million files.
const LIMIT: Duration = Duration::from_secs(300);

/// Settings that win over the repository's own; <https://git-scm.com/docs/git-config>.
const SETTINGS: &[&str] = &[
    "safe.directory=*", // containers often mount repositories of another user
    "safe.bareRepository=explicit",
    "core.quotePath=false",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.editor=false",
    "core.askPass=",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.alternateRefsCommand=",
    "credential.helper=",
    "diff.external=",
    "gpg.program=false",
    "log.showSignature=false",
    "protocol.allow=never",
    "submodule.recurse=false",
];

/// The root of the git working tree that holds `path`; `None` without git or outside of one.
pub fn top_level(path: &Path) -> Option<PathBuf> {
    find_top_level(path).ok().flatten()
}

/// The tracked files and the untracked ones that are not ignored, below `root` and relative to it.
///
/// Tracked files count even if they match an ignore rule or are missing on disk.
pub(super) fn files(root: &Path) -> Result<Listing, ProgramError> {
    // A setting of the repository can name any folder as its working tree; git would list that one.
    if !find_top_level(root)?.is_some_and(|top| root.starts_with(top)) {
        return Err(ProgramError::Failed {
            program: "git".to_owned(),
            code: None,
            line: "its working tree is another folder".to_owned(),
        });
    }
    let mut listing = Listing::default();
    tracked(&git(root, &["ls-files", "-s", "-z"])?.stdout, &mut listing);
    let output = git(root, &["ls-files", "-o", "--exclude-standard", "-z"])?;
    untracked(&output.stdout, &mut listing);
    warnings(&output.stderr, &mut listing);
    Ok(listing)
}

fn find_top_level(path: &Path) -> Result<Option<PathBuf>, ProgramError> {
    let output = git(path, &["rev-parse", "--show-toplevel"])?;
    let text = output.stdout.strip_suffix(b"\n").unwrap_or(&output.stdout);
    Ok(os_path(text).and_then(|path| path.canonicalize().ok()))
}

/// Reads `<mode> <object> <stage>\t<path>\0` entries; a conflicted path comes once per stage.
fn tracked(bytes: &[u8], listing: &mut Listing) {
    let mut last: &[u8] = b"";
    for entry in bytes.split(|byte| *byte == 0) {
        let Some(tab) = memchr::memchr(b'\t', entry) else {
            continue;
        };
        let (head, path) = (&entry[..tab], &entry[tab + 1..]);
        if path == last {
            continue;
        }
        last = path;
        let mode = match head.get(..6) {
            Some(b"120000") => Mode::Symlink,
            Some(b"160000") => Mode::Submodule,
            Some(b"100755") => Mode::Executable,
            _ => Mode::File,
        };
        push(path, mode, listing);
    }
}

/// Reads `<path>\0` entries; a repository inside this one comes as its folder with a `/`.
fn untracked(bytes: &[u8], listing: &mut Listing) {
    for path in bytes.split(|byte| *byte == 0) {
        match path.strip_suffix(b"/") {
            _ if path.is_empty() => {}
            Some(folder) => listing.problems.push((
                String::from_utf8_lossy(folder).into_owned(),
                super::NESTED.to_owned(),
            )),
            None => push(path, Mode::File, listing),
        }
    }
}

/// Folders that git could not open are warnings only.
fn warnings(stderr: &[u8], listing: &mut Listing) {
    for line in String::from_utf8_lossy(stderr).lines() {
        let Some(text) = line.strip_prefix("warning: ") else {
            continue;
        };
        let problem = match text.strip_prefix("could not open directory '") {
            Some(rest) => match rest.rsplit_once("': ") {
                Some((folder, why)) => (
                    folder.trim_end_matches('/').to_owned(),
                    format!("cannot read the folder: {}", why.to_lowercase()),
                ),
                None => (String::new(), format!("git warns: {text}")),
            },
            None => (String::new(), format!("git warns: {text}")),
        };
        listing.problems.push(problem);
    }
}

fn push(path: &[u8], mode: Mode, listing: &mut Listing) {
    match std::str::from_utf8(path) {
        Ok(path) => listing.entries.push(Entry {
            path: path.to_owned(),
            mode,
        }),
        Err(_) => listing.problems.push((
            String::from_utf8_lossy(path).into_owned(),
            super::NOT_UTF8.to_owned(),
        )),
    }
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Output, ProgramError> {
    program::output(&mut command(folder, arguments), LIMIT)
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    // A hook that runs us sets variables for its own repository and index.
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"GIT_") {
            command.env_remove(name);
        }
    }
    command
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("LC_ALL", "C")
        .args(["--no-pager", "--no-optional-locks", "--literal-pathspecs"]);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command
        .args([OsStr::new("-C"), folder.as_os_str()])
        .args(arguments);
    command
}

#[cfg(unix)]
fn os_path(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn os_path(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflicted_file_is_listed_once_and_modes_are_kept() {
        let mut listing = Listing::default();
        tracked(
            b"100644 aa 1\ta.rs\x00100644 bb 2\ta.rs\x00100755 cc 0\trun.sh\x00\
              120000 dd 0\tlink\x00160000 ee 0\tsub\x00",
            &mut listing,
        );
        let found: Vec<(&str, Mode)> = listing
            .entries
            .iter()
            .map(|entry| (&*entry.path, entry.mode))
            .collect();
        assert_eq!(
            found,
            [
                ("a.rs", Mode::File),
                ("run.sh", Mode::Executable),
                ("link", Mode::Symlink),
                ("sub", Mode::Submodule)
            ]
        );
    }

    #[test]
    fn what_git_cannot_give_is_a_problem() {
        let mut listing = Listing::default();
        untracked(b"caf\xe9.rs\x00inner/\x00new.rs\x00", &mut listing);
        warnings(
            b"warning: could not open directory 'a/locked/': Permission denied\n",
            &mut listing,
        );
        assert_eq!(listing.entries.len(), 1);
        let places: Vec<&str> = listing.problems.iter().map(|(path, _)| &**path).collect();
        assert_eq!(places, ["caf\u{fffd}.rs", "inner", "a/locked"]);
    }

    #[cfg(unix)]
    #[test]
    fn no_program_of_the_repository_is_started() {
        use crate::source::testing::{Repository, script};
        let repository = Repository::new(&[("a.rs", ""), (".gitattributes", "* filter=acme\n")]);
        let trap = script(
            repository.outside(),
            "trap",
            "touch \"$(dirname \"$0\")/sprung\"\ncat",
        );
        let trap = trap.to_str().unwrap();
        for (key, value) in [
            ("core.fsmonitor", trap),
            ("core.pager", trap),
            ("core.sshCommand", trap),
            ("core.hooksPath", repository.outside().to_str().unwrap()),
            ("filter.acme.clean", trap),
            ("filter.acme.process", trap),
            ("diff.external", trap),
            ("alias.ls-files", &format!("!{trap}")),
            ("alias.rev-parse", &format!("!{trap}")),
        ] {
            repository.git(&["config", key, value]);
        }
        std::fs::write(repository.root().join("b.rs"), "").unwrap();
        assert_eq!(files(repository.root()).unwrap().entries.len(), 3);
        assert_eq!(
            top_level(repository.root()).as_deref(),
            Some(repository.root())
        );
        assert!(!repository.outside().join("sprung").exists());
    }

    #[test]
    fn a_repository_cannot_have_another_folder_listed() {
        use crate::source::testing::Repository;
        let repository = Repository::new(&[("a.rs", "")]);
        repository.write("../other/b.rs", "");
        repository.git(&["config", "core.worktree", "../../other"]);
        let error = files(repository.root()).unwrap_err().to_string();
        assert!(
            error.ends_with("its working tree is another folder"),
            "{error}"
        );
    }
}
