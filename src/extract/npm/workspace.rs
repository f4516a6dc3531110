//! Which packages does a workspace hold, and which versions do its catalogs name?
//!
//! Sources: <https://docs.npmjs.com/cli/v11/using-npm/workspaces>, <https://pnpm.io/pnpm-workspace_yaml>,
//! <https://lerna.js.org/docs/api-reference/configuration>, <https://rushjs.io/pages/configs/rush_json/>

use std::ops::Range;

use super::manifest::document;
use super::specifier;
use crate::extract::tree::{self, Node, Value};
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{
    Certainty, Claim, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile, Subject,
    Template,
};

/// Reads `pnpm-workspace.yaml`, `lerna.json` and `rush.json`.
#[derive(Debug)]
pub(in crate::extract) struct Workspace;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("npm/workspace"),
    summary: "Workspaces of pnpm, lerna and Rush",
    globs: &["**/pnpm-workspace.yaml", "**/lerna.json", "**/rush.json"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Workspace {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        match file.path.file_name() {
            "pnpm-workspace.yaml" => pnpm(file, facts),
            "rush.json" => rush(file, facts),
            _ => lerna(file, facts),
        }
    }
}

fn pnpm(file: &SourceFile<'_>, facts: &mut Facts<'_>) {
    let Some(text) = utf8::text(file, facts) else {
        return;
    };
    let (documents, wrong) = tree::yaml(text);
    facts.parsed(Parsed::Whole);
    for wrong in wrong {
        facts.problem(wrong.bytes, wrong.message);
        facts.parsed(Parsed::Partly);
    }
    let Some(document) = documents.first() else {
        return;
    };
    if let Some(entry) = document.entry("packages") {
        members(&entry.value, entry.key_bytes.clone(), facts);
    }
    catalogs(document, file.path.parent(), facts);
}

/// Without a list of its own, lerna takes what `workspaces` in the `package.json` beside it says.
fn lerna(file: &SourceFile<'_>, facts: &mut Facts<'_>) {
    if let Some(document) = document(file, facts)
        && let Some(entry) = document.entry("packages")
    {
        members(&entry.value, entry.key_bytes.clone(), facts);
    }
}

fn rush(file: &SourceFile<'_>, facts: &mut Facts<'_>) {
    let Some(document) = document(file, facts) else {
        return;
    };
    let Some(entry) = document.entry("projects") else {
        return;
    };
    declare_workspace(entry.key_bytes.clone(), facts);
    for project in entry.value.items() {
        if let Some(folder) = project.get("projectFolder")
            && let Some(text) = folder.text()
        {
            member(text, folder.bytes.clone(), facts);
        }
    }
}

/// States a workspace and the globs of the folders of its packages.
pub(super) fn members(list: &Node, bytes: Range<usize>, facts: &mut Facts<'_>) {
    if !matches!(list.value, Value::List(_)) {
        return;
    }
    declare_workspace(bytes, facts);
    for item in list.items() {
        if let Some(glob) = item.text() {
            member(glob, item.bytes.clone(), facts);
        }
    }
}

fn declare_workspace(bytes: Range<usize>, facts: &mut Facts<'_>) {
    let claim = Claim::Provides {
        key: Key::new("trait", "npm-workspace"),
        how: Offer::Implements,
    };
    facts.push(Subject::Here, claim, bytes).certainty = Certainty::Declared;
}

fn member(glob: &str, bytes: Range<usize>, facts: &mut Facts<'_>) {
    bind(
        Subject::File,
        Key::new("npm-workspace", "packages"),
        glob.into(),
        bytes,
        facts,
    );
}

/// States the versions that members take by `catalog:`.
pub(super) fn catalogs(document: &Node, folder: &str, facts: &mut Facts<'_>) {
    let named = document.get("catalogs").map_or(&[][..], Node::entries);
    let all = document
        .get("catalog")
        .map(|catalog| ("default", catalog))
        .into_iter()
        .chain(named.iter().map(|entry| (entry.key.as_str(), &entry.value)));
    for (name, catalog) in all {
        for entry in catalog.entries() {
            let Some(value) = entry.value.text() else {
                continue;
            };
            let key = Key::new("npm-catalog", format!("{name}/{}", entry.key));
            // A catalog may send to the workspace, too.
            let place = specifier::Specifier::read(&entry.key, value, folder).place;
            let bytes = entry.key_bytes.start..entry.value.bytes.end;
            bind(Subject::Here, key, place, bytes, facts);
        }
    }
}

fn bind(subject: Subject, key: Key, value: Template, bytes: Range<usize>, facts: &mut Facts<'_>) {
    facts
        .push(subject, Claim::Binds { key, value }, bytes)
        .certainty = Certainty::Declared;
}
