//! What does a descriptor of Backstage say: who owns the components, APIs, resources and systems of a folder?
//!
//! Sources: <https://backstage.io/docs/features/software-catalog/descriptor-format>,
//! <https://backstage.io/docs/features/software-catalog/references>,
//! <https://backstage.io/docs/features/software-catalog/well-known-annotations>

use super::{Place, folder};
use crate::extract::owned::{Statements, is_sample, mentions};
use crate::extract::tree::{Node, Value, documents};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, ExtractorId, Facts, Key, Language, Owner, OwnerForm, OwnershipSource,
    Selector, SourceFile, Strength, Subject, join,
};

/// Reads entities with an owner, and which files a location adds.
#[derive(Debug)]
pub(in crate::extract) struct Backstage;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("catalogs/backstage"),
    summary: "Owners of the entities in descriptors of Backstage",
    globs: &["**/*.yaml", "**/*.yml"],
    markers: &["backstage.io/v1"],
    languages: &[Language::Data],
    ownership: true,
};

/// The kinds that have an owner; a component decides before what it offers or belongs to.
const KINDS: &[(&str, Strength)] = &[
    ("Component", Strength::Required),
    ("API", Strength::Optional),
    ("Resource", Strength::Optional),
    ("System", Strength::Optional),
];

/// The annotations that name the repository alone, by host.
const SLUGS: &[(&str, &str)] = &[
    ("github.com/project-slug", "github.com"),
    ("gitlab.com/project-slug", "gitlab.com"),
    ("bitbucket.org/project-slug", "bitbucket.org"),
];

impl Extractor for Backstage {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        // Beside an API version, the marker may stand in prose.
        if is_sample(facts) || !mentions(file, "apiVersion") {
            return;
        }
        let documents = documents(file, facts);
        let mut reader = Reader {
            path: &file.path.path,
            folder: file.path.parent(),
            say: Statements::new(facts, OwnershipSource::Catalog),
        };
        for document in &documents {
            let version = document.text_of("apiVersion").unwrap_or_default();
            if version.starts_with("backstage.io/") {
                reader.entity(document);
            }
        }
    }
}

struct Reader<'a, 'f> {
    path: &'a str,
    folder: &'a str,
    say: Statements<'a, 'f>,
}

impl Reader<'_, '_> {
    fn entity(&mut self, entity: &Node) {
        let kind = entity.text_of("kind").unwrap_or_default();
        if kind.eq_ignore_ascii_case("Location") {
            self.location(entity);
            return;
        }
        let known = KINDS
            .iter()
            .find(|(name, _)| kind.eq_ignore_ascii_case(name));
        let (Some((_, strength)), Some(node)) = (known, entity.at(&["spec", "owner"])) else {
            return;
        };
        let namespace = entity.at(&["metadata", "namespace"]).and_then(Node::text);
        let Some(owner) = self.owner(node, namespace.unwrap_or("default")) else {
            return;
        };
        let what = self.place(entity);
        let bytes = node.bytes.clone();
        self.say.owns_as(what, vec![owner], *strength, bytes);
    }

    /// `[kind:][namespace/]name`, a group unless it says otherwise.
    fn owner(&mut self, node: &Node, own: &str) -> Option<Owner> {
        let owner = self.say.owner(node)?;
        if matches!(owner.form, OwnerForm::Email | OwnerForm::UserHandle)
            || owner.text.starts_with('@')
        {
            // No reference, but nothing else can be meant.
            return Some(owner);
        }
        let text: &str = &owner.text;
        let (kind, rest) = text.split_once(':').unwrap_or(("group", text));
        let (namespace, name) = rest.split_once('/').unwrap_or((own, rest));
        let form = match kind.to_ascii_lowercase().as_str() {
            "group" => OwnerForm::Group,
            "user" => OwnerForm::Login,
            _ => {
                let message = format!("`{text}` is no owner: write group:NAME or user:NAME");
                self.say.wrong(node.bytes.clone(), message);
                return None;
            }
        };
        let is_name = |text: &str| !text.is_empty() && !text.contains([':', '/']);
        if !is_name(name) || !is_name(namespace) {
            let message = format!("`{text}` is no owner: a reference is [kind:][namespace/]name");
            self.say.wrong(node.bytes.clone(), message);
            return None;
        }
        let text = match namespace.eq_ignore_ascii_case("default") {
            true => name.to_owned(),
            false => format!("{namespace}/{name}"),
        };
        Some(Owner {
            text: text.into(),
            form,
        })
    }

    /// Where the entity's source lies: as annotations tell, else around its descriptor.
    fn place(&mut self, entity: &Node) -> Selector {
        let annotations = entity.at(&["metadata", "annotations"]);
        let text = |key: &str| annotations.and_then(|map| map.text_of(key));
        let source = text("backstage.io/source-location");
        let source = source.or_else(|| text("backstage.io/managed-by-location"));
        if let Some((kind, target)) = source.and_then(|source| source.split_once(':')) {
            let found = match kind {
                "url" => Place::parse(target).map(|place| place.selector()),
                "dir" => join(self.folder, target).map(|path| folder(&path)),
                _ => None,
            };
            if let Some(found) = found {
                return found;
            }
        }
        if !is_descriptor(self.path) {
            // A file that a location adds lies wherever catalogs are kept.
            return Selector::File;
        }
        let slug = SLUGS
            .iter()
            .find_map(|(key, host)| Some((text(key)?, *host)));
        match slug {
            Some((slug, host)) if slug.contains('/') => Place {
                repository: format!("{host}/{slug}"),
                folder: self.folder.to_owned(),
            }
            .selector(),
            _ => Selector::Subtree,
        }
    }

