//! Runs of the library over a folder, and what they found as lines of text.

use std::fmt::Write;
use std::path::Path;

use twopizza::analysis::Analysis;
use twopizza::config::{Config, FILE_NAME};
use twopizza::extract::Extraction;
use twopizza::graph::{Graph, people};
use twopizza::model::{
    ComponentId, Dependency, Endpoint, Finding, NoProgress, Place, Problem, Texts,
};
use twopizza::report::{FORMATS, GRAPH_FORMATS, site};
use twopizza::source::{RosterFiles, Source, Worktree};
use twopizza::{Options, WantedRoster};

/// Analyses a folder as the program does, without asking cargo.
pub(crate) fn analyze(root: &Path) -> Analysis {
    analyze_all(&[root])
}

/// Analyses several roots together, with the configuration of the first.
pub(crate) fn analyze_all(roots: &[&Path]) -> Analysis {
    let trees: Vec<Worktree> = roots.iter().map(|root| open(root)).collect();
    let sources: Vec<&dyn Source> = trees.iter().map(|tree| tree as &dyn Source).collect();
    analyze_sources(&sources, roots[0])
}

/// Analyses sources with the configuration of a folder.
pub(crate) fn analyze_sources(sources: &[&dyn Source], folder: &Path) -> Analysis {
    let path = folder.join(FILE_NAME);
    let read = path.is_file().then(|| {
        Config::read(&path, FILE_NAME).unwrap_or_else(|errors| panic!("{folder:?}: {errors}"))
    });
    let (config, text) = match read {
        Some((config, text)) => (config, Some(text)),
        None => (Config::default(), None),
    };
    let text = text.as_deref().map(|text| (FILE_NAME, text));
    let rosters = rosters(&config, folder);
    let given = (!rosters.is_empty()).then_some(&rosters as &dyn Source);
    let sources: Vec<&dyn Source> = sources.iter().copied().chain(given).collect();
    twopizza::analyze(&sources, &config, text, &Options::default(), &NoProgress)
        .unwrap_or_else(|error| panic!("{folder:?}: {error}"))
}

/// The rosters that a configuration names.
fn rosters(config: &Config, folder: &Path) -> RosterFiles {
    let wanted: Vec<WantedRoster> = config
        .rosters
        .iter()
        .map(|entry| WantedRoster {
            path: folder.join(&entry.value.path),
            shown: entry.value.path.clone(),
            format: entry.value.format,
            columns: entry.value.columns.clone(),
        })
        .collect();
    twopizza::rosters(&wanted).unwrap_or_else(|error| panic!("{folder:?}: {error}"))
}

/// Reads the facts of a folder.
pub(crate) fn extract(root: &Path) -> (Extraction, Texts) {
    let tree = open(root);
    let options = Options::default();
    let extraction = twopizza::facts(&[&tree], &Config::default(), &options, &NoProgress);
    let mut texts = Texts::default();
    for (file, row) in extraction.files.iter() {
        if let Ok(bytes) = tree.read(&row.path.path, &options.bounds) {
            texts.insert(file, bytes);
        }
    }
    (extraction, texts)
}

/// The findings of a rule.
pub(crate) fn findings(analysis: &Analysis, rule: &str) -> String {
    let found = analysis.findings.iter();
    let found = found.filter(|finding| finding.rule.0 == rule);
    let texts: Vec<String> = found.map(|found| finding(analysis, found)).collect();
    texts.join("\n")
}

/// Everything that rules look at: teams, components, couplings, what stayed open.
pub(crate) fn graph(analysis: &Analysis) -> String {
    let (mut out, graph) = (String::new(), &analysis.graph);
    for node in &graph.organisation().teams {
        let size = match people(node) {
            Some(number) => format!("{number} people"),
            None => "no roster".to_owned(),
        };
        line(&mut out, format_args!("team {}: {size}", node.team.id));
    }
    for (index, component) in graph.components().iter().enumerate() {
        let owners = owners(&graph.component_ids(ComponentId(index as u32)));
        let kind = component.kind.as_str();
        let shared = if component.shared { ", shared" } else { "" };
        line(
            &mut out,
            format_args!("{kind} {} of {owners}{shared}", component.id),
        );
    }
    out.push_str(&dependencies(analysis));
    for open in graph.unresolved() {
        let (kind, name, why) = (open.kind.as_str(), &open.name, &open.why);
        let at = site(analysis, open.span);
        line(
            &mut out,
            format_args!("unresolved {kind} {name} at {at}: {why}"),
        );
    }
    out
}

