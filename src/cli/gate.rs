//! `twopizza gate`: is there anything new that must not be? Exit code 1 says yes.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use twopizza::analysis::Analysis;
use twopizza::gate::{Baseline, Date, Verdict};
use twopizza::model::Level;
use twopizza::report::{Most, Text, safe};

use super::Outcome;
use super::args::{FailOn, GateArgs, Global};
use super::baseline_file::BaselineFile;
use super::error::Stop;
use super::formatted;
use super::inputs::Inputs;

const BOLD: Style = Style::new().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default();

/// Findings of one rule that are shown without `--full`.
const MOST_FINDINGS: usize = 20;

/// Stale entries that are shown.
const MOST_STALE: usize = 5;

pub(super) fn run(global: &Global, args: &GateArgs) -> Outcome {
    let mut inputs = Inputs::open(global, &args.paths)?;
    match args.fail_on {
        Some(FailOn::Deny) => inputs.config.gate.fail_on = Level::Deny,
        Some(FailOn::Warn) => inputs.config.gate.fail_on = Level::Warn,
        None => {}
    }
    let file = BaselineFile::of(&inputs, args.baseline.as_deref())?;
    // Before the long part: a baseline that cannot be used is told at once.
    let baseline = file.read()?;
    if file.of_more {
        // What this run does not see is not gone.
        inputs.config.gate.stale = Level::Allow;
    }
    let mut analysis = inputs.analyze()?;
    let mut verdict = inputs.judge(&mut analysis, baseline.as_ref(), today())?;
    if file.of_more {
        verdict.entries = None;
    }

    let all = analysis.findings.clone();
    analysis
        .findings
        .retain(|finding| finding.standing.counts());
    let most = if args.full { usize::MAX } else { MOST_FINDINGS };
    let mut text = Vec::new();
    let written = Text {
        most: Most {
            findings_per_rule: most,
            ..Text::SHORT.most
        },
    }
    .render_findings(&analysis, &mut text)
    .and_then(|()| {
        summary(
            &mut text,
            &analysis,
            &verdict,
            baseline.as_ref(),
            &inputs,
            &file,
        )
    });
    written.map_err(super::error::failed)?;
    // The formats for programs tell how each finding stands.
    analysis.findings = all;

    let mut formats = args.formats.clone();
    if formats.iter().all(|to| to.file.is_some()) {
        formats.push(formatted::text_to_stdout());
    }
    // Whoever stops reading still gets the exit code.
    match formatted::write(&analysis, &formats, |out| out.write_all(&text)) {
        Ok(()) | Err(Stop::Closed) => {}
        Err(stop) => return Err(stop),
    }
    if verdict.passes() {
        Ok(())
    } else {
        Err(Stop::Shut)
    }
}

/// The day, the same one everywhere.
pub(super) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

fn summary(
    out: &mut dyn Write,
    analysis: &Analysis,
    verdict: &Verdict,
    baseline: Option<&Baseline>,
    inputs: &Inputs,
    file: &BaselineFile,
) -> io::Result<()> {
    writeln!(out)?;
    let levels = match inputs.config.gate.fail_on {
        Level::Deny => "`deny`",
        _ => "`warn` or `deny`",
    };
    let (style, word) = if verdict.passes() {
        (GOOD, "open")
    } else {
        (BAD, "shut")
    };
    let count = match verdict.failing {
        0 => "nothing counts".to_owned(),
        1 => "1 finding counts".to_owned(),
        count => format!("{count} findings count"),
    };
    writeln!(
        out,
        "{BOLD}Gate:{BOLD:#} {style}{word}{style:#}, {count} at {levels}"
    )?;
    writeln!(
        out,
        "  findings   {} new, {} grown, {} known, {} exempt, {} suppressed",
        verdict.new, verdict.grown, verdict.known, verdict.exempt, verdict.suppressed
    )?;
    if let Some(delta) = verdict.delta() {
        writeln!(out, "  {delta}")?;
    }
    let coverage = &analysis.coverage;
    writeln!(
        out,
        "  looked at  {}: {} read, {} parsed, {} owned; {} unresolved",
        counted(coverage.files, "file"),
        coverage.read,
        coverage.parsed,
        coverage.owned,
        counted(coverage.unresolved, "site")
    )?;
    if !analysis.problems.is_empty() {
        let problems = counted(analysis.problems.len(), "problem");
        writeln!(
            out,
            "  {problems}; `twopizza analyze` shows what could not be read"
        )?;
    }
    stale(out, verdict)?;
    for notice in &verdict.notices {
        writeln!(out, "{NOTE}notice{NOTE:#}: {}", safe(notice))?;
    }
    if baseline.is_none() && verdict.new > 0 {
        writeln!(
            out,
            "{NOTE}help{NOTE:#}: there is no baseline, so every finding is new; \
             `twopizza baseline write` accepts what is there today, in {}",
            safe(&file.shown)
        )?;
    }
    if verdict.passes() {
        writeln!(out)?;
        writeln!(out, "{GOOD}Thank you; have a nice day!{GOOD:#}")?;
    }
    Ok(())
}

fn stale(out: &mut dyn Write, verdict: &Verdict) -> io::Result<()> {
    if verdict.stale.is_empty() {
        return Ok(());
    }
    let (style, word) = if verdict.stale_fails {
        (BAD, "error")
    } else {
        (NOTE, "notice")
    };
    writeln!(
        out,
        "{style}{word}{style:#}: the baseline allows more than there is, in {}; \
         `twopizza baseline prune` takes it back",
        entries(verdict.stale.len())
    )?;
    for one in verdict.stale.iter().take(MOST_STALE) {
        let entry = safe(&one.entry.to_string());
        writeln!(out, "  {entry}: {} → {}", one.before, one.now)?;
    }
    let more = verdict.stale.len().saturating_sub(MOST_STALE);
    if more > 0 {
        writeln!(out, "  +{more} more")?;
    }
    Ok(())
}

/// `1 entry`, `2 entries`.
pub(super) fn entries(count: usize) -> String {
    let word = if count == 1 { "entry" } else { "entries" };
    format!("{count} {word}")
}

/// `1 file`, `2 files`.
fn counted(count: usize, one: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {one}{end}")
}
