//! Which classes, functions and constants does a PHP file declare and name?
//!
//! A name counts where PHP's grammar has a class: behind `new`, in front of `::`, as a type, in an attribute.
//! So a constant or a function is never taken for a class.

use std::ops::Range;

use super::imports::{Imports, Space};
use super::signatures::{Signatures, is_reserved};
use super::tokens::{Kind, Tokens};

/// A name in full, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) space: Space,
    pub(super) name: String,
    pub(super) bytes: Range<usize>,
}

/// What a file declares and names, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) declared: Vec<Name>,
    pub(super) used: Vec<Name>,
    /// Where files are taken in: the token behind `require` or `include`.
    pub(super) includes: Vec<usize>,
}

impl Names {
    pub(super) fn new(source: &[u8], tokens: &Tokens) -> Self {
        let mut reader = Reader {
            source,
            tokens,
            at: 0,
            depth: 0,
            imports: Imports::default(),
            blocks: Vec::new(),
            classes: Vec::new(),
            attributes: Vec::new(),
            signatures: Signatures::default(),
            found: Self::default(),
        };
        while reader.at < tokens.list.len() {
            reader.token();
            reader.at += 1;
        }
        reader.found
    }
}

/// What a brace opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Namespace,
    /// With the depth of brackets inside.
    Class(usize),
    Other,
}

struct Reader<'a> {
    source: &'a [u8],
    tokens: &'a Tokens,
    at: usize,
    /// Of round and square brackets.
    depth: usize,
    imports: Imports,
    blocks: Vec<Block>,
    /// The depths at which a class waits for its brace.
    classes: Vec<usize>,
    /// The depths inside open attributes.
    attributes: Vec<usize>,
    signatures: Signatures,
    found: Names,
}

impl<'a> Reader<'a> {
    fn token(&mut self) {
        let Some(kind) = self.kind(self.at) else {
            return;
        };
        match kind {
            Kind::Name => self.name(),
            Kind::Variable => self.property(),
            Kind::Byte(b'(' | b'[') | Kind::Attribute => {
                self.depth += 1;
                if kind == Kind::Attribute {
                    self.attributes.push(self.depth);
                }
                self.signatures.opened(kind, self.depth);
            }
            Kind::Byte(b')' | b']') => {
                self.attributes.pop_if(|inside| *inside == self.depth);
                self.signatures.closes(self.depth);
                self.depth = self.depth.saturating_sub(1);
            }
            Kind::Byte(b'{') => {
                self.signatures.mark(kind, self.depth);
                let is_class = self.classes.pop_if(|depth| *depth == self.depth).is_some();
                let block = if is_class {
                    Block::Class(self.depth)
                } else {
                    Block::Other
                };
                self.blocks.push(block);
            }
            Kind::Byte(b'}') => {
                self.blocks.pop();
            }
            Kind::Byte(_) | Kind::Arrow => self.signatures.mark(kind, self.depth),
            _ => {}
        }
    }

    fn name(&mut self) {
        let text = self.text(self.at);
        let before = self.at.checked_sub(1).and_then(|at| self.kind(at));
        if matches!(before, Some(Kind::Member | Kind::Scope)) {
            return;
        }
        let next = self.kind(self.at + 1);
        let in_attribute = self.attributes.last() == Some(&self.depth)
            && matches!(before, Some(Kind::Attribute | Kind::Byte(b',')));
        if next == Some(Kind::Scope) || in_attribute {
            self.uses_class(self.at);
            return;
        }
        if self.keyword(text, next) {
            return;
        }
        if next == Some(Kind::Byte(b'(')) && before != Some(Kind::Byte(b'$')) {
            if let Some(name) = self.imports.function(text) {
                self.uses(Space::Function, name, self.at);
            }
        } else if self.signatures.is_type(self.depth) {
            self.uses_class(self.at);
        }
    }

