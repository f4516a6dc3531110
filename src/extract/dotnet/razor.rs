//! What does a Razor page or component import?
//!
//! Only lines that start with a directive are read, and capitalised words, by which used files are told from others.
//! Source: <https://learn.microsoft.com/aspnet/core/mvc/views/razor#directives>

use std::collections::BTreeSet;
use std::ops::Range;

use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Claim, DependencyKind, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile, Subject,
    Template,
};

/// Reads `*.razor` and `*.cshtml`.
#[derive(Debug)]
pub(in crate::extract) struct Razor;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("dotnet/razor"),
    summary: "Imports of Razor pages and components",
    globs: &["**/*.cshtml", "**/*.razor"],
    markers: &[],
    languages: &[Language::CSharp],
    ownership: false,
};

/// The most imports of one file.
const IMPORTS: usize = 1024;

/// The longest list of words of one file, in bytes.
const WORDS: usize = 64 << 10;

impl Extractor for Razor {
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
        let mut words = BTreeSet::new();
        let mut namespace = "";
        let mut imports = 0;
        let mut seen = BTreeSet::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let begin = start + line.len() - line.trim_start().len();
            start += line.len();
            let code = line.trim();
            if let Some(rest) = directive(code, "@using") {
                if let Some((space, name)) = import(rest)
                    && seen.insert((space, name))
                {
                    imports += 1;
                    if imports > IMPORTS {
                        let message = format!("more than {IMPORTS} imports; the rest is not read");
                        facts.problem(begin..begin + code.len(), message);
                        facts.parsed(Parsed::Partly);
                        break;
                    }
                    let bytes = begin..begin + code.len();
                    facts.requires(Key::new(space, name), DependencyKind::LinkImpl, 1, bytes);
                }
                continue;
            }
            if let Some(rest) = directive(code, "@namespace") {
                namespace = rest.trim_end_matches(';').trim();
                continue;
            }
            words.extend(capitalised(line));
        }
        state_words(&words, facts);
        if let Some(name) = file.path.file_name().strip_suffix(".razor") {
            component(name, namespace, 0..0, facts);
        }
    }
}

/// What follows a directive that a line starts with.
fn directive<'t>(line: &'t str, name: &str) -> Option<&'t str> {
    let rest = line.strip_prefix(name)?;
    rest.starts_with([' ', '\t']).then(|| rest.trim())
}

/// The namespace of the name, and the name that is imported.
fn import(rest: &str) -> Option<(&'static str, &str)> {
    let rest = rest.trim_end_matches(';').trim();
    // `@using (…) { }` and `@using var x = …` are statements.
    let (space, name) = if let Some(name) = rest.strip_prefix("static ") {
        ("csharptype", name)
    } else if let Some((_, name)) = rest.split_once('=') {
        ("csharptype", name)
    } else {
        ("csharpns", rest)
    };
    let name = name.trim().trim_start_matches("global::");
    let end = name.find(['<', ' ']).unwrap_or(name.len());
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
    };
    let whole = space == "csharptype" || end == name.len();
    (whole && is_name(&name[..end])).then(|| (space, &name[..end]))
}

fn capitalised(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| word.starts_with(char::is_uppercase))
}

fn state_words(words: &BTreeSet<&str>, facts: &mut Facts<'_>) {
    let mut text = String::new();
    for word in words {
        if text.len() + word.len() > WORDS {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    if !text.is_empty() {
        let claim = Claim::Binds {
            key: Key::new("csharpwords", "used"),
            value: Template::text(text),
        };
        facts.push(Subject::File, claim, 0..0);
    }
}

/// A component is a class; its namespace follows from its folder when it does not name one.
fn component(name: &str, namespace: &str, bytes: Range<usize>, facts: &mut Facts<'_>) {
    if name.starts_with(char::is_uppercase) {
        facts.provides(Key::at("razor", namespace, name), Offer::Implements, bytes);
    } else if name == "_Imports" && !namespace.is_empty() {
        facts.provides(Key::at("razor", namespace, ""), Offer::Declares, bytes);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn directives_import_and_statements_do_not() {
        let text = "@page \"/cart\"\n@using Acme.Catalog\n  @using static Acme.Money.Rounding;\n@using Item = Acme.Ledger.Item\n@using (Html.BeginForm()) {\n@using var x = y\n<CartItem Price=\"@price\" />\n";
        expect![[r#"
            file binds csharpwords:used = CartItem Price  @ ""
            here provides razor:Cart  @ ""
            here requires csharpns:Acme.Catalog [link.impl]  @ "@using Acme.Catalog"
            here requires csharptype:Acme.Ledger.Item [link.impl]  @ "@using Item = Acme.Ledger.Item"
            here requires csharptype:Acme.Money.Rounding [link.impl]  @ "@using static Acme.Money.Rounding;"
            here requires csharptype:y [link.impl]  @ "@using var x = y"
        "#]]
        .assert_eq(&lines(&Razor, "Web/Cart.razor", text));
    }
}
