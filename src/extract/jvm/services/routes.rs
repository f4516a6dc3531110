//! Routes that code serves: controllers of Spring, resources of JAX-RS, Micronaut and Ktor, services of gRPC.
//!
//! Sources: <https://docs.spring.io/spring-framework/reference/web/webmvc/mvc-controller/ann-requestmapping.html>,
//! <https://docs.spring.io/spring-framework/reference/web/webmvc-functional.html>,
//! <https://docs.spring.io/spring-data/rest/reference/repository-resources.html>,
//! <https://jakarta.ee/specifications/restful-ws/3.1/>, <https://ktor.io/docs/server-routing.html>

use std::ops::Range;

use super::outline::{Annotation, Class};
use super::sink::{Sink, normal};
use super::values::{Scope, Values, properties};
use crate::model::{Key, Part, Template};

/// The methods of controllers of Spring.
pub(super) const MAPPINGS: &[(&str, &str)] = &[
    ("DeleteMapping", "DELETE"),
    ("GetMapping", "GET"),
    ("PatchMapping", "PATCH"),
    ("PostMapping", "POST"),
    ("PutMapping", "PUT"),
    ("RequestMapping", "ANY"),
];

/// The methods of resources of JAX-RS.
pub(super) const JAXRS: &[(&str, &str)] = &[
    ("DELETE", "DELETE"),
    ("GET", "GET"),
    ("HEAD", "HEAD"),
    ("OPTIONS", "OPTIONS"),
    ("PATCH", "PATCH"),
    ("POST", "POST"),
    ("PUT", "PUT"),
];

/// The methods of controllers and clients of Micronaut.
pub(super) const MICRONAUT: &[(&str, &str)] = &[
    ("Delete", "DELETE"),
    ("Get", "GET"),
    ("Head", "HEAD"),
    ("Options", "OPTIONS"),
    ("Patch", "PATCH"),
    ("Post", "POST"),
    ("Put", "PUT"),
];

pub(super) fn find(values: &Values<'_, '_>, sink: &mut Sink) {
    let imports = |part: &str| values.outline.imports_any(part);
    for (number, class) in values.outline.classes.iter().enumerate() {
        let server = Server {
            class,
            scope: Scope::of_class(number),
            values,
        };
        server.grpc(sink);
        if class.is_interface && class.annotation("RepositoryRestResource").is_none() {
            continue;
        }
        if class.annotation("FeignClient").is_some()
            || class.annotation("RegisterRestClient").is_some()
        {
            continue;
        }
        let spring = class.annotation("RestController").is_some()
            || class.annotation("RepositoryRestController").is_some()
            || class.annotation("BasePathAwareController").is_some();
        let controller = class.annotation("Controller");
        if imports("micronaut") && controller.is_some() {
            let prefixes = controller.map_or(Vec::new(), |one| server.paths(one));
            server.operations(&prefixes, MICRONAUT, &Template::default(), sink);
        } else if spring || controller.is_some() {
            let prefixes = class
                .annotation("RequestMapping")
                .map_or(Vec::new(), |one| server.paths(one));
            let context = Key::new("property", "server.servlet.context-path");
            let context = Template::reference(context, Some(Template::default()));
            server.operations(&prefixes, MAPPINGS, &context, sink);
        } else if let Some(path) = class.annotation("Path").filter(|_| imports("ws.rs")) {
            let prefixes = server.paths(path);
            server.operations(&prefixes, JAXRS, &Template::default(), sink);
        } else if let Some(found) = class.annotation("RepositoryRestResource") {
            server.repository(found, sink);
        }
    }
    if imports("ktor.server") || imports("ktor.routing") {
        ktor(values, sink);
    }
    if imports("web.reactive.function.server") || imports("web.servlet.function") {
        functions(values, sink);
    }
}

/// A class that serves.
struct Server<'a, 'v, 't> {
    class: &'a Class,
    scope: Scope,
    values: &'a Values<'v, 't>,
}

