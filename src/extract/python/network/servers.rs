//! Routes that applications serve, and where routers are mounted, in this file or by another.
//!
//! Sources: <https://flask.palletsprojects.com/en/stable/api/>, <https://fastapi.tiangolo.com/reference/apirouter/>,
//! <https://www.starlette.io/routing/>, <https://docs.aiohttp.org/en/stable/web_reference.html>, <https://sanic.dev/en/guide/>,
//! <https://bottlepy.org/docs/dev/>, <https://www.tornadoweb.org/en/stable/web.html>, <https://falcon.readthedocs.io>

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::clients::verb_of;
use super::origin::{Base, Origin};
use super::paths::{normal, under};
use super::texts::Texts;
use super::value::{Call, Value};
use super::{django, paths};
use crate::extract::said::Said;
use crate::model::{Key, Part, Template};

/// The deepest nesting of routers in routers, and the most prefixes of one.
const NESTING: usize = 8;
const PREFIXES: usize = 4;

/// Names by which code calls an application or a router of another file.
const GIVEN: &[&str] = &["api", "app", "application", "blueprint", "bp", "router"];

/// A router of this file, by where the call starts that makes it; or one of another file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Router {
    Made(usize),
    Taken(Template, String),
}

/// What is known of the routers of a file.
struct Routers<'t> {
    texts: &'t Texts<'t>,
    /// The prefix that a router is made with.
    own: BTreeMap<usize, Template>,
    /// Under what, and at which path, a router is mounted.
    mounts: BTreeMap<usize, Vec<(Router, Template)>>,
    /// The name under which other files know it.
    exported: HashMap<usize, Rc<str>>,
}

/// States all routes of a file, and the prefixes that it gives to routers of other files.
pub(super) fn serve(texts: &Texts<'_>, said: &RefCell<Said>) {
    django::serve(texts, said);
    let mut routers = Routers {
        texts,
        own: BTreeMap::new(),
        mounts: BTreeMap::new(),
        exported: HashMap::new(),
    };
    routers.exports();
    let functions = texts.code.functions.values();
    let decorators: HashSet<usize> = functions
        .flat_map(|function| &function.decorators)
        .filter_map(|decorator| match decorator {
            Value::Call(call) => Some(call.bytes.start),
            _ => None,
        })
        .collect();
    let mut outside: Vec<(Router, Template, Router, Range<usize>)> = Vec::new();
    let mut found: Vec<(Router, String, Template, Range<usize>)> = Vec::new();
    for call in &texts.code.calls {
        let Value::Member(object, method) = &call.callee else {
            listed(texts, call, &mut found);
            continue;
        };
        let Some(router) = routers.router(object) else {
            listed(texts, call, &mut found);
            continue;
        };
        // What only looks like a router of another file may be a client: routes are decorators there.
        let is_certain =
            matches!(router, Router::Made(_)) || decorators.contains(&call.bytes.start);
        if let Some((child, at)) = routers.mounted(call, method) {
            match child {
                Router::Made(child) if Router::Made(child) != router => {
                    routers.mounts.entry(child).or_default().push((router, at));
                }
                Router::Made(_) => {}
                child => outside.push((router, at, child, call.bytes.clone())),
            }
            continue;
        }
        if !is_certain && !method.starts_with("add_") {
            continue;
        }
        for (verb, path) in routers.routes(call, method) {
            found.push((router.clone(), verb, path, call.bytes.clone()));
        }
    }
    let mut said = said.borrow_mut();
    for (router, at, child, bytes) in outside {
        let Router::Taken(place, name) = child else {
            continue;
        };
        for prefix in routers.prefixes(&router, 0) {
            let key = Key::at("mount", place.clone(), name.clone());
            said.binds(key, under(&prefix, &at), &bytes);
        }
    }
    for (router, verb, path, bytes) in found {
        for prefix in routers.prefixes(&router, 0) {
            let whole = under(&prefix, &path);
            let mut name = Template::text(format!("{verb} "));
            match whole.is_empty() {
                true => name.push(Part::Text("/".into())),
                false => name.extend(&whole),
            }
            said.provides(Key::new("http", name), &bytes);
        }
    }
}

