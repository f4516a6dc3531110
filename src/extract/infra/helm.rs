//! Which charts does a Helm chart take in?
//!
//! Source: <https://helm.sh/docs/topics/charts/#chart-dependencies>

use super::{folder, outside};
use crate::extract::tree::Node;
use crate::extract::tree::documents;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, SourceFile};

/// Reads `Chart.yaml`, and `requirements.yaml` of old charts.
#[derive(Debug)]
pub(in crate::extract) struct Chart;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("infra/helm"),
    summary: "Charts that Helm charts depend on",
    globs: &["**/Chart.yaml", "**/requirements.yaml"],
    markers: &["dependencies"],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Chart {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        for document in documents(file, facts) {
            for chart in document.get("dependencies").map_or(&[][..], Node::items) {
                let (Some(name), Some(repository)) = (chart.get("name"), chart.get("repository"))
                else {
                    continue;
                };
                let bytes = repository.bytes.clone();
                match (name.text(), repository.text()) {
                    (Some(_), Some(url)) if url.starts_with("file://") => {
                        folder(file.path.parent(), &url["file://".len()..], bytes, facts);
                    }
                    (Some(name), Some(url)) if url.contains(':') => {
                        outside("registry:helm", name, bytes, facts);
                    }
                    _ => {}
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
    fn charts_beside_and_from_outside() {
        let text = "name: shop\ndependencies:\n  - name: cart\n    repository: file://../../cart/chart\n  - name: redis\n    repository: https://charts.example.com\n  - name: local\n  - {name: here, repository: \"\"}\n";
        expect![[r#"
            here requires folder(registry:helm)redis [link.impl] [declared] [build]  @ "https://charts.example.com"
            here requires folder:cart/chart [link.impl] [declared] [build]  @ "file://../../cart/chart"
        "#]].assert_eq(&lines(&Chart, "deploy/shop/Chart.yaml", text));
        expect![[r#"
            ! unclosed bracket '['  @ ""
        "#]]
        .assert_eq(&lines(&Chart, "Chart.yaml", "dependencies: [\n"));
    }
}