    /// The files of the repository that a location adds to the catalog.
    fn location(&mut self, entity: &Node) {
        let spec = entity.get("spec");
        let list = spec.and_then(|spec| spec.get("targets"));
        let one = spec.and_then(|spec| spec.get("target"));
        for target in list.map_or(&[][..], Node::items).iter().chain(one) {
            let Some(text) = target.text() else {
                if target.value != Value::Null {
                    self.say
                        .wrong(target.bytes.clone(), "a target must be a text");
                }
                continue;
            };
            if text.contains("://") {
                continue;
            }
            let Some(path) = join(self.folder, text) else {
                self.say
                    .wrong(target.bytes.clone(), "leaves the repository");
                continue;
            };
            let claim = Claim::Binds {
                key: Key::new("backstage-target", path),
                value: "catalog".into(),
            };
            let fact = self
                .say
                .facts
                .push(Subject::File, claim, target.bytes.clone());
            fact.certainty = Certainty::Declared;
        }
    }
}

/// Whether a file is a descriptor by its name, which lies with what it describes.
fn is_descriptor(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name
        .strip_suffix(".yaml")
        .or_else(|| name.strip_suffix(".yml"));
    stem.is_some_and(|stem| {
        stem.strip_suffix("catalog-info")
            .is_some_and(|before| before.is_empty() || before.ends_with(['.', '-', '_']))
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::{facts, lines};

    const HEAD: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\n";

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Backstage, path, text));
    }

    #[test]
    fn references_in_every_form() {
        let owners = [
            "cart",
            "group:cart",
            "Group:default/cart",
            "user:ada",
            "group:shop/cart",
        ];
        let text: String = owners
            .iter()
            .map(|owner| format!("{HEAD}spec: {{owner: '{owner}'}}\n---\n"))
            .collect();
        check(
            "services/cart/catalog-info.yaml",
            &text,
            expect![[r#"
                file owns subtree by catalog ada [declared]  @ "'user:ada'"
                file owns subtree by catalog cart [declared]  @ "'Group:default/cart'"
                file owns subtree by catalog cart [declared]  @ "'cart'"
                file owns subtree by catalog cart [declared]  @ "'group:cart'"
                file owns subtree by catalog shop/cart [declared]  @ "'group:shop/cart'"
            "#]],
        );
    }

    #[test]
    fn annotations_tell_where_the_source_lies() {
        let entity = |annotation: &str| {
            format!(
                "{HEAD}metadata:\n  annotations: {{{annotation}}}\nspec: {{owner: cart}}\n---\n"
            )
        };
        let text = entity(
            "backstage.io/source-location: 'url:https://github.com/acme/shop/tree/main/services/cart/'",
        ) + &entity("backstage.io/source-location: 'dir:./api'")
            + &entity("github.com/project-slug: acme/shop");
        check(
            "services/catalog-info.yaml",
            &text,
            expect![[r#"
                file owns folder(git:github.com/acme/shop)services by catalog cart [declared]  @ "cart"
                file owns folder(git:github.com/acme/shop)services/cart by catalog cart [declared]  @ "cart"
                file owns folder:services/api by catalog cart [declared]  @ "cart"
            "#]],
        );
    }

    #[test]
    fn locations_add_files_which_own_themselves() {
        check(
            "catalog/all.yaml",
            "apiVersion: backstage.io/v1alpha1\nkind: Location\nspec:\n  targets: [./a.yaml, 'https://acme.example/b.yaml', ../../x]\n",
            expect![[r#"
                ! leaves the repository  @ "../../x"
                file binds backstage-target:catalog/a.yaml = catalog [declared]  @ "./a.yaml"
            "#]],
        );
        check(
            "catalog/a.yaml",
            &format!(
                "{HEAD}spec: {{owner: cart}}\n---\napiVersion: backstage.io/v1beta1\nkind: API\nspec: {{owner: pay}}\n---\napiVersion: v1\nkind: Service\n"
            ),
            expect![[r#"
                file owns file by catalog cart [declared]  @ "cart"
                file owns file by catalog pay [optional] [declared]  @ "pay"
            "#]],
        );
    }

    #[test]
    fn what_is_no_reference_is_told() {
        let text = format!(
            "{HEAD}spec: {{owner: 'component:x'}}\n---\n{HEAD}spec: {{owner: '${{{{ values.owner }}}}'}}\n---\n{HEAD}spec: {{owner: [a]}}\n---\n{HEAD}spec: {{owner: 'a/b/c'}}\n"
        );
        check(
            "catalog-info.yaml",
            &text,
            expect![[r#"
                ! `${{ values.owner }}` is no owner: it is a template that nothing fills in here  @ "'${{ values.owner }}'"
                ! `a/b/c` is no owner: a reference is [kind:][namespace/]name  @ "'a/b/c'"
                ! `component:x` is no owner: write group:NAME or user:NAME  @ "'component:x'"
                ! an owner must be a text  @ "[a]"
            "#]],
        );
        assert!(
            facts(&Backstage, "a.yaml", b"# backstage.io/v1\na: 1\n")
                .facts
                .is_empty()
        );
    }
}
