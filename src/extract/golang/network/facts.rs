//! What the detectors found in one file, before it becomes facts.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::secrets::masked;
use crate::model::{Access, DependencyKind, Key, Template};

/// The most names of one file that are given a value.
const BINDS: usize = 256;
/// The most uses, and the most offers, of one file.
const USES: usize = 1024;

/// What is used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::extract::golang) struct Use {
    pub(in crate::extract::golang) key: Key,
    pub(in crate::extract::golang) kind: DependencyKind,
    pub(in crate::extract::golang) access: Access,
}

impl Use {
    /// A call over the network.
    pub(super) fn call(
        namespace: &'static str,
        at: Template,
        name: impl Into<Template>,
        kind: DependencyKind,
    ) -> Self {
        Self {
            key: Key::at(namespace, at, name),
            kind,
            access: Access::Use,
        }
    }

    /// A topic: `kind` tells whether it is written or read.
    pub(super) fn topic(at: Template, name: Template, kind: DependencyKind) -> Self {
        let access = match kind {
            DependencyKind::EventPub => Access::Write,
            _ => Access::Read,
        };
        Self {
            key: Key::at("topic", at, name),
            kind,
            access,
        }
    }

    /// A connection to a store.
    pub(super) fn store(at: Template, engine: &str) -> Self {
        Self {
            key: Key::at("store", at, engine),
            kind: DependencyKind::DataUse,
            access: Access::ReadWrite,
        }
    }
}

/// Everything that was found, each once, with the number and the first of its places.
#[derive(Debug, Default)]
pub(in crate::extract::golang) struct Found {
    pub(in crate::extract::golang) uses: BTreeMap<Use, (u32, Range<usize>)>,
    pub(in crate::extract::golang) offers: BTreeMap<Key, Range<usize>>,
    pub(in crate::extract::golang) binds: BTreeMap<(Key, Template), Range<usize>>,
    /// Bounds that bit: where, and what is left out.
    pub(in crate::extract::golang) too_many: BTreeMap<String, Range<usize>>,
}

impl Found {
    pub(super) fn add(&mut self, mut one: Use, bytes: Range<usize>) {
        one.key.at = masked("", &one.key.at);
        if let Some((count, first)) = self.uses.get_mut(&one) {
            *count = count.saturating_add(1);
            if bytes.start < first.start {
                *first = bytes;
            }
        } else if self.uses.len() < USES {
            self.uses.insert(one, (1, bytes));
        } else {
            self.left_out(format!("more than {USES} calls, topics and stores"), bytes);
        }
    }

    pub(super) fn offer(&mut self, key: Key, bytes: Range<usize>) {
        if self.offers.len() < USES || self.offers.contains_key(&key) {
            self.offers.entry(key).or_insert(bytes);
        } else {
            self.left_out(format!("more than {USES} routes"), bytes);
        }
    }

    pub(super) fn bind(&mut self, key: Key, value: Template, bytes: Range<usize>) {
        let bind = (key, masked("", &value));
        if self.binds.len() < BINDS || self.binds.contains_key(&bind) {
            self.binds.entry(bind).or_insert(bytes);
        } else {
            self.left_out(format!("more than {BINDS} names with values"), bytes);
        }
    }

    /// Notes that a bound bit.
    pub(super) fn left_out(&mut self, what: String, bytes: Range<usize>) {
        self.too_many.entry(what).or_insert(bytes);
    }
}
