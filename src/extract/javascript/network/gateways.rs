//! Proxies: requests below a path that are handed on to another service.
//!
//! Sources: <https://github.com/chimurai/http-proxy-middleware>, <https://github.com/villadora/express-http-proxy>,
//! <https://github.com/fastify/fastify-http-proxy>, <https://github.com/http-party/node-http-proxy>

use std::collections::HashSet;
use std::ops::Range;

use super::Site;
use super::code::Code;
use super::origin::Base;
use super::text::Texts;
use super::value::{Call, Value};
use crate::extract::addresses::joined;
use crate::extract::said::Said;
use crate::model::{DependencyKind, Key, Part, Template};

/// A path, and where it is handed on to.
pub(super) struct Route {
    pub(super) path: Template,
    pub(super) target: Template,
    pub(super) bytes: Range<usize>,
    pub(super) for_development: bool,
}

/// States the proxies that a call puts in place.
pub(super) fn detect(site: &Site<'_>) {
    let texts = site.texts;
    let arguments = &site.call.arguments;
    let route = |path: Template, target: Template| {
        let route = Route {
            path,
            target,
            bytes: site.call.bytes.clone(),
            // A set-up of Create React App is for its development server.
            for_development: texts.place.ends_with("/setupProxy.js"),
        };
        state(&route, &mut site.said.borrow_mut());
    };
    match site.callee.path().last() {
        // `app.use("/api", createProxyMiddleware({ target }))`
        Some(&("use" | "all" | "get")) if !site.call.new => {
            let Some((first, rest)) = arguments.split_first() else {
                return;
            };
            let path = texts.text(first);
            if !matches!(path.0.first(), Some(Part::Text(start)) if start.starts_with('/')) {
                return;
            }
            for argument in rest {
                let origin = texts.code.origin(argument);
                if let Some(call) = origin.made_by()
                    && let Some((None, target)) = proxy(texts, call)
                {
                    route(path.clone(), target);
                }
            }
        }
        // `fastify.register(proxy, { upstream, prefix })`
        Some(&"register") => {
            let (Some(plugin), Some(options)) = (arguments.first(), arguments.get(1)) else {
                return;
            };
            let plugin = texts.code.near_origin(plugin);
            let names = [
                "@fastify/http-proxy",
                "fastify-http-proxy",
                "@fastify/reply-from",
            ];
            if plugin.of_package(|name| names.contains(&name)).is_none() {
                return;
            }
            let target = texts
                .property(options, "upstream")
                .or_else(|| texts.property(options, "base"));
            if let Some(target) = target {
                let path = texts.property(options, "prefix").unwrap_or_default();
                route(path, target);
            }
        }
        _ => {}
    }
    // A proxy by itself, wherever it is used.
    if let Some((path, target)) = proxy(texts, site.call) {
        let is_mounted = path.is_none() && site.mounted.contains(&site.call.bytes.start);
        if !is_mounted {
            route(path.unwrap_or_default(), target);
        }
    }
}

/// The calls whose results are handed to routers: where they start.
pub(super) fn mounted(code: &Code) -> HashSet<usize> {
    let mut found = HashSet::new();
    for call in &code.calls {
        let is_use = matches!(&call.callee, Value::Member(_, name) if matches!(&**name, "use" | "all" | "get"));
        for argument in call.arguments.iter().skip(1).filter(|_| is_use) {
            let origin = code.origin(argument);
            found.extend(origin.made_by().map(|made| made.bytes.start));
        }
    }
    found
}

/// Path and target of a proxy that a call makes.
fn proxy(texts: &Texts<'_>, call: &Call) -> Option<(Option<Template>, Template)> {
    let callee = texts.code.origin(&call.callee);
    let first = call.arguments.first()?;
    let path = callee.of_package(|_| true)?;
    let Base::Module(module) = &callee.base else {
        return None;
    };
    match (&**module, path.as_slice()) {
        (
            "http-proxy-middleware",
            [] | ["createProxyMiddleware" | "legacyCreateProxyMiddleware" | "proxy"],
        ) => {
            let (path, options) = match call.arguments.get(1) {
                Some(options) => (Some(texts.text(first)), options),
                None => (texts.property(first, "pathFilter"), first),
            };
            let path = path.filter(|path| matches!(path.0.first(), Some(Part::Text(_))));
            Some((path, texts.property(options, "target")?))
        }
        ("express-http-proxy" | "koa-better-http-proxy", []) => match texts.text(first) {
            target if matches!(target.0.first(), Some(Part::Hole)) => None,
            target => Some((None, target)),
        },
        ("koa-proxies", []) => {
            let options = call.arguments.get(1)?;
            Some((Some(texts.text(first)), texts.property(options, "target")?))
        }
        ("koa-proxy", []) => Some((None, texts.property(first, "host")?)),
        ("http-proxy", [] | ["createProxyServer" | "createProxy" | "createServer"]) => {
            Some((None, texts.property(first, "target")?))
        }
        _ => None,
    }
}

/// States a path that is handed on, and the use of what is behind it.
pub(super) fn state(route: &Route, said: &mut Said) {
    let star = |text: &Template| {
        let has_star = text.0.iter().any(|part| matches!(part, Part::Star));
        match has_star {
            true => text.clone(),
            false => {
                let mut text = joined(text, &Template::default());
                if let Some(Part::Text(end)) = text.0.last_mut() {
                    *end = end.trim_end_matches(['/', '*']).into();
                }
                text.push(Part::Text("/".into()));
                text.push(Part::Star);
                text
            }
        }
    };
    // A rewrite to a path of the own site leads nowhere else.
    let Some(target) = crate::extract::addresses::address(&route.target, false) else {
        return;
    };
    let target = star(&target);
    let key = Key::at("http", target.clone(), "ANY");
    let call = said.requires(key, DependencyKind::CallRoute, &route.bytes);
    if let (Some(statement), true) = (call, route.for_development) {
        statement.for_development();
    }
    if route.path.is_empty() {
        return;
    }
    let key = Key::new("route", star(&route.path));
    let bound = said.binds(key, target, &route.bytes);
    if let (Some(statement), true) = (bound, route.for_development) {
        statement.for_development();
    }
}
