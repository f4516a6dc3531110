//! What does a `use` declaration import?

use std::ops::Range;

use ra_ap_rustc_lexer::TokenKind;

use super::tokens::Tokens;

/// The most segments of a path that are kept.
pub(super) const SEGMENTS: usize = 8;

/// One leaf of a `use` tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Import<'t> {
    pub(super) root: &'t str,
    /// The segment after the root, `*` for all; empty when the root itself is imported.
    pub(super) second: &'t str,
    /// The name that the leaf brings into scope, unless it is the root's own.
    pub(super) name: Option<&'t str>,
    pub(super) bytes: Range<usize>,
    /// Whether it starts with `::`.
    pub(super) global: bool,
    segments: [&'t str; SEGMENTS],
    len: usize,
}

impl<'t> Import<'t> {
    /// All segments, as far as they are kept; `*` for all is one, too.
    pub(super) fn segments(&self) -> &[&'t str] {
        &self.segments[..self.len.min(SEGMENTS)]
    }

    /// Whether it has more segments than are kept.
    pub(super) fn is_cut(&self) -> bool {
        self.len > SEGMENTS
    }
}

/// A path on the way to its leaf.
#[derive(Clone, Copy, Debug, Default)]
struct Path<'t> {
    root: &'t str,
    second: &'t str,
    last: &'t str,
    segments: [&'t str; SEGMENTS],
    /// All segments, kept or not.
    len: usize,
    start: usize,
    end: usize,
    /// Whether nothing came after the group's prefix yet.
    prefix: bool,
    global: bool,
}

impl<'t> Path<'t> {
    fn push(&mut self, segment: &'t str, bytes: Range<usize>) {
        let contiguous = !self.prefix;
        self.prefix = false;
        if segment == "self" && self.len > 0 {
            return;
        }
        match self.len {
            0 => {
                self.root = segment;
                (self.start, self.end) = (bytes.start, bytes.end);
            }
            1 => {
                self.second = segment;
                self.end = bytes.end;
                if !contiguous {
                    self.start = bytes.start;
                }
            }
            _ => {}
        }
        if let Some(kept) = self.segments.get_mut(self.len) {
            *kept = segment;
        }
        self.last = segment;
        self.len += 1;
    }

    fn leaf(self, alias: Option<&'t str>) -> Option<Import<'t>> {
        if self.prefix || self.len == 0 {
            return None;
        }
        let own = (self.len > 1 && self.last != "*").then_some(self.last);
        Some(Import {
            root: self.root,
            second: self.second,
            name: alias.or(own).filter(|name| *name != "_"),
            bytes: self.start..self.end,
            global: self.global,
            segments: self.segments,
            len: self.len,
        })
    }
}

/// The leaves of the tree that starts at a token (after `use`), and the first token after the declaration.
///
/// A tree that a macro fills in (`$name`) gives the leaves before the first gap.
pub(super) fn read<'t>(tokens: &Tokens<'t>, mut at: usize) -> (Vec<Import<'t>>, usize) {
    let mut leaves = Vec::new();
    let mut groups: Vec<Path<'t>> = Vec::new();
    let mut outermost = at;
    let mut current = Some(Path::default());
    let mut alias = None;
    loop {
        match tokens.kind(at) {
            Some(TokenKind::Ident) if tokens.is_word(at, "as") => {
                alias = Some(tokens.ident(at + 1));
                at += 1;
            }
            Some(TokenKind::Ident | TokenKind::RawIdent) => {
                if let Some(path) = &mut current {
                    path.push(tokens.ident(at), tokens.bytes(at));
                }
            }
            Some(TokenKind::Star) => {
                if let Some(path) = &mut current {
                    path.push("*", tokens.bytes(at));
                }
            }
            Some(TokenKind::Colon) => {
                if let Some(path) = &mut current {
                    path.global |= path.len == 0;
                }
            }
            Some(TokenKind::OpenBrace) => {
                if groups.is_empty() {
                    outermost = at;
                }
                let mut prefix = current.unwrap_or_default();
                prefix.prefix = true;
                groups.push(prefix);
                current = Some(prefix);
            }
            Some(TokenKind::Comma) if !groups.is_empty() => {
                leaves.extend(current.and_then(|path| path.leaf(alias.take())));
                current = groups.last().copied();
            }
            Some(TokenKind::CloseBrace) if !groups.is_empty() => {
                leaves.extend(current.and_then(|path| path.leaf(alias.take())));
                current = None;
                groups.pop();
            }
            Some(TokenKind::Semi) if groups.is_empty() => {
                leaves.extend(current.and_then(|path| path.leaf(alias.take())));
                return (leaves, at + 1);
            }
            _ if groups.is_empty() => return (leaves, skip(tokens, at)),
            _ => return (leaves, tokens.mate(outermost).max(at) + 1),
        }
        at += 1;
    }
}

