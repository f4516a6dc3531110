//! Tables in stores: which store a name lives in, who creates it, who touches it.

use std::collections::{BTreeMap, BTreeSet};

use super::contexts::Contexts;
use super::fold::{Context as FoldContext, Folder, TooDeep, Value};
use super::hosts::{Address, known, marked};
use super::places::Places;
use super::sites::{Site, Sites, variants};
use super::spaces;
use super::units::Units;
use crate::model::{
    Certainty, Claim, Component, ComponentId, ComponentKind, Context, Fact, Hop, HopKind, Key,
    Offer, Subject, Template, Why,
};

/// What is known of the store behind a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Store {
    /// Engine, host and database; the component when the run has one at that host.
    Place {
        engine: String,
        host: String,
        database: String,
        component: Option<ComponentId>,
    },
    /// A name that means one thing, whoever holds it: a secret, an output, a thing in a manifest.
    Entity(Key, Option<ComponentId>),
    Unknown,
}

/// Whether two stores are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sameness {
    Same,
    Unknown,
    Different,
}

/// A statement that somebody makes a table.
struct Creator<'a> {
    fact: &'a Fact,
    component: ComponentId,
    how: Offer,
    stores: Vec<(Store, Vec<Hop>)>,
}

/// Resolves the uses of tables.
pub(super) fn resolve<'a>(
    facts: &'a [Fact],
    folder: &Folder<'a>,
    places: &Places<'a>,
    contexts: &Contexts,
    units: &mut Units,
    sites: &mut Sites,
) {
    let mut creators: BTreeMap<String, Vec<Creator<'a>>> = BTreeMap::new();
    for fact in facts {
        let Claim::Provides { key, how } = &fact.claim else {
            continue;
        };
        let component = places.component_of_subject(fact);
        let kind = units.components[component.0 as usize].kind;
        // What only tests create owns nothing.
        if key.namespace.0 != "table" || contexts.fact(fact, kind) != Context::Production {
            continue;
        }
        creators.entry(table(&key.name)).or_default().push(Creator {
            fact,
            component,
            how: *how,
            stores: creator_stores(&key.at, fact, folder, places),
        });
    }
    let mut made: BTreeMap<Store, ComponentId> = BTreeMap::new();
    for fact in facts {
        let Claim::Requires {
            key, kind, access, ..
        } = &fact.claim
        else {
            continue;
        };
        if key.namespace.0 != "table" {
            continue;
        }
        let name = table(&key.name);
        let known = creators.get(&name).map(Vec::as_slice).unwrap_or_default();
        for (from, used) in users(&key.at, fact, folder, places) {
            let context = contexts.fact(fact, units.components[from.0 as usize].kind);
            let choice = used.and_then(|used| choose(known, from, &used));
            let (creator, store, certainty, hops) = match choice {
                Ok(Some(choice)) => choice,
                // Another store's table of the same name.
                Ok(None) => continue,
                Err(why) => {
                    let why = match why {
                        Why::Ambiguous(_) => Why::Ambiguous(
                            known
                                .iter()
                                .map(|creator| {
                                    units.components[creator.component.0 as usize].id.clone()
                                })
                                .collect(),
                        ),
                        why => why,
                    };
                    sites.unknown(fact, *kind, format!("table:{name}"), why);
                    continue;
                }
            };
            let to = store_component(store, creator, &mut made, units);
            let mut chain = vec![Hop {
                span: fact.span,
                what: HopKind::Use,
                name: name.clone(),
            }];
            chain.extend(hops);
            chain.push(Hop {
                span: creator.fact.span,
                what: HopKind::Provide,
                name: name.clone(),
            });
            sites.sites.push(Site {
                from,
                from_unit: None,
                from_file: (fact.subject == Subject::Here).then_some(fact.span.file),
                to,
                to_unit: None,
                to_files: vec![creator.fact.span.file],
                symbol: Some(name.clone()),
                kind: *kind,
                access: *access,
                certainty: certainty.min(fact.certainty),
                context,
                variants: variants(&fact.when),
                chain,
            });
        }
    }
}

