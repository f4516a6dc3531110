//! One requirement as Python's tools write it: `acme-cart[redis] >= 1; python_version < "3.13"`, `x @ file:../x`, `-e ../x`.
//!
//! Sources: <https://packaging.python.org/en/latest/specifications/dependency-specifiers/>,
//! <https://pip.pypa.io/en/stable/reference/requirement-specifiers/>

use std::ops::Range;

use crate::extract::git;
use crate::model::{
    Certainty, Claim, Condition, Context, DependencyKind, Facts, Key, Subject, Template, join,
    parent,
};

/// A distribution that something requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement<'a> {
    /// `None` when only its place is told.
    pub(super) name: Option<&'a str>,
    pub(super) place: Place<'a>,
    pub(super) marker: Option<&'a str>,
}

/// Where a distribution comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    Registry,
    /// A folder, relative to that of the manifest.
    Path(&'a str),
    /// A git repository.
    Git(&'a str),
    /// An archive or another place that is no folder of the tree.
    Elsewhere,
}

/// What the section of a manifest says of its requirements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) context: Context,
    pub(super) optional: bool,
}

impl Section {
    pub(super) const PRODUCTION: Self = Self::of(Context::Production);
    pub(super) const BUILD: Self = Self::of(Context::Build);
    pub(super) const TEST: Self = Self::of(Context::Test);
    pub(super) const DEVELOPMENT: Self = Self::of(Context::Development);

    const fn of(context: Context) -> Self {
        Self {
            context,
            optional: false,
        }
    }

    /// An extra, which users of the distribution may ask for; those for its own developers say so by their names.
    pub(super) fn extra(name: &str) -> Self {
        let context = context_of(name).unwrap_or(Context::Production);
        Self {
            context,
            optional: context == Context::Production,
        }
    }

    /// A group of requirements that is never published.
    pub(super) fn group(name: &str) -> Self {
        Self::of(context_of(name).unwrap_or(Context::Development))
    }
}

/// What a group of requirements is for, as far as its name says.
pub(super) fn context_of(name: &str) -> Option<Context> {
    let lower = name.to_ascii_lowercase();
    let words = || lower.split(|c: char| !c.is_ascii_alphanumeric());
    let has = |list: &[&str]| words().any(|word| list.contains(&word));
    if has(&["test", "tests", "testing", "pytest", "e2e"]) {
        Some(Context::Test)
    } else if has(&[
        "dev",
        "develop",
        "development",
        "lint",
        "linting",
        "doc",
        "docs",
        "typing",
        "mypy",
        "style",
        "ci",
        "benchmark",
        "benchmarks",
        "precommit",
        "format",
        "ruff",
        "local",
        "release",
        "tox",
        "pkgutils",
    ]) {
        Some(Context::Development)
    } else {
        None
    }
}

