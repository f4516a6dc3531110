//! Declarations of types, methods and variables, and what is assigned.

use std::ops::Range;

use super::{Attribute, Definition, KEYWORDS, Method, NONE, Outline, Type};
use crate::extract::dotnet::tokens::Kind;

impl<'t> Outline<'t> {
    /// The body of a type, or an empty one.
    pub(super) fn type_declaration(
        &mut self,
        at: usize,
        pending: &mut Vec<Attribute<'t>>,
    ) -> Option<Range<usize>> {
        let mut name_at = at + 1;
        if self.tokens.is_word(name_at, "class") || self.tokens.is_word(name_at, "struct") {
            name_at += 1;
        }
        let name = self.tokens.word(name_at)?;
        let (_, mut next) = self.type_at(name_at)?;
        if self.is(next, b'(') {
            self.heads.insert(next);
            next = self.pair(next)? + 1;
        }
        let mut bases = Vec::new();
        if self.is(next, b':') {
            next += 1;
            while let Some((kind, after)) = self.type_at(next) {
                bases.push(self.unaliased(&kind));
                next = match self.is(after, b'(') {
                    true => {
                        self.heads.insert(after);
                        self.pair(after)? + 1
                    }
                    false => after,
                };
                if !self.is(next, b',') {
                    break;
                }
                next += 1;
            }
        }
        let limit = self.tokens.list.len().min(next + 256);
        let open = (next..limit).find(|at| self.is(*at, b'{') || self.is(*at, b';'));
        let body = open.map_or(at..at, |open| match self.pair(open) {
            // Parameters of a primary constructor belong to the type.
            Some(close) if self.is(open, b'{') => name_at + 1..close,
            _ => name_at + 1..open,
        });
        if matches!(name, "where" | "class" | "struct") {
            return None;
        }
        self.types.push(Type {
            name,
            bases,
            attributes: std::mem::take(pending),
            at: name_at,
        });
        Some(body)
    }

    /// A declaration of a method: where its body is.
    pub(super) fn method(
        &mut self,
        at: usize,
        open: usize,
        close: usize,
        around: (u32, u32),
        pending: &mut Vec<Attribute<'t>>,
    ) -> Option<Range<usize>> {
        let before = at.checked_sub(1)?;
        let name = self.tokens.word(at)?;
        let owner = self.types.get(around.0 as usize);
        let is_constructor = around.1 == NONE && owner.is_some_and(|owner| owner.name == name);
        let follows_type = match self.tokens.kind(before) {
            Some(Kind::Word) => !self
                .tokens
                .word(before)
                .is_some_and(|word| KEYWORDS.contains(&word)),
            Some(Kind::Sign(b'>' | b']' | b'?' | b')')) => around.1 == NONE || before > 0,
            _ => false,
        };
        if !is_constructor && !follows_type {
            return None;
        }
        let mut next = close + 1;
        if self.is(next, b':') {
            // `: base(…)`.
            next += 2;
            next = self.pair(next)? + 1;
        }
        if self.tokens.is_word(next, "where") {
            let limit = self.tokens.list.len().min(next + 128);
            next = (next..limit)
                .find(|at| self.is(*at, b'{') || self.is(*at, b';') || self.is(*at, b'='))?;
        }
        let body = if self.is(next, b'{') {
            next + 1..self.pair(next)?
        } else if self.is(next, b'=') && self.is(next + 1, b'>') {
            self.expression(next + 2)
        } else if self.is(next, b';') && around.1 == NONE && around.0 != NONE {
            next..next
        } else {
            return None;
        };
        let parameters = self.arguments(open, close);
        let parameters = parameters.iter().filter_map(|parameter| {
            let tokens = parameter.tokens.clone();
            let end = (tokens.clone())
                .find(|at| self.is(*at, b'='))
                .unwrap_or(tokens.end);
            self.tokens.word(end.checked_sub(1)?)
        });
        self.methods.push(Method {
            name,
            owner: (around.0 != NONE).then_some(around.0 as usize),
            parameters: parameters.collect(),
            attributes: std::mem::take(pending),
            body: body.clone(),
            at,
        });
        // Parameters belong to the method.
        Some(open..body.end.max(close))
    }

    /// `name = value`, `name += value`, `Name { get; } = value`, `Type Name => value`.
    pub(super) fn assigned(&mut self, at: usize, word: &'t str, is_path: bool) {
        let mut next = at + 1;
        if self.is(next, b'{')
            && let Some(close) = self.pair(next)
            && self.is(close + 1, b'=')
        {
            next = close + 1;
        }
        let changes = |sign| self.is(next, sign) && self.is(next + 1, b'=');
        let value = if changes(b'+') || changes(b'-') || changes(b'|') {
            None
        } else if self.is(next, b'=') && self.is(next + 1, b'>') {
            let has_type = at.checked_sub(1).is_some_and(|before| {
                matches!(
                    self.tokens.kind(before),
                    Some(Kind::Word | Kind::Sign(b'>'))
                ) && !self
                    .tokens
                    .word(before)
                    .is_some_and(|word| word == "async" || KEYWORDS.contains(&word))
            });
            if !has_type {
                return;
            }
            Some(self.expression(next + 2))
        } else if self.is(next, b'=') && !self.is(next + 1, b'=') {
            Some(self.expression(next + 1))
        } else {
            return;
        };
        let is_this = is_path && at > 1 && self.tokens.is_word(at - 2, "this");
        let is_declaration = !is_path
            && at.checked_sub(1).is_some_and(|before| {
                matches!(
                    self.tokens.kind(before),
                    Some(Kind::Word | Kind::Sign(b'>' | b']' | b'?'))
                )
            });
        let list = self.definitions.entry(word).or_default();
        list.push(Definition {
            at,
            value,
            is_declaration,
            is_member: is_path && !is_this,
        });
    }

    /// `Type name` in front of what ends a declaration.
    pub(super) fn declaration(&mut self, at: usize) {
        let Some((kind, next)) = self.type_at(at) else {
            return;
        };
        if next == at + 1 && !matches!(self.tokens.kind(next), Some(Kind::Word)) {
            return;
        }
        let Some(name) = self
            .tokens
            .word(next)
            .filter(|name| !KEYWORDS.contains(name))
        else {
            return;
        };
        let is_declared = matches!(
            self.tokens.kind(next + 1),
            Some(Kind::Sign(b',' | b')' | b'=' | b';' | b'{'))
        ) || self.tokens.is_word(next + 1, "in");
        let is_type = kind
            .simple()
            .starts_with(|first: char| first.is_uppercase());
        if is_declared && is_type {
            self.declared.entry(name).or_default().push((at, kind));
        }
    }
}
