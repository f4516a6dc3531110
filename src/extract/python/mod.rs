//! Python: packages, their dependencies, and the modules that code imports.

#[cfg(feature = "python")]
mod code;
#[cfg(feature = "python")]
mod imports;
mod ini;
mod layout;
#[cfg(feature = "python")]
mod network;
#[cfg(feature = "python")]
mod parse;
mod project;
mod pyproject;
mod requirement;
mod requirements;
#[cfg(feature = "python")]
mod setup;
#[cfg(feature = "python")]
mod strings;

#[cfg(feature = "python")]
pub(super) use code::Code;
pub(super) use ini::Ini;
pub(super) use pyproject::Pyproject;
pub(super) use requirements::Requirements;
