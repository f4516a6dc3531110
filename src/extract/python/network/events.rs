//! Topics that code publishes to and listens to: Kafka, NATS, MQTT, Pulsar, Redis; and frameworks over several brokers.
//!
//! Sources: <https://kafka-python.readthedocs.io/en/master/apidoc/modules.html>, <https://docs.confluent.io/platform/current/clients/confluent-kafka-python/html/>,
//! <https://aiokafka.readthedocs.io/en/stable/api.html>, <https://faust-streaming.github.io/faust/>, <https://nats-io.github.io/nats.py/>,
//! <https://eclipse.dev/paho/files/paho.mqtt.python/html/client.html>, <https://redis.readthedocs.io/en/stable/commands.html>,
//! <https://faststream.ag2.ai/latest/faststream/>, <https://pulsar.apache.org/docs/client-libraries-python/>

use std::cell::RefCell;

use super::origin::Base;
use super::texts::Texts;
use super::value::{Call, Value};
use super::{Site, is_known, rabbit, stores};
use crate::extract::said::Said;
use crate::model::{DependencyKind, Key, Template};

const PUBLISH: DependencyKind = DependencyKind::EventPub;
const LISTEN: DependencyKind = DependencyKind::EventSub;

/// States the topics of a call, and where its broker is.
pub(super) fn detect(site: &Site<'_>) {
    kafka(site);
    faust(site);
    stream(site);
    nats(site);
    mqtt(site);
    pulsar(site);
    redis(site);
    rabbit::detect(site);
}

/// States topics at a broker: at its address, or wherever the engine of the component is.
pub(super) fn topics(
    site: &Site<'_>,
    engine: &'static str,
    address: Option<Template>,
    kind: DependencyKind,
    names: impl IntoIterator<Item = Template>,
) {
    let at = match address {
        Some(address) if is_known(&address) => address,
        _ => Key::new("broker", engine).into(),
    };
    for name in names {
        // A topic that nothing tells is a use of the broker.
        let name = match is_known(&name) {
            true => name,
            false => Template::default(),
        };
        site.requires(Key::at("topic", at.clone(), name), kind);
    }
}

/// The texts of a list, or of one thing.
fn each(site: &Site<'_>, value: Option<Value>) -> Vec<Template> {
    let values = value.iter().flat_map(|value| site.texts.each(value));
    values.map(|one| site.texts.text(&one)).collect()
}

/// The engine's place in the component is the address that a call connects to.
pub(super) fn bind(site: &Site<'_>, engine: &'static str, address: Option<Template>) {
    if let Some(address) = address.filter(is_known) {
        let key = Key::new("broker", engine);
        site.said.borrow_mut().binds(key, address, &site.call.bytes);
    }
}

/// The servers of a client of Kafka, as its maker is told.
fn servers(site: &Site<'_>, made: &Call) -> Option<Template> {
    let texts = site.texts;
    if let Some(servers) = texts.argument(made, usize::MAX, "bootstrap_servers") {
        return Some(servers);
    }
    let settings = made.arguments.first()?;
    ["bootstrap.servers", "metadata.broker.list"]
        .iter()
        .find_map(|name| texts.entry(settings, name))
        .map(|servers| texts.text(&servers))
}

fn kafka(site: &Site<'_>) {
    let name = &*site.callee.name;
    let packages = ["kafka.", "confluent_kafka.", "aiokafka."];
    if !packages.iter().any(|package| name.starts_with(package)) {
        return;
    }
    let Some((class, method)) = name.rsplit_once("().") else {
        // A client that is made: listeners are told their topics at once.
        bind(site, "kafka", servers(site, site.call));
        if name.ends_with("KafkaConsumer") {
            let topics_of = site.call.arguments.iter();
            let names: Vec<_> = topics_of.map(|one| site.texts.text(one)).collect();
            topics(site, "kafka", servers(site, site.call), LISTEN, names);
        }
        return;
    };
    let class = class.rsplit('.').next().unwrap_or(class);
    let address = site.callee.calls.first().and_then(Option::as_ref);
    let address = address.and_then(|made| servers(site, made));
    let argument = |name: &str| site.texts.argument_value(site.call, 0, name);
    match (class.contains("Producer"), method) {
        (true, "send" | "send_and_wait" | "produce") => {
            topics(site, "kafka", address, PUBLISH, site.argument(0, "topic"));
        }
        (false, "subscribe") if class.contains("Consumer") => {
            topics(
                site,
                "kafka",
                address,
                LISTEN,
                each(site, argument("topics")),
            );
        }
        _ => {}
    }
}

