//! Is the demo what its page says, and does every format show it as expected?

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use twopizza::analysis::Analysis;
use twopizza::graph::{Level, Query};
use twopizza::model::Finding;
use twopizza::report::{FORMATS, GRAPH_FORMATS, plain};

use crate::program::run;
use crate::run::{analyze, dependencies};
use crate::support::{Case, cases, root};

#[test]
#[cfg_attr(
    not(feature = "rust"),
    ignore = "what is expected is read from syntax trees"
)]
fn the_demo_reads_as_expected_in_every_format() {
    let demo = demo();
    let analysis = analyze(&demo.repo());
    // SARIF holds the pages of the rules: its expected file would change with every word of theirs.
    let formats = FORMATS.iter().filter(|format| format.info().id != "sarif");
    for format in formats {
        let mut out = Vec::new();
        format.render(&analysis, &mut out).unwrap();
        let text = plain(&String::from_utf8(out).unwrap());
        let file = match format.info().id {
            "text" => "report.txt".to_owned(),
            "csv" => "couplings.csv".to_owned(),
            id => format!("report.{id}"),
        };
        // Expected files are compared without the line ends that the standard for csv wants.
        let text = text.replace("\r\n", "\n");
        demo.expect(&format!("expected/{file}"), &text);
    }
    demo.expect("expected/graph.txt", &dependencies(&analysis));
    for (id, end) in [("dot", "dot"), ("mermaid", "mmd")] {
        let teams = drawn(&analysis, id, Level::Team);
        demo.expect(&format!("expected/graph.{end}"), &teams);
        let components = drawn(&analysis, id, Level::Component);
        demo.expect(&format!("expected/components.{end}"), &components);
        let organisation = drawn(&analysis, id, Level::Org);
        demo.expect(&format!("expected/org.{end}"), &organisation);
    }
}

#[test]
#[cfg_attr(
    not(feature = "rust"),
    ignore = "what is expected is read from syntax trees"
)]
fn the_demo_has_the_owners_and_facts_that_are_expected() {
    let demo = demo();
    let print = |file: &str, args: &[&str]| {
        let ran = run(&demo.repo(), args);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        demo.expect(file, &ran.out);
    };
    let owners = ["owners", "--all", "--format", "tsv", "--root", "."];
    print("expected/owners.tsv", &owners);
    print("expected/facts.txt", &["facts", "."]);
    print("expected/teams.txt", &["teams", "--no-cargo", "."]);
    let json = ["teams", "--no-cargo", "--format", "json", "."];
    print("expected/teams.json", &json);
}

#[test]
fn graphviz_draws_every_picture() {
    let analysis = analyze(&demo().repo());
    for level in [Level::Team, Level::Component, Level::Org] {
        let picture = drawn(&analysis, "dot", level);
        match svg(&picture) {
            Some(svg) => assert!(svg.contains("</svg>"), "{level:?}: {svg}"),
            None => {
                // Not `eprintln!`: what a passing test prints is shown to nobody.
                let note = "skipped: Graphviz is not installed, so nobody checked the pictures";
                writeln!(std::io::stderr(), "{note}").unwrap();
                return;
            }
        }
    }
}

#[test]
#[cfg_attr(
    not(feature = "rust"),
    ignore = "what is expected is read from syntax trees"
)]
fn the_page_of_the_demo_lists_every_finding_and_no_other() {
    let demo = demo();
    let analysis = analyze(&demo.repo());
    let rows = rows(&demo, "What must fire");
    let mut mistakes = Vec::new();
    for row in &rows {
        let seen = analysis
            .findings
            .iter()
            .any(|finding| tells(row, &analysis, finding));
        match row[4].as_str() {
            "seen today" if !seen => mistakes.push(format!("not seen: {}", row[1])),
            "expected later" if seen => {
                mistakes.push(format!("set it to \"seen today\": {}", row[1]));
            }
            "seen today" | "expected later" => {}
            other => mistakes.push(format!(
                "`{other}` is neither seen nor expected: {}",
                row[1]
            )),
        }
    }
    for finding in &analysis.findings {
        let told = rows.iter().filter(|row| tells(row, &analysis, finding));
        let told = told.count();
        if told != 1 {
            mistakes.push(format!("{told} rows tell of: {}", finding.message));
        }
    }
    assert!(mistakes.is_empty(), "\n{}\n", mistakes.join("\n"));
}

