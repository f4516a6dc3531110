//! Which package does an entry of a dependency table mean, and where does it come from?
//!
//! Source: <https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html>

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::extract::git;
use crate::extract::tables::{Value, Wrong, entry_span};
use crate::model::{Key, Part, Template, join};

/// One entry of a dependency table.
#[derive(Debug)]
pub(super) struct Dependency<'v> {
    /// What the code calls it, before `-` becomes `_`.
    pub(super) key: &'v str,
    /// The package's own name when the entry renames it.
    pub(super) package: Option<&'v str>,
    pub(super) origin: Origin,
    pub(super) optional: bool,
    /// Enabled features with their places.
    pub(super) features: Vec<(&'v str, Range<usize>)>,
    pub(super) span: Range<usize>,
}

/// Where a package comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// `workspace = true`: the workspace's root says it.
    Workspace,
    /// A folder of this repository, or `outside:` and the text as written.
    Folder(String),
    /// A repository's normalised address.
    Git(String),
    /// Another registry than crates.io.
    Registry(String),
    CratesIo,
    /// A path below a base that Cargo's configuration defines, or an origin of the wrong shape.
    Unknown,
}

impl<'v> Dependency<'v> {
    /// Reads all entries of a table; what is neither text nor table is noted.
    pub(super) fn all(table: &'v DeTable<'_>, folder: &str, wrong: &mut Wrong) -> Vec<Self> {
        table
            .iter()
            .filter_map(|(key, value)| Self::read(key.get_ref(), key.span(), value, folder, wrong))
            .collect()
    }

    fn read(
        key: &'v str,
        key_span: Range<usize>,
        value: &'v Value<'_>,
        folder: &str,
        wrong: &mut Wrong,
    ) -> Option<Self> {
        let span = entry_span(&key_span, value);
        let table = match value.get_ref() {
            DeValue::String(_) => {
                return Some(Self {
                    key,
                    package: None,
                    origin: Origin::CratesIo,
                    optional: false,
                    features: Vec::new(),
                    span,
                });
            }
            DeValue::Table(table) => table,
            _ => {
                let message = format!("dependency `{key}` must be a version or a table");
                wrong.note(value.span(), message);
                return None;
            }
        };
        let mut features = Vec::new();
        for feature in wrong.list(table, "features") {
            match feature.get_ref().as_str() {
                Some(name) => features.push((name, feature.span())),
                None => wrong.note(feature.span(), "a feature must be text"),
            }
        }
        Some(Self {
            key,
            package: wrong.text(table, "package"),
            origin: Origin::read(table, folder, wrong),
            optional: wrong.truth(table, "optional"),
            features,
            span,
        })
    }

    /// The name that code uses.
    pub(super) fn extern_name(&self) -> String {
        self.key.replace('-', "_")
    }

    /// The package, with patches applied and the workspace asked.
    pub(super) fn target(&self) -> Key {
        let name = self.package.unwrap_or(self.key);
        match self.origin {
            Origin::Workspace => Key::at("cargo", self.place(), self.workspace_package()),
            _ => Key::at("cargo", self.place(), name),
        }
    }

    /// A feature of the package: `package/feature` in the place of the package.
    pub(super) fn feature(&self, feature: &str) -> Key {
        let Key { at, mut name, .. } = self.target();
        name.extend(&Template::text(format!("/{feature}")));
        Key::at("cargo-feature", at, name)
    }

    /// The place of the package, with patches applied and the workspace asked.
    pub(super) fn place(&self) -> Template {
        let name = self.package.unwrap_or(self.key);
        let patch = match &self.origin {
            Origin::Workspace => return Key::new("cargo-workspace", self.key).into(),
            Origin::CratesIo => Key::new("cargo-patch", name),
            Origin::Git(_) => Key::at("cargo-patch", self.origin.place(), name),
            Origin::Folder(_) | Origin::Registry(_) | Origin::Unknown => {
                return self.origin.place();
            }
        };
        Template::reference(patch, Some(self.origin.place()))
    }

    fn workspace_package(&self) -> Template {
        let key = Key::new("cargo-workspace-package", self.key);
        Template::reference(key, Some(self.key.into()))
    }
}

impl Origin {
    /// The place alone, as the entry says it.
    pub(super) fn place(&self) -> Template {
        match self {
            Self::Folder(folder) => folder.as_str().into(),
            Self::Git(url) => format!("git:{url}").into(),
            Self::Registry(name) => format!("registry:{name}").into(),
            Self::CratesIo => "registry:crates-io".into(),
            Self::Workspace | Self::Unknown => Template(vec![Part::Hole]),
        }
    }

    fn read(table: &DeTable<'_>, folder: &str, wrong: &mut Wrong) -> Self {
        if wrong.truth(table, "workspace") {
            return Self::Workspace;
        }
        if let Some(path) = wrong.text(table, "path") {
            if table.contains_key("base") {
                return Self::Unknown;
            }
            return Self::Folder(place_of_path(folder, path));
        }
        if let Some(url) = wrong.text(table, "git") {
            return Self::Git(git::normalise(url).unwrap_or_else(|| url.to_owned()));
        }
        let registry = wrong
            .text(table, "registry")
            .or_else(|| wrong.text(table, "registry-index"));
        if table.contains_key("path") || table.contains_key("git") {
            return Self::Unknown;
        }
        match registry {
            None | Some("crates-io") => Self::CratesIo,
            Some(name) => Self::Registry(name.to_owned()),
        }
    }
}

/// `path:` and the folder that a path means, or `outside:` and the path when it leaves the root.
pub(super) fn place_of_path(folder: &str, path: &str) -> String {
    match join(folder, &path.replace('\\', "/")) {
        Some(folder) => format!("path:{folder}"),
        None => format!("outside:{path}"),
    }
}

/// Whether a feature opens what its package keeps to itself.
pub(super) fn opens_internals(feature: &str) -> bool {
    const NAMES: &[&str] = &[
        "internal",
        "test-support",
        "test-util",
        "test-utils",
        "testing",
        "unstable",
    ];
    const PREFIXES: &[&str] = &["__", "internal-", "internal_", "unstable-", "unstable_"];
    NAMES.contains(&feature) || PREFIXES.iter().any(|prefix| feature.starts_with(prefix))
}
