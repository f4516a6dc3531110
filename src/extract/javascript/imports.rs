//! Which modules does a file of JavaScript or TypeScript name, and what for? What does it say of the network?
//!
//! Every name is stated as it is written; what it means, resolving finds.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use oxc_ast_visit::Visit;
use oxc_parser::ParserReturn;

use super::blocks::{Block, blocks};
use super::calls::{Collector, Hit, Names, Use};
use super::network::{self, Said};
use super::parse::parse;
use crate::extract::strings::Text;
use crate::extract::{Extractor, ExtractorInfo, allowances};
use crate::model::{
    Condition, Context, DependencyKind, ExtractorId, Facts, Key, Language, Parsed, Part, RepoPath,
    SourceFile, Template,
};

/// Reads the names of modules.
#[derive(Debug)]
pub(in crate::extract) struct Imports;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("javascript/imports"),
    summary: "Modules that JavaScript and TypeScript import; what they call, serve, publish and store",
    globs: &[
        "**/*.js",
        "**/*.jsx",
        "**/*.mjs",
        "**/*.cjs",
        "**/*.ts",
        "**/*.tsx",
        "**/*.mts",
        "**/*.cts",
        "**/*.vue",
        "**/*.svelte",
    ],
    markers: &[],
    languages: &[Language::JavaScript, Language::TypeScript],
    ownership: false,
};

/// The most distinct names of one file.
const NAMES: usize = 4096;

/// Words without which a tree holds no more than the declarations at its top.
static DEEPER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::new([
        "require",
        "import(",
        "import (",
        "import.meta",
        "jest.",
        "vi.",
        "vitest.",
        "declare ",
    ])
    .ok()
});

impl Extractor for Imports {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        facts.parsed(Parsed::Whole);
        let (text, invalid) = readable(file.bytes);
        if let Some(at) = invalid {
            facts.problem(at..at + 1, "not UTF-8");
            facts.parsed(Parsed::Partly);
        }
        let mut found = Found::default();
        for block in blocks(file.path.file_name(), &text) {
            read_block(&block, file.path, &text, facts, &mut found);
        }
        let allowed = allowed(file.bytes, &found, facts);
        items(&found, facts);
        names(found.names, &allowed, facts);
    }
}

/// The text; bytes that are no UTF-8 are replaced one by one, so that offsets stay.
fn readable(bytes: &[u8]) -> (Cow<'_, str>, Option<usize>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.into(), None),
        Err(error) => {
            let mut copy = bytes.to_vec();
            let mut start = 0;
            while let Err(error) = std::str::from_utf8(&copy[start..]) {
                let wrong = start + error.valid_up_to();
                let len = error.error_len().unwrap_or(copy.len() - wrong);
                copy[wrong..wrong + len].fill(b'?');
                start = wrong;
            }
            let text = String::from_utf8(copy).unwrap_or_default();
            (text.into(), Some(error.valid_up_to()))
        }
    }
}

/// A name as it will be stated, with its use, and where it stands.
type Name = (Template, Use, Range<usize>);

/// A name with its use, and the comment that allows it.
type Stated = (Template, Use, Option<usize>);

/// Everything that was found in the blocks of a file.
#[derive(Default)]
struct Found {
    names: Vec<Name>,
    items: Vec<((String, String), Range<usize>)>,
    comments: Vec<Range<usize>>,
    statements: Vec<Range<usize>>,
}

