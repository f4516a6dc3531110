//! What does a C# file import, which namespaces and types does it declare, whom does it open its internals to?
//!
//! It reads tokens, not syntax: imports, namespaces and heads of types need no more, conditional sections and files that do not compile are read as well.

use std::fmt::Write;

use super::items::items;
use super::scan::{Form, Scan, scan};
use super::tokens::Tokens;
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Claim, DependencyKind, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile, Subject,
    Template,
};

/// Reads `*.cs`.
#[derive(Debug)]
pub(in crate::extract) struct Code;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("dotnet/code"),
    summary: "Namespaces, types and imports of C# code",
    globs: &["**/*.cs"],
    markers: &[],
    languages: &[Language::CSharp],
    ownership: false,
};

/// The most names of each sort in one file.
const NAMES: usize = 4096;

/// The longest list of words of one file, in bytes.
const WORDS: usize = 64 << 10;

impl Extractor for Code {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let text = String::from_utf8_lossy(file.bytes);
        facts.parsed(Parsed::Whole);
        if let Err(at) = file.text() {
            facts.problem(at..at + 1, "not UTF-8");
            facts.parsed(Parsed::Partly);
        }
        let tokens = Tokens::new(&text);
        if allowances::promised(file.bytes) {
            allowances::tell(text.as_bytes(), &tokens.comments, |_| 0, facts);
        }
        let scan = scan(&tokens);
        declarations(&scan, facts);
        imports(&scan, facts);
        capabilities(&scan, facts);
        for (name, bytes) in scan.friends.iter().take(NAMES) {
            let key = Key::new("friend", *name);
            facts.provides(key, Offer::Declares, bytes.clone());
        }
    }
}

fn declarations(scan: &Scan<'_>, facts: &mut Facts<'_>) {
    let found = scan.namespaces.len() + scan.types.len() + scan.extensions.len();
    for (name, bytes) in scan.namespaces.iter().take(NAMES) {
        let key = Key::new("csharpns", name.as_str());
        facts.provides(key, Offer::Implements, bytes.clone());
    }
    for (space, list) in [("csharptype", &scan.types), ("csharpext", &scan.extensions)] {
        for ((namespace, name), bytes) in list.iter().take(NAMES) {
            let key = Key::at(space, namespace.as_str(), *name);
            facts.provides(key, Offer::Implements, bytes.clone());
        }
    }
    if found > NAMES {
        bound(facts, "declarations");
    }
}

fn imports(scan: &Scan<'_>, facts: &mut Facts<'_>) {
    for (import, (count, bytes)) in scan.imports.iter().take(NAMES) {
        let space = match import.form {
            Form::Namespace => "csharpns",
            Form::Type => "csharptype",
        };
        let key = Key::at(space, import.inside.as_str(), import.name.as_str());
        facts.requires(key, DependencyKind::LinkImpl, *count, bytes.clone());
    }
    if scan.imports.len() > NAMES {
        bound(facts, "imports");
    }
    if scan.imports.is_empty() && scan.namespaces.is_empty() {
        return;
    }
    // By these words resolving tells which of several files of a namespace are used.
    let mut words = String::new();
    let plain = scan.words.iter().map(|word| (*word, ""));
    let attributes = scan
        .attributes
        .iter()
        .filter(|name| !name.ends_with("Attribute"));
    for (word, ending) in plain.chain(attributes.map(|name| (*name, "Attribute"))) {
        if words.len() > WORDS {
            bound(facts, "words");
            break;
        }
        let space = if words.is_empty() { "" } else { " " };
        let _ = write!(words, "{space}{word}{ending}");
    }
    if !words.is_empty() {
        let claim = Claim::Binds {
            key: Key::new("csharpwords", "used"),
            value: Template::text(words),
        };
        facts.push(Subject::File, claim, 0..0);
    }
}

/// Items of well-known packages that show tables or routes.
fn capabilities(scan: &Scan<'_>, facts: &mut Facts<'_>) {
    for (mention, bytes) in &scan.mentions {
        for (namespace, item) in items(mention) {
            let imported =
                namespace.is_empty() || scan.imports.keys().any(|import| import.name == namespace);
            if imported {
                let key = Key::new("item", item);
                facts.requires(key, DependencyKind::LinkImpl, 1, bytes.clone());
            }
        }
    }
}

fn bound(facts: &mut Facts<'_>, what: &str) {
    facts.problem(
        0..0,
        format!("more than {NAMES} {what}; the rest is not read"),
    );
    facts.parsed(Parsed::Partly);
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::{facts, lines};

    #[test]
    fn a_file_is_told_with_its_place_among_namespaces() {
        let found = lines(
            &Code,
            "src/Cart/Cart.cs",
            "using Acme.Catalog;\nusing static Acme.Money.Rounding;\n// twopizza: allow direct-link -- soon gone\nusing Acme.Ledger;\n\nnamespace Acme.Cart;\n\npublic static class Carts : DbContext\n{\n    public static Price Sum(this Cart cart) => cart.Total();\n}\n",
        );
        expect![[r#"
            file binds allow:direct-link = soon gone [declared]  @ "// twopizza: allow direct-link -- soon gone\nusing Acme.Ledger;"
            file binds csharpwords:used = Cart Carts DbContext Price Sum Total  @ ""
            here provides csharpext(Acme.Cart)Sum  @ "Sum"
            here provides csharpns:Acme.Cart  @ "Acme.Cart"
            here provides csharptype(Acme.Cart)Carts  @ "Carts"
            here requires csharpns:Acme.Catalog [link.impl]  @ "using Acme.Catalog;"
            here requires csharpns:Acme.Ledger [link.impl]  @ "using Acme.Ledger;"
            here requires csharptype:Acme.Money.Rounding [link.impl]  @ "using static Acme.Money.Rounding;"
            here requires item:Microsoft.EntityFrameworkCore.DbContext [link.impl]  @ "DbContext"
        "#]]
        .assert_eq(&found);
    }

    #[test]
    fn attributes_are_also_told_by_their_whole_names() {
        let text = "[assembly: Told]\nusing Acme;\n[Requires(Tool)] class A { [Own.Far] int b = c[Index]; [MadeAttribute] int d; }";
        let found = lines(&Code, "a.cs", text);
        let words =
            "A Far Index MadeAttribute Own Requires Told Tool RequiresAttribute ToldAttribute";
        assert!(found.contains(&format!("= {words} ")), "{found}");
    }

    #[test]
    fn queries_count_only_with_the_package_that_has_them() {
        let with = lines(
            &Code,
            "a.cs",
            "using Dapper; class A { void B() { c.QueryAsync(d); } }",
        );
        assert!(with.contains("item:Dapper.QueryAsync"), "{with}");
        let without = lines(&Code, "a.cs", "class A { void B() { c.QueryAsync(d); } }");
        assert!(!without.contains("item:"), "{without}");
    }

    #[test]
    fn broken_files_are_read_as_far_as_possible() {
        let found = facts(
            &Code,
            "a.cs",
            b"using A.B; // caf\xe9\nnamespace C; class D {{{ \"open",
        );
        assert_eq!((found.facts.len(), found.problems.len()), (4, 1));
        assert_eq!(found.info.parsed, Parsed::Partly);
        for piece in [
            "using ",
            "using A.",
            "namespace A{",
            "#if\n",
            "#else\n",
            "(this ",
            "class A:",
            "delegate ",
            "[",
            "<",
        ] {
            facts(&Code, "a.cs", piece.repeat(50_000).as_bytes());
        }
    }
}
