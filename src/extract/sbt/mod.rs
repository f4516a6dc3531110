//! sbt: what `*.sbt` files and the Scala code of `project/` declare.

mod artifacts;
mod build;
mod definitions;
mod expressions;
mod links;
mod projects;

pub(super) use build::Build;
