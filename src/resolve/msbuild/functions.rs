//! The functions that expressions call: of MSBuild, of paths and files, of texts.
//!
//! Only those are known whose result the tree alone decides.
//! Source: <https://learn.microsoft.com/visualstudio/msbuild/property-functions>

use super::expression::{Expression, rooted};
use crate::model::parent;

/// A function of a class; an argument that is not known is `None`.
pub(super) fn of_class(
    class: &str,
    name: &str,
    arguments: &[Option<String>],
    asked: &Expression<'_>,
) -> Option<String> {
    let class = class.rsplit('.').next()?.trim();
    if (class, name) == ("MSBuild", "ValueOrDefault") {
        let [value, default] = arguments else {
            return None;
        };
        let value = value.clone().filter(|value| !value.is_empty());
        return value.or_else(|| default.clone());
    }
    let arguments: Option<Vec<&str>> = arguments.iter().map(Option::as_deref).collect();
    let arguments = arguments?;
    let scope = asked.scope;
    let full = |path: &str| rooted(path, scope.folder());
    let above = |start: &str, name: &str| scope.above(&full(start)?, name);
    Some(match (class, name, arguments.as_slice()) {
        ("MSBuild", "GetPathOfFileAbove", [name]) => {
            format!("/{}", scope.above(parent(asked.file), name)?)
        }
        ("MSBuild", "GetPathOfFileAbove", [name, start]) => format!("/{}", above(start, name)?),
        ("MSBuild", "GetDirectoryNameOfFileAbove", [start, name]) => {
            format!("/{}", parent(&above(start, name)?))
        }
        ("MSBuild", "NormalizeDirectory", parts) => slashed(&full(&combined(parts))?),
        ("MSBuild", "NormalizePath", parts) => format!("/{}", full(&combined(parts))?),
        ("MSBuild", "GetTargetFrameworkIdentifier", [name]) => framework(name)?.to_owned(),
        ("MSBuild", "EnsureTrailingSlash", [path]) => {
            match path.ends_with('/') || path.is_empty() {
                true => (*path).to_owned(),
                false => format!("{path}/"),
            }
        }
        ("MSBuild", "MakeRelative", [from, to]) => relative(&full(from)?, &full(to)?),
        ("MSBuild", "Escape" | "Unescape", [text]) | ("String", "Copy" | "new", [text]) => {
            (*text).to_owned()
        }
        ("String", "IsNullOrEmpty", [text]) => truth(text.is_empty()),
        ("String", "IsNullOrWhiteSpace", [text]) => truth(text.trim().is_empty()),
        ("String", "Concat", parts) => parts.concat(),
        ("Path", "Combine", parts) => combined(parts),
        ("Path", "GetFullPath", [path]) => format!("/{}", full(path)?),
        ("Path", "GetFullPath", [path, folder]) => format!("/{}", rooted(path, &full(folder)?)?),
        ("Path", "GetFileName", [path]) => file_name(path).to_owned(),
        ("Path", "GetFileNameWithoutExtension", [path]) => split(file_name(path)).0.to_owned(),
        ("Path", "GetExtension", [path]) => split(file_name(path)).1.to_owned(),
        ("Path", "GetDirectoryName", [path]) => {
            path.rfind('/').map_or("", |cut| &path[..cut]).to_owned()
        }
        ("Path", "ChangeExtension", [path, ending]) => {
            let kept = path.len() - split(file_name(path)).1.len();
            format!("{}.{}", &path[..kept], ending.trim_start_matches('.'))
        }
        ("Path", "DirectorySeparatorChar" | "AltDirectorySeparatorChar", []) => "/".to_owned(),
        // A file that is not there may be one that a build makes.
        ("File", "Exists", [path]) => full(path)
            .filter(|path| scope.exists(path))
            .map(|_| truth(true))?,
        _ => return None,
    })
}

