//! The vocabulary that all stages share: plain data and sinks, no I/O, no imports from other stages.

mod component;
mod dependency;
mod disguise;
mod display;
mod fact;
mod facts;
mod file;
mod finding;
pub mod images;
mod interface;
mod name;
mod organisation;
mod path;
mod progress;
mod quote;
mod resolved;
mod roster;
pub(crate) mod secrets;
mod team;
mod text;
mod words;

pub use component::{Component, ComponentId, ComponentKind, Endpoint, Workload, WorkloadId};
pub use dependency::{
    Access, Certainty, Context, Declared, Dependency, DependencyKind, Evidence, Hop, HopKind,
    Unresolved, Why,
};
pub use disguise::{Disguise, HIDDEN, Known, Sort};
pub use fact::{
    Claim, Condition, Dialect, Fact, Offer, OwnershipSource, Selector, Strength, Subject,
};
pub use facts::{ExtractorId, Facts, FileFacts};
pub use file::{FileClass, FileInfo, FileRow, FileTable, Language, Mode, Parsed, SourceFile};
pub use finding::{
    Allowance, Clause, Finding, Fingerprint, Level, Place, Problem, RuleId, Standing,
};
pub use interface::{Check, Contract, Digest, Format, Gap, Interface, Item, Provider};
pub use name::{Key, Namespace, Part, Ref, Template};
pub use organisation::{
    ComponentOwner, Member, Organisation, Owned, OwnerSet, OwnerSetId, OwnershipLine, Stranger,
    TeamId, TeamNode, Voice,
};
pub use path::{FileId, RepoId, RepoPath, Span, join, parent, within};
pub use progress::{NoProgress, Progress};
pub use quote::{is_unsafe, toml_string};
pub use resolved::{CargoCoverage, Link, LinkEnd, ManifestGap, Resolved, Target};
pub use roster::{Column, GivenRoster, RosterFormat};
pub use team::{Owner, OwnerForm, Person, Team, TeamKind};
pub use text::{LineTable, Position, Texts, Touched, without_bom};
