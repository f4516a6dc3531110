//! Writes an analysis in the formats that the command line asks for.

use std::io::{self, Write};

use twopizza::analysis::Analysis;
use twopizza::report::FORMATS;

use super::Outcome;
use super::formats::FormatTo;
use super::output::{self, Kind};

/// The one format that is for people; each verb has its own.
pub(super) const TEXT: &str = "text";

/// Writes every format where it belongs; `text` writes the one for people.
///
/// # Errors
/// What writing gives.
pub(super) fn write(
    analysis: &Analysis,
    formats: &[FormatTo],
    text: impl Fn(&mut dyn Write) -> io::Result<()>,
) -> Outcome {
    // Files first: whoever stops reading standard output still gets them.
    let mut wanted: Vec<&FormatTo> = formats.iter().collect();
    wanted.sort_by_key(|to| to.file.is_none());
    for to in wanted {
        let file = to.file.as_deref();
        if to.format == TEXT {
            output::write(file, Kind::Text, &text)?;
        } else {
            let renderer = FORMATS
                .iter()
                .find(|format| format.info().id == to.format)
                .expect("the parser lets only ids of formats through");
            output::write(file, Kind::Data, |out| renderer.render(analysis, out))?;
        }
    }
    Ok(())
}

/// The text to standard output, when nothing else was asked for.
pub(super) fn or_text(formats: &[FormatTo]) -> Vec<FormatTo> {
    if formats.is_empty() {
        vec![text_to_stdout()]
    } else {
        formats.to_vec()
    }
}

/// The text to standard output.
pub(super) fn text_to_stdout() -> FormatTo {
    FormatTo {
        format: TEXT,
        file: None,
    }
}
