//! .NET: the files that declare a namespace or a type, in the projects that a file's own project refers to.
//!
//! A project sees its own code, that of all projects that it refers to, directly or not, and files that it takes in.
//! A namespace may be declared by many files, of several projects, and outside of the run as well: the capitalised
//! words of the using file tell which of them it means.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use super::{Finder, Found, Lookup, Run, Target, provided};
use crate::model::{
    Claim, ComponentId, DependencyKind, Fact, FileId, Key, Language, Offer, RepoId, Subject, Why,
    parent,
};
use crate::resolve::index::Index;
use crate::resolve::msbuild::{Projects, Sort};

pub(super) struct Namespaces;

impl Lookup for Namespaces {
    fn namespaces(&self) -> &'static [&'static str] {
        &["csharpns", "csharptype"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        Box::new(Names::new(run))
    }
}

/// Namespaces that exist outside of every tree: that they are declared here, too, does not mean that they are used from here.
const OUTSIDE: &[&str] = &["Microsoft", "System", "Windows"];

/// A namespace, with the files that declare it.
#[derive(Default)]
struct Space<'a> {
    files: Vec<Declaring<'a>>,
    /// Types, and methods that extend types, by name: places in `files`.
    names: HashMap<&'a str, Vec<usize>>,
}

struct Declaring<'a> {
    file: FileId,
    fact: &'a Fact,
    /// The projects that compile the file.
    projects: Vec<usize>,
}

struct Names<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    projects: &'r Projects<'a>,
    reached: Vec<HashSet<usize>>,
    /// The projects that take in a file from outside of their folders, or generate code from it.
    taking: HashMap<FileId, Vec<usize>>,
    /// The project of each project file.
    of_file: HashMap<FileId, usize>,
    spaces: HashMap<RepoId, HashMap<String, Space<'a>>>,
    /// The first words of namespaces that are declared here.
    roots: HashSet<(RepoId, String)>,
    /// The capitalised words of each file.
    words: HashMap<FileId, &'a str>,
    /// Those of all files of a project.
    words_of: Vec<OnceLock<BTreeSet<&'a str>>>,
}

impl<'r, 'a> Names<'r, 'a> {
    fn new(run: &Run<'r, 'a>) -> Self {
        let projects = run.projects;
        let mut taking: HashMap<FileId, Vec<usize>> = HashMap::new();
        let mut of_file = HashMap::new();
        for (number, project) in projects.list.iter().enumerate() {
            of_file.insert(project.file, number);
            for taken in &project.taken {
                if matches!(taken.sort, Sort::Compiled | Sort::Generated) {
                    let list = taking.entry(taken.file).or_default();
                    if !list.contains(&number) {
                        list.push(number);
                    }
                }
            }
        }
        let mut names = Self {
            index: run.index,
            component_of: run.component_of,
            projects,
            reached: projects.reached(),
            taking,
            of_file,
            spaces: HashMap::new(),
            roots: HashSet::new(),
            words: HashMap::new(),
            words_of: projects.list.iter().map(|_| OnceLock::new()).collect(),
        };
        names.collect();
        names
    }

