//! What do expressions come to: addresses, names of services, of topics and queues, of settings?
//!
//! Values of the file are put in; what other classes decide stays a reference to the class and the name
//! (`${slot(com.acme.Topics)ORDERS}`), which resolving folds.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;

use super::outline::{Annotation, Class, Method, Outline, Variable, expression_end, find};
use super::source::Source;
use crate::extract::placeholders;
use crate::model::{Key, Part, Ref, Template};

/// The most values of one expression.
const VALUES: usize = 4;

/// The deepest nesting of expressions, definitions among them.
const DEPTH: usize = 24;

/// The most expressions that are looked at for one file.
const STEPS: u32 = 200_000;

/// What an expression comes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Value {
    /// Its text; none: nothing is known, not even that it is a text.
    pub(super) texts: Vec<Template>,
    /// Its type without arguments and package; empty when the file does not tell.
    pub(super) ty: String,
    /// The verb of a request that is being built.
    pub(super) verb: &'static str,
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    pub(super) class: usize,
    pub(super) method: Option<usize>,
}

/// The names that a method sets.
type Locals<'t> = HashMap<&'t str, Vec<Local>>;

/// The method that sets a field, and to what.
type Assigned = (usize, Range<usize>);

#[derive(Debug)]
struct Local {
    ty: String,
    value: Option<Range<usize>>,
}

/// Evaluates expressions of one file.
pub(super) struct Values<'a, 't> {
    pub(super) source: &'a Source<'t>,
    pub(super) outline: &'a Outline,
    locals: HashMap<(usize, usize), Locals<'t>>,
    /// What constructors and methods set fields to, class by class.
    assigned: HashMap<(usize, &'t str), Vec<Assigned>>,
    steps: Cell<u32>,
    nesting: Cell<usize>,
}

impl Value {
    pub(super) fn text(text: impl Into<Template>) -> Self {
        Self {
            texts: vec![text.into()],
            ..Self::default()
        }
    }

    pub(super) fn typed(mut self, ty: &str) -> Self {
        ty.clone_into(&mut self.ty);
        self
    }

    /// Its texts, a hole where nothing is known.
    pub(super) fn or_hole(self) -> Vec<Template> {
        match self.texts.is_empty() {
            true => vec![Template(vec![Part::Hole])],
            false => self.texts,
        }
    }

    fn join(&mut self, other: Self) {
        for text in other.texts {
            if self.texts.len() < VALUES && !self.texts.contains(&text) {
                self.texts.push(text);
            }
        }
        if self.ty.is_empty() {
            self.ty = other.ty;
        }
    }

    /// One after the other, each with each.
    fn append(&mut self, other: Vec<Template>) {
        let mut all = Vec::new();
        for front in std::mem::take(&mut self.texts) {
            for back in &other {
                if all.len() < VALUES {
                    let mut text = front.clone();
                    text.extend(back);
                    all.push(text);
                }
            }
        }
        self.texts = all;
    }
}

impl<'a, 't> Values<'a, 't> {
    pub(super) fn new(source: &'a Source<'t>, outline: &'a Outline) -> Self {
        let mut values = Self {
            source,
            outline,
            locals: HashMap::new(),
            assigned: HashMap::new(),
            steps: Cell::new(0),
            nesting: Cell::new(0),
        };
        for (class, declared) in outline.classes.iter().enumerate() {
            for (number, method) in declared.methods.iter().enumerate() {
                let locals = values.locals_of(class, number, method);
                values.locals.insert((class, number), locals);
            }
        }
        values
    }

    pub(super) fn class(&self, scope: Scope) -> &'a Class {
        &self.outline.classes[scope.class]
    }

