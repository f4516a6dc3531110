//! `twopizza baseline`: writes, prunes or checks the list of what is known.

use twopizza::gate::{Baseline, BaselineError};

use super::Outcome;
use super::args::{BaselineAction, BaselineArgs, Global};
use super::baseline_file::BaselineFile;
use super::error::{Stop, failed_with_help};
use super::gate::{entries, today};
use super::inputs::{Inputs, refuse_anonymize};
use super::output::{self, Kind};

pub(super) fn run(global: &Global, args: &BaselineArgs) -> Outcome {
    if args.action != BaselineAction::Check {
        refuse_anonymize(global, "the gate would not know the baseline again")?;
    }
    let mut inputs = Inputs::open(global, &args.paths)?;
    // What is stale is asked here, whatever the gate makes of it.
    inputs.config.gate.stale = twopizza::model::Level::Warn;
    let file = BaselineFile::of(&inputs, args.baseline.as_deref())?;
    file.whole()?;
    match args.action {
        BaselineAction::Write => write(&inputs, &file),
        BaselineAction::Prune => prune(&inputs, &file),
        BaselineAction::Check => check(&inputs, &file),
    }
}

fn write(inputs: &Inputs, file: &BaselineFile) -> Outcome {
    let before = file.parsed();
    let mut analysis = inputs.analyze()?;
    // Judged without a baseline: all that counts is written, and nothing when too little was seen.
    inputs.judge(&mut analysis, None, today())?;
    let baseline = Baseline::of(&analysis.findings);
    file.write(&baseline)?;
    let now = entries(baseline.entries().len());
    let change = match before {
        Err(BaselineError::Missing) => String::new(),
        Ok(before) => difference(&before, &baseline),
        Err(error) => {
            let first = error.to_string();
            let first = first.lines().next().unwrap_or("").to_owned();
            format!("; what was there could not be used ({first}) and is gone")
        }
    };
    say(&format!("wrote {}: {now}{change}", file.shown))
}

fn prune(inputs: &Inputs, file: &BaselineFile) -> Outcome {
    let (baseline, stale) = stale(inputs, file)?;
    if stale.is_empty() {
        return say(&format!("{}: nothing is stale", file.shown));
    }
    let pruned = baseline.pruned(&stale);
    file.write(&pruned)?;
    say(&format!(
        "wrote {}: {}{}",
        file.shown,
        entries(pruned.entries().len()),
        difference(&baseline, &pruned)
    ))
}

fn check(inputs: &Inputs, file: &BaselineFile) -> Outcome {
    let (_, stale) = stale(inputs, file)?;
    if stale.is_empty() {
        return say(&format!("{}: nothing is stale", file.shown));
    }
    let said = output::write(None, Kind::Text, |out| {
        for one in &stale {
            let entry = output::plain(&one.entry.to_string());
            writeln!(out, "{entry}: {} → {}", one.before, one.now)?;
        }
        let stale = entries(stale.len());
        writeln!(
            out,
            "{}: {stale} of it allow more than there is; `twopizza baseline prune` takes it back",
            file.shown
        )
    });
    match said {
        Ok(()) | Err(Stop::Closed) => Err(Stop::Shut),
        Err(stop) => Err(stop),
    }
}

/// The baseline, which has to be there, and what is stale in it.
fn stale(
    inputs: &Inputs,
    file: &BaselineFile,
) -> Result<(Baseline, Vec<twopizza::gate::Stale>), Stop> {
    let Some(baseline) = file.read()? else {
        return Err(failed_with_help(
            format!("there is no baseline {}", file.shown),
            "`twopizza baseline write` writes one, to be committed",
        ));
    };
    let mut analysis = inputs.analyze()?;
    let verdict = inputs.judge(&mut analysis, Some(&baseline), today())?;
    Ok((baseline, verdict.stale))
}

/// What changed from one baseline to the next.
fn difference(before: &Baseline, now: &Baseline) -> String {
    let (before, now) = (before.entries(), now.entries());
    let added = now.keys().filter(|key| !before.contains_key(key)).count();
    let gone = before.keys().filter(|key| !now.contains_key(key)).count();
    let moved = |up: bool| {
        now.iter()
            .filter_map(|(key, count)| Some((before.get(key)?, count)))
            .filter(|(before, now)| if up { now > before } else { now < before })
            .count()
    };
    format!(
        " ({added} added, {gone} dropped, {} grown, {} shrunk)",
        moved(true),
        moved(false)
    )
}

fn say(line: &str) -> Outcome {
    output::write(None, Kind::Text, |out| writeln!(out, "{line}"))
}
