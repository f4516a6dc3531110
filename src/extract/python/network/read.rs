//! Reads expressions into values; whatever stands inside of them is read, too.

use std::rc::Rc;

use ruff_python_ast::{
    BoolOp, Comprehension, Expr, ExprCall, InterpolatedStringElement, Number, Operator,
};

use super::super::parse::span;
use super::super::strings::elements;
use super::collect::Collector;
use super::value::{Call, SPREAD, UNKNOWN, Value};

/// The most calls of one file that are noted.
const CALLS: usize = 1 << 14;

impl Collector {
    /// What an expression gives.
    pub(super) fn value(&mut self, expr: &Expr) -> Value {
        match expr {
            Expr::StringLiteral(text) => Value::Text(text.value.to_str().into()),
            Expr::BytesLiteral(text) => {
                let bytes: Vec<u8> = text.value.bytes().collect();
                match String::from_utf8(bytes) {
                    Ok(text) => Value::Text(text.into()),
                    Err(_) => Value::Unknown,
                }
            }
            Expr::NumberLiteral(number) => match &number.value {
                Number::Int(number) => Value::Text(number.to_string().into()),
                _ => Value::Unknown,
            },
            Expr::BooleanLiteral(truth) => match truth.value {
                true => Value::Unknown,
                false => Value::Nothing,
            },
            Expr::NoneLiteral(_) => Value::Nothing,
            Expr::FString(text) => {
                let mut parts = Vec::new();
                for element in text.value.elements() {
                    parts.push(match element {
                        InterpolatedStringElement::Literal(literal) => {
                            Value::Text((&*literal.value).into())
                        }
                        InterpolatedStringElement::Interpolation(piece) => {
                            self.value(&piece.expression)
                        }
                    });
                }
                Value::Join(Rc::new(parts))
            }
            Expr::Name(name) => {
                let place = self.place(name.range.start().to_u32());
                Value::Name(place, name.id.as_str().into())
            }
            Expr::Attribute(attribute) => {
                let object = self.value(&attribute.value);
                object.member(attribute.attr.as_str())
            }
            Expr::Subscript(subscript) => {
                let object = self.value(&subscript.value);
                let key = self.value(&subscript.slice);
                Value::Item(Rc::new(object), Rc::new(key))
            }
            Expr::Call(call) => self.call(call),
            Expr::Await(awaited) => self.value(&awaited.value),
            Expr::Starred(starred) => {
                self.value(&starred.value);
                Value::Unknown
            }
            Expr::Named(named) => {
                let value = self.value(&named.value);
                self.assign(&named.target, value.clone(), span(named));
                value
            }
            Expr::BinOp(operation) => {
                let left = self.value(&operation.left);
                let right = self.value(&operation.right);
                match operation.op {
                    Operator::Add => Value::Join(Rc::new(vec![left, right])),
                    Operator::Div => {
                        let between = Value::Text("/".into());
                        Value::Join(Rc::new(vec![left, between, right]))
                    }
                    Operator::Mod => Value::Percent(Rc::new(left), Rc::new(right)),
                    _ => Value::Unknown,
                }
            }
            Expr::BoolOp(operation) => {
                let values: Vec<Value> = operation
                    .values
                    .iter()
                    .map(|value| self.value(value))
                    .collect();
                let mut values = values.into_iter().rev();
                let last = values.next().unwrap_or(Value::Unknown);
                match operation.op {
                    BoolOp::Or => values.fold(last, |second, first| first.or(second)),
                    BoolOp::And => last,
                }
            }
            Expr::If(choice) => {
                self.value(&choice.test);
                let first = self.value(&choice.body);
                let second = self.value(&choice.orelse);
                Value::Either(Rc::new(first), Rc::new(second))
            }
            Expr::Dict(dict) => {
                let mut items = Vec::new();
                for item in &dict.items {
                    let value = self.value(&item.value);
                    let key = match &item.key {
                        Some(key) => match self.value(key) {
                            Value::Text(text) => text,
                            _ => UNKNOWN.into(),
                        },
                        None => SPREAD.into(),
                    };
                    items.push((key, value));
                }
                Value::Dict(Rc::new(items))
            }
            Expr::List(_) | Expr::Tuple(_) | Expr::Set(_) => {
                let values = elements(expr).iter().map(|one| self.value(one)).collect();
                Value::List(Rc::new(values))
            }
            Expr::Lambda(lambda) => {
                self.scoped(false, |inner| {
                    for one in lambda.parameters.iter().flat_map(|list| list.iter()) {
                        let name = one.name();
                        let bytes = span(name);
                        inner.define(name.as_str(), Value::Unknown, bytes);
                    }
                    inner.value(&lambda.body);
                });
                Value::Unknown
            }
            Expr::ListComp(each) => self.comprehension(&each.generators, &[&each.elt]),
            Expr::SetComp(each) => self.comprehension(&each.generators, &[&each.elt]),
            Expr::Generator(each) => self.comprehension(&each.generators, &[&each.elt]),
            Expr::DictComp(each) => {
                let parts: Vec<&Expr> = each.key.iter().map(|key| &**key).collect();
                self.comprehension(&each.generators, &parts);
                self.comprehension(&each.generators, &[&each.value])
            }
            Expr::Yield(give) => {
                if let Some(value) = &give.value {
                    let value = self.value(value);
                    self.yields(value);
                }
                Value::Unknown
            }
            Expr::YieldFrom(give) => {
                self.value(&give.value);
                Value::Unknown
            }
            Expr::UnaryOp(operation) => {
                self.value(&operation.operand);
                Value::Unknown
            }
            Expr::Compare(compare) => {
                self.value(&compare.left);
                for one in &compare.comparators {
                    self.value(one);
                }
                Value::Unknown
            }
            _ => Value::Unknown,
        }
    }

    fn call(&mut self, call: &ExprCall) -> Value {
        let callee = self.value(&call.func);
        let arguments = call.arguments.args.iter();
        let arguments = arguments.map(|one| self.value(one)).collect();
        let mut keywords: Vec<(Rc<str>, Value)> = Vec::new();
        for keyword in &call.arguments.keywords {
            let value = self.value(&keyword.value);
            match (&keyword.arg, value) {
                (Some(name), value) => keywords.push((name.as_str().into(), value)),
                // `f(**{"host": "cart"})`
                (None, Value::Dict(items)) => keywords.extend(items.iter().cloned()),
                (None, value) => keywords.push((SPREAD.into(), value)),
            }
        }
        let call = Rc::new(Call {
            callee,
            arguments,
            keywords,
            bytes: span(call),
        });
        match self.code.calls.len() < CALLS {
            true => self.code.calls.push(Rc::clone(&call)),
            false => self.code.cut = true,
        }
        Value::Call(call)
    }

    /// What a comprehension gives is not known; its names are its own.
    fn comprehension(&mut self, generators: &[Comprehension], parts: &[&Expr]) -> Value {
        self.scoped(false, |inner| {
            for generator in generators {
                inner.value(&generator.iter);
                inner.assign(&generator.target, Value::Unknown, span(&generator.target));
                for test in &generator.ifs {
                    inner.value(test);
                }
            }
            for part in parts {
                inner.value(part);
            }
        });
        Value::Unknown
    }
}
