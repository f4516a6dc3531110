//! Docker: what a Dockerfile copies is relative to the context of the build, which a compose file tells; an image is where some compose file builds it.
//!
//! Where nobody tells the context, it is the Dockerfile's own folder, else the nearest one above in which all sources are.
//! Source: <https://docs.docker.com/build/concepts/context/>

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::paths::{Unique, borrowed, exists, matching, note};
use super::{Finder, Found, Lookup, Run, Target};
use crate::model::{
    Certainty, Claim, ComponentId, ComponentKind, DependencyKind, Fact, FileId, Hop, HopKind, Key,
    Part, Ref, RepoId, Span, Subject, Why, join, parent, within,
};
use crate::resolve::index::{Index, place_path};
use crate::resolve::units::Units;

pub(super) struct Docker;

impl Lookup for Docker {
    fn namespaces(&self) -> &'static [&'static str] {
        &["docker-image", "docker-path"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        let mut builds = Builds {
            index: run.index,
            units: run.units,
            component_of: run.component_of,
            bound: HashMap::new(),
            assumed: HashMap::new(),
            images: Unique::new(),
        };
        let mut sources: BTreeMap<FileId, Vec<&str>> = BTreeMap::new();
        for fact in run.index.facts {
            builds.note(fact);
            if let Claim::Requires { key, .. } = &fact.claim
                && key.namespace.0 == "docker-path"
                && let Some((context, path)) = pieces(key)
                && context.key.at.is_empty()
            {
                sources.entry(fact.span.file).or_default().push(path);
            }
        }
        for (file, sources) in sources {
            if let Some(folder) = assume(file, &sources, run.index) {
                builds.assumed.insert(file, folder);
            }
        }
        Box::new(builds)
    }
}

/// A context: its folder, and where it is said.
type Bound = BTreeSet<(String, Span)>;

struct Builds<'r, 'a> {
    index: &'r Index<'a>,
    units: &'r Units,
    component_of: &'r [ComponentId],
    /// By repository, name of the context (empty: the context itself), and path of the Dockerfile.
    bound: HashMap<(RepoId, String, String), Bound>,
    /// The folder in which all sources of a Dockerfile are, when nobody tells its context.
    assumed: HashMap<FileId, String>,
    /// The component that builds an image.
    images: Unique,
}

