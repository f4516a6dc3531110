//! What names of this file mean for other files: constants, configuration, and what functions are called with.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::code::Code;
use super::environment;
use super::origin::Base;
use super::text::Texts;
use super::value::{SPREAD, Value};
use crate::extract::said::{Said, is_worth_binding};
use crate::model::{Key, Part, Template};

/// The deepest nesting of an exported object, and the most names of it.
const DEPTH: usize = 6;
const NAMES: usize = 1024;

/// Gives functions and classes the names by which other files call them; what is named twice has none.
pub(super) fn name(code: &mut Code) {
    let mut named = Vec::new();
    for export in &code.exports {
        let name = match &*export.name {
            "" => "default",
            name => name,
        };
        match code.near_origin(&export.value).base {
            Base::Value(Value::Object(properties)) => {
                for (key, value) in properties.iter() {
                    named.push((key.to_string(), code.near_origin(value).base));
                }
            }
            base => named.push((name.to_owned(), base)),
        }
    }
    for (name, base) in named {
        match base {
            Base::Value(Value::Function(start)) => {
                if let Some(function) = code.functions.get_mut(&start) {
                    function.name = Some(name.into());
                }
            }
            Base::Value(Value::Class(start)) => {
                let constructor = code.classes.get_mut(&start).and_then(|class| {
                    class.name = Some(name.clone().into());
                    class.constructor
                });
                if let Some(function) = constructor.and_then(|start| code.functions.get_mut(&start))
                {
                    function.name = Some(name.into());
                }
            }
            _ => {}
        }
    }
    let mut counts: HashMap<Rc<str>, usize> = HashMap::new();
    for function in code.functions.values() {
        if let Some(name) = &function.name {
            *counts.entry(name.clone()).or_default() += 1;
        }
    }
    for function in code.functions.values_mut() {
        if function
            .name
            .as_ref()
            .is_some_and(|name| counts.get(name).copied().unwrap_or_default() > 1)
        {
            function.name = None;
        }
    }
}

/// Binds everything that other files, or functions of this one, may ask for.
pub(super) fn bind(texts: &Texts<'_>, said: &RefCell<Said>) {
    let mut said = said.borrow_mut();
    let mut binder = Binder {
        texts,
        said: &mut said,
        names: 0,
    };
    for export in &texts.code.exports {
        match &*export.name {
            // Whoever imports the default of a CommonJS module gets the module.
            "" => {
                binder.export("", &export.value, &export.bytes, 0);
                binder.export("default", &export.value, &export.bytes, 0);
            }
            name => binder.export(name, &export.value, &export.bytes, 0),
        }
    }
    binder.calls();
}

struct Binder<'b> {
    texts: &'b Texts<'b>,
    said: &'b mut Said,
    names: usize,
}

