//! Dependencies between components, with the chain of evidence that shows each of them.

use super::{Allowance, Endpoint, Span};

/// How one component depends on another; the groups are `link`, `data`, `mem`, `door`, `call`, `event`, `reach`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependencyKind {
    LinkImpl,
    LinkSplice,
    LinkContract,
    LinkContractImpure,
    LinkLib,
    /// A connection to a store, whatever is done there.
    DataUse,
    DataRead,
    DataWrite,
    DataForeignKey,
    DataDdl,
    DataSharedDb,
    DataSharedCredential,
    DataCdc,
    DataExport,
    MemShm,
    MemVolume,
    MemNamespace,
    DoorExec,
    DoorSocket,
    DoorConfig,
    DoorPrivate,
    DoorTest,
    DoorCi,
    DoorAdmin,
    CallHttp,
    CallGrpc,
    CallGraphql,
    CallSoap,
    CallRpc,
    CallInvoke,
    CallRoute,
    EventPub,
    EventSub,
    Reach,
}

impl DependencyKind {
    /// Every kind with its text.
    pub const ALL: &[(DependencyKind, &str)] = &[
        (DependencyKind::LinkImpl, "link.impl"),
        (DependencyKind::LinkSplice, "link.splice"),
        (DependencyKind::LinkContract, "link.contract"),
        (DependencyKind::LinkContractImpure, "link.contract-impure"),
        (DependencyKind::LinkLib, "link.lib"),
        (DependencyKind::DataUse, "data.use"),
        (DependencyKind::DataRead, "data.read"),
        (DependencyKind::DataWrite, "data.write"),
        (DependencyKind::DataForeignKey, "data.fk"),
        (DependencyKind::DataDdl, "data.ddl"),
        (DependencyKind::DataSharedDb, "data.shared-db"),
        (DependencyKind::DataSharedCredential, "data.shared-cred"),
        (DependencyKind::DataCdc, "data.cdc"),
        (DependencyKind::DataExport, "data.export"),
        (DependencyKind::MemShm, "mem.shm"),
        (DependencyKind::MemVolume, "mem.volume"),
        (DependencyKind::MemNamespace, "mem.ns"),
        (DependencyKind::DoorExec, "door.exec"),
        (DependencyKind::DoorSocket, "door.socket"),
        (DependencyKind::DoorConfig, "door.config"),
        (DependencyKind::DoorPrivate, "door.private"),
        (DependencyKind::DoorTest, "door.test"),
        (DependencyKind::DoorCi, "door.ci"),
        (DependencyKind::DoorAdmin, "door.admin"),
        (DependencyKind::CallHttp, "call.http"),
        (DependencyKind::CallGrpc, "call.grpc"),
        (DependencyKind::CallGraphql, "call.graphql"),
        (DependencyKind::CallSoap, "call.soap"),
        (DependencyKind::CallRpc, "call.rpc"),
        (DependencyKind::CallInvoke, "call.invoke"),
        (DependencyKind::CallRoute, "call.route"),
        (DependencyKind::EventPub, "event.pub"),
        (DependencyKind::EventSub, "event.sub"),
        (DependencyKind::Reach, "reach"),
    ];

    /// The text of the kind.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, text)| text)
    }

    /// The group of the kind: what stands before the dot.
    pub fn group(self) -> &'static str {
        self.as_str().split('.').next().unwrap_or("")
    }

    /// Every group, in the order of the mandate.
    pub const GROUPS: &[&str] = &["link", "data", "mem", "door", "call", "event", "reach"];
}

/// How a name is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    #[default]
    Use,
    Read,
    Write,
    ReadWrite,
}

/// How sure a fact or an edge is; an edge takes the weakest hop of its best chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// A default or a unique name was taken for the truth.
    Inferred,
    /// Seen in code.
    Observed,
    /// Said by a manifest.
    Declared,
}

impl Certainty {
    /// The text of the certainty.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inferred => "inferred",
            Self::Observed => "observed",
            Self::Declared => "declared",
        }
    }
}

/// What the code is for; only production is denied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    #[default]
    Production,
    Build,
    Development,
    Test,
    Generated,
}

impl Context {
    /// The text of the context.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Build => "build",
            Self::Development => "development",
            Self::Test => "test",
            Self::Generated => "generated",
        }
    }

    /// The context of what holds in both: production only if both are.
    pub fn join(self, other: Self) -> Self {
        self.max(other)
    }
}

/// A dependency of one component on another, merged over all its sites.
#[derive(Clone, Debug)]
pub struct Dependency {
    pub from: Endpoint,
    pub to: Endpoint,
    pub kind: DependencyKind,
    pub access: Access,
    pub certainty: Certainty,
    pub context: Context,
    /// Profiles, overlays, programs in which it holds; empty: in all.
    pub variants: Vec<String>,
    /// Whether the contract of the far end has the operation.
    pub declared: Declared,
    /// The number of sites: distinct files.
    pub count: u32,
    /// Never empty; the first few chains.
    pub evidence: Vec<Evidence>,
    /// What comments beside the sites accept, sorted; every site has an allowance for each of these rules.
    pub allowed: Vec<Allowance>,
}

/// Does the contract of the far end have the operation?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Declared {
    Yes,
    No,
    #[default]
    Unjudged,
}

/// One chain from a site to the far end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// Never empty; the first hop is the site.
    pub chain: Vec<Hop>,
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hop {
    pub span: Span,
    pub what: HopKind,
    /// What is named there.
    pub name: String,
}

/// What a step of a chain does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HopKind {
    Use,
    Default,
    Bind,
    Inherit,
    Run,
    Route,
    Provide,
}

impl HopKind {
    /// The text of the step.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Use => "uses",
            Self::Default => "defaults to",
            Self::Bind => "binds",
            Self::Inherit => "inherits",
            Self::Run => "runs",
            Self::Route => "routes to",
            Self::Provide => "provides",
        }
    }
}

/// A site whose far end is not known: counted and shown, never dropped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unresolved {
    pub span: Span,
    pub kind: DependencyKind,
    /// The name as far as it could be folded.
    pub name: String,
    pub why: Why,
}

/// Why a site is unresolved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The first reference that nothing binds.
    Unbound(String),
    /// Nothing in the run offers the name, and it is not known to be outside.
    NotFound,
    /// Several things offer it.
    Ambiguous(Vec<String>),
    /// A bound on folding was reached.
    TooDeep,
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unbound(key) => write!(f, "nothing binds {key}"),
            Self::NotFound => f.write_str("nothing here offers it"),
            Self::Ambiguous(names) => write!(f, "ambiguous: {}", names.join(", ")),
            Self::TooDeep => f.write_str("too many references"),
        }
    }
}
