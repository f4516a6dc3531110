//! Topics, queues and subjects that are published to and listened to: RabbitMQ, NATS, Redis, Pub/Sub, SQS and SNS, asynq, Watermill, Dapr.
//!
//! Sources: <https://pkg.go.dev/github.com/rabbitmq/amqp091-go>, <https://pkg.go.dev/github.com/nats-io/nats.go>,
//! <https://pkg.go.dev/github.com/redis/go-redis/v9>, <https://pkg.go.dev/cloud.google.com/go/pubsub>,
//! <https://pkg.go.dev/github.com/hibiken/asynq>, <https://watermill.io/docs/pub-sub/>, <https://docs.dapr.io/developing-applications/building-blocks/pubsub/>

use std::ops::Range;

use tree_sitter::Node;

use super::calls::{Call, Callee};
use super::facts::{Found, Use};
use super::invoke::DAPR;
use super::kafka;
use super::libraries::{is, within};
use super::texts::{is_unknown, leads, or};
use super::types::Type;
use super::unit::{Unit, Value};
use super::value::{Values, elements, pairs};
use crate::extract::syntax;
use crate::model::{DependencyKind, Key, Part, Template};

const AMQP: &[&str] = &[
    "github.com/rabbitmq/amqp091-go",
    "github.com/streadway/amqp",
];
const ASYNQ: &str = "github.com/hibiken/asynq";
const NATS: &str = "github.com/nats-io";
const PUBSUB: &str = "cloud.google.com/go/pubsub";
const REDIS: &[&str] = &["github.com/redis/go-redis", "github.com/go-redis/redis"];
const WATERMILL: &str = "github.com/ThreeDotsLabs/watermill";

/// Whether a package is a client of a broker.
pub(super) fn concerns(path: &str) -> bool {
    kafka::concerns(path)
        || [ASYNQ, DAPR, NATS, PUBSUB, WATERMILL]
            .iter()
            .any(|library| within(path, library))
        || AMQP
            .iter()
            .chain(REDIS)
            .any(|library| within(path, library))
        || is_amazon(path, "sqs")
        || is_amazon(path, "sns")
}

fn is_amazon(path: &str, service: &str) -> bool {
    let service_path = path
        .strip_suffix(service)
        .and_then(|path| path.strip_suffix("/service/"));
    service_path.is_some_and(|path| path.starts_with("github.com/aws/aws-sdk-go"))
}

/// The broker of an engine, wherever the component says that it is.
pub(super) fn broker(engine: &str) -> Template {
    kafka::key(engine).into()
}

/// States that something is published.
pub(super) fn publish<'t>(
    values: &Values<'_, 't>,
    at: Template,
    topic: Option<Node<'t>>,
    node: Node<'t>,
    found: &mut Found,
) {
    let topic = kafka::optional(values, topic);
    found.add(
        Use::topic(at, known(topic), DependencyKind::EventPub),
        syntax::bytes(node),
    );
}

/// States that something is listened to.
pub(super) fn subscribe<'t>(
    values: &Values<'_, 't>,
    at: Template,
    topic: Option<Node<'t>>,
    node: Node<'t>,
    found: &mut Found,
) {
    let topic = kafka::optional(values, topic);
    found.add(
        Use::topic(at, known(topic), DependencyKind::EventSub),
        syntax::bytes(node),
    );
}

/// A topic of which nothing is known is none.
fn known(topic: Template) -> Template {
    match is_unknown(&topic) {
        true => Template::default(),
        false => topic,
    }
}

/// States where the broker of an engine is.
pub(super) fn connect(address: Template, engine: &str, bytes: Range<usize>, found: &mut Found) {
    if leads(&address) {
        found.bind(kafka::key(engine), address, bytes);
    }
}

/// The elements of a list, through one variable; else the expression itself.
pub(super) fn each<'t>(values: &Values<'_, 't>, node: Option<Node<'t>>) -> Vec<Node<'t>> {
    let Some(mut node) = node else {
        return Vec::new();
    };
    let unit = values.unit;
    if node.kind() == "identifier"
        && let Some((_, variable)) = unit.variable(unit.text(node), node.start_byte())
        && let [init] = variable.inits.as_slice()
        && let Value::Expression(value) = init.value
        && value.kind() == "composite_literal"
    {
        node = value;
    }
    match node.kind() {
        "composite_literal" => elements(node),
        _ => vec![node],
    }
}

