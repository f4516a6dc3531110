//! Pass 4: packages, crates, namespaces and files that code and manifests link.

mod code;
mod holders;
mod listed;
mod manifests;
mod projects;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use self::holders::Heirs;
use self::listed::Listed;
use super::allowances::Allowances;
use super::contexts::Contexts;
use super::fold::{Context as FoldContext, Folder, Value};
use super::imports::Imports;
use super::index::Index;
use super::lookups::{self, Finders, Found, Run};
use super::msbuild::Projects;
use super::sites::{Site, Sites};
use super::units::Units;
use crate::model::{
    Access, Certainty, Claim, ComponentId, Condition, Context, DependencyKind, Fact, FileId, Hop,
    HopKind, Key, ManifestGap, Namespace, Provider, Span, Subject, Template,
};

/// What a link means to the passes that come later.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Packages from outside that a component's production code may use, without optional ones.
    pub(super) external: BTreeMap<ComponentId, BTreeMap<(Namespace, String), Span>>,
    /// What manifests declare inside the run, once per pair and section of the manifest.
    pub(super) declared: BTreeSet<(ComponentId, ComponentId, Context)>,
    /// Where a manifest declares a link for production.
    pub(super) declared_at: BTreeMap<(ComponentId, ComponentId), Span>,
    /// Packages that production code is declared to need and never uses, and such that it uses undeclared.
    pub(super) unused: Vec<ManifestGap>,
    pub(super) unlisted: Vec<ManifestGap>,
    /// Documents whose server's side a component makes.
    pub(super) served: BTreeMap<FileId, Provider>,
    /// The files that imports mean, where names of code are taken from them.
    pub(super) imports: Imports,
    /// The unit of each file, by its number.
    pub(super) unit_of: Vec<String>,
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
    symbol: Option<String>,
    context: Context,
    /// What the section of the manifest tells of it.
    section: Context,
    variants: Vec<String>,
    chain: Vec<Hop>,
    certainty: Certainty,
}

/// Resolves links; `folder` must know static scopes alone.
pub(super) fn resolve<'a>(
    index: &Index<'a>,
    folder: &Folder<'a>,
    units: &Units,
    component_of: &[ComponentId],
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
        heirs: holders::heirs(index),
    };
    pass.find_hidden();
    let mut declarations = pass.declarations(sites);
    declarations.extend(pass.opened_features());
    let projects = Projects::new(index, units);
    declarations.extend(pass.project_references(&projects, sites));
    let externs = pass.externs();
    let mut used: HashSet<(ComponentId, ComponentId, Context)> = HashSet::new();
    for declaration in &declarations {
        pass.note_declared(declaration);
    }
    let declared = pass.links.declared.clone();
    let finders = Finders::new(&Run {
        index,
        folder,
        units,
        component_of,
        declared: &declared,
        projects: &projects,
    });
    pass.taken_files(&projects, sites);
    pass.links.served = pass.served(&projects);
    pass.friends(&projects, sites);
    // Looking up is most of the work, and every name is a question of its own.
    let named: Vec<Option<Found>> = index
        .facts
        .par_iter()
        .map(|fact| match &fact.claim {
            Claim::Requires { key, .. } if fact.subject == Subject::Here => finders.find(fact, key),
            _ => None,
        })
        .collect();
    let mut listed = Listed::new();
    for (fact, named) in index.facts.iter().zip(named) {
        let Claim::Requires {
            key, kind, access, ..
        } = &fact.claim
        else {
            continue;
        };
        // What a machine wrote is no coupling of people; its definitions stay.
        let context = pass.context(fact);
        let skipped = context == Context::Generated && sites.outside.is_none();
        if skipped || fact.subject != Subject::Here {
            continue;
        }
        listed.speaks(pass.component(fact), key.namespace.0);
        match (key.namespace.0, named) {
            ("crate", _) => pass.crate_use(fact, key, *access, &externs, sites, &mut used),
            ("file", _) => pass.file_use(fact, key, *kind, *access, sites),
            // What of a package is used shows what the user is; that the package is used is told by its import.
            ("item", _) => {}
            (_, Some(found)) => {
                pass.note_outside(fact, context, &found);
                if let Found::Here(targets) = &found {
                    let from = pass.component(fact);
                    for target in targets.iter().filter(|target| target.component != from) {
                        used.insert((from, target.component, context));
                        let ends = (from, target.component);
                        let kind = target.kind.unwrap_or(*kind);
                        listed.links(fact, key.namespace.0, ends, kind, context);
                    }
                }
                pass.name_use(fact, key, (*kind, *access), found, &finders, sites);
            }
            _ => {}
        }
    }
    let pairs: HashSet<(ComponentId, ComponentId)> =
        used.iter().map(|(from, to, _)| (*from, *to)).collect();
    pass.links.unused = listed.unused(&declarations, &pairs, &with_code(index, component_of));
    pass.links.unlisted = listed.unlisted(
        &declarations,
        index.facts,
        |fact| pass.component(fact),
        units,
    );
    for declaration in declarations {
        let Declaration {
            from, to, context, ..
        } = declaration;
        // Tests of a package may need it under another set of features.
        if from == to {
            continue;
        }
        let is_used = pass.is_used(&declaration, &used);
        if declaration.kind == DependencyKind::LinkImpl && is_used {
            // Code tells more of the same link.
            if let Some(hop) = declaration.chain.first() {
                sites.declared(from, to, context, hop);
            }
            continue;
        }
        sites.sites.push(Site {
            from,
            from_unit: None,
            from_file: None,
            to,
            to_unit: None,
            to_files: Vec::new(),
            symbol: declaration.symbol,
            kind: declaration.kind,
            access: Access::Use,
            certainty: declaration.certainty,
            context,
            variants: declaration.variants,
            chain: declaration.chain,
        });
    }
    pass.links.imports = Imports::new(index, &finders);
    pass.links.unit_of = units_of(index, &finders);
    pass.links
}