impl<'a> Requirement<'a> {
    /// Reads a dependency specifier, or what pip accepts in its place: a path or an address.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        if is_address(text) || is_path(text) {
            return Some(Self::address(text));
        }
        let end = text
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
            .unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if !is_name(name) {
            return None;
        }
        let mut rest = rest.trim_start();
        if let Some(extras) = rest.strip_prefix('[') {
            rest = extras.split_once(']')?.1.trim_start();
        }
        if let Some(address) = rest.strip_prefix('@') {
            let found = Self::address(address.trim());
            return Some(Self {
                name: Some(name),
                ..found
            });
        }
        let (version, marker) = match rest.split_once(';') {
            Some((version, marker)) => (version, Some(marker.trim())),
            None => (rest, None),
        };
        let is_version = version.trim().chars().next().is_none_or(|c| {
            matches!(c, '=' | '<' | '>' | '!' | '~' | '(' | '*' | '^') || c.is_whitespace()
        });
        is_version.then_some(Self {
            name: Some(name),
            place: Place::Registry,
            marker,
        })
    }

    /// Reads a path or an address, with the name in `#egg=` if there is one.
    pub(super) fn address(text: &'a str) -> Self {
        // A marker behind an address needs a space in front of it.
        let (text, marker) = match text.split_once(" ;") {
            Some((text, marker)) => (text.trim(), Some(marker.trim())),
            None => (text, None),
        };
        let (address, fragment) = text.split_once('#').unwrap_or((text, ""));
        let egg = fragment
            .split('&')
            .find_map(|pair| pair.strip_prefix("egg="))
            .map(|name| name.split('[').next().unwrap_or(name));
        let place = if let Some(git) = address.strip_prefix("git+") {
            Place::Git(git)
        } else if let Some(path) = address.strip_prefix("file:") {
            match path.strip_prefix("//") {
                // `file:///…` is a path of the machine, unless it starts from the project.
                Some(path) => match after_project(path.trim_start_matches('/')) {
                    Some(path) => Place::Path(path),
                    None => Place::Elsewhere,
                },
                None => Place::Path(path),
            }
        } else if address.starts_with('{') || address.starts_with("${") {
            match after_project(address) {
                Some(path) => Place::Path(path),
                None => Place::Elsewhere,
            }
        } else if address.contains("://") || address.starts_with('/') {
            Place::Elsewhere
        } else {
            Place::Path(address)
        };
        let place = match place {
            // Extras may follow a path: `-e .[dev]`.
            Place::Path(path) => Place::Path(path.split('[').next().unwrap_or(path)),
            place => place,
        };
        Self {
            name: egg.filter(|name| is_name(name)),
            place,
            marker,
        }
    }
}

/// What follows the folder of the project, as hatch and PDM write it.
///
/// Sources: <https://hatch.pypa.io/latest/config/context/#paths>, <https://pdm-project.org/latest/usage/dependency/>
fn after_project(text: &str) -> Option<&str> {
    let rest = ["{root:uri}", "{root}", "${PROJECT_ROOT}", "{root:real}"]
        .iter()
        .find_map(|start| text.strip_prefix(start))?;
    Some(rest.trim_start_matches('/'))
}

fn is_address(text: &str) -> bool {
    let scheme = text.split(':').next().unwrap_or("");
    text.contains("://") && !scheme.contains([' ', '@', '[', '=']) || text.starts_with("file:")
}

fn is_path(text: &str) -> bool {
    text.starts_with("./")
        || text.starts_with("../")
        || text.starts_with('/')
        || text == "."
        || text == ".."
        || text.starts_with(".[")
}

