//! What does one service of a compose file run, and what is set for it?
//!
//! Source: <https://github.com/compose-spec/compose-spec/blob/main/05-services.md>

use std::ops::Range;

use super::build::Build;
use super::stack::Stack;
use crate::extract::command::Command;
use crate::extract::environment::bindings;
use crate::extract::tree::{Entry, Node, Value};
use crate::model::images::{self, Image};
use crate::model::secrets::masked;
use crate::model::{Claim, ComponentKind, Key, Offer, Subject, Template, join};

/// The most ports of one range.
const PORTS: usize = 64;

/// Ends of the names of configurations.
const CONFIGURATIONS: &[&str] = &[
    ".cfg",
    ".conf",
    ".json",
    ".properties",
    ".template",
    ".toml",
    ".vhost",
    ".yaml",
    ".yml",
];

/// Reads one service.
pub(super) struct Service<'s, 'a, 'f> {
    name: &'s str,
    name_bytes: Range<usize>,
    node: &'s Node,
    profiles: Vec<Box<str>>,
    stack: &'s mut Stack<'a, 'f>,
}

impl<'s, 'a, 'f> Service<'s, 'a, 'f> {
    pub(super) fn new(entry: &'s Entry, stack: &'s mut Stack<'a, 'f>) -> Self {
        let profiles = entry.value.get("profiles").map_or(&[][..], Node::items);
        Self {
            name: &entry.key,
            name_bytes: entry.key_bytes.clone(),
            node: &entry.value,
            profiles: profiles
                .iter()
                .filter_map(|profile| Some(profile.text()?.into()))
                .collect(),
            stack,
        }
    }

    pub(super) fn read(mut self) {
        let build = Build::of(self.node, self.stack);
        let image = self.node.get("image").and_then(|node| {
            let text = node.text()?;
            Some((self.stack.template(text), self.stack.assumed(text), node))
        });
        let known = match (&build, &image) {
            // What is built here is what its Dockerfile says.
            (None, Some((_, Some(image), _))) => images::known(image),
            _ => None,
        };
        self.component(known);
        self.hosts();
        self.runs(build.as_ref(), image, known);
        self.extends();
        self.environment(build.as_ref());
        self.mounts();
        self.ports();
    }

    fn component(&mut self, known: Option<Image>) {
        let mode = self.node.at(&["deploy", "mode"]).and_then(Node::text);
        let command = self.command();
        let is_client = command.is_some_and(|(command, _)| command.is_client());
        let known = known.filter(|_| !is_client);
        let kind = match known {
            Some(image) => image.kind,
            // The tools of a store that come with it.
            None if is_client => ComponentKind::Job,
            None if mode.is_some_and(|mode| mode.ends_with("-job")) => ComponentKind::Job,
            None => ComponentKind::Service,
        };
        let bytes = self.name_bytes.clone();
        self.state(Claim::Component { kind, name: None }, bytes.clone());
        if let Some(engine) = known.and_then(|image| image.engine) {
            self.provides(Key::new("trait", format!("engine/{engine}")), bytes);
        }
    }

    /// The names under which others find the service.
    fn hosts(&mut self) {
        let own = self.stack.host(self.name);
        self.provides(own, self.name_bytes.clone());
        let networks = self.node.get("networks").map(Node::merged);
        let aliases = networks.into_iter().flatten();
        let aliases = aliases.filter_map(|network| network.value.get("aliases"));
        let names = ["container_name", "hostname"].into_iter();
        let names: Vec<&Node> = names
            .filter_map(|key| self.node.get(key))
            .chain(aliases.flat_map(Node::items))
            .collect();
        for node in names {
            if let Some(text) = node.text().filter(|text| *text != self.name) {
                let host = self.stack.host(self.stack.template(text));
                self.provides(host, node.bytes.clone());
            }
        }
        // `links: [service:alias]` names another service, as this one calls it.
        for link in self.node.get("links").map_or(&[][..], Node::items) {
            if let Some((service, alias)) = link.text().and_then(|link| link.split_once(':'))
                && service != alias
            {
                let claim = Claim::Provides {
                    key: self.stack.host(alias),
                    how: Offer::Implements,
                };
                let subject = Stack::subject(self.stack.folder, service);
                self.stack
                    .state(subject, claim, link.bytes.clone(), &self.profiles);
            }
        }
    }

