//! What do calls on a value, and its members, come to?

use std::borrow::Cow;
use std::ops::Range;

use super::builders::is_builder;
use super::expressions::or;
use super::types::is_foreign;
use super::{Scope, Value, Values};
use crate::model::{Key, Part, Template};

impl Values<'_, '_> {
    /// A call on a value.
    pub(super) fn called(
        &self,
        mut value: Value,
        name: &str,
        args: &[Range<usize>],
        scope: Scope,
        depth: usize,
    ) -> Value {
        let arg = |number: usize| match args.get(number) {
            Some(tokens) => self.expression(tokens.clone(), scope, depth + 1),
            None => Value::default(),
        };
        let ty = std::mem::take(&mut value.ty);
        match (&*ty, name) {
            ("environment", "get") => return environment(arg(0)),
            ("environment", "getOrDefault") => return or(environment(arg(0)), arg(1)),
            (
                "Environment" | "ConfigurableEnvironment" | "PropertyResolver" | "Config",
                "getProperty" | "getRequiredProperty" | "getValue" | "getOptionalValue",
            ) => {
                let Some(name) = arg(0).texts.pop() else {
                    return Value::default();
                };
                let last = args.len().saturating_sub(1);
                let default = (last > 0).then(|| arg(last).texts.pop()).flatten();
                let key = Key::new("property", name);
                return Value::text(Template::reference(key, default)).typed("String");
            }
            (_, "getInstances" | "choose" | "getNextServerFromEureka" | "getApplication") => {
                let mut names = arg(0);
                names.texts.iter_mut().for_each(by_name);
                return names.typed("ServiceInstance");
            }
            ("ServiceInstance", "getHost" | "getHostName" | "getIPAddr" | "getInstanceId") => {
                return host_of(value);
            }
            ("ServiceInstance", "getPort") => return Value::default(),
            ("ServiceInstance", _) => return value.typed("ServiceInstance"),
            (_, "orElse" | "orElseGet" | "defaultIfEmpty" | "ifBlank" | "ifEmpty") => {
                return or(value, arg(0)).typed(&ty);
            }
            (_, "concat" | "plus") => {
                value.append(arg(0).or_hole());
                return value.typed("String");
            }
            (_, "formatted" | "format") if ty == "String" => {
                let format = value.or_hole();
                return self.formatted(format, args, scope, depth);
            }
            _ => {}
        }
        if is_builder(&ty) {
            return self.built(value.typed(&ty), name, args, scope, depth);
        }
        // A getter of an object of own code, else what only tidies a text.
        let getter = name
            .strip_prefix("get")
            .filter(|rest| rest.starts_with(|c: char| c.is_uppercase()));
        if args.is_empty() && !matches!(&*ty, "" | "String" | "Optional" | "URI" | "URL") {
            let property = getter.map_or(Cow::Borrowed(name), |rest| decapitalised(rest).into());
            return self.member_of_type(&ty, &property);
        }
        match name {
            "toString" | "trim" | "strip" | "toUriString" | "toUri" | "toURL" | "toURI"
            | "encode" | "get" | "orElseThrow" | "replace" | "replaceAll" | "replaceFirst"
            | "toLowerCase" | "intern" | "normalize" | "toExternalForm" | "trimEnd"
            | "removeSuffix" | "also" | "apply" | "lowercase" | "toASCIIString" => value.typed(&ty),
            "resolve" => {
                value.append(arg(0).or_hole());
                value.typed(&ty)
            }
            _ => Value::default(),
        }
    }

    /// A member of a value that is no call.
    pub(super) fn member(&self, value: Value, name: &str) -> Value {
        match (&*value.ty, name) {
            ("ServiceInstance", "host" | "instanceId") => host_of(value),
            ("ServiceInstance", "uri" | "first") => value,
            ("environment" | "ServiceInstance", _) => Value::default(),
            _ if is_builder(&value.ty) => value,
            ("" | "String", _) => Value::default(),
            _ => self.member_of_type(&value.ty, name),
        }
    }

    /// A property of an object of own code.
    pub(super) fn member_of_type(&self, ty: &str, name: &str) -> Value {
        let names = self.full_names(ty);
        if names.is_empty() || names.iter().any(|name| is_foreign(name)) {
            return Value::default();
        }
        if let Some(class) = self.own_class(ty) {
            let scope = Scope::of_class(class);
            if let Some(value) = self.field(name, scope, 2) {
                return value;
            }
        }
        Value::text(self.slot_of(ty, name)).typed("String")
    }
}

/// A variable of the environment.
pub(super) fn environment(name: Value) -> Value {
    let texts = name.texts.into_iter().filter(|text| !text.is_empty());
    Value {
        texts: texts.map(|name| Key::new("env", name).into()).collect(),
        ty: "String".to_owned(),
        verb: "",
    }
}

/// The name of a registered service as an address.
pub(in super::super) fn by_name(name: &mut Template) {
    let is_url = name.as_text().is_some_and(|text| {
        text.contains("://") || text.starts_with('/') || text.starts_with("${") || text.is_empty()
    });
    if !is_url {
        let mut url: Template = "lb://".into();
        url.extend(name);
        *name = url;
    }
}

/// The host of a service that a registry gave.
fn host_of(mut value: Value) -> Value {
    for text in &mut value.texts {
        if let Some(Part::Text(first)) = text.0.first_mut()
            && let Some(rest) = first.strip_prefix("lb://")
        {
            *first = rest.into();
        }
    }
    value.typed("String")
}

fn decapitalised(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|c| c.to_lowercase().to_string());
    format!("{}{}", first.unwrap_or_default(), chars.as_str())
}
