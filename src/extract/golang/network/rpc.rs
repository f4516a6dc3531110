//! Remote procedures: clients of gRPC, Connect, Twirp and Thrift that are used, and servers that are registered.
//!
//! Sources: <https://grpc.io/docs/languages/go/generated-code/>, <https://connectrpc.com/docs/go/getting-started>,
//! <https://twitchtv.github.io/twirp/docs/proto_and_twirp.html>, <https://thrift.apache.org/tutorial/go.html>

use tree_sitter::Node;

use super::calls::{Call, Callee};
use super::facts::{Found, Use};
use super::libraries::{is, within};
use super::texts::{join, or};
use super::types::Type;
use super::unit::{Unit, Value};
use super::value::{Values, imported};
use crate::extract::syntax;
use crate::model::{DependencyKind, Key, Template};

/// The most clients that one variable may be.
const CLIENTS: usize = 8;

/// A generated client.
struct Stub<'t> {
    /// The package of the generated code; empty when it is this one.
    path: &'t str,
    /// The function that makes it: `NewCartClient`.
    constructor: String,
    /// The service's own name: `Cart`.
    service: String,
    address: Template,
    /// Whether the file shows that it is no other kind of client.
    certain: bool,
}

/// States the remote procedure that a call asks for, or the service that it registers.
pub(super) fn call<'t>(values: &Values<'_, 't>, call: &Call<'t>, found: &mut Found) {
    if let Some(service) = registered(values, call) {
        found.offer(service, syntax::bytes(call.node));
        return;
    }
    let Some((receiver, method)) = call.method() else {
        return;
    };
    if !method.starts_with(|c: char| c.is_ascii_uppercase()) || method == "Close" {
        return;
    }
    let stubs = stubs(values, receiver, 0);
    if stubs.is_empty()
        && let Some((service, address)) = elsewhere(values, call, receiver)
    {
        let name = join([service, format!("/{method}").into()]);
        let one = Use::call("grpc", address, name, DependencyKind::CallGrpc);
        found.add(one, syntax::bytes(call.node));
    }
    for stub in stubs {
        if let Some(one) = asked(values, call, method, stub) {
            found.add(one, syntax::bytes(call.node));
        }
    }
}

/// What is asked of a client.
fn asked<'t>(
    values: &Values<'_, 't>,
    call: &Call<'t>,
    method: &str,
    stub: Stub<'t>,
) -> Option<Use> {
    let unit = values.unit;
    let is_thrift = has_thrift(unit);
    let known = stub.certain || is_thrift || is_request(unit, call, stub.path);
    // Whoever asks another program says how long: every generated method takes a context.
    let first = call.arguments.first().map(|first| unit.text(*first));
    let has_context = first.is_some_and(|text| text.contains("ctx") || text.contains("ontext"));
    if !known && !has_context {
        return None;
    }
    let name = match stub.path {
        "" => values.slot(&stub.constructor),
        path => imported(path, &stub.constructor),
    };
    // Where nothing shows what it is, only the generated code can tell.
    let service = match known {
        true => or(name.into(), stub.service.into()),
        false => name.into(),
    };
    let name = join([service, format!("/{method}").into()]);
    let (namespace, kind) = match is_thrift {
        true => ("rpc", DependencyKind::CallRpc),
        false => ("grpc", DependencyKind::CallGrpc),
    };
    Some(Use::call(namespace, stub.address, name, kind))
}

/// Behind the slot of a field: the service whose client it holds.
pub(super) const SERVICE: &str = "#service";

/// The service whose generated client a field of a struct holds.
pub(super) fn service_of(unit: &Unit<'_>, ty: Type<'_>) -> Option<Template> {
    let Type::Imported {
        path,
        name,
        pointer: false,
    } = ty
    else {
        return None;
    };
    let service = name
        .strip_suffix("Client")
        .filter(|service| !service.is_empty())?;
    if unit.is_library(path) {
        return None;
    }
    let made = Template::from(imported(path, &format!("New{name}")));
    Some(match unit.is_generated(path) {
        true => or(made, service.into()),
        false => made,
    })
}

