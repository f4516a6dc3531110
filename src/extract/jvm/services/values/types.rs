//! Which class does a name mean, and what do its constants come to?

use super::{Scope, Value, Values};
use crate::model::{Key, Template};

impl<'a, 't> Values<'a, 't> {
    /// Something that belongs to a type: `Topics.ORDERS`, `URI.create(x)`, `com.acme.Topics.ORDERS`.
    pub(super) fn of_type(
        &self,
        start: usize,
        end: usize,
        scope: Scope,
        depth: usize,
    ) -> (Value, usize) {
        let source = self.source;
        let mut at = start;
        let mut name = source.word(at).to_owned();
        // A package in front of the type.
        while name
            .rsplit('.')
            .next()
            .is_some_and(|last| last.starts_with(|c: char| c.is_lowercase()))
            && source.is(at + 1, b'.')
            && at + 2 < end
            && !source.is(at + 3, b'(')
            && !source.word(at + 2).is_empty()
        {
            at += 2;
            name.push('.');
            name.push_str(source.word(at));
        }
        let is_type = |text: &str| {
            let last = text.rsplit('.').next().unwrap_or_default();
            last.starts_with(|c: char| c.is_uppercase())
        };
        if !is_type(&name) {
            return (Value::default(), start + 1);
        }
        // Nested types.
        while source.is(at + 1, b'.')
            && is_type(source.word(at + 2))
            && source.is(at + 3, b'.')
            && source.word(at + 2) != source.word(at + 2).to_uppercase()
        {
            at += 2;
            name.push('.');
            name.push_str(source.word(at));
        }
        let mut next = at + 1;
        if source.is(next, b'(') {
            let args = source.split(source.inside(next), b',');
            return (self.made(&name, &args, scope, depth), source.after(next));
        }
        if !source.is(next, b'.') {
            return (Value::default().typed(&name), next);
        }
        let member = source.word(next + 1);
        next += 2;
        if source.is_kotlin() && source.is(next, b'<') {
            next = source.after_types(next).unwrap_or(next);
        }
        if source.is(next, b'(') {
            let args = source.split(source.inside(next), b',');
            return (
                self.function(&name, member, &args, scope, depth),
                source.after(next),
            );
        }
        if member.is_empty() || matches!(member, "class" | "javaClass") {
            return (Value::default().typed(&name), next);
        }
        if name == "HttpMethod" || name == "HttpMethods" {
            return (Value::text(member), next);
        }
        // A class of the file knows its own constants.
        let own = self.own_class(&name);
        if let Some(class) = own {
            let scope = Scope::of_class(class);
            if let Some(value) = self.field(member, scope, depth + 1) {
                return (value, next);
            }
        }
        let channel = match (&*name, member) {
            ("Sink" | "Processor", "INPUT") => Some("input"),
            ("Source" | "Processor", "OUTPUT") => Some("output"),
            _ => None,
        };
        let names = self.full_names(&name);
        if names.iter().any(|name| is_foreign(name)) {
            let value = channel.filter(|_| names[0].starts_with("org.springframework."));
            return (value.map(Value::text).unwrap_or_default(), next);
        }
        let text = self.slot_of(&name, member);
        (Value::text(text).typed("String"), next)
    }

    pub(super) fn own_class(&self, name: &str) -> Option<usize> {
        let last = name.rsplit('.').next().unwrap_or(name);
        self.outline
            .classes
            .iter()
            .position(|class| !class.name.is_empty() && class.name == last)
    }

    /// A name of another class, as a reference; the package's own class comes first, unless an import says which.
    pub(in super::super) fn slot_of(&self, ty: &str, name: &str) -> Template {
        let full = self.full_names(ty);
        let mut template: Option<Template> = None;
        for place in full.iter().rev() {
            let key = Key::at("slot", place.as_str(), name);
            template = Some(Template::reference(key, template));
        }
        template.unwrap_or_default()
    }

