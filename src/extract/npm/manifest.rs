//! What does a `package.json` say: a package, what it depends on, and what it offers under which name?
//!
//! Sources: <https://docs.npmjs.com/cli/v11/configuring-npm/package-json>,
//! <https://nodejs.org/api/packages.html#package-entry-points>

use std::ops::Range;

use super::programs;
use super::specifier::Specifier;
use super::workspace;
use crate::extract::tree::{self, Entry, Node, Value};
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{
    Certainty, Claim, ComponentKind, Condition, Context, DependencyKind, ExtractorId, Fact, Facts,
    Key, Language, Offer, Parsed, SourceFile, Subject, Template,
};

/// Reads `package.json`.
#[derive(Debug)]
pub(in crate::extract) struct Manifest;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("npm/manifest"),
    summary: "npm packages, their dependencies, entries and workspaces",
    globs: &["**/package.json"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The sections that hold dependencies, with the context of what they name.
///
/// What a bundler takes in often stands among those for development: code that imports it decides.
const SECTIONS: &[(&str, Context)] = &[
    ("dependencies", Context::Production),
    ("optionalDependencies", Context::Production),
    ("peerDependencies", Context::Production),
    ("devDependencies", Context::Development),
];

/// Fields that name a file which stands for the package.
const ENTRIES: &[&str] = &["version", "types", "typings", "module", "main", "source"];

/// The most targets of `exports` and `imports`, and how deep their conditions nest.
const TARGETS: usize = 4096;
const CONDITIONS: usize = 8;

impl Extractor for Manifest {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(manifest) = document(file, facts) else {
            return;
        };
        let mut reader = Reader {
            folder: file.path.parent(),
            facts,
            targets: 0,
        };
        reader.package(&manifest);
        reader.entries(&manifest);
        reader.dependencies(&manifest);
        reader.workspace(&manifest);
    }
}

/// The map that a JSON file holds; anything else is told.
pub(super) fn document(file: &SourceFile<'_>, facts: &mut Facts<'_>) -> Option<Node> {
    let wrong = match tree::json(utf8::text(file, facts)?) {
        Ok(Some(node)) if matches!(node.value, Value::Map(_)) => {
            facts.parsed(Parsed::Whole);
            return Some(node);
        }
        Ok(Some(node)) => tree::Wrong {
            bytes: node.bytes,
            message: "must be an object".to_owned(),
        },
        Ok(None) => return None,
        Err(wrong) => wrong,
    };
    facts.problem(wrong.bytes, wrong.message);
    facts.parsed(Parsed::Failed);
    None
}

struct Reader<'a, 'f> {
    folder: &'a str,
    facts: &'a mut Facts<'f>,
    targets: usize,
}

impl Reader<'_, '_> {
    /// A manifest without a name, such as one that only sets the type of modules, makes no component.
    fn package(&mut self, manifest: &Node) {
        let Some(node) = manifest.get("name") else {
            return;
        };
        let Some(name) = node.text().filter(|name| is_package_name(name)) else {
            let shown = node.text().unwrap_or("this");
            let message = format!("`{shown}` is not the name of a package");
            self.facts.problem(node.bytes.clone(), message);
            self.facts.parsed(Parsed::Partly);
            return;
        };
        let bytes = node.bytes.clone();
        if self.is_component(manifest) {
            let claim = Claim::Component {
                kind: ComponentKind::Library,
                name: Some(name.into()),
            };
            self.declare(Subject::Here, claim, bytes.clone());
        }
        let place = format!("path:{}", self.folder);
        self.provide(Key::at("npm", place, name), bytes);
        let program = programs::application(manifest);
        if program.is_none()
            && let Some(entry) = ["exports", "module", "main", "types", "typings"]
                .iter()
                .find_map(|key| manifest.entry(key))
        {
            self.provide(Key::new("trait", "library"), entry.key_bytes.clone());
        }
        for (program, bytes) in programs::names(manifest, name) {
            self.provide(Key::new("program", program), bytes);
        }
        let bin = || manifest.entry("bin").map(|entry| entry.key_bytes.clone());
        if let Some(bytes) = program.or_else(bin) {
            self.provide(Key::new("trait", "entry-point"), bytes);
        }
    }

    /// Whether the package is a thing of its own.
    ///
    /// What only keeps a workspace or the tools of a repository together is none: else all that lies below it, in
    /// whatever language, would be its code. Nor are copies for tests to work on.
    fn is_component(&self, manifest: &Node) -> bool {
        let has = |key: &str| manifest.get(key).is_some();
        let offers = ["bin", "exports", "main", "module", "types"]
            .iter()
            .any(|key| has(key));
        let is_private = manifest.text_of("private") == Some("true");
        let keeps_together = has("workspaces") || self.folder.is_empty() && !has("dependencies");
        if is_private && !offers && keeps_together {
            return programs::application(manifest).is_some();
        }
        !self.folder.split('/').any(|folder| {
            matches!(
                folder,
                "fixtures" | "__fixtures__" | "testdata" | "test-data" | "node_modules"
            )
        })
    }