impl Server<'_, '_, '_> {
    fn paths(&self, annotation: &Annotation) -> Vec<Template> {
        let names = ["path", "value", "uri", "uris"];
        properties(self.values.arg(annotation, &names, self.scope).texts)
    }

    fn operations(
        &self,
        prefixes: &[Template],
        names: &[(&str, &str)],
        context: &Template,
        sink: &mut Sink,
    ) {
        let empty = [Template::default()];
        let prefixes = match prefixes.is_empty() {
            true => &empty[..],
            false => prefixes,
        };
        for method in &self.class.methods {
            for annotation in &method.annotations {
                let Some((_, verb)) = names.iter().find(|(name, _)| *name == annotation.name)
                else {
                    continue;
                };
                let mut paths = self.paths(annotation);
                // The verbs of JAX-RS have their path beside them.
                let beside = method.annotations.iter().find(|one| one.name == "Path");
                if let Some(found) = beside.filter(|_| paths.is_empty()) {
                    paths = self.paths(found);
                }
                if paths.is_empty() {
                    paths.push(Template::default());
                }
                let verbs = verbs_of(annotation, verb, self.values);
                let bytes = self.values.source.bytes(annotation.tokens.clone());
                for (prefix, path) in prefixes
                    .iter()
                    .flat_map(|prefix| paths.iter().map(move |path| (prefix, path)))
                {
                    for verb in &verbs {
                        provide(verb, &[context, prefix, path], bytes.clone(), sink);
                    }
                }
            }
        }
    }

    /// A repository that is served as it is.
    fn repository(&self, found: &Annotation, sink: &mut Sink) {
        let is_open = !self
            .values
            .arg_tokens(found, &["exported"])
            .is_some_and(|tokens| self.values.source.is_word(tokens.start, "false"));
        let texts = self
            .values
            .arg(found, &["path", "collectionResourceRel"], self.scope);
        for path in texts.texts.into_iter().filter(|_| is_open) {
            let bytes = self.values.source.bytes(found.tokens.clone());
            let base = Key::new("property", "spring.data.rest.base-path");
            let base = Template::reference(base, Some(Template::default()));
            let one = Template(vec![Part::Text("/".into()), Part::Hole]);
            provide("ANY", &[&base, &path], bytes.clone(), sink);
            provide("ANY", &[&base, &path, &one], bytes, sink);
        }
    }

    /// A class that implements what was generated for a service.
    fn grpc(&self, sink: &mut Sink) {
        for above in &self.class.supers {
            let last = above.rsplit('.').next().unwrap_or_default();
            let service = last
                .strip_suffix("CoroutineImplBase")
                .or_else(|| last.strip_suffix("ImplBase"))
                .or_else(|| above.strip_suffix("Grpc.AsyncService"));
            if let Some(service) = service.filter(|service| !service.is_empty()) {
                let bytes = self.values.source.bytes(self.class.at..self.class.at + 2);
                sink.provides(Key::new("grpc", service), bytes);
            }
        }
    }
}

/// The verbs of an annotation: those that `method` names, else the one that its name says.
pub(super) fn verbs_of(
    annotation: &Annotation,
    verb: &str,
    values: &Values<'_, '_>,
) -> Vec<String> {
    if verb != "ANY" {
        return vec![verb.to_owned()];
    }
    let Some(tokens) = values.arg_tokens(annotation, &["method"]) else {
        return vec!["ANY".to_owned()];
    };
    let words = tokens.map(|at| values.source.word(at));
    let found: Vec<String> = words
        .filter(|word| JAXRS.iter().any(|(verb, _)| verb == word))
        .map(str::to_owned)
        .collect();
    if found.is_empty() {
        // A verb in quotes, as HTTP interfaces have it.
        let text = values.arg(annotation, &["method"], Scope::of_class(0));
        return vec![super::values::verb_in(&text).to_owned()];
    }
    found
}

/// `GET /items/{}`
fn provide(verb: &str, pieces: &[&Template], bytes: Range<usize>, sink: &mut Sink) {
    let mut path = Template::default();
    for piece in pieces {
        let starts = match piece.0.first() {
            Some(Part::Text(text)) => text.starts_with('/'),
            Some(Part::Ref(_)) => true,
            Some(_) | None => piece.is_empty(),
        };
        if !starts {
            path.push(Part::Text("/".into()));
        }
        // One slash between two pieces.
        if let Some(Part::Text(last)) = path.0.last_mut()
            && last.ends_with('/')
            && starts
        {
            *last = last.trim_end_matches('/').into();
        }
        path.extend(piece);
    }
    let path = starred(&normal(&path));
    let mut name: Template = format!("{verb} ").into();
    if path.is_empty() || !path.0.iter().any(|part| !matches!(part, Part::Ref(_))) {
        name.extend(&path);
        name.extend(&"/".into());
    } else {
        name.extend(&path);
    }
    sink.provides(Key::new("http", name), bytes);
}

