//! What text a value comes to: literals, environment, constants, and references to what other files bind.

use std::cell::Cell;

use super::code::{Code, Function};
use super::environment;
use super::origin::{Base, Origin};
use super::value::{Call, SPREAD, Start, Value};
use crate::extract::addresses::{either, hole, joined, or};
use crate::model::{Key, Part, Ref, Template};

/// The deepest nesting of what a text is made of.
const DEPTH: u32 = 24;

/// The longest text that is an address, or a piece of one.
const LENGTH: usize = 2048;

/// The most steps of one text, and how many texts may be parts of each other: names may double what they stand for.
const STEPS: u32 = 1 << 10;
const NESTING: u32 = 8;

/// The longest chain of names that one name is taken from.
const NAMES: usize = 6;

/// Reads texts of one file.
#[derive(Debug)]
pub(super) struct Texts<'c> {
    pub(super) code: &'c Code,
    /// Where the names of this file live: `path:src/config.py`.
    pub(super) place: String,
    steps: Cell<u32>,
    nesting: Cell<u32>,
}

/// The call of a function of this file whose result is read.
#[derive(Clone, Copy)]
pub(super) struct Frame<'f> {
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

    /// The literal text of a value.
    pub(super) fn literal(&self, value: &Value) -> Option<String> {
        self.text(value).as_text().map(str::to_owned)
    }

    /// The text of an argument, by its place or its name; those of a dictionary that is handed over count, too.
    pub(super) fn argument(&self, call: &Call, at: usize, name: &str) -> Option<Template> {
        self.argument_value(call, at, name)
            .map(|value| self.text(&value))
    }

    /// An argument, by its place or its name.
    pub(super) fn argument_value(&self, call: &Call, at: usize, name: &str) -> Option<Value> {
        match call.argument(at, name) {
            Some(Value::Nothing) => None,
            Some(value) => Some(value.clone()),
            None => {
                let mut keywords = call.keywords.iter().rev();
                keywords.find_map(|(key, value)| match &**key {
                    SPREAD => self.entry(value, name),
                    _ => None,
                })
            }
        }
    }

    /// What a dictionary that is written out in this file has under a key.
    pub(super) fn entry(&self, dict: &Value, key: &str) -> Option<Value> {
        let Base::Value(Value::Dict(items)) = self.code.near_origin(dict).base else {
            return None;
        };
        let mut items = items.iter().rev();
        items.find_map(|(known, value)| match &**known {
            SPREAD => self.entry(value, key),
            known => (known == key && !matches!(value, Value::Nothing)).then(|| value.clone()),
        })
    }

    /// The elements of a list that is written out in this file, or the one thing that it is.
    pub(super) fn each(&self, value: &Value) -> Vec<Value> {
        match self.code.near_origin(value).base {
            Base::Value(Value::List(values)) => values.to_vec(),
            _ => vec![value.clone()],
        }
    }

    pub(super) fn read(&self, value: &Value, frame: Option<&Frame<'_>>, depth: u32) -> Template {
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
                let mut whole = Template::default();
                for part in parts.iter() {
                    whole.extend(&self.read(part, frame, depth));
                }
                whole
            }
            Value::Percent(format, values) => {
                let format = self.read(format, frame, depth);
                match format.as_text() {
                    Some(format) => self.percent(format, values, frame, depth),
                    None => format,
                }
            }
            Value::Or(first, second) => or(self.read(first, frame, depth), || {
                self.read(second, frame, depth)
            }),
            Value::Either(first, second) => self.either(first, second, frame, depth),
            Value::List(elements) => {
                let mut whole = Template::default();
                for element in elements.iter() {
                    let text = self.read(element, frame, depth);
                    if text == hole() {
                        return text;
                    }
                    if !whole.is_empty() {
                        whole.push(Part::Text(",".into()));
                    }
                    whole.extend(&text);
                }
                whole
            }
            Value::Nothing => Template::default(),
            Value::Call(call) => self.result(call, &[], frame, depth),
            Value::Item(object, key) => {
                let name = self.read(key, frame, depth);
                match environment::item(self, object, &name) {
                    Some(text) => text,
                    None => self.named(value, frame, depth),
                }
            }
            Value::Name(..) | Value::Member(..) | Value::Parameter(..) => {
                self.named(value, frame, depth)
            }
            Value::Module(_)
            | Value::Dict(_)
            | Value::Function(_)
            | Value::Class(_)
            | Value::This(_)
            | Value::Unknown => hole(),
        }
    }

    /// One of two texts; a piece that may be left out is one with names that may be empty.
    fn either(
        &self,
        first: &Value,
        second: &Value,
        frame: Option<&Frame<'_>>,
        depth: u32,
    ) -> Template {
        let is_empty = |value: &Value| value.as_text() == Some("");
        let texts = (
            self.read(first, frame, depth),
            self.read(second, frame, depth),
        );
        match texts {
            (_, text) if is_empty(first) => may_be_empty(text),
            (text, _) if is_empty(second) => may_be_empty(text),
            (first, second) => either(first, second),
        }
    }

    /// The text that a name or a member stands for.
    fn named(&self, value: &Value, frame: Option<&Frame<'_>>, depth: u32) -> Template {
        // A name stands for an expression, which may be more than where it comes from.
        if let Value::Name(place, name) = value
            && let Some(meant) = self.code.look_up(*place, name)
        {
            return self.read(&meant, frame, depth);
        }
        if let Value::Member(object, name) = value {
            let object = self.code.near_origin(object);
            if object.path.is_empty()
                && let Some(class) = self.class_of(&object)
            {
                if let Base::Call(call) = &object.base
                    && self.code.field_value(class, name).is_some()
                {
                    return self.made(class, name, call, frame, depth);
                }
                if let Some(text) = self.field(class, name, frame, depth) {
                    return text;
                }
            }
        }
        let origin = self.code.near_origin(value);
        let path = origin.path();
        match &origin.base {
            Base::Value(inner) if path.is_empty() => match inner {
                Value::Text(_)
                | Value::Join(_)
                | Value::Percent(..)
                | Value::Or(..)
                | Value::Either(..)
                | Value::List(_)
                | Value::Nothing => self.read(inner, frame, depth),
                _ => hole(),
            },
            Base::Module(module) => self.imported(module, &origin, ""),
            Base::Instance(class) => self.of_class(class, &path),
            Base::Global(name) if path.is_empty() => self.of_star(name),
            Base::Call(call) => self.result(call, &path, frame, depth),
            Base::Parameter(start, at) => self.parameter(*start, *at, &path, frame, depth),
            _ => hole(),
        }
    }

    /// The class of this file whose field a member is.
    pub(super) fn class_of(&self, object: &Origin) -> Option<Start> {
        match &object.base {
            Base::Object(class) | Base::Value(Value::Class(class)) => Some(*class),
            Base::Call(call) => {
                let maker = self.code.origin(&call.callee);
                match maker.base {
                    Base::Value(Value::Class(class)) if maker.path.is_empty() => Some(class),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The text of a field of a class of this file.
    pub(super) fn field(
        &self,
        class: Start,
        name: &str,
        frame: Option<&Frame<'_>>,
        depth: u32,
    ) -> Option<Template> {
        if let Some(text) = environment::setting(self, class, name) {
            return Some(text);
        }
        let (_, value) = self.code.field_value(class, name)?;
        Some(self.read(&value, frame, depth))
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
                let name = self.code.parameter(start, at);
                let name = name.map_or("", |parameter| &*parameter.name);
                let Some(argument) = self.argument_value(known.call, at, name) else {
                    return Template::default();
                };
                let mut value = argument;
                for part in path {
                    value = value.member(part);
                }
                return self.read(&value, known.outer, depth);
            }
            open = known.outer;
        }
        let Some(function) = self.code.functions.get(&start) else {
            return hole();
        };
        let Some(parameter) = function.parameters.get(at) else {
            return hole();
        };
        if function.name.is_empty() {
            return hole();
        }
        let slot = |which: &str| {
            let mut slot = format!("{}#{which}", function.name);
            for part in path {
                slot = format!("{slot}.{part}");
            }
            Key::at("slot", self.place.clone(), slot)
        };
        // Callers in other files give it by its place or by its name.
        let by_name = Template::from(slot(&parameter.name));
        Template::reference(slot(&at.to_string()), Some(by_name))
    }

    /// A name that is taken from another module, with something behind it.
    ///
    /// `from a import b`: whether `b` is a module or a name of `a` is seen when the files are there.
    pub(super) fn imported(&self, module: &str, origin: &Origin, behind: &str) -> Template {
        if let Some(text) = environment::constant(&origin.dotted().unwrap_or_default()) {
            return text;
        }
        if super::markers::is_foreign(module) || origin.path.is_empty() {
            return hole();
        }
        self.taken(module, &origin.path(), behind)
    }

    /// Names of a module, whichever of them are modules themselves.
    pub(super) fn taken(&self, module: &str, path: &[&str], behind: &str) -> Template {
        let mut module = module.to_owned();
        let mut path = path;
        // `import a.b` names `a`, and what is taken is behind `a.b`.
        let mut known = module.clone();
        for (at, step) in path.iter().enumerate().take(NAMES) {
            known = format!("{known}.{step}");
            if self.code.modules.iter().any(|one| **one == *known) && at + 1 < path.len() {
                module = known.clone();
                path = &path[at + 1..];
                break;
            }
        }
        let Some((first, rest)) = path.split_first().filter(|_| path.len() <= NAMES) else {
            return hole();
        };
        let dot = if module.ends_with('.') { "" } else { "." };
        let place = Template::from(Key::new("pymodule", format!("{module}{dot}{first}")));
        let whole = Key::at("slot", place.clone(), format!("{}{behind}", path.join(".")));
        if rest.is_empty() {
            return whole.into();
        }
        let inner = Key::at("slot", place, format!("{}{behind}", rest.join(".")));
        Template::reference(inner, Some(whole.into()))
    }

    /// A member of an object of a class from elsewhere.
    fn of_class(&self, class: &str, path: &[&str]) -> Template {
        match class.rsplit_once('.') {
            Some((module, name)) if !super::markers::is_foreign(module) => {
                let module = match module {
                    "" => ".",
                    module => module,
                };
                let mut names = vec![name];
                names.extend(path);
                self.taken(module, &names, "")
            }
            _ => hole(),
        }
    }

    /// A name that one of the modules has whose names are all taken over.
    fn of_star(&self, name: &str) -> Template {
        let own = self.code.stars.iter();
        let own = own.filter(|module| !super::markers::is_foreign(module));
        let mut found: Option<Template> = None;
        for module in own.rev().take(NAMES) {
            let dot = if module.ends_with('.') { "" } else { "." };
            let place = Template::from(Key::new("pymodule", format!("{module}{dot}*")));
            let key = Key::at("slot", place, name);
            found = Some(Template::reference(key, found));
        }
        found.unwrap_or_else(hole)
    }

    /// The text that a call gives, or a member of what it gives.
    fn result(
        &self,
        call: &Call,
        path: &[&str],
        frame: Option<&Frame<'_>>,
        depth: u32,
    ) -> Template {
        let callee = self.code.near_origin(&call.callee);
        if let Some(text) = environment::read(self, call, &callee, path, frame, depth) {
            return text;
        }
        if callee.path.is_empty() {
            match &callee.base {
                Base::Value(Value::Function(start)) => {
                    if let Some(function) = self.code.functions.get(start) {
                        let inner = Frame {
                            function: *start,
                            call,
                            outer: frame,
                        };
                        return self.returned(function, path, Some(&inner), depth);
                    }
                }
                Base::Value(Value::Class(class)) => {
                    let [name] = path else {
                        return hole();
                    };
                    return self.made(*class, name, call, frame, depth);
                }
                _ => {}
            }
        }
        if let Base::Module(module) = &callee.base {
            let name = callee.dotted().unwrap_or_default();
            if let Some(text) = self.of_library(&name, call, frame, depth) {
                return text;
            }
            if !super::markers::is_foreign(module) && !callee.path.is_empty() {
                let is_class = callee
                    .path
                    .last()
                    .is_some_and(|name| name.starts_with(|c: char| c.is_ascii_uppercase()));
                let mut names = callee.path();
                return match (is_class, path) {
                    // An object is no text.
                    (true, []) => hole(),
                    (true, path) => {
                        names.extend(path);
                        self.taken(module, &names, "")
                    }
                    (false, []) => self.taken(module, &names, "#return"),
                    (false, path) => {
                        self.taken(module, &names, &format!("#return.{}", path.join(".")))
                    }
                };
            }
        }
        if let (Base::Global(name), true) = (&callee.base, callee.path.is_empty())
            && matches!(
                &**name,
                "str" | "int" | "repr" | "next" | "iter" | "list" | "tuple"
            )
        {
            return match call.arguments.first() {
                Some(first) => self.read(first, frame, depth),
                None => Template::default(),
            };
        }
        match path {
            [] => self.of_text(call, frame, depth),
            _ => hole(),
        }
    }

    /// The text of a field of an object that a call makes.
    fn made(
        &self,
        class: Start,
        name: &str,
        call: &Call,
        frame: Option<&Frame<'_>>,
        depth: u32,
    ) -> Template {
        let inner = self.code.constructor(class).map(|function| Frame {
            function,
            call,
            outer: frame,
        });
        let inner = inner.as_ref().or(frame);
        self.field(class, name, inner, depth).unwrap_or_else(hole)
    }

    /// What functions of Python's own library, and of a few others, make of an address.
    fn of_library(
        &self,
        name: &str,
        call: &Call,
        frame: Option<&Frame<'_>>,
        depth: u32,
    ) -> Option<Template> {
        let argument = |at: usize, name: &str| {
            let value = self.argument_value(call, at, name)?;
            Some(self.read(&value, frame, depth))
        };
        match name {
            "urllib.parse.urljoin" | "urlparse.urljoin" | "six.moves.urllib.parse.urljoin" => {
                let base = argument(0, "base")?;
                Some(joined(&base, &argument(1, "url")?))
            }
            "yarl.URL"
            | "httpx.URL"
            | "pydantic.AnyHttpUrl"
            | "pydantic.HttpUrl"
            | "pydantic.AnyUrl"
            | "pydantic.SecretStr"
            | "starlette.datastructures.URL"
            | "starlette.datastructures.Secret"
            | "sqlalchemy.engine.make_url"
            | "sqlalchemy.engine.url.make_url"
            | "sqlalchemy.make_url"
            | "typing.cast"
            | "os.path.expandvars" => {
                let at = usize::from(name == "typing.cast");
                argument(at, "url")
            }
            _ => None,
        }
    }

    /// The text that a function of this file gives, whoever calls it.
    pub(super) fn given(&self, start: Start, path: &[&str]) -> Template {
        match self.code.functions.get(&start) {
            Some(function) => self.nested(|| self.returned(function, path, None, 0)),
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
            "strip" | "rstrip" | "lstrip" | "lower" | "encode" | "decode" | "split" | "rsplit"
            | "removesuffix" | "get_secret_value" | "unicode_string" | "human_repr" => whole(),
            // `url.replace("'", "")`
            "replace" if call.arguments.get(1).and_then(Value::as_text) == Some("") => whole(),
            "format" => {
                let format = whole();
                match format.as_text() {
                    Some(format) => self.format(format, call, frame, depth),
                    None => format,
                }
            }
            "join" => {
                let separator = whole();
                let Some(list) = call.arguments.first() else {
                    return hole();
                };
                let Base::Value(Value::List(elements)) = self.code.near_origin(list).base else {
                    return hole();
                };
                let mut whole = Template::default();
                for (at, element) in elements.iter().enumerate() {
                    if at > 0 {
                        whole.extend(&separator);
                    }
                    whole.extend(&self.read(element, frame, depth));
                }
                whole
            }
            _ => hole(),
        }
    }

    /// `"http://{}:{port}/x".format(host, port=80)`
    ///
    /// Source: <https://docs.python.org/3/library/string.html#format-string-syntax>
    fn format(&self, format: &str, call: &Call, frame: Option<&Frame<'_>>, depth: u32) -> Template {
        let mut whole = Template::default();
        let mut rest = format;
        let mut next = 0;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            whole.push(Part::Text(before.into()));
            if from.starts_with("{{") || from.starts_with("}}") {
                whole.push(Part::Text(from[..1].into()));
                rest = &from[2..];
                continue;
            }
            let Some(end) = from.find('}').filter(|_| from.starts_with('{')) else {
                return hole();
            };
            let field = from[1..end].split([':', '!']).next().unwrap_or_default();
            let value = match field.parse::<usize>() {
                Ok(at) => call.arguments.get(at).cloned(),
                Err(_) if field.is_empty() => {
                    next += 1;
                    call.arguments.get(next - 1).cloned()
                }
                Err(_) => self.argument_value(call, usize::MAX, field),
            };
            match value {
                Some(value) => whole.extend(&self.read(&value, frame, depth)),
                None => whole.push(Part::Hole),
            }
            rest = &from[end + 1..];
        }
        whole.push(Part::Text(rest.into()));
        whole
    }

    /// `"http://%s:%d/x" % (host, port)`
    ///
    /// Source: <https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting>
    fn percent(
        &self,
        format: &str,
        values: &Value,
        frame: Option<&Frame<'_>>,
        depth: u32,
    ) -> Template {
        let list = match values {
            Value::List(values) => values.to_vec(),
            value => vec![value.clone()],
        };
        let mut list = list.into_iter();
        let mut whole = Template::default();
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            let (before, from) = rest.split_at(at);
            whole.push(Part::Text(before.into()));
            if let Some(after) = from.strip_prefix("%%") {
                whole.push(Part::Text("%".into()));
                rest = after;
                continue;
            }
            let (name, spec) = match from
                .strip_prefix("%(")
                .and_then(|from| from.split_once(')'))
            {
                Some((name, spec)) => (Some(name), spec),
                None => (None, &from[1..]),
            };
            let Some(end) = spec.find(|c: char| c.is_ascii_alphabetic()) else {
                return hole();
            };
            let value = match name {
                Some(name) => self.entry(values, name),
                None => list.next(),
            };
            match value {
                Some(value) => whole.extend(&self.read(&value, frame, depth)),
                None => whole.push(Part::Hole),
            }
            rest = &spec[end + 1..];
        }
        whole.push(Part::Text(rest.into()));
        whole
    }
}

/// A text all of whose names may be empty: `"" if domain is None else "." + domain`.
fn may_be_empty(text: Template) -> Template {
    let mut whole = Template::default();
    for part in text.0 {
        whole.push(match part {
            Part::Ref(reference) if reference.default.is_none() => Part::Ref(Box::new(Ref {
                key: reference.key,
                default: Some(Template::default()),
            })),
            part => part,
        });
    }
    whole
}
