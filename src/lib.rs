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
pub mod config;
pub mod extract;
pub mod gate;
pub mod graph;
pub mod model;
pub mod report;
pub mod resolve;
pub mod rules;
pub mod source;

use std::collections::BTreeSet;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use analysis::{Analysis, Coverage, ExtractorCoverage};
use config::{Config, ConfigError, ConfigErrors, ConfigPlace};
use extract::{EXTRACTORS, Extraction, Extractor};
use gate::{Baseline, CannotJudge, Date, Verdict};
use graph::Graph;
use model::{
    Context, FileId, FileTable, Finding, Level, Mode, Owned, Parsed, Place, Problem, Progress,
    RepoId, Resolved, Span, Standing, Texts,
};
use source::{Bounds, Source};

/// How a run reads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub bounds: Bounds,
    /// Ask `cargo metadata` for a second opinion on Cargo manifests.
    pub cargo_metadata: bool,
    /// Leave the configurations of sub-folders unread.
    pub no_nested_config: bool,
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
    let comparison =
        baseline.map(|known| gate::compare(&mut analysis.findings, organisation, known));
    let mut notices = baseline.map_or_else(Vec::new, |known| known.notices.clone());
    notices.extend(exempted.notices);
    analysis.findings.extend(exempted.findings);
    rules::sort(&mut analysis.findings);
    analysis.texts = texts(analysis, sources, &options.bounds);
    let findings = &analysis.findings;
    Ok(Verdict::new(findings, comparison, notices, &config.gate))
}

/// Who owns the files, and nothing else: no program source is read.
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

/// What the files say, before anything is joined.
pub fn facts(
    sources: &[&dyn Source],
    config: &Config,
    options: &Options,
    progress: &dyn Progress,
) -> Extraction {
    let exclude = exclude(config);
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
    let exclude = exclude(config);
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
        problems.extend(unused_excludes(config, config_file, &files, &excluded_by));
    }
    let config = &with_nested(&files, sources, config, config_file, options, &mut problems)?;
    progress.start("resolving", 1);
    let manifests = source::cargo_roots(&files, sources, options.cargo_metadata);
    let (opinions, (resolved, found)) = rayon::join(
        || source::ask_cargo(&manifests, sources),
        || {
            resolve::resolve(resolve::Input {
                files,
                facts,
                config,
                config_file,
            })
        },
    );
    problems.extend(found);
    let links = declared_links(&resolved);
    let cargo = source::compare(&opinions, &links);
    problems.extend(cargo.problems);
    progress.step(1);
    progress.finish();

    let graph = Graph::new(resolved);
    let level = |info: &rules::RuleInfo| level_of(config, info);
    let findings = rules::check(&graph, &config.limits, level);
    // A run that reads only a part does not see what the other comments accept.
    if extractors.len() == EXTRACTORS.len() {
        problems.extend(rules::comments_without_effect(&graph, &findings, level));
    }
    // What no rule tells of the lines that do not count must not go unsaid.
    if !findings.iter().any(|one| one.rule == rules::INVALID_LINES) {
        problems.extend(invalid_lines(&graph));
    }
    problems.sort();
    problems.dedup();
    let mut analysis = Analysis {
        coverage: coverage(&graph, by_extractor),
        graph,
        findings,
        problems,
        texts: Texts::default(),
        config_file,
    };
    analysis.coverage.cargo = cargo.coverage;
    let suppressed = |finding: &&Finding| matches!(finding.standing, Standing::Suppressed { .. });
    analysis.coverage.suppressed = analysis.findings.iter().filter(suppressed).count();
    let texts = texts(&analysis, sources, &options.bounds);
    analysis.texts = texts;
    Ok(analysis)
}

fn level_of(config: &Config, info: &rules::RuleInfo) -> Level {
    config.rules.get(info.id.0).copied().unwrap_or(info.level)
}

fn check_rules(config: &Config) -> Result<(), ConfigErrors> {
    let names: Vec<&str> = rules::RULES.iter().map(|rule| rule.info().id.0).collect();
    let unknown = config.check_rules(&names);
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
    let mut merged = config.clone();
    if options.no_nested_config {
        return Ok(merged);
    }
    let mut errors = Vec::new();
    for (file, row) in files.iter() {
        let nested = row.path.file_name() == config::FILE_NAME && !row.path.parent().is_empty();
        if !nested || Some(file) == config_file || row.mode == Mode::Submodule {
            continue;
        }
        // Test data and examples hold configurations of repositories that are made up.
        if row.class.context != Context::Production {
            continue;
        }
        if row.class.vendored || row.mode == Mode::Symlink {
            problems.push(Problem {
                place: Place::File(file),
                message: "a configuration that is a link or other people's: not used".to_owned(),
            });
            continue;
        }
        let shown = files.display(file);
        let Some(source) = sources.get(usize::from(row.path.repo.0)) else {
            continue;
        };
        match source.read(&row.path.path, &options.bounds) {
            Ok(bytes) => {
                if let Err(wrong) = merged.add_nested(&row.path, bytes, &shown) {
                    errors.extend(wrong.0);
                }
            }
            Err(error) => errors.push(ConfigError {
                place: ConfigPlace {
                    path: shown,
                    ..ConfigPlace::default()
                },
                message: format!("cannot read: {}", error.kind()),
            }),
        }
    }
    if errors.is_empty() {
        check_rules(&merged)?;
        Ok(merged)
    } else {
        Err(ConfigErrors(errors))
    }
}

