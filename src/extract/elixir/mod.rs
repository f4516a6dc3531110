//! Elixir: applications in `mix.exs`, the modules that code defines, and those that it uses.

mod mix;
mod scopes;
mod syntax;
mod text;
mod uses;

pub(super) use mix::Mix;
pub(super) use uses::Uses;
