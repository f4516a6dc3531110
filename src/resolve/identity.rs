//! Pass 3: which deployments run which code, so that one service met in several manifests is one component.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::code;
use super::index::Index;
use super::spaces;
use super::started;
use super::units::Units;
use crate::model::{
    Claim, Component, ComponentId, ComponentKind, Context, Fact, Key, Namespace, RepoId, Subject,
    Template, Unresolved, Workload, WorkloadId, images, parent,
};

/// Words of commands that do something once, or only for developers.
const ERRANDS: &[&str] = &[
    "build",
    "console",
    "init",
    "install",
    "lint",
    "migrate",
    "migration",
    "migrations",
    "seed",
    "setup",
    "shell",
    "test",
    "tests",
    "watch",
];

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

/// The manifests that say what runs together: those of one kind and place.
type Stack<'a> = (RepoId, Namespace, &'a Template);

impl<'a> Candidate<'a> {
    fn stack(&self) -> Stack<'a> {
        (self.repo, self.key.namespace, &self.key.at)
    }

    /// Whether it runs once, or for developers and tests: not what the code is for.
    fn is_errand(&self) -> bool {
        let command = self.entry.command.iter();
        let mut words = command.flat_map(|command| command.split([' ', ':', '/', '-', '_', '.']));
        self.kind == ComponentKind::Job
            || self.fact.context != Context::Production
            || words.any(|word| ERRANDS.contains(&word))
    }

    /// Whether the data inside make it what it is, wherever its image is built.
    fn is_store(&self) -> bool {
        matches!(self.kind, ComponentKind::Broker | ComponentKind::Datastore)
    }
}

/// What a deployment starts of its code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Instead of what the image starts.
    pub(super) command: Option<String>,
    /// That makes the image; not known of an image that a manifest only names.
    pub(super) dockerfile: Option<String>,
    /// What the image starts by itself.
    pub(super) image: Option<String>,
}

/// The deployments of one code that start the same of it.
struct Group {
    entry: Entry,
    names: BTreeSet<String>,
    /// Whether all of it runs once, or for developers and tests.
    is_errand: bool,
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
        self.names.contains(&candidate.name)
            || !candidate.is_store() && own.command == other.command && is_one_image
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
    /// Programs that are started by a name that several have.
    pub(super) unknown: Vec<Unresolved>,
}

