//! Clients that are interfaces: Feign, HTTP interfaces of Spring, MicroProfile, Micronaut, Retrofit.
//!
//! Sources: <https://docs.spring.io/spring-cloud-openfeign/reference/spring-cloud-openfeign.html>,
//! <https://docs.spring.io/spring-framework/reference/integration/rest-clients.html#rest-http-interface>,
//! <https://download.eclipse.org/microprofile/microprofile-rest-client-3.0/microprofile-rest-client-spec-3.0.html>,
//! <https://docs.micronaut.io/latest/guide/#clientAnnotation>, <https://square.github.io/retrofit/>

use super::calls::{Call, each, joined};
use super::outline::{Annotation, Class};
use super::routes::{JAXRS, MAPPINGS, MICRONAUT, verbs_of};
use super::sink::Sink;
use super::values::{Scope, Value, Values, by_name, properties};
use crate::model::{Key, Part, Template};

/// The methods of HTTP interfaces.
const EXCHANGES: &[(&str, &str)] = &[
    ("DeleteExchange", "DELETE"),
    ("GetExchange", "GET"),
    ("HttpExchange", "ANY"),
    ("PatchExchange", "PATCH"),
    ("PostExchange", "POST"),
    ("PutExchange", "PUT"),
];

/// The methods of Retrofit.
const RETROFIT: &[(&str, &str)] = &[
    ("DELETE", "DELETE"),
    ("GET", "GET"),
    ("HEAD", "HEAD"),
    ("OPTIONS", "OPTIONS"),
    ("PATCH", "PATCH"),
    ("POST", "POST"),
    ("PUT", "PUT"),
];

pub(super) fn find(values: &Values<'_, '_>, sink: &mut Sink) {
    let imports = |part: &str| values.outline.imports_any(part);
    for (number, class) in values.outline.classes.iter().enumerate() {
        let client = Client {
            class,
            scope: Scope::of_class(number),
            values,
        };
        if let Some(found) = class.annotation("FeignClient") {
            client.feign(found, sink);
        } else if let Some(found) = class.annotation("RegisterRestClient") {
            client.microprofile(found, sink);
        } else if let Some(found) = class.annotation("Client").filter(|_| class.is_interface) {
            let base = client.base(client.text(found, &["value", "id"]), found);
            client.operations(&base, MICRONAUT, sink);
        } else if class.is_interface && class.annotation("RestController").is_none() {
            let of_methods = |names: &[(&str, &str)]| {
                class.methods.iter().any(|method| {
                    let mut annotations = method.annotations.iter();
                    annotations.any(|one| names.iter().any(|(name, _)| *name == one.name))
                })
            };
            if of_methods(EXCHANGES) || class.annotation("HttpExchange").is_some() {
                client.exchange(sink);
            } else if imports("retrofit2.http") && of_methods(RETROFIT) {
                client.operations(&client.of_its_maker(), RETROFIT, sink);
            } else if imports("feign") && of_methods(&[("RequestLine", "")]) {
                client.lines(sink);
            }
        }
    }
    each(values, |call| makers(call, values, sink));
}

/// An interface that is a client.
struct Client<'a, 'v, 't> {
    class: &'a Class,
    scope: Scope,
    values: &'a Values<'v, 't>,
}

