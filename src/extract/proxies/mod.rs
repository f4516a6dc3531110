//! Proxies: where configurations of gateways lead requests.

mod apache;
mod caddy;
mod directives;
mod envoy;
mod nginx;
mod routes;
mod traefik;

pub(super) use apache::Lines;
pub(super) use caddy::Caddy;
pub(super) use envoy::Envoy;
pub(super) use nginx::Nginx;
pub(super) use traefik::Traefik;