/// Joins what manifests name with the code that it runs.
pub(super) fn resolve<'a>(index: &Index<'a>, units: &mut Units) -> Deployed<'a> {
    let mut unknown = Vec::new();
    let candidates = candidates(index, units, &mut unknown);
    let related = related(&candidates);
    let mut sharing = BTreeSet::new();
    let mut names: HashMap<(RepoId, &str, Namespace), usize> = HashMap::new();
    for candidate in &candidates {
        *names
            .entry((candidate.repo, &candidate.name, candidate.key.namespace))
            .or_default() += 1;
    }
    let mut groups = groups(&candidates);
    let namers = namers(&candidates);
    let mut entries = Vec::new();
    let mut by_name: BTreeMap<(RepoId, &str), Vec<(Stack<'_>, ComponentId)>> = BTreeMap::new();
    let mut workloads: Vec<Workload> = Vec::new();
    let mut subjects = Vec::new();
    for (number, candidate) in candidates.iter().enumerate() {
        let component = match candidate.code {
            Some(code) if is_main(candidate, &groups[&code]) => {
                let names_it = namers.get(&code) == Some(&number);
                adopt(&mut units.components[code.0 as usize], candidate, names_it);
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
                let stack = candidate.stack();
                let unique = |(repo, manifest, _): Stack<'_>| {
                    names.get(&(repo, &*candidate.name, manifest)) == Some(&1)
                };
                let known = by_name
                    .entry((candidate.repo, &*candidate.name))
                    .or_default();
                let same = known.iter().find(|(other, _)| {
                    // Two stacks that deploy one code are the same system twice.
                    related.contains(&(*other, stack))
                        // Two kinds of manifests that name one thing: only when the name is unique in each of them.
                        || other.1 != stack.1
                            && known.len() == 1
                            && unique(stack)
                            && unique(*other)
                });
                match same {
                    Some((_, component)) => {
                        let component = *component;
                        let kind = &mut units.components[component.0 as usize].kind;
                        if *kind == ComponentKind::Service {
                            *kind = candidate.kind;
                        }
                        component
                    }
                    None => {
                        let component = own(candidate, units);
                        known.push((stack, component));
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
        unknown,
    }
}

/// The stacks that deploy the same code under the same name, in both directions.
fn related<'a>(candidates: &[Candidate<'a>]) -> BTreeSet<(Stack<'a>, Stack<'a>)> {
    let mut by_code: BTreeMap<(ComponentId, &str), BTreeSet<Stack<'a>>> = BTreeMap::new();
    for candidate in candidates {
        if let Some(code) = candidate.code {
            let stacks = by_code.entry((code, &candidate.name)).or_default();
            stacks.insert(candidate.stack());
        }
    }
    let mut related = BTreeSet::new();
    for stacks in by_code.values() {
        for one in stacks {
            related.extend(stacks.iter().map(|other| (*one, *other)));
        }
    }
    related
}

/// The same code with different entry points is several components.
fn groups(candidates: &[Candidate<'_>]) -> BTreeMap<ComponentId, Vec<Group>> {
    let mut groups: BTreeMap<ComponentId, Vec<Group>> = BTreeMap::new();
    for candidate in candidates {
        let Some(code) = candidate.code else {
            continue;
        };
        let list = groups.entry(code).or_default();
        let at = list.iter().position(|group| group.has(candidate));
        let at = at.unwrap_or_else(|| {
            list.push(Group {
                entry: candidate.entry.clone(),
                names: BTreeSet::new(),
                is_errand: true,
                component: None,
            });
            list.len() - 1
        });
        let group = &mut list[at];
        group.names.insert(candidate.name.clone());
        group.is_errand &= candidate.is_errand();
        let dockerfile = &mut group.entry.dockerfile;
        *dockerfile = dockerfile.take().or(candidate.entry.dockerfile.clone());
    }
    groups
}

/// Whether a deployment is what its code is for: the only one, or the only one that is no errand.
fn is_main(candidate: &Candidate<'_>, groups: &[Group]) -> bool {
    let lasting = groups.iter().filter(|group| !group.is_errand).count();
    let mine = groups
        .iter()
        .find(|group| group.names.contains(&candidate.name));
    groups.len() == 1 || lasting == 1 && mine.is_some_and(|group| !group.is_errand)
}

/// The deployment that gives each code its name: the first one that is no errand.
fn namers(candidates: &[Candidate<'_>]) -> BTreeMap<ComponentId, usize> {
    let mut namers: BTreeMap<ComponentId, usize> = BTreeMap::new();
    for (number, candidate) in candidates.iter().enumerate() {
        // `web` and `worker` of a Procfile are names of processes.
        let Some(code) = candidate.code.filter(|_| !is_process(candidate.key)) else {
            continue;
        };
        let known = namers.entry(code).or_insert(number);
        if candidates[*known].is_errand() && !candidate.is_errand() {
            *known = number;
        }
    }
    namers
}

/// Whether a key names a process of a Procfile.
fn is_process(key: &Key) -> bool {
    key.namespace.0 == "procfile"
}

/// Everything that a manifest names as a component, with the code that it runs; sorted by name, then by repository.
fn candidates<'a>(
    index: &Index<'a>,
    units: &mut Units,
    unknown: &mut Vec<Unresolved>,
) -> Vec<Candidate<'a>> {
    let mut found: Vec<Candidate<'a>> = Vec::new();
    for (key, kind, name, fact) in index.named_components() {
        let repo = index.repo(fact);
        // What only tests roll out is nobody's deployment.
        let is_test = fact.context == Context::Test
            || index.files.row(fact.span.file).class.context == Context::Test;
        if spaces::info(key.namespace).carrier || is_test {
            continue;
        }
        if let Some(last) = found
            .last_mut()
            .filter(|last| last.key == key && last.repo == repo)
        {
            // What one manifest of a stack knows, another one may leave open.
            if last.kind == ComponentKind::Service {
                last.kind = kind;
            }
            if last.fact.context > fact.context {
                last.fact = fact;
            }
            continue;
        }
        let name = name.unwrap_or(&key.name).to_string();
        // What has no name cannot be told from others.
        if name.is_empty() {
            continue;
        }
        found.push(Candidate {
            key,
            kind,
            name: name.rsplit('/').next().unwrap_or_default().to_owned(),
            fact,
            repo,
            code: None,
            entry: entry(key, repo, index),
        });
    }
    // Images that hold several programs, of which a command chooses one.
    let mut shared = BTreeSet::new();
    for candidate in &mut found {
        let (key, repo) = (candidate.key, candidate.repo);
        if candidate.kind == ComponentKind::Service
            && let Some(kind) = carried_kind(key, repo, index)
        {
            candidate.kind = kind;
        }
        if candidate.kind == ComponentKind::Service && candidate.fact.context == Context::Test {
            candidate.kind = ComponentKind::Test;
        }
        let built = code::of(key, repo, index, units);
        let is_program = matches!(candidate.kind, ComponentKind::Job | ComponentKind::Service);
        let started = match is_program {
            true => started::code(key, repo, index, units),
            false => Ok(None),
        };
        let started = started.unwrap_or_else(|why| {
            unknown.extend(built.is_none().then_some(why));
            None
        });
        if started.is_some() {
            let images = images_of(key, repo, index).into_iter();
            shared.extend(images.map(|image| (repo, image)));
        }
        candidate.code = started::more_exact(built, started, units);
    }
    let mut names = None;
    for candidate in &mut found {
        let is_open = candidate.code.is_none()
            && matches!(candidate.kind, ComponentKind::Job | ComponentKind::Service);
        if is_open {
            candidate.code = unnamed_code(candidate, &shared, &mut names, index, units);
        }
    }
    let extended = extended(index);
    found.retain(|candidate| {
        // What others only extend is deployed by nobody.
        let is_template = extended.contains(&(candidate.repo, candidate.key));
        candidate.code.is_some() || !is_template
    });
    let deployed: BTreeSet<ComponentId> = found
        .iter()
        .filter(|candidate| !is_process(candidate.key))
        .filter_map(|candidate| candidate.code)
        .collect();
    // Processes are what a platform starts, where nothing else tells how the code is deployed.
    found.retain(|candidate| {
        let other = candidate.code.filter(|_| is_process(candidate.key));
        other.is_none_or(|code| !deployed.contains(&code))
    });
    found
}

/// What a named thing starts.
fn entry(key: &Key, repo: RepoId, index: &Index<'_>) -> Entry {
    let mut entry = Entry::default();
    for fact in index.about(repo, key) {
        let Claim::Runs { what, entry: own } = &fact.claim else {
            continue;
        };
        let command = own.as_ref().map(ToString::to_string);
        entry.command = entry.command.or(command);
        if what.namespace.0 == "dockerfile" {
            entry.dockerfile = entry.dockerfile.or(Some(what.to_string()));
            let image = index.about(repo, what).find_map(|fact| match &fact.claim {
                Claim::Runs { entry, .. } => Some(entry.as_ref()?.to_string()),
                _ => None,
            });
            entry.image = entry.image.or(image);
        }
    }
    entry
}

/// The kind that the image or the Dockerfile of a named thing has.
fn carried_kind(key: &Key, repo: RepoId, index: &Index<'_>) -> Option<ComponentKind> {
    let mut open = vec![key];
    let mut seen = BTreeSet::new();
    while let Some(key) = open.pop() {
        for fact in index.about(repo, key) {
            match &fact.claim {
                Claim::Component { kind, .. } if spaces::info(key.namespace).carrier => {
                    return Some(*kind);
                }
                Claim::Runs { what, .. }
                    if spaces::info(what.namespace).carrier && seen.insert(what) =>
                {
                    open.push(what);
                    if what.namespace.0 == "image" {
                        let built = code::image(what, repo, index);
                        let known = what.name.as_text().and_then(images::known);
                        // What is built here is no image of others, however it is called.
                        if let (None, Some(known)) = (built, known) {
                            return Some(known.kind);
                        }
                        open.extend(built.filter(|built| *built != what));
                    }
                }
                _ => {}
            }
        }
    }
    None
}

/// The code of a deployment that nobody here is seen to build: a folder that is called like what it starts,
/// else the only one that is called like its image or like itself.
fn unnamed_code<'a>(
    candidate: &Candidate<'_>,
    shared: &BTreeSet<(RepoId, String)>,
    names: &mut Option<code::Names<'a>>,
    index: &Index<'a>,
    units: &mut Units,
) -> Option<ComponentId> {
    let mut images = images_of(candidate.key, candidate.repo, index);
    // The tools of a store or a broker come with it.
    if images.iter().any(|image| images::known(image).is_some()) {
        return None;
    }
    let from = parent(&index.files.path(candidate.fact.span.file).path);
    let names = names.get_or_insert_with(|| code::Names::new(index, units));
    let command = candidate.entry.command.as_ref();
    let program = command.and_then(|command| names.program(command, from, candidate.repo));
    // Which of its programs is started, the name of an image of several does not tell.
    images.retain(|image| !shared.contains(&(candidate.repo, image.clone())));
    let mut called = images.iter().map(String::as_str).chain([&*candidate.name]);
    let folder =
        program.or_else(|| called.find_map(|name| names.thing(name, from, candidate.repo)))?;
    Some(code::at(&folder, candidate.repo, units))
}

