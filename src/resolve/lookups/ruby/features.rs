//! What `require 'acme/cart'` loads: a file below a folder of the load path.
//!
//! Every gem and every Rails application puts its `lib` there, and test runners add their own folder.

use std::collections::HashMap;

use super::super::Run;
use super::applications::Applications;
use crate::model::{ComponentId, FileId, FileTable, Language, RepoId, join, parent};

/// The files that the load paths of a run lead to.
pub(super) struct Features<'r> {
    files: &'r FileTable,
    component_of: &'r [ComponentId],
    /// By what stands behind `lib/`, without ending.
    by_name: HashMap<(RepoId, &'r str), Vec<FileId>>,
}

impl<'r> Features<'r> {
    pub(super) fn new(run: &Run<'r, '_>) -> Self {
        let files: &'r FileTable = run.index.files;
        let mut by_name: HashMap<(RepoId, &'r str), Vec<FileId>> = HashMap::new();
        for (file, row) in files.iter() {
            if row.class.language != Language::Ruby {
                continue;
            }
            let component = &run.units.components[run.component_of[file.0 as usize].0 as usize];
            let root = component.root.as_ref().map_or("", |root| &*root.path);
            let below = row.path.path[root.len()..].trim_start_matches('/');
            if let Some(name) = below.strip_prefix("lib/") {
                let name = name.strip_suffix(".rb").unwrap_or(name);
                let list = by_name.entry((row.path.repo, name)).or_default();
                list.push(file);
            }
        }
        Self {
            files,
            component_of: run.component_of,
            by_name,
        }
    }

    /// All of them.
    pub(super) fn files(&self) -> impl Iterator<Item = FileId> {
        self.by_name.values().flatten().copied()
    }

    /// The file that a name loads; several when it is open which one.
    pub(super) fn find(
        &self,
        from: FileId,
        name: &str,
        roots: &[&str],
        applications: &Applications,
    ) -> Vec<FileId> {
        let path = self.files.path(from);
        let own = self.component_of[from.0 as usize];
        let stem = name.strip_suffix(".rb").unwrap_or(name);
        let at = |folder: &str| {
            let path_to = join(folder, &format!("{stem}.rb"))?;
            self.files.find(path.repo, &path_to)
        };
        // Test runners put the folder of the tests on the load path.
        let tests = std::iter::successors(Some(path.parent()), |folder| {
            (!folder.is_empty()).then(|| parent(folder))
        })
        .filter(|folder| matches!(folder.rsplit('/').next(), Some("spec" | "test")))
        .find_map(at);
        if let Some(file) = tests {
            return vec![file];
        }
        let root = roots[own.0 as usize];
        if name.starts_with('.') {
            return at(root).into_iter().collect();
        }
        let mut found: Vec<FileId> = self
            .by_name
            .get(&(path.repo, stem))
            .into_iter()
            .flatten()
            .copied()
            .filter(|file| applications.run_together(own, self.component_of[file.0 as usize]))
            .collect();
        if found.len() > 1 {
            let of = |file: &FileId| self.component_of[file.0 as usize];
            let required = applications.required(own);
            for wanted in [&|id: ComponentId| id == own, &|id: ComponentId| {
                required.contains(&id)
            }] as [&dyn Fn(ComponentId) -> bool; 2]
            {
                if found.iter().any(|file| wanted(of(file))) {
                    found.retain(|file| wanted(of(file)));
                }
            }
        }
        found
    }
}
