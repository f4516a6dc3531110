//! What text a value comes to: literals, environment, constants, and references to what other files bind.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use super::code::{Code, Function};
use super::environment;
use super::origin::{Base, Origin};
use super::value::{Call, Start, Value};
use crate::extract::addresses::{either, hole, joined, or};
use crate::model::{Key, Part, Template};

/// The deepest nesting of what a text is made of.
const DEPTH: u32 = 24;

/// The longest text that is an address, or a piece of one.
const LENGTH: usize = 2048;

/// The most steps of one text, and how many texts may be parts of each other: names may double what they stand for.
const STEPS: u32 = 1 << 10;
const NESTING: u32 = 8;

/// Reads texts of one file.
#[derive(Debug)]
pub(super) struct Texts<'c> {
    pub(super) code: &'c Code,
    /// Where the names of this file live: `path:src/config.js`.
    pub(super) place: String,
    /// What is asked of the callers of functions.
    pub(super) asked: RefCell<BTreeSet<(Start, usize)>>,
    steps: Cell<u32>,
    nesting: Cell<u32>,
}

/// The call of a function of this file whose result is read.
#[derive(Clone, Copy)]
struct Frame<'f> {
    function: Start,
    call: &'f Call,
    outer: Option<&'f Frame<'f>>,
}

impl<'c> Texts<'c> {
    /// Texts of the file at a path.
    pub(super) fn new(code: &'c Code, path: &str) -> Self {
        Self {
            code,
            place: format!("path:{path}"),
            asked: RefCell::default(),
            steps: Cell::default(),
            nesting: Cell::default(),
        }
    }

    /// The text that a value gives.
    pub(super) fn text(&self, value: &Value) -> Template {
        self.nested(|| self.read(value, None, 0))
    }

    /// Reads a text, which may be part of another that is read.
    fn nested(&self, read: impl FnOnce() -> Template) -> Template {
        let nesting = self.nesting.get();
        if nesting >= NESTING {
            return hole();
        }
        if nesting == 0 {
            self.steps.set(0);
        }
        self.nesting.set(nesting + 1);
        let text = read();
        self.nesting.set(nesting);
        text
    }

    /// The text of a property of an object, however it is written.
    pub(super) fn property(&self, object: &Value, name: &str) -> Option<Template> {
        self.member(object, name).map(|value| self.text(&value))
    }

    /// A property of an object; `None`: it has none, or is not known.
    pub(super) fn member(&self, object: &Value, name: &str) -> Option<Value> {
        match self.code.near_origin(object) {
            Origin {
                base: Base::Value(object @ Value::Object(_)),
                path,
            } if path.is_empty() => {
                let properties = match &object {
                    Value::Object(properties) => properties,
                    _ => return None,
                };
                let has_spread = properties
                    .iter()
                    .any(|(key, _)| &**key == super::value::SPREAD);
                match object.property(name) {
                    Some(Value::Nothing) => None,
                    Some(value) => Some(value.clone()),
                    // It may be among what is taken over.
                    None if has_spread => properties.iter().rev().find_map(|(key, value)| {
                        let is_spread = &**key == super::value::SPREAD;
                        is_spread.then(|| self.member(value, name)).flatten()
                    }),
                    None => None,
                }
            }
            Origin {
                base: Base::Value(_) | Base::Unknown,
                ..
            } => None,
            _ => Some(object.clone().member(name)),
        }
    }

    /// The literal text of a value.
    pub(super) fn literal(&self, value: &Value) -> Option<String> {
        self.text(value).as_text().map(str::to_owned)
    }

    fn read(&self, value: &Value, frame: Option<&Frame<'_>>, depth: u32) -> Template {
        let steps = self.steps.get();
        if depth > DEPTH || steps >= STEPS {
            return hole();
        }
        self.steps.set(steps + 1);
        let depth = depth + 1;
        match value {
            Value::Text(text) if text.len() > LENGTH => hole(),
            Value::Text(text) => Template::text(&**text),
            Value::Join(parts) => {
                let mut joined = Template::default();
                for part in parts {
                    joined.extend(&self.read(part, frame, depth));
                }
                joined
            }
            Value::Or(first, second) => or(self.read(first, frame, depth), || {
                self.read(second, frame, depth)
            }),
            Value::Either(first, second) => either(
                self.read(first, frame, depth),
                self.read(second, frame, depth),
            ),
            Value::Array(elements) => {
                let mut joined = Template::default();
                for element in elements.iter() {
                    if !joined.is_empty() {
                        joined.push(Part::Text(",".into()));
                    }
                    joined.extend(&self.read(element, frame, depth));
                }
                joined
            }
            Value::Nothing => Template::default(),
            Value::Call(call) => self.result(call, &[], frame, depth),
            Value::Name(..) | Value::Member(..) | Value::Parameter(..) => {
                self.named(value, frame, depth)
            }
            Value::Module(_)
            | Value::Object(_)
            | Value::Function(_)
            | Value::Class(_)
            | Value::This(_)
            | Value::Unknown => hole(),
        }
    }

