//! Python modules: where the name of an import leads, as the interpreter's own finder would have it.
//!
//! Sources: <https://docs.python.org/3/reference/import.html>,
//! <https://docs.python.org/3/library/sys_path_init.html>, <https://peps.python.org/pep-0420/>
//!
//! `from a import b` means the module `a.b` where there is one, else the module `a`; `import a.b` means `a.b` alone.

mod outside;
mod requirements;
mod roots;
mod tree;

use std::collections::HashMap;

use super::{Finder, Found, Lookup, Run, Target};
use crate::model::{
    Certainty, ComponentId, Context, DependencyKind, Fact, FileId, FileTable, Hop, HopKind, Key,
    RepoId, Span, Why, join, parent,
};
use crate::resolve::units::Units;
use requirements::Requirements;
use roots::{Roots, Why as Because};
use tree::{Probe, Top, Tree};

pub(super) struct Python;

impl Lookup for Python {
    fn namespaces(&self) -> &'static [&'static str] {
        &["pymodule"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        let files = run.index.files;
        let tree = Tree::new(files);
        let roots = Roots::new(&tree, run.index);
        Box::new(Modules {
            units_of: units_of(&tree, &roots),
            requirements: Requirements::new(run),
            files,
            tree,
            roots,
            units: run.units,
            component_of: run.component_of,
        })
    }
}

struct Modules<'r> {
    files: &'r FileTable,
    tree: Tree<'r>,
    roots: Roots<'r>,
    requirements: Requirements<'r>,
    units: &'r Units,
    component_of: &'r [ComponentId],
    /// The dotted name of the package that each folder is.
    units_of: HashMap<(RepoId, &'r str), String>,
}

/// An import: who asks, and for what.
#[derive(Clone, Copy)]
struct Asked<'n> {
    file: FileId,
    repo: RepoId,
    folder: &'n str,
    component: ComponentId,
    /// Dotted, without dots in front and star behind.
    name: &'n str,
    top: &'n str,
}

impl Finder for Modules<'_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        let Some(written) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        let path = self.files.path(fact.span.file);
        let name = written.trim_start_matches('.');
        let dots = written.len() - name.len();
        let name = match name.strip_suffix('*') {
            Some(module) => module.trim_end_matches('.'),
            None => name,
        };
        let asked = Asked {
            file: fact.span.file,
            repo: path.repo,
            folder: path.parent(),
            component: self.component(fact.span.file),
            name,
            top: name.split('.').next().unwrap_or(name),
        };
        if dots > 0 {
            self.relative(asked, dots)
        } else {
            self.absolute(asked)
        }
    }

    fn unit(&self, file: FileId) -> Option<String> {
        let path = self.files.path(file);
        if self.files.row(file).class.language != crate::model::Language::Python {
            return None;
        }
        self.units_of.get(&(path.repo, path.parent())).cloned()
    }
}

