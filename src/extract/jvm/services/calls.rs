//! Requests that code builds: whom do they go to, with which verb?
//!
//! Sources: <https://docs.spring.io/spring-framework/reference/integration/rest-clients.html>,
//! <https://docs.oracle.com/en/java/javase/21/docs/api/java.net.http/java/net/http/HttpRequest.Builder.html>,
//! <https://square.github.io/okhttp/>, <https://ktor.io/docs/client-requests.html>, <https://grpc.io/docs/languages/java/basics/>

use std::ops::Range;

use super::sink::Sink;
use super::values::{Scope, Value, Values, is_client, verb_in};
use crate::model::{Access, DependencyKind, Key, Part, Template};

/// A call in some code.
pub(super) struct Call<'v> {
    pub(super) name: &'v str,
    /// The tokens of what it is called on; none: the own object, or a constructor.
    pub(super) on: Option<Range<usize>>,
    pub(super) args: Vec<Range<usize>>,
    pub(super) at: usize,
    /// Behind its arguments.
    pub(super) end: usize,
    pub(super) scope: Scope,
    /// Whether it makes an object.
    pub(super) is_new: bool,
}

impl Call<'_> {
    /// The bytes of the name and the arguments.
    pub(super) fn bytes(&self, values: &Values<'_, '_>) -> Range<usize> {
        values.source.bytes(self.at..self.end)
    }

    pub(super) fn arg(&self, number: usize, values: &Values<'_, '_>) -> Value {
        match self.args.get(number) {
            Some(tokens) => values.eval(tokens.clone(), self.scope),
            None => Value::default(),
        }
    }

    pub(super) fn receiver(&self, values: &Values<'_, '_>) -> Value {
        match &self.on {
            Some(tokens) => values.eval(tokens.clone(), self.scope),
            None => Value::default(),
        }
    }
}

/// Visits every call of a file.
pub(super) fn each<'t>(values: &Values<'_, 't>, mut visit: impl FnMut(&Call<'t>)) {
    for (class, declared) in values.outline.classes.iter().enumerate() {
        let fields = declared
            .fields
            .iter()
            .filter_map(|field| field.value.clone());
        for value in fields {
            let scope = Scope::of_class(class);
            inside(value, scope, values, &mut visit);
        }
        for (number, method) in declared.methods.iter().enumerate() {
            let scope = Scope {
                class,
                method: Some(number),
            };
            inside(method.body.clone(), scope, values, &mut visit);
        }
    }
}

fn inside<'t>(
    tokens: Range<usize>,
    scope: Scope,
    values: &Values<'_, 't>,
    visit: &mut impl FnMut(&Call<'t>),
) {
    let source = values.source;
    for at in tokens {
        let name = source.word(at);
        if name.is_empty() {
            continue;
        }
        let mut open = at + 1;
        if source.is(open, b'<') {
            match source.after_types(open) {
                Some(next) => open = next,
                None => continue,
            }
        }
        let is_call = source.is(open, b'(');
        let is_block = source.is_kotlin() && source.is(open, b'{') && !source.is_fresh(open);
        if !is_call && !is_block {
            continue;
        }
        let args = match is_call {
            true => source.split(source.inside(open), b','),
            false => Vec::new(),
        };
        let mut end = source.after(open);
        if source.is_kotlin() && is_call && source.is(end, b'{') && !source.is_fresh(end) {
            end = source.after(end);
        }
        let on = source
            .is(at.wrapping_sub(1), b'.')
            .then(|| chain_start(at - 1, values)..receiver_end(at - 1, values));
        let is_capital = name.starts_with(|c: char| c.is_uppercase());
        visit(&Call {
            name,
            on,
            args,
            at,
            end: end.min(source.len()),
            scope,
            is_new: source.is_word(at.wrapping_sub(1), "new") || source.is_kotlin() && is_capital,
        });
    }
}

/// Where the thing ends that stands in front of a dot: without the signs of Kotlin.
fn receiver_end(dot: usize, values: &Values<'_, '_>) -> usize {
    let mut end = dot;
    while end > 0 && values.source.is_any(end - 1, b"?!") {
        end -= 1;
    }
    end
}

