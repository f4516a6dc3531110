//! In which folder does an expression make a project?
//!
//! `project`, `Project(…)`, `crossProject(…)` and `projectMatrix` make one, and so does a function of the build that ends in one of them.
//! Sources: <https://www.scala-sbt.org/1.x/docs/Multi-Project.html>, <https://github.com/portable-scala/sbt-crossproject>,
//! <https://github.com/sbt/sbt-projectmatrix>.

use std::ops::Range;

use super::definitions::{split, statements};
use super::expressions::{Expressions, is_platform, named};
use crate::extract::tokens::Kind;
use crate::model::{Key, Part, Template, join};

/// The deepest nesting of blocks, brackets and calls around what makes a project.
const DEPTH: usize = 8;

/// What makes something else: lists, and names for projects of other builds.
const OTHERS: &[&str] = &[
    "Array",
    "List",
    "Map",
    "Option",
    "ProjectRef",
    "RootProject",
    "Seq",
    "Set",
    "Some",
    "Vector",
];

/// A project, as one expression makes it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Made {
    /// Its folder.
    pub(super) folder: Template,
    /// A project with another name already: `core.jvm`.
    pub(super) is_part: bool,
    /// The function that makes it, with the number of its arguments; where it is defined tells whether it is a project at all.
    pub(super) maker: Option<String>,
    /// Its id, when that is written out.
    pub(super) id: Option<String>,
}

impl Made {
    fn at(folder: Template) -> Self {
        Self {
            folder,
            is_part: false,
            maker: None,
            id: None,
        }
    }
}

impl Expressions<'_, '_> {
    /// What an expression makes a project of; `name` is that of the value, `build` the folder of the build.
    pub(super) fn project(
        &self,
        range: Range<usize>,
        name: Option<&str>,
        build: &str,
    ) -> Option<Made> {
        self.made(range, name, build, 0)
    }

    fn made(
        &self,
        range: Range<usize>,
        name: Option<&str>,
        build: &str,
        depth: usize,
    ) -> Option<Made> {
        let tokens = self.tokens;
        if depth > DEPTH || range.is_empty() {
            return None;
        }
        let start = self.unqualified(range.clone());
        match tokens.list[start].kind {
            Kind::Sign(b'(') => {
                let close = tokens.mate(start);
                let made = self.made(start + 1..close, name, build, depth + 1);
                return self.placed(made?, close + 1..range.end, build);
            }
            Kind::Sign(b'{') => {
                let inner = start + 1..tokens.mate(start);
                let result = statements(tokens, inner.clone()).pop()?;
                return self.block(inner).made(result, name, build, depth + 1);
            }
            _ => {}
        }
        let word = tokens.word(start).filter(|word| !OTHERS.contains(word))?;
        let is_call = tokens.is(start + 1, b'(');
        let after = match is_call {
            true => tokens.mate(start + 1) + 1,
            false => start + 1,
        };
        let chain = after..range.end;
        match word {
            "Project" | "CrossProject" | "ProjectMatrix" if is_call => {
                let made = self.with_base(start + 1, build);
                self.placed(made?, chain, build)
            }
            "project" | "projectMatrix" | "crossProject" => match self.within(chain, build, true) {
                Some(folder) => Some(Made::at(folder)),
                None => name.map(|name| Made::at(in_build(build, &Template::text(name)))),
            },
            _ if is_call && tokens.mate(start + 1) > start + 1 => {
                let inner = start + 2..after - 1;
                // A function that is given a project gives it back.
                let given = split(tokens, inner, b',').into_iter().find_map(|argument| {
                    let (_, argument) = named(tokens, argument);
                    self.made(argument, name, build, depth + 1)
                        .filter(|made| made.maker.is_none() && !made.is_part)
                });
                let made = match given {
                    Some(made) => made,
                    None => self.by_call(word, start + 1, chain.clone())?,
                };
                self.placed(made, chain, build)
            }
            _ if self.is_parameter(word) => None,
            _ if tokens.is(start + 1, b'.') && is_platform(tokens.word(start + 2)) => Some(Made {
                is_part: true,
                ..Made::at(Key::new("sbt-folder", word).into())
            }),
            _ => {
                let folder = self.within(chain, build, false)?;
                Some(Made::at(folder))
            }
        }
    }