impl Modules<'_> {
    /// `from ..a import b`: from the folder of the file upwards.
    fn relative(&self, asked: Asked<'_>, dots: usize) -> Found {
        let mut base = asked.folder;
        for _ in 1..dots {
            if base.is_empty() {
                return Found::Unknown(Why::NotFound);
            }
            base = parent(base);
        }
        let file = if asked.name.is_empty() {
            self.tree.at(asked.repo, base)
        } else {
            let probe = self.tree.probe(asked.repo, base, asked.name);
            let package = || self.tree.at(asked.repo, base);
            // `from . import name` is an item of the package when no module has the name.
            let is_item = !asked.name.contains('.');
            probe.file.or_else(|| package().filter(|_| is_item))
        };
        let Some(file) = file else {
            return Found::Unknown(Why::NotFound);
        };
        let mut found = self.target(asked, file, asked.name, Certainty::Observed);
        // A path that leaves the distribution takes in a file of another one.
        if let Found::Here(targets) = &mut found {
            for target in targets {
                if target.component != asked.component {
                    target.kind = Some(DependencyKind::LinkSplice);
                }
            }
        }
        found
    }

    fn absolute(&self, asked: Asked<'_>) -> Found {
        let standard = outside::is_standard(asked.top);
        if !self.tree.knows(asked.top) {
            return outside(asked.name, standard);
        }
        let mut broken = false;
        let mut part = None;
        for root in self.roots.own(asked.repo, asked.folder) {
            let probe = self.tree.probe(asked.repo, root.folder, asked.name);
            if probe.top == Top::Nothing || self.is_itself(asked, root.folder, probe) {
                continue;
            }
            if standard && !self.hides_standard(asked, root.folder, probe) {
                continue;
            }
            match (probe.top, probe.file) {
                (Top::Regular, Some(_))
                    if root.why == Because::Beside
                        && (self.roots.is_part(asked.file) || self.is_required(asked)) => {}
                (Top::Regular, Some(file)) => {
                    return self.target(asked, file, asked.name, Certainty::Declared);
                }
                (Top::Namespace, Some(file)) => part = part.or(Some(file)),
                (Top::Regular, None) => broken |= self.is_package(asked, root.folder),
                _ => {}
            }
        }
        if let Some(file) = part
            && !self.is_required(asked)
        {
            return self.target(asked, file, asked.name, Certainty::Declared);
        }
        if let Some(found) = self.hacked(asked, standard) {
            return found;
        }
        if standard {
            return Found::Outside(None);
        }
        if let Some(found) = self.offered(asked) {
            return found;
        }
        if broken {
            return Found::Unknown(Why::NotFound);
        }
        self.seen(asked)
            .unwrap_or_else(|| outside(asked.name, false))
    }

    /// A module at the top of the path that imports its own name means another thing of this name.
    fn is_itself(&self, asked: Asked<'_>, root: &str, probe: Probe) -> bool {
        let own = &*self.files.path(asked.file).path;
        probe.file == Some(asked.file) && parent(own) == root && !own.ends_with("__init__.py")
    }

    /// Whether the first segment of a name is a package, which can have more than the run has.
    fn is_package(&self, asked: Asked<'_>, root: &str) -> bool {
        let top = join(root, asked.top);
        top.is_some_and(|top| self.tree.is_package(asked.repo, &top))
    }

    /// Whether a module of the run is meant although Python's own library has one of this name.
    fn hides_standard(&self, asked: Asked<'_>, root: &str, probe: Probe) -> bool {
        if outside::is_standard_package(asked.top) || !asked.name.contains('.') {
            return false;
        }
        let top = join(root, asked.top);
        let package = top.and_then(|top| self.tree.at(asked.repo, &top));
        probe.top == Top::Regular && probe.file.is_some() && probe.file != package
    }

    /// Whether the component requires a distribution from outside with modules of this name.
    fn is_required(&self, asked: Asked<'_>) -> bool {
        let distribution = outside::distribution(asked.name);
        self.requirements.is_outside(asked.component, &distribution)
    }

    /// A module in a folder that the code puts on its path.
    fn hacked(&self, asked: Asked<'_>, standard: bool) -> Option<Found> {
        let hacks = self.roots.hacks(asked.file, asked.repo, asked.folder);
        for hack in hacks {
            let probe = self.tree.probe(asked.repo, &hack.folder, asked.name);
            let (Some(file), false) = (probe.file, standard) else {
                continue;
            };
            if file == asked.file {
                continue;
            }
            let mut found = self.target(asked, file, asked.name, hack.certainty);
            if let Found::Here(targets) = &mut found {
                for target in targets {
                    if target.component != asked.component {
                        target.kind = Some(DependencyKind::LinkSplice);
                    }
                    target.hops.insert(
                        0,
                        Hop {
                            span: hack.span,
                            what: HopKind::Bind,
                            name: format!("sys.path: {}", hack.folder),
                        },
                    );
                }
            }
            return Some(found);
        }
        None
    }

    /// A module of a distribution of the run; of several that have it, the one that the component requires.
    fn offered(&self, asked: Asked<'_>) -> Option<Found> {
        let roots = self.roots.offered(asked.repo, asked.top);
        if roots.is_empty() || self.is_required(asked) {
            return None;
        }
        let (files, whole) = self.candidates(asked, roots);
        match files.as_slice() {
            [] if whole => Some(Found::Unknown(Why::NotFound)),
            [] => None,
            [file] => Some(self.target(asked, *file, asked.name, Certainty::Declared)),
            several => {
                let required: Vec<FileId> = several
                    .iter()
                    .copied()
                    .filter(|file| {
                        let to = self.component(*file);
                        self.requirements.requires(asked.component, to)
                    })
                    .collect();
                match required.as_slice() {
                    [file] => Some(self.target(asked, *file, asked.name, Certainty::Declared)),
                    _ => Some(self.ambiguous(several)),
                }
            }
        }
    }

    /// A module that is somewhere in the tree, when nothing says how it comes onto the path: only if it is the only one.
    fn seen(&self, asked: Asked<'_>) -> Option<Found> {
        let roots = self.roots.seen(asked.repo, asked.top);
        if roots.is_empty() || !asked.name.contains('.') || self.is_required(asked) {
            return None;
        }
        let (files, _) = self.candidates(asked, roots);
        match files.as_slice() {
            [] => None,
            [file] => Some(self.target(asked, *file, asked.name, Certainty::Inferred)),
            several => Some(self.ambiguous(several)),
        }
    }

    /// The files that folders have for a name, modules before items; and whether one has the whole package.
    fn candidates(&self, asked: Asked<'_>, roots: &[&str]) -> (Vec<FileId>, bool) {
        let probes: Vec<Probe> = roots
            .iter()
            .map(|root| self.tree.probe(asked.repo, root, asked.name))
            .collect();
        // What tests make up, such as a stub of a package from outside, is nothing that other code imports.
        let context = |file: FileId| self.files.row(file).class.context;
        let is_offered =
            |file: &FileId| context(*file) != Context::Test || context(asked.file) == Context::Test;
        let files = |item: bool| {
            let found = probes.iter().filter(move |probe| probe.item == item);
            let found = found.filter_map(|probe| probe.file);
            let mut files: Vec<FileId> = found.filter(is_offered).collect();
            files.sort();
            files.dedup();
            files
        };
        let modules = files(false);
        let whole = probes.iter().any(|probe| probe.top == Top::Regular);
        match modules.is_empty() {
            true => (files(true), whole),
            false => (modules, whole),
        }
    }

    fn ambiguous(&self, files: &[FileId]) -> Found {
        let id = |file: &FileId| {
            let component = self.component(*file);
            self.units.components[component.0 as usize].id.clone()
        };
        Found::Unknown(Why::Ambiguous(files.iter().map(id).collect()))
    }

    fn target(&self, asked: Asked<'_>, file: FileId, name: &str, certainty: Certainty) -> Found {
        if file == asked.file {
            return Found::Here(Vec::new());
        }
        let Some(target) = Target::files(self.component_of, vec![file]) else {
            return Found::Unknown(Why::NotFound);
        };
        let at = |what, name: String| Hop {
            span: Span {
                file,
                start: 0,
                end: 0,
            },
            what,
            name,
        };
        let module = self.module(file);
        let door = private(&module)
            .filter(|segment| name.split('.').any(|part| part == *segment))
            .map(|segment| at(HopKind::Provide, format!("`{segment}` is private")));
        Found::Here(vec![Target {
            unit: self.unit(file),
            certainty,
            hops: vec![at(HopKind::Provide, module)],
            door,
            ..target
        }])
    }

    /// The dotted name of a module.
    fn module(&self, file: FileId) -> String {
        let path = self.files.path(file);
        let stem = path
            .path
            .rsplit_once('.')
            .map_or(&*path.path, |(stem, _)| stem);
        let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
        let start = self.roots.start(&self.tree, path.repo, path.parent());
        let below = stem.strip_prefix(start).unwrap_or(stem);
        below.trim_start_matches('/').replace('/', ".")
    }

    fn component(&self, file: FileId) -> ComponentId {
        self.component_of[file.0 as usize]
    }
}

