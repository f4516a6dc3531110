//! Requests over HTTP: by libcurl and by cpr; only where the code tells where they go.
//!
//! Sources: <https://curl.se/libcurl/c/CURLOPT_URL.html>, <https://docs.libcpr.org/introduction.html>

use super::unit::Call;
use super::values::{Values, is_end};
use crate::extract::said::Said;
use crate::extract::syntax;
use crate::model::{DependencyKind, Key, Template};

/// Functions of cpr and what they ask with.
const VERBS: &[(&str, &str)] = &[
    ("Delete", "DELETE"),
    ("DeleteAsync", "DELETE"),
    ("Get", "GET"),
    ("GetAsync", "GET"),
    ("Head", "HEAD"),
    ("Patch", "PATCH"),
    ("PatchAsync", "PATCH"),
    ("Post", "POST"),
    ("PostAsync", "POST"),
    ("Put", "PUT"),
    ("PutAsync", "PUT"),
];

/// States the request that a call makes; gives whether it is one.
pub(super) fn call<'t>(values: &Values<'_, 't>, call: &Call<'t>, said: &mut Said) -> bool {
    let Some((verb, url)) = request(values, call) else {
        return false;
    };
    if is_end(&url) {
        let key = Key::at("http", url, verb);
        said.requires(key, DependencyKind::CallHttp, &syntax::bytes(call.node));
    }
    true
}

fn request<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<(&'static str, Template)> {
    let unit = values.unit;
    match (call.name.last, call.arguments.as_slice()) {
        ("curl_easy_setopt", [_, option, url]) if unit.text(*option) == "CURLOPT_URL" => {
            Some(("ANY", values.of(*url)))
        }
        (name, arguments) if call.name.scope == ["cpr"] => {
            let (_, verb) = VERBS.iter().find(|(function, _)| *function == name)?;
            let url = arguments.iter().find_map(|one| {
                let made = Call::read(*one, unit.text).filter(|made| made.name.last == "Url")?;
                made.arguments.first().map(|url| values.of(*url))
            })?;
            Some((verb, url))
        }
        _ => None,
    }
}
