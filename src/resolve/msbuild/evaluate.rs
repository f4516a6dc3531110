//! Reads one project as MSBuild does: properties and imports in order, then items.

use std::collections::{HashMap, HashSet};

use globset::GlobSetBuilder;

use super::files::{Files, glob};
use super::{Item, Project, Reference, Sort, Taken, condition};
use crate::model::{
    Claim, Condition, DependencyKind, Fact, FileId, Key, Language, Part, Template, Why, join,
    within,
};
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

/// What a property is worth: `None` when it is not known.
#[derive(Clone, Debug)]
struct Property {
    text: Option<String>,
    /// Whether nothing but the tree decides it.
    sure: bool,
}

struct Evaluation<'r, 'a> {
    files: &'r Files<'r, 'a>,
    project: &'r Project<'a>,
    properties: HashMap<String, Property>,
    /// Items in the order in which they are read, with the import that brought each.
    items: Vec<(&'a Fact, Option<&'a Fact>)>,
    imports: Vec<(&'a Fact, FileId)>,
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
    let found = evaluation.finish(index);
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

/// What the items of a project come to.
#[derive(Default)]
struct Outcome<'a> {
    assembly: String,
    root_namespace: String,
    references: Vec<Reference<'a>>,
    taken: Vec<Taken<'a>>,
    friends: Vec<(String, &'a Fact)>,
    packages: Vec<&'a str>,
    removed: Vec<String>,
    unknown: Vec<(&'a Fact, String, Why)>,
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
            set("solutiondir", with_slashes(found));
        }
        // <https://github.com/dotnet/arcade/blob/main/Documentation/ArcadeSdk.md>
        if let Some(file) = self
            .files
            .above(self.project.repo, self.project.folder, "global.json")
        {
            let root = with_slashes(index.files.path(file).parent());
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
                Claim::Requires { key, .. } if is_item(key, "Import") => {
                    if self.holds(fact) == Some(false) {
                        continue;
                    }
                    let Some(path) = self.text(&key.name, None) else {
                        continue;
                    };
                    for imported in self.paths(&path) {
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
        let text = self.text(value, None).filter(|text| text.len() < LONGEST);
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

    /// Whether all conditions of a fact hold.
    fn holds(&self, fact: &Fact) -> Option<bool> {
        let mut all = Some(true);
        for condition in &fact.when {
            let Condition::Variant(text) = condition else {
                continue;
            };
            match condition::holds(text, &|name| self.certain(name)) {
                Some(false) => return Some(false),
                Some(true) => {}
                None => all = None,
            }
        }
        all
    }

    /// The text of a property that nothing outside of the tree can change.
    fn certain(&self, name: &str) -> Option<String> {
        let name = name.to_ascii_lowercase();
        match self.properties.get(&name) {
            Some(property) if property.sure => property.text.clone(),
            Some(_) => None,
            None => (self.files.is_property(&name) && OUTSIDE.binary_search(&&*name).is_err())
                .then(String::new),
        }
    }

    /// The text of a template; `item` is the entry of a list from which something is made.
    fn text(&self, template: &Template, item: Option<&str>) -> Option<String> {
        let mut out = String::new();
        for part in &template.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Ref(reference) => match self.reference(&reference.key, item) {
                    Some(text) if !text.is_empty() || reference.default.is_none() => {
                        out.push_str(&text);
                    }
                    _ => out.push_str(&self.text(reference.default.as_ref()?, item)?),
                },
                Part::Hole | Part::Star => return None,
            }
        }
        Some(out)
    }

    fn reference(&self, key: &Key, item: Option<&str>) -> Option<String> {
        let repo = self.project.repo;
        match key.namespace.0 {
            "msbuild" => {
                let name = key.name.as_text()?.to_ascii_lowercase();
                match self.properties.get(&name) {
                    Some(property) => property.text.clone(),
                    None => self.files.is_property(&name).then(String::new),
                }
            }
            "msbuild-above" | "msbuild-folder-above" => {
                let start = rooted(&self.text(&key.at, item)?, self.project.folder)?;
                let name = self.text(&key.name, item)?;
                let found = self.files.above(repo, &start, &name)?;
                let path = self.files.index.files.path(found);
                Some(match key.namespace.0 {
                    "msbuild-above" => format!("/{}", path.path),
                    _ => format!("/{}", path.parent()),
                })
            }
            "msbuild-meta" => {
                let item = item?;
                let file = item.rsplit('/').next().unwrap_or(item);
                let (stem, ending) = match file.rfind('.') {
                    Some(at) => file.split_at(at),
                    None => (file, ""),
                };
                Some(match key.name.as_text()?.to_ascii_lowercase().as_str() {
                    "identity" => item.to_owned(),
                    "filename" => stem.to_owned(),
                    "extension" => ending.to_owned(),
                    _ => return None,
                })
            }
            _ => None,
        }
    }

    /// The files that a path means; one with wildcards, several.
    fn paths(&self, path: &str) -> Vec<FileId> {
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

    /// Works out the items.
    fn finish(self, index: &Index<'a>) -> Outcome<'a> {
        let mut out = Outcome {
            assembly: self.known("assemblyname"),
            root_namespace: self.known("rootnamespace"),
            ..Outcome::default()
        };
        let mut lists: HashMap<String, Vec<String>> = HashMap::new();
        let mut dropped: Vec<FileId> = Vec::new();
        for (fact, import) in &self.items {
            let holds = self.holds(fact);
            if holds == Some(false) {
                continue;
            }
            let item = Item {
                fact,
                import: *import,
                variants: match holds {
                    None => undecided(fact, &|name| self.certain(name)),
                    _ => Vec::new(),
                },
                inferred: false,
            };
            match &fact.claim {
                Claim::Binds { key, value } if key.namespace.0 == "msbuild-items" => {
                    if let Some(name) = key.name.as_text() {
                        let entries = self.entries(value, &lists).unwrap_or_default();
                        lists
                            .entry(name.to_ascii_lowercase())
                            .or_default()
                            .extend(entries);
                    }
                }
                Claim::Binds { key, value } if is_item(key, "Remove") => {
                    let entries = self.entries(value, &lists).unwrap_or_default();
                    let removed = entries
                        .iter()
                        .filter_map(|entry| rooted(entry, self.project.folder));
                    if key.name.as_text() == Some("Compile") {
                        out.removed.extend(removed);
                    } else {
                        dropped.extend(entries.iter().flat_map(|entry| self.paths(entry)));
                    }
                }
                Claim::Provides { key, .. } if key.namespace.0 == "friend" => {
                    let entries = self.entries(&key.name, &lists).unwrap_or_default();
                    out.friends
                        .extend(entries.into_iter().map(|name| (name, *fact)));
                }
                Claim::Requires { key, .. } if key.namespace.0 == "dotnet" => {
                    out.packages.extend(key.name.as_text());
                }
                Claim::Requires { key, kind, .. } if key.namespace.0 == "msbuild-item" => {
                    self.item(key, *kind, &item, &lists, index, &mut out);
                }
                _ => {}
            }
        }
        let dropped: HashSet<usize> = dropped
            .into_iter()
            .filter_map(|file| self.files.project(file))
            .collect();
        out.references
            .retain(|reference| !dropped.contains(&reference.to));
        for (fact, file) in &self.imports {
            let item = Item {
                fact,
                import: None,
                variants: Vec::new(),
                inferred: false,
            };
            out.taken.push(Taken {
                item,
                kind: DependencyKind::LinkSplice,
                sort: Sort::Imported,
                file: *file,
            });
        }
        out
    }

    fn known(&self, name: &str) -> String {
        let property = self.properties.get(name);
        property
            .and_then(|property| property.text.clone())
            .unwrap_or_else(|| self.project.name.to_owned())
    }

    /// The entries of a list that a template comes to.
    fn entries(
        &self,
        template: &Template,
        lists: &HashMap<String, Vec<String>>,
    ) -> Option<Vec<String>> {
        if let [Part::Ref(reference)] = template.0.as_slice()
            && reference.key.namespace.0 == "msbuild-items"
        {
            let name = reference.key.name.as_text()?.to_ascii_lowercase();
            let made = &reference.key.at;
            let list = lists.get(&name).map_or(&[][..], Vec::as_slice);
            return list
                .iter()
                .map(|entry| match made.is_empty() {
                    true => Some(entry.clone()),
                    false => self.text(made, Some(entry)),
                })
                .collect();
        }
        let text = self.text(template, None)?;
        let entries = text
            .split(';')
            .map(str::trim)
            .filter(|entry| !entry.is_empty());
        Some(entries.map(|entry| entry.replace('\\', "/")).collect())
    }

    fn item(
        &self,
        key: &Key,
        kind: DependencyKind,
        item: &Item<'a>,
        lists: &HashMap<String, Vec<String>>,
        index: &Index<'a>,
        out: &mut Outcome<'a>,
    ) {
        let Some(sort) = key.at.as_text() else {
            return;
        };
        let matters = matches!(sort, "ProjectReference" | "Compile" | "Protobuf");
        let Some(entries) = self.entries(&key.name, lists) else {
            if matters {
                let why = self.unbound(&key.name).map_or(Why::NotFound, Why::Unbound);
                out.unknown.push((item.fact, key.name.to_string(), why));
            }
            return;
        };
        for entry in entries {
            let files = self.paths(&entry);
            match sort {
                "ProjectReference" => {
                    let found = files.iter().filter_map(|file| self.files.project(*file));
                    let before = out.references.len();
                    out.references.extend(found.map(|to| Reference {
                        item: item.clone(),
                        to,
                    }));
                    let leads = out.references.len() > before || entry.contains('*');
                    // Project files of other sorts (installers, SQL) are no code.
                    if !leads && files.is_empty() {
                        out.unknown.push((item.fact, entry, Why::NotFound));
                    }
                }
                "Reference" if files.is_empty() => {
                    let file = entry.rsplit('/').next().unwrap_or(&entry);
                    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
                    let name = format!("assembly:{stem}");
                    out.unknown.push((item.fact, name, Why::NotFound));
                }
                _ => {
                    let gone = files.is_empty()
                        && matters
                        && !entry.contains('*')
                        && !entry.contains("obj/");
                    if gone && rooted(&entry, self.project.folder).is_some() {
                        out.unknown.push((item.fact, entry, Why::NotFound));
                    }
                    for file in files {
                        self.take(file, sort, kind, item, index, out);
                    }
                }
            }
        }
    }

    /// A file that the project takes in; what lies in its own folder is its own, but may generate code.
    fn take(
        &self,
        file: FileId,
        sort: &str,
        kind: DependencyKind,
        item: &Item<'a>,
        index: &Index<'a>,
        out: &mut Outcome<'a>,
    ) {
        let row = index.files.row(file);
        let own = within(&row.path.path, self.project.folder);
        let sort = match sort {
            "Compile" => Sort::Compiled,
            "Protobuf" => Sort::Generated,
            "None" => Sort::Listed,
            _ => Sort::Other,
        };
        if own && sort != Sort::Generated && !self.project.folder.is_empty() {
            return;
        }
        let kind = match (sort, row.class.language) {
            (Sort::Generated, _) | (_, Language::Idl) => DependencyKind::LinkContract,
            _ => kind,
        };
        out.taken.push(Taken {
            item: item.clone(),
            kind,
            sort,
            file,
        });
    }

    /// The first property of a template that nothing sets.
    fn unbound(&self, template: &Template) -> Option<String> {
        template.0.iter().find_map(|part| match part {
            Part::Ref(reference) => match reference.key.namespace.0 {
                "msbuild-items" => self.unbound(&reference.key.at),
                _ if self.reference(&reference.key, None).is_some() => None,
                _ => Some(reference.key.to_string()),
            },
            _ => None,
        })
    }
}

fn is_item(key: &Key, sort: &str) -> bool {
    key.namespace.0 == "msbuild-item" && key.at.as_text() == Some(sort)
}

/// The conditions of a fact that nothing in the tree decides.
fn undecided(fact: &Fact, value: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let texts = fact.when.iter().filter_map(|condition| match condition {
        Condition::Variant(text) => Some(text),
        Condition::Uses(_) => None,
    });
    texts
        .filter(|text| condition::holds(text, value).is_none())
        .map(|text| text.to_string())
        .collect()
}

/// A path from the root of the repository; one that does not start there counts from the folder.
fn rooted(path: &str, folder: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    match path.strip_prefix('/') {
        Some(path) => join("", path.trim_start_matches('/')),
        // A drive is nowhere in the tree.
        None if path.contains(':') => None,
        None => join(folder, &path),
    }
}

/// A folder from the root, with `/` at both ends.
fn with_slashes(folder: &str) -> String {
    match folder {
        "" => "/".to_owned(),
        folder => format!("/{folder}/"),
    }
}
