//! What do sums, choices and chains of calls come to, piece by piece?

use std::ops::Range;

use super::members::environment;
use super::{LISTED, Scope, Value, Values};
use crate::model::{Part, Ref, Template};

impl Values<'_, '_> {
    pub(super) fn value_of(&self, tokens: Range<usize>, scope: Scope, depth: usize) -> Value {
        let Range { mut start, mut end } = tokens;
        let source = self.source;
        // Brackets around all of it, and casts in front.
        while source.is(start, b'(') {
            let mate = source.mate(start);
            if mate + 1 == end {
                start += 1;
                end -= 1;
            } else if !source.is_kotlin() && mate + 1 < end && self.is_cast(start, mate) {
                start = mate + 1;
            } else {
                break;
            }
        }
        if source.is_kotlin() && source.is_word(start, "if") && source.is(start + 1, b'(') {
            let then = source.after(start + 1);
            let other = (then..end).find(|at| source.is_word(*at, "else"));
            if let Some(other) = other {
                let mut value = self.branch(then..other, scope, depth + 1);
                value.join(self.branch(other + 1..end, scope, depth + 1));
                return value;
            }
        }
        let mut pluses = Vec::new();
        let mut at = start;
        while at < end {
            if source.is(at, b'?') {
                if source.is(at + 1, b':') {
                    let first = self.expression(start..at, scope, depth + 1);
                    return or(first, self.expression(at + 2..end, scope, depth + 1));
                }
                if !source.is_kotlin() && !source.is(at + 1, b'.') {
                    return self.choice(at + 1, end, scope, depth);
                }
            }
            let is_sum = source.is(at, b'+')
                && at > start
                && !source.is(at + 1, b'+')
                && !source.is_any(at - 1, b"+=");
            if is_sum {
                pluses.push(at);
            }
            // A lambda is no text.
            if source.is(at, b'-') && source.is(at + 1, b'>') && !source.is_kotlin() {
                return Value::default();
            }
            at = source.after(at);
        }
        if pluses.is_empty() {
            return self.chain(start..end, scope, depth);
        }
        let mut value = Value::text("").typed("String");
        let mut from = start;
        for plus in pluses.into_iter().chain([end]) {
            let part = self.expression(from..plus, scope, depth + 1);
            value.append(part.or_hole());
            from = plus + 1;
        }
        value
    }

    /// `a : b` behind the question.
    fn choice(&self, start: usize, end: usize, scope: Scope, depth: usize) -> Value {
        let source = self.source;
        let mut nested = 0usize;
        let mut at = start;
        while at < end {
            if source.is(at, b'?') {
                nested += 1;
            } else if source.is(at, b':') && !source.is(at + 1, b':') && !source.is(at - 1, b':') {
                if nested == 0 {
                    let mut value = self.expression(start..at, scope, depth + 1);
                    value.join(self.expression(at + 1..end, scope, depth + 1));
                    return value;
                }
                nested -= 1;
            }
            at = source.after(at);
        }
        Value::default()
    }

    /// A branch of Kotlin, which may stand in braces; its last expression is its value.
    fn branch(&self, tokens: Range<usize>, scope: Scope, depth: usize) -> Value {
        let inner = match self.source.is(tokens.start, b'{') {
            true => self.source.inside(tokens.start),
            false => tokens,
        };
        self.expression(inner, scope, depth)
    }

    fn is_cast(&self, open: usize, close: usize) -> bool {
        let source = self.source;
        let starts = source
            .word(open + 1)
            .starts_with(|c: char| c.is_uppercase());
        let is_type = (open + 1..close)
            .all(|at| !source.word(at).is_empty() || source.is_any(at, b".<>,?[]"));
        let goes_on = !source.word(close + 1).is_empty()
            || source.quoted(close + 1).is_some()
            || source.is(close + 1, b'(');
        starts && is_type && goes_on
    }

