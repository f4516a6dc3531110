//! What MSBuild projects link: other projects, files of other components, and internals that an assembly opens to them.

use std::collections::{BTreeMap, HashMap};

use super::super::msbuild::{Item, Project, Projects, Serves, Sort};
use super::super::sites::{Site, Sites};
use super::{Declaration, Pass};
use crate::model::{
    Access, Certainty, Claim, ComponentId, ComponentKind, Context, DependencyKind, Fact, FileId,
    Hop, HopKind, Provider, Span, within,
};

impl<'a> Pass<'a, '_> {
    /// Every reference of a project to another one.
    pub(super) fn project_references(
        &self,
        projects: &Projects<'a>,
        sites: &mut Sites,
    ) -> Vec<Declaration<'a>> {
        let mut found = Vec::new();
        for project in &projects.list {
            for (fact, name, why) in &project.unknown {
                sites.unknown(fact, DependencyKind::LinkImpl, name.clone(), why.clone());
            }
            for reference in &project.references {
                let to = &projects.list[reference.to];
                let mut chain = self.way(project, &reference.item, to.name);
                chain.push(Hop {
                    span: to.fact.span,
                    what: HopKind::Provide,
                    name: to.name.to_owned(),
                });
                found.push(Declaration {
                    fact: reference.item.fact,
                    from: project.component,
                    to: to.component,
                    kind: DependencyKind::LinkImpl,
                    symbol: None,
                    context: self.item_context(project, &reference.item),
                    section: reference.item.fact.context,
                    variants: reference.item.variants.clone(),
                    chain,
                    certainty: certainty(&reference.item),
                });
            }
        }
        found
    }

    /// Every file of another component that a project takes in.
    pub(super) fn taken_files(&self, projects: &Projects<'a>, sites: &mut Sites) {
        for project in &projects.list {
            for taken in &project.taken {
                let path = self.index.files.path(taken.file);
                let to = self.units.enclosing(project.repo, path.parent());
                let context = self.item_context(project, &taken.item);
                let is_own = to == project.component || within(&path.path, project.folder);
                // What the build reads in folders above is there for all below it; code is not.
                let above = context == Context::Build
                    && !matches!(taken.sort, Sort::Compiled | Sort::Generated)
                    && within(project.folder, path.parent());
                if is_own || above {
                    continue;
                }
                let is_shared = taken.sort == Sort::Imported && path.path.ends_with(".projitems");
                sites.sites.push(Site {
                    from: project.component,
                    from_unit: None,
                    from_file: None,
                    to,
                    to_unit: None,
                    to_files: vec![taken.file],
                    symbol: Some(format!("file:{}", path.path)),
                    kind: taken.kind,
                    access: Access::Use,
                    certainty: certainty(&taken.item),
                    context: match taken.sort {
                        _ if is_shared => self.project_context(project),
                        Sort::Listed => context.join(Context::Build),
                        _ => context,
                    },
                    variants: taken.item.variants.clone(),
                    chain: self.way(project, &taken.item, &path.path),
                });
            }
        }
    }

    /// The documents whose server's side exactly one component makes: alone, or else beside the client's.
    pub(super) fn served(&self, projects: &Projects<'a>) -> BTreeMap<FileId, Provider> {
        let mut found: BTreeMap<FileId, BTreeMap<ComponentId, (Serves, Span)>> = BTreeMap::new();
        for project in &projects.list {
            let serving = project.taken.iter();
            for taken in serving.filter(|taken| taken.serves != Serves::No) {
                if self.item_context(project, &taken.item) == Context::Production {
                    let components = found.entry(taken.file).or_default();
                    let makes = (taken.serves, taken.item.fact.span);
                    let known = components.entry(project.component).or_insert(makes);
                    known.0 = known.0.max(taken.serves);
                }
            }
        }
        let one = |(file, components): (FileId, BTreeMap<ComponentId, (Serves, Span)>)| {
            let most = components.values().map(|(serves, _)| *serves).max()?;
            let mut best = components.iter().filter(|(_, (how, _))| *how == most);
            let (component, (_, span)) = best.next()?;
            let why = Hop {
                span: *span,
                what: HopKind::Provide,
                name: "the side of the server".to_owned(),
            };
            let provider = Provider {
                component: *component,
                certainty: Certainty::Declared,
                why: vec![why],
            };
            best.next().is_none().then_some((file, provider))
        };
        found.into_iter().filter_map(one).collect()
    }

    /// Every project that may see another one's internals, and refers to it: a back door, unless it holds tests.
    pub(super) fn friends(&self, projects: &Projects<'a>, sites: &mut Sites) {
        let reached = projects.reached();
        let mut code: HashMap<ComponentId, Vec<(String, &'a Fact)>> = HashMap::new();
        for fact in self.index.facts {
            if let Some(name) = friend(fact).filter(|_| fact.extractor.0 == "dotnet/code") {
                let list = code.entry(self.component(fact)).or_default();
                list.push((name.to_owned(), fact));
            }
        }
        for (number, opener) in projects.list.iter().enumerate() {
            let code = code.get(&opener.component).into_iter().flatten();
            for (name, fact) in opener.friends.iter().chain(code) {
                let Some(at) = projects.assembly(opener.repo, name) else {
                    continue;
                };
                let friend = &projects.list[at];
                let uses = reached[at].contains(&number) && friend.component != opener.component;
                if !uses || self.project_context(friend) != Context::Production {
                    continue;
                }
                sites.sites.push(Site {
                    from: friend.component,
                    from_unit: None,
                    from_file: None,
                    to: opener.component,
                    to_unit: None,
                    to_files: Vec::new(),
                    symbol: Some(format!("internals:{}", opener.assembly)),
                    kind: DependencyKind::DoorPrivate,
                    access: Access::Use,
                    certainty: Certainty::Declared,
                    context: Context::Production,
                    variants: Vec::new(),
                    chain: vec![
                        Hop {
                            span: friend.fact.span,
                            what: HopKind::Use,
                            name: format!("internals of {}", opener.assembly),
                        },
                        Hop {
                            span: fact.span,
                            what: HopKind::Provide,
                            name: format!("internals, opened to {name}"),
                        },
                    ],
                });
            }
        }
    }

    /// From the project to the item, over the import that brings it.
    fn way(&self, project: &Project<'a>, item: &Item<'a>, name: &str) -> Vec<Hop> {
        let hop = |span: Span, what, name: &str| Hop {
            span,
            what,
            name: name.to_owned(),
        };
        if item.fact.span.file == project.file {
            return vec![hop(item.fact.span, HopKind::Use, name)];
        }
        let file = &self.index.files.path(item.fact.span.file).path;
        let start = item.import.map_or(project.fact.span, |import| import.span);
        vec![
            hop(start, HopKind::Use, name),
            hop(item.fact.span, HopKind::Inherit, file),
        ]
    }

    fn project_context(&self, project: &Project<'a>) -> Context {
        let kind = self.units.components[project.component.0 as usize].kind;
        let of_component = match kind {
            ComponentKind::Test => Context::Test,
            ComponentKind::Orchestrator => Context::Build,
            _ => Context::Production,
        };
        self.contexts.file(project.file).join(of_component)
    }

    fn item_context(&self, project: &Project<'a>, item: &Item<'a>) -> Context {
        item.fact.context.join(self.project_context(project))
    }
}

fn certainty(item: &Item<'_>) -> Certainty {
    if item.inferred {
        Certainty::Inferred
    } else {
        Certainty::Declared
    }
}

/// The assembly that a statement opens internals to.
fn friend(fact: &Fact) -> Option<&str> {
    match &fact.claim {
        Claim::Provides { key, .. } if key.namespace.0 == "friend" => key.name.as_text(),
        _ => None,
    }
}
