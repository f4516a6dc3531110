//! Expressions as values: what of the code can tell an address or a client, without the syntax around it.

use std::ops::Range;
use std::rc::Rc;

/// A scope of names, numbered in the order in which the file opens them.
pub(super) type Scope = u32;

/// A function or a class: where it starts in the file.
pub(super) type Start = u32;

/// An expression, as far as it matters.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(Rc<str>),
    /// One after the other.
    Join(Vec<Value>),
    /// The first, or the second where the first gives nothing.
    Or(Rc<Value>, Rc<Value>),
    /// One of both; what decides is not known.
    Either(Rc<Value>, Rc<Value>),
    /// A name, as a scope sees it.
    Name(Scope, Rc<str>),
    Member(Rc<Value>, Rc<str>),
    Call(Rc<Call>),
    /// Keys and values in order; [`SPREAD`] for what is taken over from another object.
    Object(Rc<Vec<(Rc<str>, Value)>>),
    Array(Rc<Vec<Value>>),
    Function(Start),
    Class(Start),
    /// `this` in a class.
    This(Start),
    /// A module as a whole: `require("x")`, `import * as x from "x"`.
    Module(Rc<str>),
    /// What a function is called with.
    Parameter(Start, usize),
    /// `null`, `undefined`, `false`: said, and nothing.
    Nothing,
    Unknown,
}

/// The key of what an object takes over from another.
pub(super) const SPREAD: &str = "...";

/// A call, or the making of an object.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) callee: Value,
    pub(super) arguments: Vec<Value>,
    pub(super) new: bool,
    pub(super) bytes: Range<usize>,
}

impl Value {
    /// A member of a value.
    pub(super) fn member(self, name: &str) -> Self {
        Self::Member(Rc::new(self), name.into())
    }

    /// The value, or another where it gives nothing.
    pub(super) fn or(self, default: Self) -> Self {
        Self::Or(Rc::new(self), Rc::new(default))
    }

    /// The text, when it is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The property of an object that is written out here.
    pub(super) fn property(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Object(object) => {
                let mut properties = object.iter().rev();
                properties
                    .find(|(key, _)| &**key == name)
                    .map(|(_, value)| value)
            }
            _ => None,
        }
    }
}
