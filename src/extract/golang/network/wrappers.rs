//! Calls through functions of the same file: `get(url)` asks for what each of its callers gives.
//!
//! Each caller becomes a use of its own, so that they are not mixed; callers in other files give values to the parameters.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::calls::Call;
use super::facts::{Found, Use};
use super::texts::{is_unknown, note};
use super::unit::Function;
use super::value::{NESTING, Values};
use crate::extract::syntax;
use crate::model::Key;

/// How many functions may lie between a caller and the network.
const LEVELS: usize = 4;

/// Puts what callers in this file give in the place of parameters.
pub(super) fn unfold<'t>(values: &Values<'_, 't>, found: &mut Found) {
    let mut callers: BTreeMap<String, Vec<&Call<'t>>> = BTreeMap::new();
    for call in &values.calls {
        if let Some(name) = values
            .function_name(call)
            .filter(|name| values.unit.function(name).is_some())
        {
            callers.entry(name).or_default().push(call);
        }
    }
    for _ in 0..LEVELS {
        let open: Vec<(Use, (u32, Range<usize>))> = found
            .uses
            .iter()
            .filter(|(one, _)| wrapper(values, one, &callers).is_some())
            .map(|(one, place)| (one.clone(), place.clone()))
            .collect();
        if open.is_empty() {
            return;
        }
        for (one, _) in open {
            let Some(function) = wrapper(values, &one, &callers) else {
                continue;
            };
            found.uses.remove(&one);
            let name = function.name.clone();
            for call in callers.get(&name).into_iter().flatten() {
                // A function that calls itself gives nothing new.
                let inside = values.unit.function_at(call.node.start_byte());
                if inside.is_some_and(|inside| inside.name == name) {
                    continue;
                }
                let fill = |template| values.with_arguments(template, &name, &call.arguments);
                let mut filled = one.clone();
                filled.key = Key {
                    namespace: one.key.namespace,
                    at: fill(&one.key.at),
                    name: fill(&one.key.name),
                };
                if one.key.namespace.0 == "http" {
                    let verb = filled.key.name.as_text().map(str::to_ascii_uppercase);
                    filled.key.name = verb.map_or_else(|| filled.key.name.clone(), Into::into);
                    if is_unknown(&filled.key.name) {
                        filled.key.name = "ANY".into();
                    }
                }
                found.add(filled, syntax::bytes(call.node));
            }
        }
    }
}

/// The function of this file whose callers decide a use, when some of them are in this file.
fn wrapper<'u, 't>(
    values: &'u Values<'_, 't>,
    one: &Use,
    callers: &BTreeMap<String, Vec<&Call<'t>>>,
) -> Option<&'u Function<'t>> {
    let mut names = BTreeSet::new();
    note(&one.key.at, NESTING, &mut names);
    note(&one.key.name, NESTING, &mut names);
    names.into_iter().find_map(|key| {
        let (function, number) = key.name.as_text()?.split_once('#')?;
        let is_parameter = number.parse::<usize>().is_ok();
        let is_here = key.namespace.0 == "slot" && key.at.as_text() == Some(&values.unit.place);
        let called = is_here && is_parameter && callers.contains_key(function);
        called.then(|| values.unit.function(function))?
    })
}
