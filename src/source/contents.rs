//! What is in files of the table, whatever source they are from.

use std::collections::BTreeSet;
use std::io;

use rayon::prelude::*;

use super::{Bounds, Source};
use crate::model::{FileId, FileTable, RepoPath, Texts};

/// The content of a listed file of the run.
///
/// # Errors
/// When its source cannot read it or does not exist.
pub fn read(sources: &[&dyn Source], path: &RepoPath, bounds: &Bounds) -> io::Result<Vec<u8>> {
    match sources.get(usize::from(path.repo.0)) {
        Some(source) => source.read(&path.path, bounds),
        None => Err(io::ErrorKind::NotFound.into()),
    }
}

/// The contents of these files; one that is gone by now has no lines to show.
pub fn read_texts(
    sources: &[&dyn Source],
    files: &FileTable,
    wanted: &BTreeSet<FileId>,
    bounds: &Bounds,
) -> Texts {
    let contents: Vec<_> = wanted
        .par_iter()
        .filter_map(|file| {
            let bytes = read(sources, files.lies_at(*file), bounds).ok()?;
            Some((*file, bytes))
        })
        .collect();
    let mut texts = Texts::default();
    for (file, bytes) in contents {
        texts.insert(file, bytes);
    }
    texts
}
