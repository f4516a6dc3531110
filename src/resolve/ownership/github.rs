//! Which line of a GitHub CODEOWNERS file decides for a path?
//!
//! Patterns follow gitignore, without negation and ranges:
//! <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>

use std::collections::HashMap;

use crate::model::{FileId, FileTable, Mode, Place, Problem, RepoId};

/// The places of the file; the first found counts.
const PLACES: &[&str] = &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// The CODEOWNERS file that GitHub reads; each other one is a problem.
pub(super) fn counted(
    files: &FileTable,
    repo: RepoId,
    problems: &mut Vec<Problem>,
) -> Option<FileId> {
    let (links, real): (Vec<FileId>, Vec<FileId>) = PLACES
        .iter()
        .filter_map(|place| files.find(repo, place))
        .partition(|file| !matches!(files.row(*file).mode, Mode::File | Mode::Executable));
    let first = real.first().copied();
    for file in real.iter().skip(1) {
        problems.push(Problem {
            place: Place::File(*file),
            message: format!(
                "not used: GitHub reads `{}` only; move the rules there",
                first.map_or("", |file| &files.path(file).path)
            ),
        });
    }
    if first.is_none() {
        problems.extend(links.into_iter().map(|file| Problem {
            place: Place::File(file),
            message: "not used: links are not followed; put the rules into the file".to_owned(),
        }));
    }
    first
}

/// The patterns of one file, indexed by what a path must contain.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    patterns: Vec<Vec<Segment>>,
    /// Anchored patterns, by the folders or the file with which they start; empty when a wildcard starts them.
    below: HashMap<String, Vec<usize>>,
    /// Patterns for any depth, by their first name.
    named: HashMap<String, Vec<usize>>,
    /// Likewise, by what follows the last dot of their first name (`*.rs`).
    dotted: HashMap<String, Vec<usize>>,
    /// The rest.
    loose: Vec<usize>,
}

impl Patterns {
    /// Compiles patterns in the order of their lines.
    pub(super) fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut all = Self::default();
        for (index, text) in texts.enumerate() {
            let pattern = compile(text);
            all.bucket(&pattern).push(index);
            all.patterns.push(pattern);
        }
        all
    }

    /// The index of the last pattern that matches the path of a file.
    pub(super) fn last_match(&self, path: &str) -> Option<usize> {
        let mut best = None;
        let mut search = |bucket: Option<&Vec<usize>>| {
            let newer = bucket.into_iter().flatten().rev();
            let newer = newer.take_while(|index| best.is_none_or(|best| **index > best));
            if let Some(index) = newer
                .copied()
                .find(|index| covers(&self.patterns[*index], path))
            {
                best = Some(index);
            }
        };
        search(self.below.get(path));
        for (at, _) in path.match_indices('/') {
            search(self.below.get(&path[..at]));
        }
        search(self.below.get(""));
        for name in path.split('/') {
            search(self.named.get(name));
            if let Some((_, suffix)) = name.rsplit_once('.') {
                search(self.dotted.get(suffix));
            }
        }
        search(Some(&self.loose));
        best
    }

    fn bucket(&mut self, pattern: &[Segment]) -> &mut Vec<usize> {
        let (map, key) = match pattern {
            [Segment::Deep, Segment::Literal(name), ..] => (&mut self.named, name.clone()),
            [Segment::Deep, Segment::Glob(glob), ..] if suffix(glob).is_some() => {
                (&mut self.dotted, suffix(glob).unwrap_or_default())
            }
            [Segment::Deep, ..] => return &mut self.loose,
            anchored => {
                let folders: Vec<&str> = anchored
                    .iter()
                    .map_while(|segment| match segment {
                        Segment::Literal(name) => Some(name.as_str()),
                        _ => None,
                    })
                    .collect();
                (&mut self.below, folders.join("/"))
            }
        };
        map.entry(key).or_default()
    }
}

/// One part of a pattern between slashes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// `**`: any number of segments, none as well.
    Deep,
    /// `*`
    Any,
    Literal(String),
    Glob(Vec<Symbol>),
}

/// One part of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Symbol {
    /// `*`
    Many,
    /// `?`
    One,
    Char(char),
}

