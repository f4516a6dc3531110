//! twopizza: who depends on whom, through what, and where that breaks the service-interface mandate.
//!
//! A run reads every file once into facts, resolves the facts into components, owners and dependencies, and judges each coupling between teams:
//!
//! ```
//! use twopizza::config::Config;
//! use twopizza::model::NoProgress;
//! use twopizza::source::TextSource;
//!
//! let shop = TextSource::new("shop", "\
//! //- CODEOWNERS
//! /cart/ @acme/cart
//! /catalog/ @acme/catalog
//! //- cart/Cargo.toml
//! [package]
//! name = \"cart\"
//! [dependencies]
//! catalog = { path = \"../catalog\" }
//! //- catalog/Cargo.toml
//! [package]
//! name = \"catalog\"
//! //- catalog/src/main.rs
//! fn main() {}
//! ");
//! let options = twopizza::Options::default();
//! let analysis = twopizza::analyze(&[&shop], &Config::default(), None, &options, &NoProgress)?;
//! assert_eq!(analysis.findings[0].rule.0, "direct-link");
//! # Ok::<(), twopizza::Error>(())
//! ```

pub mod analysis;
pub mod anonymize;
pub mod config;
pub mod extract;
pub mod gate;
pub mod graph;
pub mod model;
pub mod report;
pub mod resolve;
pub mod rules;
pub mod source;

use std::collections::BTreeMap;
use std::path::PathBuf;

use analysis::{Analysis, Coverage};
use config::{Config, ConfigErrors};
use extract::{EXTRACTORS, Extraction, Extractor};
use gate::{Baseline, CannotJudge, Date, Verdict};
use graph::Graph;
use model::{
    Column, FileId, FileTable, GivenRoster, Level, Problem, Progress, RepoId, RepoPath,
    RosterFormat, Texts,
};
use source::{Bounds, RosterError, RosterFile, RosterFiles, Source};

/// How a run reads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub bounds: Bounds,
    /// Ask `cargo metadata` for a second opinion on Cargo manifests.
    pub cargo_metadata: bool,
    /// Leave the configurations of sub-folders unread.
    pub no_nested_config: bool,
    /// Keep every link as it was found, file by file.
    pub keep_links: bool,
    /// Put pseudonyms in place of the names of teams and people, and hide what is in files.
    pub anonymize: bool,
}

/// Why a run gives nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    #[error(transparent)]
    Gate(#[from] CannotJudge),
}

