//! Who owns each file and each component?

mod components;
mod github;
mod sets;
mod teams;

use std::collections::BTreeMap;

use globset::GlobBuilder;

use crate::config::Config;
use crate::model::{
    Claim, Component, ComponentId, Dialect, Fact, FileId, FileTable, Organisation, Owned, Owner,
    OwnerForm, Place, Problem, RepoId, Selector, Span,
};

use self::github::Patterns;
use self::sets::Sets;
use self::teams::Teams;

/// What ownership is resolved from.
pub struct Input<'a> {
    pub files: &'a FileTable,
    pub facts: &'a [Fact],
    pub components: &'a [Component],
    /// The component in which a file lies.
    pub component_of: &'a dyn Fn(FileId) -> ComponentId,
    pub config: &'a Config,
    /// The file of the configuration, for spans.
    pub config_file: Option<FileId>,
}

/// Resolves teams, owner sets, and who owns what.
///
/// What the configuration says of a component goes before CODEOWNERS, for the component and for its files.
pub fn resolve(input: &Input<'_>) -> (Organisation, Vec<Problem>) {
    let mut problems = Vec::new();
    let rulebooks = rulebooks(input, &mut problems);
    let configured = configured(input, &mut problems);

    let lines = rulebooks.iter().flat_map(|book| &book.lines);
    let lists: Vec<&[Owner]> = lines
        .map(|line| line.owners)
        .chain(configured.values().map(|(owner, _)| &owner[..]))
        .collect();
    let teams = Teams::new(input, &lists, &mut problems);
    let mut sets = Sets::new(teams, &input.config.ownership.ignore_owners);
    let verdicts: Vec<Vec<Owned>> = rulebooks
        .iter()
        .map(|book| {
            let lines = book.lines.iter();
            lines
                .map(|line| sets.owned(line.owners, line.span))
                .collect()
        })
        .collect();
    let configured: BTreeMap<ComponentId, Owned> = configured
        .iter()
        .map(|(component, (owner, span))| (*component, sets.owned(owner, *span)))
        .collect();

    let mut organisation = sets.organisation();
    organisation.has_sources = !lists.is_empty();
    organisation.files = input
        .files
        .iter()
        .map(|(id, row)| {
            let component = (input.component_of)(id);
            if let Some(owned) = configured.get(&component) {
                return *owned;
            }
            let repo = row.path.repo.0 as usize;
            let line = rulebooks
                .get(repo)
                .and_then(|book| book.patterns.last_match(&row.path.path));
            line.map_or(Owned::Unmatched, |line| verdicts[repo][line])
        })
        .collect();
    organisation.components = components::owners(input, &organisation);
    for (component, owned) in configured {
        if let Some(entry) = organisation.components.get_mut(component.0 as usize) {
            entry.owned = owned;
        }
    }
    (organisation, problems)
}

/// The lines of one repository's CODEOWNERS.
#[derive(Default)]
struct Rulebook<'a> {
    lines: Vec<Line<'a>>,
    patterns: Patterns,
}

struct Line<'a> {
    pattern: &'a str,
    owners: &'a [Owner],
    span: Span,
}

/// The rules of each repository, by its id.
fn rulebooks<'a>(input: &Input<'a>, problems: &mut Vec<Problem>) -> Vec<Rulebook<'a>> {
    let mut books: Vec<Rulebook<'a>> = Vec::new();
    let mut book_of: BTreeMap<FileId, usize> = BTreeMap::new();
    for index in 0..input.files.repos().len() {
        let repo = RepoId(u16::try_from(index).unwrap_or(u16::MAX));
        books.push(Rulebook::default());
        book_of.extend(github::counted(input.files, repo, problems).map(|file| (file, index)));
    }
    for fact in input.facts {
        if let Claim::Owns { what, owners, .. } = &fact.claim
            && let Selector::Paths {
                pattern,
                dialect: Dialect::GitHub,
                ..
            } = what
            && let Some(index) = book_of.get(&fact.span.file)
        {
            books[*index].lines.push(Line {
                pattern,
                owners,
                span: fact.span,
            });
        }
    }
    for book in &mut books {
        book.lines.sort_by_key(|line| line.span);
        book.patterns = Patterns::new(book.lines.iter().map(|line| line.pattern));
    }
    books
}

/// The owners that the configuration gives to components; of several entries the last counts.
fn configured(
    input: &Input<'_>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<ComponentId, ([Owner; 1], Span)> {
    let mut found = BTreeMap::new();
    for entry in &input.config.components {
        let Some(team) = &entry.value.team else {
            continue;
        };
        let span = config_span(input, entry.start, entry.end);
        let pattern = entry.value.path.trim_start_matches("./").trim_matches('/');
        let pattern = if pattern == "." { "" } else { pattern };
        let glob = match GlobBuilder::new(pattern).literal_separator(true).build() {
            Ok(glob) => glob.compile_matcher(),
            Err(error) => {
                problems.push(Problem {
                    place: span.map_or(Place::Run, Place::Span),
                    message: format!("`team` of this component not used: {}", error.kind()),
                });
                continue;
            }
        };
        for (index, component) in input.components.iter().enumerate() {
            let Some(root) = &component.root else {
                continue;
            };
            if glob.is_match(&*root.path) {
                let span = span.or_else(|| {
                    let file = component.declared_in?;
                    Some(Span {
                        file,
                        ..Span::default()
                    })
                });
                let owner = Owner::parse(team).unwrap_or_else(|| Owner {
                    text: team.as_str().into(),
                    form: OwnerForm::TeamHandle,
                });
                found.insert(
                    ComponentId(index as u32),
                    ([owner], span.unwrap_or_default()),
                );
            }
        }
    }
    found
}

/// A place in the configuration, when its file is part of the run.
fn config_span(input: &Input<'_>, start: usize, end: usize) -> Option<Span> {
    Some(Span {
        file: input.config_file?,
        start: u32::try_from(start).ok()?,
        end: u32::try_from(end).ok()?,
    })
}
