//! Which broker do frameworks and own buses stand on?

use super::Events;
use crate::extract::dotnet::outline::simple;
use crate::model::{Key, Template};

/// What sets a framework up on a broker.
const TRANSPORTS: &[(&str, &str)] = &[
    ("UseAzureServiceBus", "servicebus"),
    ("UseKafka", "kafka"),
    ("UseRabbitMQ", "rabbitmq"),
    ("UseRabbitMq", "rabbitmq"),
    ("UsingAmazonSqs", "sqs"),
    ("UsingAzureServiceBus", "servicebus"),
    ("UsingKafka", "kafka"),
    ("UsingRabbitMq", "rabbitmq"),
];

impl Events<'_, '_> {
    /// Which broker a framework or an own bus stands on.
    pub(super) fn transports(&mut self) {
        let outline = self.outline;
        let frameworks: Vec<&str> = [
            ("MassTransit", "masstransit"),
            ("NServiceBus", "nservicebus"),
            ("Rebus", "rebus"),
            ("DotNetCore.CAP", "cap"),
        ]
        .iter()
        .filter(|(namespace, _)| outline.imports(namespace))
        .map(|(_, name)| *name)
        .collect();
        for call in &outline.calls {
            let engine = TRANSPORTS.iter().find(|(name, _)| *name == call.name);
            let engine = engine.map(|(_, engine)| *engine).or_else(|| {
                let kind = match call.is_new {
                    true => simple(&call.path).to_owned(),
                    false => call
                        .generics
                        .first()
                        .filter(|_| call.name == "UseTransport")?
                        .simple()
                        .to_owned(),
                };
                Some(match &*kind {
                    "RabbitMQTransport" => "rabbitmq",
                    "AzureServiceBusTransport" => "servicebus",
                    "SqsTransport" => "sqs",
                    _ => return None,
                })
            });
            let Some(engine) = engine else {
                continue;
            };
            let mut names = frameworks.clone();
            if call.name.starts_with("Using") && names.is_empty() {
                names.push("masstransit");
            }
            if matches!(call.name, "UseRabbitMQ" | "UseKafka" | "UseAzureServiceBus")
                && names.is_empty()
            {
                names.push("cap");
            }
            let bytes = self.bytes(call);
            // `config.Host("rabbit", …)` inside says where the broker is.
            let mut hosts = outline.calls.iter().filter(|one| {
                one.name == "Host" && !one.is_new && (call.at..call.end).contains(&one.at)
            });
            if let (Some(host), None) = (hosts.next(), hosts.next())
                && let Some(value) = self.template(host, "host", 0)
            {
                let bytes = self.bytes(host);
                self.net.binds(Key::new("broker", engine), value, bytes);
            }
            for name in names {
                let value = Template::from(Key::new("broker", engine));
                self.net
                    .binds(Key::new("broker", name), value, bytes.clone());
            }
        }
        // A file that has a broker's client and an own bus makes one of the other.
        let own = outline.types.iter().find(|kind| {
            let has = |name: &str| name.ends_with("EventBus") || name.ends_with("MessageBus");
            has(kind.name) && kind.bases.iter().any(|base| has(base.simple()))
        });
        let engine = [
            ("RabbitMQ.Client", "rabbitmq"),
            ("Azure.Messaging.ServiceBus", "servicebus"),
            ("Confluent.Kafka", "kafka"),
        ]
        .iter()
        .find(|(namespace, _)| outline.imports(namespace))
        .map(|(_, engine)| *engine);
        let named = own.and_then(|kind| {
            let name = kind.name.to_lowercase();
            let engines = ["rabbitmq", "kafka", "servicebus", "nats", "redis"];
            engines.into_iter().find(|engine| name.contains(engine))
        });
        // One that stands on Dapr names a component of it.
        let dapr = outline
            .calls
            .iter()
            .find(|call| call.name == "PublishEventAsync");
        let dapr = dapr.and_then(|call| self.template(call, "pubsubName", 0));
        let broker = dapr.or_else(|| engine.or(named).map(Template::from));
        if let (Some(kind), Some(broker)) = (own, broker) {
            let value = Template::from(Key::new("broker", broker));
            let bytes = outline.bytes(kind.at..kind.at + 1);
            self.net.binds(Key::new("broker", "eventbus"), value, bytes);
        }
    }
}
