//! Does `--anonymize` hide every name, in every verb and every format, and nothing else?

use std::fs;
use std::path::Path;

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
from = "moneyflow"
to = "zorgcorp-cat*"
max = 9
reason = "Dagobert Quackson said so"
owner = "@zorgcorp/lohnbuero"
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

/// Verbs with arguments, with the numbers of formats left out.
const RUNS: &[&[&str]] = &[
    &["analyze", "."],
    &["analyze", "--full", "."],
    &["analyze", "--format", "json", "."],
    &["analyze", "--format", "csv", "."],
    &["analyze", "--format", "sarif", "."],
    &["analyze", "--format", "github", "."],
    &["analyze", "--format", "gitlab", "."],
    &["analyze", "--format", "junit", "."],
    &["analyze", "--format", "markdown", "."],
    &["gate", "."],
    &["gate", "--full", "--fail-on", "warn", "."],
    &["gate", "--format", "json", "."],
    &["gate", "--format", "sarif", "."],
    &["gate", "--format", "markdown", "."],
    &["gate", "--format", "junit", "."],
    &["gate", "--format", "gitlab", "."],
    &["baseline", "check", "."],
    &["graph", "."],
    &["graph", "--format", "mermaid", "."],
    &["graph", "--format", "json", "."],
    &["graph", "--format", "csv", "."],
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
    &["graph", "--level", "org", "--format", "json", "."],
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
    let written = run(shop.path(), &["baseline", "write", "."]);
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

#[test]
fn no_verb_and_no_format_tells_a_name() {
    let shop = shop();
    let mut leaks = Vec::new();
    for args in RUNS {
        let ran = hidden(shop.path(), args);
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
    for args in RUNS
        .iter()
        .filter(|args| args[0] != "explain" && args[0] != "baseline")
    {
        let ran = run(shop.path(), args);
        assert!(
            !found(&ran.out).is_empty() || !found(&ran.err).is_empty(),
            "{args:?}: {ran:?}"
        );
    }
}
