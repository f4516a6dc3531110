//! CMake: the file that makes a target, by the target's name or an alias; files and folders from elsewhere, by path.

use super::builds::{Builds, Linked};
use super::{Finder, Found, Lookup, Run, Target};
use crate::model::{ComponentId, Fact, FileId, Hop, HopKind, Key, RepoId, Span, Why, join};
use crate::resolve::index::Index;

pub(super) struct Targets;

impl Lookup for Targets {
    fn namespaces(&self) -> &'static [&'static str] {
        &["cmake-target", "cmake-file"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        Box::new(Names {
            index: run.index,
            component_of: run.component_of,
            builds: Builds::new(run.index),
        })
    }
}

struct Names<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    builds: Builds,
}

impl Finder for Names<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let repo = self.index.repo(fact);
        let folder = self.index.folder(fact);
        if key.namespace.0 == "cmake-file" {
            return self.path(fact, key, repo, folder);
        }
        // What the system or a module sets.
        let Some(names) = self.builds.text(&key.name, repo, folder) else {
            return Found::Outside(None);
        };
        let mut targets = Vec::new();
        let mut outside = None;
        for name in names.split(';') {
            match self.target(name, fact, repo, folder) {
                Found::Here(found) => targets.extend(found),
                Found::Outside(package) => outside = package,
                Found::Unknown(why) => return Found::Unknown(why),
            }
        }
        if targets.is_empty() {
            Found::Outside(outside)
        } else {
            Found::Here(targets)
        }
    }
}

impl Names<'_, '_> {
    fn target(&self, name: &str, fact: &Fact, repo: RepoId, folder: &str) -> Found {
        match self.builds.linked(name, repo) {
            Linked::Targets(numbers) => {
                let made = |number: &usize| {
                    let target = &self.builds.targets[*number];
                    Some((target.file, target.made?))
                };
                let made: Vec<(FileId, Span)> = numbers.iter().filter_map(made).collect();
                match self.nearest(&made, fact, folder) {
                    Some((file, span)) => self.here(file, span, name),
                    None => Found::Unknown(Why::Ambiguous(
                        made.iter()
                            .map(|(file, _)| self.index.files.display(*file))
                            .collect(),
                    )),
                }
            }
            Linked::Package(_, file, span) => self.here(file, span, name),
            Linked::Nothing => {
                let package = name.split("::").next().unwrap_or(name);
                Found::Outside(Some(format!("cmake:{package}")))
            }
        }
    }

    /// Of several files that make a target of one name: that of the same folder, else the one of the same component.
    fn nearest(
        &self,
        made: &[(FileId, Span)],
        fact: &Fact,
        folder: &str,
    ) -> Option<(FileId, Span)> {
        if let [one] = made {
            return Some(*one);
        }
        let of_folder = |file: FileId| self.index.files.path(file).parent() == folder;
        let component = self.component_of[fact.span.file.0 as usize];
        let of_component = |file: FileId| self.component_of[file.0 as usize] == component;
        let one = |is_near: &dyn Fn(FileId) -> bool| {
            let mut near = made.iter().filter(|(file, _)| is_near(*file));
            let first = near.next()?;
            near.next().is_none().then_some(*first)
        };
        one(&of_folder).or_else(|| one(&of_component))
    }

    fn here(&self, file: FileId, span: Span, name: &str) -> Found {
        let Some(target) = Target::files(self.component_of, vec![file]) else {
            return Found::Unknown(Why::NotFound);
        };
        Found::Here(vec![Target {
            hops: vec![Hop {
                span,
                what: HopKind::Provide,
                name: name.to_owned(),
            }],
            ..target
        }])
    }

    /// A source, or the folder of another CMake file.
    fn path(&self, fact: &Fact, key: &Key, repo: RepoId, folder: &str) -> Found {
        let paths = self.builds.paths(&key.name, repo, folder);
        let files = paths.iter().flat_map(|path| {
            let lists = join(path, "CMakeLists.txt").unwrap_or_default();
            let file = self.index.files.find(repo, path);
            file.or_else(|| self.index.files.find(repo, &lists))
        });
        let files: Vec<FileId> = files.filter(|file| *file != fact.span.file).collect();
        if files.is_empty() {
            // A pattern, or what a build makes.
            return Found::Unknown(Why::NotFound);
        }
        let targets = files.into_iter();
        Found::Here(
            targets
                .filter_map(|file| Target::files(self.component_of, vec![file]))
                .collect(),
        )
    }
}
