//! sbt: what `build.sbt` files declare.

mod build;
mod projects;

pub(super) use build::Build;
