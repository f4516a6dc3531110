//! What runs in a cluster: deployments and their kin, with image, command, settings and labels.

use super::containers;
use super::manifest::Reader;
use crate::extract::tree::Node;
use crate::model::images;
use crate::model::{Claim, ComponentKind, Key, Offer, Template};

/// Kinds that run pods, and what their keys are called.
pub(super) const KINDS: &[(&str, &str)] = &[
    ("CronJob", "cronjob"),
    ("DaemonSet", "daemonset"),
    ("Deployment", "deploy"),
    ("DeploymentConfig", "deploy"),
    ("Job", "job"),
    ("Pod", "pod"),
    ("ReplicaSet", "replicaset"),
    ("Rollout", "deploy"),
    ("StatefulSet", "statefulset"),
];

/// Reads a workload.
pub(super) fn read(reader: &mut Reader<'_, '_>, short: &str) {
    let object = reader.object;
    let Some(pod) = pod(object) else {
        return;
    };
    let name = reader.name.clone();
    let subject = reader.named("k8s", &format!("{short}/"), &name);
    let containers = pod.at(&["spec", "containers"]).map_or(&[][..], Node::items);
    // Helpers beside the program (proxies, collectors) are no work of their own.
    let is_helper = |container: &&Node| {
        let known = container.text_of("image").and_then(images::known);
        let helps = |kind| matches!(kind, ComponentKind::Gateway | ComponentKind::Infrastructure);
        known.is_some_and(|known| helps(known.kind))
    };
    let main = containers
        .iter()
        .find(|one| !is_helper(one))
        .or(containers.first());
    let image = main
        .and_then(|main| main.text_of("image"))
        .unwrap_or_default();
    let known = images::known(image);
    let kind = match (&known, short) {
        (Some(known), _) => known.kind,
        (None, "job" | "cronjob") => ComponentKind::Job,
        _ => ComponentKind::Service,
    };
    let claim = Claim::Component {
        kind,
        name: Some(name.clone()),
    };
    let at = reader.at.clone();
    reader.say(&subject, claim, at.clone());
    if let Some(engine) = known.and_then(|known| known.engine) {
        let key = Key::new("trait", format!("engine/{engine}"));
        let claim = Claim::Provides {
            key,
            how: Offer::Implements,
        };
        reader.say(&subject, claim, at.clone());
    }
    labels(pod, &subject, reader);
    application(pod, &subject, reader);
    if short == "ksvc" {
        let key = Key::at("host", reader.network(), name);
        let claim = Claim::Provides {
            key,
            how: Offer::Implements,
        };
        reader.say(&subject, claim, at);
    }
    for container in containers {
        let is_main = main.is_some_and(|main| std::ptr::eq(main, container));
        if is_main || !is_helper(&container) {
            containers::read(container, is_main, &subject, reader);
        }
    }
}

/// The template of the pods that an object runs.
fn pod(object: &Node) -> Option<&Node> {
    match object.text_of("kind") {
        Some("Pod") => Some(object),
        Some("CronJob") => object.at(&["spec", "jobTemplate", "spec", "template"]),
        _ => object.at(&["spec", "template"]),
    }
}

/// The labels by which services choose pods.
fn labels(pod: &Node, subject: &Key, reader: &mut Reader<'_, '_>) {
    let labels = pod
        .at(&["metadata", "labels"])
        .map_or(&[][..], Node::entries);
    for label in labels {
        if let Some(pair) = pair(label, reader) {
            let key = Key::at("podlabel", reader.namespace.clone(), pair);
            let claim = Claim::Provides {
                key,
                how: Offer::Implements,
            };
            reader.say(subject, claim, label.value.bytes.clone());
        }
    }
}

/// The name under which a sidecar of Dapr answers.
///
/// Source: <https://docs.dapr.io/reference/arguments-annotations-overview/>
fn application(pod: &Node, subject: &Key, reader: &mut Reader<'_, '_>) {
    let Some(id) = pod.at(&["metadata", "annotations", "dapr.io/app-id"]) else {
        return;
    };
    if let Some(name) = reader.template(id) {
        let claim = Claim::Provides {
            key: Key::new("discovery", name),
            how: Offer::Implements,
        };
        reader.say(subject, claim, id.bytes.clone());
    }
}

/// A label as `name=value`.
pub(super) fn pair(
    label: &crate::extract::tree::Entry,
    reader: &Reader<'_, '_>,
) -> Option<Template> {
    let mut pair = reader.key(label);
    pair.extend(&Template::text("="));
    pair.extend(&reader.template(&label.value)?);
    Some(pair)
}
