//! SARIF 2.1.0, as GitHub code scanning and other viewers take it.
//!
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>

mod files;
mod rules;
mod shape;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::findings::{Home, home, home_of, marks, word};
use super::names::{fit, plural};
use super::{FormatInfo, Renderer, notes, position};
use crate::analysis::Analysis;
use crate::model::{Finding, Level, Standing};
use files::Files;
use rules::Known;
use shape::{
    Base, CodeFlow, Invocation, Location, Log, Notification, ResultProperties, Run, SarifResult,
    Suppression, Text, ThreadFlow, ThreadFlowLocation, Tool,
};

/// The format `sarif`.
pub(super) struct Sarif;

static INFO: FormatInfo = FormatInfo {
    id: "sarif",
    summary: "SARIF 2.1.0, for GitHub code scanning and other viewers",
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What a document may hold; what is beyond is counted in a notification.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// GitHub refuses more than 25,000 results of a run.
    results: usize,
    /// GitHub refuses more than 10 MB when compressed; our text shrinks to less than a fifth.
    bytes: usize,
    notifications: usize,
}

const BOUNDS: Bounds = Bounds {
    results: 25_000,
    bytes: 50_000_000,
    notifications: 1_000,
};

/// GitHub keeps 100 locations of a result.
const MOST_LOCATIONS: usize = 100;

/// The columns of a line of a message.
const LINE: usize = 1_000;

impl Renderer for Sarif {
    fn info(&self) -> &'static FormatInfo {
        &INFO
    }

    fn render(&self, analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, &log(analysis, BOUNDS)?)?;
        out.write_all(b"\n")
    }
}

fn log(analysis: &Analysis, bounds: Bounds) -> io::Result<Log> {
    let mut files = Files::default();
    let above = analysis.findings.iter();
    let findings: Vec<&Finding> = above.filter(|one| one.level > Level::Allow).collect();
    let rules = Known::of(&findings);
    let (results, left_out) = results(analysis, &findings, &rules, bounds, &mut files)?;
    let notifications = notifications(analysis, bounds, left_out, &mut files);
    let root = Base {
        description: text("the root of the run"),
    };
    let run = Run {
        tool: Tool {
            driver: rules.driver(),
        },
        column_kind: "utf16CodeUnits",
        original_uri_base_ids: BTreeMap::from([(files::ROOT, root)]),
        invocations: [Invocation {
            execution_successful: true,
            tool_execution_notifications: notifications,
        }],
        artifacts: files.into_artifacts(),
        results,
    };
    Ok(Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [run],
    })
}

/// What counts first, then what is accepted, each worst first; and how many did not fit.
fn results(
    analysis: &Analysis,
    findings: &[&Finding],
    rules: &Known,
    bounds: Bounds,
    files: &mut Files,
) -> io::Result<(Vec<SarifResult>, usize)> {
    let marks = marks(findings);
    let mut marked: Vec<_> = findings.iter().zip(marks).collect();
    marked.sort_by_key(|(finding, _)| !finding.standing.counts());
    let all = marked.len();
    let mut results = Vec::new();
    let mut bytes = 0;
    for (finding, mark) in marked.into_iter().take(bounds.results) {
        let mut result = result(analysis, finding, mark, files);
        result.rule_index = rules.index(finding.rule);
        bytes += serde_json::to_string(&result)?.len();
        if bytes > bounds.bytes {
            break;
        }
        results.push(result);
    }
    let left_out = all - results.len();
    Ok((results, left_out))
}

fn result(analysis: &Analysis, finding: &Finding, mark: String, files: &mut Files) -> SarifResult {
    let place = home(analysis, finding);
    let mut lines = vec![fit(&finding.message, LINE)];
    lines.extend(notes::all(analysis, finding));
    let teams = |ids: &mut dyn Iterator<Item = &str>| ids.map(|id| fit(id, LINE)).collect();
    SarifResult {
        rule_id: finding.rule.0,
        rule_index: None,
        level: word(finding.level),
        message: text(&lines.join("\n")),
        locations: [files.location(&place)],
        related_locations: related(analysis, finding, files),
        code_flows: flow(analysis, finding, files).into_iter().collect(),
        partial_fingerprints: BTreeMap::from([
            ("primaryLocationLineHash", mark),
            ("twopizza/v1", clear(finding)),
        ]),
        baseline_state: baseline_state(&finding.standing),
        suppressions: suppression(&finding.standing).into_iter().collect(),
        occurrence_count: notes::sites(finding).unwrap_or(1),
        properties: ResultProperties {
            from: teams(&mut finding.from_teams()),
            to: teams(&mut finding.to_teams()),
        },
    }
}

