//! Does `--anonymize` hide every name, in every verb and every format, and nothing else?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use twopizza::report::{FORMATS, GRAPH_FORMATS};

use crate::program::{Ran, run};
use crate::support::folder;

/// Teams and people with names that are hard to hide: blanks, accents, words of formats, words of paths, addresses.
const SHOP: &str = r#"//- .github/CODEOWNERS
# Ask Dagobert Quackson before you change this
* @zorgcorp/everyone-else
/services/lohnbuero/ @zorgcorp/lohnbuero @quibbleton
/services/catalog/ @zorgcorp/Catalog-Wizards
/services/direct/ @zorgcorp/error
/services/two/ xenia.wolke@zorgcorp.example @anatol-q
/libs/platform-team-tools/ @zorgcorp/platform-team
/libs/money/ @zorgcorp/team
/gone/platformTeam/ @zorgcorp/platform-team
/libs/LohnbueroKit/ @zorgcorp/unknown-squad
/broken/ @zorgcorp/splitters!-crew no-such-thing
//- twopizza.toml
[limits]
team-max = 2
team-min = 2

[gate]
unparsed-floor = 0.5

[rules]
missing-team-lead = "warn"
spread-member = "warn"
overloaded-team = "warn"

[[team]]
id = "lohnbuero"
name = "Zahlungsgrößen"
aliases = ["@zorgcorp/lohnbuero", "@zorgcorp/zahlungen"]
previously = ["moneyflow"]
members = ["quibbleton", "dquackson", "xenia.wolke@zorgcorp.example"]
may-depend-on = ["Platform Team"]
parent = "directorate"

[[team]]
id = "Catalog-Wizards"
name = "Équipe Noël"
members = ["anatol-q", "dquackson"]
lead = "anatol-q"

[[team]]
id = "platform-team"
name = "Platform Team"
members = ["dquackson"]

[[team]]
id = "error"
members = ["dquackson", "quibbleton"]

[[team]]
id = "team"
members = []

[[team]]
id = "directorate"
members = ["bossy-mc-boss"]

[[person]]
id = "dquackson"
name = "Dagobert Quackson"
aliases = ["dago@zorgcorp.example", "DagoQ"]
site = "Entenhausen"
time-zone = "Europe/Berlin"

[[person]]
id = "xenia.wolke@zorgcorp.example"
name = "Xénia Wolke"

[[exempt]]
rule = "direct-link"
from = "error"
to = "zorgcorp-cat*"
max = 9
reason = "Dagobert Quackson said so"
owner = "@zorgcorp/lohnbuero"
expires = "2999-01-01"

[[exempt]]
rule = "unapproved-dependency"
from = "moneyflow"
to = "Équipe Noël"
reason = "Xénia Wolke said so, too"
owner = "dquackson"
expires = "2999-01-01"

[[exempt]]
rule = "back-door"
from = "lohnbuero"
to = "platform-team"
reason = "nothing"
//- services/lohnbuero/Cargo.toml
[package]
name = "zorgcorp-lohnbuero"
version = "0.1.0"
edition = "2024"

[dependencies]
zorgcorp-catalog = { path = "../catalog" }
zorgcorp-platform-team-tools = { path = "../../libs/platform-team-tools" }
zorgcorp-direct = { path = "../direct" }
zorgcorp-gone = { path = "../../../quibbleton/gone" }
//- services/lohnbuero/src/main.rs
use zorgcorp_platform_team_tools::PlatformTeam;
fn main() {
    // ask dquackson
    println!("{}", zorgcorp_catalog::copies()); // twopizza: allow direct-link -- Dagobert Quackson knows
    println!("{}", zorgcorp_direct::copies()); // twopizza: allow lohnbuero -- wrong rule
    let _ = PlatformTeam;
}
//- services/lohnbuero/owners/quibbleton.yml
name: quibbleton
//- services/catalog/Cargo.toml
[package]
name = "zorgcorp-catalog"
version = "0.1.0"
edition = "2024"

[dependencies]
zorgcorp-lohnbuero-kit = { path = "../../libs/LohnbueroKit" }
zorgcorp-two = { path = "../two" }
//- services/catalog/src/lib.rs
pub fn copies() -> u32 {
    zorgcorp_lohnbuero_kit::DirectorateThing + zorgcorp_two::copies()
}
//- services/catalog/src/main.rs
fn main() {
    println!("{}", zorgcorp_catalog::copies());
}
//- services/direct/Cargo.toml
[package]
name = "zorgcorp-direct"
version = "0.1.0"
edition = "2024"

[dependencies]
zorgcorp-catalog = { path = "../catalog" }
//- services/direct/src/lib.rs
pub fn copies() -> u32 {
    zorgcorp_catalog::copies()
}
//- services/direct/src/main.rs
fn main() {
    println!("{}", zorgcorp_direct::copies());
}
//- services/two/Cargo.toml
[package]
name = "zorgcorp-two"
version = "0.1.0"
edition = "2024"
//- services/two/src/lib.rs
pub fn copies() -> u32 {
    12
}
//- services/two/src/main.rs
fn main() {}
//- libs/platform-team-tools/Cargo.toml
[package]
name = "zorgcorp-platform-team-tools"
version = "0.1.0"
edition = "2024"
//- libs/platform-team-tools/src/lib.rs
pub struct PlatformTeam;
//- libs/LohnbueroKit/Cargo.toml
[package]
name = "zorgcorp-lohnbuero-kit"
version = "0.1.0"
edition = "2024"
//- libs/LohnbueroKit/src/lib.rs
#![allow(non_upper_case_globals)]
pub const DirectorateThing: u32 = 1;
//- libs/money/twopizza.toml
[[component]]
path = "."
name = "moneyflow-kit"
team = "no-such-crew"
//- libs/money/Cargo.toml
[package]
name = "zorgcorp-money"
version = "0.1.0"
edition = "2024"
//- libs/money/src/lib.rs
pub fn of_xenia() {}
//- .twopizza/rosters/csv/people.csv
login,team,site,manager,email
dquackson,lohnbuero,Entenhausen,bossy-mc-boss,d.quackson@zorgcorp.example
late-riser,lohnbuero,remote,dquackson,late@zuckerwatte.example
//- catalog-info.yaml
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
spec:
  owner: group:default/nightshift-crew
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: other
spec:
  owner: group:a/b/lost-crew
