//! Proxies: where configurations of gateways lead requests.

mod directives;
mod nginx;

pub(super) use nginx::Nginx;
