//! The definition that a constant means: Ruby's lexical scopes, then the file that fits best.
//!
//! Source: <https://docs.ruby-lang.org/en/master/syntax/modules_and_classes_rdoc.html#label-Constants>

use std::collections::{HashMap, HashSet};

use super::super::Run;
use super::applications::Applications;
use super::features::Features;
use super::paths::{Fit, fit, is_core, normal};
use crate::model::{Certainty, Claim, ComponentId, Context, Fact, FileId, Offer, RepoId};
use crate::resolve::index::Index;

/// What a name means.
pub(super) enum Meaning<'a> {
    Defined(&'a Fact),
    /// Defined in the file that names it.
    Here,
    Several(Vec<FileId>),
    /// Ruby's own, a gem's, or nothing that a file says.
    Elsewhere,
}

/// The constants of a run.
pub(super) struct Constants<'r, 'a> {
    index: &'r Index<'a>,
    component_of: &'r [ComponentId],
    /// The files below the `lib` of a component: what a gem offers, be it to the tests of others.
    offered: HashSet<FileId>,
    /// Every constant and every module around one; whether production has it.
    known: HashMap<(RepoId, &'a str), bool>,
    /// The outermost modules that are the repository's own: what is defined below them is no patch of a gem.
    own: HashSet<(RepoId, &'a str)>,
    /// The gems from outside, by their names without case and marks.
    gems: HashSet<(RepoId, String)>,
}

impl<'r, 'a> Constants<'r, 'a> {
    pub(super) fn new(run: &Run<'r, 'a>, features: &Features<'_>) -> Self {
        let mut constants = Self {
            index: run.index,
            component_of: run.component_of,
            offered: features.files().collect(),
            known: HashMap::new(),
            own: HashSet::new(),
            gems: HashSet::new(),
        };
        for fact in run.index.facts {
            if let Claim::Requires { key, .. } = &fact.claim
                && key.namespace.0 == "gem"
                && let Some(name) = key.name.as_text()
                && run.index.provides("gem", name).next().is_none()
            {
                let repo = run.index.repo(fact);
                constants.gems.insert((repo, normal(name)));
            }
        }
        for fact in run.index.facts {
            constants.note(fact);
        }
        constants
    }

    fn note(&mut self, fact: &'a Fact) {
        let Claim::Provides { key, how } = &fact.claim else {
            return;
        };
        let (true, Some(name)) = (key.namespace.0 == "rbconst", key.name.as_text()) else {
            return;
        };
        let repo = self.index.repo(fact);
        let path = self.index.files.path(fact.span.file);
        let is_production = !self.is_hidden(fact.span.file);
        let mut known = name;
        loop {
            *self.known.entry((repo, known)).or_default() |= is_production;
            match known.rfind("::") {
                Some(cut) => known = &known[..cut],
                None => break,
            }
        }
        if *how == Offer::Implements
            && !self.is_foreign(repo, name)
            && fit(&path.path, name) >= Fit::Path
        {
            self.own.insert((repo, known));
        }
    }

    fn is_test(&self, file: FileId) -> bool {
        self.index.files.row(file).class.context == Context::Test
    }

    /// Whether only tests see what a file defines.
    fn is_hidden(&self, file: FileId) -> bool {
        self.is_test(file) && !self.offered.contains(&file)
    }

    /// What a name means in a file, inside of modules.
    pub(super) fn find(
        &self,
        from: FileId,
        nesting: &str,
        name: &str,
        applications: &Applications,
    ) -> Meaning<'a> {
        let repo = self.index.files.path(from).repo;
        let is_test = self.is_test(from);
        let is_known = |name: &str| {
            let known = self.known.get(&(repo, name));
            known.is_some_and(|production| *production || is_test)
        };
        let absolute = name.strip_prefix("::");
        let name = absolute.unwrap_or(name);
        let (first, mut rest) = match name.split_once("::") {
            Some((first, rest)) => (first, Some(rest)),
            None => (name, None),
        };
        let scopes = if absolute.is_some() {
            Vec::new()
        } else {
            scopes(nesting, is_known)
        };
        let inside = scopes.iter().rev().map(|scope| format!("{scope}::{first}"));
        let mut candidates = inside.chain([first.to_owned()]);
        let Some(mut full) = candidates.find(|name| is_known(name)) else {
            return Meaning::Elsewhere;
        };
        while let Some(left) = rest {
            let (next, after) = match left.split_once("::") {
                Some((next, after)) => (next, Some(after)),
                None => (left, None),
            };
            let longer = format!("{full}::{next}");
            if !is_known(&longer) {
                break;
            }
            full = longer;
            rest = after;
        }
        self.choose(from, repo, &full, rest.is_some(), applications)
    }

    /// Of all that define a constant, the one that is meant; `more`: something of it is named that nobody defines.
    fn choose(
        &self,
        from: FileId,
        repo: RepoId,
        name: &str,
        more: bool,
        applications: &Applications,
    ) -> Meaning<'a> {
        let own = self.component(from);
        let is_test = self.is_test(from);
        let offers = self.index.provides("rbconst", name);
        let offers: Vec<(&'a Fact, Offer, Fit)> = offers
            .map(|(fact, _, how)| {
                let path = &self.index.files.path(fact.span.file).path;
                (fact, how, fit(path, name))
            })
            .collect();
        let here = offers
            .iter()
            .filter(|(fact, how, _)| fact.span.file == from && *how == Offer::Implements)
            .map(|(.., fit)| *fit)
            .max();
        let mut list: Vec<(&'a Fact, Offer, Fit)> = offers
            .into_iter()
            .filter(|(fact, how, fit)| {
                let file = fact.span.file;
                self.index.repo(fact) == repo
                    && (is_test || !self.is_hidden(file))
                    && applications.run_together(own, self.component(file))
                    && self.is_definition(repo, name, fact, *how, *fit, more)
            })
            .collect();
        let best = list.iter().map(|(.., fit)| *fit).max().unwrap_or(Fit::None);
        // A file means what it defines itself, unless it only opens what lies elsewhere by its name.
        if here.is_some_and(|here| best <= here.max(Fit::Around)) {
            return Meaning::Here;
        }
        let required = applications.required(own);
        let mut keep = |wanted: &dyn Fn(&(&'a Fact, Offer, Fit)) -> bool| {
            if list.len() > 1 && list.iter().any(wanted) {
                list.retain(wanted);
            }
        };
        keep(&|(fact, ..)| !self.index.files.row(fact.span.file).class.vendored);
        keep(&|(fact, ..)| !self.is_hidden(fact.span.file));
        keep(&|(.., fit)| *fit == best);
        keep(&|(fact, ..)| self.component(fact.span.file) == own);
        keep(&|(fact, ..)| required.contains(&self.component(fact.span.file)));
        keep(&|(fact, ..)| fact.certainty > Certainty::Inferred);
        match list.as_slice() {
            [] => Meaning::Elsewhere,
            [(fact, ..)] if fact.span.file == from => Meaning::Here,
            [(fact, ..)] => Meaning::Defined(fact),
            several => Meaning::Several(several.iter().map(|(fact, ..)| fact.span.file).collect()),
        }
    }

    /// Whether a file defines a constant, rather than opening again what a gem or another file defines.
    fn is_definition(
        &self,
        repo: RepoId,
        name: &str,
        fact: &Fact,
        how: Offer,
        fit: Fit,
        more: bool,
    ) -> bool {
        let is_new = fact.certainty > Certainty::Inferred;
        let first = name.split("::").next().unwrap_or(name);
        if self.is_foreign(repo, name) {
            return name != first && !more && fit >= Fit::Path;
        }
        match how {
            // A module around others is meant only by its own name, and defined where autoloading looks for it.
            Offer::Declares => !more && fit == Fit::Root,
            // What is inherited is found with the class that inherits it.
            _ if more && !is_new => false,
            // Applications open what gems define where they start.
            _ if !is_new && self.index.folder(fact).ends_with("config/initializers") => false,
            _ => is_new || fit > Fit::None || self.own.contains(&(repo, first)) && name != first,
        }
    }

    /// Whether a constant lies in a module of Ruby's own, or of a gem from outside.
    fn is_foreign(&self, repo: RepoId, name: &str) -> bool {
        let first = name.split("::").next().unwrap_or(name);
        is_core(first) || self.gems.contains(&(repo, normal(first)))
    }

    fn component(&self, file: FileId) -> ComponentId {
        self.component_of[file.0 as usize]
    }
}

/// The full names of the modules around a place, from the outside.
///
/// The first segment of `module B::C` is looked for as any other constant: it may lie in a module around it, or at the top.
fn scopes(nesting: &str, is_known: impl Fn(&str) -> bool) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for written in nesting.split(' ').filter(|written| !written.is_empty()) {
        let full = match (written.strip_prefix("::"), written.split_once("::")) {
            (Some(absolute), _) => absolute.to_owned(),
            (None, Some((first, _))) => scopes
                .iter()
                .rev()
                .find(|scope| is_known(&format!("{scope}::{first}")))
                .map_or(written.to_owned(), |scope| format!("{scope}::{written}")),
            (None, None) => match scopes.last() {
                Some(around) => format!("{around}::{written}"),
                None => written.to_owned(),
            },
        };
        scopes.push(full);
    }
    scopes
}

#[cfg(test)]
mod tests {

    #[test]
    fn scopes_are_what_is_written_around() {
        let is_known = |name: &str| ["A", "A::B", "A::D"].contains(&name);
        let scopes = |nesting| super::scopes(nesting, is_known);
        assert_eq!(scopes("A B::C ::D"), ["A", "A::B::C", "D"]);
        assert_eq!(scopes("A D D::E"), ["A", "A::D", "A::D::E"]);
        assert_eq!(scopes("A X::Y Z"), ["A", "X::Y", "X::Y::Z"]);
        assert!(scopes("").is_empty());
    }
}
