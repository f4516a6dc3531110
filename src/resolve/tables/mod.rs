//! Who creates each table, and who else reads, writes, changes or refers to it?
//!
//! An edge leads to the component that creates the table. Only where both are sure to mean one store is it more than a guess;
//! where that cannot be told, a name that one component alone creates is a guess, and any other is counted.

mod choose;
mod connected;
mod names;
mod outlets;
mod stores;

use std::collections::{BTreeMap, BTreeSet};

use choose::{Choice, choose};
use connected::{Connected, Way};
use names::{bare, folded, is_qualified};
use outlets::Outlets;
use stores::{Sameness, Store};

use super::backends::Backends;
use super::contexts::Contexts;
use super::fold::Folder;
use super::index::Index;
use super::places::Places;
use super::sites::{Site, Sites};
use super::units::Units;
use crate::model::{
    Access, Certainty, Claim, ComponentId, ComponentKind, Context, DependencyKind, ExtractorId,
    Fact, Hop, HopKind, Key, Offer, Template, Why,
};

/// A statement that somebody makes a table.
struct Creator<'a> {
    fact: &'a Fact,
    name: String,
    component: ComponentId,
    how: Offer,
    ways: Vec<Way>,
}

/// Everything that is asked while tables are resolved.
struct Resolver<'r, 'a> {
    folder: &'r Folder<'a>,
    places: &'r Places<'a>,
    contexts: &'r Contexts,
    connected: Connected,
    outlets: Outlets,
}

/// Resolves the uses of tables.
pub(super) fn resolve<'a>(
    index: &Index<'a>,
    folder: &Folder<'a>,
    places: &Places<'a>,
    contexts: &Contexts,
    backends: &mut Backends,
    units: &mut Units,
    sites: &mut Sites,
) {
    let facts = index.facts;
    let is_table = |fact: &Fact| match &fact.claim {
        Claim::Provides { key, .. } | Claim::Requires { key, .. } => key.namespace.0 == "table",
        _ => false,
    };
    if !facts.iter().any(is_table) {
        return;
    }
    let connected = Connected::new(facts, folder, places, contexts, backends, units);
    let resolver = Resolver {
        folder,
        places,
        contexts,
        connected,
        outlets: Outlets::new(index, folder, places, contexts, units),
    };
    let creators = resolver.creators(facts, units);
    for fact in facts {
        if let Claim::Requires {
            key, kind, access, ..
        } = &fact.claim
            && key.namespace.0 == "table"
        {
            resolver.uses(fact, key, (*kind, *access), &creators, units, sites);
        }
    }
    resolver.made_twice(&creators, units, sites);
}

/// The tables that components create, by the bare name.
type Creators<'a> = BTreeMap<String, Makers<'a>>;

/// Who creates tables of one name.
#[derive(Default)]
struct Makers<'a> {
    all: Vec<Creator<'a>>,
    /// Scripts that are part of no program create it, too.
    is_central: bool,
}

