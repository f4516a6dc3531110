//! Which packages say by themselves whom a program talks to: starters, which act without a line of code.
//!
//! Sources: <https://docs.spring.io/spring-cloud-netflix/reference/>, <https://docs.spring.io/spring-cloud-bus/reference/>,
//! <https://docs.spring.io/spring-cloud-stream/reference/>

use crate::model::{Access, Certainty, Claim, DependencyKind, Fact, Key, Subject, Template};

/// What a package does.
enum Does {
    /// Talks to a server of the platform: its role, the setting with its address, what holds without it.
    Asks(&'static str, &'static str, &'static str),
    /// Sends messages through a broker.
    Sends(&'static str),
    /// Takes messages from a broker.
    Listens(&'static str),
    /// Joins the streams of the program to a broker.
    Binds(&'static str),
}

const STARTERS: &[(&str, &[Does])] = &[
    (
        "spring-cloud-bus-amqp",
        &[Does::Binds("rabbitmq"), Does::Sends("rabbitmq")],
    ),
    ("spring-cloud-config-client", &[CONFIG]),
    ("spring-cloud-netflix-eureka-client", &[EUREKA]),
    (
        "spring-cloud-netflix-turbine-stream",
        &[Does::Listens("stream")],
    ),
    ("spring-cloud-sleuth-stream", &[Does::Sends("stream")]),
    ("spring-cloud-sleuth-zipkin", &[ZIPKIN]),
    (
        "spring-cloud-starter-bus-amqp",
        &[Does::Binds("rabbitmq"), Does::Sends("rabbitmq")],
    ),
    (
        "spring-cloud-starter-bus-kafka",
        &[Does::Binds("kafka"), Does::Sends("kafka")],
    ),
    ("spring-cloud-starter-config", &[CONFIG]),
    ("spring-cloud-starter-eureka", &[EUREKA]),
    ("spring-cloud-starter-netflix-eureka-client", &[EUREKA]),
    (
        "spring-cloud-starter-netflix-turbine-stream",
        &[Does::Listens("stream")],
    ),
    (
        "spring-cloud-starter-stream-kafka",
        &[Does::Binds("kafka"), Does::Sends("kafka")],
    ),
    (
        "spring-cloud-starter-stream-rabbit",
        &[Does::Binds("rabbitmq"), Does::Sends("rabbitmq")],
    ),
    (
        "spring-cloud-starter-turbine-amqp",
        &[Does::Binds("rabbitmq"), Does::Listens("rabbitmq")],
    ),
    (
        "spring-cloud-starter-turbine-stream",
        &[Does::Listens("stream")],
    ),
    ("spring-cloud-starter-zipkin", &[ZIPKIN]),
    (
        "spring-cloud-stream-binder-kafka",
        &[Does::Binds("kafka"), Does::Sends("kafka")],
    ),
    (
        "spring-cloud-stream-binder-rabbit",
        &[Does::Binds("rabbitmq"), Does::Sends("rabbitmq")],
    ),
];

const CONFIG: Does = Does::Asks(
    "config-server",
    "spring.cloud.config.uri",
    "http://localhost:8888",
);
const EUREKA: Does = Does::Asks(
    "discovery-server",
    "eureka.client.service-url.defaultZone",
    "http://localhost:8761/eureka/",
);
const ZIPKIN: Does = Does::Asks(
    "tracing-server",
    "spring.zipkin.base-url",
    "http://localhost:9411/",
);

/// What the packages that manifests require say.
pub(super) fn derive(facts: &[Fact]) -> Vec<Fact> {
    let mut found = Vec::new();
    for fact in facts {
        let Claim::Requires { key, .. } = &fact.claim else {
            continue;
        };
        if key.namespace.0 != "maven" || fact.subject != Subject::Here {
            continue;
        }
        let name = key.name.to_string();
        let artifact = name.rsplit(':').next().unwrap_or_default();
        let Ok(at) = STARTERS.binary_search_by(|(known, _)| known.cmp(&artifact)) else {
            continue;
        };
        for does in STARTERS[at].1 {
            found.push(Fact {
                claim: does.claim(),
                certainty: Certainty::Declared,
                ..fact.clone()
            });
        }
    }
    found
}

impl Does {
    fn claim(&self) -> Claim {
        let topic = |engine: &str, kind| Claim::Requires {
            key: Key::at("topic", Key::new("broker", engine), ""),
            kind,
            access: Access::Use,
            count: 1,
        };
        match self {
            Self::Asks(role, setting, default) => {
                let default = Template::text(*default);
                let at = Template::reference(Key::new("property", *setting), Some(default));
                Claim::Requires {
                    key: Key::at("platform", at, *role),
                    kind: DependencyKind::CallHttp,
                    access: Access::Use,
                    count: 1,
                }
            }
            Self::Sends(engine) => topic(engine, DependencyKind::EventPub),
            Self::Listens(engine) => topic(engine, DependencyKind::EventSub),
            Self::Binds(engine) => Claim::Binds {
                key: Key::new("broker", "stream"),
                value: Key::new("broker", *engine).into(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(STARTERS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
