//! Reads one project as MSBuild does: properties and imports in order; the items that they bring are worked out after them.

use std::collections::{HashMap, HashSet};

use globset::GlobSetBuilder;

use super::Project;
use super::expression::rooted;
use super::files::{Files, glob};
use super::functions::{framework, slashed};
use super::items::Items;
use super::view::View;
use crate::model::{Claim, Fact, FileId, Key, Template};
use crate::resolve::index::Index;

/// The deepest nesting of imports.
const DEPTH: usize = 32;

/// The most facts that one project reads.
const FACTS: usize = 1 << 16;

/// The longest text that a property may come to.
const LONGEST: usize = 64 << 10;

/// Properties that SDKs, the environment or the command line set: nothing in the tree says that they are empty.
const OUTSIDE: &[&str] = &[
    "assemblyname",
    "ci",
    "configuration",
    "continuousintegrationbuild",
    "designtimebuild",
    "ispackable",
    "istestproject",
    "language",
    "os",
    "outputtype",
    "platform",
    "publishaot",
    "rootnamespace",
    "runtimeidentifier",
    "targetframework",
    "targetframeworkidentifier",
    "targetframeworks",
    "usingmicrosoftnetsdkweb",
];

/// The property that SDKs derive from the framework that a project is for.
const FRAMEWORK: &str = "targetframeworkidentifier";

/// What a property is worth: `None` when it is not known.
#[derive(Clone, Debug)]
struct Property {
    text: Option<String>,
    /// Whether nothing but the tree decides it.
    sure: bool,
}

/// What the files of a project say, in order.
pub(super) struct Evaluation<'r, 'a> {
    pub(super) files: &'r Files<'r, 'a>,
    pub(super) project: &'r Project<'a>,
    properties: HashMap<String, Property>,
    /// Items in the order in which they are read, with the import that brought each.
    pub(super) items: Vec<(&'a Fact, Option<&'a Fact>)>,
    /// What is said of the items that one place includes.
    pub(super) metadata: HashMap<(FileId, u32), Vec<&'a Fact>>,
    pub(super) imports: Vec<(&'a Fact, FileId)>,
    read: HashSet<FileId>,
    left: usize,
}

/// Reads a project and what it imports.
pub(super) fn project<'a>(project: &mut Project<'a>, index: &Index<'a>, files: &Files<'_, 'a>) {
    let (repo, folder, file) = (project.repo, project.folder, project.file);
    let mut evaluation = Evaluation {
        files,
        project,
        properties: HashMap::new(),
        items: Vec::new(),
        metadata: HashMap::new(),
        imports: Vec::new(),
        read: HashSet::new(),
        left: FACTS,
    };
    evaluation.predefine(index);
    for name in ["Directory.Build.props", "Directory.Packages.props"] {
        if let Some(above) = files.above(repo, folder, name) {
            evaluation.file(above, None, 0);
        }
    }
    evaluation.file(file, None, 0);
    if let Some(above) = files.above(repo, folder, "Directory.Build.targets") {
        evaluation.file(above, None, 0);
    }
    let found = Items::new(&evaluation).finish();
    project.assembly = found.assembly;
    project.root_namespace = found.root_namespace;
    project.references = found.references;
    project.taken = found.taken;
    project.friends = found.friends;
    project.packages = found.packages;
    project.unknown = found.unknown;
    let mut removed = GlobSetBuilder::new();
    for glob in found.removed.iter().filter_map(|pattern| glob(pattern)) {
        removed.add(glob);
    }
    project.removed = removed.build().unwrap_or_default();
}

