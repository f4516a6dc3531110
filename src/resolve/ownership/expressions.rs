//! Which of many regular expressions match a path? Within bounds, and those of Go, too.

use std::collections::HashMap;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use regex_syntax::hir::{Hir, HirKind};

/// The most bytes of one compiled expression: a few letters can ask for gigabytes.
const LARGEST: usize = 1 << 20;

/// The most bytes of a set of them.
const LARGEST_SET: usize = 16 << 20;

/// What a path must match.
#[derive(Debug)]
pub(super) enum Expression {
    /// It starts with this text.
    Start(String),
    Any(Regex),
}

/// Expressions, indexed by the folder with which a path must start.
#[derive(Debug, Default)]
pub(super) struct Expressions {
    /// With the text with which a path must start.
    expressions: Vec<(Option<Regex>, String)>,
    /// By that text up to its last slash, the index of each.
    by_folder: HashMap<String, Vec<usize>>,
    /// Those that say nothing of a folder.
    loose: Vec<usize>,
    /// All of `loose` at once; `None`: too large, each is tried.
    together: Option<RegexSet>,
}

impl Expressions {
    /// Indexes expressions in their order.
    pub(super) fn new(all: Vec<Expression>) -> Self {
        let mut found = Self::default();
        let mut loose: Vec<String> = Vec::new();
        for (index, one) in all.into_iter().enumerate() {
            let (expression, start) = match one {
                Expression::Start(start) => (None, start),
                Expression::Any(expression) => {
                    let start = literal_start(expression.as_str());
                    (Some(expression), start)
                }
            };
            match (start.rfind('/'), &expression) {
                (None, Some(expression)) => {
                    loose.push(expression.as_str().to_owned());
                    found.loose.push(index);
                }
                (slash, _) => {
                    let folder = slash.map_or("", |slash| &start[..=slash]).to_owned();
                    found.by_folder.entry(folder).or_default().push(index);
                }
            }
            found.expressions.push((expression, start));
        }
        found.together = RegexSetBuilder::new(&loose)
            .size_limit(LARGEST_SET)
            .dfa_size_limit(LARGEST_SET)
            .build()
            .ok();
        found
    }

    /// The indices of all that match, ascending.
    pub(super) fn matches(&self, path: &str) -> Vec<usize> {
        let ends = path.match_indices('/').map(|(at, _)| at + 1);
        let mut found = Vec::new();
        for end in [0].into_iter().chain(ends) {
            let folder = self.by_folder.get(&path[..end]).into_iter().flatten();
            found.extend(folder.filter(|index| self.is_match(**index, path)));
        }
        match &self.together {
            Some(together) => {
                let matching = together.matches(path);
                found.extend(matching.into_iter().map(|at| self.loose[at]));
            }
            None => found.extend(
                self.loose
                    .iter()
                    .filter(|index| self.is_match(**index, path)),
            ),
        }
        found.sort_unstable();
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

/// Compiles an expression that Go would accept; what is wrong with it otherwise.
pub(super) fn go(expression: &str) -> Result<Regex, String> {
    compile(&translated(expression)?)
}

/// Compiles an expression of this library's own syntax.
pub(super) fn compile(expression: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(expression)
        .size_limit(LARGEST)
        .dfa_size_limit(LARGEST)
        .nest_limit(64)
        .build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "too large when compiled; write it shorter".to_owned(),
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            let reason = last.trim().trim_start_matches("error: ");
            format!("no regular expression: {reason}; mend it")
        }
    })
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
fn literal_start(expression: &str) -> String {
    let Ok(hir) = regex_syntax::parse(expression) else {
        return String::new();
    };
    let HirKind::Concat(parts) = hir.kind() else {
        return String::new();
    };
    let mut parts = parts.iter();
    if !parts.next().is_some_and(is_start) {
        return String::new();
    }
    match parts.next().map(Hir::kind) {
        Some(HirKind::Literal(literal)) => String::from_utf8_lossy(&literal.0).into_owned(),
        _ => String::new(),
    }
}

fn is_start(hir: &Hir) -> bool {
    matches!(hir.kind(), HirKind::Look(regex_syntax::hir::Look::Start))
}

#[cfg(test)]
mod tests {
    use super::*;

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
            "^README$",
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
