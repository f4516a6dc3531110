//! Reads every file once and hands it to the extractors that its path and its bytes select.

use crate::model::{Fact, FileTable, Problem};

/// The facts of all files, in the order of the file table.
#[derive(Debug, Default)]
pub struct Extraction {
    pub files: FileTable,
    pub facts: Vec<Fact>,
    pub problems: Vec<Problem>,
}

/// Stub until the foundation stands.
pub fn run() -> Extraction {
    Extraction::default()
}
