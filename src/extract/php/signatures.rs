//! Where the parameters and the result of a PHP function have their types: `function f(Cart $a = B): C`.

use super::tokens::Kind;

/// The signatures that are open at a place of a file; an attribute or a default may hold others.
#[derive(Debug, Default)]
pub(super) struct Signatures {
    /// After `function`: the next bracket opens its parameters.
    starts: bool,
    open: Vec<Parameters>,
    /// After the parameters; whether the colon of the result's type has come.
    result: Option<bool>,
}

#[derive(Debug)]
struct Parameters {
    /// The depth of brackets inside.
    depth: usize,
    in_default: bool,
}

impl Signatures {
    /// A function starts.
    pub(super) fn start(&mut self) {
        self.starts = true;
        self.result = None;
    }

    /// A bracket opened, to this depth.
    pub(super) fn opened(&mut self, kind: Kind, depth: usize) {
        if self.starts && kind == Kind::Byte(b'(') {
            self.starts = false;
            self.open.push(Parameters {
                depth,
                in_default: false,
            });
        }
    }

    /// A bracket closes, from this depth.
    pub(super) fn closes(&mut self, depth: usize) {
        if self.open.pop_if(|last| last.depth == depth).is_some() {
            self.result = Some(false);
        }
    }

    /// A mark between brackets.
    pub(super) fn mark(&mut self, kind: Kind, depth: usize) {
        match kind {
            Kind::Byte(b'{' | b';') | Kind::Arrow => self.result = None,
            Kind::Byte(b':') => {
                if let Some(colon) = &mut self.result {
                    *colon = true;
                }
            }
            _ => {}
        }
        if let Some(last) = self.open.last_mut()
            && last.depth == depth
        {
            match kind {
                Kind::Byte(b'=') => last.in_default = true,
                Kind::Byte(b',') => last.in_default = false,
                _ => {}
            }
        }
    }

    /// Whether a name at this depth is a type.
    pub(super) fn is_type(&self, depth: usize) -> bool {
        self.result == Some(true)
            || self
                .open
                .last()
                .is_some_and(|last| last.depth == depth && !last.in_default)
    }
}

/// Words that stand where types do and name no class.
pub(super) fn is_reserved(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "abstract",
        "array",
        "bool",
        "callable",
        "const",
        "false",
        "final",
        "float",
        "int",
        "iterable",
        "mixed",
        "never",
        "null",
        "object",
        "parent",
        "private",
        "protected",
        "public",
        "readonly",
        "self",
        "static",
        "string",
        "true",
        "var",
        "void",
    ];
    name.len() <= 9 && WORDS.binary_search(&&*name.to_ascii_lowercase()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_found_in_any_case() {
        assert!(is_reserved("Static") && is_reserved("NULL") && is_reserved("protected"));
        assert!(!is_reserved("Cart") && !is_reserved("Integer"));
    }
}