/// The names of the images that a thing runs.
fn images_of(key: &Key, repo: RepoId, index: &Index<'_>) -> Vec<String> {
    let runs = index.about(repo, key);
    runs.filter_map(|fact| match &fact.claim {
        Claim::Runs { what, .. } if what.namespace.0 == "image" => Some(code::bare(what).1),
        _ => None,
    })
    .collect()
}

/// The services that some other file extends.
fn extended<'a>(index: &Index<'a>) -> BTreeSet<(RepoId, &'a Key)> {
    let mut extended = BTreeSet::new();
    for fact in index.facts {
        if let (Subject::Named(key), Claim::Inherits { from, .. }) = (&fact.subject, &fact.claim)
            && key.namespace == from.namespace
            && key.at != from.at
            && !spaces::info(key.namespace).carrier
        {
            extended.insert((index.repo(fact), from));
        }
    }
    extended
}

/// The code becomes what the manifest says it is.
fn adopt(component: &mut Component, candidate: &Candidate<'_>, names_it: bool) {
    let is_open = match component.kind {
        ComponentKind::Library | ComponentKind::Tool => !component.shared,
        ComponentKind::Service => {
            !matches!(candidate.kind, ComponentKind::Job | ComponentKind::Test)
        }
        _ => false,
    };
    if is_open && (component.workloads.is_empty() || !candidate.is_errand()) {
        component.kind = candidate.kind;
    }
    // The deployable's name is what people and other manifests call it.
    if names_it {
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
