//! npm, yarn, pnpm and lerna: manifests of packages and of workspaces.

mod manifest;
mod programs;
mod specifier;
mod workspace;

pub(super) use manifest::Manifest;
pub(super) use workspace::Workspace;
