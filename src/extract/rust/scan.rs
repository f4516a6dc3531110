//! What in the tokens of a file could name a crate, a module for tests or the start of a program?

use std::collections::BTreeSet;
use std::ops::Range;

use ra_ap_rustc_lexer::TokenKind;

use super::crates::{Beginning, beginning, can_be_crate, is_keyword, is_tool};
use super::imports;
use super::inside::{Inside, Place, Scope};
use super::modules;
use super::regions::TestCode;
use super::tokens::Tokens;

/// A path's start.
#[derive(Debug)]
pub(super) struct Hit<'t> {
    pub(super) root: &'t str,
    /// The segment after the root, `*` for all; empty when there is none.
    pub(super) second: &'t str,
    pub(super) test: bool,
    /// Whether a name in scope would be meant instead of the crate.
    shadowable: bool,
    pub(super) bytes: Range<usize>,
}

/// Everything of interest in one file, in its order.
#[derive(Debug, Default)]
pub(super) struct Scan<'t> {
    hits: Vec<Hit<'t>>,
    /// Names that mean something else than the crate.
    shadows: BTreeSet<&'t str>,
    /// Likewise, in test code.
    test_shadows: BTreeSet<&'t str>,
    /// Modules in other files that tests alone have, without extension.
    pub(super) test_modules: Vec<(String, Range<usize>)>,
    /// Paths to other modules of the same crate, and what the file itself declares.
    pub(super) inside: Inside<'t>,
    /// `main` outside of any block, or the attribute that says that there is none.
    pub(super) entry: Option<Range<usize>>,
}

/// The most inline modules around a module, so that paths stay short.
const INLINE: usize = 64;

/// Where the scan is.
struct Cursor<'a, 't> {
    path: &'a str,
    tokens: &'a Tokens<'t>,
    test: TestCode,
    /// The inline modules around, with their ends.
    inline: Vec<(&'t str, usize)>,
    /// The same as places of names; `None` from where it is too deep.
    scopes: Vec<Option<Scope>>,
    /// Open braces.
    depth: usize,
    /// Where the last attribute ends.
    attribute_end: usize,
    /// Where the rules of the last macro end: what they write stands elsewhere.
    rules_end: usize,
}

impl Cursor<'_, '_> {
    /// The inline module around; `None` where it is too deep to be told, or where a macro will write.
    fn scope(&self, at: usize) -> Option<Scope> {
        let innermost = self.scopes.last().copied();
        innermost
            .unwrap_or(Some(Scope::default()))
            .filter(|_| at >= self.rules_end)
    }

    /// Where a name at a token stands.
    fn place(&self, at: usize) -> Place {
        Place {
            scope: self.scope(at),
            top: self.depth == self.inline.len(),
            test: self.test.holds(at),
        }
    }
}

impl<'t> Scan<'t> {
    /// Scans the file at `path`.
    pub(super) fn new(path: &str, tokens: &Tokens<'t>) -> Self {
        let mut scan = Self::default();
        let mut cursor = Cursor {
            path,
            tokens,
            test: TestCode::new(tokens),
            inline: Vec::new(),
            scopes: Vec::new(),
            depth: 0,
            attribute_end: 0,
            rules_end: 0,
        };
        let mut at = 0;
        while let Some(kind) = tokens.kind(at) {
            at = match kind {
                TokenKind::Ident | TokenKind::RawIdent => scan.word(&mut cursor, at),
                _ => {
                    scan.mark(&mut cursor, at, kind);
                    at + 1
                }
            };
        }
        scan
    }

    /// The paths that start with a crate, as far as the file tells.
    pub(super) fn crates(&self) -> impl Iterator<Item = &Hit<'t>> {
        self.hits.iter().filter(|hit| {
            let is_shadowed =
                self.shadows.contains(hit.root) || hit.test && self.test_shadows.contains(hit.root);
            !hit.shadowable || !is_shadowed
        })
    }

    fn mark(&mut self, cursor: &mut Cursor<'_, 't>, at: usize, kind: TokenKind) {
        let tokens = cursor.tokens;
        match kind {
            TokenKind::OpenBrace => cursor.depth += 1,
            TokenKind::CloseBrace => {
                cursor.depth = cursor.depth.saturating_sub(1);
                while cursor.inline.last().is_some_and(|(_, end)| *end <= at) {
                    cursor.inline.pop();
                    cursor.scopes.pop();
                }
            }
            TokenKind::Pound => {
                let inner = tokens.is(at + 1, TokenKind::Bang);
                let open = at + 1 + usize::from(inner);
                if tokens.is(open, TokenKind::OpenBracket) {
                    cursor.attribute_end = tokens.mate(open);
                    if inner && cursor.depth == 0 && tokens.is_word(open + 1, "no_main") {
                        self.entry.get_or_insert(tokens.bytes(open + 1));
                    }
                }
            }
            _ => {}
        }
    }

