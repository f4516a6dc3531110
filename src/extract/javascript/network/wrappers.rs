//! Functions of a file that ask for an address which they are given: what they ask for is told where they are called.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::code::Code;
use super::origin::Base;
use super::text::Texts;
use super::value::{Call, Start, Value};
use crate::extract::said::Said;
use crate::model::{Claim, DependencyKind, Key, Part, Template};

/// How many functions may hand an address on to each other.
const DEPTH: usize = 3;

/// A use of an address that callers tell.
struct Open {
    key: Key,
    kind: DependencyKind,
    /// The parameter that starts the address.
    function: Start,
}

/// States what wrappers ask for at their callers, in their place where no other file can call them.
pub(super) fn expand(texts: &Texts<'_>, said: &RefCell<Said>, is_browser: bool) {
    let mut said = said.borrow_mut();
    let functions: HashMap<String, Start> = texts
        .code
        .functions
        .iter()
        .filter_map(|(start, function)| Some((function.name.as_ref()?.to_string(), *start)))
        .collect();
    let exported = exported(texts.code);
    let callers = callers(texts);
    let mut expanded: BTreeSet<(Key, DependencyKind)> = BTreeSet::new();
    for _ in 0..DEPTH {
        let open: Vec<Open> = said
            .statements
            .iter()
            .filter_map(|statement| match &statement.claim {
                Claim::Requires { key, kind, .. } => {
                    let at = if key.at.is_empty() {
                        &key.name
                    } else {
                        &key.at
                    };
                    let function = functions.get(parameter(texts, at.0.first()?)?)?;
                    Some(Open {
                        key: key.clone(),
                        kind: *kind,
                        function: *function,
                    })
                }
                _ => None,
            })
            .collect();
        let mut done = false;
        for one in &open {
            if !expanded.insert((one.key.clone(), one.kind)) {
                continue;
            }
            let Some(calls) = callers.get(&one.function) else {
                continue;
            };
            for call in calls {
                done |= state_at(texts, one, call, is_browser, &mut said);
            }
            if !exported.contains(&one.function) {
                said.statements.retain(|statement| {
                    !matches!(&statement.claim, Claim::Requires { key, kind, .. } if *key == one.key && *kind == one.kind)
                });
            }
            texts
                .asked
                .borrow_mut()
                .retain(|(start, _)| *start != one.function);
        }
        if !done {
            return;
        }
    }
}

/// The calls of each function, and of the constructor of each class, in this file.
fn callers<'c>(texts: &Texts<'c>) -> HashMap<Start, Vec<&'c Call>> {
    let code = texts.code;
    let mut found: HashMap<Start, Vec<&Call>> = HashMap::new();
    for call in &code.calls {
        let callee = code.near_origin(&call.callee);
        let function = match callee.base {
            Base::Value(Value::Function(start)) => Some(start),
            Base::Value(Value::Class(class)) if call.new => {
                code.classes.get(&class).and_then(|class| class.constructor)
            }
            _ => None,
        };
        if let Some(function) = function.filter(|_| callee.path.is_empty()) {
            found.entry(function).or_default().push(call);
        }
    }
    found
}

/// States a use as one call makes it.
fn state_at(
    texts: &Texts<'_>,
    open: &Open,
    call: &Call,
    is_browser: bool,
    said: &mut Said,
) -> bool {
    let key = Key {
        namespace: open.key.namespace,
        at: filled(texts, &open.key.at, call),
        name: filled(texts, &open.key.name, call),
    };
    if key == open.key {
        return false;
    }
    let key = match key.namespace.0 {
        "http" => match crate::extract::addresses::address(&key.at, is_browser) {
            Some(at) => Key { at, ..key },
            None => return false,
        },
        _ => key,
    };
    let bytes: &Range<usize> = &call.bytes;
    said.requires(key, open.kind, bytes).is_some()
}

/// A template with the arguments of a call for the parameters of this file's functions.
fn filled(texts: &Texts<'_>, template: &Template, call: &Call) -> Template {
    let mut whole = Template::default();
    for part in &template.0 {
        let Part::Ref(reference) = part else {
            whole.push(part.clone());
            continue;
        };
        let Some((_, at)) =
            parameter(texts, part).and_then(|_| slot(reference.key.name.as_text()?))
        else {
            whole.push(part.clone());
            continue;
        };
        let mut steps = at.split('.');
        let argument = steps
            .next()
            .and_then(|at| call.arguments.get(at.parse::<usize>().ok()?));
        match (argument, &reference.default) {
            (Some(argument), _) => {
                let value = steps.fold(argument.clone(), |value, step| value.member(step));
                whole.extend(&texts.text(&value));
            }
            (None, Some(default)) => whole.extend(default),
            (None, None) => whole.push(Part::Hole),
        }
    }
    whole
}

/// The name of the function whose parameter a part of an address is.
fn parameter<'p>(texts: &Texts<'_>, part: &'p Part) -> Option<&'p str> {
    let Part::Ref(reference) = part else {
        return None;
    };
    let is_here = reference.key.namespace.0 == "slot"
        && reference.key.at.as_text() == Some(texts.place.as_str());
    let (name, _) = slot(reference.key.name.as_text().filter(|_| is_here)?)?;
    Some(name)
}

/// `get#0.url`: the function, and which of its parameters.
fn slot(name: &str) -> Option<(&str, &str)> {
    let (function, at) = name.rsplit_once('#')?;
    at.starts_with(|c: char| c.is_ascii_digit())
        .then_some((function, at))
}

/// Functions and constructors that other files may call.
fn exported(code: &Code) -> BTreeSet<Start> {
    let mut found = BTreeSet::new();
    let mut add = |base: Base| match base {
        Base::Value(Value::Function(start)) => {
            found.insert(start);
        }
        Base::Value(Value::Class(start)) => {
            found.extend(code.classes.get(&start).and_then(|class| class.constructor));
        }
        _ => {}
    };
    for export in &code.exports {
        match code.near_origin(&export.value).base {
            Base::Value(Value::Object(properties)) => {
                for (_, value) in properties.iter() {
                    add(code.near_origin(value).base);
                }
            }
            base => add(base),
        }
    }
    found
}
