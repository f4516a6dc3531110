//! Calls of procedures by their names, and who answers them: gRPC, Thrift, Dapr, AWS Lambda.
//!
//! Sources: <https://grpc.github.io/grpc/python/grpc.html>, <https://grpclib.readthedocs.io/en/latest/client.html>,
//! <https://thrift.apache.org/tutorial/py.html>, <https://docs.dapr.io/developing-applications/sdks/python/python-client/>,
//! <https://boto3.amazonaws.com/v1/documentation/api/latest/reference/services/lambda/client/invoke.html>

use super::origin::Base;
use super::texts::Texts;
use super::value::{Call, Value};
use super::{Site, clouds};
use crate::extract::addresses::hole;
use crate::model::{DependencyKind, Key, Part, Template};

/// The longest way from a client to the socket below it.
const LAYERS: usize = 6;

/// States calls on stubs and clients, and services that servers take.
pub(super) fn detect(site: &Site<'_>) {
    stub(site);
    server(site);
    thrift(site);
    dapr(site);
    lambda(site);
}

/// `CartServiceStub(channel).GetCart(request)`, `stub.GetCart.future(request)`.
fn stub(site: &Site<'_>) {
    let name = &*site.callee.name;
    if let Some(owner) = name.strip_suffix(".unary_unary") {
        return plain(site, owner);
    }
    let Some((class, rest)) = name.split_once("Stub().") else {
        return;
    };
    let method = rest.split('.').next().unwrap_or(rest);
    let (module, service) = class.rsplit_once('.').unwrap_or(("", class));
    let Some(Some(made)) = site.callee.calls.first() else {
        return;
    };
    let is_generated = module.ends_with("_pb2_grpc") || module.ends_with("_grpc");
    let address = made
        .argument(0, "channel")
        .and_then(|channel| channel_address(site.texts, channel));
    if service.is_empty() || is_infrastructure(service) || address.is_none() && !is_generated {
        return;
    }
    let name = format!("{service}/{}", camel(method));
    let key = Key::at("grpc", address.unwrap_or_else(hole), name);
    site.requires(key, DependencyKind::CallGrpc);
}

/// `channel.unary_unary("/shop.Cart/Get", …)`
fn plain(site: &Site<'_>, owner: &str) {
    if !owner.starts_with("grpc.") {
        return;
    }
    let method = site.argument(0, "method");
    let method = method.as_ref().and_then(Template::as_text);
    let (Some(method), Some(Some(made))) = (
        method.and_then(|method| method.strip_prefix('/')),
        site.callee.calls.first(),
    ) else {
        return;
    };
    let address = site.texts.argument(made, 0, "target").unwrap_or_else(hole);
    let key = Key::at("grpc", address, method);
    site.requires(key, DependencyKind::CallGrpc);
}

/// Where a channel leads, when the code shows how it is made.
fn channel_address(texts: &Texts<'_>, channel: &Value) -> Option<Template> {
    let mut channel = channel.clone();
    for _ in 0..LAYERS {
        let origin = texts.code.origin(&channel);
        let Base::Call(made) = &origin.base else {
            return None;
        };
        let maker = texts.code.known(&made.callee)?;
        match &*maker.name {
            "grpc.insecure_channel"
            | "grpc.secure_channel"
            | "grpc.aio.insecure_channel"
            | "grpc.aio.secure_channel"
            | "grpc.experimental.aio.insecure_channel" => return texts.argument(made, 0, "target"),
            "grpclib.client.Channel" => {
                let mut address = texts.argument(made, 0, "host")?;
                if let Some(port) = texts.argument(made, 1, "port") {
                    address.push(Part::Text(":".into()));
                    address.extend(&port);
                }
                return Some(address);
            }
            // Whatever is put around a channel has it, too.
            _ => channel = made.arguments.first()?.clone(),
        }
    }
    None
}

/// `add_CartServiceServicer_to_server(servicer, server)`
fn server(site: &Site<'_>) {
    let last = site.callee.name.rsplit('.').next().unwrap_or_default();
    let service = last
        .strip_prefix("add_")
        .and_then(|rest| rest.strip_suffix("Servicer_to_server"));
    if let Some(service) = service.filter(|service| !is_infrastructure(service)) {
        site.provides(Key::new("grpc", service));
    }
}

/// Services that every server has.
fn is_infrastructure(service: &str) -> bool {
    matches!(service, "Health" | "ServerReflection")
}

