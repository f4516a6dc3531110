//! Topics that code publishes to and listens to: Kafka, RabbitMQ, NATS, MQTT.
//!
//! Sources: <https://kafka.js.org/docs/getting-started>, <https://github.com/Blizzard/node-rdkafka>,
//! <https://amqp-node.github.io/amqplib/channel_api.html>, <https://github.com/nats-io/nats.js>, <https://github.com/mqttjs/MQTT.js>

use super::Site;
use super::origin::{Base, Origin};
use super::rabbit;
use super::text::Texts;
use super::value::{Call, Value};
use crate::model::{DependencyKind, Key, Part, Template};

/// The longest way from a channel to the connection that it is of.
const CHAIN: usize = 8;

/// A broker: its engine, and the address when the code shows it.
struct Broker {
    engine: &'static str,
    address: Option<Template>,
}

/// States the topics of a call, and where its broker is.
pub(super) fn detect(site: &Site<'_>) {
    if let Some(broker) = made(site.texts, site.call)
        && let Some(address) = broker.address.filter(|address| !address.is_empty())
    {
        site.binds(Key::new("broker", broker.engine), address);
    }
    if site.call.new {
        return;
    }
    let broker = broker_of(site.texts, &site.callee);
    let Some(method) = site.callee.path.last() else {
        return;
    };
    let (kind, names) = match &broker {
        Some(broker) => match topics(site, broker.engine, method) {
            Some(found) => found,
            None => return,
        },
        // Of a channel that another file makes, the names of its methods tell the package.
        None => match by_shape(site, method) {
            Some((kind, name, engine, package)) => {
                let at = Template::from(Key::new("broker", engine));
                site.requires_with(Key::at("topic", at, name), kind, package);
                return;
            }
            None => return,
        },
    };
    let Some(broker) = broker else {
        return;
    };
    let at = match &broker.address {
        Some(address) if !matches!(address.0.first(), None | Some(Part::Hole)) => address.clone(),
        _ => Key::new("broker", broker.engine).into(),
    };
    for name in names {
        site.requires(Key::at("topic", at.clone(), name), kind);
    }
}

/// The broker that a call connects to.
fn made(texts: &Texts<'_>, call: &Call) -> Option<Broker> {
    let callee = texts.code.origin(&call.callee);
    let path = callee.of_package(|_| true)?;
    let Base::Module(module) = &callee.base else {
        return None;
    };
    let first = call.arguments.first();
    let option = |name: &str| first.and_then(|options| texts.property(options, name));
    let is_object = |value: &Value| {
        matches!(
            texts.code.near_origin(value).base,
            Base::Value(Value::Object(_))
        )
    };
    let (engine, address) = match (&**module, path.as_slice()) {
        ("kafkajs", ["Kafka"]) => ("kafka", option("brokers")),
        ("@confluentinc/kafka-javascript", ["KafkaJS", "Kafka"]) => {
            let inner = first.and_then(|options| texts.member(options, "kafkaJS"));
            (
                "kafka",
                inner.and_then(|inner| texts.property(&inner, "brokers")),
            )
        }
        (
            "node-rdkafka" | "@confluentinc/kafka-javascript",
            ["Producer" | "HighLevelProducer" | "KafkaConsumer" | "AdminClient"]
            | [
                "KafkaConsumer" | "Producer",
                "createReadStream" | "createWriteStream",
            ]
            | ["createReadStream" | "createWriteStream"],
        ) => (
            "kafka",
            option("metadata.broker.list").or_else(|| option("bootstrap.servers")),
        ),
        ("amqplib" | "amqplib/callback_api" | "amqp-connection-manager", ["connect"]) => {
            let address = first.map(|first| match is_object(first) {
                true => texts.address(first),
                false => texts.text(first),
            });
            ("rabbitmq", address)
        }
        ("nats" | "@nats-io/transport-node", ["connect"]) => ("nats", option("servers")),
        ("mqtt" | "async-mqtt", ["connect" | "connectAsync"]) => {
            let address = first.map(|first| match is_object(first) {
                true => texts.address(first),
                false => texts.text(first),
            });
            ("mqtt", address)
        }
        _ => return None,
    };
    Some(Broker { engine, address })
}

