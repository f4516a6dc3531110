//! Notes what a file defines and calls.

use std::rc::Rc;

use oxc_ast::ast::{
    AssignmentTarget, BindingPattern, Decorator, Expression, TSType, TSTypeAnnotation, TSTypeName,
};
use oxc_ast_visit::Visit;

use super::code::{Code, Decorated, Export, Map};
use super::read::{bytes, key};
use super::value::{Call, Scope, Start, Value};

/// The most scopes and calls of one file that are noted.
const SCOPES: usize = 1 << 16;
const CALLS: usize = 1 << 14;

#[derive(Debug, Default)]
pub(super) struct Collector {
    pub(super) code: Code,
    pub(super) known: Map<(u32, u32), Rc<Call>>,
    /// The scopes around what is read; the functions and classes likewise.
    pub(super) scopes: Vec<Scope>,
    pub(super) functions: Vec<(Start, Scope)>,
    pub(super) classes: Vec<Start>,
    /// Values that names are given away from where they are defined.
    later: Vec<(Scope, Rc<str>, Value)>,
    /// The declaration that is read is a `var`.
    pub(super) hoists: bool,
    /// Some of the file was left out.
    pub(super) cut: bool,
}

impl Collector {
    /// Everything that a file defines and calls.
    pub(super) fn read_program(body: &oxc_ast::ast::Program<'_>) -> Self {
        let mut collector = Self::default();
        collector.code.parents.push(0);
        collector.code.names.push(Map::default());
        collector.scopes.push(0);
        collector.visit_program(body);
        for (scope, name, value) in std::mem::take(&mut collector.later) {
            // What no name is declared for belongs to nobody.
            if let Some(home) = collector.code.home(scope, &name)
                && let Some(names) = collector.code.names.get_mut(home as usize)
            {
                names.entry(name).or_default().push(value);
            }
        }
        collector
    }

    /// The scope that is read.
    pub(super) fn scope(&self) -> Scope {
        self.scopes.last().copied().unwrap_or_default()
    }

    /// The class whose object is `this`.
    pub(super) fn this(&self) -> Option<Start> {
        self.classes.last().copied()
    }

    pub(super) fn define(&mut self, scope: Scope, name: &str, value: Value) {
        if let Some(names) = self.code.names.get_mut(scope as usize) {
            names.entry(name.into()).or_default().push(value);
        }
    }

    pub(super) fn export(&mut self, name: &str, value: Value, span: oxc_span::Span) {
        self.code.exports.push(Export {
            name: name.into(),
            value,
            bytes: bytes(span),
        });
    }

    /// Names a function or class that is given to a name.
    pub(super) fn name(&mut self, value: &Value, name: &str) {
        match value {
            Value::Function(start) => {
                let function = self.code.functions.entry(*start).or_default();
                function.name.get_or_insert_with(|| name.into());
            }
            Value::Class(start) => {
                let class = self.code.classes.entry(*start).or_default();
                class.name.get_or_insert_with(|| name.into());
            }
            _ => {}
        }
    }

    /// Gives a value to all names of a pattern.
    pub(super) fn bind(&mut self, scope: Scope, pattern: &BindingPattern<'_>, value: &Value) {
        // Patterns are nested as deeply as a file likes.
        let mut open = vec![(pattern, value.clone())];
        while let Some((pattern, value)) = open.pop() {
            match pattern {
                BindingPattern::BindingIdentifier(name) => {
                    self.name(&value, &name.name);
                    self.define(scope, &name.name, value);
                }
                BindingPattern::AssignmentPattern(assigned) => {
                    let default = self.value(&assigned.right);
                    open.push((&assigned.left, value.or(default)));
                }
                BindingPattern::ObjectPattern(object) => {
                    for property in &object.properties {
                        let value = match key(&property.key) {
                            Some(key) => value.clone().member(&key),
                            None => Value::Unknown,
                        };
                        open.push((&property.value, value));
                    }
                    if let Some(rest) = &object.rest {
                        open.push((&rest.argument, value));
                    }
                }
                BindingPattern::ArrayPattern(array) => {
                    for (at, element) in array.elements.iter().enumerate() {
                        if let Some(element) = element {
                            open.push((element, value.clone().member(&at.to_string())));
                        }
                    }
                }
            }
        }
    }

