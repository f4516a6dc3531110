//! Modules of a Rust crate: where a path leads, as the compiler resolves names, from one module to the next and through what they import.
//!
//! A name that a module imports for others (`pub use`) means what it was imported from.
//! Sources: <https://doc.rust-lang.org/reference/items/modules.html>,
//! <https://doc.rust-lang.org/reference/names/name-resolution.html>, <https://doc.rust-lang.org/reference/items/use-declarations.html>

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Finder, Found, Lookup, Run, Target};
use crate::model::{Claim, ComponentId, Fact, FileId, Hop, HopKind, Key, Language, Span, Why};
use crate::resolve::index::Index;

/// The longest chain of names that stand for each other.
const CHAIN: usize = 16;

/// The most names that are looked up for one path: modules may import everything from each other.
const STEPS: usize = 4096;

/// The most modules above a module.
const ABOVE: usize = 64;

pub(super) struct Modules;

impl Lookup for Modules {
    fn namespaces(&self) -> &'static [&'static str] {
        &["rustmod"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        Box::new(Crates::new(run.index, run.component_of))
    }
}

/// A module: its file, and the path of the inline module in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Module<'r> {
    file: FileId,
    scope: &'r str,
}

impl Module<'_> {
    /// The module that a file is.
    fn of(file: FileId) -> Self {
        Self { file, scope: "" }
    }

    fn is_inline(&self) -> bool {
        !self.scope.is_empty()
    }
}

/// What the names of a module mean.
#[derive(Debug, Default)]
struct Names<'r> {
    /// Modules in files of their own; `None`: not in the run.
    files: HashMap<&'r str, Option<FileId>>,
    /// Inline modules.
    inline: HashMap<&'r str, &'r str>,
    /// Its own items, for modules everywhere.
    items: HashSet<&'r str>,
    /// Its own items, for itself and the modules inside.
    private: HashSet<&'r str>,
    /// Macros of the whole crate; only its root has such.
    macros: HashMap<&'r str, Module<'r>>,
    /// Names that it imports from the crate, with their paths.
    imports: HashMap<&'r str, Vec<&'r str>>,
    /// Paths whose names it imports, all of them.
    all_of: Vec<&'r str>,
    /// Names that it imports from elsewhere.
    outside: HashSet<&'r str>,
}

