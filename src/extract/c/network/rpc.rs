//! Remote procedures: clients of Thrift and gRPC that are constructed, and services that are implemented.
//!
//! Sources: <https://thrift.apache.org/tutorial/cpp.html>, <https://grpc.io/docs/languages/cpp/generated-code/>

use tree_sitter::Node;

use super::names::Name;
use super::unit::{Call, Unit};
use super::values::{Values, is_end, unknown, with_port};
use crate::extract::said::Said;
use crate::extract::syntax;
use crate::model::{DependencyKind, Key, Part, Template};

/// Templates that hold objects and construct none.
const HOLDERS: &[&str] = &[
    "deque",
    "dynamic_pointer_cast",
    "function",
    "list",
    "map",
    "optional",
    "pair",
    "set",
    "shared_ptr",
    "static_pointer_cast",
    "tuple",
    "unique_ptr",
    "unordered_map",
    "variant",
    "vector",
    "weak_ptr",
];

/// Clients of other protocols.
const OTHERS: &[&str] = &[
    "Amqp",
    "Curl",
    "Grpc",
    "Http",
    "Https",
    "Kafka",
    "Memcached",
    "Mongo",
    "Mongodb",
    "Mqtt",
    "MySQL",
    "Mysql",
    "Postgres",
    "Rabbitmq",
    "Redis",
    "Rest",
    "Tcp",
    "Test",
    "Thrift",
    "Udp",
    "WebSocket",
];

/// Processors of Thrift's library, which serve what others tell.
const LIBRARY: &[&str] = &[
    "Multiplexed",
    "TDispatch",
    "TMultiplexed",
    "TStats",
    "Peek",
    "Stats",
];

/// The deepest nesting of templates, and of transports.
const DEPTH: usize = 8;

/// States the client or the server that a call constructs; gives whether it is one.
pub(super) fn call<'t>(values: &Values<'_, 't>, call: &Call<'t>, said: &mut Said) -> bool {
    let unit = values.unit;
    if call.name.last == "NewStub" && call.receiver.is_none() {
        stub(values, call, said);
    }
    if let Some(service) = processed(unit, &call.name) {
        let bytes = syntax::bytes(call.node);
        said.provides(Key::new("rpc", service), &bytes);
        return true;
    }
    let Some(client) = client(unit, &call.name) else {
        return false;
    };
    // A pool is told the address itself, a client gets it through protocol and transport.
    let address = values.address(&call.arguments).or_else(|| {
        call.arguments
            .iter()
            .find_map(|one| transport(values, *one))
    });
    let is_client_alone = call.name.last.ends_with("Client") && call.name.arguments.is_none();
    if call.arguments.is_empty() || is_client_alone && !speaks(values, call, address.is_some()) {
        return false;
    }
    let key = Key::at("rpc", address.unwrap_or_else(unknown), any(client));
    said.requires(key, DependencyKind::CallRpc, &syntax::bytes(call.node));
    true
}

/// Some method of a service.
fn any(service: &str) -> Template {
    Template(vec![Part::Text(format!("{service}/").into()), Part::Hole])
}

/// The service of a client of Thrift that is constructed: `CartClient`, `Pool<ThriftClient<CartClient>>`.
fn client<'t>(unit: &Unit<'t>, name: &Name<'t>) -> Option<&'t str> {
    let mut inner = name.clone();
    let mut says_thrift = name.last.contains("Thrift");
    for _ in 0..DEPTH {
        if HOLDERS.contains(&inner.last) {
            return None;
        }
        let Some(next) = inner.first(unit.text) else {
            break;
        };
        inner = next;
        says_thrift |= inner.last.contains("Thrift") && inner.arguments.is_some();
    }
    let service = inner
        .last
        .strip_suffix("ConcurrentClient")
        .or_else(|| inner.last.strip_suffix("Client"))
        .filter(|service| service.len() > 1 && !OTHERS.contains(service))?;
    let known = says_thrift || unit.has_thrift || unit.includes(service);
    (known && !unit.is_own(inner.last)).then_some(service)
}

/// Whether a client by itself is one of Thrift: it is given a protocol, or an address beside the service's header.
fn speaks<'t>(values: &Values<'_, 't>, call: &Call<'t>, has_address: bool) -> bool {
    let is_protocol = |node: &Node<'t>| {
        let text = values.unit.text(*node).to_ascii_lowercase();
        let made = values.constructed(*node);
        text.contains("prot") || made.is_some_and(|made| made.name.last.contains("Protocol"))
    };
    has_address || call.arguments.first().is_some_and(is_protocol)
}

