//! Constants, settings and arguments that other code of the program may put into an address.

use super::calls::{Call, each};
use super::sink::Sink;
use super::values::{Scope, Values, is_builder, is_common, is_foreign};
use crate::model::{Key, Part, Template};

pub(super) fn find(values: &Values<'_, '_>, sink: &mut Sink) {
    for (number, class) in values.outline.classes.iter().enumerate() {
        if class.full.is_empty() {
            continue;
        }
        let scope = Scope::of_class(number);
        let holds_settings = ["ConfigurationProperties", "ConfigMapping"]
            .iter()
            .any(|name| class.annotation(name).is_some());
        for variable in class.fields.iter().chain(&class.params) {
            let Some(value) = values.of_field(&variable.name, scope) else {
                continue;
            };
            if is_builder(&value.ty) {
                continue;
            }
            let bytes = match &variable.value {
                Some(tokens) => values.source.bytes(tokens.clone()),
                None => values.source.bytes(class.at..class.at + 2),
            };
            let is_capital =
                variable.name.len() > 1 && variable.name == variable.name.to_uppercase();
            let is_constant = is_capital || variable.is_static || class.is_interface;
            for text in value.texts {
                if leads(&text) || is_constant && is_word(&text) || holds_settings {
                    let key = Key::at("slot", class.full.as_str(), variable.name.as_str());
                    sink.binds(key, text, bytes.clone());
                }
            }
        }
    }
    // What methods are called with; twice, as what one passes on another may use.
    for _ in 0..2 {
        each(values, |call| own(call, values, sink));
    }
    each(values, |call| others(call, values, sink));
}

/// Arguments of methods of the same class, where something refers to them.
fn own(call: &Call<'_>, values: &Values<'_, '_>, sink: &mut Sink) {
    let source = values.source;
    let is_own = match &call.on {
        None => !call.is_new,
        Some(on) => on.len() == 1 && source.is_word(on.start, "this"),
    };
    if !is_own || call.args.is_empty() {
        return;
    }
    let mut class = Some(call.scope.class);
    while let Some(number) = class {
        let found = &values.outline.classes[number];
        for method in &found.methods {
            if method.name != call.name || method.params.len() != call.args.len() {
                continue;
            }
            for at in 0..call.args.len() {
                let name = format!("{}#{at}", method.name);
                if !sink.refers_to(&found.full, &name) {
                    continue;
                }
                for text in call.arg(at, values).texts {
                    let key = Key::at("slot", found.full.as_str(), name.as_str());
                    sink.binds(key, text, call.bytes(values));
                }
            }
        }
        class = found.outer;
    }
}

/// Arguments of methods and constructors of other classes of own code.
fn others(call: &Call<'_>, values: &Values<'_, '_>, sink: &mut Sink) {
    if call.args.is_empty() {
        return;
    }
    let ty = match (&call.on, call.is_new) {
        (None, true) => call.name.to_owned(),
        (Some(_), false) => {
            let mut texts = (0..call.args.len()).map(|at| call.args[at].clone());
            // Evaluating a receiver costs more than a look at the arguments.
            let promising = texts.any(|tokens| {
                tokens
                    .clone()
                    .any(|at| values.source.quoted(at).is_some() || values.source.is(at, b'.'))
                    || tokens.len() == 1
            });
            if !promising {
                return;
            }
            call.receiver(values).ty
        }
        _ => return,
    };
    if !ty.starts_with(|c: char| c.is_uppercase()) || is_common(&ty) || is_builder(&ty) {
        return;
    }
    let names = values.full_names(&ty);
    let own_code = |name: &String| {
        let root = |name: &str| name.split('.').take(2).collect::<Vec<_>>().join(".");
        !is_foreign(name) && root(name) == root(&values.outline.package)
    };
    let names: Vec<String> = names.into_iter().filter(own_code).collect();
    if names.is_empty() {
        return;
    }
    for at in 0..call.args.len() {
        for text in call.arg(at, values).texts {
            // The name of a service or a topic may be handed on as it is.
            let is_quoted = values.source.quoted(call.args[at].start).is_some();
            if !(leads(&text) || is_quoted && is_word(&text)) {
                continue;
            }
            for name in &names {
                let key = Key::at("slot", name.as_str(), format!("{}#{at}", call.name));
                sink.binds(key, text.clone(), call.bytes(values));
            }
        }
    }
}

/// Whether a text is an address, or a part of one that something else tells.
fn leads(text: &Template) -> bool {
    let refers = text.0.iter().any(|part| {
        matches!(part, Part::Ref(reference) if matches!(reference.key.namespace.0, "env" | "property"))
    });
    refers
        || matches!(text.0.first(), Some(Part::Text(first)) if {
            let is_url = first.contains("://") && first.len() > 6;
            is_url || is_host_and_port(first)
        })
}

/// `cart:8080`
fn is_host_and_port(text: &str) -> bool {
    text.split_once(':').is_some_and(|(host, port)| {
        !host.is_empty()
            && !port.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
            && port.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// A name, or a path.
fn is_word(text: &Template) -> bool {
    let mut words = text.0.iter();
    let is_plain = |part: &Part| match part {
        Part::Text(text) => text.len() > 1 && !text.contains(char::is_whitespace),
        Part::Ref(_) => true,
        Part::Hole | Part::Star => false,
    };
    !text.is_empty() && text.to_string().len() < 256 && words.all(is_plain)
}
