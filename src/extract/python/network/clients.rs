//! Calls over HTTP, of graphs and of SOAP services: the libraries that make them, and clients that keep a base.
//!
//! Sources: <https://requests.readthedocs.io/en/latest/api/>, <https://www.python-httpx.org/api/>,
//! <https://docs.aiohttp.org/en/stable/client_reference.html>, <https://urllib3.readthedocs.io/en/stable/reference/>,
//! <https://docs.python.org/3/library/urllib.request.html>, <https://docs.python.org/3/library/http.client.html>,
//! <https://gql.readthedocs.io/en/stable/>, <https://docs.python-zeep.org/en/master/>, <https://docs.locust.io/en/stable/api.html>

use std::cell::RefCell;

use super::origin::Base;
use super::texts::Texts;
use super::value::{Call, Value};
use super::{Site, is_known};
use crate::extract::addresses::{address, dapr, joined};
use crate::extract::said::Said;
use crate::model::{DependencyKind, Key, Part, Template};

/// The verb that a name means.
pub(super) fn verb_of(name: &str) -> Option<String> {
    let known = ["get", "post", "put", "patch", "delete", "head", "options"];
    known.contains(&name).then(|| name.to_uppercase())
}

/// States the request that a call makes.
pub(super) fn detect(site: &Site<'_>) {
    if let Some((url, verb, kind)) = request(site) {
        state(site, &url, &verb, kind);
    }
}

/// States a request to an address.
pub(super) fn state(site: &Site<'_>, url: &Template, verb: &str, kind: DependencyKind) {
    let Some(url) = address(url, false) else {
        return;
    };
    if let Some((application, method)) = dapr(&url) {
        let mut url = Template::text("http://");
        url.extend(&application);
        url.push(Part::Text("/".into()));
        url.extend(&method);
        site.requires(Key::at("http", url, verb), DependencyKind::CallInvoke);
        return;
    }
    site.requires(Key::at("http", url, verb), kind);
}

fn request(site: &Site<'_>) -> Option<(Template, String, DependencyKind)> {
    let name = &*site.callee.name;
    let http = DependencyKind::CallHttp;
    let (owner, method) = name.rsplit_once('.')?;
    match owner {
        "requests" | "requests.api" | "httpx" => {
            let (url, verb) = by_verb(site, method)?;
            Some((url, verb, http))
        }
        "requests.Session()" | "requests.sessions.Session()" | "requests.session()" => {
            let (url, verb) = by_verb(site, method)?;
            Some((url, verb, http))
        }
        "httpx.Client()" | "httpx.AsyncClient()" => {
            let (url, verb) = by_verb(site, method)?;
            Some((
                below(site.made_with(0, usize::MAX, "base_url"), url),
                verb,
                http,
            ))
        }
        "aiohttp.ClientSession()" | "aiohttp.client.ClientSession()" => {
            let (url, verb) = match method {
                "ws_connect" => (site.argument(0, "url")?, "GET".to_owned()),
                method => by_verb(site, method)?,
            };
            Some((below(site.made_with(0, 0, "base_url"), url), verb, http))
        }
        "urllib3.PoolManager()" | "urllib3" => {
            if !matches!(method, "request" | "urlopen" | "request_encode_url") {
                return None;
            }
            Some((site.argument(1, "url")?, verb_at(site, 0, "method"), http))
        }
        "urllib3.HTTPConnectionPool()" | "urllib3.connectionpool.HTTPConnectionPool()"
            if matches!(method, "request" | "urlopen") =>
        {
            let base = of_parts(
                "http",
                site.made_with(0, 0, "host")?,
                site.made_with(0, 1, "port"),
            );
            let path = site.argument(1, "url")?;
            Some((joined(&base, &path), verb_at(site, 0, "method"), http))
        }
        "urllib.request" | "urllib2" if method == "urlopen" => opened(site),
        "http.client.HTTPConnection()"
        | "http.client.HTTPSConnection()"
        | "httplib.HTTPConnection()"
        | "httplib.HTTPSConnection()"
            if method == "request" =>
        {
            let scheme = if owner.contains("HTTPS") {
                "https"
            } else {
                "http"
            };
            let base = of_parts(
                scheme,
                site.made_with(0, 0, "host")?,
                site.made_with(0, 1, "port"),
            );
            let path = site.argument(1, "url")?;
            Some((joined(&base, &path), verb_at(site, 0, "method"), http))
        }
        "httplib2.Http()" if method == "request" => {
            let verb = match site.argument(1, "method") {
                None => "GET".to_owned(),
                Some(verb) => verb.as_text().map_or("ANY".to_owned(), str::to_uppercase),
            };
            Some((site.argument(0, "uri")?, verb, http))
        }
        "tornado.httpclient.AsyncHTTPClient()" | "tornado.httpclient.HTTPClient()"
            if method == "fetch" =>
        {
            Some((
                site.argument(0, "request")?,
                verb_at(site, usize::MAX, "method"),
                http,
            ))
        }
        "websockets" | "websockets.client" | "websockets.sync.client" | "websocket"
            if matches!(method, "connect" | "create_connection") =>
        {
            Some((site.argument(0, "uri")?, "GET".to_owned(), http))
        }
        "gql.transport.requests"
        | "gql.transport.aiohttp"
        | "gql.transport.httpx"
        | "gql.transport.websockets"
            if method.ends_with("Transport") =>
        {
            let url = site.argument(0, "url")?;
            Some((url, "POST".to_owned(), DependencyKind::CallGraphql))
        }
        "zeep" | "suds.client" | "zeep.client"
            if matches!(method, "Client" | "AsyncClient" | "CachingClient") =>
        {
            let url = site
                .argument(0, "wsdl")
                .or_else(|| site.argument(0, "url"))?;
            Some((url, "POST".to_owned(), DependencyKind::CallSoap))
        }
        "prometheus_client" if matches!(method, "push_to_gateway" | "pushadd_to_gateway") => {
            Some((site.argument(0, "gateway")?, "POST".to_owned(), http))
        }
        _ => None,
    }
}

