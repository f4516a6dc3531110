//! C and C++: which file does an include mean, and which a module?
//!
//! A compiler looks beside the file (for quotes), then through folders that the build gives it.
//! Which ones these are is asked in this order: what the targets of the file say, what the targets say that they
//! link, what anybody in the tree gives to users, and where headers lie by convention. A file that is found in one
//! of the last two ways is inferred, and only when it is the only one.

use std::collections::{HashMap, HashSet};

use super::builds::{Builds, Roots, ancestors, starts_labels};
use super::headers::{is_of_the_system, made_from, message};
use super::{Finder, Found, Lookup, Run, Target, files_in, provided};
use crate::model::{
    Certainty, Claim, ComponentId, DependencyKind, Fact, FileId, Hop, HopKind, Key, RepoId, Span,
    Why, join, parent, within,
};
use crate::resolve::index::{Index, place_path};
use crate::resolve::units::Units;

pub(super) struct Includes;

/// Folders that hold headers by convention.
const CONVENTION: &[&str] = &[
    "api", "inc", "include", "includes", "public", "source", "src",
];

/// Headers that builds make, of which a file of the same name elsewhere tells nothing.
const CONFIGURED: &[&str] = &[
    "config.h",
    "config.hpp",
    "version.h",
    "version.hpp",
    "export.h",
];

impl Lookup for Includes {
    fn namespaces(&self) -> &'static [&'static str] {
        &["include", "cppmodule"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        Box::new(Headers::new(run))
    }
}