fn faust(site: &Site<'_>) {
    let Some(rest) = site.callee.name.strip_prefix("faust.App") else {
        return;
    };
    let broker = |at: usize| site.made_with(at, usize::MAX, "broker");
    match rest {
        "" => bind(site, "kafka", site.argument(usize::MAX, "broker")),
        "().topic().send" => {
            topics(
                site,
                "kafka",
                broker(0),
                PUBLISH,
                site.made_with(1, 0, "topics"),
            );
        }
        "().agent" | "().topic().stream" => {
            let name = match site.call.arguments.first() {
                Some(topic) if rest == "().agent" => {
                    let origin = site.texts.code.origin(topic);
                    match &origin.base {
                        Base::Call(made) if origin.path.is_empty() => {
                            site.texts.argument(made, 0, "topics")
                        }
                        _ => Some(site.texts.text(topic)),
                    }
                }
                _ => site.made_with(1, 0, "topics"),
            };
            topics(site, "kafka", broker(0), LISTEN, name);
        }
        _ => {}
    }
}

/// `@broker.subscriber("orders")`, `broker.publish(message, topic="orders")` of FastStream.
fn stream(site: &Site<'_>) {
    let Some(rest) = site.callee.name.strip_prefix("faststream.") else {
        return;
    };
    let (class, method) = rest.split_once("().").unwrap_or((rest, ""));
    let engine = match class.rsplit('.').next().unwrap_or(class) {
        "KafkaBroker" => "kafka",
        "RabbitBroker" => "rabbitmq",
        "NatsBroker" => "nats",
        "RedisBroker" => "redis",
        _ => return,
    };
    let address = site.made_with(0, 0, "url");
    match method {
        "" => bind(site, engine, site.argument(0, "url")),
        "subscriber" => topics(site, engine, address, LISTEN, site.argument(0, "topic")),
        "publisher" => topics(site, engine, address, PUBLISH, site.argument(0, "topic")),
        "publish" => {
            let names = ["topic", "queue", "subject", "channel"];
            let name = names.iter().find_map(|name| site.argument(1, name));
            topics(site, engine, address, PUBLISH, name);
        }
        _ => {}
    }
}

fn nats(site: &Site<'_>) {
    let Some(rest) = site.callee.name.strip_prefix("nats.") else {
        return;
    };
    let (maker, method) = rest.split_once("().").unwrap_or((rest, ""));
    if !matches!(maker, "connect" | "aio.client.Client" | "NATS") {
        return;
    }
    let address = site.made_with(0, 0, "servers");
    match method {
        "" => bind(site, "nats", site.argument(0, "servers")),
        "connect" => bind(site, "nats", site.argument(0, "servers")),
        "publish" | "request" | "jetstream().publish" => {
            topics(site, "nats", address, PUBLISH, site.argument(0, "subject"));
        }
        "subscribe" | "jetstream().subscribe" | "jetstream().pull_subscribe" => {
            topics(site, "nats", address, LISTEN, site.argument(0, "subject"));
        }
        _ => {}
    }
}

fn mqtt(site: &Site<'_>) {
    let name = &*site.callee.name;
    let of = |host: Option<Template>, port: Option<Template>| {
        host.map(|host| super::clients::of_parts("mqtt", host, port))
    };
    match name {
        "paho.mqtt.publish.single" => {
            let host = of(
                site.argument(usize::MAX, "hostname"),
                site.argument(usize::MAX, "port"),
            );
            topics(site, "mqtt", host, PUBLISH, site.argument(0, "topic"));
        }
        "aiomqtt.Client().publish" | "aiomqtt.Client().subscribe" => {
            let host = of(
                site.made_with(0, 0, "hostname"),
                site.made_with(0, 1, "port"),
            );
            let kind = if name.ends_with("publish") {
                PUBLISH
            } else {
                LISTEN
            };
            topics(site, "mqtt", host, kind, site.argument(0, "topic"));
        }
        "paho.mqtt.client.Client().connect" | "paho.mqtt.client.Client().connect_async" => {
            bind(
                site,
                "mqtt",
                of(site.argument(0, "host"), site.argument(1, "port")),
            );
        }
        "paho.mqtt.client.Client().publish" => {
            topics(site, "mqtt", None, PUBLISH, site.argument(0, "topic"));
        }
        "paho.mqtt.client.Client().subscribe" => {
            // `[("orders", 0), ("stock", 1)]`
            let names = site.texts.argument_value(site.call, 0, "topic");
            let names = names.iter().flat_map(|names| site.texts.each(names));
            let names: Vec<Template> = names
                .map(|one| match &one {
                    Value::List(pair) => pair.first().map(|name| site.texts.text(name)),
                    one => Some(site.texts.text(one)),
                })
                .map(Option::unwrap_or_default)
                .filter(|name| name.as_text().is_none_or(|name| name.len() > 1))
                .collect();
            topics(site, "mqtt", None, LISTEN, names);
        }
        _ => {}
    }
}

