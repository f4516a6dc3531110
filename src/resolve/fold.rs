//! Folds templates: replaces references by what binds them, in the context of one workload at a time.
//!
//! Two contexts are never mixed in one fold: the environment of one deployment and the network of another would give edges that exist nowhere.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::imports::Imports;
use super::index::{Index, place_path};
use super::makers::Call;
use super::parents;
use super::profiles;
use super::scopes::{Scope, Scopes};
use super::spaces::{self, ScopeRule};
use crate::model::{
    Certainty, Claim, ComponentId, Fact, FileId, Hop, HopKind, Key, Part, Ref, Span, Subject,
    Template, WorkloadId, within,
};

/// The longest chain of references.
const DEPTH: usize = 16;
/// The most values of one template.
const FAN_OUT: usize = 8;

/// The most references of one fold: each of them may double what it stands for.
const STEPS: u32 = 2048;
/// The deepest nesting of references in references, defaults among them.
const NESTING: u32 = 48;

/// Where a template is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Context {
    /// The file that asks.
    pub(super) file: FileId,
    /// The component that encloses it.
    pub(super) component: ComponentId,
    /// The deployment that contains the component; `None` when nothing deploys it.
    pub(super) workload: Option<WorkloadId>,
}

/// What a template means in one context: text, and what nothing tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) template: Template,
    /// From the site to the value.
    pub(super) hops: Vec<Hop>,
    pub(super) certainty: Certainty,
}

/// A bound on folding was reached: the site is ambiguous, never cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooDeep;

/// The fold service over one run.
pub(super) struct Folder<'a> {
    pub(super) index: &'a Index<'a>,
    pub(super) scopes: &'a Scopes<'a>,
    /// What imports mean as places of names; nothing where only manifests are folded.
    imports: Option<&'a Imports>,
    memo: RefCell<HashMap<(Key, Context), Vec<Value>>>,
    steps: Cell<u32>,
    nesting: Cell<u32>,
}

/// A binding that a look-up found.
struct Found<'a> {
    fact: &'a Fact,
    value: &'a Template,
}

impl<'a> Folder<'a> {
    pub(super) fn new(index: &'a Index<'a>, scopes: &'a Scopes<'a>) -> Self {
        Self {
            index,
            scopes,
            imports: None,
            memo: RefCell::default(),
            steps: Cell::new(0),
            nesting: Cell::new(0),
        }
    }

    /// Also follows imports of code.
    pub(super) fn with_imports(mut self, imports: &'a Imports) -> Self {
        self.imports = Some(imports);
        self
    }

    /// All values of a template, sorted; `site` is where its defaults are written.
    pub(super) fn fold(
        &self,
        template: &Template,
        site: Span,
        context: Context,
    ) -> Result<Vec<Value>, TooDeep> {
        self.nesting.set(0);
        self.template(template, site, context, &mut Vec::new())
    }

    fn template(
        &self,
        template: &Template,
        site: Span,
        context: Context,
        stack: &mut Vec<Key>,
    ) -> Result<Vec<Value>, TooDeep> {
        let mut values = vec![Value {
            template: Template::default(),
            hops: Vec::new(),
            certainty: Certainty::Declared,
        }];
        for part in &template.0 {
            let Part::Ref(reference) = part else {
                for value in &mut values {
                    value.template.push(part.clone());
                }
                continue;
            };
            let pieces = self.reference(reference, site, context, stack)?;
            let mut next = Vec::with_capacity(values.len() * pieces.len());
            for value in &values {
                for piece in &pieces {
                    let mut longer = value.clone();
                    longer.template.extend(&piece.template);
                    longer.hops.extend(piece.hops.iter().cloned());
                    longer.certainty = longer.certainty.min(piece.certainty);
                    next.push(longer);
                }
            }
            if next.len() > FAN_OUT {
                return Err(TooDeep);
            }
            values = next;
        }
        Ok(values)
    }

    /// The values of one reference: of its bindings, else of its default, else the reference itself.
    fn reference(
        &self,
        reference: &Ref,
        site: Span,
        context: Context,
        stack: &mut Vec<Key>,
    ) -> Result<Vec<Value>, TooDeep> {
        // Each name counts for itself, so that what is known already does not change the result.
        let steps = if stack.is_empty() {
            0
        } else {
            self.steps.get() + 1
        };
        let nesting = self.nesting.get();
        if stack.len() >= DEPTH || steps > STEPS || nesting >= NESTING {
            return Err(TooDeep);
        }
        self.steps.set(steps);
        self.nesting.set(nesting + 1);
        let values = self.values(reference, site, context, stack)?;
        self.nesting.set(nesting);
        Ok(values)
    }

