//! Routes that code serves, and the prefixes that it gives to routers of other files.
//!
//! Sources: <https://expressjs.com/en/guide/routing.html>, <https://fastify.dev/docs/latest/Reference/Routes/>,
//! <https://github.com/koajs/router>, <https://hono.dev/docs/api/routing>, <http://restify.com/docs/home/>, <https://hapi.dev/tutorials/routing/>

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use super::origin::Base;
use super::paths::{add, normal};
use super::requests::method;
use super::routers::{Router, Routers, mount_of};
use super::text::Texts;
use super::value::{Call, Value};
use crate::extract::said::Said;
use crate::model::{Key, Part, Template};

/// States all routes of a file, and the prefixes that it gives to routers of other files.
pub(super) fn serve(texts: &Texts<'_>, said: &RefCell<Said>) {
    let mut routers = Routers::new(texts);
    let mut found: Vec<(Router, &Call, Vec<Rc<str>>)> = Vec::new();
    for call in &texts.code.calls {
        if let Some((router, path)) = routers.called(&texts.code.origin(&call.callee), &call.callee)
        {
            found.push((router, call, path));
        }
    }
    let handed = routers.handed();
    if found.is_empty() && handed.is_empty() {
        return;
    }
    routers.exports();
    let mut outside: Vec<(Router, Template, Value, Range<usize>)> = Vec::new();
    for (router, call, path) in &found {
        if let Some((at, children)) = routers.mounted(call, path) {
            for child in children {
                routers.mount(*router, &at, &child, call, &mut outside);
            }
        }
    }
    let mut said = said.borrow_mut();
    for (router, at, module, bytes) in outside.into_iter().chain(handed) {
        let Some(key) = mount_of(texts, &module) else {
            continue;
        };
        for mut prefix in routers.prefixes(router, 0) {
            add(&mut prefix, &at);
            said.binds(key.clone(), prefix, &bytes);
        }
    }
    for (router, call, path) in &found {
        for (verb, route) in routers.routes(call, path) {
            for prefix in routers.prefixes(*router, 0) {
                let mut whole = prefix;
                add(&mut whole, &route);
                if whole.is_empty() {
                    whole = Template::text("/");
                }
                let mut name = Template::text(format!("{verb} "));
                name.extend(&whole);
                said.provides(Key::new("http", name), &call.bytes);
            }
        }
        if routers.cut.take() {
            said.cut(&call.bytes);
        }
    }
}

impl Routers<'_> {
    /// Verbs and paths that a call serves.
    fn routes(&self, call: &Call, path: &[Rc<str>]) -> Vec<(String, Template)> {
        let steps: Vec<&str> = path.iter().map(|step| &**step).collect();
        let verb_of = |name: &str| match name {
            "all" | "any" => Some("ANY".to_owned()),
            name if name.chars().all(|c| c.is_ascii_lowercase()) => method(name),
            _ => None,
        };
        match steps.as_slice() {
            ["route", at, name] => match verb_of(name) {
                Some(verb) => vec![(verb, normal(&Template::text(*at)))],
                None => Vec::new(),
            },
            ["route"] => call
                .arguments
                .first()
                .map(|options| self.described(options))
                .unwrap_or_default(),
            [name] => {
                let (Some(verb), [first, second, ..]) = (verb_of(name), call.arguments.as_slice())
                else {
                    return Vec::new();
                };
                // A route of Koa may have a name in front of its path.
                let is_path =
                    |value: &Value| value.as_text().is_some_and(|text| text.starts_with('/'));
                let first = match !is_path(first) && is_path(second) {
                    true => second,
                    false => first,
                };
                let several = match self.texts.code.near_origin(first).base {
                    Base::Value(Value::Array(paths)) => paths.to_vec(),
                    _ => vec![first.clone()],
                };
                several
                    .iter()
                    .filter_map(|path| Some((verb.clone(), self.path(path)?)))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// `{ method: "GET", url: "/items" }`, or a list of such.
    fn described(&self, options: &Value) -> Vec<(String, Template)> {
        let one = |options: &Value| -> Vec<(String, Template)> {
            let path = ["url", "path"]
                .iter()
                .find_map(|name| self.texts.member(options, name));
            let Some(path) = path.and_then(|path| self.path(&path)) else {
                return Vec::new();
            };
            let verbs = match self.texts.member(options, "method") {
                Some(Value::Array(verbs)) => verbs.to_vec(),
                Some(verb) => vec![verb],
                None => return Vec::new(),
            };
            let verbs = verbs.iter().map(|verb| match verb.as_text() {
                Some(verb) => method(verb).unwrap_or_else(|| "ANY".to_owned()),
                None => "ANY".to_owned(),
            });
            verbs.map(|verb| (verb, path.clone())).collect()
        };
        match self.texts.code.near_origin(options).base {
            Base::Value(Value::Array(list)) => list.iter().flat_map(one).collect(),
            Base::Value(Value::Object(_)) => one(options),
            _ => Vec::new(),
        }
    }

    /// A path of a route, when it is one.
    fn path(&self, value: &Value) -> Option<Template> {
        let text = self.texts.text(value);
        let is_path = match text.0.first() {
            None => matches!(value, Value::Text(_)),
            Some(Part::Text(start)) => start.starts_with(['/', '*']),
            Some(Part::Ref(_)) => text.0.len() > 1,
            _ => false,
        };
        is_path.then(|| normal(&text))
    }
}
