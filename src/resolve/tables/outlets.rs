//! Which operation of a component gives what is in one of its tables?

use std::collections::BTreeMap;

use super::names::bare;
use crate::model::{Access, Claim, ComponentId, Context, Hop, HopKind, Offer};
use crate::resolve::contexts::Contexts;
use crate::resolve::fold::Folder;
use crate::resolve::index::Index;
use crate::resolve::places::Places;
use crate::resolve::routes::plain;
use crate::resolve::units::Units;

/// Operations by component and by what their path names.
pub(super) struct Outlets(BTreeMap<(ComponentId, String), Vec<Hop>>);

impl Outlets {
    pub(super) fn new<'a>(
        index: &Index<'a>,
        folder: &Folder<'a>,
        places: &Places<'a>,
        contexts: &Contexts,
        units: &Units,
    ) -> Self {
        let mut found: BTreeMap<(ComponentId, String), Vec<Hop>> = BTreeMap::new();
        for fact in index.facts {
            let Claim::Provides {
                key,
                how: Offer::Implements,
            } = &fact.claim
            else {
                continue;
            };
            if key.namespace.0 != "http" {
                continue;
            }
            for used in places.uses(fact, contexts, units) {
                if used.context != Context::Production {
                    continue;
                }
                for value in folder
                    .fold(&key.name, fact.span, used.deployment)
                    .unwrap_or_default()
                {
                    let name = plain(&value.template);
                    let hop = Hop {
                        span: fact.span,
                        what: HopKind::Provide,
                        name: name.clone(),
                    };
                    for noun in nouns(&name) {
                        let list = found.entry((used.user, noun)).or_default();
                        if !list.contains(&hop) {
                            list.push(hop.clone());
                        }
                    }
                }
            }
        }
        Self(found)
    }

    /// The shortest operation that names the table: to read it, when it is only read.
    pub(super) fn of(&self, component: ComponentId, table: &str, access: Access) -> Option<Hop> {
        let list = self.0.get(&(component, singular(bare(table))))?;
        let reads = |hop: &&Hop| hop.name.starts_with("GET ") || hop.name.starts_with("ANY ");
        let fits = |hop: &&Hop| match access {
            Access::Write | Access::ReadWrite => !hop.name.starts_with("GET "),
            Access::Use | Access::Read => reads(hop),
        };
        let shortest = |hop: &&Hop| (hop.name.len(), hop.name.clone());
        let fitting = list.iter().filter(fits).min_by_key(shortest);
        fitting.cloned()
    }
}

/// What the path of an operation names.
fn nouns(operation: &str) -> Vec<String> {
    let path = operation
        .split_once(' ')
        .map_or(operation, |(_, path)| path);
    let segments = path.split('/').filter(|segment| {
        segment.len() > 2
            && segment
                .chars()
                .all(|c| c.is_alphanumeric() || "_-".contains(c))
    });
    segments.map(singular).collect()
}

/// A noun as it is compared: letters alone, without the ending of the plural.
fn singular(noun: &str) -> String {
    let letters = noun.chars().filter(|c| c.is_alphanumeric());
    let noun: String = letters.flat_map(char::to_lowercase).collect();
    if let Some(stem) = noun.strip_suffix("ies") {
        return format!("{stem}y");
    }
    noun.strip_suffix('s').map_or(noun.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_are_compared_without_their_plural() {
        assert_eq!(nouns("GET /api/v1/price-lists/{}"), ["api", "pricelist"]);
        assert_eq!(singular("categories"), "category");
        assert_eq!(singular("Orders"), "order");
    }
}
