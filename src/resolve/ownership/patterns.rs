//! Which patterns of a CODEOWNERS file match a path, and which of them is the last?
//!
//! Those of GitHub and Bitbucket follow gitignore, without negation and ranges:
//! <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>.
//! Those of GitLab follow Ruby's `File.fnmatch` with `FNM_DOTMATCH | FNM_PATHNAME`:
//! <https://docs.gitlab.com/user/project/codeowners/advanced/#pattern-matching>, <https://docs.ruby-lang.org/en/master/File.html#method-c-fnmatch>.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::texts::Texts;

/// A character for private use: no pattern names it.
const MADE_UP: char = '\u{e000}';

/// The patterns of one file, indexed by a text that the path must contain.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    patterns: Vec<Vec<Segment>>,
    /// The patterns by their text in `/path/`.
    texts: Texts,
    /// Patterns of wildcards only.
    loose: Vec<usize>,
}

impl Patterns {
    /// Compiles patterns of GitHub in the order of their lines.
    pub(super) fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        Self::of(texts.map(compile).collect())
    }

    /// Compiles patterns of GitLab in the order of their lines.
    pub(super) fn gitlab<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        Self::of(texts.map(fnmatch).collect())
    }

    /// Some of the patterns, by index, in that order.
    pub(super) fn only(&self, indices: &[usize]) -> Self {
        let patterns = indices.iter().map(|index| self.patterns[*index].clone());
        Self::of(patterns.collect())
    }

    fn of(patterns: Vec<Vec<Segment>>) -> Self {
        let required: Vec<Vec<String>> = patterns.iter().map(|p| required(p)).collect();
        let mut frequency: HashMap<&str, usize> = HashMap::new();
        for text in required.iter().flatten() {
            *frequency.entry(text).or_default() += 1;
        }
        let mut loose = Vec::new();
        let mut by_text: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, texts) in required.iter().enumerate() {
            // The rarest text lets the fewest patterns through.
            let rarest = texts
                .iter()
                .min_by_key(|text| (frequency[text.as_str()], Reverse(text.len())));
            match rarest {
                Some(text) => by_text.entry(text).or_default().push(index),
                None => loose.push(index),
            }
        }
        let texts = Texts::new(by_text).unwrap_or_else(|| {
            loose = (0..patterns.len()).collect();
            Texts::default()
        });
        Self {
            patterns,
            texts,
            loose,
        }
    }

    /// A made-up path that the pattern matches and that no narrower one does.
    pub(super) fn made_up_path(&self, index: usize) -> String {
        let pattern = &self.patterns[index];
        let segments: Vec<String> = pattern
            .iter()
            .enumerate()
            .filter_map(|(at, segment)| match segment {
                // Whatever has the name may be a file: the pattern covers it without anything below.
                Segment::Deep if at + 1 == pattern.len() => None,
                Segment::Deep | Segment::Any => Some(MADE_UP.to_string()),
                Segment::Literal(text) => Some(text.clone()),
                Segment::Glob(symbols) => Some(
                    symbols
                        .iter()
                        .map(|symbol| match symbol {
                            Symbol::Char(c) => *c,
                            Symbol::Many | Symbol::One | Symbol::Class { .. } => MADE_UP,
                        })
                        .collect(),
                ),
            })
            .collect();
        segments.join("/")
    }

    /// The indices of all patterns that match the path of a file, ascending.
    pub(super) fn all_matches(&self, path: &str) -> Vec<usize> {
        let mut candidates: Vec<usize> = self.loose.clone();
        for patterns in self.texts.find(&format!("/{path}/")) {
            candidates.extend(patterns);
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates.retain(|index| covers(&self.patterns[*index], path));
        candidates
    }

    /// The index of the last pattern that matches the path of a file.
    pub(super) fn last_match(&self, path: &str) -> Option<usize> {
        let mut best = None;
        let mut search = |indices: &[usize]| {
            let newer = indices.iter().rev();
            let mut newer = newer.take_while(|index| best.is_none_or(|best| **index > best));
            if let Some(index) = newer.find(|index| covers(&self.patterns[**index], path)) {
                best = Some(*index);
            }
        };
        for patterns in self.texts.find(&format!("/{path}/")) {
            search(patterns);
        }
        search(&self.loose);
        best
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
#[derive(Clone, Debug, PartialEq, Eq)]
enum Symbol {
    /// `*`
    Many,
    /// `?`
    One,
    Char(char),
    /// `[a-z]`, from the first to the last character of each range.
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Symbol {
    /// Whether it takes this character.
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Many | Self::One => true,
            Self::Char(own) => *own == c,
            Self::Class { negated, ranges } => {
                let within = ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
                within != *negated
            }
        }
    }
}

fn compile(text: &str) -> Vec<Segment> {
    let (body, folder) = match text.strip_suffix('/') {
        Some(body) => (body, true),
        None => (text, false),
    };
    let anchored = body.contains('/');
    let body = body.strip_prefix('/').unwrap_or(body);
    let mut pattern: Vec<Segment> = body.split('/').map(|text| segment(text, false)).collect();
    match pattern.last() {
        // `a/**/` is `a/**`: gitignore would leave out the files of `a` itself, which nobody means here.
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

/// One part of a pattern; `classes`: whether brackets are sets of signs.
fn segment(text: &str, classes: bool) -> Segment {
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
            '[' if classes => class(&mut chars),
            other => Symbol::Char(other),
        });
    }
    literal(&symbols).map_or(Segment::Glob(symbols), Segment::Literal)
}

