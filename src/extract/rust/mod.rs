//! Rust: names of other crates and of modules of the same one in every file; borrowed files and hidden items where markers promise them.

mod comments;
mod crates;
#[cfg(feature = "rust")]
mod hidden;
mod imports;
mod inside;
mod modules;
#[cfg(feature = "rust")]
mod nesting;
mod regions;
mod scan;
#[cfg(feature = "rust")]
mod splice;
#[cfg(feature = "rust")]
mod syntax;
mod tokens;
mod uses;

#[cfg(feature = "rust")]
pub(super) use syntax::Syntax;
pub(super) use uses::Uses;
