//! What does a `tsconfig.json` or `jsconfig.json` say of names: paths, base folders, where output goes, what it extends?
//!
//! Source: <https://www.typescriptlang.org/tsconfig/>

use std::ops::Range;

use crate::extract::tree::{self, Node};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, Condition, Context, DependencyKind, ExtractorId, Facts, Key, Language,
    Parsed, SourceFile, Subject, Template,
};

/// Reads configurations of the TypeScript compiler.
#[derive(Debug)]
pub(in crate::extract) struct Config;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("javascript/tsconfig"),
    summary: "Paths, output folders and references of TypeScript projects",
    // What another configuration extends may have any name; these are the customs.
    globs: &[
        "**/*tsconfig*.json",
        "**/*tsconfig*/*.json",
        "**/*typescript-config*/*.json",
        "**/*ts-config*/*.json",
        "**/jsconfig*.json",
        "**/base*.json",
    ],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// Options with one path.
const PATHS: &[&str] = &["baseUrl", "rootDir", "outDir", "declarationDir"];

/// Options with a list of texts.
const LISTS: &[&str] = &["rootDirs", "customConditions"];

impl Extractor for Config {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let name = file.path.file_name();
        if matches!(name, "package.json" | "package-lock.json" | "project.json") {
            return;
        }
        let by_name = name.contains("tsconfig") || name.starts_with("jsconfig");
        let is_config = |node: &Node| {
            by_name
                || ["compilerOptions", "extends"]
                    .iter()
                    .any(|key| node.get(key).is_some())
        };
        let read = file
            .text()
            .map_err(|offset| (offset..offset, "not UTF-8".to_owned()))
            .and_then(|text| tree::json(text).map_err(|wrong| (wrong.bytes, wrong.message)));
        match read {
            Ok(Some(node)) if is_config(&node) => {
                facts.parsed(Parsed::Whole);
                config(&node, facts);
            }
            Ok(_) => {}
            // Templates of generators are named like configurations, too.
            Err((bytes, message)) if by_name => {
                facts.problem(bytes, message);
                facts.parsed(Parsed::Failed);
            }
            Err(_) => {}
        }
    }
}

fn config(node: &Node, facts: &mut Facts<'_>) {
    if let Some(extends) = node.get("extends") {
        // A list since TypeScript 5.0: the later one wins.
        for base in std::slice::from_ref(extends).iter().chain(extends.items()) {
            if let Some(text) = base.text() {
                let claim = Claim::Inherits {
                    from: Key::new("tsconfig", text),
                    prefix: None,
                };
                declare(claim, base.bytes.clone(), facts);
            }
        }
    }
    if let Some(options) = node.get("compilerOptions") {
        options_of(options, facts);
    }
    let files = node.get("files");
    let is_solution = files.is_some_and(|files| files.items().is_empty());
    for reference in node.get("references").map_or(&[][..], Node::items) {
        if let Some(path) = reference.get("path")
            && let Some(text) = path.text()
        {
            // What only lists projects, for one command to build them all, uses none of them.
            let key = Key::new("tsproject", text);
            if is_solution {
                let key = Key::new("tsconfig", "references");
                bind(key, text.into(), path.bytes.clone(), facts);
            } else {
                let bytes = path.bytes.clone();
                let fact = facts.requires(key, DependencyKind::LinkImpl, 1, bytes);
                fact.certainty = Certainty::Declared;
                fact.context = fact.context.join(Context::Build);
                fact.when.push(Condition::Variant("types".into()));
            }
        }
    }
}

fn options_of(options: &Node, facts: &mut Facts<'_>) {
    for name in PATHS {
        if let Some(value) = options.get(name)
            && let Some(text) = value.text()
        {
            bind(
                Key::new("tsconfig", *name),
                text.into(),
                value.bytes.clone(),
                facts,
            );
        }
    }
    for name in LISTS {
        for item in options.get(name).map_or(&[][..], Node::items) {
            if let Some(text) = item.text() {
                bind(
                    Key::new("tsconfig", *name),
                    text.into(),
                    item.bytes.clone(),
                    facts,
                );
            }
        }
    }
    let paths = options.get("paths").map_or(&[][..], Node::entries);
    for entry in paths {
        for target in entry.value.items() {
            if let Some(text) = target.text() {
                let key = Key::new("jsalias", entry.key.as_str());
                bind(key, text.into(), target.bytes.clone(), facts);
            }
        }
    }
}

fn bind(key: Key, value: Template, bytes: Range<usize>, facts: &mut Facts<'_>) {
    declare(Claim::Binds { key, value }, bytes, facts);
}

fn declare(claim: Claim, bytes: Range<usize>, facts: &mut Facts<'_>) {
    facts.push(Subject::File, claim, bytes).certainty = Certainty::Declared;
}
