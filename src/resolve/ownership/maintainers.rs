//! Lists of maintainers: all sections that match a path own it together; a section for the rest counts only alone.
//!
//! Patterns mean what the scripts make of them that read the files:
//! <https://github.com/torvalds/linux/blob/master/scripts/get_maintainer.pl>,
//! <https://github.com/zephyrproject-rtos/zephyr/blob/main/scripts/get_maintainer.py>.

use std::collections::BTreeMap;

use super::Input;
use super::books::{Book, Line};
use super::expressions::{Allowance, Expression, Expressions};
use crate::model::{
    Claim, Dialect, Fact, FileId, OwnershipSource, Place, Problem, RepoId, Selector,
};

/// The most patterns that braces may make of one.
const MOST: usize = 64;

/// The file of the root; those of folders count beside it only.
const NAME: &str = "MAINTAINERS";

/// The section for what no other one matches.
const REST: &str = "THE REST";

/// A pattern that only such a section has: everything in any folder.
const EVERYTHING: &str = "F: */";

struct Maintainers<'a> {
    repo: RepoId,
    lines: Vec<Line<'a>>,
    sections: Vec<Section>,
    expressions: Expressions,
    /// By expression.
    about: Vec<About>,
}

/// What is special about a section.
#[derive(Default)]
struct Section {
    is_rest: bool,
}

/// What a match of one expression says.
struct About {
    section: u32,
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
    let mut facts: BTreeMap<RepoId, Vec<&'a Fact>> = BTreeMap::new();
    let mut alone: BTreeMap<FileId, ()> = BTreeMap::new();
    for fact in input.facts {
        if !matches!(selected(fact), Some((_, Dialect::Maintainers, _))) {
            continue;
        }
        let path = input.files.path(fact.span.file);
        let nested = path.path.contains('/');
        if nested && input.files.find(path.repo, NAME).is_none() {
            alone.insert(fact.span.file, ());
            continue;
        }
        facts.entry(path.repo).or_default().push(fact);
    }
    problems.extend(alone.into_keys().map(|file| Problem {
        place: Place::File(file),
        message: "not used: there is no MAINTAINERS in the root, so that nothing tells from where its paths start".to_owned(),
    }));
    let facts = facts.into_iter();
    facts
        .map(|(repo, facts)| Box::new(book(input, repo, facts, problems)) as Box<dyn Book<'a> + 'a>)
        .collect()
}

/// Pattern, dialect and section of what a list of maintainers says.
fn selected(fact: &Fact) -> Option<(&str, Dialect, Option<&str>)> {
    match &fact.claim {
        Claim::Owns {
            source: OwnershipSource::Maintainers,
            what:
                Selector::Paths {
                    pattern,
                    dialect,
                    section,
                },
            ..
        } => Some((pattern, *dialect, section.as_deref())),
        _ => None,
    }
}

fn book<'a>(
    input: &Input<'_>,
    repo: RepoId,
    mut facts: Vec<&'a Fact>,
    problems: &mut Vec<Problem>,
) -> Maintainers<'a> {
    facts.sort_by_key(|fact| fact.span);
    let mut book = Maintainers {
        repo,
        lines: Vec::new(),
        sections: Vec::new(),
        expressions: Expressions::default(),
        about: Vec::new(),
    };
    let mut found = Vec::new();
    let mut allowance = Allowance::default();
    let mut sections: BTreeMap<(FileId, &str), u32> = BTreeMap::new();
    for fact in facts {
        let (Some((pattern, _, name)), Claim::Owns { owners, cut, .. }) =
            (selected(fact), &fact.claim)
        else {
            continue;
        };
        let name = name.unwrap_or_default();
        let next = book.sections.len() as u32;
        let section = *sections.entry((fact.span.file, name)).or_insert(next);
        if section == next {
            book.sections.push(Section::default());
        }
        book.sections[section as usize].is_rest |=
            name.eq_ignore_ascii_case(REST) || pattern == EVERYTHING;
        let line = book.lines.len() as u32;
        let is_folder = |path: &str| {
            let mut below = input.files.below(repo, path);
            below.any(|file| &*input.files.path(file).path != path)
        };
        let read = read(pattern, &is_folder, &mut allowance).unwrap_or_else(|why| {
            problems.push(Problem {
                place: Place::Span(fact.span),
                message: format!("`{pattern}` is not used: {why}"),
            });
            Vec::new()
        });
        for one in read {
            found.push(one.expression);
            book.about.push(About {
                section,
                line,
                excludes: *cut,
                slashes: one.slashes,
                depth: one.depth,
            });
        }
        book.lines.push(Line {
            pattern: "",
            owners,
            span: fact.span,
        });
    }
    book.expressions = Expressions::new(found);
    book
}

