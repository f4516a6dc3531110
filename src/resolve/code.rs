//! Which code does a deployment run: of a folder, of a Dockerfile, of an image that somebody here builds?

use std::collections::{BTreeSet, HashMap, HashSet};

use super::index::{Index, ancestors, place_path};
use super::units::Units;
use crate::model::{
    Claim, ComponentId, ComponentKind, Context, FileRow, Key, Language, Offer, Part, RepoId,
    RepoPath, Subject, join, parent, within,
};

/// How many steps lead from a workload to its code: workload → image → Dockerfile → folder.
const STEPS: usize = 6;

/// The code that a named thing runs, through images and Dockerfiles, or that what it extends runs.
pub(super) fn of(
    key: &Key,
    repo: RepoId,
    index: &Index<'_>,
    units: &mut Units,
) -> Option<ComponentId> {
    let mut search = Search { repo, index, units };
    search.code(key, STEPS)
}

/// Folders by their last segment: those that are deployed or built as one thing, and those of program source.
pub(super) struct Names<'a> {
    /// With components, and those with Dockerfiles; by comparable name.
    built: HashMap<(RepoId, String), BTreeSet<String>>,
    /// By comparable name, too.
    sources: HashMap<(RepoId, String), BTreeSet<&'a str>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(index: &Index<'a>, units: &Units) -> Self {
        let mut built: HashMap<(RepoId, String), BTreeSet<String>> = HashMap::new();
        let mut note = |repo: RepoId, name: &str, folder: &str| {
            let folders = built.entry((repo, comparable(name))).or_default();
            folders.insert(folder.to_owned());
        };
        for component in &units.components {
            if let Some(root) = &component.root
                && !matches!(
                    component.kind,
                    ComponentKind::Contract | ComponentKind::Rest | ComponentKind::Test
                )
            {
                note(root.repo, root.file_name(), &root.path);
                note(root.repo, last(&component.name), &root.path);
            }
        }
        for repo in index.files.repo_ids() {
            for folder in index.dockerfiles(repo) {
                note(repo, last(folder), folder);
            }
        }
        let mut sources: HashMap<(RepoId, String), BTreeSet<&'a str>> = HashMap::new();
        let mut known = HashSet::new();
        for (_, row) in index.files.iter() {
            let folder = row.path.parent();
            if is_source(row) && known.insert((row.path.repo, folder)) {
                let name = comparable(last(folder));
                let named = sources.entry((row.path.repo, name)).or_default();
                named.insert(folder);
            }
        }
        Self { built, sources }
    }

    /// The folder of source that is called like a program: the only one in the nearest folder at or above `from` that has any.
    pub(super) fn program(&self, command: &str, from: &str, repo: RepoId) -> Option<String> {
        let words = command.split_whitespace();
        let names = words.filter_map(|word| word.rsplit('/').next());
        // A word with a dot or in lower case alone may be an interpreter or its file.
        let mut names = names.filter(|name| name.len() > 2 && !name.contains('.'));
        names.find_map(|name| {
            let named = self.sources.get(&(repo, comparable(name)))?;
            let mut inside = nearest(from, |above| {
                let exact = named.iter().filter(|folder| last(folder) == name);
                exact
                    .copied()
                    .filter(|folder| within(folder, above))
                    .collect()
            });
            let folder = inside.pop().filter(|_| inside.is_empty())?;
            Some(folder.to_owned())
        })
    }

    /// The folder that is called like a thing: the only one in the nearest folder at or above `from` that has any.
    pub(super) fn thing(&self, name: &str, from: &str, repo: RepoId) -> Option<String> {
        let key = (repo, comparable(name));
        let built = self.built.get(&key)?;
        let sources = self.sources.get(&key);
        let inside = nearest(from, |above| {
            let built = built.iter().map(String::as_str);
            let found: BTreeSet<&str> = built.filter(|folder| within(folder, above)).collect();
            if !found.is_empty() {
                return found.into_iter().collect();
            }
            // Source of this name that is no thing of its own may be meant.
            let sources = sources.into_iter().flatten().copied();
            sources.filter(|folder| within(folder, above)).collect()
        });
        // What stands inside another one of the name is a part of it.
        let mut outer = inside.iter().filter(|folder| {
            let mut others = inside.iter();
            !others.any(|other| other != *folder && within(folder, other))
        });
        let found = outer.next()?;
        (outer.next().is_none() && built.contains(*found)).then(|| (*found).to_owned())
    }
}

