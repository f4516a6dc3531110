//! Functions of a file that ask for an address which they are given: what they ask for is told where they are called.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use super::origin::Base;
use super::texts::Texts;
use super::value::{Call, Start, Value};
use crate::extract::addresses::{address, hole};
use crate::extract::said::Said;
use crate::model::{Claim, DependencyKind, Key, Part, Ref, Template};

/// How many functions may hand an address on to each other.
const DEPTH: usize = 3;

/// The deepest nesting of defaults that is looked into.
const NESTING: usize = 8;

/// A use of an address that callers tell.
struct Open {
    key: Key,
    kind: DependencyKind,
    /// The function whose parameter starts the address.
    function: Start,
}

/// States what wrappers ask for at their callers; a function that this file calls asks for nothing by itself.
pub(super) fn expand(texts: &Texts<'_>, said: &RefCell<Said>) {
    let mut said = said.borrow_mut();
    let functions: HashMap<&str, Start> = texts
        .code
        .functions
        .iter()
        .filter(|(_, function)| !function.name.is_empty())
        .map(|(start, function)| (&*function.name, *start))
        .collect();
    let callers = callers(texts);
    let mut expanded: BTreeSet<(Key, DependencyKind)> = BTreeSet::new();
    for _ in 0..DEPTH {
        let open: Vec<Open> = said
            .statements
            .iter()
            .filter_map(|statement| match &statement.claim {
                Claim::Requires { key, kind, .. } => {
                    let function = *functions.get(starts_with(texts, key)?)?;
                    Some(Open {
                        key: key.clone(),
                        kind: *kind,
                        function,
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
                done |= state_at(texts, one, call, &mut said);
            }
            said.statements.retain(|statement| {
                !matches!(&statement.claim, Claim::Requires { key, kind, .. } if *key == one.key && *kind == one.kind)
            });
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
            Base::Value(Value::Class(class)) => code.constructor(class),
            _ => None,
        };
        if let Some(function) = function.filter(|_| callee.path.is_empty()) {
            found.entry(function).or_default().push(call);
        }
    }
    found
}

/// States a use as one call makes it.
fn state_at(texts: &Texts<'_>, open: &Open, call: &Call, said: &mut Said) -> bool {
    let key = Key {
        namespace: open.key.namespace,
        at: filled(texts, &open.key.at, open.function, call, 0),
        name: filled(texts, &open.key.name, open.function, call, 0),
    };
    if key == open.key {
        return false;
    }
    let key = match key.namespace.0 {
        "http" => match address(&key.at, false) {
            Some(at) => Key { at, ..key },
            None => return false,
        },
        _ => key,
    };
    said.requires(key, open.kind, &call.bytes).is_some()
}

/// A template with the arguments of a call for the parameters of a function of this file.
fn filled(
    texts: &Texts<'_>,
    template: &Template,
    function: Start,
    call: &Call,
    depth: usize,
) -> Template {
    let mut whole = Template::default();
    for part in &template.0 {
        let Part::Ref(reference) = part else {
            whole.push(part.clone());
            continue;
        };
        match argument(texts, reference, function) {
            None => whole.push(part.clone()),
            Some((at, steps)) => {
                let parameter = texts.code.parameter(function, at);
                let name = parameter.map_or("", |parameter| &*parameter.name);
                match (texts.argument_value(call, at, name), &reference.default) {
                    (Some(value), _) => {
                        let steps = steps.split('.').filter(|step| !step.is_empty());
                        let value = steps.fold(value, Value::member);
                        whole.extend(&texts.text(&value));
                    }
                    (None, Some(default)) if depth < NESTING => {
                        whole.extend(&filled(texts, default, function, call, depth + 1));
                    }
                    _ => whole.extend(&hole()),
                }
            }
        }
    }
    whole
}

/// The parameter of a function that a reference means, and what is taken from it.
fn argument(texts: &Texts<'_>, reference: &Ref, function: Start) -> Option<(usize, String)> {
    let (name, which) = parameter(texts, reference)?;
    let function = texts.code.functions.get(&function)?;
    if *function.name != *name {
        return None;
    }
    let (which, steps) = which.split_once('.').unwrap_or((which, ""));
    let at = match which.parse::<usize>() {
        Ok(at) => at,
        Err(_) => {
            let mut parameters = function.parameters.iter();
            parameters.position(|parameter| *parameter.name == *which)?
        }
    };
    Some((at, steps.to_owned()))
}

/// The function whose parameter starts an address.
fn starts_with<'k>(texts: &Texts<'_>, key: &'k Key) -> Option<&'k str> {
    let at = match key.at.is_empty() {
        true => &key.name,
        false => &key.at,
    };
    let first = match at.0.as_slice() {
        [Part::Text(scheme), second, ..] if scheme.ends_with("://") => second,
        [first, ..] => first,
        [] => return None,
    };
    match first {
        Part::Ref(reference) => Some(parameter(texts, reference)?.0),
        _ => None,
    }
}

/// `get#0.url`: the function of this file, and which of its parameters.
fn parameter<'r>(texts: &Texts<'_>, reference: &'r Ref) -> Option<(&'r str, &'r str)> {
    let is_here = reference.key.namespace.0 == "slot"
        && reference.key.at.as_text() == Some(texts.place.as_str());
    let (name, which) = reference
        .key
        .name
        .as_text()
        .filter(|_| is_here)?
        .split_once('#')?;
    (!which.starts_with("return")).then_some((name, which))
}
