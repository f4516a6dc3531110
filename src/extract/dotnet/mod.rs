//! .NET: MSBuild projects and what they import, and the namespaces, types and imports of C# and Razor.

mod code;
mod expressions;
mod items;
mod kind;
mod packages;
mod project;
#[cfg(feature = "proto")]
mod proto;
mod razor;
mod scan;
mod tokens;

pub(super) use code::Code;
pub(super) use packages::Packages;
pub(super) use project::Project;
#[cfg(feature = "proto")]
pub(super) use proto::Generated;
pub(super) use razor::Razor;