fn compile(text: &str) -> Vec<Segment> {
    let (body, folder) = match text.strip_suffix('/') {
        Some(body) => (body, true),
        None => (text, false),
    };
    let anchored = body.contains('/');
    let body = body.strip_prefix('/').unwrap_or(body);
    let mut pattern: Vec<Segment> = body.split('/').map(segment).collect();
    match pattern.last() {
        Some(Segment::Deep) => pattern.push(Segment::Any),
        _ if folder => pattern.extend([Segment::Deep, Segment::Any]),
        // `docs/*` is for direct children only.
        Some(Segment::Any) => {}
        // Whatever has the name: a file, or a folder with all below.
        _ => pattern.push(Segment::Deep),
    }
    if !anchored {
        pattern.insert(0, Segment::Deep);
    }
    pattern.dedup_by(|a, b| *a == Segment::Deep && *b == Segment::Deep);
    pattern
}

fn segment(text: &str) -> Segment {
    match text {
        "**" => return Segment::Deep,
        "*" => return Segment::Any,
        _ => {}
    }
    let mut symbols = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        symbols.push(match c {
            '*' => Symbol::Many,
            '?' => Symbol::One,
            '\\' => Symbol::Char(chars.next().unwrap_or('\\')),
            other => Symbol::Char(other),
        });
    }
    literal(&symbols).map_or(Segment::Glob(symbols), Segment::Literal)
}

/// The text of symbols that have no wildcard.
fn literal(symbols: &[Symbol]) -> Option<String> {
    symbols
        .iter()
        .map(|symbol| match symbol {
            Symbol::Char(c) => Some(*c),
            Symbol::Many | Symbol::One => None,
        })
        .collect()
}

/// What follows the last dot of every name that the glob matches, when the glob tells.
fn suffix(glob: &[Symbol]) -> Option<String> {
    let dot = glob
        .iter()
        .rposition(|symbol| *symbol == Symbol::Char('.'))?;
    literal(&glob[dot + 1..])
}

fn covers(pattern: &[Segment], path: &str) -> bool {
    fits(
        pattern,
        path.split('/'),
        |segment| *segment == Segment::Deep,
        |segment, name| match segment {
            Segment::Deep | Segment::Any => true,
            Segment::Literal(text) => text == name,
            Segment::Glob(symbols) => fits(
                symbols,
                name.chars(),
                |symbol| *symbol == Symbol::Many,
                |symbol, c| match symbol {
                    Symbol::Many | Symbol::One => true,
                    Symbol::Char(own) => *own == c,
                },
            ),
        },
    )
}

