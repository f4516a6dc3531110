//! Components: what is built, deployed or kept as one thing.

use super::{FileId, Key, RepoPath};

/// An index into the run's list of components.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentId(pub u32);

/// An index into the run's list of workloads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkloadId(pub u32);

/// What is built, deployed or kept as one thing: the node of the component graph.
#[derive(Clone, Debug)]
pub struct Component {
    /// Unique in the run and independent of the checkout's place.
    pub id: String,
    /// The deployable's name, else the package's.
    pub name: String,
    pub kind: ComponentKind,
    /// The folder of its code; `None` for what only a manifest names.
    pub root: Option<RepoPath>,
    /// The file that declares it.
    pub declared_in: Option<FileId>,
    /// Every other name that it goes by.
    pub aliases: Vec<Key>,
    pub workloads: Vec<WorkloadId>,
    /// The configuration declares it a library for all teams.
    pub shared: bool,
}

impl Component {
    /// Its other names, as people write them: of packages, deployments, hosts; sorted.
    pub fn other_names(&self) -> Vec<String> {
        let names = self.aliases.iter().map(|key| {
            let name = key.name.to_string();
            match (key.namespace.0, name.rsplit_once('/')) {
                // The kind of the object in front says nothing.
                ("k8s", Some((_, name))) => name.to_owned(),
                _ => name,
            }
        });
        let mut names: Vec<String> = names
            .filter(|name| !name.is_empty() && *name != self.name)
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

/// One deployment of a component: the context in which references are folded.
#[derive(Clone, Debug)]
pub struct Workload {
    pub subject: Key,
    pub component: ComponentId,
    /// The network in which its host names are looked up.
    pub network: Option<String>,
}

/// What a component is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComponentKind {
    Service,
    Job,
    #[default]
    Library,
    /// IDL, or generated from it, or named and pure like it.
    Contract,
    Tool,
    Test,
    /// Puts other components together: a composition root, a workspace-hack package.
    Orchestrator,
    Website,
    Gateway,
    Datastore,
    Broker,
    Volume,
    Infrastructure,
    External,
    /// The files of a repository that lie in no component.
    Rest,
}

impl ComponentKind {
    /// Every kind with its text.
    pub const ALL: &[(ComponentKind, &str)] = &[
        (ComponentKind::Service, "service"),
        (ComponentKind::Job, "job"),
        (ComponentKind::Library, "library"),
        (ComponentKind::Contract, "contract"),
        (ComponentKind::Tool, "tool"),
        (ComponentKind::Test, "test"),
        (ComponentKind::Orchestrator, "orchestrator"),
        (ComponentKind::Website, "website"),
        (ComponentKind::Gateway, "gateway"),
        (ComponentKind::Datastore, "datastore"),
        (ComponentKind::Broker, "broker"),
        (ComponentKind::Volume, "volume"),
        (ComponentKind::Infrastructure, "infrastructure"),
        (ComponentKind::External, "external"),
        (ComponentKind::Rest, "rest"),
    ];

    /// The text of the kind.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, text)| text)
    }

    /// The kind with this text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(kind, _)| *kind)
    }

    /// Whether it is code that somebody writes, rather than a resource, a stranger or a remainder.
    pub fn is_code(self) -> bool {
        !matches!(
            self,
            Self::Datastore
                | Self::Broker
                | Self::Volume
                | Self::Infrastructure
                | Self::External
                | Self::Rest
        )
    }
}

/// One end of a dependency: the path decides the team, the component the node, the unit the identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    pub component: ComponentId,
    /// Package, namespace or component: a canonical name (`cargo:cart-api`), never a path where a name exists.
    pub unit: String,
    /// The file whose owners are judged; `None`: the owners of the component.
    pub path: Option<FileId>,
    /// What is used at the far end: a table, an operation, a topic, a file.
    pub symbol: Option<String>,
}
