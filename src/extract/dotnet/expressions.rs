//! MSBuild's expressions as templates: properties, item lists, and the few functions that paths are made with.
//!
//! `$(RepoRoot)src/Cart` becomes `${msbuild:RepoRoot}src/Cart`. A path starts with `/` when it counts from the root of
//! the repository; what the file's own place tells (`$(MSBuildThisFileDirectory)`) is put in at once.
//! Source: <https://learn.microsoft.com/visualstudio/msbuild/property-functions>

use std::ops::Range;

use crate::model::{Key, Part, Ref, RepoPath, Template};

/// The deepest nesting of expressions.
const DEPTH: usize = 16;

/// The longest expression that is read, in bytes.
const LONGEST: usize = 8 << 10;

/// The entries of a list, which `;` separates, with their places; brackets and quotes protect it.
pub(super) fn entries(text: &str) -> Vec<(&str, Range<usize>)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut open = 0_usize;
    let ends = text.char_indices().chain([(text.len(), ';')]);
    for (at, c) in ends {
        match c {
            '(' => open += 1,
            ')' => open = open.saturating_sub(1),
            ';' if open == 0 || at == text.len() => {
                let entry = text[start..at].trim();
                if !entry.is_empty() {
                    let from = start + (text[start..at].len() - text[start..at].trim_start().len());
                    found.push((entry, from..from + entry.len()));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// What an expression means as far as its file tells; `\` separates folders like `/`.
pub(super) fn template(text: &str, file: &RepoPath) -> Template {
    let mut out = Template::default();
    if text.len() > LONGEST {
        out.push(Part::Hole);
    } else {
        expression(text, file, 0, &mut out);
    }
    out
}

/// The folder of a file, from the root, with `/` at its end.
pub(super) fn folder(file: &RepoPath) -> String {
    match file.parent() {
        "" => "/".to_owned(),
        parent => format!("/{parent}/"),
    }
}

fn expression(text: &str, file: &RepoPath, depth: usize, out: &mut Template) {
    let mut rest = text;
    while let Some(at) = ["$(", "@(", "%("]
        .iter()
        .filter_map(|open| rest.find(open))
        .min()
    {
        let Some(len) = closing(&rest[at + 1..]) else {
            break;
        };
        literal(&rest[..at], out);
        let sign = rest.as_bytes()[at];
        let inner = rest[at + 2..at + 1 + len].trim();
        if depth >= DEPTH {
            out.push(Part::Hole);
        } else {
            match sign {
                b'$' => property(inner, file, depth, out),
                b'@' => items(inner, file, depth, out),
                _ => reference(Key::new("msbuild-meta", metadata(inner)), out),
            }
        }
        rest = &rest[at + 2 + len..];
    }
    literal(rest, out);
}

fn literal(text: &str, out: &mut Template) {
    let text = text.replace('\\', "/");
    let text = match text.contains('%') {
        true => unescaped(&text),
        false => text,
    };
    out.push(Part::Text(text.into()));
}

/// `%2A` for `*`: <https://learn.microsoft.com/visualstudio/msbuild/msbuild-special-characters>.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 3);
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        match byte.filter(u8::is_ascii) {
            Some(byte) => {
                out.push(byte as char);
                rest = &rest[at + 3..];
            }
            None => {
                out.push('%');
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}

fn reference(key: Key, out: &mut Template) {
    out.push(Part::Ref(Box::new(Ref { key, default: None })));
}

/// Where the bracket closes that a text starts with.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => open += 1,
            b')' => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn property(inner: &str, file: &RepoPath, depth: usize, out: &mut Template) {
    if let Some(function) = inner.strip_prefix('[') {
        call(function, file, depth, out);
        return;
    }
    if !is_name(inner) {
        // A function of a text: what it gives is not worked out.
        out.push(Part::Hole);
        return;
    }
    let name = file.file_name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match inner.to_ascii_lowercase().as_str() {
        "msbuildthisfiledirectory" => literal(&folder(file), out),
        "msbuildthisfilefullpath" => literal(&format!("{}{name}", folder(file)), out),
        "msbuildthisfile" => literal(name, out),
        "msbuildthisfilename" => literal(stem, out),
        _ => reference(Key::new("msbuild", inner), out),
    }
}

/// `[MSBuild]::Function(arguments)` and `[System.IO.Path]::Function(arguments)`.
fn call(text: &str, file: &RepoPath, depth: usize, out: &mut Template) {
    let parts = text
        .split_once("]::")
        .and_then(|(class, call)| Some((class.trim(), call.split_once('(')?)));
    let Some((class, (function, rest))) = parts else {
        out.push(Part::Hole);
        return;
    };
    // Anything behind the bracket is a function of the result.
    let Some(arguments) = closing(&format!("({rest}"))
        .filter(|end| rest[*end..].trim().is_empty())
        .and_then(|end| rest.get(..end - 1))
    else {
        out.push(Part::Hole);
        return;
    };
    let arguments: Vec<Template> = arguments_of(arguments)
        .into_iter()
        .map(|argument| {
            let mut value = Template::default();
            expression(argument, file, depth + 1, &mut value);
            value
        })
        .collect();
    let class = class.rsplit('.').next().unwrap_or_default();
    let here = || Template::text(folder(file));
    match (class, function.trim(), arguments.as_slice()) {
        ("MSBuild", "GetPathOfFileAbove", [name, rest @ ..]) => {
            let start = rest.first().cloned().unwrap_or_else(here);
            reference(Key::at("msbuild-above", start, name.clone()), out);
        }
        ("MSBuild", "GetDirectoryNameOfFileAbove", [start, name]) => {
            reference(
                Key::at("msbuild-folder-above", start.clone(), name.clone()),
                out,
            );
        }
        ("MSBuild", "NormalizeDirectory", parts) => {
            joined(parts, out);
            out.push(Part::Text("/".into()));
        }
        ("MSBuild", "EnsureTrailingSlash", [path]) => {
            out.extend(path);
            out.push(Part::Text("/".into()));
        }
        ("MSBuild", "NormalizePath", parts) | ("Path", "Combine" | "GetFullPath", parts) => {
            joined(parts, out);
        }
        ("MSBuild", "ValueOrDefault", [value, default]) => match value.as_ref_key() {
            Some(key) => out.push(Part::Ref(Box::new(Ref {
                key: key.clone(),
                default: Some(default.clone()),
            }))),
            None => out.extend(value),
        },
        _ => out.push(Part::Hole),
    }
}

fn joined(parts: &[Template], out: &mut Template) {
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            out.push(Part::Text("/".into()));
        }
        out.extend(part);
    }
}

/// The arguments of a call, without their quotes.
fn arguments_of(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut open = 0_usize;
    for (at, c) in text.char_indices().chain([(text.len(), ',')]) {
        match c {
            '(' => open += 1,
            ')' => open = open.saturating_sub(1),
            ',' if open == 0 || at == text.len() => {
                let argument = text[start..at].trim();
                found.push(argument.trim_matches(['\'', '"', '`']));
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// `@(Project)`, `@(Project->'$(Root)%(Identity)/%(Identity).csproj')`.
fn items(inner: &str, file: &RepoPath, depth: usize, out: &mut Template) {
    let (name, how) = match inner.split_once("->") {
        Some((name, how)) => (name.trim(), Some(how.trim())),
        None => (inner, None),
    };
    let how = how.map(|how| {
        let quoted = how
            .strip_prefix('\'')
            .and_then(|how| how.strip_suffix('\''));
        quoted.filter(|how| !how.contains('\''))
    });
    match how {
        None if is_name(name) => {
            reference(Key::new("msbuild-items", name), out);
        }
        Some(Some(how)) if is_name(name) => {
            let mut each = Template::default();
            expression(how, file, depth + 1, &mut each);
            reference(Key::at("msbuild-items", each, name), out);
        }
        _ => out.push(Part::Hole),
    }
}

/// `Identity` of `%(Project.Identity)`.
fn metadata(inner: &str) -> &str {
    inner.rsplit('.').next().unwrap_or(inner)
}

pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RepoId;

    fn read(text: &str) -> String {
        template(text, &RepoPath::new(RepoId(0), "eng/Common.props")).to_string()
    }

    #[test]
    fn properties_are_references_and_the_place_of_the_file_is_known() {
        assert_eq!(read("..\\Cart\\Cart.csproj"), "../Cart/Cart.csproj");
        assert_eq!(
            read("$(RepoRoot)src/$( Name ).cs"),
            "${msbuild:RepoRoot}src/${msbuild:Name}.cs"
        );
        assert_eq!(read("$(MSBuildThisFileDirectory)..\\a"), "/eng/../a");
        assert_eq!(read("$(MSBuildThisFileName)"), "Common");
        assert_eq!(read("a%2Ab $ 5% $(open"), "a*b $ 5% $(open");
    }

    #[test]
    fn functions_of_paths_are_read_and_others_are_holes() {
        assert_eq!(
            read(
                "$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))"
            ),
            "${msbuild-above(/eng/../)Directory.Build.props}"
        );
        assert_eq!(
            read("$([MSBuild]::GetPathOfFileAbove(x.props))"),
            "${msbuild-above(/eng/)x.props}"
        );
        assert_eq!(
            read("$([MSBuild]::NormalizeDirectory('$(MSBuildThisFileDirectory)', '..', 'src'))"),
            "/eng//../src/"
        );
        assert_eq!(
            read(
                "$([MSBuild]::GetDirectoryNameOfFileAbove($(MSBuildThisFileDirectory), 'global.json'))/x"
            ),
            "${msbuild-folder-above(/eng/)global.json}/x"
        );
        assert_eq!(read("$(Name.Replace('a', 'b'))/c"), "{}/c");
        assert_eq!(read("$([MSBuild]::IsOSPlatform('windows'))"), "{}");
        assert_eq!(read("$([System.IO.Path]::GetFullPath('a').Trim())"), "{}");
    }

    #[test]
    fn lists_of_items_are_references_with_what_is_made_of_each() {
        assert_eq!(read("@(Project)"), "${msbuild-items:Project}");
        assert_eq!(
            read("@(Project->'$(Root)%(Identity)/%(Project.Filename).csproj')"),
            "${msbuild-items(${msbuild:Root}${msbuild-meta:Identity}/${msbuild-meta:Filename}.csproj)Project}"
        );
        assert_eq!(read("@(Project->Distinct())"), "{}");
    }

    #[test]
    fn semicolons_separate_outside_of_brackets() {
        let found = entries(" a ;b\n; @(c->'d;e') ;;");
        let texts: Vec<_> = found.iter().map(|(text, _)| *text).collect();
        assert_eq!(texts, ["a", "b", "@(c->'d;e')"]);
        assert_eq!(found[0].1, 1..2);
    }

    #[test]
    fn hostile_expressions_end() {
        for piece in [
            "$(",
            "@(a->'",
            "$([MSBuild]::NormalizePath(",
            ")",
            "%",
            "$([a]::b(",
        ] {
            let text = piece.repeat(20_000);
            read(&text);
            entries(&text);
        }
    }
}
