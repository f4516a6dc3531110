//! The methods that add something to an Aspire host.

use super::{Reader, Resource, slashes};
use crate::extract::dotnet::outline::Call;
use crate::model::{Claim, ComponentKind, Key, Offer, images, parent};

/// Methods that add what holds data, with the engine.
const STORES: &[(&str, &str)] = &[
    ("AddAzureCosmosDB", "cosmosdb"),
    ("AddAzureManagedRedis", "redis"),
    ("AddAzurePostgresFlexibleServer", "postgres"),
    ("AddAzureRedis", "redis"),
    ("AddAzureSqlServer", "sqlserver"),
    ("AddAzureStorage", "azure-storage"),
    ("AddClickHouse", "clickhouse"),
    ("AddElasticsearch", "elasticsearch"),
    ("AddGarnet", "redis"),
    ("AddMeilisearch", "meilisearch"),
    ("AddMilvus", "milvus"),
    ("AddMongoDB", "mongodb"),
    ("AddMySql", "mysql"),
    ("AddOracle", "oracle"),
    ("AddPostgres", "postgres"),
    ("AddQdrant", "qdrant"),
    ("AddRavenDB", "ravendb"),
    ("AddRedis", "redis"),
    ("AddSqlServer", "sqlserver"),
    ("AddValkey", "redis"),
];

/// Methods that add a broker, with the engine.
const BROKERS: &[(&str, &str)] = &[
    ("AddAzureEventHubs", "eventhub"),
    ("AddAzureServiceBus", "servicebus"),
    ("AddKafka", "kafka"),
    ("AddNats", "nats"),
    ("AddRabbitMQ", "rabbitmq"),
];

/// Methods that add code which is started from a folder; the place of the folder among the arguments.
const PROGRAMS: &[(&str, usize)] = &[
    ("AddExecutable", 2),
    ("AddGolangApp", 1),
    ("AddJavaScriptApp", 1),
    ("AddNodeApp", 1),
    ("AddNpmApp", 1),
    ("AddPythonApp", 1),
    ("AddPythonModule", 1),
    ("AddSpringApp", 1),
    ("AddUvicornApp", 1),
    ("AddViteApp", 1),
];

/// Methods that add what serves the others.
const INFRASTRUCTURE: &[&str] = &["AddKeycloak", "AddMailPit", "AddOllama", "AddSeq"];

impl<'t> Reader<'_, '_, 't> {
    /// What a method adds.
    pub(super) fn resource(&mut self, call: &Call<'t>) {
        if call.is_new || !call.name.starts_with("Add") {
            return;
        }
        let Some(name) = self.literal(call, "name", 0) else {
            return;
        };
        let of = |list: &[(&str, &'static str)]| {
            let found = list.iter().find(|(method, _)| *method == call.name);
            found.map(|(_, engine)| *engine)
        };
        let server = self.before(call);
        let mut runs: Vec<Key> = Vec::new();
        let mut image = None;
        let (mut kind, mut engine) = match call.name {
            "AddProject" => {
                match (call.generics.first(), self.literal(call, "projectPath", 1)) {
                    (Some(project), _) => {
                        runs.push(Key::new("aspire-project", project.simple()));
                    }
                    (None, Some(path)) => runs.extend(self.path(parent(&slashes(&path)))),
                    _ => return,
                }
                (ComponentKind::Service, None)
            }
            "AddContainer" => {
                image = self.literal(call, "image", 1);
                (ComponentKind::Service, None)
            }
            "AddDockerfile" => {
                let context = self.literal(call, "contextPath", 1);
                runs.extend(context.and_then(|path| self.path(&slashes(&path))));
                (ComponentKind::Service, None)
            }
            "AddYarp" => (ComponentKind::Gateway, None),
            name if INFRASTRUCTURE.contains(&name) => (ComponentKind::Infrastructure, None),
            "AddDatabase" | "AddCosmosDatabase" | "AddBlobs" | "AddBlobContainer" | "AddTables" => {
                let Some(server) = server else {
                    return;
                };
                let engine = self.resources[server].engine;
                (ComponentKind::Datastore, engine)
            }
            _ => match (of(STORES), of(BROKERS)) {
                (Some(engine), _) => (ComponentKind::Datastore, Some(engine)),
                (_, Some(engine)) => (ComponentKind::Broker, Some(engine)),
                _ => {
                    let Some((_, place)) = PROGRAMS.iter().find(|(method, _)| *method == call.name)
                    else {
                        return;
                    };
                    let folder = self
                        .literal(call, "workingDirectory", *place)
                        .or_else(|| self.literal(call, "appDirectory", *place));
                    // Where the host itself lies, a program of somebody else is started.
                    let folder = folder.filter(|folder| folder != ".");
                    runs.extend(folder.and_then(|path| self.path(&slashes(&path))));
                    (ComponentKind::Service, None)
                }
            },
        };
        if let Some(image) = &image {
            if let Some(known) = images::known(image) {
                (kind, engine) = (known.kind, known.engine);
            }
            runs.push(Key::new("image", image.as_str()));
        }
        let number = self.resources.len();
        self.resources.push(Resource {
            name,
            kind,
            engine,
            server: server.filter(|_| call.name.contains("Database")),
            bytes: self.outline.bytes(call.at..call.end + 1),
        });
        self.made.insert(call.at, number);
        self.claim(number, Claim::Component { kind, name: None }, call);
        let name = self.resources[number].name.clone();
        let network = format!("aspire:{}", self.place());
        self.provides(number, Key::at("host", network, name.as_str()), call);
        if matches!(kind, ComponentKind::Service) {
            self.provides(number, Key::new("discovery", name), call);
        }
        for what in runs {
            self.claim(number, Claim::Runs { what, entry: None }, call);
        }
    }

    /// The databases of a server are what runs the engine, where it has any.
    pub(super) fn engine(&mut self, number: usize) {
        let resource = &self.resources[number];
        let has_databases = self.resources.iter().any(|one| one.server == Some(number));
        if let Some(engine) = resource.engine.filter(|_| !has_databases) {
            let key = Key::new("trait", format!("engine/{engine}"));
            let bytes = resource.bytes.clone();
            let how = Offer::Implements;
            self.push(number, Claim::Provides { key, how }, bytes);
        }
    }
}
