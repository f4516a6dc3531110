//! Which components run in one process? What manifests link is loaded together, and so are the packs of one root.

use std::collections::{HashMap, HashSet, VecDeque};

use super::super::Run;
use crate::model::{
    Claim, ComponentId, ComponentKind, Fact, Key, RepoPath, Subject, Template, parent,
};
use crate::resolve::fold::Context;
use crate::resolve::packages::{self, Package};

/// What components know of each other.
pub(super) struct Applications {
    /// By component: one that stands for all that run with it.
    groups: Vec<u32>,
    /// Whether a component is what no manifest claims.
    rest: Vec<bool>,
    required: HashMap<ComponentId, HashSet<ComponentId>>,
}

impl Applications {
    pub(super) fn new(run: &Run<'_, '_>) -> Self {
        let components = &run.units.components;
        let mut all = Self {
            groups: (0..components.len() as u32).collect(),
            rest: components
                .iter()
                .map(|component| component.kind == ComponentKind::Rest)
                .collect(),
            required: HashMap::new(),
        };
        for fact in run.index.facts {
            let from = run.component_of[fact.span.file.0 as usize];
            match &fact.claim {
                Claim::Requires { key, .. }
                    if matches!(key.namespace.0, "gem" | "pack")
                        && fact.subject == Subject::Here =>
                {
                    if let Some(to) = package(key, fact, run) {
                        all.required.entry(from).or_default().insert(to);
                        all.join(from, to);
                    }
                }
                // Packs run in the application around them, declared or not.
                Claim::Component { .. } if fact.extractor.0 == "ruby/packs" => {
                    if let Some(root) = &components[from.0 as usize].root
                        && !root.path.is_empty()
                    {
                        let above = RepoPath::new(root.repo, parent(&root.path));
                        all.join(from, run.units.enclosing(above.repo, &above.path));
                    }
                }
                _ => {}
            }
        }
        all
    }

    /// Whether code of one may run with code of the other.
    pub(super) fn run_together(&self, one: ComponentId, other: ComponentId) -> bool {
        let is_rest = |id: ComponentId| self.rest[id.0 as usize];
        is_rest(one) || is_rest(other) || self.group(one) == self.group(other)
    }

    /// What a component requires, and what that requires.
    pub(super) fn required(&self, own: ComponentId) -> HashSet<ComponentId> {
        let mut seen = HashSet::new();
        let mut queue = VecDeque::from([own]);
        while let Some(next) = queue.pop_front() {
            for to in self.required.get(&next).into_iter().flatten() {
                if seen.insert(*to) {
                    queue.push_back(*to);
                }
            }
        }
        seen
    }

    fn group(&self, id: ComponentId) -> u32 {
        let mut at = id.0;
        while self.groups[at as usize] != at {
            at = self.groups[at as usize];
        }
        at
    }

    fn join(&mut self, one: ComponentId, other: ComponentId) {
        let (one, other) = (self.group(one), self.group(other));
        self.groups[one.max(other) as usize] = one.min(other);
    }
}

/// The component of the gem or pack that a manifest requires.
fn package(key: &Key, fact: &Fact, run: &Run<'_, '_>) -> Option<ComponentId> {
    let context = Context {
        file: fact.span.file,
        component: run.component_of[fact.span.file.0 as usize],
        workload: None,
    };
    let template = Template::from(key.clone());
    let mut values = run.folder.fold(&template, fact.span, context).ok()?;
    let value = values.pop().filter(|_| values.is_empty())?;
    let folded = value.template.as_ref_key()?.clone();
    match packages::find(&folded, fact.span.file, run.index, run.units) {
        Package::Found(to, _) => Some(to),
        _ => None,
    }
}
