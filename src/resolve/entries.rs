//! Which files does a deployment start with, where several programs share one code?

use std::collections::{BTreeMap, BTreeSet};

use super::identity::Entry;
use super::index::{Index, place_path};
use crate::model::{Claim, ComponentId, FileId, Subject, WorkloadId, parent};

/// Endings of programs that are not part of their names.
const ENDINGS: &[&str] = &[
    "bin", "cjs", "dll", "exe", "jar", "js", "mjs", "php", "pl", "py", "rb", "sh", "ts",
];

/// The files with which each of these deployments starts, as far as their commands tell it.
pub(super) fn programs(
    entries: &[(WorkloadId, ComponentId, Entry)],
    index: &Index<'_>,
    component_of: &[ComponentId],
) -> BTreeMap<WorkloadId, Vec<FileId>> {
    if entries.is_empty() {
        return BTreeMap::new();
    }
    let shared: BTreeSet<ComponentId> = entries.iter().map(|(_, code, _)| *code).collect();
    let mut mains: BTreeMap<ComponentId, Vec<FileId>> = BTreeMap::new();
    for fact in index.facts {
        let code = component_of[fact.span.file.0 as usize];
        if let Claim::Provides { key, .. } = &fact.claim
            && key.namespace.0 == "trait"
            && key.name.as_text() == Some("entry-point")
            && shared.contains(&code)
        {
            let files = mains.entry(code).or_default();
            if files.last() != Some(&fact.span.file) {
                files.push(fact.span.file);
            }
        }
    }
    let mut programs = BTreeMap::new();
    for (workload, code, entry) in entries {
        let mains = mains.get(code).map_or(&[][..], Vec::as_slice);
        let command = entry.command.as_ref().or(entry.image.as_ref());
        let words = command.into_iter().flat_map(|text| names(text));
        let found = words
            .map(|name| match made(&name, *code, index, component_of) {
                files if files.is_empty() => program(&name, mains, index),
                files => files,
            })
            .find(|files| !files.is_empty());
        if let Some(files) = found {
            programs.insert(*workload, files);
        }
    }
    programs
}

/// What a build makes the program of a name of, where it says so.
fn made(
    name: &str,
    code: ComponentId,
    index: &Index<'_>,
    component_of: &[ComponentId],
) -> Vec<FileId> {
    let mut files = Vec::new();
    for (fact, ..) in index.provides("program", name) {
        let Subject::Named(target) = &fact.subject else {
            continue;
        };
        if component_of[fact.span.file.0 as usize] != code {
            continue;
        }
        let repo = index.repo(fact);
        for said in index.about(repo, target) {
            if let Claim::Binds { key, value } = &said.claim
                && key.namespace.0 == "cmake-source"
                && let Some(path) = value.as_text().and_then(place_path)
            {
                files.extend(index.files.find(repo, &path));
            }
        }
    }
    files.sort();
    files.dedup();
    files
}

/// The one program of a name: a file that is called so, or the files of a folder that is.
fn program(name: &str, mains: &[FileId], index: &Index<'_>) -> Vec<FileId> {
    let stem = |path: &str| {
        let file = path.rsplit('/').next().unwrap_or_default();
        file.split('.').next().unwrap_or_default().to_owned()
    };
    let last = |folder: &str| folder.rsplit('/').next().unwrap_or_default().to_owned();
    let path = |file: &FileId| &*index.files.path(*file).path;
    let called: Vec<FileId> = mains
        .iter()
        .copied()
        .filter(|file| stem(path(file)) == name)
        .collect();
    if let [file] = called.as_slice() {
        return vec![*file];
    }
    let inside: Vec<FileId> = mains
        .iter()
        .copied()
        .filter(|file| last(parent(path(file))) == name)
        .collect();
    let folders: BTreeSet<&str> = inside.iter().map(|file| parent(path(file))).collect();
    let Some(folder) = folders.first().filter(|_| folders.len() == 1) else {
        return Vec::new();
    };
    // A program is made of all that lies in its folder.
    let repo = inside.first().map(|file| index.files.path(*file).repo);
    index
        .files
        .iter()
        .filter(|(_, row)| Some(row.path.repo) == repo && row.path.parent() == *folder)
        .map(|(file, _)| file)
        .collect()
}

/// What words of a command may name a program: `/app/cart --port 80`, `node dist/cart.js`, `python -m shop.cart`.
fn names(command: &str) -> impl Iterator<Item = String> {
    command.split_whitespace().filter_map(|word| {
        let word = word.trim_matches(['"', '\'', '[', ']', ',']);
        if word.starts_with('-') || word.contains('=') {
            return None;
        }
        let last = word.rsplit('/').next()?.split(':').next()?;
        let name = match last.rsplit_once('.') {
            Some((name, ending)) if ENDINGS.contains(&ending) => name,
            // A module of Python.
            Some((_, module)) => module,
            None => last,
        };
        (!name.is_empty()).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_commands_name_programs() {
        let read = |text: &str| names(text).collect::<Vec<_>>().join(" ");
        assert_eq!(read("/app/cart --port=80 -v"), "cart");
        assert_eq!(read("node dist/cart.js"), "node cart");
        assert_eq!(read("python -m shop.cart"), "python cart");
        assert_eq!(read("gunicorn shop.wsgi:app"), "gunicorn wsgi");
        assert_eq!(read("[\"dotnet\", \"Cart.dll\"]"), "dotnet Cart");
    }
}