/// The name of a method as its interface definition has it.
fn camel(method: &str) -> String {
    if method.starts_with(|c: char| c.is_ascii_uppercase()) {
        return method.to_owned();
    }
    let words = method.split('_').filter(|word| !word.is_empty());
    let words = words.map(|word| {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        format!("{}{rest}", first.to_uppercase())
    });
    words.collect()
}

/// `CartService.Client(protocol).add(item)`
fn thrift(site: &Site<'_>) {
    let Some((class, method)) = site.callee.name.split_once(".Client().") else {
        return;
    };
    let Some(Some(made)) = site.callee.calls.last() else {
        return;
    };
    let Some(address) = made
        .arguments
        .first()
        .and_then(|protocol| socket(site.texts, protocol))
    else {
        return;
    };
    let service = class.rsplit('.').next().unwrap_or(class);
    let key = Key::at("rpc", address, format!("{service}/{method}"));
    site.requires(key, DependencyKind::CallRpc);
}

/// The address of the socket below protocols and transports.
fn socket(texts: &Texts<'_>, protocol: &Value) -> Option<Template> {
    let mut layer = protocol.clone();
    for _ in 0..LAYERS {
        let Base::Call(made) = texts.code.origin(&layer).base else {
            return None;
        };
        let maker = texts.code.known(&made.callee)?;
        if maker.name.ends_with("TSocket.TSocket") || maker.name.ends_with("TSSLSocket") {
            return of_socket(texts, &made);
        }
        layer = made.arguments.first()?.clone();
    }
    None
}

fn of_socket(texts: &Texts<'_>, made: &Call) -> Option<Template> {
    let mut address = texts.argument(made, 0, "host")?;
    if let Some(port) = texts.argument(made, 1, "port") {
        address.push(Part::Text(":".into()));
        address.extend(&port);
    }
    Some(address)
}

/// `DaprClient().invoke_method("cart", "items", …)`, `client.publish_event("pubsub", "orders", …)`.
fn dapr(site: &Site<'_>) {
    let name = &*site.callee.name;
    let Some(rest) = name.strip_prefix("dapr.") else {
        return;
    };
    let topic = |at: Option<Template>, name: Option<Template>, kind| {
        if let (Some(at), Some(name)) = (at, name) {
            let broker = Template::from(Key::new("broker", at));
            site.requires(Key::at("topic", broker, name), kind);
        }
    };
    match rest.rsplit_once("().") {
        Some((class, "invoke_method")) if class.ends_with("DaprClient") => {
            let application = site.argument(0, "app_id");
            let method = site.argument(1, "method_name");
            let (Some(application), Some(method)) = (application, method) else {
                return;
            };
            let mut url = Template::text("http://");
            url.extend(&application);
            url.push(Part::Text("/".into()));
            url.extend(&method);
            let verb = site.argument(usize::MAX, "http_verb");
            let verb = verb.as_ref().and_then(Template::as_text).unwrap_or("ANY");
            let key = Key::at("http", url, verb.to_uppercase());
            site.requires(key, DependencyKind::CallInvoke);
        }
        Some((class, "publish_event")) if class.ends_with("DaprClient") => topic(
            site.argument(0, "pubsub_name"),
            site.argument(1, "topic_name"),
            DependencyKind::EventPub,
        ),
        Some((class, method)) if class.ends_with("DaprClient") && method.contains("_state") => {
            let kind = match method.starts_with("get_") || method.starts_with("query_") {
                true => DependencyKind::DataRead,
                false => DependencyKind::DataWrite,
            };
            if let Some(store) = site.argument(0, "store_name") {
                let store = Template::from(Key::new("store", store));
                site.requires(Key::at("store", store, ""), kind);
            }
        }
        Some((class, "subscribe" | "subscribe_with_handler")) if class.ends_with("DaprClient") => {
            topic(
                site.argument(0, "pubsub_name"),
                site.argument(1, "topic"),
                DependencyKind::EventSub,
            );
        }
        Some((class, "subscribe")) if class.starts_with("ext.") => topic(
            site.argument(0, "pubsub_name")
                .or_else(|| site.argument(0, "pubsub")),
            site.argument(1, "topic"),
            DependencyKind::EventSub,
        ),
        _ => {}
    }
}

/// `boto3.client("lambda").invoke(FunctionName="total")`
fn lambda(site: &Site<'_>) {
    if clouds::aws(site)
        .as_ref()
        .map(|(service, method)| (&**service, *method))
        == Some(("lambda", "invoke"))
        && let Some(function) = site.argument(usize::MAX, "FunctionName")
    {
        site.requires(Key::new("invoke", function), DependencyKind::CallInvoke);
    }
}
