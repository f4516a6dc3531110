//! Whom does code on the JVM call, what does it serve, what does it publish and listen to?
//!
//! Read by tokens like the names of these languages; only files that a marker picks.

mod calls;
mod clients;
mod events;
mod outline;
mod roles;
mod routes;
mod sink;
mod slots;
mod source;
mod stores;
#[cfg(test)]
mod tests;
mod values;

use crate::extract::tokens::Dialect;
use crate::extract::{Extractor, ExtractorInfo};
use crate::model::{ExtractorId, Facts, Language, Parsed, SourceFile};

use sink::Sink;
use source::Source;
use values::Values;

/// Reads calls, routes, events, connections and constants that lead to them.
#[derive(Debug)]
pub(in crate::extract) struct Services;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("jvm/services"),
    summary: "Calls, routes, events and connections of Java and Kotlin code",
    globs: &["**/*.java", "**/*.kt"],
    markers: &[
        // Clients.
        "RestTemplate",
        "RestOperations",
        "WebClient",
        "RestClient",
        "HttpRequest.newBuilder",
        ".openConnection",
        "okhttp3",
        "retrofit2",
        "org.apache.http",
        "apache.hc.client",
        "ws.rs.client",
        "FeignClient",
        "feign.",
        "HttpExchange",
        "micronaut.http",
        "io.ktor",
        "DiscoveryClient",
        "LoadBalancerClient",
        "EurekaClient",
        "RouteLocatorBuilder",
        // Remote procedures.
        "BlockingStub",
        "FutureStub",
        "CoroutineStub",
        "ImplBase",
        "GrpcClient",
        "ManagedChannel",
        // Servers.
        "RestController",
        "stereotype.Controller",
        "web.function.server",
        "ws.rs.Path",
        "RepositoryRestResource",
        // Events.
        "KafkaListener",
        "KafkaTemplate",
        "KafkaProducer",
        "KafkaConsumer",
        "kafka.streams",
        "configuration.kafka",
        "RabbitListener",
        "RabbitTemplate",
        "AmqpTemplate",
        "amqp.core",
        "StreamListener",
        "StreamBridge",
        "cloud.stream",
        "JmsListener",
        "JmsTemplate",
        "PulsarListener",
        "PulsarTemplate",
        "SqsListener",
        "SqsTemplate",
        "reactive.messaging",
        "eventuate.tram",
        // Stores.
        "DataSourceBuilder",
        "DriverManager",
        "HikariConfig",
        "MongoClient",
        "jedis",
        "RedisStandaloneConfiguration",
        "RedisClient",
        // What a program is.
        "@EnableEureka",
        "@EnableConfigServer",
        "@EnableDiscoveryClient",
        "@EnableZuul",
        "@EnableAdminServer",
        "@EnableTurbine",
        "@EnableHystrixDashboard",
        "@EnableZipkin",
        // Names that others use.
        "@ConfigurationProperties",
        "_TOPIC",
        "TOPIC_",
        "_QUEUE",
        "QUEUE_",
        "_EXCHANGE",
        "_CHANNEL",
        "_URL",
        "_HOST",
        "\"http://",
        "\"https://",
    ],
    languages: &[Language::Java, Language::Kotlin],
    ownership: false,
};

impl Extractor for Services {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        let dialect = match file.path.file_name().ends_with(".kt") {
            true => Dialect::Kotlin,
            false => Dialect::Java,
        };
        let source = Source::new(file.bytes, dialect);
        let outline = outline::read(&source);
        let values = Values::new(&source, &outline);
        let mut sink = Sink::default();
        roles::find(&values, &mut sink);
        clients::find(&values, &mut sink);
        routes::find(&values, &mut sink);
        calls::find(&values, &mut sink);
        events::find(&values, &mut sink);
        stores::find(&values, &mut sink);
        slots::find(&values, &mut sink);
        sink.state(facts);
        facts.parsed(Parsed::Whole);
        if source.cut || outline.full {
            facts.problem(0..0, "too long: the rest is not read");
            facts.parsed(Parsed::Partly);
        }
        if let Some(message) = values.problem() {
            facts.problem(0..0, message);
            facts.parsed(Parsed::Partly);
        }
        if let Some((bytes, message)) = source.problem {
            facts.problem(bytes, message);
            facts.parsed(Parsed::Partly);
        }
    }
}