impl<'a> Resolver<'_, 'a> {
    /// Who makes tables; a folder of scripts that belongs to nobody's program owns nothing.
    fn creators(&self, facts: &'a [Fact], units: &Units) -> Creators<'a> {
        let mut creators = Creators::new();
        for fact in facts {
            let Claim::Provides { key, how } = &fact.claim else {
                continue;
            };
            if key.namespace.0 != "table" {
                continue;
            }
            let component = self.places.component_of_subject(fact);
            let kind = units.components[component.0 as usize].kind;
            // What only tests create owns nothing.
            if self.contexts.fact(fact, kind) != Context::Production {
                continue;
            }
            let name = folded(&key.name);
            if !is_program(kind) {
                let list = creators.entry(bare(&name).to_owned()).or_default();
                list.is_central |= *how == Offer::Creates;
                continue;
            }
            let mut ways = Vec::new();
            for context in self.places.contexts(fact) {
                let user = self.places.user(context);
                ways.extend(self.ways(&key.at, fact, context, user).unwrap_or_default());
            }
            if ways.is_empty() {
                ways.push(unknown());
            }
            let list = creators.entry(bare(&name).to_owned()).or_default();
            list.all.push(Creator {
                fact,
                name,
                component,
                how: *how,
                ways,
            });
        }
        creators
    }

    /// Every store that a place can mean in one deployment; where none is told, those that the user connects to.
    fn ways(
        &self,
        at: &Template,
        fact: &Fact,
        context: super::fold::Context,
        user: ComponentId,
    ) -> Result<Vec<Way>, Why> {
        if at.is_empty() {
            return Ok(self.connected.of(user).to_vec());
        }
        let values = self.folder.fold(at, fact.span, context);
        let values = values.map_err(|_| Why::TooDeep)?;
        let way = |value: super::fold::Value| Way {
            store: stores::store(&value, "", context, self.places),
            certainty: Certainty::Declared,
            hops: value.hops,
        };
        Ok(values.into_iter().map(way).collect())
    }

    /// States whom a use of a table leads to, for every component that it is a use of.
    fn uses(
        &self,
        fact: &Fact,
        key: &Key,
        how: (DependencyKind, Access),
        creators: &Creators<'a>,
        units: &Units,
        sites: &mut Sites,
    ) {
        let name = folded(&key.name);
        let nobody = Makers::default();
        let makers = creators.get(bare(&name)).unwrap_or(&nobody);
        let mut users: BTreeMap<ComponentId, (Context, Result<Vec<Way>, Why>)> = BTreeMap::new();
        for used in self.places.uses(fact, self.contexts, units) {
            let (_, ways) = users
                .entry(used.user)
                .or_insert_with(|| (used.context, Ok(Vec::new())));
            match (self.ways(&key.at, fact, used.deployment, used.user), ways) {
                (Ok(more), Ok(ways)) => ways.extend(more),
                (Err(why), ways) => *ways = Err(why),
                (Ok(_), Err(_)) => {}
            }
        }
        for (from, (context, ways)) in users {
            // Scripts of the database itself belong to no program.
            if !is_program(units.components[from.0 as usize].kind) {
                continue;
            }
            let chosen = ways.and_then(|mut ways| {
                if ways.is_empty() {
                    ways.push(unknown());
                }
                choose(makers, from, &name, &ways)
            });
            match chosen {
                // Code that others link uses the tables that it creates itself.
                Ok(Some(choice))
                    if choice.creator.component == from
                        || choice.creator.component
                            == self.places.component_of_file(fact.span.file) => {}
                // Whoever changes a table in a store that nobody tells may keep one of the same name.
                Ok(Some(choice))
                    if how.0 == DependencyKind::DataDdl
                        && !choice.is_same_store
                        && !(is_qualified(&name) && choice.creator.name == name) =>
                {
                    let why = named(Why::Ambiguous(Vec::new()), &makers.all, units);
                    sites.unknown(fact, how.0, format!("table:{name}"), why);
                }
                Ok(Some(choice)) => {
                    sites
                        .sites
                        .push(self.site(fact, how, from, &name, choice, context));
                }
                // One's own, or another store's table of the same name.
                Ok(_) => {}
                Err(why) => {
                    let why = named(why, &makers.all, units);
                    sites.unknown(fact, how.0, format!("table:{name}"), why);
                }
            }
        }
    }

    fn site(
        &self,
        fact: &Fact,
        how: (DependencyKind, Access),
        from: ComponentId,
        name: &str,
        choice: Choice<'_, 'a>,
        context: Context,
    ) -> Site {
        let creator = choice.creator;
        let mut chain = vec![Hop {
            span: fact.span,
            what: HopKind::Use,
            name: name.to_owned(),
        }];
        chain.extend(choice.hops);
        chain.push(Hop {
            span: creator.fact.span,
            what: HopKind::Provide,
            name: creator.name.clone(),
        });
        // What the owner serves of it is the way out.
        chain.extend(self.outlets.of(creator.component, name, how.1));
        Site {
            to_files: vec![creator.fact.span.file],
            symbol: Some(creator.name.clone()),
            certainty: choice.certainty.min(fact.certainty),
            chain,
            ..Site::stated(fact, how, (from, creator.component), context)
        }
    }

    /// Two components that create one table in one store.
    fn made_twice(&self, creators: &Creators<'a>, units: &Units, sites: &mut Sites) {
        for list in creators.values() {
            let makers = list.all.iter().filter(|one| one.how == Offer::Creates);
            let mut seen: BTreeMap<ComponentId, &Creator<'a>> = BTreeMap::new();
            for creator in makers {
                seen.entry(creator.component).or_insert(creator);
            }
            let mut seen: Vec<&Creator<'a>> = seen.into_values().collect();
            // Who migrates owns it before who creates it while running.
            seen.sort_by_key(|one| {
                let runs = one.fact.extractor != ExtractorId("database/scripts");
                (runs, &units.components[one.component.0 as usize].id)
            });
            for (number, later) in seen.iter().enumerate() {
                for first in &seen[..number] {
                    let judged = choose::judge(first, &later.name, &later.ways);
                    let Some((Sameness::Same, certainty, hops)) = judged else {
                        continue;
                    };
                    let choice = Choice {
                        creator: first,
                        is_same_store: true,
                        certainty,
                        hops,
                    };
                    let how = (DependencyKind::DataDdl, Access::Write);
                    let site = self.site(
                        later.fact,
                        how,
                        later.component,
                        &later.name,
                        choice,
                        Context::Production,
                    );
                    sites.sites.push(site);
                }
            }
        }
    }
}

/// Whether a component is a program, or part of some: what else there is owns no table and asks for none.
fn is_program(kind: ComponentKind) -> bool {
    matches!(
        kind,
        ComponentKind::Service
            | ComponentKind::Job
            | ComponentKind::Library
            | ComponentKind::Contract
            | ComponentKind::Tool
            | ComponentKind::Website
            | ComponentKind::Gateway
    )
}

/// A place of which nothing is known.
fn unknown() -> Way {
    Way {
        store: Store::Unknown,
        certainty: Certainty::Declared,
        hops: Vec::new(),
    }
}

/// The reason with the components that it is about.
fn named(why: Why, known: &[Creator<'_>], units: &Units) -> Why {
    let Why::Ambiguous(_) = why else {
        return why;
    };
    let ids: BTreeSet<String> = known
        .iter()
        .map(|one| units.components[one.component.0 as usize].id.clone())
        .collect();
    Why::Ambiguous(ids.into_iter().collect())
}
