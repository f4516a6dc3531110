//! Which team do the labels of the workloads in a Kubernetes manifest name?
//!
//! Labels are free: <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/>; `team` and `owner` are habit.

use crate::extract::owned::{Statements, is_sample, mentions, owner};
use crate::extract::tree::Node;
use crate::extract::tree::documents;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, OwnershipSource, Selector, SourceFile, Strength};

/// Reads labels and annotations of workloads.
#[derive(Debug)]
pub(in crate::extract) struct Labels;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("infra/labels"),
    summary: "Teams that labels of Kubernetes workloads name",
    globs: &["**/*.yaml", "**/*.yml"],
    markers: &["team:", "owner:"],
    languages: &[Language::Data],
    ownership: true,
};

/// What runs code.
const WORKLOADS: &[&str] = &[
    "CronJob",
    "DaemonSet",
    "Deployment",
    "DeploymentConfig",
    "Job",
    "Pod",
    "ReplicaSet",
    "Rollout",
    "StatefulSet",
];

/// The names of labels, alone or behind a prefix; the first that is there counts.
const KEYS: &[&str] = &["team", "owner"];

impl Extractor for Labels {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let is_manifest = mentions(file, "apiVersion:") && mentions(file, "kind:");
        // What Helm fills in is no YAML yet; schemas of resources are large, and have keys of these names without values.
        let is_labelled = KEYS.iter().any(|key| has_value(file.bytes, key));
        if !is_manifest || !is_labelled || mentions(file, "{{") || is_sample(facts) {
            return;
        }
        let documents = documents(file, facts);
        let objects = documents.iter().flat_map(|document| {
            let items = document.get("items").map_or(&[][..], Node::items);
            [document].into_iter().chain(items)
        });
        let is_workload = |object: &&Node| {
            let kind = object.text_of("kind");
            kind.is_some_and(|kind| WORKLOADS.contains(&kind))
        };
        let found: Option<Vec<&Node>> = objects.filter(is_workload).map(label).collect();
        // Every workload has to name a team, and all the same.
        let Some((first, others)) = found.as_deref().and_then(|found| found.split_first()) else {
            return;
        };
        if let Some(name) = first.text().filter(|name| !name.trim().is_empty())
            && others.iter().all(|other| other.text() == Some(name))
        {
            let mut say = Statements::new(facts, OwnershipSource::Label);
            let bytes = first.bytes.clone();
            say.owns_as(Selector::File, vec![owner(name)], Strength::Contact, bytes);
        }
    }
}

/// Whether a key with a value on its line may be there: cheaper than reading the document.
fn has_value(bytes: &[u8], key: &str) -> bool {
    memchr::memmem::find_iter(bytes, key.as_bytes()).any(|at| {
        let before = at.checked_sub(1).map(|at| bytes[at]);
        let is_key = before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && byte != b'_');
        let Some(rest) = bytes[at + key.len()..].strip_prefix(b":") else {
            return false;
        };
        let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
        let has_value = !matches!(rest.get(spaces), None | Some(b'\n' | b'\r' | b'#'));
        is_key && spaces > 0 && has_value
    })
}

/// The label of an object that names its team.
fn label(object: &Node) -> Option<&Node> {
    let metadata = object.get("metadata")?;
    KEYS.iter().find_map(|key| {
        let maps = ["labels", "annotations"]
            .iter()
            .filter_map(|map| metadata.get(map));
        let mut entries = maps.flat_map(Node::entries);
        let is_named = |text: &str| {
            text == *key || text.rsplit_once('/').is_some_and(|(_, name)| name == *key)
        };
        entries
            .find(|entry| is_named(&entry.key))
            .map(|entry| &entry.value)
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    fn object(kind: &str, labels: &str) -> String {
        format!(
            "apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: x\n  labels: {{{labels}}}\n---\n"
        )
    }

    #[test]
    fn all_workloads_have_to_agree() {
        let check = |text: String| lines(&Labels, "deploy/cart.yaml", text);
        expect![[r#"
            file owns file by label cart [contact] [declared]  @ "cart"
        "#]]
        .assert_eq(&check(
            object("Deployment", "acme.example/team: cart, owner: ada")
                + &object("Service", "app: x")
                + &object("CronJob", "team: cart"),
        ));
        assert_eq!(
            check(object("Deployment", "team: cart") + &object("Job", "team: pay")),
            ""
        );
        assert_eq!(
            check(object("Deployment", "team: cart") + &object("Job", "app: x")),
            ""
        );
        assert_eq!(check(object("ConfigMap", "team: cart")), "");
        let schema = "properties:\n  owner:\n    type: string\n";
        assert!(!has_value(schema.as_bytes(), "owner"));
        assert!(has_value(b"a.example/team: cart", "team"));
        assert_eq!(check(object("Deployment", "team: '{{ .team }}'")), "");
    }
}
