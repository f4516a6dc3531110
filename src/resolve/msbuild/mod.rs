//! What MSBuild makes of each project: the projects that it refers to and the files that it takes in, its own and those of the files that it imports.
//!
//! Properties are read in MSBuild's order: `Directory.Build.props` above the project, the project, `Directory.Build.targets` above it, each with what it imports; then items.
//! A condition that nothing in the tree decides makes a variant; one that does not hold leaves out what it is about.
//! Source: <https://learn.microsoft.com/visualstudio/msbuild/build-process-overview>

mod condition;
mod entry;
mod evaluate;
mod expression;
mod files;
mod functions;
mod items;
mod view;

use std::collections::{HashMap, HashSet};

use globset::GlobSet;

use super::index::Index;
use super::units::Units;
use crate::model::{Claim, ComponentId, DependencyKind, Fact, FileId, RepoId, Subject, Why};

/// Every project of a run, as MSBuild sees it.
#[derive(Default)]
pub(super) struct Projects<'a> {
    pub(super) list: Vec<Project<'a>>,
    of_component: HashMap<ComponentId, Vec<usize>>,
    by_assembly: HashMap<(RepoId, String), Vec<usize>>,
}

/// One project.
pub(super) struct Project<'a> {
    pub(super) file: FileId,
    pub(super) repo: RepoId,
    pub(super) folder: &'a str,
    pub(super) name: &'a str,
    pub(super) component: ComponentId,
    /// The statement that it is there.
    pub(super) fact: &'a Fact,
    pub(super) assembly: String,
    pub(super) root_namespace: String,
    pub(super) references: Vec<Reference<'a>>,
    pub(super) taken: Vec<Taken<'a>>,
    /// Assemblies that may see its internals.
    pub(super) friends: Vec<(String, &'a Fact)>,
    /// Packages that it uses.
    pub(super) packages: Vec<&'a str>,
    pub(super) unknown: Vec<(&'a Fact, String, Why)>,
    /// Files of its folder that it does not compile.
    removed: GlobSet,
}

/// How an item came into a project.
#[derive(Clone)]
pub(super) struct Item<'a> {
    pub(super) fact: &'a Fact,
    /// The import in the project by which the file of the fact comes in; `None`: the project's own file, or one that is always imported.
    pub(super) import: Option<&'a Fact>,
    /// Conditions that nothing decides.
    pub(super) variants: Vec<String>,
    pub(super) inferred: bool,
}

/// A project that is referred to.
pub(super) struct Reference<'a> {
    pub(super) item: Item<'a>,
    /// The place in [`Projects::list`].
    pub(super) to: usize,
}

/// A file that is taken in from outside of the project's folder.
pub(super) struct Taken<'a> {
    pub(super) item: Item<'a>,
    pub(super) kind: DependencyKind,
    pub(super) sort: Sort,
    pub(super) file: FileId,
    /// What code it makes from a contract with services.
    pub(super) serves: Serves,
}

/// What code a project makes from a contract: <https://github.com/grpc/grpc/blob/master/src/csharp/BUILD-INTEGRATION.md>.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Serves {
    /// That of a client, or what nobody asked for.
    #[default]
    No,
    /// That of both, as the project says.
    Both,
    /// That of a server alone.
    Only,
}

/// What a file is taken in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// It is compiled with the project.
    Compiled,
    /// Code is generated from it.
    Generated,
    Imported,
    /// It is listed, or laid beside what is built: nothing is made of it.
    Listed,
    Other,
}

impl<'a> Projects<'a> {
    pub(super) fn new(index: &Index<'a>, units: &Units) -> Self {
        let mut projects = Self::default();
        for fact in index.facts {
            let (
                Subject::Here,
                Claim::Component {
                    name: Some(name), ..
                },
            ) = (&fact.subject, &fact.claim)
            else {
                continue;
            };
            let (true, Some(name)) = (fact.extractor.0 == "dotnet/project", name.as_text()) else {
                continue;
            };
            let (repo, folder) = (index.repo(fact), index.folder(fact));
            projects.list.push(Project {
                file: fact.span.file,
                repo,
                folder,
                name,
                component: units.enclosing(repo, folder),
                fact,
                assembly: name.to_owned(),
                root_namespace: name.to_owned(),
                references: Vec::new(),
                taken: Vec::new(),
                friends: Vec::new(),
                packages: Vec::new(),
                unknown: Vec::new(),
                removed: GlobSet::empty(),
            });
        }
        if projects.list.is_empty() {
            return projects;
        }
        for (number, project) in projects.list.iter().enumerate() {
            let list = projects.of_component.entry(project.component).or_default();
            list.push(number);
        }
        let files = files::Files::new(index, &projects.list);
        for number in 0..projects.list.len() {
            evaluate::project(&mut projects.list[number], index, &files);
        }
        for (number, project) in projects.list.iter().enumerate() {
            let key = (project.repo, project.assembly.to_ascii_lowercase());
            projects.by_assembly.entry(key).or_default().push(number);
        }
        projects.assemblies();
        projects
    }

    /// The projects whose folder is that of a component.
    pub(super) fn of(&self, component: ComponentId) -> &[usize] {
        self.of_component.get(&component).map_or(&[], Vec::as_slice)
    }

    /// The one project that builds an assembly.
    pub(super) fn assembly(&self, repo: RepoId, name: &str) -> Option<usize> {
        let list = self.by_assembly.get(&(repo, name.to_ascii_lowercase()))?;
        match list.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// References to assemblies by the path of a file that some project of the tree builds.
    fn assemblies(&mut self) {
        for number in 0..self.list.len() {
            let wanted = std::mem::take(&mut self.list[number].unknown);
            let mut left = Vec::new();
            for (fact, name, why) in wanted {
                let assembly = name
                    .strip_prefix("assembly:")
                    .and_then(|name| self.assembly(self.list[number].repo, name));
                match assembly {
                    Some(to) if to != number => {
                        let item = Item {
                            fact,
                            import: None,
                            variants: Vec::new(),
                            inferred: true,
                        };
                        self.list[number].references.push(Reference { item, to });
                    }
                    // An assembly that nobody here builds comes from outside.
                    _ if name.starts_with("assembly:") => {}
                    _ => left.push((fact, name, why)),
                }
            }
            self.list[number].unknown = left;
        }
    }

    /// Each project with all that it refers to, directly or not, and itself.
    pub(super) fn reached(&self) -> Vec<HashSet<usize>> {
        (0..self.list.len())
            .map(|start| {
                let mut seen = HashSet::from([start]);
                let mut open = vec![start];
                while let Some(at) = open.pop() {
                    for reference in &self.list[at].references {
                        if seen.insert(reference.to) {
                            open.push(reference.to);
                        }
                    }
                }
                seen
            })
            .collect()
    }
}

impl Project<'_> {
    /// Whether it leaves out a file of its folder.
    pub(super) fn removes(&self, path: &str) -> bool {
        !self.removed.is_empty() && self.removed.is_match(path)
    }
}