    fn method(&self, scope: Scope) -> Option<&'a Method> {
        self.class(scope).methods.get(scope.method?)
    }

    /// The names that a body declares and sets; what is set on `this`, or is no local, is a field.
    fn locals_of(&mut self, class: usize, number: usize, method: &Method) -> Locals<'t> {
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
                    ty = super::outline::type_at(source, colon + 1).0;
                    name_at = colon.saturating_sub(1);
                }
            } else {
                let start = (method.body.start..name_at)
                    .rev()
                    .take(24)
                    .find(|at| source.is_any(*at, b"(){};,"))
                    .map_or(method.body.start, |at| at + 1);
                if name_at > start && !source.is(name_at.wrapping_sub(1), b'.') {
                    ty = super::outline::type_before(source, start, name_at);
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
                let ty = super::outline::type_before(source, start, at - 1);
                locals
                    .entry(name)
                    .or_default()
                    .push(Local { ty, value: None });
            }
        }
    }

    /// What a field comes to.
    pub(super) fn of_field(&self, name: &str, scope: Scope) -> Option<Value> {
        self.field(name, scope, 0)
    }

    /// What a method of the file gives.
    pub(super) fn result(&self, class: usize, method: usize) -> Value {
        self.returned(class, method, 0)
    }

    /// What some tokens come to.
    pub(super) fn eval(&self, tokens: Range<usize>, scope: Scope) -> Value {
        self.expression(tokens, scope, 0)
    }

    fn expression(&self, tokens: Range<usize>, scope: Scope, depth: usize) -> Value {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        // Counted here and not by callers alone: definitions may lead back to themselves in many ways.
        let nesting = self.nesting.get();
        if depth > DEPTH || nesting > DEPTH || steps > STEPS || tokens.is_empty() {
            return Value::default();
        }
        self.nesting.set(nesting + 1);
        let value = self.value_of(tokens, scope, depth);
        self.nesting.set(nesting);
        value
    }

    fn value_of(&self, tokens: Range<usize>, scope: Scope, depth: usize) -> Value {
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
    fn chain(&self, tokens: Range<usize>, scope: Scope, depth: usize) -> Value {
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
            let mut value = Value::default();
            for part in source.split(source.inside(start), b',') {
                value.join(self.expression(part, scope, depth + 1));
            }
            return (value, source.after(start));
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

    /// A name that stands for a value: a local one, a parameter, a field, an import.
    fn named(&self, name: &str, scope: Scope, depth: usize) -> Option<Value> {
        if let Some(method) = self.method(scope) {
            let key = (scope.class, scope.method.unwrap_or_default());
            let locals = self.locals.get(&key).and_then(|locals| locals.get(name));
            let param = method.params.iter().position(|param| param.name == name);
            if let Some(locals) = locals.filter(|_| param.is_none()) {
                let mut value = Value::default();
                for local in locals {
                    if let Some(range) = &local.value {
                        value.join(self.expression(range.clone(), scope, depth + 1));
                    }
                    if value.ty.is_empty() || !local.ty.is_empty() {
                        value.ty.clone_from(&local.ty);
                    }
                }
                value.ty = simple(&value.ty);
                return Some(value);
            }
            if let Some(number) = param {
                let variable = &method.params[number];
                let place = format!("{}#{number}", method.name);
                return Some(self.variable(variable, &place, scope, depth));
            }
        }
        if let Some(value) = self.field(name, scope, depth) {
            return Some(value);
        }
        let import = self.outline.imports.iter().find(|import| {
            import.alias == name
                && (import.is_static || !name.starts_with(|c: char| c.is_uppercase()))
        });
        let constant = || {
            let is_constant =
                self.source.is_kotlin() && name.len() > 1 && name == name.to_uppercase();
            self.outline
                .imports
                .iter()
                .find(|import| is_constant && import.alias == name)
        };
        let import = import.or_else(constant)?;
        let (place, name) = import.name.rsplit_once('.')?;
        Some(Value::text(slot(place, name)))
    }

    /// A variable: what an annotation says, else what it is set to, else whatever its callers say.
    fn variable(&self, variable: &Variable, place: &str, scope: Scope, depth: usize) -> Value {
        let mut value = Value::default();
        if let Some(text) = self.annotated(&variable.annotations, scope, depth) {
            value.texts = text;
        } else if let Some(range) = &variable.value {
            value = self.expression(range.clone(), scope, depth + 1);
        }
        if !variable.ty.is_empty() {
            value.ty = simple(&variable.ty);
        }
        // Whoever calls may set it to something else.
        if is_text(&value.ty) && value.texts.is_empty() && !self.class(scope).full.is_empty() {
            value.texts.push(slot(&self.class(scope).full, place));
        }
        value
    }

    /// What annotations put into a variable.
    fn annotated(
        &self,
        annotations: &[Annotation],
        scope: Scope,
        depth: usize,
    ) -> Option<Vec<Template>> {
        if let Some(found) = find(annotations, "Value") {
            let value = self.expression(found.args.clone(), scope, depth + 1);
            return Some(properties(value.texts));
        }
        // MicroProfile and Micronaut.
        if let Some(found) = find(annotations, "ConfigProperty") {
            let name = self.arg(found, &["name"], scope).texts.pop()?;
            let default = self.arg(found, &["defaultValue"], scope).texts.pop();
            let key = Key::new("property", name);
            return Some(vec![Template::reference(key, default)]);
        }
        if let Some(found) = find(annotations, "Property") {
            let name = self.arg(found, &["name"], scope).texts.pop()?;
            let default = self.arg(found, &["defaultValue"], scope).texts.pop();
            return Some(vec![Template::reference(
                Key::new("property", name),
                default,
            )]);
        }
        if let Some(found) = find(annotations, "GrpcClient") {
            let name = self.arg(found, &["value"], scope).texts.pop()?;
            return Some(vec![channel(&name)]);
        }
        if let Some(found) = find(annotations, "Client") {
            let mut value = self.arg(found, &["value", "id"], scope);
            value.texts.iter_mut().for_each(by_name);
            return Some(properties(value.texts));
        }
        None
    }

    /// The value of a field of the class, or of one around it.
    fn field(&self, name: &str, scope: Scope, depth: usize) -> Option<Value> {
        let mut at = Some(scope.class);
        while let Some(number) = at {
            let class = &self.outline.classes[number];
            let scope = Scope {
                class: number,
                method: None,
            };
            let companions = self
                .outline
                .classes
                .iter()
                .enumerate()
                .filter(|(other, one)| {
                    *other != number && one.full == class.full && one.outer == Some(number)
                });
            for (number, class) in std::iter::once((number, class)).chain(companions) {
                let mut variables = class.fields.iter().chain(&class.params);
                if let Some(variable) = variables.find(|variable| variable.name == name) {
                    return Some(self.field_value(variable, number, scope, depth));
                }
            }
            at = class.outer;
        }
        None
    }

    fn field_value(&self, variable: &Variable, class: usize, scope: Scope, depth: usize) -> Value {
        let mut value = Value::default();
        if let Some(text) = self.annotated(&variable.annotations, scope, depth) {
            value.texts = text;
        }
        let inside = Scope {
            class,
            method: None,
        };
        if value.texts.is_empty()
            && let Some(range) = &variable.value
        {
            value = self.expression(range.clone(), inside, depth + 1);
        }
        let assigned = self.assigned.get(&(class, &*variable.name));
        for (method, range) in assigned.into_iter().flatten() {
            let inside = Scope {
                class,
                method: Some(*method),
            };
            let mut set = self.expression(range.clone(), inside, depth + 1);
            // A setter beside a value is mostly for tests.
            if !value.texts.is_empty() {
                set.texts.retain(|text| !is_argument(text));
            }
            value.join(set);
        }
        if !variable.ty.is_empty() {
            value.ty = simple(&variable.ty);
        }
        let class = &self.outline.classes[class];
        if let Some(setting) = settings_of(class, self)
            && is_text(&value.ty)
        {
            let key = Key::new("property", format!("{setting}.{}", variable.name));
            let default = value.texts.pop();
            value.texts = vec![Template::reference(key, default)];
        }
        if is_text(&value.ty) && value.texts.is_empty() && !class.full.is_empty() {
            value.texts.push(slot(&class.full, &variable.name));
        }
        value
    }

    /// A call of a method of the same class.
    fn own_call(&self, at: usize, scope: Scope, depth: usize) -> (Value, usize) {
        let source = self.source;
        let name = source.word(at);
        let args = source.split(source.inside(at + 1), b',');
        let mut next = source.after(at + 1);
        if source.is_kotlin() && source.is(next, b'{') && !source.is_fresh(next) {
            next = source.after(next);
        }
        let mut class = Some(scope.class);
        while let Some(number) = class {
            let found = &self.outline.classes[number];
            let method = found
                .methods
                .iter()
                .position(|method| method.name == name && method.params.len() == args.len());
            if let Some(method) = method {
                return (self.returned(number, method, depth), next);
            }
            class = found.outer;
        }
        if name.starts_with(|c: char| c.is_uppercase()) {
            return (self.made(name, &args, scope, depth), next);
        }
        let value = match name {
            "getenv" => match args.first() {
                Some(arg) => environment(self.expression(arg.clone(), scope, depth + 1)),
                None => Value::default().typed("environment"),
            },
            "format" | "listOf" | "arrayOf" | "setOf" | "requireNonNull" => {
                self.function("", name, &args, scope, depth)
            }
            _ => Value::default(),
        };
        (value, next)
    }

    fn returned(&self, class: usize, number: usize, depth: usize) -> Value {
        let method = &self.outline.classes[class].methods[number];
        let scope = Scope {
            class,
            method: Some(number),
        };
        let source = self.source;
        let mut value = Value::default();
        if method.is_expression {
            value = self.expression(method.body.clone(), scope, depth + 1);
        } else if depth < DEPTH {
            let mut at = method.body.start;
            while at < method.body.end && value.texts.len() < VALUES {
                if source.is_word(at, "return") {
                    let mut end = at + 1;
                    if source.is_kotlin() {
                        end = expression_end(source, at + 1, method.body.end);
                    } else {
                        while end < method.body.end && !source.is(end, b';') {
                            end = source.after(end);
                        }
                    }
                    value.join(self.expression(at + 1..end.min(method.body.end), scope, depth + 2));
                    at = end;
                }
                at += 1;
            }
        }
        if !method.ty.is_empty() {
            value.ty = simple(&method.ty);
        }
        value
    }

    /// Something that belongs to a type: `Topics.ORDERS`, `URI.create(x)`, `com.acme.Topics.ORDERS`.
    fn of_type(&self, start: usize, end: usize, scope: Scope, depth: usize) -> (Value, usize) {
        let source = self.source;
        let mut at = start;
        let mut name = source.word(at).to_owned();
        // A package in front of the type.
        while name
            .rsplit('.')
            .next()
            .is_some_and(|last| last.starts_with(|c: char| c.is_lowercase()))
            && source.is(at + 1, b'.')
            && at + 2 < end
            && !source.is(at + 3, b'(')
            && !source.word(at + 2).is_empty()
        {
            at += 2;
            name.push('.');
            name.push_str(source.word(at));
        }
        let is_type = |text: &str| {
            let last = text.rsplit('.').next().unwrap_or_default();
            last.starts_with(|c: char| c.is_uppercase())
        };
        if !is_type(&name) {
            return (Value::default(), start + 1);
        }
        // Nested types.
        while source.is(at + 1, b'.')
            && is_type(source.word(at + 2))
            && source.is(at + 3, b'.')
            && source.word(at + 2) != source.word(at + 2).to_uppercase()
        {
            at += 2;
            name.push('.');
            name.push_str(source.word(at));
        }
        let mut next = at + 1;
        if source.is(next, b'(') {
            let args = source.split(source.inside(next), b',');
            return (self.made(&name, &args, scope, depth), source.after(next));
        }
        if !source.is(next, b'.') {
            return (Value::default().typed(&name), next);
        }
        let member = source.word(next + 1);
        next += 2;
        if source.is_kotlin() && source.is(next, b'<') {
            next = source.after_types(next).unwrap_or(next);
        }
        if source.is(next, b'(') {
            let args = source.split(source.inside(next), b',');
            return (
                self.function(&name, member, &args, scope, depth),
                source.after(next),
            );
        }
        if member.is_empty() || matches!(member, "class" | "javaClass") {
            return (Value::default().typed(&name), next);
        }
        if name == "HttpMethod" || name == "HttpMethods" {
            return (Value::text(member), next);
        }
        // A class of the file knows its own constants.
        let own = self.own_class(&name);
        if let Some(class) = own {
            let scope = Scope {
                class,
                method: None,
            };
            if let Some(value) = self.field(member, scope, depth + 1) {
                return (value, next);
            }
        }
        let channel = match (&*name, member) {
            ("Sink" | "Processor", "INPUT") => Some("input"),
            ("Source" | "Processor", "OUTPUT") => Some("output"),
            _ => None,
        };
        let names = self.full_names(&name);
        if names.iter().any(|name| is_foreign(name)) {
            let value = channel.filter(|_| names[0].starts_with("org.springframework."));
            return (value.map(Value::text).unwrap_or_default(), next);
        }
        let text = self.slot_of(&name, member);
        (Value::text(text).typed("String"), next)
    }

    fn own_class(&self, name: &str) -> Option<usize> {
        let last = name.rsplit('.').next().unwrap_or(name);
        self.outline
            .classes
            .iter()
            .position(|class| !class.name.is_empty() && class.name == last)
    }

    /// A name of another class, as a reference; the package's own class comes first, unless an import says which.
    pub(super) fn slot_of(&self, ty: &str, name: &str) -> Template {
        let full = self.full_names(ty);
        let mut template: Option<Template> = None;
        for place in full.iter().rev() {
            let key = Key::at("slot", place.as_str(), name);
            template = Some(Template::reference(key, template));
        }
        template.unwrap_or_default()
    }

    /// The full names that a type may have.
    pub(super) fn full_names(&self, ty: &str) -> Vec<String> {
        let (first, rest) = ty.split_once('.').unwrap_or((ty, ""));
        if first.starts_with(|c: char| c.is_lowercase()) {
            return vec![ty.to_owned()];
        }
        let with_rest = |name: &str| match rest.is_empty() {
            true => name.to_owned(),
            false => format!("{name}.{rest}"),
        };
        if let Some(class) = self.own_class(ty) {
            return vec![self.outline.classes[class].full.clone()];
        }
        let import = self
            .outline
            .imports
            .iter()
            .find(|import| import.alias == first && !import.is_static);
        if let Some(import) = import {
            return vec![with_rest(&import.name)];
        }
        let package = &self.outline.package;
        let own = match package.is_empty() {
            true => with_rest(first),
            false => format!("{package}.{}", with_rest(first)),
        };
        let wide = self.outline.imports.iter().filter_map(|import| {
            let package = import.name.strip_suffix(".*")?;
            let is_own_code = !FOREIGN.iter().any(|start| package.starts_with(start));
            is_own_code.then(|| format!("{package}.{}", with_rest(first)))
        });
        std::iter::once(own).chain(wide).take(3).collect()
    }

    /// A text of the source; in Kotlin it may hold names and expressions.
    fn literal(&self, quoted: &str, scope: Scope, depth: usize) -> Value {
        let raw = quoted.starts_with("\"\"\"");
        let body = match raw {
            true => quoted
                .trim_start_matches("\"\"\"")
                .trim_end_matches("\"\"\""),
            false => quoted
                .get(1..quoted.len().saturating_sub(1))
                .unwrap_or_default(),
        };
        if !self.source.is_kotlin() {
            return Value::text(unescaped(body)).typed("String");
        }
        let mut value = Value::text("").typed("String");
        let mut rest = body;
        while let Some(at) = unquoted_dollar(rest, raw) {
            value.append(vec![kotlin_text(&rest[..at], raw)]);
            let found = &rest[at + 1..];
            let name_len = found
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(found.len());
            if let Some(inside) = found.strip_prefix('{') {
                let end = closing(inside);
                value.append(self.piece(&inside[..end], scope, depth));
                rest = inside.get(end + 1..).unwrap_or_default();
            } else if name_len > 0 {
                let piece = self.named(&found[..name_len], scope, depth + 1);
                value.append(piece.unwrap_or_default().or_hole());
                rest = &found[name_len..];
            } else {
                value.append(vec!["$".into()]);
                rest = found;
            }
        }
        value.append(vec![kotlin_text(rest, raw)]);
        value
    }

    /// `${name}` and `${a.b}` in a text of Kotlin; anything longer is not known.
    fn piece(&self, inside: &str, scope: Scope, depth: usize) -> Vec<Template> {
        let is_name =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
        let inside = inside.trim();
        let inside = inside.strip_prefix("this.").unwrap_or(inside);
        let mut pieces = inside.split('.');
        let first = pieces.next().unwrap_or_default();
        if !is_name(first) {
            return Value::default().or_hole();
        }
        let mut value = match self.named(first, scope, depth + 1) {
            Some(value) => value,
            None if first.starts_with(|c: char| c.is_uppercase()) => match pieces.next() {
                Some(member) if is_name(member) => Value::text(self.slot_of(first, member)),
                _ => Value::default(),
            },
            None => Value::default(),
        };
        for piece in pieces {
            value = match is_name(piece) {
                true => self.member(value, piece),
                false => Value::default(),
            };
        }
        value.or_hole()
    }

    /// The argument of an annotation: by one of the names, else the one without a name.
    pub(super) fn arg(&self, annotation: &Annotation, names: &[&str], scope: Scope) -> Value {
        match self.arg_tokens(annotation, names) {
            Some(tokens) => self.expression(tokens, scope, 1),
            None => Value::default(),
        }
    }

    pub(super) fn arg_tokens(
        &self,
        annotation: &Annotation,
        names: &[&str],
    ) -> Option<Range<usize>> {
        let source = self.source;
        let parts = source.split(annotation.args.clone(), b',');
        let named = |part: &Range<usize>| {
            source.is(part.start + 1, b'=') && !source.is(part.start + 2, b'=')
        };
        for name in names {
            for part in &parts {
                if named(part) && source.is_word(part.start, name) {
                    return Some(part.start + 2..part.end);
                }
            }
        }
        let first = parts.into_iter().next()?;
        (!named(&first) && names.contains(&"value")).then_some(first)
    }

    /// A member of a value that is no call.
    fn member(&self, value: Value, name: &str) -> Value {
        match (&*value.ty, name) {
            ("ServiceInstance", "host" | "instanceId") => host_of(value),
            ("ServiceInstance", "uri" | "first") => value,
            ("environment" | "ServiceInstance", _) => Value::default(),
            _ if is_builder(&value.ty) => value,
            ("" | "String", _) => Value::default(),
            _ => self.member_of_type(&value.ty, name),
        }
    }

    /// A property of an object of own code.
    fn member_of_type(&self, ty: &str, name: &str) -> Value {
        let names = self.full_names(ty);
        if names.is_empty() || names.iter().any(|name| is_foreign(name)) {
            return Value::default();
        }
        if let Some(class) = self.own_class(ty) {
            let scope = Scope {
                class,
                method: None,
            };
            if let Some(value) = self.field(name, scope, 2) {
                return value;
            }
        }
        Value::text(self.slot_of(ty, name)).typed("String")
    }

    /// A call on a value.
    fn called(
        &self,
        mut value: Value,
        name: &str,
        args: &[Range<usize>],
        scope: Scope,
        depth: usize,
    ) -> Value {
        let arg = |number: usize| match args.get(number) {
            Some(tokens) => self.expression(tokens.clone(), scope, depth + 1),
            None => Value::default(),
        };
        let ty = std::mem::take(&mut value.ty);
        match (&*ty, name) {
            ("environment", "get") => return environment(arg(0)),
            ("environment", "getOrDefault") => return or(environment(arg(0)), arg(1)),
            (
                "Environment" | "ConfigurableEnvironment" | "PropertyResolver" | "Config",
                "getProperty" | "getRequiredProperty" | "getValue" | "getOptionalValue",
            ) => {
                let Some(name) = arg(0).texts.pop() else {
                    return Value::default();
                };
                let last = args.len().saturating_sub(1);
                let default = (last > 0).then(|| arg(last).texts.pop()).flatten();
                let key = Key::new("property", name);
                return Value::text(Template::reference(key, default)).typed("String");
            }
            (_, "getInstances" | "choose" | "getNextServerFromEureka" | "getApplication") => {
                let mut names = arg(0);
                names.texts.iter_mut().for_each(by_name);
                return names.typed("ServiceInstance");
            }
            ("ServiceInstance", "getHost" | "getHostName" | "getIPAddr" | "getInstanceId") => {
                return host_of(value);
            }
            ("ServiceInstance", "getPort") => return Value::default(),
            ("ServiceInstance", _) => return value.typed("ServiceInstance"),
            (_, "orElse" | "orElseGet" | "defaultIfEmpty" | "ifBlank" | "ifEmpty") => {
                return or(value, arg(0)).typed(&ty);
            }
            (_, "concat" | "plus") => {
                value.append(arg(0).or_hole());
                return value.typed("String");
            }
            (_, "formatted" | "format") if ty == "String" => {
                let format = value.or_hole();
                return self.formatted(format, args, scope, depth);
            }
            _ => {}
        }
        if is_builder(&ty) {
            let verb = verb_of(name).filter(|_| is_client(&ty));
            if let Some(verb) = verb {
                value.verb = verb;
            }
            match name {
                "method" if is_client(&ty) => value.verb = verb_in(&arg(0)),
                "baseUrl" | "rootUri" | "fromHttpUrl" | "fromUriString" | "target"
                | "setJdbcUrl" | "create" => value.texts = arg(0).texts,
                "url" | "uri" if !args.is_empty() && !is_client(&ty) => {
                    value.texts = arg(0).texts;
                }
                "scheme" => {
                    value.texts = arg(0).or_hole();
                    value.append(vec!["://".into()]);
                }
                "host" => {
                    if value.texts.is_empty() {
                        value.texts.push("http://".into());
                    }
                    value.append(arg(0).or_hole());
                }
                "port" => {
                    value.append(vec![":".into()]);
                    value.append(arg(0).or_hole());
                }
                "path" | "pathSegment" | "addPathSegment" | "addPathSegments" | "segment"
                | "replacePath" => {
                    if value.texts.is_empty() {
                        value.texts.push(Template::default());
                    }
                    for number in 0..args.len() {
                        let mut piece = arg(number).or_hole();
                        if name != "path" && name != "replacePath" {
                            piece.iter_mut().for_each(|piece| {
                                let mut with: Template = "/".into();
                                with.extend(piece);
                                *piece = with;
                            });
                        }
                        value.append(piece);
                    }
                }
                _ => {}
            }
            value.ty = ty;
            return value;
        }
        // A getter of an object of own code, else what only tidies a text.
        let getter = name
            .strip_prefix("get")
            .filter(|rest| rest.starts_with(|c: char| c.is_uppercase()));
        if args.is_empty() && !matches!(&*ty, "" | "String" | "Optional" | "URI" | "URL") {
            let property = getter.map_or(Cow::Borrowed(name), |rest| decapitalised(rest).into());
            return self.member_of_type(&ty, &property);
        }
        match name {
            "toString" | "trim" | "strip" | "toUriString" | "toUri" | "toURL" | "toURI"
            | "encode" | "get" | "orElseThrow" | "replace" | "replaceAll" | "replaceFirst"
            | "toLowerCase" | "intern" | "normalize" | "toExternalForm" | "trimEnd"
            | "removeSuffix" | "also" | "apply" | "lowercase" | "toASCIIString" => value.typed(&ty),
            "resolve" => {
                value.append(arg(0).or_hole());
                value.typed(&ty)
            }
            _ => Value::default(),
        }
    }

    /// A function of a type.
    fn function(
        &self,
        ty: &str,
        name: &str,
        args: &[Range<usize>],
        scope: Scope,
        depth: usize,
    ) -> Value {
        let arg = |number: usize| match args.get(number) {
            Some(tokens) => self.expression(tokens.clone(), scope, depth + 1),
            None => Value::default(),
        };
        let short = ty.rsplit('.').next().unwrap_or(ty);
        match (short, name) {
            ("System", "getenv") => match args.is_empty() {
                true => Value::default().typed("environment"),
                false => environment(arg(0)),
            },
            ("System", "getProperty") => {
                let Some(name) = arg(0).texts.pop() else {
                    return Value::default();
                };
                let key = Key::new("property", name);
                Value::text(Template::reference(key, arg(1).texts.pop())).typed("String")
            }
            ("String", "format") | ("", "format") => {
                let format = arg(0).or_hole();
                self.formatted(format, args.get(1..).unwrap_or_default(), scope, depth)
            }
            ("MessageFormat", "format") => {
                let mut value = arg(0);
                for text in &mut value.texts {
                    for number in 0..args.len().saturating_sub(1).min(10) {
                        let piece = arg(number + 1).or_hole();
                        *text = replaced(text, &format!("{{{number}}}"), &piece[0]);
                    }
                }
                value
            }
            ("Optional", "of" | "ofNullable")
            | ("Objects", "requireNonNull")
            | ("", "requireNonNull")
            | ("String", "valueOf")
            | ("URI" | "HttpUrl" | "RedisURI" | "URIUtils", "create" | "parse" | "get") => arg(0),
            ("Objects", "requireNonNullElse") => or(arg(0), arg(1)),
            ("List" | "Set" | "Arrays" | "Collections" | "ImmutableList" | "", _)
                if matches!(
                    name,
                    "of" | "asList"
                        | "singletonList"
                        | "singleton"
                        | "listOf"
                        | "arrayOf"
                        | "setOf"
                ) =>
            {
                let mut value = Value::default();
                for number in 0..args.len().min(16) {
                    value.join(arg(number));
                }
                value
            }
            (_, "newBuilder") if short == "HttpRequest" => arg(0).typed("HttpRequest.Builder"),
            (
                "ManagedChannelBuilder" | "NettyChannelBuilder" | "OkHttpChannelBuilder",
                "forAddress",
            ) => {
                let mut value = arg(0);
                value.append(vec![":".into()]);
                value.append(arg(1).or_hole());
                value.typed("ManagedChannelBuilder")
            }
            (_, "forTarget" | "newChannelBuilder") => arg(0).typed("ManagedChannelBuilder"),
            (_, "newBlockingStub" | "newStub" | "newFutureStub" | "newBlockingV2Stub") => {
                arg(0).typed(short)
            }
            ("UriComponentsBuilder" | "ServletUriComponentsBuilder", _) => {
                let mut value = match name {
                    "newInstance" => Value::default(),
                    "fromPath" => arg(0),
                    name if name.starts_with("from") && short == "UriComponentsBuilder" => arg(0),
                    _ => Value::default(),
                };
                value.ty = "UriComponentsBuilder".to_owned();
                value
            }
            ("WebClient" | "RestClient", "create") => arg(0).typed(short),
            ("WebClient" | "RestClient", "builder") => {
                Value::default().typed(&format!("{short}.Builder"))
            }
            (
                "WebClientAdapter"
                | "RestClientAdapter"
                | "RestTemplateAdapter"
                | "HttpServiceProxyFactory",
                _,
            ) => arg(0).typed(short),
            ("MongoClients" | "RedisClient" | "ConnectionFactories", "create" | "get") => {
                arg(0).typed(short)
            }
            ("DataSourceBuilder" | "Feign" | "JedisPool", "create" | "builder") => {
                Value::default().typed(short)
            }
            ("QueueBuilder", _) | ("ExchangeBuilder", _) | ("TopicBuilder", _) => {
                arg(0).typed(short)
            }
            ("RequestEntity", "method") => arg(1),
            ("RequestEntity", _) => arg(0),
            _ => match self.own_class(ty) {
                Some(class) => {
                    let methods = &self.outline.classes[class].methods;
                    let found = methods.iter().position(|method| method.name == name);
                    found.map_or_else(Value::default, |method| {
                        self.returned(class, method, depth + 1)
                    })
                }
                None => Value::default(),
            },
        }
    }

    /// An object that is made.
    fn made(&self, ty: &str, args: &[Range<usize>], scope: Scope, depth: usize) -> Value {
        let arg = |number: usize| match args.get(number) {
            Some(tokens) => self.expression(tokens.clone(), scope, depth + 1),
            None => Value::default(),
        };
        let short = match ty.rsplit_once('.') {
            Some((_, "Builder")) => ty,
            Some((_, last)) => last,
            None => ty,
        };
        let mut value = match short {
            "URL" | "URI" if args.len() <= 2 => {
                let mut value = arg(0);
                if args.len() == 2 {
                    value.append(arg(1).or_hole());
                }
                value
            }
            "Queue"
            | "TopicExchange"
            | "DirectExchange"
            | "FanoutExchange"
            | "HeadersExchange"
            | "CustomExchange"
            | "NewTopic"
            | "ProducerRecord"
            | "PatternTopic"
            | "ChannelTopic"
            | "HttpGet"
            | "HttpPost"
            | "HttpPut"
            | "HttpDelete"
            | "HttpPatch"
            | "ActiveMQQueue"
            | "ActiveMQTopic"
            | "DefaultUriBuilderFactory"
            | "MongoClientURI" => arg(0),
            "Jedis"
            | "JedisPool"
            | "MongoClient"
            | "RedisStandaloneConfiguration"
            | "LettuceConnectionFactory"
            | "InetSocketAddress"
            | "HttpHost"
            | "HostAndPort" => {
                let mut value = arg(0);
                if args.len() > 1 && !value.texts.is_empty() {
                    value.append(vec![":".into()]);
                    value.append(arg(1).or_hole());
                }
                value
            }
            "String" | "StringBuilder" => arg(0),
            _ if short.ends_with("Stub") => arg(0),
            _ => Value::default(),
        };
        short.clone_into(&mut value.ty);
        value
    }

    /// `String.format("http://%s:%d/x", a, b)`
    fn formatted(
        &self,
        formats: Vec<Template>,
        args: &[Range<usize>],
        scope: Scope,
        depth: usize,
    ) -> Value {
        let mut out = Value::default();
        for format in formats {
            let mut value = Value::text("");
            let mut next = 0;
            for part in &format.0 {
                let Part::Text(text) = part else {
                    value.append(vec![Template(vec![part.clone()])]);
                    continue;
                };
                let mut rest: &str = text;
                while let Some(at) = rest.find('%') {
                    value.append(vec![rest[..at].into()]);
                    rest = &rest[at + 1..];
                    let end = rest.find(|c: char| c.is_ascii_alphabetic() || c == '%');
                    let Some(end) = end else {
                        break;
                    };
                    let (flags, kind) = (&rest[..end], rest.as_bytes()[end]);
                    rest = &rest[end + 1..];
                    match kind {
                        b'%' => value.append(vec!["%".into()]),
                        b'n' => value.append(vec!["\n".into()]),
                        _ => {
                            let number = match flags.split_once('$') {
                                Some((number, _)) => number.parse::<usize>().ok(),
                                None => {
                                    next += 1;
                                    Some(next)
                                }
                            };
                            let arg = number
                                .and_then(|number| args.get(number.wrapping_sub(1)))
                                .map(|tokens| self.expression(tokens.clone(), scope, depth + 1));
                            value.append(arg.unwrap_or_default().or_hole());
                        }
                    }
                }
                value.append(vec![rest.into()]);
            }
            out.join(value);
        }
        out.typed("String")
    }
}

/// The prefix of the settings that a class holds.
fn settings_of(class: &Class, values: &Values<'_, '_>) -> Option<String> {
    let found = class
        .annotation("ConfigurationProperties")
        .or_else(|| class.annotation("ConfigMapping"))?;
    let scope = Scope {
        class: 0,
        method: None,
    };
    let prefix = values.arg(found, &["prefix", "value"], scope).texts.pop()?;
    Some(prefix.as_text()?.to_owned())
}

/// Packages of frameworks, in which no names of own code are looked for.
const FOREIGN: &[&str] = &[
    "java.",
    "javax.",
    "jakarta.",
    "kotlin.",
    "kotlinx.",
    "org.springframework.",
    "lombok.",
    "org.slf4j.",
    "com.fasterxml.",
    "org.apache.",
    "io.micronaut.",
    "io.quarkus.",
    "org.junit.",
    "org.mockito.",
    "com.google.",
    "io.grpc.",
    "reactor.",
    "org.hibernate.",
    "io.ktor.",
    "feign.",
    "retrofit2.",
    "okhttp3.",
    "scala.",
    "io.vertx.",
    "org.eclipse.",
    "io.swagger.",
];

/// Whether a type belongs to a framework.
pub(super) fn is_foreign(name: &str) -> bool {
    let name = format!("{}.", name.trim_end_matches(".*"));
    FOREIGN.iter().any(|start| name.starts_with(start))
}

/// A type without its package; builders keep what they build.
pub(super) fn simple(ty: &str) -> String {
    let mut pieces = ty.rsplit('.');
    match (pieces.next(), pieces.next()) {
        (Some("Builder"), Some(outer)) => format!("{outer}.Builder"),
        (Some(last), _) => last.to_owned(),
        _ => String::new(),
    }
}

fn is_text(ty: &str) -> bool {
    matches!(
        ty,
        "" | "String"
            | "URI"
            | "URL"
            | "CharSequence"
            | "StringBuilder"
            | "Optional"
            | "ManagedChannel"
            | "Channel"
            | "Array"
            | "List"
    )
}

/// Types of libraries that are met without an import, or under one for a whole package.
pub(super) fn is_common(ty: &str) -> bool {
    const COMMON: &[&str] = &[
        "AmqpTemplate",
        "Arrays",
        "Assert",
        "BigDecimal",
        "Boolean",
        "Class",
        "Collection",
        "Collections",
        "Date",
        "DiscoveryClient",
        "DriverManager",
        "Duration",
        "EntityManager",
        "Environment",
        "EurekaClient",
        "File",
        "Files",
        "Flux",
        "HashMap",
        "HashSet",
        "HttpClient",
        "HttpEntity",
        "Instant",
        "Integer",
        "JdbcTemplate",
        "Jedis",
        "JedisPool",
        "JmsTemplate",
        "KafkaConsumer",
        "KafkaProducer",
        "KafkaTemplate",
        "LinkedHashMap",
        "List",
        "LoadBalancerClient",
        "LocalDate",
        "Logger",
        "Long",
        "Map",
        "Math",
        "MongoClient",
        "MongoClients",
        "MongoTemplate",
        "Mono",
        "MultiValueMap",
        "Object",
        "ObjectMapper",
        "Objects",
        "OkHttpClient",
        "Optional",
        "Path",
        "Paths",
        "Pattern",
        "ProducerRecord",
        "RabbitTemplate",
        "Random",
        "RedisTemplate",
        "ResponseEntity",
        "RestClient",
        "RestOperations",
        "RestTemplate",
        "Scanner",
        "Set",
        "SimpleDateFormat",
        "Stream",
        "StreamBridge",
        "String",
        "StringBuilder",
        "StringRedisTemplate",
        "System",
        "Thread",
        "URI",
        "URL",
        "UUID",
        "WebClient",
    ];
    COMMON.binary_search(&ty).is_ok()
        || ["Grpc", "Exception", "Stub"]
            .iter()
            .any(|end| ty.ends_with(end))
}

/// Types whose calls go on building the same thing.
pub(super) fn is_builder(ty: &str) -> bool {
    is_client(ty)
        || ty.ends_with(".Builder")
        || matches!(
            ty,
            "UriComponentsBuilder"
                | "UriComponents"
                | "UriBuilder"
                | "RestTemplateBuilder"
                | "ManagedChannelBuilder"
                | "ManagedChannel"
                | "DataSourceBuilder"
                | "Feign"
                | "QueueBuilder"
                | "ExchangeBuilder"
                | "TopicBuilder"
                | "HikariConfig"
                | "HttpServiceProxyFactory"
                | "WebClientAdapter"
                | "RestClientAdapter"
                | "RestTemplateAdapter"
                | "RestTemplate"
                | "Queue"
                | "RestOperations"
        )
}

/// Clients whose requests are built call by call.
pub(super) fn is_client(ty: &str) -> bool {
    matches!(
        ty,
        "WebClient" | "RestClient" | "WebClient.Builder" | "RestClient.Builder"
    )
}

fn verb_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "get" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "delete" => "DELETE",
        "patch" => "PATCH",
        "head" => "HEAD",
        "options" => "OPTIONS",
        _ => return None,
    })
}

