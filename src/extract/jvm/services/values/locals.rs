//! Which names does the body of a method set, and to what?

use std::collections::HashMap;
use std::ops::Range;

use super::Values;
use crate::extract::jvm::services::outline::{Method, expression_end, type_at, type_before};

/// The names that a method sets.
pub(super) type Locals<'t> = HashMap<&'t str, Vec<Local>>;

/// The method that sets a field, and to what.
pub(super) type Assigned = (usize, Range<usize>);

#[derive(Debug)]
pub(super) struct Local {
    pub(super) ty: String,
    pub(super) value: Option<Range<usize>>,
}

impl<'a, 't> Values<'a, 't> {
    /// The names that a body declares and sets; what is set on `this`, or is no local, is a field.
    pub(super) fn locals_of(&mut self, class: usize, number: usize, method: &Method) -> Locals<'t> {
        let source = self.source;
        let mut locals = Locals::new();
        self.declared(method, &mut locals);
        let mut at = method.body.start;
        while at < method.body.end {
            let is_set = source.is(at, b'=')
                && !source.is_any(at + 1, b"=>")
                && !source.is_any(at.wrapping_sub(1), b"=!<>+-*/%&|^");
            if !is_set {
                at += 1;
                continue;
            }
            let mut name_at = at.saturating_sub(1);
            let mut ty = String::new();
            if source.is_kotlin() {
                // `val name: Type = …`
                let back = (at.saturating_sub(6)..at).rev();
                let colon = back
                    .take_while(|at| !source.is_any(*at, b"(){};,="))
                    .find(|at| source.is(*at, b':'));
                if let Some(colon) = colon {
                    ty = type_at(source, colon + 1).0;
                    name_at = colon.saturating_sub(1);
                }
            } else {
                let start = (method.body.start..name_at)
                    .rev()
                    .take(24)
                    .find(|at| source.is_any(*at, b"(){};,"))
                    .map_or(method.body.start, |at| at + 1);
                if name_at > start && !source.is(name_at.wrapping_sub(1), b'.') {
                    ty = type_before(source, start, name_at);
                }
            }
            let end = match source.is_kotlin() {
                true => expression_end(source, at + 1, method.body.end),
                false => {
                    let mut end = at + 1;
                    while end < method.body.end && !source.is_any(end, b";,)") {
                        end = source.after(end);
                    }
                    end.min(method.body.end)
                }
            };
            let name = source.word(name_at);
            let on_this = source.is(name_at.wrapping_sub(1), b'.')
                && source.is_word(name_at.wrapping_sub(2), "this");
            let value = at + 1..end;
            let is_member = source.is(name_at.wrapping_sub(1), b'.');
            if on_this {
                let list = self.assigned.entry((class, name)).or_default();
                list.push((number, value));
            } else if !name.is_empty() && !is_member {
                let is_declared = !ty.is_empty()
                    || source.is_kotlin()
                        && matches!(source.word(name_at.wrapping_sub(1)), "val" | "var");
                let is_param = method.params.iter().any(|param| param.name == name);
                if is_declared || locals.contains_key(name) || is_param {
                    if ty == "var" {
                        ty.clear();
                    }
                    let list = locals.entry(name).or_default();
                    list.push(Local {
                        ty,
                        value: Some(value),
                    });
                } else {
                    let list = self.assigned.entry((class, name)).or_default();
                    list.push((number, value));
                }
            }
            at += 1;
        }
        locals
    }

    /// `Type name;` and `Type name :` of Java, whose values come later.
    fn declared(&self, method: &Method, locals: &mut Locals<'t>) {
        let source = self.source;
        if source.is_kotlin() {
            return;
        }
        for at in method.body.clone() {
            if !source.is_any(at, b";:") || source.word(at.wrapping_sub(1)).is_empty() {
                continue;
            }
            let name = source.word(at - 1);
            let ty = source.word(at.wrapping_sub(2));
            let is_type = ty.starts_with(|c: char| c.is_uppercase());
            let generic = source.is(at.wrapping_sub(2), b'>');
            if (is_type || generic) && at >= method.body.start + 2 {
                let start = at.saturating_sub(24).max(method.body.start);
                let ty = type_before(source, start, at - 1);
                locals
                    .entry(name)
                    .or_default()
                    .push(Local { ty, value: None });
            }
        }
    }
}
