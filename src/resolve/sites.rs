//! A site: one resolved use, before sites are merged into dependencies.

use crate::model::{
    Access, Certainty, ComponentId, Condition, Context, DependencyKind, Fact, FileId, Hop,
    Unresolved, Why,
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

/// What the passes give.
#[derive(Debug, Default)]
pub(super) struct Sites {
    pub(super) sites: Vec<Site>,
    pub(super) unresolved: Vec<Unresolved>,
}

impl Sites {
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
