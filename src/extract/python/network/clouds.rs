//! Topics, queues and stores of clouds: SQS, SNS, EventBridge, Kinesis, Pub/Sub, Service Bus, DynamoDB, S3.
//!
//! Sources: <https://boto3.amazonaws.com/v1/documentation/api/latest/index.html>,
//! <https://cloud.google.com/python/docs/reference/pubsub/latest>,
//! <https://learn.microsoft.com/en-us/python/api/overview/azure/servicebus-readme>

use super::Site;
use super::origin::Base;
use super::value::Value;
use crate::extract::addresses::hole;
use crate::model::{DependencyKind, Key, Template};

/// The service of AWS, and the method, that is called on a client or a resource.
pub(super) fn aws<'s>(site: &'s Site<'_>) -> Option<(String, &'s str)> {
    let name = &*site.callee.name;
    let rest = [
        "boto3.",
        "aioboto3.",
        "botocore.session.",
        "aiobotocore.session.",
    ]
    .iter()
    .find_map(|package| name.strip_prefix(package))?;
    let (maker, method) = rest
        .split_once("client().")
        .or_else(|| rest.split_once("resource()."))?;
    let at = maker.matches("()").count();
    let service = site.made_with(at, 0, "service_name")?;
    Some((service.as_text()?.to_owned(), method))
}

/// States topics and queues.
pub(super) fn detect(site: &Site<'_>) {
    if let Some((service, method)) = aws(site) {
        amazon(site, &service, method);
        return;
    }
    google(site);
    azure(site);
}

fn topic(site: &Site<'_>, engine: &'static str, kind: DependencyKind, name: Option<Template>) {
    super::events::topics(site, engine, None, kind, name);
}

fn amazon(site: &Site<'_>, service: &str, method: &str) {
    let named = |name: &str| site.argument(usize::MAX, name);
    let (publish, listen) = (DependencyKind::EventPub, DependencyKind::EventSub);
    match (service, method) {
        ("sqs", "send_message" | "send_message_batch") => {
            topic(site, "sqs", publish, queue(site));
        }
        ("sqs", "receive_message") => topic(site, "sqs", listen, queue(site)),
        ("sqs", "get_queue_by_name().send_message" | "get_queue_by_name().send_messages") => {
            topic(
                site,
                "sqs",
                publish,
                site.made_with(1, usize::MAX, "QueueName"),
            );
        }
        ("sqs", "get_queue_by_name().receive_messages") => {
            topic(
                site,
                "sqs",
                listen,
                site.made_with(1, usize::MAX, "QueueName"),
            );
        }
        ("sqs", "Queue().send_message") => {
            topic(site, "sqs", publish, site.made_with(1, 0, "url"));
        }
        ("sqs", "Queue().receive_messages") => {
            topic(site, "sqs", listen, site.made_with(1, 0, "url"));
        }
        ("sns", "publish" | "publish_batch") => {
            topic(site, "sns", publish, named("TopicArn"));
        }
        ("sns", "Topic().publish") => {
            topic(site, "sns", publish, site.made_with(1, 0, "arn"));
        }
        ("kinesis", "put_record" | "put_records") => {
            topic(site, "kinesis", publish, named("StreamName"));
        }
        ("kinesis", "get_shard_iterator") => {
            topic(site, "kinesis", listen, named("StreamName"));
        }
        ("events", "put_events") => {
            let entries = site.texts.argument_value(site.call, usize::MAX, "Entries");
            for entry in entries.iter().flat_map(|entries| site.texts.each(entries)) {
                let name = site.texts.entry(&entry, "DetailType");
                let name = name.map(|name| site.texts.text(&name));
                topic(site, "eventbridge", publish, name);
            }
        }
        _ => {}
    }
}

/// The queue that a request names: its address, or the name that the address is asked for.
fn queue(site: &Site<'_>) -> Option<Template> {
    let url = site
        .texts
        .argument_value(site.call, usize::MAX, "QueueUrl")?;
    let origin = site.texts.code.origin(&url);
    if let Base::Call(asked) = &origin.base
        && site
            .texts
            .code
            .known(&asked.callee)
            .is_some_and(|known| known.name.ends_with(".get_queue_url"))
    {
        return site.texts.argument(asked, usize::MAX, "QueueName");
    }
    Some(site.texts.text(&url))
}

