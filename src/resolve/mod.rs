//! All facts together → components, owners, dependencies.
