//! Texts with variables as shells write them (`$NAME`, `${NAME:-default}`): compose files, `.env` files and Dockerfiles have them.
//!
//! Sources: <https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md>,
//! <https://docs.docker.com/reference/dockerfile/#environment-replacement>.

use crate::model::{Part, Template};

/// The deepest nesting of defaults in defaults.
const DEPTH: usize = 16;

/// What makes a dollar an ordinary character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// `$$`, in compose files.
    Dollar,
    /// `\$`, in Dockerfiles and `.env` files.
    Backslash,
}

/// The text with each variable replaced by what `variable` says of its name and its default.
pub(super) fn template(
    text: &str,
    escape: Escape,
    variable: &dyn Fn(&str, Option<Template>) -> Template,
) -> Template {
    read(text, escape, variable, 0)
}

fn read(
    text: &str,
    escape: Escape,
    variable: &dyn Fn(&str, Option<Template>) -> Template,
    depth: usize,
) -> Template {
    let mut out = Template::default();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        let after = &from[1..];
        if escape == Escape::Backslash && before.ends_with('\\') {
            out.push(Part::Text(before[..at - 1].into()));
            out.push(Part::Text("$".into()));
            rest = after;
            continue;
        }
        out.push(Part::Text(before.into()));
        if escape == Escape::Dollar && after.starts_with('$') {
            out.push(Part::Text("$".into()));
            rest = &after[1..];
        } else if let Some(inner) = after.strip_prefix('{') {
            let Some(end) = closing(inner) else {
                // Nobody closes it, so that it is no variable.
                out.push(Part::Text(from.into()));
                return out;
            };
            let (inner, behind) = (&inner[..end], &inner[end + 1..]);
            match braced(inner, escape, variable, depth) {
                Some(value) => out.extend(&value),
                None => out.push(Part::Text(from[..end + 3].into())),
            }
            rest = behind;
        } else {
            let end = name_end(after);
            if end == 0 {
                out.push(Part::Text("$".into()));
            } else {
                out.extend(&variable(&after[..end], None));
            }
            rest = &after[end..];
        }
    }
    out.push(Part::Text(rest.into()));
    out
}

/// What stands between braces: a name, perhaps with `:-default`, `-default`, `:?error`, `?error`, `:+other` or `+other`.
fn braced(
    inner: &str,
    escape: Escape,
    variable: &dyn Fn(&str, Option<Template>) -> Template,
    depth: usize,
) -> Option<Template> {
    let (name, rest) = inner.split_at(name_end(inner));
    if name.is_empty() {
        return None;
    }
    let operator = rest.strip_prefix(':').unwrap_or(rest);
    if rest.is_empty() || operator.starts_with('?') {
        return Some(variable(name, None));
    }
    // What holds only when the variable is set is not known.
    if operator.starts_with('+') || depth >= DEPTH {
        return Some(Template(vec![Part::Hole]));
    }
    let default = operator.strip_prefix('-')?;
    let default = read(default, escape, variable, depth + 1);
    Some(variable(name, Some(default)))
}

/// Where the brace closes that is open at the start.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' if at > 0 && bytes[at - 1] == b'$' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Where the name of a variable ends that may stand at the start.
fn name_end(text: &str) -> usize {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.find(|c| !is_name(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Key;

    fn shown(text: &str, escape: Escape) -> String {
        let variable = |name: &str, default| Template::reference(Key::new("env", name), default);
        template(text, escape, &variable).to_string()
    }

    #[test]
    fn variables_with_and_without_defaults() {
        for (text, expected) in [
            ("plain", "plain"),
            ("http://$HOST:80/x", "http://${env:HOST}:80/x"),
            ("${HOST}", "${env:HOST}"),
            ("${HOST:-cart}:80", "${env:HOST|cart}:80"),
            ("${HOST-}", "${env:HOST|}"),
            ("${A:-${B:-c}}d", "${env:A|${env:B|c}}d"),
            ("${HOST:?is missing}", "${env:HOST}"),
            ("${DEBUG:+-v}", "{}"),
            ("$$HOST and $$", "$HOST and $"),
            ("$1 $", "$1 $"),
            ("${", "${"),
            ("a${A:-${B}", "a${A:-${B}"),
            ("${.x}y", "${.x}y"),
        ] {
            assert_eq!(shown(text, Escape::Dollar), expected, "{text}");
        }
        assert_eq!(shown("\\$A $A", Escape::Backslash), "$A ${env:A}");
    }

    #[test]
    fn what_is_nested_too_deep_is_unknown() {
        let text = format!("{}x{}", "${A:-".repeat(10_000), "}".repeat(10_000));
        assert!(shown(&text, Escape::Dollar).contains("{}"));
        shown(&"${".repeat(100_000), Escape::Dollar);
    }
}