    /// The text that a name or a member stands for.
    fn named(&self, value: &Value, frame: Option<&Frame<'_>>, depth: u32) -> Template {
        // A name stands for an expression, which may be more than where it comes from.
        let meant = match value {
            Value::Name(scope, name) => self.code.look_up(*scope, name),
            _ => None,
        };
        if let Some(meant) = meant {
            return self.read(&meant, frame, depth);
        }
        if let Value::Member(object, name) = value
            && let Some(text) = self.of_object(object, name, frame, depth)
        {
            return text;
        }
        let origin = self.code.near_origin(value);
        let path = origin.path();
        match &origin.base {
            Base::Value(inner) if path.is_empty() => match inner {
                Value::Text(_)
                | Value::Join(_)
                | Value::Or(..)
                | Value::Either(..)
                | Value::Array(_)
                | Value::Nothing => self.read(inner, frame, depth),
                _ => hole(),
            },
            Base::Module(module) => self.imported(module, &path.join(".")),
            Base::Global(name) => environment::variable(name, &path).unwrap_or_else(hole),
            Base::Call(call) => self.result(call, &path, frame, depth),
            Base::Parameter(start, at) => self.parameter(*start, *at, &path, frame, depth),
            Base::Value(_) | Base::Object(_) | Base::Unknown => hole(),
        }
    }

    /// The text of a property whose expression is written out in this file.
    fn of_object(
        &self,
        object: &Value,
        name: &str,
        frame: Option<&Frame<'_>>,
        depth: u32,
    ) -> Option<Template> {
        let origin = self.code.near_origin(object);
        if !origin.path.is_empty() {
            return None;
        }
        let value = match &origin.base {
            Base::Value(object @ Value::Object(_)) => object.property(name).cloned(),
            Base::Value(Value::Array(elements)) => name
                .parse::<usize>()
                .ok()
                .and_then(|at| elements.get(at).cloned()),
            Base::Value(Value::Class(class)) => self.code.fixed(*class, name),
            Base::Object(class) => self.code.field(*class, name),
            _ => None,
        };
        value.map(|value| self.read(&value, frame, depth))
    }

    /// What a function is given: in the call that is read, else whatever its callers say.
    fn parameter(
        &self,
        start: Start,
        at: usize,
        path: &[&str],
        frame: Option<&Frame<'_>>,
        depth: u32,
    ) -> Template {
        let mut open = frame;
        while let Some(known) = open {
            if known.function == start {
                let Some(argument) = known.call.arguments.get(at) else {
                    return Template::default();
                };
                let mut value = argument.clone();
                for part in path {
                    value = value.member(part);
                }
                return self.read(&value, known.outer, depth);
            }
            open = known.outer;
        }
        let function = self.code.functions.get(&start);
        match function.and_then(|function| function.name.as_ref()) {
            Some(name) => {
                self.asked.borrow_mut().insert((start, at));
                let mut slot = format!("{name}#{at}");
                for part in path {
                    slot = format!("{slot}.{part}");
                }
                Key::at("slot", self.place.clone(), slot).into()
            }
            None => hole(),
        }
    }

    /// A name of another file; packages of the language itself bind nothing.
    pub(super) fn imported(&self, module: &str, name: &str) -> Template {
        let is_own = module.starts_with("node:") || super::packages::is_known(module);
        if is_own {
            return hole();
        }
        let name = match name {
            "" => "default",
            name => name,
        };
        Key::at("slot", Template::from(Key::new("js", module)), name).into()
    }

