//! Ownership files called CODEOWNERS: one file per host's dialect.

mod github;

pub(super) use github::GitHub;