/// States what a call publishes, listens to or connects to.
pub(super) fn call<'t>(values: &Values<'_, 't>, call: &Call<'t>, found: &mut Found) {
    kafka::call(values, call, found);
    let unit = values.unit;
    let argument = |at: usize| call.arguments.get(at).copied();
    match call.callee {
        Callee::Package { path, name } => {
            let first = argument(0);
            let engine = match name {
                "Dial" | "DialConfig" | "DialTLS"
                    if AMQP.iter().any(|library| within(path, library)) =>
                {
                    "rabbitmq"
                }
                "Connect" if within(path, NATS) => "nats",
                "NewTask" if is(path, ASYNQ) => {
                    publish(values, broker("redis"), first, call.node, found);
                    return;
                }
                _ => return,
            };
            if let Some(first) = first {
                connect(values.of(first), engine, syntax::bytes(call.node), found);
            }
        }
        Callee::Method { receiver, name } => {
            let uses = |library: &str| unit.imports.values().any(|path| within(path, library));
            let count = call.arguments.len();
            if AMQP.iter().any(|library| uses(library)) && rabbit(values, call, name, found) {
                return;
            }
            if uses(NATS) && nats(values, call, name, found) {
                return;
            }
            if REDIS.iter().any(|library| uses(library)) && count >= 2 {
                match name {
                    "Publish" | "SPublish" if count == 3 => {
                        publish(values, broker("redis"), argument(1), call.node, found);
                    }
                    "Subscribe" | "PSubscribe" | "SSubscribe" => {
                        for channel in &call.arguments[1..] {
                            subscribe(values, broker("redis"), Some(*channel), call.node, found);
                        }
                    }
                    _ => {}
                }
            }
            if uses(PUBSUB) {
                pubsub(values, receiver, name, call, found);
            }
            if uses(ASYNQ) && matches!(name, "HandleFunc" | "Handle") && count == 2 {
                subscribe(values, broker("redis"), argument(0), call.node, found);
            }
            if uses(WATERMILL) {
                watermill(values, call, name, found);
            }
            if uses(DAPR)
                && matches!(name, "PublishEvent" | "PublishEventfromCustomContent")
                && count >= 3
            {
                let at = component(values, argument(1));
                publish(values, at, argument(2), call.node, found);
            }
        }
        _ => {}
    }
}

/// The broker that a component of Dapr names.
fn component<'t>(values: &Values<'_, 't>, name: Option<Node<'t>>) -> Template {
    let name = kafka::optional(values, name);
    match is_unknown(&name) {
        true => broker("dapr"),
        false => Key::new("broker", name).into(),
    }
}

/// RabbitMQ: the exchange, or the queue where the default exchange is used.
fn rabbit<'t>(values: &Values<'_, 't>, call: &Call<'t>, name: &str, found: &mut Found) -> bool {
    let argument = |at: usize| call.arguments.get(at).copied();
    let count = call.arguments.len();
    let at = broker("rabbitmq");
    let (exchange, key) = match (name, count) {
        ("Publish" | "PublishWithDeferredConfirm", 5) => (argument(0), argument(1)),
        ("PublishWithContext" | "PublishWithDeferredConfirmWithContext", 6) => {
            (argument(1), argument(2))
        }
        ("QueueBind", 5) => {
            let queue = kafka::optional(values, argument(0));
            let exchange = kafka::optional(values, argument(2));
            if !is_unknown(&queue) && !is_unknown(&exchange) {
                found.bind(Key::new("queue", queue), exchange, syntax::bytes(call.node));
            }
            return true;
        }
        ("Consume", 7) | ("ConsumeWithContext", 8) => {
            let queue = known(kafka::optional(values, argument(usize::from(count == 8))));
            let name = match queue.is_empty() {
                true => queue,
                false => or(Key::new("queue", queue.clone()).into(), queue),
            };
            found.add(
                Use::topic(at, name, DependencyKind::EventSub),
                syntax::bytes(call.node),
            );
            return true;
        }
        _ => return false,
    };
    let exchange = kafka::optional(values, exchange);
    let topic = match exchange.is_empty() {
        true => kafka::optional(values, key),
        false => exchange,
    };
    found.add(
        Use::topic(at, known(topic), DependencyKind::EventPub),
        syntax::bytes(call.node),
    );
    true
}

/// NATS: subjects.
fn nats<'t>(values: &Values<'_, 't>, call: &Call<'t>, name: &str, found: &mut Found) -> bool {
    let argument = |at: usize| call.arguments.get(at).copied();
    let at = broker("nats");
    match (name, call.arguments.len()) {
        ("Publish", 2) | ("PublishRequest" | "Request", 3) | ("PublishAsync", 2) => {
            publish(values, at, argument(0), call.node, found);
        }
        // `js.Publish(ctx, subject, data)` of the newer JetStream.
        ("Publish", 3) => publish(values, at, argument(1), call.node, found),
        ("RequestWithContext", 3) => publish(values, at, argument(1), call.node, found),
        ("Subscribe" | "SubscribeSync", 1 | 2)
        | ("ChanSubscribe", 2)
        | ("PullSubscribe", 2..)
        | ("QueueSubscribe", 3..)
        | ("QueueSubscribeSync", 2)
        | ("ChanQueueSubscribe", 3) => {
            subscribe(values, at, argument(0), call.node, found);
        }
        _ => return false,
    }
    true
}

