//! Manifests of packages and projects that name the owner of their folder.

mod cargo;
mod kibana;
mod moon;
mod nx;

pub(super) use cargo::Cargo;
pub(super) use kibana::Kibana;
pub(super) use moon::Moon;
pub(super) use nx::Nx;
