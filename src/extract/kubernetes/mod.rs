//! Kubernetes: what manifests deploy, under which names it is reached, and which settings it gets; also from Helm charts and kustomizations.

mod config;
mod containers;
mod dapr;
mod kustomize;
mod manifest;
mod routes;
mod services;
mod templates;
mod values;
mod workloads;

pub(super) use kustomize::Settings;
pub(super) use manifest::Manifest;
pub(super) use values::Values;
