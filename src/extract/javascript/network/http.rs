//! Calls over HTTP: `fetch`, the packages that wrap it, and what Node has itself.
//!
//! Sources: <https://developer.mozilla.org/en-US/docs/Web/API/Window/fetch>, <https://axios-http.com/docs/api_intro>,
//! <https://github.com/sindresorhus/got>, <https://github.com/sindresorhus/ky>, <https://github.com/request/request>,
//! <https://github.com/ladjs/superagent>, <https://github.com/tomas/needle>, <https://undici.nodejs.org>,
//! <https://nodejs.org/api/http.html#httprequesturl-options-callback>, <https://openapi-ts.dev/openapi-fetch/>

use super::Site;
use super::origin::{Base, Origin};
use super::paths::normal;
use super::requests::{
    Request, by_axios, by_node, by_request, by_verb, fetch, method, plain, socket, verb,
};
use super::text::Texts;
use super::url;
use super::value::{Call, Value};
use crate::extract::addresses::joined;
use crate::model::DependencyKind;

/// Packages whose function is `fetch`.
const FETCH: &[&str] = &[
    "cross-fetch",
    "isomorphic-fetch",
    "isomorphic-unfetch",
    "make-fetch-happen",
    "node-fetch",
    "unfetch",
];

/// States the request that a call makes.
pub(super) fn detect(site: &Site<'_>) {
    if let Some(request) = request(site.texts, site.call, &site.callee) {
        let kind = DependencyKind::CallHttp;
        url::state(site, &request.url, &request.verb, kind);
    }
}

fn request(texts: &Texts<'_>, call: &Call, callee: &Origin) -> Option<Request> {
    let argument = |at: usize| call.arguments.get(at);
    if call.new {
        return socket(texts, call, callee);
    }
    let path = callee.path();
    match &callee.base {
        Base::Global(name) => {
            let is_fetch = matches!(
                (&**name, path.as_slice()),
                ("fetch" | "$fetch", []) | ("window" | "globalThis" | "self" | "global", ["fetch"])
            );
            is_fetch.then(|| fetch(texts, call, None))?
        }
        Base::Module(module) => {
            let steps = callee.of_package(|_| true)?;
            of_module(texts, call, module, &steps)
        }
        Base::Call(made) => {
            let maker = texts.code.origin(&made.callee);
            let Base::Module(module) = &maker.base else {
                return None;
            };
            let made_with = maker.of_package(|_| true)?;
            let options = made.arguments.first();
            let base = |names: &[&str]| {
                let options = options?;
                names.iter().find_map(|name| texts.property(options, name))
            };
            match (&**module, made_with.as_slice(), path.as_slice()) {
                ("axios", ["create"], verbs) => {
                    let base = base(&["baseURL"]);
                    by_axios(texts, call, verbs, base.as_ref())
                }
                ("got", ["extend"], verbs) => {
                    by_verb(texts, call, verbs, base(&["prefixUrl", "baseUrl"]).as_ref())
                }
                ("ky", ["create" | "extend"], verbs) => by_verb(
                    texts,
                    call,
                    verbs,
                    base(&["prefixUrl", "prefix", "baseUrl"]).as_ref(),
                ),
                ("ofetch", ["ofetch" | "$fetch", "create"], verbs) => {
                    by_verb(texts, call, verbs, base(&["baseURL"]).as_ref())
                }
                ("request" | "request-promise" | "request-promise-native", ["defaults"], verbs) => {
                    by_request(texts, call, verbs, base(&["baseUrl"]).as_ref())
                }
                ("openapi-fetch", [], [verb]) => {
                    let known = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
                    known.contains(verb).then_some(())?;
                    let path = normal(&texts.text(argument(0)?));
                    let base = base(&["baseUrl"]).unwrap_or_default();
                    Some(Request {
                        url: joined(&base, &path),
                        verb: (*verb).to_owned(),
                    })
                }
                ("undici", ["Client" | "Pool"], ["request" | "stream" | "fetch"]) => {
                    let base = texts.text(options?);
                    let options = argument(0)?;
                    let path = texts.property(options, "path").unwrap_or_default();
                    Some(Request {
                        url: joined(&base, &path),
                        verb: verb(texts, Some(options)),
                    })
                }
                ("superagent", ["agent"], [name]) => {
                    let verb = method(name)?;
                    Some(plain(texts, call, &verb))
                }
                ("wretch", [], [name]) => {
                    let verb = method(name)?;
                    let base = texts.text(options?);
                    let path = argument(0).map(|path| texts.text(path)).unwrap_or_default();
                    Some(Request {
                        url: joined(&base, &path),
                        verb,
                    })
                }
                _ => None,
            }
        }
        base @ Base::Parameter(..) => {
            let is_nest = texts.code.is_a(base, "@nestjs/axios", "HttpService")
                || texts.code.is_a(base, "@nestjs/common", "HttpService");
            let is_axios = texts.code.is_a(base, "axios", "AxiosInstance");
            if is_axios {
                // Its base is known to whoever made it.
                return None;
            }
            if is_nest {
                let path = path.strip_prefix(&["axiosRef"]).unwrap_or(&path);
                return by_axios(texts, call, path, None);
            }
            if texts.code.is_a(base, "@angular/common/http", "HttpClient") {
                let [name] = path.as_slice() else {
                    return None;
                };
                return Some(plain(texts, call, &method(name)?));
            }
            None
        }
        _ => None,
    }
}

fn of_module(texts: &Texts<'_>, call: &Call, module: &str, steps: &[&str]) -> Option<Request> {
    match (module, steps) {
        (module, [] | ["fetch"]) if FETCH.contains(&module) => fetch(texts, call, None),
        ("undici", ["fetch"]) => fetch(texts, call, None),
        ("undici", ["request" | "stream"]) => fetch(texts, call, None),
        ("ofetch", ["ofetch" | "$fetch"]) => fetch(texts, call, None),
        ("axios", verbs) => by_axios(texts, call, verbs, None),
        ("got", ["got", verbs @ ..]) | ("got" | "ky", verbs) => by_verb(texts, call, verbs, None),
        ("superagent" | "phin", []) => match call.arguments.as_slice() {
            [Value::Text(verb), url, ..] if method(verb).is_some() => Some(Request {
                url: texts.text(url),
                verb: method(verb)?,
            }),
            _ => by_request(texts, call, &[], None),
        },
        ("superagent", [name]) => Some(plain(texts, call, &method(name)?)),
        ("request" | "request-promise" | "request-promise-native", verbs) => {
            by_request(texts, call, verbs, None)
        }
        ("needle", []) => {
            let verb = method(call.arguments.first()?.as_text()?)?;
            Some(Request {
                url: texts.text(call.arguments.get(1)?),
                verb,
            })
        }
        ("needle", [name]) => Some(plain(texts, call, &method(name)?)),
        ("http" | "https" | "node:http" | "node:https", [name @ ("request" | "get")]) => {
            let mut request = by_node(texts, call)?;
            if *name == "get" {
                "GET".clone_into(&mut request.verb);
            }
            let is_tls = module.ends_with("https");
            if is_tls
                && let Some(crate::model::Part::Text(start)) = request.url.0.first_mut()
                && let Some(rest) = start.strip_prefix("http://")
            {
                *start = format!("https://{rest}").into();
            }
            Some(request)
        }
        _ => None,
    }
}
