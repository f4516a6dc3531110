//! Where manifests and code disagree: a package that is declared and never imported, or imported and never declared.

use std::collections::{BTreeMap, HashSet};

use super::Declaration;
use crate::model::{
    Claim, ComponentId, ComponentKind, Context, DependencyKind, Fact, ManifestGap, Span, Subject,
};
use crate::resolve::units::Units;

/// An ecosystem whose code tells what of a manifest is needed.
struct Ecosystem {
    /// The namespace of the packages that its manifests declare.
    package: &'static str,
    /// The namespace of the names in its code.
    code: &'static str,
    /// Whether each import needs a declaration of its own; elsewhere what a dependency links is there, too.
    strict: bool,
}

const ECOSYSTEMS: &[Ecosystem] = &[
    Ecosystem {
        package: "cargo",
        code: "crate",
        strict: false,
    },
    Ecosystem {
        package: "dotnet",
        code: "csharpns",
        strict: false,
    },
    Ecosystem {
        package: "maven",
        code: "jvm",
        strict: false,
    },
    Ecosystem {
        package: "npm",
        code: "js",
        strict: true,
    },
    Ecosystem {
        package: "pypi",
        code: "pymodule",
        strict: true,
    },
];

/// What the code of the run says of its components: which names it uses, and which components it links by them.
pub(super) struct Listed {
    /// The components whose production code uses names of an ecosystem.
    speaking: HashSet<(ComponentId, &'static str)>,
    /// Who links whom by name, with the first place in production code.
    used: BTreeMap<(ComponentId, ComponentId), (&'static str, Option<Span>)>,
}

impl Listed {
    pub(super) fn new() -> Self {
        Self {
            speaking: HashSet::new(),
            used: BTreeMap::new(),
        }
    }

    /// Code of a component uses a name, whatever it means.
    pub(super) fn speaks(&mut self, from: ComponentId, namespace: &str) {
        if let Some(ecosystem) = of_code(namespace) {
            self.speaking.insert((from, ecosystem.code));
        }
    }

    /// Code of a component links another one by a name that needs a declaration.
    pub(super) fn links(
        &mut self,
        fact: &Fact,
        namespace: &str,
        (from, to): (ComponentId, ComponentId),
        kind: DependencyKind,
        context: Context,
    ) {
        // A file that is reached by its path needs no manifest.
        let by_name = kind != DependencyKind::LinkSplice;
        if let Some(ecosystem) = of_code(namespace).filter(|_| by_name) {
            let used = self
                .used
                .entry((from, to))
                .or_insert((ecosystem.code, None));
            if context == Context::Production && used.1.is_none_or(|first| fact.span < first) {
                used.1 = Some(fact.span);
            }
        }
    }

    /// Declared in production, never used in any context: where the code of the one was read, and the other has code to use.
    pub(super) fn unused(
        &self,
        declarations: &[Declaration<'_>],
        used: &HashSet<(ComponentId, ComponentId)>,
        has_code: &HashSet<ComponentId>,
    ) -> Vec<ManifestGap> {
        let mut gaps: Vec<ManifestGap> = declarations
            .iter()
            .filter(|one| one.kind == DependencyKind::LinkImpl && one.from != one.to)
            .filter(|one| one.context == Context::Production && one.fact.when.is_empty())
            .filter(|one| {
                let ecosystem = of_package(one.fact);
                ecosystem.is_some_and(|ecosystem| {
                    self.speaking.contains(&(one.from, ecosystem.code))
                        && has_code.contains(&one.to)
                })
            })
            .filter(|one| !used.contains(&(one.from, one.to)))
            .map(|one| ManifestGap {
                from: one.from,
                to: one.to,
                at: one.fact.span,
            })
            .collect();
        gaps.sort();
        gaps.dedup();
        gaps
    }

    /// Used in production, never declared in any section, where each import needs a declaration.
    pub(super) fn unlisted(
        &self,
        declarations: &[Declaration<'_>],
        facts: &[Fact],
        component: impl Fn(&Fact) -> ComponentId,
        units: &Units,
    ) -> Vec<ManifestGap> {
        let declared: HashSet<(ComponentId, ComponentId)> =
            declarations.iter().map(|one| (one.from, one.to)).collect();
        // Only a component with a manifest of the ecosystem could declare it.
        let mut packages: HashSet<(ComponentId, &str)> = HashSet::new();
        for fact in facts {
            if let (Subject::Here, Claim::Provides { key, .. }) = (&fact.subject, &fact.claim) {
                packages.insert((component(fact), key.namespace.0));
            }
        }
        let is_rest = |id: ComponentId| units.components[id.0 as usize].kind == ComponentKind::Rest;
        let used = self.used.iter();
        used.filter_map(|((from, to), (code, at))| {
            let ecosystem = of_code(code).filter(|one| one.strict)?;
            let both = [*from, *to]
                .iter()
                .all(|end| packages.contains(&(*end, ecosystem.package)) && !is_rest(*end));
            (both && !declared.contains(&(*from, *to))).then_some(ManifestGap {
                from: *from,
                to: *to,
                at: (*at)?,
            })
        })
        .collect()
    }
}

fn of_code(namespace: &str) -> Option<&'static Ecosystem> {
    ECOSYSTEMS.iter().find(|one| one.code == namespace)
}

fn of_package(fact: &Fact) -> Option<&'static Ecosystem> {
    let Claim::Requires { key, .. } = &fact.claim else {
        return None;
    };
    ECOSYSTEMS.iter().find(|one| one.package == key.namespace.0)
}
