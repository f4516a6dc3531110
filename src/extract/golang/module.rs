//! What does a `go.mod` say: a module, the modules that it requires, and where some of them are instead?
//!
//! Source: <https://go.dev/ref/mod#go-mod-file>

use std::ops::Range;

use super::is_vendored;
use super::lines::{self, Line};
use super::replace::{RELEASED, Replace, only};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, ComponentKind, Condition, Context, DependencyKind, ExtractorId, Facts, Key,
    Language, Offer, Parsed, SourceFile, Subject, Template,
};

/// Reads `go.mod`.
#[derive(Debug)]
pub(in crate::extract) struct Module;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("golang/module"),
    summary: "Go modules, what they require and what they replace",
    globs: &["**/go.mod"],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Module {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        if is_vendored(&file.path.path) {
            return;
        }
        let Some(lines) = lines::read(file, facts) else {
            return;
        };
        let mut wrong = lines.wrong;
        let mut reader = Reader {
            folder: file.path.parent(),
            replaced: Vec::new(),
            facts,
        };
        // A replacement counts wherever it stands.
        for line in lines.lines.iter().filter(|line| line.verb == "replace") {
            match Replace::read(line, reader.folder) {
                Ok(replace) => {
                    replace.tell(reader.facts);
                    reader.replaced.push(replace);
                }
                Err(message) => wrong.push((line.bytes.clone(), message.into())),
            }
        }
        let mut named = false;
        for line in &lines.lines {
            let told = match line.verb {
                "module" => {
                    let again = std::mem::replace(&mut named, true);
                    if again {
                        Err("a second module")
                    } else {
                        reader.module(line)
                    }
                }
                "require" => reader.require(line),
                "tool" => reader.tool(line),
                "replace" | "go" | "toolchain" | "exclude" | "retract" | "godebug" | "ignore" => {
                    Ok(())
                }
                _ => Err("no directive of a `go.mod`"),
            };
            if let Err(message) = told {
                wrong.push((line.bytes.clone(), message.into()));
            }
        }
        if !named && !lines.lines.is_empty() {
            wrong.push((0..0, "the module has no name".into()));
        }
        tell_wrong(wrong, facts);
    }
}

/// Tells the first thing that is wrong, and how many more there are.
pub(super) fn tell_wrong(mut wrong: Vec<(Range<usize>, String)>, facts: &mut Facts<'_>) {
    wrong.sort_by_key(|(bytes, _)| bytes.start);
    let more = match wrong.len() {
        0 => return,
        1 => String::new(),
        all => format!(" (and {} more)", all - 1),
    };
    if let Some((bytes, message)) = wrong.into_iter().next() {
        facts.problem(bytes, format!("{message}{more}"));
        facts.parsed(Parsed::Partly);
    }
}

struct Reader<'a, 'f, 'l> {
    folder: &'a str,
    replaced: Vec<Replace<'l>>,
    facts: &'a mut Facts<'f>,
}

