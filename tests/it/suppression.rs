//! Do comments beside code accept what stands there, and nothing else?

use twopizza::analysis::Analysis;
use twopizza::config::Config;
use twopizza::model::{NoProgress, Place, Standing};
use twopizza::source::{TextSource, Worktree};

use crate::support::{cases, root};

const CASES: &[(&str, bool, u32, &str)] = &[
    // case, whether the gate judges a finding, suppressed findings, a problem
    ("allowed-by-a-comment-on-the-line-above", false, 1, ""),
    ("allowed-by-a-comment-on-the-same-line", false, 1, ""),
    ("allowed-in-the-manifest-that-alone-links", false, 1, ""),
    (
        "a-comment-without-a-reason-allows-nothing",
        true,
        0,
        "gives no reason",
    ),
    (
        "a-comment-for-another-rule-allows-nothing",
        true,
        0,
        "accepts nothing",
    ),
    ("another-use-in-the-same-file-is-not-allowed", true, 1, ""),
];

fn analyzed(source: &dyn twopizza::source::Source) -> Analysis {
    let (config, options) = (Config::default(), twopizza::Options::default());
    twopizza::analyze(&[source], &config, None, &options, &NoProgress)
        .expect("the default configuration names no rule")
}

fn messages(analysis: &Analysis) -> String {
    let messages = analysis.problems.iter();
    messages
        .map(|problem| format!("{}\n", problem.message))
        .collect()
}

#[test]
fn comments_accept_what_stands_beside_them() {
    let found = cases(&root().join("fixtures/suppression"));
    for (name, fires, suppressed, problem) in CASES {
        let case = found.iter().find(|case| case.name == *name);
        let case = case.unwrap_or_else(|| panic!("{name}: no such case"));
        let analysis = analyzed(&Worktree::open(&case.repo()).unwrap());
        let ours = analysis
            .findings
            .iter()
            .filter(|finding| finding.rule.0 == "direct-link");
        let judged = ours.clone().filter(|finding| finding.standing.counts());
        assert_eq!(judged.count() > 0, *fires, "{name}");
        let accepted = ours.filter(|finding| match &finding.standing {
            Standing::Suppressed { reason } => reason.starts_with("until the catalog"),
            _ => false,
        });
        assert_eq!(accepted.count() as u32, *suppressed, "{name}");
        let problems = messages(&analysis);
        match *problem {
            "" => assert_eq!(problems, "", "{name}"),
            problem => assert!(problems.contains(problem), "{name}: {problems}"),
        }
    }
}

#[test]
fn a_comment_that_outlived_its_coupling_is_told_where_it_stands() {
    let shop = TextSource::new(
        "shop",
        "\
//- CODEOWNERS
/cart/ @acme/cart # twopizza: allow nothing-like-this -- why
//- cart/Cargo.toml
[package]
name = \"cart\"
version = \"# twopizza: allow direct-link -- in a text\"
//- cart/src/main.rs
fn main() {}
// twopizza: allow direct-link -- long gone
fn other() {}
",
    );
    let analysis = analyzed(&shop);
    let told: Vec<String> = analysis
        .problems
        .iter()
        .map(|problem| {
            let Place::Span(span) = problem.place else {
                panic!("a comment has a place");
            };
            let path = analysis.graph.files().display(span.file);
            let line = analysis.texts.position(span).line;
            format!("{path}:{line}: {}", problem.message)
        })
        .collect();
    assert_eq!(
        told,
        [
            "CODEOWNERS:1: this comment accepts nothing: unknown rule `nothing-like-this`",
            "cart/src/main.rs:2: this comment accepts nothing: `direct-link` has nothing against what stands here",
        ]
    );
}