impl<'a> Evaluation<'_, 'a> {
    /// The properties that MSBuild itself sets, and those of widespread conventions.
    fn predefine(&mut self, index: &Index<'a>) {
        let path = index.files.path(self.project.file);
        let folder = match self.project.folder {
            "" => String::new(),
            folder => format!("/{folder}"),
        };
        let name = path.file_name();
        let mut set = |name: &str, text: String| {
            let property = Property {
                text: Some(text),
                sure: true,
            };
            self.properties.insert(name.to_owned(), property);
        };
        let ending = name.rfind('.').map_or("", |at| &name[at..]);
        set("msbuildprojectname", self.project.name.to_owned());
        set("msbuildprojectfile", name.to_owned());
        set("msbuildprojectextension", ending.to_owned());
        set("msbuildprojectfullpath", format!("/{}", path.path));
        set(
            "msbuildprojectdirectory",
            format!("/{}", self.project.folder),
        );
        set("projectdir", format!("{folder}/"));
        set("projectname", self.project.name.to_owned());
        // Names that follow from the file's, as long as nothing else is said.
        set("assemblyname", self.project.name.to_owned());
        set("rootnamespace", self.project.name.to_owned());
        if let Some(found) = self.files.solution(self.project.repo, self.project.folder) {
            set("solutiondir", slashed(found));
        }
        // <https://github.com/dotnet/arcade/blob/main/Documentation/ArcadeSdk.md>
        if let Some(file) = self
            .files
            .above(self.project.repo, self.project.folder, "global.json")
        {
            let root = slashed(index.files.path(file).parent());
            set("repositoryengineeringdir", format!("{root}eng/"));
            set("reporoot", root);
        }
    }

    /// Reads a file: its properties at once, its items later.
    fn file(&mut self, file: FileId, import: Option<&'a Fact>, depth: usize) {
        if depth > DEPTH || !self.read.insert(file) {
            return;
        }
        for fact in self.files.index.facts_of_file(file) {
            if fact.extractor.0 != "dotnet/project" || self.left == 0 {
                continue;
            }
            self.left -= 1;
            match &fact.claim {
                Claim::Binds { key, value } if key.namespace.0 == "msbuild" => {
                    self.bind(key, value, fact);
                }
                Claim::Binds { key, .. } if key.namespace.0 == "msbuild-metadata" => {
                    let place = (file, fact.span.start);
                    self.metadata.entry(place).or_default().push(fact);
                }
                Claim::Requires { key, .. } if is_item(key, "Import") => {
                    if self.holds(fact) == Some(false) {
                        continue;
                    }
                    let path = self.view(file).template(&key.name);
                    // Imports count from the file in which they stand, items from the project.
                    let folder = self.files.index.files.path(file).parent();
                    let Some(path) = path.and_then(|path| rooted(&path, folder)) else {
                        continue;
                    };
                    for imported in self.paths(&format!("/{path}")) {
                        if file == self.project.file {
                            self.imports.push((fact, imported));
                        }
                        let import = match import {
                            None if file == self.project.file => Some(fact),
                            import => import,
                        };
                        self.file(imported, import, depth + 1);
                    }
                }
                _ => self.items.push((fact, import)),
            }
        }
    }

    fn bind(&mut self, key: &Key, value: &Template, fact: &Fact) {
        let Some(name) = key.name.as_text() else {
            return;
        };
        let name = name.to_ascii_lowercase();
        let holds = self.holds(fact);
        if holds == Some(false) {
            return;
        }
        let text = self.view(fact.span.file).template(value);
        let text = text.filter(|text| text.len() < LONGEST);
        let property = match (holds, self.properties.get_mut(&name)) {
            // What holds only perhaps does not hide what holds without it.
            (None, Some(known)) if known.text.is_some() => {
                known.sure &= known.text == text;
                return;
            }
            (None, _) => Property { text, sure: false },
            _ => Property { text, sure: true },
        };
        self.properties.insert(name, property);
    }

    /// Whether all conditions of a fact hold, as far as properties tell.
    fn holds(&self, fact: &Fact) -> Option<bool> {
        let (holds, _) = self.view(fact.span.file).holds(&fact.when);
        holds
    }

    /// What the text of a file means while properties are read: there are no items yet.
    fn view(&self, file: FileId) -> View<'_, 'a> {
        View::new(self, file)
    }

    /// The text of a property as far as it is known.
    pub(super) fn property(&self, name: &str) -> Option<String> {
        let name = name.to_ascii_lowercase();
        match self.properties.get(&name) {
            Some(property) => property.text.clone(),
            None if name == FRAMEWORK => derived(|name| self.property(name)),
            None => self.files.is_property(&name).then(String::new),
        }
    }

    /// The text of a property that nothing outside of the tree can change.
    pub(super) fn certain(&self, name: &str) -> Option<String> {
        let name = name.to_ascii_lowercase();
        match self.properties.get(&name) {
            Some(property) if property.sure => property.text.clone(),
            Some(_) => None,
            None if name == FRAMEWORK => derived(|name| self.certain(name)),
            None => (self.files.is_property(&name) && OUTSIDE.binary_search(&&*name).is_err())
                .then(String::new),
        }
    }

    /// The text of a property that is called like the project when nothing else is said.
    pub(super) fn known(&self, name: &str) -> String {
        let property = self.properties.get(name);
        property
            .and_then(|property| property.text.clone())
            .unwrap_or_else(|| self.project.name.to_owned())
    }

    /// The files that a path means; one with wildcards, several.
    pub(super) fn paths(&self, path: &str) -> Vec<FileId> {
        let Some(path) = rooted(path, self.project.folder) else {
            return Vec::new();
        };
        if path.contains(['*', '?']) {
            return self.files.matching(self.project.repo, &path);
        }
        self.files
            .find(self.project.repo, &path)
            .into_iter()
            .collect()
    }
}

/// The one sort of framework that a project is for, be it one framework or several; `None` when it is not known or differs.
fn derived(property: impl Fn(&str) -> Option<String>) -> Option<String> {
    let set = |name: &str| property(name).filter(|text| !text.trim().is_empty());
    let frameworks = set("targetframeworks").or_else(|| set("targetframework"))?;
    let names = frameworks.split(';').map(str::trim);
    let mut sorts = names.filter(|name| !name.is_empty()).map(framework);
    let first = sorts.next()??;
    sorts
        .all(|sort| sort == Some(first))
        .then(|| first.to_owned())
}

pub(super) fn is_item(key: &Key, sort: &str) -> bool {
    key.namespace.0 == "msbuild-item" && key.at.as_text() == Some(sort)
}