fn pulsar(site: &Site<'_>) {
    let Some(rest) = site.callee.name.strip_prefix("pulsar.Client") else {
        return;
    };
    let address = site.made_with(0, 0, "service_url");
    match rest {
        "" => bind(site, "pulsar", site.argument(0, "service_url")),
        "().create_producer" => {
            topics(site, "pulsar", address, PUBLISH, site.argument(0, "topic"));
        }
        "().subscribe" | "().create_reader" => {
            let names = site.texts.argument_value(site.call, 0, "topic");
            topics(site, "pulsar", address, LISTEN, each(site, names));
        }
        _ => {}
    }
}

/// Channels and streams of Redis.
fn redis(site: &Site<'_>) {
    let Some((maker, method)) = site.callee.name.split_once("().") else {
        return;
    };
    let Some(Some(made)) = site.callee.calls.first() else {
        return;
    };
    let Some(address) = stores::redis(site.texts, maker, made).or_else(|| pool(site, maker, made))
    else {
        return;
    };
    let address = Some(address);
    let all = || {
        let names = site.call.arguments.iter();
        names.map(|one| site.texts.text(one)).collect::<Vec<_>>()
    };
    match method {
        "publish" | "spublish" => {
            topics(site, "redis", address, PUBLISH, site.argument(0, "channel"));
        }
        "pubsub().subscribe" | "pubsub().psubscribe" | "pubsub().ssubscribe" => {
            let named = site
                .call
                .keywords
                .iter()
                .map(|(name, _)| Template::text(&**name));
            let names: Vec<_> = all().into_iter().chain(named).collect();
            topics(site, "redis", address, LISTEN, names);
        }
        "xadd" => topics(site, "redis", address, PUBLISH, site.argument(0, "name")),
        "xread" | "xreadgroup" => {
            let at = if method == "xread" { 0 } else { 2 };
            let streams = site.texts.argument_value(site.call, at, "streams");
            let Some(Value::Dict(streams)) = streams else {
                return;
            };
            let names = streams.iter().map(|(name, _)| Template::text(&**name));
            topics(site, "redis", address, LISTEN, names.collect::<Vec<_>>());
        }
        _ => {}
    }
}

/// The address of the pool that a client takes its connections from.
fn pool(site: &Site<'_>, maker: &str, made: &Call) -> Option<Template> {
    if !maker.contains("edis") {
        return None;
    }
    let pool = site
        .texts
        .argument_value(made, usize::MAX, "connection_pool")?;
    let Base::Call(made) = site.texts.code.origin(&pool).base else {
        return None;
    };
    let maker = site.texts.code.known(&made.callee)?;
    stores::redis(site.texts, &maker.name, &made)
}

/// A client that a callback is given: `def on_connect(client, …): client.subscribe("orders")`.
pub(super) fn given(texts: &Texts<'_>, call: &Call, said: &RefCell<Said>) {
    let Value::Member(object, method) = &call.callee else {
        return;
    };
    let kind = match &**method {
        "subscribe" => LISTEN,
        "publish" => PUBLISH,
        _ => return,
    };
    let Value::Name(_, name) = &**object else {
        return;
    };
    let origin = texts.code.origin(object);
    let is_given = matches!(origin.base, Base::Parameter(..)) && origin.path.is_empty();
    let is_client = matches!(&**name, "client" | "mqttc" | "mqtt_client");
    let mut names = texts
        .code
        .names
        .iter()
        .take(1)
        .flat_map(|names| names.values());
    let mut imports_it = || {
        names.any(|values| {
            values.iter().any(|one| match &one.value {
                Value::Module(name) => name.starts_with("paho.mqtt"),
                _ => false,
            })
        })
    };
    if !is_given || !is_client || !imports_it() {
        return;
    }
    if let Some(topic) = texts.argument(call, 0, "topic").filter(is_known) {
        let at = Template::from(Key::new("broker", "mqtt"));
        let key = Key::at("topic", at, topic);
        said.borrow_mut().requires(key, kind, &call.bytes);
    }
}
