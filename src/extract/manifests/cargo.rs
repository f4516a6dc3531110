//! Which owner does the metadata of a Cargo package name?
//!
//! Cargo leaves `package.metadata` to other tools: <https://doc.rust-lang.org/cargo/reference/manifest.html#the-metadata-table>.
//! Ours is `package.metadata.twopizza.owner`; `owner` and `team` directly below `metadata` are habit.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::extract::owned::{Statements, is_sample, owner};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, OwnershipSource, Selector, SourceFile};

/// Reads `package.metadata` of `Cargo.toml`.
#[derive(Debug)]
pub(in crate::extract) struct Cargo;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("manifests/cargo"),
    summary: "Owners in the metadata of Cargo packages",
    globs: &["**/Cargo.toml"],
    markers: &["owner", "team"],
    languages: &[Language::Data],
    ownership: true,
};

/// Below `package.metadata`, the first that is there counts.
const PLACES: &[&[&str]] = &[&["twopizza", "owner"], &["owner"], &["team"]];

impl Extractor for Cargo {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        // What is wrong with the manifest is told by whoever reads its dependencies.
        let Ok(text) = file.text() else {
            return;
        };
        if is_sample(facts) || !text.contains("metadata") {
            return;
        }
        let (document, _) = DeTable::parse_recoverable(text);
        let found = PLACES.iter().find_map(|place| {
            let path = ["package", "metadata"].iter().chain(*place);
            at(document.get_ref(), path)
        });
        let Some(value) = found else {
            return;
        };
        let mut say = Statements::new(facts, OwnershipSource::Manifest);
        let items = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let names = items.iter().map(|item| item.get_ref().as_str());
        let names: Option<Vec<&str>> = names.collect();
        match names.filter(|names| names.iter().all(|name| !name.trim().is_empty())) {
            Some(names) => {
                let owners = names.into_iter().map(owner).collect();
                say.owns(Selector::Subtree, owners, value.span());
            }
            None => say.wrong(value.span(), "an owner must be a text, or a list of texts"),
        }
    }
}

fn at<'t, 'd>(
    table: &'t DeTable<'d>,
    mut path: impl Iterator<Item = &'t &'static str>,
) -> Option<&'t Spanned<DeValue<'d>>> {
    let mut value = table.get(*path.next()?)?;
    for key in path {
        value = value.get_ref().as_table()?.get(*key)?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::{facts, lines};

    #[test]
    fn the_owner_of_a_package() {
        let text = "[package]\nname = \"cart\"\n[package.metadata]\nteam = \"other\"\n[package.metadata.twopizza]\nowner = [\"cart\", \"@acme/pay\"]\n";
        expect![[r#"
            file owns subtree by manifest cart @acme/pay [declared]  @ "[\"cart\", \"@acme/pay\"]"
        "#]]
        .assert_eq(&lines(&Cargo, "cart/Cargo.toml", text));
        let text = "[package.metadata.release]\nowner = \"x\"\n";
        assert!(
            facts(&Cargo, "cart/Cargo.toml", text.as_bytes())
                .facts
                .is_empty()
        );
        let text = "[package.metadata]\nowner = 7\n";
        assert_eq!(
            facts(&Cargo, "cart/Cargo.toml", text.as_bytes())
                .problems
                .len(),
            1
        );
    }
}