/// Letters, digits, `-`, `_` and `.`, and no sign at the ends.
pub(super) fn is_name(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.chars().all(inner)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// A distribution's name in the one form in which equal names are equal text; <https://peps.python.org/pep-0503/#normalized-names>.
pub(super) fn normalise(name: &str) -> String {
    let words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}

/// States that the component in `folder` requires a distribution.
pub(super) fn require(
    requirement: &Requirement<'_>,
    section: Section,
    folder: &str,
    bytes: Range<usize>,
    facts: &mut Facts<'_>,
) {
    let name = requirement.name.map(normalise);
    let place = match &requirement.place {
        Place::Registry => Template::text("registry:pypi"),
        Place::Git(url) => {
            let url = before_revision(url);
            let url = git::normalise(url).unwrap_or_else(|| url.to_owned());
            Template::text(format!("git:{url}"))
        }
        Place::Path(path) => match folder_of(path, folder) {
            Some(path) => Template::text(format!("path:{path}")),
            None => Template::text(format!("outside:{path}")),
        },
        Place::Elsewhere => Template::text("url"),
    };
    let name = match (name, &requirement.place) {
        (Some(name), _) => Template::text(name),
        // The manifest in that folder tells the name.
        (None, Place::Path(path)) => match folder_of(path, folder) {
            Some(path) => Template::from(Key::new("pypi-name", path)),
            None => return,
        },
        (None, _) => return,
    };
    let claim = Claim::Requires {
        key: Key::at("pypi", place, name),
        kind: DependencyKind::LinkImpl,
        access: Default::default(),
        count: 1,
    };
    let fact = facts.push(Subject::Here, claim, bytes);
    fact.certainty = Certainty::Declared;
    // The section alone: what the manifest's own path tells joins when resolving.
    fact.context = section.context;
    if section.optional {
        fact.when.push(Condition::Variant("optional".into()));
    }
    if let Some(marker) = requirement.marker.filter(|marker| !marker.is_empty()) {
        fact.when.push(Condition::Variant(marker.into()));
    }
}

/// The folder that a path names; a file in it stands for the folder when it is a manifest, and for nothing else.
fn folder_of(path: &str, folder: &str) -> Option<String> {
    let path = path.trim().replace('\\', "/");
    let joined = join(folder, &path)?;
    match joined.rsplit('/').next() {
        Some("setup.py" | "pyproject.toml") => Some(parent(&joined).to_owned()),
        _ => Some(joined),
    }
}

/// The address of a repository without `@revision` behind its path.
fn before_revision(url: &str) -> &str {
    let path = url.find("://").map_or(0, |at| at + 3);
    let path = url[path..].find('/').map_or(url.len(), |at| path + at);
    url[path..].rfind('@').map_or(url, |at| &url[..path + at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        match Requirement::parse(text) {
            None => "-".to_owned(),
            Some(Requirement {
                name,
                place,
                marker,
            }) => format!("{} {place:?} {}", name.unwrap_or("?"), marker.unwrap_or("")),
        }
    }

    #[test]
    fn specifiers_are_read() {
        for (text, expected) in [
            ("acme-cart", "acme-cart Registry "),
            (
                "Acme.Cart[redis,s3] >=1,<2 ; python_version < '3'",
                "Acme.Cart Registry python_version < '3'",
            ),
            ("acme (>=1)", "acme Registry "),
            ("acme==1.*", "acme Registry "),
            ("acme @ file:../cart", "acme Path(\"../cart\") "),
            ("acme@file:///srv/cart", "acme Elsewhere "),
            ("acme @ {root:uri}/../cart", "acme Path(\"../cart\") "),
            (
                "acme @ file:///${PROJECT_ROOT}/../cart",
                "acme Path(\"../cart\") ",
            ),
            (
                "acme @ git+https://git.acme.example/shop.git@v1 ; extra == 'x'",
                "acme Git(\"https://git.acme.example/shop.git@v1\") extra == 'x'",
            ),
            (
                "git+ssh://git@git.acme.example/shop.git#egg=acme-shop&subdirectory=a",
                "acme-shop Git(\"ssh://git@git.acme.example/shop.git\") ",
            ),
            ("./libs/cart[dev]", "? Path(\"./libs/cart\") "),
            ("https://acme.example/cart.whl", "? Elsewhere "),
            ("{{ name }}", "-"),
            ("two words", "-"),
            ("", "-"),
        ] {
            assert_eq!(parsed(text).trim_end(), expected.trim_end(), "{text}");
        }
    }

    #[test]
    fn names_and_addresses_are_normalised() {
        assert_eq!(normalise("Acme._-Cart.api"), "acme-cart-api");
        assert_eq!(
            before_revision("https://user@host/a/b.git@v1"),
            "https://user@host/a/b.git"
        );
        assert_eq!(
            before_revision("ssh://git@host/a/b.git"),
            "ssh://git@host/a/b.git"
        );
        assert_eq!(
            folder_of("../cart/setup.py", "libs/pay").as_deref(),
            Some("libs/cart")
        );
        assert_eq!(folder_of("../../..", "libs"), None);
    }

    #[test]
    fn groups_say_what_they_are_for() {
        assert_eq!(
            Section::extra("redis"),
            Section {
                context: Context::Production,
                optional: true
            }
        );
        assert_eq!(Section::extra("dev"), Section::DEVELOPMENT);
        assert_eq!(Section::group("unit-tests"), Section::TEST);
        assert_eq!(Section::group("anything"), Section::DEVELOPMENT);
    }
}
