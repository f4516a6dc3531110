//! Routers: which call makes one, what is called on it, and under which paths it is reached, in this file or by another.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::origin::{Base, Origin};
use super::paths::{add, normal};
use super::text::Texts;
use super::value::{Call, Start, Value};
use crate::model::{Key, Part, Template};

/// The longest chain of calls on one router, and of routers in routers.
const CHAIN: usize = 64;
const NESTING: usize = 8;

/// The most prefixes of one router.
const PREFIXES: usize = 4;

/// Names by which a function calls the router that it is given.
const GIVEN: &[&str] = &["api", "app", "fastify", "instance", "router", "server"];

/// A router of this file: made here, or given to a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Router {
    Made(usize),
    Given(Start),
}

/// What is known of the routers of a file.
pub(super) struct Routers<'t> {
    pub(super) texts: &'t Texts<'t>,
    /// The prefix that a router is made with.
    own: BTreeMap<Router, Template>,
    /// Under what, and at which path, a router is mounted.
    mounts: BTreeMap<Router, Vec<(Router, Template)>>,
    /// The name under which other files know it.
    exported: BTreeMap<Router, Rc<str>>,
    /// Some prefixes were left out.
    pub(super) cut: Cell<bool>,
}

impl<'t> Routers<'t> {
    /// No routers of a file yet.
    pub(super) fn new(texts: &'t Texts<'t>) -> Self {
        Self {
            texts,
            own: BTreeMap::new(),
            mounts: BTreeMap::new(),
            exported: BTreeMap::new(),
            cut: Cell::default(),
        }
    }

    /// The router on which something is called, and what; chains of calls are followed to their start.
    pub(super) fn called(
        &mut self,
        callee: &Origin,
        written: &Value,
    ) -> Option<(Router, Vec<Rc<str>>)> {
        let path = callee.path.clone();
        if path.is_empty() {
            return None;
        }
        if let Base::Parameter(start, 0 | 1) = &callee.base {
            let Value::Member(object, _) = written else {
                return None;
            };
            let is_router = path.len() == 1
                && matches!(&**object, Value::Name(_, name) if GIVEN.contains(&&**name));
            return is_router.then_some((Router::Given(*start), path));
        }
        let Base::Call(call) = &callee.base else {
            return None;
        };
        let mut path = path;
        let mut call = std::rc::Rc::clone(call);
        for _ in 0..CHAIN {
            if let Some(own) = made(self.texts, &call) {
                let router = Router::Made(call.bytes.start);
                self.own.entry(router).or_insert(own);
                return Some((router, path));
            }
            let before = self.texts.code.origin(&call.callee);
            if let (Base::Parameter(start, 0), Value::Member(object, _)) =
                (&before.base, &call.callee)
                && matches!(&**object, Value::Name(_, name) if GIVEN.contains(&&**name))
            {
                let step = before.path.last()?;
                if &**step == "route" {
                    path = vec![
                        step.clone(),
                        route_text(self.texts, &call)?.into(),
                        path[0].clone(),
                    ];
                }
                return Some((Router::Given(*start), path));
            }
            // `router.route("/x").get(…)`: the path stands in the call before.
            if before.path.last().is_some_and(|step| &**step == "route")
                && call.arguments.len() == 1
            {
                let text = route_text(self.texts, &call)?;
                path = vec!["route".into(), text.into(), path.last()?.clone()];
            }
            let Base::Call(inner) = before.base else {
                return None;
            };
            call = inner;
        }
        None
    }

    /// Routers that are handed to functions of other files: `require("./routes")(app)`.
    pub(super) fn handed(&mut self) -> Vec<(Router, Template, Value, Range<usize>)> {
        let mut found = Vec::new();
        for call in &self.texts.code.calls {
            let callee = self.texts.code.near_origin(&call.callee);
            let Base::Module(module) = &callee.base else {
                continue;
            };
            if !module.starts_with('.') || call.new {
                continue;
            }
            for argument in &call.arguments {
                if let Some(router) = self.router(argument) {
                    let none = Template::default();
                    found.push((router, none, call.callee.clone(), call.bytes.clone()));
                }
            }
        }
        found
    }

    /// The router that a value is.
    fn router(&mut self, value: &Value) -> Option<Router> {
        let origin = self.texts.code.origin(value);
        let (made_by, path) = match &origin.base {
            Base::Call(call) => (call, &origin.path),
            Base::Value(Value::Function(start)) if origin.path.is_empty() => {
                return Some(Router::Given(*start));
            }
            _ => return None,
        };
        if !path.is_empty() {
            return None;
        }
        if let Some(own) = made(self.texts, made_by) {
            let router = Router::Made(made_by.bytes.start);
            self.own.entry(router).or_insert(own);
            return Some(router);
        }
        // `router.routes()`, or what a chain of calls on a router gives.
        let callee = self.texts.code.origin(&made_by.callee);
        self.called(&callee, &made_by.callee)
            .map(|(router, _)| router)
    }

    /// Notes under which names other files know routers.
    pub(super) fn exports(&mut self) {
        for export in &self.texts.code.exports {
            let name = match &*export.name {
                "" => "default",
                name => name,
            };
            let value = export.value.clone();
            if let Some(router) = self.router(&value) {
                self.exported.entry(router).or_insert_with(|| name.into());
            } else if let Value::Object(properties) = &value {
                for (name, value) in properties.iter() {
                    if let Some(router) = self.router(value) {
                        self.exported.entry(router).or_insert_with(|| name.clone());
                    }
                }
            }
        }
    }

