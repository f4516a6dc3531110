//! The plugins and scripts that a build script applies.
//!
//! Source: <https://docs.gradle.org/current/userguide/plugins.html>

use std::ops::Range;

use super::dependencies::words;
use super::script::Script;

/// What is applied.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Applied {
    /// A plugin by its id; one with a version is released.
    Plugin { id: String, released: bool },
    /// A plugin by its entry in a catalogue.
    Alias(String),
    /// A plugin by its class, which is in the build's own code when Gradle does not know it.
    Class(String),
    /// Another script.
    Script(String),
}

/// What the statement at a place of a `plugins` block applies.
pub(super) fn plugin(at: usize, script: &Script<'_>) -> Option<(Applied, Range<usize>)> {
    let tokens = &script.tokens;
    let word = tokens.word(at)?;
    let first = match tokens.is(at + 1, b'(') {
        true => at + 2,
        false => at + 1,
    };
    let end = script.statement_end(at + 1);
    let rest = || (first..end).filter_map(|at| tokens.word(at));
    // `apply false`, also as a call: it is there for others.
    let put_off = (first..end).any(|at| {
        tokens.is_word(at, "apply") && (at + 1..at + 3).any(|at| tokens.is_word(at, "false"))
    });
    if put_off {
        return None;
    }
    let applied = match word {
        "id" => Applied::Plugin {
            id: tokens.literal(first)?.to_owned(),
            released: rest().any(|word| word == "version"),
        },
        "kotlin" => Applied::Plugin {
            id: format!("org.jetbrains.kotlin.{}", tokens.literal(first)?),
            released: true,
        },
        "alias" => {
            let (names, _) = words(script, first + 1);
            Applied::Alias(format!("{}.{}", tokens.word(first)?, names.join(".")))
        }
        // `java`, and `` `kotlin-dsl` `` in backticks.
        name if first >= end || tokens.list.get(first).is_some_and(|token| token.fresh) => {
            Applied::Plugin {
                id: name.to_owned(),
                released: false,
            }
        }
        _ => return None,
    };
    let bytes = tokens.bytes(if first < end { first } else { at });
    Some((applied, bytes))
}

/// What `apply plugin: 'x'`, `apply(plugin = "x")`, `apply from: 'x'` and `apply<X>()` apply.
pub(super) fn apply(at: usize, script: &Script<'_>) -> Option<(Applied, Range<usize>)> {
    let tokens = &script.tokens;
    if !tokens.is_word(at, "apply") {
        return None;
    }
    if tokens.is(at + 1, b'<') {
        let name = tokens.word(at + 2)?;
        return Some((Applied::Class(name.to_owned()), tokens.bytes(at + 2)));
    }
    let first = match tokens.is(at + 1, b'(') {
        true => at + 2,
        false => at + 1,
    };
    if !tokens.is(first + 1, b':') && !tokens.is(first + 1, b'=') {
        return None;
    }
    let value = first + 2;
    let applied = match tokens.word(first)? {
        "plugin" => match (tokens.literal(value), tokens.word(value)) {
            (Some(id), _) => Applied::Plugin {
                id: id.to_owned(),
                released: false,
            },
            (None, Some(class)) if !tokens.is(value + 1, b'.') => Applied::Class(class.to_owned()),
            _ => return None,
        },
        "from" => {
            // `rootProject.file("x")`, `file("x")`, `"$rootDir/x"`.
            let end = match tokens.is(at + 1, b'(') {
                true => tokens.mate(at + 1),
                false => script.statement_end(value),
            };
            let text = (value..end).find_map(|at| tokens.literal(at))?;
            let of_root = matches!(tokens.word(value), Some("rootProject" | "rootDir"));
            Applied::Script(match of_root {
                true => format!("$rootDir/{}", text.trim_start_matches('/')),
                false => text.to_owned(),
            })
        }
        _ => return None,
    };
    Some((applied, tokens.bytes(value)))
}

/// Whether a plugin makes a program of its project.
pub(super) fn makes_program(id: &str) -> bool {
    const IDS: &[&str] = &[
        "application",
        "io.ktor.plugin",
        "io.micronaut.application",
        "io.quarkus",
        "org.springframework.boot",
        "war",
    ];
    // `com.android.application`, and conventions that are named after it.
    let last = id.rsplit(['.', '-']).next();
    IDS.contains(&id) || id != last.unwrap_or_default() && last == Some("application")
}

/// Likewise by the name that a catalogue gives it, in whatever writing.
pub(super) fn alias_makes_program(alias: &str) -> bool {
    let name = alias
        .split_once(".plugins.")
        .map_or(alias, |(_, name)| name);
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    matches!(
        plain.as_str(),
        "springboot" | "springframeworkboot" | "quarkus" | "war"
    ) || plain.ends_with("application")
}

/// Plugins of Gradle and of the languages, which come with no code of the run.
pub(super) fn is_known(id: &str) -> bool {
    !id.contains(['.', '-']) && id.len() < 24 && KNOWN.contains(&id)
        || ["org.jetbrains.kotlin.", "com.android.", "org.gradle."]
            .iter()
            .any(|start| id.starts_with(start))
}

const KNOWN: &[&str] = &[
    "antlr",
    "application",
    "base",
    "checkstyle",
    "codenarc",
    "eclipse",
    "ear",
    "groovy",
    "idea",
    "ivy",
    "jacoco",
    "java",
    "kotlin",
    "maven",
    "pmd",
    "scala",
    "signing",
    "war",
];
