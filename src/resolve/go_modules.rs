//! Go modules: which folder an import path means, asked from a module.
//!
//! What a path means depends on who asks: the module itself, `replace` in its `go.mod`, and the `go.work` that uses it,
//! in which the replacements of all its modules count.
//! The longest module path wins that has the package: <https://go.dev/ref/mod#resolve-pkg-mod>

use std::collections::{HashMap, HashSet};

use super::index::{Index, ancestors, place_path};
use crate::model::{Claim, Fact, Key, RepoId, Subject, Template, parent};

/// Where the extractor says that released versions come from.
const RELEASED: &str = "registry:go";

/// All modules of the run.
#[derive(Debug, Default)]
pub(super) struct Modules<'a> {
    all: Vec<Module<'a>>,
    by_folder: HashMap<(RepoId, &'a str), usize>,
    by_path: HashMap<&'a str, Vec<usize>>,
}

/// One module, and what paths mean in it.
#[derive(Debug)]
pub(super) struct Module<'a> {
    pub(super) repo: RepoId,
    pub(super) folder: &'a str,
    pub(super) path: &'a str,
    /// Its `module` line.
    pub(super) provider: &'a Fact,
    /// Whether its own folder is a package that others can import.
    pub(super) has_package: bool,
    meanings: HashMap<&'a str, Meaning<'a>>,
}

/// What a module path means, with what says so.
#[derive(Clone, Debug)]
pub(super) struct Meaning<'a> {
    pub(super) place: Place,
    /// The line that decides: `replace`, `use`, `require`; `None` for the module itself.
    pub(super) by: Option<&'a Fact>,
}

/// Where a module is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A folder of the same repository.
    Folder(String),
    /// A released version of it, not a folder.
    Released,
    /// Another module stands in its place, or a folder outside of the repository.
    Elsewhere,
}

impl<'a> Modules<'a> {
    pub(super) fn new(index: &Index<'a>) -> Self {
        let mut modules = Self::default();
        for fact in index.facts {
            if let (Subject::Here, Claim::Provides { key, .. }) = (&fact.subject, &fact.claim)
                && key.namespace.0 == "gomod"
                && let Some(path) = key.name.as_text()
            {
                modules.add(path, fact, index);
            }
        }
        if modules.all.is_empty() {
            return modules;
        }
        modules.find_root_packages(index);
        let workspaces = modules.workspaces(index);
        for number in 0..modules.all.len() {
            modules.all[number].meanings = modules.meanings(number, workspaces.get(&number), index);
        }
        modules
    }

    fn add(&mut self, path: &'a str, provider: &'a Fact, index: &Index<'a>) {
        let (repo, folder) = (index.repo(provider), index.folder(provider));
        let number = self.all.len();
        if self.by_folder.contains_key(&(repo, folder)) {
            return;
        }
        self.by_folder.insert((repo, folder), number);
        self.by_path.entry(path).or_default().push(number);
        self.all.push(Module {
            repo,
            folder,
            path,
            provider,
            has_package: false,
            meanings: HashMap::new(),
        });
    }

    fn find_root_packages(&mut self, index: &Index<'a>) {
        let mut programs: HashSet<usize> = HashSet::new();
        let mut packages: Vec<usize> = Vec::new();
        for fact in index.facts {
            let Claim::Provides { key, .. } = &fact.claim else {
                continue;
            };
            let number = || {
                let place = (index.repo(fact), index.folder(fact));
                self.by_folder.get(&place).copied()
            };
            match (key.namespace.0, key.name.as_text()) {
                ("gopkg", Some("")) => {
                    let is_test = index.files.path(fact.span.file).path.ends_with("_test.go");
                    packages.extend(number().filter(|_| !is_test));
                }
                ("trait", Some("entry-point")) => programs.extend(number()),
                _ => {}
            }
        }
        for number in packages {
            self.all[number].has_package = !programs.contains(&number);
        }
    }