impl Binder<'_> {
    fn export(&mut self, name: &str, value: &Value, bytes: &Range<usize>, depth: usize) {
        self.names += 1;
        if depth > DEPTH {
            return;
        }
        if self.names > NAMES {
            self.said.cut(bytes);
            return;
        }
        let below = |key: &str| match name {
            "" => key.to_owned(),
            name => format!("{name}.{key}"),
        };
        let origin = self.texts.code.near_origin(value);
        match &origin.base {
            Base::Value(Value::Object(properties)) if origin.path.is_empty() => {
                for (key, value) in properties.iter() {
                    match &**key {
                        SPREAD => self.export(name, value, bytes, depth + 1),
                        key => self.export(&below(key), value, bytes, depth + 1),
                    }
                }
            }
            Base::Value(Value::Class(start)) if origin.path.is_empty() => {
                let Some(class) = self.texts.code.classes.get(start) else {
                    return;
                };
                let mut fields: Vec<&Rc<str>> = class.statics.keys().collect();
                fields.sort();
                for field in fields {
                    if let Some(value) = self.texts.code.fixed(*start, field) {
                        self.export(&below(field), &value, bytes, depth + 1);
                    }
                }
            }
            Base::Value(Value::Function(start)) if origin.path.is_empty() => {
                let Some(function) = self.texts.code.functions.get(start) else {
                    return;
                };
                if !function.returns.is_empty() {
                    let text = self.texts.given(*start);
                    let name = match name {
                        "" => "default",
                        name => name,
                    };
                    self.slot(&format!("{name}#return"), text, bytes);
                }
            }
            Base::Call(call) if origin.path.is_empty() => {
                for variable in environment::variables(self.texts, call) {
                    let member = value.clone().member(&variable);
                    let text = self.texts.text(&member);
                    self.slot(&below(&variable), text, bytes);
                }
                for setting in environment::settings(self.texts, call) {
                    if let Some(text) = environment::setting(self.texts, call, &setting) {
                        self.slot(&below(&setting), text, bytes);
                    }
                }
                let text = self.texts.text(value);
                self.slot(name, text, bytes);
            }
            _ => {
                let text = self.texts.text(value);
                self.slot(name, text, bytes);
            }
        }
    }

    /// The name of this file.
    fn file(&self) -> &str {
        let place = &self.texts.place;
        place.rsplit('/').next().unwrap_or(place)
    }

    /// Binds a name of this file, when the text tells something.
    fn slot(&mut self, name: &str, text: Template, bytes: &Range<usize>) {
        let name = match name {
            "" => "default",
            name => name,
        };
        let key = Key::at("slot", self.texts.place.clone(), name);
        // What another function gives, or what a function is given, tells nothing of an address.
        let is_passed_on = text.as_ref_key().is_some_and(|known| {
            *known == key || known.name.as_text().is_some_and(|name| name.contains('#'))
        });
        let is_word = text.as_text().is_some_and(|text| !text.contains(':'));
        let is_worth = is_worth_binding(&text)
            && (!is_word || names_an_address(name) || names_an_address(self.file()));
        if is_worth && !matches!(text.0.first(), Some(Part::Hole)) && !is_passed_on {
            self.said.binds(key, text, bytes);
        }
    }

    /// Binds what functions are called with: those of this file that need it, and those of other files.
    fn calls(&mut self) {
        let asked = self.texts.asked.borrow().clone();
        for call in &self.texts.code.calls {
            let callee = self.texts.code.near_origin(&call.callee);
            let (place, name, wanted) = match &callee.base {
                Base::Value(Value::Function(start)) if callee.path.is_empty() => {
                    let name = self.texts.code.functions.get(start);
                    let name = name.and_then(|function| function.name.clone());
                    (Template::text(self.texts.place.clone()), name, Some(*start))
                }
                Base::Value(Value::Class(start)) if call.new && callee.path.is_empty() => {
                    let class = self.texts.code.classes.get(start);
                    let constructor = class.and_then(|class| class.constructor);
                    let name = class.and_then(|class| class.name.clone());
                    (Template::text(self.texts.place.clone()), name, constructor)
                }
                Base::Module(module) if module.starts_with('.') => {
                    let name = match callee.path.is_empty() {
                        true => "default".into(),
                        false => callee.path.join("."),
                    };
                    let place = Template::from(Key::new("js", module.to_string()));
                    (place, Some(name.into()), None)
                }
                _ => continue,
            };
            let Some(name) = name else {
                continue;
            };
            for (at, argument) in call.arguments.iter().enumerate() {
                let needs = match wanted {
                    Some(start) => asked.contains(&(start, at)),
                    None => true,
                };
                if needs && !matches!(argument, Value::Function(_)) {
                    let slot = format!("{name}#{at}");
                    self.argument((&place, &slot), argument, wanted.is_some(), &call.bytes);
                }
            }
        }
    }

    /// Binds an argument, or the properties of an object that is one.
    fn argument(
        &mut self,
        (place, slot): (&Template, &str),
        argument: &Value,
        is_asked: bool,
        bytes: &Range<usize>,
    ) {
        let mut open = vec![(slot.to_owned(), argument.clone())];
        if let Value::Object(properties) = argument {
            open = properties
                .iter()
                .map(|(key, value)| (format!("{slot}.{key}"), value.clone()))
                .collect();
        }
        for (slot, value) in open {
            let text = self.texts.text(&value);
            // What a function of another file does with it is not known: only what is surely an address goes there.
            let is_worth = match is_asked {
                true => is_worth_binding(&text),
                false => is_surely_address(&text),
            };
            if is_worth && !matches!(text.0.first(), Some(Part::Hole)) {
                let key = Key::at("slot", place.clone(), slot);
                self.said.binds(key, text, bytes);
            }
        }
    }
}

/// Whether a name says that a word which it stands for is a host, a topic or the like.
fn names_an_address(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "addr", "base", "broker", "bucket", "channel", "database", "endpoint", "event", "exchange",
        "host", "queue", "server", "service", "stream", "subject", "table", "topic", "uri", "url",
    ];
    let name = name.to_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// Whether a text is an address whatever is done with it: of the environment, or with a scheme.
fn is_surely_address(text: &Template) -> bool {
    match text.0.first() {
        Some(Part::Ref(reference)) => matches!(reference.key.namespace.0, "env" | "property"),
        Some(Part::Text(start)) => start.contains("://"),
        _ => false,
    }
}
