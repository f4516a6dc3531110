//! Topics and queues of clouds: SQS, SNS, EventBridge, Pub/Sub, Service Bus.
//!
//! Sources: <https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/>, <https://cloud.google.com/nodejs/docs/reference/pubsub/latest>,
//! <https://learn.microsoft.com/en-us/javascript/api/overview/azure/service-bus-readme>

use super::Site;
use super::origin::{Base, Origin};
use super::value::{Call, Value};
use crate::model::{DependencyKind, Key, Template};

/// Brokers of clouds, whose address is that of the topic.
pub(super) fn detect(site: &Site<'_>) {
    let texts = site.texts;
    let first = site.call.arguments.first();
    let option = |name: &str| first.and_then(|options| texts.property(options, name));
    let state = |engine: &'static str, kind, name: Option<Template>| {
        if let Some(name) = name {
            let at = Template::from(Key::new("broker", engine));
            site.requires(Key::at("topic", at, name), kind);
        }
    };
    let (publish, listen) = (DependencyKind::EventPub, DependencyKind::EventSub);
    if let (Base::Module(module), true) = (&site.callee.base, site.call.new) {
        match (&**module, site.callee.path().as_slice()) {
            ("@aws-sdk/client-sqs", ["SendMessageCommand" | "SendMessageBatchCommand"]) => {
                state("sqs", publish, option("QueueUrl"));
            }
            ("@aws-sdk/client-sqs", ["ReceiveMessageCommand"]) => {
                state("sqs", listen, option("QueueUrl"));
            }
            ("@aws-sdk/client-sns", ["PublishCommand" | "PublishBatchCommand"]) => {
                state("sns", publish, option("TopicArn"));
            }
            ("@aws-sdk/client-eventbridge", ["PutEventsCommand"]) => events(site, &state),
            _ => {}
        }
        return;
    }
    if site.callee.is("sqs-consumer", &["Consumer", "create"]) {
        state("sqs", listen, option("queueUrl"));
    }
    let Base::Call(made) = &site.callee.base else {
        return;
    };
    let maker = texts.code.origin(&made.callee);
    let Some(item) = maker.of_package(|_| true) else {
        return hubs(site, made, &maker, &state);
    };
    let Base::Module(module) = &maker.base else {
        return;
    };
    let path = site.callee.path();
    match (&**module, item.as_slice(), path.as_slice()) {
        ("aws-sdk" | "@aws-sdk/client-sqs", ["SQS"], ["sendMessage" | "sendMessageBatch"]) => {
            state("sqs", publish, option("QueueUrl"));
        }
        ("aws-sdk" | "@aws-sdk/client-sqs", ["SQS"], ["receiveMessage"]) => {
            state("sqs", listen, option("QueueUrl"));
        }
        ("aws-sdk" | "@aws-sdk/client-sns", ["SNS"], ["publish"]) => {
            state("sns", publish, option("TopicArn"));
        }
        ("aws-sdk" | "@aws-sdk/client-eventbridge", ["EventBridge"], ["putEvents"]) => {
            events(site, &state);
        }
        _ => {}
    }
}

/// `new PubSub().topic("orders").publishMessage(…)`, `new ServiceBusClient(…).createSender("orders").sendMessages(…)`.
fn hubs(
    site: &Site<'_>,
    made: &Call,
    maker: &Origin,
    state: &impl Fn(&'static str, DependencyKind, Option<Template>),
) {
    let texts = site.texts;
    let Base::Call(client) = &maker.base else {
        return;
    };
    let package = texts.code.origin(&client.callee);
    let name = |at: usize| made.arguments.get(at).map(|name| texts.text(name));
    let (made_by, method) = (maker.path(), site.callee.path());
    let (publish, listen) = (DependencyKind::EventPub, DependencyKind::EventSub);
    if package.is("@google-cloud/pubsub", &["PubSub"]) {
        match (made_by.as_slice(), method.as_slice()) {
            (["topic"], ["publish" | "publishMessage" | "publishJSON"]) => {
                state("pubsub", publish, name(0));
            }
            (["subscription"], ["on" | "get"]) => {
                let queue = name(0)
                    .map(|name| Template::reference(Key::new("queue", name.clone()), Some(name)));
                state("pubsub", listen, queue);
            }
            _ => {}
        }
    }
    if package.is("@azure/service-bus", &["ServiceBusClient"]) {
        match (made_by.as_slice(), method.as_slice()) {
            (["createSender"], ["sendMessages" | "scheduleMessages"]) => {
                state("servicebus", publish, name(0));
            }
            (["createReceiver"], ["subscribe" | "receiveMessages"]) => {
                state("servicebus", listen, name(0));
            }
            _ => {}
        }
    }
}

/// The kinds of events that are put on a bus.
fn events(site: &Site<'_>, state: &impl Fn(&'static str, DependencyKind, Option<Template>)) {
    let texts = site.texts;
    let entries = site
        .call
        .arguments
        .first()
        .and_then(|options| texts.member(options, "Entries"));
    let Some(Value::Array(entries)) = entries else {
        return;
    };
    for entry in entries.iter() {
        let name = texts.property(entry, "DetailType");
        state("eventbridge", DependencyKind::EventPub, name);
    }
}
