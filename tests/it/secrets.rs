//! Does any output tell a password that stands in a file of the repository?

use twopizza::report::{FORMATS, GRAPH_FORMATS};

use crate::program::run;
use crate::support::folder;

/// Two services and a store, with a password in every form that a format of settings has.
const SHOP: &str = include_str!("secrets.txt");

#[test]
fn no_verb_and_no_format_tells_a_password() {
    let shop = folder(SHOP);
    let mut runs: Vec<Vec<&str>> = vec![
        vec!["analyze", "--full", "."],
        vec!["facts", "."],
        vec!["gate", "--full", "."],
        vec!["links", "."],
        vec!["links", "--unresolved", "."],
        vec!["links", "--format", "tsv", "."],
        vec!["why", "cart", "till"],
        vec!["owners", "--all"],
        vec!["teams", "."],
    ];
    for format in FORMATS {
        runs.push(vec!["analyze", "--format", format.info().id, "."]);
    }
    for format in GRAPH_FORMATS {
        for level in ["team", "component"] {
            let id = format.info().id;
            runs.push(vec!["graph", "--level", level, "--format", id, "."]);
        }
    }
    let mut leaks = Vec::new();
    let mut told = String::new();
    for args in runs {
        let mut all = vec!["--no-cargo"];
        all.extend(&args);
        let ran = run(shop.path(), &all);
        for line in ran.out.lines().chain(ran.err.lines()) {
            if line.contains("hunter") {
                leaks.push(format!("{args:?}: {line}"));
            }
        }
        told.push_str(&ran.out);
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    // What stands beside the passwords is told.
    for name in [
        "PGPASSWORD",
        "SPRING_APPLICATION_JSON",
        "SASL",
        "@till:8080",
    ] {
        assert!(told.contains(name), "{name}");
    }
}
