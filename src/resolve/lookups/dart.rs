//! Dart: `package:name/path` is `lib/path` of the package of that name, anything else a path from the importing file.
//!
//! Source: <https://dart.dev/tools/pub/package-layout>

use std::collections::HashMap;

use super::{Finder, Found, Lookup, Run, Target, provided};
use crate::model::{
    Claim, ComponentId, DependencyKind, Fact, FileId, Hop, HopKind, Key, RepoId, Subject, Why,
    join, parent,
};
use crate::resolve::index::{Index, place_path};

pub(super) struct Dart;

impl Lookup for Dart {
    fn namespaces(&self) -> &'static [&'static str] {
        &["dart"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        let mut packages = Packages {
            index: run.index,
            component_of: run.component_of,
            by_name: HashMap::new(),
            by_folder: HashMap::new(),
            paths: HashMap::new(),
        };
        for fact in run.index.facts {
            if fact.subject == Subject::Here {
                packages.note(fact);
            }
        }
        Box::new(packages)
    }
}

struct Packages<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    /// The manifests of each name, in file order.
    by_name: HashMap<&'r str, Vec<&'r Fact>>,
    /// The name of the package in each folder.
    by_folder: HashMap<(RepoId, &'r str), &'r str>,
    /// Where the manifest of a folder says that a package lies.
    paths: HashMap<(RepoId, &'r str, &'r str), String>,
}

impl<'r> Packages<'r, '_> {
    /// Keeps what a manifest says of its own package and of the folders of others.
    fn note(&mut self, fact: &'r Fact) {
        let (Claim::Provides { key, .. } | Claim::Requires { key, .. }) = &fact.claim else {
            return;
        };
        let ("pub", Some(at), Some(name)) = (key.namespace.0, key.at.as_text(), key.name.as_text())
        else {
            return;
        };
        let Some(path) = place_path(at) else {
            return;
        };
        let place = (self.index.repo(fact), self.index.folder(fact));
        match fact.claim {
            Claim::Provides { .. } => {
                self.by_name.entry(name).or_default().push(fact);
                self.by_folder.insert(place, name);
            }
            _ => {
                self.paths.entry((place.0, place.1, name)).or_insert(path);
            }
        }
    }

    /// The folder of the package that a file belongs to.
    fn own_folder(&self, file: FileId) -> Option<(RepoId, &'r str)> {
        let path = self.index.files.path(file);
        let mut folder = path.parent();
        loop {
            if let Some(((repo, folder), _)) = self.by_folder.get_key_value(&(path.repo, folder)) {
                return Some((*repo, folder));
            }
            if folder.is_empty() {
                return None;
            }
            folder = parent(folder);
        }
    }

    /// The manifest of the package that a name means in a file; `None`: one from outside.
    fn package(&self, name: &str, from: FileId) -> Option<Result<&'r Fact, Why>> {
        let repo = self.index.files.path(from).repo;
        let known = self.by_name.get(name)?;
        let own = self.own_folder(from);
        let at = |folder: &str| {
            let there =
                |fact: &&&Fact| self.index.repo(fact) == repo && self.index.folder(fact) == folder;
            known.iter().find(there).copied()
        };
        if let Some((_, folder)) = own {
            let path = self.paths.get(&(repo, folder, name));
            let found = path.and_then(|path| at(path));
            if let Some(found) = found.or_else(|| at(folder)) {
                return Some(Ok(found));
            }
        }
        let near: Vec<&Fact> = known
            .iter()
            .copied()
            .filter(|fact| self.index.repo(fact) == repo)
            .collect();
        let candidates = if near.is_empty() { known } else { &near };
        match candidates.as_slice() {
            [] => None,
            [one] => Some(Ok(one)),
            several => {
                let names = several
                    .iter()
                    .map(|fact| self.index.files.display(fact.span.file))
                    .collect();
                Some(Err(Why::Ambiguous(names)))
            }
        }
    }

    /// A library of a package: `name/path`.
    fn in_package(&self, fact: &Fact, uri: &str) -> Found {
        let (name, path) = uri.split_once('/').unwrap_or((uri, ""));
        let from = fact.span.file;
        let package = match self.package(name, from) {
            None => return Found::Outside(Some(format!("pub:{name}"))),
            Some(Err(why)) => return Found::Unknown(why),
            Some(Ok(package)) => package,
        };
        let (repo, folder) = (self.index.repo(package), self.index.folder(package));
        let file = join(folder, "lib")
            .and_then(|lib| join(&lib, path))
            .and_then(|path| self.index.files.find(repo, &path));
        let inside = self.component(from) == self.component(package.span.file);
        let target = match file.and_then(|file| Target::files(self.component_of, vec![file])) {
            Some(target) => target,
            None if inside => return missing(path),
            // The library is made by a build, but whose it is is known.
            None => Target::component(self.component(package.span.file)),
        };
        // <https://dart.dev/tools/linter-rules/implementation_imports>
        let is_private = path.starts_with("src/");
        let door = is_private.then(|| Hop {
            span: package.span,
            what: HopKind::Provide,
            name: format!("{name}, whose `lib/src` is its own"),
        });
        Found::Here(vec![Target {
            hops: vec![provided(package, name)],
            door,
            ..target
        }])
    }

    /// A library by its path from the file.
    fn by_path(&self, fact: &Fact, uri: &str) -> Found {
        let from = self.index.files.path(fact.span.file);
        let Some(path) = join(from.parent(), uri) else {
            return Found::Unknown(Why::NotFound);
        };
        let file = self.index.files.find(from.repo, &path);
        let Some(target) = file.and_then(|file| Target::files(self.component_of, vec![file]))
        else {
            return missing(uri);
        };
        let borrowed = target.component != self.component(fact.span.file);
        Found::Here(vec![Target {
            kind: borrowed.then_some(DependencyKind::LinkSplice),
            symbol: borrowed.then(|| format!("file:{path}")),
            ..target
        }])
    }

    fn component(&self, file: FileId) -> ComponentId {
        self.component_of[file.0 as usize]
    }
}

impl Finder for Packages<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let Some(uri) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        match uri.split_once(':') {
            Some(("package", rest)) => self.in_package(fact, rest),
            // The language's own libraries, and those of its tools.
            Some(_) => Found::Outside(None),
            None => self.by_path(fact, uri),
        }
    }
}

/// A file that is not there: what builders write (`cart.g.dart`) stays in its own package, and is often not kept.
fn missing(path: &str) -> Found {
    let name = path.rsplit('/').next().unwrap_or(path);
    // `cart.dart` is written by people, `cart.<builder>.dart` by a machine: <https://pub.dev/packages/build>.
    if name.split('.').count() > 2 {
        Found::Outside(None)
    } else {
        Found::Unknown(Why::NotFound)
    }
}
