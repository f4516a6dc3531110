//! States the tables that a file names, each use once with how often it occurs.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::extract::sql::{How, Object};
use crate::model::{Access, Claim, Context, DependencyKind, Facts, Key, Offer, Subject};

/// The most distinct uses of one file.
const USES: usize = 4096;

/// Collects the tables of one file.
#[derive(Default)]
pub(super) struct Sink {
    found: BTreeMap<(String, What, bool), (Range<usize>, u32)>,
    left_out: usize,
}

/// What is said of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Sql(How),
    /// A class stands for it.
    Maps,
}

impl Sink {
    /// Notes a table of a statement that starts at `start` in the file.
    pub(super) fn object(&mut self, object: &Object, bytes: Range<usize>, is_test: bool) {
        self.add(&object.name, What::Sql(object.how), bytes, is_test);
    }

    /// Notes a table that is no part of a statement.
    pub(super) fn named(&mut self, name: &str, how: How, bytes: Range<usize>) {
        self.add(name, What::Sql(how), bytes, false);
    }

    pub(super) fn add(&mut self, name: &str, what: What, bytes: Range<usize>, is_test: bool) {
        let is_full = self.found.len() >= USES;
        match self.found.get_mut(&(name.to_owned(), what, is_test)) {
            Some((_, count)) => *count = count.saturating_add(1),
            None if is_full => self.left_out += 1,
            None => {
                let key = (name.to_owned(), what, is_test);
                self.found.insert(key, (bytes, 1));
            }
        }
    }

    /// States everything, in the order of the file.
    pub(super) fn state(self, facts: &mut Facts<'_>) {
        let mut found: Vec<_> = self.found.into_iter().collect();
        found.sort_by_key(|(key, (bytes, _))| (bytes.start, key.clone()));
        for ((name, what, is_test), (bytes, count)) in found {
            let key = Key::new("table", name);
            let (kind, access) = match what {
                What::Sql(How::Create) => {
                    let fact = facts.provides(key, Offer::Creates, bytes);
                    fact.context = context(fact.context, is_test);
                    continue;
                }
                What::Maps => {
                    facts.provides(key.clone(), Offer::Maps, bytes.clone());
                    (DependencyKind::DataRead, Access::ReadWrite)
                }
                What::Sql(How::Alter) => (DependencyKind::DataDdl, Access::Write),
                What::Sql(How::Read) => (DependencyKind::DataRead, Access::Read),
                What::Sql(How::Write) => (DependencyKind::DataWrite, Access::Write),
                What::Sql(How::Reference) => (DependencyKind::DataForeignKey, Access::Use),
            };
            let claim = Claim::Requires {
                key,
                kind,
                access,
                count,
            };
            let fact = facts.push(Subject::Here, claim, bytes);
            fact.context = context(fact.context, is_test);
        }
        if self.left_out > 0 {
            let message = format!(
                "more than {USES} uses of tables: {} left out",
                self.left_out
            );
            facts.problem(0..0, message);
        }
    }
}

fn context(context: Context, is_test: bool) -> Context {
    match is_test {
        true => context.join(Context::Test),
        false => context,
    }
}
