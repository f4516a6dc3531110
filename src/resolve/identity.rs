//! Pass 3: which deployments run which code, so that one service met in several manifests is one component.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::index::{Index, place_path};
use super::network::comparable;
use super::spaces;
use super::units::Units;
use crate::model::{
    Claim, Component, ComponentId, ComponentKind, Context, Fact, Key, Offer, RepoId, RepoPath,
    Workload, WorkloadId, images, parent, within,
};

/// How many steps lead from a workload to its code: workload → image → Dockerfile → folder.
const STEPS: usize = 6;

/// A thing that manifests deploy, before it is known what code it runs.
struct Candidate<'a> {
    key: &'a Key,
    kind: ComponentKind,
    name: String,
    fact: &'a Fact,
    repo: RepoId,
    code: Option<ComponentId>,
    entry: Entry,
}

/// What a deployment starts of its code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Instead of what the image starts.
    pub(super) command: Option<String>,
    /// That makes the image; not known of an image that a manifest only names.
    pub(super) dockerfile: Option<String>,
}

/// The deployments of one code that start the same of it.
struct Group {
    entry: Entry,
    names: BTreeSet<String>,
    /// Made for it, where its code has other groups, too.
    component: Option<ComponentId>,
}

impl Group {
    /// Whether a deployment belongs to it: by its name, or since nothing tells it apart.
    fn has(&self, candidate: &Candidate<'_>) -> bool {
        let (own, other) = (&self.entry, &candidate.entry);
        let is_one_image = match (&own.dockerfile, &other.dockerfile) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        };
        self.names.contains(&candidate.name) || own.command == other.command && is_one_image
    }
}

/// The subjects of each workload, in the order of the workloads.
pub(super) type Subjects<'a> = Vec<(&'a Key, ComponentId, RepoId)>;

/// What manifests deploy.
pub(super) struct Deployed<'a> {
    pub(super) workloads: Vec<Workload>,
    pub(super) subjects: Subjects<'a>,
    /// Deployments that are components of their own, with the code that they share with others.
    pub(super) sharing: BTreeSet<(ComponentId, ComponentId)>,
    /// What those of them start, with the code.
    pub(super) entries: Vec<(WorkloadId, ComponentId, Entry)>,
}