/// Google's Pub/Sub: topics that something is published to, subscriptions that are received.
fn pubsub<'t>(
    values: &Values<'_, 't>,
    receiver: Node<'t>,
    name: &str,
    call: &Call<'t>,
    found: &mut Found,
) {
    let (wanted, kind) = match (name, call.arguments.len()) {
        ("Publish", 2) => (
            &["Topic", "TopicInProject", "Publisher"],
            DependencyKind::EventPub,
        ),
        ("Receive", 2) => (
            &["Subscription", "SubscriptionInProject", "Subscriber"],
            DependencyKind::EventSub,
        ),
        _ => return,
    };
    // The topic or the subscription that the receiver was made as.
    let unit = values.unit;
    let made = made_by(unit, receiver).and_then(|node| Call::read(unit, node));
    let made = made.filter(|made| wanted.contains(&made.name()));
    let topic = made.and_then(|made| made.arguments.first().map(|name| values.of(*name)));
    let topic = known(topic.unwrap_or_default());
    let topic = match kind {
        DependencyKind::EventSub if !topic.is_empty() => {
            or(Key::new("queue", topic.clone()).into(), topic)
        }
        _ => topic,
    };
    found.add(
        Use::topic(broker("pubsub"), topic, kind),
        syntax::bytes(call.node),
    );
}

/// The call that an expression, a variable or a field comes from.
fn made_by<'t>(unit: &Unit<'t>, node: Node<'t>) -> Option<Node<'t>> {
    let value = match node.kind() {
        "call_expression" => return Some(node),
        "identifier" => {
            unit.variable(unit.text(node), node.start_byte())?
                .1
                .inits
                .first()?
                .value
        }
        "selector_expression" => {
            let text = unit.text(node);
            unit.assigned
                .iter()
                .find(|(target, _)| unit.text(*target) == text)?
                .1
                .value
        }
        _ => return None,
    };
    match value {
        Value::Expression(node) | Value::Result(node, 0) => Some(node),
        _ => None,
    }
}

/// Watermill: publishers, subscribers and handlers of any engine.
fn watermill<'t>(values: &Values<'_, 't>, call: &Call<'t>, name: &str, found: &mut Found) {
    let argument = |at: usize| call.arguments.get(at).copied();
    let mut engines = values.unit.imports.values().filter_map(|path| {
        let rest = path.strip_prefix("github.com/ThreeDotsLabs/watermill-")?;
        Some(match rest.split('/').next()? {
            "amqp" => "rabbitmq",
            "googlecloud" => "pubsub",
            "jetstream" => "nats",
            "redisstream" => "redis",
            "aws" => "sqs",
            other => match other {
                "kafka" => "kafka",
                "nats" => "nats",
                _ => return None,
            },
        })
    });
    let at = || broker("watermill");
    let at = match engines.next() {
        Some(engine) => broker(engine),
        None => at(),
    };
    match (name, call.arguments.len()) {
        ("Publish", 2) => publish(values, at, argument(0), call.node, found),
        ("Subscribe", 2) => subscribe(values, at, argument(1), call.node, found),
        ("AddHandler", 6) => {
            subscribe(values, at.clone(), argument(1), call.node, found);
            publish(values, at, argument(3), call.node, found);
        }
        ("AddNoPublisherHandler" | "AddConsumerHandler", 4) => {
            subscribe(values, at, argument(1), call.node, found);
        }
        _ => {}
    }
}

/// States what requests and settings say: SQS, SNS, Dapr, NATS.
pub(super) fn literal<'t>(values: &Values<'_, 't>, node: Node<'t>, found: &mut Found) {
    kafka::literal(values, node, found);
    let ty = node
        .child_by_field_name("type")
        .map(|ty| values.unit.read_type(ty));
    let Some(Type::Imported { path, name, .. }) = ty else {
        return;
    };
    let pairs = pairs(node);
    let part = |name: &str| {
        let found = pairs.iter().find(|(key, _)| values.unit.text(*key) == name);
        found.map(|(_, value)| *value)
    };
    let (engine, field, kind) = match name {
        "SendMessageInput" | "SendMessageBatchInput" if is_amazon(path, "sqs") => {
            ("sqs", "QueueUrl", DependencyKind::EventPub)
        }
        "ReceiveMessageInput" if is_amazon(path, "sqs") => {
            ("sqs", "QueueUrl", DependencyKind::EventSub)
        }
        "PublishInput" if is_amazon(path, "sns") => ("sns", "TopicArn", DependencyKind::EventPub),
        "Subscription" if within(path, DAPR) => {
            let at = component(values, part("PubsubName"));
            subscribe(values, at, part("Topic"), node, found);
            return;
        }
        _ => return,
    };
    let topic = last_segment(known(kafka::optional(values, part(field))));
    found.add(Use::topic(broker(engine), topic, kind), syntax::bytes(node));
}

/// The name in the address of a queue or the number of a topic: `https://sqs.eu-west-1.amazonaws.com/1/orders`, `arn:aws:sns:eu-west-1:1:orders`.
fn last_segment(topic: Template) -> Template {
    match topic.0.last() {
        Some(Part::Text(text))
            if text.contains("amazonaws.com") || text.starts_with("arn:") || topic.0.len() > 1 =>
        {
            Template::text(text.rsplit(['/', ':']).next().unwrap_or_default())
        }
        _ => topic,
    }
}