/// A pattern of GitLab: without a slash in front it may start in any folder, and it covers no more than it says.
fn fnmatch(text: &str) -> Vec<Segment> {
    let text = if text == "*" { "/**/*" } else { text };
    let body = text.strip_prefix('/');
    let (body, anchored) = (body.unwrap_or(text), body.is_some());
    let mut pattern = Vec::new();
    if !anchored {
        pattern.push(Segment::Deep);
    }
    let mut segments = body.split('/').peekable();
    while let Some(text) = segments.next() {
        match (text, segments.peek()) {
            // Only with a slash behind it stands for folders.
            ("**", None) => pattern.push(Segment::Any),
            ("", None) => pattern.extend([Segment::Deep, Segment::Any]),
            (text, _) => pattern.push(segment(text, true)),
        }
    }
    pattern.dedup_by(|a, b| *a == Segment::Deep && *b == Segment::Deep);
    pattern
}

/// What stands between `[` and `]`; without the end it takes nothing, as in Ruby.
fn class(chars: &mut std::str::Chars<'_>) -> Symbol {
    let negated = chars.as_str().starts_with(['!', '^']);
    if negated {
        chars.next();
    }
    let mut members = Vec::new();
    let mut closed = false;
    while let Some(c) = chars.next() {
        match c {
            ']' if !members.is_empty() => {
                closed = true;
                break;
            }
            '\\' => members.extend(chars.next().map(|c| (c, false))),
            c => members.push((c, c == '-')),
        }
    }
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some((from, _)) = members.get(at).filter(|_| closed) {
        match (members.get(at + 1), members.get(at + 2)) {
            (Some((_, true)), Some((to, _))) => {
                ranges.push((*from, *to));
                at += 3;
            }
            _ => {
                ranges.push((*from, *from));
                at += 1;
            }
        }
    }
    Symbol::Class {
        negated: negated && closed,
        ranges,
    }
}

/// The text of symbols that have no wildcard.
fn literal(symbols: &[Symbol]) -> Option<String> {
    symbols
        .iter()
        .map(|symbol| match symbol {
            Symbol::Char(c) => Some(*c),
            Symbol::Many | Symbol::One | Symbol::Class { .. } => None,
        })
        .collect()
}