    /// Reads on from a keyword; `false` when it is none.
    fn keyword(&mut self, text: &str, next: Option<Kind>) -> bool {
        // No keyword is longer, and few names are as short.
        if text.len() > 12 {
            return false;
        }
        match &*text.to_ascii_lowercase() {
            "namespace" => self.namespace(),
            "use" => match self.blocks.last() {
                None | Some(Block::Namespace) if next == Some(Kind::Name) => self.import(),
                Some(Block::Class(_)) => self.class_list(),
                _ => {}
            },
            "class" | "interface" | "trait" => return self.class_like(next),
            "enum" => {
                let after = self.kind(self.at + 2);
                let is_enum = next == Some(Kind::Name)
                    && matches!(after, Some(Kind::Byte(b'{' | b':') | Kind::Name));
                return is_enum && self.class_like(next);
            }
            "extends" | "implements" => self.class_list(),
            "new" | "instanceof" => {
                if next == Some(Kind::Name) {
                    let name = self.text(self.at + 1);
                    let is_anonymous = ["class", "readonly"]
                        .iter()
                        .any(|word| name.eq_ignore_ascii_case(word));
                    if !is_anonymous {
                        self.at += 1;
                        self.uses_class(self.at);
                    }
                }
            }
            "catch" => self.caught(),
            "function" | "fn" => self.function(next),
            "const" => self.constant(),
            "require" | "require_once" | "include" | "include_once" => {
                self.found.includes.push(self.at + 1);
            }
            "as" | "insteadof" | "echo" | "return" | "case" | "print" | "yield" | "throw" => {}
            _ => return false,
        }
        true
    }

    /// `namespace Acme\Cart;` or `namespace Acme\Cart { … }`.
    fn namespace(&mut self) {
        let is_named = self.kind(self.at + 1) == Some(Kind::Name);
        let end = self.at + 1 + usize::from(is_named);
        match self.kind(end) {
            Some(Kind::Byte(b'{')) => self.blocks.push(Block::Namespace),
            Some(Kind::Byte(b';') | Kind::Html) if is_named => {}
            _ => return,
        }
        let name = if is_named { self.text(self.at + 1) } else { "" };
        self.imports.enter(name);
        self.at = end;
    }

    /// `use A\B, C as D;`, `use function a\b;`, `use A\{B, function c};`
    fn import(&mut self) {
        let all = self.space_of(self.at + 1);
        self.at += 1 + usize::from(all.is_some());
        let mut group: Option<&str> = None;
        while let Some(kind) = self.kind(self.at) {
            match kind {
                Kind::Name => {
                    let own = self.space_of(self.at).filter(|_| group.is_some());
                    self.at += usize::from(own.is_some());
                    let space = own.or(all).unwrap_or(Space::Class);
                    let place = self.at;
                    let name = self.text(place).trim_start_matches('\\');
                    if self.kind(place + 1) == Some(Kind::Byte(b'\\')) {
                        group = Some(name);
                    } else {
                        let alias = self.alias();
                        let name = match group {
                            Some(group) => format!("{group}\\{name}"),
                            None => name.to_owned(),
                        };
                        self.imports.import(space, &name, alias);
                        self.uses(space, name, place);
                    }
                }
                Kind::Byte(b'\\' | b'{' | b',' | b'}') => {}
                // The end of the statement, or no import at all: left to who reads next.
                _ => {
                    self.at -= 1;
                    return;
                }
            }
            self.at += 1;
        }
    }

