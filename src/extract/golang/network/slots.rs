//! The values that one file gives to names which other files use: constants, fields, parameters, results, settings.
//!
//! Only what leads somewhere is told: a reference, an address, or a word under a name that says what it is.
//! Sources of tags: <https://pkg.go.dev/github.com/caarlos0/env/v11>, <https://pkg.go.dev/github.com/kelseyhightower/envconfig>,
//! <https://pkg.go.dev/github.com/sethvargo/go-envconfig>, <https://pkg.go.dev/github.com/ilyakaznacheev/cleanenv>,
//! <https://pkg.go.dev/github.com/mitchellh/mapstructure>

use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::Node;

use super::facts::Found;
use super::known::environment;
use super::libraries;
use super::texts::{is_unknown, is_word, leads, names_an_end, or, refers};
use super::types::Type;
use super::unit::{Field, Init, named};
use super::value::{NESTING, Values, pairs, unquoted};
use super::{flags, rpc, texts, viper};
use crate::extract::syntax;
use crate::model::{Key, Template};

/// States all values of names.
pub(super) fn read(values: &Values<'_, '_>, found: &mut Found) {
    globals(values, found);
    tags(values, found);
    fields(values, found);
    calls(values, found);
    returns(values, found);
    prune(values, found);
}

/// Drops values of parameters that nothing in the file asks for: they mean something here alone.
fn prune(values: &Values<'_, '_>, found: &mut Found) {
    let is_own = |key: &Key| {
        let name = key.name.as_text().and_then(|name| name.split_once('#'));
        key.at.as_text() == Some(&values.unit.place)
            && name.is_some_and(|(function, end)| {
                end != "return" && values.unit.function(function).is_some()
            })
    };
    loop {
        let mut asked = BTreeSet::new();
        for one in found.uses.keys() {
            texts::note(&one.key.at, NESTING, &mut asked);
            texts::note(&one.key.name, NESTING, &mut asked);
        }
        for key in found.offers.keys() {
            texts::note(&key.name, NESTING, &mut asked);
        }
        for (_, value) in found.binds.keys() {
            texts::note(value, NESTING, &mut asked);
        }
        let asked: BTreeSet<Key> = asked.into_iter().cloned().collect();
        let before = found.binds.len();
        found
            .binds
            .retain(|(key, _), _| !is_own(key) || asked.contains(key));
        if found.binds.len() == before {
            return;
        }
    }
}

/// Whether a value is worth to be told of a name.
fn counts(name: &str, value: &Template) -> bool {
    if is_unknown(value) {
        return false;
    }
    match refers(value) {
        true => {
            arrives(value)
                || wires(name)
                || texts::mentions(value, NESTING, &|key| wires(&key.name.to_string()))
        }
        false => leads(value) || names_an_end(name) && value.as_text().is_some_and(is_word),
    }
}

/// Whether a value ends with the environment, a setting or an address: more than names of code.
fn arrives(value: &Template) -> bool {
    texts::mentions(value, NESTING, &|key| {
        matches!(key.namespace.0, "env" | "flag" | "property" | "queue")
    })
}

/// Whether a name is one of those through which addresses are handed on: of an end, a connection, or of what makes one.
fn wires(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "base", "client", "config", "cfg", "conn", "dsn", "option", "pool", "router",
    ];
    const STARTS: &[&str] = &[
        "connect", "create", "dial", "init", "make", "must", "new", "open", "provide", "with",
    ];
    let name = name.split('#').next().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    let lower = last.to_ascii_lowercase();
    names_an_end(last)
        || WORDS.iter().any(|word| lower.contains(word))
        || STARTS.iter().any(|start| lower.starts_with(start))
}

/// Constants and variables of the package.
fn globals(values: &Values<'_, '_>, found: &mut Found) {
    for (name, variable) in values.unit.globals() {
        if variable
            .ty
            .is_some_and(|ty| !ty.leads() && !matches!(ty, Type::Local(_)))
        {
            continue;
        }
        for init in &variable.inits {
            let value = values.init(init);
            let key = values.slot(name);
            if counts(name, &value) && !is_itself(&value, &key) {
                found.bind(key, value, init.bytes());
            }
        }
    }
}

