//! Which contract does an OpenAPI, Swagger or AsyncAPI document describe: title, version, servers, operations and schemas?
//!
//! Sources: <https://spec.openapis.org/oas/v3.1.1>, <https://swagger.io/specification/v2/>, <https://www.asyncapi.com/docs/reference/specification/v3.0.0>

use super::shape::shape;
use crate::extract::tree::{self, Node, Wrong};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Claim, ExtractorId, Facts, Format, Interface, Item, Key, Language, Offer, Parsed, Part,
    SourceFile, Subject, Template,
};

/// Reads descriptions of HTTP and event interfaces.
#[derive(Debug)]
pub(in crate::extract) struct Document;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("openapi/document"),
    summary: "Operations and schemas of OpenAPI, Swagger and AsyncAPI documents",
    globs: &["**/*.yaml", "**/*.yml", "**/*.json"],
    markers: &[
        "\"asyncapi\"",
        "\"openapi\"",
        "\"swagger\"",
        "asyncapi:",
        "openapi:",
        "swagger:",
    ],
    languages: &[Language::Idl],
    ownership: false,
};

/// The methods that an operation may have: <https://spec.openapis.org/oas/v3.1.1#path-item-object>.
const METHODS: &[&str] = &[
    "delete", "get", "head", "options", "patch", "post", "put", "query", "trace",
];

/// The largest document that is read: the text of a whole catalogue can hold the marker by chance.
const LARGEST: usize = 16 << 20;

impl Extractor for Document {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Ok(text) = file.text() else {
            return;
        };
        if !names_format(text) {
            return;
        }
        if text.len() > LARGEST {
            facts.problem(
                0..0,
                format!("a description of more than {LARGEST} bytes: not read"),
            );
            facts.parsed(Parsed::Partly);
            return;
        }
        let (root, wrong) = if file.path.path.ends_with(".json") {
            match tree::json(text) {
                Ok(root) => (root, Vec::new()),
                Err(wrong) => (None, vec![wrong]),
            }
        } else {
            let (documents, wrong) = tree::yaml(text);
            (documents.into_iter().next(), wrong)
        };
        let Some((root, format)) = root.and_then(|root| {
            let format = format(&root)?;
            Some((root, format))
        }) else {
            // Something else that has such a key: not ours to judge.
            if file.path.path.contains("openapi") || file.path.path.contains("swagger") {
                tell(&wrong, Parsed::Failed, facts);
            }
            return;
        };
        tell(&wrong, Parsed::Partly, facts);
        state(&file.path.path, &root, format, facts);
    }
}

/// Whether a line of the text starts with the key of a format: the marker alone can stand in any prose.
fn names_format(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start_matches(['{', ' ', '\t', ',', '"', '\'']);
        ["openapi", "swagger", "asyncapi"].iter().any(|format| {
            line.strip_prefix(format)
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
        })
    })
}

fn tell(wrong: &[Wrong], parsed: Parsed, facts: &mut Facts<'_>) {
    if let Some(first) = wrong.first() {
        facts.problem(first.bytes.clone(), first.message.clone());
        facts.parsed(parsed);
    }
}

/// The format of a document, by the key that holds the version of its specification.
fn format(root: &Node) -> Option<Format> {
    let is_version = |key| {
        root.text_of(key)
            .is_some_and(|text| text.starts_with(|first: char| first.is_ascii_digit()))
    };
    if is_version("openapi") || is_version("swagger") {
        Some(Format::OpenApi)
    } else if is_version("asyncapi") {
        Some(Format::AsyncApi)
    } else {
        None
    }
}

fn state(path: &str, root: &Node, format: Format, facts: &mut Facts<'_>) {
    let mut items = Vec::new();
    let mut operations = Vec::new();
    match format {
        Format::AsyncApi => channels(root, &mut items),
        _ => paths(root, &mut items, &mut operations),
    }
    for (section, kind) in [
        (root.at(&["components", "schemas"]), "schema"),
        (root.at(&["components", "messages"]), "message"),
        (root.get("definitions"), "schema"),
    ] {
        for entry in section.map_or(&[][..], Node::entries) {
            items.push(item(format!("{kind} {}", entry.key), &entry.value));
        }
    }
    items.sort();
    items.dedup();
    let title = root.at(&["info", "title"]);
    let at = title.map_or_else(
        || root.bytes.start..root.bytes.start,
        |title| title.bytes.clone(),
    );
    let interface = Interface {
        format,
        title: Template::text(title.and_then(Node::text).unwrap_or_default().trim()),
        version: root
            .at(&["info", "version"])
            .and_then(Node::text)
            .map(Into::into),
        servers: servers(root),
        digest: Interface::digest_of(&items),
        items,
        gaps: Vec::new(),
    };
    let contract = Subject::Named(Key::at("contract", format!("path:{path}"), ""));
    facts.push(contract.clone(), Claim::Interface(Box::new(interface)), at);
    for (operation, at) in operations {
        let claim = Claim::Provides {
            key: Key::new("http", operation),
            how: Offer::Declares,
        };
        facts.push(contract.clone(), claim, at);
    }
}