/// The rows of "What must stay silent": how each begins, the rule if one is meant, both ends (teams or units).
const SILENT: &[(&str, &str, &str, &str)] = &[
    (
        "every service links `acme-telemetry`",
        "",
        "",
        "acme-telemetry",
    ),
    (
        "orders links `acme-catalog-api`",
        "",
        "acme-orders",
        "acme-catalog-api",
    ),
    (
        "recommendations calls `GetBook`",
        "undeclared-call",
        "recommendations",
        "catalog",
    ),
    (
        "orders publishes `orders.placed.v1`",
        "",
        "recommendations",
        "orders",
    ),
    ("the gateway forwards", "", "platform", "cart"),
    (
        "the gateway starts after payments",
        "",
        "platform",
        "payments",
    ),
    (
        "payments tests itself",
        "",
        "acme-payments",
        "acme-catalog-core",
    ),
    (
        "`acme-catalog-api` is built",
        "",
        "acme-catalog-api",
        "acme-protogen",
    ),
    ("`acme-shopctl` of shop", "", "acme-shopctl", "acme-cart"),
    (
        "`acme-datafix` links",
        "direct-link",
        "acme-datafix",
        "acme-payments-core",
    ),
    (
        "payments links its own core",
        "",
        "acme-payments",
        "acme-payments-core",
    ),
    ("the shop front imports", "", "shop", "shop"),
    ("`@acme/arch-review` co-owns", "", "arch-review", ""),
    ("orders has seven people", "oversized-team", "orders", ""),
    (
        "the review group has eight",
        "oversized-team",
        "arch-review",
        "",
    ),
];

#[test]
fn the_demo_says_nothing_about_what_its_page_calls_fine() {
    let demo = demo();
    let analysis = analyze(&demo.repo());
    let rows = rows(&demo, "What must stay silent");
    assert_eq!(rows.len(), SILENT.len(), "a row has no expectation here");
    for (row, (start, rule, from, to)) in rows.iter().zip(SILENT) {
        assert!(row[0].starts_with(start), "{start} is not {}", row[0]);
        for finding in &analysis.findings {
            let meant = (rule.is_empty() || *rule == finding.rule.0)
                && ends(&finding.fingerprint.from, finding.from_teams(), from)
                && ends(&finding.fingerprint.to, finding.to_teams(), to);
            assert!(!meant, "{start}: {}", finding.message);
        }
    }
}

fn demo() -> Case {
    let mut found = cases(&root().join("fixtures/repos"));
    found.retain(|case| case.name == "acme-shop");
    found.pop().expect("the demo is in fixtures/repos")
}

fn drawn(analysis: &Analysis, id: &str, level: Level) -> String {
    let query = Query {
        level,
        ..Query::default()
    };
    let format = GRAPH_FORMATS.iter().find(|format| format.info().id == id);
    let mut out = Vec::new();
    let view = analysis.view(&query).unwrap();
    format.unwrap().render(&view, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What Graphviz makes of a picture; `None` when it is not installed.
fn svg(picture: &str) -> Option<String> {
    let mut dot = Command::new("dot")
        .arg("-Tsvg")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let mut stdin = dot.stdin.take().unwrap();
    stdin.write_all(picture.as_bytes()).unwrap();
    drop(stdin);
    let output = dot.wait_with_output().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && complaints.is_empty(),
        "{complaints}"
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

/// The cells of a table of the demo's page, without its head.
fn rows(demo: &Case, section: &str) -> Vec<Vec<String>> {
    let page = fs::read_to_string(demo.folder.join("README.md")).unwrap();
    let heading = format!("## {section}\n");
    let text = page
        .split(&heading)
        .nth(1)
        .expect("the page has the section");
    let text = text.split("\n## ").next().unwrap_or(text);
    let lines = text.lines().filter(|line| line.starts_with('|')).skip(2);
    let cells = |line: &str| {
        let line = line.trim_matches('|');
        line.split(" | ")
            .map(|cell| cell.trim().to_owned())
            .collect()
    };
    lines.map(cells).collect()
}

/// Whether a row speaks of a finding: its rule, all its teams or its unit, and one of its files.
fn tells(row: &[String], analysis: &Analysis, finding: &Finding) -> bool {
    let (words, files, rule) = (&row[1], &row[2], &row[3]);
    let files_of = finding.evidence.iter().flat_map(|evidence| &evidence.chain);
    let mut paths = files_of.map(|hop| analysis.graph.files().display(hop.span.file));
    let named = |name: &str| words.contains(name);
    let unit = finding
        .from
        .map(|id| analysis.graph.component(id).name.as_str());
    // What is neither of a team nor of a unit is of a line: its pattern, or its owner, comes first.
    let line = finding.fingerprint.symbol.split_whitespace().next();
    rule.starts_with(&format!("`{}`", finding.rule.0))
        && finding.from_teams().all(named)
        && finding.to_teams().all(named)
        && (finding.from_team.is_some() || unit.or(line).is_some_and(named))
        && (files == "see above" || paths.any(|path| files.contains(&format!("`{path}`"))))
}

/// Whether one end of a finding is a unit or a team; nothing is every end.
fn ends<'a>(unit: &str, mut teams: impl Iterator<Item = &'a str>, name: &str) -> bool {
    name.is_empty() || unit == format!("cargo:{name}") || teams.any(|team| team == name)
}
