//! What do the syntax trees of those files say that promise more than names?

use std::ops::Range;
use std::thread;

use super::nesting;
use super::regions::TestCode;
use super::tokens::Tokens;
use super::{hidden, splice};
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Context, DependencyKind, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile,
};

/// Reads syntax trees.
#[derive(Debug)]
pub(in crate::extract) struct Syntax;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("rust/syntax"),
    summary: "Files that Rust code borrows from elsewhere, and public items that it hides",
    globs: &["**/*.rs"],
    markers: &[
        "#[path",
        "doc(hidden)",
        "include!",
        "include_bytes!",
        "include_str!",
        "macro_export",
    ],
    languages: &[Language::Rust],
    ownership: false,
};

/// Bytes of stack for one file: room for the nesting that is let through, also in a debug build.
const STACK: usize = 256 << 20;

impl Extractor for Syntax {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let Ok(text) = file.text() else {
            facts.parsed(Parsed::Partly);
            return;
        };
        let tokens = Tokens::new(text);
        // `rust/uses` tells what is wrong with bytes and tokens.
        if tokens.problem.is_some() {
            facts.parsed(Parsed::Partly);
            return;
        }
        if let Some(bytes) = nesting::too_deep(&tokens) {
            facts.problem(bytes, "too deeply nested for a syntax tree");
            facts.parsed(Parsed::Partly);
            return;
        }
        facts.parsed(Parsed::Whole);
        let problem = thread::scope(|scope| {
            // Its end frees the source texts that spans point into.
            let thread = thread::Builder::new().stack_size(STACK);
            let work = thread.spawn_scoped(scope, || {
                let mut sink = Sink::new(&file.path.path, &tokens, facts);
                sink.read()
            });
            match work.map(|work| work.join()) {
                Ok(Ok(outcome)) => outcome.err(),
                Ok(Err(_)) => Some((0..0, "the parser gave up".to_owned())),
                Err(error) => Some((0..0, format!("no thread for the parser: {error}"))),
            }
        });
        if let Some((bytes, message)) = problem {
            facts.problem(bytes, message);
            facts.parsed(Parsed::Partly);
        }
    }
}

/// Takes what the visitors find, with spans of the tree.
#[derive(Debug)]
pub(super) struct Sink<'a, 'f> {
    pub(super) path: &'a str,
    tokens: &'a Tokens<'a>,
    test: TestCode,
    /// Where the text that was parsed starts in the file: after a `#!` line and a frontmatter.
    offset: usize,
    facts: &'a mut Facts<'f>,
}

impl<'a, 'f> Sink<'a, 'f> {
    fn new(path: &'a str, tokens: &'a Tokens<'a>, facts: &'a mut Facts<'f>) -> Self {
        Self {
            path,
            tokens,
            test: TestCode::new(tokens),
            offset: tokens.bytes(0).start,
            facts,
        }
    }

    fn read(&mut self) -> Result<(), (Range<usize>, String)> {
        let file = syn::parse_file(&self.tokens.text[self.offset..])
            .map_err(|error| (self.shift(error.span().byte_range()), error.to_string()))?;
        splice::tell(&file, self);
        hidden::tell(&file, self);
        Ok(())
    }

    /// The enclosing unit offers a name.
    pub(super) fn provides(&mut self, key: Key, bytes: Range<usize>) {
        let bytes = self.shift(bytes);
        let context = self.context(bytes.start);
        let fact = self.facts.provides(key, Offer::Implements, bytes);
        fact.context = fact.context.join(context);
    }

    /// The enclosing unit uses a file for what `context` says.
    pub(super) fn borrows(
        &mut self,
        key: Key,
        kind: DependencyKind,
        context: Context,
        bytes: Range<usize>,
    ) {
        let bytes = self.shift(bytes);
        let context = context.join(self.context(bytes.start));
        let fact = self.facts.requires(key, kind, 1, bytes);
        fact.context = fact.context.join(context);
    }

    fn context(&self, offset: usize) -> Context {
        let tokens = &self.tokens.list;
        let after = tokens.partition_point(|token| token.start as usize <= offset);
        match after.checked_sub(1) {
            Some(token) if self.test.holds(token) => Context::Test,
            _ => Context::Production,
        }
    }

