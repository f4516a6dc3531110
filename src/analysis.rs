//! The result of a run: graph, findings, problems, and what was looked at.

use std::collections::BTreeMap;

use crate::graph::Graph;
use crate::model::{Finding, Problem, Texts};

/// Everything that a report may print.
#[derive(Debug, Default)]
pub struct Analysis {
    pub graph: Graph,
    /// Worst first.
    pub findings: Vec<Finding>,
    pub problems: Vec<Problem>,
    pub coverage: Coverage,
    /// The texts of the files that evidence, findings and problems point into.
    pub texts: Texts,
}

/// What a run looked at: printed by every run, so that nothing is missed silently.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    pub files: usize,
    /// Files that some extractor read.
    pub read: usize,
    pub parsed: usize,
    pub partly: usize,
    pub failed: usize,
    pub owned: usize,
    /// Explicitly without an owner.
    pub unowned: usize,
    pub unmatched: usize,
    /// Sites whose far end is not known.
    pub unresolved: usize,
    pub by_extractor: BTreeMap<String, ExtractorCoverage>,
    /// Program source in languages that nothing here reads yet: files by language.
    pub unread_languages: BTreeMap<String, usize>,
    /// Dependencies by kind.
    pub by_kind: BTreeMap<String, usize>,
}

/// What one extractor gave.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExtractorCoverage {
    pub files: usize,
    pub facts: usize,
}