fn read_block(
    block: &Block,
    path: &RepoPath,
    text: &str,
    facts: &mut Facts<'_>,
    found: &mut Found,
) {
    if let Some(source) = &block.source {
        let name = relative(&text[source.clone()]);
        found.names.push((name.into(), Use::Value, source.clone()));
    }
    let code = &text[block.bytes.clone()];
    let offset = block.bytes.start;
    let moved = |bytes: Range<usize>| bytes.start + offset..bytes.end + offset;
    // What tests ask are servers of their own, and what they serve is nobody's.
    let is_program = !block.declares && facts.context() != Context::Test;
    let read = |parsed: &ParserReturn<'_>| {
        let (names, comments) = tree(parsed, code);
        let said = is_program.then(|| said(parsed, &names, &path.path, code));
        (names, comments, said.flatten())
    };
    match parse(code, &block.types, read) {
        Ok((names, comments, said)) => {
            if let Some(said) = said {
                said.state(offset, facts);
            }
            let references = comments
                .iter()
                .filter_map(|comment| reference(code, comment.clone()));
            found
                .names
                .extend(references.map(|(name, bytes)| (name.into(), Use::Types, moved(bytes))));
            for hit in &names.hits {
                if let Some(name) = name(hit, &names) {
                    let how = if block.declares && hit.how == Use::Value {
                        Use::Types
                    } else {
                        hit.how
                    };
                    found.names.push((name, how, moved(hit.bytes.clone())));
                }
            }
            let items = names.items.into_iter();
            found
                .items
                .extend(items.map(|(item, bytes)| (item, moved(bytes))));
            found.comments.extend(comments.into_iter().map(moved));
            found
                .statements
                .extend(names.statements.into_iter().map(moved));
        }
        Err(broken) => {
            facts.problem(moved(broken.bytes), broken.message);
            facts.parsed(if found.names.is_empty() {
                Parsed::Failed
            } else {
                Parsed::Partly
            });
        }
    }
}

/// What a file says of the network, if it imports or does something that may.
fn said(parsed: &ParserReturn<'_>, names: &Names, path: &str, code: &str) -> Option<Said> {
    let imports = names.hits.iter().any(|hit| match &hit.name {
        Text::Literal(name) => network::is_network(name),
        _ => false,
    });
    let file = network::File { path };
    (imports || network::may_matter(path, code)).then(|| network::read(&parsed.program, file))
}

/// The names in a tree, and all comments.
fn tree(parsed: &ParserReturn<'_>, code: &str) -> (Names, Vec<Range<usize>>) {
    let mut collector = Collector::default();
    collector.declarations(&parsed.program.body);
    let is_deeper = DEEPER.as_ref().is_none_or(|words| words.is_match(code));
    if is_deeper || collector.has_frameworks() {
        collector = Collector::default();
        collector.visit_program(&parsed.program);
    }
    let comments = parsed.program.comments.iter();
    let comments = comments.map(|comment| comment.span.start as usize..comment.span.end as usize);
    (collector.names, comments.collect())
}

/// The name that a place gives, as far as the file tells it; `None` when it tells nothing.
fn name(hit: &Hit, names: &Names) -> Option<Template> {
    if let Some(text) = names.constants.literal(&hit.name) {
        // `new URL(".", import.meta.url)` asks for a folder, and for nothing in it.
        if hit.anchored && (text.ends_with('/') || matches!(text.as_str(), "." | "..")) {
            return None;
        }
        let text = if hit.anchored { relative(&text) } else { text };
        return (!text.is_empty()).then(|| text.into());
    }
    let template = names.constants.template(&hit.name);
    let Some(Part::Text(start)) = template.0.first() else {
        return None;
    };
    if !hit.anchored {
        return Some(template.clone());
    }
    let mut anchored = Template::text(relative(start));
    anchored.extend(&Template(template.0[1..].to_vec()));
    Some(anchored)
}

/// A path from the file, marked as one.
fn relative(path: &str) -> String {
    let is_marked = path.starts_with("./") || path.starts_with("../") || matches!(path, "." | "..");
    let is_absolute = path.starts_with('/') || path.contains("://");
    if is_marked || is_absolute || path.is_empty() {
        path.to_owned()
    } else {
        format!("./{path}")
    }
}