/// The first segment that says that a module is private; <https://peps.python.org/pep-0008/#public-and-internal-interfaces>.
fn private(module: &str) -> Option<&str> {
    let is_private = |segment: &&str| segment.starts_with('_') && !segment.starts_with("__");
    module.split('.').find(is_private)
}

/// A module that the run does not have.
fn outside(name: &str, standard: bool) -> Found {
    let top = name.split('.').next().unwrap_or(name);
    if standard || outside::was_standard(top) {
        return Found::Outside(None);
    }
    Found::Outside(Some(format!("pypi:{}", outside::distribution(name))))
}

/// The dotted name of each folder's package; those that several folders share are told apart by their folders.
fn units_of<'r>(tree: &Tree<'r>, roots: &Roots<'r>) -> HashMap<(RepoId, &'r str), String> {
    let mut folders: Vec<(RepoId, &str)> = tree.folders().collect();
    folders.sort_unstable();
    let names: Vec<Option<String>> = folders
        .iter()
        .map(|(repo, folder)| {
            let start = roots.start(tree, *repo, folder);
            let below = folder.strip_prefix(start)?.trim_start_matches('/');
            (!below.is_empty()).then(|| below.replace('/', "."))
        })
        .collect();
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for ((repo, folder), name) in folders.iter().zip(&names) {
        // Parts of a namespace package share its name, but no module lies in them.
        if let Some(name) = name
            && tree.is_package(*repo, folder)
        {
            *counts.entry(name).or_default() += 1;
        }
    }
    let named = folders.iter().zip(&names).filter_map(|(place, name)| {
        let name = name.as_deref()?;
        let unit = match counts.get(name) {
            Some(count) if *count > 1 => format!("python:{name}@{}", place.1),
            _ => format!("python:{name}"),
        };
        Some((*place, unit))
    });
    named.collect()
}
