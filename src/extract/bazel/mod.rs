//! Bazel and Buck: rules with what they are made of and depend on, and where labels start.

mod attributes;
mod labels;
mod rules;
mod values;
mod workspace;

pub(super) use rules::Rules;
pub(super) use workspace::Workspace;