/// Joins what manifests name with the code that it runs.
pub(super) fn resolve<'a>(index: &Index<'a>, units: &mut Units) -> Deployed<'a> {
    let candidates = candidates(index, units);
    let mut sharing = BTreeSet::new();
    let mut names: HashMap<(RepoId, &str, &str), usize> = HashMap::new();
    for candidate in &candidates {
        let manifest = candidate.key.namespace.0;
        *names
            .entry((candidate.repo, &candidate.name, manifest))
            .or_default() += 1;
    }
    // The same code with different entry points is several components.
    let mut groups: BTreeMap<ComponentId, Vec<Group>> = BTreeMap::new();
    for candidate in &candidates {
        let Some(code) = candidate.code else {
            continue;
        };
        let list = groups.entry(code).or_default();
        let at = list.iter().position(|group| group.has(candidate));
        let at = at.unwrap_or_else(|| {
            list.push(Group {
                entry: candidate.entry.clone(),
                names: BTreeSet::new(),
                component: None,
            });
            list.len() - 1
        });
        let group = &mut list[at];
        group.names.insert(candidate.name.clone());
        let dockerfile = &mut group.entry.dockerfile;
        *dockerfile = dockerfile.take().or(candidate.entry.dockerfile.clone());
    }
    let mut entries = Vec::new();
    let mut by_name: BTreeMap<(RepoId, String), Vec<(&str, ComponentId)>> = BTreeMap::new();
    let mut workloads: Vec<Workload> = Vec::new();
    let mut subjects = Vec::new();
    for candidate in &candidates {
        let component = match candidate.code {
            Some(code) if groups[&code].len() == 1 => {
                adopt(&mut units.components[code.0 as usize], candidate);
                code
            }
            Some(code) => {
                let group = groups.get_mut(&code).and_then(|list| {
                    list.iter_mut()
                        .find(|group| group.names.contains(&candidate.name))
                });
                let component = match &mut group.map(|group| &mut group.component) {
                    Some(Some(component)) => *component,
                    Some(none) => *none.insert(own(candidate, units)),
                    None => code,
                };
                sharing.insert((component, code));
                let id = WorkloadId(workloads.len() as u32);
                entries.push((id, code, candidate.entry.clone()));
                component
            }
            None => {
                // Two manifests that name one thing: only when the name is unique in each of them.
                let manifest = candidate.key.namespace.0;
                let unique = |manifest: &str| {
                    names.get(&(candidate.repo, &*candidate.name, manifest)) == Some(&1)
                };
                let known = by_name
                    .entry((candidate.repo, candidate.name.clone()))
                    .or_default();
                match known.iter().find(|(other, _)| *other != manifest) {
                    Some((other, component))
                        if known.len() == 1 && unique(manifest) && unique(other) =>
                    {
                        *component
                    }
                    _ => {
                        let component = own(candidate, units);
                        known.push((manifest, component));
                        component
                    }
                }
            }
        };
        let id = WorkloadId(workloads.len() as u32);
        let target = &mut units.components[component.0 as usize];
        target.workloads.push(id);
        if !target.aliases.contains(candidate.key) {
            target.aliases.push(candidate.key.clone());
        }
        workloads.push(Workload {
            subject: candidate.key.clone(),
            component,
            network: network(candidate.key, candidate.repo, index),
        });
        subjects.push((candidate.key, component, candidate.repo));
    }
    Deployed {
        workloads,
        subjects,
        sharing,
        entries,
    }
}

/// Everything that a manifest names as a component, with the code that it runs; sorted by name, then by repository.
fn candidates<'a>(index: &Index<'a>, units: &mut Units) -> Vec<Candidate<'a>> {
    let mut found: Vec<Candidate<'a>> = Vec::new();
    for (key, kind, name, fact) in index.named_components() {
        let repo = index.repo(fact);
        let again = found
            .last()
            .is_some_and(|last| last.key == key && last.repo == repo);
        // What only tests roll out is nobody's deployment.
        let is_test = index.files.row(fact.span.file).class.context == Context::Test;
        if spaces::info(key.namespace).carrier || again || is_test {
            continue;
        }
        let name = name.unwrap_or(&key.name).to_string();
        let mut entry = Entry::default();
        for fact in index.about(repo, key) {
            if let Claim::Runs { what, entry: own } = &fact.claim {
                let command = own.as_ref().map(ToString::to_string);
                entry.command = entry.command.or(command);
                let dockerfile = (what.namespace.0 == "dockerfile").then(|| what.to_string());
                entry.dockerfile = entry.dockerfile.or(dockerfile);
            }
        }
        let code = code_of(key, repo, index, units, STEPS).or_else(|| {
            let runs_code = matches!(kind, ComponentKind::Service | ComponentKind::Job);
            let images = index.about(repo, key).filter_map(image_name);
            let mut names = images.chain([last_segment(&name).to_owned()]);
            names.find_map(|name| namesake(&name, repo, index, units).filter(|_| runs_code))
        });
        found.push(Candidate {
            key,
            kind,
            name: last_segment(&name).to_owned(),
            fact,
            repo,
            code,
            entry,
        });
    }
    let shares = |one: &Candidate<'_>, other: &Candidate<'_>| {
        one.code.is_some() && one.code == other.code && one.name != other.name
    };
    let stores: Vec<bool> = found
        .iter()
        .map(|one| is_of_store(one, index) && found.iter().any(|other| shares(one, other)))
        .collect();
    for (candidate, is_store) in found.iter_mut().zip(stores) {
        if is_store {
            candidate.code = None;
        }
    }
    found
}

