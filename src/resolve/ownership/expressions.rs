//! Which of many regular expressions match a path? Within bounds, and those of Go, too.

use std::collections::{BTreeMap, HashMap};

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Hir, HirKind};

use super::texts::Texts;

/// The most bytes of one compiled expression: a few letters can ask for gigabytes.
const LARGEST: usize = 1 << 20;

/// The bytes up to which one is like most.
const COMMON: usize = 1 << 15;

/// The least bytes of a text that tells expressions apart.
const LEAST: usize = 3;

/// What a path must match.
#[derive(Debug)]
pub(super) enum Expression {
    /// It starts with this text.
    Start(String),
    Any(Regex),
}

/// Expressions, indexed by the folder with which a path must start, else by a text that it must contain.
#[derive(Debug, Default)]
pub(super) struct Expressions {
    /// With the text with which a path must start.
    expressions: Vec<(Option<Regex>, String)>,
    /// By that text up to its last slash, the index of each.
    by_folder: HashMap<String, Vec<usize>>,
    by_text: Texts,
    /// Those that say nothing of both.
    loose: Vec<usize>,
}

impl Expressions {
    /// Indexes expressions in their order.
    pub(super) fn new(all: Vec<Expression>) -> Self {
        let mut found = Self::default();
        let mut by_text: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, one) in all.into_iter().enumerate() {
            let (expression, start, text) = match one {
                Expression::Start(start) => (None, start, String::new()),
                Expression::Any(expression) => {
                    let hir = regex_syntax::parse(expression.as_str()).ok();
                    let start = hir.as_ref().map(literal_start).unwrap_or_default();
                    let text = hir.as_ref().map(literal_inside).unwrap_or_default();
                    (Some(expression), start, text)
                }
            };
            match start.rfind('/') {
                None if expression.is_some() && text.len() >= LEAST => {
                    by_text.entry(text).or_default().push(index);
                }
                None if expression.is_some() => found.loose.push(index),
                slash => {
                    let folder = slash.map_or("", |slash| &start[..=slash]).to_owned();
                    found.by_folder.entry(folder).or_default().push(index);
                }
            }
            found.expressions.push((expression, start));
        }
        found.by_text = Texts::new(by_text).unwrap_or_else(|| {
            found.loose = (0..found.expressions.len()).collect();
            found.by_folder.clear();
            Texts::default()
        });
        found
    }

    /// The indices of all that match, ascending.
    pub(super) fn matches(&self, path: &str) -> Vec<usize> {
        let ends = path.match_indices('/').map(|(at, _)| at + 1);
        let ends = [0].into_iter().chain(ends);
        let mut found: Vec<usize> = self.loose.clone();
        found.extend(
            ends.filter_map(|end| self.by_folder.get(&path[..end]))
                .flatten(),
        );
        found.extend(self.by_text.find(path).flatten());
        found.sort_unstable();
        found.dedup();
        found.retain(|index| self.is_match(*index, path));
        found
    }

    fn is_match(&self, index: usize, path: &str) -> bool {
        let (expression, start) = &self.expressions[index];
        path.starts_with(start)
            && expression
                .as_ref()
                .is_none_or(|expression| expression.is_match(path))
    }
}

/// How many more expressions may be tried.
#[derive(Debug)]
pub(super) struct Allowance {
    all: usize,
    /// Larger than [`COMMON`].
    large: usize,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            all: 20_000,
            large: 500,
        }
    }
}

impl Allowance {
    /// Compiles an expression that Go would accept; what is wrong with it otherwise.
    pub(super) fn go(&mut self, expression: &str) -> Result<Regex, String> {
        self.compile(&translated(expression)?)
    }

    /// Compiles an expression of this library's own syntax.
    pub(super) fn compile(&mut self, expression: &str) -> Result<Regex, String> {
        let spent = || Err("too many expressions; name folders instead".to_owned());
        if self.all == 0 {
            return spent();
        }
        // What is refused has cost time, too.
        self.all -= 1;
        let built = match build(expression, COMMON) {
            Err(regex::Error::CompiledTooBig(_)) if self.large == 0 => return spent(),
            Err(regex::Error::CompiledTooBig(_)) => {
                self.large -= 1;
                build(expression, LARGEST)
            }
            built => built,
        };
        built.map_err(told)
    }
}

fn build(expression: &str, most: usize) -> Result<Regex, regex::Error> {
    RegexBuilder::new(expression)
        .size_limit(most)
        .dfa_size_limit(most)
        .nest_limit(64)
        .build()
}

/// What is wrong with an expression, and what to do.
fn told(error: regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "too large when compiled; write it shorter".to_owned(),
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            let reason = last.trim().trim_start_matches("error: ");
            format!("no regular expression: {reason}; mend it")
        }
    }
}