/// Where the chain starts that stands in front of a dot.
fn chain_start(dot: usize, values: &Values<'_, '_>) -> usize {
    let source = values.source;
    let mut dot = dot;
    loop {
        let end = receiver_end(dot, values);
        let Some(mut start) = end.checked_sub(1) else {
            return dot;
        };
        while source.is_any(start, b")]}") {
            let mate = source.mate(start);
            if mate >= start {
                return end;
            }
            start = mate;
            let before = start.wrapping_sub(1);
            if source.is(before, b'>') {
                // Type arguments of a call.
                let back = (before.saturating_sub(32)..before)
                    .rev()
                    .find(|at| source.is(*at, b'<'));
                start = back.unwrap_or(start);
            }
            let before = start.wrapping_sub(1);
            let word = source.word(before);
            let is_call = !word.is_empty() && !is_keyword(word);
            let is_next = source.is_any(before, b")]") && !source.is(start, b'(');
            if !is_call && !is_next {
                break;
            }
            start = before;
        }
        let before = start.wrapping_sub(1);
        if source.is(before, b'.') {
            dot = before;
        } else if source.is_word(before, "new") {
            return before;
        } else {
            return start;
        }
    }
}

fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "return" | "if" | "while" | "for" | "switch" | "catch" | "else" | "in" | "when" | "throw"
    )
}

pub(super) fn find(values: &Values<'_, '_>, sink: &mut Sink) {
    let imports = |part: &str| values.outline.imports_any(part);
    let context = Context {
        apache: imports("apache.http") || imports("apache.hc"),
        jaxrs: imports("ws.rs.client"),
        ktor: imports("io.ktor.client"),
        micronaut: imports("micronaut.http"),
        routes: imports("RouteLocatorBuilder") || imports("gateway.route.builder"),
        stubs: (0..values.source.len()).any(|at| {
            let word = values.source.word(at);
            word.ends_with("Stub") && word.len() > 4
        }),
    };
    each(values, |call| context.call(call, values, sink));
}

/// Which libraries a file uses.
struct Context {
    apache: bool,
    jaxrs: bool,
    ktor: bool,
    micronaut: bool,
    routes: bool,
    stubs: bool,
}

const TEMPLATES: &[&str] = &[
    "AsyncRestTemplate",
    "OAuth2RestOperations",
    "OAuth2RestTemplate",
    "RestOperations",
    "RestTemplate",
];