    /// Path and children of a call that mounts: `app.use("/v1", router)`, `app.register(plugin, { prefix })`, `app.route("/v1", other)`.
    pub(super) fn mounted(&self, call: &Call, path: &[Rc<str>]) -> Option<(Template, Vec<Value>)> {
        let [name] = path else {
            return None;
        };
        let first = call.arguments.first()?;
        match &**name {
            "use" => {
                let text = self.texts.text(first);
                let starts =
                    matches!(text.0.first(), Some(Part::Text(start)) if start.starts_with('/'));
                let children = match starts {
                    true => call.arguments[1..].to_vec(),
                    false => call.arguments.clone(),
                };
                let at = if starts { text } else { Template::default() };
                Some((at, children))
            }
            "route" | "mount" if call.arguments.len() == 2 => {
                Some((self.texts.text(first), vec![call.arguments[1].clone()]))
            }
            "register" => {
                let options = call.arguments.get(1);
                let prefix = options.and_then(|options| self.texts.property(options, "prefix"));
                Some((prefix.unwrap_or_default(), vec![first.clone()]))
            }
            _ => None,
        }
    }

    /// Notes that a router is mounted; what is none of this file goes to `outside`.
    pub(super) fn mount(
        &mut self,
        parent: Router,
        at: &Template,
        child: &Value,
        call: &Call,
        outside: &mut Vec<(Router, Template, Value, Range<usize>)>,
    ) {
        match self.router(child) {
            Some(child) if child != parent => {
                let mounts = self.mounts.entry(child).or_default();
                mounts.push((parent, at.clone()));
            }
            Some(_) => {}
            None => outside.push((parent, at.clone(), child.clone(), call.bytes.clone())),
        }
    }

    /// The paths under which a router is reached.
    pub(super) fn prefixes(&self, router: Router, depth: usize) -> Vec<Template> {
        let mut found = Vec::new();
        if let Some(mounts) = self.mounts.get(&router).filter(|_| depth < NESTING) {
            for (parent, at) in mounts {
                for mut prefix in self.prefixes(*parent, depth + 1) {
                    add(&mut prefix, at);
                    found.push(prefix);
                }
                // Routers that are mounted in each other would double at every step.
                if found.len() > PREFIXES {
                    self.cut.set(true);
                    break;
                }
            }
            found.truncate(PREFIXES);
        } else if let Some(name) = self.exported.get(&router) {
            let key = Key::at("mount", self.texts.place.clone(), &**name);
            found.push(Template::reference(key, Some(Template::default())));
        } else {
            found.push(Template::default());
        }
        if let Some(own) = self.own.get(&router) {
            for prefix in &mut found {
                add(prefix, own);
            }
        }
        found
    }
}

/// The prefix of a router that a call makes; `None`: it makes none.
fn made(texts: &Texts<'_>, call: &Call) -> Option<Template> {
    let callee = texts.code.origin(&call.callee);
    let Base::Module(module) = &callee.base else {
        return None;
    };
    let path = callee.of_package(|_| true)?;
    let is_router = matches!(
        (&**module, path.as_slice()),
        ("express", [] | ["Router"])
            | (
                "express-promise-router" | "polka" | "koa-router" | "@koa/router" | "koa",
                []
            )
            | ("@koa/router", ["Router"])
            | ("fastify", [] | ["fastify"])
            | ("hono", ["Hono"])
            | ("elysia", ["Elysia"])
            | ("restify", ["createServer"])
            | ("restify-router", ["Router"])
            | ("@hapi/hapi", ["server" | "Server"])
    );
    if !is_router {
        return None;
    }
    let prefix = call
        .arguments
        .first()
        .filter(|options| matches!(options, Value::Object(_)))
        .and_then(|options| texts.property(options, "prefix"));
    Some(prefix.map(|prefix| normal(&prefix)).unwrap_or_default())
}

/// The place where the prefix of a router of another file is bound.
pub(super) fn mount_of(texts: &Texts<'_>, value: &Value) -> Option<Key> {
    let mut origin = texts.code.near_origin(value);
    if let Base::Call(call) = &origin.base {
        // `router.routes()` of a router that is imported.
        let callee = texts.code.near_origin(&call.callee);
        if matches!(
            callee.path.last().map(|step| &**step),
            Some("routes" | "middleware")
        ) {
            origin = callee;
            origin.path.pop();
        }
    }
    let Base::Module(module) = &origin.base else {
        return None;
    };
    if super::packages::is_known(module)
        || !(module.starts_with(['.', '@', '~', '#', '/']) || module.contains('/'))
    {
        return None;
    }
    let name = match origin.path.is_empty() {
        true => "default".to_owned(),
        false => origin.path.join("."),
    };
    Some(Key::at(
        "mount",
        Template::from(Key::new("js", module.to_string())),
        name,
    ))
}

/// The path that `router.route("/x")` is given.
fn route_text(texts: &Texts<'_>, call: &Call) -> Option<String> {
    texts.literal(call.arguments.first()?)
}
