//! Elixir: a module is where a file defines it; of several files, the one that the asking application is compiled with.
//!
//! All applications of a build share one space of names, so that two modules of one name are never in the same build:
//! test helpers of several applications often have one.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Finder, Found, Lookup, Run, Target, provided};
use crate::model::{Claim, ComponentId, Fact, Key, RepoId, Subject, Why};
use crate::resolve::index::{Index, place_path};

/// First pieces of the names of modules that come with the language: <https://hexdocs.pm/elixir/api-reference.html>.
const STANDARD: &[&str] = &[
    "Access",
    "Agent",
    "Application",
    "ArgumentError",
    "ArithmeticError",
    "Atom",
    "BadArityError",
    "BadBooleanError",
    "BadFunctionError",
    "BadMapError",
    "BadStructError",
    "Base",
    "Behaviour",
    "Bitwise",
    "Calendar",
    "CaseClauseError",
    "Code",
    "Collectable",
    "CondClauseError",
    "Config",
    "Date",
    "DateTime",
    "Dict",
    "Duration",
    "DynamicSupervisor",
    "EEx",
    "Enum",
    "Enumerable",
    "ErlangError",
    "ExUnit",
    "Exception",
    "File",
    "Float",
    "Function",
    "FunctionClauseError",
    "GenEvent",
    "GenServer",
    "HashDict",
    "HashSet",
    "IEx",
    "IO",
    "Inspect",
    "Integer",
    "JSON",
    "Kernel",
    "KeyError",
    "Keyword",
    "List",
    "Logger",
    "Macro",
    "Map",
    "MapSet",
    "MatchError",
    "Mix",
    "Module",
    "NaiveDateTime",
    "Node",
    "OptionParser",
    "PartitionSupervisor",
    "Path",
    "Port",
    "Process",
    "Protocol",
    "Range",
    "Record",
    "Regex",
    "Registry",
    "RuntimeError",
    "Set",
    "Stream",
    "String",
    "StringIO",
    "Supervisor",
    "SyntaxError",
    "System",
    "Task",
    "Time",
    "TokenMissingError",
    "Tuple",
    "URI",
    "UndefinedFunctionError",
    "UnicodeConversionError",
    "Version",
    "WithClauseError",
];

pub(super) struct Elixir;

impl Lookup for Elixir {
    fn namespaces(&self) -> &'static [&'static str] {
        &["elixir"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        Box::new(Modules {
            index: run.index,
            component_of: run.component_of,
            reached: reached(run.index, run.component_of),
        })
    }
}

struct Modules<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    /// The applications that each one depends on, directly or through others.
    reached: HashMap<ComponentId, HashSet<ComponentId>>,
}

impl Finder for Modules<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let Some(name) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        let repo = self.index.repo(fact);
        let all: Vec<&Fact> = self
            .index
            .provides("elixir", name)
            .map(|(offer, ..)| offer)
            .collect();
        if all.is_empty() {
            return outside(name);
        }
        let near: Vec<&Fact> = all
            .iter()
            .copied()
            .filter(|offer| self.index.repo(offer) == repo)
            .collect();
        let candidates = if near.is_empty() { all } else { near };
        let own = self.component(fact);
        let mut by_distance: BTreeMap<u8, Vec<&Fact>> = BTreeMap::new();
        for offer in candidates {
            let there = self.component(offer);
            let distance = if there == own {
                0
            } else if self
                .reached
                .get(&own)
                .is_some_and(|all| all.contains(&there))
            {
                1
            } else {
                2
            };
            by_distance.entry(distance).or_default().push(offer);
        }
        let nearest = by_distance.into_values().next().unwrap_or_default();
        let [offer] = nearest.as_slice() else {
            let names = nearest
                .iter()
                .map(|offer| self.index.files.display(offer.span.file))
                .collect();
            return Found::Unknown(Why::Ambiguous(names));
        };
        match Target::files(self.component_of, vec![offer.span.file]) {
            Some(target) => Found::Here(vec![Target {
                hops: vec![provided(offer, name)],
                ..target
            }]),
            None => Found::Unknown(Why::NotFound),
        }
    }
}

impl Modules<'_, '_> {
    fn component(&self, fact: &Fact) -> ComponentId {
        self.component_of[fact.span.file.0 as usize]
    }
}

/// A module that nobody in the run defines: what package brings it stands in no file.
fn outside(name: &str) -> Found {
    let first = name.split('.').next().unwrap_or(name);
    let own = STANDARD.binary_search(&first).is_ok();
    Found::Outside((!own).then(|| format!("elixir:{first}")))
}

/// The applications that each one depends on by folders, directly or through others.
fn reached(
    index: &Index<'_>,
    component_of: &[ComponentId],
) -> HashMap<ComponentId, HashSet<ComponentId>> {
    let component = |fact: &Fact| component_of[fact.span.file.0 as usize];
    let mut folders: HashMap<(RepoId, String), ComponentId> = HashMap::new();
    let mut wanted: Vec<(ComponentId, (RepoId, String))> = Vec::new();
    for fact in index.facts {
        let (Claim::Provides { key, .. } | Claim::Requires { key, .. }) = &fact.claim else {
            continue;
        };
        if key.namespace.0 != "hex" || fact.subject != Subject::Here {
            continue;
        }
        let Some(path) = key.at.as_text().and_then(place_path) else {
            continue;
        };
        let place = (index.repo(fact), path);
        match fact.claim {
            Claim::Provides { .. } => {
                folders.insert(place, component(fact));
            }
            _ => wanted.push((component(fact), place)),
        }
    }
    let mut direct: BTreeMap<ComponentId, Vec<ComponentId>> = BTreeMap::new();
    for (from, place) in wanted {
        if let Some(to) = folders.get(&place) {
            direct.entry(from).or_default().push(*to);
        }
    }
    let mut reached = HashMap::new();
    for from in direct.keys() {
        let mut seen = HashSet::new();
        let mut open = vec![*from];
        while let Some(at) = open.pop() {
            for to in direct.get(&at).into_iter().flatten() {
                if seen.insert(*to) {
                    open.push(*to);
                }
            }
        }
        reached.insert(*from, seen);
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(STANDARD.is_sorted_by(|a, b| a < b));
    }
}
