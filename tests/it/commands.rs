//! Do the commands of the documentation run, and print what it says that they print?
//!
//! A line `<!-- run -->` in front of a fenced `sh` block marks it: nobody sees the line, and every `twopizza` line of
//! the block is run in the root of this repository.
//! When the next fenced block is `text`, it is what the last of them prints; a line `…` in it stands for what is left out.

use std::fs;
use std::path::Path;

use crate::program::run;
use crate::support::{root, texts};

const MARK: &str = "<!-- run -->";
const LEFT_OUT: &str = "…";

/// A marked block.
#[derive(Debug, PartialEq, Eq)]
struct Example {
    line: usize,
    commands: Vec<String>,
    prints: Option<String>,
}

#[test]
fn every_command_of_the_documentation_prints_what_it_says() {
    let mut pages = texts(&root().join("docs"), "md");
    let readme = root().join("README.md");
    if readme.is_file() {
        let text = fs::read_to_string(readme).unwrap();
        assert!(
            !examples(&text).is_empty(),
            "README.md: no command is run; put `{MARK}` in front of those that can be"
        );
        pages.push(("../README.md".to_owned(), text));
    }
    let folder = tempfile::tempdir().unwrap();
    for (page, text) in pages {
        for example in examples(&text) {
            let at = format!("docs/{page}:{}", example.line);
            assert!(!example.commands.is_empty(), "{at}: no `twopizza` line");
            let mut printed = String::new();
            for command in &example.commands {
                let args = args(command, folder.path());
                let args: Vec<&str> = args.iter().map(String::as_str).collect();
                let ran = run(root(), &args);
                assert_eq!(ran.code, Some(0), "{at}: {command}: {}", ran.err);
                printed = ran.out;
            }
            if let Some(prints) = example.prints {
                assert!(
                    shows(&prints, &printed),
                    "{at}: it prints\n{printed}\nand not\n{prints}"
                );
            }
        }
    }
}

/// The marked blocks of a page.
fn examples(page: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut lines = page.lines().enumerate();
    let (mut marked, mut ran_last) = (false, false);
    while let Some((number, line)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            marked = marked && line.is_empty() || line.trim() == MARK;
            continue;
        };
        let body: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| *line != "```")
            .collect();
        let runs = marked && language == "sh";
        if runs {
            let commands = body.iter().map(|line| line.trim_start_matches("$ "));
            let commands = commands.filter(|line| line.split(' ').next() == Some("twopizza"));
            found.push(Example {
                line: number + 1,
                commands: commands.map(str::to_owned).collect(),
                prints: None,
            });
        } else if ran_last
            && language == "text"
            && let Some(last) = found.last_mut()
        {
            last.prints = Some(body.join("\n"));
        }
        (marked, ran_last) = (false, runs);
    }
    found
}

/// The arguments of a command; files that it writes go to `folder`.
fn args(command: &str, folder: &Path) -> Vec<String> {
    let command = command.split(" #").next().unwrap_or(command);
    assert!(
        !command.contains(['|', '>', '<', '"', '\'', '$', '&', ';', '\\']),
        "{command}: only plain words are run"
    );
    let elsewhere = |file: &str| folder.join(file).to_string_lossy().into_owned();
    let mut args: Vec<String> = Vec::new();
    for word in command.split_whitespace().skip(1) {
        let before = args.last().map(String::as_str);
        let arg = match (before, word.split_once('=')) {
            (Some("-o" | "--output"), _) => elsewhere(word),
            (Some("--format"), Some((format, file))) => format!("{format}={}", elsewhere(file)),
            _ => word.to_owned(),
        };
        args.push(arg);
    }
    args
}

/// Whether an output has the pieces of an expectation, in order.
fn shows(expected: &str, actual: &str) -> bool {
    let lines: Vec<&str> = expected.trim_end().lines().collect();
    let pieces: Vec<&[&str]> = lines.split(|line| line.trim() == LEFT_OUT).collect();
    let actual: Vec<&str> = actual.trim_end().lines().map(str::trim_end).collect();
    let mut at = 0;
    for (index, piece) in pieces.iter().enumerate() {
        let last = index + 1 == pieces.len();
        let mut starts = match (index, last) {
            (0, _) => 0..=0,
            (_, true) => actual.len().saturating_sub(piece.len())..=actual.len(),
            _ => at..=actual.len(),
        };
        let found = starts.find(|start| {
            *start >= at
                && actual
                    .get(*start..)
                    .is_some_and(|rest| rest.starts_with(piece))
        });
        match found {
            Some(start) => at = start + piece.len(),
            None => return false,
        }
    }
    pieces.len() > 1 || at == actual.len()
}

#[test]
fn only_marked_blocks_are_run() {
    let page = "\
```sh
twopizza not-run
```
<!-- run -->
```sh
cargo install --path .
twopizza graph -o teams.dot  # the picture
$ twopizza
```

It prints:
```text
one
two
```
```text
three
```
<!-- run -->
Not a block.
```sh
twopizza not-run-either
```
";
    let expected = Example {
        line: 5,
        commands: vec![
            "twopizza graph -o teams.dot  # the picture".to_owned(),
            "twopizza".to_owned(),
        ],
        prints: Some("one\ntwo".to_owned()),
    };
    assert_eq!(examples(page), [expected]);
    let folder = Path::new("/tmp/x");
    assert_eq!(
        args("twopizza graph -o teams.dot  # the picture", folder),
        ["graph", "-o", "/tmp/x/teams.dot"]
    );
    assert_eq!(
        args("twopizza --format json=a.json .", folder),
        ["--format", "json=/tmp/x/a.json", "."]
    );
}

#[test]
fn what_is_left_out_is_marked() {
    let actual = "a\nb\nc\nd\n";
    for good in ["a\nb\nc\nd", "a\n…\nd", "…\nc\nd", "a\n…", "a\n…\nc\n…"] {
        assert!(shows(good, actual), "{good}");
    }
    for bad in [
        "a\nb",
        "b\n…",
        "…\nc",
        "a\n…\nd\n…\nc",
        "a\n…\nb",
        "x",
        "a\n…\nd\ne",
    ] {
        assert!(!shows(bad, actual), "{bad}");
    }
}
