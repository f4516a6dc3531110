//! `twopizza facts`: what files say, one fact a line, before anything is joined.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use twopizza::extract::Extraction;
use twopizza::model::{Fact, FileId, GivenRoster, Place, Span, Texts};
use twopizza::source::{Bounds, Listing, Source, top_level};

use super::Outcome;
use super::args::{FactsArgs, Global};
use super::error::{Stop, failed};
use super::inputs::{Inputs, refuse_anonymize};
use super::output::{self, Kind, name, plain};

pub(super) fn run(global: &Global, args: &FactsArgs) -> Outcome {
    refuse_anonymize(global, "facts are what files say, word by word")?;
    let target = target(args.path.as_deref())?;
    let inputs = Inputs::open(global, std::slice::from_ref(&target.root))?;
    let sources = inputs.sources();
    let narrowed: Vec<Narrowed<'_>> = sources
        .iter()
        .map(|inner| Narrowed {
            inner: *inner,
            only: target.file.as_deref(),
        })
        .collect();
    let sources: Vec<&dyn Source> = narrowed
        .iter()
        .map(|source| source as &dyn Source)
        .collect();
    let extraction = twopizza::facts(&sources, &inputs.config, &inputs.options, &inputs.progress);
    if extraction.files.is_empty() {
        return Err(failed(match &target.file {
            Some(file) => format!("`{}` is no file of the repository", plain(file)),
            None => "no files to look at".to_owned(),
        }));
    }
    let printed = Printed::new(&extraction, &sources, &inputs.options.bounds);
    if !global.quiet {
        printed
            .problems
            .iter()
            .for_each(|line| output::warning(line));
    }
    output::write(args.output.as_deref(), Kind::Data, |out| {
        printed
            .facts
            .iter()
            .try_for_each(|line| writeln!(out, "{line}"))
    })
}

/// What is looked at: a root, or one file of it.
struct Target {
    root: PathBuf,
    /// `/`-separated, from the root.
    file: Option<String>,
}

fn target(path: Option<&Path>) -> Result<Target, Stop> {
    let Some(path) = path else {
        return Ok(Target {
            root: super::inputs::default_root()?,
            file: None,
        });
    };
    if path.is_dir() {
        return Ok(Target {
            root: path.to_owned(),
            file: None,
        });
    }
    let full = path
        .canonicalize()
        .map_err(|error| failed(format!("cannot open `{}`: {error}", name(path))))?;
    let folder = full.parent().unwrap_or(&full);
    let root = top_level(folder).unwrap_or_else(|| folder.to_owned());
    let below = full.strip_prefix(&root).unwrap_or(&full);
    let segments: Vec<_> = below
        .components()
        .map(|segment| segment.as_os_str().to_string_lossy())
        .collect();
    Ok(Target {
        file: Some(segments.join("/")),
        root,
    })
}

/// A source of which one file counts.
struct Narrowed<'a> {
    inner: &'a dyn Source,
    only: Option<&'a str>,
}

impl Source for Narrowed<'_> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn roster(&self, path: &str) -> Option<&GivenRoster> {
        self.inner.roster(path)
    }

    fn list(&self, bounds: &Bounds) -> Listing {
        let mut listing = self.inner.list(bounds);
        if let Some(only) = self.only {
            listing.entries.retain(|entry| entry.path == only);
            listing.problems.retain(|(path, _)| path == only);
        }
        listing
    }

    fn read(&self, path: &str, bounds: &Bounds) -> io::Result<Vec<u8>> {
        self.inner.read(path, bounds)
    }
}

/// What one file said.
#[derive(Default)]
struct Said<'a> {
    facts: Vec<&'a Fact>,
    problems: Vec<(Span, &'a str)>,
}

/// Sorted lines.
struct Printed {
    facts: Vec<String>,
    problems: Vec<String>,
}

impl Printed {
    fn new(extraction: &Extraction, sources: &[&dyn Source], bounds: &Bounds) -> Self {
        let mut by_file: BTreeMap<FileId, Said<'_>> = BTreeMap::new();
        let mut problems = Vec::new();
        for fact in &extraction.facts {
            by_file.entry(fact.span.file).or_default().facts.push(fact);
        }
        for problem in &extraction.problems {
            let message = plain(&problem.message);
            match &problem.place {
                Place::Span(span) => {
                    let entry = by_file.entry(span.file).or_default();
                    entry.problems.push((*span, &problem.message));
                }
                Place::File(file) => {
                    let path = extraction.files.display(*file);
                    problems.push(format!("{}: {message}", plain(&path)));
                }
                Place::Path(_, path) => problems.push(format!("{}: {message}", plain(path))),
                Place::Run => problems.push(message),
            }
        }
        let mut facts = Vec::new();
        for (file, said) in by_file {
            // One text at a time: a run's texts together may be more than memory holds.
            let texts = text(extraction, sources, bounds, file);
            let path = plain(&extraction.files.display(file));
            let line = |span: Span, what: &str| {
                let at = texts.position(span);
                format!("{path}:{}:{} {}", at.line, at.column, plain(what))
            };
            let mut lines: Vec<_> = said
                .facts
                .iter()
                .map(|fact| {
                    let place = texts.position(fact.span);
                    (place, line(fact.span, &fact.to_string()))
                })
                .collect();
            lines.sort();
            facts.extend(lines.into_iter().map(|(_, line)| line));
            problems.extend(
                said.problems
                    .iter()
                    .map(|(span, message)| line(*span, message)),
            );
        }
        problems.sort();
        Self { facts, problems }
    }
}

fn text(extraction: &Extraction, sources: &[&dyn Source], bounds: &Bounds, file: FileId) -> Texts {
    let mut texts = Texts::default();
    let path = extraction.files.path(file);
    if let Some(source) = sources.get(path.repo.0 as usize)
        && let Ok(bytes) = source.read(&path.path, bounds)
    {
        texts.insert(file, bytes);
    }
    texts
}
