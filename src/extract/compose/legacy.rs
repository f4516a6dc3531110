//! Which services does a compose file of the first version start? It has them at its top, and nothing else.
//!
//! Source: <https://github.com/compose-spec/compose-spec/blob/main/00-overview.md>, which tells the versions;
//! the first one stands in <https://github.com/docker/compose/blob/v1/docs/yml.md>.

use super::file::{is_service, read_services};
use super::stack::Stack;
use crate::extract::{Extractor, ExtractorInfo, tree, utf8};
use crate::model::{ExtractorId, Facts, Language, Parsed, SourceFile};

/// Reads compose files of the first version.
#[derive(Debug)]
pub(in crate::extract) struct Legacy;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("compose/legacy"),
    summary: "Services of compose files of the first version",
    globs: &["**/*compose*.{yml,yaml}"],
    markers: &["image:", "build:"],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Legacy {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        let (documents, wrong) = tree::yaml(text);
        let is_later = |name| {
            documents
                .iter()
                .any(|document| document.get(name).is_some())
        };
        if ["services", "version", "include"].into_iter().any(is_later) {
            return;
        }
        facts.parsed(Parsed::Whole);
        for wrong in wrong {
            facts.problem(wrong.bytes, wrong.message);
            facts.parsed(Parsed::Partly);
        }
        let mut stack = Stack::new(file.path, facts);
        for document in &documents {
            let services = document.merged();
            if services.iter().all(|entry| is_service(&entry.value)) {
                read_services(&services, &mut stack);
            }
        }
    }
}
