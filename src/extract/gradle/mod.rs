//! Gradle: settings, build scripts in both languages, catalogues of versions.
//!
//! A build script is a program; what stands in it literally is read, and what loops over literal lists.

mod apply;
mod build;
mod catalog;
mod configuration;
mod dependencies;
mod names;
mod properties;
mod script;
mod settings;

pub(super) use build::Build;
pub(super) use catalog::Catalog;
pub(super) use properties::Properties;
pub(super) use settings::Settings;
