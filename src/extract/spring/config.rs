//! What do the configuration files of a program on the JVM call it, where does it answer, and where do its names lead?
//!
//! Spring, Quarkus and Micronaut read files of the same names; what a setting means to a framework is said in resolve.
//! Sources: <https://docs.spring.io/spring-boot/reference/features/external-config.html>,
//! <https://docs.spring.io/spring-cloud-config/reference/server.html>, <https://quarkus.io/guides/config-reference>

use super::gateway;
use super::settings::{self, Document, Setting, behind, is};
use crate::extract::placeholders::template;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::secrets;
use crate::model::{
    Access, Certainty, Claim, Condition, Context, DependencyKind, ExtractorId, Facts, Key,
    Language, Offer, Part, SourceFile, Subject, Template,
};

/// Reads the configuration that a program finds by its name.
#[derive(Debug)]
pub(in crate::extract) struct Config;

/// Reads configuration that a configuration server hands out.
#[derive(Debug)]
pub(in crate::extract) struct Served;

static CONFIG: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("spring/config"),
    summary: "Names, ports, routes and settings of programs on the JVM",
    globs: &[
        "**/{application,bootstrap}.{yml,yaml,properties}",
        "**/{application,bootstrap}-*.{yml,yaml,properties}",
    ],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

static SERVED: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("spring/served"),
    summary: "Settings that a configuration server hands out",
    globs: &[
        "**/src/main/resources/*/**/*.{yml,yaml,properties}",
        "**/*config*/**/*.{yml,yaml,properties}",
    ],
    markers: &[
        "://", ".uri", ".url", "uri:", "url:", "spring", "eureka", "zuul", "ribbon", "feign",
        "hystrix", "jdbc:", "mongodb", "rabbitmq", "servlet", "oauth2",
    ],
    languages: &[Language::Data],
    ownership: false,
};

impl Extractor for Config {
    fn info(&self) -> &'static ExtractorInfo {
        &CONFIG
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let own = is_own(file.path.parent());
        read(file, own, facts);
    }
}

impl Extractor for Served {
    fn info(&self) -> &'static ExtractorInfo {
        &SERVED
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let name = file.path.file_name();
        let found = ["application", "bootstrap"]
            .iter()
            .find_map(|start| name.strip_prefix(start));
        if found.is_some_and(|rest| rest.starts_with(['.', '-'])) {
            return;
        }
        read(file, false, facts);
    }
}

/// Whether a program reads files of a folder by itself: from its class path or its working folder.
///
/// Other folders of resources, and folders that are named for configuration, are what a server hands out.
fn is_own(folder: &str) -> bool {
    let mut segments = folder.split('/').rev();
    let last = segments.next().unwrap_or_default();
    match folder.split('/').any(|segment| segment == "resources") {
        true => last == "resources" || last == "config" && segments.next() == Some("resources"),
        false => !last.to_ascii_lowercase().contains("config"),
    }
}

fn read(file: &SourceFile<'_>, own: bool, facts: &mut Facts<'_>) {
    let documents = settings::documents(file, facts);
    // What tests are configured with tells nothing of what is deployed.
    if facts.context() == Context::Test {
        return;
    }
    let name = file.path.file_name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let of_name = ["application-", "bootstrap-"]
        .iter()
        .find_map(|start| stem.strip_prefix(start));
    for document in &documents {
        let mut when: Vec<Condition> = Vec::new();
        when.extend(of_name.map(|name| Condition::Variant(name.into())));
        let said = document.profiles().filter(|name| Some(&**name) != of_name);
        when.extend(said.map(|name| Condition::Variant(name.into())));
        let mut sink = Sink {
            own,
            when,
            routes: false,
            facts,
        };
        sink.document(document);
    }
}

/// Where the statements of one document go.
pub(super) struct Sink<'a, 'f> {
    own: bool,
    when: Vec<Condition>,
    /// Whether it was said that there are routes.
    routes: bool,
    facts: &'a mut Facts<'f>,
}

impl Sink<'_, '_> {
    /// States a claim about who reads the file.
    pub(super) fn state(&mut self, claim: Claim, bytes: std::ops::Range<usize>) {
        let subject = match self.own {
            true => Subject::Here,
            false => Subject::File,
        };
        let fact = self.facts.push(subject, claim, bytes);
        fact.certainty = Certainty::Declared;
        fact.when.clone_from(&self.when);
    }

    /// A setting means a value.
    pub(super) fn bind(&mut self, key: Key, value: Template, setting: &Setting) {
        self.state(Claim::Binds { key, value }, setting.bytes.clone());
    }

    /// Who reads the file uses a name.
    pub(super) fn require(&mut self, key: Key, kind: DependencyKind, setting: &Setting) {
        let claim = Claim::Requires {
            key,
            kind,
            access: Access::Use,
            count: 1,
        };
        self.state(claim, setting.bytes.clone());
    }

    /// Whoever reads the file is a gateway; of a file that is handed out, its reader is not known here.
    pub(super) fn is_gateway(&mut self, setting: &Setting) {
        if self.own && !std::mem::replace(&mut self.routes, true) {
            let key = Key::new("trait", "gateway");
            let how = Offer::Implements;
            self.state(Claim::Provides { key, how }, setting.bytes.clone());
        }
    }

    fn document(&mut self, document: &Document) {
        for setting in &document.settings {
            self.setting(setting);
        }
        gateway::routes(document, self);
    }

    fn setting(&mut self, setting: &Setting) {
        let (name, profile) = match setting
            .name
            .strip_prefix('%')
            .and_then(|n| n.split_once('.'))
        {
            // Quarkus puts the profile in front of the name.
            Some((profile, name)) => (name, Some(profile)),
            None => (&*setting.name, None),
        };
        if let Some(profile) = profile {
            self.when.push(Condition::Variant(profile.into()));
        }
        self.named(name, setting);
        if profile.is_some() {
            self.when.pop();
        }
    }

