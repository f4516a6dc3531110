//! Docker: what images take in of the tree, on which images they stand, and what they start with which settings.

mod dockerfile;
mod stages;
mod variables;

pub(super) use dockerfile::Dockerfile;
