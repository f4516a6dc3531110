//! What code uses: crates, files of other components, and names that files give to themselves.

use std::collections::{HashMap, HashSet};

use super::super::allowances::Allowances;
use super::super::lookups::{Finders, Found};
use super::super::sites::{Site, Sites, variants};
use super::{Extern, Pass};
use crate::model::{
    Access, Claim, ComponentId, ComponentKind, Context, DependencyKind, Fact, FileId, Hop, HopKind,
    Key, Part, Template, Why, join,
};

impl<'a, 'b> Pass<'a, 'b> {
    /// Code that uses a crate of the run.
    pub(super) fn crate_use(
        &mut self,
        fact: &'a Fact,
        key: &'a Key,
        access: Access,
        externs: &HashMap<(ComponentId, &'a str), Vec<Extern<'a>>>,
        sites: &mut Sites,
        used: &mut HashSet<(ComponentId, ComponentId, Context)>,
    ) {
        let Some(path) = key.name.as_text() else {
            return;
        };
        let (root, item) = path.split_once("::").unwrap_or((path, ""));
        let from = self.component(fact);
        // Names that no manifest of the component binds are modules of its own, or packages from outside.
        let Some(declared) = externs.get(&(from, root)) else {
            return;
        };
        let context = self.context(fact);
        // The declaration that makes this code compile: of the same section, else production's, else whatever there is.
        let rank = |declared: &&Extern<'_>| {
            if declared.context == context {
                0
            } else if declared.context == Context::Production {
                1
            } else {
                2
            }
        };
        let Some(found) = declared.iter().min_by_key(rank) else {
            return;
        };
        let context = context.join(found.context);
        if from == found.target {
            return;
        }
        used.insert((from, found.target, context));
        let hidden = self
            .hidden(found.target, item)
            .filter(|_| !self.is_macro(from));
        // A file is one site, however many items of the crate it names: the first is shown.
        let allowances: &'b Allowances = self.allowances;
        let allowed: Vec<&'b str> = allowances
            .at(fact.span)
            .map(|allowance| &*allowance.rule)
            .collect();
        let seen = (fact.span.file, root, context, allowed);
        let again = self
            .seen
            .get(&seen)
            .copied()
            .filter(|_| fact.when.is_empty());
        let earlier = again.filter(|at| {
            let site: &Site = &sites.sites[*at];
            site.chain.first().is_some_and(|hop| fact.span < hop.span)
        });
        if again.is_some() && earlier.is_none() && hidden.is_none() {
            return;
        }
        let mut chain = vec![Hop {
            span: fact.span,
            what: HopKind::Use,
            name: path.to_owned(),
        }];
        chain.extend(found.hops.iter().cloned());
        let site = Site {
            from,
            from_unit: None,
            from_file: Some(fact.span.file),
            to: found.target,
            to_unit: None,
            to_files: Vec::new(),
            symbol: None,
            kind: DependencyKind::LinkImpl,
            access,
            certainty: fact.certainty.min(found.certainty),
            context,
            variants: variants(&[found.when, &fact.when].concat()),
            chain,
        };
        if let Some(hidden) = hidden {
            let mut door = site.clone();
            door.kind = DependencyKind::DoorPrivate;
            door.symbol = Some(path.to_owned());
            door.to_files = vec![hidden.span.file];
            door.chain.push(Hop {
                span: hidden.span,
                what: HopKind::Provide,
                name: format!("{item}, hidden from the documentation"),
            });
            sites.sites.push(door);
        }
        match (again, earlier) {
            (_, Some(at)) => sites.sites[at] = site,
            (Some(_), None) => {}
            (None, None) => {
                self.seen.insert(seen, sites.sites.len());
                sites.sites.push(site);
            }
        }
    }

