//! What one file defines: names by scope, functions, classes, exports, and every call.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;

use super::value::{Call, Scope, Start, Value};

/// Names are looked up in every scope around them: the hash that is made for keys of strangers takes longer than the rest.
pub(super) type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// Everything of a file that the detectors ask for.
#[derive(Debug, Default)]
pub(super) struct Code {
    /// The scope around each scope; the first is the file's own.
    pub(super) parents: Vec<Scope>,
    /// What each name is given, in order, by scope.
    pub(super) names: Vec<Map<Rc<str>, Vec<Value>>>,
    pub(super) functions: BTreeMap<Start, Function>,
    pub(super) classes: BTreeMap<Start, Class>,
    /// The call that a function is handed to, and at which place.
    pub(super) handed: Map<Start, (Rc<Call>, usize)>,
    pub(super) exports: Vec<Export>,
    /// All calls, outer before inner.
    pub(super) calls: Vec<Rc<Call>>,
    pub(super) decorated: Vec<Decorated>,
    /// How many steps look-ups took, for one question and for all.
    pub(super) asked: Cell<u32>,
    pub(super) spent: Cell<u32>,
}

/// A function of the file.
#[derive(Debug, Default)]
pub(super) struct Function {
    /// Under which other code knows it: `load`, `Client.load`.
    pub(super) name: Option<Rc<str>>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) returns: Vec<Value>,
}

/// A parameter of a function, or a field that something else fills.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameter {
    /// Its type, as a name.
    pub(super) kind: Option<Value>,
    pub(super) decorators: Vec<Value>,
}

/// A class of the file.
#[derive(Debug, Default)]
pub(super) struct Class {
    pub(super) name: Option<Rc<str>>,
    pub(super) extends: Option<Value>,
    /// Fields and methods of its objects.
    pub(super) fields: Map<Rc<str>, Vec<Value>>,
    /// Fields and methods of the class itself.
    pub(super) statics: Map<Rc<str>, Vec<Value>>,
    pub(super) constructor: Option<Start>,
}

/// Something that other files may take.
#[derive(Debug)]
pub(super) struct Export {
    /// Empty: the module as a whole (`module.exports = …`).
    pub(super) name: Rc<str>,
    pub(super) value: Value,
    pub(super) bytes: Range<usize>,
}

/// A class or a member of it with decorators.
#[derive(Debug)]
pub(super) struct Decorated {
    pub(super) class: Start,
    /// The name of the method; `None`: the class itself.
    pub(super) member: Option<Rc<str>>,
    pub(super) decorators: Vec<(Value, Range<usize>)>,
}

impl Code {
    /// What a name means where a scope uses it; `None`: nothing in the file defines it.
    pub(super) fn look_up(&self, scope: Scope, name: &str) -> Option<Value> {
        self.found(scope, name).map(|(_, values)| settled(values))
    }

    /// The scope in which a name is defined.
    pub(super) fn home(&self, scope: Scope, name: &str) -> Option<Scope> {
        self.found(scope, name).map(|(home, _)| home)
    }

    /// The scope in which a name is defined, and all that it is given.
    fn found(&self, scope: Scope, name: &str) -> Option<(Scope, &Vec<Value>)> {
        let mut scope = scope;
        loop {
            let names = self.names.get(scope as usize)?;
            // Most scopes define nothing.
            if !names.is_empty()
                && let Some(values) = names.get(name)
            {
                return Some((scope, values));
            }
            let parent = *self.parents.get(scope as usize)?;
            if parent == scope {
                return None;
            }
            scope = parent;
        }
    }

    /// A field or a method of the objects of a class.
    pub(super) fn field(&self, class: Start, name: &str) -> Option<Value> {
        let values = self.classes.get(&class)?.fields.get(name)?;
        Some(settled(values))
    }

    /// A field or a method of a class itself.
    pub(super) fn fixed(&self, class: Start, name: &str) -> Option<Value> {
        let values = self.classes.get(&class)?.statics.get(name)?;
        Some(settled(values))
    }
}

/// What a name means that is given these values: what says nothing does not count; of more than two none is certain.
fn settled(values: &[Value]) -> Value {
    let mut said = values
        .iter()
        .filter(|value| !matches!(value, Value::Nothing));
    match (said.next(), said.next(), said.next()) {
        (None, ..) => Value::Nothing,
        (Some(one), None, _) => one.clone(),
        (Some(one), Some(other), None) => {
            Value::Either(Rc::new(one.clone()), Rc::new(other.clone()))
        }
        _ => Value::Unknown,
    }
}