    /// The text that a call gives, or a member of what it gives.
    fn result(
        &self,
        call: &Call,
        path: &[&str],
        frame: Option<&Frame<'_>>,
        depth: u32,
    ) -> Template {
        if let Some(text) = environment::read(self, call, path) {
            return text;
        }
        let callee = self.code.near_origin(&call.callee);
        if let (Base::Value(Value::Function(start)), true) = (&callee.base, callee.path.is_empty())
            && let Some(function) = self.code.functions.get(start)
            && !call.new
        {
            let inner = Frame {
                function: *start,
                call,
                outer: frame,
            };
            return self.returned(function, path, Some(&inner), depth);
        }
        if !matches!(path, [] | ["href" | "origin" | "host" | "hostname"]) {
            return hole();
        }
        let argument = |at: usize| {
            let argument = call.arguments.get(at)?;
            Some(self.read(argument, frame, depth))
        };
        let whole = || argument(0).unwrap_or_else(hole);
        match (&callee.base, callee.path().as_slice()) {
            (Base::Global(name), []) => match &**name {
                "String" | "URL" | "encodeURI" | "decodeURI" => match argument(1) {
                    Some(base) if &**name == "URL" => joined(&base, &whole()),
                    _ => whole(),
                },
                _ => hole(),
            },
            (Base::Module(module), ["URL"]) if matches!(&**module, "url" | "node:url") => {
                match argument(1) {
                    Some(base) => joined(&base, &whole()),
                    None => whole(),
                }
            }
            (Base::Module(module), ["resolve"]) if matches!(&**module, "url" | "node:url") => {
                joined(&whole(), &argument(1).unwrap_or_default())
            }
            (Base::Module(module), ["format"]) if matches!(&**module, "url" | "node:url") => call
                .arguments
                .first()
                .map_or_else(hole, |options| self.address(options)),
            (Base::Module(module), ["default"] | [])
                if matches!(&**module, "url-join" | "urljoin") =>
            {
                let parts = (1..call.arguments.len()).filter_map(argument);
                parts.fold(whole(), |base, part| joined(&base, &part))
            }
            // A setting of a configuration that another file reads.
            (Base::Module(module), [.., "get"])
                if module.starts_with('.')
                    && call.arguments.first().and_then(Value::as_text).is_some() =>
            {
                let mut name: Vec<&str> = callee.path();
                name.pop();
                name.extend(call.arguments.first().and_then(Value::as_text));
                self.imported(module, &name.join("."))
            }
            (Base::Module(module), [function]) if module.starts_with('.') => {
                self.imported(module, &format!("{function}#return"))
            }
            (Base::Module(module), []) if module.starts_with('.') => {
                self.imported(module, "default#return")
            }
            _ => self.of_text(call, frame, depth),
        }
    }

    /// The text that a function of this file gives, whoever calls it.
    pub(super) fn given(&self, start: Start) -> Template {
        match self.code.functions.get(&start) {
            Some(function) => self.nested(|| self.returned(function, &[], None, 0)),
            None => hole(),
        }
    }

    /// What a function gives: one text, or one of two.
    fn returned(
        &self,
        function: &Function,
        path: &[&str],
        frame: Option<&Frame<'_>>,
        depth: u32,
    ) -> Template {
        let value = |value: &Value| {
            let mut value = value.clone();
            for part in path {
                value = value.member(part);
            }
            self.read(&value, frame, depth)
        };
        let mut said = function
            .returns
            .iter()
            .filter(|value| !matches!(value, Value::Nothing));
        match (said.next(), said.next(), said.next()) {
            (Some(one), None, _) => value(one),
            (Some(one), Some(other), None) => either(value(one), value(other)),
            _ => hole(),
        }
    }

    /// What methods of texts and lists give.
    fn of_text(&self, call: &Call, frame: Option<&Frame<'_>>, depth: u32) -> Template {
        let Value::Member(object, method) = &call.callee else {
            return hole();
        };
        let whole = || self.read(object, frame, depth);
        match &**method {
            "toString" | "trim" | "valueOf" | "split" | "toLowerCase" | "filter" => whole(),
            // `url.replace(/\/$/, "")`
            "replace" if matches!(call.arguments.get(1), Some(Value::Text(text)) if text.is_empty()) => {
                whole()
            }
            "concat" => {
                let mut joined = whole();
                for argument in &call.arguments {
                    joined.extend(&self.read(argument, frame, depth));
                }
                joined
            }
            "join" => {
                let separator = call.arguments.first().and_then(Value::as_text);
                let Origin {
                    base: Base::Value(Value::Array(elements)),
                    ..
                } = self.code.near_origin(object)
                else {
                    return whole();
                };
                let mut joined = Template::default();
                for (at, element) in elements.iter().enumerate() {
                    if at > 0 {
                        joined.push(Part::Text(separator.unwrap_or(",").into()));
                    }
                    joined.extend(&self.read(element, frame, depth));
                }
                joined
            }
            _ => hole(),
        }
    }

    /// The address that an object tells by its parts: `{ protocol, hostname, port, path }`.
    pub(super) fn address(&self, options: &Value) -> Template {
        let part = |names: &[&str]| names.iter().find_map(|name| self.property(options, name));
        let mut address = Template::text("http://");
        if let Some(protocol) = part(&["protocol"]).as_ref().and_then(Template::as_text) {
            address = Template::text(format!("{}://", protocol.trim_end_matches([':', '/'])));
        }
        match part(&["hostname", "host"]) {
            Some(host) => address.extend(&host),
            None => return part(&["socketPath"]).map_or_else(hole, |_| Template::default()),
        }
        if let Some(port) = part(&["port"]).filter(|port| !port.is_empty()) {
            address.push(Part::Text(":".into()));
            address.extend(&port);
        }
        match part(&["path", "pathname"]) {
            Some(path) => joined(&address, &path),
            None => address,
        }
    }
}
