//! Channels of RabbitMQ.
//!
//! Source: <https://amqp-node.github.io/amqplib/channel_api.html>

use super::Site;
use super::origin::Base;
use super::value::Value;
use crate::model::{DependencyKind, Key, Part, Template};

/// Channels of RabbitMQ: the name is the exchange, or the queue behind the default exchange.
pub(super) fn uses(site: &Site<'_>, method: &str) -> Option<(DependencyKind, Vec<Template>)> {
    let texts = site.texts;
    let text = |at: usize| site.call.arguments.get(at).map(|value| texts.text(value));
    match method {
        "publish" => {
            let exchange = text(0)?;
            let name = match exchange.is_empty() {
                true => text(1)?,
                false => exchange,
            };
            Some((DependencyKind::EventPub, vec![name]))
        }
        "sendToQueue" => Some((DependencyKind::EventPub, vec![text(0)?])),
        "consume" | "get" => {
            let queue = text(0)?;
            let queue = match queue.0.first() {
                Some(Part::Hole) | None => of_asserted(site)?,
                _ => queue,
            };
            let key = Key::new("queue", queue.clone());
            let name = Template::reference(key, Some(queue));
            Some((DependencyKind::EventSub, vec![name]))
        }
        "bindQueue" => {
            let (queue, exchange) = (text(0)?, text(1)?);
            let queue = match queue.0.first() {
                Some(Part::Hole) | None => of_asserted(site)?,
                _ => queue,
            };
            site.binds(Key::new("queue", queue), exchange);
            None
        }
        _ => None,
    }
}

/// The name of the queue that `assertQueue` gives back: the first argument is `q.queue`.
fn of_asserted(site: &Site<'_>) -> Option<Template> {
    let texts = site.texts;
    let origin = texts.code.origin(site.call.arguments.first()?);
    let Base::Call(asserted) = &origin.base else {
        return None;
    };
    let is_assert = matches!(&asserted.callee, Value::Member(_, name) if &**name == "assertQueue");
    let queue = asserted.arguments.first().filter(|_| is_assert)?;
    match texts.text(queue) {
        // A queue without a name of its own is one of this program alone, known by where it is made.
        name if name.is_empty() => {
            let place = format!("{}@{}", texts.place, asserted.bytes.start);
            Some(Template::text(place))
        }
        name => Some(name),
    }
}
