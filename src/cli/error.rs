//! Why a verb stops before its end.

use std::fmt::Display;
use std::io;

/// Why a verb stops.
#[derive(Debug)]
pub(super) enum Stop {
    /// Whoever reads the output has gone: no failure.
    Closed,
    /// The gate does not open; all has been said.
    Shut,
    Failed(Failure),
}

/// What could not be done.
#[derive(Debug)]
pub(super) struct Failure {
    /// Lowercase fragments, one a line; never empty.
    pub messages: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
}

/// A failure; each line of `error` is a message of its own.
pub(super) fn failed(error: impl Display) -> Stop {
    Stop::Failed(Failure {
        messages: error.to_string().lines().map(str::to_owned).collect(),
        help: None,
    })
}

/// A failure with a way out.
pub(super) fn failed_with_help(error: impl Display, help: impl Into<String>) -> Stop {
    match failed(error) {
        Stop::Failed(failure) => Stop::Failed(Failure {
            help: Some(help.into()),
            ..failure
        }),
        stop => stop,
    }
}

/// A failure to write to `target`.
pub(super) fn write_failed(error: &io::Error, target: &str) -> Stop {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Stop::Closed
    } else {
        failed(format!("cannot write {target}: {error}"))
    }
}
