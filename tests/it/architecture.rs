//! Does the code keep to the stages? Holds what every file in `src/` names against the import table.

use std::collections::BTreeSet;

use crate::rust_paths::{Names, modules, names};
use crate::support::{root, texts};

/// Which stage may import which, besides itself; the binary uses the library by its name.
const STAGES: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("config", &["model"]),
    ("source", &["model", "config"]),
    ("extract", &["model"]),
    ("resolve", &["model", "config"]),
    ("graph", &["model"]),
    ("rules", &["model", "config", "graph"]),
    ("analysis", &["model", "graph"]),
    ("anonymize", &["model"]),
    ("gate", &["model", "config", "graph", "analysis"]),
    ("report", &["model", "graph", "analysis"]),
    ("cli", &[]),
];

/// Single files that may import more.
const MORE: &[(&str, &str)] = &[
    ("extract/run.rs", "source"),
    ("report/junit.rs", "rules"),
    ("report/sarif/rules.rs", "rules"),
];

/// The stages of siblings, and the trait that makes a part of the stage a sibling; the other parts are shared helpers.
const SIBLINGS: &[(&str, &str)] = &[
    ("extract", "Extractor"),
    ("rules", "Rule"),
    ("report", "Renderer"),
];

/// What belongs to some stages alone: path, stages, what it is.
const RESERVED: &[(&[&str], &[&str], &str)] = &[
    (
        &["std", "fs"],
        &["source", "config", "gate", "cli"],
        "files are read",
    ),
    (
        &["std", "process"],
        &["source", "cli"],
        "programs are started",
    ),
    (
        &["cargo_metadata", "MetadataCommand"],
        &["source"],
        "programs are started",
    ),
];

#[test]
fn the_code_keeps_to_the_stages() {
    let files = texts(&root().join("src"), "rs");
    assert!(!files.is_empty(), "no source in {:?}", root());
    let found = violations(&files);
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_page_of_the_architecture_has_the_same_table() {
    let page = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    for (stage, imports) in STAGES {
        let start = format!("| `{stage}` |");
        let row = page.lines().find(|line| line.starts_with(&start));
        let row = row.unwrap_or_else(|| panic!("docs/architecture.md: no row for `{stage}`"));
        let told = row.trim_end_matches(" |").rsplit(" | ").next();
        let told = told.and_then(|told| told.split(" (and").next());
        let names: Vec<String> = imports.iter().map(|name| format!("`{name}`")).collect();
        let expected = match (*stage, names.is_empty()) {
            ("cli", _) => "the library's public interface".to_owned(),
            (_, true) => "nothing".to_owned(),
            _ => names.join(", "),
        };
        assert_eq!(told, Some(&*expected), "{stage}");
    }
}

/// What the files (path below `src/`, text) have against the tables, one sentence each.
fn violations(files: &[(String, String)]) -> Vec<String> {
    let read: Vec<_> = files
        .iter()
        .map(|(file, text)| (file.as_str(), names(file, text)))
        .collect();
    let tests: Vec<_> = read
        .iter()
        .flat_map(|(_, names)| names.test_modules.iter())
        .collect();
    let siblings = siblings(&read);
    read.iter()
        .filter(|(file, _)| !tests.iter().any(|test| modules(file).starts_with(test)))
        .flat_map(|(file, names)| judge(file, names, &siblings))
        .collect()
}

/// Stage and part of every part that implements its stage's trait.
fn siblings<'a>(read: &[(&'a str, Names)]) -> BTreeSet<(&'a str, &'a str)> {
    read.iter()
        .filter(|(file, names)| {
            SIBLINGS.iter().any(|(stage, implements)| {
                *stage == stage_of(file) && names.implements.iter().any(|name| name == implements)
            })
        })
        .filter_map(|(file, _)| Some((stage_of(file), part_of(file)?)))
        .collect()
}

fn judge(file: &str, names: &Names, siblings: &BTreeSet<(&str, &str)>) -> Vec<String> {
    let stage = stage_of(file);
    if stage == "lib" {
        return Vec::new();
    }
    let Some((_, imports)) = STAGES.iter().find(|(name, _)| *name == stage) else {
        return vec![format!(
            "{file}: `{stage}` is in no row of the import table"
        )];
    };
    let mut found = Vec::new();
    for named in &names.paths {
        let path: Vec<_> = named.path.iter().map(String::as_str).collect();
        let place = format!("{file}:{}: `{}`", named.line, path.join("::"));
        for (reserved, stages, what) in RESERVED {
            if path.starts_with(reserved) && !stages.contains(&stage) {
                found.push(format!("{place}: {what} in {} alone", stages.join(", ")));
            }
        }
        let ["crate", target, rest @ ..] = path.as_slice() else {
            continue;
        };
        let allowed =
            *target == stage || imports.contains(target) || MORE.contains(&(file, target));
        if !allowed {
            found.push(format!("{place}: `{stage}` does not import `{target}`"));
        }
        if let (Some(own), Some(other)) = (part_of(file), rest.first())
            && *target == stage
            && own != *other
            && siblings.contains(&(stage, other))
        {
            found.push(format!(
                "{place}: `{own}` does not import its sibling `{other}`"
            ));
        }
    }
    found
}

