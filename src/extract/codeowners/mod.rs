//! Ownership files called CODEOWNERS: one file per host's dialect.
//!
//! Several hosts look in the root and in `docs/`. Which of them reads the file is not told by the file alone, so each
//! extractor states what its host would read; whose reading counts is decided for the whole repository.

mod bitbucket;
mod gitea;
mod github;
mod gitlab;
mod lines;

pub(super) use bitbucket::Bitbucket;
pub(super) use gitea::Gitea;
pub(super) use github::GitHub;
pub(super) use gitlab::GitLab;
