//! What names of this file mean for other files: constants, settings, fields of classes, and what functions are called with.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use super::environment::{self, is_variable};
use super::origin::{Base, Origin};
use super::texts::Texts;
use super::value::{Call, SPREAD, Start, UNKNOWN, Value};
use crate::extract::addresses::hole;
use crate::extract::said::{Said, is_address, is_worth_binding};
use crate::model::{Claim, Key, Part, Template};

/// The most names of one file that are asked for.
const NAMES: usize = 2048;

/// How many functions may hand an argument on to each other.
const HANDS: usize = 4;

/// Binds everything that other files, or functions of this one, may ask for.
pub(super) fn bind(texts: &Texts<'_>, said: &RefCell<Said>) {
    let mut said = said.borrow_mut();
    let mut binder = Binder {
        texts,
        said: &mut said,
        settings: is_settings(texts),
    };
    binder.names();
    binder.flask();
    binder.calls();
}

/// Whether a file is a module of settings, whose upper case names are known by themselves.
fn is_settings(texts: &Texts<'_>) -> bool {
    let has = |name: &str| texts.code.global(name).is_some();
    let file = texts.place.rsplit('/').next().unwrap_or_default();
    let is_local = ["ci", "dev", "local", "test"]
        .iter()
        .any(|word| file.starts_with(word) || file.contains(&format!("_{word}")));
    let is_named = texts.place.contains("settings") && !is_local;
    let is_django = has("INSTALLED_APPS")
        || has("DATABASES")
        || has("ROOT_URLCONF")
        || !texts.code.stars.is_empty();
    is_named && is_django
}

struct Binder<'b> {
    texts: &'b Texts<'b>,
    said: &'b mut Said,
    /// The names are settings of Django.
    settings: bool,
}

