//! Routes that a program serves, below the paths of the groups that they are in.
//!
//! Sources: <https://pkg.go.dev/net/http#ServeMux>, <https://pkg.go.dev/github.com/gin-gonic/gin#RouterGroup>,
//! <https://pkg.go.dev/github.com/labstack/echo/v4#Group>, <https://pkg.go.dev/github.com/go-chi/chi/v5#Router>,
//! <https://pkg.go.dev/github.com/gofiber/fiber/v2#Router>, <https://pkg.go.dev/github.com/gorilla/mux#Route>

use tree_sitter::Node;

use super::calls::{Call, Callee};
use super::facts::Found;
use super::libraries::within;
use super::texts::{is_unknown, join};
use super::types::Type;
use super::unit::Value;
use super::value::Values;
use crate::extract::syntax;
use crate::model::{Key, Part, Template};

/// Routers whose methods are called `GET`.
const CAPITAL: &[&str] = &[
    "github.com/gin-gonic/gin",
    "github.com/labstack/echo",
    "github.com/julienschmidt/httprouter",
    "github.com/fasthttp/router",
];
/// Routers whose methods are called `Get`.
const TITLE: &[&str] = &[
    "github.com/go-chi/chi",
    "github.com/gofiber/fiber",
    "github.com/kataras/iris",
];
const GORILLA: &str = "github.com/gorilla/mux";

const VERBS: &[&str] = &["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// States the route that a call adds.
pub(super) fn call<'t>(values: &Values<'_, 't>, call: &Call<'t>, found: &mut Found) {
    for (verb, path) in served(values, call).into_iter().flatten() {
        let mut name = Template::text(format!("{verb} "));
        name.extend(&path);
        found.offer(Key::new("http", name), syntax::bytes(call.node));
    }
}

fn uses(values: &Values<'_, '_>, libraries: &[&str]) -> bool {
    let mut paths = values.unit.imports.values();
    paths.any(|path| libraries.iter().any(|library| within(path, library)))
}

/// Whether the file shows that an expression is a router.
fn is_router<'t>(values: &Values<'_, 't>, node: Node<'t>, depth: usize) -> bool {
    let of_library = |path: &str| TITLE.iter().any(|library| within(path, library));
    if let Some(Type::Imported { path, .. }) = values.type_of(node) {
        return of_library(path);
    }
    let unit = values.unit;
    match node.kind() {
        "identifier" if depth < 8 => unit
            .variable(unit.text(node), node.start_byte())
            .and_then(|(_, variable)| variable.inits.first())
            .is_some_and(|init| match init.value {
                Value::Expression(value) | Value::Result(value, 0) => {
                    is_router(values, value, depth + 1)
                }
                _ => false,
            }),
        "call_expression" => Call::read(unit, node).is_some_and(|call| match call.callee {
            Callee::Package { path, .. } => of_library(path),
            Callee::Method { name, .. } => matches!(name, "Group" | "Route" | "With"),
            _ => false,
        }),
        _ => false,
    }
}

/// Verbs and path of a route.
fn served<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<Vec<(String, Template)>> {
    let name = call.name();
    let arguments = &call.arguments;
    let first = *arguments.first()?;
    let receiver = match call.callee {
        Callee::Method { receiver, .. } => Some(receiver),
        Callee::Package {
            path: "net/http", ..
        } => None,
        _ => return None,
    };
    let below = |path: Template| {
        let prefix = receiver
            .map(|receiver| prefix(values, receiver))
            .unwrap_or_default();
        normalised(&join([prefix, path]))
    };
    let upper = name.to_ascii_uppercase();
    if VERBS.contains(&&*upper) {
        let fits = match name == upper {
            true => uses(values, CAPITAL),
            // Caches and clients have such methods, too.
            false => {
                uses(values, TITLE) && receiver.is_some_and(|router| is_router(values, router, 0))
            }
        };
        receiver.filter(|_| fits && arguments.len() >= 2)?;
        let path = path_of(values, first)?;
        return Some(vec![(upper, below(path))]);
    }
    match name {
        "Any" | "All" if arguments.len() >= 2 && (uses(values, CAPITAL) || uses(values, TITLE)) => {
            receiver?;
            Some(vec![("ANY".to_owned(), below(path_of(values, first)?))])
        }
        "Method" | "MethodFunc" | "Handle" | "Add" if arguments.len() >= 3 => {
            receiver.filter(|_| uses(values, CAPITAL) || uses(values, TITLE))?;
            let verb = values
                .literal(first)
                .filter(|verb| VERBS.contains(&&**verb))?;
            Some(vec![(verb, below(path_of(values, arguments[1])?))])
        }
        "Handle" | "HandleFunc" if arguments.len() == 2 => {
            let pattern = values.of(first);
            let (verb, path) = split(pattern)?;
            let verbs = match verb {
                Some(verb) => vec![verb],
                None => methods(values, call),
            };
            Some(
                verbs
                    .into_iter()
                    .map(|verb| (verb, below(path.clone())))
                    .collect(),
            )
        }
        "Path" if arguments.len() == 1 && uses(values, &[GORILLA]) => {
            let path = path_of(values, first)?;
            Some(
                methods(values, call)
                    .into_iter()
                    .map(|verb| (verb, below(path.clone())))
                    .collect(),
            )
        }
        _ => None,
    }
}

