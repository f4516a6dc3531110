//! The environment and configuration of a program, through the packages that read it.
//!
//! Sources: <https://nodejs.org/api/process.html#processenv>, <https://github.com/af/envalid>,
//! <https://github.com/mozilla/node-convict>, <https://github.com/evanshortiss/env-var>,
//! <https://docs.nestjs.com/techniques/configuration>, <https://github.com/node-config/node-config>

use super::origin::{Base, Origin};
use super::text::Texts;
use super::value::{Call, Value};
use crate::extract::addresses::or;
use crate::model::{Key, Template};

/// The most calls of one chain of a schema: `z.string().url().default("x")`.
const CHAIN: usize = 16;

/// What a global name stands for that leads to the environment: `process.env.CART_HOST`.
pub(super) fn variable(global: &str, path: &[&str]) -> Option<Template> {
    let name = match (global, path) {
        ("process", ["env", name])
        | ("globalThis" | "global", ["process", "env", name])
        | ("import.meta", ["env", name])
        | ("Bun", ["env", name]) => name,
        _ => return None,
    };
    Some(Key::new("env", *name).into())
}

/// Whether a value is the environment as a whole.
fn is_environment(texts: &Texts<'_>, value: &Value) -> bool {
    let origin = texts.code.near_origin(value);
    match (&origin.base, origin.path().as_slice()) {
        (Base::Global(name), ["env"]) => matches!(&**name, "process" | "import.meta" | "Bun"),
        (Base::Module(name), ["env"]) => matches!(&**name, "process" | "node:process"),
        _ => false,
    }
}

/// What a call that reads configuration gives, or the member of what it gives.
pub(super) fn read(texts: &Texts<'_>, call: &Call, path: &[&str]) -> Option<Template> {
    let callee = texts.code.near_origin(&call.callee);
    let name = call.arguments.first().and_then(Value::as_text);
    let default = || call.arguments.get(1).map(|default| texts.text(default));
    let bound = |space, name: &str| {
        let bound: Template = Key::new(space, name).into();
        or(bound, || default().unwrap_or_default())
    };
    match (&callee.base, callee.path().as_slice(), path) {
        (Base::Global(global), ["env", "get"], []) if &**global == "Deno" => {
            return Some(Key::new("env", name?).into());
        }
        // `config.get("cart.host")` of node-config, nconf.
        (Base::Module(module), ["default", "get"] | ["get"], [])
            if matches!(&**module, "config" | "nconf") =>
        {
            return Some(bound("property", &name?.replace(':', ".")));
        }
        // `env.get("CART_HOST").default("cart").required().asString()`
        (
            Base::Call(_),
            [
                ..,
                "asString" | "asUrlString" | "asUrlObject" | "asPortNumber" | "asArray",
            ],
            [],
        ) => {
            return chain_of_env_var(texts, &callee);
        }
        (Base::Call(made), ["get"], []) => {
            if let Some(schema) = schema_of(texts, made) {
                return Some(property_of(texts, &schema, name?));
            }
        }
        (base @ Base::Parameter(..), ["get" | "getOrThrow"], [])
            if texts.code.is_a(base, "@nestjs/config", "ConfigService") =>
        {
            let space = match name?.contains('.') || !is_variable(name?) {
                true => "property",
                false => "env",
            };
            return Some(bound(space, name?));
        }
        // Of what a call makes of the environment, an upper case name is that variable.
        (_, _, [variable]) | (_, _, ["parsed" | "data", variable])
            if is_variable(variable) && makes_environment(texts, call, &callee) =>
        {
            let bound: Template = Key::new("env", *variable).into();
            let specification = specification(texts, call, variable);
            let default = specification.and_then(|one| default_of(texts, &one));
            return Some(or(bound, || default.unwrap_or_default()));
        }
        _ => {}
    }
    // A wrapper of one's own: `mustEnv("CART_SERVICE_ADDR")`, `env("CART_HOST", "cart")`.
    match (name, path) {
        (Some(name), []) if !call.new && is_endpoint(name) => Some(bound("env", name)),
        _ => None,
    }
}

