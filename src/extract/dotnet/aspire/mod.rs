//! What does an Aspire host put together: projects, containers, stores and brokers, with the names and settings that they get?
//!
//! Sources: <https://learn.microsoft.com/dotnet/aspire/fundamentals/app-host-overview>,
//! <https://learn.microsoft.com/dotnet/aspire/fundamentals/external-parameters>.

mod given;
mod resources;

use std::collections::HashMap;
use std::ops::Range;

use crate::extract::dotnet::outline::{self, Call, Outline};
use crate::extract::dotnet::texts::{Texts, argument};
use crate::extract::strings::Text;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{
    Certainty, Claim, ComponentKind, ExtractorId, Facts, Key, Language, Offer, Parsed, SourceFile,
    Subject, join,
};

/// Reads the program of an Aspire host.
#[derive(Debug)]
pub(in crate::extract) struct Host;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("dotnet/aspire"),
    summary: "What an Aspire host starts, with names, references and settings",
    globs: &["**/*.cs"],
    markers: &["DistributedApplication.CreateBuilder"],
    languages: &[Language::CSharp],
    ownership: false,
};

/// The most things that one host starts.
const RESOURCES: usize = 1024;

/// The most variables that stand for each other.
const VARIABLES: usize = 16;

/// A thing that the host starts.
struct Resource {
    name: String,
    kind: ComponentKind,
    engine: Option<&'static str>,
    /// The server that it is a database of.
    server: Option<usize>,
    bytes: Range<usize>,
}

struct Reader<'r, 'f, 't> {
    outline: &'r Outline<'t>,
    texts: Texts<'r, 't>,
    folder: &'r str,
    resources: Vec<Resource>,
    /// By the token of the method that adds it.
    made: HashMap<usize, usize>,
    facts: &'r mut Facts<'f>,
}

impl Extractor for Host {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let text = outline::text(file, facts);
        let outline = Outline::told(&text, facts);
        let mut reader = Reader {
            texts: Texts::new(&outline),
            outline: &outline,
            folder: file.path.parent(),
            resources: Vec::new(),
            made: HashMap::new(),
            facts,
        };
        reader.read();
    }
}

impl<'t> Reader<'_, '_, 't> {
    fn read(&mut self) {
        let outline = self.outline;
        for call in &outline.calls {
            if self.resources.len() >= RESOURCES {
                let message = format!("more than {RESOURCES} resources; the rest is not read");
                self.facts.problem(0..0, message);
                self.facts.parsed(Parsed::Partly);
                break;
            }
            self.resource(call);
        }
        self.names();
        for number in 0..self.resources.len() {
            self.engine(number);
        }
        for call in &outline.calls {
            let Some(number) = self.subject(call) else {
                continue;
            };
            match call.name {
                "WithReference" => self.reference(number, call),
                "WithEnvironment" => self.environment(number, call),
                "WithHttpEndpoint" | "WithHttpsEndpoint" | "WithEndpoint" => {
                    self.port(number, call)
                }
                "WithDaprSidecar" => {
                    if let Some(app) = self.literal(call, "appId", 0) {
                        self.provides(number, Key::new("discovery", app), call);
                    }
                }
                "WithConfiguration" => self.routes(number, call),
                _ => {}
            }
        }
    }

    fn literal(&self, call: &Call<'t>, name: &str, place: usize) -> Option<String> {
        let argument = argument(&call.arguments, name, place)?;
        let text = self.texts.literal(argument.tokens.clone())?;
        (!text.is_empty()).then_some(text)
    }

    /// Variables that hold a resource, with what it stands for in a text.
    fn names(&mut self) {
        let outline = self.outline;
        let mut names: Vec<&&str> = outline.definitions.keys().collect();
        names.sort();
        for name in names {
            for definition in &outline.definitions[*name] {
                let Some(number) = self.value(definition.value.clone()) else {
                    continue;
                };
                let resource = &self.resources[number];
                let text = match resource.kind {
                    ComponentKind::Datastore | ComponentKind::Broker => {
                        Text::Bound(self.key(&resource.name))
                    }
                    _ => Text::Literal(format!("http://{}", resource.name)),
                };
                self.texts.known.insert((*name).to_string(), text);
            }
        }
    }

