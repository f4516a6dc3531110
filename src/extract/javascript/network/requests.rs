//! How requests are asked for: an address, options, a method with the name of a verb.

use super::origin::{Base, Origin};
use super::text::Texts;
use super::value::{Call, Value};
use crate::extract::addresses::{hole, joined};
use crate::model::Template;

/// A request: where to, how.
pub(super) struct Request {
    pub(super) url: Template,
    pub(super) verb: String,
}

/// `fetch(url, { method })`, `fetch(new Request(url, { method }))`.
pub(super) fn fetch(texts: &Texts<'_>, call: &Call, base: Option<&Template>) -> Option<Request> {
    let mut url = call.arguments.first()?;
    let mut options = call.arguments.get(1);
    if let Value::Call(made) = url
        && made.new
        && matches!(&made.callee, Value::Name(_, name) if &**name == "Request")
    {
        url = made.arguments.first()?;
        options = made.arguments.get(1);
    }
    let url = texts.text(url);
    Some(Request {
        url: match base {
            Some(base) => joined(base, &url),
            None => url,
        },
        verb: verb(texts, options),
    })
}

/// `axios(options)`, `axios(url, options)`, `axios.get(url)`, `axios.request(options)`.
pub(super) fn by_axios(
    texts: &Texts<'_>,
    call: &Call,
    verbs: &[&str],
    base: Option<&Template>,
) -> Option<Request> {
    let first = call.arguments.first()?;
    let below = |own: Option<Template>, url: &Template| match own.as_ref().or(base) {
        Some(base) => joined(base, url),
        None => url.clone(),
    };
    let options = match verbs {
        [] | ["request"] => {
            if let Some(url) = texts.property(first, "url") {
                return Some(Request {
                    url: below(texts.property(first, "baseURL"), &url),
                    verb: verb(texts, Some(first)),
                });
            }
            if matches!(first, Value::Object(_)) {
                return None;
            }
            call.arguments.get(1)
        }
        ["get" | "delete" | "head" | "options"] => call.arguments.get(1),
        ["post" | "put" | "patch" | "postForm" | "putForm" | "patchForm"] => call.arguments.get(2),
        _ => return None,
    };
    let own = options.and_then(|options| texts.property(options, "baseURL"));
    let verb = match verbs {
        [] | ["request"] => verb(texts, options),
        [name, ..] => name.trim_end_matches("Form").to_uppercase(),
    };
    Some(Request {
        url: below(own, &texts.text(first)),
        verb,
    })
}

/// `got(url, options)`, `got.post(url)`, `ky.get(url).json()`.
pub(super) fn by_verb(
    texts: &Texts<'_>,
    call: &Call,
    verbs: &[&str],
    base: Option<&Template>,
) -> Option<Request> {
    let [name] = verbs else {
        return match verbs {
            [] => {
                let first = call.arguments.first()?;
                match texts.property(first, "url") {
                    Some(url) if matches!(first, Value::Object(_)) => Some(Request {
                        url,
                        verb: verb(texts, Some(first)),
                    }),
                    _ => {
                        let own = call.arguments.get(1).and_then(|options| {
                            texts
                                .property(options, "prefixUrl")
                                .or_else(|| texts.property(options, "baseURL"))
                        });
                        fetch(texts, call, own.as_ref().or(base))
                    }
                }
            }
            _ => None,
        };
    };
    let verb = match *name {
        "stream" => "ANY".to_owned(),
        name => method(name)?,
    };
    let options = call.arguments.get(1);
    let own = options.and_then(|options| texts.property(options, "prefixUrl"));
    let url = texts.text(call.arguments.first()?);
    Some(Request {
        url: match own.as_ref().or(base) {
            Some(base) => joined(base, &url),
            None => url,
        },
        verb,
    })
}

/// `request(url)`, `request({ url, baseUrl, method })`, `request.post({ uri })`.
pub(super) fn by_request(
    texts: &Texts<'_>,
    call: &Call,
    verbs: &[&str],
    base: Option<&Template>,
) -> Option<Request> {
    let first = call.arguments.first()?;
    let part = |name: &str| match first {
        Value::Text(_) | Value::Join(_) => None,
        first => match texts.code.near_origin(first).base {
            Base::Value(Value::Object(_)) => texts.property(first, name),
            _ => None,
        },
    };
    let named = match verbs {
        [] => None,
        [name] => Some(method(name)?),
        _ => return None,
    };
    let is_object = matches!(
        texts.code.near_origin(first).base,
        Base::Value(Value::Object(_))
    );
    let url = match part("url").or_else(|| part("uri")) {
        Some(url) => url,
        None if is_object => return None,
        None => texts.text(first),
    };
    let options = if is_object {
        Some(first)
    } else {
        call.arguments.get(1)
    };
    let own = part("baseUrl");
    Some(Request {
        url: match own.as_ref().or(base) {
            Some(base) => joined(base, &url),
            None => url,
        },
        verb: named.unwrap_or_else(|| verb(texts, options)),
    })
}

/// `http.request(url, options)`, `http.request({ hostname, port, path, method })`.
pub(super) fn by_node(texts: &Texts<'_>, call: &Call) -> Option<Request> {
    let first = call.arguments.first()?;
    let is_object = matches!(
        texts.code.near_origin(first).base,
        Base::Value(Value::Object(_))
    );
    let url = match is_object {
        true => texts.address(first),
        false => texts.text(first),
    };
    let options = if is_object {
        Some(first)
    } else {
        call.arguments.get(1)
    };
    Some(Request {
        url,
        verb: verb(texts, options),
    })
}

/// `new WebSocket("ws://cart/updates")`
pub(super) fn socket(texts: &Texts<'_>, call: &Call, callee: &Origin) -> Option<Request> {
    let is_socket = match (&callee.base, callee.path().as_slice()) {
        (Base::Global(name), []) => matches!(&**name, "WebSocket" | "EventSource"),
        (Base::Module(name), [] | ["default" | "WebSocket"]) => &**name == "ws",
        _ => false,
    };
    let url = is_socket.then(|| call.arguments.first()).flatten()?;
    Some(Request {
        url: texts.text(url),
        verb: "GET".to_owned(),
    })
}

/// A call of a method with the name of a verb, the address first.
pub(super) fn plain(texts: &Texts<'_>, call: &Call, verb: &str) -> Request {
    Request {
        url: call
            .arguments
            .first()
            .map_or_else(hole, |url| texts.text(url)),
        verb: verb.to_owned(),
    }
}

/// The verb that options tell; `GET` when they tell none.
pub(super) fn verb(texts: &Texts<'_>, options: Option<&Value>) -> String {
    let Some(options) = options else {
        return "GET".to_owned();
    };
    match texts.code.near_origin(options).base {
        Base::Value(Value::Object(_)) => match texts.property(options, "method") {
            None => "GET".to_owned(),
            Some(text) => text
                .as_text()
                .and_then(method)
                .unwrap_or_else(|| "ANY".to_owned()),
        },
        // A callback, as older packages have it.
        Base::Value(_) => "GET".to_owned(),
        _ => "ANY".to_owned(),
    }
}

/// The verb that a name means.
pub(super) fn method(name: &str) -> Option<String> {
    let verb = match name {
        "del" => "DELETE".to_owned(),
        name => name.to_uppercase(),
    };
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    known.contains(&&*verb).then_some(verb)
}
