//! Reads a file from its first token to its last: attributes, calls, imports, and what is in whose body.

use std::ops::Range;

use super::{Attribute, Call, KEYWORDS, NONE, Outline};
use crate::extract::dotnet::tokens::Kind;

/// Words that are followed by brackets and call nothing.
const STATEMENTS: &[&str] = &[
    "base",
    "catch",
    "checked",
    "default",
    "fixed",
    "for",
    "foreach",
    "if",
    "lock",
    "sizeof",
    "stackalloc",
    "switch",
    "this",
    "typeof",
    "unchecked",
    "using",
    "when",
    "while",
];

/// The most calls and definitions of one file.
const ITEMS: usize = 1 << 16;

impl<'t> Outline<'t> {
    pub(super) fn read(&mut self) {
        let mut open: Vec<(usize, (u32, u32))> = Vec::new();
        // Bodies that have been announced: where they start and end, and whose they are.
        let mut announced: Vec<(Range<usize>, (u32, u32))> = Vec::new();
        let mut pending: Vec<Attribute<'t>> = Vec::new();
        let mut attribute_end = NONE as usize;
        let mut at = 0;
        while at < self.tokens.list.len() {
            while open.last().is_some_and(|(end, _)| *end <= at) {
                open.pop();
            }
            while let Some((range, owner)) = announced.last().cloned()
                && range.start <= at
            {
                announced.pop();
                if at < range.end {
                    open.push((range.end, owner));
                }
            }
            let around = open.last().map_or((NONE, NONE), |(_, around)| *around);
            self.around.push(around);
            if self.calls.len() > ITEMS {
                self.is_cut = true;
                at += 1;
                continue;
            }
            match self.tokens.kind(at) {
                Some(Kind::Sign(b'[')) => {
                    if let Some(close) = self.attributes_at(at, attribute_end, &mut pending) {
                        attribute_end = close;
                    }
                }
                Some(Kind::Sign(b';' | b'{' | b'}')) => pending.clear(),
                Some(Kind::Word) if attribute_end != NONE as usize && at < attribute_end => {
                    // Attributes are kept already; what they are given may be calls (`nameof`).
                    if self.is(at + 1, b'(')
                        && !self.heads.contains(&(at + 1))
                        && let Some(close) = self.pair(at + 1)
                    {
                        self.call(at, at + 1, close, false, at);
                    }
                }
                Some(Kind::Word) => {
                    if let Some((body, owner)) = self.word(at, around, &mut pending) {
                        announced.push((body, owner));
                        announced.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Attributes in front of a declaration are kept for it; where their list ends.
    pub(super) fn attributes_at(
        &mut self,
        open: usize,
        earlier: usize,
        pending: &mut Vec<Attribute<'t>>,
    ) -> Option<usize> {
        let close = self.pair(open)?;
        // A list of values ends where a value ends.
        let is_followed = matches!(
            self.tokens.kind(close + 1),
            Some(Kind::Word | Kind::Sign(b'[' | b'('))
        );
        if !is_followed {
            return None;
        }
        let before = open.checked_sub(1);
        let is_first = before.is_none_or(|before| {
            before == earlier
                || matches!(
                    self.tokens.kind(before),
                    Some(Kind::Sign(b'{' | b'}' | b';'))
                )
        });
        let is_parameter = before.is_some_and(|at| self.is(at, b'(') || self.is(at, b','));
        if !is_first && !is_parameter {
            return None;
        }
        let mut at = open + 1;
        if self.is(at + 1, b':') && !self.is(at + 2, b':') {
            at += 2;
        }
        while at < close {
            let (kind, after) = self.type_at(at)?;
            let arguments = match self.is(after, b'(') {
                true => {
                    self.heads.insert(after);
                    self.pair(after).map(|end| self.arguments(after, end))
                }
                false => None,
            };
            let name_at = (at..after).rfind(|at| {
                self.tokens
                    .word(*at)
                    .is_some_and(|word| word == kind.simple())
            })?;
            let name = self.tokens.word(name_at)?;
            let attribute = Attribute {
                name: name.strip_suffix("Attribute").unwrap_or(name),
                arguments: arguments.unwrap_or_default(),
                at: name_at,
            };
            if is_first {
                pending.push(attribute.clone());
            }
            self.attributes.push(attribute);
            let end = match self.is(after, b'(') {
                true => self.pair(after)? + 1,
                false => after,
            };
            if !self.is(end, b',') {
                break;
            }
            at = end + 1;
        }
        Some(close)
    }

    /// Reads what a word starts; the tokens of a body, and whose it is.
    pub(super) fn word(
        &mut self,
        at: usize,
        around: (u32, u32),
        pending: &mut Vec<Attribute<'t>>,
    ) -> Option<(Range<usize>, (u32, u32))> {
        let word = self.tokens.word(at)?;
        let before = at.checked_sub(1);
        let is_path = before.is_some_and(|before| self.is(before, b'.'));
        match word {
            "using" if !is_path => {
                self.using(at);
                return None;
            }
            "class" | "record" | "struct" | "interface" if !is_path => {
                let found = self.type_declaration(at, pending)?;
                let number = (self.types.len() - 1) as u32;
                return Some((found, (number, NONE)));
            }
            _ => {}
        }
        if STATEMENTS.contains(&word) {
            return None;
        }
        self.assigned(at, word, is_path);
        if !is_path && !KEYWORDS.contains(&word) {
            self.declaration(at);
        }
        let mut open = at + 1;
        if self.is(open, b'<') {
            open = self.generics_end(open)? + 1;
        }
        let path_start = self.path_start(at);
        let is_new = word == "new"
            || path_start
                .checked_sub(1)
                .is_some_and(|before| self.tokens.is_word(before, "new"));
        if is_new && self.is(open, b'{') && word != "new" {
            self.call(at, open, open, true, path_start);
            return None;
        }
        if !self.is(open, b'(') || self.heads.contains(&open) {
            return None;
        }
        let close = self.pair(open)?;
        if !is_new
            && !is_path
            && let Some(body) = self.method(at, open, close, around, pending)
        {
            let number = (self.methods.len() - 1) as u32;
            return Some((body, (around.0, number)));
        }
        if KEYWORDS.contains(&word) && word != "new" {
            return None;
        }
        self.call(at, open, close, is_new, path_start);
        None
    }

    pub(super) fn path_start(&self, at: usize) -> usize {
        let mut start = at;
        while start > 1 && self.is(start - 1, b'.') && self.tokens.word(start - 2).is_some() {
            start -= 2;
        }
        start
    }

    pub(super) fn call(
        &mut self,
        at: usize,
        open: usize,
        close: usize,
        is_new: bool,
        path_start: usize,
    ) {
        let Some(name) = self.tokens.word(at) else {
            return;
        };
        let mut path = String::new();
        let mut generics = Vec::new();
        if is_new && name != "new" {
            let words = (path_start..=at).filter_map(|at| self.tokens.word(at));
            path = words.collect::<Vec<_>>().join(".");
            if let Some(whole) = self.aliases.get(&*path) {
                path = whole.clone();
            }
        }
        if self.is(at + 1, b'<') {
            let mut next = at + 2;
            while next + 1 < open {
                match self.type_at(next) {
                    Some((kind, after)) => {
                        generics.push(self.unaliased(&kind));
                        next = after;
                    }
                    None => next += 1,
                }
            }
        }
        let arguments = match open == close {
            true => Vec::new(),
            false => self.arguments(open, close),
        };
        let end = match open == close {
            true => self.pair(open).unwrap_or(open),
            false => close,
        };
        self.by_end.insert(end, self.calls.len());
        self.calls.push(Call {
            name,
            path,
            is_new,
            generics,
            arguments,
            at,
            end,
        });
    }

    /// `using A.B;` and `using C = A.B;`.
    pub(super) fn using(&mut self, at: usize) {
        let mut start = at + 1;
        if self.tokens.is_word(start, "static") {
            start += 1;
        }
        let alias = match self.is(start + 1, b'=') {
            true => self.tokens.word(start),
            false => None,
        };
        if alias.is_some() {
            start += 2;
        }
        let Some((kind, after)) = self.type_at(start) else {
            return;
        };
        if !self.is(after, b';') {
            return;
        }
        match alias {
            Some(alias) => {
                self.aliases.insert(alias, kind.path);
            }
            None => self.usings.push(kind.path),
        }
    }
}