impl<'r> Builds<'r, '_> {
    fn note(&mut self, fact: &'r Fact) {
        let repo = self.index.repo(fact);
        match (&fact.subject, &fact.claim) {
            (_, Claim::Binds { key, value }) if key.namespace.0 == "docker-context" => {
                if let (Some(name), Some(dockerfile), Some(folder)) = (
                    key.at.as_text(),
                    key.name.as_text(),
                    value.as_text().and_then(place_path),
                ) {
                    self.bound
                        .entry((repo, name.to_owned(), dockerfile.to_owned()))
                        .or_default()
                        .insert((folder, fact.span));
                }
            }
            (Subject::Named(image), Claim::Runs { what, .. })
                if image.namespace.0 == "image" && what.namespace.0 == "path" =>
            {
                if let (Some(image), Some(folder)) = (image.name.as_text(), what.name.as_text()) {
                    let component = self.units.enclosing(repo, folder);
                    note(&mut self.images, (repo, untagged(image)), component);
                }
            }
            _ => {}
        }
    }

    /// The contexts of a build, each with how it is known.
    fn contexts(&self, context: &Ref, file: FileId) -> Vec<(String, Option<Span>)> {
        let path = self.index.files.path(file);
        let name = context.key.at.as_text().unwrap_or_default().to_owned();
        let key = (path.repo, name, path.path.to_string());
        if let Some(bound) = self.bound.get(&key) {
            let known = bound.iter();
            return known
                .map(|(folder, span)| (folder.clone(), Some(*span)))
                .collect();
        }
        let assumed = self
            .assumed
            .get(&file)
            .filter(|_| context.key.at.is_empty());
        assumed
            .map(|folder| (folder.clone(), None))
            .into_iter()
            .collect()
    }

    fn path(&self, fact: &Fact, key: &Key) -> Found {
        let Some((context, path)) = pieces(key) else {
            return Found::Unknown(Why::NotFound);
        };
        let contexts = self.contexts(context, fact.span.file);
        if contexts.is_empty() {
            // A name that no builder gives to a context is that of an image.
            return match context.key.at.as_text() {
                Some(image) if !image.is_empty() => self.image(fact, image),
                _ => Found::Unknown(Why::NotFound),
            };
        }
        let repo = self.index.repo(fact);
        let from = self.component_of[fact.span.file.0 as usize];
        let own = parent(&self.index.files.path(fact.span.file).path);
        let mut targets: Vec<Target> = Vec::new();
        let mut seen = false;
        for (folder, said) in contexts {
            let Some(whole) = join(&folder, path.trim_start_matches('/')) else {
                continue;
            };
            let files = matching(self.index, repo, &whole);
            // What is not in the tree, but would be in the own component, is made by its build.
            seen |=
                !files.is_empty() || said.is_some() && self.units.enclosing(repo, &whole) == from;
            let found = borrowed(self.index, self.component_of, from, &files, true);
            // A folder of several components is what a workspace needs to build one of them.
            if found.len() > 1 && !path.contains('*') {
                continue;
            }
            for mut target in found {
                let known = self.is_below(&target, from) || self.is_rest_data(&target);
                if known || targets.iter().any(|known| known.files == target.files) {
                    continue;
                }
                target.symbol = Some(format!("file:{whole}"));
                target.hops.extend(said.map(|span| Hop {
                    span,
                    what: HopKind::Bind,
                    name: format!("build context {}", shown(&folder)),
                }));
                if said.is_none() && folder != own {
                    target.certainty = Certainty::Inferred;
                }
                targets.push(target);
            }
        }
        if seen {
            Found::Here(targets)
        } else {
            Found::Unknown(Why::NotFound)
        }
    }

    /// Whether a component lies below the Dockerfile's own: a build that puts together what is below it borrows nothing.
    fn is_below(&self, target: &Target, from: ComponentId) -> bool {
        let root = |id: ComponentId| self.units.components[id.0 as usize].root.as_ref();
        match (root(target.component), root(from)) {
            (Some(below), Some(above)) => within(&below.path, &above.path),
            _ => false,
        }
    }

    /// Whether a target is only data that lies in no component.
    fn is_rest_data(&self, target: &Target) -> bool {
        let component = &self.units.components[target.component.0 as usize];
        let is_code = |file: &FileId| self.index.files.row(*file).class.language.is_code();
        component.kind == ComponentKind::Rest
            && target.kind != Some(DependencyKind::LinkContract)
            && !target.files.iter().any(is_code)
    }

    fn image(&self, fact: &Fact, name: &str) -> Found {
        let repo = self.index.repo(fact);
        let image = untagged(name);
        match self.images.get(&(repo, image.clone())) {
            Some(Some(component)) => Found::Here(vec![Target::component(*component)]),
            Some(None) => Found::Unknown(Why::Ambiguous(vec![image])),
            None => Found::Outside(Some(format!("image:{image}"))),
        }
    }
}

impl Finder for Builds<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        match (key.namespace.0, key.name.as_text()) {
            ("docker-image", Some(name)) => self.image(fact, name),
            _ => self.path(fact, key),
        }
    }
}

/// The context and the path in it.
fn pieces(key: &Key) -> Option<(&Ref, &str)> {
    match key.name.0.as_slice() {
        [Part::Ref(context), Part::Text(path)] => Some((context, path)),
        _ => None,
    }
}

/// The folder in which all sources are: the Dockerfile's own, else the nearest one above.
fn assume(file: FileId, sources: &[&str], index: &Index<'_>) -> Option<String> {
    let path = index.files.path(file);
    let mut folder = path.parent();
    loop {
        let all = sources.iter().all(|source| {
            let source = source.trim_start_matches('/');
            join(folder, source).is_some_and(|found| exists(index, path.repo, &found))
        });
        if all {
            return Some(folder.to_owned());
        }
        if folder.is_empty() {
            break;
        }
        folder = parent(folder);
    }
    // What a build makes first is in no folder: the own one is Docker's default.
    Some(path.parent().to_owned())
}

/// An image's name without tag and digest.
fn untagged(image: &str) -> String {
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rfind('/').map_or(0, |at| at + 1);
    let end = image[last..].find(':').map_or(image.len(), |at| last + at);
    image[..end].to_owned()
}

fn shown(folder: &str) -> &str {
    if folder.is_empty() { "." } else { folder }
}
