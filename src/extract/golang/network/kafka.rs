//! Topics of Kafka: published and read by sarama, kafka-go, confluent-kafka-go and franz-go.
//!
//! Sources: <https://pkg.go.dev/github.com/IBM/sarama>, <https://pkg.go.dev/github.com/segmentio/kafka-go>,
//! <https://pkg.go.dev/github.com/confluentinc/confluent-kafka-go/v2/kafka>, <https://pkg.go.dev/github.com/twmb/franz-go/pkg/kgo>

use tree_sitter::Node;

use super::calls::{Call, Callee};
use super::events::{broker, each, publish, subscribe};
use super::facts::Found;
use super::libraries::within;
use super::texts::unknown;
use super::types::Type;
use super::value::{Values, pairs};
use crate::extract::syntax;
use crate::model::{Key, Template};

const KAFKA: &str = "kafka";
const SARAMA: &[&str] = &["github.com/IBM/sarama", "github.com/Shopify/sarama"];
const SEGMENTIO: &str = "github.com/segmentio/kafka-go";
const CONFLUENT: &str = "github.com/confluentinc/confluent-kafka-go";
const FRANZ: &str = "github.com/twmb/franz-go";

/// Whether a package is a client of Kafka.
pub(super) fn concerns(path: &str) -> bool {
    is_sarama(path)
        || [SEGMENTIO, CONFLUENT, FRANZ]
            .iter()
            .any(|library| within(path, library))
}

fn is_sarama(path: &str) -> bool {
    SARAMA.iter().any(|library| within(path, library))
}

/// States what a call publishes, reads or connects to.
pub(super) fn call<'t>(values: &Values<'_, 't>, call: &Call<'t>, found: &mut Found) {
    let argument = |at: usize| call.arguments.get(at).copied();
    let at = || broker(KAFKA);
    match call.callee {
        Callee::Package { path, name } if is_sarama(path) => {
            if matches!(
                name,
                "NewAsyncProducer"
                    | "NewClient"
                    | "NewConsumer"
                    | "NewConsumerGroup"
                    | "NewSyncProducer"
            ) {
                connect(values, argument(0), found);
            }
        }
        Callee::Package { path, name } if within(path, SEGMENTIO) => match name {
            "TCP" => connect(values, argument(0), found),
            "DialLeader" => {
                connect(values, argument(2), found);
                publish(values, at(), argument(3), call.node, found);
            }
            _ => {}
        },
        Callee::Package { path, name } if within(path, FRANZ) => match name {
            "SeedBrokers" => connect(values, argument(0), found),
            "ConsumeTopics" => {
                for topic in &call.arguments {
                    subscribe(values, at(), Some(*topic), call.node, found);
                }
            }
            "DefaultProduceTopic" => publish(values, at(), argument(0), call.node, found),
            _ => {}
        },
        Callee::Method { name, .. } => {
            let uses =
                |fits: &dyn Fn(&str) -> bool| values.unit.imports.values().any(|path| fits(path));
            match (name, call.arguments.len()) {
                ("ConsumePartition", 3) if uses(&is_sarama) => {
                    subscribe(values, at(), argument(0), call.node, found);
                }
                ("Consume", 3) if uses(&is_sarama) => {
                    for topic in each(values, argument(1)) {
                        subscribe(values, at(), Some(topic), call.node, found);
                    }
                }
                ("SubscribeTopics" | "Subscribe", 2) if uses(&|path| within(path, CONFLUENT)) => {
                    for topic in each(values, argument(0)) {
                        subscribe(values, at(), Some(topic), call.node, found);
                    }
                }
                _ => {}
            }
        }
        _ => {}
    }
}

fn connect<'t>(values: &Values<'_, 't>, brokers: Option<Node<'t>>, found: &mut Found) {
    if let Some(node) = brokers {
        super::events::connect(values.of(node), KAFKA, syntax::bytes(node), found);
    }
}

/// States what messages and settings of readers and writers say.
pub(super) fn literal<'t>(values: &Values<'_, 't>, node: Node<'t>, found: &mut Found) {
    let Some(written) = node.child_by_field_name("type") else {
        return;
    };
    let Type::Imported { path, name, .. } = values.unit.read_type(written) else {
        return;
    };
    if !concerns(path) {
        return;
    }
    let pairs = pairs(node);
    let part = |name: &str| {
        let found = pairs
            .iter()
            .find(|(key, _)| values.unit.text(*key).trim_matches('"') == name);
        found.map(|(_, value)| *value)
    };
    let at = || broker(KAFKA);
    match name {
        "ProducerMessage" if is_sarama(path) => publish(values, at(), part("Topic"), node, found),
        "Record" if within(path, FRANZ) => {
            if let topic @ Some(_) = part("Topic") {
                publish(values, at(), topic, node, found);
            }
        }
        "Writer" | "WriterConfig" | "Message" if within(path, SEGMENTIO) => {
            connect(values, part("Brokers"), found);
            if let topic @ Some(_) = part("Topic") {
                publish(values, at(), topic, node, found);
            }
        }
        "ReaderConfig" if within(path, SEGMENTIO) => {
            connect(values, part("Brokers"), found);
            for topic in part("Topic")
                .into_iter()
                .chain(each(values, part("GroupTopics")))
            {
                subscribe(values, at(), Some(topic), node, found);
            }
        }
        "TopicPartition" if within(path, CONFLUENT) && is_sent(values, node) => {
            publish(values, at(), part("Topic"), node, found);
        }
        "ConfigMap" if within(path, CONFLUENT) => connect(values, part("bootstrap.servers"), found),
        _ => {}
    }
}

/// Whether a partition is the one of a message: `&kafka.Message{TopicPartition: …}`.
fn is_sent<'t>(values: &Values<'_, 't>, node: Node<'t>) -> bool {
    let pair = node.parent().and_then(|value| value.parent());
    let key = pair.and_then(|pair| pair.child_by_field_name("key"));
    key.is_some_and(|key| values.unit.text(key) == "TopicPartition")
}

/// The value of an optional expression.
pub(super) fn optional<'t>(values: &Values<'_, 't>, node: Option<Node<'t>>) -> Template {
    node.map_or_else(unknown, |node| values.of(node))
}

/// The key of a broker by its engine.
pub(super) fn key(engine: &str) -> Key {
    Key::new("broker", engine)
}
