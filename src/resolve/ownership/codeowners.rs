//! Which CODEOWNERS file of a repository counts, and by whose rules is it read?
//!
//! Several hosts look in the same places and read the same lines in different ways, so the repository has to show
//! which host it is on. What speaks for a host, the first that is there:
//! 1. `[ownership] host` in the configuration;
//! 2. a CODEOWNERS file in the folder of one host;
//! 3. headers of sections, which only GitLab has;
//! 4. the folder of a host, or its pipeline.
//!
//! Nothing of it: GitHub.

use std::collections::BTreeMap;

use super::books::{Book, Line};
use super::{Input, gitea, github, gitlab};
use crate::config::Host;
use crate::model::{
    Claim, Dialect, Fact, FileId, FileTable, Mode, OwnershipLine, Place, Problem, RepoId, Selector,
    Span, Strength,
};

/// How a host reads CODEOWNERS.
struct Reading {
    host: Host,
    name: &'static str,
    dialect: Dialect,
    /// Where it looks; the first file found counts.
    places: &'static [&'static str],
    /// Files and folders that are there for this host only.
    marks: &'static [&'static str],
}

/// Every host, in the order in which they are asked.
const READINGS: &[Reading] = &[
    Reading {
        host: Host::GitHub,
        name: "GitHub",
        dialect: Dialect::GitHub,
        places: &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"],
        marks: &[".github"],
    },
    Reading {
        host: Host::GitLab,
        name: "GitLab",
        dialect: Dialect::GitLab,
        places: &["CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"],
        marks: &[".gitlab", ".gitlab-ci.yml"],
    },
    Reading {
        host: Host::Gitea,
        name: "Gitea",
        dialect: Dialect::Gitea,
        places: &[
            "CODEOWNERS",
            "docs/CODEOWNERS",
            ".gitea/CODEOWNERS",
            ".forgejo/CODEOWNERS",
        ],
        marks: &[".gitea", ".forgejo"],
    },
    Reading {
        host: Host::Bitbucket,
        name: "Bitbucket",
        dialect: Dialect::Bitbucket,
        places: &[".bitbucket/CODEOWNERS"],
        marks: &[],
    },
];

/// What the file that counts says.
pub(super) struct Text<'a> {
    pub(super) repo: RepoId,
    /// By place.
    pub(super) lines: Vec<Entry<'a>>,
    /// Lines that cannot be read, and files that do not count.
    pub(super) invalid: Vec<OwnershipLine>,
}

/// One line that can be read.
pub(super) struct Entry<'a> {
    pub(super) line: Line<'a>,
    pub(super) section: Option<&'a str>,
    pub(super) strength: Strength,
    pub(super) cut: bool,
}

/// The rules of each repository.
pub(super) fn books<'a>(
    input: &Input<'a>,
    problems: &mut Vec<Problem>,
) -> Vec<Box<dyn Book<'a> + 'a>> {
    let mut facts: BTreeMap<FileId, Vec<&'a Fact>> = BTreeMap::new();
    for fact in input.facts {
        if is_codeowners(input.files, fact.span.file) {
            facts.entry(fact.span.file).or_default().push(fact);
        }
    }
    let repos = 0..u16::try_from(input.files.repos().len()).unwrap_or(u16::MAX);
    repos
        .filter_map(|repo| book(input, RepoId(repo), &facts, problems))
        .collect()
}

/// Whether some host reads the file.
fn is_codeowners(files: &FileTable, file: FileId) -> bool {
    let path = &*files.path(file).path;
    path.ends_with("CODEOWNERS")
        && READINGS
            .iter()
            .any(|reading| reading.places.contains(&path))
}

fn book<'a>(
    input: &Input<'a>,
    repo: RepoId,
    facts: &BTreeMap<FileId, Vec<&'a Fact>>,
    problems: &mut Vec<Problem>,
) -> Option<Box<dyn Book<'a> + 'a>> {
    let real = real(input.files, repo, problems);
    let reading = reading(input, repo, &real, facts)?;
    let mut counted = reading.places.iter();
    let counted = counted.find_map(|place| real.get(place).copied());
    let mut text = Text {
        repo,
        lines: Vec::new(),
        invalid: ignored(input, reading, counted, &real),
    };
    let said = counted.and_then(|file| facts.get(&file));
    for fact in said.into_iter().flatten() {
        text.add(fact, reading.dialect);
    }
    text.lines.sort_by_key(|entry| entry.line.span);
    Some(match reading.host {
        Host::GitHub | Host::Bitbucket => github::book(text),
        Host::GitLab => gitlab::book(text),
        Host::Gitea => gitea::book(text),
    })
}

