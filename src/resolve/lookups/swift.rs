//! Swift: an import names a module, which is a target of a package: of the importing file's own, of one that it takes in, or the only one of that name.
//!
//! Where a manifest gives no path, a target lies where SwiftPM looks for it:
//! <https://docs.swift.org/package-manager/PackageDescription/PackageDescription.html#target>

use std::collections::{HashMap, HashSet};

use super::{Finder, Found, Lookup, Run, Target, provided};
use crate::model::{Claim, ComponentId, Fact, FileId, Key, RepoId, Subject, Why, join, parent};
use crate::resolve::index::{Index, place_path};

/// Where SwiftPM looks for the folder of a target, in order.
const FOLDERS: &[&str] = &["Sources", "Source", "src", "srcs", "Tests", "Plugins"];

pub(super) struct Swift;

impl Lookup for Swift {
    fn namespaces(&self) -> &'static [&'static str] {
        &["swift"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        let mut modules = Modules {
            index: run.index,
            component_of: run.component_of,
            by_name: HashMap::new(),
            by_folder: HashMap::new(),
            taken_in: HashSet::new(),
        };
        for fact in run.index.facts {
            if fact.subject == Subject::Here {
                modules.note(fact);
            }
        }
        Box::new(modules)
    }
}

/// A target of a package.
struct Module<'r> {
    fact: &'r Fact,
    repo: RepoId,
    /// The folder of its package.
    package: &'r str,
    files: Vec<FileId>,
}

struct Modules<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    by_name: HashMap<String, Vec<Module<'r>>>,
    by_folder: HashMap<(RepoId, String), String>,
    /// The folders of packages that the package of a folder takes in.
    taken_in: HashSet<(RepoId, &'r str, String)>,
}

impl<'r> Modules<'r, '_> {
    fn note(&mut self, fact: &'r Fact) {
        let repo = self.index.repo(fact);
        let package = self.index.folder(fact);
        match &fact.claim {
            Claim::Provides { key, .. } if key.namespace.0 == "swift" => {
                let Some(name) = key.name.as_text() else {
                    return;
                };
                let module = module_name(name);
                let known = self.by_name.entry(module.clone()).or_default();
                // Manifests for several versions of Swift tell the same targets.
                let again = |module: &Module<'_>| module.repo == repo && module.package == package;
                if known.iter().any(again) {
                    return;
                }
                let Some(folder) = folder(key, name, package, repo, self.index) else {
                    return;
                };
                known.push(Module {
                    fact,
                    repo,
                    package,
                    files: files(&folder, repo, self.index),
                });
                self.by_folder.insert((repo, folder), module);
            }
            Claim::Requires { key, .. } if key.namespace.0 == "swiftpm" => {
                if let Some(path) = key.at.as_text().and_then(place_path) {
                    self.taken_in.insert((repo, package, path));
                }
            }
            _ => {}
        }
    }
}

impl Finder for Modules<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let Some(import) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        let name = import.split('.').next().unwrap_or(import);
        let from = self.index.files.path(fact.span.file);
        let known = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let near: Vec<&Module<'_>> = known
            .iter()
            .filter(|module| module.repo == from.repo)
            .collect();
        let module = match (near.as_slice(), known) {
            ([], []) => return Found::Outside(Some(format!("swift:{name}"))),
            ([], [far]) => far,
            ([], all) => return ambiguous(all.iter(), self.index),
            ([near], _) => near,
            (several, _) => match self.nearest(several, fact.span.file) {
                Some(module) => module,
                None => return ambiguous(several.iter().copied(), self.index),
            },
        };
        match Target::files(self.component_of, module.files.clone()) {
            Some(target) => Found::Here(vec![Target {
                unit: Some(format!("swift:{name}")),
                hops: vec![provided(module.fact, name)],
                ..target
            }]),
            None => Found::Unknown(Why::NotFound),
        }
    }

    fn unit(&self, file: FileId) -> Option<String> {
        if self.by_folder.is_empty() {
            return None;
        }
        let path = self.index.files.path(file);
        let mut folder = path.parent();
        loop {
            if let Some(name) = self.by_folder.get(&(path.repo, folder.to_owned())) {
                return Some(format!("swift:{name}"));
            }
            if folder.is_empty() {
                return None;
            }
            folder = parent(folder);
        }
    }
}

impl<'r> Modules<'r, '_> {
    /// Of several modules of one name, that of the file's own package, else the only one in a package that it takes in.
    fn nearest<'m>(&self, several: &[&'m Module<'r>], from: FileId) -> Option<&'m Module<'r>> {
        let repo = self.index.files.path(from).repo;
        let package = self.package(from);
        if let Some(own) = several.iter().find(|module| module.package == package) {
            return Some(own);
        }
        let mut taken = several.iter().filter(|module| {
            self.taken_in
                .contains(&(repo, package, module.package.to_owned()))
        });
        let one = taken.next()?;
        taken.next().is_none().then_some(one)
    }

    /// The folder of the package around a file.
    fn package(&self, file: FileId) -> &str {
        let path = self.index.files.path(file);
        let mut folder = path.parent();
        while !folder.is_empty() {
            let manifest = format!("{folder}/Package.swift");
            if self.index.files.find(path.repo, &manifest).is_some() {
                break;
            }
            folder = parent(folder);
        }
        folder
    }
}

/// The name that code uses: signs of a target's name that no identifier has become `_`.
fn module_name(target: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '_' };
    target.chars().map(plain).collect()
}

/// The folder of a target: what the manifest says, else the first one of the convention that is there.
fn folder(key: &Key, name: &str, package: &str, repo: RepoId, index: &Index<'_>) -> Option<String> {
    if !key.at.is_empty() {
        return key.at.as_text().and_then(place_path);
    }
    FOLDERS
        .iter()
        .filter_map(|folder| join(package, &format!("{folder}/{name}")))
        .find(|folder| index.files.has_folder(repo, folder))
}

/// The Swift, C and other files of a folder.
fn files(folder: &str, repo: RepoId, index: &Index<'_>) -> Vec<FileId> {
    index
        .files
        .below(repo, folder)
        .filter(|file| index.files.row(*file).class.language.is_code())
        .collect()
}

fn ambiguous<'m>(modules: impl Iterator<Item = &'m Module<'m>>, index: &Index<'_>) -> Found {
    let mut names: Vec<String> = modules
        .map(|module| index.files.display(module.fact.span.file))
        .collect();
    names.sort();
    Found::Unknown(Why::Ambiguous(names))
}