/// The prefix of a router that a call makes; `None`: it makes none.
fn made(texts: &Texts<'_>, call: &Call) -> Option<Template> {
    let known = texts.code.known(&call.callee)?;
    let prefix = match &*known.name {
        "flask.Flask"
        | "quart.Quart"
        | "bottle.Bottle"
        | "starlette.applications.Starlette"
        | "starlette.routing.Router"
        | "aiohttp.web.Application"
        | "aiohttp.web.RouteTableDef"
        | "sanic.Sanic"
        | "falcon.App"
        | "falcon.API"
        | "falcon.asgi.App"
        | "connexion.App"
        | "connexion.FlaskApp"
        | "litestar.Litestar"
        | "dapr.ext.fastapi.DaprApp"
        | "flask_openapi3.OpenAPI"
        | "tornado.web.Application" => None,
        "fastapi.FastAPI" => None,
        "flask.Blueprint"
        | "quart.Blueprint"
        | "sanic.Blueprint"
        | "flask.blueprints.Blueprint"
        | "flask_smorest.Blueprint"
        | "flask_openapi3.APIBlueprint" => texts.argument(call, usize::MAX, "url_prefix"),
        "fastapi.APIRouter" | "fastapi.routing.APIRouter" => {
            texts.argument(call, usize::MAX, "prefix")
        }
        "flask_restful.Api" => texts.argument(call, 1, "prefix"),
        "flask_restx.Api" | "flask_restplus.Api" => texts.argument(call, usize::MAX, "prefix"),
        "flask_restx.Namespace" | "flask_restplus.Namespace" => {
            match texts.argument(call, usize::MAX, "path") {
                Some(path) => Some(path),
                None => {
                    let mut path = Template::text("/");
                    path.extend(&texts.argument(call, 0, "name")?);
                    Some(path)
                }
            }
        }
        _ => return None,
    };
    Some(prefix.map(|prefix| normal(&prefix)).unwrap_or_default())
}

impl Routers<'_> {
    /// The router that a value is.
    fn router(&mut self, value: &Value) -> Option<Router> {
        let origin = self.texts.code.origin(value);
        self.of_origin(&origin)
    }

    fn of_origin(&mut self, origin: &Origin) -> Option<Router> {
        match &origin.base {
            Base::Call(call) => {
                let is_itself = match origin.path().as_slice() {
                    [] => true,
                    // `app.router.add_get(…)` of aiohttp, `app.blueprint`.
                    ["router"] => true,
                    _ => false,
                };
                if !is_itself {
                    return None;
                }
                let own = made(self.texts, call)?;
                self.own.entry(call.bytes.start).or_insert(own);
                Some(Router::Made(call.bytes.start))
            }
            Base::Module(module) if !super::markers::is_foreign(module) => {
                let path = origin.path();
                let (name, place) = self.taken(module, &path)?;
                let is_router = GIVEN
                    .iter()
                    .any(|known| name == *known || name.ends_with(&format!("_{known}")));
                is_router.then_some(Router::Taken(place, name))
            }
            _ => None,
        }
    }

    /// The name of something of another file, and where it is.
    fn taken(&self, module: &str, path: &[&str]) -> Option<(String, Template)> {
        let dot = if module.ends_with('.') { "" } else { "." };
        let (first, rest) = path.split_first()?;
        let place = Template::from(Key::new("pymodule", format!("{module}{dot}{first}")));
        let name = match rest {
            [] => (*first).to_owned(),
            rest => rest.join("."),
        };
        Some((name, place))
    }

    fn exports(&mut self) {
        let Some(names) = self.texts.code.names.first() else {
            return;
        };
        let mut names: Vec<Rc<str>> = names.keys().cloned().collect();
        names.sort();
        for name in names {
            if let Some(value) = self.texts.code.global(&name)
                && let Value::Call(_) = &value
                && let Some(Router::Made(start)) = self.router(&value)
            {
                self.exported.entry(start).or_insert(name);
            }
        }
    }

    /// Child and path of a call that mounts: `app.register_blueprint(bp, url_prefix="/v1")`, `app.include_router(router, prefix="/v1")`.
    fn mounted(&mut self, call: &Call, method: &str) -> Option<(Router, Template)> {
        let texts = self.texts;
        let (child, at) = match method {
            "register_blueprint" | "blueprint" => (
                call.argument(0, "blueprint")?,
                texts.argument(call, usize::MAX, "url_prefix"),
            ),
            "include_router" => (
                call.argument(0, "router")?,
                texts.argument(call, usize::MAX, "prefix"),
            ),
            "mount" | "add_subapp" => (call.argument(1, "app")?, texts.argument(call, 0, "path")),
            "add_namespace" => (call.argument(0, "ns")?, texts.argument(call, 1, "path")),
            _ => return None,
        };
        let origin = texts.code.origin(child);
        let child = match (self.of_origin(&origin), &origin.base) {
            (Some(child), _) => child,
            // Whatever another file calls it, here it is mounted.
            (None, Base::Module(module)) if !super::markers::is_foreign(module) => {
                let (name, place) = self.taken(module, &origin.path())?;
                Router::Taken(place, name)
            }
            _ => return None,
        };
        // A prefix of where it is mounted replaces the one of a blueprint.
        if let (Some(_), Router::Made(start), "register_blueprint") = (&at, &child, method) {
            self.own.insert(*start, Template::default());
        }
        let at = at.map(|at| normal(&at)).unwrap_or_default();
        Some((child, at))
    }

    /// The paths under which a router is reached.
    fn prefixes(&self, router: &Router, depth: usize) -> Vec<Template> {
        let start = match router {
            Router::Made(start) => start,
            Router::Taken(place, name) => {
                let key = Key::at("mount", place.clone(), name.clone());
                return vec![Template::reference(key, Some(Template::default()))];
            }
        };
        let mut found = Vec::new();
        if let Some(mounts) = self.mounts.get(start).filter(|_| depth < NESTING) {
            for (parent, at) in mounts {
                for prefix in self.prefixes(parent, depth + 1) {
                    found.push(under(&prefix, at));
                }
            }
            found.truncate(PREFIXES);
        } else if let Some(name) = self.exported.get(start) {
            let key = Key::at("mount", self.texts.place.clone(), &**name);
            found.push(Template::reference(key, Some(Template::default())));
        } else {
            found.push(Template::default());
        }
        match self.own.get(start) {
            Some(own) => found.iter().map(|prefix| under(prefix, own)).collect(),
            None => found,
        }
    }

    /// Verbs and paths that a call serves.
    fn routes(&self, call: &Call, method: &str) -> Vec<(String, Template)> {
        let texts = self.texts;
        let path = |at: usize, name: &str| {
            let path = texts.argument(call, at, name)?;
            paths::is_path(&path).then(|| normal(&path))
        };
        let several = |default: &str| match texts.argument_value(call, usize::MAX, "methods") {
            Some(methods) => verbs(texts, &methods),
            None => vec![default.to_owned()],
        };
        let one = |verb: &str, path: Option<Template>| {
            let path = path.into_iter();
            path.map(|path| (verb.to_owned(), path)).collect()
        };
        match method {
            "route" | "add_url_rule" | "add_api_route" | "api_route" | "add_route" => {
                let at = usize::from(method == "add_route" && path(0, "uri").is_none());
                let names = ["rule", "path", "uri"];
                let Some(path) = names.iter().find_map(|name| path(at, name)) else {
                    return Vec::new();
                };
                let verbs = match method {
                    "add_route" => several("ANY"),
                    _ => several("GET"),
                };
                verbs.into_iter().map(|verb| (verb, path.clone())).collect()
            }
            "add_resource" => {
                let urls = call.arguments.iter().skip(1);
                let urls = urls.map(|url| texts.text(url)).filter(paths::is_path);
                urls.map(|url| ("ANY".to_owned(), normal(&url))).collect()
            }
            "add_get" | "add_post" | "add_put" | "add_patch" | "add_delete" | "add_head" => {
                let verb = method.trim_start_matches("add_").to_uppercase();
                one(&verb, path(0, "path"))
            }
            "add_view" => one("ANY", path(0, "path")),
            "websocket" => one("GET", path(0, "path")),
            "view" => one("ANY", path(0, "path")),
            name => match verb_of(name) {
                Some(verb) => one(&verb, path(0, "path").or_else(|| path(0, "rule"))),
                None => Vec::new(),
            },
        }
    }
}

