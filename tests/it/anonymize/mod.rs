//! Does `--anonymize` hide every name, in every verb and every format, and nothing else?

mod rosters;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use twopizza::report::{FORMATS, GRAPH_FORMATS};

use crate::program::{Ran, run};
use crate::support::folder;

/// Teams and people with names that are hard to hide: blanks, accents, words of formats, words of paths, addresses.
const SHOP: &str = include_str!("shop.txt");

/// What nobody may read, folded and without signs between letters; `error`, `team` and `direct` are words of formats, too.
const SECRET: &[&str] = &[
    "zorgcorp",
    "lohnbuero",
    "zahlungsgrößen",
    "zahlungsgrossen",
    "zahlungen",
    "moneyflow",
    "catalogwizards",
    "équipenoël",
    "equipenoel",
    "platformteam",
    "directorate",
    "everyoneelse",
    "unknownsquad",
    "nosuchcrew",
    "nightshiftcrew",
    "splitters",
    "lostcrew",
    "quibbleton",
    "dquackson",
    "quackson",
    "dagobert",
    "dagoq",
    "dago",
    "xeniawolke",
    "xéniawolke",
    "anatolq",
    "bossymcboss",
    "entenhausen",
    "lateriser",
    "zuckerwatte",
];

/// Verbs with arguments; the formats of analyses and pictures come from the program's lists.
const RUNS: &[&[&str]] = &[
    &["analyze", "."],
    &["analyze", "--full", "."],
    &["gate", "."],
    &["gate", "--full", "--fail-on", "warn", "."],
    &["baseline", "check", "."],
    &["graph", "."],
    &["graph", "--level", "component", "."],
    &[
        "graph",
        "--level",
        "component",
        "--format",
        "mermaid",
        "--focus",
        "zorgcorp-lohnbuero",
        ".",
    ],
    &["graph", "--level", "org", "."],
    &["graph", "--focus", "Équipe Noël", "--format", "csv", "."],
    &["graph", "--max-nodes", "1", "."],
    &["why", "lohnbuero", "Catalog-Wizards"],
    &["why", "zorgcorp-lohnbuero", "zorgcorp-catalog"],
    &["why", "moneyflow", "platform team"],
    &["why", "@zorgcorp/lohnbuero", "no-such-thing"],
    &["owners", "services/lohnbuero"],
    &[
        "owners",
        "services/lohnbuero/owners/quibbleton.yml",
        "services/two",
    ],
    &["owners", "docs/Équipe Noël/readme.md"],
    &["owners", "services/lohnbuero/nothing"],
    &["owners", "--all"],
    &["owners", "--all", "--format", "tsv"],
    &["owners", "--all", "--format", "json"],
    &["teams", "."],
    &["teams", "--format", "json", "."],
    &["teams", "--format", "csv", "."],
    &["links", "."],
    &["links", "--format", "tsv", "."],
    &["links", "--unresolved", "."],
    &["explain"],
    &["explain", "direct-link"],
    &["facts", "."],
    &["init", "--dry-run", "."],
    &["init", "."],
    &["baseline", "write", "."],
    &["baseline", "prune", "."],
];

fn shop() -> tempfile::TempDir {
    let shop = folder(SHOP);
    let written = run(shop.path(), &["--no-cargo", "baseline", "write", "."]);
    assert_eq!(written.code, Some(0), "{written:?}");
    // What is stale is told, and the rest of it counts.
    let path = shop.path().join("twopizza-baseline.jsonl");
    let mut lines = fs::read_to_string(&path).unwrap();
    lines.push_str(
        "{\"rule\":\"direct-link\",\"kind\":\"link.impl\",\"from\":\"cargo:zorgcorp-lohnbuero\",\"to\":\"cargo:quibbleton\",\"symbol\":\"PlatformTeam\",\"count\":3}\n",
    );
    fs::write(path, lines).unwrap();
    shop
}

fn hidden(folder: &Path, args: &[&str]) -> Ran {
    let mut all = vec!["--anonymize", "--no-cargo"];
    all.extend(args);
    run(folder, &all)
}

/// The secrets in a text, whatever signs, case or escapes are between their letters.
fn found(text: &str) -> Vec<&'static str> {
    let lower = text
        .to_lowercase()
        .replace("\\u00e9", "é")
        .replace("\\u00eb", "ë");
    let letters: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    SECRET
        .iter()
        .copied()
        .filter(|secret| letters.contains(secret))
        .collect()
}