/// `requests.get(url)`, `requests.request(method, url)`.
fn by_verb(site: &Site<'_>, method: &str) -> Option<(Template, String)> {
    match method {
        "request" => Some((site.argument(1, "url")?, verb_at(site, 0, "method"))),
        "stream" => Some((site.argument(1, "url")?, verb_at(site, 0, "method"))),
        method => Some((site.argument(0, "url")?, verb_of(method)?)),
    }
}

/// The verb that an argument is; `GET` where it is left out.
fn verb_at(site: &Site<'_>, at: usize, name: &str) -> String {
    match site.argument(at, name) {
        None => "GET".to_owned(),
        Some(verb) => {
            let verb = verb.as_text().map(str::to_lowercase);
            let verb = verb.and_then(|verb| verb_of(&verb));
            verb.unwrap_or_else(|| "ANY".to_owned())
        }
    }
}

fn below(base: Option<Template>, url: Template) -> Template {
    match base.filter(is_known) {
        Some(base) => joined(&base, &url),
        None => url,
    }
}

/// An address of a host, and a port where one is told.
pub(super) fn of_parts(scheme: &str, host: Template, port: Option<Template>) -> Template {
    let mut whole = Template::text(format!("{scheme}://"));
    whole.extend(&host);
    if let Some(port) = port.filter(|port| !port.is_empty()) {
        whole.push(Part::Text(":".into()));
        whole.extend(&port);
    }
    whole
}

/// `urlopen(url)`, `urlopen(Request(url, method="POST"))`.
fn opened(site: &Site<'_>) -> Option<(Template, String, DependencyKind)> {
    let first = site.call.argument(0, "url")?;
    let origin = site.texts.code.origin(first);
    let (url, verb) = match &origin.base {
        Base::Call(made) if origin.path.is_empty() => {
            let maker = site.texts.code.known(&made.callee);
            let is_request = maker.is_some_and(|maker| maker.name.ends_with(".Request"));
            match is_request {
                true => (
                    site.texts.argument(made, 0, "url")?,
                    request_verb(site.texts, made),
                ),
                false => (site.texts.text(first), "GET".to_owned()),
            }
        }
        _ => (site.texts.text(first), "GET".to_owned()),
    };
    Some((url, verb, DependencyKind::CallHttp))
}

fn request_verb(texts: &Texts<'_>, made: &Call) -> String {
    match texts.argument(made, usize::MAX, "method") {
        Some(verb) => verb.as_text().map_or("ANY".to_owned(), str::to_uppercase),
        None if texts.argument_value(made, 1, "data").is_some() => "POST".to_owned(),
        None => "GET".to_owned(),
    }
}

/// The site that simulated users of a load test visit: the host of their class, else an option of the program.
///
/// Source: <https://docs.locust.io/en/stable/configuration.html>
pub(super) fn users(texts: &Texts<'_>, said: &RefCell<Said>) {
    let code = texts.code;
    let is_user = |name: &str| {
        matches!(
            name,
            "locust.HttpUser"
                | "locust.FastHttpUser"
                | "locust.HttpLocust"
                | "locust.contrib.fasthttp.FastHttpUser"
                | "locust.contrib.fasthttp.FastHttpLocust"
        )
    };
    for (start, class) in &code.classes {
        if !code.extends(*start, &is_user) {
            continue;
        }
        // Images bind options of their programs as settings, pods as flags.
        let env = Template::from(Key::new("env", "LOCUST_HOST"));
        let flag = Template::reference(Key::new("flag", "host"), Some(env));
        let mut option = Template::reference(Key::new("property", "host"), Some(flag));
        if let Some((_, host)) = code.field_value(*start, "host")
            && !matches!(host, Value::Nothing)
        {
            option = texts.text(&host);
        }
        if let Some(url) = address(&option, false) {
            let key = Key::at("http", url, "ANY");
            said.borrow_mut()
                .requires(key, DependencyKind::CallHttp, &class.bytes);
        }
    }
}
