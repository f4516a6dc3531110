//! Files beside the code that tell how it is started: variables, processes, images.

mod assignments;
mod dotenv;
mod procfile;
mod skaffold;

pub(super) use dotenv::Dotenv;
pub(super) use procfile::Procfile;
pub(super) use skaffold::Skaffold;
