//! Protocol Buffers: an import is a path below some root, and the compiler's `-I` flags, which tell the roots, are in no `.proto` file.
//!
//! A file of the tree that ends in the imported path is what is meant.
//! Of several, the one whose root also holds the importing file: the nearest; copies at equal distance are ambiguous.

use std::collections::HashMap;

use super::{Finder, Found, Lookup, Run, Target, provided};
use crate::model::{Certainty, ComponentId, Fact, FileId, FileTable, Key, RepoId, Why};
use crate::resolve::index::Index;

pub(super) struct Proto;

impl Lookup for Proto {
    fn namespaces(&self) -> &'static [&'static str] {
        &["proto"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        let mut by_name: HashMap<&str, Vec<FileId>> = HashMap::new();
        for (file, row) in run.index.files.iter() {
            let path = &*row.path.path;
            if path.ends_with(".proto") {
                let name = path.rsplit('/').next().unwrap_or(path);
                by_name.entry(name).or_default().push(file);
            }
        }
        Box::new(Files {
            index: run.index,
            component_of: run.component_of,
            by_name,
        })
    }
}

struct Files<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    by_name: HashMap<&'r str, Vec<FileId>>,
}

impl Finder for Files<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let Some(import) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        let files = self.index.files;
        let from = files.path(fact.span.file);
        let name = import.rsplit('/').next().unwrap_or(import);
        let named = self.by_name.get(name).into_iter().flatten();
        let candidates: Vec<FileId> = named
            .copied()
            .filter(|file| is_below_root(files, *file, from.repo, import))
            .collect();
        let distance = |file: &FileId| {
            let root = &files.path(*file).path;
            steps(
                from.parent(),
                root[..root.len() - import.len()].trim_end_matches('/'),
            )
        };
        let Some(nearest) = candidates.iter().map(distance).min() else {
            return outside(import);
        };
        let nearest: Vec<FileId> = candidates
            .into_iter()
            .filter(|file| distance(file) == nearest)
            .collect();
        let [file] = nearest.as_slice() else {
            let names = nearest.iter().map(|file| files.display(*file)).collect();
            return Found::Unknown(Why::Ambiguous(names));
        };
        let Some(target) = Target::files(self.component_of, vec![*file]) else {
            return Found::Unknown(Why::NotFound);
        };
        let offer = self.index.facts_of_file(*file).first();
        Found::Here(vec![Target {
            hops: offer
                .map(|offer| provided(offer, import))
                .into_iter()
                .collect(),
            certainty: Certainty::Declared,
            ..target
        }])
    }
}

/// The compiler brings `google/protobuf/` along; all else that is not in the tree is a package from elsewhere.
fn outside(import: &str) -> Found {
    if import.starts_with("google/protobuf/") {
        return Found::Outside(None);
    }
    Found::Outside(Some(format!("proto:{import}")))
}

fn is_below_root(files: &FileTable, file: FileId, repo: RepoId, import: &str) -> bool {
    let path = files.path(file);
    path.repo == repo
        && path
            .path
            .strip_suffix(import)
            .is_some_and(|root| root.is_empty() || root.ends_with('/'))
}

/// How many folders lie between one and another, up and down.
fn steps(from: &str, to: &str) -> usize {
    let split = |path: &str| -> Vec<String> {
        path.split('/')
            .filter(|segment| !segment.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (from, to) = (split(from), split(to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    from.len() + to.len() - 2 * common
}
