//! Which groups and users does a Backstage catalog describe?
//!
//! Source: <https://backstage.io/docs/features/software-catalog/descriptor-format#kind-group>

use super::documents::{documents, texts};
use super::{counts, person, team};
use crate::extract::tree::Node;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, Person, SourceFile, Team, TeamKind};

/// Reads the entities of the kinds Group and User.
#[derive(Debug)]
pub(in crate::extract) struct Backstage;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rosters/backstage"),
    summary: "Groups and users of Backstage catalogs",
    globs: &["**/*.{yaml,yml}", "**/catalog-info.json"],
    markers: &["backstage.io/"],
    languages: &[Language::Data],
    ownership: true,
};

/// Types of groups that are made of teams and do no work together themselves.
const DIVISIONS: &[&str] = &[
    "business-unit",
    "company",
    "department",
    "division",
    "organization",
    "product-area",
    "root",
    "tribe",
];

impl Extractor for Backstage {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if !counts(file, facts) || is_template(file) {
            return;
        }
        for document in documents(file, facts) {
            // Exports of the catalog's API are lists of entities.
            match document.items() {
                [] => read(&document, facts),
                items => items.iter().for_each(|entity| read(entity, facts)),
            }
        }
    }
}

/// Templates of new components are no YAML before somebody fills them in.
fn is_template(file: &SourceFile<'_>) -> bool {
    memchr::memmem::find(file.bytes, b"${{").is_some()
}

/// Whether an entity is a group or a user.
pub(super) fn is_entity(entity: &Node) -> bool {
    let version = entity.text_of("apiVersion");
    version.is_some_and(|version| version.starts_with("backstage.io/"))
        && matches!(kind(entity), Kind::Group | Kind::User)
}

enum Kind {
    Group,
    User,
    Other,
}

fn kind(entity: &Node) -> Kind {
    match entity.text_of("kind") {
        Some(kind) if kind.eq_ignore_ascii_case("group") => Kind::Group,
        Some(kind) if kind.eq_ignore_ascii_case("user") => Kind::User,
        _ => Kind::Other,
    }
}

fn read(entity: &Node, facts: &mut Facts<'_>) {
    if !is_entity(entity) {
        return;
    }
    let Some(name) = entity.at(&["metadata", "name"]) else {
        facts.problem(entity.bytes.clone(), "an entity without `metadata.name`");
        return;
    };
    let Some(text) = name.text() else {
        facts.problem(name.bytes.clone(), "`metadata.name` must be text");
        return;
    };
    let namespace = entity.at(&["metadata", "namespace"]).and_then(Node::text);
    let own = Names {
        namespace: namespace.unwrap_or(DEFAULT),
    };
    match kind(entity) {
        Kind::Group => {
            for (node, child) in texts(entity.at(&["spec", "children"])) {
                let child = Team {
                    parent: Some(own.reference(text)),
                    ..own.group(&own.reference(child))
                };
                team(facts, child, node.bytes.clone());
            }
            team(facts, group(entity, text, &own), name.bytes.clone());
        }
        Kind::User => person(facts, user(entity, text, &own), name.bytes.clone()),
        Kind::Other => {}
    }
}

/// The namespace of entities that name none.
const DEFAULT: &str = "default";

/// How entities of one namespace name others.
struct Names<'a> {
    namespace: &'a str,
}

impl Names<'_> {
    /// `[kind:][namespace/]name` as `name`, or `namespace/name` when that is not the default one.
    fn reference(&self, text: &str) -> String {
        let text = text.split_once(':').map_or(text, |(_, name)| name);
        match text.split_once('/') {
            Some((DEFAULT, name)) => name.to_owned(),
            Some(_) => text.to_owned(),
            None if self.namespace == DEFAULT => text.to_owned(),
            None => format!("{}/{text}", self.namespace),
        }
    }

    /// A group by its reference.
    fn group(&self, reference: &str) -> Team {
        let (org, id) = match reference.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, reference),
        };
        Team {
            id: id.to_owned(),
            org: org.map(str::to_owned),
            aliases: org.iter().map(|_| reference.to_owned()).collect(),
            ..Team::default()
        }
    }
}

fn group(entity: &Node, name: &str, own: &Names<'_>) -> Team {
    let spec = |key: &str| entity.at(&["spec", key]);
    let kind = spec("type").and_then(Node::text).unwrap_or_default();
    let members = texts(spec("members")).map(|(_, member)| own.reference(member));
    Team {
        name: profile(entity, "displayName").filter(|shown| shown != name),
        kind: match DIVISIONS.contains(&kind.to_lowercase().as_str()) {
            true => TeamKind::Marker,
            false => TeamKind::Work,
        },
        parent: spec("parent")
            .and_then(Node::text)
            .map(|parent| own.reference(parent)),
        members: spec("members").map(|_| members.collect()),
        ..own.group(&own.reference(name))
    }
}

fn user(entity: &Node, name: &str, own: &Names<'_>) -> Person {
    let groups = texts(entity.at(&["spec", "memberOf"]));
    Person {
        id: own.reference(name),
        name: profile(entity, "displayName"),
        aliases: profile(entity, "email").into_iter().collect(),
        teams: groups.map(|(_, group)| own.reference(group)).collect(),
        ..Person::default()
    }
}

fn profile(entity: &Node, key: &str) -> Option<String> {
    let text = entity.at(&["spec", "profile", key])?.text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn references_have_four_forms() {
        let own = |namespace| Names { namespace };
        for text in ["cart", "group:cart", "group:default/cart", "default/cart"] {
            assert_eq!(own(DEFAULT).reference(text), "cart");
        }
        assert_eq!(own("shop").reference("cart"), "shop/cart");
        assert_eq!(own("shop").reference("user:default/ada"), "ada");
    }

    #[test]
    fn other_kinds_and_templates_say_nothing() {
        let component =
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: cart}\n";
        assert_eq!(lines(&Backstage, "catalog-info.yaml", component), "");
        let template = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: ${{ values.name }}\n";
        assert_eq!(lines(&Backstage, "catalog-info.yaml", template), "");
    }
}
