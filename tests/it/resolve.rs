//! Do the facts of a whole repository come to the components, owners and dependencies that a case expects?

use std::fmt::Write;

use twopizza::analysis::Analysis;
use twopizza::model::Owned;

use crate::run::{analyze_all, graph, problems};
use crate::support::{cases, root};

#[test]
#[cfg_attr(
    not(feature = "rust"),
    ignore = "what is expected is read from syntax trees"
)]
fn every_case_resolves_as_expected() {
    let found = cases(&root().join("fixtures/resolve"));
    assert!(!found.is_empty());
    for case in found {
        let (repo, other) = (case.repo(), case.folder.join("other"));
        let mut roots = vec![repo.as_path()];
        if other.is_dir() {
            roots.push(&other);
        }
        let analysis = analyze_all(&roots);
        let mut actual = owners(&analysis) + &graph(&analysis);
        for problem in problems(&analysis) {
            writeln!(actual, "problem {problem}").unwrap();
        }
        case.expect("expected.txt", &actual);
    }
}

/// Who owns each file, as written, and by which line.
fn owners(analysis: &Analysis) -> String {
    let (files, organisation) = (analysis.graph.files(), analysis.graph.organisation());
    let mut out = String::new();
    for (file, _) in files.iter() {
        let owned = organisation.file(file);
        let line = owned.line().map(|span| analysis.texts.position(span).line);
        let line = line.map_or_else(String::new, |line| format!(" (line {line})"));
        let who = match owned {
            Owned::By(set, _) => {
                let written = organisation.sets[set.0 as usize].written.iter();
                let texts: Vec<&str> = written.map(|owner| &*owner.text).collect();
                texts.join(" ")
            }
            Owned::Unowned(_) => "explicitly nobody".to_owned(),
            Owned::Unmatched => "nobody".to_owned(),
        };
        writeln!(out, "file {}: {who}{line}", files.display(file)).unwrap();
    }
    out
}
