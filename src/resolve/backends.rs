//! Which component is the broker, or the store, that an address or the name of an engine means?
//!
//! One that no manifest declares is made up, so that those who share it are seen to do so.

use std::collections::BTreeMap;

use super::fold::{Context as FoldContext, Value};
use super::hosts::{Address, known, marked};
use super::index::Index;
use super::places::Places;
use super::roles::Runner;
use super::units::Units;
use crate::model::{
    Certainty, Claim, Component, ComponentId, ComponentKind, Fact, Hop, HopKind, RepoId, Why,
};

/// The component behind an address or an engine.
pub(super) struct Backend {
    pub(super) component: ComponentId,
    pub(super) hop: Option<Hop>,
    pub(super) certainty: Certainty,
}

/// A component that runs an engine.
struct Engine {
    component: ComponentId,
    network: Option<String>,
    hop: Hop,
}

/// Brokers and stores by what they run.
pub(super) struct Backends {
    engines: BTreeMap<(RepoId, String), Vec<Engine>>,
    made: BTreeMap<String, ComponentId>,
}

impl Backends {
    pub(super) fn new(index: &Index<'_>, places: &Places<'_>, runners: &[Runner<'_>]) -> Self {
        let mut engines: BTreeMap<(RepoId, String), Vec<Engine>> = BTreeMap::new();
        let mut note =
            |component: ComponentId, network: Option<&str>, engine: &str, fact: &Fact| {
                let network = network.map(str::to_owned);
                let key = (index.repo(fact), engine.to_owned());
                let list = engines.entry(key).or_default();
                if !list.iter().any(|other| other.component == component) {
                    list.push(Engine {
                        component,
                        network,
                        hop: Hop {
                            span: fact.span,
                            what: HopKind::Provide,
                            name: engine.to_owned(),
                        },
                    });
                }
            };
        for fact in index.facts {
            if let Claim::Provides { key, .. } = &fact.claim
                && key.namespace.0 == "trait"
                && let Some(engine) = key.name.as_text()
                && let Some(engine) = engine.strip_prefix("engine/")
            {
                for (component, network) in places.bearers(fact) {
                    note(component, network, engine, fact);
                }
            }
        }
        for runner in runners {
            let network = places.network_of_subject(runner.fact);
            note(runner.component, network, runner.engine, runner.fact);
        }
        Self {
            engines,
            made: BTreeMap::new(),
        }
    }

    /// The broker at a folded address.
    pub(super) fn find(
        &mut self,
        at: &Value,
        context: FoldContext,
        fact: &Fact,
        places: &Places<'_>,
        units: &mut Units,
    ) -> Result<Backend, Why> {
        let kind = ComponentKind::Broker;
        if let Some(key) = at.template.as_ref_key() {
            if let Some((component, hop)) = places.entity(key, context) {
                return Ok(Backend {
                    component,
                    hop: Some(hop),
                    certainty: at.certainty,
                });
            }
            if key.namespace.0 == "broker" {
                let engine = key.name.to_string();
                return match self.of_engine(&engine, context, places)? {
                    Some(found) => Ok(found),
                    // Whatever the streams of a program are bound to.
                    None if engine == "stream" => Err(Why::Unbound(key.to_string())),
                    None => Ok(self.made_up("broker", &engine, kind, fact, units)),
                };
            }
        }
        match self.at(at, context, places) {
            Ok(Some(found)) => Ok(found),
            Ok(None) => {
                let host = addresses(at).into_iter().next().ok_or(Why::NotFound)?;
                Ok(self.made_up("broker", &host.host, kind, fact, units))
            }
            Err(why) => Err(why),
        }
    }

    /// The store at a folded address; where that is not known, the only one of its engine in the caller's network.
    pub(super) fn store(
        &mut self,
        at: &Value,
        engine: &str,
        context: FoldContext,
        fact: &Fact,
        places: &Places<'_>,
        units: &mut Units,
    ) -> Result<Backend, Why> {
        if let Some(key) = at.template.as_ref_key()
            && let Some((component, hop)) = places.entity(key, context)
        {
            return Ok(Backend {
                component,
                hop: Some(hop),
                certainty: at.certainty,
            });
        }
        // A store that programs know by a name alone.
        if let Some(key) = at.template.as_ref_key()
            && key.namespace.0 == "store"
            && let Some(name) = key.name.as_text()
        {
            return Ok(self.made_up("store", name, ComponentKind::Datastore, fact, units));
        }
        match self.at(at, context, places) {
            Ok(Some(found)) => Ok(found),
            Ok(None) => {
                let host = addresses(at).into_iter().next().ok_or(Why::NotFound)?;
                let kind = ComponentKind::Datastore;
                Ok(self.made_up("store", &host.host, kind, fact, units))
            }
            Err(why @ Why::Unbound(_)) if !engine.is_empty() => {
                self.of_engine(engine, context, places)?.ok_or(why)
            }
            Err(why) => Err(why),
        }
    }

    /// The component at the first of the addresses that is one; `Ok(None)`: outside of the run.
    fn at(
        &self,
        at: &Value,
        context: FoldContext,
        places: &Places<'_>,
    ) -> Result<Option<Backend>, Why> {
        let mut wrong = None;
        let mut outside = false;
        for address in addresses(at) {
            match places.host(&address, context) {
                Ok(Some((component, hop, certainty))) => {
                    return Ok(Some(Backend {
                        component,
                        hop,
                        certainty: certainty.min(at.certainty),
                    }));
                }
                Ok(None) => outside = true,
                Err(why) => wrong = Some(why),
            }
        }
        match (outside, wrong) {
            (true, _) => Ok(None),
            (false, Some(why)) => Err(why),
            (false, None) => Err(match super::hosts::address(&at.template) {
                Err(why) => why,
                Ok(_) => Why::NotFound,
            }),
        }
    }

    /// The only component that runs an engine: in the caller's network, else in the repository.
    fn of_engine(
        &self,
        engine: &str,
        context: FoldContext,
        places: &Places<'_>,
    ) -> Result<Option<Backend>, Why> {
        let Some(all) = self.engines.get(&(places.repo(context), engine.to_owned())) else {
            return Ok(None);
        };
        let network = places.network(context);
        let near: Vec<_> = all
            .iter()
            .filter(|one| network.is_none() || one.network.as_deref() == network)
            .collect();
        let candidates = match near.is_empty() {
            true => all.iter().collect(),
            false => near,
        };
        match candidates.as_slice() {
            [only] => Ok(Some(Backend {
                component: only.component,
                hop: Some(only.hop.clone()),
                certainty: Certainty::Inferred,
            })),
            _ => Err(Why::Ambiguous(
                candidates.iter().map(|one| one.hop.name.clone()).collect(),
            )),
        }
    }

    /// A component for what no manifest of the run declares.
    fn made_up(
        &mut self,
        space: &str,
        name: &str,
        kind: ComponentKind,
        fact: &Fact,
        units: &mut Units,
    ) -> Backend {
        let id = format!("{space}:{name}");
        let component = *self.made.entry(id.clone()).or_insert_with(|| {
            units.push(Component {
                id,
                name: name.to_owned(),
                kind,
                root: None,
                declared_in: Some(fact.span.file),
                aliases: Vec::new(),
                workloads: Vec::new(),
                shared: false,
            })
        });
        Backend {
            component,
            hop: None,
            certainty: Certainty::Inferred,
        }
    }
}

/// The addresses in a text: of a URL with several hosts, of a list with commas, of `Host=db;Port=5432`.
fn addresses(at: &Value) -> Vec<Address> {
    let text = marked(&at.template);
    if let Some(address) = by_keywords(&text) {
        return vec![address];
    }
    let text = text.strip_prefix("jdbc:").unwrap_or(&text);
    let address = |piece: &str| {
        let rest = match piece.trim().split_once("://") {
            Some((_, rest)) => rest,
            None => piece.trim(),
        };
        let end = rest.find(['/', '?', '#', ';']).unwrap_or(rest.len());
        Address::of(&rest[..end])
    };
    text.split(',').filter_map(address).collect()
}

/// `Server=db,1433;Database=x` of ADO.NET, `host=db port=5432 dbname=x` of libpq.
///
/// Sources: <https://learn.microsoft.com/en-us/dotnet/framework/data/adonet/connection-strings>,
/// <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING>
fn by_keywords(text: &str) -> Option<Address> {
    let separator = match text.contains(';') {
        true => ';',
        false => ' ',
    };
    let mut host = None;
    let mut port = None;
    for pair in text.split(separator) {
        let Some((key, value)) = pair.split_once('=') else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        match key.trim().to_lowercase().as_str() {
            "host" | "server" | "data source" | "datasource" | "address" | "addr" => {
                // The machine itself, as SQL Server writes it.
                host = Some(match value.strip_prefix("tcp:").unwrap_or(value) {
                    "." | "(local)" => "localhost",
                    value => value,
                });
            }
            "port" => port = Some(value),
            _ => {}
        }
    }
    let host = host?;
    let (host, behind) = match host.split_once([',', ':']) {
        Some((host, port)) => (host, Some(port)),
        None => (host, None),
    };
    let port = port.or(behind).filter(|port| known(port));
    known(host).then(|| Address {
        host: host.to_ascii_lowercase(),
        port: port.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Template;

    #[test]
    fn addresses_of_brokers_and_stores() {
        let read = |text: &str| {
            let value = Value {
                template: Template::parse(text, &["env"]).unwrap(),
                hops: Vec::new(),
                certainty: Certainty::Declared,
            };
            let found: Vec<String> = addresses(&value)
                .into_iter()
                .map(|address| match address.port {
                    Some(port) => format!("{}:{port}", address.host),
                    None => address.host,
                })
                .collect();
            found.join(" ")
        };
        assert_eq!(read("kafka:9092"), "kafka:9092");
        assert_eq!(read("a:9092, b:9092"), "a:9092 b:9092");
        assert_eq!(read("mongodb://u:p@m1:27017,m2/shop?x=1"), "m1:27017 m2");
        assert_eq!(read("jdbc:sqlserver://db:1433;database=x"), "db:1433");
        assert_eq!(
            read("PLAINTEXT://kafka:9092,SSL://k2:9093"),
            "kafka:9092 k2:9093"
        );
        assert_eq!(read("Host=db;Port=5432;Database=x;Password={}"), "db:5432");
        assert_eq!(read("Server=tcp:db,1433;Database=x"), "db:1433");
        assert_eq!(read("host=db user=x dbname=y"), "db");
        assert_eq!(read("${env:KAFKA}"), "");
        assert_eq!(read(""), "");
    }
}
