//! Whose table is meant by a name that is used?

use std::collections::BTreeSet;

use super::connected::Way;
use super::names::{is_common, name, one_schema};
use super::stores::{Sameness, Store, same};
use super::{Creator, Makers};
use crate::model::{Certainty, ComponentId, Hop, Offer, Why};

/// Who made the table that is meant.
pub(super) struct Choice<'c, 'a> {
    pub(super) creator: &'c Creator<'a>,
    /// Nothing had to be guessed of the store.
    pub(super) is_same_store: bool,
    pub(super) certainty: Certainty,
    pub(super) hops: Vec<Hop>,
}

/// Whether a creator's table is in one of the stores of a use, how sure that is, and why.
pub(super) fn judge(
    creator: &Creator<'_>,
    used: &str,
    ways: &[Way],
) -> Option<(Sameness, Certainty, Vec<Hop>)> {
    let mut best: Option<(Sameness, Certainty, Vec<Hop>)> = None;
    for made in &creator.ways {
        for way in ways {
            let (mine, theirs) = (name(&creator.name, made), name(used, way));
            let stores = same(
                &within(&made.store, &mine.database),
                &within(&way.store, &theirs.database),
            );
            let sameness = match (stores, one_schema(&mine, &theirs)) {
                (Sameness::Different, _) | (_, Some(false)) => Sameness::Different,
                (Sameness::Same, Some(true)) => Sameness::Same,
                _ => Sameness::Unknown,
            };
            if best.as_ref().is_none_or(|(known, ..)| sameness < *known) {
                let hops = [way.hops.clone(), made.hops.clone()].concat();
                best = Some((sameness, made.certainty.min(way.certainty), hops));
            }
        }
    }
    best
}

/// The store with the database that the name of a table tells.
fn within(store: &Store, database: &Option<String>) -> Store {
    match (store, database) {
        (Store::Place(place), Some(database)) => {
            let mut place = place.clone();
            place.database = Some(database.clone());
            Store::Place(place)
        }
        (store, _) => store.clone(),
    }
}

/// Who made the table that is used: in the same store for sure, else the only maker when the store is unknown.
///
/// `Ok(None)`: it is another store's table of the same name.
pub(super) fn choose<'c, 'a>(
    known: &'c Makers<'a>,
    from: ComponentId,
    used: &str,
    ways: &[Way],
) -> Result<Option<Choice<'c, 'a>>, Why> {
    if known.all.is_empty() {
        return Err(Why::NotFound);
    }
    let judged: Vec<_> = known
        .all
        .iter()
        .filter_map(|creator| Some((creator, judge(creator, used, ways)?)))
        .collect();
    for wanted in [Sameness::Same, Sameness::Unknown] {
        let candidates: Vec<_> = judged
            .iter()
            .filter(|(_, (sameness, ..))| *sameness == wanted)
            .collect();
        let certainty = |sure: Certainty| match wanted {
            Sameness::Same => sure.min(Certainty::Observed),
            _ => Certainty::Inferred,
        };
        let own = candidates
            .iter()
            .filter(|(creator, _)| creator.component == from);
        // One's own table is meant before anybody else's; that one maps a table says little where another creates it.
        let own_made = own
            .clone()
            .any(|(creator, _)| creator.how == Offer::Creates);
        let own_mapped = own.clone().next().is_some() && wanted == Sameness::Unknown;
        if own_made || own_mapped {
            return Ok(None);
        }
        for how in [
            Offer::Creates,
            Offer::Implements,
            Offer::Declares,
            Offer::Maps,
        ] {
            let makers: Vec<_> = candidates
                .iter()
                .filter(|(creator, _)| creator.how == how)
                .collect();
            if makers.iter().any(|(creator, _)| creator.component == from) {
                return Ok(None);
            }
            let components: BTreeSet<_> = makers
                .iter()
                .map(|(creator, _)| creator.component)
                .collect();
            match (components.len(), makers.first()) {
                (0, _) | (_, None) => {}
                (1, Some((creator, (_, sure, hops)))) => {
                    if wanted == Sameness::Unknown && !tells(known, used) {
                        return Err(Why::Ambiguous(Vec::new()));
                    }
                    return Ok(Some(Choice {
                        creator,
                        is_same_store: wanted == Sameness::Same,
                        certainty: certainty(*sure),
                        hops: hops.clone(),
                    }));
                }
                _ => return Err(Why::Ambiguous(Vec::new())),
            }
        }
    }
    Ok(None)
}

/// Whether a name alone tells whose table is meant: one component has it and nobody else, and it is no word that everybody uses.
fn tells(makers: &Makers<'_>, used: &str) -> bool {
    let components: BTreeSet<_> = makers.all.iter().map(|one| one.component).collect();
    components.len() == 1 && !makers.is_central && !is_common(used)
}