/// All that is tried.
fn runs() -> Vec<Vec<&'static str>> {
    let mut runs: Vec<Vec<&str>> = RUNS.iter().map(|args| args.to_vec()).collect();
    for format in FORMATS {
        let id = format.info().id;
        runs.push(vec!["analyze", "--format", id, "."]);
        runs.push(vec!["gate", "--format", id, "."]);
    }
    for format in GRAPH_FORMATS {
        for level in ["team", "component", "org"] {
            runs.push(vec![
                "graph",
                "--level",
                level,
                "--format",
                format.info().id,
                ".",
            ]);
        }
    }
    runs
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

#[test]
fn no_verb_and_no_format_tells_a_name() {
    let shop = shop();
    let mut leaks = Vec::new();
    for args in runs() {
        let ran = hidden(shop.path(), &args);
        for (stream, text) in [("stdout", &ran.out), ("stderr", &ran.err)] {
            let names = found(text);
            if !names.is_empty() {
                leaks.push(format!("{args:?} {stream}: {names:?}\n{text}"));
            }
        }
        assert!(!ran.err.contains("panicked"), "{args:?}: {}", ran.err);
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n\n"));
}

#[test]
fn without_the_flag_the_test_would_find_names_everywhere() {
    let shop = shop();
    let silent = |args: &&Vec<&str>| {
        args[0] == "explain" || args.contains(&"prune") || args.contains(&"write")
    };
    for args in runs().iter().filter(|args| !silent(args)) {
        let mut all = vec!["--no-cargo"];
        all.extend(args);
        let ran = run(shop.path(), &all);
        let names = found(&ran.out).len() + found(&ran.err).len();
        assert!(names > 0 || ran.code == Some(2), "{args:?}: {ran:?}");
    }
}

#[test]
fn every_verb_is_tried() {
    let here = tempfile::tempdir().unwrap();
    let help = run(here.path(), &["--help"]).out;
    let (_, verbs) = help.split_once("Verbs:").unwrap();
    let verbs = verbs.lines().skip(1).take_while(|line| !line.is_empty());
    let verbs = verbs.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let tried: BTreeSet<&str> = RUNS.iter().map(|args| args[0]).collect();
    for verb in verbs.filter_map(|line| line.split_whitespace().next()) {
        assert!(
            tried.contains(verb) || verb == "completions",
            "{verb} is not tried"
        );
    }
}

#[test]
fn a_file_and_a_coloured_terminal_get_no_name_either() {
    let shop = shop();
    let out = tempfile::tempdir().unwrap();
    let path = |name: &str| out.path().join(name).to_str().unwrap().to_owned();
    let (text, dot) = (path("out.txt"), path("out.dot"));
    let ran = hidden(
        shop.path(),
        &[
            "--color",
            "always",
            "analyze",
            "--full",
            "--format",
            &format!("text={text}"),
            ".",
        ],
    );
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{ran:?}");
    let ran = hidden(shop.path(), &["graph", "-o", &dot, "."]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for file in [text, dot] {
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            !text.is_empty() && found(&text).is_empty(),
            "{:?}\n{text}",
            found(&text)
        );
    }
}

#[test]
fn what_is_wrong_with_a_configuration_names_nobody() {
    let shop = shop();
    let wrong = "[[team]]\nid = \"lohnbuero\"\n[[team]]\nid = \"lohnbuero\"\n";
    fs::write(shop.path().join("wrong.toml"), wrong).unwrap();
    for args in [
        &["analyze", "."][..],
        &["teams", "."],
        &["owners", "--all"],
        &["explain"],
    ] {
        let mut all = vec!["--config", "wrong.toml"];
        all.extend(args);
        let ran = hidden(shop.path(), &all);
        assert!(
            found(&ran.err).is_empty() && found(&ran.out).is_empty(),
            "{args:?}: {ran:?}"
        );
        assert!(ran.err.contains("cannot be used"), "{args:?}: {ran:?}");
    }
}

#[test]
fn verbs_whose_output_is_input_refuse() {
    let shop = shop();
    let before = fs::read_to_string(shop.path().join("twopizza-baseline.jsonl")).unwrap();
    for args in [
        &["facts", "."][..],
        &["init", "--dry-run", "."],
        &["init", "."],
        &["baseline", "write", "."],
        &["baseline", "prune", "."],
    ] {
        let ran = hidden(shop.path(), args);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (Some(2), ""),
            "{args:?}: {ran:?}"
        );
        assert!(
            ran.err.contains("`--anonymize` is not for this verb"),
            "{}",
            ran.err
        );
    }
    let after = fs::read_to_string(shop.path().join("twopizza-baseline.jsonl")).unwrap();
    assert_eq!(before, after);
}