    fn named(&mut self, name: &str, setting: &Setting) {
        let value = template(&setting.value);
        if self.own && NAMES.iter().any(|known| is(name, known)) && is_whole(&value) {
            let key = Key::new("discovery", value.clone());
            let how = Offer::Implements;
            self.state(Claim::Provides { key, how }, setting.bytes.clone());
        }
        if self.own
            && PORTS.iter().any(|known| is(name, known))
            && let Some(port) = port(&value)
        {
            let key = Key::new("port", port);
            let how = Offer::Implements;
            self.state(Claim::Provides { key, how }, setting.bytes.clone());
        }
        if let Some(rest) = behind(name, "spring.cloud.stream.bindings.")
            && let Some((binding, "destination")) = rest.rsplit_once('.')
        {
            self.binding(binding, &value, setting);
        }
        if behind(name, "spring.config.import").is_some() {
            self.imported(setting);
        }
        if is(name, "spring.cloud.config.discovery.service-id") {
            let mut url = Template::text("lb://");
            url.extend(&value);
            let key = Key::new("property", "spring.cloud.config.uri");
            self.bind(key, url, setting);
        }
        if is_wanted(name, &setting.value) {
            // What stands above tells of whom, not what.
            let last = name.rsplit('.').next().unwrap_or(name);
            let value = secrets::masked(last, &value);
            self.bind(Key::new("property", name), value, setting);
        }
    }

    /// A channel of Spring Cloud Stream whose name tells its direction: `order-in-0`, `output`.
    ///
    /// Source: <https://docs.spring.io/spring-cloud-stream/reference/spring-cloud-stream/functional-binding-names.html>
    fn binding(&mut self, binding: &str, destination: &Template, setting: &Setting) {
        let mut words = binding.rsplit('-');
        let is_numbered = words
            .next()
            .is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        let direction = words.next().filter(|_| is_numbered).unwrap_or(binding);
        let kind = match direction {
            "in" | "input" => DependencyKind::EventSub,
            "out" | "output" => DependencyKind::EventPub,
            _ => return,
        };
        let broker = Key::new("broker", "stream");
        // Several topics of one binding stand behind each other.
        let several: Vec<Template> = match destination.as_text() {
            Some(text) => text.split(',').map(|text| text.trim().into()).collect(),
            None => vec![destination.clone()],
        };
        for topic in several {
            self.require(Key::at("topic", broker.clone(), topic), kind, setting);
        }
    }

    /// `optional:configserver:http://config:8888`: where the configuration server is.
    fn imported(&mut self, setting: &Setting) {
        // A comma may stand in a default, and no list of addresses is of use.
        let Some((_, url)) = setting.value.split_once("configserver:") else {
            return;
        };
        let url = match url.split_once(",optional:") {
            Some((first, _)) => first,
            None => url,
        };
        let url = match url.is_empty() {
            true => "${spring.cloud.config.uri:http://localhost:8888}",
            false => url,
        };
        let key = Key::new("property", "spring.cloud.config.uri");
        if !url.contains("spring.cloud.config.uri") {
            self.bind(key.clone(), template(url), setting);
        }
        let at = Template::reference(key, Some("http://localhost:8888".into()));
        let key = Key::at("platform", at, "config-server");
        self.require(key, DependencyKind::CallHttp, setting);
    }
}

/// Under which name a program registers.
const NAMES: &[&str] = &[
    "spring.application.name",
    "micronaut.application.name",
    "quarkus.application.name",
];

/// At which port it answers.
const PORTS: &[&str] = &[
    "server.port",
    "micronaut.server.port",
    "quarkus.http.port",
    "grpc.server.port",
    "quarkus.grpc.server.port",
];

/// Whether nothing of a value is unknown.
fn is_whole(value: &Template) -> bool {
    let is_open = |part: &Part| match part {
        Part::Hole => true,
        Part::Text(text) => text.contains(char::is_whitespace),
        Part::Ref(_) | Part::Star => false,
    };
    !value.is_empty() && !value.0.iter().any(is_open)
}

/// A port, or the default of one that the environment may set.
fn port(value: &Template) -> Option<String> {
    let text = match value.0.as_slice() {
        [Part::Ref(reference)] => reference.default.as_ref()?.as_text()?,
        _ => value.as_text()?,
    };
    let number: u16 = text.trim().parse().ok()?;
    (number > 0).then(|| number.to_string())
}

/// Settings of how a program behaves, which lead nowhere.
const UNWANTED: &[&str] = &[
    "logging.",
    "info.",
    "spring.cloud.gateway.",
    "spring.jpa.",
    "spring.jackson.",
    "spring.mvc.",
    "spring.messages.",
    "spring.thymeleaf.",
    "spring.security.user.",
    "spring.servlet.",
    "resilience4j.",
    "hystrix.",
    "springdoc.",
    "zuul.",
    "management.endpoint.",
    "management.endpoints.",
];

/// The longest value that can be a name or an address.
const LONGEST: usize = 1024;

/// Whether a setting can be a name that something refers to, or an address.
fn is_wanted(name: &str, value: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    if value.len() > LONGEST || value.is_empty() {
        return false;
    }
    if UNWANTED.iter().any(|start| behind(name, start).is_some()) {
        return false;
    }
    if matches!(value, "true" | "false") {
        return ["enabled", "register-with-eureka", "fetch-registry"]
            .iter()
            .any(|word| is(&last, word));
    }
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return last.contains("port");
    }
    !value.contains(char::is_whitespace) || value.contains("://") || value.contains(',')
}
