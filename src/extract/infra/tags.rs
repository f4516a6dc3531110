//! Which team do the tags of the resources in a Terraform file name?
//!
//! Tags are free: <https://developer.hashicorp.com/terraform/language/block/provider>; `Team` and `Owner` are habit.

use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Body, Structure};

use super::terraform::body;
use crate::extract::owned::{Statements, is_sample, owner};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, OwnershipSource, Selector, SourceFile, Strength};

/// Reads `tags`, `labels` and `default_tags`.
#[derive(Debug)]
pub(in crate::extract) struct Tags;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("infra/tags"),
    summary: "Teams that tags of Terraform's resources name",
    globs: &["**/*.{tf,tofu}"],
    markers: &["team", "Team", "TEAM", "owner", "Owner", "OWNER"],
    languages: &[Language::Data],
    ownership: true,
};

/// The attributes that hold tags.
const ATTRIBUTES: &[&str] = &["tags", "labels"];

impl Extractor for Tags {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let has_tags = ATTRIBUTES
            .iter()
            .any(|name| crate::extract::owned::mentions(file, name));
        if !has_tags || is_sample(facts) {
            return;
        }
        let Some(body) = body(file, facts) else {
            return;
        };
        let mut found = Vec::new();
        blocks(&body, 0, &mut found);
        let Some(((name, bytes), others)) = found.split_first() else {
            return;
        };
        if others.iter().all(|(other, _)| other == name) {
            let mut say = Statements::new(facts, OwnershipSource::Label);
            say.owns_as(
                Selector::File,
                vec![owner(name)],
                Strength::Contact,
                bytes.clone(),
            );
        }
    }
}

type Named = (String, std::ops::Range<usize>);

/// The teams that the tags of blocks name: those of resources, and of `default_tags` in providers.
fn blocks(body: &Body, depth: usize, found: &mut Vec<Named>) {
    for structure in body {
        match structure {
            Structure::Attribute(attribute)
                if depth > 0 && ATTRIBUTES.contains(&attribute.key.as_str()) =>
            {
                found.extend(tags(&attribute.value));
            }
            Structure::Block(block) if depth == 0 || block.has_ident("default_tags") => {
                let is_tagged = ["resource", "module", "provider", "default_tags"];
                if is_tagged.iter().any(|ident| block.has_ident(ident)) {
                    blocks(&block.body, depth + 1, found);
                }
            }
            _ => {}
        }
    }
}

/// The team that a map of tags names, also where maps are merged.
fn tags(value: &Expression) -> Option<Named> {
    match value {
        Expression::Object(object) => ["team", "owner"].iter().find_map(|wanted| {
            object.iter().find_map(|(key, value)| {
                let key = match key {
                    ObjectKey::Ident(ident) => ident.as_str(),
                    ObjectKey::Expression(Expression::String(text)) => text.as_str(),
                    ObjectKey::Expression(Expression::Variable(name)) => name.as_str(),
                    ObjectKey::Expression(_) => return None,
                };
                let Expression::String(text) = value.expr() else {
                    return None;
                };
                let name = text.as_str();
                (key.eq_ignore_ascii_case(wanted) && !name.trim().is_empty())
                    .then(|| (name.to_owned(), value.expr().span().unwrap_or(0..0)))
            })
        }),
        Expression::FuncCall(call) if call.name.name.as_str() == "merge" => {
            // The last map wins.
            let maps = call
                .args
                .iter()
                .filter(|argument| matches!(argument, Expression::Object(_)));
            maps.filter_map(tags).last()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn all_tags_have_to_agree() {
        let check = |text: &str| lines(&Tags, "live/main.tf", text);
        expect![[r#"
            file owns file by label cart [contact] [declared]  @ "\"cart\""
        "#]]
        .assert_eq(&check("provider \"aws\" {\n  default_tags {\n    tags = {\n      Team = \"cart\"\n    }\n  }\n}\nresource \"a\" \"b\" {\n  tags = merge(local.tags, { \"team\" = \"cart\", Name = \"x\" })\n}\n"));
        assert_eq!(
            check(
                "resource \"a\" \"b\" {\n  tags = { Team = \"cart\" }\n}\nresource \"a\" \"c\" {\n  labels = { owner = \"pay\" }\n}\n"
            ),
            ""
        );
        assert_eq!(
            check(
                "locals {\n  tags = { Team = \"cart\" }\n}\nresource \"a\" \"b\" {\n  tags = { Team = var.team }\n}\n"
            ),
            ""
        );
    }
}
