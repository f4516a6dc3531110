//! Expressions as values: what of the code can tell an address or a client, without the syntax around it.

use std::ops::Range;
use std::rc::Rc;

/// A function or a class: where it starts in the file.
pub(super) type Start = u32;

/// Where a name is used: its scope, the block in it, and the byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) scope: u32,
    pub(super) block: u32,
    pub(super) byte: u32,
}

/// An expression, as far as it matters.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A text or a number.
    Text(Rc<str>),
    /// One after the other.
    Join(Rc<Vec<Value>>),
    /// `"…%s…" % values`
    Percent(Rc<Value>, Rc<Value>),
    /// The first, or the second where the first gives nothing.
    Or(Rc<Value>, Rc<Value>),
    /// One of both; what decides is not known.
    Either(Rc<Value>, Rc<Value>),
    Name(Place, Rc<str>),
    Member(Rc<Value>, Rc<str>),
    /// `x["key"]`
    Item(Rc<Value>, Rc<Value>),
    Call(Rc<Call>),
    /// Keys and values in order; [`SPREAD`] for what is taken over from another.
    Dict(Rc<Vec<(Rc<str>, Value)>>),
    List(Rc<Vec<Value>>),
    Function(Start),
    Class(Start),
    /// `self` in a class.
    This(Start),
    /// What is imported: `import a.b as x`; names taken from it are its members.
    Module(Rc<str>),
    /// What a function is called with.
    Parameter(Start, usize),
    /// `None`, `False`: said, and nothing.
    Nothing,
    Unknown,
}

/// The key of what a dictionary takes over from another.
pub(super) const SPREAD: &str = "**";

/// The key of what stands under a key that is no text.
pub(super) const UNKNOWN: &str = "?";

/// A call.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) callee: Value,
    pub(super) arguments: Vec<Value>,
    pub(super) keywords: Vec<(Rc<str>, Value)>,
    pub(super) bytes: Range<usize>,
}

impl Call {
    /// An argument by its place or its name.
    pub(super) fn argument(&self, at: usize, name: &str) -> Option<&Value> {
        match self.arguments.get(at) {
            Some(value) => Some(value),
            None => self.keyword(name),
        }
    }

    /// An argument by its name.
    pub(super) fn keyword(&self, name: &str) -> Option<&Value> {
        let mut keywords = self.keywords.iter();
        keywords
            .find(|(key, _)| &**key == name)
            .map(|(_, value)| value)
    }
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
}
