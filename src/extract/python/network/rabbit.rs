//! RabbitMQ: exchanges that code publishes to, queues that it listens to, and which queue is bound to which exchange.
//!
//! Sources: <https://pika.readthedocs.io/en/stable/modules/channel.html>, <https://docs.aio-pika.com>

use super::Site;
use super::clients::of_parts;
use super::events::{bind, topics};
use super::origin::Base;
use super::value::{Call, Value};
use crate::model::{DependencyKind, Key, Template};

/// States what a channel, an exchange or a queue is used for.
pub(super) fn detect(site: &Site<'_>) {
    let name = &*site.callee.name;
    if name.starts_with("pika.") {
        pika(site);
    } else if name.starts_with("aio_pika.") {
        aio_pika(site);
    }
}

fn pika(site: &Site<'_>) {
    let name = &*site.callee.name;
    let Some((maker, method)) = name.rsplit_once("().") else {
        if name.ends_with("Connection") {
            bind(site, "rabbitmq", parameters(site, site.call));
        }
        return;
    };
    if !maker.contains("Connection") {
        return;
    }
    let address = site.callee.calls.first().and_then(Option::as_ref);
    let address = address.and_then(|made| parameters(site, made));
    match method {
        "basic_publish" => {
            let name = published(
                site.argument(0, "exchange"),
                site.argument(1, "routing_key"),
            );
            topics(site, "rabbitmq", address, DependencyKind::EventPub, name);
        }
        "basic_consume" | "basic_get" | "consume" => {
            // Older versions take the callback first.
            let queue = site.texts.argument(site.call, usize::MAX, "queue");
            let queue = queue.or_else(|| site.argument(0, "queue"));
            topics(
                site,
                "rabbitmq",
                address,
                DependencyKind::EventSub,
                queue.map(queued),
            );
        }
        "queue_bind" => bound(
            site,
            site.argument(0, "queue"),
            site.argument(1, "exchange"),
        ),
        _ => {}
    }
}

/// The address that a connection is given: `ConnectionParameters(host="queue")`, `URLParameters(url)`.
fn parameters(site: &Site<'_>, made: &Call) -> Option<Template> {
    let texts = site.texts;
    let value = made.argument(0, "parameters")?;
    let Base::Call(parameters) = texts.code.origin(value).base else {
        return None;
    };
    let maker = texts.code.known(&parameters.callee)?;
    if maker.name.ends_with("URLParameters") {
        return texts.argument(&parameters, 0, "url");
    }
    if !maker.name.ends_with("ConnectionParameters") {
        return None;
    }
    let host = texts
        .argument(&parameters, 0, "host")
        .unwrap_or_else(|| "localhost".into());
    Some(of_parts(
        "amqp",
        host,
        texts.argument(&parameters, 1, "port"),
    ))
}

fn aio_pika(site: &Site<'_>) {
    let name = &*site.callee.name;
    let Some((maker, method)) = name.rsplit_once('.') else {
        return;
    };
    if matches!(name, "aio_pika.connect" | "aio_pika.connect_robust") {
        bind(site, "rabbitmq", of_call(site, site.call));
        return;
    }
    if !maker.starts_with("aio_pika.connect") {
        return;
    }
    let address = site.callee.calls.first().and_then(Option::as_ref);
    let address = address.and_then(|made| of_call(site, made));
    let last = site.callee.calls.len().saturating_sub(1);
    let made = |name: &str| site.made_with(last, 0, name);
    let maker = maker.rsplit("().").next().unwrap_or(maker);
    match (maker, method) {
        ("default_exchange", "publish") => {
            let name = site.argument(1, "routing_key");
            topics(site, "rabbitmq", address, DependencyKind::EventPub, name);
        }
        ("declare_exchange()" | "get_exchange()", "publish") => {
            topics(
                site,
                "rabbitmq",
                address,
                DependencyKind::EventPub,
                made("name"),
            );
        }
        ("declare_queue()" | "get_queue()", "consume" | "iterator" | "get") => {
            let queue = made("name").map(queued);
            topics(site, "rabbitmq", address, DependencyKind::EventSub, queue);
        }
        ("declare_queue()" | "get_queue()", "bind") => {
            let exchange = site.call.argument(0, "exchange");
            bound(
                site,
                made("name"),
                exchange.and_then(|one| exchange_of(site, one)),
            );
        }
        _ => {}
    }
}

/// The name of an exchange: a text, or what a declaration is given.
fn exchange_of(site: &Site<'_>, value: &Value) -> Option<Template> {
    let origin = site.texts.code.origin(value);
    match &origin.base {
        Base::Call(made) if origin.path.is_empty() => {
            let maker = site.texts.code.known(&made.callee)?;
            let is_exchange =
                maker.name.ends_with(".declare_exchange") || maker.name.ends_with(".get_exchange");
            match is_exchange {
                true => site.texts.argument(made, 0, "name"),
                false => None,
            }
        }
        _ => Some(site.texts.text(value)),
    }
}

/// `connect_robust("amqp://queue")`, `connect_robust(host="queue")`.
fn of_call(site: &Site<'_>, made: &Call) -> Option<Template> {
    let texts = site.texts;
    if let Some(url) = texts.argument(made, 0, "url") {
        return Some(url);
    }
    let host = texts.argument(made, usize::MAX, "host")?;
    Some(of_parts(
        "amqp",
        host,
        texts.argument(made, usize::MAX, "port"),
    ))
}

/// The exchange; of the default one, the queue that the routing key names.
fn published(exchange: Option<Template>, key: Option<Template>) -> Option<Template> {
    match exchange {
        Some(exchange) if !exchange.is_empty() => Some(exchange),
        _ => key,
    }
}

/// A queue stands for the exchange that it is bound to.
fn queued(queue: Template) -> Template {
    Template::reference(Key::new("queue", queue.clone()), Some(queue))
}

fn bound(site: &Site<'_>, queue: Option<Template>, exchange: Option<Template>) {
    if let (Some(queue), Some(exchange)) = (queue, exchange)
        && !exchange.is_empty()
    {
        let key = Key::new("queue", queue);
        site.said
            .borrow_mut()
            .binds(key, exchange, &site.call.bytes);
    }
}