/// Matches items against a pattern in which stars stand for any number of items.
///
/// On a mismatch only the last star has to take one more item, so the time is bounded by the product of the lengths.
fn fits<P, I: Iterator<Item: Copy> + Clone>(
    pattern: &[P],
    mut items: I,
    is_star: impl Fn(&P) -> bool,
    same: impl Fn(&P, I::Item) -> bool,
) -> bool {
    let mut at = 0;
    let mut retry: Option<(usize, I)> = None;
    loop {
        while pattern.get(at).is_some_and(&is_star) {
            at += 1;
            retry = Some((at, items.clone()));
        }
        match items.next() {
            None => return at == pattern.len(),
            Some(item) if pattern.get(at).is_some_and(|part| same(part, item)) => at += 1,
            Some(_) => {
                let Some((after, from)) = &mut retry else {
                    return false;
                };
                if from.next().is_none() {
                    return false;
                }
                at = *after;
                items = from.clone();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FileRow, RepoPath};

    /// Each pattern with paths that it covers and paths that it does not.
    const CASES: &[(&str, &[&str], &[&str])] = &[
        ("*", &["a", "a/b", ".x/y.z"], &[]),
        ("**", &["a", "a/b"], &[]),
        ("/**", &["a", "a/b"], &[]),
        ("/*", &["a", ".env"], &["a/b"]),
        (
            "*.rs",
            &["a.rs", "x/y/a.rs", "odd.rs/inner"],
            &["a.rsx", "rs"],
        ),
        ("*.test.ts", &["a/b.test.ts"], &["a/test.ts", "b.ts"]),
        (
            "cart-*",
            &["cart-api", "x/cart-db/src"],
            &["cart", "my-cart-x"],
        ),
        ("*pay*", &["pay", "x/repays/y"], &["pa/y"]),
        (
            "/target/logs/",
            &["target/logs/a", "target/logs/b/c"],
            &["target/logs", "x/target/logs/a"],
        ),
        (
            "docs/*",
            &["docs/a.md"],
            &["docs/deep/a.md", "x/docs/a.md", "docs"],
        ),
        (
            "docs/*.md",
            &["docs/a.md"],
            &["docs/deep/a.md", "docs/a.txt"],
        ),
        (
            "docs/",
            &["docs/a", "docs/b/c", "x/docs/y"],
            &["docs", "mydocs/a"],
        ),
        ("/docs/", &["docs/a", "docs/b/c"], &["x/docs/y", "docs"]),
        (
            "docs",
            &["docs", "docs/a", "x/docs", "x/docs/y"],
            &["docs.md", "mydocs"],
        ),
        ("/docs", &["docs", "docs/a/b"], &["x/docs", "docs2/a"]),
        (
            "libs/cart",
            &["libs/cart", "libs/cart/src/a"],
            &["x/libs/cart", "libs/cartoon"],
        ),
        ("**/logs", &["logs", "a/logs", "a/b/logs/c"], &["a/logs2"]),
        ("**/logs/", &["logs/a", "a/b/logs/c"], &["a/logs"]),
        (
            "**/api/*.proto",
            &["api/a.proto", "x/y/api/b.proto"],
            &["api/v1/a.proto"],
        ),
        (
            "a/**/z",
            &["a/z", "a/b/z", "a/b/c/z", "a/b/z/deep"],
            &["z", "x/a/z", "a/zz"],
        ),
        ("a/**", &["a/b", "a/b/c"], &["a", "x/a/b"]),
        ("a/**/", &["a/b/c"], &["a"]),
        ("/a/*/z/", &["a/b/z/x"], &["a/z/x", "a/b/c/z/x", "a/b/z"]),
        (
            "a/**/b/**/c",
            &["a/b/c", "a/x/b/y/b/c"],
            &["a/c", "a/x/c/b"],
        ),
        ("a**z", &["abz", "az"], &["a/z", "ab/cz"]),
        ("v?", &["v1", "x/v2/y", "vé"], &["v", "v10"]),
        ("Cart/", &["Cart/a"], &["cart/a"]),
        ("{a,b}.rs", &["{a,b}.rs"], &["a.rs", "b.rs"]),
        ("My\\ Docs/", &["My Docs/a"], &["My\\ Docs/a", "My/a"]),
        ("/a\\*b", &["a*b", "a*b/c"], &["axb"]),
        ("/what\\?", &["what?"], &["whats"]),
        ("x+y(1).$", &["x+y(1).$"], &["xxy1."]),
        ("a//b", &[], &["a/b", "a"]),
        ("./a", &[], &["a"]),
    ];

    #[test]
    fn patterns_cover_what_the_documentation_says() {
        for (pattern, yes, no) in CASES {
            let patterns = Patterns::new([*pattern].into_iter());
            for path in *yes {
                assert_eq!(
                    patterns.last_match(path),
                    Some(0),
                    "{pattern} covers {path}"
                );
            }
            for path in *no {
                assert_eq!(patterns.last_match(path), None, "{pattern} leaves {path}");
            }
        }
    }

    #[test]
    fn the_index_never_changes_which_pattern_is_last() {
        let patterns = Patterns::new(CASES.iter().map(|(pattern, ..)| *pattern));
        for path in CASES.iter().flat_map(|(_, yes, no)| yes.iter().chain(*no)) {
            let plain = patterns.patterns.iter().rposition(|p| covers(p, path));
            assert_eq!(patterns.last_match(path), plain, "{path}");
        }
    }

    #[test]
    fn stars_that_nearly_match_take_no_time() {
        let patterns = Patterns::new(["*a*a*a*a*a*a*a*a*b", "/**/x/**/x/**/x/**/x/y"].into_iter());
        assert_eq!(patterns.last_match(&"a".repeat(5_000)), None);
        assert_eq!(patterns.last_match(&"x/".repeat(2_000)), None);
    }

    #[test]
    fn the_first_place_that_has_a_file_counts() {
        let row = |path: &str, mode| FileRow {
            path: RepoPath::new(RepoId(0), path),
            mode,
            ..FileRow::default()
        };
        let counted = |rows: Vec<FileRow>| {
            let files = FileTable::new(vec!["acme".to_owned()], rows);
            let mut problems = Vec::new();
            let file = counted(&files, RepoId(0), &mut problems);
            (
                file.map(|file| files.path(file).to_string()),
                problems.len(),
            )
        };
        let some = |text: &str| Some(text.to_owned());
        let (hidden, root, docs) = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS");
        let file = |path| row(path, Mode::File);
        assert_eq!(
            counted(vec![file(docs), file(root), file(hidden)]),
            (some(hidden), 2)
        );
        assert_eq!(counted(vec![file(docs), file(root)]), (some(root), 1));
        assert_eq!(
            counted(vec![file(docs), file("x/CODEOWNERS")]),
            (some(docs), 0)
        );
        assert_eq!(
            counted(vec![row(hidden, Mode::Symlink), file(root)]),
            (some(root), 0)
        );
        assert_eq!(counted(vec![row(root, Mode::Symlink)]), (None, 1));
    }
}
