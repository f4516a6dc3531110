//! `twopizza analyze`: the whole analysis in one format or several.

use twopizza::report::{Renderer, Text};

use super::Outcome;
use super::args::{AnalyzeArgs, Global};
use super::formatted;
use super::inputs::Inputs;

pub(super) fn run(global: &Global, args: &AnalyzeArgs) -> Outcome {
    let analysis = Inputs::open(global, &args.paths)?.analyze()?;
    let text = if args.full { Text::LONG } else { Text::SHORT };
    formatted::write(&analysis, &formatted::or_text(&args.formats), |out| {
        text.render(&analysis, out)
    })
}
