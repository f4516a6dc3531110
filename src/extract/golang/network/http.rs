//! HTTP calls of clients and proxies.
//!
//! Sources: <https://pkg.go.dev/net/http#Client>, <https://pkg.go.dev/net/http/httputil#ReverseProxy>,
//! <https://pkg.go.dev/github.com/go-resty/resty/v2>, <https://pkg.go.dev/github.com/gorilla/websocket#Dialer>

use tree_sitter::Node;

use super::calls::{Call, Callee};
use super::facts::{Found, Use};
use super::libraries::{is, within};
use super::texts::{is_unknown, join, unknown};
use super::types::Type;
use super::unit::{Unit, Value};
use super::value::Values;
use crate::extract::syntax;
use crate::model::{DependencyKind, Part, Template};

const RESTY: &[&str] = &["github.com/go-resty/resty", "gopkg.in/resty", "resty.dev"];
const WEBSOCKET: &str = "github.com/gorilla/websocket";
const FASTHTTP: &str = "github.com/valyala/fasthttp";

/// Hosts of documentation and of examples.
const NOBODY: &[&str] = &[
    "example.com",
    "example.net",
    "example.org",
    "schema.org",
    "www.w3.org",
];

/// States the request that a call makes.
pub(super) fn call<'t>(values: &Values<'_, 't>, call: &Call<'t>, found: &mut Found) {
    let Some((verb, url)) = request(values, call) else {
        return;
    };
    if let Some(url) = address(url) {
        let one = Use::call("http", url, verb, DependencyKind::CallHttp);
        found.add(one, syntax::bytes(call.node));
    }
}

