//! OWNERS files of Chromium and Gerrit: whom the folders above a path name own it together, whatever their order.
//!
//! <https://gerrit.googlesource.com/plugins/code-owners/+/HEAD/resources/Documentation/backend-find-owners.md>

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::Input;
use super::books::{Book, Line};
use super::folders::{Folders, above};
use crate::model::{
    Claim, Dialect, ExtractorId, Fact, FileId, Owner, OwnerForm, OwnershipLine, OwnershipSource,
    Place, Problem, RepoId, Selector, Span,
};

/// Who reads these files; other formats state folders, too.
const EXTRACTOR: ExtractorId = ExtractorId("owners/gerrit");

/// The file that holds for its folder; others only lend whom they name.
const NAME: &str = "OWNERS";

struct Gerrit<'a> {
    repo: RepoId,
    lines: Vec<Line<'a>>,
    folders: Folders<Folder>,
    invalid: Vec<OwnershipLine>,
}

/// What holds for a folder, imports included.
#[derive(Default)]
struct Folder {
    lines: Vec<u32>,
    no_parent: bool,
    /// The globs of all `per_file`, and whose each is.
    globs: GlobSet,
    owner_of_glob: Vec<usize>,
    per_file: Vec<Grant>,
}

/// What holds for some files of a folder.
#[derive(Clone, Default)]
struct Grant {
    globs: Vec<String>,
    lines: Vec<u32>,
    /// Neither what is above nor what else the file grants.
    alone: bool,
}

/// What one file says, before imports.
#[derive(Default)]
struct Page<'a> {
    lines: Vec<u32>,
    no_parent: bool,
    per_file: Vec<(Grant, Option<Import<'a>>)>,
    imports: Vec<Import<'a>>,
    invalid: Vec<OwnershipLine>,
}

/// Whom another file names.
#[derive(Clone, Copy)]
struct Import<'a> {
    text: &'a str,
    /// A line without owners: it stands for those of the other file.
    line: u32,
}

/// The OWNERS files of each repository.
pub(super) fn books<'a>(
    input: &Input<'a>,
    problems: &mut Vec<Problem>,
) -> Vec<Box<dyn Book<'a> + 'a>> {
    let mut shelves: BTreeMap<RepoId, Shelf<'a>> = BTreeMap::new();
    for fact in input
        .facts
        .iter()
        .filter(|fact| fact.extractor == EXTRACTOR)
    {
        let path = input.files.path(fact.span.file);
        let shelf = shelves.entry(path.repo).or_default();
        shelf.add(&path.path, fact);
    }
    let shelves = shelves.into_iter();
    shelves
        .map(|(repo, shelf)| Box::new(shelf.book(repo, problems)) as Box<dyn Book<'a> + 'a>)
        .collect()
}

/// The files of one repository, by path.
#[derive(Default)]
struct Shelf<'a> {
    lines: Vec<Line<'a>>,
    pages: BTreeMap<String, Page<'a>>,
}

impl<'a> Shelf<'a> {
    fn add(&mut self, path: &str, fact: &'a Fact) {
        let Claim::Owns {
            what, owners, cut, ..
        } = &fact.claim
        else {
            return;
        };
        let page = self.pages.entry(path.to_owned()).or_default();
        let line = self.lines.len() as u32;
        let import = owners.iter().find(|owner| owner.form == OwnerForm::File);
        let import = import.map(|owner| Import {
            text: &owner.text,
            line,
        });
        match what {
            Selector::Subtree if *cut => {
                page.no_parent = true;
                return;
            }
            Selector::Subtree => match import {
                Some(import) => page.imports.push(import),
                None => page.lines.push(line),
            },
            Selector::Paths {
                pattern,
                dialect: Dialect::Gerrit,
                ..
            } => {
                let own = (!*cut && import.is_none()).then_some(line);
                let grant = Grant {
                    globs: globs(pattern),
                    lines: own.into_iter().collect(),
                    alone: *cut,
                };
                page.per_file.push((grant, import));
            }
            Selector::Unreadable { text, why, .. } => {
                page.invalid.push(OwnershipLine {
                    span: fact.span,
                    pattern: text.to_string(),
                    invalid: Some(why.to_string()),
                    ..OwnershipLine::default()
                });
                return;
            }
            _ => return,
        }
        const NOBODY: &[Owner] = &[];
        self.lines.push(Line {
            pattern: "",
            owners: if import.is_some() { NOBODY } else { owners },
            span: fact.span,
        });
    }