/// A client in a field of a struct that another file of the package declares: service and address.
fn elsewhere<'t>(
    values: &Values<'_, 't>,
    call: &Call<'t>,
    receiver: Node<'t>,
) -> Option<(Template, Template)> {
    let unit = values.unit;
    if receiver.kind() != "selector_expression" {
        return None;
    }
    let operand = receiver.child_by_field_name("operand")?;
    let Type::Local(structure) = values.type_of(operand)? else {
        return None;
    };
    // Messages of an interface show what is asked.
    let mut paths = unit.imports.values();
    let asks = paths.any(|path| unit.is_generated(path) && is_request(unit, call, path));
    if unit.structs.contains_key(structure) || !asks {
        return None;
    }
    let field = unit.text(receiver.child_by_field_name("field")?);
    let field = format!("{structure}.{field}");
    let service = values.slot(&format!("{field}{SERVICE}"));
    Some((service.into(), values.slot(&field).into()))
}

/// Whether a call gives a message of the same package: `(ctx, &pb.GetCartRequest{…})`.
fn is_request<'t>(unit: &Unit<'t>, call: &Call<'t>, path: &str) -> bool {
    let Some(literal) = call.arguments.get(1) else {
        return false;
    };
    let literal = literal.child_by_field_name("operand").unwrap_or(*literal);
    let ty = literal
        .child_by_field_name("type")
        .filter(|_| literal.kind() == "composite_literal");
    matches!(ty.map(|ty| unit.read_type(ty)), Some(Type::Imported { path: of, .. }) if of == path)
}

/// The generated clients that an expression may be.
fn stubs<'t>(values: &Values<'_, 't>, node: Node<'t>, depth: usize) -> Vec<Stub<'t>> {
    if depth > 8 {
        return Vec::new();
    }
    let unit = values.unit;
    let of_type = || typed(values, node).into_iter().collect();
    let of_value = |value| match value {
        Value::Expression(value) | Value::Result(value, 0) => stubs(values, value, depth + 1),
        _ => Vec::new(),
    };
    match node.kind() {
        "call_expression" => {
            let made = Call::read(unit, node).and_then(|call| constructed(values, &call));
            match made {
                Some(made) => vec![made],
                None => of_type(),
            }
        }
        "identifier" => {
            let at = node.start_byte();
            let Some((_, variable)) = unit.variable(unit.text(node), at) else {
                return Vec::new();
            };
            let (_, inits) = values.reaching(variable, at);
            // Variables of variables would double at every step; of very many clients none is certain.
            let several = match depth {
                0 if inits.len() > CLIENTS => 0,
                0 => CLIENTS,
                _ => 1,
            };
            let made: Vec<Stub<'t>> = inits
                .iter()
                .take(several)
                .flat_map(|init| of_value(init.value))
                .collect();
            if made.is_empty() { of_type() } else { made }
        }
        "selector_expression" => {
            let declared: Vec<Stub<'t>> = of_type();
            if !declared.is_empty() {
                return declared;
            }
            // What this file puts into the field of a struct of another file.
            let text = unit.text(node);
            let assigned = unit
                .assigned
                .iter()
                .find(|(target, _)| unit.text(*target) == text);
            let mut made = assigned.map_or_else(Vec::new, |(_, init)| of_value(init.value));
            if let Some(slot) = values.field_slot(node) {
                for stub in &mut made {
                    stub.address = slot.clone().into();
                }
            }
            made
        }
        "parenthesized_expression" => match node.named_child(0) {
            Some(inner) => stubs(values, inner, depth + 1),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// `pb.NewCartClient(connection)`, `cartconnect.NewCartClient(client, url)`, `cart.NewCartProtobufClient(url, client)`.
fn constructed<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<Stub<'t>> {
    let (path, name) = match call.callee {
        Callee::Package { path, name } if !values.unit.is_library(path) => (path, name),
        Callee::Local(name) => ("", name),
        _ => return None,
    };
    let service = name.strip_prefix("New")?;
    let service = service
        .strip_suffix("Client")
        .or(service.strip_suffix("ClientFactory"))?;
    let twirp = service
        .strip_suffix("Protobuf")
        .or(service.strip_suffix("JSON"));
    let service = match twirp {
        Some(service) if call.arguments.len() >= 2 => service,
        _ => service,
    };
    if service.is_empty() || call.arguments.is_empty() {
        return None;
    }
    let is_connect = path.ends_with("connect") && call.arguments.len() >= 2;
    let at = usize::from(is_connect);
    let argument = *call.arguments.get(at)?;
    if !is_connect && twirp.is_none() && call.arguments.len() > 1 && !has_thrift(values.unit) {
        return None;
    }
    let certain = is_connect
        || twirp.is_some() && call.arguments.len() >= 2
        || is_connection(values, argument)
        || values.unit.is_generated(path);
    Some(Stub {
        path,
        constructor: name.to_owned(),
        service: service.to_owned(),
        address: values.of(argument),
        certain,
    })
}

fn has_thrift(unit: &Unit<'_>) -> bool {
    unit.imports
        .values()
        .any(|path| within(path, "github.com/apache/thrift"))
}

/// Whether the file shows that an expression is a connection of gRPC.
fn is_connection<'t>(values: &Values<'_, 't>, node: Node<'t>) -> bool {
    if let Some(Type::Imported { path, .. }) = values.type_of(node) {
        return is(path, "google.golang.org/grpc");
    }
    let unit = values.unit;
    let made = match node.kind() {
        "identifier" => {
            unit.variable(unit.text(node), node.start_byte())
                .and_then(|(_, variable)| match variable.inits.first()?.value {
                    Value::Expression(value) | Value::Result(value, _) => Call::read(unit, value),
                    _ => None,
                })
        }
        _ => Call::read(unit, node),
    };
    made.is_some_and(|call| call.of_package("google.golang.org/grpc").is_some())
}