    /// A head with calls and members behind it.
    pub(super) fn chain(&self, tokens: Range<usize>, scope: Scope, depth: usize) -> Value {
        let source = self.source;
        let Range { start, end } = tokens;
        let (mut value, mut at) = self.head(start, end, scope, depth);
        while at < end {
            if source.is(at, b'!') || source.is(at, b'?') {
                at += 1;
            } else if source.is(at, b'.') {
                let mut name_at = at + 1;
                if source.is(name_at, b'<') {
                    name_at = source.after_types(name_at).unwrap_or(name_at + 1);
                }
                let name = source.word(name_at);
                if name.is_empty() {
                    return Value::default();
                }
                at = name_at + 1;
                if source.is_kotlin() && source.is(at, b'<') {
                    at = source.after_types(at).unwrap_or(at);
                }
                if source.is(at, b'(') && at < end {
                    let args = source.split(source.inside(at), b',');
                    value = self.called(value, name, &args, scope, depth);
                    at = source.after(at);
                    if source.is_kotlin() && source.is(at, b'{') && !source.is_fresh(at) {
                        at = source.after(at);
                    }
                } else if source.is_kotlin() && source.is(at, b'{') && !source.is_fresh(at) {
                    value = self.called(value, name, &[], scope, depth);
                    at = source.after(at);
                } else {
                    value = self.member(value, name);
                }
            } else if source.is(at, b'[') {
                let inside = source.inside(at);
                let key = self.expression(inside, scope, depth + 1);
                value = match &*value.ty {
                    "environment" => environment(key),
                    "ServiceInstance" => value,
                    _ => Value::default(),
                };
                at = source.after(at);
            } else if source.is_word(at, "as") || source.is_word(at, "to") {
                return value;
            } else {
                return Value::default();
            }
        }
        value
    }

    /// The first piece of a chain, and what comes behind it.
    fn head(&self, start: usize, end: usize, scope: Scope, depth: usize) -> (Value, usize) {
        let source = self.source;
        if let Some(quoted) = source.quoted(start) {
            return (self.literal(quoted, scope, depth), start + 1);
        }
        if source.is(start, b'(') {
            let inside = source.inside(start);
            return (
                self.expression(inside, scope, depth + 1),
                source.after(start),
            );
        }
        // `{ "a", "b" }` and `["a", "b"]`: all of them.
        if source.is(start, b'{') || source.is(start, b'[') {
            let parts = source.split(source.inside(start), b',');
            return (self.list(&parts, scope, depth), source.after(start));
        }
        let word = source.word(start);
        match word {
            "new" => {
                let Some((ty, mut at)) = source.dotted(start + 1) else {
                    return (Value::default(), end);
                };
                if source.is(at, b'<') {
                    at = source.after_types(at).unwrap_or(at + 1);
                }
                if source.is(at, b'[') {
                    // An array with its values.
                    at = source.after(at);
                    return self.head(at, end, scope, depth + 1);
                }
                let args = match source.is(at, b'(') {
                    true => source.split(source.inside(at), b','),
                    false => Vec::new(),
                };
                at = source.after(at);
                if source.is(at, b'{') {
                    at = source.after(at);
                }
                (self.made(&ty, &args, scope, depth), at)
            }
            "this" => {
                let value = Value::default().typed(&self.class(scope).name);
                if source.is(start + 1, b'.')
                    && !source.word(start + 2).is_empty()
                    && !source.is(start + 3, b'(')
                {
                    let field = self.field(source.word(start + 2), scope, depth);
                    return (field.unwrap_or_default(), start + 3);
                }
                if source.is(start + 1, b'.') && source.is(start + 3, b'(') {
                    return self.own_call(start + 2, scope, depth);
                }
                (value, start + 1)
            }
            "null" | "true" | "false" | "" => (Value::default(), start + 1),
            "throw" | "super" | "return" => (Value::default(), end),
            _ if word.starts_with(|c: char| c.is_ascii_digit()) => {
                let number = word.trim_end_matches(['L', 'l']);
                (Value::text(number), start + 1)
            }
            _ if source.is(start + 1, b'(') => self.own_call(start, scope, depth),
            _ => {
                if let Some(value) = self.named(word, scope, depth) {
                    return (value, start + 1);
                }
                self.of_type(start, end, scope, depth)
            }
        }
    }
}

/// The first, or the second where the first gives nothing.
pub(super) fn or(first: Value, second: Value) -> Value {
    if first.texts.is_empty() {
        return second;
    }
    let ty = first.ty;
    let mut texts = Vec::new();
    for text in first.texts {
        match text.0.as_slice() {
            [Part::Ref(reference)] if reference.default.is_none() && !second.texts.is_empty() => {
                for default in &second.texts {
                    texts.push(Template(vec![Part::Ref(Box::new(Ref {
                        key: reference.key.clone(),
                        default: Some(default.clone()),
                    }))]));
                }
            }
            _ => texts.push(text),
        }
    }
    texts.truncate(LISTED);
    Value {
        texts,
        ty,
        verb: "",
    }
}