struct Crates<'r> {
    component_of: &'r [ComponentId],
    modules: HashMap<Module<'r>, Names<'r>>,
    /// The module that declares a file as one of its own.
    parents: HashMap<FileId, Module<'r>>,
    paths: Vec<&'r str>,
}

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning<'r> {
    Module(Module<'r>),
    /// Something else that a module offers.
    Item(Module<'r>),
    /// Something of another crate, which has links of its own.
    Outside,
}

/// Why a name means nothing.
#[derive(Debug)]
enum Miss {
    /// The module has no such name, as far as its files tell.
    Absent,
    /// A file that is not in the run, such as one that a build makes.
    NoFile,
    /// Several files offer it.
    Several(BTreeSet<FileId>),
    TooDeep,
}

type Step<'r> = Result<Meaning<'r>, Miss>;

/// One look-up: how many names it took.
#[derive(Debug, Default)]
struct Walk {
    steps: Cell<usize>,
}

impl<'r> Crates<'r> {
    fn new(index: &'r Index<'_>, component_of: &'r [ComponentId]) -> Self {
        let mut crates = Self {
            component_of,
            modules: HashMap::new(),
            parents: HashMap::new(),
            paths: index.files.iter().map(|(_, row)| &*row.path.path).collect(),
        };
        let mut exported = Vec::new();
        for (file, row) in index.files.iter() {
            if row.class.language == Language::Rust {
                for fact in index.facts_of_file(file) {
                    crates.read(index, fact, &mut exported);
                }
            }
        }
        for (module, names) in exported {
            let Some(root) = crates.root(module) else {
                continue;
            };
            let root = crates.modules.entry(root).or_default();
            for name in names.split_ascii_whitespace() {
                root.macros.entry(name).or_insert(module);
            }
        }
        crates
    }

    /// Keeps what a file says of its names.
    fn read(
        &mut self,
        index: &'r Index<'_>,
        fact: &'r Fact,
        exported: &mut Vec<(Module<'r>, &'r str)>,
    ) {
        let Claim::Binds { key, value } = &fact.claim else {
            return;
        };
        let (Some(name), Some(value)) = (key.name.as_text(), value.as_text()) else {
            return;
        };
        let file = fact.span.file;
        // Lists are of the module that their name says.
        let scope = match key.namespace.0 {
            "rustitems" | "rustmacros" | "rustoutside" | "rustprivate" => name,
            "rustfile" | "rustname" => key.at.as_text().unwrap_or_default(),
            _ => return,
        };
        let module = Module { file, scope };
        let names = self.modules.entry(module).or_default();
        match key.namespace.0 {
            "rustitems" => names.items.extend(value.split_ascii_whitespace()),
            "rustprivate" => names.private.extend(value.split_ascii_whitespace()),
            "rustmacros" => exported.push((module, value)),
            "rustoutside" => names.outside.extend(value.split_ascii_whitespace()),
            "rustname" if name == "*" => names.all_of.push(value),
            "rustname" => names.imports.entry(name).or_default().push(value),
            _ => {
                let repo = index.files.path(file).repo;
                let at = |path: &str| index.files.find(repo, path);
                let found = match (value.strip_prefix("file:"), value.strip_prefix("path:")) {
                    (Some(path), _) => at(path),
                    (_, Some(stem)) => {
                        at(&format!("{stem}.rs")).or_else(|| at(&format!("{stem}/mod.rs")))
                    }
                    _ => None,
                };
                // Alternatives for platforms have one name; the first that is there stands for all.
                let known = names.files.entry(name).or_insert(found);
                *known = known.or(found);
                if let Some(found) = found {
                    self.parents.entry(found).or_insert(module);
                }
            }
        }
        // What is inside of it makes an inline module known to the one around.
        let mut scope = scope;
        while !scope.is_empty() {
            let (outer, name) = scope.rsplit_once("::").unwrap_or(("", scope));
            let outer_names = self.modules.entry(Module { file, scope: outer });
            outer_names.or_default().inline.insert(name, scope);
            scope = outer;
        }
    }

    /// The module around a module.
    fn parent(&self, module: Module<'r>) -> Option<Module<'r>> {
        if module.is_inline() {
            let scope = module
                .scope
                .rsplit_once("::")
                .map_or("", |(outer, _)| outer);
            return Some(Module { scope, ..module });
        }
        self.parents.get(&module.file).copied()
    }

    /// The root of the crate around a module; `None`: files that declare each other in a circle.
    fn root(&self, module: Module<'r>) -> Option<Module<'r>> {
        let mut at = module;
        for _ in 0..ABOVE {
            match self.parent(at) {
                Some(above) => at = above,
                None => return Some(at),
            }
        }
        None
    }

    /// Whether a module is another one, or inside of it.
    fn is_inside(&self, module: Module<'r>, other: Module<'r>) -> bool {
        let above = std::iter::successors(Some(module), |module| self.parent(*module));
        above.take(ABOVE).any(|module| module == other)
    }

    /// Where a path that is written in a module leads.
    fn path(&self, from: Module<'r>, path: &'r str, depth: usize, walk: &Walk) -> Step<'r> {
        let mut segments = path.split("::").peekable();
        let mut at = from;
        match segments.peek().copied() {
            Some("crate") => {
                segments.next();
                at = self.root(from).ok_or(Miss::TooDeep)?;
            }
            Some("self" | "super") => {
                while let Some(word) = segments.next_if(|word| matches!(*word, "self" | "super")) {
                    if word == "super" {
                        at = self.parent(at).ok_or(Miss::Absent)?;
                    }
                }
            }
            Some(first) => {
                segments.next();
                match self.name(from, first, depth, walk) {
                    Ok(Meaning::Module(module)) => at = module,
                    // Without such a name it is another crate's.
                    Err(Miss::Absent) => return Ok(Meaning::Outside),
                    other => return other,
                }
            }
            None => return Err(Miss::Absent),
        }
        let start = at;
        for segment in segments {
            if segment == "*" {
                break;
            }
            match self.name(at, segment, depth, walk) {
                Ok(Meaning::Module(module)) => at = module,
                // What macros write, and what is imported from other crates, all of it, is in no file.
                // At the root of a crate that is too often, and says too little.
                Err(Miss::Absent) if at != start || !path.starts_with("crate") => {
                    return Ok(Meaning::Item(at));
                }
                other => return other,
            }
        }
        Ok(Meaning::Module(at))
    }

    /// What a name means in a module.
    fn name(&self, module: Module<'r>, name: &'r str, depth: usize, walk: &Walk) -> Step<'r> {
        walk.steps.set(walk.steps.get() + 1);
        if depth >= CHAIN || walk.steps.get() > STEPS {
            return Err(Miss::TooDeep);
        }
        let Some(names) = self.modules.get(&module) else {
            return Err(Miss::Absent);
        };
        if let Some(scope) = names.inline.get(name) {
            return Ok(Meaning::Module(Module { scope, ..module }));
        }
        if let Some(file) = names.files.get(name) {
            return file
                .map(|file| Meaning::Module(Module::of(file)))
                .ok_or(Miss::NoFile);
        }
        if let Some(paths) = names.imports.get(name) {
            let meanings = paths
                .iter()
                .map(|path| self.imported_as(module, name, path, depth, walk));
            return one(meanings);
        }
        if names.items.contains(name) || names.private.contains(name) {
            return Ok(Meaning::Item(module));
        }
        if let Some(written) = names.macros.get(name) {
            return Ok(Meaning::Item(*written));
        }
        if names.outside.contains(name) {
            return Ok(Meaning::Outside);
        }
        let offers = names.all_of.iter().filter_map(|path| {
            let Ok(Meaning::Module(of)) = self.path(module, path, depth + 1, walk) else {
                return None;
            };
            let is_hidden = || {
                let names = self.modules.get(&of);
                names.is_some_and(|names| names.private.contains(name))
                    && !self.is_inside(module, of)
            };
            if of == module || is_hidden() {
                return None;
            }
            match self.name(of, name, depth + 1, walk) {
                Err(Miss::Absent) => None,
                other => Some(other),
            }
        });
        one(offers)
    }

    /// What an imported name means: `use a::a` in a module that has a module `a` is no circle.
    fn imported_as(
        &self,
        module: Module<'r>,
        name: &str,
        path: &'r str,
        depth: usize,
        walk: &Walk,
    ) -> Step<'r> {
        if path.split("::").next() == Some(name) {
            // `use log::log`: the name stands for itself, so it is another crate's.
            return Ok(Meaning::Outside);
        }
        self.path(module, path, depth + 1, walk)
    }
}

