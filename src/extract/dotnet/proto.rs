//! Which C# namespace do the classes have that are generated from a Protocol Buffers file?
//!
//! Source: <https://protobuf.dev/reference/csharp/csharp-generated/>

use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile};

/// Reads `*.proto` that name a C# namespace.
#[derive(Debug)]
pub(in crate::extract) struct Generated;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("dotnet/proto"),
    summary: "C# namespaces of classes that Protocol Buffers files generate",
    globs: &["**/*.proto"],
    markers: &["csharp_namespace"],
    languages: &[Language::Idl],
    ownership: false,
};

/// The most classes of one file.
const CLASSES: usize = 4096;

impl Extractor for Generated {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let text = String::from_utf8_lossy(file.bytes);
        // What cannot be read is told by who reads the file as a contract.
        let Ok(proto) = protox_parse::parse(file.path.file_name(), &text) else {
            return;
        };
        facts.parsed(Parsed::Whole);
        let options = proto.options.unwrap_or_default();
        let mut named = options.uninterpreted_option.iter().filter(|option| {
            matches!(option.name.as_slice(), [part] if part.name_part == "csharp_namespace")
        });
        let value = named
            .next()
            .and_then(|option| option.string_value.as_deref());
        let Some(namespace) = value.and_then(|value| std::str::from_utf8(value).ok()) else {
            return;
        };
        let start = text.find("csharp_namespace").unwrap_or(0);
        let line = text[start..].lines().next().unwrap_or_default().len();
        let bytes = start..start + line;
        let key = Key::new("csharpns", namespace);
        facts.provides(key, Offer::Declares, bytes.clone());
        let messages = proto.message_type.into_iter().map(|message| message.name);
        let enums = proto.enum_type.into_iter().map(|item| item.name);
        let services = proto.service.into_iter().map(|service| service.name);
        for name in messages
            .chain(enums)
            .chain(services)
            .flatten()
            .take(CLASSES)
        {
            let key = Key::at("csharptype", namespace, name);
            facts.provides(key, Offer::Declares, bytes.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn messages_and_services_are_classes_of_the_namespace() {
        let text = "syntax = \"proto3\";\noption csharp_namespace = \"Acme.Cart.Rpc\";\nmessage Item { message Inner {} }\nenum Size { S = 0; }\nservice Carts { rpc Get(Item) returns (Item); }\n";
        expect![[r#"
            here provides csharpns:Acme.Cart.Rpc [declares]  @ "csharp_namespace = \"Acme.Cart.Rpc\";"
            here provides csharptype(Acme.Cart.Rpc)Carts [declares]  @ "csharp_namespace = \"Acme.Cart.Rpc\";"
            here provides csharptype(Acme.Cart.Rpc)Item [declares]  @ "csharp_namespace = \"Acme.Cart.Rpc\";"
            here provides csharptype(Acme.Cart.Rpc)Size [declares]  @ "csharp_namespace = \"Acme.Cart.Rpc\";"
        "#]].assert_eq(&lines(&Generated, "cart.proto", text));
        assert_eq!(lines(&Generated, "cart.proto", "syntax = "), "");
    }
}
