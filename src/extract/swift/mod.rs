//! Swift: packages and targets in `Package.swift`, and the modules that code imports.

mod calls;
mod manifest;
mod uses;

pub(super) use manifest::Manifest;
pub(super) use uses::Uses;