/// A variable, a parameter or a field whose type is a generated client: an interface, so never a pointer.
fn typed<'t>(values: &Values<'_, 't>, node: Node<'t>) -> Option<Stub<'t>> {
    let (path, name) = match values.type_of(node)? {
        Type::Imported {
            path,
            name,
            pointer,
        } => {
            // Thrift's clients are structs.
            if values.unit.is_library(path) || pointer && !has_thrift(values.unit) {
                return None;
            }
            (path, name)
        }
        _ => return None,
    };
    let service = name
        .strip_suffix("Client")
        .filter(|service| !service.is_empty())?;
    Some(Stub {
        path,
        constructor: format!("New{name}"),
        service: service.to_owned(),
        address: values.of(node),
        certain: values.unit.is_generated(path),
    })
}

/// `pb.RegisterCartServer(server, …)`, `cartconnect.NewCartHandler(…)`, `cart.NewCartServer(…)` of Twirp, `cart.NewCartProcessor(…)` of Thrift.
fn registered<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<Key> {
    let Callee::Package { path, name } = call.callee else {
        return None;
    };
    if values.unit.is_library(path) {
        return None;
    }
    let count = call.arguments.len();
    let between = |start: &str, end: &str| {
        let service = name.strip_prefix(start)?.strip_suffix(end)?;
        (!service.is_empty()).then(|| service.to_owned())
    };
    let of = |namespace: &'static str, service: String| {
        let service = or(imported(path, name).into(), service.into());
        Key::new(namespace, service)
    };
    if let Some(service) = between("Register", "Server").filter(|_| count == 2) {
        return Some(of("grpc", service));
    }
    if let Some(service) = between("New", "Handler").filter(|_| path.ends_with("connect")) {
        return Some(of("grpc", service));
    }
    if let Some(service) = between("New", "Processor").filter(|_| has_thrift(values.unit)) {
        return Some(of("rpc", service));
    }
    let twirp = values
        .unit
        .imports
        .values()
        .any(|path| within(path, "github.com/twitchtv/twirp"));
    if let Some(service) = between("New", "Server").filter(|_| twirp && count >= 1) {
        return Some(of("grpc", service));
    }
    None
}

/// `pb.RegisterCartHandlerFromEndpoint(ctx, mux, endpoint, options)` of grpc-gateway: what HTTP asks is asked further.
pub(super) fn gateway<'t>(values: &Values<'_, 't>, call: &Call<'t>, found: &mut Found) {
    let Callee::Package { path, name } = call.callee else {
        return;
    };
    let service = name
        .strip_prefix("Register")
        .and_then(|name| name.strip_suffix("HandlerFromEndpoint"));
    let (Some(service), Some(endpoint)) = (service, call.arguments.get(2)) else {
        return;
    };
    let service = or(
        imported(path, &format!("Register{service}Server")).into(),
        service.into(),
    );
    let mut name: Template = service;
    name.extend(&"/".into());
    name.extend(&super::texts::unknown());
    let one = Use::call("grpc", values.of(*endpoint), name, DependencyKind::CallGrpc);
    found.add(one, syntax::bytes(call.node));
}

/// Names of clients and of what is registered that are no remote procedures of anybody here.
pub(super) fn is_common(word: &str) -> bool {
    matches!(
        word,
        "NewHTTP"
            | "NewHttp"
            | "HTTP"
            | "Http"
            | "NewFake"
            | "NewMock"
            | "RegisterHealth"
            | "RegisterReflection"
    )
}
