//! Can the first segment of a path be a crate that a manifest names?

use ra_ap_rustc_lexer::TokenKind;

use super::tokens::Tokens;

/// How a path that could start at a token stands to what is before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    Relative,
    /// `::name`
    Global,
    /// It is the middle of a path, a method or a macro's fragment.
    No,
}

pub(super) fn beginning(tokens: &Tokens<'_>, at: usize) -> Beginning {
    let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.kind(at));
    match before(1) {
        Some(TokenKind::Dollar) => Beginning::No,
        // `..name::f()` is a range or a base of a struct.
        Some(TokenKind::Dot) if before(2) != Some(TokenKind::Dot) => Beginning::No,
        Some(TokenKind::Colon) if tokens.is_path_separator(at.saturating_sub(2)) => {
            let word = at.checked_sub(3).map_or("", |at| tokens.ident(at));
            match before(3) {
                Some(TokenKind::Ident) if TYPE_KEYWORDS.contains(&word) => Beginning::Global,
                Some(TokenKind::Gt) => match before(4) {
                    Some(TokenKind::Minus | TokenKind::Eq) => Beginning::Global,
                    _ => Beginning::No,
                },
                Some(
                    TokenKind::Ident
                    | TokenKind::RawIdent
                    | TokenKind::CloseParen
                    | TokenKind::CloseBracket
                    | TokenKind::Dollar
                    | TokenKind::Colon,
                ) => {
                    // `name: ::other::Name`
                    if before(3) == Some(TokenKind::Colon) && before(4) != Some(TokenKind::Colon) {
                        Beginning::Global
                    } else {
                        Beginning::No
                    }
                }
                _ => Beginning::Global,
            }
        }
        _ => Beginning::Relative,
    }
}

/// Whether the first segment of a path can be a crate that a manifest names.
pub(super) fn can_be_crate(name: &str) -> bool {
    name.starts_with(|c: char| c == '_' || c.is_lowercase())
        && name != "_"
        && !OWN.contains(&name)
        && !PRIMITIVE.contains(&name)
}

/// Whether a plain word is part of the grammar, never a name.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Whether a name is a tool that attributes may address.
pub(super) fn is_tool(name: &str) -> bool {
    TOOLS.contains(&name)
}

/// What is there without a manifest, and words for places in the own crate.
const OWN: &[&str] = &[
    "alloc",
    "core",
    "crate",
    "proc_macro",
    "self",
    "std",
    "super",
    "test",
];

/// <https://doc.rust-lang.org/reference/types.html>
const PRIMITIVE: &[&str] = &[
    "array", "bool", "char", "f128", "f16", "f32", "f64", "i128", "i16", "i32", "i64", "i8",
    "isize", "never", "pointer", "slice", "str", "u128", "u16", "u32", "u64", "u8", "usize",
];

/// Tools whose names start paths in attributes: <https://doc.rust-lang.org/reference/attributes.html>
const TOOLS: &[&str] = &[
    "clippy",
    "diagnostic",
    "miri",
    "rust_analyzer",
    "rustc",
    "rustdoc",
    "rustfmt",
];

/// Keywords after which a path starts anew.
const TYPE_KEYWORDS: &[&str] = &[
    "as", "await", "break", "const", "dyn", "else", "for", "if", "impl", "in", "let", "match",
    "move", "mut", "ref", "return", "static", "unsafe", "where", "while", "yield",
];

/// <https://doc.rust-lang.org/reference/keywords.html>
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static",
    "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];
