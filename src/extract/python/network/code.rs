//! What one file defines: names by scope, functions, classes, and every call.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;

use super::value::{Call, Place, Start, Value};

/// Everything of a file that the detectors ask for.
#[derive(Debug, Default)]
pub(super) struct Code {
    /// The scope around each scope; the first is the file's own.
    pub(super) scopes: Vec<u32>,
    /// The block around each block; the first is the file's own.
    pub(super) blocks: Vec<u32>,
    /// What each name is given, in order, by scope.
    pub(super) names: Vec<HashMap<Rc<str>, Vec<Definition>>>,
    pub(super) functions: BTreeMap<Start, Function>,
    pub(super) classes: BTreeMap<Start, Class>,
    /// All calls, outer before inner.
    pub(super) calls: Vec<Rc<Call>>,
    /// Names of modules that are imported whole: `import a.b`.
    pub(super) modules: Vec<Rc<str>>,
    /// Modules all of whose names are taken over.
    pub(super) stars: Vec<Rc<str>>,
    /// What is given to members and items: `app.config["X"] = …`.
    pub(super) assigned: Vec<(Value, Value, Range<usize>)>,
    /// How many steps look-ups took, for one question and for all.
    pub(super) asked: Cell<u32>,
    pub(super) spent: Cell<u32>,
    /// Some of the file was left out.
    pub(super) cut: bool,
}

/// One value of a name.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub(super) block: u32,
    /// From where on it holds.
    pub(super) byte: u32,
    pub(super) value: Value,
    /// Adds to what the name meant before.
    pub(super) adds: bool,
    pub(super) bytes: Range<usize>,
}

/// A function of the file.
#[derive(Debug, Default)]
pub(super) struct Function {
    /// Under which other code knows it: `load`, `Client.load`; empty for one inside of another.
    pub(super) name: Rc<str>,
    /// Without `self`.
    pub(super) parameters: Vec<Parameter>,
    pub(super) returns: Vec<Value>,
    pub(super) decorators: Vec<Value>,
    /// Its name in the text.
    pub(super) bytes: Range<usize>,
}

/// A parameter of a function.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) name: Rc<str>,
    /// Its type.
    pub(super) kind: Option<Value>,
}

/// A class of the file.
#[derive(Debug, Default)]
pub(super) struct Class {
    pub(super) name: Rc<str>,
    pub(super) bases: Vec<Value>,
    /// Fields and methods, of the class and of its objects.
    pub(super) fields: HashMap<Rc<str>, Vec<Value>>,
    /// Fields that the class itself declares, in order, with their types.
    pub(super) declared: Vec<(Rc<str>, Option<Value>, Range<usize>)>,
    pub(super) constructor: Option<Start>,
    pub(super) decorators: Vec<Value>,
    pub(super) bytes: Range<usize>,
}

impl Code {
    /// What a name means where it is used; `None`: nothing in the file defines it.
    pub(super) fn look_up(&self, at: Place, name: &str) -> Option<Value> {
        let home = self.home(at.scope, name)?;
        let definitions = self.names.get(home as usize)?.get(name)?;
        if home != at.scope {
            return Some(settled(definitions.iter()));
        }
        // In straight code the last definition before the use counts; what branches give comes together.
        let before = definitions.partition_point(|one| one.byte <= at.byte);
        if before == 0 {
            return Some(settled(definitions.iter()));
        }
        let mut reaching: Vec<&Definition> = Vec::new();
        for one in definitions[..before].iter().rev() {
            let hidden = reaching
                .iter()
                .any(|later| self.is_inside(one.block, later.block) && !later.adds);
            if !hidden {
                reaching.push(one);
            }
            if self.is_inside(at.block, one.block) && !one.adds {
                break;
            }
        }
        reaching.reverse();
        Some(settled(reaching.into_iter()))
    }

    /// The scope in which a name is defined.
    pub(super) fn home(&self, scope: u32, name: &str) -> Option<u32> {
        let mut scope = scope;
        loop {
            if self.names.get(scope as usize)?.contains_key(name) {
                return Some(scope);
            }
            let parent = *self.scopes.get(scope as usize)?;
            if parent == scope {
                return None;
            }
            scope = parent;
        }
    }

    /// Whether a block is another one, or in it.
    fn is_inside(&self, block: u32, outer: u32) -> bool {
        let mut block = block;
        // Blocks are numbered in order: what is outside has a smaller number.
        while block > outer {
            match self.blocks.get(block as usize) {
                Some(parent) => block = *parent,
                None => return false,
            }
        }
        block == outer
    }

    /// What a name of the file's own scope means at its end.
    pub(super) fn global(&self, name: &str) -> Option<Value> {
        let end = Place {
            byte: u32::MAX,
            ..Place::default()
        };
        self.look_up(end, name)
    }

    /// The values of a field or a method of a class, not of its bases.
    pub(super) fn own_field(&self, class: Start, name: &str) -> Option<Value> {
        let values = self.classes.get(&class)?.fields.get(name)?;
        Some(merged(values.iter()))
    }
}

/// What definitions come to; what is added goes behind what was there.
fn settled<'d>(definitions: impl Iterator<Item = &'d Definition>) -> Value {
    let mut values: Vec<Value> = Vec::new();
    for one in definitions {
        match (one.adds, values.pop()) {
            (true, Some(before)) => {
                values.push(Value::Join(Rc::new(vec![before, one.value.clone()])));
            }
            (true, None) => values.push(Value::Unknown),
            (false, before) => {
                values.extend(before);
                values.push(one.value.clone());
            }
        }
    }
    merged(values.iter())
}

/// What a name means that is given these values: what says nothing does not count; of more than two none is certain.
fn merged<'v>(values: impl Iterator<Item = &'v Value>) -> Value {
    let mut said = values.filter(|value| !matches!(value, Value::Nothing));
    match (said.next(), said.next(), said.next()) {
        (None, ..) => Value::Nothing,
        (Some(one), None, _) => one.clone(),
        (Some(one), Some(other), None) => {
            Value::Either(Rc::new(one.clone()), Rc::new(other.clone()))
        }
        _ => Value::Unknown,
    }
}

impl Code {
    /// Where a name of the file's own scope is defined first.
    pub(super) fn bytes_of(&self, name: &str) -> Option<Range<usize>> {
        let definitions = self.names.first()?.get(name)?;
        definitions.first().map(|one| one.bytes.clone())
    }
}

impl Code {
    /// The constructor of a class, its own or that of a class of this file which it extends.
    pub(super) fn constructor(&self, class: Start) -> Option<Start> {
        let own = self.classes.get(&class)?.constructor;
        own.or_else(|| {
            let (owner, _) = self.field_value(class, "__init__")?;
            self.classes.get(&owner)?.constructor
        })
    }
}
