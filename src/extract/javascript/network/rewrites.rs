//! Proxies and rewrites that the configuration of a build tool or framework names.
//!
//! Sources: <https://nextjs.org/docs/app/api-reference/config/next-config-js/rewrites>, <https://vite.dev/config/server-options#server-proxy>,
//! <https://webpack.js.org/configuration/dev-server/#devserverproxy>

use std::cell::RefCell;
use std::ops::Range;

use super::gateways::{Route, state};
use super::origin::Base;
use super::text::Texts;
use super::value::Value;
use crate::extract::said::Said;
use crate::model::{Part, Template};

/// The deepest nesting of a configuration that is followed, and the most routes of one.
const DEPTH: usize = 12;
const ROUTES: usize = 256;

/// States the proxies and rewrites that the configuration of a build tool or framework names.
pub(super) fn detect(texts: &Texts<'_>, path: &str, said: &RefCell<Said>) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let is_configuration = match stem {
        "next" | "vite" | "vue" | "webpack" | "rspack" | "nuxt" | "rsbuild" => {
            name.contains(".config.") || stem == "webpack"
        }
        "proxy" => name.starts_with("proxy.conf"),
        _ => false,
    };
    if !is_configuration {
        return;
    }
    let mut said = said.borrow_mut();
    let routes = routes(texts, stem);
    if let Some(first) = routes.get(ROUTES) {
        said.cut(&first.bytes);
    }
    for route in routes.iter().take(ROUTES) {
        state(route, &mut said);
    }
}

fn routes(texts: &Texts<'_>, tool: &str) -> Vec<Route> {
    let mut found = Vec::new();
    let mut open: Vec<(Value, bool, Range<usize>, usize)> = Vec::new();
    let code = texts.code;
    for export in &code.exports {
        open.push((
            export.value.clone(),
            tool == "proxy",
            export.bytes.clone(),
            0,
        ));
    }
    while let Some((value, is_proxy, bytes, depth)) = open.pop() {
        if depth > DEPTH || found.len() > ROUTES {
            continue;
        }
        let origin = code.near_origin(&value);
        let push =
            |value: &Value, is_proxy: bool| (value.clone(), is_proxy, bytes.clone(), depth + 1);
        match &origin.base {
            Base::Value(Value::Array(list)) => {
                open.extend(list.iter().map(|one| push(one, is_proxy)))
            }
            Base::Value(Value::Function(start)) => {
                let function = code.functions.get(start);
                let returns = function.into_iter().flat_map(|function| &function.returns);
                open.extend(returns.map(|one| push(one, is_proxy)));
            }
            // `withPlugin({ … })`, `defineConfig(() => …)`.
            Base::Call(call) => open.extend(call.arguments.iter().map(|one| push(one, is_proxy))),
            Base::Value(object @ Value::Object(properties)) => {
                let rewrite = (
                    texts.property(object, "source"),
                    texts.property(object, "destination"),
                );
                if let ("next", (Some(path), Some(target))) = (tool, rewrite) {
                    found.push(Route {
                        path: stars(&path),
                        target: stars(&target),
                        bytes,
                        for_development: false,
                    });
                    continue;
                }
                // A list of proxies, each with the paths that it is for.
                if is_proxy
                    && let (Some(context), Some(target)) = (
                        texts.member(object, "context"),
                        texts.property(object, "target"),
                    )
                {
                    let paths = match context {
                        Value::Array(paths) => paths.to_vec(),
                        path => vec![path],
                    };
                    found.extend(paths.iter().map(|path| Route {
                        path: texts.text(path),
                        target: target.clone(),
                        bytes: bytes.clone(),
                        for_development: true,
                    }));
                    continue;
                }
                for (key, inner) in properties.iter() {
                    if is_proxy && key.starts_with(['/', '^']) {
                        let target = match inner {
                            Value::Object(_) => texts.property(inner, "target"),
                            inner => Some(texts.text(inner)),
                        };
                        found.extend(target.map(|target| Route {
                            path: Template::text(key.trim_start_matches('^')),
                            target,
                            bytes: bytes.clone(),
                            for_development: true,
                        }));
                    } else if matches!(&**key, "proxy" | "devProxy") {
                        open.push(push(inner, true));
                    } else if matches!(
                        &**key,
                        "server"
                            | "preview"
                            | "devServer"
                            | "rewrites"
                            | "beforeFiles"
                            | "afterFiles"
                            | "fallback"
                            | "nitro"
                            | super::value::SPREAD
                    ) {
                        open.push(push(inner, false));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// `/api/:path*` as `/api/*`.
fn stars(path: &Template) -> Template {
    let mut whole = Template::default();
    for part in &path.0 {
        let Part::Text(text) = part else {
            whole.push(part.clone());
            continue;
        };
        let (head, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (format!("{scheme}://"), rest),
            None => (String::new(), &**text),
        };
        whole.push(Part::Text(head.into()));
        for (at, segment) in rest.split('/').enumerate() {
            if at > 0 {
                whole.push(Part::Text("/".into()));
            }
            match segment.strip_prefix(':') {
                Some(name) if name.ends_with(['*', '+', ')']) => {
                    whole.push(Part::Star);
                    return whole;
                }
                Some(_) => whole.push(Part::Text("{}".into())),
                None => whole.push(Part::Text(segment.into())),
            }
        }
    }
    whole
}
