//! Where a value comes from: a package, a call that made it, what a function is given; and which member of that is meant.

use std::rc::Rc;

use super::code::{Code, Parameter};
use super::value::{Call, SPREAD, Start, Value};

/// The longest way from a name to where its value is made.
const DEPTH: u32 = 24;

/// The most steps of one question, and of all questions about a file: names may double what they stand for.
const STEPS: u32 = 1 << 12;
const ALL_STEPS: u32 = 1 << 22;

/// A thing, and the way to one of its members.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) base: Base,
    pub(super) path: Vec<Rc<str>>,
}

/// Where something comes from.
#[derive(Clone, Debug)]
pub(super) enum Base {
    /// A package or another file.
    Module(Rc<str>),
    /// A name that nothing in the file defines.
    Global(Rc<str>),
    /// A call that makes it.
    Call(Rc<Call>),
    Parameter(Start, usize),
    /// An object of a class of this file.
    Object(Start),
    Value(Value),
    Unknown,
}

impl Origin {
    fn of(base: Base) -> Self {
        Self {
            base,
            path: Vec::new(),
        }
    }

    fn unknown() -> Self {
        Self::of(Base::Unknown)
    }

    /// The way as texts.
    pub(super) fn path(&self) -> Vec<&str> {
        self.path.iter().map(|part| &**part).collect()
    }

    /// The way inside a package; `None`: it is another one, or none.
    pub(super) fn of_package(&self, is_wanted: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
        match &self.base {
            Base::Module(module) if is_wanted(module) => {
                let path = self.path();
                // The default of a package is the package, as CommonJS has it.
                let skipped = usize::from(path.first() == Some(&"default"));
                Some(path[skipped..].to_vec())
            }
            _ => None,
        }
    }

    /// Whether it is this item of a package.
    pub(super) fn is(&self, package: &str, item: &[&str]) -> bool {
        self.of_package(|name| name == package)
            .is_some_and(|path| path == item)
    }

    /// The call that made it, when it is itself meant and no member.
    pub(super) fn made_by(&self) -> Option<&Rc<Call>> {
        match &self.base {
            Base::Call(call) if self.path.is_empty() => Some(call),
            _ => None,
        }
    }
}

impl Code {
    /// Where a value comes from, through functions of this file that give it.
    pub(super) fn origin(&self, value: &Value) -> Origin {
        self.asked.set(0);
        self.find(value, true, 0)
    }

    /// Where a value comes from; what a function of this file gives stays a call.
    pub(super) fn near_origin(&self, value: &Value) -> Origin {
        self.asked.set(0);
        self.find(value, false, 0)
    }

    /// Whether no question is answered any more.
    pub(super) fn is_spent(&self) -> bool {
        self.spent.get() >= ALL_STEPS
    }

    fn find(&self, value: &Value, through: bool, depth: u32) -> Origin {
        if depth > DEPTH || self.asked.get() >= STEPS || self.is_spent() {
            return Origin::unknown();
        }
        self.asked.set(self.asked.get() + 1);
        self.spent.set(self.spent.get() + 1);
        let depth = depth + 1;
        match value {
            Value::Name(scope, name) => match self.look_up(*scope, name) {
                Some(value) => self.find(&value, through, depth),
                None => Origin::of(Base::Global(name.clone())),
            },
            Value::Member(object, name) => {
                let object = self.find(object, through, depth);
                self.member(object, name, through, depth)
            }
            Value::Call(call) => self.made(call, through, depth),
            Value::Module(name) => Origin::of(Base::Module(name.clone())),
            Value::Parameter(start, at) => self.given(*start, *at, through, depth),
            Value::This(class) => Origin::of(Base::Object(*class)),
            // Of two makers one is as good as the other; a maker is better than what nothing tells.
            Value::Or(first, second) | Value::Either(first, second) => {
                let first = self.find(first, through, depth);
                match first.base {
                    Base::Call(_) | Base::Module(_) | Base::Parameter(..) => first,
                    _ => {
                        let second = self.find(second, through, depth);
                        match second.base {
                            Base::Call(_) | Base::Module(_) => second,
                            _ if matches!(value, Value::Or(..)) => first,
                            _ => Origin::unknown(),
                        }
                    }
                }
            }
            Value::Unknown => Origin::unknown(),
            value => Origin::of(Base::Value(value.clone())),
        }
    }

