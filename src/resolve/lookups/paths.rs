//! Paths in the tree that are borrowed: of a file, of a folder, of all that a pattern matches; and what of them counts.

use std::collections::{BTreeMap, HashMap};

use globset::GlobBuilder;

use super::Target;
use crate::model::{Claim, ComponentId, Context, DependencyKind, FileId, Language, Mode, RepoId};
use crate::resolve::index::Index;

/// What makes a path a pattern.
const PATTERN: [char; 3] = ['*', '?', '['];

/// The most files that one pattern may match.
const MATCHES: usize = 10_000;

/// Whether anything lies at a path.
pub(super) fn exists(index: &Index<'_>, repo: RepoId, path: &str) -> bool {
    !matching(index, repo, path).is_empty()
}

/// The files at a path: itself, below it, or what a pattern matches.
pub(super) fn matching(index: &Index<'_>, repo: RepoId, path: &str) -> Vec<FileId> {
    let files = index.files;
    if let Some(file) = files.find(repo, path) {
        return vec![file];
    }
    let Some(at) = path.find(PATTERN) else {
        return files.below(repo, path).collect();
    };
    let glob = GlobBuilder::new(path).literal_separator(true).build();
    let Ok(glob) = glob.map(|glob| glob.compile_matcher()) else {
        return Vec::new();
    };
    let folder = path[..at].rsplit_once('/').map_or("", |(folder, _)| folder);
    let depth = path.matches('/').count();
    files
        .below(repo, folder)
        .filter(|file| {
            // A pattern may match a folder, whose files count.
            let path = &*files.path(*file).path;
            let end = path.match_indices('/').nth(depth);
            glob.is_match(&path[..end.map_or(path.len(), |(at, _)| at)])
        })
        .take(MATCHES)
        .collect()
}

/// The other components whose code, manifests or interface definitions are among some files; `data`: other data counts, too.
///
/// A folder that holds the borrower itself is no borrowing: it is the tree around it.
pub(super) fn borrowed(
    index: &Index<'_>,
    component_of: &[ComponentId],
    from: ComponentId,
    files: &[FileId],
    data: bool,
) -> Vec<Target> {
    let mut by_component: BTreeMap<ComponentId, Vec<FileId>> = BTreeMap::new();
    for file in files {
        let component = component_of[file.0 as usize];
        if component == from {
            return Vec::new();
        }
        if counts(index, *file, data) {
            by_component.entry(component).or_default().push(*file);
        }
    }
    by_component
        .into_values()
        .filter_map(|files| {
            let is_idl = |file: &FileId| index.files.row(*file).class.language == Language::Idl;
            let kind = if files.iter().all(is_idl) {
                DependencyKind::LinkContract
            } else {
                DependencyKind::LinkSplice
            };
            Some(Target {
                kind: Some(kind),
                ..Target::files(component_of, files)?
            })
        })
        .collect()
}

/// Whether a file is more than prose, pictures and settings.
fn counts(index: &Index<'_>, file: FileId, data: bool) -> bool {
    let row = index.files.row(file);
    if row.mode == Mode::Submodule || row.class.context == Context::Generated {
        return false;
    }
    match row.class.language {
        Language::Prose | Language::Other => false,
        Language::Data => {
            data || index
                .facts_of_file(file)
                .iter()
                .any(|fact| matches!(fact.claim, Claim::Component { .. }))
        }
        _ => true,
    }
}

/// Components by a name that a fact gives, for names that are only worth something when they are unique.
pub(super) type Unique = HashMap<(RepoId, String), Option<ComponentId>>;

/// Notes a component under a name; a second one makes the name worthless.
pub(super) fn note(unique: &mut Unique, name: (RepoId, String), component: ComponentId) {
    unique
        .entry(name)
        .and_modify(|known| {
            if *known != Some(component) {
                *known = None;
            }
        })
        .or_insert(Some(component));
}