impl Client<'_, '_, '_> {
    fn text(&self, annotation: &Annotation, names: &[&str]) -> Vec<Template> {
        let found = self.values.arg(annotation, names, self.scope);
        let texts = properties(found.texts);
        texts.into_iter().filter(|text| !text.is_empty()).collect()
    }

    /// What whoever makes the client says of its address.
    fn of_its_maker(&self) -> Vec<Template> {
        vec![Key::at("slot", self.class.full.as_str(), "#base").into()]
    }

    /// Names of services as addresses, with the path that the annotation tells.
    fn base(&self, names: Vec<Template>, annotation: &Annotation) -> Vec<Template> {
        let names = match names.is_empty() {
            true => self.of_its_maker(),
            false => names
                .into_iter()
                .map(|mut name| {
                    by_name(&mut name);
                    name
                })
                .collect(),
        };
        self.under_path(names.into_iter(), annotation)
    }

    /// Addresses with the path that the annotation tells.
    fn under_path(
        &self,
        urls: impl Iterator<Item = Template>,
        annotation: &Annotation,
    ) -> Vec<Template> {
        let path = self.text(annotation, &["path"]).pop().unwrap_or_default();
        urls.map(|url| match path.is_empty() {
            true => url,
            false => joined(&url, &path),
        })
        .collect()
    }

    fn feign(&self, found: &Annotation, sink: &mut Sink) {
        // An address of its own counts more than the name; placeholders may leave it empty.
        let urls = self.text(found, &["url"]);
        let names = self.text(found, &["name", "value", "serviceId"]);
        let base = match urls.is_empty() {
            true => self.base(names, found),
            false => {
                let urls = urls.iter().map(with_scheme);
                self.under_path(urls, found)
            }
        };
        let prefixes = match self.class.annotation("RequestMapping") {
            Some(found) => self.text(found, &["path", "value"]),
            None => Vec::new(),
        };
        let base: Vec<Template> = match prefixes.is_empty() {
            true => base,
            false => base
                .iter()
                .flat_map(|base| prefixes.iter().map(|prefix| joined(base, prefix)))
                .collect(),
        };
        self.operations(&base, MAPPINGS, sink);
    }

    fn microprofile(&self, found: &Annotation, sink: &mut Sink) {
        let key = self.text(found, &["configKey"]).pop();
        let default = self.text(found, &["baseUri"]).pop();
        let key = key.unwrap_or_else(|| self.class.full.as_str().into());
        let setting = |parts: [&str; 2], default| {
            let mut name: Template = parts[0].into();
            name.extend(&key);
            name.extend(&parts[1].into());
            Template::reference(Key::new("property", name), default)
        };
        let old = setting(["", "/mp-rest/url"], default);
        let base = setting(["quarkus.rest-client.", ".url"], Some(old));
        let path = self.class.annotation("Path");
        let path = path.and_then(|found| self.text(found, &["value"]).pop());
        let base = match path {
            Some(path) => joined(&base, &path),
            None => base,
        };
        self.operations(&[base], JAXRS, sink);
    }

    fn exchange(&self, sink: &mut Sink) {
        let found = self.class.annotation("HttpExchange");
        let own = found.map(|found| self.text(found, &["url", "value"]));
        let own = own.unwrap_or_default();
        let maker = self.of_its_maker();
        let base: Vec<Template> = match own.is_empty() {
            true => maker,
            false => own
                .into_iter()
                .map(|url| match url.as_text() {
                    Some(text) if !text.contains("://") => joined(&maker[0], &url),
                    _ => url,
                })
                .collect(),
        };
        self.operations(&base, EXCHANGES, sink);
    }

    /// `@RequestLine("GET /items/{id}")`
    fn lines(&self, sink: &mut Sink) {
        let base = self.of_its_maker();
        for method in &self.class.methods {
            let found = method
                .annotations
                .iter()
                .find(|one| one.name == "RequestLine");
            let Some(found) = found else {
                continue;
            };
            let bytes = self.values.source.bytes(found.tokens.clone());
            for line in self.text(found, &["value"]) {
                let text = line.to_string();
                if let Some((verb, path)) = text.split_once(' ') {
                    sink.http(joined(&base[0], &path.trim().into()), verb, bytes.clone());
                }
            }
        }
    }

    /// A request for each method; one to the service as a whole when the file shows no method.
    fn operations(&self, base: &[Template], names: &[(&str, &str)], sink: &mut Sink) {
        let source = self.values.source;
        let mut any = false;
        for method in &self.class.methods {
            for annotation in &method.annotations {
                let Some((_, verb)) = names.iter().find(|(name, _)| *name == annotation.name)
                else {
                    continue;
                };
                any = true;
                let mut paths = self.text(annotation, &["path", "value", "url", "uri"]);
                if names.iter().any(|(name, _)| *name == "GET") && paths.is_empty() {
                    let found = method.annotations.iter().find(|one| one.name == "Path");
                    paths = found.map_or(Vec::new(), |found| self.text(found, &["value"]));
                }
                if paths.is_empty() {
                    paths.push(Template::default());
                }
                let verbs = verbs_of(annotation, verb, self.values);
                let bytes = source.bytes(annotation.tokens.clone());
                for (base, path) in base
                    .iter()
                    .flat_map(|base| paths.iter().map(move |path| (base, path)))
                {
                    // An address that a method tells itself.
                    let is_whole = path.as_text().is_some_and(|path| path.contains("://"));
                    let url = match (path.is_empty(), is_whole) {
                        (true, _) => base.clone(),
                        (_, true) => path.clone(),
                        _ => joined(base, path),
                    };
                    for verb in &verbs {
                        sink.http(url.clone(), verb, bytes.clone());
                    }
                }
            }
        }
        if !any {
            let bytes = source.bytes(self.class.at..self.class.at + 2);
            for base in base {
                sink.http(base.clone(), "ANY", bytes.clone());
            }
        }
    }
}

/// Feign takes an address without a scheme, too.
fn with_scheme(url: &Template) -> Template {
    let is_bare = matches!(url.0.first(), Some(Part::Text(text)) if !text.contains("://"));
    if !is_bare {
        return url.clone();
    }
    let mut out: Template = "http://".into();
    out.extend(url);
    out
}

/// Where clients are made: `Feign.builder().target(Api.class, url)`, `retrofit.create(Api.class)`, `factory.createClient(Api.class)`.
fn makers(call: &Call<'_>, values: &Values<'_, '_>, sink: &mut Sink) {
    if !matches!(call.name, "target" | "create" | "createClient") || call.args.is_empty() {
        return;
    }
    let source = values.source;
    let first = call.args[0].clone();
    let Some((ty, end)) = source.dotted(first.start) else {
        return;
    };
    let ty = ty.strip_suffix(".class").unwrap_or(&ty);
    let is_class = ty.len() + 6 == source.dotted(first.start).map_or(0, |(name, _)| name.len())
        || source.is(end, b':') && source.is_word(end + 2, "class");
    if !is_class {
        return;
    }
    let on = call.receiver(values);
    let base = match (call.name, &*on.ty) {
        ("target", "Feign" | "Feign.Builder" | "") => call.arg(1, values),
        ("create", "Retrofit" | "Retrofit.Builder") | ("createClient", _) => Value {
            texts: on.texts,
            ..Value::default()
        },
        _ => return,
    };
    for name in values.full_names(ty) {
        let key = Key::at("slot", name, "#base");
        for text in &base.texts {
            sink.binds(key.clone(), text.clone(), call.bytes(values));
        }
    }
}