/// How often each key is there, on each way to it: what is left of a document without its texts.
fn shape(value: &Value, at: &str, into: &mut BTreeMap<String, usize>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let at = format!("{at}.{key}");
                *into.entry(at.clone()).or_default() += 1;
                shape(value, &at, into);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| shape(item, &format!("{at}[]"), into)),
        Value::Number(_) | Value::Bool(_) => *into.entry(format!("{at}={value}")).or_default() += 1,
        Value::String(_) | Value::Null => {}
    }
}

#[test]
fn the_graph_and_the_findings_are_the_same() {
    let shop = shop();
    let formats: &[&[&str]] = &[
        &["analyze", "--format", "json", "."],
        &["analyze", "--format", "sarif", "."],
        &["gate", "--format", "json", "."],
        &["gate", "--format", "sarif", "."],
        &["graph", "--format", "json", "."],
        &["graph", "--level", "component", "--format", "json", "."],
        &["graph", "--level", "org", "--format", "json", "."],
        &["teams", "--format", "json", "."],
        &["owners", "--all", "--format", "json"],
    ];
    for args in formats {
        let mut plain = vec!["--no-cargo"];
        plain.extend(*args);
        let (open, shut) = (run(shop.path(), &plain), hidden(shop.path(), args));
        assert_eq!(open.code, shut.code, "{args:?}");
        let (mut a, mut b) = (BTreeMap::new(), BTreeMap::new());
        shape(&json(&open), "", &mut a);
        shape(&json(&shut), "", &mut b);
        // Help that guesses a name is left out, and what comes first follows the order of the names.
        for shape in [&mut a, &mut b] {
            shape.retain(|key, _| {
                let of_names = ["Column", "Line", "help", "index", "markdown", "charOffset"];
                !of_names.iter().any(|part| key.contains(part))
            });
        }
        assert_eq!(a, b, "{args:?}");
    }
}

#[test]
fn findings_stand_as_they_stood() {
    let shop = shop();
    let standings = |ran: &Ran| {
        let mut found: Vec<(String, String)> = Vec::new();
        for finding in json(ran)["findings"].as_array().unwrap() {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            found.push((text("rule"), text("standing")));
        }
        found.sort();
        found
    };
    let args = &["gate", "--format", "json", "."];
    let open = run(
        shop.path(),
        &["--no-cargo", "gate", "--format", "json", "."],
    );
    let open = standings(&open);
    let kinds: BTreeSet<&str> = open.iter().map(|(_, standing)| standing.as_str()).collect();
    assert!(
        kinds.len() >= 4,
        "known, exempt, suppressed and new are tried: {open:?}"
    );
    assert_eq!(standings(&hidden(shop.path(), args)), open);
    let stale = hidden(shop.path(), &["baseline", "check", "."]);
    assert!(stale.out.contains("1 entry of it allow"), "{stale:?}");
}

#[test]
fn a_name_has_the_same_pseudonym_in_every_verb() {
    let shop = shop();
    let run = |args: &[&str]| hidden(shop.path(), args);
    let ids = |value: &Value, list: &str, key: &str| -> BTreeSet<String> {
        let rows = value[list].as_array().unwrap().iter();
        rows.map(|row| row[key].as_str().unwrap().to_owned())
            .collect()
    };
    let report = json(&run(&["analyze", "--format", "json", "."]));
    let teams = ids(&report, "teams", "id");
    let listed = ids(
        &json(&run(&["teams", "--format", "json", "."])),
        "teams",
        "id",
    );
    assert!(listed.is_subset(&teams), "{listed:?} {teams:?}");
    let owners = json(&run(&["owners", "--all", "--format", "json"]));
    for row in owners["paths"].as_array().unwrap() {
        for team in row["teams"].as_array().unwrap() {
            assert!(teams.contains(team.as_str().unwrap()), "{team} {teams:?}");
        }
    }
    let of = |path: &str| run(&["owners", path]).out;
    let folder = of("services/lohnbuero/src/main.rs");
    let team = folder
        .split("services/")
        .nth(1)
        .unwrap()
        .split('/')
        .next()
        .unwrap();
    assert!(folder.contains(&format!("teams:  {team}\n")), "{folder}");
    // Whoever has the names and whoever has the pseudonyms ask for the same.
    let other = of("services/catalog/src/lib.rs");
    let other = other
        .split("teams:  ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    let named = run(&["why", "lohnbuero", "Équipe Noël"]);
    assert_eq!(named, run(&["why", team, other]));
    assert!(
        named.out.starts_with(&format!("{team} -> {other}: ")),
        "{named:?}"
    );
    assert_eq!(run(&["analyze", "."]), run(&["analyze", "."]));
}