struct Headers<'r, 'a> {
    index: &'r Index<'a>,
    units: &'r Units,
    component_of: &'r [ComponentId],
    builds: Builds,
    /// The files of each name.
    by_name: HashMap<(RepoId, &'r str), Vec<FileId>>,
    /// What the targets of each folder say: own folders, and those through what they link.
    roots: HashMap<(RepoId, String), (Roots, Roots)>,
    /// Folders that targets give to their users.
    public: HashSet<(RepoId, String)>,
    /// Folders from which Bazel's labels start: headers are included from there.
    workspaces: HashSet<(RepoId, String)>,
    /// Folders that rules of Bazel give to their users, each with what stands before the names there.
    given: HashMap<RepoId, Vec<(&'a str, String, Span)>>,
    /// The folders below a folder for headers: who includes from them means a file of the tree.
    heads: HashSet<(RepoId, &'r str)>,
}

/// How a file was found.
struct Hit {
    file: FileId,
    certainty: Certainty,
    /// The statement that gives the folder.
    by: Option<Span>,
    /// By a path that leads out of the component.
    splice: bool,
}

/// Which of several files is meant.
enum Choice {
    None,
    One(FileId, Option<Span>),
    Several(Vec<FileId>),
}

impl<'r, 'a> Headers<'r, 'a> {
    fn new(run: &Run<'r, 'a>) -> Self {
        let index = run.index;
        let has_code = index
            .facts
            .iter()
            .any(|fact| fact.extractor.0 == "c/includes");
        let mut headers = Self {
            index,
            units: run.units,
            component_of: run.component_of,
            builds: Builds::default(),
            by_name: HashMap::new(),
            roots: HashMap::new(),
            public: HashSet::new(),
            workspaces: HashSet::new(),
            given: HashMap::new(),
            heads: HashSet::new(),
        };
        if has_code {
            headers.prepare();
        }
        headers
    }

    fn prepare(&mut self) {
        self.builds = Builds::new(self.index);
        for at in self.builds.with_targets() {
            let roots = self.builds.roots(at.0, &at.1);
            self.roots.insert(at.clone(), roots);
        }
        for fact in self.index.facts {
            if let Claim::Binds { key, value } = &fact.claim
                && key.namespace.0 == "bazel-include"
                && let (Some(prefix), Some(root)) =
                    (key.at.as_text(), value.as_text().and_then(place_path))
            {
                let repo = self.index.repo(fact);
                self.given
                    .entry(repo)
                    .or_default()
                    .push((prefix, root, fact.span));
            }
        }
        let public = self.builds.public_roots();
        self.public = public.map(|(repo, path)| (repo, path.to_owned())).collect();
        for (_, row) in self.index.files.iter() {
            if starts_labels(row.path.file_name()) {
                let folder = row.path.parent().to_owned();
                self.workspaces.insert((row.path.repo, folder));
            }
        }
        for (file, row) in self.index.files.iter() {
            let repo = row.path.repo;
            let name = row.path.file_name();
            self.by_name.entry((repo, name)).or_default().push(file);
            let mut folder = row.path.parent();
            while !folder.is_empty() {
                let above = parent(folder);
                let name = folder.rsplit('/').next().unwrap_or_default();
                if self.is_root(repo, above) && !CONVENTION.contains(&name) {
                    self.heads.insert((repo, name));
                }
                folder = above;
            }
        }
    }

    /// Whether headers of others are looked for in a folder.
    fn is_root(&self, repo: RepoId, folder: &str) -> bool {
        let name = folder.rsplit('/').next().unwrap_or_default();
        let at = (repo, folder.to_owned());
        matches!(name, "include" | "inc")
            || self.public.contains(&at)
            || self.workspaces.contains(&at)
    }

    fn include(&self, fact: &Fact, key: &Key) -> Found {
        let Some(written) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        let quoted = written.starts_with('"');
        let name = written.trim_matches(['"', '<', '>']).trim();
        let name = &*name.replace('\\', "/");
        if name.starts_with('/') {
            return Found::Outside(None);
        }
        let next = !key.at.is_empty();
        let from = fact.span.file;
        let path = self.index.files.path(from);
        let repo = path.repo;
        if quoted
            && !next
            && let Some(found) = join(path.parent(), name)
            && let Some(file) = self.index.files.find(repo, &found)
        {
            return self.found(fact, self.beside(from, file));
        }
        let Some(clean) = join("", name) else {
            // `../x.h`, which need not lie beside the file.
            return self.upwards(fact, name, quoted);
        };
        match self.through_roots(from, &clean, quoted, next) {
            Some(Ok(hit)) => self.found(fact, hit),
            Some(Err(several)) => Found::Unknown(Why::Ambiguous(
                several
                    .into_iter()
                    .map(|file| self.index.files.display(file))
                    .collect(),
            )),
            None => self.made(fact, &clean, quoted),
        }
    }

    fn beside(&self, from: FileId, file: FileId) -> Hit {
        Hit {
            file,
            certainty: Certainty::Declared,
            by: None,
            splice: !self.is_around(file, from) && !self.is_around(from, file),
        }
    }

    /// Whether the component of one file is that of the other, or one around it.
    fn is_around(&self, outer: FileId, inner: FileId) -> bool {
        let component = |file: FileId| self.component_of[file.0 as usize];
        if component(outer) == component(inner) {
            return true;
        }
        let root = |file| {
            self.units.components[component(file).0 as usize]
                .root
                .as_ref()
        };
        match (root(outer), root(inner)) {
            (Some(outer), Some(inner)) => {
                outer.repo == inner.repo && within(&inner.path, &outer.path)
            }
            _ => false,
        }
    }

    /// A path with `..` that starts in one of the folders for headers.
    fn upwards(&self, fact: &Fact, name: &str, quoted: bool) -> Found {
        let from = fact.span.file;
        let path = self.index.files.path(from);
        for folder in self.builds.deciding(path.repo, &path.path) {
            let Some((own, _)) = self.roots.get(&(path.repo, folder)) else {
                continue;
            };
            for (root, span) in own {
                let found = join(root, name);
                if let Some(file) = found.and_then(|found| self.index.files.find(path.repo, &found))
                {
                    let by = Some(*span);
                    return self.found(
                        fact,
                        Hit {
                            by,
                            ..self.beside(from, file)
                        },
                    );
                }
            }
        }
        if quoted {
            Found::Unknown(Why::NotFound)
        } else {
            Found::Outside(None)
        }
    }

    /// The file that folders for headers give; several that are equally near are none.
    fn through_roots(
        &self,
        from: FileId,
        name: &str,
        quoted: bool,
        next: bool,
    ) -> Option<Result<Hit, Vec<FileId>>> {
        let path = self.index.files.path(from);
        let repo = path.repo;
        let last = name.rsplit('/').next().unwrap_or(name);
        let candidates: Vec<(FileId, &str)> = self
            .by_name
            .get(&(repo, last))?
            .iter()
            .filter(|file| **file != from)
            .filter_map(|file| {
                let found = &self.index.files.path(*file).path;
                let root = found.strip_suffix(name)?;
                match root.strip_suffix('/') {
                    Some(root) => Some((*file, root)),
                    None => root.is_empty().then_some((*file, root)),
                }
            })
            .collect();
        if candidates.is_empty() {
            return None;
        }
        let deciding = self.builds.deciding(repo, &path.path);
        let said: Vec<&(Roots, Roots)> = deciding
            .iter()
            .filter_map(|folder| self.roots.get(&(repo, folder.clone())))
            .collect();
        let own = |root: &str| said.iter().find_map(|(own, _)| own.get(root)).copied();
        let linked = |root: &str| {
            said.iter()
                .find_map(|(_, linked)| linked.get(root))
                .copied()
        };
        for is_own in [true, false] {
            let found = candidates.iter().filter_map(|(file, root)| {
                let by = if is_own { own(root) } else { linked(root) };
                Some((*file, Some(by?)))
            });
            match self.choose(from, found.collect()) {
                Choice::None => {}
                Choice::Several(files) => return Some(Err(files)),
                Choice::One(file, by) => {
                    let splice = is_own && by.is_some_and(|by| self.borrows(from, file, by));
                    return Some(Ok(Hit {
                        file,
                        certainty: Certainty::Declared,
                        by,
                        splice,
                    }));
                }
            }
        }
        // Where Bazel builds, everything is included from the root of its workspace.
        let workspace = ancestors(path.parent())
            .find(|above| self.workspaces.contains(&(repo, (*above).to_owned())));
        if let Some((file, _)) = candidates.iter().find(|(_, root)| Some(*root) == workspace) {
            return Some(Ok(Hit {
                file: *file,
                certainty: Certainty::Declared,
                by: None,
                splice: false,
            }));
        }
        if next || is_of_the_system(name) {
            return None;
        }
        if let Some(answer) = self.given_by_rules(from, name) {
            return Some(answer);
        }
        self.guessed(from, name, quoted, &candidates)
    }

    /// What rules of Bazel give to their users under this name.
    fn given_by_rules(&self, from: FileId, name: &str) -> Option<Result<Hit, Vec<FileId>>> {
        let repo = self.index.files.path(from).repo;
        let given = self.given.get(&repo)?.iter();
        let found = given.filter_map(|(prefix, root, span)| {
            let below = name.strip_prefix(prefix)?;
            let below = match prefix.is_empty() {
                true => below,
                false => below.strip_prefix('/')?,
            };
            let path = join(root, below)?;
            Some((self.index.files.find(repo, &path)?, Some(*span)))
        });
        let mut found: Vec<(FileId, Option<Span>)> =
            found.filter(|(file, _)| *file != from).collect();
        found.sort();
        found.dedup_by_key(|(file, _)| *file);
        match self.choose(from, found) {
            Choice::None => None,
            Choice::Several(files) => Some(Err(files)),
            Choice::One(file, by) => Some(Ok(Hit {
                file,
                certainty: Certainty::Declared,
                by,
                splice: false,
            })),
        }
    }

    /// What lies where headers lie by convention, or is the only file whose path ends like this.
    fn guessed(
        &self,
        from: FileId,
        name: &str,
        quoted: bool,
        candidates: &[(FileId, &str)],
    ) -> Option<Result<Hit, Vec<FileId>>> {
        let repo = self.index.files.path(from).repo;
        let plain = !name.contains('/');
        let component = |file: FileId| self.component_of[file.0 as usize];
        let trusted = |file: FileId| {
            if component(file) == component(from) {
                return quoted || !plain;
            }
            let vendored = self.index.files.row(file).class.vendored;
            match plain {
                true => quoted && !vendored && !CONFIGURED.contains(&name),
                false => quoted || !vendored,
            }
        };
        let is_public = |file: FileId, root: &str| {
            let last = root.rsplit('/').next().unwrap_or_default();
            let own = self.units.components[component(file).0 as usize]
                .root
                .as_ref();
            root.is_empty()
                || self.public.contains(&(repo, root.to_owned()))
                || CONVENTION.contains(&last)
                || own.is_some_and(|own| *own.path == *root)
        };
        for public in [true, false] {
            let found = candidates
                .iter()
                .filter(|(file, root)| trusted(*file) && (!public || is_public(*file, root)))
                .map(|(file, _)| (*file, None));
            match self.choose(from, found.collect()) {
                Choice::None => {}
                Choice::Several(files) => return Some(Err(files)),
                Choice::One(file, by) => {
                    return Some(Ok(Hit {
                        file,
                        certainty: Certainty::Inferred,
                        by,
                        splice: false,
                    }));
                }
            }
        }
        None
    }

    /// The only one, or the only one of the same component.
    fn choose(&self, from: FileId, found: Vec<(FileId, Option<Span>)>) -> Choice {
        if found.is_empty() {
            return Choice::None;
        }
        let component = |file: FileId| self.component_of[file.0 as usize];
        let mut near = found
            .iter()
            .filter(|(file, _)| found.len() == 1 || component(*file) == component(from));
        match (near.next(), near.next()) {
            (Some((file, by)), None) => Choice::One(*file, *by),
            _ => Choice::Several(found.into_iter().map(|(file, _)| file).collect()),
        }
    }

    /// Whether a component looks into another one's folder that this one gives to nobody.
    fn borrows(&self, from: FileId, file: FileId, by: Span) -> bool {
        let component = |file: FileId| self.component_of[file.0 as usize];
        if component(by.file) != component(from)
            || self.is_around(file, from)
            || self.is_around(from, file)
        {
            return false;
        }
        let path = self.index.files.path(file);
        let own = &self.units.components[component(file).0 as usize].root;
        let Some(own) = own else {
            return false;
        };
        let given = ancestors(path.parent()).any(|above| {
            within(above, &own.path)
                && (above.rsplit('/').next() == Some("include")
                    || self.given(path.repo, above, &own.path))
        });
        !given
    }

    /// Whether the component itself gives a folder to its users.
    fn given(&self, repo: RepoId, folder: &str, root: &str) -> bool {
        self.builds.targets.iter().any(|target| {
            target.repo == repo && within(&target.folder, root) && target.gives(folder)
        })
    }

    fn found(&self, fact: &Fact, hit: Hit) -> Found {
        let Some(target) = Target::files(self.component_of, vec![hit.file]) else {
            return Found::Unknown(Why::NotFound);
        };
        let mut hops = Vec::new();
        if let Some(span) = hit.by {
            hops.push(Hop {
                span,
                what: HopKind::Bind,
                name: "a folder for headers".to_owned(),
            });
        }
        hops.push(Hop {
            span: Span {
                file: hit.file,
                ..Span::default()
            },
            what: HopKind::Provide,
            name: self.index.files.path(hit.file).path.to_string(),
        });
        let outside = self.component_of[fact.span.file.0 as usize] != target.component;
        Found::Here(vec![Target {
            kind: (hit.splice && outside).then_some(DependencyKind::LinkSplice),
            certainty: hit.certainty,
            hops,
            ..target
        }])
    }

    /// A header that a build makes from an interface definition of the tree: the definition is what is linked.
    fn made(&self, fact: &Fact, name: &str, quoted: bool) -> Found {
        let repo = self.index.repo(fact);
        let definition = self
            .definition(fact.span.file, name)
            .or_else(|| self.message_file(repo, name));
        if let Some(file) = definition
            && let Some(target) = Target::files(self.component_of, vec![file])
        {
            let span = Span {
                file,
                ..Span::default()
            };
            return Found::Here(vec![Target {
                kind: Some(DependencyKind::LinkContract),
                hops: vec![Hop {
                    span,
                    what: HopKind::Provide,
                    name: self.index.files.path(file).path.to_string(),
                }],
                ..target
            }]);
        }
        if is_of_the_system(name) {
            return Found::Outside(None);
        }
        match name.split_once('/') {
            Some((head, _)) if self.heads.contains(&(repo, head)) => Found::Unknown(Why::NotFound),
            Some((head, _)) => Found::Outside(Some(format!("include:{head}"))),
            None if quoted => Found::Unknown(Why::NotFound),
            None => Found::Outside(None),
        }
    }

    fn definition(&self, from: FileId, name: &str) -> Option<FileId> {
        let repo = self.index.files.path(from).repo;
        made_from(name).into_iter().find_map(|source| {
            let beside = join(self.index.files.path(from).parent(), &source);
            let beside = beside.and_then(|path| self.index.files.find(repo, &path));
            beside.or_else(|| {
                let last = source.rsplit('/').next().unwrap_or(&source);
                let ends = |file: &&FileId| {
                    let path = &self.index.files.path(**file).path;
                    path.strip_suffix(&*source)
                        .is_some_and(|root| root.is_empty() || root.ends_with('/'))
                };
                let mut found = self.by_name.get(&(repo, last))?.iter().filter(ends);
                let first = found.next()?;
                found.next().is_none().then_some(*first)
            })
        })
    }

    /// The definition of a ROS message, service or action: `acme_msgs/msg/cart_item.hpp` is `msg/CartItem.msg`.
    fn message_file(&self, repo: RepoId, name: &str) -> Option<FileId> {
        let message = message(name)?;
        let folder = self.builds.ros_package(message.package, repo)?;
        message.kinds.iter().find_map(|kind| {
            let folder = join(&folder, kind)?;
            let mut found = self.index.files.below(repo, &folder).filter(|file| {
                let path = self.index.files.path(*file);
                let (stem, ending) = path.file_name().rsplit_once('.').unwrap_or_default();
                ending == *kind && path.parent() == folder && message.is(stem)
            });
            let first = found.next()?;
            found.next().is_none().then_some(first)
        })
    }

    fn module(&self, fact: &Fact, key: &Key) -> Found {
        let Some(name) = key.name.as_text() else {
            return Found::Unknown(Why::NotFound);
        };
        let offers: Vec<&Fact> = self
            .index
            .provides("cppmodule", name)
            .map(|(fact, ..)| fact)
            .collect();
        let files = files_in(offers.iter().copied(), self.index.repo(fact), self.index);
        match files.as_slice() {
            [] => Found::Outside(match name {
                "std" | "std.compat" => None,
                name => Some(format!("cppmodule:{name}")),
            }),
            [file] => {
                let offer = offers.iter().find(|offer| offer.span.file == *file);
                let hops = offer.map(|offer| provided(offer, name));
                let target = Target::files(self.component_of, files.clone());
                Found::Here(
                    target
                        .map(|target| Target {
                            hops: hops.into_iter().collect(),
                            ..target
                        })
                        .into_iter()
                        .collect(),
                )
            }
            several => Found::Unknown(Why::Ambiguous(
                several
                    .iter()
                    .map(|file| self.index.files.display(*file))
                    .collect(),
            )),
        }
    }
}

impl Finder for Headers<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        match key.namespace.0 {
            "cppmodule" => self.module(fact, key),
            _ => self.include(fact, key),
        }
    }
}