    fn shift(&self, bytes: Range<usize>) -> Range<usize> {
        let end = self.tokens.text.len();
        let shift = |at: usize| at.saturating_add(self.offset).min(end);
        shift(bytes.start)..shift(bytes.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::{facts, lines};

    #[test]
    fn a_file_that_does_not_parse_is_a_problem() {
        assert_eq!(
            lines(
                &Syntax,
                "src/lib.rs",
                "#!/usr/bin/env run\n---\n[package]\n---\nfn f() = {}\n"
            ),
            "! expected curly braces  @ \"=\"\n"
        );
    }

    /// The most repetitions that are let through.
    fn deepest(frame: &str, open: &str, core: &str, close: &str) -> String {
        let text = |count: usize| {
            let nest = format!("{}{core}{}", open.repeat(count), close.repeat(count));
            frame.replace('X', &nest)
        };
        let is_let_through = |count| nesting::too_deep(&Tokens::new(&text(count))).is_none();
        let (mut fits, mut exceeds) = (0, nesting::WAITING * 2);
        while exceeds - fits > 1 {
            let middle = fits.midpoint(exceeds);
            if is_let_through(middle) {
                fits = middle;
            } else {
                exceeds = middle;
            }
        }
        text(fits)
    }

    #[test]
    fn the_deepest_trees_that_are_let_through_fit_the_stack() {
        let expression = "const A: B = X;";
        let kind = "type A = X;";
        let pattern = "fn f() { let X = a; }";
        for (frame, open, core, close) in [
            (expression, "!", "x", ""),
            (expression, "-", "x", ""),
            (expression, "& ", "x", ""),
            (expression, "return ", "x", ""),
            (expression, "||", "x", ""),
            (expression, "|a, b| ", "x", ""),
            (expression, "a = ", "x", ""),
            (expression, "if a {} else ", "{}", ""),
            (expression, "'a: loop { ", "", "}"),
            (expression, "if ", "x", " {}"),
            (expression, "match ", "x", " {}"),
            (expression, "A::<", "x", ">::y"),
            (expression, "", "x", "+1"),
            (expression, "", "x", " && y"),
            (expression, "", "x", ".b()"),
            (expression, "", "x", ".b::<C, D>()"),
            (expression, "", "x", " as T"),
            (expression, "", "x", "?"),
            (expression, "", "x", "[0]"),
            (expression, "(", "x", ")"),
            (expression, "[", "x", "]"),
            (expression, "{", "x", "}"),
            (expression, "f(", "x", ")"),
            (expression, "S { a: ", "x", "}"),
            (expression, "(------------------------------", "x", ")"),
            (expression, "|a: B, c| -> D { ", "x", "}"),
            (expression, "m!(", "x", ")"),
            (kind, "& ", "T", ""),
            (kind, "*const ", "T", ""),
            (kind, "A<", "T", ">"),
            (kind, "A<b, ", "T", ">"),
            (kind, "<", "T", " as U>::V"),
            (kind, "(", "T", ")"),
            (kind, "[", "T", "; 1]"),
            (kind, "fn() -> ", "T", ""),
            (kind, "impl Fn() -> ", "T", ""),
            (kind, "dyn for<'a, 'b> Fn(A) -> ", "T", ""),
            (pattern, "& ", "x", ""),
            (pattern, "a @ ", "x", ""),
            (pattern, "(", "x", ")"),
            (pattern, "A(", "x", ")"),
            ("use X;", "a::", "b", ""),
            ("use X;", "a::{", "b", "}"),
            ("X", "mod a { ", "", "}"),
            ("X", "fn f() { ", "", "}"),
            ("X", "impl A { fn f() { ", "", "} }"),
            ("#[a(X)] fn f() {}", "b(", "c", ")"),
        ] {
            let text = deepest(frame, open, core, close);
            facts(&Syntax, "src/lib.rs", text.as_bytes());
        }
    }

    #[test]
    fn hostile_files_are_problems() {
        for piece in [
            "(",
            "!",
            "-",
            "&&",
            "1+",
            "a.b().",
            "if a {} else ",
            "A<b,A<b,",
            "|a,b| ",
            "mod a {",
            "m!{",
        ] {
            let text = format!("const A: B = {}", piece.repeat(100_000));
            let facts = facts(&Syntax, "src/lib.rs", text.as_bytes());
            assert_eq!(facts.info.parsed, Parsed::Partly, "{piece}");
        }
    }
}