/// The whole run: sources → facts → resolved → graph → findings.
///
/// `config_text` is the path of the configuration relative to the first source, and its text.
///
/// # Errors
/// When the configuration names rules that do not exist, or one of a sub-folder is wrong.
pub fn analyze(
    sources: &[&dyn Source],
    config: &Config,
    config_text: Option<(&str, &str)>,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Analysis, Error> {
    check_rules(config)?;
    run(sources, EXTRACTORS, config, config_text, options, progress)
}

/// Judges an analysis: findings get their standing, exemptions that are out of order become findings.
///
/// `sources`, `config` and `options` are those of the analysis, `today` decides what has expired.
/// Without a baseline every finding is new. Nothing is written.
///
/// # Errors
/// When the run saw too little to be judged.
pub fn gate(
    analysis: &mut Analysis,
    sources: &[&dyn Source],
    config: &Config,
    options: &Options,
    baseline: Option<&Baseline>,
    today: Date,
) -> Result<Verdict, Error> {
    gate::can_judge(analysis, &config.gate)?;
    gate::forget(&mut analysis.findings);
    let files = analysis.graph.files();
    let config = with_nested(
        files,
        sources,
        config,
        analysis.config_file,
        options,
        &mut Vec::new(),
    )?;
    let level = |rule: &str| {
        let info = rules::RULES.iter().map(|rule| rule.info());
        let info = info.into_iter().find(|info| info.id.0 == rule);
        info.map_or(Level::Allow, |info| level_of(&config, info))
    };
    let exempted = gate::exempt(
        &mut analysis.findings,
        &analysis.graph,
        &config.exemptions,
        analysis.config_file,
        today,
        level,
    );
    let organisation = analysis.graph.organisation();
    let shown = baseline.map(|known| match analysis.graph.disguise() {
        Some(disguise) => known.disguised(disguise),
        None => known.clone(),
    });
    let comparison = shown
        .as_ref()
        .map(|known| gate::compare(&mut analysis.findings, organisation, known));
    let mut notices = baseline.map_or_else(Vec::new, |known| known.notices.clone());
    notices.extend(exempted.notices);
    analysis.findings.extend(exempted.findings);
    rules::sort(&mut analysis.findings);
    analysis.texts = texts(analysis, sources, &options.bounds);
    let findings = &analysis.findings;
    Ok(Verdict::new(findings, comparison, notices, &config.gate))
}

/// Who owns the files, and nothing else: of program source the first line is read.
///
/// # Errors
/// As [`analyze`].
pub fn ownership(
    sources: &[&dyn Source],
    config: &Config,
    config_text: Option<(&str, &str)>,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Analysis, Error> {
    let options = Options {
        cargo_metadata: false,
        ..*options
    };
    let extractors = extract::ownership();
    run(
        sources,
        &extractors,
        config,
        config_text,
        &options,
        progress,
    )
}

/// One roster that a run is given by name.
#[derive(Clone, Debug)]
pub struct WantedRoster {
    /// A file or a folder.
    pub path: PathBuf,
    /// The name in reports.
    pub shown: String,
    /// What the content tells, when it is not named.
    pub format: Option<RosterFormat>,
    /// What the columns of a table are called.
    pub columns: BTreeMap<Column, String>,
}

/// Reads rosters that lie where no extractor would look for them; the result is the last source of a run.
///
/// In a folder, files of no format are left out, as long as there are others.
///
/// # Errors
/// When one cannot be read, or has no format that is known.
pub fn rosters(wanted: &[WantedRoster]) -> Result<RosterFiles, RosterError> {
    let mut files = RosterFiles::default();
    for one in wanted {
        let mut is_known = false;
        for file in RosterFile::read(&one.path, &one.shown)? {
            let told = extract::roster_format(&file.shown, &file.bytes);
            let Some(format) = one.format.or(told) else {
                continue;
            };
            is_known = true;
            let columns = one.columns.clone();
            files.add(file, GivenRoster { format, columns });
        }
        if !is_known {
            return Err(RosterError::Unknown {
                shown: one.shown.clone(),
            });
        }
    }
    Ok(files)
}

/// What the files say, before anything is joined.
pub fn facts(
    sources: &[&dyn Source],
    config: &Config,
    options: &Options,
    progress: &dyn Progress,
) -> Extraction {
    let exclude = config.source.excluded();
    extract::run(sources, &options.bounds, &exclude, EXTRACTORS, progress)
}

fn run(
    sources: &[&dyn Source],
    extractors: &[&dyn Extractor],
    config: &Config,
    config_text: Option<(&str, &str)>,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Analysis, Error> {
    let exclude = config.source.excluded();
    let Extraction {
        files,
        facts,
        mut problems,
        by_extractor,
        excluded_by,
    } = extract::run(sources, &options.bounds, &exclude, extractors, progress);
    let config_path = config_text.map(|(path, _)| path);
    let config_file = config_path.and_then(|path| files.find(RepoId(0), path));
    let below_config = config_path.is_some_and(|path| path.starts_with("../"));
    if !below_config {
        let unused = config
            .source
            .unused_excludes(&excluded_by, &files, config_file);
        problems.extend(unused);
    }
    let config = &with_nested(&files, sources, config, config_file, options, &mut problems)?;
    progress.start("resolving", 1);
    let manifests = source::cargo_roots(&files, sources, options.cargo_metadata);
    let (opinions, (mut resolved, found)) = rayon::join(
        || source::ask_cargo(&manifests, sources),
        || {
            resolve::resolve(resolve::Input {
                files,
                facts,
                config,
                config_file,
                keep_links: options.keep_links,
            })
        },
    );
    problems.extend(found);
    let links = source::declared_links(&resolved);
    let cargo = source::compare(&opinions, &links);
    problems.extend(cargo.problems);
    resolved.set_targets(&cargo.targets);
    if options.anonymize {
        anonymize::anonymize(&mut resolved, &mut problems, &rule_ids());
    }
    progress.step(1);
    progress.finish();

    let graph = Graph::new(resolved);
    let level = |info: &rules::RuleInfo| level_of(config, info);
    let findings = rules::check(&graph, &config.limits, level);
    // A run that reads only a part does not see what the other comments accept.
    if extractors.len() == EXTRACTORS.len() {
        problems.extend(rules::comments_without_effect(&graph, &findings, level));
    }
    problems.extend(rules::untold_lines(&graph, &findings));
    problems.sort();
    problems.dedup();
    let languages = extract::languages();
    let coverage = Coverage {
        cargo: cargo.coverage,
        ..Coverage::of(&graph, &findings, by_extractor, &languages)
    };
    let mut analysis = Analysis {
        graph,
        findings,
        problems,
        coverage,
        texts: Texts::default(),
        config_file,
        team_max: Some(config.limits.team_max),
    };
    analysis.texts = texts(&analysis, sources, &options.bounds);
    Ok(analysis)
}

fn rule_ids() -> Vec<&'static str> {
    rules::RULES.iter().map(|rule| rule.info().id.0).collect()
}

fn level_of(config: &Config, info: &rules::RuleInfo) -> Level {
    config.rules.get(info.id.0).copied().unwrap_or(info.level)
}

fn check_rules(config: &Config) -> Result<(), ConfigErrors> {
    let mut unknown = config.check_rules(&rule_ids());
    let options = rules::RULES.iter().map(|rule| {
        let info = rule.info();
        let names = info.options.iter().map(|option| option.name);
        (info.id.0, names.collect())
    });
    unknown.extend(config.check_options(&options.collect()));
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(ConfigErrors(unknown))
    }
}

/// The configuration together with those that teams keep in their folders.
fn with_nested(
    files: &FileTable,
    sources: &[&dyn Source],
    config: &Config,
    config_file: Option<FileId>,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Result<Config, ConfigErrors> {
    if options.no_nested_config {
        return Ok(config.clone());
    }
    let read = |path: &RepoPath| source::read(sources, path, &options.bounds);
    let merged = config.with_nested(files, config_file, read, problems)?;
    check_rules(&merged)?;
    Ok(merged)
}

/// The texts that a report of the analysis may show.
fn texts(analysis: &Analysis, sources: &[&dyn Source], bounds: &Bounds) -> Texts {
    let files = analysis.graph.files();
    let mut texts = source::read_texts(sources, files, &analysis.shown_files(), bounds);
    if analysis.graph.disguise().is_some() {
        texts.hide();
    }
    texts
}
