//! Clients, modules and configuration of NestJS.
//!
//! Sources: <https://docs.nestjs.com/microservices/basics>,
//! <https://docs.nestjs.com/microservices/grpc>, <https://docs.nestjs.com/techniques/configuration>

use super::Site;
use super::grpc::capital;
use super::origin::Base;
use super::text::Texts;
use super::value::Value;
use crate::model::{DependencyKind, Key, Part, Template};

/// Where the address of what a component itself listens to is bound.
pub(super) const OWN: &str = "nest";

/// States clients that are injected, addresses that modules register, and prefixes.
pub(super) fn detect(site: &Site<'_>) {
    let texts = site.texts;
    let first = site.call.arguments.first();
    if site.callee.is("@nestjs/config", &["registerAs"]) {
        registered(site);
        return;
    }
    if let Some(path) = site
        .callee
        .of_package(|name| name == "@nestjs/microservices")
    {
        match path.as_slice() {
            ["ClientsModule", "register"] => {
                let clients = first.map(|list| texts.code.near_origin(list).base);
                if let Some(Base::Value(Value::Array(clients))) = clients {
                    for client in clients.iter() {
                        if let Some(name) = texts.member(client, "name") {
                            registered_client(site, &token(texts, &name), client);
                        }
                    }
                }
            }
            ["ClientProxyFactory", "create"] => {
                if let Some((address, engine)) = first.and_then(|options| transport(texts, options))
                {
                    bind_broker(site, engine, &address);
                }
            }
            _ => {}
        }
        return;
    }
    let path = site.callee.path();
    match (path.as_slice(), first) {
        (["createMicroservice", ..] | ["connectMicroservice"], _) => {
            let options = site
                .call
                .arguments
                .iter()
                .find_map(|options| transport(texts, options));
            if let Some((address, engine)) = options {
                site.binds(Key::new("broker", OWN), address.clone());
                bind_broker(site, engine, &address);
            }
        }
        (["setGlobalPrefix"], Some(prefix)) if site.call.arguments.len() <= 2 => {
            let mut whole = Template::text("/");
            whole.extend(&texts.text(prefix));
            if let Some(Part::Text(start)) = whole.0.first_mut() {
                *start = format!("/{}", start.trim_matches('/')).into();
            }
            site.binds(Key::new("property", "nest.prefix"), whole);
        }
        _ => client(site),
    }
}

/// Calls on clients that are injected: `client.emit("order", …)`, `client.send("sum", …)`, `grpc.getService("CartService").get(…)`.
fn client(site: &Site<'_>) {
    let texts = site.texts;
    let path = site.callee.path();
    match (&site.callee.base, path.as_slice()) {
        (base @ Base::Parameter(..), [method @ ("emit" | "send")]) => {
            let is_client = [
                "ClientProxy",
                "ClientKafka",
                "ClientRMQ",
                "ClientNats",
                "ClientRedis",
            ]
            .iter()
            .any(|kind| texts.code.is_a(base, "@nestjs/microservices", kind));
            let Some(name) = injected(texts, base).filter(|_| is_client) else {
                return;
            };
            let Some(pattern) = site
                .call
                .arguments
                .first()
                .map(|pattern| self::pattern(texts, pattern))
            else {
                return;
            };
            let at = Template::from(Key::new("property", format!("nest.client.{name}")));
            let _ = method;
            site.requires(Key::at("topic", at, pattern), DependencyKind::EventPub);
        }
        (Base::Call(made), [method]) => {
            let maker = texts.code.origin(&made.callee);
            let is_grpc = texts
                .code
                .is_a(&maker.base, "@nestjs/microservices", "ClientGrpc")
                || texts
                    .code
                    .is_a(&maker.base, "@nestjs/microservices", "ClientGrpcProxy");
            if !is_grpc || maker.path() != ["getService"] {
                return;
            }
            let service = made.arguments.first().and_then(|name| texts.literal(name));
            let (Some(name), Some(service)) = (injected(texts, &maker.base), service) else {
                return;
            };
            let at = Template::from(Key::new("property", format!("nest.client.{name}")));
            let name = format!("{service}/{}", capital(method));
            site.requires(Key::at("grpc", at, name), DependencyKind::CallGrpc);
        }
        _ => {}
    }
}

