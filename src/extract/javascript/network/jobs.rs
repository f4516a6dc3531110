//! Queues of jobs in Redis: Bull and BullMQ, also through NestJS.
//!
//! Sources: <https://docs.bullmq.io>, <https://github.com/OptimalBits/bull/blob/develop/REFERENCE.md>, <https://docs.nestjs.com/techniques/queues>

use super::Site;
use super::origin::Base;
use super::redis;
use super::text::Texts;
use super::value::{Call, Value};
use crate::model::{DependencyKind, Key, Template};

/// A queue: its name, and where its Redis is.
struct Queue {
    name: Template,
    address: Template,
}

/// States what is put into a queue and what is taken from it.
pub(super) fn detect(site: &Site<'_>) {
    let texts = site.texts;
    if let Some((queue, listens)) = made(texts, site.call) {
        let address = queue.address.clone();
        if address
            .as_ref_key()
            .is_none_or(|key| key.namespace.0 != "broker")
        {
            site.binds(Key::new("broker", "redis"), address.clone());
            site.requires(Key::at("store", address, "redis"), DependencyKind::DataUse);
        }
        if listens {
            let key = Key::at("topic", queue.address, queue.name);
            site.requires(key, DependencyKind::EventSub);
        }
        return;
    }
    root(site);
    let kind = match site.callee.path().as_slice() {
        ["add" | "addBulk"] => DependencyKind::EventPub,
        ["process"] => DependencyKind::EventSub,
        _ => return,
    };
    let queue = match &site.callee.base {
        Base::Call(call) => made(texts, call).map(|(queue, _)| queue),
        base @ Base::Parameter(..) => injected(texts, base),
        _ => None,
    };
    if let Some(queue) = queue {
        site.requires(Key::at("topic", queue.address, queue.name), kind);
    }
}

/// The queue that a call makes, and whether it is made to take from it.
fn made(texts: &Texts<'_>, call: &Call) -> Option<(Queue, bool)> {
    let callee = texts.code.origin(&call.callee);
    let path = callee.of_package(|name| matches!(name, "bull" | "bullmq"))?;
    let listens = match path.as_slice() {
        [] | ["Queue"] => false,
        ["Worker"] => true,
        _ => return None,
    };
    let name = texts.text(call.arguments.first()?);
    let options = call.arguments.get(if listens { 2 } else { 1 });
    let connection = options.and_then(|options| {
        texts
            .member(options, "connection")
            .or_else(|| texts.member(options, "redis"))
    });
    let address = match (connection, options) {
        (Some(connection), _) => of_connection(texts, &connection),
        // `new Queue("jobs", "redis://…")`
        (None, Some(options))
            if !matches!(
                texts.code.near_origin(options).base,
                Base::Value(Value::Object(_))
            ) =>
        {
            texts.text(options)
        }
        _ => Key::new("broker", "redis").into(),
    };
    Some((Queue { name, address }, listens))
}

/// The address of a connection: options, or a client.
fn of_connection(texts: &Texts<'_>, connection: &Value) -> Template {
    let origin = texts.code.origin(connection);
    if let Some(call) = origin.made_by() {
        let callee = texts.code.origin(&call.callee);
        if let Some(address) = redis::connection(texts, call, &callee) {
            return address;
        }
    }
    match origin.base {
        Base::Value(Value::Object(_)) => redis::address(texts, std::slice::from_ref(connection)),
        _ => Key::new("broker", "redis").into(),
    }
}

/// A queue that is injected: `@InjectQueue("mail") private queue: Queue`.
fn injected(texts: &Texts<'_>, base: &Base) -> Option<Queue> {
    let Base::Parameter(start, at) = base else {
        return None;
    };
    let parameter = texts.code.parameter(*start, *at)?;
    parameter.decorators.iter().find_map(|decorator| {
        let Value::Call(call) = decorator else {
            return None;
        };
        let callee = texts.code.near_origin(&call.callee);
        let is_queue = callee.is("@nestjs/bull", &["InjectQueue"])
            || callee.is("@nestjs/bullmq", &["InjectQueue"]);
        let name = texts.text(call.arguments.first().filter(|_| is_queue)?);
        Some(Queue {
            name,
            address: Key::new("broker", "redis").into(),
        })
    })
}

/// `BullModule.forRoot({ connection: { host, port } })`
fn root(site: &Site<'_>) {
    let texts = site.texts;
    let is_root = ["@nestjs/bull", "@nestjs/bullmq"]
        .iter()
        .any(|package| site.callee.is(package, &["BullModule", "forRoot"]));
    let Some(options) = site.call.arguments.first().filter(|_| is_root) else {
        return;
    };
    let connection = ["connection", "redis", "url"]
        .iter()
        .find_map(|name| texts.member(options, name));
    if let Some(connection) = connection {
        let address = redis::address(texts, &[connection]);
        site.binds(Key::new("broker", "redis"), address.clone());
        site.requires(Key::at("store", address, "redis"), DependencyKind::DataUse);
    }
}