/// What `/// <reference path="…" />` and `types="…"` name.
///
/// Source: <https://www.typescriptlang.org/docs/handbook/triple-slash-directives.html>
fn reference(code: &str, comment: Range<usize>) -> Option<(String, Range<usize>)> {
    let text = code.get(comment.clone())?;
    let directive = text
        .strip_prefix("///")?
        .trim_start()
        .strip_prefix("<reference")?;
    ["path", "types"].iter().find_map(|attribute| {
        let at = directive.find(&format!("{attribute}="))? + attribute.len() + 1;
        let quote = directive[at..]
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\''))?;
        let value = directive[at + 1..].split(quote).next()?;
        let start = comment.start + (text.len() - directive.len()) + at + 1;
        let name = if *attribute == "path" {
            relative(value)
        } else {
            value.to_owned()
        };
        (!value.is_empty()).then(|| (name, start..start + value.len()))
    })
}

fn allowed(bytes: &[u8], found: &Found, facts: &mut Facts<'_>) -> Vec<Range<usize>> {
    if !allowances::promised(bytes) {
        return Vec::new();
    }
    let statement_end = |end: usize| {
        let is_below = |statement: &&Range<usize>| {
            let between = bytes.get(end..statement.start).unwrap_or(b"..");
            between.trim_ascii().is_empty() && memchr::memchr_iter(b'\n', between).count() == 1
        };
        found
            .statements
            .iter()
            .find(is_below)
            .map_or(0, |statement| statement.end)
    };
    allowances::tell(bytes, &found.comments, statement_end, facts)
}

/// States each name once for each use; what a comment allows is told apart from what none does.
fn names(found: Vec<Name>, allowed: &[Range<usize>], facts: &mut Facts<'_>) {
    let mut names: BTreeMap<Stated, (u32, Range<usize>)> = BTreeMap::new();
    for (name, how, bytes) in found {
        let allowance = allowed
            .iter()
            .position(|range| range.contains(&bytes.start));
        let key = (name, how, allowance);
        if let Some((count, first)) = names.get_mut(&key) {
            *count = count.saturating_add(1);
            if bytes.start < first.start {
                *first = bytes;
            }
        } else if names.len() < NAMES {
            names.insert(key, (1, bytes));
        } else {
            let message = format!("more than {NAMES} names of modules; the rest is not read");
            facts.problem(bytes, message);
            facts.parsed(Parsed::Partly);
            break;
        }
    }
    for ((name, how, _), (count, bytes)) in names {
        let key = Key::new("js", name);
        let fact = facts.requires(key, DependencyKind::LinkImpl, count, bytes);
        match how {
            Use::Value => {}
            Use::Types => {
                fact.context = fact.context.join(Context::Build);
                fact.when.push(Condition::Variant("types".into()));
            }
            Use::Test => fact.context = fact.context.join(Context::Test),
        }
    }
}