impl Context {
    fn call(&self, call: &Call<'_>, values: &Values<'_, '_>, sink: &mut Sink) {
        let bytes = || call.bytes(values);
        match call.name {
            "getForObject" | "getForEntity" | "headForHeaders" | "postForLocation"
            | "postForObject" | "postForEntity" | "put" | "patchForObject" | "delete"
            | "optionsForAllow" | "exchange" | "execute"
                if !call.args.is_empty() =>
            {
                let on = call.receiver(values);
                if is_template(call, &on, values) {
                    let verb = match call.name {
                        "exchange" | "execute" => verb_in(&call.arg(1, values)),
                        "put" => "PUT",
                        "delete" => "DELETE",
                        "patchForObject" => "PATCH",
                        "headForHeaders" => "HEAD",
                        "optionsForAllow" => "OPTIONS",
                        name if name.starts_with("post") => "POST",
                        _ => "GET",
                    };
                    for url in with_base(&on, call.arg(0, values)) {
                        sink.http(url, verb, bytes());
                    }
                } else if self.micronaut && call.name == "exchange" && on.ty.contains("HttpClient")
                {
                    self.micronaut(call, &on, values, sink);
                } else if self.ktor && matches!(call.name, "put" | "delete") {
                    ktor(call, &on, values, sink);
                }
            }
            "retrieve" if self.micronaut && !call.args.is_empty() => {
                let on = call.receiver(values);
                if on.ty.contains("HttpClient") {
                    self.micronaut(call, &on, values, sink);
                }
            }
            "get" | "post" | "patch" | "head" if self.ktor => {
                ktor(call, &call.receiver(values), values, sink);
            }
            "uri" if !call.args.is_empty() => self.uri(call, values, sink),
            "newBuilder" if !call.args.is_empty() && is_on(call, "HttpRequest", values) => {
                let verb = following_verb(call, values);
                for url in call.arg(0, values).or_hole() {
                    sink.http(url, verb, bytes());
                }
            }
            "url" if !call.args.is_empty() => {
                let on = call.receiver(values);
                if on.ty == "Request.Builder" {
                    let verb = following_verb(call, values);
                    for url in call.arg(0, values).or_hole() {
                        sink.http(url, verb, bytes());
                    }
                }
            }
            "openConnection" | "openStream" => {
                let on = call.receiver(values);
                if on.ty == "URL" {
                    for url in on.or_hole() {
                        sink.http(url, "ANY", bytes());
                    }
                }
            }
            "HttpGet" | "HttpPost" | "HttpPut" | "HttpDelete" | "HttpPatch"
                if self.apache && call.is_new && !call.args.is_empty() =>
            {
                let verb = call.name["Http".len()..].to_uppercase();
                for url in call.arg(0, values).or_hole() {
                    sink.http(url, &verb, bytes());
                }
            }
            "target" if self.jaxrs && call.args.len() == 1 => {
                let mut url = Value {
                    texts: call.arg(0, values).or_hole(),
                    ..Value::default()
                };
                for (name, args) in following(call, values) {
                    if name == "path"
                        && let Some(piece) = args.first()
                    {
                        let piece = values.eval(piece.clone(), call.scope).or_hole();
                        let with: Vec<Template> =
                            url.texts.iter().map(|url| joined(url, &piece[0])).collect();
                        url.texts = with;
                    }
                }
                let verb = following_verb(call, values);
                for url in url.texts {
                    sink.http(url, verb, bytes());
                }
            }
            "getInstances" | "choose" | "getNextServerFromEureka"
                if call.on.is_some() && !call.args.is_empty() =>
            {
                let on = call.receiver(values);
                let known = ["DiscoveryClient", "LoadBalancer", "EurekaClient"];
                if known.iter().any(|ty| on.ty.contains(ty)) {
                    for mut name in call.arg(0, values).texts {
                        super::values::by_name(&mut name);
                        sink.http(name, "ANY", bytes());
                    }
                }
            }
            _ if self.stubs && call.on.is_some() => self.stub(call, values, sink),
            _ => {}
        }
    }

    /// `client.get().uri("/x")`, `HttpRequest.newBuilder().uri(x)`, a route of a gateway.
    fn uri(&self, call: &Call<'_>, values: &Values<'_, '_>, sink: &mut Sink) {
        let on = call.receiver(values);
        let bytes = || call.bytes(values);
        if is_client(&on.ty) {
            let path = match lambda(&call.args[0], values) {
                Some(body) => Value {
                    texts: vec![of_builder(body, call.scope, values)],
                    ..Value::default()
                },
                None => call.arg(0, values),
            };
            let verb = on.verb;
            for url in with_base(&on, path) {
                sink.http(url, verb, bytes());
            }
        } else if on.ty == "HttpRequest.Builder" {
            let verb = following_verb(call, values);
            for url in call.arg(0, values).or_hole() {
                sink.http(url, verb, bytes());
            }
        } else if self.routes {
            for mut url in call.arg(0, values).texts {
                if url
                    .as_text()
                    .is_some_and(|text| text.starts_with("forward:") || text.starts_with("no:"))
                {
                    continue;
                }
                if url.as_text().is_some_and(|text| text.ends_with('/')) {
                    let text = url.to_string();
                    url = text.trim_end_matches('/').into();
                }
                url.push(Part::Text("/".into()));
                url.push(Part::Star);
                sink.request(url, "ANY", DependencyKind::CallRoute, bytes());
                sink.provides(Key::new("trait", "gateway"), bytes());
            }
        }
    }