type Choice<'c, 'a> = (&'c Creator<'a>, &'c Store, Certainty, Vec<Hop>);

/// Who made the table that is used: in the same store for sure, else the only maker when the store is unknown.
fn choose<'c, 'a>(
    creators: &'c [Creator<'a>],
    from: ComponentId,
    used: &[(Store, Vec<Hop>)],
) -> Result<Option<Choice<'c, 'a>>, Why> {
    let mut judged: Vec<(Sameness, &Creator<'a>, &Store, Vec<Hop>)> = Vec::new();
    for creator in creators {
        let mut best: Option<(Sameness, &Store, Vec<Hop>)> = None;
        for (store, made_by) in &creator.stores {
            for (other, hops) in used {
                let sameness = same(store, other);
                if best.as_ref().is_none_or(|(known, ..)| sameness < *known) {
                    let hops = [hops.clone(), made_by.clone()].concat();
                    best = Some((sameness, store, hops));
                }
            }
        }
        if let Some((sameness, store, hops)) = best {
            judged.push((sameness, creator, store, hops));
        }
    }
    for sameness in [Sameness::Same, Sameness::Unknown] {
        let candidates: Vec<_> = judged
            .iter()
            .filter(|(found, ..)| *found == sameness)
            .collect();
        let certainty = match sameness {
            Sameness::Same => Certainty::Observed,
            _ => Certainty::Inferred,
        };
        let pick =
            |(_, creator, store, hops): &(Sameness, &'c Creator<'a>, &'c Store, Vec<Hop>)| {
                Ok(Some((*creator, *store, certainty, hops.clone())))
            };
        // One's own table is meant before anybody else's.
        if let Some(own) = candidates
            .iter()
            .find(|(_, creator, ..)| creator.component == from)
        {
            return pick(own);
        }
        // Who creates it comes before who maps it.
        for how in [
            Offer::Creates,
            Offer::Implements,
            Offer::Declares,
            Offer::Maps,
        ] {
            let makers: Vec<_> = candidates
                .iter()
                .filter(|(_, creator, ..)| creator.how == how)
                .collect();
            let components: BTreeSet<_> = makers
                .iter()
                .map(|(_, creator, ..)| creator.component)
                .collect();
            match (components.len(), makers.first()) {
                (1, Some(maker)) => return pick(maker),
                (0, _) | (_, None) => {}
                _ => return Err(Why::Ambiguous(Vec::new())),
            }
        }
    }
    if creators.is_empty() {
        Err(Why::NotFound)
    } else {
        Ok(None)
    }
}

/// Stores, each with the hops that lead to it.
type Stores = Vec<(Store, Vec<Hop>)>;

/// Every store that the place of a created table can mean; one that cannot be folded is not known.
fn creator_stores(at: &Template, fact: &Fact, folder: &Folder<'_>, places: &Places<'_>) -> Stores {
    let mut found = Vec::new();
    for context in places.contexts(fact) {
        if stores(at, fact, context, folder, places, &mut found).is_err() {
            found.push((Store::Unknown, Vec::new()));
        }
    }
    found
}

/// Every component that a use is about, with the stores that its place can mean in the deployments.
fn users(
    at: &Template,
    fact: &Fact,
    folder: &Folder<'_>,
    places: &Places<'_>,
) -> BTreeMap<ComponentId, Result<Stores, Why>> {
    let mut users: BTreeMap<ComponentId, Result<Stores, Why>> = BTreeMap::new();
    for context in places.contexts(fact) {
        let user = users
            .entry(places.user(context))
            .or_insert_with(|| Ok(Vec::new()));
        if let Ok(found) = user
            && stores(at, fact, context, folder, places, found).is_err()
        {
            *user = Err(Why::TooDeep);
        }
    }
    users
}

/// Adds every store that a place can mean in one deployment.
fn stores(
    at: &Template,
    fact: &Fact,
    context: FoldContext,
    folder: &Folder<'_>,
    places: &Places<'_>,
    found: &mut Stores,
) -> Result<(), TooDeep> {
    for value in folder.fold(at, fact.span, context)? {
        let store = store(&value, context, places);
        if !found.iter().any(|(other, _)| *other == store) {
            found.push((store, value.hops));
        }
    }
    Ok(())
}

/// The store that a folded place names: a connection string, or one thing by its name.
fn store(value: &Value, context: FoldContext, places: &Places<'_>) -> Store {
    if let Some(key) = value.template.as_ref_key() {
        let component = places.entity(key, context).map(|(component, _)| component);
        let names_one_thing = spaces::info(key.namespace).identity || component.is_some();
        return if names_one_thing {
            Store::Entity(key.clone(), component)
        } else {
            Store::Unknown
        };
    }
    let Some((engine, address, database)) = connection(&value.template) else {
        return Store::Unknown;
    };
    let host = address.host.clone();
    let component = match places.host(&address, context) {
        Ok(Some((component, ..))) => Some(component),
        // A full name outside of the run.
        Ok(None) => None,
        // Nobody offers the name: it means one thing in one network at most.
        _ => {
            return match places.network(context) {
                Some(network) if !address.is_local() => {
                    Store::Entity(Key::at("host", network, format!("{host}/{database}")), None)
                }
                _ => Store::Unknown,
            };
        }
    };
    Store::Place {
        engine,
        host: component.map_or(host, |id| format!("component {}", id.0)),
        database,
        component,
    }
}

/// Engine, host and database of a connection URL; user and password are never looked at.
fn connection(template: &Template) -> Option<(String, Address, String)> {
    let text = marked(template);
    let text = text.strip_prefix("jdbc:").unwrap_or(&text);
    let (engine, rest) = text.split_once("://")?;
    let rest = rest.split(['?', ';']).next()?;
    let (authority, database) = rest.split_once('/')?;
    let address = Address::of(authority)?;
    let engine = match engine.split('+').next()? {
        "postgres" | "pgsql" => "postgresql",
        "mariadb" | "mysql2" => "mysql",
        engine => engine,
    };
    // User, password and port may be unknown; host and database may not.
    (known(engine) && known(database)).then(|| (engine.to_owned(), address, database.to_owned()))
}

/// Whether two stores are one; what is not known whole is never the same.
fn same(a: &Store, b: &Store) -> Sameness {
    match (a, b) {
        (Store::Place { .. }, Store::Place { .. }) if a == b => Sameness::Same,
        (Store::Place { .. }, Store::Place { .. }) => Sameness::Different,
        (Store::Entity(a, _), Store::Entity(b, _)) if a == b => Sameness::Same,
        _ => Sameness::Unknown,
    }
}

/// The component of a store: the one that a manifest declares, else one made up.
fn store_component(
    store: &Store,
    creator: &Creator<'_>,
    made: &mut BTreeMap<Store, ComponentId>,
    units: &mut Units,
) -> ComponentId {
    let (known, id) = match store {
        Store::Place {
            component,
            host,
            database,
            engine,
        } => (*component, format!("store:{engine}://{host}/{database}")),
        Store::Entity(key, component) => (*component, format!("store:{key}")),
        Store::Unknown => (
            None,
            format!(
                "store:{}",
                units.components[creator.component.0 as usize].id
            ),
        ),
    };
    if let Some(component) = known {
        return component;
    }
    let unknown_of = match store {
        Store::Unknown => Store::Entity(Key::new("store", id.as_str()), None),
        known => known.clone(),
    };
    *made.entry(unknown_of).or_insert_with(|| {
        units.push(Component {
            name: id.trim_start_matches("store:").to_owned(),
            id,
            kind: ComponentKind::Datastore,
            root: None,
            declared_in: Some(creator.fact.span.file),
            aliases: Vec::new(),
            workloads: Vec::new(),
            shared: false,
        })
    })
}

/// The name of a table, folded as databases fold unquoted names.
fn table(name: &Template) -> String {
    name.to_string().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_strings_give_engine_host_and_database_and_no_secret() {
        let read = |text: &str| connection(&Template::parse(text, &["env"]).unwrap());
        let found = read("postgres://user:secret@db:5432/orders?sslmode=off");
        let (engine, address, database) = found.unwrap();
        assert_eq!(
            (&*engine, &*address.host, &*database),
            ("postgresql", "db", "orders")
        );
        assert_eq!(address.port.as_deref(), Some("5432"));
        assert_eq!(
            read("jdbc:mysql://${env:USER}@db:${env:PORT}/shop").map(|found| found.1.host),
            Some("db".into())
        );
        assert_eq!(read("postgres://${env:HOST}/orders"), None);
        assert_eq!(read("orders"), None);
    }
}
