//! The result of a run: graph, findings, problems, and what was looked at.

use std::collections::BTreeMap;

use crate::graph::{Between, Graph, Query, QueryError, Verdicts, View, between, view};
use crate::model::{CargoCoverage, FileId, Finding, Level, Problem, Texts};

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
    /// The configuration of the run, when it is a file of the run.
    pub config_file: Option<FileId>,
}

impl Analysis {
    /// How the findings judge each dependency.
    pub fn verdicts(&self) -> Verdicts {
        Verdicts::new(&self.findings)
    }

    /// The picture that a query asks for, coloured by the findings.
    ///
    /// # Errors
    /// When the query names something that is not there.
    pub fn view(&self, query: &Query) -> Result<View, QueryError> {
        view(&self.graph, &self.verdicts(), query)
    }

    /// Every coupling between two teams or components.
    ///
    /// # Errors
    /// When nothing has one of the names.
    pub fn between(&self, a: &str, b: &str) -> Result<Between<'_>, QueryError> {
        between(&self.graph, a, b)
    }

    /// The worst level of any finding that nobody accepted; `Allow` when there is none.
    pub fn worst(&self) -> Level {
        let findings = self.findings.iter();
        let levels = findings
            .filter(|finding| finding.standing.counts())
            .map(|finding| finding.level);
        levels.max().unwrap_or(Level::Allow)
    }
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
    /// Findings that comments beside the code accept.
    pub suppressed: usize,
    /// How far cargo confirms what we read of its manifests.
    pub cargo: CargoCoverage,
    /// Dependencies by kind.
    pub by_kind: BTreeMap<String, usize>,
}

/// What one extractor gave.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExtractorCoverage {
    pub files: usize,
    pub facts: usize,
}