    /// Reads what starts with a word, and tells where to go on.
    fn word(&mut self, cursor: &mut Cursor<'_, 't>, at: usize) -> usize {
        let tokens = cursor.tokens;
        let word = tokens.ident(at);
        if tokens.is(at, TokenKind::Ident) {
            match word {
                // `use<'a>` is a bound.
                "use" if !tokens.is(at + 1, TokenKind::Lt) => {
                    return self.import(cursor, at);
                }
                "extern" if tokens.is_word(at + 1, "crate") => {
                    self.extern_crate(tokens, at + 2, cursor.test.holds(at));
                }
                "mod" => self.module(cursor, at),
                "macro_rules" if tokens.is(at + 1, TokenKind::Bang) => {
                    self.inside.item(tokens, at, cursor.place(at));
                    cursor.rules_end = cursor.rules_end.max(tokens.mate(at + 3));
                }
                "fn" if cursor.depth == 0
                    && tokens.is_word(at + 1, "main")
                    && !cursor.test.holds(at) =>
                {
                    self.entry.get_or_insert(tokens.bytes(at + 1));
                }
                _ => self.inside.item(tokens, at, cursor.place(at)),
            }
        }
        if tokens.is_path_separator(at + 1) {
            self.path(cursor, at, word);
        }
        at + 1
    }

    fn import(&mut self, cursor: &Cursor<'_, 't>, at: usize) -> usize {
        let test = cursor.test.holds(at);
        let (imports, next) = imports::read(cursor.tokens, at + 1);
        for import in imports {
            if let Some(name) = import.name {
                self.shadow(name, test);
            }
            self.inside.import(&import, cursor.place(at));
            self.hit(import.root, import.second, test, false, import.bytes);
        }
        next
    }

    fn extern_crate(&mut self, tokens: &Tokens<'t>, at: usize, test: bool) {
        if tokens.is_word(at + 1, "as") {
            self.shadow(tokens.ident(at + 2), test);
        }
        self.hit(tokens.ident(at), "", test, false, tokens.bytes(at));
    }

    fn module(&mut self, cursor: &mut Cursor<'_, 't>, at: usize) {
        let tokens = cursor.tokens;
        let name = tokens.ident(at + 1);
        if name.is_empty() {
            return;
        }
        let test = cursor.test.holds(at);
        self.shadow(name, test);
        if tokens.is(at + 2, TokenKind::OpenBrace) {
            let scope = self
                .inside
                .enter(cursor.scope(at), name, tokens.bytes(at + 1));
            cursor.inline.push((name, tokens.mate(at + 2)));
            cursor.scopes.push(scope);
        }
        if !tokens.is(at + 2, TokenKind::Semi) || cursor.inline.len() > INLINE {
            return;
        }
        let inline: Vec<&str> = cursor.inline.iter().map(|(name, _)| *name).collect();
        self.inside
            .declare(cursor.path, tokens, at, (cursor.scope(at), &inline));
        if test {
            let stem = match modules::redirection(tokens, at) {
                Some(relative) => modules::redirected(cursor.path, &inline, relative)
                    .map(|file| file.strip_suffix(".rs").unwrap_or(&file).to_owned()),
                None => Some(modules::stem(cursor.path, &inline, name)),
            };
            let bytes = tokens.bytes(at + 1);
            self.test_modules.extend(stem.map(|stem| (stem, bytes)));
        }
    }

    fn path(&mut self, cursor: &Cursor<'_, 't>, at: usize, root: &'t str) {
        let tokens = cursor.tokens;
        let second = tokens.ident(at + 3);
        if second.is_empty()
            || tokens.is(at, TokenKind::Ident) && is_keyword(root)
            || at < cursor.attribute_end && is_tool(root)
        {
            return;
        }
        let shadowable = match beginning(tokens, at) {
            Beginning::Relative => true,
            Beginning::Global => false,
            Beginning::No => return,
        };
        let bytes = tokens.bytes(at).start..tokens.bytes(at + 3).end;
        if shadowable {
            self.inside.path(tokens, at, cursor.place(at));
        }
        self.hit(root, second, cursor.test.holds(at), shadowable, bytes);
    }

    fn hit(
        &mut self,
        root: &'t str,
        second: &'t str,
        test: bool,
        shadowable: bool,
        bytes: Range<usize>,
    ) {
        if can_be_crate(root) {
            self.hits.push(Hit {
                root,
                second,
                test,
                shadowable,
                bytes,
            });
        }
    }

    fn shadow(&mut self, name: &'t str, test: bool) {
        if test {
            self.test_shadows.insert(name);
        } else {
            self.shadows.insert(name);
        }
    }
}