/// `publisher.publish(publisher.topic_path(project, "orders"), …)`, `subscriber.subscribe(path, …)`.
fn google(site: &Site<'_>) {
    let Some(rest) = site.callee.name.strip_prefix("google.cloud.pubsub") else {
        return;
    };
    let (publish, listen) = (DependencyKind::EventPub, DependencyKind::EventSub);
    match rest.rsplit_once("().") {
        Some((class, "publish")) if class.contains("PublisherClient") => {
            topic(site, "pubsub", publish, path(site, "topic"));
        }
        Some((class, "subscribe" | "pull")) if class.contains("SubscriberClient") => {
            let name = path(site, "subscription");
            let queue =
                name.map(|name| Template::reference(Key::new("queue", name.clone()), Some(name)));
            topic(site, "pubsub", listen, queue);
        }
        _ => {}
    }
}

/// The last piece of a path such as `projects/acme/topics/orders`.
fn path(site: &Site<'_>, name: &str) -> Option<Template> {
    let value = site.texts.argument_value(site.call, 0, name)?;
    let value = match site.texts.code.near_origin(&value) {
        origin if origin.path.is_empty() => match origin.base {
            Base::Call(made) => {
                let known = site.texts.code.known(&made.callee);
                let is_path = known.is_some_and(|known| {
                    known.name.ends_with(".topic_path")
                        || known.name.ends_with(".subscription_path")
                });
                match is_path {
                    true => made
                        .arguments
                        .get(1)
                        .or_else(|| made.keyword(name))?
                        .clone(),
                    false => value,
                }
            }
            _ => value,
        },
        _ => value,
    };
    let text = site.texts.text(&value);
    match text.as_text().and_then(|text| text.rsplit_once('/')) {
        Some((_, last)) => Some(Template::text(last)),
        None => Some(text),
    }
}

/// `client.get_queue_sender("orders").send_messages(…)`
fn azure(site: &Site<'_>) {
    let Some(rest) = site.callee.name.strip_prefix("azure.") else {
        return;
    };
    let (publish, listen) = (DependencyKind::EventPub, DependencyKind::EventSub);
    let last = site.callee.calls.len().saturating_sub(1);
    let named = |name: &str| site.made_with(last, 0, name);
    match rest.rsplit_once("().") {
        Some((maker, "send_messages" | "schedule_messages")) if maker.starts_with("servicebus") => {
            let name = match maker.rsplit('.').next() {
                Some("get_queue_sender") => named("queue_name"),
                Some("get_topic_sender") => named("topic_name"),
                _ => None,
            };
            topic(site, "servicebus", publish, name);
        }
        Some((maker, "receive_messages" | "receive_deferred_messages"))
            if maker.starts_with("servicebus") =>
        {
            let name = match maker.rsplit('.').next() {
                Some("get_queue_receiver") => named("queue_name"),
                Some("get_subscription_receiver") => named("topic_name"),
                _ => None,
            };
            topic(site, "servicebus", listen, name);
        }
        Some((maker, "send_batch" | "send_event")) if maker.starts_with("eventhub") => {
            topic(
                site,
                "eventhubs",
                publish,
                named("eventhub_name").or(hub(site, last)),
            );
        }
        Some((maker, "receive" | "receive_batch")) if maker.starts_with("eventhub") => {
            topic(
                site,
                "eventhubs",
                listen,
                named("eventhub_name").or(hub(site, last)),
            );
        }
        _ => {}
    }
}

/// The hub of a client that is made of a connection string.
fn hub(site: &Site<'_>, made: usize) -> Option<Template> {
    let made = site.callee.calls.get(made)?.as_ref()?;
    match site.texts.argument_value(made, usize::MAX, "eventhub_name") {
        Some(Value::Nothing) | None => Some(hole()),
        Some(name) => Some(site.texts.text(&name)),
    }
}