    /// The workspace of each module that has one: the nearest above it, if that uses it.
    fn workspaces(&self, index: &Index<'a>) -> HashMap<usize, Workspace<'a>> {
        let mut by_folder: HashMap<(RepoId, &'a str), Workspace<'a>> = HashMap::new();
        for fact in index.facts {
            let Claim::Binds { key, value } = &fact.claim else {
                continue;
            };
            let at = (index.repo(fact), index.folder(fact));
            match key.namespace.0 {
                "gowork-use" => {
                    let workspace = by_folder.entry(at).or_default();
                    if let Some(folder) = value.as_text().and_then(place_path)
                        && let Some(number) = self.by_folder.get(&(at.0, folder.as_str()))
                    {
                        workspace.members.push((*number, fact));
                    }
                }
                "gomod-replace" if index.files.path(fact.span.file).file_name() == "go.work" => {
                    by_folder.entry(at).or_default().replaced.push(fact);
                }
                _ => {}
            }
        }
        let mut found = HashMap::new();
        for (number, module) in self.all.iter().enumerate() {
            let nearest = ancestors(module.folder)
                .find_map(|folder| by_folder.get(&(module.repo, folder)))
                .filter(|workspace| {
                    workspace
                        .members
                        .iter()
                        .any(|(member, _)| *member == number)
                });
            if let Some(workspace) = nearest {
                found.insert(number, workspace.clone());
            }
        }
        found
    }

    /// What module paths mean in a module; what is said first wins.
    fn meanings(
        &self,
        number: usize,
        workspace: Option<&Workspace<'a>>,
        index: &Index<'a>,
    ) -> HashMap<&'a str, Meaning<'a>> {
        let own = &self.all[number];
        let mut meanings = HashMap::from([(
            own.path,
            Meaning {
                place: Place::Folder(own.folder.to_owned()),
                by: None,
            },
        )]);
        let facts = |number: usize| index.facts_of_file(self.all[number].provider.span.file);
        let mut replaces: Vec<&'a Fact> = Vec::new();
        let mut requires: Vec<&'a Fact> = facts(number).iter().collect();
        if let Some(workspace) = workspace {
            for (member, by) in &workspace.members {
                let member = &self.all[*member];
                meanings.entry(member.path).or_insert_with(|| Meaning {
                    place: Place::Folder(member.folder.to_owned()),
                    by: Some(*by),
                });
            }
            replaces.extend(&workspace.replaced);
        }
        // A requirement knows the replacement of its very version, which comes before that of any version.
        for fact in facts(number) {
            if let Claim::Requires { key, .. } = &fact.claim
                && key.namespace.0 == "gomod"
                && key.at.as_text() != Some(RELEASED)
                && let Some(module) = key.name.as_text()
            {
                let says = |said: &&Fact| {
                    matches!(&said.claim, Claim::Binds { key: name, value }
                        if name.namespace.0 == "gomod-replace" && value.as_ref_key() == Some(key))
                };
                meanings.entry(module).or_insert_with(|| Meaning {
                    place: place(key),
                    by: facts(number).iter().find(says).or(Some(fact)),
                });
            }
        }
        replaces.extend(facts(number));
        if let Some(workspace) = workspace {
            for (member, _) in &workspace.members {
                replaces.extend(facts(*member));
                requires.extend(facts(*member));
            }
        }
        for fact in replaces {
            if let Claim::Binds { key, value } = &fact.claim
                && key.namespace.0 == "gomod-replace"
                && let Some(name) = key.name.as_text()
            {
                // One for a version alone is in the requirement of that version.
                let is_work = index.files.path(fact.span.file).file_name() == "go.work";
                let module = match name.split_once('@') {
                    Some((module, _)) if is_work => module,
                    Some(_) => continue,
                    None => name,
                };
                meanings.entry(module).or_insert_with(|| Meaning {
                    place: replacement(value, module),
                    by: Some(fact),
                });
            }
        }
        for fact in requires {
            if let Claim::Requires { key, .. } = &fact.claim
                && key.namespace.0 == "gomod"
                && let Some(module) = key.name.as_text()
            {
                meanings.entry(module).or_insert_with(|| Meaning {
                    place: place(key),
                    by: Some(fact),
                });
            }
        }
        meanings
    }

    /// The module that a folder is part of: the nearest above it.
    pub(super) fn around(&self, repo: RepoId, folder: &str) -> Option<&Module<'a>> {
        ancestors(folder).find_map(|folder| self.at(repo, folder))
    }

    /// The module of exactly this folder.
    pub(super) fn at(&self, repo: RepoId, folder: &str) -> Option<&Module<'a>> {
        let number = *self.by_folder.get(&(repo, folder))?;
        Some(&self.all[number])
    }

    /// The modules of a path that others can mean by it: those for tests of the go command's users count only when there are no others.
    pub(super) fn named(&self, path: &str) -> Vec<&Module<'a>> {
        let all = self.by_path.get(path).into_iter().flatten();
        let all: Vec<&Module<'a>> = all.map(|number| &self.all[*number]).collect();
        let open: Vec<&Module<'a>> = all
            .iter()
            .copied()
            .filter(|module| !is_left_out(module.folder))
            .collect();
        if open.is_empty() { all } else { open }
    }
}

impl<'a> Module<'a> {
    /// What a module path means in this module.
    pub(super) fn meaning(&self, path: &str) -> Option<&Meaning<'a>> {
        self.meanings.get(path)
    }
}

/// A `go.work`: the modules that it uses, and what it replaces.
#[derive(Clone, Debug, Default)]
struct Workspace<'a> {
    members: Vec<(usize, &'a Fact)>,
    replaced: Vec<&'a Fact>,
}

/// A path and all that it could lie in, the longest first.
pub(super) fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| {
        Some(parent(path)).filter(|parent| !parent.is_empty())
    })
}

fn replacement(value: &Template, module: &str) -> Place {
    match value.as_ref_key() {
        // Another version of the same module.
        Some(key) if key.name.as_text() == Some(module) => place(key),
        _ => Place::Elsewhere,
    }
}

fn place(key: &Key) -> Place {
    match key.at.as_text() {
        Some(RELEASED) => Place::Released,
        Some(at) => place_path(at).map_or(Place::Elsewhere, Place::Folder),
        None => Place::Elsewhere,
    }
}

/// Folders that `./...` leaves out.
fn is_left_out(folder: &str) -> bool {
    folder
        .split('/')
        .any(|part| part == "testdata" || part.starts_with(['_', '.']))
}