    /// The resource that an expression gives: the last one that is added in it, or that of a variable.
    fn value(&self, tokens: Option<Range<usize>>) -> Option<usize> {
        let last = tokens?.end.checked_sub(1)?;
        let call = self.outline.call_ending(last)?;
        if let Some(number) = self.made.get(&call.at) {
            return Some(*number);
        }
        (!is_part(call)).then(|| self.before(call)).flatten()
    }

    /// The resource that the chain in front of a call is about.
    fn before(&self, call: &Call<'t>) -> Option<usize> {
        let mut call = call;
        for _ in 0..VARIABLES {
            let (calls, root) = self.outline.chain(call);
            let made = calls.iter().rev().find_map(|call| self.made.get(&call.at));
            if let Some(number) = made {
                return Some(*number);
            }
            // Or a variable, which may stand for another.
            let at = root?.end.checked_sub(1)?;
            let name = self.outline.tokens.word(at)?;
            let value = self.outline.definition(name, at)?.value?;
            call = self.outline.call_ending(value.end.checked_sub(1)?)?;
            if let Some(number) = self.made.get(&call.at) {
                return Some(*number);
            }
            if is_part(call) {
                return None;
            }
        }
        None
    }

    /// The resource that a call is about, when it sets something of it.
    fn subject(&self, call: &Call<'t>) -> Option<usize> {
        (!call.is_new && call.name.starts_with("With"))
            .then(|| self.before(call))
            .flatten()
    }

    /// The resource that an argument names.
    fn given(&self, call: &Call<'t>) -> Option<usize> {
        let tokens = call.arguments.first()?.tokens.clone();
        let last = tokens.end.checked_sub(1)?;
        match self.outline.call_ending(last) {
            Some(made) => self
                .made
                .get(&made.at)
                .copied()
                .or_else(|| self.before(made)),
            None => {
                let name = self.outline.tokens.word(last)?;
                self.value(self.outline.definition(name, last)?.value)
            }
        }
    }

    /// The folder of the host, `.` for the root.
    fn place(&self) -> &str {
        match self.folder {
            "" => ".",
            folder => folder,
        }
    }

    fn key(&self, name: &str) -> Key {
        Key::at("aspire", format!("path:{}", self.place()), name)
    }

    fn path(&self, path: &str) -> Option<Key> {
        Some(Key::new("path", join(self.folder, path)?))
    }

    fn provides(&mut self, number: usize, key: Key, call: &Call<'t>) {
        let how = Offer::Implements;
        self.claim(number, Claim::Provides { key, how }, call);
    }

    fn claim(&mut self, number: usize, claim: Claim, call: &Call<'t>) {
        let bytes = self.outline.bytes(call.at..call.end + 1);
        self.push(number, claim, bytes);
    }

    fn push(&mut self, number: usize, claim: Claim, bytes: Range<usize>) {
        let subject = Subject::Named(self.key(&self.resources[number].name));
        self.facts.push(subject, claim, bytes).certainty = Certainty::Declared;
    }
}

/// Whether a call gives something of a resource, and not the resource.
fn is_part(call: &Call<'_>) -> bool {
    matches!(call.name, "GetEndpoint" | "GetSecret" | "Build")
}

