//! Connections to Redis, and the channels that are published and listened to there.
//!
//! Sources: <https://github.com/redis/ioredis>, <https://github.com/redis/node-redis>

use super::Site;
use super::origin::{Base, Origin};
use super::text::Texts;
use super::value::{Call, Value};
use crate::extract::addresses::joined;
use crate::model::{DependencyKind, Key, Part, Template};

/// States a connection, or the use of a channel.
pub(super) fn detect(site: &Site<'_>) {
    if let Some(address) = connection(site.texts, site.call, &site.callee) {
        site.requires(
            Key::at("store", address.clone(), "redis"),
            DependencyKind::DataUse,
        );
        return;
    }
    let kind = match site.callee.path().as_slice() {
        ["publish" | "spublish"] => DependencyKind::EventPub,
        ["subscribe" | "psubscribe" | "ssubscribe" | "pSubscribe" | "sSubscribe"] => {
            DependencyKind::EventSub
        }
        _ => return,
    };
    let Base::Call(made) = &site.callee.base else {
        return;
    };
    let Some(address) = of_client(site.texts, made) else {
        return;
    };
    let Some(channel) = site.call.arguments.first() else {
        return;
    };
    let channel = site.texts.text(channel);
    site.requires(Key::at("topic", address, channel), kind);
}

/// The address of a client: of a connection, or of its copy for listening.
fn of_client(texts: &Texts<'_>, made: &Call) -> Option<Template> {
    let callee = texts.code.origin(&made.callee);
    if let (Base::Call(original), ["duplicate"]) = (&callee.base, callee.path().as_slice()) {
        let callee = texts.code.origin(&original.callee);
        return connection(texts, original, &callee);
    }
    connection(texts, made, &callee)
}

/// The address that a call connects to.
pub(super) fn connection(texts: &Texts<'_>, call: &Call, callee: &Origin) -> Option<Template> {
    let path = callee.of_package(|name| matches!(name, "redis" | "ioredis"))?;
    let is_connection = matches!(
        path.as_slice(),
        ["createClient" | "createCluster" | "Redis" | "Cluster"]
    ) || call.new && path.is_empty();
    is_connection.then(|| address(texts, &call.arguments))
}

/// `(url)`, `(port, host)`, `({ host, port })`, `({ url })`, `({ socket: { host, port } })`; the machine itself by default.
pub(super) fn address(texts: &Texts<'_>, arguments: &[Value]) -> Template {
    let local = || Template::text("redis://localhost:6379");
    let Some(first) = arguments.first() else {
        return local();
    };
    match texts.code.near_origin(first).base {
        Base::Value(Value::Array(nodes)) => match nodes.first() {
            Some(node) => address(texts, std::slice::from_ref(node)),
            None => local(),
        },
        Base::Value(Value::Object(_)) => {
            if let Some(url) = texts.property(first, "url") {
                return url;
            }
            let socket = texts.member(first, "socket");
            let options = socket.as_ref().unwrap_or(first);
            of_parts(texts, options).unwrap_or_else(local)
        }
        _ => {
            let text = texts.text(first);
            let is_port = text
                .as_text()
                .is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
            match arguments.get(1) {
                Some(host) if is_port || !matches!(host, Value::Object(_)) => {
                    let mut whole = Template::text("redis://");
                    whole.extend(&texts.text(host));
                    whole.push(Part::Text(":".into()));
                    whole.extend(&text);
                    whole
                }
                _ => text,
            }
        }
    }
}

fn of_parts(texts: &Texts<'_>, options: &Value) -> Option<Template> {
    let host = texts.property(options, "host")?;
    let mut whole = Template::text("redis://");
    whole.extend(&host);
    if let Some(port) = texts.property(options, "port") {
        whole.push(Part::Text(":".into()));
        whole.extend(&port);
    }
    Some(joined(&whole, &Template::default()))
}
