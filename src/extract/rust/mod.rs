//! Rust: names of other crates in every file; borrowed files and hidden items where markers promise them.

mod imports;
mod modules;
mod regions;
mod tokens;
mod uses;

pub use uses::Uses;