impl Binder<'_> {
    /// Names of the file's own scope.
    fn names(&mut self) {
        let code = self.texts.code;
        let Some(names) = code.names.first() else {
            return;
        };
        let mut names: Vec<(Range<usize>, &str)> = names
            .iter()
            .filter_map(|(name, definitions)| Some((definitions.first()?.bytes.clone(), &**name)))
            .collect();
        names.sort_by_key(|(bytes, name)| (bytes.start, *name));
        let is_package = self.texts.place.ends_with("/__init__.py");
        for (bytes, name) in names.into_iter().take(NAMES) {
            let Some(value) = code.global(name) else {
                continue;
            };
            match &value {
                Value::Function(start) => self.function(name, *start, &bytes),
                Value::Class(class) => self.fields(name, *class, &bytes),
                // What a package takes over from its modules is known under its name.
                Value::Member(module, _) if matches!(&**module, Value::Module(_)) => {
                    if is_package && is_variable(name) {
                        self.slot(name, self.texts.text(&value), &bytes);
                    }
                }
                Value::Module(_) => {}
                Value::Call(_) => {
                    let origin = code.near_origin(&value);
                    match self
                        .texts
                        .class_of(&origin)
                        .filter(|_| origin.path.is_empty())
                    {
                        Some(class) => self.fields(name, class, &bytes),
                        None => self.slot(name, self.texts.text(&value), &bytes),
                    }
                }
                Value::Dict(items) => {
                    for (key, value) in items.iter() {
                        if !matches!(&**key, SPREAD | UNKNOWN) {
                            let text = self.texts.text(value);
                            self.slot(&format!("{name}.[{key}]"), text, &bytes);
                        }
                    }
                }
                value => {
                    let text = self.texts.text(value);
                    if self.settings && is_variable(name) {
                        self.property(Key::new("property", name), value, &bytes);
                    }
                    self.slot(name, text, &bytes);
                }
            }
        }
    }

    /// What a function of this file gives: a text, or an object of a class of this file.
    fn function(&mut self, name: &str, start: Start, bytes: &Range<usize>) {
        let code = self.texts.code;
        let Some(function) = code.functions.get(&start) else {
            return;
        };
        let name = format!("{name}#return");
        if let [one] = function.returns.as_slice() {
            let origin: Origin = code.origin(one);
            if origin.path.is_empty()
                && let Base::Call(_) = origin.base
                && let Some(class) = self.texts.class_of(&origin)
            {
                return self.fields(&name, class, bytes);
            }
        }
        if !function.returns.is_empty() {
            let text = self.texts.given(start, &[]);
            self.slot(&name, text, bytes);
        }
    }

    /// The fields of a class, under a name of an object of it or its own.
    fn fields(&mut self, name: &str, class: Start, bytes: &Range<usize>) {
        let code = self.texts.code;
        let Some(known) = code.classes.get(&class) else {
            return;
        };
        let mut fields: Vec<&str> = known.fields.keys().map(|field| &**field).collect();
        fields.extend(known.declared.iter().map(|(field, ..)| &**field));
        fields.sort_unstable();
        fields.dedup();
        for field in fields {
            if let Some((_, Value::Function(_))) = code.field_value(class, field) {
                continue;
            }
            // Settings have many fields, each of which is a variable.
            let is_plain = environment::is_settings(self.texts, class) && !names_an_address(field);
            if let Some(text) = self.texts.field(class, field, None, 0)
                && (!is_plain || has_address(&text))
            {
                self.slot(&format!("{name}.{field}"), text, bytes);
            }
        }
    }

    /// `app.config["CART_URL"] = …`, `app.config.update(CART_URL=…)`, classes of a module of configuration.
    fn flask(&mut self) {
        let code = self.texts.code;
        for (target, value, bytes) in &code.assigned {
            let Value::Item(object, key) = target else {
                continue;
            };
            let text = self.texts.text(&key.as_ref().clone());
            let Some(Template(parts)) = environment::item(self.texts, object, &text) else {
                continue;
            };
            if let [Part::Ref(reference)] = parts.as_slice()
                && reference.key.namespace.0 == "property"
            {
                self.property(reference.key.clone(), value, bytes);
            }
        }
        for call in &code.calls {
            let known = code.known(&call.callee);
            let is_update = known.is_some_and(|known| {
                matches!(
                    &*known.name,
                    "flask.Flask().config.update"
                        | "flask.Flask().config.from_mapping"
                        | "quart.Quart().config.update"
                        | "quart.Quart().config.from_mapping"
                )
            });
            if !is_update {
                continue;
            }
            for (name, value) in &call.keywords {
                self.property(Key::new("property", &**name), value, &call.bytes);
            }
        }
        let file = self.texts.place.rsplit('/').next().unwrap_or_default();
        if !file.contains("config") && !file.contains("settings") {
            return;
        }
        for (start, class) in &code.classes {
            let name = class.name.to_lowercase();
            let is_for_tests = ["test", "dev", "local"]
                .iter()
                .any(|word| name.contains(word));
            let is_config = name.contains("config") || name.contains("settings");
            if !is_config || is_for_tests || class.name.is_empty() {
                continue;
            }
            for (field, _, bytes) in &class.declared {
                if is_variable(field)
                    && let Some(value) = code.own_field(*start, field)
                {
                    self.property(Key::new("property", &**field), &value, bytes);
                }
            }
        }
    }

    fn property(&mut self, key: Key, value: &Value, bytes: &Range<usize>) {
        let text = self.texts.text(value);
        let is_word = text.as_text().is_some_and(|text| !text.contains(':'));
        let is_named = key.name.as_text().is_some_and(names_an_address);
        let is_worth = is_worth_binding(&text) && (!is_word || is_named);
        if is_worth && text != hole() && text.as_ref_key() != Some(&key) {
            self.said.binds(key, text, bytes);
        }
    }

    /// The name of this file.
    fn file(&self) -> &str {
        let place = &self.texts.place;
        place.rsplit('/').next().unwrap_or(place)
    }

    /// Binds a name of this file, when the text tells something.
    fn slot(&mut self, name: &str, text: Template, bytes: &Range<usize>) {
        let key = Key::at("slot", self.texts.place.clone(), name);
        // What another function gives, or what a function is given, tells nothing of an address.
        let is_passed_on = text.0.iter().any(|part| match part {
            Part::Ref(one) => {
                let name = one.key.name.as_text().unwrap_or_default();
                one.key == key || name.contains('#') && one.key.at == key.at
            }
            _ => false,
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
        let code = self.texts.code;
        let mut own: Vec<(Start, &Call)> = Vec::new();
        for call in &code.calls {
            let callee = code.near_origin(&call.callee);
            match &callee.base {
                Base::Value(Value::Function(start)) if callee.path.is_empty() => {
                    own.push((*start, call));
                }
                Base::Value(Value::Class(class)) if callee.path.is_empty() => {
                    own.extend(code.constructor(*class).map(|start| (start, &**call)));
                }
                Base::Module(module)
                    if !super::markers::is_foreign(module) && !callee.path.is_empty() =>
                {
                    self.others(module, &callee, call);
                }
                _ => {}
            }
        }
        // What is asked of callers: first by what the file uses, then by what is handed on to that.
        let mut asked: BTreeSet<String> = BTreeSet::new();
        for statement in &self.said.statements {
            if let Claim::Requires { key, .. } = &statement.claim {
                self.parameters(&key.at, &mut asked);
                self.parameters(&key.name, &mut asked);
            }
        }
        for _ in 0..HANDS {
            let before = asked.len();
            for (start, call) in &own {
                self.own(*start, call, &mut asked);
            }
            if asked.len() == before {
                break;
            }
        }
    }

    /// Notes the parameters of functions of this file that a text is made of.
    fn parameters(&self, text: &Template, asked: &mut BTreeSet<String>) {
        let mut open = vec![text];
        while let Some(text) = open.pop() {
            for part in &text.0 {
                let Part::Ref(reference) = part else {
                    continue;
                };
                open.extend(&reference.default);
                let key = &reference.key;
                if key.at.as_text() == Some(&self.texts.place)
                    && let Some(name) = key.name.as_text().filter(|name| name.contains('#'))
                {
                    asked.insert(name.split('.').next().unwrap_or(name).to_owned());
                    asked.insert(name.to_owned());
                }
            }
        }
    }

    /// A call of a function of this file.
    fn own(&mut self, start: Start, call: &Call, asked: &mut BTreeSet<String>) {
        let Some(function) = self.texts.code.functions.get(&start) else {
            return;
        };
        for (at, parameter) in function.parameters.iter().enumerate() {
            let slot = format!("{}#{at}", function.name);
            if !asked.contains(&slot) {
                continue;
            }
            if let Some(value) = self.texts.argument_value(call, at, &parameter.name) {
                let text = self.texts.text(&value);
                if is_worth_binding(&text) && !matches!(text.0.first(), Some(Part::Hole)) {
                    self.parameters(&text, asked);
                    let key = Key::at("slot", self.texts.place.clone(), slot);
                    self.said.binds(key, text, &call.bytes);
                }
            }
        }
    }

    /// A call of a function or a class of another file: what it does with an argument is not known,
    /// so that only what is surely an address goes there, and words where a name says that they are one.
    fn others(&mut self, module: &str, callee: &Origin, call: &Call) {
        let path = callee.path();
        let arguments = call
            .arguments
            .iter()
            .enumerate()
            .map(|(at, value)| (at.to_string(), value));
        let keywords = call
            .keywords
            .iter()
            .map(|(name, value)| (name.to_string(), value));
        for (which, value) in arguments.chain(keywords) {
            let text = self.texts.text(value);
            let is_named = names_an_address(&which) || hands_on(&path);
            let is_word = is_named && text.as_text().is_some_and(is_address);
            if which == SPREAD || !is_word && !is_surely_address(&text) {
                continue;
            }
            let slot = self.texts.taken(module, &path, &format!("#{which}"));
            if let [Part::Ref(reference)] = slot.0.as_slice() {
                self.said.binds(reference.key.clone(), text, &call.bytes);
            }
        }
    }
}

/// Whether a name says that a word which it stands for is a host, a topic or the like.
fn names_an_address(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "addr", "base", "broker", "bucket", "cache", "channel", "cluster", "database", "db", "dsn",
        "endpoint", "event", "exchange", "host", "kafka", "mongo", "port", "queue", "rabbit",
        "redis", "server", "service", "stream", "subject", "table", "topic", "uri", "url",
    ];
    let name = name.to_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// Whether a function says by its name that it sends something somewhere.
fn hands_on(path: &[&str]) -> bool {
    const WORDS: &[&str] = &[
        "connect", "consum", "emit", "listen", "produc", "publish", "send", "subscri",
    ];
    let name = path.last().map(|name| name.to_lowercase());
    name.is_some_and(|name| WORDS.iter().any(|word| name.contains(word)))
}

/// Whether some text of it, a default among them, has a port or a scheme.
fn has_address(text: &Template) -> bool {
    let mut open = vec![text];
    while let Some(text) = open.pop() {
        for part in &text.0 {
            match part {
                Part::Text(text) if text.contains(':') => return true,
                Part::Ref(reference) => open.extend(&reference.default),
                _ => {}
            }
        }
    }
    false
}

/// Whether a text is an address whatever is done with it: of the environment, or with a scheme.
fn is_surely_address(text: &Template) -> bool {
    match text.0.first() {
        Some(Part::Ref(reference)) => matches!(reference.key.namespace.0, "env" | "property"),
        Some(Part::Text(start)) => start.contains("://"),
        _ => false,
    }
}
