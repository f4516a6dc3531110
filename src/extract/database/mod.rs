//! Which tables do scripts, migrations, mappings and queries in code create, read and write?
//!
//! Which store they live in is not said beside them: resolving takes the one that the program connects to.

mod code;
mod fold;
mod lexer;
mod queries;
mod scripts;
mod sink;

pub(super) use queries::Queries;
pub(super) use scripts::Scripts;