/// What is assigned to fields, and what literals of structs hold.
fn fields<'t>(values: &Values<'_, 't>, found: &mut Found) {
    let unit = values.unit;
    for (target, init) in &unit.assigned {
        let Some(slot) = values.field_slot(*target) else {
            continue;
        };
        field(values, slot, init, *target, found);
    }
    for literal in &unit.literals {
        if let Some((key, value)) = flags::declared(values, *literal) {
            found.bind(key, value, syntax::bytes(*literal));
        }
        let Some(ty) = literal.child_by_field_name("type") else {
            continue;
        };
        let slot = |name: &str| match unit.read_type(ty) {
            Type::Local(ty) => Some(values.slot(&format!("{ty}.{name}"))),
            Type::Imported { path, name: ty, .. } if unit.is_own(path) => {
                Some(super::value::imported(path, &format!("{ty}.{name}")))
            }
            _ => None,
        };
        if !matches!(ty.kind(), "type_identifier" | "qualified_type") {
            continue;
        }
        for (key, one) in pairs(*literal) {
            let Some(slot) = slot(unit.text(key)) else {
                continue;
            };
            let init = Init {
                at: one.end_byte(),
                scope: 0,
                value: super::unit::Value::Expression(one),
            };
            field(values, slot, &init, one, found);
        }
    }
}

fn field<'t>(
    values: &Values<'_, 't>,
    slot: Key,
    init: &Init<'t>,
    node: Node<'t>,
    found: &mut Found,
) {
    let value = values.init(init);
    let name = slot.name.to_string();
    let name = name.rsplit('.').next().unwrap_or_default();
    if counts(name, &value) && !is_itself(&value, &slot) {
        found.bind(slot, value, syntax::bytes(node));
    }
}

/// What calls give to parameters; and what they say of settings.
fn calls(values: &Values<'_, '_>, found: &mut Found) {
    for call in &values.calls {
        if let Some((key, value)) = viper::bound(values, call) {
            found.bind(key, value, syntax::bytes(call.node));
            continue;
        }
        if call.arguments.is_empty() {
            continue;
        }
        let Some(slot) = values.callee_slot(call) else {
            continue;
        };
        let own = values.function_name(call);
        let own = own.as_deref().and_then(|name| values.unit.function(name));
        for (number, argument) in call.arguments.iter().enumerate() {
            let parameter = own.and_then(|function| function.parameters.get(number));
            // What the function writes to is told where it is declared.
            let is_out = values.unit.text(*argument).starts_with('&');
            if is_out || parameter.is_some_and(|(_, ty)| !ty.leads()) {
                continue;
            }
            let value = values.of(*argument);
            let callee = slot.name.to_string();
            let name = parameter.map_or("", |(name, _)| name);
            if !leads(&value) || !counts(&callee, &value) && !counts(name, &value) {
                continue;
            }
            let mut key = slot.clone();
            key.name.extend(&format!("#{number}").into());
            if !is_itself(&value, &key) {
                found.bind(key, value, syntax::bytes(*argument));
            }
        }
    }
}

/// What functions give back.
fn returns(values: &Values<'_, '_>, found: &mut Found) {
    for function in &values.unit.functions {
        if !function.results.first().is_some_and(Type::leads) {
            continue;
        }
        for node in &function.returns {
            let Some(first) = node
                .named_child(0)
                .and_then(|list| named(list).into_iter().next())
            else {
                continue;
            };
            let value = values.of(first);
            // What only depends on who calls says nothing of its own.
            let of_caller = texts::mentions(&value, NESTING, &|key| {
                values.parameter(key, &function.name).is_some()
            });
            let key = values.slot(&format!("{}#return", function.name));
            if counts(&function.name, &value) && !of_caller && !is_itself(&value, &key) {
                found.bind(key, value, syntax::bytes(first));
            }
        }
    }
}

