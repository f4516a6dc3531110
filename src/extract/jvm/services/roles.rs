//! What is a program by the annotations of its main class: a server of the platform, a gateway, a client of a registry?

use super::sink::Sink;
use super::values::Values;
use crate::model::{Access, DependencyKind, Key, Template};

/// Annotations with the roles that they give.
const ROLES: &[(&str, &[&str])] = &[
    ("EnableAdminServer", &["admin-server", "infrastructure"]),
    ("EnableConfigServer", &["config-server", "infrastructure"]),
    (
        "EnableEurekaServer",
        &["discovery-server", "infrastructure"],
    ),
    ("EnableHystrixDashboard", &["dashboard", "infrastructure"]),
    ("EnableTurbine", &["dashboard", "infrastructure"]),
    ("EnableTurbineAmqp", &["dashboard", "infrastructure"]),
    ("EnableTurbineStream", &["dashboard", "infrastructure"]),
    ("EnableZipkinServer", &["tracing-server", "infrastructure"]),
    (
        "EnableZipkinStreamServer",
        &["tracing-server", "infrastructure"],
    ),
    ("EnableZuulProxy", &["gateway", "discovery-gateway"]),
    ("EnableZuulServer", &["gateway"]),
];

/// Annotations that make a program a client of a registry.
const CLIENTS: &[&str] = &["EnableDiscoveryClient", "EnableEurekaClient"];

pub(super) fn find(values: &Values<'_, '_>, sink: &mut Sink) {
    for class in &values.outline.classes {
        // A service that shows its own circuit breakers is still a service.
        let is_busy = [
            "EnableFeignClients",
            "EnableCircuitBreaker",
            "EnableHystrix",
        ]
        .iter()
        .any(|name| class.annotation(name).is_some());
        for annotation in &class.annotations {
            let bytes = values.source.bytes(annotation.tokens.clone());
            let roles = ROLES.iter().filter(|(name, _)| *name == annotation.name);
            for role in roles.flat_map(|(_, roles)| *roles) {
                let is_dashboard = annotation.name == "EnableHystrixDashboard";
                if !(is_busy && is_dashboard) {
                    sink.provides(Key::new("trait", *role), bytes.clone());
                }
            }
            // Tokens are shown to whoever gave them, unless the key is at hand.
            if annotation.name == "EnableResourceServer" {
                let key = Key::new("property", "security.oauth2.resource.user-info-uri");
                sink.http(key.into(), "GET", bytes.clone());
            }
            if CLIENTS.contains(&&*annotation.name) {
                let at = Template::from(Key::new(
                    "property",
                    "eureka.client.service-url.defaultZone",
                ));
                let key = Key::at("platform", at, "discovery-server");
                sink.requires(key, DependencyKind::CallHttp, Access::Use, bytes.clone());
            }
        }
    }
}
