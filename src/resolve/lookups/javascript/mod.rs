//! JavaScript and TypeScript: names of modules, as Node and the TypeScript compiler look them up, over the files of the run.
//!
//! There is no `node_modules` here: names of packages mean the packages of the run, as manifests and workspaces bind them.

mod builtin;
mod configs;
mod files;
mod packages;

use std::collections::HashMap;
use std::sync::Arc;

use super::{Finder, Found, Lookup, Run, Target, provided};
use crate::model::{
    Certainty, Claim, ComponentId, DependencyKind, Fact, FileId, Hop, HopKind, Key, Part, RepoId,
    Subject, Template, Why, join, parent, within,
};
use crate::resolve::fold::Context as FoldContext;
use crate::resolve::index::Index;
use crate::resolve::npm::Meaning;
use configs::{Config, Configs};
use files::Files;
use packages::{Entries, Inside};

pub(super) struct Modules;

impl Lookup for Modules {
    fn namespaces(&self) -> &'static [&'static str] {
        &["js", "tsproject"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        let index = run.index;
        let mut configs = Configs::new(index);
        let beside = configurations(index);
        let mut entries = HashMap::new();
        for manifest in index.npm.manifests() {
            let (file, repo, folder) = (manifest.file, manifest.repo, manifest.folder);
            let mut said = Entries::read(file, index);
            let named = beside.get(&(repo, folder)).map_or(&[][..], Vec::as_slice);
            said.add_outputs(repo, folder, named, &mut configs);
            entries.insert(file, said);
        }
        Box::new(Names {
            index,
            component_of: run.component_of,
            declared: declared(run),
            entries,
            configs: configs.folders(),
        })
    }
}

/// The configurations of the compiler in each folder, in order.
fn configurations<'a>(index: &Index<'a>) -> HashMap<(RepoId, &'a str), Vec<FileId>> {
    let mut found: HashMap<(RepoId, &str), Vec<FileId>> = HashMap::new();
    for (file, row) in index.files.iter() {
        let name = row.path.file_name();
        if name.starts_with("tsconfig") && name.ends_with(".json") {
            found
                .entry((row.path.repo, row.path.parent()))
                .or_default()
                .push(file);
        }
    }
    found
}

/// What each manifest declares: by the name that code uses, what it means.
fn declared<'a>(run: &Run<'_, 'a>) -> HashMap<(FileId, &'a str), Meaning> {
    let index = run.index;
    let mut found: HashMap<(FileId, &str), Meaning> = HashMap::new();
    let mut renamed: HashMap<(FileId, &Key), &str> = HashMap::new();
    for fact in index.facts {
        if let (Subject::File, Claim::Binds { key, value }) = (&fact.subject, &fact.claim)
            && key.namespace.0 == "npmname"
            && let (Some(name), Some(package)) = (key.name.as_text(), value.as_ref_key())
        {
            renamed.insert((fact.span.file, package), name);
        }
    }
    for fact in index.facts {
        let (Subject::Here, Claim::Requires { key, .. }) = (&fact.subject, &fact.claim) else {
            continue;
        };
        if key.namespace.0 != "npm" {
            continue;
        }
        let file = fact.span.file;
        let name = renamed
            .get(&(file, key))
            .copied()
            .or_else(|| key.name.as_text());
        let Some(name) = name else {
            continue;
        };
        let context = FoldContext {
            file,
            component: run.component_of[file.0 as usize],
            workload: None,
        };
        let folded = run
            .folder
            .fold(&Template::from(key.clone()), fact.span, context);
        let meaning = match folded.as_deref() {
            Ok([value]) => value.template.as_ref_key().map(|key| {
                let path = index.files.path(file);
                index.npm.find(key, path.repo, path.parent())
            }),
            _ => None,
        };
        let meaning = meaning.unwrap_or(Meaning::Outside);
        // A package is often named for users and for development: what is in the run wins.
        match found.entry((file, name)) {
            std::collections::hash_map::Entry::Occupied(mut known) => {
                if !matches!(known.get(), Meaning::Here(_)) {
                    known.insert(meaning);
                }
            }
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(meaning);
            }
        }
    }
    found
}

struct Names<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    declared: HashMap<(FileId, &'a str), Meaning>,
    entries: HashMap<FileId, Entries<'a>>,
    configs: HashMap<(RepoId, &'a str), Arc<Config>>,
}

impl Finder for Names<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let ask = self.ask(fact);
        match (key.namespace.0, key.name.as_text()) {
            ("tsproject", Some(path)) => ask.project(path),
            ("js", Some(name)) => ask.name(name),
            ("js", None) => ask.start(&key.name),
            _ => Found::Unknown(Why::NotFound),
        }
    }
}