    fn book(self, repo: RepoId, problems: &mut Vec<Problem>) -> Gerrit<'a> {
        let mut folders: Folders<Folder> = Folders::default();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut told: BTreeSet<Span> = BTreeSet::new();
        let mut found: Vec<Problem> = Vec::new();
        for path in self.pages.keys() {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if name != NAME {
                continue;
            }
            taken.insert(path.clone());
            let mut tell = |line: u32, why: String| {
                let span = self.lines[line as usize].span;
                if told.insert(span) {
                    let place = Place::Span(span);
                    found.push(Problem {
                        place,
                        message: why,
                    });
                }
            };
            *folders.entry(folder) = self.folder(path, &mut taken, &mut tell);
        }
        problems.extend(found);
        let pages = self.pages.into_iter();
        let read = pages.filter(|(path, _)| taken.contains(path));
        Gerrit {
            repo,
            invalid: read.flat_map(|(_, page)| page.invalid).collect(),
            lines: self.lines,
            folders,
        }
    }

    /// What holds for the folder of a file.
    fn folder(
        &self,
        path: &str,
        taken: &mut BTreeSet<String>,
        tell: &mut dyn FnMut(u32, String),
    ) -> Folder {
        let page = &self.pages[path];
        let mut all = self.taken_over(path, &page.imports, taken, tell);
        all.0.splice(0..0, page.lines.iter().copied());
        let (lines, others) = all;
        let mut folder = Folder {
            lines,
            no_parent: page.no_parent || others.iter().any(|(_, page)| page.no_parent),
            ..Folder::default()
        };
        let mut globs = GlobSetBuilder::new();
        for (path, page) in [(path.to_owned(), page)].into_iter().chain(others) {
            for (grant, import) in &page.per_file {
                let mut grant = grant.clone();
                let import = import.as_slice();
                grant
                    .lines
                    .extend(self.taken_over(&path, import, taken, tell).0);
                for text in &grant.globs {
                    // It holds for what lies deeper, too.
                    let glob = GlobBuilder::new(&format!("**/{text}"))
                        .literal_separator(true)
                        .build();
                    match glob {
                        Ok(glob) => {
                            globs.add(glob);
                            folder.owner_of_glob.push(folder.per_file.len());
                        }
                        Err(error) => {
                            if let Some(line) = grant.lines.first() {
                                tell(*line, format!("`{text}` is not used: {}", error.kind()));
                            }
                        }
                    }
                }
                folder.per_file.push(grant);
            }
        }
        folder.globs = globs.build().unwrap_or_else(|error| {
            folder.owner_of_glob.clear();
            if let Some(line) = folder.per_file.iter().find_map(|grant| grant.lines.first()) {
                tell(*line, format!("`per-file` is not used: {}", error.kind()));
            }
            GlobSet::empty()
        });
        folder
    }

    /// The lines that imports bring, and the files that are taken over whole.
    ///
    /// Only `include` takes over more than the owners without conditions, and only while nothing in between does not.
    fn taken_over(
        &self,
        from: &str,
        imports: &[Import<'a>],
        taken: &mut BTreeSet<String>,
        tell: &mut dyn FnMut(u32, String),
    ) -> (Vec<u32>, Vec<(String, &Page<'a>)>) {
        let mut lines = Vec::new();
        let mut whole: Vec<(String, &Page<'a>)> = Vec::new();
        let mut seen: BTreeSet<(String, bool)> = BTreeSet::new();
        let mut queue: VecDeque<(String, Import<'a>, bool)> = imports
            .iter()
            .map(|import| (from.to_owned(), *import, true))
            .collect();
        while let Some((from, import, all)) = queue.pop_front() {
            let Some((path, all)) = target(&from, import, all, tell) else {
                continue;
            };
            let Some(page) = self.pages.get(&path) else {
                tell(
                    import.line,
                    format!("`{path}` names nobody or is not there: nobody is taken over from it"),
                );
                continue;
            };
            if path == from || !seen.insert((path.clone(), all)) {
                continue;
            }
            taken.insert(path.clone());
            if !page.lines.is_empty() {
                lines.push(import.line);
                lines.extend(&page.lines);
            }
            queue.extend(page.imports.iter().map(|next| (path.clone(), *next, all)));
            if all {
                whole.push((path, page));
            }
        }
        (lines, whole)
    }
}

/// The path of the file that an import means, and whether all of it is taken over.
fn target(
    from: &str,
    import: Import<'_>,
    all: bool,
    tell: &mut dyn FnMut(u32, String),
) -> Option<(String, bool)> {
    let (path, all) = match import.text.strip_prefix("file:") {
        Some(path) => (path, false),
        None => (import.text.strip_prefix("include ")?, all),
    };
    if path.contains(':') {
        let why = format!(
            "`{}` means another project or branch: nobody is taken over from it",
            import.text
        );
        tell(import.line, why);
        return None;
    }
    let mut segments: Vec<&str> = match path.starts_with('/') {
        true => Vec::new(),
        false => from
            .split('/')
            .rev()
            .skip(1)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect(),
    };
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    Some((segments.join("/"), all))
}

/// The globs of `a,b,{c,d}`.
fn globs(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match found.last_mut() {
            Some(glob) if c != ',' || depth > 0 => glob.push(c),
            _ => found.push(String::new()),
        }
    }
    let found = found.iter().map(|glob| glob.trim().to_owned());
    found.filter(|glob| !glob.is_empty()).collect()
}

impl<'a> Book<'a> for Gerrit<'a> {
    fn repo(&self) -> RepoId {
        self.repo
    }

    fn source(&self) -> OwnershipSource {
        OwnershipSource::OwnersFile
    }

    fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    fn speak(&self, path: &str, said: &mut Vec<u32>) {
        for name in above(path) {
            let Some(folder) = self.folders.get(name) else {
                continue;
            };
            let below = path[name.len()..].trim_start_matches('/');
            let mut grants: Vec<usize> = folder.globs.matches(below);
            grants
                .iter_mut()
                .for_each(|glob| *glob = folder.owner_of_glob[*glob]);
            grants.dedup();
            let mut alone = false;
            for grant in grants {
                let grant = &folder.per_file[grant];
                said.extend(&grant.lines);
                alone |= grant.alone;
            }
            if !alone {
                said.extend(&folder.lines);
            }
            if alone || folder.no_parent {
                return;
            }
        }
    }

    fn outcomes<'s>(&self, _: &Input<'_>, _: &dyn Fn(FileId) -> &'s [u32]) -> Vec<OwnershipLine> {
        self.invalid.clone()
    }
}