/// `**` is whatever comes, `*` one piece.
fn starred(path: &Template) -> Template {
    let mut out = Template::default();
    for part in &path.0 {
        let Part::Text(text) = part else {
            out.push(part.clone());
            continue;
        };
        let mut rest: &str = text;
        while let Some(at) = rest.find('*') {
            out.push(Part::Text(rest[..at].into()));
            match rest[at..].starts_with("**") {
                true => out.push(Part::Star),
                false => out.push(Part::Hole),
            }
            rest = rest[at..].trim_start_matches('*');
        }
        out.push(Part::Text(rest.into()));
    }
    out
}

/// The place of blocks, each with the path that holds inside.
struct Nested {
    open: Vec<(usize, Template)>,
}

impl Nested {
    fn at(&mut self, at: usize) -> Template {
        while self.open.last().is_some_and(|(end, _)| *end <= at) {
            self.open.pop();
        }
        self.open
            .last()
            .map_or_else(Template::default, |(_, path)| path.clone())
    }

    fn push(&mut self, end: usize, path: Template) {
        if self.open.len() < 32 {
            self.open.push((end, path));
        }
    }
}

fn under(path: &Template, piece: &Template) -> Template {
    super::calls::joined(path, piece)
}

/// `route("/items") { get("/{id}") { … } }`
fn ktor(values: &Values<'_, '_>, sink: &mut Sink) {
    let source = values.source;
    let scope = Scope::of_class(0);
    let mut nested = Nested { open: Vec::new() };
    for at in 0..source.len() {
        let word = source.word(at);
        let verb = match word {
            "get" | "post" | "put" | "delete" | "patch" | "head" | "options" => word,
            "route" => "",
            _ => continue,
        };
        if source.is(at.wrapping_sub(1), b'.') {
            continue;
        }
        let prefix = nested.at(at);
        let (path, body) = match source.is(at + 1, b'(') {
            true => {
                let args = source.split(source.inside(at + 1), b',');
                let path = args.first().map(|arg| values.eval(arg.clone(), scope));
                let Some(path) = path.and_then(|mut path| path.texts.pop()) else {
                    continue;
                };
                (path, source.after(at + 1))
            }
            false => (Template::default(), at + 1),
        };
        if !source.is(body, b'{') {
            continue;
        }
        let whole = match path.is_empty() {
            true => prefix,
            false => under(&prefix, &path),
        };
        if verb.is_empty() {
            nested.push(source.after(body), whole);
        } else {
            let bytes = source.bytes(at..body);
            provide(&verb.to_uppercase(), &[&whole], bytes, sink);
        }
    }
}

/// `route(GET("/items"), handler)`, `nest(path("/items"), …)`, `"/items".nest { GET("/{id}", handler) }`
fn functions(values: &Values<'_, '_>, sink: &mut Sink) {
    let source = values.source;
    let scope = Scope::of_class(0);
    let mut nested = Nested { open: Vec::new() };
    let text = |at: usize| {
        let args = source.split(source.inside(at), b',');
        let first = args.first()?.clone();
        source.quoted(first.start)?;
        values.eval(first, scope).texts.pop()
    };
    for at in 0..source.len() {
        let word = source.word(at);
        if matches!(word, "nest" | "path") {
            let prefix = nested.at(at);
            if source.is(at + 1, b'(') {
                // `nest(path("/a"), …)` and `.path("/a", builder -> …)`
                let inner = match source.is_word(at + 2, "path") || source.is_word(at + 4, "path") {
                    true => (at + 2..at + 6).find(|at| source.is(*at, b'(')),
                    false => Some(at + 1),
                };
                let has_body = source.split(source.inside(at + 1), b',').len() > 1;
                if let Some(piece) = inner.filter(|_| has_body).and_then(text) {
                    nested.push(source.after(at + 1), under(&prefix, &piece));
                }
            } else if source.is(at + 1, b'{')
                && source.is(at.wrapping_sub(1), b'.')
                && source.quoted(at.wrapping_sub(2)).is_some()
            {
                let piece = values.eval(at - 2..at - 1, scope).texts.pop();
                if let Some(piece) = piece {
                    nested.push(source.after(at + 1), under(&prefix, &piece));
                }
            }
            continue;
        }
        let is_verb = JAXRS.iter().any(|(verb, _)| *verb == word);
        if is_verb
            && source.is(at + 1, b'(')
            && let Some(path) = text(at + 1)
        {
            let prefix = nested.at(at);
            let bytes = source.bytes(at..source.after(at + 1));
            provide(word, &[&under(&prefix, &path)], bytes, sink);
        }
    }
}
