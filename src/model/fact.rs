//! A fact: what one file says, before anything is joined.

use super::{
    Access, Certainty, ComponentKind, Context, DependencyKind, ExtractorId, Interface, Key, Owner,
    Person, Span, Team, Template,
};

/// What one file says; joined later, never corrected.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub subject: Subject,
    pub claim: Claim,
    pub span: Span,
    pub extractor: ExtractorId,
    pub certainty: Certainty,
    /// A hint; the final context joins fact, class of the file and kind of the component.
    pub context: Context,
    /// All must hold.
    pub when: Vec<Condition>,
}

/// Whom a fact is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The unit or component that encloses the file.
    Here,
    /// The file itself, as a scope of bindings.
    File,
    /// A thing that the file names.
    Named(Key),
}

/// When a fact holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// Profile, overlay, compose file, build tag.
    Variant(Box<str>),
    /// Only if the component depends on this package.
    Uses(Key),
}

/// What is said. Closed: a new kind of claim is a change of architecture.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// The subject is a thing of its own; its root is the folder of the file when the subject is `Here`.
    Component {
        kind: ComponentKind,
        name: Option<Template>,
    },
    /// The subject offers this name.
    Provides {
        key: Key,
        how: Offer,
    },
    /// The subject uses this name, at `count` places of the file.
    Requires {
        key: Key,
        kind: DependencyKind,
        access: Access,
        count: u32,
    },
    /// In the subject's scope, `key` means `value`; a pair of stars is a rewrite rule.
    Binds {
        key: Key,
        value: Template,
    },
    /// The subject is an instance of, or fronts, an image, a folder, a project, a selection of pods.
    Runs {
        what: Key,
        entry: Option<Template>,
    },
    /// What is bound in or required by `from` holds for the subject; the later span wins.
    Inherits {
        from: Key,
        prefix: Option<Template>,
    },
    /// Empty `owners`: explicitly unowned. `cut`: nothing is taken over from above; of paths: they are taken out.
    Owns {
        source: OwnershipSource,
        what: Selector,
        owners: Vec<Owner>,
        strength: Strength,
        cut: bool,
    },
    Team(Box<Team>),
    Person(Box<Person>),
    /// The header of a contract; its operations are `Provides { how: Declares }` of the same subject.
    Interface(Box<Interface>),
}

/// How a name is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Offer {
    /// Serves or builds it.
    Implements,
    /// DDL, infrastructure as code.
    Creates,
    /// Contract, IDL.
    Declares,
    /// Object-relational mapping: the weakest owner.
    Maps,
}

/// What an ownership statement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    Paths {
        pattern: Box<str>,
        dialect: Dialect,
        section: Option<Box<str>>,
    },
    /// The folder of the file and all below.
    Subtree,
    File,
    Subject,
    Name(Key),
    /// Nothing: the line cannot be read and does not count.
    Unreadable {
        dialect: Dialect,
        text: Box<str>,
        why: Box<str>,
    },
}

/// Whose rules a path pattern follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    GitHub,
    GitLab,
    Bitbucket,
    /// Regular expressions over the whole path, of Gitea and Forgejo.
    Gitea,
    /// Regular expressions below the folder of a Kubernetes OWNERS file.
    Kubernetes,
    /// `per-file` of Gerrit.
    Gerrit,
    /// `F:`, `X:` and `N:` of Linux, `files:` and `files-regex:` of Zephyr, with their tags.
    Maintainers,
    /// Starts of paths, of Ansible.
    Botmeta,
    /// Globs over the whole path, `**` for any number of folders.
    Glob,
}

/// Where a statement of ownership stands; the earlier in this list, the more it counts unless the configuration says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnershipSource {
    Configuration,
    /// In the owned file itself.
    Annotation,
    Codeowners,
    /// Files that describe teams and what they own.
    TeamFile,
    /// Descriptors of software catalogs.
    Catalog,
    /// Manifests of packages.
    Manifest,
    /// Labels and tags of deployed resources.
    Label,
    /// OWNERS files of folders.
    OwnersFile,
    Maintainers,
}

impl OwnershipSource {
    /// Every source with its text.
    pub const ALL: &[(OwnershipSource, &str)] = &[
        (OwnershipSource::Configuration, "configuration"),
        (OwnershipSource::Annotation, "annotation"),
        (OwnershipSource::Codeowners, "codeowners"),
        (OwnershipSource::TeamFile, "team-file"),
        (OwnershipSource::Catalog, "catalog"),
        (OwnershipSource::Manifest, "manifest"),
        (OwnershipSource::Label, "label"),
        (OwnershipSource::OwnersFile, "owners"),
        (OwnershipSource::Maintainers, "maintainers"),
    ];

    /// The text of the source.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(source, _)| *source == self)
            .map_or("", |(_, text)| text)
    }
}

/// How binding an ownership statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    Required,
    Optional,
    Contact,
}