impl<'r, 'a> Names<'r, 'a> {
    fn ask<'n>(&'n self, fact: &Fact) -> Ask<'n, 'r, 'a> {
        let path = self.index.files.path(fact.span.file);
        Ask {
            names: self,
            from: fact.span.file,
            repo: path.repo,
            folder: path.parent(),
            files: Files {
                table: self.index.files,
                repo: path.repo,
            },
            config: self
                .configs
                .get(&(path.repo, path.parent()))
                .map(|config| &**config),
        }
    }
}

/// One question: what a name means in one file.
struct Ask<'n, 'r, 'a> {
    names: &'n Names<'r, 'a>,
    from: FileId,
    repo: RepoId,
    folder: &'a str,
    files: Files<'r>,
    config: Option<&'n Config>,
}

impl Ask<'_, '_, '_> {
    fn name(&self, written: &str) -> Found {
        let name = plain(written);
        if name.starts_with("./") || name.starts_with("../") || matches!(name, "." | "..") {
            return self.relative(name);
        }
        if let Some(path) = name.strip_prefix('/') {
            return self.absolute(path);
        }
        if let Some(found) = self.alias(name) {
            return found;
        }
        if name.starts_with('#') {
            return self.internal(name);
        }
        if has_scheme(name) {
            return Found::Outside(None);
        }
        let Some((package, below)) = split_package(name) else {
            return Found::Unknown(Why::NotFound);
        };
        self.package(name, package, below)
    }

    /// A name of which only the start is known: enough for a package, not for a file.
    fn start(&self, name: &Template) -> Found {
        let Some(Part::Text(start)) = name.0.first() else {
            return Found::Unknown(Why::NotFound);
        };
        match split_package(start) {
            Some((package, _)) if start.len() > package.len() && !has_scheme(start) => {
                match self.meaning(package) {
                    Meaning::Here(found) => self.whole(&found, package),
                    _ => Found::Outside(Some(format!("npm:{package}"))),
                }
            }
            _ => Found::Unknown(Why::NotFound),
        }
    }

    /// A path from the file.
    fn relative(&self, name: &str) -> Found {
        let Some(path) = join(self.folder, name) else {
            return Found::Unknown(Why::NotFound);
        };
        let is_folder =
            name.ends_with('/') || name.ends_with("/.") || name.ends_with("..") || name == ".";
        let found = if is_folder {
            None
        } else {
            self.files.file(&path)
        };
        let found = found
            .or_else(|| self.folder(&path))
            .or_else(|| self.merged(&path));
        if let Some(file) = found {
            return self.spliced(vec![file]);
        }
        let platforms = self.files.platforms(&path);
        if !platforms.is_empty() {
            return self.spliced(platforms);
        }
        self.output_of_another(&path)
            .unwrap_or(Found::Unknown(Why::NotFound))
    }

    /// What a folder means: the entry that its manifest names, or its index.
    fn folder(&self, path: &str) -> Option<FileId> {
        let manifest = self.index().npm.in_folder(self.repo, path);
        let entries = manifest.and_then(|at| self.names.entries.get(&self.index().npm.at(at).file));
        let entry = entries.and_then(|entries| entries.main(path, self.files));
        entry.or_else(|| self.files.index(path))
    }

    /// The file in another of the folders that the compiler takes for one.
    fn merged(&self, path: &str) -> Option<FileId> {
        let roots = &self.config?.roots;
        let below = roots
            .iter()
            .filter(|root| within(path, root))
            .max_by_key(|root| root.len())?;
        let below = path[below.len()..].trim_start_matches('/');
        roots
            .iter()
            .find_map(|root| self.files.module(&join(root, below)?))
    }

    /// A path into another package's output leads to that package.
    fn output_of_another(&self, path: &str) -> Option<Found> {
        let npm = &self.index().npm;
        let at = npm
            .above(self.repo, parent(path))
            .find(|at| npm.at(*at).name.is_some())?;
        let manifest = npm.at(at);
        if self.component(manifest.file) == self.component(self.from) {
            return None;
        }
        let source =
            self.names
                .entries
                .get(&manifest.file)?
                .source(path, manifest.folder, self.files)?;
        Some(self.spliced(vec![source]))
    }

    /// A path from the root of a site: served from the package's own folder.
    fn absolute(&self, path: &str) -> Found {
        let npm = &self.index().npm;
        let root = npm
            .above(self.repo, self.folder)
            .next()
            .map_or("", |at| npm.at(at).folder);
        let found = join(root, path).and_then(|path| self.files.file(&path));
        found.map_or(Found::Outside(None), |file| {
            self.here(vec![file], Vec::new())
        })
    }

    /// What `paths` and `baseUrl` say of a name; `None` when they say nothing.
    fn alias(&self, name: &str) -> Option<Found> {
        let config = self.config?;
        if let Some((alias, star)) = config.alias(name) {
            let found = alias.targets.iter().find_map(|target| {
                let path = target.replacen('*', star, 1);
                self.files
                    .file(&path)
                    .or_else(|| self.folder(&path))
                    .or_else(|| self.source_of(&path))
            });
            if let Some(file) = found {
                let hop = Hop {
                    span: alias.at,
                    what: HopKind::Bind,
                    name: format!("{} = {}", alias.pattern, alias.targets.join(", ")),
                };
                return Some(self.here(vec![file], vec![hop]));
            }
        }
        let path = join(config.base.as_deref()?, name)?;
        let file = self.files.file(&path).or_else(|| self.folder(&path))?;
        Some(self.here(vec![file], Vec::new()))
    }

    /// The source of a path of output.
    fn source_of(&self, path: &str) -> Option<FileId> {
        let npm = &self.index().npm;
        let at = npm.above(self.repo, parent(path)).next()?;
        let manifest = npm.at(at);
        self.names
            .entries
            .get(&manifest.file)?
            .source(path, manifest.folder, self.files)
    }

    /// A name that the package gives to itself.
    fn internal(&self, name: &str) -> Found {
        let npm = &self.index().npm;
        let conditions = self.conditions();
        for at in npm.above(self.repo, self.folder) {
            let manifest = npm.at(at);
            let Some(entries) = self.names.entries.get(&manifest.file) else {
                continue;
            };
            for path in entries.import(name, conditions) {
                if !path.starts_with('.') {
                    return match split_package(&path) {
                        Some((package, below)) => self.package(&path, package, below),
                        None => Found::Unknown(Why::NotFound),
                    };
                }
                if let Some(file) = entries.target(&path, manifest.folder, self.files) {
                    return self.here(vec![file], Vec::new());
                }
            }
            if manifest.name.is_some() {
                break;
            }
        }
        Found::Unknown(Why::NotFound)
    }

    fn package(&self, name: &str, package: &str, below: &str) -> Found {
        match self.meaning(package) {
            Meaning::Here(found) => match found.as_slice() {
                [at] => self.inside(*at, package, below),
                several => self.ambiguous(several),
            },
            Meaning::Missing => Found::Unknown(Why::NotFound),
            Meaning::Outside if builtin::is_builtin(name) => Found::Outside(None),
            // `@/` and `~/` are nobody's packages, but names that some bundler is told.
            Meaning::Outside
                if package.starts_with("@/")
                    || package.starts_with('~')
                    || package.starts_with('$') =>
            {
                Found::Unknown(Why::NotFound)
            }
            Meaning::Outside => Found::Outside(Some(format!("npm:{package}"))),
        }
    }

    /// What the name of a package means here: itself, what a manifest at or above declares, a member of the workspace.
    fn meaning(&self, package: &str) -> Meaning {
        let npm = &self.index().npm;
        let declared: &HashMap<(FileId, &str), Meaning> = &self.names.declared;
        for at in npm.above(self.repo, self.folder) {
            let manifest = npm.at(at);
            if manifest.name.is_some_and(|(name, _)| name == package) {
                return Meaning::Here(vec![at]);
            }
            if let Some(meaning) = declared.get(&(manifest.file, package)) {
                return meaning.clone();
            }
        }
        npm.undeclared(package, self.repo, self.folder)
    }

    /// A name in a package of the run.
    fn inside(&self, at: usize, package: &str, below: &str) -> Found {
        let manifest = self.index().npm.at(at);
        let files = Files {
            repo: manifest.repo,
            ..self.files
        };
        let Some(entries) = self.names.entries.get(&manifest.file) else {
            return self.whole(&[at], package);
        };
        let hops: Vec<Hop> = manifest
            .name
            .map(|(name, fact)| provided(fact, name))
            .into_iter()
            .collect();
        match entries.export(below, manifest.folder, files, self.conditions()) {
            Inside::File(file) => self.of_package(manifest.file, vec![file], hops, None),
            Inside::Closed(file) => {
                let door = entries.exports_at().map(|span| Hop {
                    span,
                    what: HopKind::Provide,
                    name: format!("{package} does not export ./{below}"),
                });
                self.of_package(manifest.file, vec![file], hops, door)
            }
            Inside::Whole => self.of_package(manifest.file, Vec::new(), hops, None),
            // A build may make it; the package is certain.
            Inside::Unknown => self.of_package(manifest.file, Vec::new(), hops, None),
        }
    }

    fn whole(&self, found: &[usize], package: &str) -> Found {
        match found {
            [at] => {
                let manifest = self.index().npm.at(*at);
                let hops = manifest.name.map(|(_, fact)| provided(fact, package));
                self.of_package(manifest.file, Vec::new(), hops.into_iter().collect(), None)
            }
            several => self.ambiguous(several),
        }
    }

    fn ambiguous(&self, found: &[usize]) -> Found {
        let folder = |at: &usize| self.index().files.display(self.index().npm.at(*at).file);
        Found::Unknown(Why::Ambiguous(found.iter().map(folder).collect()))
    }

    /// The project that a configuration refers to.
    fn project(&self, path: &str) -> Found {
        let Some(path) = join(self.folder, path) else {
            return Found::Unknown(Why::NotFound);
        };
        let inside = || self.files.exact(&join(&path, "tsconfig.json")?);
        match self.files.exact(&path).or_else(inside) {
            Some(file) => self.here(vec![file], Vec::new()),
            None => Found::Unknown(Why::NotFound),
        }
    }

    /// Files that a path from the file means: in another component they are borrowed.
    fn spliced(&self, files: Vec<FileId>) -> Found {
        let mut found = self.here(files, Vec::new());
        if let Found::Here(targets) = &mut found {
            for target in targets {
                if target.component != self.component(self.from) {
                    target.kind = Some(DependencyKind::LinkSplice);
                }
            }
        }
        found
    }

    /// Files, by their components.
    fn here(&self, files: Vec<FileId>, hops: Vec<Hop>) -> Found {
        let mut targets: Vec<Target> = Vec::new();
        for file in files {
            let component = self.component(file);
            match targets
                .iter_mut()
                .find(|target| target.component == component)
            {
                Some(target) => target.files.push(file),
                None => targets.push(target(component, vec![file], hops.clone())),
            }
        }
        Found::Here(targets)
    }

    /// Files of a package; none: the package as a whole.
    fn of_package(
        &self,
        manifest: FileId,
        files: Vec<FileId>,
        hops: Vec<Hop>,
        door: Option<Hop>,
    ) -> Found {
        // A package in the package may be what its file belongs to.
        let component = files
            .first()
            .map_or_else(|| self.component(manifest), |file| self.component(*file));
        Found::Here(vec![Target {
            door,
            ..target(component, files, hops)
        }])
    }

    fn component(&self, file: FileId) -> ComponentId {
        self.names.component_of[file.0 as usize]
    }

    fn conditions(&self) -> &[String] {
        self.config.map_or(&[], |config| &config.conditions)
    }

    fn index(&self) -> &Index<'_> {
        self.names.index
    }
}