/// The verb that a value names.
pub(super) fn verb_in(value: &Value) -> &'static str {
    let text = value.texts.first().and_then(Template::as_text);
    text.and_then(|text| verb_of(&text.to_ascii_lowercase()))
        .unwrap_or("ANY")
}

fn slot(place: &str, name: &str) -> Template {
    Key::at("slot", place, name).into()
}

/// Whether a text is whatever callers put in.
fn is_argument(text: &Template) -> bool {
    text.as_ref_key().is_some_and(|key| {
        let name = key.name.as_text().unwrap_or_default();
        key.namespace.0 == "slot" && name.contains('#')
    })
}

/// A variable of the environment.
fn environment(name: Value) -> Value {
    let texts = name.texts.into_iter().filter(|text| !text.is_empty());
    Value {
        texts: texts.map(|name| Key::new("env", name).into()).collect(),
        ty: "String".to_owned(),
        verb: "",
    }
}

/// The first, or the second where the first gives nothing.
fn or(first: Value, second: Value) -> Value {
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
    texts.truncate(VALUES);
    Value {
        texts,
        ty,
        verb: "",
    }
}

/// Texts with placeholders, as `@Value` has them.
pub(super) fn properties(texts: Vec<Template>) -> Vec<Template> {
    let read = |text: Template| match text.as_text() {
        Some(text) => placeholders::template(text),
        None => text,
    };
    texts.into_iter().map(read).collect()
}

