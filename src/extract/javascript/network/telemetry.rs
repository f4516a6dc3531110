//! What programs tell about themselves, and where: traces, metrics, registries, feature flags.
//!
//! Sources: <https://opentelemetry.io/docs/languages/js/exporters/>, <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>,
//! <https://openfeature.dev/docs/reference/other-technologies/flagd/>, <https://github.com/jquatier/eureka-js-client>

use super::Site;
use super::origin::Base;
use super::url;
use crate::model::{DependencyKind, Key, Part, Template};

/// States where a program reports to, and under which name it registers.
pub(super) fn detect(site: &Site<'_>) {
    let (Base::Module(module), Some(path)) = (&site.callee.base, site.callee.of_package(|_| true))
    else {
        return;
    };
    let texts = site.texts;
    let first = site.call.arguments.first();
    let option = |name: &str| first.and_then(|options| texts.property(options, name));
    let env =
        |name: &str, default: Template| Template::reference(Key::new("env", name), Some(default));
    let address = match (&**module, path.as_slice()) {
        (
            "@opentelemetry/exporter-trace-otlp-http"
            | "@opentelemetry/exporter-trace-otlp-proto"
            | "@opentelemetry/exporter-trace-otlp-grpc"
            | "@opentelemetry/exporter-metrics-otlp-http"
            | "@opentelemetry/exporter-metrics-otlp-proto"
            | "@opentelemetry/exporter-metrics-otlp-grpc"
            | "@opentelemetry/exporter-logs-otlp-http"
            | "@opentelemetry/exporter-logs-otlp-grpc",
            [_],
        ) => option("url").or_else(|| {
            let port = match module.ends_with("grpc") {
                true => "http://localhost:4317",
                false => "http://localhost:4318",
            };
            let own = match module.contains("metrics") {
                true => "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
                false if module.contains("logs") => "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
                false => "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            };
            Some(env(own, env("OTEL_EXPORTER_OTLP_ENDPOINT", port.into())))
        }),
        ("@opentelemetry/exporter-zipkin", ["ZipkinExporter"]) => option("url"),
        ("@opentelemetry/exporter-jaeger", ["JaegerExporter"]) => option("endpoint"),
        ("prom-client", ["Pushgateway"]) => first.map(|url| texts.text(url)),
        ("consul", [] | ["Consul"]) => first.map(|options| texts.address(options)),
        ("unleash-client", ["initialize" | "Unleash" | "startUnleash"]) => option("url"),
        ("@openfeature/flagd-provider", ["FlagdProvider"]) => {
            flags(site, &option, &env);
            return;
        }
        ("eureka-js-client", [] | ["Eureka"]) => {
            let registry = first.and_then(|options| texts.member(options, "eureka"));
            let instance = first.and_then(|options| texts.member(options, "instance"));
            let name = instance.and_then(|instance| texts.property(&instance, "app"));
            if let Some(name) = name.filter(Template::is_literal) {
                site.provides(Key::new("discovery", name), |_| {});
            }
            registry.map(|registry| texts.address(&registry))
        }
        _ => None,
    };
    // Where nothing tells the address, nobody is asked who could be known.
    let is_known = |address: &Template| !matches!(address.0.first(), None | Some(Part::Hole));
    if let Some(address) = address.filter(is_known) {
        url::state(site, &address, "POST", DependencyKind::CallHttp);
    }
}

/// States whom a provider of flagd asks: what its options say, else the environment, else this machine.
///
/// Source: <https://flagd.dev/reference/specifications/providers/>
fn flags(
    site: &Site<'_>,
    option: &impl Fn(&str) -> Option<Template>,
    env: &impl Fn(&str, Template) -> Template,
) {
    // Flags of a file, and a socket of this machine.
    if option("offlineFlagSourcePath").is_some() || option("socketPath").is_some() {
        return;
    }
    let resolver = option("resolverType");
    let (service, port) = match resolver.as_ref().and_then(Template::as_text) {
        Some("in-process") => ("flagd.sync.v1.FlagSyncService/{}", "8015"),
        _ => ("flagd.evaluation.v1.Service/{}", "8013"),
    };
    let mut address = option("host").unwrap_or_else(|| env("FLAGD_HOST", "localhost".into()));
    address.push(Part::Text(":".into()));
    address.extend(&option("port").unwrap_or_else(|| env("FLAGD_PORT", port.into())));
    let key = Key::at("grpc", address, service);
    site.requires(key, DependencyKind::CallGrpc);
}

#[cfg(test)]
mod tests {
    use crate::extract::javascript::Imports;
    use crate::extract::testing::lines;

    #[test]
    fn providers_of_flags_ask_where_their_options_say() {
        for (options, asked) in [
            (
                "",
                "grpc(${env:FLAGD_HOST|localhost}:${env:FLAGD_PORT|8013})flagd.evaluation.v1.Service/{}",
            ),
            (
                "{ host: 'flags', port: 9000 }",
                "grpc(flags:9000)flagd.evaluation.v1.Service/{}",
            ),
            (
                "{ resolverType: 'in-process', host: 'flags' }",
                "grpc(flags:${env:FLAGD_PORT|8015})flagd.sync.v1.FlagSyncService/{}",
            ),
            ("{ socketPath: '/run/flagd.sock' }", ""),
        ] {
            let text = format!(
                "import {{ FlagdProvider }} from '@openfeature/flagd-provider';\nnew FlagdProvider({options});"
            );
            let told = lines(&Imports, "a.js", &text);
            let told = told.lines().find(|line| line.contains("[call.grpc]"));
            let told = told
                .unwrap_or_default()
                .trim_start_matches("here requires ");
            assert_eq!(told.split(" [").next(), Some(asked), "{options}");
        }
    }
}