/// The syntax of Go in that of the library: a brace that repeats nothing is itself, and nothing is repeated twice.
///
/// <https://pkg.go.dev/regexp/syntax>
fn translated(expression: &str) -> Result<String, String> {
    let mut out = String::with_capacity(expression.len());
    let mut class = false;
    let mut repeated = false;
    let mut rest = expression;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == '\\' {
            out.push(c);
            if let Some(next) = rest.chars().next() {
                out.push(next);
                rest = &rest[next.len_utf8()..];
            }
            repeated = false;
            continue;
        }
        if class {
            // A bracket in a class is itself, but for `[:alpha:]`.
            if c == '[' && !rest.starts_with(':') || matches!(c, '&' | '~') {
                out.push('\\');
            }
            if c == '['
                && let Some(end) = rest.find(":]").filter(|_| rest.starts_with(':'))
            {
                out.push('[');
                out.push_str(&rest[..end + 2]);
                rest = &rest[end + 2..];
                continue;
            }
            out.push(c);
            class = c != ']';
            continue;
        }
        let count = (c == '{').then(|| repetition(rest)).flatten();
        if matches!(c, '*' | '+') || count.is_some() {
            if repeated {
                return Err(
                    "no regular expression: a repetition of a repetition; remove one".to_owned(),
                );
            }
            out.push(c);
            if let Some(count) = count {
                out.push_str(&rest[..count]);
                rest = &rest[count..];
            }
            // One `?` behind makes it lazy.
            if let Some(after) = rest.strip_prefix('?') {
                out.push('?');
                rest = after;
            }
            repeated = true;
            continue;
        }
        repeated = c == '?';
        match c {
            '{' | '}' => out.push('\\'),
            '[' => {
                class = true;
                out.push(c);
                if let Some(after) = rest.strip_prefix('^') {
                    out.push('^');
                    rest = after;
                }
                if let Some(after) = rest.strip_prefix(']') {
                    out.push_str("\\]");
                    rest = after;
                }
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    Ok(out)
}

/// The length of `n}`, `n,}` or `n,m}`.
fn repetition(text: &str) -> Option<usize> {
    let end = text.find('}')?;
    let (from, to) = text[..end].split_once(',').unwrap_or((&text[..end], ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!from.is_empty() && is_number(from) && is_number(to)).then_some(end + 1)
}

/// The text with which whatever matches starts; empty when there is none, or when the match may start anywhere.
fn literal_start(hir: &Hir) -> String {
    let HirKind::Concat(parts) = hir.kind() else {
        return String::new();
    };
    match parts.as_slice() {
        [start, next, ..] if is_start(start) => literal(next).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The longest text that whatever matches contains, of those that are easy to see; empty without one.
fn literal_inside(hir: &Hir) -> String {
    let parts = match hir.kind() {
        HirKind::Concat(parts) => parts.as_slice(),
        _ => std::slice::from_ref(hir),
    };
    let texts = parts.iter().filter_map(literal);
    texts.max_by_key(String::len).unwrap_or_default()
}

fn literal(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Literal(literal) => String::from_utf8(literal.0.to_vec()).ok(),
        _ => None,
    }
}

fn is_start(hir: &Hir) -> bool {
    matches!(hir.kind(), HirKind::Look(regex_syntax::hir::Look::Start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn go(text: &str) -> Result<Regex, String> {
        Allowance::default().go(text)
    }

    #[test]
    fn many_expressions_and_large_ones_have_an_end() {
        let mut allowance = Allowance::default();
        for _ in 0..500 {
            assert!(allowance.compile(".{300}").is_ok());
        }
        assert!(allowance.compile(".{300}").is_err());
        assert!(allowance.compile("a").is_ok());
    }

    #[test]
    fn the_index_finds_what_each_expression_would() {
        let texts = [
            "^src/cart/.*$",
            "^src/cart$",
            "^.*\\.md$",
            "^src/(cart|pay)/x$",
            "^a|b$",
            "^src/ca?rt/.*$",
            "cart",
            "^docs/v[0-9]+/.*$",
            "[^a-z]pay",
            "^(?i)CART$",
            "^.$",
            "^README$",
            ".*/pay/.*x",
        ];
        let all = texts.map(|text| Expression::Any(go(text).unwrap()));
        let all = Expressions::new(all.into());
        let paths = [
            "src/cart/x",
            "src/cart",
            "a.md",
            "src/pay/x",
            "axx",
            "xxb",
            "docs/v1/a",
            "README",
            "src/crt/y",
        ];
        for path in paths {
            let plain: Vec<usize> = (0..texts.len())
                .filter(|index| go(texts[*index]).unwrap().is_match(path))
                .collect();
            assert_eq!(all.matches(path), plain, "{path}");
        }
    }

    #[test]
    fn braces_and_brackets_are_those_of_go() {
        assert!(go("^a{x}$").unwrap().is_match("a{x}"));
        assert!(go("^a{2}$").unwrap().is_match("aa"));
        assert!(go("^a{1,}?$").unwrap().is_match("aa"));
        assert!(go("^[[:alpha:][x]+$").unwrap().is_match("ab["));
        assert!(go("^[]a]$").unwrap().is_match("]"));
        assert!(go(r"^\{\.$").unwrap().is_match("{."));
    }

    #[test]
    fn what_go_does_not_take_is_told() {
        for text in ["a**", "a(", "(?=a)", "[a", "*a", "a{1001}{1001}"] {
            assert!(go(text).is_err(), "{text}");
        }
        let large = go("((a{100}){100}){100}").unwrap_err();
        assert!(large.starts_with("too large"), "{large}");
        assert!(go(&"(".repeat(10_000)).is_err());
    }
}
