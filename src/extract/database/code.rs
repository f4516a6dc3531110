//! Which language is a file written in, by its name?

use crate::model::Language;

/// The files whose texts are read.
pub(super) const GLOBS: &[&str] = &[
    "**/*.cs",
    "**/*.ex",
    "**/*.exs",
    "**/*.go",
    "**/*.java",
    "**/*.js",
    "**/*.cjs",
    "**/*.mjs",
    "**/*.jsx",
    "**/*.ts",
    "**/*.cts",
    "**/*.mts",
    "**/*.tsx",
    "**/*.kt",
    "**/*.php",
    "**/*.py",
    "**/*.rb",
    "**/*.rs",
    "**/*.scala",
];

/// The language of a file whose texts are read.
pub(super) fn language(path: &str) -> Option<Language> {
    Some(match path.rsplit_once('.')?.1 {
        "cs" => Language::CSharp,
        "ex" | "exs" => Language::Elixir,
        "go" => Language::Go,
        "java" => Language::Java,
        "js" | "cjs" | "mjs" | "jsx" => Language::JavaScript,
        "ts" | "cts" | "mts" | "tsx" => Language::TypeScript,
        "kt" => Language::Kotlin,
        "php" => Language::Php,
        "py" => Language::Python,
        "rb" => Language::Ruby,
        "rs" => Language::Rust,
        "scala" => Language::Scala,
        _ => return None,
    })
}