    /// `module("cart")`, where arguments could tell the folder; what depends on projects is one in any case.
    fn by_call(&self, function: &str, open: usize, chain: Range<usize>) -> Option<Made> {
        let (key, known) = self.call("sbt-make", function, open, 0);
        let arguments = split(self.tokens, open + 1..self.tokens.mate(open), b',');
        let is_likely = known > 0
            || chain
                .into_iter()
                .any(|at| self.tokens.is_word(at, "dependsOn"));
        is_likely.then(|| Made {
            maker: Some(format!("{function}/{}", arguments.len())),
            ..Made::at(Template::from(key))
        })
    }

    /// The same project in the folder that the rest of the expression names, if it does.
    fn placed(&self, made: Made, chain: Range<usize>, build: &str) -> Option<Made> {
        Some(match self.within(chain, build, false) {
            Some(folder) => Made { folder, ..made },
            None => made,
        })
    }

    /// `Project("id", file("folder"))`, `Project(id = "id", base = file("folder"))`
    fn with_base(&self, open: usize, build: &str) -> Option<Made> {
        let tokens = self.tokens;
        let inside = open + 1..tokens.mate(open);
        let mut id = None;
        let mut base = None;
        for (number, argument) in split(tokens, inside, b',').into_iter().enumerate() {
            let (label, value) = named(tokens, argument);
            match (label, number) {
                (Some("id"), _) | (None, 0) => id = Some(value),
                (Some("base"), _) | (None, 1) => base = Some(value),
                _ => {}
            }
        }
        let folder = self.template(base?);
        Some(Made {
            id: id.and_then(|id| self.template(id).as_text().map(str::to_owned)),
            ..Made::at(in_build(build, &folder))
        })
    }

    /// The folder of `.in(file("x"))` or `in file("x")` outside of brackets.
    ///
    /// Of what is no project for sure, `in` may have another meaning, as in `sources in Test`.
    fn within(&self, chain: Range<usize>, build: &str, is_sure: bool) -> Option<Template> {
        let tokens = self.tokens;
        let mut at = chain.start;
        while at < chain.end {
            if tokens.is_word(at, "in") {
                let value = match tokens.is(at + 1, b'(') {
                    true => at + 2..tokens.mate(at + 1),
                    false => at + 1..self.infix_end(at + 1, chain.end),
                };
                let is_file =
                    (value.clone()).any(|at| matches!(tokens.word(at), Some("file" | "File")));
                if is_sure || is_file {
                    return Some(in_build(build, &self.template(value)));
                }
            }
            if let Kind::Sign(b'(' | b'[' | b'{') = tokens.list[at].kind {
                at = tokens.mate(at).max(at);
            }
            at += 1;
        }
        None
    }

    /// The end of `file("x") / "y"` without brackets around it.
    fn infix_end(&self, start: usize, end: usize) -> usize {
        let tokens = self.tokens;
        let mut at = start;
        while at < end && !tokens.is(at, b'.') && (at == start || !tokens.list[at].fresh) {
            let is_word = tokens.word(at).is_some();
            let before = at > start && !tokens.is(at - 1, b'/');
            if is_word && before {
                break;
            }
            if tokens.is(at, b'(') {
                at = tokens.mate(at).max(at);
            }
            at += 1;
        }
        at.min(end)
    }
}

/// A folder below that of the build; one that leaves the repository is not known.
fn in_build(build: &str, folder: &Template) -> Template {
    match folder.as_text() {
        Some(text) => match join(build, text) {
            Some(path) => Template::text(path),
            None => Template(vec![Part::Hole]),
        },
        None if build.is_empty() => folder.clone(),
        None => {
            let mut full = Template::text(format!("{build}/"));
            full.extend(folder);
            full
        }
    }
}
