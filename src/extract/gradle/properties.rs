//! What does `gradle.properties` say of the group under which projects are published?

use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{
    Certainty, Claim, ExtractorId, Facts, Key, Language, Parsed, SourceFile, Subject,
};

/// Reads the group.
#[derive(Debug)]
pub(in crate::extract) struct Properties;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("gradle/properties"),
    summary: "The group of Gradle projects",
    globs: &["**/gradle.properties"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Properties {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        facts.parsed(Parsed::Whole);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let (name, value) = line.split_once(['=', ':']).unwrap_or((line, ""));
            let value = value.trim();
            // `GROUP` is what the widespread plugin for publishing reads.
            if matches!(name.trim(), "group" | "GROUP") && !value.is_empty() {
                let at = start + line.rfind(value).unwrap_or_default();
                let key = Key::new("gradle-group", "group");
                let value_bytes = at..at + value.len();
                let claim = Claim::Binds {
                    key,
                    value: value.into(),
                };
                let fact = facts.push(Subject::Here, claim, value_bytes);
                fact.certainty = Certainty::Declared;
            }
            start += line.len();
        }
    }
}
