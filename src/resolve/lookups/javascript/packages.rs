//! Which file of a package does a name mean: `exports` and `imports`, entries, and the sources of output that is not in the tree.
//!
//! Source: <https://nodejs.org/api/packages.html>

use super::configs::Configs;
use super::files::Files;
use crate::model::{Claim, Condition, FileId, RepoId, Span, Subject, join, within};
use crate::resolve::index::Index;

/// Conditions that hold for everybody who uses a package, whether types or code are asked for.
const CONDITIONS: &[&str] = &[
    "types",
    "import",
    "require",
    "node",
    "default",
    "module",
    "module-sync",
];

/// Folders below the one for output that say what kind of output lies there.
const KINDS: &[&str] = &[
    "browser", "bundle", "cjs", "commonjs", "dist", "es", "es2015", "es2020", "es6", "esm", "lib",
    "module", "node", "src", "types", "umd",
];

/// Folders where sources lie, below the package.
const SOURCES: &[&str] = &["src", "source", "lib", ""];

/// A target of `exports` or `imports`.
#[derive(Debug)]
struct Target<'a> {
    conditions: Vec<&'a str>,
    /// Empty: the name is closed to others.
    path: &'a str,
}

/// What one `package.json` says of its files.
#[derive(Debug, Default)]
pub(super) struct Entries<'a> {
    exports: Vec<(&'a str, Vec<Target<'a>>)>,
    imports: Vec<(&'a str, Vec<Target<'a>>)>,
    /// By rank: types, then code.
    fields: Vec<(usize, &'a str)>,
    /// Where output goes, and from where, as configurations in the folder tell.
    outputs: Vec<(String, Option<String>)>,
    /// Where it says what it exports.
    at: Option<Span>,
}

/// Files that stand for a package, in the order in which they are asked for.
const FIELDS: &[&str] = &["source", "types", "typings", "module", "main"];

/// What a name in a package means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inside {
    File(FileId),
    /// A file that the package does not offer under this name.
    Closed(FileId),
    /// The package has it, but its file is not in the tree.
    Whole,
    /// The package offers no such name, and has no such file.
    Unknown,
}

impl<'a> Entries<'a> {
    /// Reads what the manifest in a folder says.
    pub(super) fn read(file: FileId, index: &Index<'a>) -> Self {
        let mut entries = Self::default();
        for fact in index.facts_of_file(file) {
            let (Subject::File, Claim::Binds { key, value }) = (&fact.subject, &fact.claim) else {
                continue;
            };
            let (Some(name), Some(path)) = (key.name.as_text(), value.as_text()) else {
                continue;
            };
            let map = match key.namespace.0 {
                "npmexport" => {
                    entries.at.get_or_insert(fact.span);
                    &mut entries.exports
                }
                "npmimport" => &mut entries.imports,
                "npmfield" => {
                    let rank = FIELDS.iter().position(|field| *field == name);
                    entries.fields.extend(rank.map(|rank| (rank, path)));
                    continue;
                }
                _ => continue,
            };
            let conditions = fact.when.iter().filter_map(|condition| match condition {
                Condition::Variant(name) => Some(&**name),
                Condition::Uses(_) => None,
            });
            let target = Target {
                conditions: conditions.collect(),
                path,
            };
            match map.iter_mut().find(|(known, _)| *known == name) {
                Some((_, targets)) => targets.push(target),
                None => map.push((name, vec![target])),
            }
        }
        entries.fields.sort_unstable();
        entries
    }

    /// Adds what the configurations in the manifest's folder tell of output.
    pub(super) fn add_outputs(
        &mut self,
        repo: RepoId,
        folder: &str,
        configs: &[FileId],
        all: &mut Configs<'_, 'a>,
    ) {
        self.outputs = all.outputs(repo, folder, configs);
    }

    pub(super) fn exports_at(&self) -> Option<Span> {
        self.at
    }

    /// What a name of the package means to others: `""` for itself, else a path below it.
    pub(super) fn export(
        &self,
        below: &str,
        folder: &str,
        files: Files<'_>,
        custom: &[String],
    ) -> Inside {
        if self.exports.is_empty() {
            return match below {
                "" => self.entry(folder, files),
                below => self.below(below, folder, files),
            };
        }
        let name = match below {
            "" => ".".to_owned(),
            below => format!("./{below}"),
        };
        match pick(&self.exports, &name) {
            Some((targets, star)) => {
                let mut open = false;
                for path in holding(targets, custom) {
                    if path.is_empty() {
                        break;
                    }
                    open = true;
                    if let Some(file) = self.target(&path.replace('*', star), folder, files) {
                        return Inside::File(file);
                    }
                }
                if open {
                    return Inside::Whole;
                }
                self.closed(below, folder, files)
            }
            None => self.closed(below, folder, files),
        }
    }

    /// What a name of the package means that it gives to itself (`#name`): a path of it, or another package.
    pub(super) fn import(&self, name: &str, custom: &[String]) -> Vec<String> {
        let Some((targets, star)) = pick(&self.imports, name) else {
            return Vec::new();
        };
        let paths = holding(targets, custom).filter(|path| !path.is_empty());
        paths.map(|path| path.replace('*', star)).collect()
    }

