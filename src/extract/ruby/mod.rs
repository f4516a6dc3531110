//! Ruby: gems, packs, and the constants and files that code names.

#[cfg(feature = "grammars")]
mod code;
#[cfg(feature = "grammars")]
mod constants;
#[cfg(feature = "grammars")]
mod gems;
mod packs;
#[cfg(feature = "grammars")]
mod strings;

#[cfg(feature = "grammars")]
pub(super) use code::Code;
#[cfg(feature = "grammars")]
pub(super) use gems::Gems;
pub(super) use packs::Packs;
