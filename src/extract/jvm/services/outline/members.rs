//! What stands in the body of a class, declaration by declaration?

use std::ops::Range;

use super::syntax::annotation;
use super::{Annotation, DECLARATIONS, Method, Outline};
use crate::extract::jvm::services::source::Source;

/// Reads what stands in one body.
pub(super) struct Members<'a, 't> {
    pub(super) source: &'a Source<'t>,
    pub(super) outline: &'a mut Outline,
    pub(super) class: usize,
    pub(super) open: &'a mut Vec<(usize, Range<usize>)>,
    pub(super) count: &'a mut usize,
    /// Annotations of what comes next.
    pub(super) pending: Vec<Annotation>,
}

/// What comes after a token was looked at.
pub(super) enum Step {
    /// The declaration goes on.
    Inside(usize),
    Done(usize),
}

impl Members<'_, '_> {
    pub(super) fn members(&mut self, body: Range<usize>) {
        let mut at = body.start;
        // Where the declaration starts that is being read.
        let mut start = at;
        while at < body.end {
            if *self.count > DECLARATIONS {
                return;
            }
            let next = self.member(start, at, body.end);
            match next {
                Step::Inside(next) => at = next.max(at + 1),
                Step::Done(next) => {
                    at = next.max(at + 1);
                    start = at;
                    self.pending.clear();
                }
            }
        }
    }

    fn member(&mut self, start: usize, at: usize, end: usize) -> Step {
        let source = self.source;
        if source.is(at, b'@') && !source.is_word(at + 1, "interface") {
            return match annotation(source, at) {
                Some(found) => {
                    let next = found.tokens.end;
                    self.pending.push(found);
                    Step::Inside(next)
                }
                None => Step::Inside(at + 1),
            };
        }
        match source.word(at) {
            "class" | "interface" | "enum" | "record" | "object"
                if !source.is(at.wrapping_sub(1), b'.') && !source.is(at.wrapping_sub(1), b':') =>
            {
                // `enum class`, and names that are such words.
                let is_kotlin = source.is_kotlin();
                if is_kotlin && matches!(source.word(at + 1), "class" | "interface") {
                    return Step::Inside(at + 1);
                }
                let is_object = source.is_word(at, "object");
                if (is_object || source.is_word(at, "record"))
                    && !is_kotlin
                    && source.word(at + 1).is_empty()
                {
                    return Step::Inside(at + 1);
                }
                return self.class(at, end);
            }
            "fun" if source.is_kotlin() => return self.function(at, end),
            "val" | "var" if source.is_kotlin() => return self.property(at, end),
            _ => {}
        }
        if source.is(at, b';') {
            let name = at.wrapping_sub(1);
            if !source.is_kotlin() && !source.is(name.wrapping_sub(1), b'=') {
                self.field(start, at, None);
            }
            return Step::Done(at + 1);
        }
        // Initialisers, and constructors of Kotlin: statements with a scope of their own.
        if source.is(at, b'{') {
            let inside = source.inside(at);
            let next = inside.end + 1;
            self.push_method(Method {
                name: "<init>".to_owned(),
                body: inside,
                ..Method::default()
            });
            return Step::Done(next);
        }
        if source.is_kotlin() {
            if source.is(at, b'(') && source.is_word(at.wrapping_sub(1), "constructor") {
                let params = self.params(source.inside(at));
                let mut next = source.after(at);
                while next < end && !source.is(next, b'{') && !source.is_fresh(next) {
                    next = source.after(next);
                }
                if source.is(next, b'{') {
                    let body = source.inside(next);
                    let done = body.end + 1;
                    self.push_method(Method {
                        name: "<init>".to_owned(),
                        params,
                        body,
                        ..Method::default()
                    });
                    return Step::Done(done);
                }
                return Step::Done(next);
            }
            return Step::Inside(source.after(at));
        }
        if source.is(at, b'=') {
            let mut close = at + 1;
            while close < end && !source.is_any(close, b";,") {
                close = match source.is(close, b'<') {
                    true => source.after_types(close).unwrap_or(close + 1),
                    false => source.after(close),
                };
            }
            self.field(start, at, Some(at + 1..close.min(end)));
            return match source.is(close, b',') {
                true => Step::Inside(close + 1),
                false => Step::Done(close + 1),
            };
        }
        if source.is(at, b'(') && !source.word(at.wrapping_sub(1)).is_empty() {
            return self.method(start, at, end);
        }
        if source.is(at, b'<') {
            return Step::Inside(source.after_types(at).unwrap_or(at + 1));
        }
        Step::Inside(source.after(at))
    }

    pub(super) fn push_method(&mut self, method: Method) {
        *self.count += 1;
        self.outline.classes[self.class].methods.push(method);
    }
}
