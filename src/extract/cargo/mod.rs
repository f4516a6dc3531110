//! Cargo: packages, their dependencies, workspaces and patches.

mod dependency;
mod manifest;

pub(super) use manifest::Manifest;
