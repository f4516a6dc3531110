//! Bazel and Buck: a label is a target of a package, and so the files of which that target is made.

use std::collections::{BTreeMap, HashMap, HashSet};

use globset::{GlobBuilder, GlobMatcher};

use super::builds::{ancestors, starts_labels};
use super::{Finder, Found, Lookup, Run, Target};
use crate::model::{
    Certainty, Claim, ComponentId, DependencyKind, Fact, FileId, Hop, HopKind, Key, Language,
    Offer, RepoId, Span, Subject, Why, join, within,
};
use crate::resolve::index::{Index, place_path};

pub(super) struct Labels;

/// The longest chain of targets that only pass on what others are made of.
const PASSED_ON: usize = 4;

/// The most files of one target.
const FILES: usize = 4096;

impl Lookup for Labels {
    fn namespaces(&self) -> &'static [&'static str] {
        &["bazel"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        Box::new(Packages::new(run))
    }
}

/// What a rule says of a target.
#[derive(Default)]
struct Rule<'a> {
    span: Span,
    is_contract: bool,
    sources: Vec<String>,
    patterns: Vec<GlobMatcher>,
    inner: Vec<&'a str>,
}

struct Packages<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    /// The file that makes a folder a package.
    packages: HashMap<(RepoId, &'a str), FileId>,
    rules: HashMap<(RepoId, &'a str, &'a str), Rule<'a>>,
    workspaces: HashSet<(RepoId, &'a str)>,
    /// Repositories of Bazel by name: their folders.
    repositories: HashMap<(RepoId, &'a str), String>,
}

impl<'r, 'a> Packages<'r, 'a> {
    fn new(run: &Run<'r, 'a>) -> Self {
        let mut found = Self {
            index: run.index,
            component_of: run.component_of,
            packages: HashMap::new(),
            rules: HashMap::new(),
            workspaces: HashSet::new(),
            repositories: HashMap::new(),
        };
        for fact in run.index.facts {
            match fact.extractor.0 {
                "bazel/rules" => found.rule(fact),
                "bazel/workspace" => found.workspace(fact),
                _ => {}
            }
        }
        if !found.rules.is_empty() {
            found.packages();
        }
        found
    }

    fn packages(&mut self) {
        for (file, row) in self.index.files.iter() {
            let rank = |name: &str| match name {
                "BUILD.bazel" => Some(0),
                "BUILD" => Some(1),
                "BUCK" => Some(2),
                _ => None,
            };
            let path = &row.path;
            if starts_labels(path.file_name()) {
                self.workspaces.insert((path.repo, path.parent()));
            }
            if let Some(new) = rank(path.file_name()) {
                let known = self
                    .packages
                    .entry((path.repo, path.parent()))
                    .or_insert(file);
                let old = rank(self.index.files.path(*known).file_name());
                // Bazel prefers the longer name.
                if old.is_some_and(|old| new < old) {
                    *known = file;
                }
            }
        }
    }

    fn workspace(&mut self, fact: &'a Fact) {
        let at = (self.index.repo(fact), self.index.folder(fact));
        match &fact.claim {
            Claim::Provides { key, .. } if key.namespace.0 == "bazel-repository" => {
                if let Some(name) = key.name.as_text() {
                    self.repositories.insert((at.0, name), at.1.to_owned());
                }
            }
            Claim::Binds { key, value } => {
                if let (Some(name), Some(path)) =
                    (key.name.as_text(), value.as_text().and_then(place_path))
                {
                    self.repositories.entry((at.0, name)).or_insert(path);
                }
            }
            _ => {}
        }
    }

    fn rule(&mut self, fact: &'a Fact) {
        let Subject::Named(subject) = &fact.subject else {
            return;
        };
        let Some(name) = subject.name.as_text() else {
            return;
        };
        let at = (self.index.repo(fact), self.index.folder(fact), name);
        let rule = self.rules.entry(at).or_default();
        match &fact.claim {
            Claim::Provides { how, .. } => {
                rule.span = fact.span;
                rule.is_contract = *how == Offer::Declares;
            }
            Claim::Binds { key, value } => {
                let Some(text) = value.as_text() else {
                    return;
                };
                match key.namespace.0 {
                    "bazel-source" => rule.sources.extend(place_path(text)),
                    "bazel-glob" => {
                        let path = place_path(text);
                        let glob = path.and_then(|path| {
                            GlobBuilder::new(&path).literal_separator(true).build().ok()
                        });
                        rule.patterns
                            .extend(glob.map(|glob| glob.compile_matcher()));
                    }
                    "bazel-inner" => rule.inner.push(text),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// The folder from which labels of a file start.
    fn root(&self, repo: RepoId, folder: &str) -> Option<String> {
        let found = ancestors(folder).find(|above| self.workspaces.contains(&(repo, *above)));
        found.map(str::to_owned)
    }

    /// The files of which a target is made, and whether they are a contract.
    fn files(&self, repo: RepoId, folder: &str, name: &str, depth: usize) -> Option<Vec<FileId>> {
        let rule = self.rules.get(&(repo, folder, name))?;
        let mut files: Vec<FileId> = rule
            .sources
            .iter()
            .filter_map(|path| self.index.files.find(repo, path))
            .collect();
        if !rule.patterns.is_empty() {
            let below = self.index.files.below(repo, folder).filter(|file| {
                let path = &self.index.files.path(*file).path;
                let is_match = rule.patterns.iter().any(|glob| glob.is_match(&**path));
                is_match && self.package_of(repo, path) == Some(folder)
            });
            files.extend(below.take(FILES));
        }
        if files.is_empty() && depth < PASSED_ON {
            for inner in &rule.inner {
                files.extend(
                    self.files(repo, folder, inner, depth + 1)
                        .unwrap_or_default(),
                );
            }
        }
        Some(files)
    }

    /// The folder of the package that a file is part of.
    fn package_of<'p>(&self, repo: RepoId, path: &'p str) -> Option<&'p str> {
        ancestors(crate::model::parent(path))
            .find(|above| self.packages.contains_key(&(repo, *above)))
    }
}

impl Finder for Packages<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let Some(label) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        let repo = self.index.repo(fact);
        let here = self.index.folder(fact);
        let (folder, name) = match label.split_once("//") {
            Some((repository, rest)) => {
                let repository = repository.trim_start_matches('@');
                let root = if repository.is_empty() {
                    self.root(repo, here)
                } else if let Some(folder) = self.repositories.get(&(repo, repository)) {
                    Some(folder.clone())
                } else {
                    return Found::Outside(Some(format!("bazel:{repository}")));
                };
                let (package, name) = match rest.split_once(':') {
                    Some((package, name)) => (package, name),
                    None => (rest, rest.rsplit('/').next().unwrap_or(rest)),
                };
                // Without a workspace, the tree is part of one: it need not start at its root.
                let root = root.unwrap_or_default();
                let Some(folder) = join(&root, package) else {
                    return Found::Unknown(Why::NotFound);
                };
                (folder, name)
            }
            // `load(":defs.bzl")`.
            None => (here.to_owned(), label.trim_start_matches(':')),
        };
        self.target(repo, &folder, name, fact.span.file)
    }

    fn unit(&self, file: FileId) -> Option<String> {
        let row = self.index.files.row(file);
        // Other languages have units of their own.
        let ours = matches!(
            row.class.language,
            Language::C | Language::Cpp | Language::Data | Language::Idl | Language::Other
        );
        if self.packages.is_empty() || !ours {
            return None;
        }
        let folder = self.package_of(row.path.repo, &row.path.path)?;
        Some(format!("bazel://{folder}"))
    }
}

impl Packages<'_, '_> {
    fn target(&self, repo: RepoId, folder: &str, name: &str, from: FileId) -> Found {
        let Some(build) = self.packages.get(&(repo, folder)).copied() else {
            let file = join(folder, name).and_then(|path| self.index.files.find(repo, &path));
            return match file {
                Some(file) if within(folder, self.index.files.path(from).parent()) => {
                    self.here(repo, folder, name, vec![file], false, None)
                }
                _ => Found::Unknown(Why::NotFound),
            };
        };
        let rule = self.rules.get(&(repo, folder, name));
        if let Some(rule) = rule {
            let files = self.files(repo, folder, name, 0).unwrap_or_default();
            // What is made of nothing that lies in the tree is known by its rule.
            let files = if files.is_empty() { vec![build] } else { files };
            return self.here(repo, folder, name, files, rule.is_contract, Some(rule.span));
        }
        // A file that needs no rule, or a target that a macro makes.
        let file = join(folder, name).and_then(|path| self.index.files.find(repo, &path));
        self.here(repo, folder, name, vec![file.unwrap_or(build)], false, None)
    }

    fn here(
        &self,
        repo: RepoId,
        folder: &str,
        name: &str,
        files: Vec<FileId>,
        is_contract: bool,
        rule: Option<Span>,
    ) -> Found {
        let mut by_component: BTreeMap<ComponentId, Vec<FileId>> = BTreeMap::new();
        for file in files {
            let component = self.component_of[file.0 as usize];
            by_component.entry(component).or_default().push(file);
        }
        let targets = by_component.into_values().filter_map(|mut files| {
            files.sort();
            files.dedup();
            let span = rule.unwrap_or(Span {
                file: *files.first()?,
                ..Span::default()
            });
            let of_package = files.iter().all(|file| {
                self.package_of(repo, &self.index.files.path(*file).path) == Some(folder)
            });
            let target = Target::files(self.component_of, files)?;
            Some(Target {
                unit: of_package.then(|| format!("bazel://{folder}")),
                kind: is_contract.then_some(DependencyKind::LinkContract),
                certainty: Certainty::Declared,
                hops: vec![Hop {
                    span,
                    what: HopKind::Provide,
                    name: format!("//{folder}:{name}"),
                }],
                ..target
            })
        });
        Found::Here(targets.collect())
    }
}
