//! Do ownership files of every format give each path the owners that a case expects?

use std::fmt::Write;

use twopizza::analysis::Analysis;
use twopizza::graph::people;
use twopizza::model::{Span, TeamKind};

use crate::run::{analyze, problems};
use crate::support::{cases, root};

#[test]
fn every_case_gives_the_owners_that_are_expected() {
    let found = cases(&root().join("fixtures/owners"));
    assert!(!found.is_empty());
    for case in found {
        let analysis = analyze(&case.repo());
        case.expect("expected.tsv", &said(&analysis));
    }
}

/// Each path with its owners and the lines that name them; then teams, and what does not count.
fn said(analysis: &Analysis) -> String {
    let (files, organisation) = (analysis.graph.files(), analysis.graph.organisation());
    let mut out = "path\towners\tlines\n".to_owned();
    let at = |span: Span| {
        let line = analysis.texts.position(span).line;
        format!("{}:{line}", files.display(span.file))
    };
    for (file, _) in files.iter() {
        let owned = organisation.file(file);
        let set = owned.set().map(|set| &organisation.sets[set.0 as usize]);
        let owners = set.map_or_else(
            || "-".to_owned(),
            |set| {
                let texts = set.written.iter().map(|owner| &*owner.text);
                texts.collect::<Vec<_>>().join(", ")
            },
        );
        let voice = organisation.voices(file).first();
        let lines = voice.into_iter().flat_map(|voice| &voice.lines);
        let lines: Vec<String> = lines.map(|span| at(*span)).collect();
        let lines = if lines.is_empty() {
            "-".to_owned()
        } else {
            lines.join(" ")
        };
        writeln!(out, "{}\t{owners}\t{lines}", files.display(file)).unwrap();
    }
    for node in &organisation.teams {
        if node.team.kind != TeamKind::People {
            let size = people(node).map_or_else(|| "?".to_owned(), |size| size.to_string());
            writeln!(out, "team {}\t{size}", node.team.id).unwrap();
        }
    }
    for line in &organisation.lines {
        if let Some(why) = &line.invalid {
            let at = at(line.span);
            writeln!(out, "skipped {at}\t{}\t{why}", line.pattern).unwrap();
        }
    }
    for problem in problems(analysis) {
        writeln!(out, "problem {problem}").unwrap();
    }
    out
}