/// Verb and address of a request.
fn request<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<(Template, Template)> {
    let of = |at: usize| call.arguments.get(at).map(|argument| values.of(*argument));
    let plain = |name: &str| -> Option<&'static str> {
        Some(match name {
            "Get" => "GET",
            "Head" => "HEAD",
            "Post" | "PostForm" => "POST",
            _ => return None,
        })
    };
    match call.callee {
        Callee::Package { path, name } => {
            let own = path == "net/http" || is(path, "github.com/hashicorp/go-retryablehttp");
            let after_context = is(
                path,
                "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp",
            );
            match name {
                "NewRequest" if own => Some((verb(of(0)?), of(1)?)),
                "NewRequestWithContext" if own => Some((verb(of(1)?), of(2)?)),
                _ if own => Some((plain(name)?.into(), of(0)?)),
                _ if after_context => Some((plain(name)?.into(), of(1)?)),
                _ if path == "golang.org/x/net/context/ctxhttp" => {
                    Some((plain(name)?.into(), of(2)?))
                }
                _ => None,
            }
        }
        Callee::Method { receiver, name } => {
            if let Some(verb) = plain(name)
                && is_client(values, receiver)
            {
                return Some((verb.into(), of(0)?));
            }
            if let Some(found) = resty(values, call, receiver, name) {
                return Some(found);
            }
            let imports =
                |library: &str| values.unit.imports.values().any(|path| is(path, library));
            match name {
                "Dial" | "DialContext" if imports(WEBSOCKET) && is_dialer(values, receiver) => {
                    Some(("GET".into(), of(usize::from(name == "DialContext"))?))
                }
                "SetRequestURI" if imports(FASTHTTP) => Some(("ANY".into(), of(0)?)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A verb, when it is one.
fn verb(text: Template) -> Template {
    match text.as_text() {
        Some("") => "GET".into(),
        Some(text) => text.to_ascii_uppercase().into(),
        // Whoever calls the function around it may tell.
        None if text.0.len() == 1 && !is_unknown(&text) => text,
        None => "ANY".into(),
    }
}

/// Whether an expression is a client of HTTP.
fn is_client<'t>(values: &Values<'_, 't>, node: Node<'t>) -> bool {
    if node.kind() == "selector_expression"
        && let Some(operand) = node.child_by_field_name("operand")
        && values.unit.package(operand) == Some("net/http")
    {
        return true;
    }
    matches!(
        values.type_of(node),
        Some(Type::Imported { path, name: "Client", .. })
            if path == "net/http" || is(path, "github.com/hashicorp/go-retryablehttp")
    )
}

fn is_dialer<'t>(values: &Values<'_, 't>, node: Node<'t>) -> bool {
    let unit = values.unit;
    let of_package = node
        .child_by_field_name("operand")
        .and_then(|operand| unit.package(operand))
        .is_some_and(|path| is(path, WEBSOCKET));
    of_package
        || matches!(values.type_of(node), Some(Type::Imported { path, name: "Dialer", .. }) if is(path, WEBSOCKET))
}

/// `client.R().SetBody(x).Post("/items")`: below the base that the client was given.
fn resty<'t>(
    values: &Values<'_, 't>,
    call: &Call<'t>,
    receiver: Node<'t>,
    name: &str,
) -> Option<(Template, Template)> {
    let unit = values.unit;
    let verb = match name {
        "Get" | "Post" | "Put" | "Patch" | "Delete" | "Head" | "Options" => {
            name.to_ascii_uppercase()
        }
        _ => return None,
    };
    let used = |path: &&str| RESTY.iter().any(|resty| within(path, resty));
    if call.arguments.len() != 1 || !unit.imports.values().any(used) {
        return None;
    }
    let client = chain_root(unit, receiver)?;
    let url = values.of(call.arguments[0]);
    let relative = match url.0.first() {
        Some(Part::Text(text)) => !text.contains("://"),
        _ => false,
    };
    if !relative {
        return Some((verb.into(), url));
    }
    let set = values.calls.iter().find_map(|call| {
        let (of, name) = call.method()?;
        let sets = matches!(name, "SetBaseURL" | "SetHostURL");
        (sets && unit.text(of) == unit.text(client))
            .then(|| values.of(*call.arguments.first()?).into())?
    });
    let base: Template = set.unwrap_or_else(|| values.of(client));
    let slash = match url.0.first() {
        Some(Part::Text(text)) if !text.starts_with('/') => "/",
        _ => "",
    };
    Some((verb.into(), join([base, slash.into(), url])))
}

/// The client in front of `.R()` of a chain of calls, through one variable.
fn chain_root<'t>(unit: &Unit<'t>, node: Node<'t>) -> Option<Node<'t>> {
    let mut at = node;
    for _ in 0..32 {
        if at.kind() == "identifier" {
            let (_, variable) = unit.variable(unit.text(at), at.start_byte())?;
            match variable.inits.first()?.value {
                Value::Expression(value) => at = value,
                _ => return None,
            }
            continue;
        }
        let call = Call::read(unit, at)?;
        let (receiver, name) = call.method()?;
        if matches!(name, "R" | "NewRequest") {
            return Some(receiver);
        }
        at = receiver;
    }
    None
}

/// States what a proxy passes requests on to.
pub(super) fn proxies<'t>(values: &Values<'_, 't>, found: &mut Found) {
    let unit = values.unit;
    if !unit
        .imports
        .values()
        .any(|path| *path == "net/http/httputil")
    {
        return;
    }
    let mut route = |url: Template, node: Node<'t>| {
        let Some(mut url) = address(url).filter(|url| !is_unknown(url)) else {
            return;
        };
        let ends = matches!(url.0.last(), Some(Part::Text(text)) if text.ends_with('/'));
        url.extend(&match ends {
            true => Template(vec![Part::Star]),
            false => Template(vec![Part::Text("/".into()), Part::Star]),
        });
        let one = Use::call("http", url, "ANY", DependencyKind::CallRoute);
        found.add(one, syntax::bytes(node));
    };
    for call in &values.calls {
        let Some(first) = call.arguments.first() else {
            continue;
        };
        match call.callee {
            Callee::Package {
                path: "net/http/httputil",
                name: "NewSingleHostReverseProxy",
            }
            | Callee::Method { name: "SetURL", .. } => route(values.of(*first), call.node),
            _ => {}
        }
    }
    // `request.URL.Host = …` of a director.
    for (target, init) in &unit.assigned {
        if unit.text(*target).ends_with(".URL.Host") {
            let host = values.init(init);
            route(join(["http://".into(), host]), *target);
        }
    }
}

/// An address that is worth to be told: not of the own site, nor of nobody.
fn address(url: Template) -> Option<Template> {
    match url.0.first() {
        None => return None,
        Some(Part::Text(text)) if text.starts_with(['/', '?', '#']) => return None,
        _ => {}
    }
    let text = match url.0.first() {
        Some(Part::Text(text)) => &**text,
        _ => return Some(url),
    };
    let host = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = host.split(['/', ':', '?']).next().unwrap_or_default();
    match NOBODY.contains(&host) {
        true => None,
        false if is_unknown(&url) => Some(unknown()),
        false => Some(url),
    }
}
