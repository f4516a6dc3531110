//! What git borrows: symbolic links, and submodules.

mod submodules;
mod symlinks;

pub(super) use submodules::Submodules;
pub(super) use symlinks::Symlinks;
