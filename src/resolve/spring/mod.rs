//! What frameworks on the JVM do by convention: settings and starters that say whom a program talks to,
//! and configuration that a server hands out.

mod discovery;
mod platform;
mod served;
mod settings;
mod starters;
#[cfg(test)]
mod tests;

pub(super) use discovery::resolve as discovery;
pub(super) use platform::resolve as platform;
pub(super) use served::Served;

use crate::model::{Fact, FileTable};

/// States what settings and starters mean, as facts beside those that show it.
pub(super) fn derive(files: &FileTable, facts: &mut Vec<Fact>) {
    let mut found = settings::derive(files, facts);
    found.extend(starters::derive(facts));
    if !found.is_empty() {
        facts.extend(found);
        facts.sort_by_key(|fact| fact.span.file);
    }
}
