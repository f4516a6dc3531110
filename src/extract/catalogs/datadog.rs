//! What does a definition for Datadog's catalog say: which team owns the service, and where its code lies?
//!
//! Source: <https://github.com/DataDog/schema/tree/main/service-catalog>

use super::Place;
use crate::extract::owned::{Statements, glob, is_sample};
use crate::extract::tree::{Node, documents};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    ExtractorId, Facts, Language, Owner, OwnershipSource, Selector, SourceFile, Strength,
};

/// Reads `service.datadog.yaml` and `entity.datadog.yaml`.
#[derive(Debug)]
pub(in crate::extract) struct Datadog;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("catalogs/datadog"),
    summary: "Teams that definitions for Datadog name",
    globs: &["**/*.datadog.yaml", "**/*.datadog.yml"],
    markers: &[],
    languages: &[Language::Data],
    ownership: true,
};

impl Extractor for Datadog {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if is_sample(facts) {
            return;
        }
        let documents = documents(file, facts);
        let mut say = Statements::new(facts, OwnershipSource::Catalog);
        for document in &documents {
            // One file may have documents of several versions.
            if document.get("schema-version").is_some() {
                let named = document.get("team");
                let named = named.or_else(|| document.at(&["org", "team"]));
                if let Some(node) = named
                    && let Some(owner) = say.owner(node)
                {
                    say.owns(Selector::Subtree, vec![owner], node.bytes.clone());
                }
            } else if document.text_of("apiVersion").is_some() {
                entity(document, &mut say);
            }
        }
    }
}

/// An entity of version 3.
fn entity(entity: &Node, say: &mut Statements<'_, '_>) {
    let Some(node) = entity.at(&["metadata", "owner"]) else {
        return;
    };
    let others = entity.at(&["metadata", "additionalOwners"]);
    let others = others.map_or(&[][..], Node::items).iter();
    let others = others.filter_map(|other| other.get("name"));
    let owners: Vec<Owner> = [node]
        .into_iter()
        .chain(others)
        .filter_map(|node| say.owner(node))
        .collect();
    if owners.is_empty() {
        return;
    }
    let strength = match entity.text_of("kind") {
        Some("service") => Strength::Required,
        _ => Strength::Optional,
    };
    let locations = entity.at(&["datadog", "codeLocations"]);
    let mut told = false;
    for location in locations.map_or(&[][..], Node::items) {
        let place = location.text_of("repositoryURL").and_then(Place::parse);
        for path in location.get("paths").map_or(&[][..], Node::items) {
            let Some(text) = path.text() else {
                say.wrong(path.bytes.clone(), "a path must be a text");
                continue;
            };
            let mut what = glob("", text);
            if let (Selector::Paths { section, .. }, Some(place)) = (&mut what, &place) {
                *section = Some(format!("git:{}", place.repository).into());
            }
            told = true;
            say.owns_as(what, owners.clone(), strength, path.bytes.clone());
        }
    }
    if !told {
        say.owns_as(Selector::Subtree, owners, strength, node.bytes.clone());
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn versions_side_by_side() {
        let text = "schema-version: v2.1\ndd-service: cart\nteam: cart\n---\napiVersion: v3\nkind: service\nmetadata:\n  name: pay\n  owner: pay\n  additionalOwners:\n  - {name: ops, type: operator}\ndatadog:\n  codeLocations:\n  - repositoryURL: https://github.com/acme/shop.git\n    paths: ['services/pay/**']\n---\nother: 1\n---\nschema-version: v1\norg: {team: web}\n";
        expect![[r#"
            file owns glob:services/pay/** in [git:github.com/acme/shop] by catalog pay ops [declared]  @ "'services/pay/**'"
            file owns subtree by catalog cart [declared]  @ "cart"
            file owns subtree by catalog web [declared]  @ "web"
        "#]]
        .assert_eq(&lines(&Datadog, "service.datadog.yaml", text));
    }
}