impl<'a> Text<'a> {
    /// Adds what a fact says in this dialect.
    fn add(&mut self, fact: &'a Fact, wanted: Dialect) {
        let Claim::Owns {
            what,
            owners,
            strength,
            cut,
            ..
        } = &fact.claim
        else {
            return;
        };
        let span = fact.span;
        match what {
            Selector::Paths {
                pattern,
                dialect,
                section,
            } if *dialect == wanted => self.lines.push(Entry {
                line: Line {
                    pattern,
                    owners,
                    span,
                },
                section: section.as_deref(),
                strength: *strength,
                cut: *cut,
            }),
            Selector::Unreadable { dialect, text, why } if *dialect == wanted => {
                self.invalid.push(OwnershipLine {
                    span,
                    pattern: text.to_string(),
                    invalid: Some(why.to_string()),
                    ..OwnershipLine::default()
                });
            }
            _ => {}
        }
    }
}

/// The CODEOWNERS files by place; a link where there is no file is a problem.
fn real(
    files: &FileTable,
    repo: RepoId,
    problems: &mut Vec<Problem>,
) -> BTreeMap<&'static str, FileId> {
    let places = READINGS.iter().flat_map(|reading| reading.places);
    let found: BTreeMap<&'static str, FileId> = places
        .filter_map(|place| Some((*place, files.find(repo, place)?)))
        .collect();
    let is_file = |file: FileId| matches!(files.row(file).mode, Mode::File | Mode::Executable);
    if !found.values().any(|file| is_file(*file)) {
        problems.extend(found.into_values().map(|file| Problem {
            place: Place::File(file),
            message: "not used: links are not followed; put the rules into the file".to_owned(),
        }));
        return BTreeMap::new();
    }
    let found = found.into_iter();
    found.filter(|(_, file)| is_file(*file)).collect()
}

/// The host whose reading counts; `None` without a file.
fn reading(
    input: &Input<'_>,
    repo: RepoId,
    real: &BTreeMap<&'static str, FileId>,
    facts: &BTreeMap<FileId, Vec<&Fact>>,
) -> Option<&'static Reading> {
    if real.is_empty() {
        return None;
    }
    if let Some(host) = input.config.ownership.host {
        return READINGS.iter().find(|reading| reading.host == host);
    }
    let own = |reading: &&Reading| {
        let mut places = reading.places.iter();
        places.any(|place| is_own(place) && real.contains_key(place))
    };
    let has_sections = || {
        let said = real.values().filter_map(|file| facts.get(file));
        said.flatten().any(|fact| is_header(fact))
    };
    let marked = |reading: &&Reading| {
        let mut marks = reading.marks.iter();
        marks.any(|mark| input.files.has_folder(repo, mark))
    };
    READINGS
        .iter()
        .find(own)
        .or_else(|| {
            let mut readings = READINGS.iter();
            readings.find(|reading| reading.host == Host::GitLab && has_sections())
        })
        .or_else(|| READINGS.iter().find(marked))
        .or(READINGS.first())
}

/// Whether only one host looks in a place.
fn is_own(place: &str) -> bool {
    place.starts_with('.')
}

/// Whether a line that GitHub cannot read is the header of a section: `[Name]`, `^[Name][2] @owner`.
fn is_header(fact: &Fact) -> bool {
    let Claim::Owns {
        what:
            Selector::Unreadable {
                dialect: Dialect::GitHub,
                text,
                ..
            },
        ..
    } = &fact.claim
    else {
        return false;
    };
    let text = text.strip_prefix('^').unwrap_or(text);
    let after = text
        .strip_prefix('[')
        .and_then(|text| text.split_once(']'))
        .filter(|(name, _)| !name.is_empty());
    after.is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with([' ', '\t', '[']))
}

/// The files that the host does not read, each with why.
fn ignored(
    input: &Input<'_>,
    reading: &Reading,
    counted: Option<FileId>,
    real: &BTreeMap<&'static str, FileId>,
) -> Vec<OwnershipLine> {
    let name = reading.name;
    let read = counted.map_or(reading.places[0], |file| &*input.files.path(file).path);
    let others = real.iter().filter(|(_, file)| Some(**file) != counted);
    others
        .map(|(place, file)| {
            let other = READINGS.iter().find(|one| one.places.contains(place));
            let other = other.filter(|_| !reading.places.contains(place));
            let why = match other.and_then(|one| Host::ALL.iter().find(|(host, _)| *host == one.host)) {
                Some((_, host)) => format!(
                    "{name} reads `{read}` only; move the lines there, or set `host = \"{host}\"` in `[ownership]` of twopizza.toml"
                ),
                None => format!("{name} reads `{read}` only; move the lines there"),
            };
            OwnershipLine {
                span: Span {
                    file: *file,
                    ..Span::default()
                },
                invalid: Some(why),
                ..OwnershipLine::default()
            }
        })
        .collect()
}