/// The broker behind what a method is called on: from a channel back to its connection.
fn broker_of(texts: &Texts<'_>, callee: &Origin) -> Option<Broker> {
    let mut origin = callee.clone();
    for _ in 0..CHAIN {
        let Base::Call(call) = &origin.base else {
            return None;
        };
        if let Some(broker) = made(texts, call) {
            return Some(broker);
        }
        origin = texts.code.origin(&call.callee);
    }
    None
}

/// What a method of a known broker does with which topics.
fn topics(site: &Site<'_>, engine: &str, method: &str) -> Option<(DependencyKind, Vec<Template>)> {
    let texts = site.texts;
    let arguments = &site.call.arguments;
    let first = arguments.first();
    let text = |at: usize| arguments.get(at).map(|value| texts.text(value));
    let one = |kind, name: Option<Template>| name.map(|name| (kind, vec![name]));
    match (engine, method) {
        ("kafka", "send") => one(DependencyKind::EventPub, texts.property(first?, "topic")),
        ("kafka", "sendBatch") => {
            let Some(Value::Array(batches)) = texts.member(first?, "topicMessages") else {
                return None;
            };
            let names = batches
                .iter()
                .filter_map(|batch| texts.property(batch, "topic"));
            Some((DependencyKind::EventPub, names.collect()))
        }
        ("kafka", "produce") => one(DependencyKind::EventPub, text(0)),
        ("kafka", "subscribe") => {
            let first = first?;
            let list = match texts.code.near_origin(first).base {
                Base::Value(Value::Array(_)) => first.clone(),
                _ => match texts.member(first, "topics") {
                    Some(list) => list,
                    None => {
                        return one(DependencyKind::EventSub, texts.property(first, "topic"));
                    }
                },
            };
            Some((DependencyKind::EventSub, each(texts, &list)))
        }
        ("rabbitmq", method) => rabbit::uses(site, method),
        ("nats", "publish" | "request") => one(DependencyKind::EventPub, text(0)),
        ("nats", "subscribe") => one(DependencyKind::EventSub, text(0)),
        ("mqtt", "publish" | "publishAsync") => one(DependencyKind::EventPub, text(0)),
        ("mqtt", "subscribe" | "subscribeAsync") => {
            Some((DependencyKind::EventSub, each(texts, first?)))
        }
        _ => None,
    }
}

/// A list of names, or one.
fn each(texts: &Texts<'_>, value: &Value) -> Vec<Template> {
    match texts.code.near_origin(value).base {
        Base::Value(Value::Array(list)) => list.iter().map(|one| texts.text(one)).collect(),
        _ => vec![texts.text(value)],
    }
}

/// What a method says by its name and arguments alone: kind, topic, engine and package.
fn by_shape(
    site: &Site<'_>,
    method: &str,
) -> Option<(DependencyKind, Template, &'static str, &'static str)> {
    let texts = site.texts;
    let first = site.call.arguments.first()?;
    // Whatever made it is known, and is something else.
    if matches!(site.callee.base, Base::Value(_) | Base::Global(_)) {
        return None;
    }
    match method {
        "sendToQueue" if site.call.arguments.len() >= 2 => Some((
            DependencyKind::EventPub,
            texts.text(first),
            "rabbitmq",
            "amqplib",
        )),
        "publish" | "consume" | "bindQueue" => {
            let Value::Member(object, _) = &site.call.callee else {
                return None;
            };
            let name = match &**object {
                Value::Name(_, name) | Value::Member(_, name) => name.to_lowercase(),
                _ => return None,
            };
            let is_channel = matches!(&*name, "ch" | "channel") || name.ends_with("channel");
            let (kind, names) = rabbit::uses(site, method).filter(|_| is_channel)?;
            let name = names.into_iter().next()?;
            Some((kind, name, "rabbitmq", "amqplib"))
        }
        "send" => {
            let Value::Object(_) = first else {
                return None;
            };
            texts.member(first, "messages")?;
            let topic = texts.property(first, "topic")?;
            Some((DependencyKind::EventPub, topic, "kafka", "kafkajs"))
        }
        "subscribe" => {
            let Value::Object(_) = first else {
                return None;
            };
            let topic = texts.property(first, "topic")?;
            Some((DependencyKind::EventSub, topic, "kafka", "kafkajs"))
        }
        _ => None,
    }
}