    fn micronaut(&self, call: &Call<'_>, on: &Value, values: &Values<'_, '_>, sink: &mut Sink) {
        let source = values.source;
        let tokens = call.args[0].clone();
        // `HttpRequest.GET("/x")`
        let (url, verb) = if source.is_word(tokens.start, "HttpRequest") {
            let open = (tokens.start..tokens.end).find(|at| source.is(*at, b'('));
            let Some(open) = open else {
                return;
            };
            let args = source.split(source.inside(open), b',');
            let url = args.first().map(|arg| values.eval(arg.clone(), call.scope));
            (url.unwrap_or_default(), source.word(open - 1))
        } else {
            (call.arg(0, values), "GET")
        };
        for url in with_base(on, url) {
            sink.http(url, verb, call.bytes(values));
        }
    }

    /// A method of a remote service.
    fn stub(&self, call: &Call<'_>, values: &Values<'_, '_>, sink: &mut Sink) {
        let is_own = call.name.starts_with("with")
            || call.name.starts_with("new")
            || matches!(
                call.name,
                "getChannel" | "getCallOptions" | "build" | "let" | "also"
            );
        if is_own || call.name.starts_with(|c: char| c.is_uppercase()) {
            return;
        }
        let on = call.receiver(values);
        let Some(service) = service_of(&on.ty) else {
            return;
        };
        let mut method = call.name.to_owned();
        if let Some(first) = method.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let name = format!("{service}/{method}");
        for at in on.or_hole() {
            let key = Key::at("grpc", at, name.as_str());
            let bytes = call.bytes(values);
            sink.requires(key, DependencyKind::CallGrpc, Access::Use, bytes);
        }
    }
}

/// The service of the type of a stub.
pub(super) fn service_of(ty: &str) -> Option<&str> {
    let ends = [
        "BlockingV2Stub",
        "BlockingStub",
        "FutureStub",
        "CoroutineStub",
        "Stub",
        "Grpc",
    ];
    let service = ends.iter().find_map(|end| ty.strip_suffix(end))?;
    (!service.is_empty()).then_some(service)
}

fn is_template(call: &Call<'_>, on: &Value, values: &Values<'_, '_>) -> bool {
    if TEMPLATES.contains(&&*on.ty) {
        return true;
    }
    let Some(tokens) = call.on.as_ref().filter(|_| on.ty.is_empty()) else {
        return false;
    };
    // A field of a class above: its name is all that tells.
    let name = values.source.word(tokens.end.saturating_sub(1));
    name.to_ascii_lowercase().contains("resttemplate")
}

/// Whether a call is on a type of this name.
fn is_on(call: &Call<'_>, ty: &str, values: &Values<'_, '_>) -> bool {
    let on = call.on.as_ref();
    on.is_some_and(|tokens| values.source.is_word(tokens.end.saturating_sub(1), ty))
}

/// The calls behind a call in its chain.
fn following<'t>(call: &Call<'_>, values: &Values<'_, 't>) -> Vec<(&'t str, Vec<Range<usize>>)> {
    let source = values.source;
    let mut found = Vec::new();
    let mut at = call.end;
    while source.is(at, b'.') && found.len() < 64 {
        let name = source.word(at + 1);
        let mut open = at + 2;
        if source.is(open, b'<') {
            open = source.after_types(open).unwrap_or(open);
        }
        if !source.is(open, b'(') {
            break;
        }
        found.push((name, source.split(source.inside(open), b',')));
        at = source.after(open);
    }
    found
}