//- docs/Équipe Noël/readme.md
Written by Dagobert Quackson
"#;

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

/// People whom rosters alone name: eight in a team, one of them in two.
const PEOPLE: &str = r#"//- .github/CODEOWNERS
/cart/ @acme/cart
/pay/ @acme/pay
/docs/ @hortensia-k @ottokar-mistyped
//- twopizza.toml
[rules]
missing-team-lead = "warn"
spread-member = "warn"
overloaded-team = "warn"

[[team]]
id = "pay"
members = ["hortensia-k", "bertolt-b"]

[[person]]
id = "bertolt-b"
name = "Bertolt Brechstange"
//- .twopizza/rosters/csv/people.csv
login,team,name,email,manager
walburga-a,cart,Walburga Aal,walburga@acme.example,isolde-g
ottokar-mistype,cart,Ottokar Mist,ottokar@acme.example,isolde-g
cordelia-c,cart,Cordelia Cobalt,cordelia@acme.example,isolde-g
dietlinde-d,cart,Dietlinde Dachs,dietlinde@acme.example,isolde-g
eusebius-e,cart,Eusebius Elch,eusebius@acme.example,isolde-g
fridolin-f,cart,Fridolin Fisch,fridolin@acme.example,isolde-g
isolde-g,cart,Isolde Gans,isolde@acme.example,
bertolt-b,cart,Bertolt Brechstange,bertolt@acme.example,isolde-g
//- cart/Cargo.toml
[package]
name = "acme-cart"
version = "0.1.0"
edition = "2024"

[dependencies]
acme-pay = { path = "../pay" }
//- cart/src/main.rs
fn main() {
    println!("{}", acme_pay::copies());
}
//- pay/Cargo.toml
[package]
name = "acme-pay"
version = "0.1.0"
edition = "2024"
//- pay/src/lib.rs
pub fn copies() -> u32 {
    12
}
//- pay/src/main.rs
fn main() {
    println!("{}", acme_pay::copies());
}
//- docs/readme.md
Nothing.
"#;

/// Texts that name somebody and do not belong to a place in a roster.
fn unproven(value: &Value, names: &[&str]) -> Vec<String> {
    let text = value.to_string().to_lowercase();
    if !names.iter().any(|name| text.contains(name)) {
        return Vec::new();
    }
    let is_roster = text.contains("people.csv") || text.contains("twopizza.toml");
    match value {
        Value::Object(fields) if !(is_roster && text.len() < 600) => fields
            .values()
            .flat_map(|value| unproven(value, names))
            .collect(),
        Value::Array(items) => items
            .iter()
            .flat_map(|item| unproven(item, names))
            .collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}

#[test]
fn without_the_flag_people_are_named_by_roster_lines_alone() {
    let shop = folder(PEOPLE);
    let names = [
        "walburga",
        "aal",
        "`ottokar-mistype`",
        "cordelia",
        "cobalt",
        "dietlinde",
        "dachs",
        "eusebius",
        "elch",
        "fridolin",
        "fisch",
        "isolde",
        "gans",
        "bertolt",
        "brechstange",
    ];
    let mut runs: Vec<Vec<&str>> = FORMATS
        .iter()
        .map(|format| vec!["analyze", "--format", format.info().id, "."])
        .collect();
    runs.extend(GRAPH_FORMATS.iter().flat_map(|format| {
        ["team", "org"]
            .map(|level| vec!["graph", "--level", level, "--format", format.info().id, "."])
    }));
    runs.extend([
        vec!["analyze", "--full", "."],
        vec!["gate", "--full", "."],
        vec!["teams", "."],
        vec!["teams", "--format", "json", "."],
        vec!["why", "cart", "pay"],
        vec!["links", "."],
    ]);
    let mut told = String::new();
    for args in runs {
        let mut all = vec!["--no-cargo"];
        all.extend(args.clone());
        let ran = run(shop.path(), &all);
        if let Ok(page) = serde_json::from_str::<Value>(&ran.out) {
            let unproven = unproven(&page, &names);
            assert!(unproven.is_empty(), "{args:?}: {unproven:?}");
            told.push_str(&ran.out);
            continue;
        }
        for line in ran.out.lines().chain(ran.err.lines()) {
            // A source line under a finding: `12 | walburga-a,cart,…`.
            let number = line.trim_start().split(" |").next().unwrap_or_default();
            let is_source = line.contains(" |") && number.parse::<u32>().is_ok();
            let lower = line.to_lowercase();
            let named: Vec<&&str> = names.iter().filter(|name| lower.contains(**name)).collect();
            assert!(
                is_source || named.is_empty(),
                "{args:?}: {named:?} in {line}"
            );
        }
        told.push_str(&ran.out);
    }
    for rule in [
        "oversized-team",
        "undersized-team",
        "missing-team-lead",
        "spread-member",
        "unknown-owner",
    ] {
        assert!(told.contains(rule), "{rule} is tried");
    }
}
