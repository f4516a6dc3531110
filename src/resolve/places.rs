//! Pass 8: places in which names live: hosts in a workload's network, things that manifests name, stores.

use std::collections::{HashMap, HashSet};

use super::contexts::Contexts;
use super::fold::Context as FoldContext;
use super::hosts::Address;
use super::identity::Subjects;
use super::index::Index;
use super::network::{Answer, Directory};
use super::reach::Reach;
use super::scopes::{self, Scope};
use super::selectors;
use super::spaces;
use super::spring::Served;
use super::units::Units;
use crate::model::{
    ComponentId, Context, Fact, FileId, Hop, HopKind, Key, RepoId, Subject, Why, Workload,
    WorkloadId,
};

/// What a fact says, in one deployment.
#[derive(Clone, Copy)]
pub(super) struct Use {
    pub(super) deployment: FoldContext,
    /// Who does it.
    pub(super) user: ComponentId,
    pub(super) context: Context,
}

/// Hosts, workloads and named things of the run.
pub(super) struct Places<'a> {
    index: &'a Index<'a>,
    component_of: &'a [ComponentId],
    workloads: &'a [Workload],
    /// The workload of each named thing.
    subjects: HashMap<(RepoId, &'a Key), WorkloadId>,
    /// The repository of each workload.
    repos: Vec<RepoId>,
    /// The workloads for which holds what is said about a scope.
    heirs: HashMap<Scope<'a>, Vec<WorkloadId>>,
    /// Which workloads contain each file.
    reach: &'a Reach,
    served: &'a Served,
    /// Components that some manifest deploys.
    deployed: HashSet<ComponentId>,
    directory: Directory,
}

impl<'a> Places<'a> {
    pub(super) fn new(
        index: &'a Index<'a>,
        component_of: &'a [ComponentId],
        workloads: &'a [Workload],
        subjects: &Subjects<'a>,
        reach: &'a Reach,
        served: &'a Served,
        units: &Units,
    ) -> Self {
        let mut heirs: HashMap<Scope<'a>, Vec<WorkloadId>> = HashMap::new();
        let mut own = HashMap::new();
        for (number, (key, _, repo)) in subjects.iter().enumerate() {
            let workload = WorkloadId(number as u32);
            own.insert((*repo, *key), workload);
            for scope in scopes::taken_over(key, *repo, index) {
                heirs.entry(scope).or_default().push(workload);
            }
        }
        for (service, behind) in selectors::services(index, subjects) {
            own.entry(service).or_insert(WorkloadId(behind as u32));
        }
        let mut places = Self {
            index,
            component_of,
            workloads,
            subjects: own,
            repos: subjects.iter().map(|(.., repo)| *repo).collect(),
            heirs,
            reach,
            served,
            deployed: workloads.iter().map(|one| one.component).collect(),
            directory: Directory::default(),
        };
        places.directory = Directory::new(index, units, |fact| places.bearer(fact));
        places
    }

    /// The component that a fact is about: the one around the file, or the thing that it names.
    pub(super) fn component_of_subject(&self, fact: &Fact) -> ComponentId {
        match &fact.subject {
            Subject::Named(key) => self.component_of_name(self.index.repo(fact), key),
            Subject::Here | Subject::File => None,
        }
        .unwrap_or_else(|| self.component_of_file(fact.span.file))
    }

    /// Who has what a fact says of a thing; nobody where the thing is named and never deployed.
    ///
    /// What is said of an image or a Dockerfile is true of the code beside it, too.
    pub(super) fn bearer(&self, fact: &Fact) -> Option<ComponentId> {
        let own = || self.component_of_file(fact.span.file);
        match &fact.subject {
            Subject::Here | Subject::File => Some(own()),
            Subject::Named(key) => self
                .component_of_name(self.index.repo(fact), key)
                .or_else(|| spaces::info(key.namespace).carrier.then(own)),
        }
    }

    fn component_of_name(&self, repo: RepoId, key: &Key) -> Option<ComponentId> {
        let workload = self.subjects.get(&(repo, key))?;
        Some(self.workloads[workload.0 as usize].component)
    }

    /// The component around a file.
    pub(super) fn component_of_file(&self, file: FileId) -> ComponentId {
        self.component_of[file.0 as usize]
    }