fn slashes(path: &str) -> String {
    path.replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn resources_get_names_and_settings() {
        let found = lines(
            &Host,
            "src/Host/Program.cs",
            r#"var builder = DistributedApplication.CreateBuilder(args);
var pg = builder.AddPostgres("pg").WithDataVolume();
var db = pg.AddDatabase("cartdb");
var queue = builder.AddContainer("queue", "rabbitmq", "3");
var login = builder.AddProject<Projects.Acme_Login>("login");
var point = login.GetEndpoint("http");
builder.AddProject<Projects.Cart>("cart").WithReference(db).WaitFor(db)
    .WithReference(login)
    .WithEnvironment("Login__Url", point)
    .WithEnvironment("Tax", $"{login.GetEndpoint("http")}/tax")
    .WithHttpEndpoint(port: 8080, name: "x");
builder.AddNpmApp("web", "../../web");
builder.Build().Run();
"#,
        );
        expect![[r#"
            aspire(path:src/Host)cart binds env:Login__Url = http://login [declared]  @ "WithEnvironment(\"Login__Url\", point)"
            aspire(path:src/Host)cart binds env:Tax = http://login/tax [declared]  @ "WithEnvironment(\"Tax\", $\"{login.GetEndpoint(\"http\")}/tax\")"
            aspire(path:src/Host)cart binds property:Login:Url = http://login [declared]  @ "WithEnvironment(\"Login__Url\", point)"
            aspire(path:src/Host)cart binds property:connectionstrings:cartdb = ${aspire(path:src/Host)cartdb} [declared]  @ "WithReference(db)"
            aspire(path:src/Host)cart binds property:services:login:http:0 = http://login [declared]  @ "WithReference(login)"
            aspire(path:src/Host)cart is service [declared]  @ "AddProject<Projects.Cart>(\"cart\")"
            aspire(path:src/Host)cart provides discovery:cart [declared]  @ "AddProject<Projects.Cart>(\"cart\")"
            aspire(path:src/Host)cart provides host(aspire:src/Host)cart [declared]  @ "AddProject<Projects.Cart>(\"cart\")"
            aspire(path:src/Host)cart provides port:8080 [declared]  @ "WithHttpEndpoint(port: 8080, name: \"x\")"
            aspire(path:src/Host)cart runs aspire-project:Cart [declared]  @ "AddProject<Projects.Cart>(\"cart\")"
            aspire(path:src/Host)cartdb is datastore [declared]  @ "AddDatabase(\"cartdb\")"
            aspire(path:src/Host)cartdb provides host(aspire:src/Host)cartdb [declared]  @ "AddDatabase(\"cartdb\")"
            aspire(path:src/Host)cartdb provides trait:engine/postgres [declared]  @ "AddDatabase(\"cartdb\")"
            aspire(path:src/Host)login is service [declared]  @ "AddProject<Projects.Acme_Login>(\"login\")"
            aspire(path:src/Host)login provides discovery:login [declared]  @ "AddProject<Projects.Acme_Login>(\"login\")"
            aspire(path:src/Host)login provides host(aspire:src/Host)login [declared]  @ "AddProject<Projects.Acme_Login>(\"login\")"
            aspire(path:src/Host)login runs aspire-project:Acme_Login [declared]  @ "AddProject<Projects.Acme_Login>(\"login\")"
            aspire(path:src/Host)pg is datastore [declared]  @ "AddPostgres(\"pg\")"
            aspire(path:src/Host)pg provides host(aspire:src/Host)pg [declared]  @ "AddPostgres(\"pg\")"
            aspire(path:src/Host)queue is broker [declared]  @ "AddContainer(\"queue\", \"rabbitmq\", \"3\")"
            aspire(path:src/Host)queue provides host(aspire:src/Host)queue [declared]  @ "AddContainer(\"queue\", \"rabbitmq\", \"3\")"
            aspire(path:src/Host)queue provides trait:engine/rabbitmq [declared]  @ "AddContainer(\"queue\", \"rabbitmq\", \"3\")"
            aspire(path:src/Host)queue runs image:rabbitmq [declared]  @ "AddContainer(\"queue\", \"rabbitmq\", \"3\")"
            aspire(path:src/Host)web is service [declared]  @ "AddNpmApp(\"web\", \"../../web\")"
            aspire(path:src/Host)web provides discovery:web [declared]  @ "AddNpmApp(\"web\", \"../../web\")"
            aspire(path:src/Host)web provides host(aspire:src/Host)web [declared]  @ "AddNpmApp(\"web\", \"../../web\")"
            aspire(path:src/Host)web runs path:web [declared]  @ "AddNpmApp(\"web\", \"../../web\")"
        "#]]
        .assert_eq(&found);
    }

    #[test]
    fn variables_that_stand_for_themselves_end() {
        let found = lines(
            &Host,
            "src/Host/Program.cs",
            "var b = DistributedApplication.CreateBuilder(args); var x = x.WithReference(x); var y = z.WithA(); var z = y.WithB(x); y.WithReference(z);",
        );
        assert_eq!(found, "");
    }
}