    /// A member of a thing.
    fn member(&self, mut object: Origin, name: &str, through: bool, depth: u32) -> Origin {
        let found = match &object.base {
            _ if !object.path.is_empty() => None,
            Base::Value(Value::Object(properties)) => {
                let mut properties = properties.iter().rev();
                match properties.find(|(key, _)| **key == *name || &**key == SPREAD) {
                    Some((key, value)) if &**key == SPREAD => {
                        let spread = self.find(value, through, depth);
                        return self.member(spread, name, through, depth + 1);
                    }
                    Some((_, value)) => Some(value.clone()),
                    None => None,
                }
            }
            Base::Value(Value::Array(elements)) => name
                .parse::<usize>()
                .ok()
                .and_then(|at| elements.get(at).cloned()),
            Base::Value(Value::Class(class)) => self.fixed(*class, name),
            Base::Object(class) => self.field(*class, name),
            Base::Call(call) if call.new && depth <= DEPTH => {
                match self.find(&call.callee, through, depth).base {
                    Base::Value(Value::Class(class)) => self.field(class, name),
                    _ => None,
                }
            }
            _ => None,
        };
        match found {
            Some(value) if depth <= DEPTH => self.find(&value, through, depth),
            Some(_) => Origin::unknown(),
            None => {
                object.path.push(name.into());
                object
            }
        }
    }

    /// What a call gives: through wrappers that change nothing, and functions of this file that only give one thing.
    fn made(&self, call: &Rc<Call>, through: bool, depth: u32) -> Origin {
        let callee = self.find(&call.callee, through, depth);
        let first = call.arguments.first();
        if let Base::Value(Value::Function(start)) = &callee.base
            && callee.path.is_empty()
            && through
            && !call.new
            && let Some(function) = self.functions.get(start)
        {
            let mut given = function.returns.iter();
            let mut given = given
                .by_ref()
                .filter(|value| !matches!(value, Value::Nothing));
            if let (Some(one), None) = (given.next(), given.next()) {
                let one = one.clone();
                return self.find(&one, through, depth);
            }
        }
        match (callee.path.last().map(|last| &**last), first) {
            // `promisify(client.get).bind(client)`
            (Some("bind"), _) => {
                let mut bound = callee;
                bound.path.pop();
                return bound;
            }
            (Some("promisify" | "freeze"), Some(first)) => return self.find(first, through, depth),
            // `promisifyAll(client)` and `client.promises` stay the client.
            (Some("promisifyAll"), Some(first)) => return self.find(first, through, depth),
            _ => {}
        }
        if let (Base::Module(name), Some(first)) = (&callee.base, first)
            && matches!(&**name, "util.promisify" | "pify" | "es6-promisify")
        {
            return self.find(first, through, depth);
        }
        Origin::of(Base::Call(Rc::clone(call)))
    }

    /// What a function is given: a callback that comes with an error is given what was asked for.
    fn given(&self, start: Start, at: usize, through: bool, depth: u32) -> Origin {
        let unknown = || Origin::of(Base::Parameter(start, at));
        let Some((call, place)) = self.handed.get(&start) else {
            return unknown();
        };
        match &call.callee {
            Value::Member(object, name) if &**name == "then" && *place == 0 && at == 0 => {
                let before = self.find(object, through, depth);
                self.awaited(before, through, depth)
            }
            Value::Member(_, name) if matches!(&**name, "then" | "catch" | "map" | "forEach") => {
                unknown()
            }
            _ if at == 1 => Origin::of(Base::Call(Rc::clone(call))),
            _ => unknown(),
        }
    }

    /// What a promise gives: of `x.then(f)`, what `f` gives.
    fn awaited(&self, promise: Origin, through: bool, depth: u32) -> Origin {
        let Some(call) = promise.made_by() else {
            return promise;
        };
        let is_then =
            matches!(&call.callee, Value::Member(_, name) if matches!(&**name, "then" | "catch"));
        let Some(Value::Function(start)) = call.arguments.first().filter(|_| is_then) else {
            return promise;
        };
        let returns = self.functions.get(start).map(|function| &function.returns);
        match returns.map(Vec::as_slice) {
            Some([one]) if depth <= DEPTH => self.find(one, through, depth + 1),
            _ => Origin::unknown(),
        }
    }

    /// The type and the decorators of what is injected.
    pub(super) fn parameter(&self, start: Start, at: usize) -> Option<&Parameter> {
        self.functions.get(&start)?.parameters.get(at)
    }

    /// Whether something is of a type of a package.
    pub(super) fn is_a(&self, base: &Base, package: &str, name: &str) -> bool {
        let Base::Parameter(start, at) = base else {
            return false;
        };
        let kind = self
            .parameter(*start, *at)
            .and_then(|one| one.kind.as_ref());
        kind.is_some_and(|kind| self.near_origin(kind).is(package, &[name]))
    }
}
