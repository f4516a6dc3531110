//! Which program of the repository does a deployment start by its name?
//!
//! An image that nobody in the tree builds may still be made of it: when what is started has the name of one of the
//! tree's programs, that one runs there. The nearest to the manifest is meant; where several are, none is.

use std::collections::BTreeSet;

use super::index::{Index, ancestors};
use super::units::Units;
use crate::model::{
    Claim, ComponentId, ComponentKind, Context, DependencyKind, Fact, Key, Offer, RepoId, RepoPath,
    Unresolved, Why, images, join, within,
};

/// Names that programs of everybody have: they say nothing of what is in an image of somebody else.
const COMMON: &[&str] = &[
    "agent",
    "api",
    "app",
    "client",
    "controller",
    "daemon",
    "entrypoint",
    "exporter",
    "init",
    "main",
    "manager",
    "migrate",
    "operator",
    "plugin",
    "proxy",
    "run",
    "scheduler",
    "server",
    "service",
    "start",
    "test",
    "web",
    "webhook",
    "worker",
];

/// The code of the one program that a deployment starts; an error: where several have its name.
pub(super) fn code(
    key: &Key,
    repo: RepoId,
    index: &Index<'_>,
    units: &mut Units,
) -> Result<Option<ComponentId>, Unresolved> {
    let Some((fact, name)) = started(key, repo, index) else {
        return Ok(None);
    };
    let made = makers(name, repo, index);
    for above in ancestors(index.folder(fact)) {
        let near: BTreeSet<&str> = made
            .iter()
            .copied()
            .filter(|folder| within(folder, above))
            .collect();
        let units_of = |folder: &&str| {
            let id = units.enclosing(repo, folder);
            let is_rest = units.components[id.0 as usize].kind == ComponentKind::Rest;
            // What lies in no component is one by its folder.
            let own = if is_rest { *folder } else { "" };
            (id, own.to_owned())
        };
        let found: BTreeSet<(ComponentId, String)> = near.iter().map(units_of).collect();
        let Some((id, folder)) = found.first() else {
            continue;
        };
        return match (found.len(), folder.is_empty()) {
            (1, true) => {
                let is_rest = units.components[id.0 as usize].kind == ComponentKind::Rest;
                Ok(Some(*id).filter(|_| !is_rest))
            }
            (1, false) => {
                let root = RepoPath::new(repo, folder.as_str());
                Ok(Some(units.folder_component(root, ComponentKind::Service)))
            }
            _ => Err(Unresolved {
                span: fact.span,
                kind: DependencyKind::DoorExec,
                name: format!("program:{name}"),
                why: Why::Ambiguous(near.iter().map(|folder| (*folder).to_owned()).collect()),
            }),
        };
    }
    Ok(None)
}

/// The code of what is started, where it lies inside of the code that is built.
pub(super) fn more_exact(
    built: Option<ComponentId>,
    started: Option<ComponentId>,
    units: &Units,
) -> Option<ComponentId> {
    let (Some(outer), Some(inner)) = (built, started) else {
        return built.or(started);
    };
    let root = |id: ComponentId| units.components[id.0 as usize].root.as_ref();
    let is_inside = match (root(outer), root(inner)) {
        (Some(outer), Some(inner)) => outer.repo == inner.repo && within(&inner.path, &outer.path),
        _ => false,
    };
    Some(if is_inside { inner } else { outer })
}

/// The name of the program that a deployment starts, unless a well-known image holds it.
fn started<'a>(key: &Key, repo: RepoId, index: &Index<'a>) -> Option<(&'a Fact, &'a str)> {
    let runs = || {
        index.about(repo, key).filter_map(|fact| match &fact.claim {
            Claim::Runs { what, .. } => Some((fact, what)),
            _ => None,
        })
    };
    let mut names = runs().filter(|(_, what)| what.namespace.0 == "image");
    if names.any(|(_, what)| {
        what.name
            .as_text()
            .is_some_and(|name| images::known(name).is_some())
    }) {
        return None;
    }
    let mut programs = runs().filter(|(_, what)| what.namespace.0 == "program");
    let (fact, what) = programs.next()?;
    let name = what.name.as_text()?;
    (!COMMON.contains(&name.to_ascii_lowercase().as_str())).then_some((fact, name))
}

/// The folders of what is built to a program of a name; what is only for tests or tools is left out.
fn makers<'a>(name: &str, repo: RepoId, index: &Index<'a>) -> BTreeSet<&'a str> {
    let is_production = |fact: &Fact| {
        let class = &index.files.row(fact.span.file).class;
        let context = fact.context.join(class.context);
        context == Context::Production && !class.vendored
    };
    let offered = |namespace: &'static str| {
        index
            .provides(namespace, name)
            .filter(|(fact, _, how)| *how == Offer::Implements && index.repo(fact) == repo)
            .map(|(fact, ..)| fact)
            .filter(|fact| is_production(fact))
    };
    let programs = offered("program");
    // Cargo calls the program of a package like the package.
    let crates = offered("cargo").filter(|fact| {
        let main = join(index.folder(fact), "src/main.rs");
        main.is_some_and(|main| index.files.find(repo, &main).is_some())
    });
    programs
        .chain(crates)
        .map(|fact| index.folder(fact))
        .collect()
}