    /// The name of the type that an annotation gives.
    pub(super) fn kind(&self, annotation: Option<&TSTypeAnnotation<'_>>) -> Option<Value> {
        let TSType::TSTypeReference(reference) = &annotation?.type_annotation else {
            return None;
        };
        match &reference.type_name {
            TSTypeName::IdentifierReference(name) => {
                Some(Value::Name(self.scope(), name.name.as_str().into()))
            }
            TSTypeName::QualifiedName(name) => match &name.left {
                TSTypeName::IdentifierReference(left) => {
                    let left = Value::Name(self.scope(), left.name.as_str().into());
                    Some(left.member(&name.right.name))
                }
                _ => None,
            },
            TSTypeName::ThisExpression(_) => None,
        }
    }

    pub(super) fn decorators(&mut self, decorators: &[Decorator<'_>]) -> Vec<Value> {
        decorators
            .iter()
            .map(|decorator| self.value(&decorator.expression))
            .collect()
    }

    pub(super) fn decorated(
        &mut self,
        class: Start,
        member: Option<&str>,
        decorators: &[Decorator<'_>],
    ) {
        if decorators.is_empty() {
            return;
        }
        let spans = decorators.iter().map(|decorator| bytes(decorator.span));
        let spans: Vec<_> = spans.collect();
        let values = self.decorators(decorators);
        self.code.decorated.push(Decorated {
            class,
            member: member.map(Into::into),
            decorators: values.into_iter().zip(spans).collect(),
        });
    }

    pub(super) fn note(&mut self, call: Value) {
        if let Value::Call(call) = call {
            match self.code.calls.len() < CALLS {
                true => self.code.calls.push(call),
                false => self.cut = true,
            }
        }
    }

    pub(super) fn open(&mut self) {
        let scope = Scope::try_from(self.code.parents.len()).unwrap_or(Scope::MAX);
        let parent = self.scope();
        if self.code.parents.len() < SCOPES {
            self.code.parents.push(parent);
            self.code.names.push(Map::default());
            self.scopes.push(scope);
        } else {
            // Names of deeper scopes count as names of this one.
            self.cut = true;
            self.scopes.push(parent);
        }
    }

    pub(super) fn function(&mut self, start: Start, name: Option<&str>) {
        if let Some(name) = name {
            self.name(&Value::Function(start), name);
        }
        self.code.functions.entry(start).or_default();
        self.functions.push((start, self.scope()));
    }

    /// The function whose names `var` declares, and its scope.
    pub(super) fn around(&self) -> Scope {
        self.functions.last().map_or(0, |(_, scope)| *scope)
    }

    /// `exports.x = …`, `module.exports.x = …`, `module.exports = …`, `this.x = …`.
    pub(super) fn assign(
        &mut self,
        target: &AssignmentTarget<'_>,
        value: Value,
        span: oxc_span::Span,
    ) {
        let (object, property) = match target {
            AssignmentTarget::AssignmentTargetIdentifier(name) => {
                self.name(&value, &name.name);
                let name = name.name.as_str().into();
                self.later.push((self.scope(), name, value));
                return;
            }
            AssignmentTarget::StaticMemberExpression(member) => {
                (&member.object, member.property.name.to_string())
            }
            AssignmentTarget::PrivateFieldExpression(member) => {
                (&member.object, format!("#{}", member.field.name))
            }
            _ => return,
        };
        match object {
            Expression::ThisExpression(_) => {
                if let Some(class) = self.this() {
                    let class = self.code.classes.entry(class).or_default();
                    let values = class.fields.entry(property.into()).or_default();
                    values.push(value);
                }
            }
            Expression::Identifier(name) if name.name == "exports" => {
                self.name(&value, &property);
                self.export(&property, value, span);
            }
            Expression::Identifier(name) if name.name == "module" && property == "exports" => {
                self.name(&value, "default");
                self.export("", value, span);
            }
            Expression::StaticMemberExpression(member)
                if member.property.name == "exports"
                    && matches!(&member.object, Expression::Identifier(name) if name.name == "module") =>
            {
                self.name(&value, &property);
                self.export(&property, value, span);
            }
            _ => {}
        }
    }

    pub(super) fn gives(&mut self, value: Value) {
        if let Some((start, _)) = self.functions.last() {
            self.code
                .functions
                .entry(*start)
                .or_default()
                .returns
                .push(value);
        }
    }
}
