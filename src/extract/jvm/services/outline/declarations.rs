//! What do fields, methods, functions and properties declare?

use std::ops::Range;

use super::members::{Members, Step};
use super::syntax::{annotation, expression_end, type_at, type_before};
use super::{Method, Variable};

impl Members<'_, '_> {
    /// `Type name;`, `Type name = value;`
    pub(super) fn field(&mut self, start: usize, at: usize, value: Option<Range<usize>>) {
        let name = self.source.word(at.wrapping_sub(1));
        if name.is_empty() || at <= start + 1 {
            return;
        }
        *self.count += 1;
        let variable = Variable {
            name: name.to_owned(),
            ty: type_before(self.source, start, at - 1),
            annotations: std::mem::take(&mut self.pending),
            value,
            is_static: (start..at).any(|at| self.source.is_word(at, "static")),
        };
        self.outline.classes[self.class].fields.push(variable);
    }

    /// A method or constructor of Java, at the bracket of its parameters.
    pub(super) fn method(&mut self, start: usize, at: usize, end: usize) -> Step {
        let source = self.source;
        let mut next = source.after(at);
        // `throws A, B`, and the default of a value in an annotation.
        while next < end && !source.is(next, b'{') && !source.is(next, b';') {
            if source.word(next).is_empty() && !source.is_any(next, b".,@[]") {
                break;
            }
            next = source.after(next);
        }
        let body = match source.is(next, b'{') {
            true => source.inside(next),
            false => next..next,
        };
        let method = Method {
            name: source.word(at - 1).to_owned(),
            ty: type_before(source, start, at - 1),
            annotations: std::mem::take(&mut self.pending),
            params: self.params(source.inside(at)),
            body: body.clone(),
            is_expression: false,
        };
        self.push_method(method);
        Step::Done(body.end + 1)
    }

    /// `fun <T> Type.name(params): Type { … }` or `= …`
    pub(super) fn function(&mut self, at: usize, end: usize) -> Step {
        let source = self.source;
        let mut open = at + 1;
        while open < end && !source.is(open, b'(') {
            if source.is(open, b'<') {
                open = source.after_types(open).unwrap_or(open + 1);
            } else if source.is_any(open, b"{};=") {
                return Step::Inside(open);
            } else {
                open += 1;
            }
        }
        let annotations = std::mem::take(&mut self.pending);
        let params = self.params(source.inside(open));
        let mut next = source.after(open);
        let mut ty = String::new();
        if source.is(next, b':') {
            let (found, behind) = type_at(source, next + 1);
            ty = found;
            next = behind;
        }
        let mut method = Method {
            name: source.word(open - 1).to_owned(),
            ty,
            annotations,
            params,
            body: next..next,
            is_expression: false,
        };
        if source.is(next, b'{') {
            method.body = source.inside(next);
            next = method.body.end + 1;
        } else if source.is(next, b'=') {
            next = expression_end(source, next + 1, end);
            method.body = method.body.start + 1..next;
            method.is_expression = true;
        }
        self.push_method(method);
        Step::Done(next)
    }

    /// `val name: Type = value`
    pub(super) fn property(&mut self, at: usize, end: usize) -> Step {
        let source = self.source;
        let mut name = at + 1;
        if source.is(name, b'<') {
            name = source.after_types(name).unwrap_or(name + 1);
        }
        let mut next = name + 1;
        while source.is(next, b'.') {
            next += 2;
        }
        let called = source.word(next - 1).to_owned();
        let mut ty = String::new();
        if source.is(next, b':') {
            let (found, behind) = type_at(source, next + 1);
            ty = found;
            next = behind;
        }
        let mut value = None;
        if source.is(next, b'=') || source.is_word(next, "by") {
            let done = expression_end(source, next + 1, end);
            value = Some(next + 1..done);
            next = done;
        } else if source.is_word(next, "get") && source.is(next + 1, b'(') {
            let body = source.after(next + 1);
            if source.is(body, b'=') {
                let done = expression_end(source, body + 1, end);
                value = Some(body + 1..done);
                next = done;
            }
        }
        *self.count += 1;
        let variable = Variable {
            name: called,
            ty,
            annotations: std::mem::take(&mut self.pending),
            value,
            is_static: source.is_word(at.wrapping_sub(1), "const"),
        };
        self.outline.classes[self.class].fields.push(variable);
        Step::Done(next)
    }

    pub(super) fn params(&mut self, tokens: Range<usize>) -> Vec<Variable> {
        let source = self.source;
        let mut params = Vec::new();
        for part in source.split(tokens, b',') {
            let mut at = part.start;
            let mut annotations = Vec::new();
            while source.is(at, b'@') {
                match annotation(source, at) {
                    Some(found) => {
                        at = found.tokens.end;
                        annotations.push(found);
                    }
                    None => break,
                }
            }
            let mut variable = Variable {
                annotations,
                ..Variable::default()
            };
            if source.is_kotlin() {
                let colon = (at..part.end).find(|at| source.is(*at, b':'));
                if let Some(colon) = colon {
                    source.word(colon - 1).clone_into(&mut variable.name);
                    let (ty, next) = type_at(source, colon + 1);
                    variable.ty = ty;
                    if source.is(next, b'=') {
                        variable.value = Some(next + 1..part.end);
                    }
                }
            } else {
                let name = part.end.saturating_sub(1);
                source.word(name).clone_into(&mut variable.name);
                variable.ty = type_before(source, at, name);
            }
            params.push(variable);
        }
        params
    }
}