/// A method of a text.
pub(super) fn of_text(text: &str, name: &str, arguments: &[Option<String>]) -> Option<String> {
    let arguments: Option<Vec<&str>> = arguments.iter().map(Option::as_deref).collect();
    let arguments = arguments?;
    // Places count characters; texts with others than ASCII are left alone.
    let place = |text: &str| text.trim().parse::<usize>().ok();
    let cut = |from: &str, to: usize| {
        let from = place(from)?;
        text.is_ascii().then(|| text.get(from..to))?
    };
    let set = |parts: &[&str]| -> Vec<char> {
        match parts {
            [] => vec![' ', '\t', '\r', '\n'],
            parts => parts.iter().flat_map(|part| part.chars()).collect(),
        }
    };
    let found = |at: Option<usize>| at.map_or("-1".to_owned(), |at| at.to_string());
    Some(
        match (name.to_ascii_lowercase().as_str(), arguments.as_slice()) {
            ("contains", [part]) => truth(text.contains(part)),
            ("startswith", [part]) => truth(text.starts_with(part)),
            ("endswith", [part]) => truth(text.ends_with(part)),
            ("equals", [other]) => truth(text == *other),
            ("replace", [from, to]) if !from.is_empty() => text.replace(from, to),
            ("tolower" | "tolowerinvariant", []) => text.to_lowercase(),
            ("toupper" | "toupperinvariant", []) => text.to_uppercase(),
            ("tostring", []) => text.to_owned(),
            ("trim", parts) => text.trim_matches(&*set(parts)).to_owned(),
            ("trimstart", parts) => text.trim_start_matches(&*set(parts)).to_owned(),
            ("trimend", parts) => text.trim_end_matches(&*set(parts)).to_owned(),
            ("length", []) => text.chars().count().to_string(),
            ("indexof", [part]) if text.is_ascii() => found(text.find(part)),
            ("lastindexof", [part]) if text.is_ascii() => found(text.rfind(part)),
            ("substring", [from]) => cut(from, text.len())?.to_owned(),
            ("substring", [from, len]) => {
                cut(from, place(from)?.checked_add(place(len)?)?)?.to_owned()
            }
            ("remove", [from]) => cut("0", place(from)?)?.to_owned(),
            ("remove", [from, len]) => {
                let rest = place(from)?.checked_add(place(len)?)?.to_string();
                format!("{}{}", cut("0", place(from)?)?, cut(&rest, text.len())?)
            }
            ("insert", [at, part]) => {
                format!("{}{part}{}", cut("0", place(at)?)?, cut(at, text.len())?)
            }
            _ => return None,
        },
    )
}

/// What sort of framework a short name means: `net48`, `net8.0-android`, `netstandard2.0`.
///
/// Source: <https://learn.microsoft.com/dotnet/standard/frameworks>
pub(super) fn framework(name: &str) -> Option<&'static str> {
    let name = name.trim().to_ascii_lowercase();
    let name = name.split('-').next().unwrap_or_default();
    if name.starts_with("netstandard") {
        return Some(".NETStandard");
    }
    if name.starts_with("netcoreapp") {
        return Some(".NETCoreApp");
    }
    let version = name.strip_prefix("net")?;
    // Without a dot each digit is a number of its own.
    let major = match version.split_once('.') {
        Some((major, _)) => major,
        None => version.get(..1)?,
    };
    match major.parse::<u32>().ok()? {
        0..5 => Some(".NETFramework"),
        _ => Some(".NETCoreApp"),
    }
}

/// Paths behind one another; one from the root starts anew.
pub(super) fn combined(parts: &[&str]) -> String {
    let mut out = String::new();
    for part in parts {
        if part.starts_with('/') {
            out.clear();
        } else if !out.is_empty() && !out.ends_with('/') {
            out.push('/');
        }
        out.push_str(part);
    }
    out
}

/// A folder from the root, with `/` at both ends.
pub(super) fn slashed(folder: &str) -> String {
    match folder {
        "" => "/".to_owned(),
        folder => format!("/{folder}/"),
    }
}

/// The way from one folder to a path.
fn relative(from: &str, to: &str) -> String {
    let (from, to) = (folders(from), folders(to));
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[same..].iter().map(|_| "..");
    let down = to[same..].iter().copied();
    up.chain(down).collect::<Vec<_>>().join("/")
}

fn folders(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

fn truth(value: bool) -> String {
    match value {
        true => "True".to_owned(),
        false => "False".to_owned(),
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The stem and the ending of a file's name, the dot with the ending.
fn split(file: &str) -> (&str, &str) {
    file.split_at(file.rfind('.').unwrap_or(file.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_framework_is_known_by_its_short_name() {
        for (name, expected) in [
            ("net8.0", Some(".NETCoreApp")),
            ("net10.0-windows10.0.19041", Some(".NETCoreApp")),
            ("netcoreapp3.1", Some(".NETCoreApp")),
            ("net48", Some(".NETFramework")),
            ("net4.7.2", Some(".NETFramework")),
            ("netstandard2.0", Some(".NETStandard")),
            ("uap10.0", None),
            ("net", None),
            ("netß", None),
        ] {
            assert_eq!(framework(name), expected, "{name}");
        }
    }
}