/// The one meaning of a name, or why there is none.
fn one<'r>(meanings: impl Iterator<Item = Step<'r>>) -> Step<'r> {
    let mut found: Option<Meaning<'_>> = None;
    let mut files = BTreeSet::new();
    let mut miss = Miss::Absent;
    for meaning in meanings {
        match meaning {
            Ok(meaning) => {
                match meaning {
                    Meaning::Module(module) | Meaning::Item(module) => {
                        files.insert(module.file);
                    }
                    Meaning::Outside => {}
                }
                // A module is more than an item: a path can go on from it.
                let is_better = match found {
                    None => true,
                    Some(Meaning::Module(_)) => false,
                    Some(_) => meaning != Meaning::Outside,
                };
                if is_better {
                    found = Some(meaning);
                }
            }
            Err(other) => miss = other,
        }
    }
    match found {
        _ if files.len() > 1 => Err(Miss::Several(files)),
        Some(found) => Ok(found),
        None => Err(miss),
    }
}

impl Finder for Crates<'_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let Some(path) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        let file = fact.span.file;
        // The module as the files tell it, whose texts live as long as the run.
        let scope = key.at.as_text().unwrap_or_default();
        let asking = Module { file, scope };
        let meaning = self.path(asking, path, 0, &Walk::default());
        let to = match meaning {
            Ok(Meaning::Module(module) | Meaning::Item(module)) => module.file,
            Ok(Meaning::Outside) => return Found::Here(Vec::new()),
            Err(Miss::Several(files)) => {
                let names = files
                    .iter()
                    .map(|file| self.paths[file.0 as usize].to_owned());
                return Found::Unknown(Why::Ambiguous(names.collect()));
            }
            Err(Miss::TooDeep) => return Found::Unknown(Why::TooDeep),
            Err(Miss::Absent | Miss::NoFile) => return Found::Unknown(Why::NotFound),
        };
        // A file of another component that is taken in by its path is told as such.
        let component = |file: FileId| self.component_of[file.0 as usize];
        if to == file || component(to) != component(file) {
            return Found::Here(Vec::new());
        }
        let hop = Hop {
            span: Span {
                file: to,
                start: 0,
                end: 0,
            },
            what: HopKind::Provide,
            name: self.paths[to.0 as usize].to_owned(),
        };
        let target = Target::files(self.component_of, vec![to]).map(|target| Target {
            hops: vec![hop],
            ..target
        });
        Found::Here(target.into_iter().collect())
    }
}