/// A pattern of `net/http`, `GET /items/{id}`: verb and path.
fn split(pattern: Template) -> Option<(Option<String>, Template)> {
    let Some(Part::Text(text)) = pattern.0.first() else {
        return path(pattern).map(|path| (None, path));
    };
    match text.split_once(' ') {
        Some((verb, rest)) if VERBS.contains(&verb) => {
            let mut cut = Template::text(rest.trim_start());
            cut.extend(&Template(pattern.0[1..].to_vec()));
            Some((Some(verb.to_owned()), path(cut)?))
        }
        _ => path(pattern).map(|path| (None, path)),
    }
}

/// `….Methods("GET", http.MethodPost)` behind a route of gorilla/mux.
fn methods<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Vec<String> {
    let any = || vec!["ANY".to_owned()];
    let mut at = call.node;
    for _ in 0..8 {
        let outer = at
            .parent()
            .filter(|node| node.kind() == "selector_expression");
        let Some(outer) = outer.and_then(|node| node.parent()) else {
            return any();
        };
        let Some(next) = Call::read(values.unit, outer) else {
            return any();
        };
        if next.name() == "Methods" {
            let verbs: Vec<String> = next
                .arguments
                .iter()
                .filter_map(|verb| values.literal(*verb))
                .map(|verb| verb.to_ascii_uppercase())
                .filter(|verb| VERBS.contains(&&**verb))
                .collect();
            return if verbs.is_empty() { any() } else { verbs };
        }
        at = outer;
    }
    any()
}

/// The path of an argument, when it is one.
fn path_of<'t>(values: &Values<'_, 't>, node: Node<'t>) -> Option<Template> {
    path(values.of(node))
}

fn path(template: Template) -> Option<Template> {
    match template.0.first() {
        None => Some(template),
        Some(Part::Text(text)) => text.starts_with('/').then_some(template),
        // A prefix that is bound elsewhere.
        Some(Part::Ref(_)) if template.0.len() > 1 => Some(template),
        _ => None,
    }
}

/// The path in front of the routes of a router; nothing where nothing tells it.
fn prefix<'t>(values: &Values<'_, 't>, router: Node<'t>) -> Template {
    let mut prefix = values.of(router);
    if is_unknown(&prefix) {
        return Template::default();
    }
    for part in &mut prefix.0 {
        if let Part::Ref(reference) = part
            && reference.default.is_none()
        {
            reference.default = Some(Template::default());
        }
    }
    match prefix.0.first() {
        Some(Part::Text(text)) if !text.starts_with('/') => Template::default(),
        _ => prefix,
    }
}

/// The router that a call gives: `r.Group("/v1")`, `r.PathPrefix("/v1").Subrouter()`.
pub(super) fn group<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<Template> {
    if !uses(values, CAPITAL) && !uses(values, TITLE) && !uses(values, &[GORILLA]) {
        return None;
    }
    let (receiver, name) = call.method()?;
    let outer = prefix(values, receiver);
    match (name, call.arguments.first()) {
        ("Subrouter" | "With", _) | ("Group", None) => Some(outer),
        (_, Some(first)) if first.kind() == "func_literal" => Some(outer),
        (_, Some(first)) => Some(join([outer, path_of(values, *first)?])),
        _ => None,
    }
}

/// The router that a function gets which a call is given: `r.Route("/v1", func(r chi.Router) {…})`.
pub(super) fn mounted<'t>(values: &Values<'_, 't>, call: &Call<'t>) -> Option<Template> {
    match call.name() {
        "Route" | "Group" => group(values, call),
        _ => None,
    }
}

/// A path with a hole for each of its parameters: `:id`, `{id}`, `{id:[0-9]+}`, `*rest`.
fn normalised(path: &Template) -> Template {
    let mut plain = Template::default();
    for part in &path.0 {
        let Part::Text(text) = part else {
            plain.push(part.clone());
            continue;
        };
        let mut rest = &**text;
        while let Some(at) = rest.find(['{', ':', '*']) {
            let (before, parameter) = rest.split_at(at);
            plain.push(Part::Text(before.into()));
            let starts = before.ends_with('/');
            let segment = parameter.find('/').unwrap_or(parameter.len());
            let (part, end) = match parameter.as_bytes()[0] {
                b'{' => {
                    let end = parameter.find('}').map_or(parameter.len(), |end| end + 1);
                    let rest = parameter[..end].ends_with("...}");
                    (if rest { Part::Star } else { Part::Hole }, end)
                }
                b':' if starts => (Part::Hole, segment),
                b'*' if starts => (Part::Star, parameter.len()),
                _ => (Part::Text(parameter[..1].into()), 1),
            };
            plain.push(part);
            rest = &parameter[end..];
        }
        plain.push(Part::Text(rest.into()));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_paths_are_holes() {
        let read = |text: &str| normalised(&Template::text(text)).to_string();
        assert_eq!(read("/users/:id/items/{item}"), "/users/{}/items/{}");
        assert_eq!(read("/users/{id:[0-9]+}"), "/users/{}");
        assert_eq!(read("/files/*path"), "/files/*");
        assert_eq!(read("/files/{path...}"), "/files/*");
        assert_eq!(read("/a:b"), "/a:b");
        assert_eq!(read("/{open"), "/{}");
    }
}