fn following_verb(call: &Call<'_>, values: &Values<'_, '_>) -> &'static str {
    for (name, args) in following(call, values) {
        match name {
            "GET" | "get" | "buildGet" => return "GET",
            "POST" | "post" | "buildPost" => return "POST",
            "PUT" | "put" | "buildPut" => return "PUT",
            "DELETE" | "delete" | "buildDelete" => return "DELETE",
            "HEAD" | "head" => return "HEAD",
            "patch" => return "PATCH",
            "method" => {
                let verb = args.first().map(|arg| values.eval(arg.clone(), call.scope));
                return verb_in(&verb.unwrap_or_default());
            }
            _ => {}
        }
    }
    "ANY"
}

/// `client.get("http://x")` and `client.get { url("http://x") }`
fn ktor(call: &Call<'_>, on: &Value, values: &Values<'_, '_>, sink: &mut Sink) {
    let Some(tokens) = &call.on else {
        return;
    };
    let name = values.source.word(tokens.end.saturating_sub(1));
    if on.ty != "HttpClient" && !name.to_ascii_lowercase().ends_with("client") {
        return;
    }
    let verb = call.name.to_uppercase();
    let urls = match call.args.is_empty() {
        false => call.arg(0, values),
        true => {
            let source = values.source;
            let url = (call.at..call.end)
                .find(|at| source.is_word(*at, "url") && source.is(at + 1, b'('));
            match url {
                Some(at) => values.eval(source.inside(at + 1), call.scope),
                None => return,
            }
        }
    };
    for url in with_base(on, urls) {
        sink.http(url, &verb, call.bytes(values));
    }
}

/// Addresses; what starts with a slash belongs to the base of the client.
fn with_base(on: &Value, urls: Value) -> Vec<Template> {
    let mut all = Vec::new();
    for url in urls.or_hole() {
        let is_path = match url.0.first() {
            None => true,
            Some(Part::Text(text)) => !text.contains("://") && !text.contains(':'),
            Some(_) => false,
        };
        if !is_path {
            all.push(url);
            continue;
        }
        let bases = match on.texts.is_empty() {
            true => vec![Template(vec![Part::Hole])],
            false => on.texts.clone(),
        };
        all.extend(bases.iter().map(|base| joined(base, &url)));
    }
    all
}

/// A base and a path with one slash between them.
pub(super) fn joined(base: &Template, path: &Template) -> Template {
    let mut out = Template::default();
    let last = base.0.len().saturating_sub(1);
    for (number, part) in base.0.iter().enumerate() {
        match part {
            Part::Text(text) if number == last => {
                out.push(Part::Text(text.trim_end_matches('/').into()));
            }
            _ => out.push(part.clone()),
        }
    }
    let starts = matches!(path.0.first(), Some(Part::Text(text)) if text.starts_with('/'));
    if !starts && !path.is_empty() {
        out.push(Part::Text("/".into()));
    }
    out.extend(path);
    out
}

/// The body of a lambda: `b -> …`, `{ b -> … }`
fn lambda(tokens: &Range<usize>, values: &Values<'_, '_>) -> Option<Range<usize>> {
    let source = values.source;
    let tokens = match source.is(tokens.start, b'{') {
        true => source.inside(tokens.start),
        false => tokens.clone(),
    };
    let arrow = (tokens.start..tokens.end.min(tokens.start + 8))
        .find(|at| source.is(*at, b'-') && source.is(at + 1, b'>'))?;
    Some(arrow + 2..tokens.end)
}

/// What a builder of addresses in a lambda comes to: its pieces in their order.
fn of_builder(tokens: Range<usize>, scope: Scope, values: &Values<'_, '_>) -> Template {
    let source = values.source;
    let mut out = Template::default();
    for at in tokens {
        if !source.is(at.wrapping_sub(1), b'.') || !source.is(at + 1, b'(') {
            continue;
        }
        let args = source.split(source.inside(at + 1), b',');
        let pieces = args
            .iter()
            .map(|arg| values.eval(arg.clone(), scope).or_hole().swap_remove(0));
        match source.word(at) {
            "scheme" => pieces.for_each(|piece| {
                out.extend(&piece);
                out.extend(&"://".into());
            }),
            "host" => pieces.for_each(|piece| {
                if out.is_empty() {
                    out.extend(&"http://".into());
                }
                out.extend(&piece);
            }),
            "port" => pieces.for_each(|piece| {
                out.extend(&":".into());
                out.extend(&piece);
            }),
            "path" | "replacePath" => pieces.for_each(|piece| out.extend(&piece)),
            "pathSegment" => pieces.for_each(|piece| {
                out.extend(&"/".into());
                out.extend(&piece);
            }),
            _ => {}
        }
    }
    out
}
