//! Is a file so deeply nested that a recursive parser could run out of stack?
//!
//! A parser descends at most once for each token since the last separator, at every open bracket.
//! That sum bounds the depth of any tree, whatever grammar rule makes it: operators, chains, types, closures.

use std::ops::Range;

use ra_ap_rustc_lexer::TokenKind;

use super::tokens::{Tokens, bracket};

/// The most open brackets.
const BRACKETS: usize = 128;

/// The most tokens that may wait for their separator, over all open brackets.
pub(super) const WAITING: usize = 4096;

/// What may still nest at one bracket.
#[derive(Clone, Copy, Debug, Default)]
struct Level {
    /// Tokens since the last separator.
    run: usize,
    /// Open `<`, in which a comma separates nothing.
    angles: usize,
    /// `|` since the last `;`: a comma between parameters of nested closures separates nothing.
    pipes: usize,
    /// Whether it is in a macro, whose tokens are not parsed.
    opaque: bool,
}

impl Level {
    fn depth(&self) -> usize {
        if self.opaque {
            return 0;
        }
        self.run + self.angles + self.pipes
    }

    fn restart(&mut self) {
        *self = Self {
            opaque: self.opaque,
            ..Self::default()
        };
    }
}

/// The place where a file gets too deep.
pub(super) fn too_deep(tokens: &Tokens<'_>) -> Option<Range<usize>> {
    let mut outer: Vec<Level> = Vec::new();
    let mut waiting = 0;
    let mut level = Level::default();
    for at in 0..tokens.list.len() {
        let kind = tokens.list[at].kind;
        level.run += 1;
        match (bracket(kind), kind) {
            (Some((_, true)), _) => {
                waiting += level.depth();
                let opaque = level.opaque || is_macro(tokens, at);
                outer.push(level);
                level = Level {
                    opaque,
                    ..Level::default()
                };
            }
            (Some((_, false)), _) => {
                if let Some(parent) = outer.pop() {
                    waiting -= parent.depth();
                    level = parent;
                }
                if kind == TokenKind::CloseBrace && starts_anew(tokens, at + 1) {
                    level.restart();
                }
            }
            (_, TokenKind::Semi) => level.restart(),
            (_, TokenKind::Comma) if level.angles == 0 => level.run = 0,
            (_, TokenKind::Lt) => level.angles += 1,
            (_, TokenKind::Gt) => match at.checked_sub(1).and_then(|at| tokens.kind(at)) {
                Some(TokenKind::Minus) => {}
                // The pattern of an arm is over.
                Some(TokenKind::Eq) => level.pipes = 0,
                _ => level.angles = level.angles.saturating_sub(1),
            },
            (_, TokenKind::Or) => level.pipes += 1,
            _ => {}
        }
        if outer.len() > BRACKETS || waiting + level.depth() > WAITING {
            return Some(tokens.bytes(at));
        }
    }
    None
}

/// Whether a bracket holds the tokens of a macro call or definition.
fn is_macro(tokens: &Tokens<'_>, open: usize) -> bool {
    let bang = |back: usize| {
        open.checked_sub(back + 1).is_some_and(|name| {
            tokens.is(name + 1, TokenKind::Bang) && !tokens.ident(name).is_empty()
        })
    };
    bang(1) || (bang(2) && tokens.is_word(open.saturating_sub(3), "macro_rules"))
}

/// Whether a token after `}` begins another item, statement or arm.
fn starts_anew(tokens: &Tokens<'_>, at: usize) -> bool {
    match tokens.kind(at) {
        Some(TokenKind::Ident) => !tokens.is_word(at, "else") && !tokens.is_word(at, "as"),
        Some(TokenKind::RawIdent | TokenKind::Pound | TokenKind::Lifetime { .. }) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_too_deep(text: &str) -> bool {
        too_deep(&Tokens::new(text)).is_some()
    }

    #[test]
    fn long_files_are_not_deep() {
        for piece in [
            "fn f() { a(b, c); }\n",
            "struct S { a: A<B, C>, b: D }\n",
            "#[test] fn f() -> u8 { if a { b } else { c } }\n",
            "use a::{b, c::d};\n",
        ] {
            assert!(!is_too_deep(&piece.repeat(5_000)), "{piece}");
        }
        let arms = "A::B | A::C => { x } D => y, ".repeat(5_000);
        assert!(!is_too_deep(&format!("fn f() {{ match x {{ {arms} }} }}")));
        let table = "1, (2, 3), ".repeat(20_000);
        assert!(!is_too_deep(&format!("const T: X = [{table}];")));
        let calls = "a.b(c)".repeat(20_000);
        assert!(!is_too_deep(&format!("quote! {{ {calls} }}")));
    }

    #[test]
    fn whatever_nests_is_found() {
        for piece in [
            "(",
            "[",
            "{",
            "!",
            "-",
            "&",
            "&&",
            "*",
            "1+",
            "a.b().",
            "a<",
            "A<b,A<b,",
            "if a {} else ",
            "|a| ",
            "|a, b| ",
            "return ",
            "a=",
            "a..",
            "a?.",
            "x as T as ",
            "if ",
            "a::",
            "Fn() -> ",
            "for<'a, 'b> Fn() -> ",
            "a.f::<A, B>().",
            "match ",
            "'a: ",
            "async ",
            "#[a(",
        ] {
            assert!(
                is_too_deep(&format!("const A: B = {}", piece.repeat(20_000))),
                "{piece}"
            );
        }
    }
}