impl Reader<'_, '_, '_> {
    fn module(&mut self, line: &Line<'_>) -> Result<(), &'static str> {
        let path = only(line).ok_or("a module has one path")?;
        let claim = Claim::Component {
            kind: ComponentKind::Library,
            name: Some(short_name(&path.text)),
        };
        self.declare(claim, path.bytes.clone());
        let key = Key::at("gomod", format!("path:{}", self.folder), &*path.text);
        let how = Offer::Implements;
        self.declare(Claim::Provides { key, how }, path.bytes.clone());
        Ok(())
    }

    fn require(&mut self, line: &Line<'_>) -> Result<(), &'static str> {
        let [module, version] = line.arguments.as_slice() else {
            return Err("a requirement is a module and its version");
        };
        let replaced = self
            .replaced
            .iter()
            .filter(|replace| replace.module == module.text);
        // One for this very version comes before one for any.
        let by = replaced
            .filter(|replace| replace.version.is_none_or(|only| only == version.text))
            .max_by_key(|replace| replace.version.is_some());
        // Another module in its place is still imported under the name that is required.
        let key = match by.map(|replace| &replace.by) {
            Some(by) if by.at.as_text() != Some(RELEASED) => by.clone(),
            _ => Key::at("gomod", RELEASED, &*module.text),
        };
        let claim = Claim::Requires {
            key,
            kind: DependencyKind::LinkImpl,
            access: Default::default(),
            count: 1,
        };
        let fact = self.facts.push(Subject::Here, claim, line.bytes.clone());
        fact.certainty = Certainty::Declared;
        if line.comment.split([';', ' ']).next() == Some("indirect") {
            fact.when.push(Condition::Variant("indirect".into()));
        }
        Ok(())
    }

    /// A program that the module's developers run.
    fn tool(&mut self, line: &Line<'_>) -> Result<(), &'static str> {
        let path = only(line).ok_or("a tool is the path of one package")?;
        let key = Key::new("gopkg", &*path.text);
        let fact = self
            .facts
            .requires(key, DependencyKind::LinkImpl, 1, path.bytes.clone());
        fact.certainty = Certainty::Declared;
        fact.context = fact.context.join(Context::Development);
        Ok(())
    }

    fn declare(&mut self, claim: Claim, bytes: Range<usize>) {
        self.facts.push(Subject::Here, claim, bytes).certainty = Certainty::Declared;
    }
}

/// The last part of a module's path that is no major version: what people call it.
fn short_name(path: &str) -> Template {
    let mut parts = path.rsplit('/').filter(|part| !part.is_empty());
    let last = parts.next().unwrap_or(path);
    let is_version = last.strip_prefix('v').is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    Template::text(if is_version {
        parts.next().unwrap_or(last)
    } else {
        last
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::extract::testing::lines;

    fn check(path: &str, text: &str, expected: Expect) {
        expected.assert_eq(&lines(&Module, path, text));
    }

    #[test]
    fn a_module_says_what_it_requires_and_what_is_elsewhere() {
        check(
            "services/cart/go.mod",
            "module example.com/shop/cart/v2

go 1.22
toolchain go1.22.1

require (
\texample.com/shop/ledger v1.2.0
\texample.com/shop/stock v0.0.0 // indirect
\tgithub.com/lib/pq v1.10.0 // indirect; for tests
\texample.com/old v1.0.0
)
require \"example.com/pinned\" v1.1.0
replace (
\texample.com/shop/ledger => ../ledger
\texample.com/shop/stock v0.0.0 => ./stock
\texample.com/pinned v1.0.0 => ../pinned
)
replace example.com/old => example.com/new v1.3.0
replace example.com/far => ../../../far
exclude example.com/old v1.1.0
retract [v1.0.0, v1.1.0] // oops
tool example.com/shop/cart/v2/cmd/gen
",
            expect![[r#"
                here binds gomod-replace:example.com/far = ${gomod(outside:../../../far)example.com/far} [declared]  @ "replace example.com/far => ../../../far"
                here binds gomod-replace:example.com/old = ${gomod(registry:go)example.com/new} [declared]  @ "replace example.com/old => example.com/new v1.3.0"
                here binds gomod-replace:example.com/pinned@v1.0.0 = ${gomod(path:services/pinned)example.com/pinned} [declared]  @ "example.com/pinned v1.0.0 => ../pinned"
                here binds gomod-replace:example.com/shop/ledger = ${gomod(path:services/ledger)example.com/shop/ledger} [declared]  @ "example.com/shop/ledger => ../ledger"
                here binds gomod-replace:example.com/shop/stock@v0.0.0 = ${gomod(path:services/cart/stock)example.com/shop/stock} [declared]  @ "example.com/shop/stock v0.0.0 => ./stock"
                here is library cart [declared]  @ "example.com/shop/cart/v2"
                here provides gomod(path:services/cart)example.com/shop/cart/v2 [declared]  @ "example.com/shop/cart/v2"
                here requires gomod(path:services/cart/stock)example.com/shop/stock [link.impl] [declared] when indirect  @ "example.com/shop/stock v0.0.0"
                here requires gomod(path:services/ledger)example.com/shop/ledger [link.impl] [declared]  @ "example.com/shop/ledger v1.2.0"
                here requires gomod(registry:go)example.com/old [link.impl] [declared]  @ "example.com/old v1.0.0"
                here requires gomod(registry:go)example.com/pinned [link.impl] [declared]  @ "require \"example.com/pinned\" v1.1.0"
                here requires gomod(registry:go)github.com/lib/pq [link.impl] [declared] when indirect  @ "github.com/lib/pq v1.10.0"
                here requires gopkg:example.com/shop/cart/v2/cmd/gen [link.impl] [declared] [development]  @ "example.com/shop/cart/v2/cmd/gen"
            "#]],
        );
    }

    #[test]
    fn what_is_wrong_is_told_and_the_rest_is_read() {
        check(
            "go.mod",
            "module\nrequire a\nreplace b ../b\nrequire c v1\nreplce c => ../c\nreplace d => e\n",
            expect![[r#"
                ! a module has one path (and 4 more)  @ "module"
                here requires gomod(registry:go)c [link.impl] [declared]  @ "require c v1"
            "#]],
        );
        check("go.mod", "// only a comment\n", expect![[r#""#]]);
        check(
            "go.mod",
            "go 1.22\n",
            expect![[r#"
            ! the module has no name  @ ""
        "#]],
        );
        check(
            "vendor/example.com/a/go.mod",
            "module a\n",
            expect![[r#""#]],
        );
    }

    #[test]
    fn a_major_version_is_no_name() {
        for (path, name) in [
            ("example.com/shop/cart/v2", "cart"),
            ("example.com/shop/cart", "cart"),
            ("gopkg.in/yaml.v3", "yaml.v3"),
            ("shop", "shop"),
            ("v2", "v2"),
            ("example.com/v", "v"),
        ] {
            assert_eq!(short_name(path).as_text(), Some(name), "{path}");
        }
    }
}
