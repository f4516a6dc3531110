//! Who serves an operation, and where gateways lead a request.

use std::collections::{BTreeSet, HashMap};

use super::contexts::Contexts;
use super::fold::Folder;
use super::index::Index;
use super::places::Places;
use super::units::Units;
use crate::model::{
    Claim, ComponentId, Context, Fact, Hop, HopKind, Offer, Part, RepoId, Template,
};

/// The most gateways that one request may pass.
pub(super) const GATEWAYS: usize = 2;

/// First segments and whole paths that every service has.
const GENERIC: &[&str] = &[
    "actuator",
    "admin",
    "api",
    "auth",
    "callback",
    "config",
    "docs",
    "favicon.ico",
    "graphql",
    "health",
    "healthcheck",
    "healthz",
    "home",
    "index",
    "info",
    "live",
    "livez",
    "login",
    "logout",
    "me",
    "metrics",
    "oauth",
    "openapi.json",
    "ping",
    "ready",
    "readyz",
    "register",
    "rest",
    "root",
    "search",
    "session",
    "sessions",
    "signin",
    "signup",
    "status",
    "swagger",
    "test",
    "token",
    "upload",
    "user",
    "users",
    "v1",
    "v2",
    "v3",
    "version",
    "webhook",
    "webhooks",
    "ws",
];

/// Operations and gateways of a run.
pub(super) struct Routes<'a> {
    /// Who serves a path, by verb and path.
    served: HashMap<(RepoId, String), Vec<Served>>,
    /// What each gateway does with the paths that it knows.
    gateways: HashMap<ComponentId, Vec<Rewrite<'a>>>,
}

struct Served {
    verb: String,
    component: ComponentId,
    hop: Hop,
}

/// `/api/cart/*` leads to `http://cart/*`.
struct Rewrite<'a> {
    /// What stands before the star; the whole path where there is none.
    prefix: String,
    is_open: bool,
    value: &'a Template,
    fact: &'a Fact,
}

impl<'a> Routes<'a> {
    pub(super) fn new(
        index: &Index<'a>,
        folder: &Folder<'a>,
        places: &Places<'a>,
        contexts: &Contexts,
        units: &Units,
    ) -> Self {
        let mut routes = Self {
            served: HashMap::new(),
            gateways: HashMap::new(),
        };
        for fact in index.facts {
            match &fact.claim {
                Claim::Provides {
                    key,
                    how: Offer::Implements,
                } if key.namespace.0 == "http" => {
                    let component = places.component_of_subject(fact);
                    let kind = units.components[component.0 as usize].kind;
                    if contexts.fact(fact, kind) == Context::Production {
                        routes.note(&key.name, fact, index, folder, places);
                    }
                }
                Claim::Binds { key, value } if key.namespace.0 == "route" => {
                    let (prefix, is_open) = match key.name.0.as_slice() {
                        [Part::Text(prefix), Part::Star] => (prefix.to_string(), true),
                        [Part::Star] => (String::new(), true),
                        [Part::Text(path)] => match path.strip_suffix('*') {
                            Some(prefix) => (prefix.to_owned(), true),
                            None => (path.to_string(), false),
                        },
                        _ => continue,
                    };
                    let users = places.contexts(fact).into_iter();
                    let users: BTreeSet<ComponentId> =
                        users.map(|context| places.user(context)).collect();
                    for user in users {
                        routes.gateways.entry(user).or_default().push(Rewrite {
                            prefix: prefix.clone(),
                            is_open,
                            value,
                            fact,
                        });
                    }
                }
                _ => {}
            }
        }
        routes
    }

    /// Keeps an operation with every prefix under which it is mounted.
    fn note(
        &mut self,
        name: &Template,
        fact: &Fact,
        index: &Index<'_>,
        folder: &Folder<'_>,
        places: &Places<'_>,
    ) {
        for context in places.contexts(fact) {
            for value in folder.fold(name, fact.span, context).unwrap_or_default() {
                let text = plain(&value.template);
                let Some((verb, path)) = text.split_once(' ') else {
                    continue;
                };
                let component = places.user(context);
                let list = self
                    .served
                    .entry((index.repo(fact), comparable(path)))
                    .or_default();
                let known = |one: &Served| one.component == component && one.verb == verb;
                if !list.iter().any(known) {
                    list.push(Served {
                        verb: verb.to_owned(),
                        component,
                        hop: Hop {
                            span: fact.span,
                            what: HopKind::Provide,
                            name: text.clone(),
                        },
                    });
                }
            }
        }
    }

    /// The only component that serves an operation which says enough to be told from others.
    pub(super) fn only(&self, operation: &str, repo: RepoId) -> Option<(ComponentId, Hop)> {
        let (verb, path) = operation.split_once(' ')?;
        if !is_specific(path) {
            return None;
        }
        let served = self.served.get(&(repo, comparable(path)))?;
        let fits = |one: &&Served| one.verb == verb || one.verb == "ANY" || verb == "ANY";
        let components: BTreeSet<ComponentId> = served
            .iter()
            .filter(fits)
            .map(|one| one.component)
            .collect();
        let first = served.iter().find(fits)?;
        (components.len() == 1).then(|| (first.component, first.hop.clone()))
    }

    /// Where a gateway leads a path: the address with what the star caught, and the fact that says so.
    pub(super) fn behind(&self, gateway: ComponentId, path: &str) -> Option<(Template, &'a Fact)> {
        let rewrites = self.gateways.get(&gateway)?;
        let fits = |one: &&Rewrite<'_>| match one.is_open {
            true => path.starts_with(&*one.prefix) || format!("{path}/") == one.prefix,
            false => path == one.prefix,
        };
        let best = rewrites
            .iter()
            .filter(fits)
            .max_by_key(|one| one.prefix.len())?;
        let caught = path.strip_prefix(&*best.prefix).unwrap_or_default();
        let mut address = Template::default();
        for part in &best.value.0 {
            match part {
                Part::Star => address.push(Part::Text(caught.into())),
                part => address.push(part.clone()),
            }
        }
        Some((address, best.fact))
    }
}

/// The text of a template, what is unknown as `{}`.
pub(super) fn plain(template: &Template) -> String {
    let text = |part: &Part| match part {
        Part::Text(text) => text.to_string(),
        Part::Ref(_) | Part::Hole => "{}".to_owned(),
        Part::Star => "*".to_owned(),
    };
    template.0.iter().map(text).collect()
}

/// Paths that differ in a slash at the end, or in case, are one.
fn comparable(path: &str) -> String {
    path.trim_end_matches('/').to_lowercase()
}

/// Whether a path says more than what every service has.
fn is_specific(path: &str) -> bool {
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty() && !segment.contains("{}"))
        .collect();
    let own = segments
        .iter()
        .filter(|segment| !GENERIC.contains(&&*segment.to_lowercase()))
        .count();
    // One word is shared easily; a pair of words, or a word with a parameter behind it, is not.
    own > 1 || own == 1 && path.trim_end_matches('/').matches('/').count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_every_service_has_say_nothing() {
        assert!(is_specific("/orders/{}/items"));
        assert!(is_specific("/orders/{}"));
        assert!(is_specific("/api/v1/orders"));
        assert!(!is_specific("/orders"));
        assert!(!is_specific("/users/{}"));
        assert!(!is_specific("/api/v1/users/{}"));
        assert!(!is_specific("/{}/{}"));
        assert!(!is_specific("/health"));
        assert!(!is_specific("/"));
    }
}
