//! What does a `.proto` file import, and which services and messages does it declare?
//!
//! Source: <https://protobuf.dev/reference/protobuf/proto3-spec/>

use std::ops::Range;

use prost_types::FileDescriptorProto;
use protox_parse::ParseError;

use super::descriptor::items;
use super::lines::Lines;
use crate::extract::{Extractor, ExtractorInfo, utf8};
use crate::model::{
    Claim, DependencyKind, ExtractorId, Facts, Format, Interface, Key, Language, Offer, Parsed,
    SourceFile, Subject, Template,
};

/// Reads `.proto` files.
#[derive(Debug)]
pub(in crate::extract) struct ProtoFile;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("protobuf/file"),
    summary: "Imports, services and messages of Protocol Buffers",
    globs: &["**/*.proto"],
    markers: &[],
    languages: &[Language::Idl],
    ownership: false,
};

/// The most words of an edition that are taken out of one file.
const REPAIRS: usize = 64;

/// Field numbers of `FileDescriptorProto`, of which the paths of source information are made.
const PACKAGE: i32 = 2;
const DEPENDENCY: i32 = 3;
const SERVICE: i32 = 6;

impl Extractor for ProtoFile {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        if text.trim().is_empty() {
            return;
        }
        let path = &*file.path.path;
        let parsed = match parse(path, text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let at = error.span().map_or(0..0, |span| span.start..span.end);
                facts.problem(at, error.to_string());
                facts.parsed(Parsed::Failed);
                return;
            }
        };
        facts.parsed(Parsed::Whole);
        let lines = Lines::new(text);
        let info = parsed.source_code_info.as_ref();
        for (number, import) in parsed.dependency.iter().enumerate() {
            let at = lines.bytes(info, &[DEPENDENCY, number as i32]);
            let key = Key::new("proto", import.as_str());
            facts.requires(key, DependencyKind::LinkContract, 1, at);
        }
        let package = parsed.package();
        let contract = Subject::Named(Key::at("contract", format!("path:{path}"), ""));
        let items = items(&parsed);
        if items.is_empty() {
            return;
        }
        let interface = Interface {
            format: Format::Protobuf,
            title: Template::text(package),
            version: None,
            servers: Vec::new(),
            digest: Interface::digest_of(&items),
            items,
            gaps: Vec::new(),
        };
        let at = lines.bytes(info, &[PACKAGE]);
        facts.push(contract.clone(), Claim::Interface(Box::new(interface)), at);
        for (number, service) in parsed.service.iter().enumerate() {
            let at = lines.bytes(info, &[SERVICE, number as i32, 1]);
            let name = qualified(package, service.name());
            let claim = Claim::Provides {
                key: Key::new("grpc", name),
                how: Offer::Declares,
            };
            facts.push(contract.clone(), claim, at);
        }
    }
}

/// Parses a file; what editions have that the parser does not know yet is taken out, without moving what stands behind.
///
/// Source: <https://protobuf.dev/editions/overview/>
fn parse(path: &str, text: &str) -> Result<FileDescriptorProto, ParseError> {
    let mut error = match protox_parse::parse(path, text) {
        Ok(parsed) => return Ok(parsed),
        Err(error) => error,
    };
    let mut text = text.to_owned();
    for _ in 0..REPAIRS {
        let start = error.span().map_or(0, |span| span.start);
        let Some((bytes, instead)) = of_edition(&text, start) else {
            return Err(error);
        };
        text.replace_range(bytes, &instead);
        error = match protox_parse::parse(path, &text) {
            Ok(parsed) => return Ok(parsed),
            Err(error) => error,
        };
    }
    Err(error)
}

/// The words of an edition where the parser stopped, and what it reads in their place.
fn of_edition(text: &str, start: usize) -> Option<(Range<usize>, String)> {
    let rest = text.get(start..)?;
    if rest.starts_with("edition") {
        // Its fields have the form of proto3.
        let end = rest.find(';').filter(|end| !rest[..*end].contains('\n'))?;
        return Some((start..start + end + 1, "syntax = \"proto3\";".to_owned()));
    }
    // `import option "…"`, `export message`, `local enum`.
    let word = ["option", "export", "local"]
        .into_iter()
        .find(|word| rest.starts_with(word))?;
    Some((start..start + word.len(), " ".repeat(word.len())))
}

fn qualified(package: &str, name: &str) -> String {
    if package.is_empty() {
        name.to_owned()
    } else {
        format!("{package}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&lines(&ProtoFile, "protos/cart.proto", text));
    }

    #[test]
    fn imports_and_services_are_stated() {
        check(
            "syntax = \"proto3\";
package acme.cart.v1;
import \"acme/money/v1/money.proto\";
import public 'google/protobuf/timestamp.proto';
option csharp_namespace = \"Acme.Cart\";
// import \"not/this.proto\";
service Cart {
  rpc Add(stream Item) returns (Total) {}
}
message Item { string sku = 1; repeated int32 counts = 2; }
enum Size { SMALL = 0; }
",
            expect![[r#"
                contract(path:protos/cart.proto) interface Protobuf acme.cart.v1 [8 items, 0 gaps]  @ "package acme.cart.v1;"
                contract(path:protos/cart.proto) provides grpc:acme.cart.v1.Cart [declares]  @ "Cart"
                here requires proto:acme/money/v1/money.proto [link.contract]  @ "import \"acme/money/v1/money.proto\";"
                here requires proto:google/protobuf/timestamp.proto [link.contract]  @ "import public 'google/protobuf/timestamp.proto';"
            "#]],
        );
    }

    #[test]
    fn an_edition_is_read() {
        check(
            "// new\nedition = \"2024\";\npackage acme;\nimport option \"acme/options.proto\";\nexport message Item { string sku = 1; }\n",
            expect![[r#"
                contract(path:protos/cart.proto) interface Protobuf acme [2 items, 0 gaps]  @ "package acme;"
                here requires proto:acme/options.proto [link.contract]  @ "import option \"acme/options.proto\";"
            "#]],
        );
    }

    #[test]
    fn what_is_broken_is_told() {
        check(
            "syntax = \"proto3\";\nmessage Item { string",
            expect![[r#"
            ! expected an identifier, but reached end of file  @ ""
        "#]],
        );
        check(
            "message \u{e9} {}",
            expect![[r#"
            ! invalid token  @ "é"
        "#]],
        );
    }
}