    /// The code behind the service, and how it is started.
    fn runs(
        &mut self,
        build: Option<&Build>,
        image: Option<(Template, Option<String>, &Node)>,
        known: Option<Image>,
    ) {
        let command = self.command();
        let entry = command.as_ref().and_then(|(command, _)| command.entry());
        // What a well-known image is started with makes it nothing else.
        let entry = entry.filter(|_| known.is_none()).map(Template::text);
        if let Some(build) = build {
            for what in build.run() {
                let entry = entry.clone();
                self.state(Claim::Runs { what, entry }, build.bytes.clone());
            }
            for (subject, claim, bytes) in build.statements(image.as_ref().map(|image| &image.0)) {
                self.stack.push(subject, claim, bytes, &self.profiles);
            }
        }
        if let Some((name, _, node)) = image
            && !name.is_empty()
        {
            let what = Key::new("image", name);
            self.state(Claim::Runs { what, entry }, node.bytes.clone());
        }
        let Some((command, bytes)) = command else {
            return;
        };
        // What is behind an entry point that only the image tells are its arguments.
        let is_program = self.node.get("entrypoint").is_some() || command.has_path();
        if let Some(name) = command.started().filter(|_| is_program && known.is_none()) {
            let what = Key::new("program", name);
            self.state(Claim::Runs { what, entry: None }, bytes.clone());
        }
        for setting in command.settings() {
            let value = self.stack.template(setting.value);
            let value = masked(setting.name, &value);
            let key = Key::new("property", setting.name);
            self.state(Claim::Binds { key, value }, bytes.clone());
        }
    }

    /// `entrypoint` and `command`, one behind the other.
    fn command(&self) -> Option<(Command, Range<usize>)> {
        let read = |key: &str| {
            let node = self.node.get(key)?;
            let command = match &node.value {
                Value::List(items) => {
                    let words = items.iter().filter_map(Node::text);
                    Command::new(words.map(str::to_owned))
                }
                _ => Command::split(node.text()?)?,
            };
            (!command.is_empty()).then(|| (command, node.bytes.clone()))
        };
        match (read("entrypoint"), read("command")) {
            (Some((entrypoint, bytes)), Some((command, _))) => {
                Some((entrypoint.then(command), bytes))
            }
            (first, second) => first.or(second),
        }
    }

    /// `extends`: what another service says holds for this one, too.
    fn extends(&mut self) {
        let Some(extends) = self.node.get("extends") else {
            return;
        };
        let service = extends.text().or_else(|| extends.text_of("service"));
        let folder = match extends.text_of("file") {
            None => Some(self.stack.folder.to_owned()),
            Some(file) => self
                .stack
                .assumed(file)
                .and_then(|file| join(self.stack.folder, &file))
                .map(|file| crate::model::parent(&file).to_owned()),
        };
        if let (Some(service), Some(folder)) = (service, folder) {
            let from = Stack::subject(&folder, service);
            // The same service in another file of the stack.
            if from != Stack::subject(self.stack.folder, self.name) {
                let claim = Claim::Inherits { from, prefix: None };
                self.state(claim, extends.bytes.clone());
            }
        }
    }

    /// `environment`, `env_file`, and the arguments of the build, which what is built there may keep.
    fn environment(&mut self, build: Option<&Build>) {
        let own = variables(self.node.get("environment"));
        let known = |name: &str| own.iter().any(|variable| variable.name == name);
        let arguments = build.map(|build| variables(build.node.get("args")));
        let arguments = arguments.unwrap_or_default().into_iter();
        let arguments: Vec<_> = arguments.filter(|one| !known(one.name)).collect();
        for variable in arguments.into_iter().chain(own) {
            let value = match variable.value {
                Some(value) => self.stack.template(value),
                // The value is taken from where compose is started.
                None => self.stack.template(&format!("${{{}}}", variable.name)),
            };
            for (key, value) in bindings(variable.name, &value) {
                self.state(Claim::Binds { key, value }, variable.bytes.clone());
            }
        }
        let Some(files) = self.node.get("env_file") else {
            return;
        };
        let files = match &files.value {
            Value::List(files) => files.as_slice(),
            _ => std::slice::from_ref(files),
        };
        for file in files {
            let Some(path) = file.text().or_else(|| file.text_of("path")) else {
                continue;
            };
            let path = self.stack.assumed(path);
            if let Some(path) = path.and_then(|path| join(self.stack.folder, &path)) {
                let claim = Claim::Inherits {
                    from: Key::new("file", path),
                    prefix: None,
                };
                self.state(claim, file.bytes.clone());
            }
        }
    }

    /// `volumes`: the service has what is mounted, and what a configuration among it says is about this service.
    fn mounts(&mut self) {
        for node in self.node.get("volumes").map_or(&[][..], Node::items) {
            let (source, target) = match &node.value {
                Value::Map(_) if node.text_of("type") == Some("bind") => {
                    (node.text_of("source"), node.text_of("target"))
                }
                _ => {
                    let mut parts = node.text().unwrap_or_default().split(':');
                    (parts.next(), parts.next())
                }
            };
            let source = source.and_then(|source| self.stack.assumed(source));
            let folder = source.as_deref();
            let folder = folder.filter(|folder| folder.starts_with('.'));
            if let Some(path) = folder.and_then(|folder| join(self.stack.folder, folder)) {
                let key = Key::new("volume", "");
                let value = Template::text(format!("path:{path}"));
                self.state(Claim::Binds { key, value }, node.bytes.clone());
            }
            let mount = source.as_deref().zip(target).and_then(mounted);
            if let Some((namespace, path)) = mount
                && let Some(path) = join(self.stack.folder, path)
            {
                let claim = Claim::Inherits {
                    from: Key::new(namespace, path),
                    prefix: None,
                };
                self.state(claim, node.bytes.clone());
            }
        }
    }

