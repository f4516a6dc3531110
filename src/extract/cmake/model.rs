//! What a CMake file builds, put together while its commands are followed.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::Template;

/// Everything that one file says.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) projects: Vec<(String, Range<usize>)>,
    /// In the order of their first mention.
    pub(super) targets: Vec<Target>,
    by_name: BTreeMap<Template, usize>,
    pub(super) aliases: Vec<(Template, Template, Range<usize>)>,
    /// What all targets of the folder and below look through for headers.
    pub(super) include_directories: Vec<(Template, Range<usize>)>,
    /// What all targets of the folder and below link.
    pub(super) links: Vec<Link>,
    pub(super) packages: Vec<Package>,
    /// Prefixes under which targets are exported.
    pub(super) namespaces: Vec<(String, Range<usize>)>,
    /// Folders that are built with this one.
    pub(super) folders: Vec<(Template, Range<usize>)>,
    /// Variables that files in folders below may use.
    pub(super) variables: Vec<(String, Vec<Template>, Range<usize>)>,
}

#[derive(Debug, Default)]
pub(super) struct Target {
    pub(super) name: Template,
    pub(super) kind: Kind,
    pub(super) test: bool,
    pub(super) bytes: Range<usize>,
    pub(super) sources: Vec<(Template, Range<usize>)>,
    pub(super) include_directories: Vec<(Visibility, Template, Range<usize>)>,
    pub(super) links: Vec<Link>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Named, but not made in this file.
    #[default]
    Elsewhere,
    Library,
    Program,
}

/// Who gets what a target says: itself, its users, both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Visibility {
    #[default]
    Public,
    Private,
    Interface,
}

/// A target or a package that is linked.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) visibility: Visibility,
    pub(super) name: Template,
    pub(super) test: bool,
    pub(super) bytes: Range<usize>,
}

/// A package that is looked for.
#[derive(Clone, Debug)]
pub(super) struct Package {
    pub(super) name: Template,
    pub(super) test: bool,
    pub(super) bytes: Range<usize>,
}

impl Visibility {
    pub(super) fn keyword(word: &str) -> Option<Self> {
        Some(match word {
            "PUBLIC" | "LINK_PUBLIC" | "LINK_INTERFACE_LIBRARIES" => Self::Public,
            "PRIVATE" | "LINK_PRIVATE" => Self::Private,
            "INTERFACE" => Self::Interface,
            _ => return None,
        })
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Interface => "interface",
        }
    }
}

impl Model {
    /// The target of a name; made when it is new.
    pub(super) fn target(&mut self, name: &Template, bytes: &Range<usize>) -> &mut Target {
        let next = self.targets.len();
        let at = *self.by_name.entry(name.clone()).or_insert(next);
        if at == next {
            self.targets.push(Target {
                name: name.clone(),
                bytes: bytes.clone(),
                ..Target::default()
            });
        }
        &mut self.targets[at]
    }

    /// Whether this file makes a target or an alias of the name.
    pub(super) fn makes(&self, name: &Template) -> bool {
        let target = self.by_name.get(name).map(|at| &self.targets[*at]);
        target.is_some_and(|target| target.kind != Kind::Elsewhere)
            || self.aliases.iter().any(|(alias, ..)| alias == name)
    }
}
