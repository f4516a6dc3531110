//! Which packages does a `packages.config` name, as projects of the old style have it beside them?
//!
//! Source: <https://learn.microsoft.com/nuget/reference/packages-config>

use roxmltree::{Document, Node};

use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Context, DependencyKind, ExtractorId, Facts, Key, Language, Parsed, SourceFile,
};

/// Reads `packages.config`.
#[derive(Debug)]
pub(in crate::extract) struct Packages;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("dotnet/packages"),
    summary: "NuGet packages of projects of the old style",
    globs: &["**/packages.config"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The most packages of one file.
const PACKAGES: usize = 4096;

impl Extractor for Packages {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let text = String::from_utf8_lossy(file.bytes);
        if text.trim().is_empty() {
            return;
        }
        let document = match Document::parse(&text) {
            Ok(document) => document,
            Err(error) => {
                facts.problem(0..0, format!("not read as XML: {error}"));
                facts.parsed(Parsed::Failed);
                return;
            }
        };
        facts.parsed(Parsed::Whole);
        let elements = document.root_element().children();
        for package in elements
            .filter(|element| element.has_tag_name("package"))
            .take(PACKAGES)
        {
            require(package, facts);
        }
    }
}

fn require(package: Node<'_, '_>, facts: &mut Facts<'_>) {
    let Some(id) = package.attribute_node("id") else {
        return;
    };
    let key = Key::at("dotnet", "registry:nuget", id.value());
    let fact = facts.requires(key, DependencyKind::LinkImpl, 1, id.range_value());
    fact.certainty = Certainty::Declared;
    fact.context = match package.attribute("developmentDependency") {
        Some("true") => Context::Build,
        _ => Context::Production,
    };
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn packages_are_required_from_the_registry() {
        let text = r#"<packages><package id="Dapper" version="1"/><package id="Lint" developmentDependency="true"/><package/></packages>"#;
        expect![[r#"
            here requires dotnet(registry:nuget)Dapper [link.impl] [declared]  @ "Dapper"
            here requires dotnet(registry:nuget)Lint [link.impl] [declared] [build]  @ "Lint"
        "#]]
        .assert_eq(&lines(&Packages, "src/packages.config", text));
        assert!(lines(&Packages, "packages.config", "<packages").starts_with('!'));
    }
}
