//! A site: one resolved use, before sites are merged into dependencies.

use std::collections::HashMap;

use crate::model::{
    Access, Certainty, ComponentId, Condition, Context, DependencyKind, Fact, FileId, Hop, Link,
    LinkEnd, Subject, Unresolved, Why,
};

/// One resolved use.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) from: ComponentId,
    pub(super) from_unit: Option<String>,
    /// The file that uses; `None` when a manifest alone says so.
    pub(super) from_file: Option<FileId>,
    pub(super) to: ComponentId,
    pub(super) to_unit: Option<String>,
    /// The files that offer what is used; empty: the component as a whole.
    pub(super) to_files: Vec<FileId>,
    pub(super) symbol: Option<String>,
    pub(super) kind: DependencyKind,
    pub(super) access: Access,
    pub(super) certainty: Certainty,
    pub(super) context: Context,
    pub(super) variants: Vec<String>,
    pub(super) chain: Vec<Hop>,
}

impl Site {
    /// What a fact states about the use of a component as a whole; the chain is still to be told.
    pub(super) fn stated(
        fact: &Fact,
        (kind, access): (DependencyKind, Access),
        (from, to): (ComponentId, ComponentId),
        context: Context,
    ) -> Self {
        Self {
            from,
            from_unit: None,
            from_file: (fact.subject == Subject::Here).then_some(fact.span.file),
            to,
            to_unit: None,
            to_files: Vec::new(),
            symbol: None,
            kind,
            access,
            certainty: fact.certainty,
            context,
            variants: variants(&fact.when),
            chain: Vec::new(),
        }
    }
}

/// What the passes give.
#[derive(Debug, Default)]
pub(super) struct Sites {
    pub(super) sites: Vec<Site>,
    pub(super) unresolved: Vec<Unresolved>,
    /// Uses of what lies outside of the run, when every link is to be kept.
    pub(super) outside: Option<Vec<Link>>,
    /// What manifests declare and code uses, with both ends, when every link is to be kept: their sites are those of the code.
    pub(super) declared: Vec<(ComponentId, ComponentId, Link)>,
}

impl Sites {
    /// A use of a package from outside; what belongs to a language itself has no name and is never kept.
    pub(super) fn outside(
        &mut self,
        fact: &Fact,
        kind: DependencyKind,
        context: Context,
        package: Option<String>,
    ) {
        if let (Some(outside), Some(package)) = (&mut self.outside, package) {
            outside.push(Link {
                at: fact.span,
                to: LinkEnd::Outside(package.clone()),
                kind,
                context,
                name: package,
            });
        }
    }

    /// A link that a manifest declares and code uses.
    pub(super) fn declared(
        &mut self,
        from: ComponentId,
        to: ComponentId,
        context: Context,
        use_: &Hop,
    ) {
        if self.outside.is_some() {
            let link = Link {
                at: use_.span,
                to: LinkEnd::Component(to),
                kind: DependencyKind::LinkImpl,
                context,
                name: use_.name.clone(),
            };
            self.declared.push((from, to, link));
        }
    }

    /// Every link that was found so far, file by file, when they are to be kept; sites of generated code go.
    pub(super) fn take_links(&mut self) -> Vec<Link> {
        let Some(mut links) = self.outside.take() else {
            return Vec::new();
        };
        links.extend(self.sites.iter().filter_map(|site| {
            let first = site.chain.first()?;
            Some(Link {
                at: first.span,
                to: match site.to_files.as_slice() {
                    [] => LinkEnd::Component(site.to),
                    files => LinkEnd::Files(files.to_vec()),
                },
                kind: site.kind,
                context: site.context,
                name: first.name.clone(),
            })
        }));
        let mut kinds: HashMap<(ComponentId, ComponentId), DependencyKind> = HashMap::new();
        for site in self
            .sites
            .iter()
            .filter(|site| site.to_files.is_empty() || site.from_unit.is_none())
        {
            if !matches!(
                site.kind,
                DependencyKind::LinkSplice | DependencyKind::DoorPrivate
            ) {
                kinds.entry((site.from, site.to)).or_insert(site.kind);
            }
        }
        links.extend(self.declared.drain(..).map(|(from, to, link)| Link {
            // As the code's own sites were judged.
            kind: kinds.get(&(from, to)).copied().unwrap_or(link.kind),
            ..link
        }));
        links.sort();
        links.dedup();
        self.sites.retain(|site| site.context != Context::Generated);
        links
    }

    /// A site whose far end is not known.
    pub(super) fn unknown(&mut self, fact: &Fact, kind: DependencyKind, name: String, why: Why) {
        self.unresolved.push(Unresolved {
            span: fact.span,
            kind,
            name,
            why,
        });
    }
}

/// The variants among conditions.
pub(super) fn variants(when: &[Condition]) -> Vec<String> {
    when.iter()
        .filter_map(|condition| match condition {
            Condition::Variant(name) => Some(name.to_string()),
            Condition::Uses(_) => None,
        })
        .collect()
}