    /// The statement by which a component hides an item from its users.
    fn hidden(&self, component: ComponentId, item: &'a str) -> Option<&'a Fact> {
        self.hidden.get(&(component, item)).copied()
    }

    pub(super) fn find_hidden(&mut self) {
        for fact in self.index.facts {
            if let Claim::Provides { key, .. } = &fact.claim
                && key.namespace.0 == "hidden"
                && let Some(item) = key.name.as_text()
            {
                let component = self.component(fact);
                self.hidden.entry((component, item)).or_insert(fact);
            }
        }
    }

    /// Whether a component runs in the compiler: the paths that it writes are those of code that it makes.
    fn is_macro(&self, component: ComponentId) -> bool {
        self.index
            .provides("trait", "proc-macro")
            .any(|(fact, ..)| self.component(fact) == component)
    }

    /// Code that takes in a file of another component.
    pub(super) fn file_use(
        &self,
        fact: &'a Fact,
        key: &Key,
        kind: DependencyKind,
        access: Access,
        sites: &mut Sites,
    ) {
        let from = self.component(fact);
        let Some(path) = self.path_of(&key.name, from) else {
            sites.unknown(fact, kind, key.to_string(), Why::NotFound);
            return;
        };
        let repo = self.index.repo(fact);
        let Some(file) = self.index.files.find(repo, &path) else {
            // Made by a build, or not in the tree: nothing to judge, but seen.
            sites.unknown(fact, kind, format!("file:{path}"), Why::NotFound);
            return;
        };
        let to = self
            .units
            .enclosing(repo, self.index.files.path(file).parent());
        if to == from {
            return;
        }
        sites.sites.push(Site {
            from,
            from_unit: None,
            from_file: Some(fact.span.file),
            to,
            to_unit: None,
            to_files: vec![file],
            symbol: Some(format!("file:{path}")),
            kind,
            access,
            certainty: fact.certainty,
            context: self.context(fact),
            variants: variants(&fact.when),
            chain: vec![Hop {
                span: fact.span,
                what: HopKind::Use,
                name: path.clone(),
            }],
        });
    }

    /// The path that a template means inside the repository; the package's own folder is the only reference it may hold.
    fn path_of(&self, template: &Template, from: ComponentId) -> Option<String> {
        let root = self.units.components[from.0 as usize].root.as_ref()?;
        let mut text = String::new();
        for part in &template.0 {
            match part {
                Part::Text(piece) => text.push_str(piece),
                Part::Ref(reference) if reference.key.namespace.0 == "cargo-env" => {
                    text.push_str(&root.path);
                }
                _ => return None,
            }
        }
        if text.starts_with("outside:") {
            return None;
        }
        join("", text.trim_start_matches('/'))
    }

    /// Code that uses what a look-up found.
    pub(super) fn name_use(
        &self,
        fact: &'a Fact,
        key: &Key,
        (kind, access): (DependencyKind, Access),
        found: Found,
        finders: &Finders<'_>,
        sites: &mut Sites,
    ) {
        let targets = match found {
            Found::Here(targets) => targets,
            // Packages from outside are the normal case, no gap.
            Found::Outside(package) => {
                sites.outside(fact, kind, self.context(fact), package);
                return;
            }
            Found::Unknown(why) => {
                sites.unknown(fact, kind, key.to_string(), why);
                return;
            }
        };
        let from = self.component(fact);
        let unit = finders.unit(fact.span.file);
        for target in targets {
            let inside = target.component == from;
            // What no manifest makes a component has no better name than its folder.
            let kind_of = |id: ComponentId| self.units.components[id.0 as usize].kind;
            let is_rest = |id| kind_of(id) == ComponentKind::Rest;
            let folder = |file: FileId| format!("path:{}", self.index.files.path(file).parent());
            let from_unit = unit
                .clone()
                .or_else(|| (inside || is_rest(from)).then(|| folder(fact.span.file)));
            let named = target.unit.is_some();
            let to_unit = target
                .unit
                .or_else(|| Some(folder(*target.files.first()?)))
                .filter(|_| named || inside || is_rest(target.component));
            let mut chain = vec![Hop {
                span: fact.span,
                what: HopKind::Use,
                name: key.name.to_string(),
            }];
            if let Some(span) = self.links.declared_at.get(&(from, target.component)) {
                chain.push(Hop {
                    span: *span,
                    what: HopKind::Bind,
                    name: self.units.components[target.component.0 as usize]
                        .name
                        .clone(),
                });
            }
            chain.extend(target.hops);
            let site = Site {
                from,
                from_unit,
                from_file: Some(fact.span.file),
                to: target.component,
                to_unit,
                to_files: target.files,
                symbol: target.symbol,
                kind: target.kind.unwrap_or(kind),
                access,
                certainty: fact.certainty.min(target.certainty),
                context: self.context(fact),
                variants: variants(&fact.when),
                chain,
            };
            if let Some(door) = target.door.filter(|_| !inside) {
                let mut chain = site.chain.clone();
                chain.push(door);
                sites.sites.push(Site {
                    kind: DependencyKind::DoorPrivate,
                    symbol: Some(key.name.to_string()),
                    chain,
                    ..site.clone()
                });
            }
            sites.sites.push(site);
        }
    }
}