    /// Every deployment in which a fact is to be folded, with the component that it then is about;
    /// one without deployment when nothing deploys it.
    ///
    /// What is said about a thing holds for whatever inherits it.
    pub(super) fn contexts(&self, fact: &Fact) -> Vec<FoldContext> {
        let file = fact.span.file;
        let scope = match &fact.subject {
            Subject::Named(key) => Some(Scope::Named(self.index.repo(fact), key)),
            Subject::File => Some(Scope::File(file)),
            Subject::Here => None,
        };
        if let Some(heirs) = scope.and_then(|scope| self.heirs.get(&scope)) {
            let heirs = heirs.iter().map(|id| FoldContext {
                file,
                component: self.workloads[id.0 as usize].component,
                workload: Some(*id),
            });
            return heirs.collect();
        }
        if fact.subject == Subject::File {
            let heirs = self.served.heirs(file).iter();
            return heirs
                .flat_map(|component| self.deployments(file, *component))
                .collect();
        }
        let component = self.component_of_file(file);
        let context = |workload| FoldContext {
            file,
            component,
            workload,
        };
        let own = |id: &&WorkloadId| self.workloads[id.0 as usize].component == component;
        let all = self.reach.workloads(file);
        let workloads: Vec<FoldContext> = match self.deployed.contains(&component) {
            // Whoever else links it has an edge to it already.
            true => all
                .iter()
                .filter(own)
                .map(|id| context(Some(*id)))
                .collect(),
            false => all.iter().map(|id| context(Some(*id))).collect(),
        };
        match &fact.subject {
            // Nobody takes over what is said about this thing.
            Subject::Named(_) => vec![context(None)],
            _ if workloads.is_empty() => vec![context(None)],
            _ => workloads,
        }
    }

    /// The deployments of a component; one without deployment when nothing deploys it.
    fn deployments(&self, file: FileId, component: ComponentId) -> Vec<FoldContext> {
        let context = |workload| FoldContext {
            file,
            component,
            workload,
        };
        let all = (0..self.workloads.len() as u32).map(WorkloadId);
        let own = all.filter(|id| self.workloads[id.0 as usize].component == component);
        let found: Vec<_> = own.map(|id| context(Some(id))).collect();
        match found.is_empty() {
            true => vec![context(None)],
            false => found,
        }
    }

    /// Whether a configuration server of the run hands a file to a component.
    pub(super) fn is_served(&self, component: ComponentId) -> bool {
        !self.served.files(component).is_empty()
    }

    /// Who does what a fact says in a deployment: code that nobody deploys by itself acts for those that link it.
    pub(super) fn user(&self, context: FoldContext) -> ComponentId {
        match context.workload {
            Some(workload) if !self.deployed.contains(&context.component) => {
                self.workloads[workload.0 as usize].component
            }
            _ => context.component,
        }
    }

    /// Every deployment in which somebody does what a fact says, with who and for what; what a machine wrote is left out.
    pub(super) fn uses(&self, fact: &Fact, contexts: &Contexts, units: &Units) -> Vec<Use> {
        let uses = self.contexts(fact).into_iter().map(|deployment| {
            let user = self.user(deployment);
            let kind = units.components[user.0 as usize].kind;
            Use {
                deployment,
                user,
                context: contexts.fact(fact, kind),
            }
        });
        uses.filter(|one| one.context != Context::Generated)
            .collect()
    }

    /// The repository in whose scopes a fact is folded.
    pub(super) fn repo(&self, context: FoldContext) -> RepoId {
        match context.workload {
            Some(workload) => self.repos[workload.0 as usize],
            None => self.index.files.path(context.file).repo,
        }
    }

    /// The component that a key names in a deployment's repository.
    pub(super) fn entity(&self, key: &Key, context: FoldContext) -> Option<(ComponentId, Hop)> {
        let repo = self.repo(context);
        let component = self.component_of_name(repo, key)?;
        let fact = self.index.about(repo, key).next()?;
        let hop = Hop {
            span: fact.span,
            what: HopKind::Provide,
            name: key.to_string(),
        };
        Some((component, hop))
    }

    /// The network in which a deployment looks up hosts.
    pub(super) fn network(&self, context: FoldContext) -> Option<&str> {
        let workload = &self.workloads[context.workload?.0 as usize];
        workload.network.as_deref()
    }

    /// Everything that runs what a fact is about, each with its network.
    pub(super) fn bearers(&self, fact: &Fact) -> Vec<(ComponentId, Option<&str>)> {
        let heirs = match &fact.subject {
            Subject::Named(key) => self
                .heirs
                .get(&Scope::Named(self.index.repo(fact), key))
                .map_or(&[][..], Vec::as_slice),
            Subject::Here | Subject::File => &[],
        };
        let all = heirs.iter().map(|id| {
            let workload = &self.workloads[id.0 as usize];
            (workload.component, workload.network.as_deref())
        });
        match heirs.is_empty() {
            false => all.collect(),
            true => {
                let bearer = self.bearer(fact).into_iter();
                bearer
                    .map(|one| (one, self.network_of_subject(fact)))
                    .collect()
            }
        }
    }

    /// The network of the thing that a fact is about.
    pub(super) fn network_of_subject(&self, fact: &Fact) -> Option<&str> {
        let Subject::Named(key) = &fact.subject else {
            return None;
        };
        let workload = self.subjects.get(&(self.index.repo(fact), key))?;
        self.workloads[workload.0 as usize].network.as_deref()
    }

    /// The component behind an address, asked from the network of a deployment; `Ok(None)`: outside of the run.
    pub(super) fn host(
        &self,
        address: &Address,
        context: FoldContext,
    ) -> Result<Option<Answer>, Why> {
        self.directory
            .find(address, self.repo(context), self.network(context))
    }
}
