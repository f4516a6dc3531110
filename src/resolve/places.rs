//! Pass 8: places in which names live: hosts in a workload's network, things that manifests name, stores.

use std::collections::{BTreeSet, HashMap};

use super::fold::Context as FoldContext;
use super::index::Index;
use super::scopes::{self, Scope};
use crate::model::{
    Certainty, ComponentId, Fact, FileId, Hop, HopKind, Key, RepoId, Subject, Why, Workload,
    WorkloadId,
};

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
    /// The workloads that contain a component: its own, and those of programs that link it.
    containing: HashMap<ComponentId, Vec<WorkloadId>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(
        index: &'a Index<'a>,
        component_of: &'a [ComponentId],
        workloads: &'a [Workload],
        subjects: &[(&'a Key, ComponentId, RepoId)],
        linked: &BTreeSet<(ComponentId, ComponentId)>,
    ) -> Self {
        let mut containing: HashMap<ComponentId, Vec<WorkloadId>> = HashMap::new();
        for (number, workload) in workloads.iter().enumerate() {
            let mut open = vec![workload.component];
            let mut seen = BTreeSet::from([workload.component]);
            while let Some(at) = open.pop() {
                containing
                    .entry(at)
                    .or_default()
                    .push(WorkloadId(number as u32));
                for (_, to) in linked.range((at, ComponentId(0))..=(at, ComponentId(u32::MAX))) {
                    if seen.insert(*to) {
                        open.push(*to);
                    }
                }
            }
        }
        let mut heirs: HashMap<Scope<'a>, Vec<WorkloadId>> = HashMap::new();
        let mut own = HashMap::new();
        for (number, (key, _, repo)) in subjects.iter().enumerate() {
            let workload = WorkloadId(number as u32);
            own.insert((*repo, *key), workload);
            for scope in scopes::taken_over(key, *repo, index) {
                heirs.entry(scope).or_default().push(workload);
            }
        }
        Self {
            index,
            component_of,
            workloads,
            subjects: own,
            repos: subjects.iter().map(|(.., repo)| *repo).collect(),
            heirs,
            containing,
        }
    }

    /// The component that a fact is about: the one around the file, or the thing that it names.
    pub(super) fn component_of_subject(&self, fact: &Fact) -> ComponentId {
        match &fact.subject {
            Subject::Named(key) => self.component_of_name(self.index.repo(fact), key),
            Subject::Here | Subject::File => None,
        }
        .unwrap_or_else(|| self.component_of_file(fact.span.file))
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
        let component = self.component_of_file(file);
        let context = |workload| FoldContext {
            file,
            component,
            workload,
        };
        match (&fact.subject, self.containing.get(&component)) {
            // Nobody takes over what is said about this thing.
            (Subject::Named(_), _) | (_, None) => vec![context(None)],
            (_, Some(workloads)) => workloads.iter().map(|id| context(Some(*id))).collect(),
        }
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

    /// The component behind a host name in the network of a deployment; `Ok(None)`: outside of the run.
    pub(super) fn host(
        &self,
        host: &str,
        context: FoldContext,
    ) -> Result<Option<(ComponentId, Option<Hop>, Certainty)>, Why> {
        let repo = self.repo(context);
        let network = self.network(context);
        let (name, wanted) = match cluster_name(host) {
            Some((name, namespace)) => (name, Some(format!("k8s:{namespace}"))),
            None => (host, network.map(str::to_owned)),
        };
        let mut found: Vec<(ComponentId, Hop)> = Vec::new();
        for (fact, key, _) in self.index.provides("host", name) {
            let there = self.index.repo(fact);
            // Hosts never cross repositories, unless the name says where: a cluster-wide name.
            let same_repo = there == repo || cluster_name(host).is_some();
            let same_network = match (&wanted, key.at.as_text()) {
                (Some(wanted), Some(at)) => at == wanted,
                (None, _) => true,
                (Some(_), None) => false,
            };
            if !same_repo || !same_network {
                continue;
            }
            let component = self.component_of_subject(fact);
            if !found.iter().any(|(other, _)| *other == component) {
                let hop = Hop {
                    span: fact.span,
                    what: HopKind::Provide,
                    name: format!("host {name}"),
                };
                found.push((component, hop));
            }
        }
        match found.len() {
            0 if host.contains('.') && cluster_name(host).is_none() => Ok(None),
            0 => Err(Why::NotFound),
            1 => {
                let (component, hop) = found.remove(0);
                // Without a deployment of its own the caller's network is a guess.
                let certainty = match &wanted {
                    Some(_) => Certainty::Declared,
                    None => Certainty::Inferred,
                };
                Ok(Some((component, Some(hop), certainty)))
            }
            _ => Err(Why::Ambiguous(
                found.iter().map(|(_, hop)| hop.name.clone()).collect(),
            )),
        }
    }
}

/// Service and namespace of a Kubernetes name: `cart.shop`, `cart.shop.svc`, `cart.shop.svc.cluster.local`.
fn cluster_name(host: &str) -> Option<(&str, &str)> {
    let mut labels = host.split('.');
    let (name, namespace) = (labels.next()?, labels.next()?);
    match (labels.next(), labels.next(), labels.next(), labels.next()) {
        (Some("svc"), None, ..) | (Some("svc"), Some("cluster"), Some("local"), None) => {
            Some((name, namespace))
        }
        _ => None,
    }
}
