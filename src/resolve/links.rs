//! Pass 4: packages, crates, namespaces and files that code and manifests link.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::allowances::Allowances;
use super::contexts::Contexts;
use super::fold::{Context as FoldContext, Folder, Value};
use super::index::Index;
use super::packages::{self, Package};
use super::sites::{Site, Sites, variants};
use super::spaces;
use super::units::Units;
use crate::model::{
    Access, Certainty, Claim, ComponentId, Condition, Context, DependencyKind, Fact, FileId, Hop,
    HopKind, Key, Namespace, Part, Subject, Template, Why, join,
};

/// What a link means to the passes that come later.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Packages from outside that a component's production code may use, without optional ones.
    pub(super) external: BTreeMap<ComponentId, BTreeSet<String>>,
    /// What manifests declare inside the run, once per pair and section of the manifest.
    pub(super) declared: BTreeSet<(ComponentId, ComponentId, Context)>,
}

/// A name under which a component's code knows another package.
struct Extern<'a> {
    target: ComponentId,
    context: Context,
    when: &'a [Condition],
    hops: Vec<Hop>,
    certainty: Certainty,
}

/// File, crate, context, and the rules that comments allow there.
type Seen<'a, 'b> = (FileId, &'a str, Context, Vec<&'b str>);

/// A link that a manifest declares.
struct Declaration<'a> {
    fact: &'a Fact,
    from: ComponentId,
    to: ComponentId,
    kind: DependencyKind,
    context: Context,
    chain: Vec<Hop>,
    certainty: Certainty,
}

/// Resolves links; `folder` must know static scopes alone.
pub(super) fn resolve<'a>(
    index: &Index<'a>,
    folder: &Folder<'a>,
    units: &Units,
    contexts: &Contexts,
    allowances: &Allowances,
    sites: &mut Sites,
) -> Links {
    let mut pass = Pass {
        index,
        folder,
        units,
        contexts,
        hidden: HashMap::new(),
        allowances,
        seen: HashMap::new(),
        links: Links::default(),
    };
    pass.find_hidden();
    let declarations = pass.declarations(sites);
    let externs = pass.externs();
    let mut used: HashSet<(ComponentId, ComponentId, Context)> = HashSet::new();
    for fact in index.facts {
        let Claim::Requires {
            key, kind, access, ..
        } = &fact.claim
        else {
            continue;
        };
        // What a machine wrote is no coupling of people; its definitions stay.
        if pass.context(fact) == Context::Generated || fact.subject != Subject::Here {
            continue;
        }
        match key.namespace.0 {
            "crate" => pass.crate_use(fact, key, *access, &externs, sites, &mut used),
            "file" => pass.file_use(fact, key, *kind, *access, sites),
            _ if spaces::info(key.namespace).unit => {
                pass.unit_use(fact, key, *kind, *access, sites);
            }
            _ => {}
        }
    }
    for declaration in declarations {
        let Declaration {
            from, to, context, ..
        } = declaration;
        if declaration.kind == DependencyKind::LinkImpl {
            let section = declaration.fact.context;
            pass.links.declared.insert((from, to, section));
            if used.contains(&(from, to, context)) {
                continue;
            }
        }
        // Tests of a package may need it under another set of features.
        if from == to {
            continue;
        }
        sites.sites.push(Site {
            from,
            from_unit: None,
            from_file: None,
            to,
            to_unit: None,
            to_files: Vec::new(),
            symbol: None,
            kind: declaration.kind,
            access: Access::Use,
            certainty: declaration.certainty,
            context,
            variants: variants(&declaration.fact.when),
            chain: declaration.chain,
        });
    }
    pass.links
}