/// The address of the socket behind a protocol or a transport.
fn transport<'t>(values: &Values<'_, 't>, node: Node<'t>) -> Option<Template> {
    let mut at = node;
    for _ in 0..DEPTH {
        let made = values.constructed(at)?;
        let is_socket = made.name.last.ends_with("Socket")
            || matches!(made.name.last, "THttpClient" | "createSocket" | "newSocket");
        if is_socket {
            let host = values.of(*made.arguments.first()?);
            let port = made
                .arguments
                .get(1)
                .map_or_else(unknown, |port| values.of(*port));
            return is_end(&host).then(|| with_port(host, port));
        }
        at = *made.arguments.first()?;
    }
    None
}

/// The service whose processor is constructed: `std::make_shared<CartProcessor>(handler)`.
fn processed<'t>(unit: &Unit<'t>, name: &Name<'t>) -> Option<&'t str> {
    let service = name
        .last
        .strip_suffix("ProcessorFactory")
        .or_else(|| name.last.strip_suffix("Processor"))?;
    let known = unit.has_thrift || unit.includes(service);
    (known && service.len() > 1 && !LIBRARY.contains(&service) && !unit.is_own(name.last))
        .then_some(service)
}

/// `Greeter::NewStub(channel)`, with the methods that the file asks it for.
fn stub<'t>(values: &Values<'_, 't>, call: &Call<'t>, said: &mut Said) {
    let service = service(&call.name.scope);
    let Some(channel) = call.arguments.first().filter(|_| !service.is_empty()) else {
        return;
    };
    let mut address = values.of(*channel);
    if !is_end(&address) {
        address = unknown();
    }
    let methods = methods(values.unit, call.node);
    let bytes = syntax::bytes(call.node);
    let names: Vec<Template> = match methods.is_empty() {
        true => vec![any(&service)],
        false => methods
            .iter()
            .map(|method| Template::text(format!("{service}/{method}")))
            .collect(),
    };
    for name in names {
        let key = Key::at("grpc", address.clone(), name);
        said.requires(key, DependencyKind::CallGrpc, &bytes);
    }
}

/// The methods that the file calls of the variable or the field that holds a stub.
fn methods<'t>(unit: &Unit<'t>, made: Node<'t>) -> Vec<&'t str> {
    let mut holder = made.parent();
    let mut name = None;
    for _ in 0..4 {
        let Some(node) = holder else {
            break;
        };
        name = match node.kind() {
            "init_declarator" => node.child_by_field_name("declarator"),
            "assignment_expression" => node.child_by_field_name("left"),
            "field_initializer" => node.named_child(0),
            _ => {
                holder = node.parent();
                continue;
            }
        };
        break;
    }
    let Some(name) = name else {
        return Vec::new();
    };
    let name = unit.text(name).trim_start_matches("this->");
    let asked = unit.calls.iter().filter(|call| {
        let receiver = call.receiver.map(|receiver| unit.text(receiver));
        receiver.is_some_and(|receiver| receiver.trim_start_matches("this->") == name)
            && call.arguments.len() >= 2
    });
    let mut methods: Vec<&str> = asked
        .map(|call| {
            let method = call.name.last;
            let method = method.strip_prefix("PrepareAsync").unwrap_or(method);
            method.strip_prefix("Async").unwrap_or(method)
        })
        .filter(|method| method.starts_with(|c: char| c.is_ascii_uppercase()))
        .collect();
    methods.sort_unstable();
    methods.dedup();
    methods
}

/// Services of gRPC that classes of the file implement: `class CartService : public shop::Cart::Service`.
pub(super) fn served(unit: &Unit<'_>, said: &mut Said) {
    for (class, bases) in &unit.classes {
        for base in bases {
            let is_service = matches!(
                base.last,
                "Service" | "AsyncService" | "CallbackService" | "ExperimentalCallbackService"
            );
            let service = service(&base.scope);
            if is_service && !service.is_empty() && service != "grpc" {
                let bytes = class.child_by_field_name("name");
                let bytes = syntax::bytes(bytes.unwrap_or(*class));
                said.provides(Key::new("grpc", service), &bytes);
            }
        }
    }
}

/// The name of a service as gRPC has it: scopes are packages.
fn service(scope: &[&str]) -> String {
    scope.join(".")
}
