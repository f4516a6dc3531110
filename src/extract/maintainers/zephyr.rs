//! Which areas of a MAINTAINERS.yml file look after which paths, and who their maintainers are?
//!
//! The format of Zephyr: <https://github.com/zephyrproject-rtos/zephyr/blob/main/scripts/get_maintainer.py>.
//! Collaborators own nothing, and what is obsolete may have maintainers.

use super::{state, team};
use crate::extract::tree::{self, Entry, Value};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{Dialect, ExtractorId, Facts, Language, Owner, OwnerForm, Parsed, SourceFile};

/// The keys of patterns: whether they take paths out.
const PATTERNS: &[(&str, bool)] = &[
    ("files", false),
    ("files-regex", false),
    ("files-exclude", true),
    ("files-regex-exclude", true),
];

/// Reads MAINTAINERS.yml.
#[derive(Debug)]
pub(crate) struct Zephyr;

impl Extractor for Zephyr {
    fn info(&self) -> &'static ExtractorInfo {
        &ExtractorInfo {
            id: ExtractorId("maintainers/zephyr"),
            summary: "areas with their maintainers and paths, from MAINTAINERS.yml as of Zephyr",
            globs: &["MAINTAINERS.yml", "MAINTAINERS.yaml"],
            markers: &["files"],
            languages: &[Language::Data],
            ownership: true,
        }
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let text = String::from_utf8_lossy(file.bytes);
        let (documents, wrong) = tree::yaml(&text);
        if let Some(wrong) = wrong.into_iter().next() {
            facts.problem(wrong.bytes, wrong.message);
            facts.parsed(Parsed::Failed);
            return;
        }
        for document in &documents {
            for area in document.entries() {
                tell(area, facts);
            }
        }
        facts.parsed(Parsed::Whole);
    }
}

fn tell(area: &Entry, facts: &mut Facts<'_>) {
    let texts = |key| {
        let value = area.value.get(key).map(|node| &node.value);
        let items = match value {
            Some(Value::List(items)) => items.as_slice(),
            _ => &[],
        };
        items
            .iter()
            .filter_map(|item| Some((item.text()?, item.bytes.clone())))
    };
    if !PATTERNS.iter().any(|(key, _)| texts(key).next().is_some()) {
        return;
    }
    let status = area.value.text_of("status").unwrap_or_default();
    let orphan = matches!(status, "unmaintained" | "orphan");
    let people: Vec<String> = texts("maintainers")
        .map(|(text, _)| text.to_owned())
        .collect();
    if !orphan {
        team(&area.key, &people, area.key_bytes.clone(), facts);
    }
    for (key, cut) in PATTERNS {
        for (pattern, at) in texts(key) {
            let owner = Owner {
                text: area.key.as_str().into(),
                form: OwnerForm::Group,
            };
            let owners = (!orphan && !cut).then_some(owner).into_iter().collect();
            let pattern = format!("{}: {pattern}", key.trim_end_matches("-exclude"));
            let what = (
                Dialect::Maintainers,
                pattern.as_str(),
                Some(area.key.as_str()),
            );
            state(what, owners, *cut, at, facts);
        }
    }
}
