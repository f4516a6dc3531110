//! What does a plain name stand for: a local one, a parameter, a field, a method, an import?

use super::annotations::settings_of;
use super::locals::Local;
use super::members::environment;
use super::types::simple;
use super::{DEPTH, Scope, VALUES, Value, Values};
use crate::extract::jvm::services::outline::{Method, Variable, expression_end};
use crate::model::{Key, Template};

impl<'a, 't: 'a> Values<'a, 't> {
    /// A name that stands for a value: a local one, a parameter, a field, an import.
    pub(super) fn named(&self, name: &str, scope: Scope, depth: usize) -> Option<Value> {
        if let Some(method) = self.method(scope) {
            let key = (scope.class, scope.method.unwrap_or_default());
            let locals = self.locals.get(&key);
            let locals = locals.and_then(|locals| locals.get_key_value(name));
            let param = method.params.iter().position(|param| param.name == name);
            if let Some((name, locals)) = locals.filter(|_| param.is_none()) {
                let place = (scope.class, scope.method, *name);
                return Some(self.once(place, || self.local(locals, scope, depth)));
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

    /// A local name: all that it is set to.
    fn local(&self, locals: &[Local], scope: Scope, depth: usize) -> Value {
        let mut value = Value::default();
        for local in locals {
            if let Some(range) = &local.value {
                value.join(self.expression(range.clone(), scope, depth + 1));
            }
            if value.ty.is_empty() || !local.ty.is_empty() {
                value.ty = simple(&local.ty);
            }
            self.so_far(&value);
        }
        value.ty = simple(&value.ty);
        value
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

    /// The value of a field of the class, or of one around it.
    pub(super) fn field(&self, name: &str, scope: Scope, depth: usize) -> Option<Value> {
        let outline = self.outline;
        let mut at = Some(scope.class);
        while let Some(number) = at {
            let class = &outline.classes[number];
            let scope = Scope::of_class(number);
            let companions = outline.classes.iter().enumerate().filter(|(other, one)| {
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

    fn field_value(
        &self,
        variable: &'a Variable,
        class: usize,
        scope: Scope,
        depth: usize,
    ) -> Value {
        let place = (class, None, &*variable.name);
        self.once(place, || self.set(variable, class, scope, depth))
    }

    /// All that a field is set to.
    fn set(&self, variable: &Variable, class: usize, scope: Scope, depth: usize) -> Value {
        let mut value = Value::default();
        if let Some(text) = self.annotated(&variable.annotations, scope, depth) {
            value.texts = text;
        }
        let inside = Scope::of_class(class);
        if value.texts.is_empty()
            && let Some(range) = &variable.value
        {
            value = self.expression(range.clone(), inside, depth + 1);
        }
        let assigned = self.assigned.get(&(class, &*variable.name));
        for (method, range) in assigned.into_iter().flatten() {
            self.so_far(&value);
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
    pub(super) fn own_call(&self, at: usize, scope: Scope, depth: usize) -> (Value, usize) {
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

    pub(super) fn returned(&self, class: usize, number: usize, depth: usize) -> Value {
        let method = &self.outline.classes[class].methods[number];
        let scope = Scope {
            class,
            method: Some(number),
        };
        self.once((class, scope.method, ""), || {
            self.given_back(method, scope, depth)
        })
    }

    /// All that a method returns.
    fn given_back(&self, method: &Method, scope: Scope, depth: usize) -> Value {
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
                    self.so_far(&value);
                    value.join(self.expression(at + 1..end.min(method.body.end), scope, depth + 2));
                    at = end;
                }
                at += 1;
            }
        } else {
            self.cut();
        }
        if !method.ty.is_empty() {
            value.ty = simple(&method.ty);
        }
        value
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

/// Whether a text is whatever callers put in.
fn is_argument(text: &Template) -> bool {
    text.as_ref_key().is_some_and(|key| {
        let name = key.name.as_text().unwrap_or_default();
        key.namespace.0 == "slot" && name.contains('#')
    })
}

fn slot(place: &str, name: &str) -> Template {
    Key::at("slot", place, name).into()
}
