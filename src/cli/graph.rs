//! `twopizza graph`: a picture of teams, components, or the organisation.

use std::io::{self, Write};

use twopizza::analysis::Analysis;
use twopizza::graph::{Level, Query, View};
use twopizza::report::GRAPH_FORMATS;

use super::args::{Global, GraphArgs, GraphLevel};
use super::error::{Stop, failed, failed_with_help};
use super::formats::GraphFormat;
use super::inputs::Inputs;
use super::output::{self, Kind};
use super::{Outcome, picture};

pub(super) fn run(global: &Global, args: &GraphArgs) -> Outcome {
    if args.format == GraphFormat::Drawn("png") && args.output.is_none() && output::is_terminal() {
        return Err(failed_with_help(
            "a png is nothing for a terminal",
            "write it to a file: `-o teams.png`",
        ));
    }
    let analysis = Inputs::open(global, &args.paths)?.analyze()?;
    let view = seen(&analysis, args)?;
    if let Some(dropped) = &view.dropped
        && !global.quiet
    {
        output::warning(dropped);
    }
    let file = args.output.as_deref();
    match args.format {
        GraphFormat::Own(id) => output::write(file, Kind::Data, |out| render(id, &view, out)),
        GraphFormat::Drawn(id) => {
            let mut dot = Vec::new();
            render("dot", &view, &mut dot).map_err(failed)?;
            let drawn = picture::draw(dot, id)?;
            output::write(file, Kind::Data, |out| out.write_all(&drawn))
        }
    }
}

fn seen(analysis: &Analysis, args: &GraphArgs) -> Result<View, Stop> {
    let couplings = [
        (!args.kinds.is_empty(), "--kinds"),
        (args.only_violations, "--only-violations"),
        (args.all_contexts, "--all-contexts"),
    ];
    let given = couplings.iter().find(|(given, _)| *given);
    if let (GraphLevel::Org, Some((_, option))) = (args.level, given) {
        return Err(failed_with_help(
            format!("`{option}` chooses couplings, and `--level org` shows none"),
            "leave it out, or draw `--level team`",
        ));
    }
    let default = Query::default();
    let query = Query {
        level: match args.level {
            GraphLevel::Team => Level::Team,
            GraphLevel::Component => Level::Component,
            GraphLevel::Org => Level::Org,
        },
        focus: args.focus.as_deref().map(|name| analysis.typed(name)),
        depth: args.depth,
        kinds: args.kinds.clone(),
        only_violations: args.only_violations,
        max_nodes: args.max_nodes.unwrap_or(default.max_nodes),
        all_contexts: args.all_contexts,
        ..default
    };
    analysis.view(&query).map_err(failed)
}

fn render(id: &str, view: &View, out: &mut dyn Write) -> io::Result<()> {
    GRAPH_FORMATS
        .iter()
        .find(|format| format.info().id == id)
        .ok_or_else(|| io::Error::other(format!("no format `{id}`")))?
        .render(view, out)
}