/// The variables that an object made of the environment is known to have, each with its text.
pub(super) fn variables(texts: &Texts<'_>, call: &Call) -> Vec<String> {
    let callee = texts.code.near_origin(&call.callee);
    if !makes_environment(texts, call, &callee) {
        return Vec::new();
    }
    let mut names: Vec<String> = objects(texts, call)
        .iter()
        .flat_map(|object| match object {
            Value::Object(properties) => {
                properties.iter().map(|(key, _)| key.to_string()).collect()
            }
            _ => Vec::new(),
        })
        .filter(|name| is_variable(name))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The dotted names of the settings that a schema of convict describes.
pub(super) fn settings(texts: &Texts<'_>, call: &Call) -> Vec<String> {
    let Some(schema) = schema_of(texts, call) else {
        return Vec::new();
    };
    let mut names = Vec::new();
    let mut open = vec![(String::new(), schema)];
    while let Some((prefix, value)) = open.pop() {
        let Value::Object(properties) = &value else {
            continue;
        };
        if value.property("default").is_some() || value.property("env").is_some() {
            names.push(prefix);
            continue;
        }
        for (key, inner) in properties.iter() {
            let name = match &*prefix {
                "" => key.to_string(),
                prefix => format!("{prefix}.{key}"),
            };
            open.push((name, inner.clone()));
        }
    }
    names.sort();
    names
}

/// The text of a setting that a schema of convict describes.
pub(super) fn setting(texts: &Texts<'_>, call: &Call, name: &str) -> Option<Template> {
    schema_of(texts, call).map(|schema| property_of(texts, &schema, name))
}

/// Whether a call is given the environment: `cleanEnv(process.env, …)`, `schema.parse(process.env)`, `dotenv.config()`.
fn makes_environment(texts: &Texts<'_>, call: &Call, callee: &Origin) -> bool {
    callee.is("dotenv", &["config"])
        || call.arguments.iter().any(|argument| {
            is_environment(texts, argument)
                || ["runtimeEnv", "env", "experimental__runtimeEnv"]
                    .iter()
                    .any(|name| {
                        argument
                            .property(name)
                            .is_some_and(|value| is_environment(texts, value))
                    })
        })
}

/// The objects that describe variables: arguments, the schema that is asked, and what they hold.
fn objects(texts: &Texts<'_>, call: &Call) -> Vec<Value> {
    let mut open: Vec<Value> = call.arguments.clone();
    if let Value::Member(schema, _) = &call.callee {
        open.push(Value::clone(schema));
    }
    let mut found = Vec::new();
    let mut steps = 0;
    while let Some(value) = open.pop() {
        steps += 1;
        if steps > CHAIN * 4 {
            break;
        }
        let origin = texts.code.near_origin(&value);
        match origin.base {
            Base::Value(object @ Value::Object(_)) => {
                for part in ["server", "client", "shared"] {
                    open.extend(object.property(part).cloned());
                }
                found.push(object);
            }
            Base::Call(call) => open.extend(call.arguments.iter().take(2).cloned()),
            _ => {}
        }
    }
    found
}

/// How a variable is described: `url({ default: "http://cart" })`, `z.string().default("cart")`.
fn specification(texts: &Texts<'_>, call: &Call, variable: &str) -> Option<Value> {
    let objects = objects(texts, call);
    objects
        .iter()
        .find_map(|object| object.property(variable).cloned())
}

/// The default in a description.
fn default_of(texts: &Texts<'_>, specification: &Value) -> Option<Template> {
    let mut at = specification.clone();
    for _ in 0..CHAIN {
        let Value::Call(call) = &at else {
            return None;
        };
        let first = call.arguments.first();
        if let Some(default) = first.and_then(|options| options.property("default")) {
            return Some(texts.text(default));
        }
        let Value::Member(inner, name) = &call.callee else {
            return None;
        };
        if &**name == "default" {
            return first.map(|default| texts.text(default));
        }
        at = Value::clone(inner);
    }
    None
}

/// `env.get("CART_HOST").default("cart").asString()` of env-var.
fn chain_of_env_var(texts: &Texts<'_>, callee: &Origin) -> Option<Template> {
    let Base::Call(call) = &callee.base else {
        return None;
    };
    let mut at = std::rc::Rc::clone(call);
    let mut default = None;
    for _ in 0..CHAIN {
        let origin = texts.code.near_origin(&at.callee);
        if origin.is("env-var", &["get"]) {
            let name = at.arguments.first().and_then(Value::as_text)?;
            let bound: Template = Key::new("env", name).into();
            return Some(or(bound, || default.unwrap_or_default()));
        }
        if origin.path().last() == Some(&"default") {
            default = at.arguments.first().map(|default| texts.text(default));
        }
        let Base::Call(inner) = origin.base else {
            return None;
        };
        at = inner;
    }
    None
}

/// The schema that convict is given.
fn schema_of(texts: &Texts<'_>, call: &Call) -> Option<Value> {
    let callee = texts.code.near_origin(&call.callee);
    if !callee.is("convict", &[]) {
        return None;
    }
    let origin = texts.code.near_origin(call.arguments.first()?);
    match origin.base {
        Base::Value(schema @ Value::Object(_)) => Some(schema),
        _ => None,
    }
}

fn property_of(texts: &Texts<'_>, schema: &Value, name: &str) -> Template {
    let mut at = Some(schema.clone());
    for part in name.split('.') {
        at = at.and_then(|value| value.property(part).cloned());
    }
    let Some(at) = at else {
        return crate::extract::addresses::hole();
    };
    let default = at.property("default").map(|default| texts.text(default));
    match at.property("env").and_then(Value::as_text) {
        Some(variable) => or(Key::new("env", variable).into(), || {
            default.unwrap_or_default()
        }),
        None => default.unwrap_or_else(crate::extract::addresses::hole),
    }
}

/// `CART_HOST`
fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a name is that of a variable which holds an endpoint.
fn is_endpoint(name: &str) -> bool {
    const ENDS: &[&str] = &[
        "ADDR", "ADDRESS", "BASE_URL", "BROKERS", "BUCKET", "DSN", "ENDPOINT", "HOST", "HOSTNAME",
        "QUEUE", "SERVICE", "TOPIC", "URI", "URL",
    ];
    is_variable(name)
        && ENDS.iter().any(|end| {
            name.strip_suffix(end)
                .is_some_and(|rest| rest.ends_with('_') && rest.len() > 1)
        })
}
