//! What does C# code publish, and to what does it listen: MassTransit, NServiceBus, Rebus, CAP, EasyNetQ, own buses, and the clients of brokers?
//!
//! Frameworks and own buses send each type of message to a topic that is named after it, so the simple name of the type is the topic.
//! Which broker is behind them is said where they are set up: `broker:masstransit` means `broker:rabbitmq`.
//! Sources: <https://masstransit.io/documentation/concepts/messages>,
//! <https://learn.microsoft.com/dotnet/architecture/microservices/multi-container-microservice-net-applications/integration-event-based-microservice-communications>.

mod brokers;
mod transports;
mod typed;

use std::ops::Range;

use crate::extract::dotnet::net::Net;
use crate::extract::dotnet::outline::{Call, Outline, Type};
use crate::extract::dotnet::texts::{Texts, argument};
use crate::model::{DependencyKind, Key, Part, Template};

/// Reads the messages of a file.
pub(super) struct Events<'e, 't> {
    pub(super) outline: &'e Outline<'t>,
    pub(super) texts: &'e Texts<'e, 't>,
    pub(super) net: &'e mut Net,
}

impl<'t> Events<'_, 't> {
    pub(super) fn read(&mut self) {
        let outline = self.outline;
        self.handlers();
        self.transports();
        for call in &outline.calls {
            self.typed(call);
            self.subscription(call);
            self.kafka(call);
            self.rabbit(call);
            self.service_bus(call);
            self.named(call);
        }
        self.attributes();
    }

    fn bytes(&self, call: &Call<'t>) -> Range<usize> {
        self.outline.bytes(call.at..call.end + 1)
    }

    /// An argument, when it begins with something known.
    fn template(&self, call: &Call<'t>, name: &str, place: usize) -> Option<Template> {
        let argument = argument(&call.arguments, name, place)?;
        let value = self.texts.template(argument.tokens.clone());
        is_told(&value).then_some(value)
    }

    /// The simple name of the type of what a call is made on.
    fn receiver_type(&self, call: &Call<'t>) -> Option<String> {
        let name = self.outline.receiver_name(call)?;
        let kind = self.outline.type_of(name, call.at)?;
        Some(kind.simple().to_owned())
    }

    /// The code of a bus of the repository itself passes on what others hand to it, and they state it;
    /// queues that settings name are its own matter.
    fn passed_on(&mut self, broker: &str, name: Template, kind: DependencyKind, call: &Call<'t>) {
        let around = self.outline.type_around(call.at);
        let is_queue = name
            .as_ref_key()
            .is_some_and(|key| key.namespace.0 == "queue");
        let is_told = is_queue || name.as_text().is_some_and(|name| !name.is_empty());
        if !is_told && around.is_some_and(is_bus) {
            return;
        }
        let bytes = self.bytes(call);
        self.topic(broker, name, kind, bytes);
    }

    fn topic(&mut self, broker: &str, name: Template, kind: DependencyKind, bytes: Range<usize>) {
        self.net
            .topic(Key::new("broker", broker), name, kind, bytes);
    }
}

/// Whether a type is a bus that is built here, on whatever broker.
fn is_bus(kind: &Type<'_>) -> bool {
    let has = |name: &str| name.contains("EventBus") || name.contains("MessageBus");
    has(kind.name) || kind.bases.iter().any(|base| has(base.simple()))
}

/// Whether something is known of a template from its start.
fn is_told(template: &Template) -> bool {
    matches!(template.0.first(), Some(Part::Text(_) | Part::Ref(_)))
}