/// The components that have program source.
fn with_code(index: &Index<'_>, component_of: &[ComponentId]) -> HashSet<ComponentId> {
    let files = index.files.iter();
    files
        .filter(|(_, row)| row.class.language.is_code())
        .map(|(file, _)| component_of[file.0 as usize])
        .collect()
}

/// The unit of every file: as its language names it, else its folder.
fn units_of(index: &Index<'_>, finders: &Finders<'_>) -> Vec<String> {
    let files: Vec<FileId> = index.files.iter().map(|(file, _)| file).collect();
    let unit = |file: &FileId| {
        finders
            .unit(*file)
            .unwrap_or_else(|| format!("path:{}", index.files.path(*file).parent()))
    };
    files.par_iter().map(unit).collect()
}

struct Pass<'a, 'b> {
    index: &'b Index<'a>,
    folder: &'b Folder<'a>,
    units: &'b Units,
    contexts: &'b Contexts,
    /// What each component hides from its users.
    hidden: HashMap<(ComponentId, &'a str), &'a Fact>,
    /// What comments allow in each file.
    allowances: &'b Allowances,
    /// Where the site of a file and a crate stands, apart by context and by what comments allow.
    seen: HashMap<Seen<'a, 'b>, usize>,
    links: Links,
    /// Who takes over what is said of a named thing.
    heirs: Heirs<'a>,
}

impl<'a, 'b> Pass<'a, 'b> {
    /// Keeps what a manifest declares, used or not.
    fn note_declared(&mut self, declaration: &Declaration<'_>) {
        let Declaration {
            from,
            to,
            fact,
            section,
            ..
        } = declaration;
        if declaration.kind != DependencyKind::LinkImpl {
            return;
        }
        self.links.declared.insert((*from, *to, *section));
        if *section == Context::Production {
            let at = self.links.declared_at.entry((*from, *to));
            at.or_insert(fact.span);
        }
    }

    /// Keeps a package from outside that only imports tell: a `go.mod` does not say what is for tests alone.
    fn note_outside(&mut self, fact: &Fact, context: Context, found: &Found) {
        if let Found::Outside(Some(package)) = found
            && context == Context::Production
            && let Some(module) = package.strip_prefix("go:")
        {
            let packages = self.links.external.entry(self.component(fact)).or_default();
            let package = (Namespace("gomod"), module.to_owned());
            packages.entry(package).or_insert(fact.span);
        }
    }

    /// Whether code uses what a manifest declares; where the manifest does not tell for what, the code does.
    fn is_used(
        &mut self,
        declaration: &Declaration<'_>,
        used: &HashSet<(ComponentId, ComponentId, Context)>,
    ) -> bool {
        let Declaration {
            from,
            to,
            context,
            fact,
            ..
        } = *declaration;
        if used.contains(&(from, to, context)) {
            return true;
        }
        let is_go =
            matches!(&fact.claim, Claim::Requires { key, .. } if key.namespace.0 == "gomod");
        let other = [Context::Build, Context::Development, Context::Test]
            .into_iter()
            .find(|context| used.contains(&(from, to, *context)));
        let (true, Some(other)) = (is_go, other) else {
            return false;
        };
        if context == Context::Production {
            self.links.declared.remove(&(from, to, context));
            self.links.declared.insert((from, to, other));
            self.links.declared_at.remove(&(from, to));
        }
        true
    }

    /// The one package key that a template folds to.
    fn package_key(&self, template: &Template, fact: &Fact) -> Option<(Key, Value)> {
        self.package_key_in(template, fact, fact.span.file)
    }

    /// Likewise in the scopes of another file, which takes over what the fact's file says.
    fn package_key_in(
        &self,
        template: &Template,
        fact: &Fact,
        file: FileId,
    ) -> Option<(Key, Value)> {
        let context = FoldContext {
            file,
            component: self.folder.scopes.component_of(file),
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
    // What a manifest says of another folder, or of all that take it over.
    let is_said_for_others = matches!(
        namespace.0,
        "csharpns" | "csharptype" | "dotnet" | "msbuild-item"
    );
    match &fact.subject {
        _ if is_said_for_others => true,
        Subject::Here => {
            matches!(namespace.0, "crate" | "file" | "item")
                || is_package(namespace)
                || lookups::handles(namespace.0)
        }
        Subject::File => false,
        Subject::Named(_) => is_package(namespace),
    }
}

/// Whether a namespace names packages that manifests require.
fn is_package(namespace: Namespace) -> bool {
    matches!(
        namespace.0,
        "cargo"
            | "cmake"
            | "composer"
            | "dotnet"
            | "gem"
            | "gomod"
            | "gradle"
            | "gradle-accessor"
            | "gradle-catalog"
            | "gradle-plugin"
            | "gradle-project"
            | "hex"
            | "maven"
            | "npm"
            | "pack"
            | "pub"
            | "pypi"
            | "ros"
            | "sbt"
            | "swiftpm"
    )
}

/// The last hop of a chain: who offers the name.
fn provide(provider: &Fact, key: &Key) -> Hop {
    Hop {
        span: provider.span,
        what: HopKind::Provide,
        name: key.name.to_string(),
    }
}