/// The name of a registered service as an address.
pub(super) fn by_name(name: &mut Template) {
    let is_url = name.as_text().is_some_and(|text| {
        text.contains("://") || text.starts_with('/') || text.starts_with("${") || text.is_empty()
    });
    if !is_url {
        let mut url: Template = "lb://".into();
        url.extend(name);
        *name = url;
    }
}

/// The host of a service that a registry gave.
fn host_of(mut value: Value) -> Value {
    for text in &mut value.texts {
        if let Some(Part::Text(first)) = text.0.first_mut()
            && let Some(rest) = first.strip_prefix("lb://")
        {
            *first = rest.into();
        }
    }
    value.typed("String")
}

/// The address of a channel that the configuration names.
///
/// Sources: <https://grpc-ecosystem.github.io/grpc-spring/en/client/configuration.html>, <https://quarkus.io/guides/grpc-service-consumption>
fn channel(name: &Template) -> Template {
    let mut setting: Template = "grpc.client.".into();
    setting.extend(name);
    setting.extend(&".address".into());
    let mut quarkus: Template = "quarkus.grpc.clients.".into();
    quarkus.extend(name);
    quarkus.extend(&".host".into());
    let default = Template::reference(Key::new("property", quarkus), Some(name.clone()));
    Template::reference(Key::new("property", setting), Some(default))
}

