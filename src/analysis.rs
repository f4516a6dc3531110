//! The result of a run: graph, findings, problems, and what was looked at.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{
    Between, Graph, Query, QueryError, TeamFigures, Verdicts, View, between, by_trouble, figures,
    view,
};
use crate::model::{
    CargoCoverage, FileId, Finding, Language, Level, Mode, Owned, Parsed, Place, Problem, Span,
    Standing, Texts,
};

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
    /// The most people that a team should have.
    pub team_max: Option<usize>,
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
        let query = &Query {
            team_max: query.team_max.or(self.team_max),
            ..query.clone()
        };
        view(&self.graph, &self.verdicts(), query)
    }

    /// The figures of all teams, the most troubled first.
    pub fn teams(&self) -> Vec<TeamFigures> {
        let mut teams = figures(&self.graph, &self.findings, self.team_max);
        by_trouble(&mut teams);
        teams
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

    /// A name that somebody typed as this analysis has it: whoever hides names knows them.
    pub fn typed(&self, name: &str) -> String {
        match self.graph.disguise() {
            Some(disguise) => disguise.typed(name),
            None => name.to_owned(),
        }
    }

    /// The line of an ownership file for people; when names are hidden, as far as it is understood.
    pub fn ownership_line(&self, span: Span) -> Option<String> {
        if !self.texts.are_hidden() {
            return self.texts.line(span);
        }
        let lines = &self.graph.organisation().lines;
        let line = lines.iter().find(|line| line.span == span)?;
        let owners = line.owners.iter().map(|owner| &*owner.text);
        let words: Vec<&str> = std::iter::once(line.pattern.as_str())
            .chain(owners)
            .collect();
        Some(words.join(" "))
    }

    /// The files that something printable points into.
    pub fn shown_files(&self) -> BTreeSet<FileId> {
        let organisation = self.graph.organisation();
        let couplings = self.graph.dependencies().iter();
        let evidence = couplings
            .flat_map(|dependency| &dependency.evidence)
            .chain(self.findings.iter().flat_map(|finding| &finding.evidence));
        let hops = evidence.flat_map(|evidence| evidence.chain.iter().map(|hop| hop.span));
        let owned = organisation.files.iter().filter_map(|owned| owned.line());
        let voices = organisation.voices.iter().flatten();
        let heard = voices.flat_map(|voice| voice.lines.iter().copied());
        let teams = organisation.teams.iter();
        hops.chain(self.findings.iter().filter_map(|finding| finding.owner))
            .chain(self.graph.unresolved().iter().map(|site| site.span))
            .chain(self.graph.links().iter().map(|link| link.at))
            .chain(owned)
            .chain(heard)
            .chain(teams.filter_map(|node| node.declared_at))
            .chain(self.problems.iter().filter_map(|one| match one.place {
                Place::Span(span) => Some(span),
                _ => None,
            }))
            .map(|span| span.file)
            .collect()
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
    /// Symbolic links and submodules: listed, never followed.
    pub not_followed: usize,
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

impl Coverage {
    /// Counts what a run gave; `languages` are those that some extractor reads.
    pub fn of(
        graph: &Graph,
        findings: &[Finding],
        by_extractor: BTreeMap<&'static str, (usize, usize)>,
        languages: &BTreeSet<Language>,
    ) -> Self {
        let suppressed = |one: &&Finding| matches!(one.standing, Standing::Suppressed { .. });
        let mut coverage = Self {
            files: graph.files().len_of_repositories(),
            unresolved: graph.unresolved().len(),
            by_extractor: by_extractor
                .into_iter()
                .map(|(id, (files, facts))| (id.to_owned(), ExtractorCoverage { files, facts }))
                .collect(),
            suppressed: findings.iter().filter(suppressed).count(),
            ..Self::default()
        };
        let files = graph.files().iter();
        for (file, row) in files.filter(|(file, _)| !graph.files().is_given(*file)) {
            if matches!(row.mode, Mode::Symlink | Mode::Submodule) {
                coverage.not_followed += 1;
            }
            match row.info.parsed {
                Parsed::NotRead => {}
                Parsed::Whole => coverage.parsed += 1,
                Parsed::Partly => coverage.partly += 1,
                Parsed::Failed => coverage.failed += 1,
            }
            if row.class.language.is_code() && !languages.contains(&row.class.language) {
                *coverage
                    .unread_languages
                    .entry(row.class.language.name().to_owned())
                    .or_default() += 1;
            }
            match graph.organisation().file(file) {
                Owned::By(..) => coverage.owned += 1,
                Owned::Unowned(_) => coverage.unowned += 1,
                Owned::Unmatched => coverage.unmatched += 1,
            }
        }
        coverage.read = coverage.parsed + coverage.partly + coverage.failed;
        for dependency in graph.dependencies() {
            *coverage
                .by_kind
                .entry(dependency.kind.as_str().to_owned())
                .or_default() += 1;
        }
        coverage
    }
}

/// What one extractor gave.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExtractorCoverage {
    pub files: usize,
    pub facts: usize,
}
