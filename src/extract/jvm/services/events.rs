//! Topics and queues that code publishes to and listens to.
//!
//! Sources: <https://docs.spring.io/spring-kafka/reference/>, <https://docs.spring.io/spring-amqp/reference/>,
//! <https://docs.spring.io/spring-cloud-stream/reference/>, <https://smallrye.io/smallrye-reactive-messaging/>,
//! <https://eventuate.io/docs/manual/eventuate-tram/latest/getting-started-eventuate-tram.html>

use std::ops::Range;

use super::calls::{Call, each};
use super::outline::Annotation;
use super::sink::Sink;
use super::values::{Scope, Values, properties};
use crate::model::{DependencyKind, Key, Part, Template};

use DependencyKind::{EventPub, EventSub};

pub(super) fn find(values: &Values<'_, '_>, sink: &mut Sink) {
    let micronaut = values
        .outline
        .imports
        .iter()
        .any(|import| import.name.starts_with("io.micronaut.configuration.kafka"));
    for (number, class) in values.outline.classes.iter().enumerate() {
        let own = Scope::of_class(number);
        let is_kafka_client = class.annotation("KafkaClient").is_some();
        for annotation in &class.annotations {
            listener(annotation, own, values, sink);
            if annotation.name == "EnableBinding" {
                binding(annotation, values, sink);
            }
        }
        for variable in class.fields.iter().chain(&class.params) {
            for annotation in &variable.annotations {
                channel(annotation, own, values, sink);
            }
        }
        for (number, method) in class.methods.iter().enumerate() {
            let scope = Scope {
                method: Some(number),
                ..own
            };
            let broker = method
                .annotations
                .iter()
                .find_map(|one| broker_of(&one.name));
            for annotation in &method.annotations {
                listener(annotation, scope, values, sink);
                channel(annotation, scope, values, sink);
                match &*annotation.name {
                    "SendTo" => {
                        let broker = broker.unwrap_or("stream");
                        let names = topics(annotation, &["value"], scope, values);
                        for name in names {
                            let name = match broker {
                                "stream" => destination(&name),
                                _ => name,
                            };
                            sink.topic(broker, name, EventPub, bytes(annotation, values));
                        }
                    }
                    "Topic" if micronaut => {
                        let kind = match is_kafka_client {
                            true => EventPub,
                            false => EventSub,
                        };
                        for name in topics(annotation, &["value", "patterns"], scope, values) {
                            sink.topic("kafka", name, kind, bytes(annotation, values));
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    each(values, |call| sender(call, values, sink));
}

fn bytes(annotation: &Annotation, values: &Values<'_, '_>) -> Range<usize> {
    values.source.bytes(annotation.tokens.clone())
}

fn topics(
    annotation: &Annotation,
    names: &[&str],
    scope: Scope,
    values: &Values<'_, '_>,
) -> Vec<Template> {
    let texts = properties(values.arg(annotation, names, scope).texts);
    texts.into_iter().filter(|text| !text.is_empty()).collect()
}

/// The broker of a listener.
fn broker_of(annotation: &str) -> Option<&'static str> {
    Some(match annotation {
        "KafkaListener" => "kafka",
        "RabbitListener" => "rabbitmq",
        "JmsListener" => "jms",
        "PulsarListener" => "pulsar",
        "SqsListener" => "sqs",
        _ => return None,
    })
}

fn listener(annotation: &Annotation, scope: Scope, values: &Values<'_, '_>, sink: &mut Sink) {
    let Some(broker) = broker_of(&annotation.name) else {
        if annotation.name == "StreamListener" {
            for name in topics(annotation, &["value", "target"], scope, values) {
                let name = destination(&name);
                sink.topic("stream", name, EventSub, bytes(annotation, values));
            }
        }
        return;
    };
    let names: &[&str] = match broker {
        "kafka" => &["topics", "topicPattern", "value"],
        "rabbitmq" => &["queues", "queuesToDeclare", "bindings", "value"],
        "pulsar" => &["topics", "value"],
        "jms" => &["destination"],
        _ => &["queueNames", "value"],
    };
    let mut found = Vec::new();
    for name in names {
        if *name == "value" && broker != "sqs" {
            continue;
        }
        found = match broker {
            "rabbitmq" => rabbit(annotation, name, scope, values),
            _ => topics(annotation, &[name], scope, values),
        };
        if !found.is_empty() {
            break;
        }
    }
    // A listener without a name that can be read still uses the broker.
    if found.is_empty() && !annotation.args.is_empty() {
        found.push(Template(vec![Part::Hole]));
    }
    for name in found {
        sink.topic(broker, name, EventSub, bytes(annotation, values));
    }
}

/// The queues of a listener, and the exchanges to which it binds them.
fn rabbit(
    annotation: &Annotation,
    name: &str,
    scope: Scope,
    values: &Values<'_, '_>,
) -> Vec<Template> {
    let source = values.source;
    if name == "queues" {
        let names = topics(annotation, &[name], scope, values);
        return names.iter().map(queue).collect();
    }
    let Some(tokens) = values.arg_tokens(annotation, &[name]) else {
        return Vec::new();
    };
    // `bindings = @QueueBinding(value = @Queue("q"), exchange = @Exchange("x"))`
    let inner = |wanted: &str| {
        let mut found = Vec::new();
        for at in tokens.clone() {
            if source.is(at, b'@')
                && let Some(one) = super::outline::annotation(source, at)
                && one.name == wanted
            {
                found.extend(topics(&one, &["value", "name"], scope, values));
            }
        }
        found
    };
    let exchanges = inner("Exchange");
    match exchanges.is_empty() {
        true => inner("Queue").iter().map(queue).collect(),
        false => exchanges,
    }
}

/// A queue is the exchange to which it is bound, where somebody says so.
fn queue(name: &Template) -> Template {
    match name.0.as_slice() {
        [Part::Hole] => name.clone(),
        _ => Template::reference(Key::new("queue", name.clone()), Some(name.clone())),
    }
}

/// The destination of a channel, its own name where no setting tells one.
fn destination(channel: &Template) -> Template {
    if channel.0 == [Part::Hole] {
        return channel.clone();
    }
    let mut setting: Template = "spring.cloud.stream.bindings.".into();
    setting.extend(channel);
    setting.extend(&".destination".into());
    Template::reference(Key::new("property", setting), Some(channel.clone()))
}

/// `@EnableBinding({Source.class, Sink.class})` of the channels that come with the framework.
fn binding(annotation: &Annotation, values: &Values<'_, '_>, sink: &mut Sink) {
    for at in annotation.args.clone() {
        let channels: &[(&str, DependencyKind)] = match values.source.word(at) {
            "Source" => &[("output", EventPub)],
            "Sink" => &[("input", EventSub)],
            "Processor" => &[("output", EventPub), ("input", EventSub)],
            _ => continue,
        };
        for (name, kind) in channels {
            let name = destination(&Template::from(*name));
            sink.topic("stream", name, *kind, bytes(annotation, values));
        }
    }
}

/// `@Input("orders")`, `@Incoming("orders")`: channels that settings bind to topics.
fn channel(annotation: &Annotation, scope: Scope, values: &Values<'_, '_>, sink: &mut Sink) {
    let (kind, is_stream) = match &*annotation.name {
        "Input" if imports(values, "cloud.stream") => (EventSub, true),
        "Output" if imports(values, "cloud.stream") => (EventPub, true),
        "Incoming" if imports(values, "reactive.messaging") => (EventSub, false),
        "Outgoing" | "Channel" if imports(values, "reactive.messaging") => (EventPub, false),
        _ => return,
    };
    for name in topics(annotation, &["value"], scope, values) {
        let (broker, name) = match is_stream {
            true => ("stream", destination(&name)),
            false => {
                let direction = match kind {
                    EventSub => "incoming",
                    _ => "outgoing",
                };
                let mut setting: Template = format!("mp.messaging.{direction}.").into();
                setting.extend(&name);
                setting.extend(&".topic".into());
                let topic = Template::reference(Key::new("property", setting), Some(name));
                ("kafka", topic)
            }
        };
        sink.topic(broker, name, kind, bytes(annotation, values));
    }
}

/// Calls that publish, and calls that subscribe.
fn sender(call: &Call<'_>, values: &Values<'_, '_>, sink: &mut Sink) {
    let args = call.args.len();
    match call.name {
        "send"
        | "sendDefault"
        | "executeInTransaction"
        | "convertAndSend"
        | "convertSendAndReceive"
        | "sendAndReceive"
        | "sendAsync"
        | "newMessage"
        | "convertSendAndReceiveAsType"
            if call.on.is_some() =>
        {
            send(call, values, sink);
        }
        "ProducerRecord" if call.is_new && args > 1 => {
            publish("kafka", call, 0, values, sink);
        }
        "subscribe" if call.on.is_some() && args > 0 => {
            let on = call.receiver(values);
            if on.ty.contains("Consumer") && imports(values, "kafka") {
                each_topic("kafka", call, 0, EventSub, values, sink);
            }
        }
        "stream" | "table" | "globalTable" | "to" | "through"
            if args > 0 && call.on.is_some() && imports(values, "kafka.streams") =>
        {
            let on = call.receiver(values);
            let reads = call.name != "to" && call.name != "through";
            // `to` of anything else is not about topics: here it is a chain of a stream.
            if reads && on.ty == "StreamsBuilder" {
                each_topic("kafka", call, 0, EventSub, values, sink);
            } else if !reads && values.source.quoted(call.args[0].start).is_some() {
                each_topic("kafka", call, 0, EventPub, values, sink);
            }
        }
        "basicPublish" if args >= 3 => rabbit_publish(call, values, sink),
        "basicConsume" if args >= 1 && imports(values, "rabbitmq") => {
            for name in call.arg(0, values).or_hole() {
                sink.topic("rabbitmq", queue(&name), EventSub, call.bytes(values));
            }
        }
        "to" if args == 1 && call.on.is_some() => bound(call, values, sink),
        _ => eventuate(call, values, sink),
    }
}

fn imports(values: &Values<'_, '_>, part: &str) -> bool {
    values.outline.imports_any(part)
}

fn send(call: &Call<'_>, values: &Values<'_, '_>, sink: &mut Sink) {
    let on = call.receiver(values);
    let ty = on.ty.trim_end_matches("Impl");
    match ty {
        _ if ty.ends_with("KafkaTemplate") => {
            // One argument is a record or a message, whose topic the record or a header tells.
            let is_record = call.args.len() == 1;
            let first = call.args.first();
            let record = first.is_some_and(|tokens| {
                (tokens.start..tokens.end).any(|at| values.source.is_word(at, "ProducerRecord"))
            });
            if call.name == "sendDefault" || is_record && !record {
                let header = headers(call, values);
                let default = Key::new("property", "spring.kafka.template.default-topic");
                let name = header.unwrap_or_else(|| Template::from(default));
                sink.topic("kafka", name, EventPub, call.bytes(values));
            } else if !record {
                publish("kafka", call, 0, values, sink);
            }
        }
        "RabbitTemplate"
        | "AmqpTemplate"
        | "RabbitOperations"
        | "AsyncRabbitTemplate"
        | "RabbitMessagingTemplate"
        | "AmqpOperations" => rabbit_publish(call, values, sink),
        "JmsTemplate" | "JmsMessagingTemplate" | "JmsOperations" => match call.args.len() {
            0 => {}
            1 => {
                let name = Key::new("property", "spring.jms.template.default-destination");
                sink.topic("jms", name.into(), EventPub, call.bytes(values));
            }
            _ => publish("jms", call, 0, values, sink),
        },
        "StreamBridge" if call.args.len() > 1 => {
            for name in call.arg(0, values).or_hole() {
                let name = destination(&name);
                sink.topic("stream", name, EventPub, call.bytes(values));
            }
        }
        "PulsarTemplate" | "ReactivePulsarTemplate" if call.args.len() > 1 => {
            publish("pulsar", call, 0, values, sink);
        }
        "SqsTemplate" | "QueueMessagingTemplate" if call.args.len() > 1 => {
            publish("sqs", call, 0, values, sink);
        }
        "SnsTemplate" | "NotificationMessagingTemplate" if call.args.len() > 1 => {
            publish("sns", call, 0, values, sink);
        }
        _ => {}
    }
}

/// `.setHeader(KafkaHeaders.TOPIC, "orders")` in the arguments of a call.
fn headers(call: &Call<'_>, values: &Values<'_, '_>) -> Option<Template> {
    let source = values.source;
    let at = (call.at..call.end)
        .find(|at| source.is_word(*at, "KafkaHeaders") && source.is_word(at + 2, "TOPIC"))?;
    let end = (at..call.end).find(|at| source.is(*at, b')'))?;
    values.eval(at + 4..end, call.scope).texts.pop()
}

fn publish(
    broker: &'static str,
    call: &Call<'_>,
    number: usize,
    values: &Values<'_, '_>,
    sink: &mut Sink,
) {
    each_topic(broker, call, number, EventPub, values, sink);
}

fn each_topic(
    broker: &'static str,
    call: &Call<'_>,
    number: usize,
    kind: DependencyKind,
    values: &Values<'_, '_>,
    sink: &mut Sink,
) {
    for name in call.arg(number, values).or_hole() {
        sink.topic(broker, name, kind, call.bytes(values));
    }
}

/// Exchange, key, message; or the name of a queue, which the default exchange leads to.
fn rabbit_publish(call: &Call<'_>, values: &Values<'_, '_>, sink: &mut Sink) {
    let bytes = call.bytes(values);
    if call.args.len() < 2 {
        let on = call.receiver(values);
        let name = on.texts.into_iter().next().unwrap_or_default();
        sink.topic("rabbitmq", name, EventPub, bytes);
        return;
    }
    let has_exchange = call.args.len() >= 3;
    for name in call.arg(0, values).or_hole() {
        if has_exchange && name.is_empty() {
            for key in call.arg(1, values).or_hole() {
                sink.topic("rabbitmq", queue(&key), EventPub, bytes.clone());
            }
        } else if has_exchange {
            sink.topic("rabbitmq", name, EventPub, bytes.clone());
        } else {
            sink.topic("rabbitmq", queue(&name), EventPub, bytes.clone());
        }
    }
}

/// `BindingBuilder.bind(queue).to(exchange)`
fn bound(call: &Call<'_>, values: &Values<'_, '_>, sink: &mut Sink) {
    let source = values.source;
    let Some(on) = &call.on else {
        return;
    };
    if !source.is_word(on.start, "BindingBuilder") {
        return;
    }
    let Some(open) = (on.start..on.end).find(|at| source.is(*at, b'(')) else {
        return;
    };
    let queues = bean(source.inside(open), call.scope, values);
    let exchanges = bean(call.args[0].clone(), call.scope, values);
    for (name, exchange) in queues
        .iter()
        .flat_map(|name| exchanges.iter().map(move |exchange| (name, exchange)))
    {
        let key = Key::new("queue", name.clone());
        sink.binds(key, exchange.clone(), call.bytes(values));
    }
}

/// What a bean is called at the broker: by its value, else by the method that makes the bean of that name or type.
fn bean(tokens: Range<usize>, scope: Scope, values: &Values<'_, '_>) -> Vec<Template> {
    let is_slot = |text: &Template| {
        text.as_ref_key()
            .is_some_and(|key| key.namespace.0 == "slot")
    };
    let value = values.eval(tokens.clone(), scope);
    if !value.texts.is_empty() && !value.texts.iter().any(is_slot) {
        return value.texts;
    }
    let class = values.class(scope);
    let name = values.source.word(tokens.start);
    let by_name = class.methods.iter().position(|method| method.name == name);
    let by_type = || {
        let mut found = class
            .methods
            .iter()
            .enumerate()
            .filter(|(_, method)| !value.ty.is_empty() && method.ty == value.ty);
        let first = found.next()?.0;
        found.next().is_none().then_some(first)
    };
    let Some(number) = by_name.or_else(by_type) else {
        return Vec::new();
    };
    values.result(scope.class, number).texts
}

/// Aggregates and channels of Eventuate Tram, whose topics are called like them.
fn eventuate(call: &Call<'_>, values: &Values<'_, '_>, sink: &mut Sink) {
    if call.args.is_empty() || !imports(values, "eventuate.tram") {
        return;
    }
    match call.name {
        "forAggregateType" => each_topic("kafka", call, 0, EventSub, values, sink),
        "fromChannel" => each_topic("kafka", call, 0, EventSub, values, sink),
        "withChannel" => each_topic("kafka", call, 0, EventPub, values, sink),
        "publish" if call.on.is_some() && call.args.len() > 1 => {
            let on = call.receiver(values);
            if on.ty == "DomainEventPublisher" && !aggregate(call, 0, values, sink) {
                each_topic("kafka", call, 0, EventPub, values, sink);
            }
        }
        // `super(publisher, Order.class, Order::getId)`
        "super" => {
            let class = values.class(call.scope);
            let publishes = |above: &String| above.ends_with("AggregateDomainEventPublisher");
            if class.supers.iter().any(publishes) {
                aggregate(call, 1, values, sink);
            }
        }
        _ => {}
    }
}

/// `Order.class` as an argument stands for the full name of the type, which is the topic.
fn aggregate(call: &Call<'_>, number: usize, values: &Values<'_, '_>, sink: &mut Sink) -> bool {
    let Some(tokens) = call.args.get(number) else {
        return false;
    };
    let Some((name, end)) = values.source.dotted(tokens.start) else {
        return false;
    };
    let Some(name) = name.strip_suffix(".class").filter(|_| end == tokens.end) else {
        return false;
    };
    for full in values.full_names(name).into_iter().take(1) {
        sink.topic("kafka", full.into(), EventPub, call.bytes(values));
    }
    true
}