/// The texts that `/path/` has when the pattern matches `path`.
fn required(pattern: &[Segment]) -> Vec<String> {
    let mut texts = Vec::new();
    let mut run = String::from("/");
    for segment in pattern {
        match segment {
            Segment::Deep | Segment::Any => texts.push(std::mem::replace(&mut run, "/".into())),
            Segment::Literal(name) => {
                run.push_str(name);
                run.push('/');
            }
            Segment::Glob(symbols) => {
                for symbol in symbols {
                    match symbol {
                        Symbol::Char(c) => run.push(*c),
                        Symbol::Many | Symbol::One | Symbol::Class { .. } => {
                            texts.push(std::mem::take(&mut run));
                        }
                    }
                }
                run.push('/');
            }
        }
    }
    texts.push(run);
    texts.retain(|text| text.len() > 1);
    texts
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
                Symbol::takes,
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
    use super::super::texts::CHUNK;
    use super::*;

    /// A pattern; paths that it covers; paths that it does not.
    const CASES: &str = r"
        * ; a | a/b | .x/y.z ;
        ** ; a | a/b ;
        /** ; a | a/b ;
        /* ; a | .env ; a/b
        *.rs ; a.rs | x/y/a.rs | odd.rs/inner ; a.rsx | rs
        *.test.ts ; a/b.test.ts ; a/test.ts | b.ts
        cart-* ; cart-api | x/cart-db/src ; cart | my-cart-x
        *pay* ; pay | x/repays/y ; pa/y
        /target/logs/ ; target/logs/a | target/logs/b/c ; target/logs | x/target/logs/a
        docs/* ; docs/a.md ; docs/deep/a.md | x/docs/a.md | docs
        docs/*.md ; docs/a.md ; docs/deep/a.md | docs/a.txt
        docs/ ; docs/a | docs/b/c | x/docs/y ; docs | mydocs/a
        /docs/ ; docs/a | docs/b/c ; x/docs/y | docs
        docs ; docs | docs/a | x/docs | x/docs/y ; docs.md | mydocs
        /docs ; docs | docs/a/b ; x/docs | docs2/a
        libs/cart ; libs/cart | libs/cart/src/a ; x/libs/cart | libs/cartoon
        **/logs ; logs | a/logs | a/b/logs/c ; a/logs2
        **/logs/ ; logs/a | a/b/logs/c ; a/logs
        **/api/*.proto ; api/a.proto | x/y/api/b.proto ; api/v1/a.proto
        a/**/z ; a/z | a/b/z | a/b/c/z | a/b/z/deep ; z | x/a/z | a/zz
        a/** ; a/b | a/b/c ; a | x/a/b
        a/**/ ; a/x | a/b/c ; a
        /a/*/z/ ; a/b/z/x ; a/z/x | a/b/c/z/x | a/b/z
        a/**/b/**/c ; a/b/c | a/x/b/y/b/c ; a/c | a/x/c/b
        a**z ; abz | az ; a/z | ab/cz
        v? ; v1 | x/v2/y | vé ; v | v10
        Cart/ ; Cart/a ; cart/a
        {a,b}.rs ; {a,b}.rs ; a.rs | b.rs
        My\ Docs/ ; My Docs/a ; My\ Docs/a | My/a
        /a\*b ; a*b | a*b/c ; axb
        /what\? ; what? ; whats
        x+y(1).$ ; x+y(1).$ ; xxy1.
        a//b ;  ; a/b | a
        ./a ;  ; a
    ";

    fn cases() -> impl Iterator<Item = (&'static str, Vec<&'static str>, Vec<&'static str>)> {
        CASES.lines().filter(|line| line.contains(';')).map(|line| {
            let mut parts = line.split(';').map(str::trim);
            let pattern = parts.next().unwrap();
            let mut paths = || {
                let paths = parts.next().unwrap().split('|').map(str::trim);
                paths.filter(|path| !path.is_empty()).collect()
            };
            (pattern, paths(), paths())
        })
    }

    #[test]
    fn patterns_cover_what_the_documentation_says() {
        for (pattern, yes, no) in cases() {
            let patterns = Patterns::new([pattern].into_iter());
            for path in yes {
                assert_eq!(
                    patterns.last_match(path),
                    Some(0),
                    "{pattern} covers {path}"
                );
            }
            for path in no {
                assert_eq!(patterns.last_match(path), None, "{pattern} leaves {path}");
            }
        }
    }

    #[test]
    fn the_index_never_changes_which_pattern_is_last() {
        let patterns = Patterns::new(cases().map(|(pattern, ..)| pattern));
        for path in cases().flat_map(|(_, yes, no)| [yes, no].concat()) {
            let plain = patterns.patterns.iter().rposition(|p| covers(p, path));
            assert_eq!(patterns.last_match(path), plain, "{path}");
            let all = patterns.all_matches(path);
            assert_eq!(all.last().copied(), plain, "{path}");
            let count = patterns.patterns.iter().filter(|p| covers(p, path)).count();
            assert_eq!(all.len(), count, "{path}");
        }
    }

    #[test]
    fn a_made_up_path_tells_which_pattern_covers_which() {
        let covers = |wide: &str, narrow: &str| {
            let both = Patterns::new([wide, narrow].into_iter());
            both.all_matches(&both.made_up_path(1)).contains(&0)
        };
        for (wide, narrow) in [
            ("/cart/", "/cart/src/"),
            ("/**", "/*"),
            ("*", "docs/*.md"),
            ("*.rs", "/cart/*_test.rs"),
            ("/cart/x*", "/cart/x1"),
            ("**/src", "/cart/src/"),
        ] {
            assert!(covers(wide, narrow), "{wide} covers {narrow}");
            assert!(!covers(narrow, wide), "{narrow} leaves some of {wide}");
        }
        for (pattern, ..) in cases().filter(|(_, yes, _)| !yes.is_empty()) {
            assert!(covers(pattern, pattern), "{pattern}");
        }
    }

    #[test]
    fn stars_that_nearly_match_take_no_time() {
        let patterns = Patterns::new(["*a*a*a*a*a*a*a*a*b", "/**/x/**/x/**/x/**/x/y"].into_iter());
        assert_eq!(patterns.last_match(&"a".repeat(5_000)), None);
        assert_eq!(patterns.last_match(&"x/".repeat(2_000)), None);
    }

    #[test]
    fn more_patterns_than_one_automaton_takes_are_all_found() {
        let texts: Vec<String> = (0..CHUNK * 2 + 7)
            .map(|n| format!("/a/**/b{n}x/c"))
            .collect();
        let patterns = Patterns::new(texts.iter().map(String::as_str));
        for number in [0, CHUNK - 1, CHUNK, CHUNK * 2 + 6] {
            let path = format!("a/deep/b{number}x/c");
            assert_eq!(patterns.last_match(&path), Some(number));
            assert_eq!(patterns.all_matches(&path), [number]);
        }
    }
}
