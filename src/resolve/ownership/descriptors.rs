//! What descriptors of teams, services and packages say: of single files, of folders, of globs.
//!
//! Every statement is a voice of its own: no two of them are added up.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use globset::GlobSet;

use super::Input;
use super::books::{Book, Line};
use super::code_ownership::Scopes;
use super::globs::Globs;
use super::reach::{Meant, Reach, Reaches};
use super::teams::fold;
use crate::model::{
    Claim, Fact, FileId, OwnershipSource, Place, Problem, RepoId, Strength, parent,
};

/// The sources whose statements stand in or beside what they describe, or name it by globs.
const SOURCES: &[OwnershipSource] = &[
    OwnershipSource::Annotation,
    OwnershipSource::TeamFile,
    OwnershipSource::Catalog,
    OwnershipSource::Manifest,
    OwnershipSource::Label,
];

/// The statements of one source about one repository.
struct Descriptors<'a> {
    repo: RepoId,
    source: OwnershipSource,
    lines: Vec<Line<'a>>,
    files: HashMap<&'a str, Vec<u32>>,
    /// The nearest folder counts.
    folders: HashMap<String, Vec<u32>>,
    globs: GlobSet,
    patterns: Vec<Pattern>,
    /// By line: whether it speaks of all files.
    general: Vec<bool>,
    /// By line: the configuration that bounds it.
    scopes: Vec<Option<usize>>,
    bounds: Arc<Scopes>,
}

/// A glob; of those of one file the last that matches counts, and one that cuts silences the file.
struct Pattern {
    file: FileId,
    /// `None`: it cuts.
    line: Option<u32>,
}

/// A book in the making.
#[derive(Default)]
struct Draft<'a> {
    lines: Vec<Line<'a>>,
    general: Vec<bool>,
    scopes: Vec<Option<usize>>,
    files: HashMap<&'a str, Vec<u32>>,
    /// By folder and extractor: the lines with how binding they are.
    folders: BTreeMap<(String, &'static str), Vec<(Strength, u32)>>,
    globs: Globs,
    patterns: Vec<Pattern>,
}

/// One book for each source and repository.
pub(super) fn books<'a>(
    input: &Input<'a>,
    problems: &mut Vec<Problem>,
) -> Vec<Box<dyn Book<'a> + 'a>> {
    let scopes = Arc::new(Scopes::new(input, problems));
    let reaches = Reaches::new(input, &scopes);
    let mut drafts: BTreeMap<(OwnershipSource, RepoId), Draft<'a>> = BTreeMap::new();
    let mut unheard = 0_usize;
    for fact in input.facts {
        let Claim::Owns {
            source,
            what,
            owners,
            strength,
            cut,
        } = &fact.claim
        else {
            continue;
        };
        if !SOURCES.contains(source) {
            continue;
        }
        match reaches.of(fact, what, owners) {
            Ok(Some(meant)) => {
                let draft = drafts.entry((*source, meant.repo)).or_default();
                let line = (!cut).then_some((&owners[..], *strength));
                if let Err(message) = draft.add(fact, meant, line) {
                    problems.push(problem(fact, message));
                }
            }
            Ok(None) => unheard += usize::from(*strength == Strength::Contact),
            Err(message) => problems.push(problem(fact, message)),
        }
    }
    if unheard > 0 {
        problems.push(Problem {
            place: Place::Run,
            message: format!(
                "{unheard} labels and tags not used: they name teams that no roster, configuration or ownership file knows"
            ),
        });
    }
    let books = drafts.into_iter().map(|((source, repo), draft)| {
        Box::new(draft.book(source, repo, &scopes, problems)) as Box<dyn Book<'a> + 'a>
    });
    books.collect()
}

fn problem(fact: &Fact, message: String) -> Problem {
    Problem {
        place: Place::Span(fact.span),
        message,
    }
}

