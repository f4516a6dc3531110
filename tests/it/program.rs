//! The program itself, in an environment that says nothing about who runs the tests.

use std::path::Path;
use std::process::{Command, Stdio};

/// What a run left.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// The program with arguments, to be run in `folder`.
pub(crate) fn twopizza(folder: &Path, args: &[&str]) -> Command {
    let mut command = scrubbed(env!("CARGO_BIN_EXE_twopizza"));
    command.args(args).current_dir(folder);
    command
}

/// Runs the program in `folder`.
pub(crate) fn run(folder: &Path, args: &[&str]) -> Ran {
    ran(&mut twopizza(folder, args))
}

/// Runs a command.
pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes| String::from_utf8(bytes).expect("what we print is UTF-8");
    Ran {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// Runs git in `folder`; no configuration outside of it counts.
pub(crate) fn git(folder: &Path, args: &[&str]) {
    let mut command = scrubbed("git");
    command
        .args(["-c", "user.name=acme", "-c", "user.email=acme@example.org"])
        .args(args)
        .current_dir(folder);
    let ran = ran(&mut command);
    assert_eq!(ran.code, Some(0), "git {args:?}: {ran:?}");
}

/// A program that sees where programs are, and nothing else of our environment.
pub(crate) fn scrubbed(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env_clear().stdin(Stdio::null());
    for name in ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "TMPDIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null");
    command
}