    /// The file that a target means: itself, or the source that it is built from.
    pub(super) fn target(&self, path: &str, folder: &str, files: Files<'_>) -> Option<FileId> {
        let full = join(folder, path)?;
        files
            .exact(&full)
            .or_else(|| self.source(&full, folder, files))
            .or_else(|| files.file(&full))
    }

    /// The file that stands for the folder of the manifest, when it is named.
    pub(super) fn main(&self, folder: &str, files: Files<'_>) -> Option<FileId> {
        let targets = self
            .fields
            .iter()
            .filter_map(|(_, path)| join(folder, path));
        targets
            .into_iter()
            .find_map(|path| files.file(&path).or_else(|| files.index(&path)))
    }

    /// The file that stands for the package as a whole.
    fn entry(&self, folder: &str, files: Files<'_>) -> Inside {
        let targets = || {
            self.fields
                .iter()
                .filter_map(|(_, path)| join(folder, path))
        };
        let in_tree = targets().find_map(|path| files.file(&path).or_else(|| files.index(&path)));
        let built = || targets().find_map(|path| self.source(&path, folder, files));
        let found = in_tree.or_else(built).or_else(|| files.index(folder));
        // Nothing says so, but nothing else can be it.
        let custom = || files.index(&join(folder, "src")?);
        found.or_else(custom).map_or(Inside::Whole, Inside::File)
    }

    fn below(&self, below: &str, folder: &str, files: Files<'_>) -> Inside {
        let Some(path) = join(folder, below).filter(|path| within(path, folder)) else {
            return Inside::Unknown;
        };
        let found = files
            .module(&path)
            .or_else(|| self.source(&path, folder, files));
        found.map_or(Inside::Unknown, Inside::File)
    }

    fn closed(&self, below: &str, folder: &str, files: Files<'_>) -> Inside {
        match self.below(below, folder, files) {
            // Tools read it, whatever it exports.
            Inside::File(file) if below == "package.json" => Inside::File(file),
            Inside::File(file) if !below.is_empty() => Inside::Closed(file),
            Inside::File(_) => Inside::Whole,
            other => other,
        }
    }

    /// The source that a path of output is built from.
    pub(super) fn source(&self, path: &str, folder: &str, files: Files<'_>) -> Option<FileId> {
        let below = path[folder.len()..].trim_start_matches('/');
        // What the compiler is told is sure.
        for (output, source) in &self.outputs {
            if within(path, output) && output != folder {
                let rest = path[output.len()..].trim_start_matches('/');
                let roots = match source {
                    Some(source) => vec![source.clone()],
                    None => SOURCES
                        .iter()
                        .filter_map(|root| join(folder, root))
                        .collect(),
                };
                let found = roots
                    .iter()
                    .find_map(|root| files.any_source(&join(root, rest)?));
                if found.is_some() {
                    return found;
                }
            }
        }
        // Else what everybody does: one folder for output, the same names below it and below that for sources.
        let segments: Vec<&str> = below.split('/').collect();
        for skipped in 1..segments.len().min(4) {
            if skipped > 1 && !KINDS.contains(&segments[skipped - 1]) {
                break;
            }
            let rest = segments[skipped..].join("/");
            let found = SOURCES.iter().find_map(|root| {
                let root = join(folder, root)?;
                files
                    .any_source(&join(&root, &rest)?)
                    .filter(|file| files.table.path(*file).path.as_ref() != path)
            });
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

/// The entry of a name: the exact one, else the pattern with the longest start; and what its star stands for.
fn pick<'e, 'a, 'n>(
    map: &'e [(&'a str, Vec<Target<'a>>)],
    name: &'n str,
) -> Option<(&'e [Target<'a>], &'n str)> {
    if let Some((_, targets)) = map.iter().find(|(key, _)| *key == name) {
        return Some((targets, ""));
    }
    let fits = map.iter().filter_map(|(key, targets)| {
        // A folder, as Node had it once.
        let (start, end) = key
            .split_once('*')
            .or_else(|| key.ends_with('/').then_some((*key, "")))?;
        let star = name.strip_prefix(start)?.strip_suffix(end)?;
        (!star.is_empty()).then_some((start.len(), targets, star))
    });
    let (_, targets, star) = fits.max_by_key(|(start, ..)| *start)?;
    Some((targets, star))
}

/// The paths of targets in the order in which they are tried: first those whose conditions hold for everybody or by the
/// configuration, then those for some platform or bundler.
fn holding<'t, 'a: 't>(
    targets: &'t [Target<'a>],
    custom: &'t [String],
) -> impl Iterator<Item = &'a str> + 't {
    let holds = |condition: &&str| {
        CONDITIONS.contains(condition)
            || condition.starts_with("types@")
            || custom.iter().any(|name| name == condition)
            // A condition of one's own, as `@acme/source`, is there to lead to sources.
            || condition.contains('/')
    };
    let usual = move |target: &&Target<'a>| target.conditions.iter().all(&holds);
    let special = move |target: &&Target<'a>| !usual(target) && !target.path.is_empty();
    let first = targets.iter().filter(usual);
    first
        .chain(targets.iter().filter(special))
        .map(|target| target.path)
}
