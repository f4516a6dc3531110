//! Patterns of lists of maintainers, which mean what the scripts make of them that read the files.
//!
//! <https://github.com/torvalds/linux/blob/master/scripts/get_maintainer.pl>,
//! <https://github.com/zephyrproject-rtos/zephyr/blob/main/scripts/get_maintainer.py>.

use super::super::expressions::{Allowance, Expression};

/// The most patterns that braces may make of one.
const MOST: usize = 64;

/// The most bytes of a pattern with braces: each that they make is as long.
const LONGEST: usize = 4096;

/// What a pattern comes to.
pub(super) struct Read {
    pub(super) expression: Expression,
    /// How many slashes a path must have, where a pattern says no more than that.
    pub(super) slashes: Option<usize>,
    /// The deeper, the more it says.
    pub(super) depth: usize,
}

/// Reads `F: path`, `X: path`, `N: expression` of Linux, `files: path`, `files-regex: expression` of Zephyr.
///
/// # Errors
/// Why it cannot be used.
pub(super) fn read(
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
                format!(
                    "its braces make more than {MOST} patterns, or long ones; write them one by one"
                )
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

/// The patterns that braces make, `a/{b,c}/d`, as in Xen; `None` when they are too many or too long.
fn alternatives(text: &str) -> Option<Vec<String>> {
    if text.contains('{') && text.len() > LONGEST {
        return None;
    }
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

#[cfg(test)]
mod tests {
    use super::super::super::expressions::Expressions;
    use super::*;

    #[test]
    fn braces_are_alternatives() {
        let of = |text| alternatives(text).unwrap().join(" ");
        assert_eq!(of("a/{b,c}/d"), "a/b/d a/c/d");
        assert_eq!(of("{a,b{c,d}}"), "a bc a bd");
        assert_eq!(of("a{b}c"), "a{b}c");
        assert!(alternatives(&"{a,b}".repeat(20)).is_none());
        assert!(alternatives(&format!("{}{{a,b}}", "x".repeat(LONGEST))).is_none());
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