    fn values(
        &self,
        reference: &Ref,
        site: Span,
        context: Context,
        stack: &mut Vec<Key>,
    ) -> Result<Vec<Value>, TooDeep> {
        let mut values = Vec::new();
        for (key, hops, certainty) in self.folded_key(&reference.key, site, context, stack)? {
            // A name that is bound to itself (`PATH = "$PATH:/x"`) is unknown, not endless.
            let mut bound = if stack.contains(&key) {
                Vec::new()
            } else {
                self.bound(&key, context, stack)?
            };
            // Where there is a default, nothing at all means it: `${NAME:-x}`, `.Values.name | default "x"`.
            if reference.default.is_some() {
                bound.retain(|value| !value.template.is_empty());
            }
            let unbound = bound.is_empty();
            for mut value in bound {
                value.hops.splice(0..0, hops.iter().cloned());
                value.certainty = value.certainty.min(certainty);
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            if unbound {
                match &reference.default {
                    Some(default) => {
                        let closed = spaces::info(key.namespace).closed;
                        for mut value in self.template(default, site, context, stack)? {
                            if !closed {
                                value.hops.insert(
                                    0,
                                    Hop {
                                        span: site,
                                        what: HopKind::Default,
                                        name: format!("{key} = {}", value.template),
                                    },
                                );
                                value.certainty = Certainty::Inferred;
                            }
                            values.push(value);
                        }
                    }
                    None => values.push(Value {
                        template: key.into(),
                        hops,
                        certainty,
                    }),
                }
            }
        }
        if values.len() > FAN_OUT {
            return Err(TooDeep);
        }
        Ok(values)
    }

    /// The key with place and name folded.
    fn folded_key(
        &self,
        key: &Key,
        site: Span,
        context: Context,
        stack: &mut Vec<Key>,
    ) -> Result<Vec<(Key, Vec<Hop>, Certainty)>, TooDeep> {
        if key.is_literal() {
            return Ok(vec![(key.clone(), Vec::new(), Certainty::Declared)]);
        }
        let mut keys = Vec::new();
        for at in self.template(&key.at, site, context, stack)? {
            for name in self.template(&key.name, site, context, stack)? {
                let mut hops = at.hops.clone();
                hops.extend(name.hops);
                keys.push((
                    Key {
                        namespace: key.namespace,
                        at: at.template.clone(),
                        name: name.template,
                    },
                    hops,
                    at.certainty.min(name.certainty),
                ));
            }
        }
        Ok(keys)
    }

    /// The values that bindings give to a folded key; none when nothing binds it.
    fn bound(
        &self,
        key: &Key,
        context: Context,
        stack: &mut Vec<Key>,
    ) -> Result<Vec<Value>, TooDeep> {
        let memo = (key.clone(), context);
        if let Some(known) = self.memo.borrow().get(&memo) {
            return Ok(known.clone());
        }
        let places = self
            .imports
            .map(|imports| imports.places(context.file, key));
        if let Some(places) = places.filter(|places| !places.is_empty()) {
            let values = places.iter().map(|place| Value {
                template: place.clone(),
                hops: Vec::new(),
                certainty: Certainty::Declared,
            });
            return Ok(values.collect());
        }
        let call = Call::of(key);
        let name = call.as_ref().map_or(key, |call| &call.function);
        let found = self.look_up(name, context);
        stack.push(key.clone());
        let mut values = Vec::new();
        for Found { fact, value } in found {
            let value = match &call {
                None => Cow::Borrowed(value),
                Some(call) => match call.apply(value) {
                    Some(body) => Cow::Owned(body),
                    None => continue,
                },
            };
            // What a binding refers to is looked up where the binding stands.
            let inner = Context {
                file: fact.span.file,
                ..context
            };
            for mut result in self.template(&value, fact.span, inner, stack)? {
                if let Some(call) = &call {
                    result.template = call.tidy(result.template);
                }
                // A value that no function makes a project is none.
                if key.namespace.0 == "sbt-folder" && !result.template.is_literal() {
                    continue;
                }
                result.hops.insert(
                    0,
                    Hop {
                        span: fact.span,
                        what: HopKind::Bind,
                        name: format!("{key} = {}", result.template),
                    },
                );
                result.certainty = result.certainty.min(fact.certainty);
                values.push(result);
            }
        }
        stack.pop();
        if stack.is_empty() {
            // Inside a chain a cycle guard may have cut something: only whole results are kept.
            self.memo.borrow_mut().insert(memo, values.clone());
        }
        Ok(values)
    }

    /// The bindings of a folded key, as the namespace's scope rule finds them.
    fn look_up(&self, key: &Key, context: Context) -> Vec<Found<'a>> {
        let Some(name) = key.name.as_text() else {
            return Vec::new();
        };
        let repo = self.index.files.path(context.file).repo;
        let info = spaces::info(key.namespace);
        // A library of another repository is read in the scopes of the program that links it.
        let anywhere = key.at.is_empty() && info.scope == ScopeRule::Workload;
        let all = || {
            self.index
                .binds(key.namespace, name)
                .filter(|(fact, ..)| anywhere || self.index.repo(fact) == repo)
        };
        if !key.at.is_empty() {
            let scope = key.at.as_text().and_then(place_path);
            // What code of another program gives to a function of shared code means nothing here.
            let acts = |fact: &Fact| {
                key.namespace.0 != "slot" || self.scopes.acts(fact.span.file, context)
            };
            let mut found: Vec<_> = all()
                .filter(|(fact, ..)| acts(fact))
                .filter(|(fact, bound, _)| {
                    bound.at == key.at
                        || bound.at.is_empty() && self.is_scope(fact, scope.as_deref())
                        || self.is_import_of(fact, bound, key)
                })
                .collect();
            // What the file itself says counts before what another file gives as its example.
            let is_file = |fact: &Fact| fact.subject == Subject::File;
            if found
                .iter()
                .any(|(fact, bound, _)| is_file(fact) && bound.at.is_empty())
            {
                found.retain(|(fact, bound, _)| !is_file(fact) || bound.at.is_empty());
            }
            return found
                .into_iter()
                .map(|(fact, _, value)| Found { fact, value })
                .collect();
        }
        let plain = || {
            all()
                .filter(|(_, bound, _)| bound.at.is_empty())
                .map(|(fact, _, value)| Found { fact, value })
        };
        match info.scope {
            ScopeRule::Global => plain().collect(),
            ScopeRule::Package => plain()
                .filter(|found| {
                    found.fact.subject == Subject::Here
                        && self.scopes.component_of(found.fact.span.file) == context.component
                })
                .collect(),
            ScopeRule::NearestAncestor | ScopeRule::Workspace => {
                let asks = &*self.index.files.path(context.file).path;
                let limit = match info.scope {
                    ScopeRule::Workspace => self.index.workspace(context.file),
                    _ => None,
                };
                let depth = |found: &Found<'a>| self.scope_folder(found.fact).len();
                let above: Vec<_> = plain()
                    .filter(|found| within(asks, self.scope_folder(found.fact)))
                    .filter(|found| {
                        limit.is_none_or(|limit| within(self.scope_folder(found.fact), limit))
                    })
                    .collect();
                let nearest = above.iter().map(depth).max();
                above
                    .into_iter()
                    .filter(|found| Some(depth(found)) == nearest)
                    .collect()
            }
            ScopeRule::Parents => self.first_parent(key, context.file),
            ScopeRule::Workload if key.namespace.0 == "property" => self.setting(name, context),
            ScopeRule::Workload => {
                let candidates: Vec<_> = plain().collect();
                if candidates.is_empty() {
                    return candidates;
                }
                let found = self.first_scope(&candidates, context);
                if !found.is_empty() || context.workload.is_none() {
                    return found;
                }
                // What libraries of the program say for all that link them.
                let linked = candidates.into_iter().filter(|found| {
                    found.fact.subject == Subject::Here
                        && self.scopes.acts(found.fact.span.file, context)
                });
                linked.collect()
            }
        }
    }

