//! What a fact's code is for: the fact's own hint, the class of its file, modules that only tests compile, the component.

use std::collections::HashSet;

use super::index::Index;
use crate::model::{
    Claim, ComponentKind, Context, Fact, FileId, FileTable, Mode, RepoId, Subject, within,
};

/// The context of every file.
pub(super) struct Contexts {
    files: Vec<Context>,
}

impl Contexts {
    pub(super) fn new(index: &Index<'_>) -> Self {
        let test_only = test_only_modules(index);
        let files = index
            .files
            .iter()
            .map(|(_, row)| {
                let path = &row.path.path;
                if row.info.generated || row.mode == Mode::Submodule {
                    Context::Generated
                } else if is_below(&test_only, row.path.repo, path) {
                    row.class.context.join(Context::Test)
                } else {
                    row.class.context
                }
            })
            .collect();
        Self { files }
    }

    /// What a file is for.
    pub(super) fn file(&self, file: FileId) -> Context {
        self.files[file.0 as usize]
    }

    /// What a fact's code is for, in a component of this kind.
    pub(super) fn fact(&self, fact: &Fact, component: ComponentKind) -> Context {
        let of_component = match component {
            ComponentKind::Test => Context::Test,
            ComponentKind::Orchestrator => Context::Build,
            _ => Context::Production,
        };
        fact.context
            .join(self.file(fact.span.file))
            .join(of_component)
    }

    /// Writes the contexts back, so that who counts production files sees them, too.
    pub(super) fn apply(&self, files: &mut FileTable) {
        for (number, context) in self.files.iter().enumerate() {
            files.set_context(FileId(number as u32), *context);
        }
    }
}

/// Modules that some file includes for tests alone: their paths without the ending.
fn test_only_modules<'a>(index: &Index<'a>) -> HashSet<(RepoId, &'a str)> {
    index
        .facts
        .iter()
        .filter_map(|fact| match (&fact.subject, &fact.claim) {
            (Subject::Named(module), Claim::Provides { key, .. })
                if module.namespace.0 == "module"
                    && key.namespace.0 == "trait"
                    && key.name.as_text() == Some("test-only") =>
            {
                Some((index.repo(fact), module.name.as_text()?))
            }
            _ => None,
        })
        .collect()
}

/// Whether a path is one of the modules, or lies in the folder of one.
fn is_below(modules: &HashSet<(RepoId, &str)>, repo: RepoId, path: &str) -> bool {
    if modules.is_empty() {
        return false;
    }
    let Some((stem, _)) = path.rsplit_once('.') else {
        return false;
    };
    let mut probe = stem;
    loop {
        if modules.contains(&(repo, probe)) {
            return within(path, probe) || probe == stem;
        }
        match probe.rfind('/') {
            Some(cut) => probe = &probe[..cut],
            None => return false,
        }
    }
}
