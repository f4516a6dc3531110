//! Where traces and measurements are sent to, which registry and which flags are asked for.
//!
//! Sources: <https://opentelemetry.io/docs/languages/go/exporters/>, <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>,
//! <https://pkg.go.dev/github.com/hashicorp/consul/api#Config>, <https://flagd.dev/providers/go/>

use tree_sitter::Node;

use super::calls::{Call, Callee};
use super::facts::{Found, Use};
use super::libraries::{is, within};
use super::texts::{is_unknown, join, or};
use super::types::Type;
use super::unit::Value;
use super::value::{Values, pairs};
use crate::extract::syntax;
use crate::model::{DependencyKind, Key, Part, Template};

const FLAGD: &str = "github.com/open-feature/go-sdk-contrib/providers/flagd/pkg";
const OTLP: &str = "go.opentelemetry.io/otel/exporters/otlp";

const CONSUL: &str = "github.com/hashicorp/consul/api";

/// Whether a file that imports a package is worth to be read.
pub(super) fn concerns(path: &str) -> bool {
    within(path, "go.opentelemetry.io/otel/exporters")
        || is(path, FLAGD)
        || is(path, CONSUL)
        || within(path, "github.com/uber/jaeger-client-go")
        || is(path, "github.com/openzipkin/zipkin-go/reporter/http")
}

/// States where a call sends to.
pub(super) fn call<'t>(values: &Values<'_, 't>, call: &Call<'t>, found: &mut Found) {
    let Callee::Package { path, name } = call.callee else {
        return;
    };
    if name == "NewProvider" && is(path, FLAGD) {
        flags(values, call, found);
        return;
    }
    // Without an address of its own, an exporter takes the one of the environment.
    let is_exporter = within(path, OTLP) && matches!(name, "New" | "NewUnstarted");
    let text = values.unit.text(call.node);
    if is_exporter && !text.contains("WithEndpoint") && !text.contains("WithGRPCConn") {
        let at = Key::new("env", "OTEL_EXPORTER_OTLP_ENDPOINT");
        let one = Use::call("http", at.into(), "ANY", DependencyKind::CallHttp);
        found.add(one, syntax::bytes(call.node));
        return;
    }
    let sends = match name {
        "WithEndpoint" | "WithEndpointURL" | "WithGRPCConn" => {
            within(path, "go.opentelemetry.io/otel/exporters")
        }
        "WithAgentHost" | "New" => {
            is(path, "go.opentelemetry.io/otel/exporters/jaeger") && name == "WithAgentHost"
                || is(path, "go.opentelemetry.io/otel/exporters/zipkin")
        }
        "NewReporter" => is(path, "github.com/openzipkin/zipkin-go/reporter/http"),
        _ => false,
    };
    if let Some(first) = call.arguments.first().filter(|_| sends) {
        state(values.of(*first), call.node, found);
    }
}