/// States what code takes of frameworks, each item once.
fn items(found: &Found, facts: &mut Facts<'_>) {
    let mut items: BTreeMap<&(String, String), (u32, &Range<usize>)> = BTreeMap::new();
    for (item, bytes) in found.items.iter().take(NAMES) {
        let known = items.entry(item).or_insert((0, bytes));
        known.0 = known.0.saturating_add(1);
    }
    for ((package, item), (count, bytes)) in items {
        let key = Key::new("item", format!("{package}#{item}"));
        facts.requires(key, DependencyKind::LinkImpl, count, bytes.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::{facts, lines};

    fn stated(path: &str, text: &str) -> Vec<String> {
        let facts = facts(&Imports, path, text.as_bytes());
        facts.facts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn types_values_and_mocks_of_one_module_are_told_apart() {
        let text = "import type { A } from 'a'; import { b, type C } from 'a'; vi.mock('a'); import { d } from 'a';";
        assert_eq!(
            stated("src/a.ts", text),
            [
                "here requires js:a [link.impl] ×2",
                "here requires js:a [link.impl] [build] when types",
                "here requires js:a [link.impl] [test]",
            ]
        );
    }

    #[test]
    fn names_are_bounded() {
        let text: String = (0..NAMES + 10).map(|n| format!("import 'a{n}';")).collect();
        let facts = facts(&Imports, "a.js", text.as_bytes());
        assert_eq!((facts.facts.len(), facts.problems.len()), (NAMES, 1));
    }

    #[test]
    fn what_is_left_out_is_told() {
        let many: String = (0..600).map(|n| format!("a{n}: 'http://a{n}',")).collect();
        let routers: String = (0..5)
            .map(|n| format!("app.use('/v{n}', items);"))
            .collect();
        for (path, text, problem) in [
            (
                "a.js",
                format!("fetch('http://cart');{}", "a();".repeat(20_000)),
                "a bundle of other files; only its imports are read",
            ),
            (
                "urls.js",
                format!("export const urls = {{ {many} }};"),
                "too many addresses in one file; the rest is not read",
            ),
            (
                "app.js",
                format!(
                    "const express = require('express'); const app = express(); const items = express.Router(); items.get('/x', y); {routers}"
                ),
                "too many addresses in one file; the rest is not read",
            ),
        ] {
            let facts = facts(&Imports, path, text.as_bytes());
            let told = facts.problems.iter().map(|problem| &*problem.message);
            assert_eq!(told.collect::<Vec<_>>(), [problem]);
        }
    }

    #[test]
    fn hostile_files_end_quickly() {
        for piece in [
            "(", "[", "{", "!", "a?", "a=", "a=>", "a+", "if(a)", "else ", "<a>", "`${", "new ",
            "typeof ", "a:", "a.", "import(", "import{", "/*", "'", "\\", "<script>", "await ",
            "x?.", "**", "A<", "(a=", "-", "- ", "@a ", "#!",
        ] {
            for path in ["a.js", "a.tsx", "a.ts", "a.vue"] {
                facts(&Imports, path, piece.repeat(20_000).as_bytes());
            }
        }
    }

    #[test]
    fn addresses_that_double_or_name_themselves_end_quickly() {
        let doubled = |sign: &str| -> String {
            let names = (1..200).map(|n| format!("const a{n} = a{0} {sign} a{0};\n", n - 1));
            let names: String = names.collect();
            format!(
                "const a0 = process.env.A;\n{names}fetch(a199); axios.get(a199); a199.get('/x', b);"
            )
        };
        for sign in ["+", "||", "?? a0 ??"] {
            facts(&Imports, "a.js", doubled(sign).as_bytes());
        }
        for text in [
            "const a = env('CART_URL', a); fetch(a);",
            "const f = () => f(); fetch(f()); f().get('/x', y);",
            "const a = { ...a }; fetch(a.b.c); export default a;",
            "class A { x = this.x; y = fetch(this.x); } new A(new A().x);",
            "function w(u) { return w(u + u); } fetch(w('http://a')); function v(u) { fetch(v(u)); v(v(u)); }",
            "const r = express.Router(); const express = require('express'); r.use('/a', r); r.get('/b', c);",
            &format!(
                "import express from 'express'; const a = express.Router(); const b = express.Router(); a.get('/x', y); {}",
                "a.use('/b', b); b.use('/a', a); ".repeat(50)
            ),
            "module.exports = module.exports; exports.a = exports; fetch(exports.a.b);",
        ] {
            facts(&Imports, "a.js", text.as_bytes());
        }
        let chain: String = (1..20_000)
            .map(|n| format!("const a{n} = env('A_URL', a{});\n", n - 1))
            .collect();
        facts(
            &Imports,
            "a.js",
            format!("{chain}fetch(a19999);").as_bytes(),
        );
        let proxies =
            "const p = require('http-proxy-middleware'); app.use('/a', p(b));\n".repeat(5_000);
        facts(&Imports, "a.js", proxies.as_bytes());
    }

    #[test]
    fn deep_files_are_read_and_deeper_ones_are_told() {
        let nested =
            |depth: usize| format!("import 'a';{}1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(lines(&Imports, "a.js", nested(1000)).contains("js:a"));
        assert!(lines(&Imports, "a.js", nested(100_000)).contains("nested too deep"));
        let sum = format!("import 'a';require('b' {});", "+ 'c'".repeat(5_000));
        assert!(lines(&Imports, "a.js", sum).contains("js:a"));
    }
}
