//! The formats that a command line may ask for, derived from those that the library has.

use std::path::PathBuf;

use twopizza::config::closest;
use twopizza::report::{FORMATS, FormatInfo, GRAPH_FORMATS};

/// A format of an analysis and where it goes; standard output without a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FormatTo {
    pub format: &'static str,
    pub file: Option<PathBuf>,
}

/// A format of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GraphFormat {
    /// One that the library writes.
    Own(&'static str),
    /// One that `dot` makes of ours: `svg`, `png`.
    Drawn(&'static str),
}

/// The formats that `dot` makes.
const DRAWN: &[&str] = &["svg", "png"];

/// Reads `FORMAT` or `FORMAT=FILE`.
pub(super) fn format_to(text: &str) -> Result<FormatTo, String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err("a file name is missing behind `=`".to_owned()),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let format = one_of(name, infos().map(|info| info.id))?;
    Ok(FormatTo { format, file })
}

/// Reads the format of a picture.
pub(super) fn graph_format(text: &str) -> Result<GraphFormat, String> {
    let own = graph_infos().map(|info| info.id);
    let id = one_of(text, own.chain(DRAWN.iter().copied()))?;
    Ok(if DRAWN.contains(&id) {
        GraphFormat::Drawn(id)
    } else {
        GraphFormat::Own(id)
    })
}

fn one_of(
    name: &str,
    known: impl Iterator<Item = &'static str> + Clone,
) -> Result<&'static str, String> {
    if let Some(found) = known.clone().find(|id| *id == name) {
        return Ok(found);
    }
    let meant = match closest(name, known.clone()) {
        Some(meant) => format!(", did you mean `{meant}`?"),
        None => String::new(),
    };
    let known: Vec<&str> = known.collect();
    Err(format!("the formats are {}{meant}", known.join(", ")))
}

fn infos() -> impl Iterator<Item = &'static FormatInfo> + Clone {
    FORMATS.iter().map(|format| format.info())
}

fn graph_infos() -> impl Iterator<Item = &'static FormatInfo> + Clone {
    GRAPH_FORMATS.iter().map(|format| format.info())
}

/// The help of a format of an analysis.
pub(super) fn format_help() -> String {
    format!(
        "How to print it, repeatable with =FILE: {} [default: text]",
        summaries(infos())
    )
}

/// The help of a format of a picture.
pub(super) fn graph_format_help() -> String {
    format!(
        "How to draw it: {}; svg and png need Graphviz",
        summaries(graph_infos())
    )
}

fn summaries(infos: impl Iterator<Item = &'static FormatInfo>) -> String {
    let texts: Vec<String> = infos
        .map(|info| format!("{} ({})", info.id, info.summary))
        .collect();
    texts.join(", ")
}
