//! What does a `requirements.txt` require?
//!
//! Source: <https://pip.pypa.io/en/stable/reference/requirements-file-format/>

use std::ops::Range;

use super::project::Project;
use super::requirement::{Requirement, Section, context_of, require};
use crate::extract::{Extractor, ExtractorInfo, allowances, utf8};
use crate::model::{Context, ExtractorId, Facts, Language, Parsed, SourceFile};

/// Reads `requirements.txt` and files that are called like it.
#[derive(Debug)]
pub(in crate::extract) struct Requirements;

static INFO: ExtractorInfo = ExtractorInfo {
    id: ExtractorId("python/requirements"),
    summary: "Requirements of Python code, as pip reads them",
    globs: &[
        "**/requirements*.{txt,in}",
        "**/*{-,_,.}requirements.{txt,in}",
        "**/requirements/**/*.{txt,in}",
    ],
    markers: &[],
    languages: &[Language::Data],
    ownership: false,
};

/// The most lines of one file.
const LINES: usize = 16_384;

impl Extractor for Requirements {
    fn info(&self) -> &'static ExtractorInfo {
        &INFO
    }

    fn extract(&self, file: &SourceFile<'_>, facts: &mut Facts<'_>) {
        // What constrains a version requires nothing.
        if file.path.file_name().contains("constraint") {
            facts.parsed(Parsed::Whole);
            return;
        }
        let Some(text) = utf8::text(file, facts) else {
            return;
        };
        facts.parsed(Parsed::Whole);
        let lines = lines(text);
        if allowances::promised(file.bytes) {
            let comments: Vec<Range<usize>> = lines
                .iter()
                .filter_map(|line| line.comment.clone())
                .collect();
            allowances::tell(file.bytes, &comments, |_| 0, facts);
        }
        if lines.len() > LINES {
            facts.problem(
                0..0,
                format!("more than {LINES} lines; the rest is not read"),
            );
            facts.parsed(Parsed::Partly);
        }
        let section = section(&file.path.path);
        let folder = file.path.parent();
        let mut first: Option<Range<usize>> = None;
        let mut wrong: Option<(Range<usize>, usize)> = None;
        for line in lines
            .iter()
            .take(LINES)
            .filter(|line| !line.text.is_empty())
        {
            match requirement(&line.text) {
                Read::Requirement(requirement) => {
                    first.get_or_insert(line.bytes.clone());
                    require(&requirement, section, folder, line.bytes.clone(), facts);
                }
                Read::Option => {}
                Read::Wrong => {
                    wrong.get_or_insert((line.bytes.clone(), 0)).1 += 1;
                }
            }
        }
        if let Some((bytes, count)) = wrong {
            let more = match count - 1 {
                0 => String::new(),
                more => format!(" (and {more} more)"),
            };
            facts.problem(bytes, format!("no requirement{more}"));
            facts.parsed(Parsed::Partly);
        }
        if let Some(bytes) = first
            && is_application(&file.path.path, facts)
        {
            Project { folder, facts }.component(None, bytes);
        }
    }
}

/// A line as pip puts it together from those that end in a backslash.
#[derive(Debug)]
struct Line {
    /// Without comment.
    text: String,
    bytes: Range<usize>,
    comment: Option<Range<usize>>,
}

fn lines(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut start = 0;
    let mut goes_on = false;
    for raw in text.split_inclusive('\n') {
        let from = start;
        start += raw.len();
        let raw = raw.trim_end_matches(['\n', '\r']);
        let comment = raw
            .char_indices()
            .find(|(at, c)| *c == '#' && (*at == 0 || raw[..*at].ends_with(char::is_whitespace)));
        let kept = comment.map_or(raw, |(at, _)| &raw[..at]);
        let comment = comment.map(|(at, _)| from + at..from + raw.len());
        let continues = comment.is_none() && kept.ends_with('\\');
        let kept = kept.strip_suffix('\\').unwrap_or(kept);
        let inner = kept.trim();
        let lead = kept.len() - kept.trim_start().len();
        let bytes = from + lead..from + lead + inner.len();
        match lines.last_mut().filter(|_| goes_on) {
            Some(last) => {
                last.text.push(' ');
                last.text.push_str(inner);
                last.text = last.text.trim().to_owned();
                last.comment = last.comment.take().or(comment);
            }
            None => lines.push(Line {
                text: inner.to_owned(),
                bytes,
                comment,
            }),
        }
        goes_on = continues;
    }
    lines
}

enum Read<'a> {
    Requirement(Requirement<'a>),
    /// It says something else: an index, another file.
    Option,
    Wrong,
}

fn requirement(line: &str) -> Read<'_> {
    for option in ["-e", "--editable"] {
        if let Some(place) = line.strip_prefix(option) {
            let place = place.trim_start_matches(['=', ' ']);
            let place = place.trim_matches(['"', '\'']);
            let place = match Requirement::parse(place) {
                // A plain word is a folder here: `-e libs`.
                Some(Requirement {
                    name: Some(_),
                    place: super::requirement::Place::Registry,
                    ..
                })
                | None => Requirement::address(place),
                Some(requirement) => requirement,
            };
            return Read::Requirement(place);
        }
    }
    if line.starts_with('-') {
        return Read::Option;
    }
    // Options of one requirement: `--hash=…`, `--config-settings=…`.
    let line = line.split(" --").next().unwrap_or(line);
    match Requirement::parse(line) {
        Some(requirement) => Read::Requirement(requirement),
        // `libs/cart` is a path, too.
        None if line.contains('/') && !line.contains(' ') => {
            Read::Requirement(Requirement::address(line))
        }
        None => Read::Wrong,
    }
}

/// What the requirements are for, as the name of the file or of a folder `requirements` around it says.
fn section(path: &str) -> Section {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let context = context_of(stem).unwrap_or(Context::Production);
    Section {
        context,
        optional: false,
    }
}

/// Whether the file is what makes its folder an application: plain `requirements.txt` where no documentation or tool is.
fn is_application(path: &str, facts: &Facts<'_>) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let beside = |folder: &str| {
        matches!(
            folder,
            "requirements"
                | "doc"
                | "docs"
                | "ci"
                | ".ci"
                | ".github"
                | "docker"
                | "scripts"
                | "3rdparty"
                | "third_party"
                | "vendor"
                | "dependencies"
                | "deps"
        )
    };
    name == "requirements.txt"
        && facts.context() == Context::Production
        && !folders.split('/').any(beside)
}
