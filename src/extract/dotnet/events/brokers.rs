//! Clients of brokers, which name their topics: Kafka, RabbitMQ, Azure's, CAP, Dapr, NATS, Redis.

use super::{Events, is_told};
use crate::extract::dotnet::outline::Call;
use crate::extract::dotnet::texts::{argument, property};
use crate::extract::strings::Constants;
use crate::model::DependencyKind::{EventPub, EventSub};
use crate::model::{Key, Part, Template};

impl<'t> Events<'_, 't> {
    /// Confluent's client: <https://docs.confluent.io/kafka-clients/dotnet/current/overview.html>.
    pub(super) fn kafka(&mut self, call: &Call<'t>) {
        let outline = self.outline;
        let kind = self.receiver_type(call);
        // Who imports the namespace for all files does it elsewhere: then the type tells.
        let is_imported = outline.imports("Confluent.Kafka");
        let is = |name: &str| match kind.as_deref() {
            Some(kind) if is_imported => kind.ends_with(name),
            Some(kind) => kind.strip_prefix('I') == Some(name),
            None => is_imported,
        };
        let publishes = matches!(call.name, "Produce" | "ProduceAsync") && is("Producer");
        let listens = call.name == "Subscribe" && is("Consumer") && call.generics.is_empty();
        if publishes || listens {
            let name = argument(&call.arguments, "topic", 0);
            let name = name.map(|one| self.texts.template(one.tokens.clone()));
            let name = name.filter(is_told).unwrap_or_default();
            let kind = if publishes { EventPub } else { EventSub };
            self.passed_on("kafka", name, kind, call);
        }
        if call.is_new && call.path.ends_with("Config") {
            let servers = outline.definitions.get("BootstrapServers");
            let range = call.at..outline.expression(call.at).end.max(call.end);
            let servers = servers
                .into_iter()
                .flatten()
                .filter(|one| range.contains(&one.at));
            for servers in servers {
                let Some(value) = servers.value.clone() else {
                    continue;
                };
                let value = self.texts.template(value);
                let bytes = self.bytes(call);
                if is_told(&value) {
                    self.net.binds(Key::new("broker", "kafka"), value, bytes);
                }
            }
        }
    }

    /// RabbitMQ's client: <https://www.rabbitmq.com/client-libraries/dotnet-api-guide>.
    pub(super) fn rabbit(&mut self, call: &Call<'t>) {
        let outline = self.outline;
        let bytes = self.bytes(call);
        match call.name {
            "BasicPublish" | "BasicPublishAsync" => {
                let exchange = self.all(call, "exchange", 0);
                let key = self.all(call, "routingKey", 1);
                // Which of the messages of an exchange are meant is not known where the key is not.
                let name = match (exchange, key) {
                    (Some(exchange), Some(key)) if exchange.is_empty() => key,
                    (Some(exchange), Some(_)) => exchange,
                    _ => Template::default(),
                };
                self.passed_on("rabbitmq", name, EventPub, call);
            }
            "BasicConsume" | "BasicConsumeAsync" | "BasicGet" | "BasicGetAsync" => {
                let queue = self.all(call, "queue", 0).filter(|queue| !queue.is_empty());
                let name = match queue.as_ref().and_then(Template::as_text) {
                    Some(queue) => {
                        Template::reference(Key::new("queue", queue), Some(Template::text(queue)))
                    }
                    None => queue.unwrap_or_default(),
                };
                self.passed_on("rabbitmq", name, EventSub, call);
            }
            "QueueBind" | "QueueBindAsync" => {
                let queue = self.all(call, "queue", 0);
                let exchange = self.all(call, "exchange", 1);
                if let (Some(queue), Some(exchange)) = (queue, exchange)
                    && !queue.is_empty()
                    && !exchange.is_empty()
                    && self.all(call, "routingKey", 2).is_some()
                {
                    self.net.binds(Key::new("queue", queue), exchange, bytes);
                }
            }
            "AddRabbitMQClient"
            | "AddKafkaProducer"
            | "AddKafkaConsumer"
            | "AddNatsClient"
            | "AddAzureServiceBusClient" => {
                let engine = match call.name {
                    "AddRabbitMQClient" => "rabbitmq",
                    "AddNatsClient" => "nats",
                    "AddAzureServiceBusClient" => "servicebus",
                    _ => "kafka",
                };
                if let Some(name) = self.template(call, "connectionName", 0) {
                    let mut key = Template::text("connectionstrings:");
                    key.extend(&name);
                    let value = Constants::default().template(&property(key));
                    self.net.binds(Key::new("broker", engine), value, bytes);
                }
            }
            "ConnectionFactory" if call.is_new => {
                let range = call.at..outline.expression(call.at).end.max(call.end);
                for member in ["HostName", "Uri", "Endpoint"] {
                    let all = outline.definitions.get(member).into_iter().flatten();
                    let all = all.filter(|one| {
                        range.contains(&one.at)
                            || one.is_member
                                && member == "HostName"
                                && outline.imports("RabbitMQ.Client")
                    });
                    for value in all.filter_map(|one| one.value.clone()) {
                        let value = self.texts.template(value);
                        if is_told(&value) {
                            let key = Key::new("broker", "rabbitmq");
                            self.net.binds(key, value, bytes.clone());
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// An argument that is known whole; the empty text is known.
    pub(super) fn all(&self, call: &Call<'t>, name: &str, place: usize) -> Option<Template> {
        let argument = argument(&call.arguments, name, place)?;
        let value = self.texts.template(argument.tokens.clone());
        (!value.0.iter().any(|part| matches!(part, Part::Hole))).then_some(value)
    }

    /// Azure's client: <https://learn.microsoft.com/dotnet/api/overview/azure/messaging.servicebus-readme>.
    pub(super) fn service_bus(&mut self, call: &Call<'t>) {
        let kind = match call.name {
            "CreateSender" => EventPub,
            "CreateProcessor" | "CreateReceiver" | "CreateSessionProcessor" => EventSub,
            _ => return,
        };
        let is_client = || {
            let kind = self.receiver_type(call);
            kind.is_some_and(|kind| kind == "ServiceBusClient")
        };
        if !self.outline.imports("Azure.Messaging.ServiceBus") && !is_client() {
            return;
        }
        let name = self.template(call, "queueOrTopicName", 0);
        let name = name.or_else(|| self.template(call, "topicName", 0));
        self.passed_on("servicebus", name.unwrap_or_default(), kind, call);
    }

    /// Clients that name their topics: CAP, Dapr, NATS, Redis.
    pub(super) fn named(&mut self, call: &Call<'t>) {
        let outline = self.outline;
        let bytes = self.bytes(call);
        // The names alone tell: who imports the namespace for all files does it elsewhere.
        if matches!(call.name, "PublishEventAsync" | "WithTopic") {
            let broker = self.template(call, "pubsubName", 0);
            let name = self.template(call, "topicName", 1);
            if let (Some(broker), Some(name)) = (broker, name) {
                let kind = match call.name {
                    "WithTopic" => EventSub,
                    _ => EventPub,
                };
                self.net
                    .topic(Key::new("broker", broker), name, kind, bytes);
            }
            return;
        }
        let kind = match call.name {
            "Publish" | "PublishAsync" => EventPub,
            "Subscribe" | "SubscribeAsync" | "SubscribeCoreAsync" => EventSub,
            _ => return,
        };
        let receiver = self.receiver_type(call).or_else(|| {
            // `redis.GetSubscriber().Publish(…)`, `var sub = redis.GetSubscriber()`.
            let receiver = outline.receiver(call)?;
            let last = receiver.end.checked_sub(1)?;
            let made = outline.call_ending(last).or_else(|| {
                let name = outline.tokens.word(last)?;
                let value = outline.definition(name, last)?.value?;
                outline.call_ending(value.end.checked_sub(1)?)
            })?;
            (made.name == "GetSubscriber").then(|| "ISubscriber".to_owned())
        });
        let broker = match receiver.as_deref() {
            Some("ICapPublisher") => "cap",
            Some("ISubscriber") if outline.imports("StackExchange.Redis") => "redis",
            Some("INatsConnection" | "NatsConnection" | "INatsClient" | "NatsClient") => "nats",
            Some("IConnection" | "IEncodedConnection") if outline.imports("NATS") => "nats",
            _ => return,
        };
        let name = argument(&call.arguments, "subject", 0)
            .or_else(|| argument(&call.arguments, "channel", 0))
            .or_else(|| argument(&call.arguments, "name", 0));
        let name = name.map(|one| self.texts.template(one.tokens.clone()));
        self.topic(
            broker,
            name.filter(is_told).unwrap_or_default(),
            kind,
            bytes,
        );
    }

    /// `[Topic("pubsub", "orders")]`, `[CapSubscribe("orders")]`, triggers of functions.
    pub(super) fn attributes(&mut self) {
        let outline = self.outline;
        for attribute in &outline.attributes {
            let told = |place: usize| {
                let argument = attribute.arguments.get(place)?;
                let value = self.texts.template(argument.tokens.clone());
                is_told(&value).then_some(value)
            };
            let (broker, name, kind) = match attribute.name {
                "Topic" if attribute.arguments.len() > 1 => match told(0) {
                    Some(broker) => (broker, told(1), EventSub),
                    None => continue,
                },
                "CapSubscribe" => ("cap".into(), told(0), EventSub),
                "ServiceBusTrigger" => ("servicebus".into(), told(0), EventSub),
                "ServiceBusOutput" | "ServiceBus" => ("servicebus".into(), told(0), EventPub),
                "EventHubTrigger" => ("eventhub".into(), told(0), EventSub),
                "KafkaTrigger" => ("kafka".into(), told(1), EventSub),
                "RabbitMQTrigger" => ("rabbitmq".into(), told(0), EventSub),
                _ => continue,
            };
            let Some(name) = name else {
                continue;
            };
            let end = attribute
                .arguments
                .last()
                .map_or(attribute.at + 1, |last| last.tokens.end);
            let bytes = outline.bytes(attribute.at..end);
            self.net
                .topic(Key::new("broker", broker), name, kind, bytes);
        }
    }
}
