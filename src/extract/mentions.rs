//! The names that the code of one file uses: each stated once, with its count and its first place.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::{Condition, Context, DependencyKind, Facts, Key, Parsed};

/// The most distinct names of one file.
const NAMES: usize = 4096;

/// What makes two mentions one: the name, what the code is for, its variant, and the comment that allows it.
type Name = (String, Context, Option<&'static str>, Option<usize>);

/// Collects the names of one namespace.
pub(super) struct Mentions<'a> {
    namespace: &'static str,
    /// Where comments allow something: what they allow is told apart.
    allowed: &'a [Range<usize>],
    names: BTreeMap<Name, (u32, Range<usize>)>,
    /// Where the first name stands that is left out.
    too_many: Option<Range<usize>>,
}

impl<'a> Mentions<'a> {
    pub(super) fn new(namespace: &'static str, allowed: &'a [Range<usize>]) -> Self {
        Self {
            namespace,
            allowed,
            names: BTreeMap::new(),
            too_many: None,
        }
    }

    /// Notes a name in production code.
    pub(super) fn add(&mut self, name: impl Into<String>, bytes: Range<usize>) {
        self.add_in(name, Context::Production, None, bytes);
    }

    /// Notes a name in code of a use and a variant of its own.
    pub(super) fn add_in(
        &mut self,
        name: impl Into<String>,
        context: Context,
        variant: Option<&'static str>,
        bytes: Range<usize>,
    ) {
        let allowance = self
            .allowed
            .iter()
            .position(|range| range.contains(&bytes.start));
        let name = (name.into(), context, variant, allowance);
        if let Some((count, first)) = self.names.get_mut(&name) {
            *count = count.saturating_add(1);
            if bytes.start < first.start {
                *first = bytes;
            }
        } else if self.names.len() < NAMES {
            self.names.insert(name, (1, bytes));
        } else {
            self.too_many.get_or_insert(bytes);
        }
    }

    /// States all names as links.
    pub(super) fn state(self, facts: &mut Facts<'_>) {
        if let Some(bytes) = self.too_many {
            let message = format!("more than {NAMES} names; the rest is not read");
            facts.problem(bytes, message);
            facts.parsed(Parsed::Partly);
        }
        for ((name, context, variant, _), (count, bytes)) in self.names {
            let key = Key::new(self.namespace, name);
            let fact = facts.requires(key, DependencyKind::LinkImpl, count, bytes);
            fact.context = fact.context.join(context);
            fact.when
                .extend(variant.map(|name| Condition::Variant(name.into())));
        }
    }
}