    /// Ports that are open on the machine itself.
    fn ports(&mut self) {
        for node in self.node.get("ports").map_or(&[][..], Node::items) {
            let published = match &node.value {
                Value::Map(_) => node.text_of("published"),
                _ => node.text().and_then(short_port),
            };
            let Some(published) = published else {
                continue;
            };
            let numbers = published
                .split_once('-')
                .and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)));
            let ports: Vec<Template> = match numbers {
                Some((first, last)) => {
                    let range: std::ops::RangeInclusive<u16> = first..=last;
                    if range.len() > PORTS {
                        let message = format!("more than {PORTS} ports; the rest is not read");
                        self.stack.left_out(node.bytes.clone(), message);
                    }
                    let ports = range.take(PORTS);
                    ports.map(|port| Template::text(port.to_string())).collect()
                }
                None => vec![self.stack.template(published)],
            };
            for port in ports {
                self.provides(Key::new("port", port), node.bytes.clone());
            }
        }
    }

    fn provides(&mut self, key: Key, bytes: Range<usize>) {
        let how = Offer::Implements;
        self.state(Claim::Provides { key, how }, bytes);
    }

    /// States a claim about the service.
    fn state(&mut self, claim: Claim, bytes: Range<usize>) {
        let subject = Subject::Named(Stack::subject(self.stack.folder, self.name));
        self.stack.push(subject, claim, bytes, &self.profiles);
    }
}

/// A variable; without a value it is passed on.
struct Variable<'n> {
    name: &'n str,
    value: Option<&'n str>,
    bytes: Range<usize>,
}

/// A map of variables, or a list of `NAME=value` and `NAME`.
fn variables(node: Option<&Node>) -> Vec<Variable<'_>> {
    let Some(node) = node else {
        return Vec::new();
    };
    let entries = node.merged().into_iter().map(|entry| Variable {
        name: &entry.key,
        value: entry.value.text(),
        bytes: entry.key_bytes.start..entry.value.bytes.end.max(entry.key_bytes.end),
    });
    let items = node.items().iter().filter_map(|item| {
        let text = item.text()?;
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let bytes = item.bytes.clone();
        Some(Variable { name, value, bytes })
    });
    let is_name = |name: &str| !name.is_empty() && !name.contains(['$', ' ']);
    entries
        .chain(items)
        .filter(|variable| is_name(variable.name))
        .collect()
}

/// The configuration of the tree that is mounted: a file, or a folder where programs look for theirs; no data, no source.
fn mounted<'t>((source, target): (&'t str, &str)) -> Option<(&'static str, &'t str)> {
    if !source.starts_with('.') {
        return None;
    }
    let source = source.trim_end_matches('/');
    let name = source.rsplit('/').next()?;
    let is_configuration = name == "Caddyfile"
        || CONFIGURATIONS
            .iter()
            .any(|end| name.len() > end.len() && name.ends_with(end));
    if is_configuration {
        return Some(("file", source));
    }
    let is_folder = !name.is_empty() && !name.starts_with('.') && target.starts_with("/etc/");
    is_folder.then_some(("folder", source))
}

/// The published part of `[ip:]published:target[/protocol]`; variables may hold colons.
fn short_port(text: &str) -> Option<&str> {
    let mut colons = Vec::new();
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => colons.push(at),
            _ => {}
        }
    }
    let end = colons.pop()?;
    let start = colons.pop().map_or(0, |at| at + 1);
    Some(&text[start..end]).filter(|port| !port.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configurations_that_are_mounted() {
        for (source, target, expected) in [
            ("./nginx.conf", "/x", Some(("file", "./nginx.conf"))),
            (
                "../front/Caddyfile",
                "/x",
                Some(("file", "../front/Caddyfile")),
            ),
            (
                "./conf.d/",
                "/etc/nginx/conf.d",
                Some(("folder", "./conf.d")),
            ),
            ("./src", "/app/src", None),
            (".", "/etc/x", None),
            ("..", "/etc/x", None),
            ("nginx.conf", "/x", None),
            ("/etc/nginx.conf", "/x", None),
            ("./.conf", "/etc/x", None),
            ("", "", None),
        ] {
            assert_eq!(mounted((source, target)), expected, "{source}");
        }
    }

    #[test]
    fn published_ports_in_short_form() {
        for (text, expected) in [
            ("8080:80", Some("8080")),
            ("127.0.0.1:8080:80", Some("8080")),
            ("[::1]:8080:80", Some("8080")),
            ("8000-8002:80-82", Some("8000-8002")),
            ("${PORT:-80}:80/udp", Some("${PORT:-80}")),
            ("${IP:-0.0.0.0}:81:80", Some("81")),
            ("127.0.0.1::80", None),
            ("80", None),
        ] {
            assert_eq!(short_port(text), expected, "{text}");
        }
    }
}