    /// The full names that a type may have.
    pub(in super::super) fn full_names(&self, ty: &str) -> Vec<String> {
        let (first, rest) = ty.split_once('.').unwrap_or((ty, ""));
        if first.starts_with(|c: char| c.is_lowercase()) {
            return vec![ty.to_owned()];
        }
        let with_rest = |name: &str| match rest.is_empty() {
            true => name.to_owned(),
            false => format!("{name}.{rest}"),
        };
        if let Some(class) = self.own_class(ty) {
            return vec![self.outline.classes[class].full.clone()];
        }
        let import = self
            .outline
            .imports
            .iter()
            .find(|import| import.alias == first && !import.is_static);
        if let Some(import) = import {
            return vec![with_rest(&import.name)];
        }
        let package = &self.outline.package;
        let own = match package.is_empty() {
            true => with_rest(first),
            false => format!("{package}.{}", with_rest(first)),
        };
        let wide = self.outline.imports.iter().filter_map(|import| {
            let package = import.name.strip_suffix(".*")?;
            let is_own_code = !FOREIGN.iter().any(|start| package.starts_with(start));
            is_own_code.then(|| format!("{package}.{}", with_rest(first)))
        });
        std::iter::once(own).chain(wide).take(3).collect()
    }
}

/// Packages of frameworks, in which no names of own code are looked for.
const FOREIGN: &[&str] = &[
    "java.",
    "javax.",
    "jakarta.",
    "kotlin.",
    "kotlinx.",
    "org.springframework.",
    "lombok.",
    "org.slf4j.",
    "com.fasterxml.",
    "org.apache.",
    "io.micronaut.",
    "io.quarkus.",
    "org.junit.",
    "org.mockito.",
    "com.google.",
    "io.grpc.",
    "reactor.",
    "org.hibernate.",
    "io.ktor.",
    "feign.",
    "retrofit2.",
    "okhttp3.",
    "scala.",
    "io.vertx.",
    "org.eclipse.",
    "io.swagger.",
];

/// Whether a type belongs to a framework.
pub(in super::super) fn is_foreign(name: &str) -> bool {
    let name = format!("{}.", name.trim_end_matches(".*"));
    FOREIGN.iter().any(|start| name.starts_with(start))
}

/// A type without its package; builders keep what they build.
pub(super) fn simple(ty: &str) -> String {
    let mut pieces = ty.rsplit('.');
    match (pieces.next(), pieces.next()) {
        (Some("Builder"), Some(outer)) => format!("{outer}.Builder"),
        (Some(last), _) => last.to_owned(),
        _ => String::new(),
    }
}

/// Types of libraries that are met without an import, or under one for a whole package.
pub(in super::super) fn is_common(ty: &str) -> bool {
    const COMMON: &[&str] = &[
        "AmqpTemplate",
        "Arrays",
        "Assert",
        "BigDecimal",
        "Boolean",
        "Class",
        "Collection",
        "Collections",
        "Date",
        "DiscoveryClient",
        "DriverManager",
        "Duration",
        "EntityManager",
        "Environment",
        "EurekaClient",
        "File",
        "Files",
        "Flux",
        "HashMap",
        "HashSet",
        "HttpClient",
        "HttpEntity",
        "Instant",
        "Integer",
        "JdbcTemplate",
        "Jedis",
        "JedisPool",
        "JmsTemplate",
        "KafkaConsumer",
        "KafkaProducer",
        "KafkaTemplate",
        "LinkedHashMap",
        "List",
        "LoadBalancerClient",
        "LocalDate",
        "Logger",
        "Long",
        "Map",
        "Math",
        "MongoClient",
        "MongoClients",
        "MongoTemplate",
        "Mono",
        "MultiValueMap",
        "Object",
        "ObjectMapper",
        "Objects",
        "OkHttpClient",
        "Optional",
        "Path",
        "Paths",
        "Pattern",
        "ProducerRecord",
        "RabbitTemplate",
        "Random",
        "RedisTemplate",
        "ResponseEntity",
        "RestClient",
        "RestOperations",
        "RestTemplate",
        "Scanner",
        "Set",
        "SimpleDateFormat",
        "Stream",
        "StreamBridge",
        "String",
        "StringBuilder",
        "StringRedisTemplate",
        "System",
        "Thread",
        "URI",
        "URL",
        "UUID",
        "WebClient",
    ];
    COMMON.binary_search(&ty).is_ok()
        || ["Grpc", "Exception", "Stub"]
            .iter()
            .any(|end| ty.ends_with(end))
}