/// Every dependency, one a line.
pub(crate) fn dependencies(analysis: &Analysis) -> String {
    let mut out = String::new();
    for dependency in analysis.graph.dependencies() {
        line(
            &mut out,
            format_args!("{}", self::dependency(analysis, dependency)),
        );
    }
    out
}

/// What could not be read, one a line.
pub(crate) fn problems(analysis: &Analysis) -> Vec<String> {
    let files = analysis.graph.files();
    let text = |problem: &Problem| {
        let place = match &problem.place {
            Place::Run => "run".to_owned(),
            Place::Path(_, path) => path.clone(),
            Place::File(file) => files.display(*file),
            Place::Span(span) => site(analysis, *span),
        };
        format!("{place}: {}", problem.message)
    };
    analysis.problems.iter().map(text).collect()
}

/// What every format writes: its name, and the bytes.
pub(crate) fn reports(analysis: &Analysis) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for format in FORMATS {
        let mut out = Vec::new();
        format.render(analysis, &mut out).unwrap();
        found.push((format.info().id.to_owned(), out));
    }
    for level in [
        twopizza::graph::Level::Team,
        twopizza::graph::Level::Component,
        twopizza::graph::Level::Org,
    ] {
        let query = twopizza::graph::Query {
            level,
            all_contexts: true,
            ..Default::default()
        };
        let view = analysis.view(&query).unwrap();
        for format in GRAPH_FORMATS {
            let mut out = Vec::new();
            format.render(&view, &mut out).unwrap();
            found.push((format!("{level:?} {}", format.info().id), out));
        }
    }
    found
}

fn open(root: &Path) -> Worktree {
    Worktree::open(root).unwrap_or_else(|error| panic!("{root:?}: {error}"))
}

fn finding(analysis: &Analysis, finding: &Finding) -> String {
    let mut out = format!("{}: {}\n", finding.level.as_str(), finding.message);
    line(&mut out, format_args!("  {}", finding.fingerprint));
    line(&mut out, format_args!("  count {}", finding.count));
    for (identity, count) in &finding.identities {
        if *identity != finding.fingerprint {
            line(&mut out, format_args!("  part {identity} count {count}"));
        }
    }
    for evidence in &finding.evidence {
        let hops = evidence.chain.iter().map(|hop| {
            let at = site(analysis, hop.span);
            format!("{at} {} {}", hop.what.as_str(), hop.name)
        });
        let hops: Vec<String> = hops.collect();
        line(&mut out, format_args!("  at {}", hops.join(", ")));
    }
    if let Some(help) = finding.help.first() {
        line(&mut out, format_args!("  try: {help}"));
    }
    out
}

fn dependency(analysis: &Analysis, dependency: &Dependency) -> String {
    let graph = &analysis.graph;
    let site = dependency.evidence.first();
    let site = site.and_then(|evidence| evidence.chain.first());
    let site = site.map_or_else(String::new, |hop| self::site(analysis, hop.span));
    let crosses = match graph.crossing(dependency) {
        Some(_) => "crosses",
        None => "stays",
    };
    format!(
        "{} {} -> {} ({}, {}, count {}, {crosses}) at {site}",
        dependency.kind.as_str(),
        end(graph, &dependency.from),
        end(graph, &dependency.to),
        dependency.context.as_str(),
        dependency.certainty.as_str(),
        dependency.count,
    )
}

fn end(graph: &Graph, end: &Endpoint) -> String {
    let owners = owners(&graph.end_ids(end));
    format!("{} of {owners}", graph.component(end.component).id)
}

fn owners(ids: &[&str]) -> String {
    if ids.is_empty() {
        "nobody".to_owned()
    } else {
        ids.join("+")
    }
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(out, "{text}").expect("a string takes everything");
}
