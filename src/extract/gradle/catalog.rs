//! What do the names of a catalogue of versions mean: `gradle/libs.versions.toml`?
//!
//! Source: <https://docs.gradle.org/current/userguide/version_catalogs.html>

use toml::de::{DeTable, DeValue};

use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{
    Certainty, Claim, DependencyKind, ExtractorId, Facts, Key, Language, Parsed, SourceFile,
    Subject, Template, parent,
};

/// Reads catalogues.
#[derive(Debug)]
pub(in crate::extract) struct Catalog;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("gradle/catalog"),
    summary: "Libraries and bundles of Gradle's catalogues of versions",
    globs: &["**/*.versions.toml"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Catalog {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        let (document, errors) = DeTable::parse_recoverable(text);
        facts.parsed(if errors.is_empty() {
            Parsed::Whole
        } else {
            Parsed::Partly
        });
        if let Some(error) = errors.first() {
            let message = error.message().replace('\n', "; ");
            facts.problem(error.span().unwrap_or(0..0), message);
        }
        let name = file.path.file_name();
        let name = name.strip_suffix(".versions.toml").unwrap_or(name);
        // A catalogue in the folder `gradle` is that of the build around it.
        let folder = file.path.parent();
        let build = match folder == "gradle" || folder.ends_with("/gradle") {
            true => parent(folder),
            false => folder,
        };
        let mut reader = Reader { name, build, facts };
        let document = document.get_ref();
        reader.libraries(document);
        reader.bundles(document);
    }
}

struct Reader<'a, 'f> {
    name: &'a str,
    build: &'a str,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_> {
    fn libraries(&mut self, document: &DeTable<'_>) {
        for (alias, value) in section(document, "libraries").into_iter().flatten() {
            let Some(name) = coordinates(value.get_ref()) else {
                continue;
            };
            let claim = Claim::Binds {
                key: Key::new("gradle-catalog", self.accessor(alias.get_ref())),
                value: Key::new("maven", name).into(),
            };
            let subject = Subject::Named(Key::new("path", self.build));
            let fact = self.facts.push(subject, claim, alias.span());
            fact.certainty = Certainty::Declared;
        }
    }

    /// A bundle requires what is in it; who names it takes that over.
    fn bundles(&mut self, document: &DeTable<'_>) {
        for (alias, value) in section(document, "bundles").into_iter().flatten() {
            let bundle = Key::at(
                "gradle-bundle",
                in_build(self.build),
                self.accessor(alias.get_ref()),
            );
            for entry in value.get_ref().as_array().into_iter().flatten() {
                let Some(library) = entry.get_ref().as_str() else {
                    continue;
                };
                let claim = Claim::Requires {
                    key: Key::new("gradle-catalog", self.accessor(library)),
                    kind: DependencyKind::LinkImpl,
                    access: Default::default(),
                    count: 1,
                };
                let subject = Subject::Named(bundle.clone());
                let fact = self.facts.push(subject, claim, entry.span());
                fact.certainty = Certainty::Declared;
            }
        }
    }

    /// `libs.foo.bar` for `foo-bar`.
    fn accessor(&self, alias: &str) -> String {
        format!("{}.{}", self.name, alias.replace(['-', '_'], "."))
    }
}

/// The place of a build as its scripts write it: with `/` behind its folder.
fn in_build(folder: &str) -> String {
    match folder {
        "" => "path:".to_owned(),
        folder => format!("path:{folder}/"),
    }
}

fn section<'d>(document: &'d DeTable<'_>, name: &str) -> Option<&'d DeTable<'d>> {
    document.get(name)?.get_ref().as_table()
}

/// `group:name` of a library, in any of its three forms.
fn coordinates(value: &DeValue<'_>) -> Option<Template> {
    let name = match value {
        DeValue::String(text) => text.splitn(3, ':').take(2).collect::<Vec<_>>().join(":"),
        DeValue::Table(table) => {
            let text = |key: &str| table.get(key).and_then(|value| value.get_ref().as_str());
            match (text("module"), text("group"), text("name")) {
                (Some(module), ..) => module.to_owned(),
                (None, Some(group), Some(name)) => format!("{group}:{name}"),
                _ => return None,
            }
        }
        _ => return None,
    };
    name.contains(':').then(|| name.into())
}