struct Pass<'a, 'b> {
    index: &'b Index<'a>,
    folder: &'b Folder<'a>,
    units: &'b Units,
    contexts: &'b Contexts,
    /// What each component hides from its users.
    hidden: HashMap<(ComponentId, &'a str), &'a Fact>,
    /// The crates that each file uses.
    allowances: &'b Allowances,
    /// Where the site of a file and a crate stands, apart by context and by what comments allow.
    seen: HashMap<Seen<'a, 'b>, usize>,
    links: Links,
}

impl<'a, 'b> Pass<'a, 'b> {
    /// Every package that a manifest requires inside the run.
    fn declarations(&mut self, sites: &mut Sites) -> Vec<Declaration<'a>> {
        let mut found = Vec::new();
        for fact in self.index.facts {
            let Claim::Requires { key, kind, .. } = &fact.claim else {
                continue;
            };
            if !is_package(key.namespace) || fact.subject != Subject::Here {
                continue;
            }
            let from = self.component(fact);
            let template = Template::from(key.clone());
            let Some((folded, value)) = self.package_key(&template, fact) else {
                sites.unknown(fact, *kind, key.to_string(), Why::TooDeep);
                continue;
            };
            match packages::find(&folded, fact.span.file, self.index, self.units) {
                Package::Found(to, provider) => {
                    let mut chain = vec![Hop {
                        span: fact.span,
                        what: HopKind::Use,
                        name: folded.to_string(),
                    }];
                    chain.extend(value.hops);
                    chain.push(provide(provider, &folded));
                    found.push(Declaration {
                        fact,
                        from,
                        to,
                        kind: *kind,
                        context: self.context(fact),
                        chain,
                        certainty: fact.certainty.min(value.certainty),
                    });
                }
                Package::External => {
                    if let Some(why) = open(&folded) {
                        sites.unknown(fact, *kind, folded.to_string(), why);
                    }
                    let name = folded.name.to_string();
                    if self.context(fact) == Context::Production && fact.when.is_empty() {
                        self.links.external.entry(from).or_default().insert(name);
                    }
                }
                Package::Ambiguous(several) => {
                    let names = several
                        .iter()
                        .map(|id| self.units.components[id.0 as usize].id.clone())
                        .collect();
                    sites.unknown(fact, *kind, folded.to_string(), Why::Ambiguous(names));
                }
                Package::Missing => {
                    sites.unknown(fact, *kind, folded.to_string(), Why::NotFound);
                }
            }
        }
        found
    }

