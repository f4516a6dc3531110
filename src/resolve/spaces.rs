//! What each unusual namespace means: where a name is looked up, and what stays equal when nothing binds it.
//!
//! A namespace that is not listed is looked up exactly: by place and name, in the same repository first.

use crate::model::Namespace;

/// Where the binding of a name without a place is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeRule {
    /// Anywhere in the run; the same repository first.
    Global,
    /// In the scopes of one workload: its own, what it inherits, what it runs.
    Workload,
    /// In the component of the file that asks.
    Package,
    /// In the nearest folder above the file that asks.
    NearestAncestor,
    /// Likewise, and not above the workspace of the file that asks.
    Workspace,
    /// In the manifest that asks, then in its parents, as Maven has them.
    Parents,
}

/// What a namespace means.
#[derive(Debug)]
pub(super) struct SpaceInfo {
    pub(super) name: &'static str,
    pub(super) scope: ScopeRule,
    /// An unbound reference still compares equal to itself: it names one thing, whoever holds it.
    pub(super) identity: bool,
    /// Everything that could bind a name is in the tree, so that a default is no guess.
    pub(super) closed: bool,
    /// Something that a workload runs (an image, a Dockerfile), never a component of its own.
    pub(super) carrier: bool,
}

const DEFAULT: SpaceInfo = SpaceInfo {
    name: "",
    scope: ScopeRule::Global,
    identity: false,
    closed: false,
    carrier: false,
};

const SPACES: &[SpaceInfo] = &[
    SpaceInfo {
        name: "broker",
        scope: ScopeRule::Workload,
        ..DEFAULT
    },
    SpaceInfo {
        name: "cargo-env",
        scope: ScopeRule::NearestAncestor,
        ..DEFAULT
    },
    SpaceInfo {
        name: "cargo-patch",
        scope: ScopeRule::Workspace,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "cargo-workspace",
        scope: ScopeRule::Workspace,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "cargo-workspace-package",
        scope: ScopeRule::Workspace,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "crate",
        scope: ScopeRule::Package,
        ..DEFAULT
    },
    SpaceInfo {
        name: "datasource",
        scope: ScopeRule::Workload,
        ..DEFAULT
    },
    SpaceInfo {
        name: "dockerfile",
        carrier: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "env",
        scope: ScopeRule::Workload,
        ..DEFAULT
    },
    SpaceInfo {
        name: "flag",
        scope: ScopeRule::Workload,
        ..DEFAULT
    },
    SpaceInfo {
        name: "gradle-accessor",
        scope: ScopeRule::NearestAncestor,
        ..DEFAULT
    },
    SpaceInfo {
        name: "gradle-catalog",
        scope: ScopeRule::NearestAncestor,
        ..DEFAULT
    },
    SpaceInfo {
        name: "gradle-group",
        scope: ScopeRule::NearestAncestor,
        ..DEFAULT
    },
    SpaceInfo {
        name: "gradle-project",
        scope: ScopeRule::NearestAncestor,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "gradle-root",
        scope: ScopeRule::NearestAncestor,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "grpcclient",
        scope: ScopeRule::Workload,
        ..DEFAULT
    },
    SpaceInfo {
        name: "httpclient",
        scope: ScopeRule::Workload,
        ..DEFAULT
    },
    SpaceInfo {
        name: "image",
        carrier: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "k8sns",
        scope: ScopeRule::NearestAncestor,
        ..DEFAULT
    },
    SpaceInfo {
        name: "maven-property",
        scope: ScopeRule::Parents,
        ..DEFAULT
    },
    SpaceInfo {
        name: "maven-scope",
        scope: ScopeRule::Parents,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "mount",
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "npm-catalog",
        scope: ScopeRule::Workspace,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "options",
        scope: ScopeRule::Workload,
        ..DEFAULT
    },
    SpaceInfo {
        name: "packwerk",
        scope: ScopeRule::NearestAncestor,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "property",
        scope: ScopeRule::Workload,
        ..DEFAULT
    },
    SpaceInfo {
        name: "sbt-folder",
        scope: ScopeRule::NearestAncestor,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "sbt-format",
        scope: ScopeRule::NearestAncestor,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "sbt-formatter",
        scope: ScopeRule::NearestAncestor,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "sbt-make",
        scope: ScopeRule::NearestAncestor,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "sbt-maker",
        scope: ScopeRule::NearestAncestor,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "sbt-text",
        scope: ScopeRule::NearestAncestor,
        closed: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "secret",
        identity: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "ssm",
        identity: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "tf",
        identity: true,
        ..DEFAULT
    },
    SpaceInfo {
        name: "values",
        scope: ScopeRule::NearestAncestor,
        ..DEFAULT
    },
];

/// A name of a setting as it is compared: `spring.data.mongodb.uri`, `SPRING_DATA_MONGODB_URI`, `A:B` and `A__B` are one each.
///
/// Frameworks differ in which spellings they take for each other; that a program has two settings of which only case and
/// signs differ is so rare that one rule does for all.
/// Sources: <https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.typesafe-configuration-properties.relaxed-binding>,
/// <https://learn.microsoft.com/en-us/aspnet/core/fundamentals/configuration/#non-prefixed-environment-variables>
pub(super) fn comparable(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// What a namespace means.
pub(super) fn info(namespace: Namespace) -> &'static SpaceInfo {
    SPACES
        .binary_search_by(|space| space.name.cmp(namespace.0))
        .map_or(&DEFAULT, |index| &SPACES[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(SPACES.is_sorted_by(|a, b| a.name < b.name));
        assert!(info(Namespace("secret")).identity);
        assert_eq!(info(Namespace("env")).scope, ScopeRule::Workload);
        assert_eq!(info(Namespace("anything")).scope, ScopeRule::Global);
    }
}