impl<'a> Draft<'a> {
    /// `said`: whom the statement names and how binding it is; `None` when it cuts.
    fn add(
        &mut self,
        fact: &Fact,
        meant: Meant<'a>,
        said: Option<(&'a [crate::model::Owner], Strength)>,
    ) -> Result<(), String> {
        let pattern = match &meant.reach {
            Reach::Glob(pattern) => {
                self.globs.add(pattern)?;
                pattern
            }
            _ => "",
        };
        let line = said.map(|(owners, strength)| {
            self.lines.push(Line {
                pattern,
                owners,
                span: fact.span,
            });
            self.scopes.push(meant.scope);
            self.general.push(match &meant.reach {
                // The file that describes a team is the team's by convention only.
                Reach::File(_) => fact.extractor.0 == "code-ownership/teams",
                Reach::Folder(folder) => folder.is_empty(),
                Reach::Glob(pattern) => matches!(*pattern, "*" | "**" | "**/*" | "**/**"),
            });
            ((self.lines.len() - 1) as u32, strength)
        });
        match (meant.reach, line) {
            (Reach::Glob(_), line) => self.patterns.push(Pattern {
                file: fact.span.file,
                line: line.map(|(line, _)| line),
            }),
            (Reach::File(path), Some((line, _))) => self.files.entry(path).or_default().push(line),
            (Reach::Folder(path), Some((line, strength))) => {
                let key = (path, fact.extractor.0);
                self.folders.entry(key).or_default().push((strength, line));
            }
            (_, None) => {}
        }
        Ok(())
    }

    fn book(
        self,
        source: OwnershipSource,
        repo: RepoId,
        bounds: &Arc<Scopes>,
        problems: &mut Vec<Problem>,
    ) -> Descriptors<'a> {
        let mut folders: HashMap<String, Vec<u32>> = HashMap::new();
        for ((folder, _), lines) in &self.folders {
            // A folder that is nobody's is not that of a descriptor further up, either.
            let decided = folders.entry(folder.clone()).or_default();
            match agreed(&self.lines, lines) {
                Ok(line) => decided.push(line),
                Err(other) => problems.push(Problem {
                    place: Place::Span(self.lines[other as usize].span),
                    message: format!(
                        "another descriptor gives the folder `{}` to other owners: nobody owns it by them; say where the source of each lies",
                        if folder.is_empty() { "." } else { folder }
                    ),
                }),
            }
        }
        Descriptors {
            repo,
            source,
            lines: self.lines,
            files: self.files,
            folders,
            globs: self.globs.build(),
            patterns: self.patterns,
            general: self.general,
            scopes: self.scopes,
            bounds: Arc::clone(bounds),
        }
    }
}

/// The first of the most binding lines, when these name the same owners; else the first that differs.
fn agreed(all: &[Line<'_>], lines: &[(Strength, u32)]) -> Result<u32, u32> {
    let owners = |line: u32| {
        let owners = all[line as usize].owners.iter();
        let mut owners: Vec<String> = owners.map(|owner| fold(&owner.text)).collect();
        owners.sort();
        owners
    };
    let strongest = lines.iter().map(|(strength, _)| strength).min();
    let mut binding = lines
        .iter()
        .filter(|(strength, _)| Some(strength) == strongest)
        .map(|(_, line)| *line);
    let first = binding.next().unwrap_or_default();
    match binding.find(|line| owners(*line) != owners(first)) {
        Some(other) => Err(other),
        None => Ok(first),
    }
}

impl Descriptors<'_> {
    fn by_folder(&self, path: &str, said: &mut Vec<u32>) {
        if self.folders.is_empty() {
            return;
        }
        let mut folder = path;
        while !folder.is_empty() {
            folder = parent(folder);
            if let Some(lines) = self.folders.get(folder) {
                said.extend(lines);
                return;
            }
        }
    }

    fn by_glob(&self, path: &str, said: &mut Vec<u32>) {
        let mut last: BTreeMap<FileId, Option<u32>> = BTreeMap::new();
        for index in self.globs.matches(path) {
            let pattern = &self.patterns[index];
            let line = last.entry(pattern.file).or_insert(pattern.line);
            // What is cut stays so.
            *line = line.and(pattern.line);
        }
        said.extend(last.into_values().flatten());
    }
}

impl<'a> Book<'a> for Descriptors<'a> {
    fn repo(&self) -> RepoId {
        self.repo
    }

    fn source(&self) -> OwnershipSource {
        self.source
    }

    fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    fn is_joint(&self) -> bool {
        false
    }

    fn is_general(&self, line: u32) -> Option<bool> {
        self.general.get(line as usize).copied()
    }

    fn speak(&self, path: &str, said: &mut Vec<u32>) {
        said.extend(self.files.get(path).into_iter().flatten());
        self.by_folder(path, said);
        self.by_glob(path, said);
        said.retain(|line| {
            let scope = self.scopes[*line as usize];
            scope.is_none_or(|scope| match self.source {
                OwnershipSource::Annotation => self.bounds.wants(scope, path),
                _ => self.bounds.allows(scope, path),
            })
        });
        // Of one source, what speaks of everything gives way.
        said.sort_by_key(|line| self.general[*line as usize]);
    }
}
