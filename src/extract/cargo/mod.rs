//! Cargo: packages, their dependencies, workspaces and patches.

mod comments;
mod dependency;
mod git;
mod manifest;
mod read;

pub(super) use manifest::Manifest;
