//! The files of a run, as paths in MSBuild files name them: in any case, with wildcards, above a folder.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use globset::{Glob, GlobBuilder};

use super::super::index::Index;
use super::Project;
use crate::model::{Claim, FileId, RepoId, join, parent};

/// What paths and properties of a run are asked of.
pub(super) struct Files<'r, 'a> {
    pub(super) index: &'r Index<'a>,
    /// Every path in small letters: on Windows case does not count.
    folded: OnceCell<HashMap<(RepoId, String), FileId>>,
    /// The number of the project of each project file.
    projects: HashMap<FileId, usize>,
    /// Folders that hold a solution.
    solutions: HashSet<(RepoId, &'a str)>,
    /// Properties that some file of the run sets, in small letters.
    properties: HashSet<String>,
    /// Lists of items that some file of the run fills, in small letters.
    lists: HashSet<String>,
}

impl<'r, 'a> Files<'r, 'a> {
    pub(super) fn new(index: &'r Index<'a>, projects: &[Project<'a>]) -> Self {
        let solutions = index.files.iter().filter_map(|(_, row)| {
            let path = &row.path;
            let is_solution = path.path.ends_with(".sln") || path.path.ends_with(".slnx");
            is_solution.then(|| (path.repo, path.parent()))
        });
        let bound = |namespace: &'static str| {
            let facts = index.facts.iter();
            facts.filter_map(move |fact| match &fact.claim {
                Claim::Binds { key, .. } if key.namespace.0 == namespace => {
                    Some(key.name.as_text()?.to_ascii_lowercase())
                }
                _ => None,
            })
        };
        let numbers = projects.iter().enumerate();
        Self {
            index,
            folded: OnceCell::new(),
            projects: numbers
                .map(|(number, project)| (project.file, number))
                .collect(),
            solutions: solutions.collect(),
            properties: bound("msbuild").collect(),
            lists: bound("msbuild-items").collect(),
        }
    }

    /// Whether some file sets a property, so that it is empty where none of them is read.
    pub(super) fn is_property(&self, name: &str) -> bool {
        self.properties.contains(name)
    }

    /// Whether some file fills a list, so that it is empty where none of them is read.
    pub(super) fn is_list(&self, name: &str) -> bool {
        self.lists.contains(&name.to_ascii_lowercase())
    }

    pub(super) fn project(&self, file: FileId) -> Option<usize> {
        self.projects.get(&file).copied()
    }

    /// The file at a path from the root, also when only the case differs.
    pub(super) fn find(&self, repo: RepoId, path: &str) -> Option<FileId> {
        if let Some(file) = self.index.files.find(repo, path) {
            return Some(file);
        }
        let folded = self.folded.get_or_init(|| {
            let rows = self.index.files.iter();
            rows.map(|(file, row)| ((row.path.repo, row.path.path.to_lowercase()), file))
                .collect()
        });
        folded.get(&(repo, path.to_lowercase())).copied()
    }

    /// The nearest file of this name at or above a folder.
    pub(super) fn above(&self, repo: RepoId, folder: &str, name: &str) -> Option<FileId> {
        let mut folder = folder;
        loop {
            let path = join(folder, name)?;
            if let Some(file) = self.index.files.find(repo, &path) {
                return Some(file);
            }
            if folder.is_empty() {
                return None;
            }
            folder = parent(folder);
        }
    }

    /// The nearest folder at or above one that holds a solution.
    pub(super) fn solution(&self, repo: RepoId, folder: &'a str) -> Option<&'a str> {
        let mut folder = folder;
        loop {
            if let Some((_, found)) = self.solutions.get(&(repo, folder)) {
                return Some(found);
            }
            if folder.is_empty() {
                return None;
            }
            folder = parent(folder);
        }
    }

    /// The files that a path with wildcards means.
    pub(super) fn matching(&self, repo: RepoId, pattern: &str) -> Vec<FileId> {
        let Some(glob) = glob(pattern).map(|glob| glob.compile_matcher()) else {
            return Vec::new();
        };
        let fixed = pattern.find(['*', '?']).unwrap_or(pattern.len());
        let fixed = parent(&pattern[..fixed]);
        self.index
            .files
            .iter()
            .filter(|(_, row)| row.path.repo == repo && row.path.path.starts_with(fixed))
            .filter(|(_, row)| glob.is_match(&*row.path.path))
            .map(|(file, _)| file)
            .collect()
    }
}

/// A path with MSBuild's wildcards: `*`, `?`, and `**` for any folders.
pub(super) fn glob(pattern: &str) -> Option<Glob> {
    // What other globs know beside these are plain characters here.
    let escaped: String = pattern
        .chars()
        .flat_map(|c| match c {
            '[' | ']' | '{' | '}' => vec!['[', c, ']'],
            c => vec![c],
        })
        .collect();
    GlobBuilder::new(&escaped)
        .literal_separator(true)
        .case_insensitive(true)
        .build()
        .ok()
}
