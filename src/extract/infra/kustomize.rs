//! Which folders and files does a kustomization take in?
//!
//! Source: <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>

use super::{folder, outside};
use crate::extract::tree::Node;
use crate::extract::tree::documents;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, SourceFile};

/// Reads kustomizations.
#[derive(Debug)]
pub(in crate::extract) struct Kustomization;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("infra/kustomize"),
    summary: "Folders that kustomizations take in",
    globs: &[
        "**/kustomization.yaml",
        "**/kustomization.yml",
        "**/Kustomization",
    ],
    markers: &["resources", "bases", "components"],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Kustomization {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        for document in documents(file, facts) {
            for section in ["resources", "bases", "components"] {
                for item in document.get(section).map_or(&[][..], Node::items) {
                    let Some(path) = item.text() else {
                        continue;
                    };
                    let bytes = item.bytes.clone();
                    let is_remote = path.contains("://")
                        || path.contains("?ref=")
                        || path.starts_with("git@")
                        || path.starts_with("github.com/");
                    // What lies in the folder itself is its own.
                    if is_remote {
                        outside("registry:kustomize", path, bytes, facts);
                    } else if path.contains('/') || !path.ends_with("ml") {
                        folder(file.path.parent(), path, bytes, facts);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn folders_and_files_of_others() {
        let text = "resources:\n  - ../../base\n  - deployment.yaml\n  - ../cart/service.yaml\n  - https://github.com/acme/x?ref=v1\ncomponents: [../../components/tls]\nbases:\n- base\npatches:\n- path: ../no.yaml\n";
        expect![[r#"
            here requires folder(registry:kustomize)https://github.com/acme/x?ref=v1 [link.impl] [declared] [build]  @ "https://github.com/acme/x?ref=v1"
            here requires folder:k8s/base [link.impl] [declared] [build]  @ "../../base"
            here requires folder:k8s/components/tls [link.impl] [declared] [build]  @ "../../components/tls"
            here requires folder:k8s/overlays/cart/service.yaml [link.impl] [declared] [build]  @ "../cart/service.yaml"
            here requires folder:k8s/overlays/prod/base [link.impl] [declared] [build]  @ "base"
        "#]].assert_eq(&lines(
            &Kustomization,
            "k8s/overlays/prod/kustomization.yaml",
            text,
        ));
        expect![[r#"
            ! unclosed bracket '['  @ ""
        "#]]
        .assert_eq(&lines(
            &Kustomization,
            "kustomization.yml",
            "resources: [\n",
        ));
    }
}
