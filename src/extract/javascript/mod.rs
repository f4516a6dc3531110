//! JavaScript and TypeScript: what files import, and how a project's configuration names files.

mod blocks;
mod calls;
mod frameworks;
mod imports;
mod nesting;
mod parse;
mod strings;
mod tsconfig;

pub(super) use imports::Imports;
pub(super) use tsconfig::Config;