    /// The names under which each component's code knows the packages of the run.
    fn externs(&self) -> HashMap<(ComponentId, &'a str), Vec<Extern<'a>>> {
        let mut externs: HashMap<(ComponentId, &'a str), Vec<Extern<'a>>> = HashMap::new();
        for fact in self.index.facts {
            let (Subject::Here, Claim::Binds { key, value }) = (&fact.subject, &fact.claim) else {
                continue;
            };
            let (true, Some(name)) = (key.namespace.0 == "crate", key.name.as_text()) else {
                continue;
            };
            let Some((folded, folded_value)) = self.package_key(value, fact) else {
                continue;
            };
            let Package::Found(target, provider) =
                packages::find(&folded, fact.span.file, self.index, self.units)
            else {
                continue;
            };
            let mut hops = vec![Hop {
                span: fact.span,
                what: HopKind::Bind,
                name: format!("{name} = {folded}"),
            }];
            hops.extend(folded_value.hops);
            hops.push(provide(provider, &folded));
            let name = self.library_name(&folded, name, provider);
            externs
                .entry((self.component(fact), name))
                .or_default()
                .push(Extern {
                    target,
                    context: self.context(fact),
                    when: &fact.when,
                    hops,
                    certainty: fact.certainty.min(folded_value.certainty),
                });
        }
        externs
    }

    /// The name that code uses: a package that is not renamed goes by the name of its library target.
    fn library_name(&self, package: &Key, name: &'a str, provider: &'a Fact) -> &'a str {
        let renamed = package
            .name
            .as_text()
            .is_none_or(|package| package.replace('-', "_") != name);
        if renamed {
            return name;
        }
        self.index
            .facts_of_file(provider.span.file)
            .iter()
            .find_map(|fact| match &fact.claim {
                Claim::Provides { key, .. } if key.namespace.0 == "lib" => key.name.as_text(),
                _ => None,
            })
            .unwrap_or(name)
    }

    /// Code that uses a crate of the run.
    fn crate_use(
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
        let hidden = self.hidden(found.target, item);
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

    fn find_hidden(&mut self) {
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

    /// Code that takes in a file of another component.
    fn file_use(
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

    /// Code that uses a package or namespace which files of the run give to themselves.
    fn unit_use(
        &self,
        fact: &'a Fact,
        key: &Key,
        kind: DependencyKind,
        access: Access,
        sites: &mut Sites,
    ) {
        let Some(name) = key.name.as_text() else {
            return;
        };
        let repo = self.index.repo(fact);
        let offers: Vec<&'a Fact> = match key.namespace.0 {
            "gopkg" => super::golang::find(name, repo, self.index),
            namespace => self
                .index
                .provides(namespace, name)
                .map(|(fact, ..)| fact)
                .filter(|fact| self.index.repo(fact) == repo)
                .collect(),
        };
        // Packages from outside are the normal case, no gap.
        let Some(first) = offers.first() else {
            return;
        };
        let to = self.component(first);
        let mut files: Vec<FileId> = offers.iter().map(|offer| offer.span.file).collect();
        files.sort();
        files.dedup();
        let unit = format!("{}:{name}", key.namespace);
        sites.sites.push(Site {
            from: self.component(fact),
            from_unit: self.unit_of(fact.span.file, key.namespace),
            from_file: Some(fact.span.file),
            to,
            to_unit: Some(unit),
            to_files: files,
            symbol: None,
            kind,
            access,
            certainty: fact.certainty,
            context: self.context(fact),
            variants: variants(&fact.when),
            chain: vec![
                Hop {
                    span: fact.span,
                    what: HopKind::Use,
                    name: name.to_owned(),
                },
                provide(first, key),
            ],
        });
    }

    /// The name that a file gives to itself.
    fn unit_of(&self, file: FileId, namespace: Namespace) -> Option<String> {
        let fact = self.index.facts_of_file(file).iter().find(
            |fact| matches!(&fact.claim, Claim::Provides { key, .. } if key.namespace == namespace),
        )?;
        let Claim::Provides { key, .. } = &fact.claim else {
            return None;
        };
        let name = match namespace.0 {
            "gopkg" => super::golang::import_path(fact, self.index)?,
            _ => key.name.as_text()?.to_owned(),
        };
        Some(format!("{namespace}:{name}"))
    }

    /// The one package key that a template folds to.
    fn package_key(&self, template: &Template, fact: &Fact) -> Option<(Key, Value)> {
        let context = FoldContext {
            file: fact.span.file,
            component: self.component(fact),
            workload: None,
        };
        let mut values = self.folder.fold(template, fact.span, context).ok()?;
        if values.len() != 1 {
            return None;
        }
        let value = values.pop()?;
        let key = value.template.as_ref_key()?.clone();
        Some((key, value))
    }

    fn component(&self, fact: &Fact) -> ComponentId {
        self.folder.scopes.component_of(fact.span.file)
    }

    fn context(&self, fact: &Fact) -> Context {
        let component = &self.units.components[self.component(fact).0 as usize];
        self.contexts.fact(fact, component.kind)
    }
}

/// Whether this pass joins, or leaves out, a requirement in a namespace.
pub(super) fn handles(fact: &Fact, namespace: Namespace) -> bool {
    let is_link = matches!(namespace.0, "crate" | "file")
        || is_package(namespace)
        || spaces::info(namespace).unit;
    is_link && fact.subject == Subject::Here
}

/// What keeps a folded key from saying which package it means.
fn open(key: &Key) -> Option<Why> {
    let mut parts = key.at.0.iter().chain(&key.name.0);
    parts.find_map(|part| match part {
        Part::Text(_) => None,
        Part::Ref(reference) => Some(Why::Unbound(reference.key.to_string())),
        Part::Hole | Part::Star => Some(Why::NotFound),
    })
}

/// Whether a namespace names packages that manifests require.
fn is_package(namespace: Namespace) -> bool {
    matches!(namespace.0, "cargo" | "npm" | "maven" | "dotnet" | "pypi")
}

/// The last hop of a chain: who offers the name.
fn provide(provider: &Fact, key: &Key) -> Hop {
    Hop {
        span: provider.span,
        what: HopKind::Provide,
        name: key.name.to_string(),
    }
}