/// What a pattern comes to.
struct Read {
    expression: Expression,
    slashes: Option<usize>,
    depth: usize,
}

/// Reads `F: path`, `X: path`, `N: expression` of Linux, `files: path`, `files-regex: expression` of Zephyr.
fn read(
    pattern: &str,
    is_folder: &dyn Fn(&str) -> bool,
    allowance: &mut Allowance,
) -> Result<Vec<Read>, String> {
    let (tag, text) = pattern.split_once(": ").unwrap_or(("", pattern));
    let anywhere = |expression| Read {
        expression,
        slashes: None,
        depth: 0,
    };
    match tag {
        "N" => {
            // White space says nothing in it, and what follows a `#` is a comment.
            let expression = allowance.compile(&format!("(?x:{text}\n)"))?;
            Ok(vec![anywhere(Expression::Any(expression))])
        }
        "files-regex" => Ok(vec![anywhere(Expression::Any(allowance.compile(text)?))]),
        "files" => {
            let end = if text.ends_with('/') { "" } else { "$" };
            let body = expression(text, "[^/]*", "[^/]");
            let mut read = anywhere(match body == text && end.is_empty() {
                true => Expression::Start(text.to_owned()),
                false => Expression::Any(allowance.compile(&format!("^{body}{end}"))?),
            });
            read.depth = text.matches('/').count();
            Ok(vec![read])
        }
        _ => {
            let texts = alternatives(text).ok_or_else(|| {
                format!("its braces make more than {MOST} patterns; write them one by one")
            })?;
            texts
                .into_iter()
                .map(|text| path(text, is_folder, allowance))
                .collect()
        }
    }
}

/// A path of Linux: the start of a path; without a slash at the end, of one with as many slashes.
fn path(
    mut text: String,
    is_folder: &dyn Fn(&str) -> bool,
    allowance: &mut Allowance,
) -> Result<Read, String> {
    // The script asks for the folder when dots are escaped already, so that it finds none with a dot.
    if !text.ends_with('/') && !text.contains(['.', '*', '?']) && is_folder(&text) {
        text.push('/');
    }
    let slashes = text.matches('/').count();
    let whole = text.ends_with('/');
    let plain = !text.contains(|c: char| "*?[](){}+|^$\\".contains(c));
    let depth = match text.starts_with('*') {
        true => 0,
        false => slashes + usize::from(!whole),
    };
    let expression = match plain {
        true => Expression::Start(text),
        false => {
            let body = expression(&text, ".*", ".");
            Expression::Any(allowance.compile(&format!("^{body}"))?)
        }
    };
    Ok(Read {
        expression,
        slashes: (!whole).then_some(slashes),
        depth,
    })
}

/// A pattern as an expression: dots are themselves, the two wildcards as given.
fn expression(text: &str, many: &str, one: &str) -> String {
    text.replace('.', "\\.")
        .replace('?', one)
        .replace('*', many)
}

