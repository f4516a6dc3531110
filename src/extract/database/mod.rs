//! Which tables do scripts, migrations, mappings and queries in code create, read and write?
//!
//! Which store they live in is not said beside them: resolving takes the one that the program connects to.

mod changelogs;
mod code;
mod fold;
mod lexer;
mod mappings;
mod queries;
mod scripts;
mod sink;

pub(super) use changelogs::Changelogs;
pub(super) use mappings::Mappings;
pub(super) use queries::Queries;
pub(super) use scripts::Scripts;