/// The verbs of a list.
fn verbs(texts: &Texts<'_>, methods: &Value) -> Vec<String> {
    let verbs = texts.each(methods);
    verbs
        .iter()
        .map(|verb| {
            let verb = verb.as_text().map(str::to_lowercase);
            let verb = verb.and_then(|verb| verb_of(&verb));
            verb.unwrap_or_else(|| "ANY".to_owned())
        })
        .collect()
}

/// Routes that are listed: `Route("/x", f)` of Starlette, `web.get("/x", f)` of aiohttp, `(r"/x", Handler)` of Tornado.
fn listed(
    texts: &Texts<'_>,
    call: &Call,
    found: &mut Vec<(Router, String, Template, Range<usize>)>,
) {
    let Some(known) = texts.code.known(&call.callee) else {
        return;
    };
    let router = Router::Made(call.bytes.start);
    let mut add = |verb: &str, path: Option<Template>| {
        if let Some(path) = path.filter(paths::is_path) {
            let bytes = call.bytes.clone();
            found.push((router.clone(), verb.to_owned(), normal(&path), bytes));
        }
    };
    match &*known.name {
        "starlette.routing.Route" => {
            let methods = texts.argument_value(call, usize::MAX, "methods");
            let verbs = methods.map_or_else(|| vec!["ANY".to_owned()], |one| verbs(texts, &one));
            for verb in verbs {
                add(&verb, texts.argument(call, 0, "path"));
            }
        }
        name if name.starts_with("aiohttp.web.") => {
            if let Some(verb) = verb_of(&name["aiohttp.web.".len()..]) {
                add(&verb, texts.argument(call, 0, "path"));
            }
        }
        "starlette.routing.WebSocketRoute" => add("GET", texts.argument(call, 0, "path")),
        "tornado.web.url" => add("ANY", texts.argument(call, 0, "pattern")),
        "tornado.web.Application" => {
            let handlers = texts.argument_value(call, 0, "handlers");
            for handler in handlers.iter().flat_map(|list| texts.each(list)) {
                if let Value::List(parts) = &handler
                    && let Some(path) = parts.first()
                {
                    add("ANY", Some(paths::of_pattern(&texts.text(path))));
                }
            }
        }
        _ => {}
    }
}