    /// The files that stand for the package, and its maps of names.
    fn entries(&mut self, manifest: &Node) {
        for field in ENTRIES {
            if let Some(node) = manifest.get(field)
                && let Some(text) = node.text().filter(|text| !text.is_empty())
            {
                let key = Key::new("npmfield", *field);
                self.bind(Subject::File, key, text.into(), node.bytes.clone());
            }
        }
        if let Some(exports) = manifest.get("exports") {
            let is_map_of_names = exports
                .entries()
                .first()
                .is_some_and(|entry| entry.key.starts_with('.'));
            if is_map_of_names {
                self.names("npmexport", exports);
            } else {
                self.target("npmexport", ".", exports, &mut Vec::new());
            }
        }
        if let Some(imports) = manifest.get("imports") {
            self.names("npmimport", imports);
        }
    }

    fn names(&mut self, namespace: &'static str, map: &Node) {
        for entry in map.entries() {
            self.target(namespace, &entry.key, &entry.value, &mut Vec::new());
        }
    }

    /// What a name leads to: a path, nothing, the first of a list, or what the first condition that holds says.
    fn target(
        &mut self,
        namespace: &'static str,
        name: &str,
        node: &Node,
        when: &mut Vec<Condition>,
    ) {
        if when.len() > CONDITIONS || self.targets > TARGETS {
            return;
        }
        match &node.value {
            Value::Map(entries) => {
                for Entry { key, value, .. } in entries {
                    when.push(Condition::Variant(key.as_str().into()));
                    self.target(namespace, name, value, when);
                    when.pop();
                }
            }
            Value::List(items) => {
                for item in items {
                    // Lists in lists are no targets.
                    if !matches!(item.value, Value::List(_)) {
                        self.target(namespace, name, item, when);
                    }
                }
            }
            Value::Null | Value::Scalar { .. } => {
                self.targets += 1;
                if self.targets > TARGETS {
                    let message = format!("more than {TARGETS} targets; the rest is not read");
                    self.facts.problem(node.bytes.clone(), message);
                    self.facts.parsed(Parsed::Partly);
                    return;
                }
                let value = Template::text(node.text().unwrap_or_default());
                let key = Key::new(namespace, name);
                let fact = self.bind(Subject::File, key, value, node.bytes.clone());
                fact.when.clone_from(when);
            }
        }
    }

    fn dependencies(&mut self, manifest: &Node) {
        for (section, context) in SECTIONS {
            let Some(entries) = manifest.get(section) else {
                continue;
            };
            for entry in entries.entries() {
                let Some(value) = entry.value.text() else {
                    let message = format!("the value of `{}` must be text", entry.key);
                    self.facts.problem(entry.value.bytes.clone(), message);
                    self.facts.parsed(Parsed::Partly);
                    continue;
                };
                let optional = *section == "optionalDependencies"
                    || *section == "peerDependencies" && is_optional_peer(manifest, &entry.key);
                self.dependency(entry, value, *context, optional);
            }
        }
    }

    fn dependency(&mut self, entry: &Entry, value: &str, context: Context, optional: bool) {
        let Specifier { place, name } = Specifier::read(&entry.key, value, self.folder);
        let bytes = entry.key_bytes.start..entry.value.bytes.end;
        let package = Key::at("npm", place, name);
        if name != entry.key {
            let key = Key::new("npmname", entry.key.as_str());
            self.bind(Subject::File, key, package.clone().into(), bytes.clone());
        }
        let claim = Claim::Requires {
            key: package,
            kind: DependencyKind::LinkImpl,
            access: Default::default(),
            count: 1,
        };
        let fact = self.declare(Subject::Here, claim, bytes);
        // The section alone: what the manifest's own path tells joins when resolving.
        fact.context = context;
        if optional {
            fact.when.push(Condition::Variant("optional".into()));
        }
    }

    fn workspace(&mut self, manifest: &Node) {
        let Some(entry) = manifest.entry("workspaces") else {
            return;
        };
        // yarn of old puts the list one level deeper.
        let list = entry.value.get("packages").unwrap_or(&entry.value);
        workspace::members(list, entry.key_bytes.clone(), self.facts);
        // bun and yarn keep catalogs here.
        workspace::catalogs(&entry.value, self.folder, self.facts);
    }

    fn provide(&mut self, key: Key, bytes: Range<usize>) {
        let how = Offer::Implements;
        self.declare(Subject::Here, Claim::Provides { key, how }, bytes);
    }

    fn bind(
        &mut self,
        subject: Subject,
        key: Key,
        value: Template,
        bytes: Range<usize>,
    ) -> &mut Fact {
        self.declare(subject, Claim::Binds { key, value }, bytes)
    }

    fn declare(&mut self, subject: Subject, claim: Claim, bytes: Range<usize>) -> &mut Fact {
        let fact = self.facts.push(subject, claim, bytes);
        fact.certainty = Certainty::Declared;
        fact
    }
}

/// Whether a package that the user brings may be missing.
fn is_optional_peer(manifest: &Node, name: &str) -> bool {
    let meta = manifest.at(&["peerDependenciesMeta", name, "optional"]);
    meta.and_then(Node::text) == Some("true")
}

/// What a registry could take: a template's placeholder is none.
fn is_package_name(name: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| {
                c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '!' | '\'' | '*')
            })
    };
    match name.strip_prefix('@') {
        Some(scoped) => scoped
            .split_once('/')
            .is_some_and(|(scope, name)| plain(scope) && plain(name)),
        None => plain(name),
    }
}