/// The stage of a file: the first part of its path.
fn stage_of(file: &str) -> &str {
    match file.split('/').next().unwrap_or(file) {
        "main.rs" => "cli",
        first => first.trim_end_matches(".rs"),
    }
}

/// The part of a stage that a file is or lies in; none for the stage's own `mod.rs`.
fn part_of(file: &str) -> Option<&str> {
    let part = file.split('/').nth(1)?.trim_end_matches(".rs");
    (part != "mod").then_some(part)
}

#[cfg(test)]
mod tests {
    use super::violations;

    fn judged(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files
            .iter()
            .map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))
            .collect();
        violations(&files)
    }

    #[test]
    fn an_import_against_the_stream_is_found() {
        let found = judged(&[
            ("model/mod.rs", "pub struct A(crate::graph::Graph);"),
            ("rules/mod.rs", "use crate::{config::Limits, resolve};"),
            ("rules/a.rs", "use super::super::source::Source;"),
            ("report/mod.rs", "use crate::analyze;"),
        ]);
        let expected = [
            "model/mod.rs:1: `crate::graph::Graph`: `model` does not import `graph`",
            "rules/mod.rs:1: `crate::resolve`: `rules` does not import `resolve`",
            "rules/a.rs:1: `crate::source::Source`: `rules` does not import `source`",
            "report/mod.rs:1: `crate::analyze`: `report` does not import `analyze`",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_new_folder_needs_a_row() {
        let found = judged(&[("util/mod.rs", "")]);
        assert_eq!(
            found,
            ["util/mod.rs: `util` is in no row of the import table"]
        );
    }

    #[test]
    fn only_the_runner_of_the_extractors_knows_sources() {
        let found = judged(&[
            ("extract/run.rs", "use crate::source::Source;"),
            ("extract/cargo/mod.rs", "\nuse crate::source::Source;"),
        ]);
        let expected =
            "extract/cargo/mod.rs:2: `crate::source::Source`: `extract` does not import `source`";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn siblings_share_helpers_and_nothing_else() {
        let found = judged(&[
            (
                "rules/mod.rs",
                "mod a; mod b; mod wording; pub use a::A; use self::b::B;",
            ),
            (
                "rules/a.rs",
                "impl Rule for A {} use super::{b::B, wording::say};",
            ),
            ("rules/b.rs", "impl Rule for B {}"),
            ("rules/wording.rs", "use super::a::A;"),
        ]);
        let expected = [
            "rules/a.rs:1: `crate::rules::b::B`: `a` does not import its sibling `b`",
            "rules/wording.rs:1: `crate::rules::a::A`: `wording` does not import its sibling `a`",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_files_of_one_ecosystem_are_one_sibling() {
        let found = judged(&[
            (
                "extract/cargo/mod.rs",
                "mod manifest; impl Extractor for Cargo {}",
            ),
            ("extract/cargo/manifest.rs", "use super::Cargo;"),
            (
                "extract/rust/mod.rs",
                "impl Extractor for Rust {} use crate::extract::cargo::Cargo;",
            ),
        ]);
        let expected = "extract/rust/mod.rs:1: `crate::extract::cargo::Cargo`: `rust` does not import its sibling `cargo`";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn files_and_programs_belong_to_few_stages() {
        let found = judged(&[
            ("graph/mod.rs", "use std::{fmt, fs::File};"),
            (
                "report/dot.rs",
                "fn f() { std::process::Command::new(\"dot\"); }",
            ),
            ("resolve/mod.rs", "use cargo_metadata::MetadataCommand;"),
            ("cli/mod.rs", "use std::fs; use std::process::ExitCode;"),
            ("gate/mod.rs", "use std::fs; use std::process::Command;"),
        ]);
        let expected = [
            "graph/mod.rs:1: `std::fs::File`: files are read in source, config, gate, cli alone",
            "report/dot.rs:1: `std::process::Command::new`: programs are started in source, cli alone",
            "resolve/mod.rs:1: `cargo_metadata::MetadataCommand`: programs are started in source alone",
            "gate/mod.rs:1: `std::process::Command`: programs are started in source, cli alone",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn tests_may_build_what_they_need() {
        let found = judged(&[
            ("graph/mod.rs", "#[cfg(test)] mod testing;"),
            ("graph/testing.rs", "use crate::resolve::resolve;"),
            (
                "rules/a.rs",
                "#[cfg(test)] mod tests { use crate::extract::run; }",
            ),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn the_binary_uses_the_library_by_its_name() {
        let found = judged(&[
            ("main.rs", "mod cli; fn main() { crate::cli::run() }"),
            (
                "cli/mod.rs",
                "use twopizza::model::Level; use crate::model::Level;",
            ),
        ]);
        let expected = "cli/mod.rs:1: `crate::model::Level`: `cli` does not import `model`";
        assert_eq!(found, [expected]);
    }
}