fn replaced(text: &Template, what: &str, with: &Template) -> Template {
    let mut out = Template::default();
    for part in &text.0 {
        let Part::Text(piece) = part else {
            out.push(part.clone());
            continue;
        };
        for (number, piece) in piece.split(what).enumerate() {
            if number > 0 {
                out.extend(with);
            }
            out.push(Part::Text(piece.into()));
        }
    }
    out
}

fn decapitalised(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string());
    format!("{}{}", first.unwrap_or_default(), chars.as_str())
}

/// Where a `$` stands that no backslash takes its meaning from.
fn unquoted_dollar(text: &str, raw: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if !raw => at += 2,
            b'$' => return Some(at),
            _ => at += 1,
        }
    }
    None
}

fn kotlin_text(text: &str, raw: bool) -> Template {
    match raw {
        true => text.into(),
        false => unescaped(text).into(),
    }
}

/// Where the brace closes around a piece of code, at the end when it does not.
fn closing(text: &str) -> usize {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return at,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// A text without its escapes.
fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(next) = rest.next() {
        if next != '\\' {
            plain.push(next);
            continue;
        }
        match rest.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some('u') => {
                let code = rest.as_str().trim_start_matches('u');
                let found = code
                    .get(..4)
                    .and_then(|hex| u32::from_str_radix(hex, 16).ok());
                if let Some(found) = found {
                    plain.extend(char::from_u32(found));
                    rest = code[4..].chars();
                }
            }
            // A text block of Java goes on in the next line.
            Some('\n') | None => {}
            Some(other) => plain.push(other),
        }
    }
    plain
}
