//! What do Kubernetes manifests deploy, and how is it reached?
//!
//! Source: <https://kubernetes.io/docs/reference/kubernetes-api/>

use std::borrow::Cow;
use std::ops::Range;

use super::templates::{Chart, Masked};
use super::{config, dapr, routes, services, workloads};
use crate::extract::owned::mentions;
use crate::extract::tree::{self, Node};
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{
    Certainty, Claim, ExtractorId, Facts, Key, Language, Parsed, SourceFile, Subject, Template,
};

/// Reads manifests, and templates of Helm charts.
#[derive(Debug)]
pub(in crate::extract) struct Manifest;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("kubernetes/manifest"),
    summary: "Workloads, services, routes and settings of Kubernetes",
    globs: &["**/*.yaml", "**/*.yml", "**/*.yaml.tpl", "**/*.yml.tpl"],
    markers: &["apiVersion:"],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Manifest {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if !mentions(file, "kind:") {
            return;
        }
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        let text = &*without_definitions(text);
        if !text.contains("kind:") {
            return;
        }
        let chart = Chart::of(&file.path.path);
        let masked = match &chart {
            Some(chart) => chart.mask(text),
            // What another tool fills in is no YAML yet, and nobody's mistake.
            None if text.contains("{{") => {
                facts.parsed(Parsed::Partly);
                return;
            }
            None => Masked::plain(text),
        };
        let (documents, wrong) = tree::yaml(&masked.text);
        facts.parsed(Parsed::Whole);
        for wrong in wrong {
            // A template that is not read whole is no mistake of its authors.
            if chart.is_none() {
                facts.problem(wrong.bytes, wrong.message);
            }
            facts.parsed(Parsed::Partly);
        }
        for document in &documents {
            let items = document.get("items").map_or(&[][..], Node::items);
            for object in std::iter::once(document).chain(items) {
                read(object, &masked, facts);
            }
        }
    }
}

/// A text with blanks for definitions of resources: they are long and deploy nothing, and what stands beside them does.
fn without_definitions(text: &str) -> Cow<'_, str> {
    const DEFINITION: &str = "kind: CustomResourceDefinition";
    if !text.contains(DEFINITION) {
        return Cow::Borrowed(text);
    }
    let mut whole = String::with_capacity(text.len());
    let mut document = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n').chain(["---"]) {
        if line.starts_with("---") {
            let lines = || text[document..at].lines();
            if lines().any(|line| line.trim_end() == DEFINITION) {
                // Places of what follows stay.
                let blanks = text[document..at].bytes();
                whole.extend(blanks.map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            } else {
                whole.push_str(&text[document..at]);
            }
            document = at;
        }
        at += line.len();
    }
    Cow::Owned(whole)
}

fn read(object: &Node, masked: &Masked, facts: &mut Facts<'_>) {
    let (Some(kind), Some(version)) = (object.text_of("kind"), object.text_of("apiVersion")) else {
        return;
    };
    let Some(name) = object.at(&["metadata", "name"]) else {
        return;
    };
    let mut reader = Reader {
        object,
        masked,
        namespace: Template::default(),
        name: Template::default(),
        at: name.bytes.clone(),
        facts,
    };
    reader.namespace = match object
        .at(&["metadata", "namespace"])
        .and_then(|node| reader.template(node))
    {
        Some(namespace) if !namespace.is_empty() => namespace,
        _ => Template::reference(
            Key::new("k8sns", "namespace"),
            Some(Template::text("default")),
        ),
    };
    reader.name = match reader.template(name) {
        Some(name) if !name.is_empty() => name,
        _ => return,
    };
    let group = version.split('/').next().unwrap_or_default();
    match (kind, group) {
        ("Service", "serving.knative.dev") => workloads::read(&mut reader, "ksvc"),
        ("Service", "v1") => services::read(&mut reader),
        ("Component", "dapr.io") => dapr::read(&mut reader),
        ("ConfigMap", _) => config::read(&mut reader),
        ("Ingress" | "HTTPRoute" | "GRPCRoute" | "VirtualService", _) => {
            routes::read(&mut reader, kind);
        }
        _ => {
            if let Some((_, short)) = workloads::KINDS.iter().find(|(name, _)| *name == kind) {
                workloads::read(&mut reader, short);
            }
        }
    }
}

/// One object of a manifest while it is read.
pub(super) struct Reader<'a, 'f> {
    pub(super) object: &'a Node,
    masked: &'a Masked,
    /// Where it is deployed, as far as the file tells.
    pub(super) namespace: Template,
    pub(super) name: Template,
    /// Where the name stands.
    pub(super) at: Range<usize>,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_> {
    /// What a scalar says.
    pub(super) fn template(&self, node: &Node) -> Option<Template> {
        Some(self.masked.template(node.text()?, node.bytes.start))
    }

    /// What a key says.
    pub(super) fn key(&self, entry: &tree::Entry) -> Template {
        self.masked.template(&entry.key, entry.key_bytes.start)
    }

    /// The name of a thing in the namespace of the object.
    pub(super) fn named(&self, space: &'static str, kind: &str, name: &Template) -> Key {
        let mut full = Template::text(kind);
        full.extend(name);
        Key::at(space, self.namespace.clone(), full)
    }

    /// The network in which hosts of a namespace are looked up.
    pub(super) fn network(&self) -> Template {
        let mut network = Template::text("k8s:");
        network.extend(&self.namespace);
        network
    }

    /// States something about a thing.
    pub(super) fn say(&mut self, subject: &Key, claim: Claim, bytes: Range<usize>) {
        let subject = Subject::Named(subject.clone());
        self.facts.push(subject, claim, bytes).certainty = Certainty::Declared;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn what_stands_beside_definitions_of_resources_is_read() {
        let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: cärts\n";
        let service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n";
        for text in [
            format!("{definition}---\n{service}"),
            format!("{service}---\n{definition}"),
            format!("---\n{definition}--- # next\n{service}---\n{definition}"),
        ] {
            assert_eq!(without_definitions(&text).len(), text.len());
            let told = lines(&Manifest, "cart.yaml", &text);
            assert!(told.contains("host(k8s:"), "{text}: {told}");
            assert!(told.contains("@ \"cart\""), "{told}");
            assert!(!told.contains("rts"), "{told}");
        }
        assert_eq!(lines(&Manifest, "cart.yaml", definition), "");
    }
}