/// The patterns that braces make, `a/{b,c}/d`, as in Xen; `None` when they are too many.
fn alternatives(text: &str) -> Option<Vec<String>> {
    let mut done = Vec::new();
    let mut open = vec![text.to_owned()];
    while let Some(text) = open.pop() {
        if done.len() + open.len() > MOST {
            return None;
        }
        // The innermost pair, so that what stands in it has no other.
        let pair = text.find('}').and_then(|end| {
            let start = text[..end].rfind('{')?;
            text[start..end].contains(',').then_some((start, end))
        });
        match pair {
            None => done.push(text),
            Some((start, end)) => open.extend(
                text[start + 1..end]
                    .split(',')
                    .map(|part| format!("{}{part}{}", &text[..start], &text[end + 1..])),
            ),
        }
    }
    done.reverse();
    Some(done)
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

    fn speak(&self, path: &str, said: &mut Vec<u32>) {
        let slashes = path.matches('/').count();
        let matching = self.expressions.matches(path).into_iter();
        let matching: Vec<&About> = matching
            .map(|index| &self.about[index])
            .filter(|about| about.slashes.is_none_or(|wanted| wanted == slashes))
            .collect();
        // By section the line that says the most.
        let mut best: BTreeMap<u32, &About> = BTreeMap::new();
        for about in matching.iter().filter(|about| !about.excludes) {
            let excluded = matching
                .iter()
                .any(|one| one.excludes && one.section == about.section);
            let better = best
                .get(&about.section)
                .is_none_or(|best| best.depth < about.depth);
            if !excluded && better {
                best.insert(about.section, about);
            }
        }
        let is_rest = |section: &u32| self.sections[*section as usize].is_rest;
        if best.keys().any(|section| !is_rest(section)) {
            best.retain(|section, _| !is_rest(section));
        }
        let mut best: Vec<&About> = best.into_values().collect();
        best.sort_by_key(|about| {
            let nobody = self.lines[about.line as usize].owners.is_empty();
            (nobody, std::cmp::Reverse(about.depth), about.line)
        });
        said.extend(best.into_iter().map(|about| about.line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_alternatives() {
        let of = |text| alternatives(text).unwrap().join(" ");
        assert_eq!(of("a/{b,c}/d"), "a/b/d a/c/d");
        assert_eq!(of("{a,b{c,d}}"), "a bc a bd");
        assert_eq!(of("a{b}c"), "a{b}c");
        assert!(alternatives(&"{a,b}".repeat(20)).is_none());
    }

    #[test]
    fn paths_are_those_of_the_script() {
        let cases = [
            (
                "F: drivers/net/",
                "drivers/net/a drivers/net/x/b",
                "drivers/netx/a x/drivers/net/a",
            ),
            ("F: drivers/net/*", "drivers/net/a", "drivers/net/x/b"),
            ("F: */net/*", "drivers/net/a", "net/a a/b/net/c"),
            ("F: folder", "folder/a", "folderx"),
            ("F: cart", "cart.c carton", "cart/x"),
            (
                "F: arch/*/cart/",
                "arch/x/cart/a arch/x/y/cart/a",
                "arch/cart/a",
            ),
            ("F: a?c", "abc abcd", "ac"),
            ("N: [^a-z]te gra", "x/tegra -tegra/a", "vtegra tegra"),
            ("files: src/*.c", "src/a.c", "src/x/a.c src/a.cc"),
            ("files: src/", "src/a src/b/c", "xsrc/a"),
        ];
        for (pattern, yes, no) in cases {
            let covers = |path: &str| {
                read(pattern, &|path| path == "folder", &mut Allowance::default())
                    .unwrap()
                    .into_iter()
                    .any(|one| {
                        let slashes = path.matches('/').count();
                        let hit = !Expressions::new(vec![one.expression])
                            .matches(path)
                            .is_empty();
                        hit && one.slashes.is_none_or(|wanted| wanted == slashes)
                    })
            };
            for path in yes.split(' ') {
                assert!(covers(path), "{pattern} covers {path}");
            }
            for path in no.split(' ') {
                assert!(!covers(path), "{pattern} leaves {path}");
            }
        }
    }
}