/// Whether a thing runs what is built upon the image of a store or a broker.
///
/// Two databases of one image that is built here are two, whatever scripts the image starts with.
fn is_of_store(candidate: &Candidate<'_>, index: &Index<'_>) -> bool {
    let runs = |key| {
        index
            .about(candidate.repo, key)
            .filter_map(|fact| match &fact.claim {
                Claim::Runs { what, .. } => Some(what),
                _ => None,
            })
    };
    let mut bases = runs(candidate.key)
        .filter(|what| what.namespace.0 == "dockerfile")
        .flat_map(runs)
        .filter(|what| what.namespace.0 == "image");
    bases.any(|what| {
        let image = what.name.as_text().and_then(images::known);
        image.is_some_and(|image| {
            matches!(image.kind, ComponentKind::Broker | ComponentKind::Datastore)
        })
    })
}

/// The code that a named thing runs, through images and Dockerfiles.
fn code_of(
    key: &Key,
    repo: RepoId,
    index: &Index<'_>,
    units: &mut Units,
    steps: usize,
) -> Option<ComponentId> {
    if steps == 0 {
        return None;
    }
    let runs: Vec<&Key> = index
        .about(repo, key)
        .filter_map(|fact| match &fact.claim {
            Claim::Runs { what, .. } => Some(what),
            _ => None,
        })
        .collect();
    let dockerfile = runs.iter().find_map(|what| dockerfile_folder(what));
    let mut is_built = false;
    for what in runs.iter().filter(|what| what.namespace.0 == "path") {
        is_built = true;
        let context = place_path(&format!("path:{}", what.name.as_text()?))?;
        // A Dockerfile beside code builds that code, whatever else of the tree it is given.
        let beside = dockerfile
            .as_ref()
            .filter(|folder| within(folder, &context) && has_code(folder, repo, index));
        let root = RepoPath::new(repo, beside.cloned().unwrap_or(context));
        if let Some(id) = units.at_root(&root) {
            return Some(id);
        }
        if !root.path.is_empty() && index.files.has_folder(repo, &root.path) {
            return Some(units.folder_component(root, ComponentKind::Service));
        }
    }
    for what in runs {
        let found = match what.namespace.0 {
            "path" => None,
            // The tree that it is built from has no name: which part is meant, the Dockerfile alone does not tell.
            "dockerfile" if is_built => None,
            "image" => image(what, repo, index)
                .and_then(|image| code_of(image, repo, index, units, steps - 1)),
            _ => match index.about(repo, what).next() {
                Some(_) => code_of(what, repo, index, units, steps - 1),
                None => provider(what, repo, index, units),
            },
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The folder of a Dockerfile that a key names.
fn dockerfile_folder(what: &Key) -> Option<String> {
    let path = place_path(what.at.as_text()?)?;
    (what.namespace.0 == "dockerfile").then(|| parent(&path).to_owned())
}

/// Whether a folder holds program source.
fn has_code(folder: &str, repo: RepoId, index: &Index<'_>) -> bool {
    let mut files = index.files.below(repo, folder);
    files.any(|file| index.files.row(file).class.language.is_code())
}

/// The name of the image that a deployment runs, without registry and tag.
fn image_name(fact: &Fact) -> Option<String> {
    let Claim::Runs { what, .. } = &fact.claim else {
        return None;
    };
    let text = what.name.to_string();
    let name = last_segment(&text).split(['@', ':']).next()?;
    (what.namespace.0 == "image").then(|| name.to_owned())
}

fn last_segment(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

/// The only code of the repository with a name: a package or its folder, else a folder with a Dockerfile.
fn namesake(name: &str, repo: RepoId, index: &Index<'_>, units: &mut Units) -> Option<ComponentId> {
    let wanted = comparable(name);
    let mut found = BTreeSet::new();
    for (number, component) in units.components.iter().enumerate() {
        let runs = !matches!(
            component.kind,
            ComponentKind::Rest | ComponentKind::Test | ComponentKind::Contract
        );
        let Some(root) = component
            .root
            .as_ref()
            .filter(|root| root.repo == repo && runs)
        else {
            continue;
        };
        let names = [last_segment(&component.name), last_segment(&root.path)];
        if names.iter().any(|name| comparable(name) == wanted) {
            found.insert(ComponentId(number as u32));
        }
    }
    match found.len() {
        1 => return found.first().copied(),
        0 => {}
        _ => return None,
    }
    let folders: BTreeSet<&str> = index
        .files
        .iter()
        .filter(|(_, row)| row.path.repo == repo && row.path.file_name() == "Dockerfile")
        .map(|(_, row)| row.path.parent())
        .filter(|folder| comparable(last_segment(folder)) == wanted)
        .collect();
    match (folders.len(), folders.first()) {
        (1, Some(folder)) => {
            let root = RepoPath::new(repo, *folder);
            Some(units.folder_component(root, ComponentKind::Service))
        }
        _ => None,
    }
}

/// The component that offers a name (a project, a package) from its own folder.
fn provider(key: &Key, repo: RepoId, index: &Index<'_>, units: &Units) -> Option<ComponentId> {
    let name = key.name.as_text()?;
    let mut found = index
        .provides(key.namespace.0, name)
        .filter(|(fact, _, how)| *how == Offer::Implements && index.repo(fact) == repo)
        .map(|(fact, ..)| units.enclosing(repo, index.folder(fact)));
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// The image that somebody in the repository builds: of this name, else of the same last segment when only one is.
///
/// A third-party image is built by nobody here, so that two users of `postgres:16` never become one.
fn image<'a>(wanted: &Key, repo: RepoId, index: &Index<'a>) -> Option<&'a Key> {
    let bare = |key: &Key| {
        let text = key.name.to_string();
        let tail = text.rsplit('/').next().unwrap_or_default().len();
        let (head, last) = text.split_at(text.len() - tail);
        let last = last.split(['@', ':']).next().unwrap_or_default();
        (format!("{head}{last}"), last.to_owned())
    };
    let (full, last) = bare(wanted);
    let built = index.images(repo);
    if let Some(exact) = built.iter().find(|key| bare(key).0 == full) {
        return Some(exact);
    }
    let mut similar = built.iter().copied().filter(|key| bare(key).1 == last);
    let first = similar.next()?;
    similar.next().is_none().then_some(first)
}

/// The code becomes what the manifest says it is.
fn adopt(component: &mut Component, candidate: &Candidate<'_>) {
    if matches!(component.kind, ComponentKind::Library | ComponentKind::Tool) && !component.shared {
        component.kind = candidate.kind;
    }
    // The deployable's name is what people and other manifests call it; the first one stays.
    if component.workloads.is_empty() {
        component.name.clone_from(&candidate.name);
    }
}

/// A component without code of its own.
fn own(candidate: &Candidate<'_>, units: &mut Units) -> ComponentId {
    units.push(Component {
        id: format!("{}:{}", candidate.key.namespace, candidate.name),
        name: candidate.name.clone(),
        kind: candidate.kind,
        root: None,
        declared_in: Some(candidate.fact.span.file),
        aliases: Vec::new(),
        workloads: Vec::new(),
        shared: false,
    })
}

/// The network of a workload: where it offers its own host name, else where it is named.
fn network(key: &Key, repo: RepoId, index: &Index<'_>) -> Option<String> {
    let offered = index.about(repo, key).find_map(|fact| match &fact.claim {
        Claim::Provides { key, .. } if key.namespace.0 == "host" => key.at.as_text(),
        _ => None,
    });
    match offered {
        Some(network) if !network.is_empty() => Some(network.to_owned()),
        _ => {
            let at = key.at.as_text()?;
            let at = at.strip_prefix("path:").unwrap_or(at);
            (!at.is_empty()).then(|| format!("{}:{at}", key.namespace))
        }
    }
}
