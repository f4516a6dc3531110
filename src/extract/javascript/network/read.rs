//! Reads expressions as values.

use std::ops::Range;
use std::rc::Rc;

use oxc_ast::ast::{
    Argument, ArrayExpressionElement, BinaryOperator, CallExpression, ChainElement, Expression,
    LogicalOperator, NewExpression, ObjectPropertyKind, PropertyKey, TemplateLiteral,
    UnaryOperator,
};
use oxc_span::Span;

use super::collect::Collector;
use super::value::{Call, SPREAD, Value};

/// The deepest nesting of an expression that is read.
const DEPTH: u32 = 48;

/// The most elements of a list or an object that are read.
const ELEMENTS: usize = 512;

impl Collector {
    /// What an expression gives, as far as it matters.
    pub(super) fn value(&mut self, expression: &Expression<'_>) -> Value {
        self.read(expression, 0)
    }

    fn read(&mut self, expression: &Expression<'_>, depth: u32) -> Value {
        if depth > DEPTH {
            return Value::Unknown;
        }
        let depth = depth + 1;
        match expression {
            Expression::StringLiteral(literal) => Value::Text(literal.value.as_str().into()),
            Expression::NumericLiteral(number) => match number.value {
                whole if whole.fract() == 0.0 && whole.abs() < 1e9 => {
                    Value::Text(format!("{whole:.0}").into())
                }
                _ => Value::Unknown,
            },
            Expression::TemplateLiteral(template) => self.template(template, depth),
            Expression::BooleanLiteral(literal) if !literal.value => Value::Nothing,
            Expression::NullLiteral(_) => Value::Nothing,
            Expression::UnaryExpression(unary) if unary.operator == UnaryOperator::Void => {
                Value::Nothing
            }
            Expression::UnaryExpression(unary) if unary.operator == UnaryOperator::UnaryPlus => {
                self.read(&unary.argument, depth)
            }
            Expression::BinaryExpression(sum) if sum.operator == BinaryOperator::Addition => {
                Value::Join(vec![
                    self.read(&sum.left, depth),
                    self.read(&sum.right, depth),
                ])
            }
            Expression::LogicalExpression(both) => {
                let right = self.read(&both.right, depth);
                match both.operator {
                    LogicalOperator::And => right,
                    _ => self.read(&both.left, depth).or(right),
                }
            }
            Expression::ConditionalExpression(either) => Value::Either(
                Rc::new(self.read(&either.consequent, depth)),
                Rc::new(self.read(&either.alternate, depth)),
            ),
            Expression::Identifier(name) if name.name == "undefined" => Value::Nothing,
            Expression::Identifier(name) => Value::Name(self.scope(), name.name.as_str().into()),
            Expression::ThisExpression(_) => self.this().map_or(Value::Unknown, Value::This),
            Expression::ImportMeta(_) => Value::Name(0, "import.meta".into()),
            Expression::StaticMemberExpression(member) => self
                .read(&member.object, depth)
                .member(&member.property.name),
            Expression::PrivateFieldExpression(member) => {
                let name = format!("#{}", member.field.name);
                self.read(&member.object, depth).member(&name)
            }
            Expression::ComputedMemberExpression(member) => {
                let name = match &member.expression {
                    Expression::StringLiteral(name) => name.value.to_string(),
                    Expression::NumericLiteral(number) => number.value.to_string(),
                    _ => return Value::Unknown,
                };
                self.read(&member.object, depth).member(&name)
            }
            Expression::CallExpression(call) => self.call(call, depth),
            Expression::NewExpression(new) => self.make(new, depth),
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::CallExpression(call) => self.call(call, depth),
                ChainElement::TSNonNullExpression(inner) => self.read(&inner.expression, depth),
                ChainElement::StaticMemberExpression(member) => self
                    .read(&member.object, depth)
                    .member(&member.property.name),
                ChainElement::ComputedMemberExpression(_)
                | ChainElement::PrivateFieldExpression(_) => Value::Unknown,
            },
            Expression::ImportExpression(import) => match &import.source {
                Expression::StringLiteral(name) => Value::Module(name.value.as_str().into()),
                _ => Value::Unknown,
            },
            Expression::ObjectExpression(object) => {
                self.cut |= object.properties.len() > ELEMENTS;
                let mut properties = Vec::new();
                for property in object.properties.iter().take(ELEMENTS) {
                    match property {
                        ObjectPropertyKind::ObjectProperty(property) => {
                            let Some(key) = key(&property.key) else {
                                continue;
                            };
                            let value = self.read(&property.value, depth);
                            properties.push((key, value));
                        }
                        ObjectPropertyKind::SpreadProperty(spread) => {
                            let value = self.read(&spread.argument, depth);
                            properties.push((SPREAD.into(), value));
                        }
                    }
                }
                Value::Object(Rc::new(properties))
            }
            Expression::ArrayExpression(array) => {
                self.cut |= array.elements.len() > ELEMENTS;
                let elements = array.elements.iter().take(ELEMENTS);
                let elements = elements.map(|element| match element {
                    ArrayExpressionElement::SpreadElement(_)
                    | ArrayExpressionElement::Elision(_) => Value::Unknown,
                    element => element
                        .as_expression()
                        .map_or(Value::Unknown, |element| self.read(element, depth)),
                });
                Value::Array(Rc::new(elements.collect()))
            }
            Expression::FunctionExpression(function) => Value::Function(function.span.start),
            Expression::ArrowFunctionExpression(function) => Value::Function(function.span.start),
            Expression::ClassExpression(class) => Value::Class(class.span.start),
            Expression::AwaitExpression(inner) => self.read(&inner.argument, depth),
            Expression::AssignmentExpression(inner) => self.read(&inner.right, depth),
            Expression::SequenceExpression(list) => list
                .expressions
                .last()
                .map_or(Value::Unknown, |last| self.read(last, depth)),
            Expression::ParenthesizedExpression(inner) => self.read(&inner.expression, depth),
            Expression::TSAsExpression(inner) => self.read(&inner.expression, depth),
            Expression::TSSatisfiesExpression(inner) => self.read(&inner.expression, depth),
            Expression::TSNonNullExpression(inner) => self.read(&inner.expression, depth),
            Expression::TSTypeAssertion(inner) => self.read(&inner.expression, depth),
            Expression::TSInstantiationExpression(inner) => self.read(&inner.expression, depth),
            _ => Value::Unknown,
        }
    }

    fn template(&mut self, template: &TemplateLiteral<'_>, depth: u32) -> Value {
        let mut parts = Vec::new();
        for (at, quasi) in template.quasis.iter().enumerate() {
            let text = quasi.value.cooked.unwrap_or(quasi.value.raw);
            if !text.is_empty() {
                parts.push(Value::Text(text.as_str().into()));
            }
            if let Some(expression) = template.expressions.get(at) {
                parts.push(self.read(expression, depth));
            }
        }
        Value::Join(parts)
    }

    /// A call; `require("x")` is the module.
    pub(super) fn call(&mut self, call: &CallExpression<'_>, depth: u32) -> Value {
        if let Expression::Identifier(name) = &call.callee
            && name.name == "require"
        {
            return match call.arguments.first() {
                Some(Argument::StringLiteral(name)) => Value::Module(name.value.as_str().into()),
                _ => Value::Unknown,
            };
        }
        let parts = (&call.callee, call.arguments.as_slice());
        Value::Call(self.called(parts, false, call.span, depth))
    }

    /// The making of an object.
    pub(super) fn make(&mut self, new: &NewExpression<'_>, depth: u32) -> Value {
        let parts = (&new.callee, new.arguments.as_slice());
        Value::Call(self.called(parts, true, new.span, depth))
    }

    /// A call that is read once, however many expressions it is part of.
    fn called(
        &mut self,
        (callee, arguments): (&Expression<'_>, &[Argument<'_>]),
        new: bool,
        span: Span,
        depth: u32,
    ) -> Rc<Call> {
        let place = (span.start, span.end);
        if let Some(known) = self.known.get(&place) {
            return Rc::clone(known);
        }
        let callee = self.read(callee, depth);
        let arguments: Vec<Value> = arguments
            .iter()
            .map(|argument| match argument.as_expression() {
                Some(argument) => self.read(argument, depth),
                None => Value::Unknown,
            })
            .collect();
        let call = Rc::new(Call {
            callee,
            arguments,
            new,
            bytes: bytes(span),
        });
        for (place, argument) in call.arguments.iter().enumerate() {
            if let Value::Function(start) = argument {
                self.code.handed.insert(*start, (Rc::clone(&call), place));
            }
        }
        // What was cut off by its depth may be read whole from further inside.
        if depth < DEPTH / 2 {
            self.known.insert(place, Rc::clone(&call));
        }
        call
    }
}

/// The name of a property, when it is written out.
pub(super) fn key(key: &PropertyKey<'_>) -> Option<Rc<str>> {
    match key {
        PropertyKey::PrivateIdentifier(name) => Some(format!("#{}", name.name).into()),
        key => Some((*key.static_name()?).into()),
    }
}

/// The bytes of a span.
pub(super) fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}