/// The first token after the next `;`, or the end of the enclosing block.
fn skip(tokens: &Tokens<'_>, mut at: usize) -> usize {
    while let Some(kind) = tokens.kind(at) {
        match kind {
            TokenKind::Semi => return at + 1,
            TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket => return at,
            _ => at = tokens.mate(at).max(at) + 1,
        }
    }
    tokens.list.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(text: &str) -> Vec<String> {
        let tokens = Tokens::new(text);
        let (leaves, next) = read(&tokens, 1);
        assert!(next >= 1);
        leaves
            .iter()
            .map(|leaf| {
                let name = leaf.name.unwrap_or("-");
                format!(
                    "{}::{} {name} {}",
                    leaf.root,
                    leaf.second,
                    &text[leaf.bytes.clone()]
                )
            })
            .collect()
    }

    #[test]
    fn trees_are_read_as_trees() {
        assert_eq!(leaves("use a;"), ["a:: - a"]);
        assert_eq!(leaves("use a as b;"), ["a:: b a"]);
        assert_eq!(leaves("use ::a::b as _;"), ["a::b - a::b"]);
        assert_eq!(leaves("use a::*;"), ["a::* - a::*"]);
        assert_eq!(
            leaves("use a::{b::{c, e as f}, self, d, r#type::*,};"),
            [
                "a::b c b",
                "a::b f b",
                "a:: - a",
                "a::d d d",
                "a::type - r#type"
            ]
        );
        assert_eq!(
            leaves("use {a::b, c::{}, d::e::{x, y}};"),
            ["a::b b a::b", "d::e x d::e", "d::e y d::e"]
        );
        assert_eq!(leaves("use self::x;"), ["self::x x self::x"]);
    }

    #[test]
    fn whole_paths_are_kept() {
        let tokens =
            Tokens::new("use crate::{a::{b::C, self}, super_::*}; use a::b::c::d::e::f::g::h::i;");
        let (leaves, next) = read(&tokens, 1);
        let paths: Vec<String> = leaves
            .iter()
            .map(|leaf| leaf.segments().join("::"))
            .collect();
        assert_eq!(paths, ["crate::a::b::C", "crate::a", "crate::super_::*"]);
        let (leaves, _) = read(&tokens, next + 1);
        assert_eq!(leaves[0].segments().len(), SEGMENTS);
    }

    #[test]
    fn what_a_macro_fills_in_is_left_out() {
        for text in [
            "use $crate::{a::b};",
            "use $x::y;",
            "use a::{$($x),*};",
            "use a::$x;",
        ] {
            assert_eq!(leaves(text), [""; 0], "{text}");
        }
        let tokens = Tokens::new("use $crate::{a::b}; c");
        assert_eq!(tokens.ident(read(&tokens, 1).1), "c");
        let tokens = Tokens::new("use a::{$b::{c::d}, e::f}; g");
        assert_eq!(tokens.ident(read(&tokens, 1).1 + 1), "g");
    }

    #[test]
    fn broken_trees_end() {
        for text in [
            "use",
            "use a::",
            "use a::{b",
            "use }",
            "use {{{{",
            "use a as",
            "use )(",
        ] {
            leaves(text);
        }
        leaves(&format!("use {}", "a::{".repeat(100_000)));
    }
}