/// `[source] exclude` as one set, in order; that the globs can be read was checked with the configuration.
fn exclude(config: &Config) -> GlobSet {
    let globs = config.source.exclude.iter().filter_map(|glob| {
        let glob = GlobBuilder::new(glob.value.trim_start_matches('/'));
        glob.clone().literal_separator(true).build().ok()
    });
    let mut set = GlobSetBuilder::new();
    globs.for_each(|glob| {
        set.add(glob);
    });
    set.build().unwrap_or_default()
}

/// The globs of `[source] exclude` that leave out nothing.
fn unused_excludes(
    config: &Config,
    config_file: Option<FileId>,
    files: &FileTable,
    used: &BTreeSet<usize>,
) -> Vec<Problem> {
    let globs = config.source.exclude.iter().enumerate();
    globs
        .filter(|(index, _)| !used.contains(index))
        .map(|(_, glob)| {
            let folder = glob.value.trim_matches('/');
            let meant = if !folder.is_empty() && files.has_folder(RepoId(0), folder) {
                format!("; for the folder write `{folder}/**`")
            } else {
                String::new()
            };
            Problem {
                place: config_file.map_or(Place::Run, |file| {
                    Place::Span(Span {
                        file,
                        start: glob.start as u32,
                        end: glob.end as u32,
                    })
                }),
                message: format!("`exclude` glob `{}` matches no file{meant}", glob.value),
            }
        })
        .collect()
}

/// What manifests declare, as folders: what cargo's own reading is compared with.
fn declared_links(resolved: &Resolved) -> BTreeSet<source::DeclaredLink> {
    let root = |id: model::ComponentId| resolved.components[id.0 as usize].root.clone();
    resolved
        .declared
        .iter()
        .filter_map(|(from, to, context)| Some((root(*from)?, root(*to)?, *context)))
        .collect()
}

/// The lines of ownership files that do not count, as problems.
fn invalid_lines(graph: &Graph) -> impl Iterator<Item = Problem> {
    graph.organisation().lines.iter().filter_map(|line| {
        Some(Problem {
            place: Place::Span(line.span),
            message: format!("not used: {}", line.invalid.as_ref()?),
        })
    })
}

/// What the run looked at.
fn coverage(
    graph: &Graph,
    by_extractor: std::collections::BTreeMap<&'static str, (usize, usize)>,
) -> Coverage {
    let mut coverage = Coverage {
        files: graph.files().len(),
        unresolved: graph.unresolved().len(),
        by_extractor: by_extractor
            .into_iter()
            .map(|(id, (files, facts))| (id.to_owned(), ExtractorCoverage { files, facts }))
            .collect(),
        ..Coverage::default()
    };
    let read: BTreeSet<_> = EXTRACTORS
        .iter()
        .map(|extractor| extractor.info().language)
        .collect();
    for (file, row) in graph.files().iter() {
        match row.info.parsed {
            Parsed::NotRead => {}
            Parsed::Whole => coverage.parsed += 1,
            Parsed::Partly => coverage.partly += 1,
            Parsed::Failed => coverage.failed += 1,
        }
        if row.class.language.is_code() && !read.contains(&row.class.language) {
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

/// The texts of all files that something printable points into.
fn texts(analysis: &Analysis, sources: &[&dyn Source], bounds: &Bounds) -> Texts {
    let couplings = analysis.graph.dependencies().iter();
    let findings = analysis.findings.iter();
    let mut wanted: BTreeSet<FileId> = couplings
        .flat_map(|dependency| &dependency.evidence)
        .chain(findings.clone().flat_map(|finding| &finding.evidence))
        .flat_map(|evidence| evidence.chain.iter().map(|hop| hop.span.file))
        .collect();
    wanted.extend(
        findings
            .filter_map(|finding| finding.owner)
            .map(|span| span.file),
    );
    wanted.extend(
        analysis
            .graph
            .unresolved()
            .iter()
            .map(|site| site.span.file),
    );
    let organisation = analysis.graph.organisation();
    let owners = organisation.files.iter().filter_map(|owned| owned.line());
    wanted.extend(owners.map(|span| span.file));
    let teams = organisation
        .teams
        .iter()
        .filter_map(|node| node.declared_at);
    wanted.extend(teams.map(|span| span.file));
    wanted.extend(
        analysis
            .problems
            .iter()
            .filter_map(|problem| match problem.place {
                Place::Span(span) => Some(span.file),
                _ => None,
            }),
    );
    read_texts(analysis.graph.files(), &wanted, sources, bounds)
}

/// Reads the texts of these files; one that is gone by now has no lines to show.
fn read_texts(
    files: &FileTable,
    wanted: &BTreeSet<FileId>,
    sources: &[&dyn Source],
    bounds: &Bounds,
) -> Texts {
    use rayon::prelude::*;
    let read: Vec<_> = wanted
        .par_iter()
        .filter_map(|file| {
            let path = files.path(*file);
            let source = sources.get(usize::from(path.repo.0))?;
            let bytes = source.read(&path.path, bounds).ok()?;
            Some((*file, bytes))
        })
        .collect();
    let mut texts = Texts::default();
    for (file, bytes) in read {
        texts.insert(file, bytes);
    }
    texts
}
