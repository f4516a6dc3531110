//! Which services, topics and stores does a C# file use, which operations does it serve?

use super::clients::Clients;
use super::events::Events;
use super::net::Net;
use super::outline::{self, Outline};
use super::served;
use super::stores;
use super::texts::Texts;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Key, Language, Part, SourceFile, Template};

/// Reads `*.cs` with a word of some client, server, broker or store.
#[derive(Debug)]
pub(in crate::extract) struct Network;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("dotnet/network"),
    summary: "Calls, routes, topics and connections of C# code",
    globs: &["**/*.cs"],
    markers: &[
        "AddElasticsearchClient",
        "AddMarten(",
        "AddMilvusClient",
        "AddMongoDBClient",
        "AddMySql",
        "AddNpgsqlD",
        "AddOptions<",
        "AddQdrantClient",
        "AddRabbitMQClient",
        "AddRedis",
        "AddRefitClient",
        "AddSqlServerClient",
        "AddSqlServerDbContext",
        "AddStackExchangeRedisCache",
        "AddSubscription<",
        "AddTypedClient",
        "Azure.Messaging.ServiceBus",
        "BasicConsume",
        "BasicPublish",
        "CapSubscribe",
        "Confluent.Kafka",
        "Configure<",
        "ConnectionMultiplexer",
        "Dapr",
        "DotNetCore.CAP",
        "EasyNetQ",
        "EndpointAddress(",
        "EventBus",
        "Flurl",
        "Grpc",
        "HttpClient",
        "HttpRequestMessage",
        "IConsumer<",
        "IHandleMessages<",
        "IMessageHandlerContext",
        "IMessageSession",
        "IProducer<",
        "IPublishEndpoint",
        "IRequestClient<",
        "ISendEndpoint",
        "IntegrationEvent",
        "MapDelete(",
        "MapForwarder",
        "MapGet(",
        "MapHub<",
        "MapPatch(",
        "MapPost(",
        "MapPut(",
        "MassTransit",
        "MongoClient(",
        "MySqlConnection(",
        "NATS.",
        "NServiceBus",
        "NpgsqlConnection(",
        "NpgsqlDataSource",
        "OracleConnection(",
        "PublishEventAsync",
        "Rebus",
        "Refit",
        "RestSharp",
        "ServiceBusClient",
        "ServiceBusTrigger",
        "SqlConnection(",
        "UseCosmos(",
        "UseMongoDB(",
        "UseMySQL(",
        "UseMySql(",
        "UseNpgsql(",
        "UseOracle(",
        "UseSqlServer(",
        "[Delete(",
        "[Get(",
        "[Http",
        "[Patch(",
        "[Post(",
        "[Put(",
        "[Topic(",
        "const string ",
    ],
    languages: &[Language::CSharp],
    ownership: false,
};

impl Extractor for Network {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let text = outline::text(file, facts);
        let outline = Outline::told(&text, facts);
        let texts = Texts::new(&outline);
        let mut net = Net::default();
        served::read(&outline, &texts, &mut net);
        stores::read(&outline, &texts, &mut net);
        options(&outline, &texts, &mut net);
        constants(&outline, &texts, &mut net);
        let (outline, texts) = (&outline, &texts);
        Clients {
            outline,
            texts,
            net: &mut net,
        }
        .read();
        Events {
            outline,
            texts,
            net: &mut net,
        }
        .read();
        net.state(facts);
    }
}

/// Which section of the configuration a type is bound to: `Configure<UrlOptions>(configuration.GetSection("Urls"))`.
///
/// Source: <https://learn.microsoft.com/dotnet/core/extensions/options>
fn options(outline: &Outline<'_>, texts: &Texts<'_, '_>, net: &mut Net) {
    for call in &outline.calls {
        let kind = match call.name {
            "Configure" | "AddOptions" => call.generics.first(),
            _ => None,
        };
        let Some(kind) = kind else {
            continue;
        };
        let bytes = outline.bytes(call.at..call.end + 1);
        let key = Key::new("options", kind.simple());
        // `AddOptions<T>().Bind(section)` and `.BindConfiguration("Section")`.
        let source = match call.name {
            "Configure" => call.arguments.last(),
            _ => {
                let rest = outline.expression(call.at);
                let mut following = outline.calls.iter().filter(|next| {
                    rest.contains(&next.at) && matches!(next.name, "Bind" | "BindConfiguration")
                });
                following.find_map(|next| next.arguments.first())
            }
        };
        let Some(source) = source else {
            continue;
        };
        let value = texts.template(source.tokens.clone());
        let section = section(&value);
        let is_whole = outline
            .tokens
            .word(source.tokens.end - usize::from(!source.tokens.is_empty()))
            .is_some_and(|word| word.to_lowercase().ends_with("configuration"));
        match section {
            Some(name) => net.binds(key, format!("{name}:").into(), bytes),
            None if is_whole => net.binds(key, Template::default(), bytes),
            None => {}
        }
    }
}

/// The name of a section, in lower case, from the reference that asking for it gives.
fn section(value: &Template) -> Option<String> {
    let [part] = value.0.as_slice() else {
        return None;
    };
    match part {
        Part::Text(text) => Some(text.to_lowercase()),
        Part::Ref(reference) => match reference.key.namespace.0 {
            "property" | "env" => Some(reference.key.name.as_text()?.to_lowercase()),
            _ => None,
        },
        Part::Hole | Part::Star => None,
    }
}

/// Constants of types, which other files may name.
fn constants(outline: &Outline<'_>, texts: &Texts<'_, '_>, net: &mut Net) {
    let mut names: Vec<&&str> = outline.definitions.keys().collect();
    names.sort();
    for name in names {
        let [only] = outline.definitions[*name].as_slice() else {
            continue;
        };
        let Some(value) = only.value.clone().filter(|_| only.is_declaration) else {
            continue;
        };
        let around = outline.type_around(only.at);
        let Some(around) = around.filter(|_| outline.method_around(only.at).is_none()) else {
            continue;
        };
        let modifiers =
            (only.at.saturating_sub(5)..only.at).filter_map(|at| outline.tokens.word(at));
        let is_constant = modifiers
            .clone()
            .any(|word| matches!(word, "const" | "static"))
            && !modifiers.clone().any(|word| word == "private");
        if !is_constant {
            continue;
        }
        let value = texts.template(value);
        let is_name = |text: &str| text.len() < 256 && !text.contains(char::is_whitespace);
        let is_told = !value.0.is_empty()
            && value.0.iter().all(|part| match part {
                Part::Text(text) => is_name(text),
                Part::Ref(_) => true,
                Part::Hole | Part::Star => false,
            });
        if is_told {
            let bytes = outline.bytes(only.at..only.at + 1);
            net.binds(Key::at("slot", around.name, *name), value, bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::lines;

    #[test]
    fn names_that_lead_to_themselves_end() {
        for text in [
            "class A { HttpClient c = c; void B() { var u = u + u; c.GetAsync(u); var r = r.MapGroup(r); r.MapGet(r); } }",
            "class A { string B(string x) { return B(B(x) + x); } void C() { new HttpClient().GetAsync(B(B(\"a\"))); } }",
            "class A { void B() { var o = o.Value; var s = s.GetSection(\"a\"); new HttpClient().GetAsync(o.X + s[\"b\"]); } }",
            "var c = new Cart.CartClient(d); var d = e; var e = GrpcChannel.ForAddress(d); c.Find(c);",
        ] {
            lines(&Network, "A.cs", text);
        }
    }
}
