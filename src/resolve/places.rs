//! Pass 8: places in which names live: hosts in a workload's network, things that manifests name, stores.

use std::collections::{BTreeSet, HashMap};

use super::fold::Context as FoldContext;
use super::index::Index;
use crate::model::{
    Certainty, ComponentId, Fact, FileId, Hop, HopKind, Key, RepoId, Subject, Why, Workload,
    WorkloadId,
};

/// Hosts, workloads and named things of the run.
pub(super) struct Places<'a> {
    index: &'a Index<'a>,
    component_of: &'a [ComponentId],
    workloads: &'a [Workload],
    /// The component of each named thing.
    subjects: HashMap<&'a Key, ComponentId>,
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
        Self {
            index,
            component_of,
            workloads,
            subjects: subjects.iter().map(|(key, id, _)| (*key, *id)).collect(),
            containing,
        }
    }

    /// The component that a fact is about: the one around the file, or the thing that it names.
    pub(super) fn component_of_subject(&self, fact: &Fact) -> ComponentId {
        match &fact.subject {
            Subject::Named(key) => self.subjects.get(key).copied(),
            Subject::Here | Subject::File => None,
        }
        .unwrap_or_else(|| self.component_of_file(fact.span.file))
    }

    /// The component around a file.
    pub(super) fn component_of_file(&self, file: FileId) -> ComponentId {
        self.component_of[file.0 as usize]
    }

    /// Every deployment in which a fact is to be folded; one without deployment when nothing deploys it.
    pub(super) fn contexts(&self, fact: &Fact) -> Vec<FoldContext> {
        let component = self.component_of_subject(fact);
        let context = |workload| FoldContext {
            file: fact.span.file,
            component,
            workload,
        };
        if let Subject::Named(key) = &fact.subject {
            let own = self
                .workloads
                .iter()
                .position(|workload| &workload.subject == key);
            return vec![context(own.map(|number| WorkloadId(number as u32)))];
        }
        match self.containing.get(&component) {
            Some(workloads) => workloads.iter().map(|id| context(Some(*id))).collect(),
            None => vec![context(None)],
        }
    }

    /// The component that a key names.
    pub(super) fn entity(&self, key: &Key) -> Option<(ComponentId, Hop)> {
        let component = *self.subjects.get(key)?;
        let fact = self.index.about(key).next()?;
        let hop = Hop {
            span: fact.span,
            what: HopKind::Provide,
            name: key.to_string(),
        };
        Some((component, hop))
    }

    /// The component behind a host name in the network of a deployment; `Ok(None)`: outside of the run.
    pub(super) fn host(
        &self,
        host: &str,
        context: FoldContext,
    ) -> Result<Option<(ComponentId, Option<Hop>, Certainty)>, Why> {
        let repo = self.index.files.path(context.file).repo;
        let workload = context.workload.map(|id| &self.workloads[id.0 as usize]);
        let network = workload.and_then(|workload| workload.network.as_deref());
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
