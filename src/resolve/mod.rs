//! All facts together → components, owners, dependencies.

pub mod ownership;
