//! Which namespace and settings does a kustomization give to what lies below it?
//!
//! Source: <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>

use crate::extract::tree::{Node, documents};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, ExtractorId, Facts, Key, Language, Part, SourceFile, Subject, Template, join,
};

/// Reads what kustomizations bind.
#[derive(Debug)]
pub(in crate::extract) struct Settings;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("kubernetes/kustomize"),
    summary: "Namespaces and settings of kustomizations",
    globs: &[
        "**/kustomization.yaml",
        "**/kustomization.yml",
        "**/Kustomization",
    ],
    markers: &["namespace:", "configMapGenerator"],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Settings {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let folder = file.path.parent();
        for document in documents(file, facts) {
            if let Some(namespace) = document.get("namespace")
                && let Some(name) = namespace.text()
            {
                let claim = Claim::Binds {
                    key: Key::new("k8sns", "namespace"),
                    value: Template::text(name),
                };
                let subject = Subject::Named(Key::new("path", folder));
                let bytes = namespace.bytes.clone();
                facts.push(subject, claim, bytes).certainty = Certainty::Declared;
            }
            for map in document
                .get("configMapGenerator")
                .map_or(&[][..], Node::items)
            {
                settings(map, folder, facts);
            }
        }
    }
}

/// A map of settings that the kustomization makes.
fn settings(map: &Node, folder: &str, facts: &mut Facts<'_>) {
    let Some(name) = map.text_of("name") else {
        return;
    };
    let namespace = match map.text_of("namespace") {
        Some(namespace) => Template::text(namespace),
        None => Template::reference(
            Key::new("k8sns", "namespace"),
            Some(Template::text("default")),
        ),
    };
    let subject = Subject::Named(Key::at("configmap", namespace.clone(), name));
    for literal in map.get("literals").map_or(&[][..], Node::items) {
        let Some((key, value)) = literal.text().and_then(|text| text.split_once('=')) else {
            continue;
        };
        let mut full = Template::text(name);
        full.push(Part::Text(format!("/{key}").into()));
        let value = Template::text(value.trim_matches(['"', '\'']));
        for key in [
            Key::at("configmap", namespace.clone(), full),
            Key::new("env", key),
        ] {
            let claim = Claim::Binds {
                key,
                value: value.clone(),
            };
            let fact = facts.push(subject.clone(), claim, literal.bytes.clone());
            fact.certainty = Certainty::Declared;
        }
    }
    let files = map.get("envs").map_or(&[][..], Node::items).iter();
    for file in files.chain(map.get("env")) {
        if let Some(path) = file.text().and_then(|path| join(folder, path)) {
            let claim = Claim::Inherits {
                from: Key::new("file", path),
                prefix: None,
            };
            let fact = facts.push(subject.clone(), claim, file.bytes.clone());
            fact.certainty = Certainty::Declared;
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn namespace_and_settings() {
        let text = "namespace: shop\nconfigMapGenerator:\n- name: cart\n  literals:\n  - PRICE_ADDR=price:80\n  envs: [cart.env]\n";
        expect![[r#"
            configmap(${k8sns:namespace|default})cart binds configmap(${k8sns:namespace|default})cart/PRICE_ADDR = price:80 [declared]  @ "PRICE_ADDR=price:80"
            configmap(${k8sns:namespace|default})cart binds env:PRICE_ADDR = price:80 [declared]  @ "PRICE_ADDR=price:80"
            configmap(${k8sns:namespace|default})cart inherits file:k8s/cart.env [declared]  @ "cart.env"
            path:k8s binds k8sns:namespace = shop [declared]  @ "shop"
        "#]].assert_eq(&lines(&Settings, "k8s/kustomization.yaml", text));
    }
}
