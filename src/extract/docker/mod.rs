//! Docker: what images take in of the tree, and on which images they stand.

mod dockerfile;
mod variables;

pub(super) use dockerfile::Dockerfile;
