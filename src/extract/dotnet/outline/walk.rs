//! Where do expressions, types and arguments start and end?

use std::ops::Range;

use super::{Argument, Call, KEYWORDS, Outline, TypeName};
use crate::extract::dotnet::tokens::Kind;

/// The longest list of type arguments, in tokens.
const GENERICS: usize = 96;

/// The longest expression, in tokens; what stands in brackets counts as one.
const EXPRESSION: usize = 1024;

/// The most expressions in a chain.
const CHAIN: usize = 64;

impl<'t> Outline<'t> {
    /// The expression in front of the dot of a call: its tokens.
    pub(in crate::extract::dotnet) fn receiver(&self, call: &Call<'t>) -> Option<Range<usize>> {
        let dot = call.at.checked_sub(1)?;
        if call.is_new || !self.tokens.is_sign(dot, b'.') {
            return None;
        }
        let end = self.before_marks(dot);
        Some(self.start(end)..end)
    }

    /// The last name of what a call is made on: `cart` of `this.cart.Add(…)`.
    pub(in crate::extract::dotnet) fn receiver_name(&self, call: &Call<'t>) -> Option<&'t str> {
        let receiver = self.receiver(call)?;
        self.tokens.word(receiver.end.checked_sub(1)?)
    }

    /// The calls of the chain in front of a call, the first one first, and the tokens with which the chain starts.
    pub(in crate::extract::dotnet) fn chain(
        &self,
        call: &Call<'t>,
    ) -> (Vec<&Call<'t>>, Option<Range<usize>>) {
        let mut calls = Vec::new();
        let mut receiver = self.receiver(call);
        while let Some(range) = receiver.clone()
            && calls.len() < CHAIN
        {
            let Some(before) = range.end.checked_sub(1).and_then(|at| self.call_ending(at)) else {
                break;
            };
            calls.push(before);
            receiver = self.receiver(before);
        }
        calls.reverse();
        (calls, receiver)
    }

    /// A type's name, its arguments, and the token behind it.
    pub(in crate::extract::dotnet) fn type_at(&self, start: usize) -> Option<(TypeName, usize)> {
        let tokens = &self.tokens;
        let mut at = start;
        let mut path = tokens.word(at)?.to_owned();
        at += 1;
        while let Some(next) = self.name_behind(at) {
            path = match tokens.is_sign(at, b':') {
                true => tokens.word(next)?.to_owned(),
                false => format!("{path}.{}", tokens.word(next)?),
            };
            at = next + 1;
        }
        let mut arguments = Vec::new();
        if tokens.is_sign(at, b'<') {
            let end = self.generics_end(at)?;
            let mut next = at + 1;
            while next < end {
                match self.type_at(next) {
                    Some((kind, after)) => {
                        arguments.push(kind.path);
                        next = after;
                    }
                    None => next += 1,
                }
            }
            at = end + 1;
        }
        loop {
            if tokens.is_sign(at, b'[') && tokens.is_sign(at + 1, b']') {
                at += 2;
            } else if tokens.is_sign(at, b'?') && !tokens.is_sign(at + 1, b'.') {
                at += 1;
            } else {
                return Some((TypeName { path, arguments }, at));
            }
        }
    }

    /// The name behind `.` or `::`.
    pub(super) fn name_behind(&self, at: usize) -> Option<usize> {
        let next = if self.tokens.is_sign(at, b'.') {
            at + 1
        } else if self.tokens.is_sign(at, b':') && self.tokens.is_sign(at + 1, b':') {
            at + 2
        } else {
            return None;
        };
        self.tokens.word(next).map(|_| next)
    }

    /// Where the type arguments that start at `<` end.
    pub(super) fn generics_end(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        for at in open..self.tokens.list.len().min(open + GENERICS) {
            match self.tokens.kind(at)? {
                Kind::Sign(b'<') => depth += 1,
                Kind::Sign(b'>') if depth == 1 => return Some(at),
                Kind::Sign(b'>') => depth -= 1,
                Kind::Word | Kind::Sign(b'.' | b',' | b'?' | b'[' | b']' | b'(' | b')' | b':') => {}
                _ => return None,
            }
        }
        None
    }

    /// The end of an expression without `?` and `!` behind it.
    pub(super) fn before_marks(&self, mut end: usize) -> usize {
        while end > 0 && (self.is(end - 1, b'?') || self.is(end - 1, b'!')) {
            end -= 1;
        }
        end
    }

    /// Where the chain of names, calls and indices starts that ends in front of a token.
    pub(in crate::extract::dotnet) fn start(&self, end: usize) -> usize {
        let mut start = end;
        for _ in 0..CHAIN * 4 {
            let Some(last) = start.checked_sub(1) else {
                break;
            };
            match self.tokens.kind(last) {
                Some(Kind::Sign(b')' | b']')) => match self.pair(last) {
                    Some(open) => start = open,
                    None => break,
                },
                Some(Kind::Sign(b'>')) => match self.generics_start(last) {
                    Some(open) => start = open,
                    None => break,
                },
                Some(Kind::Text) => {
                    start = last;
                    break;
                }
                Some(Kind::Word) => {
                    let word = self.tokens.word(last).unwrap_or_default();
                    if KEYWORDS.contains(&word) && word != "new" {
                        break;
                    }
                    start = last;
                    match last.checked_sub(1) {
                        Some(before) if self.is(before, b'.') => start = self.before_marks(before),
                        Some(before) if self.tokens.is_word(before, "new") => {
                            return before;
                        }
                        _ => break,
                    }
                    continue;
                }
                _ => break,
            }
            // Brackets without a name in front are an expression of their own.
            let has_name = start.checked_sub(1).is_some_and(|at| {
                matches!(
                    self.tokens.kind(at),
                    Some(Kind::Word | Kind::Sign(b')' | b']' | b'>'))
                ) && !self
                    .tokens
                    .word(at)
                    .is_some_and(|word| KEYWORDS.contains(&word))
            });
            if !has_name {
                break;
            }
        }
        start
    }

    pub(super) fn generics_start(&self, close: usize) -> Option<usize> {
        let mut depth = 0usize;
        for at in (close.saturating_sub(GENERICS)..=close).rev() {
            match self.tokens.kind(at)? {
                Kind::Sign(b'>') => depth += 1,
                Kind::Sign(b'<') if depth == 1 => return Some(at),
                Kind::Sign(b'<') => depth -= 1,
                Kind::Word | Kind::Sign(b'.' | b',' | b'?' | b'[' | b']' | b'(' | b')' | b':') => {}
                _ => return None,
            }
        }
        None
    }

    /// The last token of a text, which has several when code stands in it.
    pub(in crate::extract::dotnet) fn text_end(&self, start: usize) -> usize {
        let source = |at: usize| self.tokens.text.get(self.tokens.bytes(at));
        let opens = |at: usize| source(at).is_some_and(|text| text.ends_with('{'));
        let is_interpolated = source(start)
            .is_some_and(|text| text.trim_start_matches('@').starts_with('$') && opens(start));
        if !is_interpolated {
            return start;
        }
        let mut depth = 1usize;
        for at in start + 1..self.tokens.list.len().min(start + EXPRESSION) {
            if self.tokens.kind(at) != Some(Kind::Text) {
                continue;
            }
            let text = source(at).unwrap_or_default();
            let begins = text.trim_start_matches('@').starts_with('$')
                && text.trim_start_matches(['@', '$']).starts_with('"');
            match (begins, text.ends_with('{')) {
                (true, true) => depth += 1,
                (false, false) if !text.starts_with(['"', '@']) || text == "\"" => {
                    depth -= 1;
                    if depth == 0 {
                        return at;
                    }
                }
                _ => {}
            }
        }
        start
    }

    /// The end of an expression: in front of a comma, a semicolon or the bracket that closes what is around.
    pub(in crate::extract::dotnet) fn expression(&self, start: usize) -> Range<usize> {
        let mut at = start;
        let limit = self.tokens.list.len().min(start + EXPRESSION);
        while at < limit {
            match self.tokens.kind(at) {
                Some(Kind::Sign(b'(' | b'[' | b'{')) => match self.pair(at) {
                    Some(close) => at = close,
                    None => break,
                },
                Some(Kind::Sign(b')' | b']' | b'}' | b';' | b',')) => break,
                Some(Kind::Sign(b'<')) => at = self.generics_end(at).unwrap_or(at),
                Some(Kind::Text) => at = self.text_end(at),
                _ => {}
            }
            at += 1;
        }
        start..at
    }

    /// The arguments between two brackets.
    pub(super) fn arguments(&self, open: usize, close: usize) -> Vec<Argument<'t>> {
        let mut found = Vec::new();
        let mut at = open + 1;
        while at < close && found.len() < 64 {
            let name = match self.is(at + 1, b':') && !self.is(at + 2, b':') {
                true => self.tokens.word(at),
                false => None,
            };
            let start = if name.is_some() { at + 2 } else { at };
            let mut tokens = self.expression(start);
            tokens.end = tokens.end.min(close);
            let end = tokens.end;
            // A number is no token, but an argument.
            found.push(Argument { name, tokens });
            at = end.max(at) + 1;
        }
        found
    }
}