/// The name under which something is injected; of `@Client(options)` the address is bound here.
fn injected(texts: &Texts<'_>, base: &Base) -> Option<String> {
    let Base::Parameter(start, at) = base else {
        return None;
    };
    let parameter = texts.code.parameter(*start, *at)?;
    parameter.decorators.iter().find_map(|decorator| {
        let Value::Call(call) = decorator else {
            return None;
        };
        let callee = texts.code.near_origin(&call.callee);
        let first = call.arguments.first()?;
        if callee.is("@nestjs/common", &["Inject"]) {
            return Some(token(texts, first));
        }
        callee
            .is("@nestjs/microservices", &["Client"])
            .then(|| format!("{}@{start}", texts.place))
    })
}

/// A token of injection as a name.
fn token(texts: &Texts<'_>, value: &Value) -> String {
    match texts.literal(value) {
        Some(name) => name,
        None => match texts.code.near_origin(value) {
            origin if !origin.path.is_empty() => origin.path.join("."),
            _ => match value {
                Value::Name(_, name) => name.to_string(),
                _ => texts.text(value).to_string(),
            },
        },
    }
}

fn registered_client(site: &Site<'_>, name: &str, options: &Value) {
    if let Some((address, engine)) = transport(site.texts, options) {
        let key = Key::new("property", format!("nest.client.{name}"));
        site.binds(key, address.clone());
        bind_broker(site, engine, &address);
    }
}

fn bind_broker(site: &Site<'_>, engine: &str, address: &Template) {
    if !matches!(engine, "grpc" | "tcp") && !address.is_empty() {
        site.binds(Key::new("broker", engine), address.clone());
    }
}

/// Address and kind of what options of a transport lead to.
fn transport(texts: &Texts<'_>, options: &Value) -> Option<(Template, &'static str)> {
    let kind = texts.member(options, "transport")?;
    let kind = texts.code.near_origin(&kind);
    let kind = kind.path.last().map(|kind| kind.to_uppercase())?;
    let details = texts.member(options, "options")?;
    let property = |name: &str| texts.property(&details, name);
    let first = |name: &str| match texts.member(&details, name) {
        Some(Value::Array(list)) => list.first().map(|one| texts.text(one)),
        Some(value) => Some(texts.text(&value)),
        None => None,
    };
    match kind.as_str() {
        "GRPC" => Some((property("url")?, "grpc")),
        "KAFKA" => {
            let client = texts.member(&details, "client")?;
            Some((texts.property(&client, "brokers")?, "kafka"))
        }
        "RMQ" => Some((first("urls")?, "rabbitmq")),
        "NATS" => Some((first("servers").or_else(|| first("url"))?, "nats")),
        "MQTT" => Some((property("url")?, "mqtt")),
        "REDIS" => Some((
            property("url").unwrap_or_else(|| texts.address(&details)),
            "redis",
        )),
        "TCP" => Some((texts.address(&details), "tcp")),
        _ => None,
    }
}

/// `registerAs("kafka", () => ({ brokers: … }))` binds `kafka.brokers`.
fn registered(site: &Site<'_>) {
    let texts = site.texts;
    let (Some(name), Some(Value::Function(start))) = (
        site.call.arguments.first().and_then(Value::as_text),
        site.call.arguments.get(1),
    ) else {
        return;
    };
    let Some(function) = texts.code.functions.get(start) else {
        return;
    };
    let [Value::Object(properties)] = function.returns.as_slice() else {
        return;
    };
    for (key, value) in properties.iter() {
        let text = texts.text(value);
        if crate::extract::said::is_worth_binding(&text) {
            site.binds(Key::new("property", format!("{name}.{key}")), text);
        }
    }
}

/// The text of a pattern: itself, or the command of an object.
pub(super) fn pattern(texts: &Texts<'_>, value: &Value) -> Template {
    match texts.member(value, "cmd") {
        Some(command) if matches!(value, Value::Object(_)) => texts.text(&command),
        _ => texts.text(value),
    }
}