    fn collect(&mut self) {
        let mut imports: HashMap<(RepoId, &'a str), &'a str> = HashMap::new();
        for fact in self.index.facts {
            match &fact.claim {
                Claim::Binds { key, value } if key.namespace.0 == "csharpwords" => {
                    self.words
                        .insert(fact.span.file, value.as_text().unwrap_or_default());
                }
                Claim::Provides { key, .. } => match key.namespace.0 {
                    "csharpns" => {
                        if let Some(space) = key.name.as_text() {
                            self.declare(fact, space.to_owned(), None);
                        }
                    }
                    "csharptype" | "csharpext" => {
                        if let (Some(space), Some(name)) = (key.at.as_text(), key.name.as_text()) {
                            self.declare(fact, space.to_owned(), Some(name));
                        }
                    }
                    "razor" if key.name.is_empty() => {
                        if let Some(space) = key.at.as_text() {
                            imports.insert((self.index.repo(fact), self.index.folder(fact)), space);
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        for fact in self.index.facts {
            if let Claim::Provides { key, .. } = &fact.claim
                && key.namespace.0 == "razor"
                && let Some(name) = key.name.as_text().filter(|name| !name.is_empty())
            {
                for space in self.razor(fact, key, &imports) {
                    self.declare(fact, space, Some(name));
                }
            }
        }
    }

    /// The namespaces of a Razor component: what it or `_Imports.razor` above it names, else the folder below the project's own.
    fn razor(
        &self,
        fact: &Fact,
        key: &Key,
        imports: &HashMap<(RepoId, &str), &str>,
    ) -> BTreeSet<String> {
        if let Some(space) = key.at.as_text().filter(|space| !space.is_empty()) {
            return BTreeSet::from([space.to_owned()]);
        }
        let (repo, folder) = (self.index.repo(fact), self.index.folder(fact));
        let below = |space: &str, above: &str| {
            let rest = folder[above.len()..]
                .split('/')
                .filter(|part| !part.is_empty());
            let word = |part: &str| {
                let letter = |c: char| {
                    if c.is_alphanumeric() || c == '.' {
                        c
                    } else {
                        '_'
                    }
                };
                part.chars().map(letter).collect::<String>()
            };
            let parts = [space.to_owned()].into_iter().chain(rest.map(word));
            parts.collect::<Vec<_>>().join(".")
        };
        let mut above = folder;
        loop {
            if let Some(space) = imports.get(&(repo, above)) {
                return BTreeSet::from([below(space, above)]);
            }
            if above.is_empty() {
                break;
            }
            above = parent(above);
        }
        self.compiling(fact.span.file)
            .into_iter()
            .map(|number| &self.projects.list[number])
            .filter(|project| folder.starts_with(project.folder))
            .map(|project| below(&project.root_namespace, project.folder))
            .collect()
    }

    fn declare(&mut self, fact: &'a Fact, space: String, name: Option<&'a str>) {
        let file = fact.span.file;
        let repo = self.index.repo(fact);
        let root = space.split('.').next().unwrap_or_default();
        if !self.roots.contains(&(repo, root.to_owned())) {
            self.roots.insert((repo, root.to_owned()));
        }
        let spaces = self.spaces.entry(repo).or_default();
        if !spaces.contains_key(&space) {
            spaces.insert(space.clone(), Space::default());
        }
        let known = spaces
            .get(&space)
            .and_then(|found| found.files.last())
            .is_some_and(|last| last.file == file);
        let compiling = if known {
            Vec::new()
        } else {
            self.compiling(file)
        };
        let Some(found) = self
            .spaces
            .get_mut(&repo)
            .and_then(|spaces| spaces.get_mut(&space))
        else {
            return;
        };
        if !known {
            found.files.push(Declaring {
                file,
                fact,
                projects: compiling,
            });
        }
        if let Some(name) = name {
            let place = found.files.len() - 1;
            let places = found.names.entry(name).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
    }

    /// The projects that compile a file, or of which it is the manifest.
    fn compiling(&self, file: FileId) -> Vec<usize> {
        if let Some(number) = self.of_file.get(&file) {
            return vec![*number];
        }
        let row = self.index.files.row(file);
        let mut found = self.taking.get(&file).cloned().unwrap_or_default();
        if row.class.language != Language::Idl {
            let own = self.projects.of(self.component_of[file.0 as usize]);
            for number in own {
                if !self.projects.list[*number].removes(&row.path.path) && !found.contains(number) {
                    found.push(*number);
                }
            }
        }
        found
    }

    fn sees(&self, from: &[usize], declaring: &Declaring<'_>) -> bool {
        from.iter().any(|from| {
            let reached = &self.reached[*from];
            declaring
                .projects
                .iter()
                .any(|project| reached.contains(project))
        })
    }

    /// The visible files that declare a namespace.
    fn visible(&self, space: &Space<'a>, from: &[usize]) -> Vec<usize> {
        (0..space.files.len())
            .filter(|place| self.sees(from, &space.files[*place]))
            .collect()
    }

    /// Those of the files that declare a name which is among the words.
    fn used(
        space: &Space<'a>,
        visible: &[usize],
        words: &mut dyn Iterator<Item = &'a str>,
    ) -> Vec<usize> {
        let found: BTreeSet<usize> = words
            .filter_map(|word| space.names.get(word))
            .flatten()
            .copied()
            .collect();
        let mut both: Vec<usize> = visible.to_vec();
        both.retain(|place| found.contains(place));
        both
    }

    /// All words of the files of some projects: what an import for the whole project may be for.
    fn words_of(&self, project: usize) -> &BTreeSet<&'a str> {
        self.words_of[project].get_or_init(|| {
            let component = self.projects.list[project].component;
            let files = self.words.iter();
            files
                .filter(|(file, _)| self.component_of[file.0 as usize] == component)
                .flat_map(|(_, words)| words.split(' '))
                .collect()
        })
    }

    fn namespace(&self, name: &str, space: &Space<'a>, asking: &Asking<'_>) -> Option<Found> {
        let visible = self.visible(space, &asking.from);
        if visible.is_empty() {
            return None;
        }
        let own = self.words.get(&asking.file).copied().unwrap_or_default();
        let mut used = Self::used(space, &visible, &mut own.split(' '));
        if used.is_empty() {
            used = asking
                .from
                .iter()
                .map(|project| {
                    Self::used(
                        space,
                        &visible,
                        &mut self.words_of(*project).iter().copied(),
                    )
                })
                .find(|used| !used.is_empty() && asking.is_for_all)
                .unwrap_or_default();
        }
        if used.is_empty() {
            if self.is_outside(name, &asking.from) {
                return None;
            }
            let projects: BTreeSet<&[usize]> = visible
                .iter()
                .map(|place| space.files[*place].projects.as_slice())
                .collect();
            if projects.len() > 1 {
                let names = projects.iter().copied().flatten();
                let names: BTreeSet<String> = names
                    .map(|project| format!("dotnet:{}", self.projects.list[*project].name))
                    .collect();
                return Some(Found::Unknown(Why::Ambiguous(names.into_iter().collect())));
            }
            used = visible;
        }
        Some(self.targets(name, space, &used, asking))
    }

    /// A type by its full name; types in types belong to the outermost.
    fn type_of(&self, name: &str, asking: &Asking<'_>) -> Option<Found> {
        let spaces = self.spaces.get(&asking.repo)?;
        let mut cuts: Vec<usize> = name.match_indices('.').map(|(at, _)| at).collect();
        cuts.reverse();
        let mut generated = false;
        for cut in cuts {
            let Some(space) = spaces.get(&name[..cut]) else {
                continue;
            };
            let rest = name[cut + 1..].split('.').next().unwrap_or_default();
            let visible = self.visible(space, &asking.from);
            let used = Self::used(
                space,
                &visible,
                &mut [rest]
                    .into_iter()
                    .filter_map(|rest| space.names.get_key_value(rest).map(|(name, _)| *name)),
            );
            if !used.is_empty() {
                return Some(self.targets(&name[..cut], space, &used, asking));
            }
            generated |= !visible.is_empty() && !self.is_outside(&name[..cut], &asking.from);
        }
        // The namespace is there and the type is not: a build makes it.
        generated.then_some(Found::Unknown(Why::NotFound))
    }

    /// Files as targets: one for each component, apart by how they are reached.
    fn targets(
        &self,
        name: &str,
        space: &Space<'a>,
        places: &[usize],
        asking: &Asking<'_>,
    ) -> Found {
        let mut groups: BTreeMap<(ComponentId, Option<DependencyKind>), Vec<usize>> =
            BTreeMap::new();
        for place in places {
            let declaring = &space.files[*place];
            let component = self.component_of[declaring.file.0 as usize];
            let takes = self
                .taking
                .get(&declaring.file)
                .is_some_and(|list| list.iter().any(|project| asking.from.contains(project)));
            let kind = if self.index.files.row(declaring.file).class.language == Language::Idl {
                Some(DependencyKind::LinkContract)
            } else if takes && asking.component != component {
                Some(DependencyKind::LinkSplice)
            } else {
                None
            };
            groups.entry((component, kind)).or_default().push(*place);
        }
        let targets = groups.into_iter().filter_map(|((_, kind), places)| {
            let files = places
                .iter()
                .map(|place| space.files[*place].file)
                .collect();
            let offer = space.files[*places.first()?].fact;
            Some(Target {
                unit: Some(format!("csharpns:{name}")),
                kind,
                hops: vec![provided(offer, name)],
                ..Target::files(self.component_of, files)?
            })
        });
        Found::Here(targets.collect())
    }

    /// Whether a namespace is one of the language's own library, or of a package that a project uses.
    fn is_outside(&self, name: &str, from: &[usize]) -> bool {
        let root = name.split('.').next().unwrap_or_default();
        OUTSIDE.contains(&root) || self.package(name, from).is_some()
    }

    /// The package whose name a namespace starts with.
    fn package(&self, name: &str, from: &[usize]) -> Option<&'a str> {
        let starts = |package: &&str| {
            name.get(..package.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(package))
                && matches!(name.as_bytes().get(package.len()), None | Some(b'.'))
        };
        from.iter()
            .flat_map(|project| self.reached[*project].iter())
            .flat_map(|project| self.projects.list[*project].packages.iter())
            .copied()
            .filter(starts)
            .max_by_key(|package| (package.len(), *package))
    }
}

/// From where a name is asked.
struct Asking<'k> {
    file: FileId,
    repo: RepoId,
    component: ComponentId,
    from: Vec<usize>,
    /// The import holds for all files of the project.
    is_for_all: bool,
    key: &'k Key,
}

impl Asking<'_> {
    /// The full names that a name may have: it may be relative to the namespaces around it.
    fn full_names(&self, name: &str) -> Vec<String> {
        let mut inside = self.key.at.as_text().unwrap_or_default();
        let mut names = Vec::new();
        while !inside.is_empty() {
            names.push(format!("{inside}.{name}"));
            inside = inside.rfind('.').map_or("", |cut| &inside[..cut]);
        }
        names.push(name.to_owned());
        names
    }
}

impl Finder for Names<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let Some(name) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        if fact.subject != Subject::Here {
            return Found::Outside(None);
        }
        let file = fact.span.file;
        let asking = Asking {
            file,
            repo: self.index.repo(fact),
            component: self.component_of[file.0 as usize],
            from: self.compiling(file),
            is_for_all: self.is_for_all(file),
            key,
        };
        let spaces = self.spaces.get(&asking.repo);
        let names = asking.full_names(name);
        let mut generated = false;
        for full in &names {
            let space = spaces.and_then(|spaces| spaces.get(full));
            let found = space.and_then(|space| self.namespace(full, space, &asking));
            let found = match (found, key.namespace.0) {
                (None, "csharptype") => self.type_of(full, &asking),
                (found, _) => found,
            };
            match found {
                Some(Found::Unknown(Why::NotFound)) => generated = true,
                Some(found) => return found,
                None => {}
            }
        }
        if generated {
            return Found::Unknown(Why::NotFound);
        }
        let package = self.package(name, &asking.from);
        let root = name.split('.').next().unwrap_or_default();
        if package.is_some() || OUTSIDE.contains(&root) {
            return Found::Outside(package.map(|package| format!("nuget:{package}")));
        }
        // Declared where the project cannot see it, or made by a build.
        let is_declared = |full: &String| spaces.is_some_and(|spaces| spaces.contains_key(full));
        let is_parent = |full: &String| {
            let start = format!("{full}.");
            spaces.is_some_and(|spaces| spaces.keys().any(|space| space.starts_with(&start)))
        };
        if self.roots.contains(&(asking.repo, root.to_owned()))
            && (names.iter().any(is_declared) || !names.iter().any(is_parent))
        {
            return Found::Unknown(Why::NotFound);
        }
        Found::Outside(None)
    }

    fn unit(&self, file: FileId) -> Option<String> {
        if self.index.files.row(file).class.language != Language::CSharp {
            return None;
        }
        let (fact, key) = self.index.offered(file, "csharpns")?;
        let declares = matches!(
            &fact.claim,
            Claim::Provides {
                how: Offer::Declares,
                ..
            }
        );
        Some(format!("csharpns:{}", key.name.as_text()?)).filter(|_| !declares)
    }
}

impl Names<'_, '_> {
    /// Whether the imports of a file hold for its whole project: it declares nothing, and so uses nothing itself.
    fn is_for_all(&self, file: FileId) -> bool {
        let row = self.index.files.row(file);
        row.class.language != Language::CSharp
            || row.path.path.ends_with("_Imports.razor")
            || self.index.offered(file, "csharpns").is_none()
    }
}
