//! Which file does a path mean: endings that nobody writes, index files, sources behind the names of output.
//!
//! Sources: <https://nodejs.org/api/modules.html#all-together>,
//! <https://www.typescriptlang.org/docs/handbook/modules/theory.html#module-resolution>

use crate::model::{FileId, FileTable, RepoId, join};

/// Endings in the order in which they are tried; types stand for the code that they declare.
const ENDINGS: &[&str] = &[
    ".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".vue",
    ".svelte",
];

/// The sources that a written ending may stand for: TypeScript writes the name of the output.
const SOURCES: &[(&str, &[&str])] = &[
    (".d.ts", &[".ts", ".tsx", ".d.ts", ".js", ".jsx", ".vue"]),
    (".d.mts", &[".mts", ".d.mts", ".ts", ".mjs"]),
    (".d.cts", &[".cts", ".d.cts", ".ts", ".cjs"]),
    (".js", &[".ts", ".tsx", ".d.ts", ".js", ".jsx"]),
    (".jsx", &[".tsx", ".d.ts", ".jsx"]),
    (".mjs", &[".mts", ".d.mts", ".mjs"]),
    (".cjs", &[".cts", ".d.cts", ".cjs"]),
];

/// What comes before the ending where a bundler picks the file of a platform.
const PLATFORMS: &[&str] = &[".native", ".ios", ".android", ".web"];

/// The files of one repository.
#[derive(Clone, Copy)]
pub(super) struct Files<'r> {
    pub(super) table: &'r FileTable,
    pub(super) repo: RepoId,
}

impl Files<'_> {
    pub(super) fn exact(self, path: &str) -> Option<FileId> {
        self.table.find(self.repo, path)
    }

    /// The file that a path means as a module: itself, with an ending, or the index of a folder.
    pub(super) fn module(self, path: &str) -> Option<FileId> {
        let path = path.trim_end_matches('/');
        self.file(path).or_else(|| self.index(path))
    }

    /// The file of a path: the source that its ending stands for, itself, or with an ending.
    pub(super) fn file(self, path: &str) -> Option<FileId> {
        if path.is_empty() {
            return None;
        }
        self.source(path)
            .or_else(|| self.exact(path))
            .or_else(|| self.with(path, ENDINGS))
    }

    /// The index file of a folder.
    pub(super) fn index(self, folder: &str) -> Option<FileId> {
        self.with(&join(folder, "index")?, ENDINGS)
    }

    /// The files of a path for each platform.
    pub(super) fn platforms(self, path: &str) -> Vec<FileId> {
        let paths = PLATFORMS.iter().map(|platform| format!("{path}{platform}"));
        paths.filter_map(|path| self.with(&path, ENDINGS)).collect()
    }

    /// The source of a path that is named like output.
    fn source(self, path: &str) -> Option<FileId> {
        let (stem, sources) = output(path)?;
        self.with(stem, sources)
    }

    /// The source of a path that is named like output, under any ending of code.
    pub(super) fn any_source(self, path: &str) -> Option<FileId> {
        let stem = output(path).map_or_else(|| strip_ending(path), |(stem, _)| stem);
        self.with(stem, ENDINGS).or_else(|| {
            // `dist/cart.js` of `src/cart/index.ts`
            self.index(stem)
        })
    }

    fn with(self, stem: &str, endings: &[&str]) -> Option<FileId> {
        let mut path = String::with_capacity(stem.len() + 8);
        endings.iter().find_map(|ending| {
            path.clear();
            path.push_str(stem);
            path.push_str(ending);
            self.exact(&path)
        })
    }
}

/// A path that is named like output: without its ending, and the endings of its source.
fn output(path: &str) -> Option<(&str, &'static [&'static str])> {
    let found = SOURCES
        .iter()
        .find_map(|(ending, sources)| Some((path.strip_suffix(ending)?, *sources)));
    found.filter(|(stem, _)| !stem.is_empty() && !stem.ends_with('/'))
}

/// A path without the ending of its file.
fn strip_ending(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    match path[name..].rfind('.') {
        Some(at) if at > 0 => &path[..name + at],
        _ => path,
    }
}
