//! One binary for all integration tests, so that there is one thing to link.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails, its helpers too"
)]

mod anonymize;
mod architecture;
mod cli;
mod commands;
mod docs;
mod extract;
mod gate;
#[cfg(unix)]
mod hostile;
mod links;
mod owners;
mod program;
mod repos;
mod resolve;
mod robustness;
mod rosters;
mod rules;
mod run;
mod rust_paths;
mod same_bytes;
mod secrets;
mod stranger;
mod support;
mod suppression;
