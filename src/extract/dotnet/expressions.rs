//! MSBuild's expressions as templates: properties, lists of items and metadata by their names; all else as it is written.
//!
//! `$(RepoRoot)src/Cart` becomes `${msbuild:RepoRoot}src/Cart`. A path starts with `/` when it counts from the root of
//! the repository; what the file's own place tells (`$(MSBuildThisFileDirectory)`) is put in at once.
//! Functions (`$(Name.Replace('.', '/'))`, `@(Part->Exists())`) stand in `${msbuild-expression(file)…}`: what they give is worked out in each project.
//! Source: <https://learn.microsoft.com/visualstudio/msbuild/msbuild-project-file-schema-reference>

use std::ops::Range;

use crate::model::{Key, Part, Ref, RepoPath, Template};

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
    } else if !expression(text, file, &mut out) {
        let text = text.replace('\\', "/");
        out = Template::default();
        reference(Key::at("msbuild-expression", &*file.path, text), &mut out);
    }
    out
}

/// The folder of a file, from the root, with `/` at its end.
fn folder(file: &RepoPath) -> String {
    match file.parent() {
        "" => "/".to_owned(),
        parent => format!("/{parent}/"),
    }
}

/// Reads names alone; `false` when there is more.
fn expression(text: &str, file: &RepoPath, out: &mut Template) -> bool {
    let mut rest = text;
    while let Some(at) = ["$(", "@(", "%("]
        .iter()
        .filter_map(|open| rest.find(open))
        .min()
    {
        let Some(end) = rest[at..].find(')') else {
            break;
        };
        let inner = rest[at + 2..at + end].trim();
        if !is_name(inner) {
            return false;
        }
        literal(&rest[..at], out);
        match rest.as_bytes()[at] {
            b'$' => property(inner, file, out),
            b'@' => reference(Key::new("msbuild-items", inner), out),
            _ => reference(Key::new("msbuild-meta", inner), out),
        }
        rest = &rest[at + end + 1..];
    }
    literal(rest, out);
    true
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

fn property(name: &str, file: &RepoPath, out: &mut Template) {
    let file_name = file.file_name();
    let stem = file_name
        .rsplit_once('.')
        .map_or(file_name, |(stem, _)| stem);
    match name.to_ascii_lowercase().as_str() {
        "msbuildthisfiledirectory" => literal(&folder(file), out),
        "msbuildthisfilefullpath" => literal(&format!("{}{file_name}", folder(file)), out),
        "msbuildthisfile" => literal(file_name, out),
        "msbuildthisfilename" => literal(stem, out),
        _ => reference(Key::new("msbuild", name), out),
    }
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
    fn functions_stand_as_they_are_written() {
        for text in [
            "$([MSBuild]::GetPathOfFileAbove('Directory.Build.props', '$(MSBuildThisFileDirectory)../'))",
            "$(Name.Replace('a', 'b'))/c",
            "@(Project->'$(Root)%(Identity)/%(Project.Filename).csproj'->Exists())",
            "%(Project.Identity)",
        ] {
            let expected = format!("${{msbuild-expression(eng/Common.props){text}}}");
            assert_eq!(read(text), expected);
        }
    }

    #[test]
    fn lists_and_metadata_are_references() {
        assert_eq!(
            read("@(Project)/%(Filename)"),
            "${msbuild-items:Project}/${msbuild-meta:Filename}"
        );
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
