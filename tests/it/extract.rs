//! Does every extractor read what it must, and survive what it cannot read?

use std::collections::BTreeSet;

use twopizza::extract::EXTRACTORS;
use twopizza::model::Place;

use crate::run::extract;
use crate::support::{Case, cases, root};

/// What every extractor has to show, besides its own cases.
const QUARTET: &[&str] = &["one", "many", "empty", "malformed"];

/// What says something by being there: an empty build file makes its folder a project.
const SPEAKING: &[&str] = &["gradle/build", "gradle/settings"];

#[test]
fn every_extractor_reads_what_is_expected() {
    for extractor in EXTRACTORS {
        let id = extractor.info().id.0;
        for case in of(id) {
            case.expect("expected.txt", &said(&case, id));
        }
    }
}

#[test]
fn every_extractor_shows_one_many_empty_and_malformed() {
    for extractor in EXTRACTORS {
        let id = extractor.info().id.0;
        let names: BTreeSet<String> = of(id).into_iter().map(|case| case.name).collect();
        for name in QUARTET {
            assert!(names.contains(*name), "{id}: no case `{name}`");
        }
    }
}

#[test]
fn what_is_empty_says_nothing_and_what_is_malformed_says_so() {
    for extractor in EXTRACTORS {
        let id = extractor.info().id.0;
        for case in of(id) {
            let said = said(&case, id);
            match &*case.name {
                "empty" if SPEAKING.contains(&id) => {
                    assert!(!said.contains("problem "), "{id}: {said}");
                }
                "empty" => assert_eq!(said, "", "{id}"),
                "one" => assert!(
                    !said.is_empty() && !said.contains("problem "),
                    "{id}: {said}"
                ),
                "malformed" => assert!(
                    said.contains("problem ") || said.contains(" unreadable "),
                    "{id}: {said}"
                ),
                _ => {}
            }
        }
    }
}

fn of(id: &str) -> Vec<Case> {
    let folder = root().join("fixtures/extract").join(id.replace('/', "-"));
    cases(&folder)
}

/// The facts of one extractor, then all problems, as `path:line:column what`.
fn said(case: &Case, id: &str) -> String {
    let (extraction, texts) = extract(&case.repo());
    let at = |span| {
        let position = texts.position(span);
        (extraction.files.display(span.file), position)
    };
    let facts = extraction.facts.iter();
    let facts = facts.filter(|fact| fact.extractor.0 == id);
    let mut lines: Vec<_> = facts
        .map(|fact| (at(fact.span), fact.to_string()))
        .collect();
    lines.sort();
    let facts = lines
        .iter()
        .map(|((path, at), fact)| format!("{path}:{}:{} {fact}\n", at.line, at.column));
    let problems = extraction.problems.iter().map(|problem| {
        let message = &problem.message;
        match &problem.place {
            Place::Run => format!("problem {message}\n"),
            Place::Path(_, path) => format!("problem {path}: {message}\n"),
            Place::File(file) => {
                format!("problem {}: {message}\n", extraction.files.display(*file))
            }
            Place::Span(span) => {
                let (path, at) = at(*span);
                format!("problem {path}:{}:{}: {message}\n", at.line, at.column)
            }
        }
    });
    facts.chain(problems).collect()
}
