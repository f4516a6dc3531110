//! What do expressions come to: addresses, names of services, of topics and queues, of settings?
//!
//! Values of the file are put in; what other classes decide stays a reference to the class and the name
//! (`${slot(com.acme.Topics)ORDERS}`), which resolving folds.

mod annotations;
mod builders;
mod expressions;
mod formats;
mod functions;
mod literals;
mod locals;
mod members;
mod names;
mod types;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Range;

use super::outline::{Class, Method, Outline};
use super::source::Source;
use crate::model::{Part, Template};

pub(super) use annotations::properties;
pub(super) use builders::{is_builder, is_client, verb_in};
pub(super) use members::by_name;
pub(super) use types::{is_common, is_foreign};

use locals::{Assigned, Locals};

/// The most values of one expression: what branches and assignments may give, and each of them with each.
const VALUES: usize = 4;

/// The most values that one list holds.
const LISTED: usize = 64;

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

/// A name with a meaning of its own: class, method, name; a field without method, a method without name.
type Name<'a> = (usize, Option<usize>, &'a str);

/// Evaluates expressions of one file.
pub(super) struct Values<'a, 't> {
    pub(super) source: &'a Source<'t>,
    pub(super) outline: &'a Outline,
    locals: HashMap<(usize, usize), Locals<'t>>,
    /// What constructors and methods set fields to, class by class.
    assigned: HashMap<(usize, &'t str), Vec<Assigned>>,
    steps: Cell<u32>,
    nesting: Cell<usize>,
    /// What names come to, and the outermost of the open names on which that depends.
    settled: RefCell<HashMap<Name<'a>, (Value, usize)>>,
    /// Those of them that depend on one, and hold as long as it is open.
    unsure: RefCell<Vec<Name<'a>>>,
    /// The names that are being looked into, outer before inner, and what they come to so far.
    open: RefCell<Vec<(Name<'a>, Value)>>,
    /// The outermost of them that something inside asked for.
    asked: Cell<usize>,
    /// How often a bound bit.
    cuts: Cell<u32>,
    /// The bound that bit first.
    bound: Cell<Option<&'static str>>,
}

impl Scope {
    /// In a class, outside of its methods.
    pub(super) fn of_class(class: usize) -> Self {
        Self {
            class,
            method: None,
        }
    }
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
        // A list stays whole, whatever name it has.
        let most = match self.texts.is_empty() {
            true => LISTED,
            false => VALUES,
        };
        for text in other.texts {
            if self.texts.len() < most && !self.texts.contains(&text) {
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
            settled: RefCell::default(),
            unsure: RefCell::default(),
            open: RefCell::default(),
            asked: Cell::new(usize::MAX),
            cuts: Cell::new(0),
            bound: Cell::new(None),
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

    /// What was too much of the file to be read.
    pub(super) fn problem(&self) -> Option<&'static str> {
        self.bound.get()
    }

    /// All of a list.
    fn list(&self, parts: &[Range<usize>], scope: Scope, depth: usize) -> Value {
        let mut list = Value::default();
        for part in parts {
            let value = self.expression(part.clone(), scope, depth + 1);
            for text in value.texts {
                if list.texts.contains(&text) {
                    continue;
                }
                if list.texts.len() == LISTED {
                    self.bound
                        .set(Some("a list of too many names: the rest is not read"));
                    return list;
                }
                list.texts.push(text);
            }
            if list.ty.is_empty() {
                list.ty = value.ty;
            }
        }
        list
    }

    fn expression(&self, tokens: Range<usize>, scope: Scope, depth: usize) -> Value {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        // Counted here and not by callers alone: definitions may lead back to themselves in many ways.
        let nesting = self.nesting.get();
        if steps > STEPS {
            self.bound
                .set(Some("too many expressions: the rest is not read"));
        }
        if depth > DEPTH || nesting > DEPTH || steps > STEPS {
            self.cut();
            return Value::default();
        }
        if tokens.is_empty() {
            return Value::default();
        }
        self.nesting.set(nesting + 1);
        let value = self.value_of(tokens, scope, depth);
        self.nesting.set(nesting);
        value
    }

    /// What a name comes to, looked into once; inside of itself it is what it has been given so far.
    fn once(&self, name: Name<'a>, find: impl FnOnce() -> Value) -> Value {
        let ask = |outermost: usize| self.asked.set(self.asked.get().min(outermost));
        if let Some((value, outermost)) = self.settled.borrow().get(&name) {
            ask(*outermost);
            return value.clone();
        }
        let at = self.open.borrow().len();
        let opened = self.open.borrow().iter().position(|(one, _)| *one == name);
        if let Some(opened) = opened {
            ask(opened);
            return self.open.borrow()[opened].1.clone();
        }
        self.open.borrow_mut().push((name, Value::default()));
        let before = self.asked.replace(usize::MAX);
        let cuts = self.cuts.get();
        let value = find();
        self.open.borrow_mut().pop();
        // What depends on this name alone is known for good, and what others found with half of it is not.
        let asked = self.asked.get();
        let outermost = if asked >= at { usize::MAX } else { asked };
        let mut settled = self.settled.borrow_mut();
        let mut unsure = self.unsure.borrow_mut();
        unsure.retain(|one| {
            let holds = settled.get(one).is_some_and(|(_, asked)| *asked < at);
            if !holds {
                settled.remove(one);
            }
            holds
        });
        if self.cuts.get() == cuts {
            settled.insert(name, (value.clone(), outermost));
            if outermost < at {
                unsure.push(name);
            }
        }
        self.asked.set(before);
        ask(outermost);
        value
    }

    /// What the name that is looked into has been given so far.
    fn so_far(&self, value: &Value) {
        if let Some((_, known)) = self.open.borrow_mut().last_mut() {
            known.clone_from(value);
        }
    }

    /// A bound bit: what is found on the way is not all.
    fn cut(&self) {
        self.cuts.set(self.cuts.get() + 1);
    }
}
