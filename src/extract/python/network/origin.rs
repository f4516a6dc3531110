//! Where a value comes from: a module, a call that made it, what a function is given; and which member of that is meant.

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
    Module(Rc<str>),
    /// A name that nothing in the file defines.
    Global(Rc<str>),
    /// A call that makes it.
    Call(Rc<Call>),
    Parameter(Start, usize),
    /// An object of a class of this file.
    Object(Start),
    /// An object of a class from elsewhere, told by a type alone.
    Instance(Rc<str>),
    Value(Value),
    Unknown,
}

/// Something under the name that it has everywhere: `requests.Session().get`, with the calls that the name has.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) name: String,
    /// The calls that make what the name goes through, in order; `None`: a type alone tells it.
    pub(super) calls: Vec<Option<Rc<Call>>>,
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

    /// The dotted name of something that is imported.
    pub(super) fn dotted(&self) -> Option<String> {
        match &self.base {
            Base::Module(module) => Some(dotted(module, &self.path)),
            _ => None,
        }
    }
}

/// A module's name with names of its members behind it.
pub(super) fn dotted(module: &str, path: &[Rc<str>]) -> String {
    let mut name = module.to_owned();
    for part in path {
        if !name.is_empty() && !name.ends_with('.') {
            name.push('.');
        }
        name.push_str(part);
    }
    name
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

    /// The name that a value has everywhere.
    pub(super) fn known(&self, value: &Value) -> Option<Known> {
        let origin = self.origin(value);
        self.known_of(&origin, 0)
    }

    /// The name that a thing has everywhere.
    pub(super) fn known_of(&self, origin: &Origin, depth: u32) -> Option<Known> {
        if depth > DEPTH {
            return None;
        }
        let mut known = match &origin.base {
            Base::Module(module) => Known {
                name: module.to_string(),
                calls: Vec::new(),
            },
            Base::Call(call) => {
                let mut known = self.known_of(&self.origin(&call.callee), depth + 1)?;
                known.name.push_str("()");
                known.calls.push(Some(Rc::clone(call)));
                known
            }
            Base::Instance(class) => Known {
                name: format!("{class}()"),
                calls: vec![None],
            },
            Base::Object(class) => {
                let mut known = self.base_of(*class, depth + 1)?;
                known.name.push_str("()");
                known.calls.push(None);
                known
            }
            Base::Value(Value::Class(class)) => self.base_of(*class, depth + 1)?,
            _ => return None,
        };
        known.name = dotted(&known.name, &origin.path);
        Some(known)
    }

    /// The class from elsewhere that a class of this file extends.
    pub(super) fn base_of(&self, class: Start, depth: u32) -> Option<Known> {
        let class = self.classes.get(&class)?;
        let mut bases = class.bases.iter();
        bases.find_map(|base| self.known_of(&self.origin(base), depth + 1))
    }

    /// Whether a class of this file extends one of these, however far away.
    pub(super) fn extends(&self, class: Start, is_wanted: &impl Fn(&str) -> bool) -> bool {
        let mut open = vec![(class, 0)];
        while let Some((class, depth)) = open.pop() {
            let Some(class) = self.classes.get(&class).filter(|_| depth < DEPTH) else {
                continue;
            };
            for base in &class.bases {
                let origin = self.near_origin(base);
                if let Base::Value(Value::Class(base)) = origin.base {
                    open.push((base, depth + 1));
                } else if origin.dotted().is_some_and(|name| is_wanted(&name)) {
                    return true;
                }
            }
        }
        false
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
            Value::Name(place, name) => match self.look_up(*place, name) {
                Some(value) => self.find(&value, through, depth),
                None => Origin::of(Base::Global(name.clone())),
            },
            Value::Member(object, name) => {
                let object = self.find(object, through, depth);
                self.step(object, name, through, depth)
            }
            Value::Item(object, key) => {
                let object = self.find(object, through, depth);
                match key.as_text() {
                    Some(key) => self.item(object, key, through, depth),
                    None => Origin::unknown(),
                }
            }
            Value::Call(call) => self.made(call, through, depth),
            Value::Module(name) => Origin::of(Base::Module(name.clone())),
            Value::Parameter(start, at) => Origin::of(Base::Parameter(*start, *at)),
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
    fn step(&self, mut object: Origin, name: &str, through: bool, depth: u32) -> Origin {
        if object.path.is_empty() && depth <= DEPTH {
            if let Base::Parameter(start, at) = object.base {
                object = self.typed(start, at, through, depth).unwrap_or(object);
            }
            let class = match &object.base {
                Base::Value(Value::Class(class)) | Base::Object(class) => Some(*class),
                Base::Call(call) => match self.find(&call.callee, through, depth + 1) {
                    Origin {
                        base: Base::Value(Value::Class(class)),
                        path,
                    } if path.is_empty() => Some(class),
                    _ => None,
                },
                _ => None,
            };
            if let Some(class) = class
                && let Some(found) = self.field(class, name, through, depth + 1)
            {
                return found;
            }
        }
        object.path.push(name.into());
        object
    }

    /// What a parameter is, when its type tells.
    fn typed(&self, start: Start, at: usize, through: bool, depth: u32) -> Option<Origin> {
        let kind = self.parameter(start, at)?.kind.as_ref()?;
        self.of_kind(kind, through, depth + 1)
    }

    /// An object of a type.
    fn of_kind(&self, kind: &Value, through: bool, depth: u32) -> Option<Origin> {
        let kind = self.find(kind, through, depth + 1);
        match &kind.base {
            Base::Value(Value::Class(class)) if kind.path.is_empty() => {
                Some(Origin::of(Base::Object(*class)))
            }
            Base::Module(_) => Some(Origin::of(Base::Instance(kind.dotted()?.into()))),
            _ => None,
        }
    }

    /// A field or a method of a class, or of a class of this file that it extends.
    fn field(&self, class: Start, name: &str, through: bool, depth: u32) -> Option<Origin> {
        if depth > DEPTH {
            return None;
        }
        if let Some(value) = self.own_field(class, name) {
            return Some(self.find(&value, through, depth));
        }
        let class = self.classes.get(&class)?;
        let mut declared = class.declared.iter();
        if let Some((_, Some(kind), _)) = declared.find(|(known, ..)| **known == *name) {
            return self.of_kind(kind, through, depth);
        }
        class
            .bases
            .iter()
            .find_map(|base| match self.find(base, through, depth).base {
                Base::Value(Value::Class(base)) => self.field(base, name, through, depth + 1),
                _ => None,
            })
    }

    /// The value of a field of a class of this file, its own or taken over.
    pub(super) fn field_value(&self, class: Start, name: &str) -> Option<(Start, Value)> {
        let mut open = vec![(class, 0)];
        while let Some((start, depth)) = open.pop() {
            if let Some(value) = self.own_field(start, name) {
                return Some((start, value));
            }
            let Some(class) = self.classes.get(&start).filter(|_| depth < DEPTH) else {
                continue;
            };
            for base in class.bases.iter().rev() {
                if let Base::Value(Value::Class(base)) = self.near_origin(base).base {
                    open.push((base, depth + 1));
                }
            }
        }
        None
    }

    /// What stands under a key.
    fn item(&self, mut object: Origin, key: &str, through: bool, depth: u32) -> Origin {
        let found = match &object.base {
            _ if !object.path.is_empty() => None,
            Base::Value(Value::Dict(items)) => {
                let mut items = items.iter().rev();
                match items.find(|(known, _)| **known == *key || &**known == SPREAD) {
                    Some((known, value)) if &**known == SPREAD => {
                        let spread = self.find(value, through, depth + 1);
                        return self.item(spread, key, through, depth + 1);
                    }
                    Some((_, value)) => Some(value.clone()),
                    None => None,
                }
            }
            Base::Value(Value::List(elements)) => key
                .parse::<usize>()
                .ok()
                .and_then(|at| elements.get(at).cloned()),
            _ => None,
        };
        match found {
            Some(value) => self.find(&value, through, depth + 1),
            None => {
                object.path.push(format!("[{key}]").into());
                object
            }
        }
    }

    /// What a call gives: through functions of this file that only give one thing.
    fn made(&self, call: &Rc<Call>, through: bool, depth: u32) -> Origin {
        if through {
            let callee = self.find(&call.callee, through, depth);
            if let Base::Value(Value::Function(start)) = &callee.base
                && callee.path.is_empty()
                && let Some(function) = self.functions.get(start)
            {
                let mut given = function
                    .returns
                    .iter()
                    .filter(|value| !matches!(value, Value::Nothing));
                if let (Some(one), None) = (given.next(), given.next()) {
                    return self.find(one, through, depth);
                }
            }
        }
        Origin::of(Base::Call(Rc::clone(call)))
    }

    /// A parameter of a function.
    pub(super) fn parameter(&self, start: Start, at: usize) -> Option<&Parameter> {
        self.functions.get(&start)?.parameters.get(at)
    }
}
