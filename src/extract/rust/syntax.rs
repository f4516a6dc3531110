//! What do the syntax trees of those files say that promise more than names?

use std::ops::Range;
use std::thread;

use ra_ap_rustc_lexer::strip_shebang;

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
    language: Language::Rust,
    ownership: false,
};

/// Bytes of stack for one file: room for the nesting that is let through, also in a debug build.
const STACK: usize = 64 << 20;

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
    /// Where the text that was parsed starts in the file: after a `#!` line.
    offset: usize,
    facts: &'a mut Facts<'f>,
}

impl<'a, 'f> Sink<'a, 'f> {
    fn new(path: &'a str, tokens: &'a Tokens<'a>, facts: &'a mut Facts<'f>) -> Self {
        Self {
            path,
            tokens,
            test: TestCode::new(tokens),
            offset: strip_shebang(tokens.text).unwrap_or(0),
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
        if self.test.holds_byte(self.tokens, offset) {
            Context::Test
        } else {
            Context::Production
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
            lines(&Syntax, "src/lib.rs", "#!/usr/bin/env run\nfn f() = {}\n"),
            "! expected curly braces  @ \"=\"\n"
        );
    }

    #[test]
    fn the_deepest_trees_that_are_let_through_fit_the_stack() {
        for (piece, tokens) in [
            ("!", 1),
            ("-", 1),
            ("&", 1),
            ("*", 1),
            ("1+", 2),
            ("a&&", 3),
            ("a=", 2),
            ("a..", 3),
            ("return ", 1),
            ("|a|", 4),
            ("||", 3),
            ("if ", 1),
            ("match ", 1),
            ("if a {} else ", 4),
            ("async move ", 2),
            ("'a: loop ", 3),
            ("unsafe ", 1),
            ("a.", 2),
            ("A::<", 4),
            ("<A as ", 3),
        ] {
            for tail in ["x", "x.b().b()", ""] {
                let text = format!(
                    "const A: B = {}{tail};",
                    piece.repeat((nesting::WAITING - 20) / tokens)
                );
                facts(&Syntax, "src/lib.rs", text.as_bytes());
            }
        }
        for (open, close) in [
            ("(", ")"),
            ("[", "]"),
            ("{", "}"),
            ("f(", ")"),
            ("if a { ", "}"),
            ("!{-", "}"),
            ("|x| {", "}"),
        ] {
            let text = format!("const A: B = {}x{};", open.repeat(120), close.repeat(120));
            facts(&Syntax, "src/lib.rs", text.as_bytes());
        }
        for (piece, tail) in [
            (".b()", ";"),
            ("+1", ";"),
            (" as T", ";"),
            ("?", ";"),
            ("[0]", ";"),
            ("(0)", ";"),
            ("<A", ";"),
        ] {
            let count = (nesting::WAITING - 20) / piece.len();
            let text = format!("const A: B = x{}{tail}", piece.repeat(count));
            facts(&Syntax, "src/lib.rs", text.as_bytes());
        }
        for (piece, tail) in [
            ("&", "T"),
            ("*const ", "T"),
            ("A<", "T"),
            ("fn() -> ", "T"),
            ("impl Fn() -> ", "T"),
            ("dyn ", "T"),
        ] {
            let count = (nesting::WAITING - 20) / 6;
            let text = format!("type A = {}{tail};", piece.repeat(count));
            facts(&Syntax, "src/lib.rs", text.as_bytes());
        }
        facts(
            &Syntax,
            "src/lib.rs",
            format!("use {}b;", "a::".repeat(1300)).as_bytes(),
        );
        facts(
            &Syntax,
            "src/lib.rs",
            format!("{}{}", "mod a { ".repeat(120), "}".repeat(120)).as_bytes(),
        );
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
