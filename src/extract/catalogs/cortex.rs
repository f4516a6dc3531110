//! Who owns the entity that a descriptor of Cortex describes, and in which folder of which repository does it lie?
//!
//! Source: <https://docs.cortex.io/ingesting-data-into-cortex/entities-overview/entities/yaml>

use super::{Place, folder};
use crate::extract::owned::{Statements, is_sample};
use crate::extract::tree::{Node, documents};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    ExtractorId, Facts, Language, Owner, OwnershipSource, Selector, SourceFile, join,
};

/// Reads `cortex.yaml` and the files in `.cortex`.
#[derive(Debug)]
pub(in crate::extract) struct Cortex;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("catalogs/cortex"),
    summary: "Owners that descriptors of Cortex name",
    globs: &[
        "**/cortex.yaml",
        "**/cortex.yml",
        "**/.cortex/**/*.yaml",
        "**/.cortex/**/*.yml",
    ],
    markers: &["x-cortex-owners"],
    languages: &[Language::Data],
    ownership: true,
};

/// The hosts of `x-cortex-git`.
const HOSTS: &[(&str, &str)] = &[
    ("github", "github.com"),
    ("gitlab", "gitlab.com"),
    ("bitbucket", "bitbucket.org"),
    ("azure", "dev.azure.com"),
];

impl Extractor for Cortex {
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
            if let Some(info) = document.get("info") {
                entity(info, file, &mut say);
            }
        }
    }
}

fn entity(info: &Node, file: &SourceFile<'_>, say: &mut Statements<'_, '_>) {
    let kind = info.text_of("x-cortex-type").unwrap_or("service");
    let Some(node) = info.get("x-cortex-owners") else {
        return;
    };
    // Teams and domains have no code.
    if matches!(kind, "team" | "domain") {
        return;
    }
    let mut owners: Vec<Owner> = Vec::new();
    for item in node.items() {
        let named = match item.text_of("type") {
            Some("email") => item.get("email").or_else(|| item.get("name")),
            _ => item.get("name"),
        };
        match named {
            Some(named) => owners.extend(say.owner(named)),
            None => say.wrong(
                item.bytes.clone(),
                "an owner must have a `name` or an `email`",
            ),
        }
    }
    if !owners.is_empty() {
        say.owns(
            place(info, file),
            owners,
            node.bytes.start..node.bytes.start,
        );
    }
}

/// The folder that the descriptor names, else the one in which it lies.
fn place(info: &Node, file: &SourceFile<'_>) -> Selector {
    let git = info.get("x-cortex-git");
    let host = HOSTS
        .iter()
        .find_map(|(key, host)| Some((git?.get(key)?, *host)));
    let Some((git, host)) = host else {
        return Selector::Subtree;
    };
    let is_beside = file.path.file_name().starts_with("cortex.");
    let path = match git.text_of("basepath").and_then(|path| join("", path)) {
        Some(path) => path,
        None if is_beside => file.path.parent().to_owned(),
        None => String::new(),
    };
    match git.text_of("repository") {
        Some(repository) => Place {
            repository: format!("{host}/{repository}"),
            folder: path,
        }
        .selector(),
        None => folder(&path),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn entities_with_and_without_a_folder() {
        let head = "openapi: 3.0.1\ninfo:\n  title: Cart\n  x-cortex-tag: cart\n";
        let owners = "  x-cortex-owners:\n  - {type: group, name: acme/cart, provider: GITHUB}\n  - {type: email, email: ada@acme.example}\n";
        let git = "  x-cortex-git:\n    github:\n      repository: acme/shop\n      basepath: services/cart\n";
        expect![[r#"
            file owns folder(git:github.com/acme/shop)services/cart by catalog acme/cart ada@acme.example [declared]  @ ""
        "#]]
        .assert_eq(&lines(&Cortex, ".cortex/catalog/cart.yaml", format!("{head}{git}{owners}")));
        expect![[r#"
            file owns subtree by catalog acme/cart ada@acme.example [declared]  @ ""
        "#]]
        .assert_eq(&lines(
            &Cortex,
            "services/cart/cortex.yaml",
            format!("{head}{owners}"),
        ));
        let team = format!("{head}  x-cortex-type: team\n{owners}");
        assert_eq!(lines(&Cortex, "cortex.yaml", team), "");
    }
}