/// Whether a name would be given itself.
fn is_itself(value: &Template, key: &Key) -> bool {
    texts::mentions(value, NESTING, &|one| one == key)
}

/// Settings that tags of fields bind to the environment or to keys.
fn tags(values: &Values<'_, '_>, found: &mut Found) {
    let unit = values.unit;
    let imports = |library: &str| {
        unit.imports
            .values()
            .any(|path| libraries::is(path, library))
    };
    let splits = imports("github.com/kelseyhightower/envconfig");
    let reads = unit.structs.values().any(|fields| !fields.is_empty()) && reads_files(values);
    let mut holders: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (outer, fields) in &unit.structs {
        for holder in fields {
            if let Type::Local(inner) = holder.ty {
                let holders = holders.entry(inner).or_default();
                holders.push((outer, holder.name));
            }
        }
    }
    for (structure, fields) in &unit.structs {
        for field in fields {
            if let Some(service) = rpc::service_of(unit, field.ty) {
                let name = format!("{structure}.{}{}", field.name, rpc::SERVICE);
                found.bind(values.slot(&name), service, syntax::bytes(field.node));
            }
            let Some(value) = tagged(values, field, splits, reads) else {
                continue;
            };
            let bytes = syntax::bytes(field.node);
            let name = format!("{structure}.{}", field.name);
            found.bind(values.slot(&name), value.clone(), bytes.clone());
            // The same through a struct that has this one as a field, for files that see neither.
            for (outer, holder) in holders.get(&**structure).into_iter().flatten() {
                let name = format!("{outer}.{holder}.{}", field.name);
                found.bind(values.slot(&name), value.clone(), bytes.clone());
            }
        }
    }
}

/// What the tag of a field says.
fn tagged<'t>(
    values: &Values<'_, 't>,
    field: &Field<'t>,
    splits: bool,
    reads: bool,
) -> Option<Template> {
    if !field.ty.leads() {
        return None;
    }
    let tag = unquoted(values.unit.text(field.tag?));
    let part = |name: &str| {
        let mut rest = &*tag;
        while let Some((key, behind)) = rest.split_once(":\"") {
            let (value, after) = behind.split_once('"')?;
            if key.trim() == name {
                return Some(value);
            }
            rest = after;
        }
        None
    };
    let default = part("envDefault")
        .or(part("env-default"))
        .or(part("default"));
    let inline = |tag: &str| {
        let (_, rest) = tag.split_once("default=")?;
        Some(rest.split(", ").next()?.to_owned())
    };
    let variable = part("env").or(part("envconfig")).map(str::to_owned);
    let variable = match (variable, splits) {
        (None, true) if default.is_some() || part("required").is_some() => {
            Some(spelled(field.name))
        }
        (variable, _) => variable,
    };
    if let Some(variable) = variable {
        let default = default.map(str::to_owned).or_else(|| inline(&variable));
        let name = variable.split(',').next()?.trim().to_owned();
        if name.is_empty() || name == "-" {
            return None;
        }
        let value = environment(name.to_ascii_uppercase().into());
        return Some(or(value, default.unwrap_or_default().into()));
    }
    let written = match part("mapstructure") {
        None if reads => part("json").or(part("yaml")).or(part("toml")),
        written => written,
    };
    let key = written?.split(',').next()?;
    let fits = !key.is_empty() && key != "-" && names_an_end(key);
    fits.then(|| {
        or(
            Key::new("property", key).into(),
            default.unwrap_or_default().into(),
        )
    })
}

/// Whether a file reads files: what it decodes may be settings.
fn reads_files(values: &Values<'_, '_>) -> bool {
    values.calls.iter().any(|call| {
        let name = call.of_package("os").or(call.of_package("io/ioutil"));
        matches!(name, Some("Open" | "ReadFile"))
    })
}

/// `CartAddr` as `CARTADDR`: how envconfig spells names without a tag of their own.
fn spelled(name: &str) -> String {
    name.to_ascii_uppercase()
}
