//! Which sites does a comment beside them accept?

use crate::model::{Allowance, Claim, Fact, Span, Subject};

/// What comments allow, sorted by place.
#[derive(Debug, Default)]
pub(super) struct Allowances(pub(super) Vec<Allowance>);

impl Allowances {
    /// Collects what files state as `file binds allow:<rule> = reason`.
    pub(super) fn new(facts: &[Fact]) -> Self {
        let mut found: Vec<Allowance> = facts
            .iter()
            .filter_map(|fact| match (&fact.subject, &fact.claim) {
                (Subject::File, Claim::Binds { key, value }) if key.namespace.0 == "allow" => {
                    Some(Allowance {
                        span: fact.span,
                        rule: key.name.as_text()?.to_owned(),
                        reason: value.as_text()?.to_owned(),
                    })
                }
                _ => None,
            })
            .collect();
        found.sort();
        found.dedup();
        Self(found)
    }

    /// What holds at a site.
    pub(super) fn at(&self, site: Span) -> impl Iterator<Item = &Allowance> {
        let list = &self.0;
        let start = list.partition_point(|one| one.span.file < site.file);
        let end = list.partition_point(|one| one.span.file <= site.file);
        list[start..end].iter().filter(move |one| one.holds(site))
    }
}
