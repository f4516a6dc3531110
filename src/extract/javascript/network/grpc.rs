//! Calls and servers of gRPC and Connect: stubs made at run time, generated clients, and the methods that are called on them.
//!
//! Sources: <https://grpc.io/docs/languages/node/basics/>, <https://github.com/deeplay-io/nice-grpc>,
//! <https://connectrpc.com/docs/node/using-clients>, <https://github.com/grpc/grpc-web>

use super::Site;
use super::origin::{Base, Origin};
use super::text::Texts;
use super::value::{Call, Value};
use crate::model::{DependencyKind, Key, Template};

/// Methods of clients that call nothing.
const OWN: &[&str] = &[
    "close",
    "getChannel",
    "waitForReady",
    "makeUnaryRequest",
    "bind",
];

/// Packages of gRPC itself.
fn is_grpc(package: &str) -> bool {
    matches!(package, "@grpc/grpc-js" | "grpc")
}

/// States calls on clients, and services that servers take.
pub(super) fn detect(site: &Site<'_>) {
    server(site);
    let path = site.callee.path();
    let (Base::Call(made), [method]) = (&site.callee.base, path.as_slice()) else {
        return;
    };
    if OWN.contains(method) {
        return;
    }
    let Some((service, address)) = client(site.texts, made) else {
        return;
    };
    let name = format!("{service}/{}", capital(method));
    site.requires(Key::at("grpc", address, name), DependencyKind::CallGrpc);
}

/// Service and address of a client, when the call makes one.
fn client(texts: &Texts<'_>, made: &Call) -> Option<(String, Template)> {
    let callee = texts.code.origin(&made.callee);
    let address = |at: usize| made.arguments.get(at).map(|address| texts.text(address));
    if made.new {
        if let Some(service) = loaded(texts, &callee) {
            return Some((service, address(0)?));
        }
        let service = generated(&callee)?;
        let is_client = match made.arguments.get(1) {
            Some(credentials) => is_credentials(texts, credentials),
            None => false,
        };
        let is_web = matches!(&callee.base, Base::Module(module) if is_web_stub(module));
        return (is_client || is_web).then_some((service, address(0)?));
    }
    // nice-grpc and Connect are given a definition and what leads there.
    let is_maker = callee.is("nice-grpc", &["createClient"])
        || callee
            .of_package(|name| matches!(name, "@connectrpc/connect" | "@bufbuild/connect"))
            .is_some_and(|path| {
                matches!(
                    path.as_slice(),
                    ["createClient" | "createPromiseClient" | "createCallbackClient"]
                )
            });
    let is_factory = match (&callee.base, callee.path().as_slice()) {
        (Base::Call(factory), ["create"]) => texts
            .code
            .origin(&factory.callee)
            .is("nice-grpc", &["createClientFactory"]),
        _ => false,
    };
    if !is_maker && !is_factory {
        return None;
    }
    let definition = texts.code.near_origin(made.arguments.first()?);
    let service = definition.path.last()?;
    let service = service.strip_suffix("Definition").unwrap_or(service);
    let channel = texts.code.origin(made.arguments.get(1)?);
    let channel = channel.made_by()?;
    let first = channel.arguments.first()?;
    let address = match texts.property(first, "baseUrl") {
        Some(base) if matches!(first, Value::Object(_)) => base,
        _ => texts.text(first),
    };
    Some((service.to_owned(), address))
}

/// The full name of a service that is taken from definitions which are loaded at run time.
fn loaded(texts: &Texts<'_>, stub: &Origin) -> Option<String> {
    let Base::Call(loader) = &stub.base else {
        return None;
    };
    let maker = texts.code.origin(&loader.callee);
    let path = maker.of_package(is_grpc)?;
    let is_loader = matches!(
        path.as_slice(),
        ["loadPackageDefinition" | "load" | "loadObject"]
    );
    (is_loader && !stub.path.is_empty()).then(|| stub.path.join("."))
}

/// The simple name of the service of a generated client.
fn generated(stub: &Origin) -> Option<String> {
    let Base::Module(_) = &stub.base else {
        return None;
    };
    let name = stub.path.last()?;
    let service = name
        .strip_suffix("PromiseClient")
        .or_else(|| name.strip_suffix("Client"))
        .filter(|service| !service.is_empty())?;
    Some(service.to_owned())
}

/// Whether a module holds stubs for browsers.
fn is_web_stub(module: &str) -> bool {
    module.ends_with("_grpc_web_pb") || module.ends_with("_pb_service")
}

/// `credentials.createInsecure()`
fn is_credentials(texts: &Texts<'_>, value: &Value) -> bool {
    let origin = texts.code.origin(value);
    let Some(made) = origin.made_by() else {
        return false;
    };
    let maker = texts.code.origin(&made.callee);
    maker.of_package(is_grpc).is_some_and(|path| {
        path.last()
            .is_some_and(|name| name.starts_with("create") || name.starts_with("combine"))
    })
}

/// `server.addService(shop.CartService.service, …)`, `server.add(CartServiceDefinition, …)`, `router.service(CartService, …)`.
fn server(site: &Site<'_>) {
    let path = site.callee.path();
    let Some(definition) = site.call.arguments.first() else {
        return;
    };
    let method = match path.last() {
        Some(method @ (&"addService" | &"addProtoService" | &"add" | &"service")) => *method,
        _ => return,
    };
    let maker = match &site.callee.base {
        Base::Call(made) => Some(site.texts.code.origin(&made.callee)),
        _ => None,
    };
    let made_by = |package: fn(&str) -> bool, item: &[&str]| {
        maker
            .as_ref()
            .and_then(|maker| maker.of_package(package))
            .is_some_and(|path| path == item)
    };
    let is_server = match method {
        "addService" | "addProtoService" => {
            made_by(is_grpc, &["Server"])
                || matches!(site.callee.base, Base::Parameter(..) | Base::Module(_))
        }
        "add" => made_by(|name| name == "nice-grpc", &["createServer"]),
        // Routes of Connect are a function that is given a router.
        _ => matches!(site.callee.base, Base::Parameter(..)) && site.call.arguments.len() >= 2,
    };
    if !is_server {
        return;
    }
    let definition = site.texts.code.origin(definition);
    let service = match loaded(site.texts, &definition) {
        Some(service) => service.strip_suffix(".service").map(str::to_owned),
        None => match &definition.base {
            Base::Module(_) => definition
                .path
                .iter()
                .rev()
                .find(|part| &***part != "service")
                .map(|name| {
                    let name = name.strip_suffix("Definition").unwrap_or(name);
                    match name.strip_suffix("ServiceService") {
                        Some(name) => format!("{name}Service"),
                        None => name.to_string(),
                    }
                }),
            _ => None,
        },
    };
    let Some(service) = service.filter(|service| {
        service != "default"
            && !service.ends_with("Health")
            && !service.ends_with("ServerReflection")
    }) else {
        return;
    };
    let key = Key::new("grpc", service);
    site.provides(key, |statement| {
        if method == "service" {
            statement.with("npm", "@connectrpc/connect");
        }
    });
}

/// The name of a method as its interface definition has it.
pub(super) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