/// The fingerprint for people; the hash beside it is of all of it.
fn clear(finding: &Finding) -> String {
    fit(&finding.fingerprint.to_string(), LINE)
}

/// The line that says who owns the far end, and the other sites.
fn related(analysis: &Analysis, finding: &Finding, files: &mut Files) -> Vec<Location> {
    let owner = finding
        .owner
        .map(|line| (line, "says who owns the far end"));
    let first = finding.evidence.iter().skip(1);
    let sites = first.filter_map(|one| Some((one.chain.first()?.span, "another site")));
    let places = owner.into_iter().chain(sites).take(MOST_LOCATIONS - 1);
    places
        .enumerate()
        .map(|(id, (span, what))| Location {
            id: Some(id),
            message: Some(text(what)),
            ..files.location(&home_of(analysis, span))
        })
        .collect()
}

/// The first chain, when it has more than the site.
fn flow(analysis: &Analysis, finding: &Finding, files: &mut Files) -> Option<CodeFlow> {
    let chain = &finding.evidence.first()?.chain;
    if chain.len() < 2 {
        return None;
    }
    let hops = chain.iter().take(MOST_LOCATIONS);
    let locations = hops.map(|hop| ThreadFlowLocation {
        location: Location {
            message: Some(text(&format!(
                "{} `{}`",
                hop.what.as_str(),
                fit(&hop.name, LINE)
            ))),
            ..files.location(&home_of(analysis, hop.span))
        },
    });
    Some(CodeFlow {
        thread_flows: [ThreadFlow {
            locations: locations.collect(),
        }],
    })
}

/// `None` for what was accepted in another way than by the baseline.
fn baseline_state(standing: &Standing) -> Option<&'static str> {
    match standing {
        Standing::New => Some("new"),
        Standing::Grown { .. } => Some("updated"),
        Standing::Known => Some("unchanged"),
        Standing::Exempt { .. } | Standing::Suppressed { .. } => None,
    }
}

fn suppression(standing: &Standing) -> Option<Suppression> {
    let (kind, reason) = match standing {
        Standing::Exempt { reason } => ("external", reason),
        Standing::Suppressed { reason } => ("inSource", reason),
        Standing::New | Standing::Grown { .. } | Standing::Known => return None,
    };
    Some(Suppression {
        kind,
        status: "accepted",
        justification: fit(reason, LINE),
    })
}

/// What was left out, and the problems with reading.
fn notifications(
    analysis: &Analysis,
    bounds: Bounds,
    left_out: usize,
    files: &mut Files,
) -> Vec<Notification> {
    let told = |message: String| Notification {
        level: "warning",
        message: Text { text: message },
        locations: Vec::new(),
    };
    let mut found = Vec::new();
    if left_out > 0 {
        let more = plural(left_out, "finding");
        found.push(told(format!(
            "{more} left out, the least important ones: the document would have been too large"
        )));
    }
    for problem in analysis.problems.iter().take(bounds.notifications) {
        let (path, at) = position::place(analysis, &problem.place);
        let place = path.map(|path| {
            let line = at.map(|at| at.line);
            files.line(&path, line)
        });
        found.push(Notification {
            locations: place.into_iter().collect(),
            ..told(unlinked(&fit(&problem.message, LINE)))
        });
    }
    let more = analysis.problems.len().saturating_sub(bounds.notifications);
    if more > 0 {
        found.push(told(plural(more, "more problem")));
    }
    found
}

fn text(text: &str) -> Text {
    Text {
        text: unlinked(text),
    }
}

/// Keeps a name from being a link: in a message `[text](1)` points to a related location.
fn unlinked(text: &str) -> String {
    text.replace("](", "] (")
}
