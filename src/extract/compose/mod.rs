//! Compose: where the images of services are built, and out of which folders.

mod build;

pub(super) use build::Build;
