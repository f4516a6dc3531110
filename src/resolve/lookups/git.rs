//! git: a symbolic link means what lies at its target, a submodule another repository of the run.

use super::paths::{Unique, borrowed, matching, note};
use super::{Finder, Found, Lookup, Run, Target};
use crate::model::{Certainty, Claim, ComponentId, Fact, Hop, HopKind, Key, RepoId, Subject, Why};
use crate::resolve::index::Index;
use crate::resolve::units::Units;

pub(super) struct Git;

impl Lookup for Git {
    fn namespaces(&self) -> &'static [&'static str] {
        &["submodule", "symlink"]
    }

    fn prepare<'r>(&self, run: &Run<'r, '_>) -> Box<dyn Finder + 'r> {
        let mut addresses = Unique::new();
        for fact in run.index.facts {
            if let (Subject::Here, Claim::Provides { key, .. }) = (&fact.subject, &fact.claim)
                && let Some(address) = key.at.as_text().and_then(|at| at.strip_prefix("git:"))
            {
                let repo = run.index.repo(fact);
                let whole = run.units.enclosing(repo, "");
                note(&mut addresses, (repo, address.to_owned()), whole);
            }
        }
        Box::new(Borrowed {
            index: run.index,
            units: run.units,
            component_of: run.component_of,
            addresses,
        })
    }
}

struct Borrowed<'r, 'a> {
    index: &'r Index<'a>,
    units: &'r Units,
    component_of: &'r [ComponentId],
    /// The repositories whose manifests tell their address.
    addresses: Unique,
}

impl Borrowed<'_, '_> {
    fn link(&self, fact: &Fact, path: &str) -> Found {
        let files = matching(self.index, self.index.repo(fact), path);
        if files.is_empty() {
            return Found::Unknown(Why::NotFound);
        }
        let from = self.component_of[fact.span.file.0 as usize];
        let targets = borrowed(self.index, self.component_of, from, &files, false)
            .into_iter()
            .map(|target| Target {
                symbol: Some(format!("file:{path}")),
                ..target
            })
            .collect();
        Found::Here(targets)
    }

    fn submodule(&self, fact: &Fact, at: &str) -> Found {
        let own = self.index.repo(fact);
        let repos = || (0..self.index.files.repos().len() as u16).map(RepoId);
        let known = |repo: RepoId, address: &str| {
            let found = self.addresses.get(&(repo, address.to_owned()));
            found.copied().flatten()
        };
        let (form, address) = at.split_once(':').unwrap_or(("", at));
        if form == "git" {
            for repo in repos().filter(|repo| *repo != own) {
                if let Some(component) = known(repo, address) {
                    return Found::Here(vec![Target::component(component)]);
                }
            }
        }
        // A repository of the run that is called like the address ends: a guess.
        let name = address
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or(address);
        let name = name.strip_suffix(".git").unwrap_or(name);
        let mut named = repos()
            .filter(|repo| *repo != own && self.index.files.repos()[usize::from(repo.0)] == name);
        match (named.next(), named.next(), form) {
            (Some(repo), None, "git" | "beside") => Found::Here(vec![Target {
                certainty: Certainty::Inferred,
                hops: vec![Hop {
                    span: fact.span,
                    what: HopKind::Default,
                    name: format!("the repository `{name}` of this run"),
                }],
                ..Target::component(self.units.enclosing(repo, ""))
            }]),
            _ => Found::Outside(Some(format!("git:{address}"))),
        }
    }
}

impl Finder for Borrowed<'_, '_> {
    fn find(&self, fact: &Fact, key: &Key) -> Found {
        match (key.namespace.0, key.name.as_text(), key.at.as_text()) {
            ("symlink", Some(path), _) => self.link(fact, path),
            ("submodule", _, Some(at)) => self.submodule(fact, at),
            _ => Found::Unknown(Why::NotFound),
        }
    }
}