fn item(path: String, node: &Node) -> Item {
    Item {
        path: path.into(),
        shape: shape(node).into(),
        required: false,
    }
}

/// Operations as `GET /carts/{}`: what a parameter is called is no part of the contract.
fn paths(
    root: &Node,
    items: &mut Vec<Item>,
    operations: &mut Vec<(Template, std::ops::Range<usize>)>,
) {
    for path in root.get("paths").map_or(&[][..], Node::entries) {
        let template = without_names(&path.key);
        for method in path.value.entries() {
            if METHODS.contains(&&*method.key) {
                let verb = method.key.to_uppercase();
                let mut operation = Template::text(format!("{verb} "));
                operation.extend(&template);
                items.push(item(operation.to_string(), &method.value));
                operations.push((operation, method.key_bytes.clone()));
            }
        }
    }
}

/// A path whose parameters are holes.
fn without_names(path: &str) -> Template {
    let mut template = Template::default();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        template.push(Part::Text(before.into()));
        template.push(Part::Hole);
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    template.push(Part::Text(rest.into()));
    template
}

fn channels(root: &Node, items: &mut Vec<Item>) {
    for section in ["channels", "operations"] {
        for entry in root.get(section).map_or(&[][..], Node::entries) {
            items.push(item(format!("{section} {}", entry.key), &entry.value));
        }
    }
}

/// The addresses of a document; of Swagger's, host and path together.
fn servers(root: &Node) -> Vec<Template> {
    let host = root.text_of("host").map(|host| {
        let path = root.text_of("basePath").unwrap_or_default();
        Template::text(format!("{host}{path}"))
    });
    let listed = root.get("servers").map_or(&[][..], Node::items).iter();
    let listed = listed
        .filter_map(|server| server.text_of("url"))
        .map(Template::text);
    host.into_iter().chain(listed).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Document, path, text));
    }

    #[test]
    fn operations_are_declared_without_the_names_of_parameters() {
        check(
            "openapi.yaml",
            "openapi: 3.1.0
info: {title: Cart, version: 1.2.0}
servers: [{url: https://api.acme.example}]
paths:
  /carts/{id}/items:
    parameters: []
    get: {responses: {}}
    post: {responses: {}}
components: {schemas: {Item: {type: object}}}
",
            expect![[r#"
                contract(path:openapi.yaml) interface OpenAPI Cart 1.2.0 [3 items, 0 gaps]  @ "Cart"
                contract(path:openapi.yaml) provides http:GET /carts/{}/items [declares]  @ "get"
                contract(path:openapi.yaml) provides http:POST /carts/{}/items [declares]  @ "post"
            "#]],
        );
        check(
            "api.json",
            "{\n \"swagger\": \"2.0\", \"host\": \"cart\", \"basePath\": \"/v1\", \"paths\": {\"/x\": {\"get\": {}}}}",
            expect![[r#"
                contract(path:api.json) interface OpenAPI  [1 items, 0 gaps]  @ ""
                contract(path:api.json) provides http:GET /x [declares]  @ "\"get\""
            "#]],
        );
    }

    #[test]
    fn events_have_channels() {
        check(
            "events.yaml",
            "asyncapi: 3.0.0\ninfo: {title: Orders}\nchannels: {placed: {address: orders.placed}}\n",
            expect![[r#"
                contract(path:events.yaml) interface AsyncAPI Orders [1 items, 0 gaps]  @ "Orders"
            "#]],
        );
    }

    #[test]
    fn what_only_speaks_of_a_format_is_none() {
        check("values.yaml", "features:\n  openapi: true\n", expect![[""]]);
        check("docs.json", "{\"text\": \"see openapi: x\"}", expect![[""]]);
        check(
            "openapi-config.json",
            "{\n\"openapi\": {\"out\": \"x\"}}",
            expect![[""]],
        );
    }

    #[test]
    fn what_is_broken_is_told() {
        check(
            "openapi.yaml",
            "openapi: 3.0.0\ninfo: {title: Cart\npaths: [",
            expect![[r#"
                ! while parsing a flow mapping, did not find expected ',' or '}'  @ ""
                contract(path:openapi.yaml) interface OpenAPI Cart paths [0 items, 0 gaps]  @ "Cart\npaths"
            "#]],
        );
        check(
            "openapi.json",
            "{\"openapi\": \"3.0.0\",",
            expect![[r#"
            ! Unterminated object  @ "{\"openapi\": \"3.0.0\","
        "#]],
        );
    }
}