fn target(component: ComponentId, files: Vec<FileId>, hops: Vec<Hop>) -> Target {
    Target {
        component,
        files,
        unit: None,
        symbol: None,
        kind: None,
        certainty: Certainty::Declared,
        hops,
        door: None,
    }
}

/// A name without what loaders read of it: `raw!./a.txt`, `./a.svg?url`.
fn plain(name: &str) -> &str {
    let name = name.rsplit('!').next().unwrap_or(name);
    let name = name.split('?').next().unwrap_or(name);
    match name.find('#') {
        Some(at) if at > 0 => &name[..at],
        _ => name,
    }
}

/// `node:fs`, `https://…`, `virtual:x`: what no file is named like.
fn has_scheme(name: &str) -> bool {
    let colon = name.find(':');
    colon.is_some_and(|at| at < name.find('/').unwrap_or(name.len()))
}

/// The name of a package, and the path below it.
pub(super) fn split_package(name: &str) -> Option<(&str, &str)> {
    let start = match name.strip_prefix('@') {
        Some(_) => name.find('/')? + 1,
        None => 0,
    };
    let end = name[start..].find('/').map_or(name.len(), |at| start + at);
    let below = name[end..].trim_start_matches('/');
    (end > start || name.starts_with("@/")).then_some((&name[..end], below))
}