    /// Reads `as Alias` behind a name.
    fn alias(&mut self) -> Option<&'a str> {
        let word = self.kind(self.at + 1) == Some(Kind::Name)
            && self.text(self.at + 1).eq_ignore_ascii_case("as");
        if !word || self.kind(self.at + 2) != Some(Kind::Name) {
            return None;
        }
        self.at += 2;
        Some(self.text(self.at))
    }

    /// `function` or `const` in an import.
    fn space_of(&self, at: usize) -> Option<Space> {
        let text = self.text(at);
        if self.kind(at + 1) != Some(Kind::Name) {
            None
        } else if text.eq_ignore_ascii_case("function") {
            Some(Space::Function)
        } else if text.eq_ignore_ascii_case("const") {
            Some(Space::Constant)
        } else {
            None
        }
    }

    /// `class Cart`, or `new class`.
    fn class_like(&mut self, next: Option<Kind>) -> bool {
        let is_named = next == Some(Kind::Name) && {
            let name = self.text(self.at + 1);
            !["extends", "implements"]
                .iter()
                .any(|word| name.eq_ignore_ascii_case(word))
        };
        let is_anonymous =
            matches!(next, Some(Kind::Byte(b'(' | b'{'))) || next == Some(Kind::Name);
        if !is_named && !is_anonymous {
            return false;
        }
        self.classes.push(self.depth);
        if is_named {
            self.at += 1;
            self.declares(Space::Class, self.at);
        }
        true
    }

    /// `A, B\C`, up to what is no name.
    fn class_list(&mut self) {
        while self.kind(self.at + 1) == Some(Kind::Name) {
            self.at += 1;
            self.uses_class(self.at);
            if self.kind(self.at + 1) != Some(Kind::Byte(b',')) {
                return;
            }
            self.at += 1;
        }
    }

    /// `catch (A | B $error)`
    fn caught(&mut self) {
        if self.kind(self.at + 1) != Some(Kind::Byte(b'(')) {
            return;
        }
        let mut at = self.at + 2;
        while let Some(Kind::Name | Kind::Byte(b'|')) = self.kind(at) {
            if self.kind(at) == Some(Kind::Name) {
                self.uses_class(at);
            }
            at += 1;
        }
        // The bracket is read again: it counts.
    }

    fn function(&mut self, next: Option<Kind>) {
        self.signatures.start();
        let by_reference = next == Some(Kind::Byte(b'&'));
        let name = self.at + 1 + usize::from(by_reference);
        if self.kind(name) != Some(Kind::Name) {
            return;
        }
        self.at = name;
        if !matches!(self.blocks.last(), Some(Block::Class(_))) {
            self.declares(Space::Function, name);
        }
    }

    /// `const A = 1, B = 2;` outside of classes: the first name is enough to find the file by.
    fn constant(&mut self) {
        let is_free = matches!(self.blocks.last(), None | Some(Block::Namespace));
        if is_free && self.kind(self.at + 1) == Some(Kind::Name) {
            self.at += 1;
            self.declares(Space::Constant, self.at);
        }
    }

    /// `private ?A|B $c`: the types in front of a property.
    fn property(&mut self) {
        if self.blocks.last() != Some(&Block::Class(self.depth)) {
            return;
        }
        let mut at = self.at;
        while let Some(before) = at.checked_sub(1)
            && let Some(Kind::Name | Kind::Byte(b'|' | b'&' | b'?' | b'(' | b')')) =
                self.kind(before)
        {
            at = before;
        }
        for at in at..self.at {
            if self.kind(at) == Some(Kind::Name) {
                self.uses_class(at);
            }
        }
    }

    fn uses_class(&mut self, at: usize) {
        let name = self.text(at);
        if !is_reserved(name) {
            let name = self.imports.class(name);
            self.uses(Space::Class, name, at);
        }
    }

    fn uses(&mut self, space: Space, name: String, at: usize) {
        let bytes = self.bytes(at);
        self.found.used.push(Name { space, name, bytes });
    }

    fn declares(&mut self, space: Space, at: usize) {
        let name = self.imports.own(self.text(at));
        let bytes = self.bytes(at);
        self.found.declared.push(Name { space, name, bytes });
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        Some(self.tokens.list.get(at)?.kind)
    }

    fn bytes(&self, at: usize) -> Range<usize> {
        let token = self.tokens.list.get(at);
        token.map_or(0..0, |token| token.bytes())
    }

    /// The text of a token; empty when it is no UTF-8.
    fn text(&self, at: usize) -> &'a str {
        let bytes = self.source.get(self.bytes(at)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}