/// What is found in the nearest folder at or above another one.
fn nearest<'f>(from: &str, found: impl Fn(&str) -> Vec<&'f str>) -> Vec<&'f str> {
    let mut above = ancestors(from);
    above
        .find_map(|above| Some(found(above)).filter(|found| !found.is_empty()))
        .unwrap_or_default()
}

fn last(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or_default()
}

/// Names of services, images and folders differ in case and in what stands between words.
fn comparable(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

/// Whether a file is program source for production.
fn is_source(row: &FileRow) -> bool {
    row.class.language.is_code()
        && row.class.language != Language::Shell
        && row.class.context == Context::Production
        && !row.class.vendored
}

/// The component of a folder.
pub(super) fn at(folder: &str, repo: RepoId, units: &mut Units) -> ComponentId {
    let root = RepoPath::new(repo, folder);
    match units.at_root(&root) {
        Some(known) => known,
        None => units.folder_component(root, ComponentKind::Service),
    }
}

struct Search<'s, 'a> {
    repo: RepoId,
    index: &'s Index<'a>,
    units: &'s mut Units,
}

impl Search<'_, '_> {
    fn code(&mut self, key: &Key, steps: usize) -> Option<ComponentId> {
        if steps == 0 {
            return None;
        }
        let mut runs: Vec<&Key> = Vec::new();
        let mut extended: Vec<&Key> = Vec::new();
        for fact in self.index.about(self.repo, key) {
            match &fact.claim {
                Claim::Runs { what, .. } => runs.push(what),
                Claim::Inherits { from, .. }
                    if from.namespace == key.namespace && !from.name.is_empty() =>
                {
                    extended.push(from);
                }
                _ => {}
            }
        }
        let contexts: Vec<String> = runs
            .iter()
            .filter(|what| what.namespace.0 == "path")
            .filter_map(|what| place_path(&format!("path:{}", what.name.as_text()?)))
            .collect();
        let context = contexts.first().map(String::as_str);
        for what in &runs {
            if what.namespace.0 == "dockerfile"
                && let Some(path) = what.at.as_text().and_then(place_path)
                && let Some(found) = self.dockerfile(&path, context)
            {
                return Some(found);
            }
        }
        for folder in &contexts {
            // Which part of a repository is meant that is built as a whole only its Dockerfile can tell.
            let found = match folder.as_str() {
                "" => self.units.at_root(&RepoPath::new(self.repo, "")),
                folder => self.folder(folder),
            };
            if found.is_some() {
                return found;
            }
        }
        for what in runs {
            let found = match what.namespace.0 {
                "path" | "dockerfile" | "program" => None,
                "image" => {
                    let image = image(what, self.repo, self.index);
                    image.and_then(|image| self.code(image, steps - 1))
                }
                _ => match self.index.about(self.repo, what).next() {
                    Some(_) => self.code(what, steps - 1),
                    None => self.provider(what),
                },
            };
            if found.is_some() {
                return found;
            }
        }
        extended
            .into_iter()
            .find_map(|from| self.code(from, steps - 1))
    }

    /// The code of a folder that is run as a whole.
    fn folder(&mut self, folder: &str) -> Option<ComponentId> {
        let root = RepoPath::new(self.repo, folder);
        if let Some(known) = self.units.at_root(&root) {
            return Some(known);
        }
        let exists = match folder {
            // A whole repository is one program only when nothing below is built by itself.
            "" => self.index.dockerfiles(self.repo).next().is_none() && self.has_code(""),
            _ => self.index.files.has_folder(self.repo, folder),
        };
        exists.then(|| self.units.folder_component(root, ComponentKind::Service))
    }

    /// The code that a Dockerfile puts into its image.
    fn dockerfile(&mut self, path: &str, context: Option<&str>) -> Option<ComponentId> {
        self.index.files.find(self.repo, path)?;
        let own = parent(path);
        let context = context.unwrap_or(own);
        // A Dockerfile beside the code that it builds, out of a larger context.
        if own != context && !own.is_empty() {
            if let Some(found) = self.part_of(own, context) {
                return Some(found);
            }
            if self.has_code(own) {
                return self.folder(own);
            }
        }
        let copied = self.copied(path, context);
        let mut parts: BTreeSet<ComponentId> = BTreeSet::new();
        for folder in &copied {
            parts.extend(self.part_of(folder, context));
        }
        if let (1, Some(part)) = (parts.len(), parts.first()) {
            return Some(*part);
        }
        let all_beside = !copied.is_empty() && copied.iter().all(|folder| within(folder, own));
        if own != context && !own.is_empty() && (all_beside || copied.is_empty()) {
            return self.folder(own);
        }
        self.folder(context)
    }

    /// The component around a folder, when it is only a part of a context.
    fn part_of(&self, folder: &str, context: &str) -> Option<ComponentId> {
        let found = self.units.enclosing(self.repo, folder);
        let component = &self.units.components[found.0 as usize];
        let root = component.root.as_ref()?;
        let is_part = root.path.as_ref() != context
            && (within(&root.path, context) || !within(context, &root.path));
        (component.kind != ComponentKind::Rest && is_part).then_some(found)
    }

    /// Whether a folder holds program source that no component below it has.
    fn has_code(&self, folder: &str) -> bool {
        let around = self.units.enclosing(self.repo, folder);
        let mut files = self.index.files.below(self.repo, folder);
        files.any(|file| {
            let row = self.index.files.row(file);
            is_source(row) && self.units.enclosing(self.repo, row.path.parent()) == around
        })
    }

    /// The folders out of which a Dockerfile copies more than manifests.
    fn copied(&self, path: &str, context: &str) -> BTreeSet<String> {
        let Some(file) = self.index.files.find(self.repo, path) else {
            return BTreeSet::new();
        };
        let mut folders = BTreeSet::new();
        for fact in self.index.facts_of_file(file) {
            let Claim::Requires { key, .. } = &fact.claim else {
                continue;
            };
            if fact.subject != Subject::Here
                || key.namespace.0 != "docker-path"
                || fact.context == Context::Build
            {
                continue;
            }
            let [Part::Ref(from), Part::Text(source)] = key.name.0.as_slice() else {
                continue;
            };
            // Named contexts hold what others build.
            if !from.key.at.is_empty() {
                continue;
            }
            let literal = source.split(['*', '?', '[']).next().unwrap_or_default();
            let is_whole = literal.len() == source.len();
            let Some(whole) = join(context, literal.trim_start_matches('/')) else {
                continue;
            };
            let is_folder = is_whole && self.index.files.has_folder(self.repo, &whole);
            let is_file = self.index.files.find(self.repo, &whole).is_some();
            let folder = if is_folder && !is_file {
                whole
            } else {
                self.existing(parent(&whole))
            };
            folders.insert(folder);
        }
        folders
    }

    /// The nearest folder at or above a path: what a build makes is not in the tree.
    fn existing(&self, folder: &str) -> String {
        let mut folder = folder;
        while !folder.is_empty() && !self.index.files.has_folder(self.repo, folder) {
            folder = parent(folder);
        }
        folder.to_owned()
    }

    /// The component that offers a name (a project, a package) from its own folder.
    fn provider(&self, key: &Key) -> Option<ComponentId> {
        let name = key.name.as_text()?;
        let mut found = self
            .index
            .provides(key.namespace.0, name)
            .filter(|(fact, _, how)| {
                *how == Offer::Implements && self.index.repo(fact) == self.repo
            })
            .map(|(fact, ..)| self.units.enclosing(self.repo, self.index.folder(fact)));
        let first = found.next()?;
        found.all(|other| other == first).then_some(first)
    }
}

/// The image that somebody in the repository builds: of this name, else of the same last segment when only one is.
///
/// A third-party image is built by nobody here, so that two users of `postgres:16` never become one.
pub(super) fn image<'a>(wanted: &Key, repo: RepoId, index: &Index<'a>) -> Option<&'a Key> {
    let (full, last) = bare(wanted);
    if last.is_empty() || last.contains("{}") {
        return None;
    }
    let built = index.images(repo);
    if let Some(exact) = built.iter().find(|key| bare(key).0 == full) {
        return Some(exact);
    }
    let mut similar = built.iter().copied().filter(|key| bare(key).1 == last);
    let first = similar.next()?;
    similar.next().is_none().then_some(first)
}

/// The name of an image without its tag, and the last segment of that; what is not known in it holds no slash.
pub(super) fn bare(key: &Key) -> (String, String) {
    let text: String = key
        .name
        .0
        .iter()
        .map(|part| match part {
            Part::Text(text) => text,
            Part::Ref(_) | Part::Hole | Part::Star => "{}",
        })
        .collect();
    let tail = text.rsplit('/').next().unwrap_or_default().len();
    let (head, last) = text.split_at(text.len() - tail);
    let last = last.split(['@', ':']).next().unwrap_or_default();
    (format!("{head}{last}"), last.to_owned())
}
