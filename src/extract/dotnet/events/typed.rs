//! Messages whose type is their topic: what is handled, what is published.

use super::Events;
use crate::extract::dotnet::outline::{Call, simple};
use crate::extract::dotnet::texts::argument;
use crate::model::DependencyKind::{EventPub, EventSub};
use crate::model::Template;

/// Types on which messages are published or sent, with the framework; sorted.
const PUBLISHERS: &[(&str, &str)] = &[
    ("ConsumeContext", "masstransit"),
    ("IBusControl", "masstransit"),
    ("IMessageHandlerContext", "nservicebus"),
    ("IMessageSession", "nservicebus"),
    ("IPublishEndpoint", "masstransit"),
    ("ISendEndpoint", "masstransit"),
    ("ISendEndpointProvider", "masstransit"),
    ("ITopicProducer", "masstransit"),
];

/// Interfaces of handlers, with the framework; sorted.
const HANDLERS: &[(&str, &str)] = &[
    ("IConsumer", "masstransit"),
    ("IHandleMessages", "nservicebus"),
    ("IIntegrationEventHandler", "eventbus"),
    ("IntegrationEventHandler", "eventbus"),
];

impl<'t> Events<'_, 't> {
    /// Which framework of several that have the same names.
    pub(super) fn framework(&self, name: &'static str) -> &'static str {
        let outline = self.outline;
        match name {
            "nservicebus" if outline.imports("Rebus") => "rebus",
            name => name,
        }
    }

    /// Classes that handle messages of a type.
    pub(super) fn handlers(&mut self) {
        let outline = self.outline;
        for kind in &outline.types {
            for base in &kind.bases {
                let name = base.simple();
                let Ok(found) = HANDLERS.binary_search_by_key(&name, |(name, _)| name) else {
                    continue;
                };
                // A consumer of Kafka has a key and a value.
                let [message] = base.arguments.as_slice() else {
                    continue;
                };
                // What handles every type handles none.
                let mut letters = message.chars();
                let is_parameter = letters.next() == Some('T')
                    && letters.next().is_none_or(|second| second.is_uppercase());
                if is_parameter || message.starts_with("Fault") || message.starts_with("Batch") {
                    continue;
                }
                let broker = self.framework(HANDLERS[found].1);
                let bytes = outline.bytes(kind.at..kind.at + 1);
                self.topic(broker, simple(message).into(), EventSub, bytes);
            }
        }
    }

    /// `AddSubscription<OrderPaid, Handler>()` and `bus.Subscribe<OrderPaid, Handler>()` of own buses.
    pub(super) fn subscription(&mut self, call: &Call<'t>) {
        let is_pair = matches!(
            call.name,
            "AddSubscription" | "Subscribe" | "SubscribeAsync"
        ) && call.generics.len() == 2;
        let Some(message) = call.generics.first().filter(|_| is_pair) else {
            return;
        };
        let handler = call.generics[1].simple();
        let is_event = message.simple().ends_with("Event") || message.simple().ends_with("Message");
        if is_event && (handler.ends_with("Handler") || handler.ends_with("Consumer")) {
            let name = message.simple().to_owned();
            let bytes = self.bytes(call);
            self.topic("eventbus", name.into(), EventSub, bytes);
        }
    }

    /// Messages that are told by their type.
    pub(super) fn typed(&mut self, call: &Call<'t>) {
        let outline = self.outline;
        // Whoever makes an event of integration lets others know, whichever way it takes inside.
        if call.is_new {
            let name = match call.name {
                "new" => self.created(call).unwrap_or_default(),
                _ => simple(&call.path).to_owned(),
            };
            if name.len() > "IntegrationEvent".len() && name.ends_with("IntegrationEvent") {
                let bytes = self.bytes(call);
                self.topic("eventbus", name.into(), EventPub, bytes);
            }
            return;
        }
        // `client.GetResponse<Answer>(…)` of an `IRequestClient<Question>`.
        if call.name == "GetResponse"
            && let Some(name) = outline.receiver_name(call)
            && let Some(kind) = outline.type_of(name, call.at)
            && let ("IRequestClient", [question]) = (kind.simple(), kind.arguments.as_slice())
        {
            let bytes = self.bytes(call);
            self.topic("masstransit", simple(question).into(), EventPub, bytes);
            return;
        }
        if !matches!(
            call.name,
            "Publish" | "PublishAsync" | "Send" | "SendAsync" | "Produce" | "SendLocal"
        ) {
            return;
        }
        let receiver = self.receiver_type(call);
        let broker = match receiver.as_deref() {
            Some(kind) => match PUBLISHERS.binary_search_by_key(&kind, |(name, _)| name) {
                Ok(found) => self.framework(PUBLISHERS[found].1),
                Err(_) if kind == "IBus" && outline.imports("EasyNetQ") => "rabbitmq",
                Err(_) if kind == "IBus" && outline.imports("Rebus") => "rebus",
                Err(_) if kind == "IBus" && outline.imports("MassTransit") => "masstransit",
                Err(_) if kind.ends_with("EventBus") || kind.ends_with("MessageBus") => "eventbus",
                Err(_) => return,
            },
            // `_bus.PubSub.PublishAsync(…)`.
            None if outline.receiver_name(call) == Some("PubSub")
                && outline.imports("EasyNetQ") =>
            {
                "rabbitmq"
            }
            None => return,
        };
        let message = match call.generics.first() {
            Some(kind) => Some(kind.simple().to_owned()),
            None => self.message(call),
        };
        let message = message.filter(|name| name.starts_with(char::is_uppercase));
        if message.is_none() && broker != "eventbus" {
            self.passed_on(broker, Template::default(), EventPub, call);
        }
        if let Some(message) = message {
            // Own buses were heard already where the event was made.
            if broker == "eventbus" && message.ends_with("IntegrationEvent") {
                return;
            }
            if !is_any(&message) {
                let bytes = self.bytes(call);
                self.topic(broker, message.into(), EventPub, bytes);
            }
        }
    }

    /// The type of the first argument.
    pub(super) fn message(&self, call: &Call<'t>) -> Option<String> {
        let outline = self.outline;
        let tokens = argument(&call.arguments, "message", 0)?.tokens.clone();
        if outline.tokens.is_word(tokens.start, "new") {
            return Some(outline.type_at(tokens.start + 1)?.0.simple().to_owned());
        }
        let name = outline.tokens.word(tokens.end.checked_sub(1)?)?;
        let at = tokens.start;
        if let Some(value) = outline.definition(name, at).and_then(|one| one.value) {
            if outline.tokens.is_word(value.start, "new")
                && let Some((kind, _)) = outline.type_at(value.start + 1)
            {
                return Some(kind.simple().to_owned());
            }
            // Mappers make what they are told: `order.Adapt<OrderPaid>()`.
            if let Some(made) = outline.call_ending(value.end.checked_sub(1)?)
                && matches!(made.name, "Adapt" | "Map")
                && let [kind] = made.generics.as_slice()
            {
                return Some(kind.simple().to_owned());
            }
        }
        (tokens.len() == 1)
            .then(|| outline.type_of(name, at))?
            .map(|kind| kind.simple().to_owned())
    }

    /// The type of `OrderPaid x = new(…)`.
    pub(super) fn created(&self, call: &Call<'t>) -> Option<String> {
        let outline = self.outline;
        let equals = call.at.checked_sub(1)?;
        if !outline.tokens.is_sign(equals, b'=') {
            return None;
        }
        let name = outline.tokens.word(equals.checked_sub(1)?)?;
        Some(outline.type_of(name, equals)?.simple().to_owned())
    }
}

/// Base types of messages, which tell no message.
fn is_any(message: &str) -> bool {
    matches!(
        message,
        "Event" | "IEvent" | "IMessage" | "IntegrationEvent" | "Object"
    )
}
