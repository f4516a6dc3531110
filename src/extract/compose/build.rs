//! Which Dockerfiles does a compose file build, and with which contexts?
//!
//! Source: <https://github.com/compose-spec/compose-spec/blob/main/build.md>

use std::ops::Range;

use crate::extract::tree::{self, Node, Value};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, ExtractorId, Facts, Key, Language, Parsed, SourceFile, Subject, Template,
    join,
};

/// Reads `build` in compose files.
#[derive(Debug)]
pub(in crate::extract) struct Build;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("compose/build"),
    summary: "Contexts with which compose files build images",
    globs: &["**/*compose*.{yml,yaml}"],
    markers: &["build"],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Build {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let text = match file.text() {
            Ok(text) => text,
            Err(offset) => {
                facts.problem(offset..offset + 1, "not UTF-8");
                facts.parsed(Parsed::Failed);
                return;
            }
        };
        let (documents, wrong) = tree::yaml(text);
        facts.parsed(Parsed::Whole);
        for wrong in wrong {
            facts.problem(wrong.bytes, wrong.message);
            facts.parsed(Parsed::Partly);
        }
        let mut reader = Reader {
            folder: file.path.parent(),
            facts,
        };
        let services = documents
            .iter()
            .filter_map(|document| document.get("services"));
        for service in services.flat_map(Node::entries) {
            reader.service(&service.value);
        }
    }
}

struct Reader<'a, 'f> {
    folder: &'a str,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_> {
    fn service(&mut self, service: &Node) {
        let Some(build) = service.get("build") else {
            return;
        };
        let text = |node: Option<&Node>, default: &str| match node {
            None => Some(default.to_owned()),
            Some(node) => node.text().and_then(with_defaults),
        };
        let context = match &build.value {
            Value::Map(_) => text(build.get("context"), "."),
            _ => text(Some(build), "."),
        };
        let Some(context) = context.filter(|context| !is_remote(context)) else {
            return;
        };
        let Some(context) = join(self.folder, &context) else {
            return;
        };
        let span = build.get("context").unwrap_or(build).bytes.clone();
        if let Some(image) = service.text_of("image").and_then(with_defaults) {
            let claim = Claim::Runs {
                what: Key::new("path", context.as_str()),
                entry: None,
            };
            let subject = Subject::Named(Key::new("image", image));
            self.facts.push(subject, claim, span.clone()).certainty = Certainty::Declared;
        }
        if build.get("dockerfile_inline").is_some() {
            return;
        }
        let dockerfile = text(build.get("dockerfile"), "Dockerfile");
        let Some(dockerfile) = dockerfile.and_then(|path| join(&context, &path)) else {
            return;
        };
        self.bind(
            Key::new("docker-context", dockerfile.as_str()),
            &context,
            span,
        );
        for (name, path, span) in additional(build) {
            if let Some(path) = with_defaults(path).filter(|path| !is_remote(path))
                && let Some(path) = join(self.folder, &path)
            {
                let key = Key::at("docker-context", name.to_lowercase(), dockerfile.as_str());
                self.bind(key, &path, span);
            }
        }
    }

    fn bind(&mut self, key: Key, folder: &str, span: Range<usize>) {
        let value = Template::text(format!("path:{folder}"));
        let claim = Claim::Binds { key, value };
        self.facts.push(Subject::Here, claim, span).certainty = Certainty::Declared;
    }
}

/// `additional_contexts`, a map or a list of `name=path`.
fn additional(build: &Node) -> Vec<(&str, &str, Range<usize>)> {
    let Some(contexts) = build.get("additional_contexts") else {
        return Vec::new();
    };
    let entries = contexts.entries().iter().filter_map(|entry| {
        let path = entry.value.text()?;
        Some((&*entry.key, path, entry.value.bytes.clone()))
    });
    let items = contexts.items().iter().filter_map(|item| {
        let (name, path) = item.text()?.split_once('=')?;
        Some((name, path, item.bytes.clone()))
    });
    entries.chain(items).collect()
}

/// Addresses, images and other services: no folder of the tree.
fn is_remote(context: &str) -> bool {
    context.contains(':') || context.starts_with("git@")
}

/// A text with `${NAME:-default}` replaced; `None` when a variable has no default.
fn with_defaults(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let inner = rest[at + 1..].strip_prefix('{')?;
        let end = inner.find('}')?;
        let (_, default) = inner[..end].split_once('-')?;
        out.push_str(default);
        rest = &inner[end + 1..];
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Build, path, text));
    }

    #[test]
    fn contexts_of_services() {
        check(
            "deploy/compose.yaml",
            "x-build: &b
  context: ..
services:
  cart:
    image: acme/cart:${TAG:-latest}
    build: ../services/cart
  till:
    build:
      <<: *b
      dockerfile: services/till/Dockerfile
      additional_contexts:
        shared: ../libs/shared
        base: docker-image://alpine
  stock:
    build:
      context: ${ROOT:-..}
      additional_contexts:
        - Tools=./tools
  far: {build: https://github.com/acme/far.git}
  unknown: {build: $WHERE}
  out: {build: ../../..}
  inline: {build: {dockerfile_inline: FROM a}}
  run: {image: postgres:16}
",
            expect![[r#"
                here binds docker-context(shared)services/till/Dockerfile = path:libs/shared [declared]  @ "../libs/shared"
                here binds docker-context(tools)Dockerfile = path:deploy/tools [declared]  @ "Tools=./tools"
                here binds docker-context:Dockerfile = path: [declared]  @ "${ROOT:-..}"
                here binds docker-context:services/cart/Dockerfile = path:services/cart [declared]  @ "../services/cart"
                here binds docker-context:services/till/Dockerfile = path: [declared]  @ ".."
                image:acme/cart:latest runs path:services/cart [declared]  @ "../services/cart"
            "#]],
        );
    }

    #[test]
    fn other_files_of_such_names_say_nothing() {
        check("recompose.yml", "build: 1\n", expect![[r#""#]]);
        check(
            "compose.yml",
            "services: [build\n",
            expect![[r#"
            ! unclosed bracket '['  @ ""
        "#]],
        );
        check("compose.yml", "- build\n", expect![[r#""#]]);
    }
}
