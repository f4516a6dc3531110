//! What is wrong with the files that tell who owns what.

use twopizza::analysis::Analysis;
use twopizza::model::{Place, Problem};
use twopizza::rules::untold_lines;

use super::super::output::{self, plain};

/// The most problems that are shown.
const MOST: usize = 20;

/// Warns of every line that does not count and of every file that could not be read.
pub(super) fn warn(analysis: &Analysis) {
    let mut problems = analysis.problems.clone();
    // What a rule tells of a line is no problem of a run, and no rule is shown here.
    problems.extend(untold_lines(&analysis.graph, &[]));
    problems.sort();
    problems.dedup();
    for problem in problems.iter().take(MOST) {
        output::warning(&told(analysis, problem));
    }
    let more = problems.len().saturating_sub(MOST);
    if more > 0 {
        output::warning(&format!(
            "{more} more problems; `twopizza analyze --full` shows them"
        ));
    }
}

fn told(analysis: &Analysis, problem: &Problem) -> String {
    let files = analysis.graph.files();
    let place = match &problem.place {
        Place::Run => None,
        Place::Path(_, path) => Some(path.clone()),
        Place::File(file) => Some(files.display(*file)),
        Place::Span(span) => {
            let at = analysis.texts.position(*span);
            let path = files.display(span.file);
            Some(format!("{path}:{}:{}", at.line, at.column))
        }
    };
    let place = place.map_or_else(String::new, |place| format!("{place}: "));
    plain(&format!("{place}{}", problem.message))
}
