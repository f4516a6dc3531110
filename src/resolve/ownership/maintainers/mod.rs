//! Lists of maintainers: all sections that match a path own it together; a section for the rest counts only alone.

mod patterns;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Input;
use super::books::{Book, Line};
use super::expressions::{Allowance, Expression, Expressions};
use crate::model::{
    Claim, Dialect, Fact, FileId, Owner, OwnershipSource, Place, Problem, RepoId, Selector,
};

/// The file of the root; those of folders count beside it only.
const NAME: &str = "MAINTAINERS";

/// The title of a section for what no other one matches.
const REST: &str = "THE REST";

/// A pattern that only such a section has: everything in any folder.
const EVERYTHING: &str = "F: */";

struct Maintainers<'a> {
    repo: RepoId,
    lines: Vec<Line<'a>>,
    /// By line: its section.
    sections: Vec<u32>,
    /// The sections for what no other one matches.
    rest: BTreeSet<u32>,
    expressions: Expressions,
    /// By expression.
    about: Vec<About>,
}

/// What a match of one expression says.
struct About {
    line: u32,
    /// It takes the path out of its section.
    excludes: bool,
    /// How many slashes a path must have, where a pattern says no more than that.
    slashes: Option<usize>,
    /// The deeper, the more it says.
    depth: usize,
}

/// The lists of each repository.
pub(super) fn books<'a>(
    input: &Input<'a>,
    problems: &mut Vec<Problem>,
) -> Vec<Box<dyn Book<'a> + 'a>> {
    let mut statements: BTreeMap<RepoId, Vec<Statement<'a>>> = BTreeMap::new();
    let mut alone: BTreeSet<FileId> = BTreeSet::new();
    for statement in input.facts.iter().filter_map(Statement::of) {
        let file = statement.fact.span.file;
        let path = input.files.path(file);
        if path.path.contains('/') && input.files.find(path.repo, NAME).is_none() {
            alone.insert(file);
        } else {
            statements.entry(path.repo).or_default().push(statement);
        }
    }
    problems.extend(alone.into_iter().map(|file| Problem {
        place: Place::File(file),
        message: "not used: there is no MAINTAINERS in the root, so that nothing tells from where its paths start".to_owned(),
    }));
    let mut books: Vec<Box<dyn Book<'a> + 'a>> = Vec::new();
    for (repo, statements) in statements {
        books.push(Box::new(book(input, repo, statements, problems)));
    }
    books
}

/// What a list says of a pattern.
struct Statement<'a> {
    fact: &'a Fact,
    pattern: &'a str,
    /// `title:line`, or a title that is there once.
    section: &'a str,
    owners: &'a [Owner],
    excludes: bool,
}

impl<'a> Statement<'a> {
    fn of(fact: &'a Fact) -> Option<Self> {
        let Claim::Owns {
            what:
                Selector::Paths {
                    pattern,
                    dialect: Dialect::Maintainers,
                    section,
                },
            owners,
            cut,
            ..
        } = &fact.claim
        else {
            return None;
        };
        Some(Self {
            fact,
            pattern,
            section: section.as_deref().unwrap_or_default(),
            owners,
            excludes: *cut,
        })
    }

    /// Whether its section is for what no other one matches.
    fn is_of_rest(&self) -> bool {
        let (title, _) = self.section.rsplit_once(':').unwrap_or((self.section, ""));
        title.eq_ignore_ascii_case(REST) || self.pattern == EVERYTHING
    }
}

fn book<'a>(
    input: &Input<'_>,
    repo: RepoId,
    mut statements: Vec<Statement<'a>>,
    problems: &mut Vec<Problem>,
) -> Maintainers<'a> {
    statements.sort_by_key(|statement| statement.fact.span);
    let mut book = Maintainers {
        repo,
        lines: Vec::new(),
        sections: Vec::new(),
        rest: BTreeSet::new(),
        expressions: Expressions::default(),
        about: Vec::new(),
    };
    let is_folder = |path: &str| {
        let mut below = input.files.below(repo, path);
        below.any(|file| &*input.files.path(file).path != path)
    };
    let mut allowance = Allowance::default();
    let mut found: Vec<Expression> = Vec::new();
    let mut sections: BTreeMap<(FileId, &str), u32> = BTreeMap::new();
    for statement in statements {
        let span = statement.fact.span;
        let next = sections.len() as u32;
        let section = sections.entry((span.file, statement.section));
        let section = *section.or_insert(next);
        if statement.is_of_rest() {
            book.rest.insert(section);
        }
        match patterns::read(statement.pattern, &is_folder, &mut allowance) {
            Ok(read) => {
                for one in read {
                    found.push(one.expression);
                    book.about.push(About {
                        line: book.lines.len() as u32,
                        excludes: statement.excludes,
                        slashes: one.slashes,
                        depth: one.depth,
                    });
                }
            }
            Err(why) => problems.push(Problem {
                place: Place::Span(span),
                message: format!("`{}` is not used: {why}", statement.pattern),
            }),
        }
        book.sections.push(section);
        book.lines.push(Line {
            pattern: statement.pattern,
            owners: statement.owners,
            span,
        });
    }
    book.expressions = Expressions::new(found);
    book
}

impl Maintainers<'_> {
    fn section(&self, about: &About) -> u32 {
        self.sections[about.line as usize]
    }
}

impl<'a> Book<'a> for Maintainers<'a> {
    fn repo(&self) -> RepoId {
        self.repo
    }

    fn source(&self) -> OwnershipSource {
        OwnershipSource::Maintainers
    }

    fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    fn is_general(&self, line: u32) -> Option<bool> {
        Some(self.rest.contains(&self.sections[line as usize]))
    }

    fn speak(&self, path: &str, said: &mut Vec<u32>) {
        let slashes = path.matches('/').count();
        let matching = self.expressions.matches(path).into_iter();
        let (excluding, matching): (Vec<&About>, Vec<&About>) = matching
            .map(|index| &self.about[index])
            .filter(|about| about.slashes.is_none_or(|wanted| wanted == slashes))
            .partition(|about| about.excludes);
        let excluded: BTreeSet<u32> = excluding
            .into_iter()
            .map(|about| self.section(about))
            .collect();
        // By section the line that says the most.
        let mut best: BTreeMap<u32, &About> = BTreeMap::new();
        for about in matching {
            let section = self.section(about);
            let better = best
                .get(&section)
                .is_none_or(|best| best.depth < about.depth);
            if better && !excluded.contains(&section) {
                best.insert(section, about);
            }
        }
        if best.keys().any(|section| !self.rest.contains(section)) {
            best.retain(|section, _| !self.rest.contains(section));
        }
        let mut best: Vec<&About> = best.into_values().collect();
        best.sort_by_key(|about| {
            let nobody = self.lines[about.line as usize].owners.is_empty();
            (nobody, Reverse(about.depth), about.line)
        });
        said.extend(best.into_iter().map(|about| about.line));
    }
}
