//! CMake: projects, targets, what they are made of, where they look for headers, and what they link.

mod commands;
mod generator;
mod interpret;
mod lists;
mod model;
mod statements;
mod targets;
mod values;

pub(super) use lists::Lists;
