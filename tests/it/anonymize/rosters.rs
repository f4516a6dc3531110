//! Without the flag, are people of rosters named by the lines of the rosters alone?

use serde_json::Value;
use twopizza::report::{FORMATS, GRAPH_FORMATS};

use crate::program::run;
use crate::support::folder;

/// People whom rosters alone name: eight in a team, one of them in two.
const PEOPLE: &str = include_str!("people.txt");

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
