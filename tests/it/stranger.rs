//! Does a stranger get from `init` to a green gate, and to a red one, with nothing but the first-run guide?

use std::fs;
use std::io::Write;
use std::process::Command;

use crate::program::{ran, scrubbed};
use crate::support::root;

/// How a line of the script starts whose command stands in the guide; the exit code comes next.
const STEP: &str = "exits ";

#[test]
fn the_path_of_the_first_run_guide_works_as_written() {
    for tool in ["bash", "git"] {
        if Command::new(tool).arg("--version").output().is_err() {
            // Not `eprintln!`: what a passing test prints is shown to nobody.
            let note =
                format!("skipped: there is no {tool}, so nobody went the path of a stranger");
            writeln!(std::io::stderr(), "{note}").unwrap();
            return;
        }
    }
    let mut command = scrubbed("bash");
    command
        .arg(root().join("tests/stranger.sh"))
        .arg(env!("CARGO_BIN_EXE_twopizza"));
    let ran = ran(&mut command);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.out, "stranger: all is well\n");
}

#[test]
fn the_guide_and_the_script_have_the_same_lines() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let guide = read("docs/guides/first-run.md");
    let script = read("tests/stranger.sh");

    let of_guide: Vec<&str> = blocks(&guide, "sh").flat_map(str::lines).collect();
    let of_script: Vec<&str> = script
        .lines()
        .filter_map(|line| line.strip_prefix(STEP))
        .filter_map(|line| line.split_once(' '))
        .map(|(_, command)| command)
        .collect();
    assert!(!of_guide.is_empty(), "the guide has no commands");
    assert_eq!(of_guide, of_script, "commands, in order");

    // The last day of an exemption lies ahead in the script, whenever it runs.
    let written = ["toml", "rust", "text"]
        .into_iter()
        .flat_map(|language| blocks(&guide, language))
        .flat_map(str::lines)
        .filter(|line| !line.starts_with("expires"));
    for line in written {
        assert!(
            script.lines().any(|one| one.ends_with(line)),
            "only the guide has: {line}"
        );
    }
}

/// The texts of the fenced blocks of a language.
fn blocks<'a>(page: &'a str, language: &'a str) -> impl Iterator<Item = &'a str> {
    page.split("\n```")
        .filter_map(move |part| part.strip_prefix(language)?.strip_prefix('\n'))
}