/// States whom a provider of flagd asks: what its options say, else the environment, else this machine.
///
/// Source: <https://flagd.dev/reference/specifications/providers/>
fn flags<'t>(values: &Values<'_, 't>, call: &Call<'t>, found: &mut Found) {
    let options = call.arguments.iter();
    let options = options.filter_map(|option| Call::read(values.unit, *option));
    let options: Vec<(&str, Call<'t>)> = options
        .filter_map(|option| Some((option.of_package(FLAGD)?, option)))
        .collect();
    let given = |name: &str| {
        let option = options.iter().find(|(known, _)| *known == name);
        option.map(|(_, option)| option.arguments.first())
    };
    // Flags of a file, and a socket of this machine.
    let is_here = ["WithFileResolver", "WithOfflineFilePath", "WithSocketPath"];
    if is_here.iter().any(|name| given(name).is_some()) {
        return;
    }
    let setting = |option: &str, variable: &str, default: &str| match given(option).flatten() {
        Some(value) => values.of(*value),
        None => or(Key::new("env", variable).into(), default.into()),
    };
    let (service, port) = match given("WithInProcessResolver") {
        Some(_) => ("flagd.sync.v1.FlagSyncService/{}", "8015"),
        None => ("flagd.evaluation.v1.Service/{}", "8013"),
    };
    let host = setting("WithHost", "FLAGD_HOST", "localhost");
    let at = join([host, ":".into(), setting("WithPort", "FLAGD_PORT", port)]);
    let one = Use::call("grpc", at, service, DependencyKind::CallGrpc);
    found.add(one, syntax::bytes(call.node));
}

/// States whom settings name.
pub(super) fn literal<'t>(values: &Values<'_, 't>, node: Node<'t>, found: &mut Found) {
    let ty = node
        .child_by_field_name("type")
        .map(|ty| values.unit.read_type(ty));
    let Some(Type::Imported { path, name, .. }) = ty else {
        return;
    };
    let field = match name {
        "Config" if is(path, CONSUL) => "Address",
        "ReporterConfig" if within(path, "github.com/uber/jaeger-client-go") => {
            "LocalAgentHostPort"
        }
        _ => return,
    };
    for (key, value) in pairs(node) {
        if values.unit.text(key) == field {
            state(values.of(value), node, found);
        }
    }
}

/// States whom the settings of Consul's client name that are made first and changed then.
pub(super) fn assigned(values: &Values<'_, '_>, found: &mut Found) {
    let unit = values.unit;
    for (target, init) in &unit.assigned {
        let field = target
            .child_by_field_name("field")
            .map(|field| unit.text(field));
        let operand = target.child_by_field_name("operand");
        let (Some("Address"), Some(operand)) = (field, operand) else {
            continue;
        };
        let made = unit.variable(unit.text(operand), operand.start_byte());
        let made = made.and_then(|(_, variable)| match variable.inits.first()?.value {
            Value::Expression(node) => Call::read(unit, node),
            _ => None,
        });
        if made.is_some_and(|call| call.of_package(CONSUL) == Some("DefaultConfig")) {
            state(values.init(init), *target, found);
        }
    }
}

fn state(address: Template, node: Node<'_>, found: &mut Found) {
    if is_unknown(&address) {
        return;
    }
    let whole = matches!(address.0.first(), Some(Part::Text(text)) if text.contains("://"));
    let mut url = match whole {
        true => Template::default(),
        false => "http://".into(),
    };
    url.extend(&address);
    let one = Use::call("http", url, "ANY", DependencyKind::CallHttp);
    found.add(one, syntax::bytes(node));
}

#[cfg(test)]
mod tests {
    use crate::extract::golang::Code;
    use crate::extract::testing::lines;

    #[test]
    fn providers_of_flags_ask_where_their_options_say() {
        for (options, asked) in [
            (
                "",
                "grpc(${env:FLAGD_HOST|localhost}:${env:FLAGD_PORT|8013})flagd.evaluation.v1.Service/{}",
            ),
            (
                "flagd.WithHost(\"flags\"), flagd.WithPort(9000)",
                "grpc(flags:9000)flagd.evaluation.v1.Service/{}",
            ),
            (
                "flagd.WithInProcessResolver(), flagd.WithHost(\"flags\")",
                "grpc(flags:${env:FLAGD_PORT|8015})flagd.sync.v1.FlagSyncService/{}",
            ),
            ("flagd.WithSocketPath(\"/run/flagd.sock\")", ""),
        ] {
            let text = format!(
                "package a\n\nimport flagd \"github.com/open-feature/go-sdk-contrib/providers/flagd/pkg\"\n\nfunc f() {{ flagd.NewProvider({options}) }}\n"
            );
            let told = lines(&Code, "a/a.go", &text);
            let told = told.lines().find(|line| line.contains("[call.grpc]"));
            let told = told
                .unwrap_or_default()
                .trim_start_matches("here requires ");
            assert_eq!(told.split(" [").next(), Some(asked), "{options}");
        }
    }
}
