//! `twopizza analyze`: the whole analysis in one format or several.

use twopizza::report::{FORMATS, Renderer, Text};

use super::Outcome;
use super::args::{AnalyzeArgs, Global};
use super::formats::FormatTo;
use super::inputs::Inputs;
use super::output::{self, Kind};

/// The format without `--format`; it alone is for people.
const TEXT: &str = "text";

pub(super) fn run(global: &Global, args: &AnalyzeArgs) -> Outcome {
    let analysis = Inputs::open(global, &args.paths)?.analyze()?;
    let mut wanted = args.formats.clone();
    if wanted.is_empty() {
        wanted.push(FormatTo {
            format: TEXT,
            file: None,
        });
    }
    // Files first: whoever stops reading standard output still gets them.
    wanted.sort_by_key(|to| to.file.is_none());
    for to in &wanted {
        let file = to.file.as_deref();
        if to.format == TEXT {
            let text = if args.full { Text::LONG } else { Text::SHORT };
            output::write(file, Kind::Text, |out| text.render(&analysis, out))?;
        } else {
            let renderer = FORMATS
                .iter()
                .find(|format| format.info().id == to.format)
                .expect("the parser lets only ids of formats through");
            output::write(file, Kind::Data, |out| renderer.render(&analysis, out))?;
        }
    }
    Ok(())
}