    /// The bindings of a setting, however it is spelled; of profiles, those that are active where that is known.
    fn setting(&self, name: &str, context: Context) -> Vec<Found<'a>> {
        let candidates = |name: &str| -> Vec<Found<'a>> {
            let found = self.index.settings(name);
            found
                .filter(|(_, bound, _)| bound.at.is_empty())
                .map(|(fact, _, value)| Found { fact, value })
                .collect()
        };
        let all = candidates(name);
        let found = self.first_scope(&all, context);
        if found.is_empty() {
            return self.contained(all, context);
        }
        let is_of_profile = |found: &Found<'a>| !found.fact.when.is_empty();
        if !found.iter().any(is_of_profile) {
            return found;
        }
        let active = profiles::active(|| {
            let mut set = candidates(profiles::SETTING);
            // What a file says is only where the deployment says nothing, which may be told elsewhere.
            set.retain(|found| matches!(found.fact.subject, Subject::Named(_)));
            let set = self.first_scope(&set, context);
            set.into_iter().map(|found| found.value).collect()
        });
        let Some(active) = active else {
            return found;
        };
        let (mut of_profiles, plain): (Vec<_>, Vec<_>) = found.into_iter().partition(is_of_profile);
        of_profiles.retain(|found| active.hold(&found.fact.when));
        match of_profiles.is_empty() {
            true => plain,
            false => of_profiles,
        }
    }

    /// The bindings in files of other components that the deployment contains, where all of them agree.
    fn contained(&self, mut candidates: Vec<Found<'a>>, context: Context) -> Vec<Found<'a>> {
        candidates.retain(|found| {
            found.fact.subject == Subject::Here
                && found.fact.when.is_empty()
                && self.scopes.contains(found.fact.span.file, context)
        });
        let mut values = candidates.iter().map(|found| found.value);
        let first = values.next();
        match values.all(|value| Some(value) == first) {
            true => candidates.into_iter().take(1).collect(),
            false => Vec::new(),
        }
    }

    /// The last binding of the nearest manifest that has one, from the one that asks upwards.
    fn first_parent(&self, key: &Key, file: FileId) -> Vec<Found<'a>> {
        parents::chain(file, self.index)
            .find_map(|file| {
                let facts = self.index.facts_of_file(file).iter();
                // What a profile says holds where nothing else does.
                let found = facts.filter_map(|fact| match &fact.claim {
                    Claim::Binds { key: bound, value } if bound == key => {
                        Some(Found { fact, value })
                    }
                    _ => None,
                });
                found.max_by_key(|found| (found.fact.when.is_empty(), found.fact.span))
            })
            .into_iter()
            .collect()
    }

    /// The bindings of the first scope of the chain that has any; in one file, the last one wins.
    fn first_scope(&self, candidates: &[Found<'a>], context: Context) -> Vec<Found<'a>> {
        for scope in self.scopes.chain(context) {
            let mut inside: Vec<Found<'a>> = Vec::new();
            for found in candidates
                .iter()
                .filter(|found| self.holds(scope, found.fact))
            {
                let earlier = inside.iter_mut().find(|other| {
                    other.fact.span.file == found.fact.span.file
                        && other.fact.when == found.fact.when
                });
                let found = Found {
                    fact: found.fact,
                    value: found.value,
                };
                match earlier {
                    Some(earlier) => *earlier = found,
                    None => inside.push(found),
                }
            }
            if !inside.is_empty() {
                return inside;
            }
        }
        Vec::new()
    }

    /// Whether a binding is about an imported file or folder that is the place of a name:
    /// what code gives to a function of another package.
    fn is_import_of(&self, fact: &Fact, bound: &Key, key: &Key) -> bool {
        let (Some(imports), Some(import)) = (self.imports, bound.at.as_ref_key()) else {
            return false;
        };
        imports.places(fact.span.file, import).contains(&key.at)
    }

    /// Whether a fact is said in a scope.
    fn holds(&self, scope: Scope<'a>, fact: &Fact) -> bool {
        match (scope, &fact.subject) {
            (Scope::Named(repo, key), Subject::Named(subject)) => {
                key == subject && self.index.repo(fact) == repo
            }
            (Scope::File(file), Subject::File) => fact.span.file == file,
            (Scope::Component(component), Subject::Here) => {
                self.scopes.component_of(fact.span.file) == component
            }
            _ => false,
        }
    }

    /// Whether a fact is said in the scope that a place names: a file, a folder, a named thing.
    fn is_scope(&self, fact: &Fact, path: Option<&str>) -> bool {
        match (&fact.subject, path) {
            (Subject::File, Some(path)) => &*self.index.files.path(fact.span.file).path == path,
            (Subject::Here, Some(path)) => self.index.folder(fact) == path,
            (Subject::Named(key), Some(path)) => {
                let name = key.name.as_text().unwrap_or_default();
                key.namespace.0 == "path"
                    && place_path(&format!("path:{name}")).as_deref() == Some(path)
            }
            _ => false,
        }
    }

    /// The folder that a binding holds for.
    fn scope_folder(&self, fact: &'a Fact) -> &'a str {
        match &fact.subject {
            Subject::Named(key) if key.namespace.0 == "path" => key
                .name
                .as_text()
                .unwrap_or_default()
                .trim_start_matches("./"),
            _ => self.index.folder(fact),
        }
    }
}
