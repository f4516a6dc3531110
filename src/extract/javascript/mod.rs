//! JavaScript and TypeScript: what files import, call, serve and store, and how a project's configuration names files.

mod blocks;
mod calls;
mod frameworks;
mod imports;
mod nesting;
mod network;
mod parse;
mod prisma;
mod strings;
mod tsconfig;

pub(super) use imports::Imports;
pub(super) use prisma::Prisma;
pub(super) use tsconfig::Config;
